"""OpenPose's JSON: a file per frame, byte for byte as its `--write_json` writes one, for every clip and camera.

`keypoints/<clip>_<camera>/<clip>_<camera>_<frame, 12 digits>_keypoints.json` holds only such files, since readers take
every file of a folder; the pictures lie in `frames/<clip>_<camera>/` under the same numbers, or with `--video` in
`videos/<clip>_<camera>.mp4`, whose frames have these numbers, too. Faces and hands are there if the samples' keypoint
sets have their points. Not there: people of whom no pixel is seen, and spectators whose box is less than 32² pixels.

Lost: everything but pictures and keypoints in 2D; the cause why a point is hidden is left in its confidence.

Source of names, order of keys and number format: OpenPose 1.3's output documentation and its files.
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
from render_scripts.export.shown import SMALL, check_sets, gathered, sources_of
from render_scripts.export.video import Video
from render_scripts.sample import picture_of

# Keys in their order, and the set that fills each. Faces and hands are written where a sample's sets have their points.
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
    """Writes the files of each sample as it comes, or its picture into a video."""

    def __init__(self, out: Out, split: str, clip: int) -> None:
        self._out = out
        self._videos: dict[str, Video] = {}

    def add(self, sample: Sample) -> None:
        """See `format.ClipWriter`."""
        stem = f"{sample.clip:06d}_{sample.camera}"
        name = f"{stem}_{sample.frame:012d}"
        check_sets(sample, BODY_25)
        text = frame_json(sample.facts)
        if self._out.options.video:
            if stem not in self._videos:
                self._videos[stem] = Video(self._out.scratch(f"{stem}.mp4"))
            self._videos[stem].add(sample.frame, float(sample.facts["time"]), picture_of(sample.fields))
        else:
            suffix, picture = stored_picture(sample)
            self._out.write(f"frames/{stem}/{name}.{suffix}", picture)
        self._out.write(f"keypoints/{stem}/{name}_keypoints.json", text.encode("ascii"))

    def close(self) -> None:
        """See `format.ClipWriter`."""
        for stem, video in self._videos.items():
            self._out.take(video.close(), f"videos/{stem}.mp4")


def frame_json(facts: Mapping[str, Any]) -> str:
    """The file of one frame, from a sample's JSON: one line without spaces or an end of line."""
    people = [_person(person) for person in facts["people"] if _found(person)]
    return '{"version":1.3,"people":[' + ",".join(people) + "]}"


def _found(person: Mapping[str, Any]) -> bool:
    """Whether a detector could have found somebody; spectators of few pixels are nothing to it (see `shown.py`)."""
    area = float(person["bbox"][2]) * float(person["bbox"][3])
    return not (person.get("role") == "spectator" and area < SMALL) and any(_triples(person, BODY_25)[2::3])


def _person(person: Mapping[str, Any]) -> str:
    arrays = [f'"{key}":[{",".join(f"{x:.6g}" for x in _triples(person, points))}]' for key, points in _SETS.items()]
    return f'{{"person_id":[-1],{",".join(arrays)}}}'


def _triples(person: Mapping[str, Any], keypoints: KeypointSet | None) -> list[float]:
    """x, y, c of every point. Nobody who shows no pixel is found, however well his joints are known."""
    if keypoints is None or sources_of(keypoints.name, tuple(sorted(person["keypoints"]))) is None:
        return []
    xy, causes = (gathered(person["keypoints"], keypoints, field) for field in ("xy", "cause"))
    out: list[float] = []
    for (x, y), cause in zip(xy.tolist(), causes.tolist(), strict=True):
        confidence = CONFIDENCE[Cause(cause)] if person["bbox"][2] > 0 else 0.0
        out += [x, y, confidence] if confidence > 0.0 else [0.0, 0.0, 0.0]
    return out


FORMAT = Format(_Clip, options=frozenset({"video"}))
