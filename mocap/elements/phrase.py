"""A stretch of choreography with its own clock, and how stretches are strung together into a programme.

A phrase begins and ends on an edge. Two phrases fit when the second begins on the edge on which the first one ends;
what that foot does is then one contact, whose keys come from both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeVar

from mocap.elements.anatomy import Arm, Leg, Pelvis, Trunk
from mocap.elements.blades import Contact
from mocap.elements.flight import Flight, Turn
from mocap.elements.holds import Hold
from mocap.elements.ice import Glide
from mocap.elements.skate import Programme
from mocap.skeleton import OTHER, SIDES

_T = TypeVar("_T")
Keys = Sequence[tuple[float, _T]]

# Seconds: two keys closer than this are one.
_SAME = 1e-6


@dataclass(frozen=True)
class Edge:
    """What a skater stands on between two phrases: the foot ("Left" or "Right"), and whether it runs backward."""

    side: str
    backward: bool = False


@dataclass(frozen=True)
class Moment:
    """An event as it is authored, in the phrase's own seconds; the fields are those of `mocap.events.Event`."""

    type: str
    name: str
    start: float
    end: float
    turns: float = 0.0


@dataclass(frozen=True)
class Phrase:
    """Keys in seconds from the phrase's beginning; see `Programme` for what each of them is.

    Attributes:
        duration: seconds; where the next phrase begins.
        begins, ends: the edges on which it does: the foot whose contact goes on from the phrase before, from second 0,
            and the foot whose contact lasts to the end and goes on into the next.
        turns, flights, holds: as of `Programme`; a turn's momentum begins and ends within the phrase.
        moments: what a label says of it.
    """

    duration: float
    begins: Edge
    ends: Edge
    glide: Keys[Glide]
    contacts: Sequence[Contact]
    knee: Keys[float]
    pelvis: Keys[Pelvis] = ()
    trunk: Keys[Trunk] = ()
    arms: Mapping[str, Keys[Arm]] = field(default_factory=dict)
    legs: Mapping[str, Keys[Leg]] = field(default_factory=dict)
    turns: Sequence[Turn] = ()
    flights: Sequence[Flight] = ()
    holds: Sequence[Hold] = ()
    moments: Sequence[Moment] = ()


def string_together(
    phrases: Sequence[Phrase], start: tuple[float, float], direction: float
) -> tuple[Programme, tuple[Moment, ...], float]:
    """One programme of phrases that follow each other.

    Args:
        phrases: in order; where two of them give a key for the same instant, the later phrase's holds.
        start: where on the ice it begins (metres); direction: which way it goes (degrees from +X).

    Returns:
        The programme, its moments in its own seconds, and its duration in seconds.

    Raises:
        ValueError: a phrase does not begin on the edge on which the one before it ends.
    """
    for before, after in pairwise(phrases):
        if before.ends != after.begins:
            raise ValueError(f"a phrase that begins on {after.begins} cannot follow one that ends on {before.ends}")
    at = [0.0]
    for phrase in phrases:
        at.append(at[-1] + phrase.duration)
    timed = list(zip(at[:-1], phrases, strict=True))
    programme = Programme(
        start=start,
        direction=direction,
        glide=_keys((t, p.glide) for t, p in timed),
        turns=tuple(
            replace(turn, momentum=_shifted(turn.momentum, t), reached=_shifted(turn.reached, t))
            for t, phrase in timed
            for turn in phrase.turns
        ),
        contacts=_contacts(timed),
        flights=tuple(
            Flight(*(t + second for second in (f.push, f.takeoff, f.landing, f.settled)))
            for t, phrase in timed
            for f in phrase.flights
        ),
        knee=_keys((t, p.knee) for t, p in timed),
        pelvis=_keys((t, p.pelvis) for t, p in timed) or ((0.0, Pelvis()),),
        trunk=_keys((t, p.trunk) for t, p in timed) or ((0.0, Trunk()),),
        arms={side: _keys((t, p.arms.get(side, ())) for t, p in timed) or ((0.0, Arm()),) for side in SIDES},
        legs={side: _keys((t, p.legs.get(side, ())) for t, p in timed) or ((0.0, Leg()),) for side in SIDES},
        holds=tuple(replace(hold, keys=_shifted(hold.keys, t)) for t, phrase in timed for hold in phrase.holds),
        turned=180.0 if phrases[0].begins.backward else 0.0,
    )
    moments = tuple(
        replace(moment, start=t + moment.start, end=t + moment.end) for t, phrase in timed for moment in phrase.moments
    )
    return programme, moments, at[-1]


