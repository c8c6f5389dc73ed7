"""Chains that swing, as bones of the rig: what hangs on them is skinned as everything else is."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from blender_addon.skater.human import SkinnedMesh
from blender_addon.skater.wardrobe.piece import Piece
from mocap.rig import Rig
from mocap.rotations import Array


def with_chains(rig: Rig, pieces: Sequence[Piece]) -> tuple[Rig, tuple[SkinnedMesh, ...], tuple[np.ndarray, ...]]:
    """The rig with a bone for every link of the pieces' chains.

    Returns:
        the rig, body's bones first; all meshes of the pieces, hung on it; per chain its bones' indices, root first.
    """
    names, parents = list(rig.names), rig.parents.tolist()
    heads, tails, rest = list(rig.heads), list(rig.tails), list(rig.rest)
    meshes: list[SkinnedMesh] = []
    chain_bones: list[np.ndarray] = []
    for piece in pieces:
        shift = len(names) - len(rig.names)
        for chain in piece.chains:
            first = len(names)
            for link, (head, tail) in enumerate(zip(chain.points[:-1], chain.points[1:], strict=True)):
                names.append(f"swing_{len(chain_bones):03d}_{link}")
                parents.append(chain.anchor if link == 0 else first + link - 1)
                heads.append(head)
                tails.append(tail)
                rest.append(_frame(head, tail))
            chain_bones.append(np.arange(first, len(names)))
        meshes += [_renumbered(mesh, len(rig.names), shift) for mesh in piece.meshes]
    whole = Rig(tuple(names), np.array(parents), np.array(heads), np.array(tails), np.array(rest))
    return whole, tuple(meshes), tuple(chain_bones)


def _renumbered(mesh: SkinnedMesh, body_bones: int, shift: int) -> SkinnedMesh:
    if shift == 0:
        return mesh
    return dataclasses.replace(mesh, bones=np.where(mesh.bones >= body_bones, mesh.bones + shift, mesh.bones))


def _frame(head: Array, tail: Array) -> Array:
    """(4, 4) a bone's rest matrix: Y along the bone, the rest of it as far as possible as the world's axes."""
    along = (tail - head) / np.linalg.norm(tail - head)
    side = np.eye(3)[np.argmin(np.abs(along))]
    across = np.cross(along, side)
    across /= np.linalg.norm(across)
    out = np.eye(4)
    out[:3, :3] = np.stack((across, along, np.cross(across, along)), axis=1)
    out[:3, 3] = head
    return out
