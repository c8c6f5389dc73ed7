"""Cut hair: combed from the crown or a parting outwards to the hairline all round. Numpy alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
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
from blender_addon.skater.hair.head import Head, above_hairline, angles, hairline, unit
from blender_addon.skater.hair.strands import Tuft, on_head, ribbons, tapered
from blender_addon.skater.surface import smoothstep
from mocap.rotations import Array

_ROWS, _FRIZZY_ROWS = 18, 44
_THIN = 0.025  # metres inside the hairline up to which hair is thinner
_FRIZZ = 40.0  # waves of curls per radian, times 2π
_INTO_PARTING = 10.0  # degrees above the hairline of a parting's front end
_CROWN = 66.0  # degrees above the horizontal, at the back, from which hair grows outwards
# Degrees above the horizontal between which the sides become the top.
_SIDE, _TOP = 16.0, 50.0


@dataclass(frozen=True)
class Cut:
    """A haircut.

    Attributes:
        top, side: metres that the hair stands off the skull.
        locks: how many lie on it; length: share of the way to the hairline that each covers at most.
        width: metres of the widest; lift: metres that their tips stand up; stray: how far they go astray.
        overhang: share of that way by which they hang over the hairline.
        parting: degrees round the head at which hair is parted, None for none.
        lumps: metres by which the whole is uneven; frizz: and by which it is so from curl to curl.
        round: how soon it becomes lower towards the hairline: 0 for an even cut … 1 for a ball of hair.
        ragged: how uneven its edge is: 0 for hair too short to reach over the hairline … 1 for hair that falls over it.
    """

    top: float
    side: float
    locks: int
    length: float
    width: float
    lift: float
    stray: float
    overhang: float
    parting: float | None = None
    lumps: float = 0.0
    frizz: float = 0.0
    round: float = 0.0
    ragged: float = 1.0


def cut_hair(head: Head, cut: Cut, rng: np.random.Generator) -> list[Tuft]:
    """Hair cut to less than the way to the hairline."""
    combing = _outwards(head, cut, rng)
    count = len(combing.roots)
    surface, crest = _heights(head, combing, cut, rng)
    u, root = rng.uniform(0.0, 1.0, cut.locks), rng.uniform(0.0, 1.0 - 0.6 * cut.length, cut.locks) ** 0.7
    # Where hair is shorter, its locks are.
    share = np.clip(crest(u, np.minimum(root + 0.3, 1.0)) / cut.top, 0.15, 1.0)
    reach = cut.length * rng.uniform(0.7, 1.3, cut.locks) * (0.4 + 0.6 * share)
    tip = np.minimum(root + reach, 1.0 + cut.overhang * share * rng.random(cut.locks))
    locks = Locks(
        u=u,
        root=root,
        tip=tip,
        lift=cut.lift * share * rng.random(cut.locks) ** 2,
        sink=rng.uniform(0.3, 1.0, cut.locks) * 0.5 * cut.side,
        width=rng.uniform(0.3, 1.0, cut.locks) * cut.width,
        drift=cut.stray * rng.standard_normal(cut.locks),
    )
    return [
        _swirled(mantle(head, combing, surface, _FRIZZY_ROWS, count), head, rng)
        if cut.frizz
        else mantle(head, combing, surface, _ROWS, count),
        lay_locks(head, combing, crest, locks),
        _edge_hairs(head, combing, cut, rng),
    ]


def _swirled(tuft: Tuft, head: Head, rng: np.random.Generator) -> Tuft:
    """The surface with strands that swirl: u's lines of equal height on rolling ground."""
    offset = tuft.vertices - head.middle
    ground = 4.0 * _waves(rng, _FRIZZ)(offset / np.linalg.norm(offset, axis=1, keepdims=True))
    return dataclasses.replace(tuft, uv=np.stack((ground[tuft.faces], tuft.uv[..., 1]), axis=-1))


