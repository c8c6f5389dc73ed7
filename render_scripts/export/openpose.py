"""OpenPose's JSON: a file per frame, byte for byte as its `--write_json` writes one, for every clip and camera.

`keypoints/<clip>_<camera>/<clip>_<camera>_<frame, 12 digits>_keypoints.json` holds only such files, since readers take
every file of a folder; the pictures lie in `frames/<clip>_<camera>/` under the same numbers. Source of names, order of
keys and number format: OpenPose 1.3's output documentation and its files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blender_addon.labels.keypoint_sets import BODY_25, KeypointSet
from blender_addon.labels.keypoint_sets.face import FACE_70
from blender_addon.labels.keypoint_sets.hands import HAND_LEFT, HAND_RIGHT
from blender_addon.labels.vocabulary import CONFIDENCE, Cause
from mocap.whole_file import whole_file
from render_scripts.export.samples import Sample, reading, samples

# Keys in their order, and the set that fills each. Faces and hands are written where a sample has their sets.
_SETS: Mapping[str, KeypointSet | None] = {
    "pose_keypoints_2d": BODY_25,
    "face_keypoints_2d": FACE_70,
    "hand_left_keypoints_2d": HAND_LEFT,
    "hand_right_keypoints_2d": HAND_RIGHT,
    "pose_keypoints_3d": None,
    "face_keypoints_3d": None,
    "hand_left_keypoints_3d": None,
    "hand_right_keypoints_3d": None,
}


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
    people = [_person(person) for person in facts["people"] if any(_triples(person, BODY_25)[2::3])]
    return '{"version":1.3,"people":[' + ",".join(people) + "]}"


def _person(person: Mapping[str, Any]) -> str:
    arrays = [f'"{key}":[{",".join(f"{x:.6g}" for x in _triples(person, points))}]' for key, points in _SETS.items()]
    return f'{{"person_id":[-1],{",".join(arrays)}}}'


def _triples(person: Mapping[str, Any], keypoints: KeypointSet | None) -> list[float]:
    """x, y, c of every point. Nobody who shows no pixel is found, however well his joints are known."""
    if keypoints is None or (keypoints is not BODY_25 and keypoints.name not in person["keypoints"]):
        return []
    points = person["keypoints"][keypoints.name]
    out: list[float] = []
    for (x, y), cause in zip(points["xy"], points["cause"], strict=True):
        confidence = CONFIDENCE[Cause(cause)] if person["bbox"][2] > 0 else 0.0
        out += [float(x), float(y), confidence] if confidence > 0.0 else [0.0, 0.0, 0.0]
    if len(out) != 3 * len(keypoints.points):
        raise ValueError(f"{len(out) // 3} points instead of {len(keypoints.points)}")
    return out


def _picture(sample: Sample) -> tuple[str, bytes]:
    suffix = "png" if "rgb.png" in sample.fields else "jpg"
    return suffix, sample.fields[f"rgb.{suffix}"]
