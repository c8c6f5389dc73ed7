"""OpenPose's JSON: a file per frame, byte for byte as its `--write_json` writes one, for every clip and camera.

`keypoints/<clip>_<camera>/<clip>_<camera>_<frame, 12 digits>_keypoints.json` holds only such files, since readers take
every file of a folder; the pictures lie in `frames/<clip>_<camera>/` under the same numbers. Source of names, order of
keys and number format: OpenPose 1.3's output documentation and its files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blender_addon.labels.keypoint_sets import BODY_25
from blender_addon.labels.vocabulary import CONFIDENCE, Cause
from mocap.whole_file import whole_file
from render_scripts.export.samples import Sample, reading, samples

_UNUSED = (
    "face_keypoints_2d", "hand_left_keypoints_2d", "hand_right_keypoints_2d", "pose_keypoints_3d", "face_keypoints_3d",
    "hand_left_keypoints_3d", "hand_right_keypoints_3d",
)  # fmt: skip


def export(dataset: Path, out: Path) -> int:
    """Writes all samples of `dataset`; returns the number of JSON files. UserError for what is not a data set."""
    count = 0
    for sample in samples(dataset):
        stem = f"{sample.clip:06d}_{sample.camera}"
        name = f"{stem}_{sample.frame:012d}"
        with reading(sample.shard, sample.key):
            text = frame_json(sample.facts)
            suffix, picture = _picture(sample)
        with whole_file(out / "keypoints" / stem / f"{name}_keypoints.json") as file:
            file.write(text.encode("ascii"))
        with whole_file(out / "frames" / stem / f"{name}.{suffix}") as file:
            file.write(picture)
        count += 1
    return count


def frame_json(facts: Mapping[str, Any]) -> str:
    """The file of one frame, from a sample's JSON: one line without spaces or an end of line."""
    people = [_person(points) for points in map(_triples, facts["people"]) if any(points[2::3])]
    return '{"version":1.3,"people":[' + ",".join(people) + "]}"


def _triples(person: Mapping[str, Any]) -> list[float]:
    """x, y, c of every point. Nobody who shows no pixel is found, however well his joints are known."""
    points = person["keypoints"][BODY_25.name]
    out: list[float] = []
    for (x, y), cause in zip(points["xy"], points["cause"], strict=True):
        confidence = CONFIDENCE[Cause(cause)] if person["bbox"][2] > 0 else 0.0
        out += [float(x), float(y), confidence] if confidence > 0.0 else [0.0, 0.0, 0.0]
    if len(out) != 3 * len(BODY_25.points):
        raise ValueError(f"{len(out) // 3} points instead of {len(BODY_25.points)}")
    return out


def _person(points: list[float]) -> str:
    numbers = ",".join(f"{value:.6g}" for value in points)
    unused = "".join(f',"{name}":[]' for name in _UNUSED)
    return f'{{"person_id":[-1],"pose_keypoints_2d":[{numbers}]{unused}}}'


def _picture(sample: Sample) -> tuple[str, bytes]:
    suffix = "png" if "rgb.png" in sample.fields else "jpg"
    return suffix, sample.fields[f"rgb.{suffix}"]
