"""Ultralytics' pose data sets: `images/<split>/`, `labels/<split>/` with a text file per picture, and `data.yaml`.

A line is a person: class 0, the box's middle and size, then x, y, v of every point, all but v as shares of the
picture's width and height, from its top-left corner. `data.yaml` has `kpt_shape`, `kpt_names`, and `flip_idx`, which
says where each point is in a mirrored picture. Ultralytics wants both `train` and `val`: a data set of one split gets
it as both. A picture without people has an empty file.

Lost: masks, depth and everything in space, who is who, the cause why a point is hidden. There is no way to leave a
person out of the evaluation: small spectators (`shown.py`) have a box, and no keypoints.

Source: Ultralytics' documentation of pose data sets, and what its loader checks.
"""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from blender_addon.labels.keypoint_sets.coco import COCO_17
from render_scripts.export.format import Clips, Format, Out
from render_scripts.export.samples import Sample, stored_picture
from render_scripts.export.shown import Shown, set_named, shown_people, size_of

# Names that people give to the split that is looked at while training.
_VAL = ("val", "valid", "validation")


class _Clip:
    """Writes each sample as it comes."""

    def __init__(self, out: Out, split: str, clip: int) -> None:
        self._out, self._split = out, split
        self._points = set_named(out.options.keypoints, COCO_17)

    def add(self, sample: Sample) -> None:
        """See `format.ClipWriter`."""
        size = size_of(sample)
        lines = [line(person, *size) for person in shown_people(sample, self._points)]
        suffix, picture = stored_picture(sample)
        self._out.write(f"images/{self._split}/{sample.key}.{suffix}", picture)
        self._out.write(f"labels/{self._split}/{sample.key}.txt", "".join(lines).encode("ascii"))

    def close(self) -> None:
        """See `format.ClipWriter`."""


def line(person: Shown, width: int, height: int) -> str:
    """Somebody in a picture of that size, with the line's end."""
    x, y, w, h = person.bbox
    words = ["0", *map(_share, ((x + w / 2) / width, (y + h / 2) / height, w / width, h / height))]
    for (px, py), v in zip(person.xy.tolist(), person.v.tolist(), strict=True):
        words += [_share(px / width), _share(py / height), str(v)]
    return f"{' '.join(words)}\n"


def data_yaml(splits: Sequence[str], points_name: str | None) -> str:
    """The file that training begins with."""
    points = set_named(points_name, COCO_17)
    train = "train" if "train" in splits else splits[0]
    val = next((name for name in _VAL if name in splits), train)
    facts = {
        "train": f"images/{train}",
        "val": f"images/{val}",
        **{name: f"images/{name}" for name in splits if name not in (train, val)},
        "nc": 1,
        "names": {0: "person"},
        "kpt_shape": [len(points.points), 3],
        "flip_idx": list(points.mirror),
        "kpt_names": {0: list(points.points)},
    }
    return yaml.safe_dump(facts, sort_keys=False, default_flow_style=None, width=120)


def _share(value: float) -> str:
    """Six decimals are a thousandth of a pixel in a picture of 1000."""
    return f"{min(max(value, 0.0), 1.0):.6f}"


def _finish(out: Out, clips: Clips) -> None:
    out.write("data.yaml", data_yaml(clips.splits, out.options.keypoints).encode())


FORMAT = Format(_Clip, _finish, frozenset({"keypoints"}))
