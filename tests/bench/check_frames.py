"""Random frames of a scene preset, each checked against the table of labels: no value that is not in it, ever.

    python tests/bench/check_frames.py [--clips 100] [--frames 5] [--first 0] [--preset default] [--size 320x240]
        [--amodal] [--at-once]

Every clip has other people, coaches and spectators among them, other surroundings and one camera; its frames are
spread at random over it, rendered by one sample, encoded as samples and read back. A clip that its job cannot make
(nobody would be in the picture) is left out and counted. Prints one line per clip, and those pictures with visible
points of BODY_25 that are not on their own body part; at the end, one line of JSON with counts: frames, people, what
was wrong, and by keypoint set how many points of the cast are visible and how many of these lie on a pixel of their own
part, of all and of those who are 100 pixels tall and more (`large`). Exit code 1 if anything was wrong. Clips do not
depend on each other: processes may share them out by --first and --clips, and their counts add up.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

_ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_ROOT))

from blender_addon.clip import CameraSpec, Clip, LabelSpec  # noqa: E402
from blender_addon.labels.amodal import silhouette  # noqa: E402
from blender_addon.labels.own_part import own_part_share  # noqa: E402
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES  # noqa: E402
from blender_addon.makehuman.assets import ensure_assets  # noqa: E402
from blender_addon.render.frame import Frame  # noqa: E402
from blender_addon.render.shoot import open_studio  # noqa: E402
from mocap.errors import UserError  # noqa: E402
from render_scripts.dense_fields import decode_picture  # noqa: E402
from render_scripts.job import Job  # noqa: E402
from render_scripts.plan import plan_job  # noqa: E402
from render_scripts.sample import encode_sample, facts_of  # noqa: E402
from render_scripts.scene_sheet import any_job  # noqa: E402

PARTS = frozenset(entry.index for entry in BODY_PARTS)
GARMENTS = frozenset(entry.index for entry in CLOTHES)
SETS = ("body_25", "coco_wholebody")
# Pixels from which on somebody's height in the picture makes body parts several pixels wide.
LARGE = 100


@dataclass(frozen=True)
class Shot:
    """A frame as a reader of the data set has it: `pictures` by field, decoded, `facts` from JSON, and its clip."""

    clip: Clip
    frame: Frame
    pictures: Mapping[str, np.ndarray]
    facts: Mapping[str, Any]


Check = Callable[[Shot], Iterator[str]]
"""Yields a line for whatever is wrong in a frame."""


def values_are_in_the_table(shot: Shot) -> Iterator[str]:
    people = len(shot.clip.skaters) + shot.clip.crowd.count
    for name, allowed in (("body", PARTS), ("clothes", GARMENTS), ("instance", frozenset(range(people + 1)))):
        found = set(np.unique(shot.pictures[f"{name}.png"]).tolist())
        if not found <= allowed:
            yield f"{name} holds {sorted(found - allowed)}"


def masks_agree_on_who_is_a_person(shot: Shot) -> Iterator[str]:
    body, clothes, instance = (shot.pictures[f"{name}.png"] > 0 for name in ("body", "clothes", "instance"))
    for name, mask in (("body", body), ("clothes", clothes)):
        if count := int((mask != instance).sum()):
            yield f"{count} pixels are of somebody in {name} or in instance alone"


def everybody_in_the_picture_is_in_people(shot: Shot) -> Iterator[str]:
    listed = {person["instance"] for person in shot.facts["people"]}
    shown = set(np.unique(shot.pictures["instance.png"]).tolist()) - {0}
    if not shown <= listed:
        yield f"instances {sorted(shown - listed)} are in no people[]"
    cast = set(range(1, len(shot.clip.skaters) + 1))
    if not cast <= listed or len(listed) != len(shot.facts["people"]):
        yield "people[] lacks some of the cast, or has somebody twice"


def boxes_hold_what_is_seen(shot: Shot) -> Iterator[str]:
    for person in shot.facts["people"]:
        rows, columns = np.nonzero(shot.pictures["instance.png"] == person["instance"])
        box = (columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1) if len(rows) else (0.0, 0.0, 0.0, 0.0)
        if not np.allclose(box, person["bbox"]):
            yield f"the box of instance {person['instance']} is {person['bbox']}, and its pixels' {box}"


def people_have_depth(shot: Shot) -> Iterator[str]:
    if count := int(((shot.pictures["instance.png"] > 0) & (shot.pictures["depth.png"] == 0)).sum()):
        yield f"{count} pixels of people have no depth"


def parts_are_seen_where_they_have_pixels(shot: Shot) -> Iterator[str]:
    names = [entry.name for entry in BODY_PARTS[1:]]
    for person in shot.facts["people"]:
        who, parts = person["instance"], person["parts"]
        if [part["part"] for part in parts] != ([] if person["role"] == "spectator" else names):
            yield f"instance {who} has other parts than there are"
            continue
        body = shot.pictures["body.png"][shot.pictures["instance.png"] == who]
        pixels = np.bincount(body, minlength=len(BODY_PARTS))
        for entry, part in zip(BODY_PARTS[1:], parts, strict=False):
            if not 0.0 <= part["visible"] <= 1.0 or (part["visible"] > 0.0) != (pixels[entry.index] > 0):
                yield f"{entry.name} of instance {who}: {part['visible']} is seen, and {pixels[entry.index]} pixels"


def silhouettes_hold_what_is_seen(shot: Shot) -> Iterator[str]:
    for instance in range(1, len(shot.clip.skaters) + 1) if "amodal.png" in shot.pictures else ():
        seen = shot.pictures["instance.png"] == instance
        if np.any(seen & ~silhouette(shot.pictures["amodal.png"], instance)):
            yield f"instance {instance} is seen outside its silhouette"


CHECKS: tuple[Check, ...] = (
    values_are_in_the_table,
    masks_agree_on_who_is_a_person,
    everybody_in_the_picture_is_in_people,
    boxes_hold_what_is_seen,
    people_have_depth,
    parts_are_seen_where_they_have_pixels,
    silhouettes_hold_what_is_seen,
)


def job_of(preset: str, clips: int) -> Job:
    """Clips with company: two skaters at most, a coach at times, up to sixty spectators."""
    raw = any_job(preset).model_dump(mode="json", exclude_none=True)
    raw["clips"] = clips
    raw["skaters"] = [{}, {"count": [0, 1]}]
    raw["coaches"] = {"count": [0, 1]}
    raw["crowd"] = {"spectators": [0, 60], "kinds": 2}
    return Job.model_validate(raw)


def small(clip: Clip, size: tuple[int, int], amodal: bool, at_once: bool) -> Clip:
    """A clip seen by its first camera, in small, by one sample, and sharp: labels never blur, and blur costs."""
    first: CameraSpec = clip.cameras[0]
    share = min(1.0, max(size) / max(first.width, first.height))
    sensor = replace(first.sensor, motion_blur=False, depth_of_field=False)
    sensor = replace(sensor, readout=0.0) if at_once else sensor
    width, height = (max(8, round(side * share)) for side in (first.width, first.height))
    camera = replace(first, width=width, height=height, sensor=sensor)
    render = replace(clip.render, engine="cycles", device="cpu", samples=1, denoise=False, rgb="png")
    return replace(clip, cameras=(camera,), render=render, labels=replace(LabelSpec(), keypoints=SETS, amodal=amodal))


def shots(clip: Clip, frames: int) -> Iterator[Shot]:
    """Random frames of a clip."""
    chosen = np.random.default_rng((clip.seed, 77)).choice(clip.count, min(frames, clip.count), replace=False)
    with tempfile.TemporaryDirectory() as folder:
        studio = open_studio(clip, ensure_assets(), Path(folder))
        for number in sorted(chosen.tolist()):
            for frame in studio.shoot(number):
                _, fields = encode_sample(frame, clip, (), {})
                pictures = {name: decode_picture(data) for name, data in fields.items() if name.endswith(".png")}
                yield Shot(clip, frame, pictures, facts_of(fields))


def keypoints_of(shot: Shot) -> Counter[str]:
    """How many of the cast's keypoints of each set are visible, and how many of these lie on their own part."""
    out: Counter[str] = Counter()
    for person in shot.facts["people"]:
        # Of spectators, who are a few pixels, a pixel is more than a body part.
        if person["role"] == "spectator":
            continue
        for name in SETS:
            on, visible = own_part_share(person, shot.pictures["body.png"], shot.pictures["instance.png"], (name,))
            out.update({f"{name}_on_own_part": on, f"{name}_visible": visible})
            if person["bbox"][3] >= LARGE:
                out.update({f"{name}_large_on_own_part": on, f"{name}_large_visible": visible})
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=100)
    parser.add_argument("--frames", type=int, default=5, help="of each clip")
    parser.add_argument("--first", type=int, default=0, help="clip to begin with")
    parser.add_argument("--preset", default="default")
    parser.add_argument("--size", default="320x240")
    parser.add_argument("--amodal", action="store_true", help="silhouettes as well")
    parser.add_argument("--at-once", action="store_true", help="no rolling shutter, which takes most of the time")
    options = parser.parse_args()
    width, height = (int(part) for part in options.size.split("x"))
    count: Counter[str] = Counter()
    plan = plan_job(job_of(options.preset, options.first + options.clips))
    for index in range(options.first, options.first + options.clips):
        clip = small(plan[index], (width, height), options.amodal, options.at_once)
        faults: Counter[str] = Counter()
        try:
            for shot in shots(clip, options.frames):
                count.update(
                    frames=1,
                    people=len(shot.facts["people"]),
                    pixels_of_people=int((shot.pictures["instance.png"] > 0).sum()),
                )
                points = keypoints_of(shot)
                count.update(points)
                if off := points["body_25_visible"] - points["body_25_on_own_part"]:
                    print(f"{shot.facts['key']}: {off} of body_25 visible, and not on their own part", flush=True)
                faults.update(line for check in CHECKS for line in check(shot))
        except UserError as error:
            count.update(left_out=1)
            print(f"clip {index} left out: {error}", flush=True)
            continue
        count.update(clips=1, faults=faults.total())
        print(f"clip {index}, {clip.rink.kind}, {clip.light.kind}: {dict(faults) or 'nothing wrong'}", flush=True)
    sizes = [f"{name}{size}" for name in SETS for size in ("", "_large")]
    shares = {f"{name}_share": count[f"{name}_on_own_part"] / max(count[f"{name}_visible"], 1) for name in sizes}
    print(json.dumps({**count, **shares}))
    sys.exit(1 if count["faults"] or not count["frames"] else 0)


if __name__ == "__main__":
    main()
