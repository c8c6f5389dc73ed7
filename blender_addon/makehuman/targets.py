"""Phenotypes: which MakeHuman targets make a body, how much of each, and what they move.

The macro values, their components and the way they combine are MPFB2's (its `macrodetails/macro.json` and its
documentation of the target service), so that the same values give MPFB2's mesh.
"""

from __future__ import annotations

import gzip
import itertools
import json
import re
import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from blender_addon.makehuman.base_mesh import BASE_MESH, NO_DATA_MEND, VERTEX_COUNT, to_blender_axes
from blender_addon.makehuman.packed_targets import Shelf
from mocap.errors import UserError
from mocap.rotations import Array

# MPFB2's own defaults, also of the two breast macros, which a job does not have to name.
DEFAULTS: Mapping[str, float] = {
    "gender": 0.5,
    "age": 0.5,
    "muscle": 0.5,
    "weight": 0.5,
    "proportions": 0.5,
    "height": 0.5,
    "cupsize": 0.5,
    "firmness": 0.5,
}
RACES = ("african", "asian", "caucasian")
RACE_DEFAULT = 0.33
# Shares that were rounded one by one may sum to a little more than 1.
_ROUNDING = 1e-4

# A target that would count for less is left out, as in MPFB2.
CUTOFF = 0.01

# File name before the joined components, and the macros that are combined for it.
_COMBINATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("macrodetails/", ("race", "gender", "age")),
    ("macrodetails/universal-", ("gender", "age", "muscle", "weight")),
    ("macrodetails/height/", ("gender", "age", "muscle", "weight", "height")),
    ("macrodetails/proportions/", ("gender", "age", "muscle", "weight", "proportions")),
    ("breast/", ("gender", "age", "muscle", "weight", "cupsize", "firmness")),
)


# A target's vertex indices (M,), each once, and their offsets (M, 3) in metres, Blender's axes; both read-only.
Target: TypeAlias = tuple[np.ndarray, Array]

# Bytes: three clips' people and more. Of 200 clips' all are twice as much; they come by and by.
kept_targets = Shelf(8_000_000)

# In a target's comments, by MPFB2's and MakeHuman's MakeTarget.
_BASE_MESH = re.compile(r"^#\s*basemesh\s+(\S+)", re.MULTILINE | re.IGNORECASE)
# Bytes; all vertices at full length take a third of it. A packed file may unpack to anything.
_LARGEST_TARGET = 4_000_000


def complete_phenotype(phenotype: Mapping[str, float]) -> dict[str, float]:
    """All eleven macro values: those given, MPFB2's defaults for the rest.

    The three races belong together: where one is named, those that are not are 0.

    Raises:
        UserError: an unknown name, a value outside 0…1, races that are all zero or that sum to more than 1.
    """
    known = (*DEFAULTS, *RACES)
    for name, value in phenotype.items():
        if name not in known:
            raise UserError(f"there is no phenotype value {name!r}", place="phenotype", mend=f"Use {', '.join(known)}.")
        if not 0.0 <= value <= 1.0:
            raise UserError(f"{value} is not between 0 and 1", place=f"phenotype.{name}", mend="Give 0 to 1.")
    unnamed = 0.0 if any(race in phenotype for race in RACES) else RACE_DEFAULT
    out = {name: float(phenotype.get(name, value)) for name, value in DEFAULTS.items()}
    out.update({race: float(phenotype.get(race, unnamed)) for race in RACES})
    if not 0.0 < sum(out[race] for race in RACES) <= 1.0 + _ROUNDING:
        raise UserError(
            "african, asian and caucasian must sum to more than 0 and at most 1",
            place="phenotype",
            mend="Give shares that sum to 1.",
        )
    return out


def target_shares(phenotype: Mapping[str, float], assets: Path) -> dict[str, float]:
    """How much of each target (path under `targets/` without its ending) makes this body.

    Raises:
        UserError: a bad phenotype, or a data folder without its macro description.
    """
    values = complete_phenotype(phenotype)
    macros = _read_macros(assets)
    components = {name: _components(macros[name]["parts"], values[name]) for name in DEFAULTS}
    components["race"] = [(race, values[race]) for race in RACES]
    shares: dict[str, float] = {}
    for prefix, names in _COMBINATIONS:
        for combination in itertools.product(*(components[name] for name in names)):
            words = [word for word, _ in combination]
            if prefix == "breast/":
                if _has_no_breast_target(words):
                    continue
                # There are no male counterparts to blend with, so gender does not thin these out.
                combination = combination[1:]
            share = float(np.prod([amount for _, amount in combination]))
            if share > CUTOFF and not (prefix == "macrodetails/proportions/" and "baby" in words):
                shares[prefix + "-".join(words)] = share
    return shares


