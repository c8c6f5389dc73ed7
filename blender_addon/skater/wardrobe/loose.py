"""What loose garments have in common: how far they lie off the body, their fall, their edges. Numpy alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from blender_addon.cast import GarmentSpec
from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.skater.human import SkinnedMesh
from blender_addon.skater.surface import Surface, as_mesh, smoothstep, trim
from blender_addon.skater.wardrobe.cuts import cuts_of
from blender_addon.skater.wardrobe.drape import drape, edge_loops, extended, girth_around, hung, weights_around
from blender_addon.skater.wardrobe.lines import Cuts, below_neckline
from blender_addon.skater.wardrobe.pattern import Pattern
from blender_addon.skater.wardrobe.piece import Covers, Fitting
from blender_addon.skater.wardrobe.seams import seam_fields, sewn
from blender_addon.skater.wardrobe.sewing import turn_in
from mocap.rotations import Array

# Metres at the edges of a loose garment under which what it hides is kept, because one can look in there.
LOOK_IN = 0.03

# From the inside out; metres off the suit that each lies by itself, close (0) and wide (1).
_EASE: Mapping[str, tuple[float, float]] = {
    "trousers": (0.004, 0.026),
    "shirt": (0.004, 0.022),
    "jacket": (0.007, 0.024),
}
# Metres off the suit at neck and cuffs.
_AT_EDGE: Mapping[str, float] = {"shirt": 0.003, "jacket": 0.008}
_SLEEVES_CLOSER, _LONG = 0.35, 0.8
# Metres: where tops that reach lower leave the trunk, and between the rows of what hangs below.
_ABOVE_CROTCH, _ROW = 0.05, 0.03
_HEM_DEPTH, _HEM_WIDTH = 0.0015, 0.02


def ease_of(garment: str, worn: Mapping[str, GarmentSpec]) -> float:
    """Metres that a loose garment lies off the suit where it lies closest: its own ease over all worn below it."""
    out = 0.0
    for name, (close, wide) in _EASE.items():
        if name in worn:
            out += close + (wide - close) * cuts_of(name, worn[name])["fit"]
        if name == garment:
            break
    return out


def hem_height(pattern: Pattern, length: float) -> float:
    """Height of a top's hem by its cut "length"."""
    heights = (
        pattern.waist - 0.01,
        pattern.hip + 0.25 * (pattern.waist - pattern.hip),
        pattern.crotch + 0.015,
        pattern.knee + 0.05 * (pattern.hip - pattern.knee),
    )
    return float(np.interp(length, (0.0, 0.3, 0.6, 1.0), heights))


def above_hem(pattern: Pattern, points: Array, weights: Array, hem: float) -> Array:
    """(N,) metres above a hem at that height; 1 more for arms."""
    return points[:, 2] - hem + of_arms(pattern, weights)


def of_arms(pattern: Pattern, weights: Array) -> Array:
    """(N,) 0…1 how far points belong to an arm."""
    out: Array = weights[:, pattern.arm_parts].sum(axis=1)
    return out


def loose_top(
    fitting: Fitting, garment: str, covers: Covers, cuts: Cuts, hem: float, close_below: float = -1.0
) -> Surface:
    """A shirt's or jacket's cloth: close at neck and cuffs, hanging from chest and belly, the wider the freer.

    Args:
        covers: its edges; cuts: its "neckline", "sleeves" and "fit" among others.
        hem: its height; where that is below the crotch, cloth hangs round both legs.
        close_below: height below which it lies close again, as a tucked shirt does.
    """
    pattern, suit = fitting.pattern, fitting.suit
    on_trunk = np.minimum(
        covers(suit.vertices, suit.weights),
        above_hem(pattern, suit.vertices, suit.weights, pattern.crotch + _ABOVE_CROTCH * pattern.size),
    )
    cloth = sewn(trim(suit, on_trunk), pattern, cuts)
    points, arms = cloth.vertices, of_arms(pattern, cloth.weights)
    close = _AT_EDGE[garment]
    loose = smoothstep(0.0, 0.09 * pattern.size, below_neckline(pattern, points, cloth.weights, cuts))
    # Sleeves are cut closer than the trunk, long ones closest at the cuff.
    loose *= 1.0 - _SLEEVES_CLOSER * arms
    if cuts["sleeves"] > _LONG:
        loose *= 1.0 - smoothstep(0.09 * pattern.size, 0.015, to_wrist(pattern, points)) * arms
    loose *= smoothstep(0.0, 0.06, points[:, 2] - close_below)
    ease = close + loose * (ease_of(garment, fitting.worn) * pattern.size - close)
    share = (0.2 + 0.7 * cuts["fit"]) * smoothstep(0.0, 0.12, points[:, 2] - close_below)
    middle = np.stack((np.zeros(len(points)), np.interp(points[:, 2], *pattern.middle)), axis=1)
    wide = hung(points, middle, 1.0 - arms, pattern.chest, share)
    cloth = drape(Surface(wide, cloth.faces, cloth.weights), ease)
    if hem < pattern.crotch + _ABOVE_CROTCH * pattern.size:
        cloth = _round_the_legs(cloth, fitting, hem, cuts["fit"])
    return cloth


