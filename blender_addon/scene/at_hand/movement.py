"""A movement on a skater of the scene at hand."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np

from blender_addon.cast import MotionSpec, PlacementSpec
from blender_addon.clip import RinkSpec
from blender_addon.scene.animate import pose_armature
from blender_addon.scene.at_hand.clock import count_of, rate_of
from blender_addon.scene.at_hand.figures import Figure, figures_of
from blender_addon.scene.at_hand.landmarks import human_of, read_marks
from blender_addon.scene.at_hand.performed import performed
from blender_addon.scene.at_hand.played import keys_of
from blender_addon.scene.at_hand.record import SKATER, as_data, record_of, skaters_in, spec_of, write
from blender_addon.scene.at_hand.sampling import look
from blender_addon.scene.at_hand.surroundings import surroundings_in
from blender_addon.skater.performance import (
    frames_of,
    instants_of,
    load_motion,
    near_frames,
)
from blender_addon.skater.room import make_room
from mocap.rotations import Array


@dataclass(frozen=True)
class Retargeted:
    """What `animate` did.

    Attributes:
        placement: where the skater went, which is elsewhere than asked for where it gave way to others.
        count: frames of the scene that now have keys: fewer than it has where the take is shorter.
        figures: how well the movement sits.
    """

    placement: PlacementSpec
    count: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class _Way:
    """Where somebody is over some frames, for others to keep clear of them."""

    landmarks: Mapping[str, Array]


def animate(
    scene: bpy.types.Scene,
    armature: bpy.types.Object,
    motion: MotionSpec,
    placement: PlacementSpec,
    assets: Path,
    rink: RinkSpec | None = None,
) -> Retargeted:
    """Gives a skater a movement, as F-curves over the scene's frame range, at the scene's rate.

    `motion.start` is the movement's instant at the scene's first frame. An earlier movement is replaced. A placement
    that yields keeps clear of the boards, and of the other skaters as they move now; who has no movement yet gives way
    when they get one.

    Args:
        rink: whose boards count where the scene has none of ours yet; None for the usual ones.

    Raises:
        UserError: the take cannot be read, or ends before it starts.
    """
    record = record_of(armature, SKATER)
    human = human_of(armature, assets)
    fps, count = rate_of(scene), count_of(scene)
    left = load_motion(motion).duration - motion.start
    count = max(1, min(count, math.floor(left * fps + 1e-6) + 1))
    spec = dataclasses.replace(spec_of(armature), motion=motion, placement=placement)
    found = surroundings_in(scene)
    others = _ways(scene, armature, count) if placement.yields else []
    place = make_room(spec, human, fps, count, others, found[0] if found is not None else rink or RinkSpec())
    member = performed(dataclasses.replace(spec, placement=place), human, fps, count)
    # A frame more on either side, for what blurs and flows at the ends.
    shown: Array = np.unique(np.concatenate(((-1.0,), near_frames(fps, count, 0.0), (float(count),))))
    track = frames_of(member.whole, instants_of(member, shown), fps)
    _let_go(armature)
    pose_armature(armature, track, frames=shown + scene.frame_start)
    spec = dataclasses.replace(spec, placement=place)
    movement = {"first": scene.frame_start, "fps": fps, "count": count, "keys": keys_of(armature)}
    write(armature, SKATER, instance=record.get("instance", 1), spec=as_data(spec), movement=movement)
    return Retargeted(place, count, figures_of(member, fps, count))


def _ways(scene: bpy.types.Scene, armature: bpy.types.Object, count: int) -> list[_Way]:
    """The other skaters as they move in the first frames of the scene."""
    others = [other for other in skaters_in(scene) if other != armature and "movement" in record_of(other, SKATER)]
    if not others:
        return []
    told = {other: read_marks(other) for other in others}
    frames = scene.frame_start + np.arange(count, dtype=np.float64)
    seen = look(scene, frames, {other: marks.bones for other, marks in told.items()})
    out = []
    for other, marks in told.items():
        places = marks.at(seen.poses[other.name])
        out.append(_Way({name: places[:, k] for k, name in enumerate(marks.names)}))
    return out


def _let_go(armature: bpy.types.Object) -> None:
    """Takes an action that a copy of the skater has as well off this one, so that it is not removed from the other."""
    animation = armature.animation_data
    if animation is not None and animation.action is not None and animation.action.users > 1:
        animation.action = None