def shape_offsets(phenotype: Mapping[str, float], assets: Path) -> Array:
    """(19158, 3) metres, Blender's axes: what the phenotype adds to the base mesh's vertices.

    Raises:
        UserError: a bad phenotype, or a target that is missing or damaged.
    """
    out = np.zeros((VERTEX_COUNT, 3))
    for name, share in target_shares(phenotype, assets).items():
        indices, offsets = read_target(assets, name)
        out[indices] += share * offsets
    return out


def read_target(assets: Path, name: str) -> Target:
    """One of the data's own targets; the last ones are kept in memory.

    Args:
        name: path under `targets/` without `.target` or `.target.gz`.

    Raises:
        UserError: it is missing, or not a target of hm08.
    """
    plain = assets / "targets" / f"{name}.target"
    packed = plain.with_name(plain.name + ".gz")
    return kept_targets.get(
        (assets, name), lambda: read_target_file(packed if packed.is_file() else plain, mend=NO_DATA_MEND)
    )


def read_target_file(path: Path, *, mend: str) -> Target:
    """A `.target` or `.target.gz` file: lines of a vertex's index and its offset in MakeHuman's axes and decimetres.

    Args:
        mend: what the user can do where it is of no use.

    Raises:
        UserError: it is missing, or not a target of hm08.
    """
    try:
        text = _target_text(path)
        base = _BASE_MESH.search(text)
        if base and base[1] != BASE_MESH:
            raise UserError(f"this target is for the base mesh {base[1]!r}, not {BASE_MESH}", file=path, mend=mend)
        # MPFB2, too, passes over comments and lines in quotes.
        rows = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", '"'))]
        table = np.array(" ".join(rows).split(), dtype=np.float64).reshape(len(rows), 4)
        if not np.isfinite(table).all():
            raise ValueError("no number")
        if len(rows) and not 0 <= table[:, 0].min() <= table[:, 0].max() < VERTEX_COUNT:
            raise ValueError("vertex index")
        indices = table[:, 0].astype(np.int64)
        if len(np.unique(indices)) != len(indices):
            raise ValueError("a vertex twice")
    except OSError as error:
        raise UserError("this MakeHuman target cannot be read", file=path, mend=mend) from error
    except (ValueError, EOFError, zlib.error) as error:
        raise UserError(f"this is not a target of the MakeHuman base mesh {BASE_MESH}", file=path, mend=mend) from error
    offsets = to_blender_axes(table[:, 1:])
    indices.flags.writeable = offsets.flags.writeable = False
    return indices, offsets


def _target_text(path: Path) -> str:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        data = stream.read(_LARGEST_TARGET + 1)
    if len(data) > _LARGEST_TARGET:
        raise ValueError("more than all vertices")
    return data.decode("utf-8")


def _components(parts: list[dict[str, Any]], value: float) -> list[tuple[str, float]]:
    """The two ends that a value lies between and how much of each; an end without a name has no target."""
    # The ranges leave hairline gaps between them (0.49998 … 0.49999): the nearest range takes what falls in.
    part = min(parts, key=lambda p: max(p["lowest"] - value, value - p["highest"], 0.0))
    high = min(max((value - part["lowest"]) / (part["highest"] - part["lowest"]), 0.0), 1.0)
    ends = ((part["low"], round(1.0 - high, 4)), (part["high"], round(high, 4)))
    return [(word, amount) for word, amount in ends if word]


def _has_no_breast_target(words: list[str]) -> bool:
    return words[0] != "female" or "baby" in words or words[-2:] == ["averagecup", "averagefirmness"]


@lru_cache(maxsize=2)
def _read_macros(assets: Path) -> dict[str, Any]:
    path = assets / "targets" / "macrodetails" / "macro.json"
    try:
        macros = json.loads(path.read_text(encoding="utf-8"))["macrotargets"]
        for name in DEFAULTS:
            for part in macros[name]["parts"]:
                if not (part["lowest"] < part["highest"] and {"low", "high"} <= part.keys()):
                    raise ValueError(name)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError("the description of MakeHuman's macros cannot be read", file=path, mend=NO_DATA_MEND) from error
    return macros
