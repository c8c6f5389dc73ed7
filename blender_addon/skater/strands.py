"""How chains of points swing: gravity, still air, their own stiffness, their neighbours and a body in the way.

Position-based dynamics (Müller et al. 2007, "Position based dynamics", J. Visual Communication 18(2)): points move
freely for a step and are then set right, and what they have moved by is their velocity. All chains that hang on a bone
are worked on together; only time is a loop. Numpy alone.

There are few points and many steps: what a step costs is how often it calls numpy, and how simple a piece of memory it
calls it on. So tables are joints first, then axes, chains last; and nothing goes through a library that adds up
differently from one processor to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from blender_addon.skater.contacts import Contact
from blender_addon.skater.rings import Ring
from mocap.inertia import GRAVITY
from mocap.rotations import Array

# Share of critical damping with which stiffness brings a chain back: inner friction of cloth and hair.
DAMPING = 0.35
# Per second, by which a point that touches the body takes on the speed of what carries the chain.
FRICTION = 20.0
# Metres per second at most with which the body throws off what is in it.
OUTWARD = 1.5
# And at which anything moves past what carries it.
FASTEST = 6.0
# A link that turns in a step by more than this cosine says pulls as if it had turned no further.
SLEWED = 0.6
# How far (rad) stiffness may lean a chain to hold its rest shape against gravity; softer ones sag.
LEAN = 1.0
# Metres that count as none.
_NONE = 1e-9


@dataclass(frozen=True)
class Strands:
    """C chains of up to K links that hang on one bone, at rest, in the armature's space.

    Attributes:
        points: (K + 1, 3, C) joints, those that a shorter chain lacks upon its last; links: (K, C) their lengths.
        held: (K, 3, C) where stiffness pulls the joints after the first.
        stiffness, drag: (C,) as in `human.Chain`.
    """

    points: Array
    links: Array
    held: Array
    stiffness: Array
    drag: Array


@dataclass(frozen=True)
class Carrier:
    """The bone that carries chains, over S steps: turn (S, 3, 3) from rest, and root (S, 3, C) their first joints."""

    turn: Array
    root: Array


def strands(points: Sequence[Array], stiffness: Array, drag: Array) -> Strands:
    """Tables of chains: per chain points (K + 1, 3); stiffness, drag (C,)."""
    most = max(len(p) for p in points)
    table = np.stack([np.concatenate((p, np.repeat(p[-1:], most - len(p), axis=0))) for p in points], axis=2)
    ways = np.diff(table, axis=0)
    links = np.sqrt((ways * ways).sum(axis=1))
    return Strands(table, links, _held(table, ways, links, stiffness), stiffness, drag)


def _held(points: Array, ways: Array, links: Array, stiffness: Array) -> Array:
    """(K, 3, C) the rest shape, leant so far against gravity that an upright anchor's chain hangs in its rest shape.

    Without it a flared skirt would hang like a rope. Only what pulls aside is held; what pulls along goes into the
    threads.
    """
    along = ways / np.maximum(links, _NONE)[:, None]
    lean = -GRAVITY * along[:, 2:] * along
    lean[:, 2] += GRAVITY
    lean /= np.maximum(stiffness, 1e-9)
    furthest = LEAN * np.cumsum(links, axis=0)
    shorter = np.minimum(1.0, furthest / np.maximum(_measure(lean), _NONE))
    return points[1:] + lean * shorter[:, None]


def swing(
    chains: Strands, carrier: Carrier, ring: Ring | None, contact: Contact | None, step: float, shown: range
) -> Array:
    """Where the joints are after some of S steps (s); before the first they lie and move as at rest.

    Args:
        ring: how they are sewn to each other; contact: what is in their way.
        shown: which steps, in order.

    Returns:
        (len(shown), K + 1, 3, C)
    """
    shape = chains.held.shape
    # In metres a step, and forces in metres a step and step; one number for each coordinate, so that numpy need not
    # bring tables together.
    stiffness = step * step * chains.stiffness
    spring = np.broadcast_to(stiffness / (1.0 + stiffness), shape).copy()
    drag = np.broadcast_to(step * chains.drag, shape).copy()
    inner = np.broadcast_to(step * 2.0 * DAMPING * np.sqrt(chains.stiffness), shape[::2])
    gravity = np.zeros(shape)
    gravity[:, 2] = -GRAVITY * step * step
    at_root = chains.points[0]
    held = _carried(carrier.turn, carrier.root, chains.held - at_root)
    # What the carrier does from step to step, to the velocity of whatever is rigid with it.
    turning, shifting = _from_one_to_next(carrier)

    place = np.empty((2, *chains.points.shape))
    place[:, 0] = carrier.root[0]
    first = _carried(carrier.turn[:2], carrier.root[:2], chains.points[1:] - at_root)
    place[0, 1:] = first[0]
    moved = first[-1] - first[0]
    lying = place[0, 1:] - place[0, :-1]
    touching = np.zeros(shape[::2])
    out = np.empty((len(shown), *chains.points.shape))
    for s in range(len(held)):
        now, whole = place[s % 2, 1:], place[1 - s % 2]
        # By how much what carries them takes the joints along.
        carried = np.einsum("ij,kjc->kic", turning[s], now)
        carried += shifting[s]
        relative = moved - carried
        # Nothing whips faster: where cloth is caught between belly and thigh, setting points right against each other
        # would throw it ever farther.
        relative *= np.minimum(1.0, step * FASTEST / np.maximum(_measure(relative), _NONE))[:, None]
        moved = carried + relative
        free = np.subtract(held[s], now, out=whole[1:])
        free *= spring
        free += gravity
        free -= drag * moved
        relative *= (inner + (step * FRICTION) * touching)[:, None]
        free -= relative
        if ring is not None:
            ring.pull(free, moved, now, s)
        free += moved
        free += now
        whole[0] = carrier.root[s]
        if ring is not None:
            ring.sew(free, s)
        if contact is not None:
            contact.push(whole, touching, s, step * OUTWARD)
        _link(whole, chains.links, lying)
        moved = free - now
        if s in shown:
            out[shown.index(s)] = whole
    return out


def _carried(turn: Array, root: Array, offset: Array) -> Array:
    """(S, K, 3, C) points that are rigid with a bone: turn (S, 3, 3), root (S, 3, C), at rest offset (K, 3, C)."""
    out = np.einsum("sij,kjc->skic", turn, offset)
    out += root[:, None]
    return out


def _from_one_to_next(carrier: Carrier) -> tuple[Array, Array]:
    """What a point p moves by from step to step as the carrier takes it along: turning (S, 3, 3) · p + shifting (S, 3,
    1); nothing in the first.
    """
    turn, root = carrier.turn, carrier.root[:, :, 0]
    turning, shifting = np.zeros_like(turn), np.zeros_like(root)
    turning[1:] = np.einsum("sik,sjk->sij", turn[1:], turn[:-1]) - np.eye(3)
    shifting[1:] = root[1:] - root[:-1] - np.einsum("sij,sj->si", turning[1:], root[:-1])
    return turning, shifting[..., None]


def _dot(a: Array, b: Array) -> Array:
    """(K, C) scalar products of (K, 3, C)."""
    out: Array = np.einsum("kic,kic->kc", a, b)
    return out


def _measure(v: Array) -> Array:
    """(K, C) lengths of (K, 3, C)."""
    out = _dot(v, v)
    return np.sqrt(out, out)


def _link(points: Array, links: Array, lying: Array) -> None:
    """Gives every link its length: first as physics does, then exactly, from the root on.

    A link pulls along itself as it lay at the beginning of the step: pulling as it lies at the end would brake whatever
    goes round (Ryckaert et al. 1977, "Numerical integration of the cartesian equations of motion of a system with
    constraints", J. Computational Physics 23(3)).

    Args:
        points: (K + 1, 3, C) joints; all but the roots are moved. links: (K, C) lengths.
        lying: (K, 3, C) the links at the beginning of the step, in whose place go those at its end.
    """
    joints = points[1:]
    now = joints - points[:-1]
    distance = np.maximum(_measure(now), _NONE)
    now /= distance[:, None]
    distance -= links
    pulling = lying / np.maximum(links, _NONE)[:, None]
    pulling *= _tensions(now, pulling, distance)[:, None]
    joints -= pulling
    joints[:-1] += pulling[1:]
    above, none = points[0], np.full(links.shape[1], _NONE)
    for joint, link, long in zip(joints, lying, links, strict=True):
        np.subtract(joint, above, link)
        squares = link * link
        size = squares[0] + squares[1]
        size += squares[2]
        np.sqrt(size, size)
        np.maximum(size, none, out=size)
        link *= long / size
        above = np.add(above, link, joint)


def _tensions(now: Array, before: Array, over: Array) -> Array:
    """(K, C) metres by which the ends of each link draw together so that all links of a chain come right at once.

    The chain's equations have three diagonals: a link shares its joints with the link above and the one below.

    Args:
        now: (K, 3, C) unit directions of the links, root first; before: those in which they pull.
        over: (K, C) metres by which they are too long.
    """
    above, below = -_dot(now[1:], before[:-1]), -_dot(now[:-1], before[1:])
    main = np.maximum(_dot(now, before), SLEWED)
    main[1:] *= 2.0
    # Lists of rows: the loops are short, and taking rows out of tables would cost them half of their time.
    mains, right = list(main), list(over)
    for k in range(1, len(mains)):
        factor = above[k - 1] / mains[k - 1]
        mains[k] -= factor * below[k - 1]
        right[k] = right[k] - factor * right[k - 1]
    out = np.array(right)
    out /= main
    below /= main[:-1]
    for k in range(len(mains) - 2, -1, -1):
        out[k] -= below[k] * out[k + 1]
    return out
