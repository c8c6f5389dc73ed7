"""Faces that a skater makes, mixed from MakeHuman's expression units.

Every unit has a target for each of the three origins (`targets/expression/units/<origin>`); they count by the
phenotype's shares of them, as MakeHuman's own do. The units were made for the base mesh's face. On a child's they would
tear the cheeks, so they count for less by the face's size; those of the lids, which have as far to go on a child's eye,
count for more where the eyes are wider open.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from blender_addon.makehuman.base_mesh import VERTEX_COUNT, read_base_mesh
from blender_addon.makehuman.targets import RACES, complete_phenotype, read_target
from mocap.errors import UserError
from mocap.meant import meant
from mocap.rotations import Array


def _both(unit: str, amount: float) -> dict[str, float]:
    """The units of both sides: `unit` with {} where the side's name stands."""
    return {unit.format(side): amount for side in ("left", "right")}


# How the names of the lids' units begin; and the vertices in the middle of the upper and the lower lid of either eye.
_LIDS = "eye-"
_LID_EDGES = ((14742, 14755), (14867, 14880))

# Amounts of units, chosen by eye.
EXPRESSIONS: Mapping[str, Mapping[str, float]] = {
    "open_mouth": {"mouth-open": 0.7, "mouth-upward-retraction": 0.4},
    "closed_eyes": _both("eye-{}-closure", 1.0),
    # Eyes narrowed, brows drawn down, teeth set: a jump's take-off.
    "effort": {
        **_both("eye-{}-slit", 0.5),
        **_both("eyebrows-{}-down", 0.9),
        **_both("nose-{}-elevation", 0.4),
        "mouth-part-later": 0.4,
        "mouth-retraction": 0.4,
        "neck-platysma": 0.5,
    },
    "smile": {"mouth-corner-puller": 0.5, "mouth-upward-retraction": 0.65, **_both("eye-{}-slit", 0.2)},
    "frown": {**_both("eyebrows-{}-down", 1.0), **_both("eyebrows-{}-inner-up", 0.5), "mouth-depression": 0.7},
    "surprise": {**_both("eyebrows-{}-up", 1.0), **_both("eye-{}-opened-up", 0.8), "mouth-open": 0.35},
}


def expression_offsets(
    expression: Mapping[str, float], phenotype: Mapping[str, float], vertices: Array, assets: Path
) -> Array:
    """(19158, 3) metres, Blender's axes: what a face's expression adds to a shaped body.

    Args:
        expression: how much (0…1) by name of EXPRESSIONS; several add up.
        phenotype: whose origins weigh the targets.
        vertices: (19158, 3) of the shaped body.

    Raises:
        UserError: an unknown expression, an amount out of its range, or a target that is missing or damaged.
    """
    out = np.zeros((VERTEX_COUNT, 3))
    values = complete_phenotype(phenotype)
    whole = sum(values[origin] for origin in RACES)
    base = read_base_mesh(assets)
    size = min(1.0, _face_height(vertices, base.groups) / _face_height(base.vertices, base.groups))
    opening = max(1.0, _eye_opening(vertices) / _eye_opening(base.vertices))
    for unit, amount in _units(expression).items():
        for origin in RACES:
            share = amount * values[origin] / whole * (opening if unit.startswith(_LIDS) else size)
            if share > 0.0:
                indices, offsets = read_target(assets, f"expression/units/{origin}/{unit}")
                out[indices] += share * offsets
    return out


def _face_height(vertices: Array, groups: Mapping[str, np.ndarray]) -> float:
    """Metres from the middle between the eyes to the middle of the teeth."""
    eyes, teeth = (
        np.mean([vertices[groups[f"helper-{name}"]].mean(axis=0) for name in names], axis=0)
        for names in (("l-eye", "r-eye"), ("upper-teeth", "lower-teeth"))
    )
    return float(np.linalg.norm(eyes - teeth))


def _eye_opening(vertices: Array) -> float:
    """Metres between the lids of the eye that is wider open."""
    return max(float(vertices[upper, 2] - vertices[lower, 2]) for upper, lower in _LID_EDGES)


def _units(expression: Mapping[str, float]) -> dict[str, float]:
    """How much of each unit, no more than all of it."""
    out: dict[str, float] = {}
    for name, amount in expression.items():
        if name not in EXPRESSIONS:
            raise UserError(f"there is no expression {name!r}", place="expression", mend=meant(name, EXPRESSIONS))
        if not 0.0 <= amount <= 1.0:
            raise UserError(f"{amount} is not between 0 and 1", place=f"expression.{name}", mend="Give 0 to 1.")
        for unit, share in EXPRESSIONS[name].items():
            out[unit] = min(1.0, out.get(unit, 0.0) + amount * share)
    return out
