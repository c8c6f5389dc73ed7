"""Plain numpy: `<clip>_<camera>.npz` for every clip and camera, to be read without any library but numpy.

Arrays of T frames, N people, P points: `rgb` (T, H, W, 3) uint8; `body`, `clothes`, `instance` (T, H, W) uint8;
`body_9` (T, H, W) uint8, which is `body` without left and right; `frame` (T,), `time` (T,) seconds; `K`, `R` (T, 3, 3),
`t` (T, 3) world → camera; `distortion_model` (T,) words and `distortion` (T, C) its coefficients, as docs/samples.md
has them; `people` (T, N) values in `instance`; per keypoint set, `<set>_xy` (T, N, P, 2) pixels, `<set>_xyz`
(T, N, P, 3) metres, `<set>_visibility` and `<set>_cause` (T, N, P) uint8.

A person keeps the column 0…N − 1 for the whole clip; in frames without them, `people` is 0 there, the causes are 7
(absent) and the rest is zeros.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from blender_addon.labels.vocabulary import Cause, merged_parts
from render_scripts.dense_fields import decode_picture
from render_scripts.export.format import Format, Out
from render_scripts.export.samples import Sample
from render_scripts.export.stacks import Stack, write_npz
from render_scripts.sample import picture_of

MASKS = ("body", "clothes", "instance")


# Of a person in a frame, arrays by name.
_Own = Mapping[str, np.ndarray]
_KINDS = {"xy": np.float64, "xyz": np.float64, "visibility": np.uint8, "cause": np.uint8}


class _Clip:
    """A clip's frames, by camera."""

    def __init__(self, out: Out, split: str, clip: int) -> None:
        self._out, self._clip = out, clip
        self._cameras: dict[str, dict[str, Stack]] = {}
        self._people: dict[str, list[Mapping[int, _Own]]] = {}

    def add(self, sample: Sample) -> None:
        """See `format.ClipWriter`."""
        stacks = self._cameras.get(sample.camera, {})
        arrays, people = frame_arrays(sample), people_arrays(sample)
        for name, stack in stacks.items():
            stack.check(arrays[name])
        stacks = self._cameras.setdefault(sample.camera, stacks)
        for name, value in arrays.items():
            stacks.setdefault(name, Stack(value)).add(value)
        self._people.setdefault(sample.camera, []).append(people)

    def close(self) -> None:
        """Writes the files."""
        for camera, stacks in self._cameras.items():
            with self._out.file(f"{self._clip:06d}_{camera}.npz") as file:
                write_npz(file, {**stacks, **_columns(self._people[camera])})


FORMAT = Format(_Clip)


def frame_arrays(sample: Sample) -> dict[str, np.ndarray]:
    """All arrays of one frame that are not of people."""
    camera = sample.facts["camera"]
    out = {"rgb": picture_of(sample.fields)}
    out |= {name: decode_picture(sample.fields[f"{name}.png"]) for name in MASKS}
    out["body_9"] = merged_parts(out["body"])
    out["frame"] = np.array(sample.frame, dtype=np.int64)
    out["time"] = np.array(sample.facts["time"], dtype=np.float64)
    out |= {name: np.array(camera[name], dtype=np.float64) for name in ("K", "R", "t")}
    out["distortion_model"] = np.array(camera["distortion"]["model"], dtype="<U8")
    out["distortion"] = np.array(camera["distortion"]["coefficients"], dtype=np.float64)
    return out


def people_arrays(sample: Sample) -> dict[int, _Own]:
    """Keypoints of everybody in one frame, by instance."""
    out: dict[int, _Own] = {}
    for person in sample.facts["people"]:
        own = {
            f"{name}_{kind}": np.array(points[kind], dtype=dtype)
            for name, points in sorted(person["keypoints"].items())
            for kind, dtype in _KINDS.items()
        }
        out[int(person["instance"])] = own
    return out


def _columns(frames: Sequence[Mapping[int, _Own]]) -> dict[str, np.ndarray]:
    """`people` (T, N) and the keypoints (T, N, …) of T frames in which not everybody needs to be."""
    everybody = sorted({instance for frame in frames for instance in frame})
    column = {instance: k for k, instance in enumerate(everybody)}
    out = {"people": np.zeros((len(frames), len(everybody)), dtype=np.uint16)}
    for t, frame in enumerate(frames):
        for instance, own in frame.items():
            out["people"][t, column[instance]] = instance
            for name, value in own.items():
                if name not in out:
                    none = Cause.ABSENT if name.endswith("_cause") else 0
                    out[name] = np.full((len(frames), len(everybody), *value.shape), none, dtype=value.dtype)
                out[name][t, column[instance]] = value
    return out
