"""The data card (README.md, whose head Hugging Face's `datasets` reads) and timm's `_info.json`. No bpy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

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
from render_scripts.job import CameraJob, Job
from render_scripts.sample import Fields
from render_scripts.scenes.profiles import PROFILES
from render_scripts.scenes.views import size_of
from render_scripts.shards import Shard

# Lists that may be empty in the first sample, where nothing shows what they hold.
_VALUE = {"name": "", "value": 0.0}
_ITEM_EXAMPLES: Mapping[str, Any] = {
    "events": {"type": "", "name": "", "turns": 0.0, "height": 0.0, "rate": 0.0, "start": 0.0, "end": 0.0},
    "parameters": _VALUE,
    "coefficients": 0.0,
    "spot_colors": [0.0],
    "place": 0.0,
    "garments": "",
    "details": _VALUE,
    "expression": _VALUE,
    "cut": _VALUE,
    "outfit": {
        "garment": "",
        "fabric": "",
        "color": [0.0],
        "second": [0.0],
        "cut": [_VALUE],
        "file": "",
    },
}


def timm_info(split: str, shards: Sequence[Shard]) -> str:
    """`_info.json` as timm reads it."""
    info = {
        "splits": {
            split: {
                "name": split,
                "num_samples": sum(shard.samples for shard in shards),
                "filenames": [shard.name for shard in shards],
                "shard_lengths": [shard.samples for shard in shards],
            }
        }
    }
    return json.dumps(info, indent=2) + "\n"


def data_card(job: Job, shards: Sequence[Shard], sample: Fields) -> str:
    """README.md of a data set; `sample` is its first one, which every other equals in its fields and their types."""
    pictures = sum(shard.samples for shard in shards)
    split = job.output.split
    head = {
        "configs": [{"config_name": "default", "data_files": [{"split": split, "path": f"{split}-*.tar"}]}],
        "dataset_info": {
            "features": features(sample),
            "splits": [{"name": split, "num_bytes": sum(shard.bytes for shard in shards), "num_examples": pictures}],
        },
        "tags": ["webdataset", "synthetic", "figure skating", "pose estimation", "segmentation"],
    }
    cameras = "\n".join(_camera_row(camera) for camera in job.cameras)
    fields = "\n".join(f"| `{name}` | {_FIELD_MEANINGS[name]} |" for name in sorted(sample))
    return f"""---
{yaml.safe_dump(head, sort_keys=False, width=120)}---

# Figure skaters, synthetic

{pictures} labelled pictures in {len(shards)} WebDataset shards, rendered by skatesynth from motion capture; no person
was photographed. The job is in `job.yaml`; `SHA256SUMS` lists every file that the job decides.

![Some of the samples](contact_sheet.png)

| camera | profile | pixels |
|---|---|---|
{cameras}

## Fields of a sample

Keys are `<clip>_<camera>_<frame>`.

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


def features(sample: Fields) -> list[dict[str, Any]]:
    """The features of `datasets` for a WebDataset with such samples, as its YAML spells them."""
    out: list[dict[str, Any]] = [
        {"name": "__key__", "dtype": "string"},
        {"name": "__url__", "dtype": "string"},
    ]
    for name, data in sorted(sample.items()):
        if name == "json":
            out.append({"name": name, **_type(json.loads(data), name)})
        else:
            out.append({"name": name, "dtype": "image"})
    return out


def _type(value: Any, name: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return {"struct": [{"name": key, **_type(item, key)} for key, item in value.items()]}
    if isinstance(value, list):
        inner = _type(value[0] if value else _ITEM_EXAMPLES[name], name)
        return {"list": inner["dtype"] if set(inner) == {"dtype"} else inner.get("struct", inner)}
    if isinstance(value, bool):
        return {"dtype": "bool"}
    if isinstance(value, int):
        return {"dtype": "int64"}
    return {"dtype": "float64" if isinstance(value, float) else "string"}


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
