"""The body against what MakeHuman's targets prescribe, computed here by a route of its own.

The formula is MPFB2's (`TargetService.calculate_target_stack_from_macro_info_dict` and `_interpolate_macro_components`
in its `src/mpfb/services/targetservice.py`, over the data's `targets/macrodetails/macro.json`): a slider lies between
the two ends of one of its ranges and gives each a share, linear and rounded to four digits; a target counts by the
product of the shares of the words in its name, a breast target without that of its gender; one that would count for no
more than 0.01 is left out. A detail's target counts by the slider's distance from 0 (its
`src/mpfb/ui/model/_modelsubpanels.py`), an expression unit's by its amount and the origin's share of all three and,
by a rule of our own, by how large the face is or how wide the eyes are open. The mesh is the base mesh and all of these
times their offsets.

Where `makehuman.targets` goes from a phenotype to the names of targets, this goes through the files that there are and
asks of each how much it counts.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from blender_addon.makehuman.body import load_body
from blender_addon.makehuman.expressions import EXPRESSIONS

SLIDERS = ("gender", "age", "muscle", "weight", "proportions", "height", "cupsize", "firmness")
ORIGINS = ("african", "asian", "caucasian")
FACE = ("l-eye", "r-eye", "upper-teeth", "lower-teeth")
# Vertices in the middle of the upper and the lower lid, of the left and the right eye.
UPPER_LIDS, LOWER_LIDS = (14742, 14867), (14755, 14880)
MILLIMETRE = 1e-3

# Corners, middles and what lies between; what is not named is at 0.5, origins at 0.
PHENOTYPES: tuple[Mapping[str, float], ...] = (
    {"african": 0.33, "asian": 0.33, "caucasian": 0.33},
    dict.fromkeys(SLIDERS, 0.0) | {"african": 1.0},
    dict.fromkeys(SLIDERS, 1.0) | {"asian": 1.0},
    {"gender": 0.0, "age": 0.35, "height": 0.6, "weight": 0.3, "muscle": 0.7, "caucasian": 1.0},
    {"gender": 1.0, "age": 0.62, "height": 0.8, "proportions": 0.9, "african": 0.7, "caucasian": 0.3},
    {"gender": 0.0, "age": 0.1, "weight": 0.9, "cupsize": 1.0, "asian": 1.0},
    {"gender": 0.3, "age": 0.1875, "height": 0.2, "muscle": 0.1, "proportions": 0.0, "african": 0.2, "asian": 0.5},
    {"gender": 0.0, "age": 0.9, "cupsize": 0.8, "firmness": 0.1, "weight": 1.0, "caucasian": 0.6, "asian": 0.4},
    {"gender": 1.0, "age": 1.0, "height": 0.0, "muscle": 0.0, "weight": 0.0, "african": 0.1, "caucasian": 0.9},
    {"gender": 0.51, "age": 0.49, "height": 1.0, "muscle": 1.0, "weight": 0.49, "firmness": 1.0, "asian": 1.0},
)
# Details by name, and the target files that they stand for.
DETAILS: Mapping[str, float] = {
    "nose-hump-decr-incr": 0.7,
    "chin-width-decr-incr": -0.4,
    "l-ear-wing-decr-incr": 1.0,
    "eye-scale-decr-incr": -0.25,
    "eye-height2-decr-incr": 0.8,
    "head-oval": 0.5,
    "hip-scale-horiz-decr-incr": 1.0,
    "eye-eyefold-concave-convex": 0.6,
}
DETAIL_FILES: Mapping[str, float] = {
    "nose/nose-hump-incr": 0.7,
    "chin/chin-width-decr": 0.4,
    "ears/l-ear-wing-incr": 1.0,
    "eyes/l-eye-scale-decr": 0.25,
    "eyes/r-eye-scale-decr": 0.25,
    "eyes/l-eye-height2-incr": 0.8,
    "eyes/r-eye-height2-incr": 0.8,
    "head/head-oval": 0.5,
    "hip/hip-scale-horiz-incr": 1.0,
    "eyes/l-eye-eyefold-convex": 0.6,
    "eyes/r-eye-eyefold-convex": 0.6,
}


def word_shares(phenotype: Mapping[str, float], assets: Path) -> dict[str, float]:
    """What each word in a macro target's name counts for."""
    macros = json.loads((assets / "targets" / "macrodetails" / "macro.json").read_text())["macrotargets"]
    out = {"universal": 1.0} | {origin: phenotype.get(origin, 0.0) for origin in ORIGINS}
    for slider in SLIDERS:
        value = phenotype.get(slider, 0.5)
        for part in macros[slider]["parts"]:
            if part["lowest"] < value < part["highest"]:
                high = (value - part["lowest"]) / (part["highest"] - part["lowest"])
                out[part["high"]], out[part["low"]] = round(high, 4), round(1.0 - high, 4)
    return out


