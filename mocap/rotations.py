"""Vectorised quaternion arithmetic. Quaternions are (…, 4) arrays, w x y z, of unit length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Input = NDArray[Any] | Sequence[Any] | float


def normalize(q: Input) -> Array:
    """Unit quaternions (…, 4); a zero quaternion becomes the identity."""
    q = np.asarray(q, dtype=np.float64)
    norm = length(q)[..., None]
    if np.all(norm > 1e-12):
        return q / norm
    identity = np.zeros_like(q)
    identity[..., 0] = 1.0
    return np.where(norm > 1e-12, q / np.where(norm > 1e-12, norm, 1.0), identity)


def dot(a: Input, b: Input) -> Array:
    """Scalar product (…) of a and b (…, K)."""
    out: Array = np.einsum("...k,...k->...", np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64))
    return out


def length(v: Input) -> Array:
    """Euclidean length (…) of v (…, K)."""
    return np.sqrt(dot(v, v))


def cross(a: Input, b: Input) -> Array:
    """Cross product (…, 3); several times as fast as numpy's, which moves axes about."""
    a = np.asarray(a, dtype=np.float64)
    b = np.asarray(b, dtype=np.float64)
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    return np.stack((ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx), axis=-1)


def multiply(a: Input, b: Input) -> Array:
    """Hamilton product a·b (…, 4): first b, then a, as rotations."""
    a = np.asarray(a, dtype=np.float64)
    b = np.asarray(b, dtype=np.float64)
    aw, ax, ay, az = a[..., 0], a[..., 1], a[..., 2], a[..., 3]
    bw, bx, by, bz = b[..., 0], b[..., 1], b[..., 2], b[..., 3]
    return np.stack(
        (
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ),
        axis=-1,
    )


def conjugate(q: Input) -> Array:
    """The inverse rotation (…, 4) of unit quaternions."""
    return np.asarray(q, dtype=np.float64) * np.array((1.0, -1.0, -1.0, -1.0))


def rotate(q: Input, v: Input) -> Array:
    """Vectors v (…, 3) turned by q (…, 4); leading axes broadcast."""
    q = np.asarray(q, dtype=np.float64)
    v = np.asarray(v, dtype=np.float64)
    w, x, y, z = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    a, b, c = v[..., 0], v[..., 1], v[..., 2]
    # t = 2 u × v, then v + w t + u × t.
    ta, tb, tc = 2.0 * (y * c - z * b), 2.0 * (z * a - x * c), 2.0 * (x * b - y * a)
    return np.stack((a + w * ta + y * tc - z * tb, b + w * tb + z * ta - x * tc, c + w * tc + x * tb - y * ta), axis=-1)


def from_axis_angle(axis: Input, angle: Input) -> Array:
    """Rotation (…, 4) by `angle` radians (…) about `axis` (…, 3), which need not be of unit length."""
    unit = np.asarray(axis, dtype=np.float64)
    unit = unit / np.maximum(np.linalg.norm(unit, axis=-1, keepdims=True), 1e-12)
    half = 0.5 * np.asarray(angle, dtype=np.float64)[..., None]
    shape = np.broadcast_shapes(unit.shape[:-1], half.shape[:-1])
    unit = np.broadcast_to(unit, (*shape, 3))
    half = np.broadcast_to(half, (*shape, 1))
    return np.concatenate((np.cos(half), np.sin(half) * unit), axis=-1)


def from_matrix(m: Input) -> Array:
    """Quaternions (…, 4) with w ≥ 0 of rotation matrices (…, 3, 3); Shepperd's method, largest term first."""
    m = np.asarray(m, dtype=np.float64)
    xx, yy, zz = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    squares = np.stack((1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz), axis=-1)
    a, b, c = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    d, e, f = m[..., 1, 0] + m[..., 0, 1], m[..., 0, 2] + m[..., 2, 0], m[..., 2, 1] + m[..., 1, 2]
    # Row k is the quaternion times four of its k-th component.
    rows = np.stack(
        (
            np.stack((squares[..., 0], a, b, c), axis=-1),
            np.stack((a, squares[..., 1], d, e), axis=-1),
            np.stack((b, d, squares[..., 2], f), axis=-1),
            np.stack((c, e, f, squares[..., 3]), axis=-1),
        ),
        axis=-2,
    )
    best = np.argmax(squares, axis=-1)
    q = np.take_along_axis(rows, best[..., None, None], axis=-2)[..., 0, :]
    q = normalize(q)
    return np.where(q[..., :1] < 0.0, -q, q)


