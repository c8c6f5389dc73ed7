"""Figure skates built around a shaped foot: lofted boot, sole with heel, stanchions, blade with rocker and toe pick.

Sizes follow common freestyle skates: a leather boot that ends a hand's breadth above the ankle, a heel block higher
than the sole under the ball, a 4 mm blade ground to a rocker of about 7 feet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.makehuman.body import Body
from blender_addon.skater.foot import SIDES, Foot, collar_height, find_foot, tights_end
from blender_addon.skater.human import Landmark, SkinnedMesh
from blender_addon.skater.laces import make_lacing
from blender_addon.skater.sole import make_sole
from blender_addon.skater.surface import Surface, as_mesh, join, loft, rigid_weights
from blender_addon.skater.upper import Upper, collar_surface, make_upper, upper_surface
from blender_addon.skater.wardrobe.cuts import CUTS, cuts_of
from blender_addon.skater.wardrobe.fabrics import SEAM
from blender_addon.skater.wardrobe.piece import FOOTWEAR, Fitting, Piece
from mocap.rotations import Array

SOLE_TO_ICE = 0.062  # metres from the skin of the sole to the ice
SOLE_THICKNESS = 0.012
HEEL_THICKNESS = (0.032, 0.024)  # of a woman's boot and of a man's
BLADE_THICKNESS = 0.004
BLADE_HEIGHT = 0.02
ROCKER_RADIUS = 2.1
TOE_PICK_TEETH = 5


def make_skates(fitting: Fitting) -> Piece:
    """Boots and blades of both feet.

    All stands `SOLE_TO_ICE` too low, with the ice at z = −SOLE_TO_ICE: the whole skater is lifted afterwards.
    """
    body, bones = fitting.body, len(fitting.body.rig.names)
    uppers = boot_uppers(fitting)
    feet = [upper.foot for upper in uppers]
    made = [upper_surface(upper, bones) for upper in uppers]
    leather, seams = [surface for surface, _ in made], [seam for _, seam in made]
    lacing = [make_lacing(upper, bones) for upper in uppers]
    heel = heel_thickness(body)
    soles = [_rigid(foot, bones, [make_sole(foot, SOLE_THICKNESS, heel)]) for foot in feet]
    blades = [_rigid(foot, bones, _runner(foot, heel)) for foot in feet]

    def mesh(name: str, pair: Sequence[Surface], garment: str = "boots", **rest: Any) -> SkinnedMesh:
        return as_mesh(name, join(list(pair)), CLOTHES_INDEX[garment], fitting.borders, **rest)

    meshes = (
        mesh("boots", leather, fields={SEAM: np.concatenate(seams)}),
        mesh("collars", [collar_surface(upper, bones) for upper in uppers]),
        mesh("facings", [part.leather for part in lacing]),
        mesh("laces", [part.laces for part in lacing], look="laces"),
        mesh("eyelets", [part.metal for part in lacing], smooth=False, look="metal"),
        mesh("soles", soles, smooth=False, look="sole"),
        mesh("blades", blades, "blades", smooth=False),
    )
    end = min(tights_end(foot, _height(fitting)) for foot in feet)
    return Piece(
        meshes=meshes,
        layer=FOOTWEAR,
        covers=lambda points, weights: end - points[:, 2],
        lift=SOLE_TO_ICE,
        soles=blade_landmarks(body, ice=-SOLE_TO_ICE),
        marks=edge_landmarks(body),
    )


def boot_uppers(fitting: Fitting) -> list[Upper]:
    """The boots' uppers, left and right."""
    height = _height(fitting)
    feet = [find_foot(fitting.body, side) for side in SIDES]
    # Where tights are seen beside it, the shaft goes with the leg alone.
    return [make_upper(foot, collar_height(foot, height), tights_end(foot, height)) for foot in feet]


def blade_landmarks(body: Body, ice: float) -> dict[str, Landmark]:
    """Points on both running edges (left/right × toe, middle, heel); the ice lies at z = `ice` under the bare feet."""
    out = {}
    for side in SIDES:
        foot = find_foot(body, side)
        tail, pick = _edge_ends(foot)
        for place, x in (("toe", pick), ("middle", 0.5 * (tail + pick)), ("heel", tail)):
            out[f"{side}_{place}"] = _on_blade(foot, x, ice + float(_edge_height(foot, np.array(x))))
    return out


def edge_landmarks(body: Body) -> dict[str, Landmark]:
    """What only skates have: "left_edge_toe", "left_edge_middle", "left_edge_heel", "left_toe_pick", and right ones.

    The ice lies at z = −`SOLE_TO_ICE`, as for `make_skates`.
    """
    out = {}
    for name, mark in blade_landmarks(body, ice=-SOLE_TO_ICE).items():
        side, place = name.split("_")
        out[f"{side}_edge_{place}"] = mark
    for side in SIDES:
        foot = find_foot(body, side)
        _, points, climb = _teeth(foot)
        out[f"{side}_toe_pick"] = _on_blade(foot, float(points[0]), float(climb[0]) - SOLE_TO_ICE)
    return out


