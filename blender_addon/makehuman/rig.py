"""MakeHuman's rigs, fitted to a shaped mesh: where the bones lie, and how the vertices hang on them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from blender_addon.makehuman.base_mesh import NO_DATA_MEND, VERTEX_COUNT
from blender_addon.makehuman.rig_files import RIG_FILES
from mocap.errors import UserError
from mocap.rig import Rig
from mocap.rotations import Array, from_axis_angle, to_matrix

# Blender's Armature modifier takes any number; more than eight per vertex change nothing that can be seen.
MAX_INFLUENCES = 8

# Blender's limits (`vec_roll_to_mat3_normalized` in its armature.cc): where a bone is so close to −Y that 1 + y loses
# its digits, and where it counts as pointing straight along it.
_NEAR = 6.1e-3
_STRAIGHT = 2.5e-4


def fit_rig(assets: Path, rig: str, vertices: Array, groups: Mapping[str, np.ndarray]) -> Rig:
    """One of RIG_FILES with its bones where they belong in a shaped mesh.

    Every rig rests in the mesh's own A-pose, in metres, whatever pose and unit its file was saved in: bones lie where
    the joints of the mesh are.

    Args:
        vertices: (19158, 3) shaped, helpers and joint cubes included.
        groups: vertex indices by group, for the joint cubes.

    Raises:
        UserError: the rig's file is missing or damaged.
    """
    files = RIG_FILES[rig]
    path = assets / files.bones
    bones = _read_json(path)
    bones = bones.get("bones", bones)
    try:
        parent_of = {name: bone["parent"] or files.parents.get(name, "") for name, bone in bones.items()}
        names = _parents_first(parent_of)
        heads = np.array([_place(bones[name]["head"], vertices, groups) for name in names])
        tails = np.array([_place(bones[name]["tail"], vertices, groups) for name in names])
        rolls = np.array([float(bones[name]["roll"]) for name in names])
        number = {name: i for i, name in enumerate(names)}
        parents = np.array([number[parent_of[name]] if parent_of[name] else -1 for name in names])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise UserError(f"this is not a MakeHuman rig ({error!r})", file=path, mend=NO_DATA_MEND) from error
    return Rig(tuple(names), parents, heads, tails, rest_matrices(heads, tails, rolls))


def rest_matrices(heads: Array, tails: Array, rolls: Array) -> Array:
    """(B, 4, 4) Blender's `Bone.matrix_local` from heads and tails (B, 3) and rolls (B,) in radians.

    Y runs along the bone. X and Z come from the shortest turn that takes Y there; for a bone that points straight
    along −Y, where every turn is as short, Blender turns half a circle about Z. The roll then turns about the bone.
    Close to −Y Blender's own matrices are up to 5e-5 off a rotation (it takes a series there); these are exact.
    """
    y = tails - heads
    y = y / np.linalg.norm(y, axis=-1, keepdims=True)
    across = y[:, 0] ** 2 + y[:, 2] ** 2
    near = 1.0 + y[:, 1] <= _NEAR
    straight = near & (across <= _STRAIGHT**2)
    theta = np.where(near, across / np.where(near, 1.0 - y[:, 1], 1.0), 1.0 + y[:, 1])
    theta = np.where(straight, 1.0, theta)
    turn = np.empty((len(y), 3, 3))
    turn[:, :, 0] = np.stack((1.0 - y[:, 0] ** 2 / theta, -y[:, 0], -y[:, 0] * y[:, 2] / theta), axis=-1)
    turn[:, :, 1] = y
    turn[:, :, 2] = np.stack((-y[:, 0] * y[:, 2] / theta, -y[:, 2], 1.0 - y[:, 2] ** 2 / theta), axis=-1)
    turn[straight] = np.diag((-1.0, -1.0, 1.0))
    out = np.tile(np.eye(4), (len(y), 1, 1))
    out[:, :3, :3] = to_matrix(from_axis_angle(y, rolls)) @ turn
    out[:, :3, 3] = heads
    return out


def read_weights(assets: Path, rig: str, names: tuple[str, ...]) -> tuple[np.ndarray, Array]:
    """How one of RIG_FILES hangs the vertices on its bones; read-only, kept in memory.

    Args:
        names: the rig's bones, whose order the indices follow.

    Returns:
        (19158, K) bone indices and (19158, K) weights, heaviest first, K ≤ 8. Rows sum to 1; a vertex that the file
        leaves out has a row of zeros.

    Raises:
        UserError: the file is missing or damaged, or names a bone that the rig lacks.
    """
    files = RIG_FILES[rig]
    return _read_weights(assets / files.weights, names, files.stand_ins)


@lru_cache(maxsize=8)
def _read_weights(
    path: Path, names: tuple[str, ...], stand_ins: tuple[tuple[str, str], ...]
) -> tuple[np.ndarray, Array]:
    table = _read_json(path)
    number = {name: i for i, name in enumerate(names)}
    try:
        bone_of = {group: _bone_of(group, number, stand_ins) for group in table["weights"]}
        rows = [
            (number[bone_of[group]], np.array(entries))
            for group, entries in table["weights"].items()
            if entries and bone_of[group]
        ]
        vertex = np.concatenate([entries[:, 0] for _, entries in rows]).astype(np.int64)
        weight = np.concatenate([entries[:, 1] for _, entries in rows]).astype(np.float64)
        bone = np.concatenate([np.full(len(entries), index) for index, entries in rows])
        if vertex.min() < 0 or vertex.max() >= VERTEX_COUNT or not np.all(np.isfinite(weight)):
            raise ValueError("vertex or weight out of range")
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise UserError(f"these are not a MakeHuman rig's weights ({error!r})", file=path, mend=NO_DATA_MEND) from error

    # Several groups may hang a vertex on one bone.
    pair, inverse = np.unique(vertex * len(names) + bone, return_inverse=True)
    weight = np.bincount(inverse, weight)
    vertex, bone = pair // len(names), pair % len(names)
    keep = weight > 0.0
    vertex, weight, bone = vertex[keep], weight[keep], bone[keep]
    order = np.lexsort((bone, -weight, vertex))
    vertex, weight, bone = vertex[order], weight[order], bone[order]
    place = np.arange(len(vertex)) - np.searchsorted(vertex, vertex)
    width = min(MAX_INFLUENCES, int(place.max()) + 1)
    keep = place < width
    bones = np.zeros((VERTEX_COUNT, width), dtype=np.int64)
    weights = np.zeros((VERTEX_COUNT, width))
    bones[vertex[keep], place[keep]] = bone[keep]
    weights[vertex[keep], place[keep]] = weight[keep]
    sums = weights.sum(axis=1, keepdims=True)
    weights = np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0.0)
    bones.flags.writeable = weights.flags.writeable = False
    return bones, weights


def _bone_of(group: str, bones: Mapping[str, int], stand_ins: tuple[tuple[str, str], ...]) -> str:
    """The bone that a group of weights belongs to; empty for none. KeyError where nothing says which."""
    if group in bones:
        return group
    for pattern, bone in stand_ins:
        if re.fullmatch(pattern, group):
            return re.sub(pattern, bone, group)
    raise KeyError(group)


def _place(end: Mapping[str, Any], vertices: Array, groups: Mapping[str, np.ndarray]) -> Array:
    strategy = end["strategy"]
    if strategy == "CUBE":
        found = vertices[groups[end["cube_name"]]].mean(axis=0)
    elif strategy == "VERTEX":
        found = vertices[end["vertex_index"]]
    elif strategy == "MEAN":
        found = vertices[end["vertex_indices"]].mean(axis=0)
    elif strategy == "XYZ":
        # Each coordinate from a vertex of its own: Rigify's heels.
        found = vertices[end["vertex_indices"]].diagonal()
    else:
        raise ValueError(f"unknown strategy {strategy!r}")
    return found + np.asarray(end.get("offset", (0.0, 0.0, 0.0)), dtype=np.float64)


def _parents_first(parents: Mapping[str, str]) -> list[str]:
    """Names so that a parent stands before its children, otherwise as in the file."""
    out: dict[str, None] = {}
    while len(out) < len(parents):
        ready = [name for name, parent in parents.items() if name not in out and (not parent or parent in out)]
        if not ready:
            raise ValueError("bones whose parents are missing or run in a circle")
        out.update(dict.fromkeys(ready))
    return list(out)


@lru_cache(maxsize=4)
def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UserError("this file of the MakeHuman data cannot be read", file=path, mend=NO_DATA_MEND) from error
    if not isinstance(data, dict):
        raise UserError("this file of the MakeHuman data is not a JSON object", file=path, mend=NO_DATA_MEND)
    return data
