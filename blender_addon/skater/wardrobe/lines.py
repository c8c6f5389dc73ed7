"""Where close clothes end, as fields over a body at rest: metres, about, inside the garment's edge, negative outside.

Points are (N, 3), weights (N, B), cuts as `cuts.CUTS` names them. A garment's cover is the least of its lines.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from blender_addon.skater.surface import smoothstep
from blender_addon.skater.wardrobe.pattern import Pattern
from mocap.rotations import Array

Cuts = Mapping[str, float]

# Cut "neckline" → where the collar ends (share of the neck), how far the line reaches down in front (shares of
# `Pattern.reach`; a negative one ends above the collar) and how far aside on the shoulders (shares of their width).
_COLLAR = ((0.0, 0.15, 1.0), (0.5, 0.2, 0.2))
_FRONT = ((0.0, 0.15, 0.45, 1.0), (-0.3, 0.02, 0.17, 0.42))
_WIDTH = ((0.0, 0.15, 0.45, 1.0), (0.46, 0.46, 0.58, 0.66))
# Cut "back" → how far the line reaches down behind: share of the way to the waist.
_BACK = ((0.0, 0.35, 1.0), (-0.06, 0.42, 0.97))
# Cut "sleeves" → where they end: 0 at the shoulder, 1 at the elbow, 2 at the wrist.
_SLEEVE = ((0.0, 0.15, 0.35, 0.65, 1.0), (-0.06, 0.13, 0.45, 0.96, 1.95))


def top(pattern: Pattern, points: Array, weights: Array, cuts: Cuts) -> Array:
    """What neckline, open back, keyhole and sleeves leave."""
    return np.minimum.reduce(
        (
            below_neckline(pattern, points, weights, cuts),
            around_keyhole(pattern, points, cuts),
            above_cuff(pattern, points, weights, cuts["sleeves"]),
        )
    )


def below_neckline(pattern: Pattern, points: Array, weights: Array, cuts: Cuts) -> Array:
    """Below the collar and below the line that goes down in front and behind from two points on the shoulders."""
    neckline = cuts["neckline"]
    axis = pattern.neck[1] - pattern.neck[0]
    collar = np.interp(neckline, *_COLLAR) - (points - pattern.neck[0]) @ axis / (axis @ axis)

    back = smoothstep(-0.03 * pattern.size, 0.03 * pattern.size, points[:, 1] - _shoulder_y(pattern))
    front_deep = float(np.interp(neckline, *_FRONT)) * pattern.reach
    back_deep = _back_depth(pattern, cuts["back"])
    width = float(np.interp(neckline, *_WIDTH)) * pattern.shoulders
    # A low back widens below the shoulder blades.
    down = np.clip((pattern.shoulder - points[:, 2]) / max(back_deep, 1e-6), 0.0, 1.0)
    wider = 1.0 + 0.5 * cuts["back"] * back * smoothstep(0.4, 0.75, down)
    aside = np.abs(points[:, 0]) / (width * wider)
    front_line = _drop(aside, front_deep, 2.0 - cuts["vee"])
    back_line = _drop(aside, back_deep, 2.0 + 2.0 * cuts["back"])
    line = pattern.ridge_at(width) - (front_line + (back_line - front_line) * back)
    collar = collar * np.linalg.norm(axis) - 0.2 * weights[:, pattern.head_bones].sum(axis=1)
    return np.minimum(collar, line - points[:, 2])


def around_keyhole(pattern: Pattern, points: Array, cuts: Cuts) -> Array:
    """Outside an oval hole between the shoulder blades, under what is left of the back's edge."""
    top_edge = pattern.shoulder - max(_back_depth(pattern, cuts["back"]), 0.0) - 0.025 * pattern.size
    tall = min(0.2 * cuts["keyhole"] * pattern.reach, 0.5 * (top_edge - pattern.waist))
    wide = 0.45 * cuts["keyhole"] * pattern.shoulders
    if tall < 0.02 * pattern.size:
        return np.ones(len(points))
    from_middle = np.hypot(points[:, 0] / wide, (points[:, 2] - (top_edge - tall)) / tall)
    ahead = np.maximum(_shoulder_y(pattern) - points[:, 1], 0.0)
    return (from_middle - 1.0) * min(tall, wide) + 4.0 * ahead


