"""Takes made up for tests: a person who moves every joint, and that movement as the text of a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from people import person
from scipy.spatial.transform import Rotation

from mocap.joint_names import MVN_JOINTS
from mocap.motion import Motion, forward_kinematics
from mocap.mvnx_writer import write_mvnx
from mocap.rotations import conjugate, from_axis_angle, hemisphere, multiply
from mocap.skeleton import SEGMENTS, Skeleton

FEET = {
    "Foot": {
        "HeelFoot": (0.0, 0.04, -0.085),
        "FirstMetatarsal": (0.03, -0.12, -0.085),
        "FifthMetatarsal": (-0.03, -0.12, -0.085),
    },
    "Toe": {"Toe": (0.0, -0.055, -0.015)},
}


def person_with_soles() -> Skeleton:
    """The person of `people`, with the points of heels, balls and toes."""
    points = {
        side + segment: {f"p{side}{label}": np.array(point) for label, point in labels.items()}
        for side in ("Left", "Right")
        for segment, labels in FEET.items()
    }
    return replace(person(), points=points)


def dancing(count: int = 60, rate: float = 60.0, seed: int = 0) -> Motion:
    """Every segment swings by up to a right angle about an axis of its own while the pelvis turns and travels."""
    rng = np.random.default_rng(seed)
    t = np.arange(count)[:, None] / rate
    axes = rng.normal(size=(len(SEGMENTS), 3))
    angles = rng.uniform(0.3, 1.5, len(SEGMENTS)) * np.sin(2.0 * np.pi * rng.uniform(0.2, 1.5, len(SEGMENTS)) * t)
    local = from_axis_angle(axes, angles)
    local[:, 0] = multiply(from_axis_angle((0.0, 0.0, 1.0), 3.0 * t[:, 0]), local[:, 0])
    root = np.concatenate((4.0 * t, np.sin(t), 0.9 + 0.05 * np.cos(5.0 * t)), axis=1)
    skeleton = person_with_soles()
    orientations, positions = forward_kinematics(skeleton, root, local)
    contacts = rng.random((count, 4)) < 0.5
    return Motion("dance", rate, skeleton, hemisphere(orientations), positions, contacts)


def mvnx(folder: Path, motion: Motion | None = None, name: str = "take.mvnx") -> Path:
    """A whole MVNX 4 file of `dancing` or of the motion given."""
    path = folder / name
    write_mvnx(motion or dancing(), path)
    return path


def edited(path: Path, old: str, new: str, *, count: int = -1) -> Path:
    """The same file with one text put for another, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")
    return path


def bvh(folder: Path, motion: Motion, *, order: str = "YXZ", calibrated: bool = False, name: str = "take.bvh") -> Path:
    """A BVH of a rigid motion as MVN lays it out: centimetres, Y up, one row of T-pose before it if `calibrated`."""
    skeleton = motion.skeleton
    local = motion.orientations.copy()
    for j, parent in enumerate(skeleton.parents):
        if parent >= 0:
            local[:, j] = multiply(conjugate(motion.orientations[:, parent]), motion.orientations[:, j])
    turned = np.concatenate((local[..., :1], _y_up(local[..., 1:])), axis=-1)
    euler = Rotation.from_quat(np.roll(turned, -1, axis=-1).reshape(-1, 4)).as_euler(order, degrees=True)
    in_order = _depth_first(skeleton)
    angles = euler.reshape(len(motion), -1, 3)[:, in_order].reshape(len(motion), -1)
    rows = np.concatenate((100.0 * _y_up(motion.positions[:, 0]), angles), axis=1)
    if calibrated:
        rest = np.zeros((1, rows.shape[1]))
        rest[0, 1] = 87.0
        rows = np.concatenate((rest, rows))
    lines = ["HIERARCHY", *_joint_lines(skeleton, 0, order), "MOTION", f"Frames: {len(rows)}"]
    lines += [f"Frame Time: {1.0 / motion.rate:.6f}", *(" ".join(f"{value:.8f}" for value in row) for row in rows)]
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


def _y_up(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack((vectors[..., 0], vectors[..., 2], -vectors[..., 1]), axis=-1)


def _children(skeleton: Skeleton, j: int) -> list[int]:
    return [k for k, parent in enumerate(skeleton.parents) if parent == j]


def _depth_first(skeleton: Skeleton, j: int = 0) -> list[int]:
    return [j, *(k for child in _children(skeleton, j) for k in _depth_first(skeleton, child))]


def _joint_lines(skeleton: Skeleton, j: int, order: str) -> list[str]:
    offset = " ".join(f"{value:.8f}" for value in 100.0 * _y_up(skeleton.offsets[j]))
    positions = "" if j else "Xposition Yposition Zposition "
    lines = [
        f"{'JOINT' if j else 'ROOT'} {MVN_JOINTS[0][skeleton.names[j]]}",
        "{",
        f"OFFSET {offset}",
        f"CHANNELS {3 if j else 6} {positions}{' '.join(f'{axis}rotation' for axis in order)}",
    ]
    for child in _children(skeleton, j):
        lines += _joint_lines(skeleton, child, order)
    if not _children(skeleton, j):
        lines += ["End Site", "{", "OFFSET 0 -1.5 5.5", "}"]
    return [*lines, "}"]
