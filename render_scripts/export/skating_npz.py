"""What the skating project's training reads: a compressed .npz per action and camera, in a folder per kind of array.

`rgb`, `rgbb`, `masks` and `skeletons` hold `<subject>__<action>_<camera>.npz` each, with one array `arr_0` of T frames:
`rgb` (T, H, W, 3) uint8 in the order BGR; `rgbb` the same, black where the lead's clothes mask is background; `masks`
(T, H, W) uint8, the lead's body parts without sides (9 classes); `skeletons` (T, 38) float64, u and v of 19 joints of
3DPeople's 67. No pickles.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from blender_addon.labels.keypoint_sets.three_d_people import THREE_D_PEOPLE_67
from blender_addon.labels.vocabulary import merged_parts
from render_scripts.export.format import Format, Out
from render_scripts.export.listing import write_listing
from render_scripts.export.pictures import mask_of, own_pixels
from render_scripts.export.points import all_points_of
from render_scripts.export.samples import Sample
from render_scripts.export.stacks import Stack, write_npz
from render_scripts.export.who import lead, names_of
from render_scripts.sample import picture_of

KINDS = ("rgb", "rgbb", "masks", "skeletons")
# Rows that the project takes of 3DPeople's skeleton files.
ROWS = (0, 1, 5, 9, 10, 11, 12, 33, 34, 35, 36, 57, 58, 59, 61, 62, 63, 64, 66)


_POINTS = tuple(THREE_D_PEOPLE_67.points[row] for row in ROWS)


class _Clip:
    """A clip's stacks, by camera and kind."""

    def __init__(self, out: Out, split: str, clip: int) -> None:
        self._out = out
        self._names: dict[str, str] = {}
        self._cameras: dict[str, dict[str, Stack]] = {}

    def add(self, sample: Sample) -> None:
        """See `format.ClipWriter`."""
        names = names_of(sample.facts)
        arrays = frame_arrays(sample)
        stacks = self._cameras.get(sample.camera, {})
        for kind, stack in stacks.items():
            stack.check(arrays[kind])
        self._names = self._names or names
        stacks = self._cameras.setdefault(sample.camera, {})
        for kind, value in arrays.items():
            stacks.setdefault(kind, Stack(value)).add(value)

    def close(self) -> Any:
        """Writes the files."""
        for camera, stacks in self._cameras.items():
            for kind, stack in stacks.items():
                name = f"{self._names['subject']}__{self._names['action']}_{camera}.npz"
                with self._out.file(f"{kind}/{name}") as file:
                    write_npz(file, {"arr_0": stack})
        return {**self._names, "cameras": list(self._cameras)} if self._cameras else None


def frame_arrays(sample: Sample) -> dict[str, np.ndarray]:
    """One frame of every kind."""
    own = own_pixels(sample.fields, lead(sample.facts))
    bgr = np.ascontiguousarray(picture_of(sample.fields)[..., ::-1])
    clothes = mask_of(sample.fields, "clothes", own)
    if bgr.shape[:2] != clothes.shape:
        raise ValueError("the picture and its masks are of different sizes")
    return {
        "rgb": bgr,
        "rgbb": np.where(clothes[..., None] > 0, bgr, 0).astype(np.uint8),
        "masks": merged_parts(mask_of(sample.fields, "body", own)),
        "skeletons": skeleton(sample),
    }


def skeleton(sample: Sample) -> np.ndarray:
    """(38,) u and v of the 19 joints; 0, 0 for what falls nowhere on the picture's plane.

    UserError if the data set does not tell where all of them are.
    """
    points = all_points_of(sample.facts, lead(sample.facts), THREE_D_PEOPLE_67, _POINTS)
    return np.nan_to_num(points.xy[list(ROWS)]).reshape(-1)


FORMAT = Format(_Clip, write_listing)
