"""OpenPose's JSON: a file per frame, byte for byte as its `--write_json` writes one, for every clip and camera.

`keypoints/<clip>_<camera>/<clip>_<camera>_<frame, 12 digits>_keypoints.json` holds only such files, since readers take
every file of a folder; the pictures lie in `frames/<clip>_<camera>/` under the same numbers. Source of names, order of
keys and number format: OpenPose 1.3's output documentation and its files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blender_addon.labels.keypoint_sets import BODY_25, KeypointSet
from blender_addon.labels.keypoint_sets.face import FACE_70
from blender_addon.labels.keypoint_sets.hands import HAND_LEFT, HAND_RIGHT
from blender_addon.labels.vocabulary import CONFIDENCE, Cause
from render_scripts.export.format import Format, Out
from render_scripts.export.samples import Sample, stored_picture

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


class _Clip:
    """Writes each sample as it comes."""

    def __init__(self, out: Out, split: str, clip: int) -> None:
        self._out = out

    def add(self, sample: Sample) -> None:
        """See `format.ClipWriter`."""
        stem = f"{sample.clip:06d}_{sample.camera}"
        name = f"{stem}_{sample.frame:012d}"
        text = frame_json(sample.facts)
        suffix, picture = stored_picture(sample)
        self._out.write(f"keypoints/{stem}/{name}_keypoints.json", text.encode("ascii"))
        self._out.write(f"frames/{stem}/{name}.{suffix}", picture)

    def close(self) -> None:
        """See `format.ClipWriter`."""


FORMAT = Format(_Clip)


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
