"""A cast as cameras follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from blender_addon.filming.track import Filmed
from blender_addon.skater.human import place_landmarks
from blender_addon.skater.performance import Performance, outline
from mocap.rig import PoseTrack
from mocap.rotations import Array

# Instants whose bones are placed at a time: their matrices take 20 kB each.
_BATCH = 512
_HIPS = ("left_hip", "right_hip")


def filmed(cast: Sequence[Performance]) -> Filmed:
    """Whom cameras follow, and who stands about, at the work rate, as far as all takes reach."""
    chosen = [member for member in cast if member.spec.in_focus] or list(cast)
    rest = [member for member in cast if member not in chosen]
    before = min(member.window.start for member in cast)
    after = min(len(member.whole) - member.window.stop for member in cast)
    step = cast[0].window.step or 1
    inner = cast[0].window.stop - cast[0].window.start
    count = before + inner + after
    rate = cast[0].whole.fps
    return Filmed(
        times=(np.arange(count) - before) / rate,
        points=np.concatenate([_marks(member, outline(member), before, count) for member in chosen], axis=1),
        others=np.stack([_marks(member, _HIPS, before, count).mean(axis=1) for member in rest], axis=1)
        if rest
        else np.zeros((count, 0, 3)),
        frames=np.arange(before, before + inner, step),
    )


def _marks(member: Performance, names: Sequence[str], before: int, count: int) -> Array:
    """(N, P, 3) where landmarks of a member are, from `before` instants ahead of the clip on."""
    first = member.window.start - before
    marks, rest = member.human.marks, member.human.rig.rest
    out = []
    for start in range(first, first + count, _BATCH):
        pose = _part(member.whole, slice(start, min(start + _BATCH, first + count))).matrices
        placed = place_landmarks({name: marks[name] for name in names}, rest, pose)
        out.append(np.stack(list(placed.values()), axis=1))
    return np.concatenate(out)


def _part(track: PoseTrack, part: slice) -> PoseTrack:
    return replace(
        track,
        times=track.times[part],
        rotations=track.rotations[part],
        root_location=track.root_location[part],
    )
