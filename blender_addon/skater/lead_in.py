"""What a skater did before a track begins, guessed: simulated cloth starts at rest and must settle. Numpy alone."""

from __future__ import annotations

import dataclasses

import numpy as np

from blender_addon.skater.surface import smoothstep
from blender_addon.skater.swing import FIRST, INTO_POSE, WARM_UP
from mocap.rig import PoseTrack
from mocap.rotations import Array, conjugate, from_axis_angle, from_matrix, multiply, slerp, twist_about

_UP = np.array((0.0, 0.0, 1.0))


def led_in(track: PoseTrack) -> PoseTrack:
    """The track with `WARM_UP` seconds before it, in which a skater at rest goes into its first pose.

    All the while it travels and turns as the track does at first, as `swing.swung` takes it to do. The bone that
    carries the whole must have no parent.
    """
    rig, root, count = track.rig, track.root, round(WARM_UP * track.fps)
    axes = from_matrix(rig.rest[root, :3, :3])
    last = min(len(track) - 1, max(1, round(FIRST * track.fps)))
    turns = multiply(multiply(axes, track.rotations[: last + 1, root]), conjugate(axes))
    places = track.root_location[: last + 1] @ rig.rest[root, :3, :3].T
    rate, speed = 0.0, np.zeros(3)
    if last > 0:
        relative = multiply(turns[1:], conjugate(turns[:-1]))
        rate = float(2.0 * np.arctan2(relative[:, 3], relative[:, 0]).mean() * track.fps)
        speed = (places[last] - places[0]) * (track.fps / last) * (1.0 - _UP)

    times = np.arange(-count, 0) / track.fps
    share = smoothstep(0.0, INTO_POSE, times - times[0])
    rotations = slerp(np.array((1.0, 0.0, 0.0, 0.0)), track.rotations[0], share[:, None])
    turn = multiply(from_axis_angle(_UP, rate * times), slerp(twist_about(turns[0], _UP), turns[0], share))
    rotations[:, root] = multiply(multiply(conjugate(axes), turn), axes)
    moved: Array = places[0] * np.where(_UP > 0.0, share[:, None], 1.0) + times[:, None] * speed
    return dataclasses.replace(
        track,
        times=np.arange(count + len(track)) / track.fps,
        rotations=np.concatenate((rotations, track.rotations)),
        root_location=np.concatenate((moved @ rig.rest[root, :3, :3], track.root_location)),
    )
