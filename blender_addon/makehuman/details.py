"""MakeHuman's detail targets: a longer nose, narrower hips, by the names that MPFB2's sliders have.

A detail is a slider with one target to each side of 0, or with one target alone. One that the body has twice moves both
at once, and either by its name with `l-` or `r-` before it. Which targets there are stands in the data's
`targets/target.json`. MPFB2's modelling panel reads the same file and adds the target of the slider's side, weighted by
the slider's distance from 0 (its `ui/model/_modelsubpanels.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from blender_addon.makehuman.base_mesh import NO_DATA_MEND, VERTEX_COUNT
from blender_addon.makehuman.targets import read_target, read_target_file
from mocap.errors import UserError
from mocap.meant import meant
from mocap.rotations import Array

_DESCRIPTION = Path("targets", "target.json")
_TARGET_ENDINGS = (".target", ".target.gz")
_FILE_MEND = "Give the path of a .target file that was made for MakeHuman's base mesh hm08."

# How strongly people of one phenotype differ: standard deviations of the details that make somebody's looks, chosen by
# eye so that even a draw at two of them is a face one may meet. Fat, muscle, stature and bust are left to the macros.
# What is named for one side, or moves something to a side, makes the two halves of a face a little unlike.
FACE_SPREAD: Mapping[str, float] = {
    "head-scale-horiz-decr-incr": 0.25,
    "head-scale-vert-decr-incr": 0.2,
    "head-back-scale-depth-decr-incr": 0.25,
    "head-fat-decr-incr": 0.25,
    "forehead-scale-vert-decr-incr": 0.15,
    "forehead-trans-backward-forward": 0.15,
    "forehead-temple-decr-incr": 0.3,
    "eyebrows-trans-down-up": 0.35,
    "eyebrows-angle-down-up": 0.25,
    "eye-scale-decr-incr": 0.2,
    "eye-trans-in-out": 0.3,
    "eye-corner1-down-up": 0.3,
    "eye-corner2-down-up": 0.35,
    "eye-height2-decr-incr": 0.25,
    "eye-eyefold-down-up": 0.35,
    "eye-bag-decr-incr": 0.2,
    "nose-scale-horiz-decr-incr": 0.35,
    "nose-scale-vert-decr-incr": 0.3,
    "nose-scale-depth-decr-incr": 0.3,
    "nose-width2-decr-incr": 0.35,
    "nose-point-width-decr-incr": 0.4,
    "nose-hump-decr-incr": 0.35,
    "nose-base-down-up": 0.3,
    "nose-flaring-decr-incr": 0.3,
    "nose-trans-in-out": 0.08,
    "mouth-scale-horiz-decr-incr": 0.3,
    "mouth-upperlip-height-decr-incr": 0.25,
    "mouth-lowerlip-height-decr-incr": 0.2,
    "mouth-lowerlip-volume-decr-incr": 0.2,
    "mouth-angles-down-up": 0.12,
    "mouth-trans-in-out": 0.06,
    "chin-height-decr-incr": 0.2,
    "chin-width-decr-incr": 0.3,
    "chin-prominent-decr-incr": 0.25,
    "chin-bones-decr-incr": 0.25,
    "cheek-bones-decr-incr": 0.35,
    "cheek-volume-decr-incr": 0.3,
    "l-eye-trans-down-up": 0.06,
    "ear-scale-decr-incr": 0.25,
    "ear-wing-decr-incr": 0.35,
    "neck-scale-vert-decr-incr": 0.12,
    "measure-shoulder-dist-decr-incr": 0.3,
    "torso-vshape-decr-incr": 0.25,
    "torso-scale-depth-decr-incr": 0.15,
    "hip-scale-horiz-decr-incr": 0.2,
    "buttocks-volume-decr-incr": 0.25,
    "lowerleg-muscle-decr-incr": 0.25,
}


@dataclass(frozen=True)
class Detail:
    """One slider.

    Attributes:
        negative, positive: targets (paths under `targets/` without ending) that count below and above 0; a slider
            without a negative one runs from 0 to 1.
    """

    negative: tuple[str, ...]
    positive: tuple[str, ...]

    @property
    def lowest(self) -> float:
        return -1.0 if self.negative else 0.0


def detail_offsets(details: Mapping[str, float], assets: Path) -> Array:
    """(19158, 3) metres, Blender's axes: what details add to a shaped body.

    Args:
        details: how much (−1…1, or 0…1 where a detail has no opposite) by name, or by the path of a `.target` file.

    Raises:
        UserError: a detail that the data does not have, an amount out of its range, or a target that is missing,
            damaged or made for another base mesh.
    """
    out = np.zeros((VERTEX_COUNT, 3))
    for name, amount in details.items():
        if name.endswith(_TARGET_ENDINGS):
            _check_amount(name, amount, -1.0)
            indices, offsets = read_target_file(Path(name), mend=_FILE_MEND)
            out[indices] += amount * offsets
            continue
        detail = _detail(name, assets)
        _check_amount(name, amount, detail.lowest)
        for target in detail.positive if amount > 0.0 else detail.negative:
            indices, offsets = read_target(assets, target)
            out[indices] += abs(amount) * offsets
    return out


def _detail(name: str, assets: Path) -> Detail:
    known = read_details(assets)
    if name not in known:
        raise UserError(f"MakeHuman has no detail {name!r}", place="details", mend=meant(name, known))
    return known[name]


def _check_amount(name: str, amount: float, lowest: float) -> None:
    if not lowest <= amount <= 1.0:
        raise UserError(
            f"{amount} is not between {lowest:g} and 1", place=f"details.{name}", mend=f"Give {lowest:g} to 1."
        )


@lru_cache(maxsize=2)
def read_details(assets: Path) -> Mapping[str, Detail]:
    """The details that the data folder has, by name; kept in memory.

    Raises:
        UserError: its description of them cannot be read.
    """
    path = assets / _DESCRIPTION
    try:
        sections = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: detail
            for section, content in sections.items()
            for category in content["categories"]
            for name, detail in _details_of(section, category)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(
            "the description of MakeHuman's details cannot be read", file=path, mend=NO_DATA_MEND
        ) from error


def _details_of(section: str, category: Mapping[str, Any]) -> Iterator[tuple[str, Detail]]:
    """A category's slider, and those of its two sides."""
    name = category["name"]
    if not category["has_left_and_right"]:
        yield name, _one_side(section, category, "unsided", name)
        return
    left = _one_side(section, category, "left", f"l-{name}")
    right = _one_side(section, category, "right", f"r-{name}")
    yield name, Detail(left.negative + right.negative, left.positive + right.positive)
    yield f"l-{name}", left
    yield f"r-{name}", right


def _one_side(section: str, category: Mapping[str, Any], side: str, name: str) -> Detail:
    targets = category["targets"]
    opposites = category.get("opposites") or {}
    negative, positive = opposites.get(f"negative-{side}", ""), opposites.get(f"positive-{side}", name)
    if positive not in targets:
        # Of one category (eyefold-concave-convex) the opposites are left out; its name says them, as all names do.
        stem, low, high = name.rsplit("-", 2)
        negative, positive = f"{stem}-{low}", f"{stem}-{high}"
    if positive not in targets or (negative and negative not in targets):
        raise ValueError(name)
    return Detail((f"{section}/{negative}",) if negative else (), (f"{section}/{positive}",))
