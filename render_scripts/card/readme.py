"""README.md and `_info.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import yaml

from blender_addon.clip import CameraSpec, Clip
from blender_addon.labels.dense import DENSE_FIELDS
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS, KeypointSet
from blender_addon.labels.vocabulary import (
    BODY_PARTS,
    BODY_PARTS_9,
    CLOTHES,
    MERGED_PARTS,
    Cause,
    LabelClass,
    Visibility,
)
from render_scripts.card.features import features
from render_scripts.card.licences import licences
from render_scripts.card.statistics import Statistics
from render_scripts.card.tables import statistics_text
from render_scripts.job import CameraJob, Job
from render_scripts.sample_schema import VERSION
from render_scripts.scenes.profiles import PROFILES
from render_scripts.scenes.views import size_of
from render_scripts.shards import Shard

# Hugging Face's sizes, by the samples from which they are used.
_SIZES = ((0, "n<1K"), (1000, "1K<n<10K"), (10_000, "10K<n<100K"), (100_000, "100K<n<1M"), (1_000_000, "1M<n<10M"))


def timm_info(shards: Sequence[Shard]) -> str:
    """`_info.json` as timm reads it."""
    info = {
        "splits": {
            split: {
                "name": split,
                "num_samples": sum(shard.samples for shard in of_split),
                "filenames": [shard.name for shard in of_split],
                "shard_lengths": [shard.samples for shard in of_split],
            }
            for split, of_split in by_split(shards).items()
        }
    }
    return json.dumps(info, indent=2) + "\n"


def by_split(shards: Sequence[Shard]) -> dict[str, list[Shard]]:
    """The shards of each split, in order."""
    out: dict[str, list[Shard]] = {}
    for shard in shards:
        out.setdefault(shard.split, []).append(shard)
    return out


def data_card(job: Job, shards: Sequence[Shard], statistics: Statistics, staged: Clip | None = None) -> str:
    """README.md of a data set.

    Args:
        statistics: has seen every sample of the shards.
        staged: the clip of a job that has a stage.
    """
    sample, splits = statistics.first, by_split(shards)
    head = {
        "pretty_name": "Figure skaters, synthetic",
        "size_categories": [next(size for least, size in reversed(_SIZES) if statistics.pictures >= least)],
        "task_categories": ["keypoint-detection", "image-segmentation", "depth-estimation"],
        "tags": ["webdataset", "synthetic", "figure skating", "pose estimation", "segmentation"],
        "configs": [
            {"config_name": "default", "data_files": [{"split": split, "path": f"{split}-*.tar"} for split in splits]}
        ],
        "dataset_info": {
            "features": features(sample),
            "splits": [
                {
                    "name": split,
                    "num_bytes": sum(shard.bytes for shard in of_split),
                    "num_examples": sum(shard.samples for shard in of_split),
                }
                for split, of_split in splits.items()
            ],
        },
    }
    asked = [_camera_row(camera) for camera in job.cameras]
    cameras = "\n".join(asked if staged is None else [_filmed_row(camera) for camera in staged.cameras])
    fields = "\n".join(f"| `{name}` | {_FIELD_MEANINGS[name]} |" for name in sorted(sample))
    versions = ", ".join(f"{name} {number}" for name, number in statistics.versions.items())
    return f"""---
{yaml.safe_dump(head, sort_keys=False, width=120)}---

# Figure skaters, synthetic

{statistics.pictures} labelled pictures in {len(shards)} WebDataset shards, rendered by skatesynth from motion capture;
no person was photographed.

![Some of the samples](contact_sheet.png)

{statistics_text(statistics)}

| camera | profile | pixels |
|---|---|---|
{cameras}

## How it was made

With seed {job.seed} by {versions}. The job is in `job.yaml`: with it, the same files and the same versions, the same
bytes come again. On which machine, how long each picture took, which versions of libraries had a part in it and which
clips could not be rendered is in `run.json`, which differs from run to run. `SHA256SUMS` lists every file that the job
decides.

## Licences

{licences(job, staged)}

## Fields of a sample

Keys are `<clip>_<camera>_<frame>`. The JSON follows version {VERSION} of skatesynth's schema of samples.

| field | what |
|---|---|
{fields}

In `json`: `xy` in pixels from the image's top-left corner, `xyz` in metres in the world (Z up), `R` and `t` take the
world to the camera (x right, y down, z forward). Left and right are the skater's own. `visibility`:
{_enum(Visibility)}. `cause`: {_enum(Cause)}. `motion.events` are the elements under way, in seconds of the take.

## Keypoints

{"".join(_points(KEYPOINT_SETS[name]) for name in job.labels.keypoints)}
## Body parts

{_classes(BODY_PARTS)}

Without sides, nine classes: {_merged()}.

## Clothes

{_classes(CLOTHES)}
"""


def _camera_row(ask: CameraJob) -> str:
    sizes = dict.fromkeys(size_of(ask, PROFILES[name]) for name in ask.profile.options)
    pixels = ", ".join(f"{width} × {height}" for width, height in sizes)
    return f"| {', '.join(ask.names)} | {', '.join(ask.profile.options)} | {pixels} |"


def _filmed_row(camera: CameraSpec) -> str:
    return f"| {camera.name} | {camera.profile} | {camera.width} × {camera.height} |"


_FIELD_MEANINGS: Mapping[str, str] = {
    "rgb.png": "the picture",
    "rgb.jpg": "the picture",
    "body.png": "body part per pixel, 8 bits",
    "clothes.png": "garment per pixel, 8 bits",
    "instance.png": "person per pixel, 8 bits: 0 none, then the person's `instance`",
    **{field.file: field.what for field in DENSE_FIELDS},
    "amodal.png": "whole silhouettes, 16 bits: bit k − 1 is set where instance k would be if nothing hid them",
    "json": "everything else",
}


def _classes(classes: Sequence[LabelClass]) -> str:
    rows = "\n".join(f"| {c.index} | {c.name} | {c.color[0]}, {c.color[1]}, {c.color[2]} |" for c in classes)
    return f"| value | class | RGB in pictures for people |\n|---|---|---|\n{rows}"


def _points(points: KeypointSet) -> str:
    """Order, lines between and mirrored pairs of a set, points counted from 0."""
    order = ", ".join(f"{number} {name}" for number, name in enumerate(points.points))
    limbs = ", ".join(f"{a}–{b}" for a, b in points.limbs)
    pairs = ", ".join(f"{a}–{b}" for a, b in enumerate(points.mirror) if a < b)
    return f"- `{points.name}`: {order}. Limbs: {limbs}. Left and right: {pairs or 'none'}.\n"


def _merged() -> str:
    """The table of nine, with the values of the fifteen that each takes together."""
    of = [[str(value) for value, merged in enumerate(MERGED_PARTS) if merged == c.index] for c in BODY_PARTS_9]
    return ", ".join(f"{c.index} {c.name} ({', '.join(values)})" for c, values in zip(BODY_PARTS_9, of, strict=True))


def _enum(kind: type[Visibility] | type[Cause]) -> str:
    return ", ".join(f"{int(member)} {member.name.lower().replace('_', ' ')}" for member in kind)
