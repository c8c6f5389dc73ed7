"""The body as what swinging cloth and hair bounce into: its tubes of flesh, asked about all at once. Numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from mocap.retarget.volume import Tube
from mocap.rotations import Array

# Rings to which the radii of every tube are brought, so that all can be asked in one go.
_RINGS = 20
# And the angles.
_ANGLES = 32
# Metres along the axis count so many times beyond a tube's ends: they are closed by flat caps.
_CAP = 2.0
# Metres that points must be clear by at least before they are not looked at closely.
_SPARE = 1e-3


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

    @cached_property
    def widest(self) -> Array:
        """(Q, 1) the largest radii."""
        out: Array = self.radii.max(axis=(1, 2))[:, None]
        return out

    @cached_property
    def _corners(self) -> Array:
        """(Q · H · (A + 1), 4) per height and angle the radius there and what it grows by to the next angle, and the
        same one ring further up: what lies between is told by one row.
        """
        grown = np.roll(self.radii, -1, axis=2) - self.radii
        table = np.stack((self.radii, grown), axis=-1)
        return np.concatenate((table, np.roll(table, -1, axis=1)), axis=-1).reshape(-1, 4)

    @cached_property
    def _row(self) -> tuple[Array, Array]:
        """(Q,) rings in a metre, and (Q,) the first of a tube's rows of `_corners`."""
        rings, angles = self.radii.shape[1:]
        return (rings - 1) / (self.high - self.low)[:, 0], np.arange(float(len(self.low))) * rings * angles

    def some(self, chosen: np.ndarray) -> Obstacles:
        """Those of some indices or a mask (Q,)."""
        return Obstacles(*(getattr(self, table.name)[chosen] for table in fields(self)))

    def within(self, keep: Array) -> Array:
        """(Q, P) squared metres from a tube's axis, as `pushes` counts them, beyond which a point is surely clear.

        Args:
            keep: (Q, P) metres from the skin that points keep.
        """
        return np.square(np.maximum(keep + self.widest + _SPARE, 0.0))

    def pushes(
        self, turn: Array, shift: Array, points: Array, keep: Array, within: Array, touch: float
    ) -> tuple[np.ndarray, Array]:
        """How points must move to keep clear, each out of the tube where it is deepest.

        Args:
            turn: (3, Q, 3) x, y, z of the tubes' axes as posed; shift: (3, Q, 1) what brings their origins to 0.
            points: (3, P); keep: (Q, P) metres from the skin that they keep; within: as `within` gives for that.
            touch: metres that a point may have to spare and still touch.

        Returns:
            (M,) points that touch a tube, and (3, M) metres that these must move by, 0 for those that have to spare. A
            point is there once for each tube that it touches, last for the one where it is deepest, which counts.
        """
        local = np.einsum("iqj,jp->iqp", turn, points)
        local += shift
        # In place of z: how far beyond the ends, as caps count it.
        z = local[2]
        on_axis = np.minimum(np.maximum(z, self.low), self.high)
        z -= on_axis
        z *= _CAP
        squares = local * local
        square = squares[0]
        square += squares[1]
        square += squares[2]
        near = np.flatnonzero(square < within)
        which = near // points.shape[1]
        away = local.reshape(3, -1).take(near, axis=1)
        distance = np.sqrt(square.take(near))
        distance += 1e-9
        lack = self._radius(which, on_axis.take(near), away)
        lack -= distance
        lack += keep.take(near)
        touched = np.flatnonzero(lack > -touch)
        if not len(touched):
            return touched, np.empty((3, 0))

        # What is deepest last; of two tubes where a point is as deep, the first last.
        touched = touched.take(np.argsort(-lack.take(touched), kind="stable")[::-1])
        which = which.take(touched)
        moved = away.take(touched, axis=1)
        moved *= np.maximum(lack.take(touched), 0.0) / distance.take(touched)
        back = turn.take(which, axis=1)
        back *= moved[..., None]
        return near.take(touched) - which * points.shape[1], (back[0] + back[1] + back[2]).T

    def clearances(self, points: Array) -> Array:
        """(Q, P) metres by which points (P, 3) of the rest pose are outside each tube; negative inside."""
        local = np.einsum("qij,qpj->iqp", self.axes, points - self.origin[:, None])
        on_axis = np.minimum(np.maximum(local[2], self.low), self.high)
        local[2] = _CAP * (local[2] - on_axis)
        which = np.arange(len(self.low)).repeat(len(points))
        radius = self._radius(which, on_axis.ravel(), local.reshape(3, -1)).reshape(on_axis.shape)
        out: Array = np.sqrt((local * local).sum(axis=0)) + 1e-9 - radius
        return out

    def _radius(self, which: np.ndarray, on_axis: Array, away: Array) -> Array:
        """(N,) metres from the axis to the skin.

        Args:
            which: (N,) tube; on_axis: (N,) height along it, between its ends; away: (3, N) the way out, x and y first.
        """
        angles = self.radii.shape[2]
        per_metre, start = self._row
        height = (on_axis - self.low.take(which)) * per_metre.take(which)
        angle = (_diamond(away[0], away[1]) + 2.0) * ((angles - 1) / 4.0)
        row, column = np.floor(height), np.floor(angle)
        height -= row
        angle -= column
        row *= angles
        row += column
        row += start.take(which)
        corner = self._corners.take(row.astype(np.intp), axis=0)
        near = corner[:, 0] + angle * corner[:, 1]
        far = corner[:, 2] + angle * corner[:, 3]
        far -= near
        far *= height
        near += far
        return near


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
    out = x / (np.abs(x) + np.abs(y) + 1e-12)
    np.subtract(1.0, out, out)
    return np.copysign(out, y, out)
