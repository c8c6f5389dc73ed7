"""How chains of points swing: gravity, still air, their own stiffness, their neighbours and a body in the way.

Position-based dynamics (Müller et al. 2007, "Position based dynamics", J. Visual Communication 18(2)): points move
freely for a step and are then set right, and what they have moved by is their velocity. All chains are worked on
together; only time is a loop. Numpy alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from blender_addon.skater.obstacles import Obstacles
from mocap.inertia import GRAVITY
from mocap.rotations import Array, dot, length

# Share of critical damping with which stiffness brings a chain back: inner friction of cloth and hair.
DAMPING = 0.35
# Per second, by which a point that touches the body takes on the speed of what carries the chain.
FRICTION = 20.0
# Metres per second at most with which the body throws off what is in it.
OUTWARD = 1.5
# And at which anything moves past what carries it.
FASTEST = 6.0
# Per second, by which neighbours of a ring take on each other's speed: threads between them.
TOGETHER = 30.0
# Neighbours of a ring come no closer, along the seam, than this share of their distance there; so they never cross.
CLOSEST = 0.3
# 1/s²: how fast a ring that is wound round the body as a whole unwinds. A single thread can go round as
# well as out, cloth cannot.
UNWINDING = 800.0
# A link that turns in a step by more than this cosine says pulls as if it had turned no further.
SLEWED = 0.6
# How far (rad) stiffness may lean a chain to hold its rest shape against gravity; softer ones sag.
LEAN = 1.0


@dataclass(frozen=True)
class Strands:
    """C chains of up to K links at rest, in the armature's space, as tables.

    Attributes:
        points: (C, K + 1, 3) joints, those that a shorter chain lacks upon its last; links: (C, K) their lengths.
        held: (C, K, 3) where stiffness pulls the joints after the first.
        stiffness, drag, thickness: (C,) as in `human.Chain`.
        before, after: (C,) neighbours in the ring; itself for a chain by itself.
        widest: (C, K) metres from each joint to that of the chain after it.
        tangent: (C, 3) along the ring, from the chain before to the one after; 0 for a chain by itself.
        rings: slices of chains that are one ring each.
    """

    points: Array
    links: Array
    held: Array
    stiffness: Array
    drag: Array
    thickness: Array
    before: np.ndarray
    after: np.ndarray
    widest: Array
    tangent: Array
    rings: tuple[slice, ...]


@dataclass(frozen=True)
class Guides:
    """What carries the chains and what is in their way, over S steps.

    Attributes:
        turn: (S, C, 3, 3) of each chain's anchor, from rest; root: (S, C, 3) each chain's first joint.
        tube_turn: (S, Q, 3, 3) rows x, y, z of the tubes' axes; tube_origin: (S, Q, 3).
    """

    turn: Array
    root: Array
    tube_turn: Array
    tube_origin: Array


@dataclass(frozen=True)
class Contact:
    """Chains that may touch some of the tubes.

    Attributes:
        chains: slice of the chains; links: how many the longest of them has.
        tubes: indices; obstacles: these tubes alone.
        after: (C,) the next chain of each within the slice, where they are a ring; else None.
        keep: (Q, C · P) metres that the points of `probed` keep from each tube.
    """

    chains: slice
    links: int
    tubes: np.ndarray
    obstacles: Obstacles
    after: np.ndarray | None
    keep: Array


def strands(
    points: Sequence[Array],
    stiffness: Array,
    drag: Array,
    thickness: Array,
    rings: Sequence[slice],
    spread: Array,
) -> Strands:
    """Tables of chains.

    Args:
        points: per chain (K + 1, 3).
        rings: slices of chains that lie side by side, the last of each beside its first.
        spread: (C,) how many times as wide as at rest the cloth to the next chain can be drawn at the hem.
    """
    count, most = len(points), max(len(p) for p in points)
    table = np.stack([np.concatenate((p, np.repeat(p[-1:], most - len(p), axis=0))) for p in points])
    before, after = np.arange(count), np.arange(count)
    for ring in rings:
        inside = np.arange(count)[ring]
        before[ring], after[ring] = np.roll(inside, 1), np.roll(inside, -1)
    lone = (after == np.arange(count))[:, None]
    apart = length(table[after, 1:] - table[:, 1:])
    across = table[after, 0] - table[before, 0]
    links = length(np.diff(table, axis=1))
    along = np.cumsum(links, axis=1)
    down = along / np.maximum(along[:, -1:], 1e-9)
    wide = 1.0 + (0.5 * (spread + spread[after])[:, None] - 1.0) * down
    return Strands(
        points=table,
        links=links,
        held=_held(table, links, stiffness),
        stiffness=stiffness,
        drag=drag,
        thickness=thickness,
        before=before,
        after=after,
        widest=np.where(lone, np.inf, wide * apart),
        tangent=across / np.maximum(length(across), 1e-9)[:, None],
        rings=tuple(rings),
    )


def _held(points: Array, links: Array, stiffness: Array) -> Array:
    """(C, K, 3) the rest shape, leant so far against gravity that an upright anchor's chain hangs in its rest shape.

    Without it a flared skirt would hang like a rope. Only what pulls aside is held; what pulls along goes into the
    threads.
    """
    along = np.diff(points, axis=1) / np.maximum(links, 1e-9)[..., None]
    aside = np.array((0.0, 0.0, GRAVITY)) - GRAVITY * along[..., 2:] * along
    strength = np.maximum(stiffness, 1e-9)[:, None, None]
    lean = aside / strength
    furthest = LEAN * np.cumsum(links, axis=1)[..., None]
    shorter = np.minimum(1.0, furthest / np.maximum(length(lean)[..., None], 1e-9))
    return points[:, 1:] + lean * shorter


def swing(chains: Strands, guides: Guides, contacts: Sequence[Contact], step: float) -> Array:
    """(S, C, K + 1, 3) where the joints are, step by step (s); before the first they lie and move as at rest."""
    last = len(guides.root) - 1
    offset = chains.held - chains.points[:, :1]
    held = guides.root[:, :, None] + offset @ guides.turn.transpose(0, 1, 3, 2)
    # What the anchor does from step to step, to the velocity of whatever is rigid with it.
    carry = np.concatenate((np.eye(3) + np.zeros_like(guides.turn[:1]), _from_one_to_next(guides.turn)))
    spring = (step * step * chains.stiffness)[:, None, None]
    air = (step * chains.drag)[:, None, None]
    inner = (step * 2.0 * DAMPING * np.sqrt(chains.stiffness))[:, None, None]
    together = 0.25 * step * TOGETHER
    tangent = (guides.turn @ chains.tangent[..., None])[..., 0]
    unwinding = step * step * UNWINDING
    gravity = np.array((0.0, 0.0, -GRAVITY * step * step))

    root = guides.root[0]
    shape = chains.points[:, 1:] - chains.points[:, :1]
    now, then = (guides.root[s][:, None] + shape @ guides.turn[s].transpose(0, 2, 1) for s in (0, min(1, last)))
    moved = then - now
    touching = np.zeros((*now.shape[:2], 1))
    out = np.empty((last + 1, *chains.points.shape))
    for s in range(last + 1):
        # All in metres a step, and forces in metres a step and step.
        carried = guides.root[s][:, None] + (now - root[:, None]) @ carry[s].transpose(0, 2, 1) - now
        above = np.concatenate((root[:, None], now[:, :-1]), axis=1)
        root = guides.root[s]
        # Nothing whips faster: where cloth is caught between belly and thigh, setting points right against each other
        # would throw it ever farther.
        relative = moved - carried
        relative *= np.minimum(1.0, step * FASTEST / np.maximum(length(relative), 1e-9))[..., None]
        moved = carried + relative
        force = gravity - air * moved - (inner + (step * FRICTION) * touching) * relative
        force += together * (moved[chains.before] + moved[chains.after] - 2.0 * moved)
        force += spring / (1.0 + spring) * (held[s] - now)
        for ring in chains.rings:
            wound = dot(now[ring] - root[ring][:, None], tangent[s, ring][:, None]).mean(axis=0)
            force[ring] -= unwinding * wound[:, None] * tangent[s, ring][:, None]
        free = now + moved + force
        _sewn(free, root, chains)
        for contact in contacts:
            touching[contact.chains, : contact.links] = _pushed(free, root, contact, guides, s, step * OUTWARD)
        _linked(free, root, chains.links, now - above)
        moved = free - now
        now = free
        out[s, :, 0], out[s, :, 1:] = root, now
    return out


def _from_one_to_next(turn: Array) -> Array:
    """(S − 1, …, 3, 3) the turns between neighbours of turns (S, …, 3, 3)."""
    out: Array = turn[1:] @ np.swapaxes(turn[:-1], -1, -2)
    return out


def _sewn(points: Array, root: Array, chains: Strands) -> None:
    """Brings neighbours of a ring within what is sewn between them, and into the order in which they are sewn."""
    for ring in chains.rings:
        after, before = chains.after[ring] - ring.start, chains.before[ring] - ring.start
        level, widest = points[ring], chains.widest[ring]
        apart = level[after] - level
        distance = length(apart)
        # All round first: pairs one by one would take long to draw in a ring that flies.
        over = np.minimum(1.0, widest.sum(axis=0) / distance.sum(axis=0))
        shift = (over - 1.0)[:, None] * (level - level.mean(axis=0))
        drawn = np.maximum(distance - widest, 0.0) / np.maximum(distance, 1e-9)
        closer = 0.4 * drawn[..., None] * apart
        seam = (root[ring][after] - root[ring])[:, None]
        width = dot(seam, seam)
        crossed = np.maximum(CLOSEST - dot(apart, seam) / width, 0.0)
        closer -= 0.4 * crossed[..., None] * seam
        level += shift + closer - closer[before]


def probed(joints: Array, root: Array, after: np.ndarray | None) -> Array:
    """(C, P, 3) points of cloth and hair that keep clear of the body: joints, the middles of links, and in a ring the
    middles between neighbours.

    Args:
        joints: (C, K, 3); root: (C, 3); after: (C,) the next chain in the ring, None for chains by themselves.
    """
    above = np.concatenate((root[:, None], joints[:, :-1]), axis=1)
    middles = 0.5 * (joints + above)
    between = [] if after is None else [0.5 * (joints + joints[after])]
    return np.concatenate((joints, middles, *between), axis=1)


def _pushed(points: Array, root: Array, contact: Contact, guides: Guides, s: int, furthest: float) -> np.ndarray:
    """Moves joints out of the body, by at most `furthest` metres; (C, K, 1) bool, which of them touch it."""
    links = contact.links
    joints = points[contact.chains, :links]
    asked = probed(joints, root[contact.chains], contact.after)
    push, lack = contact.obstacles.pushes(
        guides.tube_turn[s, contact.tubes],
        guides.tube_origin[s, contact.tubes],
        asked.reshape(-1, 3),
        contact.keep,
    )
    push *= np.minimum(1.0, furthest / np.maximum(length(push), 1e-9))[:, None]
    push = push.reshape(asked.shape)
    middle = push[:, links : 2 * links]
    joints += push[:, :links]
    # A link is moved as a whole by what its middle lacks; the first turns about its root.
    joints[:, 0] += middle[:, 0]
    joints += 0.5 * middle
    joints[:, :-1] += 0.5 * middle[:, 1:]
    if contact.after is not None:
        between = 0.5 * push[:, 2 * links :]
        joints += between
        joints[contact.after] += between
    deepest = lack.reshape(asked.shape[:2])
    touching: np.ndarray = np.maximum(deepest[:, :links], deepest[:, links : 2 * links])[..., None] > -1e-4
    return touching


def _linked(points: Array, root: Array, links: Array, before: Array) -> None:
    """Gives every link its length: first as physics does, then exactly, from the root on.

    A link pulls along itself as it lay at the beginning of the step, `before` (C, K, 3): pulling as it lies at the end
    would brake whatever goes round (Ryckaert et al. 1977, "Numerical integration of the cartesian equations of motion
    of a system with constraints", J. Computational Physics 23(3)).
    """
    apart = np.concatenate((points[:, :1] - root[:, None], np.diff(points, axis=1)), axis=1)
    distance = np.maximum(length(apart), 1e-9)
    along, pulling = apart / distance[..., None], before / np.maximum(length(before), 1e-9)[..., None]
    pulling *= _tensions(along, pulling, distance - links)[..., None]
    points -= pulling
    points[:, :-1] += pulling[:, 1:]
    above = root
    for k in range(links.shape[1]):
        apart_k = points[:, k] - above
        apart_k *= (links[:, k] / np.maximum(length(apart_k), 1e-9))[:, None]
        above = above + apart_k
        points[:, k] = above


def _tensions(along: Array, pulling: Array, over: Array) -> Array:
    """(C, K) metres by which the ends of each link draw together so that all links of a chain come right at once.

    The chain's equations have three diagonals: a link shares its joints with the link above and the one below.

    Args:
        along: (C, K, 3) unit directions of the links, root first; pulling: those in which they pull.
        over: (C, K) metres by which they are too long.
    """
    turned = np.maximum(dot(along, pulling), SLEWED)
    above, below = -dot(along[:, 1:], pulling[:, :-1]), -dot(along[:, :-1], pulling[:, 1:])
    main = 2.0 * turned
    main[:, 0] = turned[:, 0]
    right = over.copy()
    for k in range(1, over.shape[1]):
        factor = above[:, k - 1] / main[:, k - 1]
        main[:, k] -= factor * below[:, k - 1]
        right[:, k] -= factor * right[:, k - 1]
    out = right / main
    for k in range(over.shape[1] - 2, -1, -1):
        out[:, k] -= below[:, k] * out[:, k + 1] / main[:, k]
    return out