def _outwards(head: Head, cut: Cut, rng: np.random.Generator) -> Combing:
    around = along(hairline, head)
    falls, grows = uneven(rng, len(around), (0.8, 4.0)), uneven(rng, len(around), (5.0, 14.0))
    tips = unit(around, hairline(around) + 1.2 * (cut.ragged * falls + (1.0 - cut.ragged) * grows))
    crown = unit(180.0, _CROWN)
    if cut.parting is None:
        roots = crown + 0.008 * tips
    else:
        # From its front end hair goes to the forehead, from further back to the sides, from the crown to the nape.
        away = np.abs((around - cut.parting + 180.0) % 360.0 - 180.0)
        share = smoothstep(0.0, 115.0, away)[:, None]
        front = unit(cut.parting, float(hairline(np.array(cut.parting))) + _INTO_PARTING)
        roots = (1.0 - share) * front + share * crown + 0.006 * tips
    roots /= np.linalg.norm(roots, axis=1, keepdims=True)
    via = roots + tips
    via /= np.maximum(np.linalg.norm(via, axis=1, keepdims=True), 0.3)
    return Combing(roots, via, tips, closed=True)


def _heights(head: Head, combing: Combing, cut: Cut, rng: np.random.Generator) -> tuple[Height, Height]:
    """Of the surface, that meets the skin at the hairline, and of the locks, that do not."""
    fine = combed(uneven(rng, len(combing.roots), (0.8, 2.2, 5.0)), closed=True)
    coarse = min(0.0012, 0.15 * cut.top)  # metres
    broad, curly = _waves(rng, 9.0), _waves(rng, _FRIZZ)

    def crest(u: Array, v: Array) -> Array:
        directions = combing.directions(u, v)
        up = angles(directions)[1]
        rise = cut.side + (cut.top - cut.side) * smoothstep(_SIDE, _TOP, up)
        lumps = cut.lumps * broad(directions) + cut.frizz * curly(directions)
        parted = 1.0 if cut.parting is None else 0.35 + 0.65 * smoothstep(0.0, 0.25, v)
        inside = above_hairline(head.on_skull(directions, 0.0), head)
        end = 1.0 - (0.45 + 0.35 * cut.round) * (1.0 - smoothstep(0.0, _THIN + cut.round * cut.top, inside))
        return end * (rise * parted + lumps) + coarse * smoothstep(0.0, 0.2, v) * fine(u)

    def surface(u: Array, v: Array) -> Array:
        end = smoothstep(0.0, 0.12, 1.0 - v)
        return -0.001 + end * (0.001 + crest(u, v))

    return surface, crest


def _waves(rng: np.random.Generator, fineness: float) -> Callable[[Array], Array]:
    """Unevenness, about −1…1, over directions (…, 3); `fineness` is waves per radian, times 2π."""
    waves, phases = rng.normal(0.0, fineness, (16, 3)), rng.uniform(0.0, 2.0 * np.pi, 16)
    return lambda directions: 2.0 * np.sin(directions @ waves.T + phases).mean(axis=-1)


def _edge_hairs(head: Head, combing: Combing, cut: Cut, rng: np.random.Generator) -> Tuft:
    """Short hairs along the hairline, that lie on the skin."""
    amount = round(1600 - 1180 * cut.ragged)
    u = rng.uniform(0.0, 1.0, amount)
    t = np.linspace(0.0, 1.0, 4)
    reach = (0.2 + 0.8 * cut.ragged) * rng.uniform(0.03, 0.09, amount)
    v = rng.triangular(0.88, 0.94, 1.0, amount)[:, None] + reach[:, None] * t
    directions = combing.directions(u[:, None] + rng.normal(0.0, 0.002, amount)[:, None] * t, v)
    paths = head.on_skull(directions, 0.0004 + rng.uniform(0.0, 0.0012, amount)[:, None] * (1.0 - t))
    widths = tapered((0.4 + 0.6 * cut.ragged) * rng.uniform(0.0005, 0.0014, amount), len(t))
    return on_head(*ribbons(paths, directions, widths, rng.uniform(0.0, 8.0, amount)), head)
