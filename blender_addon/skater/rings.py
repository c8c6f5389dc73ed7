"""What chains of a ring, sewn to each other as the strips of a skirt are, do to their neighbours. Numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mocap.rotations import Array

# Per second, by which neighbours of a ring take on each other's speed: threads between them.
TOGETHER = 30.0
# Neighbours of a ring come no closer, along the seam, than this share of their distance there; so they never cross.
CLOSEST = 0.3
# 1/s²: how fast a ring that is wound round the body as a whole unwinds. A single thread can go round as
# well as out, cloth cannot.
UNWINDING = 800.0


@dataclass(frozen=True)
class Ring:
    """C chains of K links side by side, the last beside the first, over S steps.

    Attributes:
        widest: (K, C) metres from each joint to that of the next chain, and around: (K,) all of these.
        tangent: (S, 3, C) along the ring, unit, and middle: (S,) the sum of what the roots are along it.
        seam: (S, 3, C) from each root to the next; across: the same, over its squared length.
        after, before: (K, 3, C) where in a table of that shape the neighbour's number is.
        together, unwinding: what `TOGETHER` and `UNWINDING` are in a step.
    """

    widest: Array
    around: Array
    tangent: Array
    middle: Array
    seam: Array
    across: Array
    after: np.ndarray
    before: np.ndarray
    together: float
    unwinding: float

    def pull(self, force: Array, moved: Array, joints: Array, s: int) -> None:
        """Adds to the force (3, K, C) what neighbours pull each other along by and what unwinds them.

        Args:
            moved: (K, 3, C) in the last step; joints: (K, 3, C) but the roots.
        """
        tangent = self.tangent[s]
        pulled = moved.take(self.after)
        pulled -= moved
        pulled -= pulled.take(self.before)
        pulled *= self.together
        force += pulled
        wound = np.einsum("kic,ic->k", joints, tangent)
        wound -= self.middle[s]
        wound *= self.unwinding / tangent.shape[1]
        force -= wound[:, None, None] * tangent

    def sew(self, joints: Array, s: int) -> None:
        """Brings joints (K, 3, C) within what is sewn between them, and into the order in which they are sewn."""
        apart = joints.take(self.after)
        apart -= joints
        distance = np.sqrt(np.einsum("kic,kic->kc", apart, apart))
        # All round first: pairs one by one would take long to draw in a ring that flies.
        over = np.minimum(1.0, self.around / np.add.reduce(distance, axis=1))
        over -= 1.0
        middle = np.add.reduce(joints, axis=2, keepdims=True)
        middle /= joints.shape[2]
        shift = joints - middle
        shift *= over[:, None, None]
        crossed = CLOSEST - np.einsum("kic,ic->kc", apart, self.across[s])
        np.maximum(crossed, 0.0, out=crossed)
        drawn = np.maximum(distance - self.widest, 0.0)
        drawn /= np.maximum(distance, 1e-9)
        apart *= drawn[:, None]
        apart -= crossed[:, None] * self.seam[s]
        apart *= 0.4
        shift += apart
        shift -= apart.take(self.before)
        joints += shift


def ring_of(points: Array, links: Array, spread: Array, turn: Array, root: Array, step: float) -> Ring:
    """The ring of chains that lie side by side, the last beside the first, in steps of so many seconds.

    Args:
        points: (K + 1, 3, C) joints at rest; links: (K, C) lengths.
        spread: (C,) how many times as wide as at rest the cloth to the next chain can be drawn at the hem.
        turn: (S, 3, 3) of what carries them, from rest; root: (S, 3, C) their first joints.
    """
    following = np.roll(points, -1, axis=2)
    apart = following[1:] - points[1:]
    along = np.cumsum(links, axis=0)
    down = along / np.maximum(along[-1], 1e-9)
    wide = 1.0 + (0.5 * (spread + np.roll(spread, -1)) - 1.0) * down
    widest = wide * np.sqrt((apart * apart).sum(axis=1))
    across = following[0] - np.roll(points[0], 1, axis=1)
    across /= np.maximum(np.sqrt((across * across).sum(axis=0)), 1e-9)
    tangent = np.einsum("sij,jc->sic", turn, across)
    seam = np.roll(root, -1, axis=2) - root
    number = np.arange(apart.size).reshape(apart.shape)
    return Ring(
        widest=widest,
        around=widest.sum(axis=1),
        tangent=tangent,
        middle=(tangent * root).sum(axis=(1, 2)),
        seam=seam,
        across=seam / (seam * seam).sum(axis=1, keepdims=True),
        after=np.roll(number, -1, axis=2),
        before=np.roll(number, 1, axis=2),
        together=0.25 * step * TOGETHER,
        unwinding=step * step * UNWINDING,
    )
