"""Hair combed back from all round the hairline to one place, where it is tied. Numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.skater.hair.combing import (
    Combing,
    Height,
    Locks,
    along,
    combed,
    lay_locks,
    mantle,
    uneven,
)
from blender_addon.skater.hair.head import Head, angles, hairline, unit
from blender_addon.skater.hair.strands import Tuft, on_head, ribbons, tapered
from blender_addon.skater.surface import smoothstep
from mocap.rotations import Array

# Degrees round the tie within which all strands end.
_TIE = 9.0
_ROWS = 22
FROM_HAIRLINE = 0.28
"""Share of a strand from the hairline over which it rises from the skin."""
# Metres from the hairline within which hair has come out of the skin all round, and that it begins below the skin.
_EDGE, _ROOTED = 0.01, 0.0006
# Rows of plaits: points along and across each, crossings along each.
_ROWS_OF_PLAITS, _PER_PLAIT, _CROSSINGS = 52, 9, 14.0
# Degrees above the horizontal down to which the hair before the ears is combed back, too.
_SIDEBURN = 4.0
_CORNER = 6.0  # and how round the corner is that the line makes there
# Degrees by which, and strands over which, the hairline wanders: it never changes from one strand to the next.
_WANDER, _WANDERS = 1.8, (2.0, 6.0, 16.0)


@dataclass(frozen=True)
class Updo:
    """Combed-back hair.

    Attributes:
        combing, height: of its strands.
        seat: (3,) where it is tied, on its surface; out: (3,) unit, away from the head there.
        rise: (C,) share of each strand over which it rises from the skin.
        rows: of plaits close to the head, 0 for none.
    """

    combing: Combing
    height: Height
    seat: Array
    out: Array
    rows: int = 0


def comb_back(head: Head, tie: tuple[float, float], volume: float, rng: np.random.Generator, rows: int = 0) -> Updo:
    """Combs all of the hair to one tie; as `comb_to`."""
    around = along(line_of_updo, head)
    roots = unit(around, line_of_updo(around) + _WANDER * uneven(rng, len(around), _WANDERS))
    rise = np.full(len(around), FROM_HAIRLINE)
    return comb_to(head, roots, tie, volume, rng, rise, rows)


def line_of_updo(around: Array) -> Array:
    """(…,) as `hairline`, but for the tips of the sideburns, that are too short to be combed back."""
    line = hairline(around)
    over = line - _SIDEBURN
    rounded = _SIDEBURN + 0.5 * (over + np.hypot(over, _CORNER))
    return line + (rounded - line) * (1.0 - smoothstep(88.0, 104.0, np.abs(around)))


def comb_to(
    head: Head,
    roots: Array,
    tie: tuple[float, float],
    volume: float,
    rng: np.random.Generator,
    rise: Array,
    rows: int = 0,
) -> Updo:
    """Combs hair to a tie.

    Args:
        roots: (C, 3) directions from the head's middle, once round the hair that is combed.
        tie: degrees round the head and above the horizontal.
        volume: metres that it stands off the skull in the middle.
        rise: (C,) share of each strand over which it rises from the skin.
        rows: of plaits close to the head that it is parted into, 0 for none.
    """
    knot = unit(*tie)
    via = roots + knot
    via /= np.maximum(np.linalg.norm(via, axis=1, keepdims=True), 0.3)
    # From before the ear hair goes over the ear, not through it.
    around, up = angles(roots)
    over_ear = np.exp(-(((np.abs(around) - 77.0) / 9.0) ** 2)) * (1.0 - smoothstep(5.0, 30.0, up))
    via = via + over_ear[:, None] * np.array((0.0, 0.0, 0.35))
    towards = roots - knot
    towards /= np.linalg.norm(towards, axis=1, keepdims=True)
    tips = knot + np.radians(_TIE) * towards
    combing = Combing(roots, via, tips / np.linalg.norm(tips, axis=1, keepdims=True), closed=True)
    lengths = np.arccos(np.clip(np.einsum("ci,ci->c", roots, combing.tips), -1.0, 1.0)) * head.skull(roots)
    height = _in_rows(volume, rows) if rows else _close(volume, rise, lengths, rng)
    return Updo(combing, height, head.on_skull(knot, volume), knot, rows)


def _close(volume: float, rise: Array, lengths: Array, rng: np.random.Generator) -> Height:
    """Of strands that are `lengths` (C,) metres long."""
    count, until, out = len(rise), combed(rise, closed=True), combed(_EDGE / lengths, closed=True)
    fine = combed(uneven(rng, count, (0.8, 2.2, 6.0)), closed=True)
    broad = combed(uneven(rng, count, (9.0,)), closed=True)

    def height(u: Array, v: Array) -> Array:
        edge = 1.6 * _ROOTED * smoothstep(0.0, 1.0, v / out(u)) - _ROOTED
        return edge + smoothstep(0.0, 1.0, v / until(u)) * (
            volume * (0.75 + 0.45 * np.sin(np.pi * v)) + 0.0012 * fine(u) + 0.0012 * broad(u) * np.sin(3.0 * v + 1.0)
        )

    return height


def _in_rows(volume: float, rows: int) -> Height:
    def height(u: Array, v: Array) -> Array:
        place = rows * u % 1.0 - 0.5
        ridge = np.sqrt(np.maximum(0.0, 1.0 - (place / 0.44) ** 2))
        # Crossings of the plait, on either side of its middle by turns.
        crossing = np.abs(np.sin(np.pi * (_CROSSINGS * v + 0.9 * np.abs(place))))
        return -0.002 + smoothstep(0.0, 0.08, v) * (0.0008 + volume * ridge * (0.7 + 0.45 * crossing))

    return height


def lay_updo(head: Head, updo: Updo, rng: np.random.Generator) -> list[Tuft]:
    """The surface of combed-back hair with the strands that one sees on it."""
    if updo.rows:
        surface = mantle(head, updo.combing, updo.height, _ROWS_OF_PLAITS, updo.rows * _PER_PLAIT)
        return [surface, baby_hairs(head, updo.combing, rng)]
    return [
        mantle(head, updo.combing, updo.height, _ROWS, len(updo.combing.roots)),
        lay_locks(head, updo.combing, updo.height, _loose_strands(len(updo.combing.roots), rng)),
        baby_hairs(head, updo.combing, rng),
    ]


def _loose_strands(count: int, rng: np.random.Generator) -> Locks:
    # None begins at the hairline itself: an end as wide as a lock would be seen on the skin.
    root = rng.uniform(0.05, 0.4, count)
    return Locks(
        u=rng.uniform(0.0, 1.0, count),
        root=root,
        tip=np.minimum(root + rng.uniform(0.4, 0.9, count), 1.0),
        lift=rng.uniform(0.0, 0.002, count),
        sink=rng.uniform(0.0012, 0.0025, count),
        width=rng.uniform(0.0012, 0.007, count),
        drift=rng.normal(0.0, 0.006, count),
    )


def baby_hairs(
    head: Head, combing: Combing, rng: np.random.Generator, amount: int = 1600, length: float = 0.018
) -> Tuft:
    """Fine hairs that begin about the hairline, the fewer the further outside, and are combed back with the rest."""
    u = rng.uniform(0.0, 1.0, amount)
    t = np.linspace(0.0, 1.0, 4)
    first = combing.directions(u, np.zeros(amount))
    into = combing.directions(u, np.full(amount, 0.25)) - first
    into /= np.linalg.norm(into, axis=1, keepdims=True)
    stray = np.cross(first, into) * rng.normal(0.0, 0.2, amount)[:, None]
    begin = rng.triangular(-0.004, 0.004, 0.009, amount)
    run = rng.uniform(0.5, 1.3, amount) * length
    reach = (begin[:, None] + run[:, None] * t)[..., None] / head.skull(first)[:, None, None]
    directions = first[:, None] + reach * (into[:, None] + t[:, None] * stray[:, None])
    directions /= np.linalg.norm(directions, axis=-1, keepdims=True)
    height = -0.0003 + rng.uniform(0.0006, 0.0012, amount)[:, None] * np.sin(np.pi * np.minimum(1.2 * t, 1.0)) ** 0.7
    paths = head.on_skull(directions, height)
    widths = tapered(rng.uniform(0.0002, 0.0006, amount), len(t), root=0.12)
    return on_head(*ribbons(paths, directions, widths, rng.uniform(0.0, 8.0, amount)), head)


def tie_frame(out: Array) -> Array:
    """(3, 3) rows: across, up along the head, and out of it, where hair is tied."""
    up = np.array((0.0, 0.0, 1.0)) - out[2] * out
    up /= np.linalg.norm(up)
    return np.stack((np.cross(up, out), up, out))
