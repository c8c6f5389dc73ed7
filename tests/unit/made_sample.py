"""A sample painted by numpy: a flat person of discs and capsules on the ice before a wall, with every label exact."""

from __future__ import annotations

import json
from typing import Any

import cv2
import numpy as np

from blender_addon.labels.annotate import visible_box
from blender_addon.labels.keypoint_sets import BODY_25
from blender_addon.labels.vocabulary import BODY_PART_INDEX, BODY_PARTS
from mocap.rotations import Array
from render_scripts.dense_fields import encode_dense, png
from render_scripts.sample import Fields, sample_key

WIDTH, HEIGHT, FOCAL = 168, 224, 420.0
# Eye (m): the camera looks along +Y, level. The person is flat, at y = 0; the wall is behind.
EYE = np.array((0.0, -5.0, 1.1))
WALL = 8.0
# Of how many rays a pixel of the picture is the mean, along each side.
FINE = 4
# World metres (x, z) of joints; the person looks at the camera, so that the right side has a negative x.
_RIGHT = {
    "shoulder": (-0.19, 1.4), "elbow": (-0.42, 1.25), "wrist": (-0.62, 1.38), "hip": (-0.1, 0.92),
    "knee": (-0.16, 0.5), "ankle": (-0.22, 0.12), "eye": (-0.03, 1.66), "ear": (-0.075, 1.63),
    "big_toe": (-0.24, 0.04), "small_toe": (-0.28, 0.05), "heel": (-0.21, 0.05),
}  # fmt: skip
JOINTS = {f"right_{name}": place for name, place in _RIGHT.items()}
JOINTS |= {f"left_{name}": (-x, z) for name, (x, z) in _RIGHT.items()}
JOINTS["nose"] = (0.0, 1.62)
# Part, from, to, radius (m).
_LIMBS = (
    ("upper_arm", "shoulder", "elbow", 0.055), ("forearm", "elbow", "wrist", 0.045), ("thigh", "hip", "knee", 0.075),
    ("lower_leg", "knee", "ankle", 0.055), ("foot", "ankle", "small_toe", 0.05), ("foot", "heel", "big_toe", 0.04),
)  # fmt: skip
# Metres that joints lie under the person's flat surface.
UNDER = 0.04


def made_sample(dx: float = 0.0, frame: int = 0) -> Fields:
    """Fields of a sample whose person stands `dx` metres to the right."""
    body, depth, normal, _ = _seen(*_middles(1), dx)
    light = _seen(*_middles(FINE), dx)[3].reshape(HEIGHT, FINE, WIDTH, FINE, 3).mean(axis=(1, 3))
    rgb = np.rint(255.0 * light ** (1.0 / 2.2)).astype(np.uint8)
    person = (body > 0).astype(np.uint8)
    R = np.array(((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0)))
    x, y = _middles(1)
    slant = np.sqrt(1.0 + ((x - 0.5 * WIDTH) / FOCAL)[None] ** 2 + ((y - 0.5 * HEIGHT) / FOCAL)[:, None] ** 2)
    dense = {"depth": depth, "distance": depth * slant, "normal": normal, "normal_camera": normal @ R.T}
    facts = _facts(person, body, R, dx, frame)
    return {
        "rgb.png": png(rgb),
        "body.png": png(body),
        "clothes.png": png(4 * person),
        "instance.png": png(person),
        "amodal.png": png(person.astype(np.uint16)),
        "json": json.dumps(facts).encode(),
        **encode_dense(dense),
    }


def made_flow(step: float, dx: float) -> dict[str, np.ndarray]:
    """Labels of pixels, by name, of a person at `dx` metres who goes `step` metres to the right from frame to frame."""
    part = _seen(*_middles(1), dx)[0]
    there = np.where(part[..., None] > 0, (step * FOCAL / -EYE[1], 0.0), 0.0).astype(np.float32)
    x, y = _middles(1)
    places = np.stack(np.broadcast_arrays(x[None] * -EYE[1] / FOCAL - dx, 1.0, y[:, None] * -EYE[1] / FOCAL), axis=-1)
    surface = np.where(part[..., None] > 0, places, 0.0).astype(np.float32)
    return {"flow_forward": there, "flow_backward": -there, "surface": surface}


def _middles(fine: int) -> tuple[Array, Array]:
    return (np.arange(WIDTH * fine) + 0.5) / fine, (np.arange(HEIGHT * fine) + 0.5) / fine


