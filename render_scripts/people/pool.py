"""People who come again: a pool of them, of whom clips draw."""

from __future__ import annotations

from collections.abc import Sequence

from render_scripts.draws import Draws, Streams, streams_of

# What somebody has for good; clothes and expression are each clip's own.
LASTING = frozenset({"body", "details", "lengths", "skin", "hair", "eyes"})


def draw_member(seed: int, pool: str, members: Sequence[int], taken: set[int], streams: Streams) -> Streams:
    """The streams of somebody who comes of a pool.

    Args:
        seed: of the job; pool: its name; members: whom the clip may have.
        taken: who is in the clip already; whoever is drawn is added.
        streams: of the place in the clip that they take.
    """
    free = [member for member in members if member not in taken] if taken else members
    who = free[int(streams("pool").unit() * len(free))]
    taken.add(who)
    own = streams_of(seed, who, f"pool/{pool}")

    def stream(attribute: str, first: int = 8) -> Draws:
        return (own if attribute.partition("/")[0] in LASTING else streams)(attribute, first)

    return stream
