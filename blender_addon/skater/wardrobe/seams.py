"""Seams and panels of close clothes, and what fabrics are told about a place on them. Numpy alone."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from blender_addon.skater.surface import Surface, cut, open_edges, smoothstep
from blender_addon.skater.wardrobe.fabrics import GRADIENT, PANEL, SEAM
from blender_addon.skater.wardrobe.lines import Cuts
from blender_addon.skater.wardrobe.pattern import Pattern
from mocap.rotations import Array

# Metres over which the panel's field goes from one cloth to the other; only where it is 0.5 counts.
_PANEL_EDGE = 0.04
# Half the angle that the widest side panels take of the body's round.
_WIDEST = np.radians(48.0)


def sewn(cloth: Surface, pattern: Pattern, cuts: Cuts) -> Surface:
    """The same cloth with edges along its seams, so that fields that bend there bend sharply."""
    cloth, _ = cut(cloth, _behind_sides(pattern, cloth))
    if cuts.get("panels", 0.0) > 0.0:
        cloth, _ = cut(cloth, _inside_panel(pattern, cloth, cuts["panels"]))
    return cloth


def seam_fields(
    cloth: Surface,
    pattern: Pattern,
    cuts: Cuts,
    sides: bool = True,
    span: tuple[float, float] | None = None,
) -> dict[str, Array]:
    """(N,) values of `fabrics.GRADIENT`, `PANEL` and `SEAM`.

    Args:
        sides: whether there are seams down the sides.
        span: heights from which and to which a gradient runs; None for the cloth's own.
    """
    lines = [_to_hem(cloth)]
    panel = np.zeros(len(cloth.vertices))
    if sides:
        lines.append(np.abs(_behind_sides(pattern, cloth)))
    if cuts.get("panels", 0.0) > 0.0:
        inside = _inside_panel(pattern, cloth, cuts["panels"])
        lines.append(np.abs(inside))
        panel = np.clip(0.5 + inside / _PANEL_EDGE, 0.0, 1.0)
    height = cloth.vertices[:, 2]
    high, low = (float(height.max()), float(height.min())) if span is None else span
    return {GRADIENT: _down(pattern, cloth, high, low), PANEL: panel, SEAM: np.minimum.reduce(lines)}


def _down(pattern: Pattern, cloth: Surface, high: float, low: float) -> Array:
    """(N,) 0 at the height `high` and above, 1 at `low` and below; on sleeves 1 at the wrist."""
    drop = (high - cloth.vertices[:, 2]) / (high - low)
    shoulder, _, wrist = pattern.arms[_side_of(cloth)].transpose(1, 0, 2)
    way = wrist - shoulder
    along = np.sum((cloth.vertices - shoulder) * way, axis=1) / np.sum(way**2, axis=1)
    return np.clip(drop + (along - drop) * _on_arm(pattern, cloth), 0.0, 1.0)


def _behind_sides(pattern: Pattern, cloth: Surface) -> Array:
    """(N,) metres behind the seams that run over the shoulders, down the sides and inside the legs."""
    body = np.interp(cloth.vertices[:, 2], *pattern.middle)
    shoulder, elbow, wrist = pattern.arms[0]
    arm = np.interp(np.abs(cloth.vertices[:, 0]), (shoulder[0], elbow[0], wrist[0]), (shoulder[1], elbow[1], wrist[1]))
    return cloth.vertices[:, 1] - (body + (arm - body) * _on_arm(pattern, cloth))


def _inside_panel(pattern: Pattern, cloth: Surface, panels: float) -> Array:
    """(N,) metres inside the panels that run from the armpits down the sides; negative outside them."""
    x, _, height = cloth.vertices.T
    leg = pattern.legs[0][::-1]
    on_leg = 1.0 - smoothstep(pattern.crotch, pattern.hip, height)
    out = np.abs(x) - np.interp(height, leg[:, 2], leg[:, 0]) * on_leg
    behind = _behind_sides(pattern, cloth)
    armpit = float(pattern.arms[0, 0, 2]) - 0.08 * pattern.size
    ends = smoothstep(armpit + 0.02 * pattern.size, armpit - 0.1 * pattern.size, height)
    angle = np.abs(np.arctan2(behind, out))
    inside = (_WIDEST * panels * ends - angle) * np.hypot(out, behind)
    return inside - 2.0 * _on_arm(pattern, cloth)


def _on_arm(pattern: Pattern, cloth: Surface) -> Array:
    return smoothstep(0.2, 0.9, cloth.weights[:, pattern.arm_parts].sum(axis=1))


def _side_of(cloth: Surface) -> np.ndarray:
    return np.where(cloth.vertices[:, 0] > 0.0, 0, 1)


def _to_hem(cloth: Surface) -> Array:
    """(N,) metres to the nearest open edge."""
    edges, _ = open_edges(cloth.faces)
    ends = cloth.vertices[edges]
    marks = [ends[:, 0] + share * (ends[:, 1] - ends[:, 0]) for share in (0.0, 0.25, 0.5, 0.75)]
    return cKDTree(np.concatenate(marks)).query(cloth.vertices)[0]
