"""Samples for formats of one person: two people of random landmarks before cameras of any kind, every label exact."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from blender_addon.filming.lens import pixels
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.projection import look_at
from mocap.rotations import Array
from render_scripts.dense_fields import encode_dense, png
from render_scripts.export.samples import Sample
from render_scripts.sample import Fields, sample_key
from render_scripts.shards import write_tar

WIDTH, HEIGHT = 48, 36
FOCAL = 40.0
SETS = ("3dpeople_67", "h36m_32", "kinect_20", "body_25")


@dataclass(frozen=True)
class Seen:
    """A camera that looks at `facing`; it `turns` rad and `zooms` pixels of focal length per frame."""

    name: str = "a"
    eye: tuple[float, float, float] = (0.5, -6.0, 1.4)
    model: str = "none"
    coefficients: tuple[float, ...] = ()
    turns: float = 0.0
    zooms: float = 0.0
    readout: float = 0.0
    facing: tuple[float, float, float] = (0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Made:
    """What made samples are of."""

    clip: int = 3
    take: str = "upright spin"
    frames: int = 2
    cameras: Sequence[Seen] = (Seen(),)
    sets: Sequence[str] = SETS
    lead: int = 2
    stature: float = 1.7
    garments: Sequence[str] = ("boots", "leotard")
    without: Sequence[str] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def places(frame: int, instance: int) -> dict[str, Array]:
    """World metres of every landmark that any set has."""
    marks = sorted({mark for points in KEYPOINT_SETS.values() for names in points.landmarks for mark in names})
    rng = np.random.default_rng((frame, instance))
    spread = rng.uniform((-0.5, -0.3, 0.0), (0.5, 0.3, 1.8), (len(marks), 3))
    spread[:, 0] += 0.8 * (instance - 2)
    return dict(zip(marks, spread, strict=True))


def view(seen: Seen, frame: int) -> tuple[Array, Array, Array]:
    """K, R, t."""
    angle = seen.turns * frame
    away = np.array(seen.facing) - seen.eye
    c, s = np.cos(angle), np.sin(angle)
    turned = np.array((c * away[0] - s * away[1], s * away[0] + c * away[1], away[2]))
    R, t = look_at(seen.eye, seen.eye + turned)
    focal = FOCAL + seen.zooms * frame
    return np.array(((focal, 0.0, 0.5 * WIDTH), (0.0, focal, 0.5 * HEIGHT), (0.0, 0.0, 1.0))), R, t


def fields(made: Made, seen: Seen, frame: int) -> Fields:
    """Fields of one sample: instance 1 in the left half of the picture, 2 in the right one, nobody on the edges."""
    rng = np.random.default_rng((made.clip, frame, len(seen.name)))
    instance = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    instance[4:-4, 4 : WIDTH // 2], instance[4:-4, WIDTH // 2 : -4] = 1, 2
    someone = instance > 0
    normal = rng.normal(size=(HEIGHT, WIDTH, 3))
    dense = {
        "depth": rng.uniform(1.0, 9.0, someone.shape).astype(np.float32),
        "normal": (normal / np.linalg.norm(normal, axis=-1, keepdims=True)).astype(np.float32),
        "flow_forward": np.zeros((HEIGHT, WIDTH, 2), dtype=np.float32),
        "flow_backward": rng.uniform(-9.0, 9.0, (HEIGHT, WIDTH, 2)).astype(np.float32),
    }
    out = {
        "rgb.png": png(_soft(rng)),
        "body.png": png(np.where(someone, rng.integers(1, 15, someone.shape), 0).astype(np.uint8)),
        "clothes.png": png(np.where(someone, rng.integers(1, 21, someone.shape), 0).astype(np.uint8)),
        "instance.png": png(instance),
        "json": json.dumps(facts(made, seen, frame)).encode(),
        **encode_dense(dense),
    }
    return {name: data for name, data in out.items() if name not in made.without}


def _soft(rng: np.random.Generator) -> np.ndarray:
    """(H, W, 3) uint8, never 0: a picture that JPEG can keep, of one colour in each corner."""
    corners = rng.uniform(20.0, 235.0, (2, 2, 3))
    down, right = np.linspace(0.0, 1.0, HEIGHT), np.linspace(0.0, 1.0, WIDTH)
    mixed = np.einsum("ah,bw,abc->hwc", (1.0 - down, down), (1.0 - right, right), corners)
    return np.rint(mixed).astype(np.uint8)


def facts(made: Made, seen: Seen, frame: int) -> dict[str, Any]:
    """The JSON."""
    K, R, t = view(seen, frame)
    return {
        "key": sample_key(made.clip, seen.name, frame),
        "clip": made.clip,
        "frame": frame,
        "time": frame / 25.0,
        "camera": {
            "name": seen.name, "width": WIDTH, "height": HEIGHT, "K": K.tolist(), "R": R.tolist(), "t": t.tolist(),
            "distortion": {"model": seen.model, "coefficients": list(seen.coefficients)}, "readout": seen.readout,
        },
        "people": [_person(made, seen, frame, instance) for instance in (1, 2)],
        "motion": {"take": made.take},
        **made.facts,
    }  # fmt: skip


def _person(made: Made, seen: Seen, frame: int, instance: int) -> dict[str, Any]:
    at = places(frame, instance)
    K, R, t = view(seen, frame)
    keypoints = {}
    for name in made.sets:
        xyz = np.round([np.mean([at[mark] for mark in marks], axis=0) for marks in KEYPOINT_SETS[name].landmarks], 6)
        xy = pixels(seen.model, seen.coefficients, K, xyz @ R.T + t)
        gone = np.isnan(xy).any(axis=1)
        keypoints[name] = {
            "xy": np.round(np.nan_to_num(xy), 3).tolist(),
            "xyz": xyz.tolist(),
            "visibility": [0 if gone[k] else 2 - k % 2 for k in range(len(xyz))],
            "cause": [6 if gone[k] else k % 2 for k in range(len(xyz))],
        }
    return {
        "instance": instance,
        "in_focus": instance == made.lead,
        "bbox": [4.0, 4.0, 20.0, 28.0],
        "keypoints": keypoints,
        "body": {"gender": 0.1, "stature": made.stature, "expression": [{"name": "smile", "value": 0.1 * frame}]},
        "character": "",
        "skin": {"tone": [0.6, 0.4, 0.3], "freckles": 0.0, "blush": 0.1 * instance},
        "eyes": [0.1, 0.1, 0.1],
        "garments": list(made.garments),
    }


def sample(made: Made, seen: Seen | None = None, frame: int = 0) -> Sample:
    """One sample as exports read it."""
    seen = seen or made.cameras[0]
    data = fields(made, seen, frame)
    key = sample_key(made.clip, seen.name, frame)
    return Sample(made.clip, seen.name, frame, json.loads(data["json"]), data, Path("train-000000.tar"), key)


def data_set(folder: Path, *clips: Made, split: str = "train") -> Path:
    """A folder of one shard."""
    rows = [
        (sample_key(made.clip, seen.name, frame), fields(made, seen, frame))
        for made in clips
        for frame in range(made.frames)
        for seen in made.cameras
    ]
    write_tar(folder / f"{split}-000000.tar", rows)
    return folder
