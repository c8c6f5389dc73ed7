"""Hair styles by name, each a piece that is worn on the head."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Callable, Mapping

import numpy as np

from blender_addon.cast import HairSpec
from blender_addon.skater.hair.bun import wind_bun
from blender_addon.skater.hair.curls import lay_curls
from blender_addon.skater.hair.fringe import lay_fringe
from blender_addon.skater.hair.hairdo import Client, Hairdo, Hairdresser
from blender_addon.skater.hair.hanging import find_back
from blender_addon.skater.hair.hat_room import pressed
from blender_addon.skater.hair.head import above_hairline, find_head
from blender_addon.skater.hair.loose import hang_loose
from blender_addon.skater.hair.parted import comb_half_back, comb_to_sides
from blender_addon.skater.hair.short import Cut, cut_hair
from blender_addon.skater.hair.strands import as_hair
from blender_addon.skater.hair.tail import Tail, hang_plait, hang_ponytail
from blender_addon.skater.hair.updo import comb_back, lay_updo
from blender_addon.skater.wardrobe.piece import CLOSE, Fitting, Piece
from mocap.errors import UserError
from mocap.meant import meant

# Metres inside the hairline up to which the skin under hair stays, as hair is thin there.
_EDGE = 0.01
# Metres that combed-back hair stands off the skull.
_CLOSE = 0.006
# Degrees above the horizontal, at most, of a tie that a hat leaves room for.
_BELOW_HAT = -20.0


def make_hair(fitting: Fitting, spec: HairSpec) -> Piece:
    """Somebody's hair. UserError for a style that there is not."""
    if spec.style not in STYLES:
        raise UserError(f"there is no hair style {spec.style!r}", place="hair.style", mend=meant(spec.style, STYLES))
    head = find_head(fitting.body, fitting.parts)
    # No two heads of hair are alike, but the same one is always the same.
    seed = zlib.crc32(repr((spec.style, spec.length, spec.color)).encode())
    client = Client(head, fitting, spec.length, np.random.default_rng(seed))
    hairdo = STYLES[spec.style](client)
    if not hairdo.tufts:
        return Piece(meshes=(), layer=CLOSE)
    tufts = [pressed(tuft, head) for tuft in hairdo.tufts] if client.under_hat else hairdo.tufts
    return Piece(
        meshes=(as_hair(tufts, head),),
        layer=CLOSE,
        covers=None if hairdo.skin_shows else lambda points, weights: above_hairline(points, head) - _EDGE,
        chains=hairdo.chains,
    )


def _bun(client: Client) -> Hairdo:
    updo = comb_back(client.head, _tie(client, -8.0 + 62.0 * client.length), _CLOSE, client.rng)
    bun = wind_bun(client.head, updo, 0.036 * client.head.size, client.rng)
    return Hairdo([*lay_updo(client.head, updo, client.rng), *bun])


def _tie(client: Client, up: float) -> tuple[float, float]:
    """Where hair is tied behind: degrees round the head and above the horizontal."""
    return 180.0, min(up, _BELOW_HAT) if client.under_hat else up


def _ponytail(client: Client) -> Hairdo:
    return _tied(client, 22.0, hang_ponytail, 0.14 + 0.34 * client.length, 0.027)


def _high_ponytail(client: Client) -> Hairdo:
    return _tied(client, 48.0, hang_ponytail, 0.12 + 0.34 * client.length, 0.027)


def _braid(client: Client) -> Hairdo:
    return _tied(client, 4.0, hang_plait, 0.2 + 0.34 * client.length, 0.021)


def _tied(client: Client, up: float, hang: Callable[..., Tail], length: float, thick: float, rows: int = 0) -> Hairdo:
    head, rng = client.head, client.rng
    updo = comb_back(head, _tie(client, up), _CLOSE, rng, rows)
    back, first = find_back(client.fitting), head.bones
    tail = hang(head, back, updo.seat, updo.out, length * head.size, thick * head.size, first, rng)
    return Hairdo([*lay_updo(head, updo, rng), *tail.tufts], (tail.chain,), skin_shows=rows > 0)


def _pigtails(client: Client) -> Hairdo:
    return _tied_twice(client, (126.0, 16.0), hang_ponytail, 0.12 + 0.2 * client.length, 0.021)


def _two_braids(client: Client) -> Hairdo:
    return _tied_twice(client, (132.0, -12.0), hang_plait, 0.16 + 0.28 * client.length, 0.016)


def _tied_twice(
    client: Client, tie: tuple[float, float], hang: Callable[..., Tail], length: float, thick: float
) -> Hairdo:
    head, rng, back = client.head, client.rng, find_back(client.fitting)
    at = (tie[0], min(tie[1], _BELOW_HAT)) if client.under_hat else tie
    hairdo, first = Hairdo([], (), skin_shows=True), head.bones
    for updo in comb_to_sides(head, at, _CLOSE, rng):
        tail = hang(head, back, updo.seat, updo.out, length * head.size, thick * head.size, first, rng)
        tufts = [*hairdo.tufts, *lay_updo(head, updo, rng), *tail.tufts]
        hairdo = dataclasses.replace(hairdo, tufts=tufts, chains=(*hairdo.chains, tail.chain))
        first += len(tail.chain.points) - 1
    return hairdo


