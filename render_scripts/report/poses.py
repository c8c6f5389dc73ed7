"""What poses are like, from joints in the world: angles, the view of them, and two axes along which they differ most.

Twelve joints are enough for all of it, and every set for whole bodies has them. Arrays in, arrays out; no bpy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS, KeypointSet

JOINTS: tuple[str, ...] = tuple(
    f"{side}_{joint}" for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle") for side in ("left", "right")
)
LEFT, RIGHT = slice(0, None, 2), slice(1, None, 2)
_SHOULDER, _ELBOW, _WRIST, _HIP, _KNEE, _ANKLE = range(6)
# Pairs of joints, for drawing.
LIMBS: tuple[tuple[int, int], ...] = (
    (0, 1), (6, 7), (0, 6), (1, 7),
    (0, 2), (2, 4), (1, 3), (3, 5),
    (6, 8), (8, 10), (7, 9), (9, 11),
)  # fmt: skip


@dataclass(frozen=True)
class Angle:
    """An angle that is counted: its name, whether it has sides, what 0° and more mean, and where anatomy ends.

    `limit`: degrees that an average person reaches (American Academy of Orthopaedic Surgeons, Joint Motion, 1965).
    """

    name: str
    sided: bool
    meaning: str
    limit: float


ANGLES: tuple[Angle, ...] = (
    Angle("Elbow", True, "0° straight", 150.0),
    Angle("Shoulder", True, "0° hanging, 90° level, 180° overhead", 180.0),
    Angle("Knee", True, "0° straight", 135.0),
    Angle("Hip", True, "between thigh and trunk’s line: 0° standing", 120.0),
    Angle("Split", False, "between the thighs", 180.0),
    Angle("Trunk", False, "0° upright, 90° level", 180.0),
)


def pose_set(names: Iterable[str]) -> KeypointSet | None:
    """The first of our sets among the names that has all twelve joints."""
    given = set(names)
    return next((k for k in KEYPOINT_SETS.values() if k.name in given and _rows(k) is not None), None)


def joint_rows(keypoints: KeypointSet) -> np.ndarray:
    """(12,) which points of a set the joints are. ValueError if it lacks one."""
    rows = _rows(keypoints)
    if rows is None:
        raise ValueError(f"{keypoints.name} has not all joints")
    return np.array(rows)


def _rows(keypoints: KeypointSet) -> list[int] | None:
    alone = {marks[0]: k for k, marks in reversed(list(enumerate(keypoints.landmarks))) if len(marks) == 1}
    return [alone[joint] for joint in JOINTS] if all(joint in alone for joint in JOINTS) else None


def angles(joints: np.ndarray) -> np.ndarray:
    """(6, 2) degrees by `ANGLES`, left and right; those without sides stand twice. `joints`: (12, 3), Z up."""
    pairs = joints.reshape(6, 2, 3)
    up = pairs[_SHOULDER].mean(axis=0) - pairs[_HIP].mean(axis=0)
    thigh = pairs[_KNEE] - pairs[_HIP]
    return np.stack(
        (
            _between(pairs[_ELBOW] - pairs[_SHOULDER], pairs[_WRIST] - pairs[_ELBOW]),
            _between(pairs[_ELBOW] - pairs[_SHOULDER], -up),
            _between(thigh, pairs[_ANKLE] - pairs[_KNEE]),
            _between(thigh, -up),
            np.repeat(_between(thigh[0], thigh[1]), 2),
            np.repeat(_between(up, np.array([0.0, 0.0, 1.0])), 2),
        )
    )


def _between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Degrees between vectors (…, 3), 0 to 180; NaN for a vector without length."""
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = (a * b).sum(axis=-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1))
    degrees: np.ndarray = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return degrees


def facing(joints: np.ndarray) -> float:
    """Radians counter-clockwise about Z from X to where the pelvis faces, from the line of the hips; (12, 3)."""
    left = joints[2 * _HIP] - joints[2 * _HIP + 1]
    return float(np.arctan2(-left[0], left[1]))


def root_aligned(joints: np.ndarray) -> np.ndarray:
    """(12, 3) with the middle of the hips at the origin, facing −Y, a trunk long; upright stays upright."""
    pairs = joints.reshape(6, 2, 3)
    trunk = float(np.linalg.norm(pairs[_SHOULDER].mean(axis=0) - pairs[_HIP].mean(axis=0)))
    turn = -np.pi / 2 - facing(joints)
    spin = np.array([[np.cos(turn), -np.sin(turn), 0.0], [np.sin(turn), np.cos(turn), 0.0], [0.0, 0.0, 1.0]])
    aligned: np.ndarray = (joints - pairs[_HIP].mean(axis=0)) @ spin.T / max(trunk, 1e-6)
    return aligned


@dataclass(frozen=True)
class Plane:
    """The two axes along which poses differ most.

    Attributes:
        mean: (12, 3); axes: (2, 12, 3) unit vectors; places: (N, 2) of the poses along them; shares: (2,) of all
        variance that they explain; spread: (2,) standard deviations of `places`.
    """

    mean: np.ndarray
    axes: np.ndarray
    places: np.ndarray
    shares: np.ndarray
    spread: np.ndarray


def principal_plane(poses: np.ndarray) -> Plane | None:
    """Principal components of aligned poses (N, 12, 3); None of fewer than three, or if they are all the same."""
    if len(poses) < 3:
        return None
    flat = poses.reshape(len(poses), -1)
    mean = flat.mean(axis=0)
    _, sizes, axes = np.linalg.svd(flat - mean, full_matrices=False)
    if sizes[0] < 1e-9:
        return None
    # An axis has no sign of its own: its largest number is made positive.
    largest = np.take_along_axis(axes[:2], np.abs(axes[:2]).argmax(axis=1)[:, None], axis=1)
    axes = axes[:2] * np.where(largest < 0.0, -1.0, 1.0)
    places = (flat - mean) @ axes.T
    return Plane(
        mean=mean.reshape(12, 3),
        axes=axes.reshape(2, 12, 3),
        places=places,
        shares=sizes[:2] ** 2 / (sizes**2).sum(),
        spread=places.std(axis=0),
    )