def to_matrix(q: Input) -> Array:
    """Rotation matrices (…, 3, 3)."""
    q = np.asarray(q, dtype=np.float64)
    w, x, y, z = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    return np.stack(
        (
            np.stack((1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)), axis=-1),
            np.stack((2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)), axis=-1),
            np.stack((2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)), axis=-1),
        ),
        axis=-2,
    )


def between(a: Input, b: Input) -> Array:
    """The shortest rotation (…, 4) that takes direction a (…, 3) to direction b (…, 3)."""
    a = np.asarray(a, dtype=np.float64)
    b = np.asarray(b, dtype=np.float64)
    a = a / np.maximum(length(a), 1e-12)[..., None]
    b = b / np.maximum(length(b), 1e-12)[..., None]
    a, b = np.broadcast_arrays(a, b)
    # 1 + a·b, which would cancel where the two are nearly opposite.
    middle = a + b
    real = 0.5 * dot(middle, middle)[..., None]
    q = np.concatenate((real, cross(a, b)), axis=-1)
    opposite = real < 1e-18
    if opposite.any():
        # Half a turn about any axis across a.
        helper = np.where(np.abs(a[..., :1]) < 0.9, np.array((1.0, 0.0, 0.0)), np.array((0.0, 1.0, 0.0)))
        q = np.where(opposite, np.concatenate((np.zeros_like(real), cross(a, helper)), axis=-1), q)
    return normalize(q)


def between_frames(a: tuple[Array, Array], b: tuple[Array, Array]) -> Array:
    """The rotation (4,) that takes one pair of directions to another: the first exactly, the second as near as it can.

    Each pair is (direction, second axis), both (3,), not parallel, of any length.
    """
    return from_matrix(_frame(*b) @ _frame(*a).T)


def _frame(primary: Array, secondary: Array) -> Array:
    """(3, 3) orthonormal columns: primary, the part of secondary across it, their cross product."""
    x = primary / np.linalg.norm(primary)
    y = secondary - np.dot(secondary, x) * x
    y = y / np.linalg.norm(y)
    return np.stack((x, y, np.cross(x, y)), axis=-1)


def hemisphere(q: Input) -> Array:
    """The same rotations (T, …, 4) with signs chosen so that neighbours along T lie in one hemisphere."""
    q = np.asarray(q, dtype=np.float64)
    if len(q) < 2:
        return q.copy()
    dots = np.sum(q[1:] * q[:-1], axis=-1)
    signs = np.concatenate((np.ones_like(dots[:1]), np.cumprod(np.where(dots < 0.0, -1.0, 1.0), axis=0)))
    return q * signs[..., None]


def slerp(a: Input, b: Input, t: Input) -> Array:
    """Spherical interpolation (…, 4) from a to b along the shorter way; t (…) in 0…1."""
    a = np.asarray(a, dtype=np.float64)
    b = np.asarray(b, dtype=np.float64)
    t = np.asarray(t, dtype=np.float64)[..., None]
    cosine = dot(a, b)[..., None]
    b = np.where(cosine < 0.0, -b, b)
    angle = np.arccos(np.clip(np.abs(cosine), 0.0, 1.0))
    sine = np.sin(angle)
    near = sine < 1e-6
    safe = np.where(near, 1.0, sine)
    wa = np.where(near, 1.0 - t, np.sin((1.0 - t) * angle) / safe)
    wb = np.where(near, t, np.sin(t * angle) / safe)
    return normalize(wa * a + wb * b)


def twist_about(q: Input, axis: Input) -> Array:
    """The part of q (…, 4) that turns about `axis` (…, 3): q = swing · twist."""
    q = np.asarray(q, dtype=np.float64)
    axis = np.asarray(axis, dtype=np.float64)
    axis = axis / np.maximum(length(axis), 1e-12)[..., None]
    along = dot(q[..., 1:], axis)[..., None]
    return normalize(np.concatenate((q[..., :1], along * axis), axis=-1))
