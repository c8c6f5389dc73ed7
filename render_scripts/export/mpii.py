"""MPII Human Pose as most programs read it: `annot/<split>.json`, `annot/gt_<split>.mat` and the pictures in `images/`.

The JSON is a list of people: `image`, `center`, `scale`, `joints` (16 × 2), `joints_vis` (16), in the order of
`MPII_16`. Pixels are counted from 1 at the middle of the first one, MATLAB's way: the samples' and 0.5. `joints_vis` is
1 for what is in the picture, seen or not, as MPII has hidden joints labelled; else it is 0, and the joint −1, −1.

`scale` is the size of the person in 200 pixels: the longer side of the box around all pixels and joints of theirs that
are in the picture. Readers take 1.25 of it and move `center` down by 15 · scale; `center` is the box's own, moved up by
as much, so that what they cut out is the box, and a quarter more.

The .mat is for evaluation (PCKh) and has the same people: `dataset_joints` (1, 16) names, `jnt_missing` (16, N),
`pos_gt_src` (16, 2, N), `headboxes_src` (2, 2, N). PCKh is in units of the head, 0.6 of the diagonal of its rectangle;
these are squares for which that is the distance from the upper neck to the top of the head at the head's own distance
from the camera, so that a head that is seen from above has its full size.

Left out: spectators of few pixels (`shown.py`), whom MPII would not have labelled either, and people of whom no joint
is in the picture. Lost: boxes, masks, depth and everything in space, whether a joint is hidden and by what.

Sources: MPII's documentation (annotation, `objpos`, `scale`, PCKh's SC_BIAS 0.6), and for the JSON and the .mat what
the readers of HRNet and its relatives ask for.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from blender_addon.filming.lens import pixels
from blender_addon.labels.keypoint_sets.mpii import MPII_16
from render_scripts.export.format import Clips, Format, Out
from render_scripts.export.matlab import write_mat
from render_scripts.export.points import in_camera
from render_scripts.export.samples import Sample, stored_picture
from render_scripts.export.shown import Shown, gathered, shown_people

TO_MATLAB = 0.5
"""From pixels whose first begins at 0 to pixels whose first has its middle at 1."""
HEIGHT = 200.0
"""Pixels of a person of scale 1."""
# What readers do to `center`, in pixels for a scale of 1, and to a head's rectangle.
_LOWERED, _SC_BIAS = 15.0, 0.6
_NAMES = (
    "rank", "rkne", "rhip", "lhip", "lkne", "lank", "pelv", "thor", "neck", "head",
    "rwri", "relb", "rsho", "lsho", "lelb", "lwri",
)  # fmt: skip
_NECK, _TOP = MPII_16.points.index("upper_neck"), MPII_16.points.index("head_top")
_NOWHERE = -1.0


class _Clip:
    """Copies a clip's pictures and keeps its people."""

    def __init__(self, out: Out, split: str, clip: int) -> None:
        self._out = out
        self._people: list[dict[str, Any]] = []

    def add(self, sample: Sample) -> None:
        """See `format.ClipWriter`."""
        suffix, picture = stored_picture(sample)
        heads = {int(person["instance"]): person for person in sample.facts["people"]}
        people = [
            {"image": f"{sample.key}.{suffix}", **entry(person), "head": head_size(sample, heads[person.instance])}
            for person in shown_people(sample, MPII_16)
            if person.v.any()
        ]
        self._out.write(f"images/{sample.key}.{suffix}", picture)
        self._people += people

    def close(self) -> list[dict[str, Any]]:
        """See `format.ClipWriter`."""
        return self._people


def entry(person: Shown) -> dict[str, Any]:
    """What the JSON says of somebody, but for the picture's name; `person` has the keypoints of `MPII_16`."""
    there = person.v > 0
    x, y, w, h = person.bbox
    corners = np.vstack(([(x, y), (x + w, y + h)], person.xy[there]))
    low, high = corners.min(axis=0), corners.max(axis=0)
    scale = float((high - low).max()) / HEIGHT
    center = 0.5 * (low + high) + TO_MATLAB - (0.0, _LOWERED * scale)
    joints = np.where(there[:, None], np.round(person.xy + TO_MATLAB, 3), _NOWHERE)
    return {
        "center": np.round(center, 3).tolist(),
        "scale": round(scale, 6),
        "joints": joints.tolist(),
        "joints_vis": there.astype(int).tolist(),
    }


def head_size(sample: Sample, person: Mapping[str, Any]) -> list[float]:
    """x, y of the middle of somebody's head in pixels as in the JSON, and its size there as if seen from the side."""
    xy, xyz = (gathered(person["keypoints"], MPII_16, field)[[_NECK, _TOP]] for field in ("xy", "xyz"))
    camera = sample.facts["camera"]
    neck, top = in_camera(camera, xyz)
    middle, half = 0.5 * (neck + top), 0.5 * float(np.linalg.norm(top - neck))
    across = np.cross(middle, (0.0, 1.0, 0.0))
    across *= half / max(float(np.linalg.norm(across)), 1e-9)
    lens, K = camera["distortion"], np.array(camera["K"], dtype=np.float64)
    ends = pixels(lens["model"], tuple(lens["coefficients"]), K, np.stack((middle - across, middle + across)))
    size = float(np.linalg.norm(ends[1] - ends[0]))
    if not math.isfinite(size):
        # The lens does not see it; the rest of the person is in the picture all the same.
        size = 2.0 * half * float(K[0, 0]) / max(float(np.linalg.norm(middle)), 1e-9)
    x, y = xy.mean(axis=0) + TO_MATLAB
    return [float(x), float(y), size]


def _finish(out: Out, clips: Clips) -> None:
    for split in clips.splits:
        with out.file(f"annot/{split}.json") as file:
            file.write(b"[")
            for number, person in enumerate(_people(clips, split)):
                shown = {key: value for key, value in person.items() if key != "head"}
                file.write((",\n" if number else "\n").encode() + json.dumps(shown, separators=(",", ":")).encode())
            file.write(b"\n]\n")
        with out.file(f"annot/gt_{split}.mat") as file:
            write_mat(file, evaluation(list(_people(clips, split))))


def evaluation(people: Sequence[Mapping[str, Any]]) -> dict[str, np.ndarray]:
    """The arrays of the .mat, of entries of the JSON with their `head`."""
    count = len(people)
    names = np.empty((1, len(_NAMES)), dtype=object)
    names[0] = _NAMES
    joints = np.array([person["joints"] for person in people], dtype=np.float64).reshape(count, len(_NAMES), 2)
    missing = 1.0 - np.array([person["joints_vis"] for person in people], dtype=np.float64).reshape(count, len(_NAMES))
    heads = np.array([person["head"] for person in people], dtype=np.float64).reshape(count, 3)
    # The square's half side, of whose whole diagonal 0.6 is the head's size.
    half = 0.5 * heads[:, 2:] / (_SC_BIAS * math.sqrt(2.0))
    boxes = np.stack((heads[:, :2] - half, heads[:, :2] + half))
    return {
        "dataset_joints": names,
        "jnt_missing": missing.T,
        "pos_gt_src": joints.transpose(1, 2, 0),
        "headboxes_src": boxes.transpose(0, 2, 1),
    }


def _people(clips: Clips, split: str) -> Iterator[dict[str, Any]]:
    for clip in clips:
        if clip.split == split:
            yield from clip.made


FORMAT = Format(_Clip, _finish)
