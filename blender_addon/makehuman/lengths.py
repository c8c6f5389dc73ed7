"""Longer or shorter arms, legs and trunk than a phenotype gives: bodies that no macro of MakeHuman's makes.

The bones of a limb are stretched along themselves, and the surface follows them as it follows them in a pose: skin,
helpers and the cubes that mark the joints alike, so that any rig then fits the new shape.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mocap.errors import UserError
from mocap.rig import Rig
from mocap.rotations import Array

# Bones of the default rig that each length is made of; both sides.
STRETCHED: Mapping[str, tuple[str, ...]] = {
    "arms": ("upperarm01", "upperarm02", "lowerarm01", "lowerarm02"),
    "legs": ("upperleg01", "upperleg02", "lowerleg01", "lowerleg02"),
    "trunk": ("spine01", "spine02", "spine03", "spine04", "spine05"),
}


def lengthened(vertices: Array, bones: np.ndarray, weights: Array, rig: Rig, factors: Mapping[str, float]) -> Array:
    """A body (N, 3) with other lengths, in the space it was in: its root stays where it is.

    Args:
        vertices: (N, 3) at rest.
        bones, weights: (N, K) how they hang on the default rig.
        rig: the default rig, fitted to these vertices.
        factors: by name of `STRETCHED`; what is not named keeps its length.

    Raises:
        UserError: there is no such length.
    """
    along = np.ones(len(rig.names))
    for name, factor in factors.items():
        if name not in STRETCHED:
            raise UserError(f"there is no length {name!r}", place="lengths", mend=f"Use {', '.join(STRETCHED)}.")
        along[[rig.names.index(bone) for bone in rig.names if bone.split(".")[0] in STRETCHED[name]]] = factor
    axis = rig.tails - rig.heads
    axis = axis / np.linalg.norm(axis, axis=-1, keepdims=True)
    # A point p on bone b goes to p + (factor − 1)·(along the bone from its head) + where its head went.
    moved = np.zeros_like(rig.heads)
    for b, parent in enumerate(rig.parents):
        if parent >= 0:
            reach = np.dot(rig.heads[b] - rig.heads[parent], axis[parent])
            moved[b] = moved[parent] + (along[parent] - 1.0) * reach * axis[parent]
    # Beyond a stretched bone's end the next one goes on from there; before its head it does not reach back.
    length = np.linalg.norm(rig.tails - rig.heads, axis=-1)
    offset = vertices[:, None] - rig.heads[bones]
    reach = np.clip(np.einsum("nki,nki->nk", offset, axis[bones]), 0.0, length[bones])
    shift = moved[bones] + ((along[bones] - 1.0) * reach)[..., None] * axis[bones]
    return vertices + np.einsum("nk,nki->ni", weights, shift)
