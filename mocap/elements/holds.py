"""Hands that take hold of the body: a blade pulled up behind, a knee. The arm reaches, its elbow stays as authored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mocap.elements import anatomy
from mocap.elements.keyframes import ease, through
from mocap.rotations import Array, between, conjugate, multiply, rotate
from mocap.skeleton import Skeleton

# Shares of its length: up to which an arm reaches exactly, and which it nears without a jerk when asked for more.
_EASY_REACH, _FULL_REACH = 0.95, 0.985


@dataclass(frozen=True)
class Hold:
    """A palm that is taken to a point of the body and kept there.

    Attributes:
        side: whose hand, "Left" or "Right".
        segment, point: what is held: a segment, and a point in its frame (metres).
        keys: (seconds, how firmly), 0 the arm as authored … 1 the palm on the point.
    """

    side: str
    segment: str
    point: tuple[float, float, float]
    keys: Sequence[tuple[float, float]]


def reach(
    hold: Hold, skeleton: Skeleton, times: Array, arm: tuple[Array, Array, Array], body: tuple[Array, Array]
) -> dict[str, Array]:
    """Local rotations (T, 4) of the upper arm and forearm that bring a palm to what it holds.

    The elbow opens or closes as far as the distance asks (law of cosines), then the whole arm turns the shortest way,
    so that its elbow points where the authored arm's points.

    Args:
        hold: the hand, the point and the keys.
        skeleton: whose arm it is.
        times: (T,) seconds.
        arm: authored local rotations (T, 4) of upper arm, forearm and hand.
        body: world orientations (T, J, 4) and positions (T, J, 3), right for all but this arm.
    """
    names = [f"{hold.side}{name}" for name in ("UpperArm", "ForeArm", "Hand")]
    upper_at, fore_at, hand_at = (skeleton.index(name) for name in names)
    elbow_at, wrist_at = skeleton.offsets[fore_at], skeleton.offsets[hand_at]
    palm = wrist_at + rotate(arm[2], skeleton.points[names[2]][f"p{hold.side}HandPalm"])
    shoulder = body[1][:, upper_at]
    girdle = body[0][:, skeleton.parents[upper_at]]
    authored = multiply(girdle, arm[0])
    there = elbow_at + rotate(arm[1], palm)
    start = shoulder + rotate(authored, there)
    segment = skeleton.index(hold.segment)
    held = body[1][:, segment] + rotate(body[0][:, segment], np.array(hold.point))
    target = start + ease(through(hold.keys, times))[:, None] * (held - start)

    # The forearm bends about Z after it has turned about its own length: in that turned frame the palm is at `lower`.
    m = anatomy.mirror(hold.side)
    roll = anatomy.about_x(np.degrees(2.0 * np.arctan2(arm[1][:, 1], arm[1][:, 0])))
    lower = rotate(roll, palm) * (m, 1.0, 1.0)
    length, radius = float(np.linalg.norm(elbow_at)), np.hypot(lower[:, 0], lower[:, 1])
    distance = _within(np.linalg.norm(target - shoulder, axis=-1), length + np.linalg.norm(lower, axis=-1))
    cosine = (distance**2 - length**2 - np.sum(lower**2, axis=-1)) / (2.0 * length * radius)
    bend = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)) + np.arctan2(lower[:, 1], lower[:, 0]))
    fore = multiply(anatomy.about_z(-m * bend), roll)
    upper = multiply(between(rotate(authored, elbow_at + rotate(fore, palm)), target - shoulder), authored)
    return {names[0]: multiply(conjugate(girdle), upper), names[1]: fore}


def _within(distance: Array, full: Array) -> Array:
    """(T,) distances that an arm `full` (T,) metres long can reach: as asked, but ever less beyond its easy reach."""
    easy, spare = _EASY_REACH * full, (_FULL_REACH - _EASY_REACH) * full
    return np.minimum(distance, easy) + spare * (1.0 - np.exp(-np.maximum(distance - easy, 0.0) / spare))
