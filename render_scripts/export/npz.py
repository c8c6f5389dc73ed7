"""Plain numpy: `<clip>_<camera>.npz` for every clip and camera, to be read without any library but numpy.

Arrays of T frames, N people, P points: `rgb` (T, H, W, 3) uint8; `body`, `clothes`, `instance` (T, H, W) uint8;
`body_9` (T, H, W) uint8, which is `body` without left and right; `frame` (T,), `time` (T,) seconds; `K`, `R` (T, 3, 3),
`t` (T, 3) world → camera; `distortion_model` (T,) words and `distortion` (T, C) its coefficients, as docs/samples.md
has them; `people` (T, N) values in `instance`; per keypoint set, `<set>_xy` (T, N, P, 2) pixels, `<set>_xyz`
(T, N, P, 3) metres, `<set>_visibility` and `<set>_cause` (T, N, P) uint8.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from blender_addon.labels.vocabulary import merged_parts
from render_scripts.dense_fields import decode_picture
from render_scripts.export.format import Format, Out
from render_scripts.export.samples import Sample
from render_scripts.export.stacks import Stack, write_npz
from render_scripts.sample import picture_of

MASKS = ("body", "clothes", "instance")


class _Clip:
    """A clip's stacks, by camera and name."""

    def __init__(self, out: Out, split: str, clip: int) -> None:
        self._out, self._clip = out, clip
        self._cameras: dict[str, dict[str, Stack]] = {}

    def add(self, sample: Sample) -> None:
        """See `format.ClipWriter`."""
        stacks = self._cameras.setdefault(sample.camera, {})
        arrays = frame_arrays(sample)
        for name, value in arrays.items():
            if name in stacks:
                stacks[name].check(value)
        for name, value in arrays.items():
            stacks.setdefault(name, Stack(value)).add(value)

    def close(self) -> None:
        """Writes the files."""
        for camera, arrays in self._cameras.items():
            with self._out.file(f"{self._clip:06d}_{camera}.npz") as file:
                write_npz(file, arrays)


FORMAT = Format(_Clip)


def frame_arrays(sample: Sample) -> dict[str, np.ndarray]:
    """All arrays of one frame."""
    camera, people = sample.facts["camera"], sample.facts["people"]
    out = {"rgb": picture_of(sample.fields)}
    out |= {name: decode_picture(sample.fields[f"{name}.png"]) for name in MASKS}
    out["body_9"] = merged_parts(out["body"])
    out["frame"] = np.array(sample.frame, dtype=np.int64)
    out["time"] = np.array(sample.facts["time"], dtype=np.float64)
    out |= {name: np.array(camera[name], dtype=np.float64) for name in ("K", "R", "t")}
    out["distortion_model"] = np.array(camera["distortion"]["model"], dtype="<U8")
    out["distortion"] = np.array(camera["distortion"]["coefficients"], dtype=np.float64)
    out["people"] = np.array([person["instance"] for person in people], dtype=np.uint8)
    for name in sorted(people[0]["keypoints"]) if people else ():
        sets: list[Mapping[str, Any]] = [person["keypoints"][name] for person in people]
        for field, kind in (("xy", np.float64), ("xyz", np.float64), ("visibility", np.uint8), ("cause", np.uint8)):
            out[f"{name}_{field}"] = np.array([points[field] for points in sets], dtype=kind)
    return out
