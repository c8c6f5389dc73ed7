"""Rolling shutter in the labels: each point where it is at the instant at which its own row is read. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.filming.track import CameraTrack
from blender_addon.labels.projection import project
from blender_addon.render.frame import Reading

# Instants that stand for the time in which a picture is read, with straight lines in between: a hand in the quickest
# spin then lies within 0.1 mm of its arc.
_INSTANTS = 33


def reading_of(track: CameraTrack, seconds: float) -> Reading:
    """How a camera reads the frame whose instant is `seconds` from the clip's first frame; see `Reading` for the rule.

    Raises:
        ValueError: the sensor reads all rows at once.
    """
    height, readout = track.spec.height, track.spec.sensor.readout
    if readout <= 0.0:
        raise ValueError("a reading takes time")
    rows = np.linspace(0.0, height, _INSTANTS)
    times = readout * (rows + 0.5 - 0.5 * height) / (height - 1)
    return Reading(readout, times, rows, tuple(track.at(seconds + time) for time in times.tolist()))


def caught(reading: Reading, world: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where points are when their rows are read.

    A point above the picture is taken at the first instant of the reading, one below it at the last.

    Args:
        world: (M, N, 3) at the reading's instants, or (N, 3) of what stands still.

    Returns:
        xy (N, 2) pixels and camera (N, 3) metres, as `project` gives them, and world (N, 3), all at those instants.
    """
    world = np.broadcast_to(world, (len(reading.times), *world.shape[-2:]))
    pairs = [project(view, points) for view, points in zip(reading.views, world, strict=True)]
    xy, camera = (np.stack(arrays) for arrays in zip(*pairs, strict=True))
    # How far below the row that is being read; what is not in front of the camera never comes to be read.
    below = xy[..., 1] - reading.rows[:, None]
    passed = below <= 0.0
    last = np.where(passed.any(axis=0), passed.argmax(axis=0), len(below) - 1)
    first = np.maximum(last - 1, 0)
    each = np.arange(len(last))
    before, after = below[first, each], below[last, each]
    with np.errstate(invalid="ignore"):
        share = np.where(passed[last, each] & (before > after), before / (before - after), 1.0)[:, None]
    return (
        xy[first, each] + share * (xy[last, each] - xy[first, each]),
        camera[first, each] + share * (camera[last, each] - camera[first, each]),
        world[first, each] + share * (world[last, each] - world[first, each]),
    )
