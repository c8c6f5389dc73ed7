"""A data set for reports: painted people, who may have names that would like to be a page of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from made_sample import made_sample

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from render_scripts.dense_fields import decode_picture, png
from render_scripts.sample import Fields, sample_key
from render_scripts.shards import write_tar

# Of COCO's points in BODY_25, whose places are the same.
COCO_IN_BODY_25 = (0, 16, 15, 18, 17, 5, 2, 6, 3, 7, 4, 12, 9, 13, 10, 14, 11)
HOSTILE = "<script>window.hacked=1</script></script><img src=x onerror=window.hacked=2>{{7*7}}$x^$"

Change = Callable[[int, Fields, dict[str, Any]], None]


def report_set(folder: Path, count: int = 6, *, change: Change | None = None) -> Path:
    """Writes `count` samples of three clips, in two shards; `change` is given each one's number, fields and JSON."""
    samples = [_sample(k, count, change) for k in range(count)]
    half = (count + 1) // 2
    write_tar(folder / "train-000000.tar", samples[:half])
    write_tar(folder / "val-000000.tar", samples[half:])
    return folder


@lru_cache(maxsize=3)
def _painted(step: int) -> Fields:
    return made_sample(dx=0.1 * step)


def _sample(k: int, count: int, change: Change | None) -> tuple[str, Fields]:
    clip, frame = 3 * k // count, k % max(count // 3, 1)
    fields = dict(_painted(k % 3))
    facts = json.loads(fields["json"])
    key = sample_key(clip, "a", frame)
    person = facts["people"][0]
    whole = person["keypoints"]["body_25"]
    person["keypoints"]["coco_17"] = {name: [values[i] for i in COCO_IN_BODY_25] for name, values in whole.items()}
    facts |= {"key": key, "clip": clip, "frame": frame, "time": frame / 25.0}
    facts["motion"] = {
        "take": "demo",
        "events": [{"type": "stroke", "name": "left stroke"}, {"type": "jump", "name": ("axel", "lutz")[k % 2]}],
    }
    person["body"] = {"stature": 1.6 + 0.1 * clip, "gender": 0.5}
    person["amodal"] = {"bbox": person["bbox"], "visible": 1.0}
    person["skin"] = {"tone": [0.4, 0.25, 0.18]}
    person["garments"] = ["boots", "leotard"]
    fields["amodal.png"] = png(decode_picture(fields["instance.png"]).astype("uint16"))
    if change is not None:
        change(k, fields, facts)
    if "json" in fields:
        fields["json"] = json.dumps(facts).encode()
    return key, fields


def with_hostile_names(k: int, fields: Fields, facts: dict[str, Any]) -> None:
    """Puts `HOSTILE` wherever a data set has a name."""
    person = facts["people"][0]
    facts["motion"] = {"take": HOSTILE, "events": [{"type": HOSTILE, "name": HOSTILE}]}
    facts["camera"] |= {"name": HOSTILE, "profile": HOSTILE}
    facts["scene"] = {"rink": {"kind": HOSTILE}, "light": {"kind": HOSTILE}}
    person |= {"garments": [HOSTILE], "hair": {"style": HOSTILE}}
    person["keypoints"][HOSTILE] = person["keypoints"]["body_25"]
    facts["people"].append({"instance": 2, "role": HOSTILE, "bbox": person["bbox"]})


assert all(
    KEYPOINT_SETS["body_25"].landmarks[i] == marks
    for i, marks in zip(COCO_IN_BODY_25, KEYPOINT_SETS["coco_17"].landmarks, strict=True)
)
