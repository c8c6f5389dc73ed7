"""Quaternion arithmetic against scipy's, and the laws each function promises."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.transform import Rotation

from mocap.rotations import (
    between,
    conjugate,
    from_axis_angle,
    from_matrix,
    hemisphere,
    multiply,
    normalize,
    rotate,
    slerp,
    to_matrix,
    twist_about,
)

_numbers = st.floats(-1.0, 1.0, allow_subnormal=False)
quaternions = arrays(np.float64, 4, elements=_numbers).filter(lambda q: np.linalg.norm(q) > 0.1).map(normalize)
vectors = arrays(np.float64, 3, elements=_numbers)
directions = vectors.filter(lambda v: np.linalg.norm(v) > 0.1).map(lambda v: v / np.linalg.norm(v))
fractions = st.floats(0.0, 1.0)


def scipy_of(q: np.ndarray) -> Rotation:
    return Rotation.from_quat(np.roll(q, -1))


def same_rotation(a: np.ndarray, b: np.ndarray, tolerance: float = 1e-9) -> bool:
    return bool(np.minimum(np.abs(a - b).max(), np.abs(a + b).max()) < tolerance)


def angle(q: np.ndarray) -> float:
    return float(2.0 * np.arctan2(np.linalg.norm(q[1:]), abs(q[0])))


@given(quaternions, quaternions, vectors)
def test_product_applies_the_right_factor_first(a, b, v):
    assert np.allclose(rotate(multiply(a, b), v), rotate(a, rotate(b, v)), atol=1e-12)
    assert np.allclose(rotate(a, v), scipy_of(a).apply(v), atol=1e-12)


@given(quaternions, vectors)
def test_conjugate_undoes(q, v):
    assert np.allclose(rotate(conjugate(q), rotate(q, v)), v, atol=1e-12)


@given(quaternions)
def test_matrix_there_and_back(q):
    matrix = to_matrix(q)
    assert np.allclose(matrix, scipy_of(q).as_matrix(), atol=1e-12)
    assert same_rotation(from_matrix(matrix), q)
    assert from_matrix(matrix)[0] >= 0.0


@given(directions, st.floats(-np.pi, np.pi))
def test_half_turns_survive_the_matrix(axis, turn):
    for q in (from_axis_angle(axis, np.pi), from_axis_angle(axis, np.asarray(turn))):
        assert same_rotation(from_matrix(to_matrix(q)), q, 1e-7)


@given(directions, directions)
def test_between_is_the_shortest_way(a, b):
    q = between(a, b)
    assert np.allclose(rotate(q, a), b, atol=1e-6)
    assert np.isclose(angle(q), np.arctan2(np.linalg.norm(np.cross(a, b)), np.dot(a, b)), atol=1e-6)


@given(directions)
def test_between_opposites_is_half_a_turn(a):
    assert np.allclose(rotate(between(a, -a), a), -a, atol=1e-9)


@given(quaternions, quaternions, fractions)
def test_slerp_goes_evenly_along_the_shorter_way(a, b, t):
    whole = angle(multiply(conjugate(a), b))
    part = slerp(a, b, np.asarray(t))
    assert np.isclose(np.linalg.norm(part), 1.0)
    assert np.isclose(angle(multiply(conjugate(a), part)), t * whole, atol=1e-5)
    assert np.isclose(angle(multiply(conjugate(part), b)), (1.0 - t) * whole, atol=1e-5)


@given(quaternions, directions)
def test_twist_turns_about_its_axis_and_swing_does_not(q, axis):
    twist = twist_about(q, axis)
    assert np.allclose(np.cross(twist[1:], axis), 0.0, atol=1e-9)
    swing = multiply(q, conjugate(twist))
    # Where q swings by half a turn the twist is arbitrary and nothing is promised of it.
    if np.hypot(q[0], np.dot(q[1:], axis)) > 1e-3:
        assert abs(np.dot(swing[1:], axis)) < 1e-6


@given(arrays(np.float64, (8, 3, 4), elements=st.floats(0.1, 1.0)), arrays(np.bool_, (8, 3)))
def test_hemisphere_changes_signs_only_and_leaves_no_jump(q, flipped):
    q = normalize(q)
    out = hemisphere(np.where(flipped[..., None], -q, q))
    assert np.allclose(np.abs(out), np.abs(q))
    assert (np.sum(out[1:] * out[:-1], axis=-1) >= 0.0).all()


def test_zero_becomes_the_identity():
    assert normalize(np.zeros(4)).tolist() == [1.0, 0.0, 0.0, 0.0]
