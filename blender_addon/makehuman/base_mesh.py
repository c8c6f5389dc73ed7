"""The MakeHuman base mesh (hm08) as arrays: `3dobjs/base.obj` of MPFB2's data folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from mocap.errors import UserError
from mocap.rotations import Array

BASE_OBJ = Path("3dobjs", "base.obj")
BASE_MESH = "hm08"
VERTEX_COUNT = 19158
METRES_PER_UNIT = 0.1
NO_DATA_MEND = "Name MPFB2's data folder (it holds 3dobjs/base.obj), or run: skatesynth assets fetch"


@dataclass(frozen=True)
class BaseMesh:
    """The mesh before any phenotype is applied; body, helpers and joint cubes together.

    Attributes:
        vertices: (19158, 3) metres, Blender's axes; the origin is near the pelvis.
        faces: (F, 4) vertex indices, counter-clockwise seen from outside.
        face_uv: (F, 4, 2) texture coordinates of the corners.
        groups: per group ("body", "helper-tights", "joint-l-knee", …) its vertex indices, ascending.
        face_masks: per group (F,) bool, which faces are its own.
    """

    vertices: Array
    faces: np.ndarray
    face_uv: Array
    groups: Mapping[str, np.ndarray]
    face_masks: Mapping[str, np.ndarray]


def to_blender_axes(points: Array) -> Array:
    """(…, 3) metres in Blender's axes from MakeHuman's decimetres (Y up, the face towards +Z, left is +X)."""
    return np.stack((points[..., 0], -points[..., 2], points[..., 1]), axis=-1) * METRES_PER_UNIT


@lru_cache(maxsize=2)
def read_base_mesh(assets: Path) -> BaseMesh:
    """The base mesh in the data folder `assets`; kept in memory, its arrays are read-only.

    Raises:
        UserError: the folder lacks base.obj, or it is not the hm08 mesh.
    """
    path = assets / BASE_OBJ
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("the MakeHuman base mesh cannot be read", file=path, mend=NO_DATA_MEND) from error
    try:
        mesh = _parse(lines)
    except (ValueError, IndexError) as error:
        raise UserError("this is not the MakeHuman base mesh hm08", file=path, mend=NO_DATA_MEND) from error
    for array in (mesh.vertices, mesh.faces, mesh.face_uv, *mesh.groups.values(), *mesh.face_masks.values()):
        array.flags.writeable = False
    return mesh


def _parse(lines: list[str]) -> BaseMesh:
    vertices = to_blender_axes(_numbers([line[2:] for line in lines if line.startswith("v ")], 3))
    texture = _numbers([line[3:] for line in lines if line.startswith("vt ")], 2)
    face_lines = [i for i, line in enumerate(lines) if line.startswith("f ")]
    group_lines = [i for i, line in enumerate(lines) if line.startswith("g ")]
    # Each corner is "vertex/texture", both counted from 1.
    corners = _numbers([lines[i][2:].replace("/", " ") for i in face_lines], 8).astype(np.int64).reshape(-1, 4, 2) - 1
    faces, uv_index = corners[..., 0], corners[..., 1]
    if len(vertices) != VERTEX_COUNT or faces.min() < 0 or faces.max() >= len(vertices) or uv_index.min() < 0:
        raise ValueError("not hm08")

    names = [lines[i][2:].strip() for i in group_lines]
    owner = np.searchsorted(group_lines, face_lines) - 1
    unique = list(dict.fromkeys(names))
    number = np.array([unique.index(name) for name in names])[owner]
    masks = {name: number == i for i, name in enumerate(unique)}
    groups = {name: np.unique(faces[mask]) for name, mask in masks.items()}
    return BaseMesh(vertices, faces, texture[uv_index], groups, masks)


def _numbers(rows: list[str], width: int) -> Array:
    return np.array(" ".join(rows).split(), dtype=np.float64).reshape(len(rows), width)
