"""Plain numpy: `<clip>_<camera>.npz` for every clip and camera, to be read without any library but numpy.

Arrays of T frames, N people, P points: `rgb` (T, H, W, 3) uint8; `body`, `clothes`, `instance` (T, H, W) uint8;
`body_9` (T, H, W) uint8, which is `body` without left and right; `frame` (T,), `time` (T,) seconds; `K`, `R` (T, 3, 3),
`t` (T, 3) world → camera; `distortion_model` (T,) words and `distortion` (T, C) its coefficients, as docs/samples.md
has them; `people` (T, N) values in `instance`; per keypoint set, `<set>_xy` (T, N, P, 2) pixels, `<set>_xyz`
(T, N, P, 3) metres, `<set>_visibility` and `<set>_cause` (T, N, P) uint8.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from typing import IO, Any, cast

import numpy as np

from blender_addon.labels.vocabulary import merged_parts
from render_scripts.dense_fields import decode_picture
from render_scripts.export.format import Format, Out
from render_scripts.export.samples import Sample
from render_scripts.sample import picture_of

MASKS = ("body", "clothes", "instance")
# The earliest date that a zip can hold: equal arrays then make equal files.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class _Stack:
    """Frames of one array, gathered on disk: a clip need not fit into memory."""

    def __init__(self, first: np.ndarray) -> None:
        self.dtype, self.shape, self.count = first.dtype, first.shape, 0
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the clip is)

    def check(self, value: np.ndarray) -> None:
        """ValueError if it is of another shape."""
        if value.shape != self.shape:
            raise ValueError(f"an array of shape {value.shape} after others of shape {self.shape}")

    def add(self, value: np.ndarray) -> None:
        """One more frame, of the shape of the others."""
        self._file.write(np.ascontiguousarray(value, dtype=self.dtype).tobytes())
        self.count += 1

    def write(self, file: IO[bytes]) -> None:
        """The whole array as an .npy file."""
        descr = np.lib.format.dtype_to_descr(self.dtype)
        header = {"descr": descr, "fortran_order": False, "shape": (self.count, *self.shape)}
        np.lib.format.write_array_header_1_0(cast("Any", file), header)
        self._file.seek(0)
        shutil.copyfileobj(self._file, file)

    def close(self) -> None:
        """Lets the disk go."""
        self._file.close()


class _Clip:
    """A clip's stacks, by camera and name."""

    def __init__(self, out: Out, split: str, clip: int) -> None:
        self._out, self._clip = out, clip
        self._cameras: dict[str, dict[str, _Stack]] = {}

    def add(self, sample: Sample) -> None:
        """See `format.ClipWriter`."""
        stacks = self._cameras.setdefault(sample.camera, {})
        arrays = frame_arrays(sample)
        for name, value in arrays.items():
            if name in stacks:
                stacks[name].check(value)
        for name, value in arrays.items():
            stacks.setdefault(name, _Stack(value)).add(value)

    def close(self) -> None:
        """Writes the files."""
        for camera, arrays in self._cameras.items():
            with self._out.file(f"{self._clip:06d}_{camera}.npz") as file, zipfile.ZipFile(file, "w") as archive:
                for name, stack in arrays.items():
                    entry = zipfile.ZipInfo(f"{name}.npy", ZIP_DATE)
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    with archive.open(entry, "w", force_zip64=True) as member:
                        stack.write(member)
                    stack.close()


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