def _round_the_legs(cloth: Surface, fitting: Fitting, hem: float, fit: float) -> Surface:
    """A top continued from its lower edge down to its hem, as wide as hips and thighs below it ask for."""
    pattern, suit = fitting.pattern, fitting.suit
    loop = min(edge_loops(cloth.faces), key=lambda row: float(cloth.vertices[row, 2].mean()))
    first = cloth.vertices[loop]
    axis = np.array((0.0, float(first[:, 1].mean())))
    offset = first[:, :2] - axis
    angle, radius = np.arctan2(offset[:, 0], -offset[:, 1]), np.hypot(offset[:, 0], offset[:, 1])
    rows = max(3, round((float(first[:, 2].mean()) - hem) / _ROW))
    down = np.linspace(0.0, 1.0, rows + 1)[1:, None]
    height = first[:, 2] + (hem - first[:, 2]) * down
    legs = suit.vertices[(suit.vertices[:, 2] < pattern.hip) & (of_arms(pattern, suit.weights) < 0.5)]
    girth = girth_around(legs, axis, angle, height.mean(axis=1)) + ease_of("jacket", fitting.worn) * pattern.size
    flare = (0.05 + 0.15 * fit) * (first[:, 2] - height)
    wide = np.maximum.accumulate(np.maximum(radius + flare, girth), axis=0)
    for _ in range(4):
        wide = np.maximum(wide, 0.25 * np.roll(wide, 1, axis=1) + 0.5 * wide + 0.25 * np.roll(wide, -1, axis=1))
    rings = np.stack((axis[0] + wide * np.sin(angle), axis[1] - wide * np.cos(angle), height), axis=-1)
    spread = np.repeat(0.02 + 0.05 * down[:, 0], len(loop))
    hanging = weights_around(rings.reshape(-1, 3), suit, spread).reshape(*rings.shape[:2], -1)
    fade = smoothstep(0.0, 0.08, first[:, 2] - height)[..., None]
    return extended(cloth, loop, rings, (1.0 - fade) * cloth.weights[loop] + fade * hanging)


def to_wrist(pattern: Pattern, points: Array) -> Array:
    """(N,) metres from the wrist of their side towards the elbow."""
    side = np.where(points[:, 0] > 0.0, 0, 1)
    return np.sum((pattern.wrists[side] - points) * pattern.forearms[side], axis=1)


def finished(name: str, cloth: Surface, fitting: Fitting, cuts: Cuts, extra_seams: Array | None = None) -> SkinnedMesh:
    """The garment with turned-in edges and the fields of its fabric; `extra_seams` (N,) are metres to further seams."""
    fields = seam_fields(cloth, fitting.pattern, cuts)
    if extra_seams is not None:
        fields["seam"] = np.minimum(fields["seam"], extra_seams)
    turned, vertex, _ = turn_in(cloth, _HEM_DEPTH, _HEM_WIDTH)
    return as_mesh(
        name,
        turned,
        CLOTHES_INDEX[name],
        fitting.borders,
        fields={field: values[vertex] for field, values in fields.items()},
    )