def _seen(x: Array, y: Array, dx: float) -> tuple[np.ndarray, Array, Array, Array]:
    """Body part, depth, normal and light at all x (W,) and y (H,) of the picture."""
    right, down = (x - 0.5 * WIDTH) / FOCAL, (y - 0.5 * HEIGHT) / FOCAL
    shape = (len(y), len(x))
    part = _part(EYE[0] - dx + right * -EYE[1], EYE[2] - down * -EYE[1])
    with np.errstate(divide="ignore"):
        ice = np.where(down > 0.0, EYE[2] / down, np.inf)
    ground = np.broadcast_to((ice < WALL - EYE[1])[:, None], shape)
    depth = np.where(part > 0, -EYE[1], np.where(ground, ice[:, None], WALL - EYE[1]))
    normal = np.where((ground & (part == 0))[..., None], (0.0, 0.0, 1.0), (0.0, -1.0, 0.0))
    bright = np.where(part > 0, 0.1 + 0.02 * part, np.where(ground, 0.7, 0.4))
    return part, depth, normal, np.stack((bright, bright, 0.9 * bright), axis=-1)


def _part(x: Array, z: Array) -> np.ndarray:
    """(H, W) body parts of the person at x (W,), z (H,) metres."""
    at = np.stack(np.broadcast_arrays(x[None, :], z[:, None]), axis=-1)
    body = np.zeros(at.shape[:2], dtype=np.uint8)
    body[_near(at, (0.0, 1.33), (0.0, 0.98), 0.17)] = BODY_PART_INDEX["torso"]
    body[_near(at, (0.0, 1.62), (0.0, 1.64), 0.1)] = BODY_PART_INDEX["head"]
    for side in ("right", "left"):
        for part, start, end, radius in _LIMBS:
            limb = _near(at, JOINTS[f"{side}_{start}"], JOINTS[f"{side}_{end}"], radius)
            body[limb] = BODY_PART_INDEX[f"{side}_{part}"]
    return body


def _near(at: Array, start: tuple[float, float], end: tuple[float, float], radius: float) -> np.ndarray:
    along = np.subtract(end, start)
    share = np.clip((at - start) @ along / (along @ along), 0.0, 1.0)
    return np.asarray(np.linalg.norm(at - start - share[..., None] * along, axis=-1) < radius)


def _facts(person: np.ndarray, body: np.ndarray, R: Array, dx: float, frame: int) -> dict[str, Any]:
    flat = np.array([np.mean([JOINTS[mark] for mark in marks], axis=0) for marks in BODY_25.landmarks])
    xyz = np.stack((flat[:, 0] + dx, np.full(len(flat), UNDER), flat[:, 1]), axis=1)
    K = np.array(((FOCAL, 0.0, 0.5 * WIDTH), (0.0, FOCAL, 0.5 * HEIGHT), (0.0, 0.0, 1.0)))
    t = -R @ EYE
    xy, _ = cv2.projectPoints(xyz, cv2.Rodrigues(R)[0], t, K, None)
    pose = {"time": 0.0, "R": R.tolist(), "t": t.tolist()}
    camera = {
        "name": "a", "width": WIDTH, "height": HEIGHT, "K": K.tolist(), "R": R.tolist(), "t": t.tolist(),
        "distortion": {"model": "none", "coefficients": []}, "readout": 0.0, "top": pose, "bottom": pose,
    }  # fmt: skip
    keypoints = {
        "xy": np.round(xy[:, 0], 3).tolist(),
        "xyz": xyz.tolist(),
        "visibility": [2] * len(xyz),
        "cause": [0] * len(xyz),
    }
    return {
        "key": sample_key(0, "a", frame),
        "camera": camera,
        "people": [
            {
                "instance": 1,
                "role": "skater",
                "bbox": list(visible_box(person == 1)),
                "visible_fraction": 1.0,
                "parts": [{"part": c.name, "visible": float(np.any(body == c.index))} for c in BODY_PARTS[1:]],
                "amodal": {"bbox": list(visible_box(person == 1)), "visible": 1.0},
                "box_3d": {"center": [dx, 0.02, 0.87], "size": [1.4, 0.1, 1.76], "yaw": 0.0},
                "keypoints": {BODY_25.name: keypoints},
            }
        ],
        "scene": {"rink": {"file": "", "length": 60.0, "width": 2.0 * WALL + 2.0}},
    }
