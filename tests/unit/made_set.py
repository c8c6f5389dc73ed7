"""A small data set painted by numpy: a skater, a coach, somebody of whom no pixel is seen, a spectator of 12 pixels."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from made_sample import HEIGHT, WIDTH, made_sample

from blender_addon.labels.annotate import visible_box
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import Cause
from render_scripts.dense_fields import decode_picture, png
from render_scripts.sample import Fields, sample_key
from render_scripts.shards import write_tar

SKATER, COACH, UNSEEN, SPECTATOR = 1, 2, 3, 4
# Rows and columns.
COACH_AT = (slice(150, 224), slice(120, 168))
SPECTATOR_AT = (slice(20, 24), slice(30, 33))
SETS = ("body_25", "coco_17", "coco_wholebody", "face_70", "hand_left", "hand_right", "mpii_16")


def made_set(
    folder: Path, clips: Sequence[int] = (0, 1), frames: int = 2, sets: Sequence[str] = SETS, split: str = "train"
) -> Path:
    """Writes a data set, a shard for each clip; returns its folder."""
    for number, clip in enumerate(clips):
        write_tar(folder / f"{split}-{number:06d}.tar", [made(clip, frame, tuple(sets)) for frame in range(frames)])
    return folder


@lru_cache(maxsize=64)
def made(clip: int, frame: int, sets: tuple[str, ...] = SETS) -> tuple[str, Fields]:
    """Key and fields of a sample."""
    fields = dict(_painted(frame % 2))
    facts = json.loads(fields["json"])
    mask = decode_picture(fields["instance.png"]).copy()
    mask[COACH_AT], mask[SPECTATOR_AT] = COACH, SPECTATOR
    fields["instance.png"] = png(mask)
    rng = np.random.default_rng((clip, frame))
    key = sample_key(clip, "a", frame)
    facts |= {"key": key, "clip": clip, "frame": frame, "time": frame / 25.0}
    skater = facts["people"][0]
    people = []
    for instance, role in ((SKATER, "skater"), (COACH, "coach"), (UNSEEN, "skater"), (SPECTATOR, "spectator")):
        box = visible_box(mask == instance)
        person = skater | {"instance": instance, "role": role, "bbox": list(box), "in_focus": instance == SKATER}
        people.append(person | {"keypoints": _keypoints(rng, sets, box if box[2] else (40.0, 40.0, 60.0, 60.0))})
    facts["people"] = people
    fields["json"] = json.dumps(facts).encode()
    return key, fields


@lru_cache(maxsize=2)
def _painted(frame: int) -> Mapping[str, bytes]:
    return made_sample(0.05 * frame)


def _keypoints(
    rng: np.random.Generator, sets: Sequence[str], box: tuple[float, float, float, float]
) -> dict[str, dict[str, Any]]:
    """Points of any sets: each landmark has one place, in the box or, a few, out of the picture; some are hidden."""
    names = sorted({marks for name in KEYPOINT_SETS for marks in KEYPOINT_SETS[name].landmarks})
    xy = np.array(box[:2]) + rng.random((len(names), 2)) * np.array(box[2:])
    cause = rng.choice(
        [Cause.VISIBLE, Cause.OWN_BODY, Cause.OTHER_PERSON, Cause.SCENE], len(names), p=[0.7, 0.1, 0.1, 0.1]
    )
    out = rng.random(len(names)) < 0.1
    out[[names.index(("left_wrist",)), names.index(("right_big_toe",))]] = True
    out[names.index(("right_knee",))] = False
    cause[names.index(("right_knee",))] = Cause.SCENE
    xy[out] = (-20.5, HEIGHT + 7.25)
    cause[out] = Cause.OUT_OF_FRAME
    xyz = np.stack((rng.uniform(-0.5, 0.5, len(names)), rng.uniform(-0.2, 0.2, len(names)), xy[:, 1] / HEIGHT), axis=1)
    visibility = np.where(cause == Cause.VISIBLE, 2, np.where(out, 0, 1))
    made = {}
    for name in sets:
        own = [names.index(marks) for marks in KEYPOINT_SETS[name].landmarks]
        made[name] = {
            "xy": np.round(xy[own], 3).tolist(),
            "xyz": xyz[own].tolist(),
            "visibility": visibility[own].tolist(),
            "cause": cause[own].tolist(),
        }
    return made


assert WIDTH == 168 and HEIGHT == 224, "where people stand is meant for that size"