def _cornrows(client: Client) -> Hairdo:
    return _tied(client, 14.0, hang_ponytail, 0.1 + 0.3 * client.length, 0.022, rows=20)


def _bob(client: Client) -> Hairdo:
    return _loose(client, 0.08 + 0.07 * client.length)


def _long(client: Client) -> Hairdo:
    return _loose(client, 0.2 + 0.32 * client.length)


def _loose(client: Client, length: float) -> Hairdo:
    parting = float(client.rng.choice((-22.0, 0.0, 22.0)))
    back = find_back(client.fitting)
    tufts, chains = hang_loose(client.head, back, parting, length * client.head.size, 0.013, client.rng)
    return Hairdo(tufts, chains, skin_shows=True)


def _half(client: Client) -> Hairdo:
    head, rng, back = client.head, client.rng, find_back(client.fitting)
    length = (0.2 + 0.32 * client.length) * head.size
    loose, chains = hang_loose(head, back, 0.0, length, 0.007, rng)
    updo = comb_half_back(head, _tie(client, 30.0), 0.012, rng)
    first = head.bones + sum(len(chain.points) - 1 for chain in chains)
    tail = hang_ponytail(head, back, updo.seat, updo.out, 0.75 * length, 0.017 * head.size, first, rng)
    return Hairdo([*loose, *lay_updo(head, updo, rng), *tail.tufts], (*chains, tail.chain), skin_shows=True)


def _short(client: Client) -> Hairdo:
    top, side = 0.01 + 0.018 * client.length, 0.003 + 0.004 * client.length
    cut = Cut(top, side, locks=520, length=0.45, width=0.007, lift=0.008, stray=0.012, overhang=0.12)
    return Hairdo(cut_hair(client.head, cut, client.rng))


def _side_parting(client: Client) -> Hairdo:
    top, side = 0.012 + 0.014 * client.length, 0.004 + 0.004 * client.length
    parting = float(client.rng.choice((-28.0, 28.0)))
    cut = Cut(top, side, locks=420, length=0.55, width=0.009, lift=0.005, stray=0.006, overhang=0.08, parting=parting)
    return Hairdo(cut_hair(client.head, cut, client.rng), skin_shows=True)


def _pixie(client: Client) -> Hairdo:
    top, side = 0.018 + 0.01 * client.length, 0.011 + 0.006 * client.length
    cut = Cut(top, side, locks=520, length=0.6, width=0.01, lift=0.006, stray=0.014, overhang=0.3)
    return Hairdo(cut_hair(client.head, cut, client.rng))


def _buzz(client: Client) -> Hairdo:
    top, side = 0.002 + 0.005 * client.length, 0.001 + 0.002 * client.length
    cut = Cut(top, side, locks=400, length=0.06, width=0.001, lift=0.0006, stray=0.006, overhang=0.0, ragged=0.0)
    return Hairdo(cut_hair(client.head, cut, client.rng))


def _curly(client: Client) -> Hairdo:
    top = 0.02 + 0.05 * client.length
    cut = Cut(
        top,
        side=0.75 * top,
        locks=60,
        length=0.3,
        width=0.004,
        lift=0.01,
        stray=0.02,
        overhang=0.05,
        lumps=0.1 * top,
        frizz=0.0035,
        round=1.0,
    )
    tufts = cut_hair(client.head, cut, client.rng)
    surface = tufts[0].vertices
    places = surface[client.rng.integers(0, len(surface), 700)]
    return Hairdo([*tufts, lay_curls(client.head, places, client.rng, 0.008)])


def _none(client: Client) -> Hairdo:
    return Hairdo([])


def _with_fringe(style: Hairdresser) -> Hairdresser:
    def fringed(client: Client) -> Hairdo:
        hairdo = style(client)
        return dataclasses.replace(hairdo, tufts=[*hairdo.tufts, *lay_fringe(client.head, client.rng)])

    return fringed


STYLES: Mapping[str, Hairdresser] = {
    "bun": _bun,
    "bun_fringe": _with_fringe(_bun),
    "ponytail": _ponytail,
    "ponytail_fringe": _with_fringe(_ponytail),
    "high_ponytail": _high_ponytail,
    "pigtails": _pigtails,
    "braid": _braid,
    "two_braids": _two_braids,
    "cornrows": _cornrows,
    "bob": _bob,
    "bob_fringe": _with_fringe(_bob),
    "long": _long,
    "long_fringe": _with_fringe(_long),
    "half": _half,
    "short": _short,
    "side_parting": _side_parting,
    "pixie": _pixie,
    "buzz": _buzz,
    "curly": _curly,
    "none": _none,
}
