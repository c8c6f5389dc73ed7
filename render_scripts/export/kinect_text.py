"""The first Kinect's skeletons as text, laid out as in MSR Daily Activity 3D: one file per action and camera.

`<subject>__<action>_<camera>_skeleton.txt` begins with the number of frames and of joints (20). Each frame begins with
the number of its rows: 40 or, where the lead shows no pixel, 0. Each joint has two rows: `x y z state`, metres as the
sensor has them (x to its left, y up, z forwards), then `u v depth state`, u and v as shares of the picture's width and
height from its top-left corner, depth in millimetres. `state` is the sensor's: 2 tracked, 1 inferred, 0 not tracked.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from blender_addon.labels.keypoint_sets.kinect import KINECT_20
from mocap.rotations import Array
from render_scripts.export.format import Format, Out
from render_scripts.export.listing import write_listing
from render_scripts.export.samples import Sample
from render_scripts.export.tracks import Track, Tracks

# From x right, y down, z forwards to the sensor's axes.
_AXES = (-1.0, -1.0, 1.0)
_MM = 1000.0


class _Clip:
    """Gathers a clip's joints and writes them at its end."""

    def __init__(self, out: Out, split: str, clip: int) -> None:
        self._out, self._tracks = out, Tracks(KINECT_20)

    def add(self, sample: Sample) -> None:
        """See `format.ClipWriter`."""
        self._tracks.add(sample)

    def close(self) -> Any:
        """Writes the files."""
        tracks = self._tracks.all
        if not tracks:
            return None
        subject, action = self._tracks.subject, self._tracks.action
        for track in tracks:
            name = f"{subject}__{action}_{track.camera}_skeleton.txt"
            self._out.write(name, text_of(track).encode("ascii"))
        return {"subject": subject, "action": action, "cameras": [track.camera for track in tracks]}


def text_of(track: Track) -> str:
    """The file of one camera."""
    size = np.array((track.width, track.height), dtype=np.float64)
    seen = track.seen
    screen = np.concatenate((np.nan_to_num(track.xy / size), _MM * seen[..., 2:]), axis=-1)
    joints = len(KINECT_20.points)
    lines = [f"{len(track.frames)} {joints}"]
    for shown, places, flat, states in zip(track.shown, seen * _AXES, screen, track.visibility, strict=True):
        lines.append(str(2 * joints) if shown else "0")
        for place, on_screen, state in zip(places, flat, states, strict=True) if shown else ():
            lines += [_row(place, state), _row(on_screen, state)]
    return "\n".join(lines) + "\n"


def _row(values: Array, state: int) -> str:
    return " ".join(f"{value:.6f}" for value in values) + f" {int(state)}"


FORMAT = Format(_Clip, write_listing)
