"""Hair styles by name, each a piece that is worn on the head."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

import numpy as np

from blender_addon.cast import HairSpec
from blender_addon.skater.hair.bun import wind_bun
from blender_addon.skater.hair.curls import lay_curls
from blender_addon.skater.hair.hanging import find_back
from blender_addon.skater.hair.head import Head, above_hairline, find_head
from blender_addon.skater.hair.loose import hang_loose
from blender_addon.skater.hair.short import Cut, cut_hair
from blender_addon.skater.hair.strands import Tuft, as_hair
from blender_addon.skater.hair.tail import Tail, hang_plait, hang_ponytail
from blender_addon.skater.hair.updo import comb_back, lay_updo
from blender_addon.skater.human import Chain
from blender_addon.skater.wardrobe.piece import CLOSE, Fitting, Piece
from mocap.errors import UserError
from mocap.meant import meant

# Metres inside the hairline up to which the skin under hair stays, as hair is thin there.
_EDGE = 0.01


def make_hair(fitting: Fitting, spec: HairSpec) -> Piece:
    """Somebody's hair. UserError for a style that there is not."""
    if spec.style not in STYLES:
        raise UserError(f"there is no hair style {spec.style!r}", place="hair.style", mend=meant(spec.style, STYLES))
    return STYLES[spec.style](fitting, spec)


def _own_randomness(spec: HairSpec) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(repr((spec.style, spec.length, spec.color)).encode()))


def _bun(fitting: Fitting, spec: HairSpec) -> Piece:
    head, rng = find_head(fitting.body, fitting.parts), _own_randomness(spec)
    updo = comb_back(head, (180.0, -8.0 + 62.0 * spec.length), 0.006, rng)
    return _worn(head, [*lay_updo(head, updo, rng), *wind_bun(head, updo, head.size * 0.036, rng)])


def _ponytail(fitting: Fitting, spec: HairSpec) -> Piece:
    return _tied(fitting, spec, 22.0, hang_ponytail, 0.14 + 0.34 * spec.length, 0.027)


def _high_ponytail(fitting: Fitting, spec: HairSpec) -> Piece:
    return _tied(fitting, spec, 48.0, hang_ponytail, 0.12 + 0.34 * spec.length, 0.027)


def _braid(fitting: Fitting, spec: HairSpec) -> Piece:
    return _tied(fitting, spec, 8.0, hang_plait, 0.2 + 0.34 * spec.length, 0.021)


def _tied(fitting: Fitting, spec: HairSpec, up: float, hang: Callable[..., Tail], length: float, thick: float) -> Piece:
    head, rng = find_head(fitting.body, fitting.parts), _own_randomness(spec)
    updo = comb_back(head, (180.0, up), 0.006, rng)
    size = head.size
    tail = hang(head, find_back(fitting), updo.seat, updo.out, length * size, thick * size, head.bones, rng)
    return _worn(head, [*lay_updo(head, updo, rng), *tail.tufts], (tail.chain,))


def _bob(fitting: Fitting, spec: HairSpec) -> Piece:
    return _loose_hair(fitting, spec, 0.08 + 0.07 * spec.length)


def _loose(fitting: Fitting, spec: HairSpec) -> Piece:
    return _loose_hair(fitting, spec, 0.2 + 0.32 * spec.length)


def _loose_hair(fitting: Fitting, spec: HairSpec, length: float) -> Piece:
    head, rng = find_head(fitting.body, fitting.parts), _own_randomness(spec)
    parting = float(rng.choice((-22.0, 0.0, 22.0)))
    tufts, chains = hang_loose(head, find_back(fitting), parting, length * head.size, 0.013, rng)
    return _worn(head, tufts, chains)


def _cut(fitting: Fitting, spec: HairSpec, cut: Cut) -> Piece:
    head = find_head(fitting.body, fitting.parts)
    return _worn(head, cut_hair(head, cut, _own_randomness(spec)))


def _short(fitting: Fitting, spec: HairSpec) -> Piece:
    return _cut(
        fitting,
        spec,
        Cut(0.012 + 0.016 * spec.length, 0.005 + 0.005 * spec.length, 520, 0.45, 0.007, 0.008, 0.012, 0.12),
    )


def _buzz(fitting: Fitting, spec: HairSpec) -> Piece:
    return _cut(
        fitting, spec, Cut(0.002 + 0.005 * spec.length, 0.001 + 0.002 * spec.length, 500, 0.12, 0.002, 0.001, 0.01, 0.0)
    )


def _side_parting(fitting: Fitting, spec: HairSpec) -> Piece:
    side = float(_own_randomness(spec).choice((-28.0, 28.0)))
    return _cut(
        fitting,
        spec,
        Cut(0.014 + 0.014 * spec.length, 0.006 + 0.004 * spec.length, 420, 0.55, 0.009, 0.005, 0.006, 0.08, side),
    )


def _pixie(fitting: Fitting, spec: HairSpec) -> Piece:
    return _cut(
        fitting, spec, Cut(0.018 + 0.01 * spec.length, 0.011 + 0.006 * spec.length, 520, 0.6, 0.01, 0.006, 0.014, 0.3)
    )


def _curly(fitting: Fitting, spec: HairSpec) -> Piece:
    head, rng = find_head(fitting.body, fitting.parts), _own_randomness(spec)
    top = 0.02 + 0.05 * spec.length
    tufts = cut_hair(head, Cut(top, 0.7 * top, 60, 0.3, 0.004, 0.01, 0.02, 0.05, lumps=0.12 * top), rng)
    surface = tufts[0].vertices
    places = surface[rng.integers(0, len(surface), 650)]
    return _worn(head, [*tufts, lay_curls(head, places, rng, 0.008)])


def _worn(head: Head, tufts: list[Tuft], chains: tuple[Chain, ...] = ()) -> Piece:
    return Piece(
        meshes=(as_hair(tufts, head),),
        layer=CLOSE,
        covers=lambda points, weights: above_hairline(points, head) - _EDGE,
        chains=chains,
    )


STYLES: Mapping[str, Callable[[Fitting, HairSpec], Piece]] = {
    "bun": _bun,
    "ponytail": _ponytail,
    "high_ponytail": _high_ponytail,
    "braid": _braid,
    "bob": _bob,
    "loose": _loose,
    "short": _short,
    "buzz": _buzz,
    "side_parting": _side_parting,
    "pixie": _pixie,
    "curly": _curly,
}
