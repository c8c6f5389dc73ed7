"""Where swinging chains touch the body, and how it throws them off. Numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.skater.obstacles import Obstacles
from mocap.rotations import Array, length

# Metres that a point may have to spare and touches it still.
_TOUCH = 1e-4
# Metres by which links may be too long for a moment within a step, at most.
_STRETCHED = 0.1


@dataclass(frozen=True)
class Probes:
    """P points of cloth and hair that keep clear of the body, each half-way between two joints or one itself.

    First the joints but the roots, then the middles of their links, then in a ring the middles to the next chain's.

    Attributes:
        first, second: (3, P) where in a table of joints (K + 1, 3, C) their coordinates are.
        back: (3, P) where in a table (2 or 3, K, 3, C) they are.
        before: (K, 3, C) where in such a table of (K, 3, C) the number of the chain before is.
        shape: (2 or 3, K, 3, C).
    """

    first: np.ndarray
    second: np.ndarray
    back: np.ndarray
    before: np.ndarray
    shape: tuple[int, int, int, int]

    def at(self, joints: Array) -> Array:
        """(3, P) where they are, by all joints (K + 1, 3, C)."""
        out = joints.take(self.first)
        out += joints.take(self.second)
        out *= 0.5
        return out


def probes(links: int, chains: int, ring: bool) -> Probes:
    """The probes of so many chains of so many links."""
    number = np.arange((links + 1) * 3 * chains).reshape(links + 1, 3, chains)
    below, above = number[1:], number[:-1]
    firsts, seconds = [below, below], [below, above]
    if ring:
        firsts.append(below)
        seconds.append(np.roll(below, -1, axis=2))
    shape = (len(firsts), links, 3, chains)
    first, second = (np.stack(some).transpose(2, 0, 1, 3).reshape(3, -1) for some in (firsts, seconds))
    back = np.arange(np.prod(shape)).reshape(shape).transpose(2, 0, 1, 3).reshape(3, -1)
    return Probes(first, second, back, np.roll(number[:-1], 1, axis=2), shape)


@dataclass(frozen=True)
class Near:
    """The tubes that chains may touch at some steps.

    Attributes:
        tubes: (Q,) indices; obstacles: these tubes at rest.
        keep: (Q, P) metres that the probes keep from each; within: (Q, P) as `Obstacles.within` gives for that.
    """

    tubes: np.ndarray
    obstacles: Obstacles
    keep: Array
    within: Array


@dataclass(frozen=True)
class Contact:
    """C chains of K links and the body about them, over S steps.

    Attributes:
        probes: the points that keep clear of it.
        turn: (S, 3, Q, 3) the tubes' axes x, y, z as posed; shift: (S, 3, Q, 1) what brings their origins to 0 along
            these.
        near: which tubes are near, in all the combinations that there are; of: (S,) which of these it is.
    """

    probes: Probes
    turn: Array
    shift: Array
    near: tuple[Near, ...]
    of: tuple[int, ...]

    def push(self, joints: Array, touching: Array, s: int, furthest: float) -> None:
        """Moves joints out of the body, by at most `furthest` metres.

        Args:
            joints: (K + 1, 3, C), the roots among them, which stay.
            touching: (K, C), into which goes 1 for those that touch it and 0 for the others.
        """
        near, probes = self.near[self.of[s]], self.probes
        if not len(near.tubes):
            touching[:] = 0.0
            return
        touched, by = near.obstacles.pushes(
            self.turn[s].take(near.tubes, axis=1),
            self.shift[s].take(near.tubes, axis=1),
            probes.at(joints),
            near.keep,
            near.within,
            _TOUCH,
        )
        if not len(touched):
            touching[:] = 0.0
            return
        found = np.zeros((probes.shape[0], *touching.shape))
        found.reshape(-1)[touched] = 1.0
        np.maximum(found[0], found[1], out=touching)
        by *= np.minimum(1.0, furthest / np.maximum(length(by.T), 1e-9))
        moves = np.zeros(probes.shape)
        moves.reshape(-1)[probes.back.take(touched, axis=1)] = by
        # A link is moved as a whole by what its middle lacks; the first turns about its root.
        moved, middle = joints[1:], moves[1]
        moved += moves[0]
        moved[0] += middle[0]
        middle *= 0.5
        moved += middle
        moved[:-1] += middle[1:]
        if len(moves) > 2:
            between = moves[2]
            between *= 0.5
            moved += between
            moved += between.take(probes.before)


def contact(
    points: Array, thickness: Array, ring: bool, root: Array, obstacles: Obstacles, axes: Array, origin: Array
) -> Contact | None:
    """The tubes that come within chains' reach at any time; None where none does.

    Args:
        points: (K + 1, 3, C) joints at rest; thickness: (C,) metres that they keep from the skin.
        root: (S, 3, C) first joints; axes: (S, Q, 3, 3), origin: (S, Q, 3) of the tubes as posed.
    """
    ways = np.diff(points, axis=0)
    reach = np.sqrt((ways * ways).sum(axis=1)).sum(axis=0)
    off = points - points[0].mean(axis=1, keepdims=True)
    from_middle = np.sqrt((off * off).sum(axis=1))
    half = np.hypot(0.5 * (obstacles.high - obstacles.low)[:, 0], obstacles.widest[:, 0])
    centre = origin + 0.5 * (obstacles.low + obstacles.high) * axes[:, :, 2]
    away = length(centre - root.mean(axis=2)[:, None]) - half - float(thickness.max())
    tubes = np.flatnonzero(away.min(axis=0) < max(float(from_middle.max()), float(reach.max())))
    if not len(tubes):
        return None
    asked = probes(points.shape[0] - 1, points.shape[2], ring)
    few = obstacles.some(tubes)
    # Nothing is pushed out of its rest shape: what lies closer at rest may stay so.
    thick = np.broadcast_to(thickness, (asked.shape[0], asked.shape[1], len(thickness))).reshape(-1)
    keep = np.minimum(thick, few.clearances(asked.at(points).T))
    sets, of = np.unique(away[:, tubes] < (from_middle[0] + reach).max() + _STRETCHED, axis=0, return_inverse=True)
    near = []
    for there in sets:
        some = few.some(there)
        near.append(Near(np.flatnonzero(there), some, keep[there], some.within(keep[there])))
    shift = -(axes[:, tubes] * origin[:, tubes, None]).sum(axis=-1)
    return Contact(
        probes=asked,
        turn=np.ascontiguousarray(axes[:, tubes].swapaxes(1, 2)),
        shift=np.ascontiguousarray(shift.swapaxes(1, 2))[..., None],
        near=tuple(near),
        of=tuple(of.reshape(-1).tolist()),
    )
