"""The body as what swinging cloth and hair bounce into: its tubes of flesh, asked about all at once. Numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mocap.retarget.volume import Tube
from mocap.rotations import Array

# Rings to which the radii of every tube are brought, so that all can be asked in one go.
_RINGS = 20
# And the angles.
_ANGLES = 32
# Metres along the axis count so many times beyond a tube's ends: they are closed by flat caps.
_CAP = 2.0


@dataclass(frozen=True)
class Obstacles:
    """Q tubes at rest, stacked.

    Attributes:
        bones: (Q,) the bones that carry them.
        origin: (Q, 3) points on their axes; axes: (Q, 3, 3) rows x, y across and z along.
        low, high: (Q, 1) ends along the axis.
        radii: (Q, H, A + 1) at H heights and A `_diamond` angles from −2 on, the first of them once more at the end.
    """

    bones: np.ndarray
    origin: Array
    axes: Array
    low: Array
    high: Array
    radii: Array

    def pushes(self, turn: Array, origin: Array, points: Array, keep: Array) -> tuple[Array, Array]:
        """How points must move to keep clear, each out of the tube where it is deepest.

        Args:
            turn: (Q, 3, 3) rows x, y, z of the tubes' axes as posed; origin: (Q, 3) their posed origins.
            points: (P, 3); keep: (Q, P) metres from the skin that they keep.

        Returns:
            (P, 3) metres to move, 0 for those that are clear, and (P,) by how much they lack it, negative if clear.
        """
        local = (points - origin[:, None]) @ turn.transpose(0, 2, 1)
        clearance, outward = self._clearance(local)
        lack = keep - clearance
        deepest = lack.argmax(axis=0)
        each = np.arange(len(points))
        most = lack[deepest, each]
        away = outward[deepest, each]
        moved = np.maximum(most, 0.0)[:, None] * away
        return (moved[:, None] @ turn[deepest])[:, 0], most

    def clearances(self, points: Array) -> Array:
        """(Q, P) metres by which points (P, 3) of the rest pose are outside each tube; negative inside."""
        local = (points - self.origin[:, None]) @ self.axes.transpose(0, 2, 1)
        return self._clearance(local)[0]

    def _clearance(self, local: Array) -> tuple[Array, Array]:
        """(Q, P) metres outside the skin of points (Q, P, 3) in the tubes' own axes, and (Q, P, 3) the way out."""
        x, y, z = local[..., 0], local[..., 1], local[..., 2]
        rings, angles = self.radii.shape[1], self.radii.shape[2] - 1
        on_axis = np.minimum(np.maximum(z, self.low), self.high)
        beyond = _CAP * (z - on_axis)
        height = (on_axis - self.low) * ((rings - 1) / (self.high - self.low))
        angle = (2.0 + _diamond(x, y)) * (angles / 4.0)
        row, column = np.minimum(height.astype(np.intp), rings - 2), np.minimum(angle.astype(np.intp), angles - 1)
        u, v = height - row, angle - column
        flat = self.radii.ravel()
        cell = (np.arange(len(local))[:, None] * rings + row) * (angles + 1) + column
        near, far = flat[cell], flat[cell + angles + 1]
        near += v * (flat[cell + 1] - near)
        far += v * (flat[cell + angles + 2] - far)
        away = np.stack((x, y, beyond), axis=-1)
        distance = np.sqrt(np.einsum("qpk,qpk->qp", away, away)) + 1e-9
        return distance - (near + u * (far - near)), away / distance[..., None]


def stack(tubes: Sequence[Tube]) -> Obstacles:
    """All tubes as one."""
    radii = np.stack([_resampled(tube.radii) for tube in tubes])
    return Obstacles(
        bones=np.array([tube.bone for tube in tubes]),
        origin=np.stack([tube.origin for tube in tubes]),
        axes=np.stack([tube.axes for tube in tubes]),
        low=np.array([[tube.low] for tube in tubes]),
        high=np.array([[tube.high] for tube in tubes]),
        radii=radii,
    )


def _resampled(radii: Array) -> Array:
    """(H, A + 1) radii at the heights and angles of `Obstacles` from those (H', A') of a tube."""
    rows, columns = radii.shape
    quarter = np.linspace(-2.0, 2.0, _ANGLES + 1)
    # Back from `_diamond`: the point of the square |x| + |y| = 1 that it counts.
    y = np.where(np.abs(quarter) > 1.0, np.copysign(2.0, quarter) - quarter, quarter)
    x = np.where(np.abs(quarter) > 1.0, -1.0, 1.0) * (1.0 - np.abs(y))
    column = np.arctan2(y, x) * (columns / (2.0 * np.pi))
    left = np.floor(column).astype(np.intp)
    share = column - left
    round_ = (1.0 - share) * radii[:, left % columns] + share * radii[:, (left + 1) % columns]
    row = np.linspace(0.0, rows - 1.0, _RINGS)
    above = np.minimum(row.astype(np.intp), rows - 2)
    down = (row - above)[:, None]
    out: Array = (1.0 - down) * round_[above] + down * round_[above + 1]
    return out


def _diamond(x: Array, y: Array) -> Array:
    """What grows with the angle of (x, y) and is quick to tell: −2 at −x, −1 at −y, 0 at x, 1 at y, 2 at −x again."""
    up = y / (np.abs(x) + np.abs(y) + 1e-12)
    return np.where(x < 0.0, np.copysign(2.0, y) - up, up)