def _on_blade(foot: Foot, x: float, z: float) -> Landmark:
    return Landmark(
        points=foot.to_rig(np.array(((x, 0.0, z),))),
        bones=np.array(((foot.foot_bone,),)),
        weights=np.ones((1, 1)),
        depth=BLADE_THICKNESS,
        parts=(BODY_PART_INDEX[f"{foot.side}_foot"],),
    )


def _height(fitting: Fitting) -> float:
    worn = fitting.worn.get("boots")
    return CUTS["boots"]["height"].default if worn is None else cuts_of("boots", worn)["height"]


def heel_thickness(body: Body) -> float:
    """Metres from the bare sole to the heel block's underside."""
    return float(np.interp(body.phenotype["gender"], (0.0, 1.0), HEEL_THICKNESS))


def _edge_ends(foot: Foot) -> tuple[float, float]:
    """Where the running edge begins behind the heel and ends before the toe pick, in the foot's x."""
    return -0.016, foot.length - 0.022


def _edge_height(foot: Foot, x: Array) -> Array:
    """Metres of the running edge above the ice: an arc that touches in the middle."""
    tail, pick = _edge_ends(foot)
    return (x - 0.5 * (tail + pick)) ** 2 / (2.0 * ROCKER_RADIUS)


def _runner(foot: Foot, heel: float) -> list[tuple[Array, np.ndarray]]:
    """Blade, the two stanchions and their plates."""
    length = foot.length
    top = BLADE_HEIGHT - SOLE_TO_ICE
    front, back = (0.58 * length, 0.96 * length), (0.0, 0.25 * length)
    out = [_blade(foot)]
    for (start, end), sole in ((front, -SOLE_THICKNESS), (back, -heel)):
        out.append(_block(start, end, sole - 0.003, sole, 0.019))
        out.append(_stanchion(start + 0.08 * length * (start > 0.0), end - 0.03 * length, top - 0.002, sole - 0.003))
    return out


def _blade(foot: Foot) -> tuple[Array, np.ndarray]:
    tail, pick = _edge_ends(foot)
    run = np.linspace(tail, pick, 25)
    top_edge = np.full_like(run, BLADE_HEIGHT)
    top_edge[0] = 0.012
    valley, point, climb = _teeth(foot)
    x = np.concatenate((run, np.stack((valley, point), axis=-1).ravel()))
    bottom = np.concatenate((_edge_height(foot, run), np.stack((climb + 0.0035, climb), axis=-1).ravel()))
    above = np.concatenate((top_edge, np.full(2 * TOE_PICK_TEETH, BLADE_HEIGHT + 0.003)))
    return _profile(x, bottom - SOLE_TO_ICE, above - SOLE_TO_ICE, 0.5 * BLADE_THICKNESS)


def _teeth(foot: Foot) -> tuple[Array, Array, Array]:
    """Teeth climb from the end of the edge, points forward and down: x of valleys and points, metres above the ice."""
    pick = _edge_ends(foot)[1]
    tooth = np.arange(TOE_PICK_TEETH)
    climb = float(_edge_height(foot, np.array(pick))) + 0.0005 + 0.0034 * tooth
    return pick + 0.002 + 0.0045 * tooth, pick + 0.005 + 0.0045 * tooth, climb


def _stanchion(start: float, end: float, bottom: float, top: float) -> tuple[Array, np.ndarray]:
    """A waisted post between plate and blade: rings of four from top to bottom."""
    share = np.linspace(0.0, 1.0, 5)[:, None]
    waist = 0.012 * np.sin(np.pi * share)
    x0, x1 = start + waist, end - waist
    half = 0.008 + (0.5 * BLADE_THICKNESS + 0.0005 - 0.008) * np.sqrt(share)
    z = top + (bottom - top) * share
    corners = ((x0, half), (x1, half), (x1, -half), (x0, -half))
    return loft(np.stack([np.concatenate((x, y, z), axis=1) for x, y in corners], axis=1), True, True)


def _block(x0: float, x1: float, z0: float, z1: float, half: float) -> tuple[Array, np.ndarray]:
    return _profile(np.array((x0, x1)), np.full(2, z0), np.full(2, z1), half)


def _profile(x: Array, bottom: Array, top: Array, half: float) -> tuple[Array, np.ndarray]:
    """A solid from its outline seen from the side, `half` metres to both sides."""
    y = np.full_like(x, half)
    corners = ((y, top), (y, bottom), (-y, bottom), (-y, top))
    return loft(np.stack([np.stack((x, y, z), axis=-1) for y, z in corners], axis=1), True, True)


def _rigid(foot: Foot, bones: int, solids: list[tuple[Array, np.ndarray]]) -> Surface:
    return join([Surface(foot.to_rig(v), f, rigid_weights(len(v), bones, foot.foot_bone)) for v, f in solids])
