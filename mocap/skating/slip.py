"""How much a blade slips sideways, and a gentle correction of the travel that keeps it within a limit.

A blade runs along itself; sideways it moves when it skids, brakes or pushes off, and, in a recording, where travel or
heading are wrong. Nothing here ever holds a blade still: along itself it goes on gliding as recorded.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from mocap.motion import Motion
from mocap.rotations import Array
from mocap.runs import runs
from mocap.skating.tracks import Tracks, track
from mocap.skeleton import LEFT, RIGHT, SIDES

# Seconds (standard deviation) over which a correction of the velocity is spread: about half of what a step takes.
_SMOOTHING = 0.12
# m/s: a correction never changes the travel by more than this. A slip beyond it is a skid, or a take past mending.
_STRONGEST = 1.0
# rad/s of the body: faster, the blade turns with it (landings, three-turns, spins), and slips because it should.
_TURNING = 2.0
# m/s along itself: a slower blade does not glide.
_GLIDING = 1.0
# Slip by run: a blade that slips by more (30 degrees) skids or brakes, and is meant to. Headings are seldom so wrong.
_SKIDS = 0.6
# m/s that true edges slip by at the most, and the seconds of glides that must be seen to tell.
SLIP = 0.5
_ENOUGH = 1.0
_ROUNDS = 6


def side_slip(tracks: Tracks) -> Array:
    """(T, 2) m/s that the left and the right blade slip toward the skater's left; zero where a blade is off the ice."""
    return np.stack([np.where(b.down, b.aside, 0.0) for b in (tracks.blades[side] for side in SIDES)], axis=-1)


def glide_slip(tracks: Tracks) -> Array:
    """(G,) m/s sideways, either way, of the blade that carries alone, in the G frames of steady one-foot glides."""
    steady = np.abs(tracks.turning) < _TURNING
    down = np.stack([tracks.blades[side].down for side in SIDES], axis=-1)
    alone = (down.sum(axis=-1) == 1) & steady
    parts = [np.abs(b.aside)[alone & b.down & (np.abs(b.along) > _GLIDING)] for b in tracks.blades.values()]
    return np.concatenate(parts)


def slips(tracks: Tracks) -> bool:
    """Whether blades slip in glides by more than true edges do: a sign that the heading is wrong."""
    slip = glide_slip(tracks)
    return len(slip) > _ENOUGH * tracks.rate and float(np.percentile(slip, 95.0)) > SLIP


def bound_slip(motion: Motion, limit: float = SLIP) -> Motion:
    """The motion with its travel bent so that the blade that carries alone slips sideways by about `limit` m/s at most.

    The whole body is shifted in the plane, by a velocity that changes smoothly and never exceeds 1 m/s: heights, poses
    and each blade's run along itself stay. Skids, stops and turning blades are left as they are. How far the body was
    moved at the most is kept in `source["slip_bounded"]` (metres).

    Args:
        motion: any take; one whose glides keep within the limit stays as it is.
        limit: m/s.
    """
    total = np.zeros((len(motion), 2))
    shifted = motion
    for _ in range(_ROUNDS):
        total += _correction(track(shifted), limit)
        size = np.linalg.norm(total, axis=-1, keepdims=True)
        total *= np.minimum(1.0, _STRONGEST / np.maximum(size, 1e-9))
        path = np.concatenate((np.zeros((1, 2)), np.cumsum(0.5 * (total[1:] + total[:-1]), axis=0))) / motion.rate
        shift = np.concatenate((path, np.zeros((len(path), 1))), axis=-1)
        shifted = replace(motion, positions=motion.positions + shift[:, None])
    moved = float(np.linalg.norm(shift, axis=-1).max(initial=0.0))
    return replace(shifted, source={**motion.source, "slip_bounded": moved})


def _correction(tracks: Tracks, limit: float) -> Array:
    """(T, 2) m/s to add to the travel; where no blade carries alone it goes over from what was to what comes."""
    slip = side_slip(tracks)
    left, right = (tracks.blades[side].down for side in (LEFT, RIGHT))
    wanted = np.zeros((len(slip), 2))
    gliding = np.abs(tracks.turning) < _TURNING
    for k, side in enumerate(SIDES):
        blade = tracks.blades[side]
        gliding &= ~blade.down | (np.abs(blade.aside) < _SKIDS * np.abs(blade.along))
        alone = ((left & ~right) if side == LEFT else (right & ~left)) & gliding
        excess = np.where(alone, slip[:, k] - np.clip(slip[:, k], -limit, limit), 0.0)
        wanted -= excess[:, None] * np.stack((-blade.ahead[:, 1], blade.ahead[:, 0]), axis=-1)
    known = np.flatnonzero((left ^ right) & gliding)
    if not len(known):
        return np.zeros_like(wanted)
    frames = np.arange(len(wanted))
    bridged = np.stack([np.interp(frames, known, wanted[known, axis]) for axis in (0, 1)], axis=-1)
    smooth = gaussian_filter1d(bridged, _SMOOTHING * tracks.rate, axis=0, mode="nearest")
    # Nothing pushes a body sideways in the air: one velocity for each flight.
    for first, last in runs(~(left | right)):
        smooth[first : last + 1] = smooth[first : last + 1].mean(axis=0)
    return smooth
