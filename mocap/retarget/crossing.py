"""Keeps two arms that cross or touch from going through each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import label

from mocap.rotations import Array, dot, length

# Metres of flesh that two arms share where they press: skin gives way.
_SQUEEZE = 0.006


@dataclass(frozen=True)
class Rod:
    """Forearm and hand of one arm over T frames as two rods with flesh around.

    Attributes:
        elbow, wrist, knuckles: (T, 3) their ends.
        radii: metres of flesh around the three.
    """

    elbow: Array
    wrist: Array
    knuckles: Array
    radii: tuple[float, float, float]

    def pieces(self) -> tuple[tuple[Array, Array, float, float], ...]:
        """Forearm and hand: both ends, and the flesh there."""
        elbow, wrist, knuckles = self.radii
        return (self.elbow, self.wrist, elbow, wrist), (self.wrist, self.knuckles, wrist, knuckles)


@dataclass(frozen=True)
class Trunk:
    """The line of the trunk over T frames: a point (T, 3) on it and its direction (T, 3), a unit vector."""

    point: Array
    axis: Array

    def at(self, frames: np.ndarray) -> Trunk:
        """The same line in some of the frames."""
        return Trunk(self.point[frames], self.axis[frames])

    def outward(self, points: Array) -> Array:
        """(T, 3) unit vectors from the line to points (T, 3)."""
        off = points - self.point
        return _unit(off - dot(off, self.axis)[:, None] * self.axis)


def left_is_outer(left: Rod, right: Rod, trunk: Trunk) -> np.ndarray:
    """(T,) bool: which arm lies farther from the body; one answer for as long as the two touch.

    Where a recording takes one arm through the other, the order in which they lie for most of the time is kept.
    """
    gap, between, outward = _nearest(left, right, trunk)
    ahead = dot(between, outward)
    stretches, count = label(gap < 0.0)
    total = np.bincount(stretches, ahead, minlength=count + 1)
    out: np.ndarray = np.where(stretches > 0, total[stretches], ahead) >= 0.0
    return out


def push_apart(left: Rod, right: Rod, trunk: Trunk, outer: np.ndarray) -> tuple[Array, Array]:
    """How far elbow and wrist of the left and of the right arm have to move, (T, 2, 3) each.

    The arm that lies on the other moves, the one beneath it stays on the body; side by side, both move.

    Args:
        outer: (T,) bool from `left_is_outer`.
    """
    pushes = np.zeros((2, len(outer), 2, 3))
    sign = np.where(outer, 1.0, -1.0)
    for i, near in enumerate(left.pieces()):
        for j, far in enumerate(right.pieces()):
            s, t, between, distance = _closest(near[0], near[1], far[0], far[1])
            reach = near[2] + s * (near[3] - near[2]) + far[2] + t * (far[3] - far[2]) - _SQUEEZE
            touching = np.flatnonzero(distance < reach)
            if not len(touching):
                continue
            at = near[0][touching] + s[touching, None] * (near[1] - near[0])[touching]
            outward = trunk.at(touching).outward(at)
            ahead = sign[touching, None] * outward
            way, depth = _apart(between[touching], distance[touching], reach[touching], ahead)
            share = np.clip(0.5 + dot(way, outward), 0.0, 1.0)
            for side, piece, at_share, part, to in ((0, i, s, share, way), (1, j, t, 1.0 - share, -way)):
                move = (part * depth)[:, None] * to
                _take_larger(pushes[side], touching, _on_joints(move, at_share[touching], piece))
    return pushes[0], pushes[1]


def _apart(between: Array, distance: Array, reach: Array, ahead: Array) -> tuple[Array, Array]:
    """Which way (K, 3), and how far (K,), the left rod has to move against the right one.

    Aside, away from it, where that is short; else over it, outward, until their skins touch. Neither choice is made at
    once, lest a hand jump from one to the other.

    Args:
        between: (K, 3) from the right rod's closest point to the left's, and its length `distance` (K,).
        reach: (K,) the length at which they touch; ahead: (K, 3) unit vectors to the side where the left one belongs.
    """
    along = dot(between, ahead)
    aside = between / np.maximum(distance, 1e-6)[:, None]
    aside = aside - np.minimum(dot(aside, ahead), 0.0)[:, None] * ahead
    climb = np.sqrt(np.maximum(reach**2 - (distance**2 - along**2), 0.0)) - along
    # What lies on the wrong side has no way aside.
    share = dot(aside, aside) * climb**2 / np.maximum(climb**2 + (reach - distance) ** 2, 1e-12)
    move = (share * (reach - distance))[:, None] * aside + ((1.0 - share) * climb)[:, None] * ahead
    return _unit(move), length(move)


def _on_joints(move: Array, along: Array, piece: int) -> Array:
    """(K, 2, 3) what elbow and wrist do to move a point at `along` (K,) of the forearm (0) or the hand (1)."""
    elbow = 1.0 - along if piece == 0 else np.zeros_like(along)
    wrist = along if piece == 0 else np.ones_like(along)
    shares = np.stack((elbow, wrist), axis=-1) / (elbow**2 + wrist**2)[:, None]
    return shares[..., None] * move[:, None]


def _take_larger(pushes: Array, frames: np.ndarray, other: Array) -> None:
    """Replaces pushes (T, 2, 3) in some frames by others (K, 2, 3) where these are larger."""
    now = pushes[frames]
    larger = dot(other, other) > dot(now, now)
    pushes[frames] = np.where(larger[..., None], other, now)


def _nearest(left: Rod, right: Rod, trunk: Trunk) -> tuple[Array, Array, Array]:
    """Of the nearest pieces: (T,) gap between their skins, (T, 3) from right to left, (T, 3) unit vector outward."""
    gap = np.full(len(left.wrist), np.inf)
    between, place = np.zeros_like(left.wrist), np.zeros_like(left.wrist)
    for near in left.pieces():
        for far in right.pieces():
            s, t, line, distance = _closest(near[0], near[1], far[0], far[1])
            here = distance - (near[2] + s * (near[3] - near[2]) + far[2] + t * (far[3] - far[2]) - _SQUEEZE)
            nearer = here < gap
            gap = np.where(nearer, here, gap)
            between = np.where(nearer[:, None], line, between)
            place = np.where(nearer[:, None], near[0] + s[:, None] * (near[1] - near[0]), place)
    return gap, between, trunk.outward(place)


def _closest(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array, Array, Array]:
    """Closest points of segments a–b and c–d, all (T, 3).

    Returns:
        (T,) shares along a–b and along c–d, (T, 3) from the point on c–d to that on a–b, and its length (T,).
    """
    u, v, w = b - a, d - c, a - c
    uu, uv, vv = dot(u, u), dot(u, v), dot(v, v)
    uw, vw = dot(u, w), dot(v, w)
    # Parallel segments have no one closest point; any will do.
    s = np.clip((uv * vw - vv * uw) / np.maximum(uu * vv - uv * uv, 1e-12), 0.0, 1.0)
    t = np.clip((uv * s + vw) / np.maximum(vv, 1e-12), 0.0, 1.0)
    s = np.clip((uv * t - uw) / np.maximum(uu, 1e-12), 0.0, 1.0)
    between = w + s[:, None] * u - t[:, None] * v
    return s, t, between, length(between)


def _unit(v: Array) -> Array:
    return v / np.maximum(length(v), 1e-9)[:, None]
