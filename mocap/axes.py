"""Blender's axes, and other programs' to and fro: exact permutations, so that a round trip changes no digit.

A rotation that only renames axes acts on a quaternion's vector part as it does on any vector.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mocap.rotations import Array

# How an unrotated person stands: all rotations are in Blender's axes.
UP = np.array((0.0, 0.0, 1.0))
FORWARD = np.array((0.0, -1.0, 0.0))
LEFTWARD = np.array((1.0, 0.0, 0.0))

# Row: the source axis (1-based) that becomes Blender's x, y, z, negative when it is turned round.
_MVN = (2, -1, 3)  # MVN: x forward, y to the left, z up. An unrotated person faces +x there, −y in Blender.
_BVH = (1, -3, 2)  # BVH: x to the left, y up, z forward.


def _permute(vectors: ArrayLike, axes: tuple[int, int, int]) -> Array:
    source = np.asarray(vectors, dtype=np.float64)
    return np.stack([np.sign(axis) * source[..., abs(axis) - 1] for axis in axes], axis=-1)


def _inverse(axes: tuple[int, int, int]) -> tuple[int, int, int]:
    back = {abs(axis): int(np.sign(axis)) * (i + 1) for i, axis in enumerate(axes)}
    return back[1], back[2], back[3]


def _permute_quaternion(q: ArrayLike, axes: tuple[int, int, int]) -> Array:
    q = np.asarray(q, dtype=np.float64)
    return np.concatenate((q[..., :1], _permute(q[..., 1:], axes)), axis=-1)


def vectors_from_mvn(vectors: ArrayLike) -> Array:
    """Points or directions (…, 3) of an MVNX file in Blender's axes."""
    return _permute(vectors, _MVN)


def quaternions_from_mvn(q: ArrayLike) -> Array:
    """Orientations (…, 4) of an MVNX file in Blender's axes."""
    return _permute_quaternion(q, _MVN)


def vectors_to_mvn(vectors: ArrayLike) -> Array:
    """Points or directions (…, 3) in the axes of an MVNX file."""
    return _permute(vectors, _inverse(_MVN))


def quaternions_to_mvn(q: ArrayLike) -> Array:
    """Orientations (…, 4) in the axes of an MVNX file."""
    return _permute_quaternion(q, _inverse(_MVN))


def vectors_from_bvh(vectors: ArrayLike) -> Array:
    """Points or directions (…, 3) of a BVH that has Y up, in Blender's axes."""
    return _permute(vectors, _BVH)


def quaternions_from_bvh(q: ArrayLike) -> Array:
    """Orientations (…, 4) of a BVH that has Y up, in Blender's axes."""
    return _permute_quaternion(q, _BVH)


def facing(left: ArrayLike) -> Array:
    """(…) radians from +X toward which a body faces whose left lies at `left` (…, 3), seen from above.

    Taken from the line through the hips because it stays level where the pelvis is pitched over, as in a camel spin.
    """
    left = np.asarray(left, dtype=np.float64)
    return np.arctan2(-left[..., 0], left[..., 1])