def above_cuff(pattern: Pattern, points: Array, weights: Array, sleeves: float) -> Array:
    """On the body's side of the sleeves' ends; 1 more for what is no arm."""
    along = float(np.interp(sleeves, *_SLEEVE))
    side = np.where(points[:, 0] > 0.0, 0, 1)
    shoulder, elbow, wrist = pattern.arms.transpose(1, 0, 2)
    upper = _unit(elbow - shoulder)
    aside = np.array(((1.0, 0.0, 0.0), (-1.0, 0.0, 0.0)))
    armhole = _unit(0.85 * aside + 0.45 * upper)
    knots = (-0.06, 0.45, 0.8, 1.2, 2.0)
    directions = np.stack((armhole, upper, upper, pattern.forearms, pattern.forearms))
    ends = np.stack((shoulder, elbow, wrist))
    end = np.array([[np.interp(along, (0.0, 1.0, 2.0), ends[:, s, k]) for k in range(3)] for s in range(2)])
    end += min(along, 0.0) * np.linalg.norm(elbow - shoulder, axis=1)[:, None] * armhole
    across = _unit(np.array([[np.interp(along, knots, directions[:, s, k]) for k in range(3)] for s in range(2)]))
    inside = np.sum((end[side] - points) * across[side], axis=1)
    # Below the armpit only what hangs on the arm's bones is arm.
    armpit = shoulder[side, 2] - 0.085 * pattern.size
    arm = smoothstep(0.25, 0.6, weights[:, pattern.arm_parts].sum(axis=1))
    return _either(inside, armpit - points[:, 2] - arm, 0.02 * pattern.size)


def above_leg_line(pattern: Pattern, points: Array, weights: Array, leg: float) -> Array:
    """Above the edge at the legs, cut higher on the hip than behind; 1 more for arms."""
    back = smoothstep(-0.05, 0.05, points[:, 1] - pattern.hip_y)
    rise = np.interp(leg, (0.0, 0.5, 1.0), (-0.4, 1.5, 2.3)) + back * np.interp(leg, (0.0, 0.5, 1.0), (0.0, -0.9, -1.3))
    aside = np.minimum(np.abs(points[:, 0]) / pattern.hip_width, 1.0)
    line = pattern.crotch - 0.004 + (pattern.hip - pattern.crotch) * rise * aside
    return points[:, 2] - line + weights[:, pattern.arm_parts].sum(axis=1)


def below_waist(pattern: Pattern, points: Array, weights: Array) -> Array:
    """Below the waistband, which sits between waist and hips; 1 less for arms."""
    band = pattern.waist - 0.3 * (pattern.waist - pattern.hip)
    return band - points[:, 2] - weights[:, pattern.arm_parts].sum(axis=1)


def _shoulder_y(pattern: Pattern) -> float:
    return float(pattern.arms[0, 0, 1])


def _back_depth(pattern: Pattern, back: float) -> float:
    return float(np.interp(back, *_BACK)) * (pattern.shoulder - pattern.waist)


def _drop(aside: Array, deep: float, power: float) -> Array:
    """How far a neckline lies below its points on the shoulders, which are at 1; above them outside."""
    if deep <= 0.0:
        return np.full_like(aside, deep)
    return deep * (1.0 - np.minimum(aside, 3.0) ** power)


def _either(a: Array, b: Array, radius: float) -> Array:
    """The greater of two fields, rounded off where they are nearly equal."""
    share = np.clip(0.5 + 0.5 * np.subtract(a, b) / radius, 0.0, 1.0)
    return np.asarray(b + (a - b) * share + radius * share * (1.0 - share))


def _unit(vectors: Array) -> Array:
    out: Array = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return out