def macro_files(phenotype: Mapping[str, float], assets: Path) -> dict[Path, float]:
    """How much each of the macro target files counts, of those that count."""
    words = word_shares(phenotype, assets)
    out = {}
    for folder, fixed in (("macrodetails", ""), ("breast", "female")):
        for path in (assets / "targets" / folder).rglob("*.target.gz"):
            named = path.name.removesuffix(".target.gz").split("-")
            if fixed and named[0] != fixed:
                continue
            share = float(np.prod([words.get(word, 0.0) for word in named if word != fixed]))
            if share > 0.01:
                out[path] = share
    return out


@cache
def base_obj(assets: Path) -> tuple[np.ndarray, dict[str, list[int]]]:
    """Decimetres, MakeHuman's axes: the base mesh's points (N, 3), and the vertices of each group's faces."""
    vertices, groups, group = [], dict[str, set[int]](), ""
    for line in (assets / "3dobjs" / "base.obj").read_text().splitlines():
        kind, *values = line.split() or [""]
        if kind == "v":
            vertices.append([float(value) for value in values])
        elif kind == "g":
            group = values[0]
        elif kind == "f":
            groups.setdefault(group, set()).update(int(value.split("/")[0]) - 1 for value in values)
    return np.array(vertices), {name: sorted(corners) for name, corners in groups.items()}


def moved(points: np.ndarray, path: Path, share: float) -> np.ndarray:
    """Decimetres, MakeHuman's axes: points (N, 3) after `share` of a target."""
    out = points.copy()
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        vertex, x, y, z = line.split()
        out[int(vertex)] += share * np.array((float(x), float(y), float(z)))
    return out


def shaped(assets: Path, files: Mapping[Path, float]) -> np.ndarray:
    """Decimetres, MakeHuman's axes: base.obj and the targets."""
    points, _ = base_obj(assets)
    for path, share in files.items():
        points = moved(points, path, share)
    return points


def standing(assets: Path, points: np.ndarray) -> np.ndarray:
    """(N, 3) metres, Blender's axes, the lowest point of the skin on the floor."""
    out = 0.1 * np.stack((points[:, 0], -points[:, 2], points[:, 1]), axis=1)
    out[:, 2] -= out[base_obj(assets)[1]["body"], 2].min()
    return out


def face_height(assets: Path, points: np.ndarray) -> float:
    """From between the eyes to the middle of the teeth, in the points' unit."""
    groups = base_obj(assets)[1]
    middle = {part: points[groups[f"helper-{part}"]].mean(axis=0) for part in FACE}
    eyes, teeth = middle["l-eye"] + middle["r-eye"], middle["upper-teeth"] + middle["lower-teeth"]
    return float(np.linalg.norm(eyes - teeth) / 2.0)


def largest_distance(one: np.ndarray, other: np.ndarray) -> float:
    assert one.shape == other.shape == (19158, 3)
    return float(np.linalg.norm(one - other, axis=1).max())


@pytest.mark.parametrize("number", range(len(PHENOTYPES)))
def test_the_body_is_what_the_targets_prescribe(number: int, assets: Path) -> None:
    phenotype = PHENOTYPES[number]
    wanted = standing(assets, shaped(assets, macro_files(phenotype, assets)))
    assert largest_distance(load_body(phenotype, assets).vertices, wanted) < 0.1 * MILLIMETRE


def test_phenotypes_use_many_targets_of_every_kind(assets: Path) -> None:
    used = {path for phenotype in PHENOTYPES for path in macro_files(phenotype, assets)}
    kinds = {path.parent.name for path in used}
    assert kinds == {"macrodetails", "height", "proportions", "breast"} and len(used) > 100


@pytest.mark.parametrize("age", [0.15, 0.4])
def test_details_and_an_expression_are_what_the_targets_prescribe(age: float, assets: Path) -> None:
    phenotype = {"gender": 0.2, "age": age, "african": 0.3, "asian": 0.1, "caucasian": 0.4}
    expression = {"smile": 0.8, "open_mouth": 0.5, "closed_eyes": 0.3}
    files = macro_files(phenotype, assets)
    files |= {assets / "targets" / f"{name}.target.gz": share for name, share in DETAIL_FILES.items()}
    points = shaped(assets, files)
    base, _ = base_obj(assets)
    size = min(1.0, face_height(assets, points) / face_height(assets, base))
    opened, at_first = ((mesh[[*UPPER_LIDS], 1] - mesh[[*LOWER_LIDS], 1]).max() for mesh in (points, base))
    units: dict[str, float] = {}
    for name, amount in expression.items():
        for unit, share in EXPRESSIONS[name].items():
            units[unit] = units.get(unit, 0.0) + amount * share
    assert max(units.values()) <= 1.0 and size < 1.0 and opened > at_first
    for unit, amount in units.items():
        for origin in ORIGINS:
            path = assets / "targets" / "expression" / "units" / origin / f"{unit}.target.gz"
            factor = opened / at_first if unit.startswith("eye-") else size
            points = moved(points, path, amount * phenotype[origin] / 0.8 * factor)
    body = load_body(phenotype, assets, details=DETAILS, expression=expression)
    assert largest_distance(body.vertices, standing(assets, points)) < 0.1 * MILLIMETRE