def mirrored(phrase: Phrase) -> Phrase:
    """The same phrase to the other side: left and right change places, in the moments' names as well."""
    return replace(
        phrase,
        begins=replace(phrase.begins, side=OTHER[phrase.begins.side]),
        ends=replace(phrase.ends, side=OTHER[phrase.ends.side]),
        glide=[(t, replace(glide, curve=-glide.curve)) for t, glide in phrase.glide],
        contacts=[
            replace(c, side=OTHER[c.side], keys=[(t, replace(blade, turned=-blade.turned)) for t, blade in c.keys])
            for c in phrase.contacts
        ],
        pelvis=[(t, replace(p, hike=-p.hike, turn=-p.turn)) for t, p in phrase.pelvis],
        trunk=[
            (t, replace(p, lean=-p.lean, twist=-p.twist, head_lean=-p.head_lean, head_turn=-p.head_turn))
            for t, p in phrase.trunk
        ],
        arms={OTHER[side]: keys for side, keys in phrase.arms.items()},
        legs={OTHER[side]: keys for side, keys in phrase.legs.items()},
        turns=[
            replace(turn, turns=-turn.turns, reached=[(t, -count) for t, count in turn.reached])
            for turn in phrase.turns
        ],
        holds=[
            replace(h, side=OTHER[h.side], segment=_other_side(h.segment), point=(-h.point[0], *h.point[1:]))
            for h in phrase.holds
        ],
        moments=[replace(moment, name=_swapped(moment.name)) for moment in phrase.moments],
    )


def _other_side(segment: str) -> str:
    side = next((side for side in SIDES if segment.startswith(side)), None)
    return segment if side is None else OTHER[side] + segment.removeprefix(side)


def _swapped(name: str) -> str:
    words = {"left": "right", "right": "left"}
    return " ".join(words.get(word, word) for word in name.split(" "))


def _shifted(keys: Keys[_T], by: float) -> tuple[tuple[float, _T], ...]:
    return tuple((time + by, value) for time, value in keys)


def _keys(timed: Iterable[tuple[float, Keys[_T]]]) -> tuple[tuple[float, _T], ...]:
    """All keys in order of time; of two for one instant, the later phrase's."""
    out: list[tuple[float, _T]] = []
    for by, keys in timed:
        for time, value in _shifted(keys, by):
            while out and out[-1][0] > time - _SAME:
                out.pop()
            out.append((time, value))
    return tuple(out)


def _contacts(timed: Sequence[tuple[float, Phrase]]) -> tuple[Contact, ...]:
    """All contacts, those that go on from one phrase into the next made one."""
    out: list[Contact] = []
    for by, phrase in timed:
        for contact in sorted(phrase.contacts, key=lambda c: c.start):
            moved = replace(contact, keys=_shifted(contact.keys, by))
            before = next((i for i, c in enumerate(out) if c.side == moved.side and c.end >= moved.start - _SAME), None)
            if before is None:
                out.append(moved)
                continue
            first = out[before]
            turned = round(first.keys[-1][1].turned)
            if first.backward != (moved.backward ^ (turned % 2 == 1)):
                raise ValueError(f"the {moved.side} foot cannot turn round at {moved.start:.2f} s without being lifted")
            goes_on = tuple((at, replace(blade, turned=blade.turned + turned)) for at, blade in moved.keys)
            keys = _keys(((0.0, first.keys), (0.0, goes_on)))
            out[before] = replace(first, keys=keys, leave=moved.leave)
    return tuple(out)
