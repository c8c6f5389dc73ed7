"""Which body part a surface belongs to, told from the bones that it hangs on; skin and garments alike."""

from __future__ import annotations

import numpy as np

from blender_addon.labels.vocabulary import BODY_PART_INDEX, BODY_PARTS
from blender_addon.skater.surface import Surface, pack_weights
from mocap.rig import Rig
from mocap.rotations import Array

# Bone of MakeHuman's default rig (without its side) → body part (without its side). A bone that is not named here
# belongs to the part of its parent: toes to the foot, fingers to the hand, the face to the head.
_PART_OF_BONE: dict[str, str] = {
    "root": "torso",
    "upperarm01": "upper_arm",
    "lowerarm01": "forearm",
    "wrist": "hand",
    "upperleg01": "thigh",
    "lowerleg01": "lower_leg",
    "foot": "foot",
    "neck01": "head",
}
_SIDES = {".L": "left_", ".R": "right_"}


def part_of_bones(rig: Rig) -> np.ndarray:
    """(B,) uint8 body part of each bone of the default rig."""
    out = np.zeros(len(rig.names), dtype=np.uint8)
    for i, name in enumerate(rig.names):
        bone, side = (name[:-2], _SIDES[name[-2:]]) if name[-2:] in _SIDES else (name, "")
        if bone in _PART_OF_BONE:
            out[i] = BODY_PART_INDEX[side + _PART_OF_BONE[bone]]
        else:
            out[i] = out[rig.parents[i]]
    return out


def face_parts(faces: np.ndarray, bones: np.ndarray, weights: Array, bone_parts: np.ndarray) -> np.ndarray:
    """(F,) uint8: the part that holds the largest share of each face's corners together.

    Args:
        faces: (F, 4) vertex indices, −1 in the last place of a triangle.
        bones: (N, K) bone indices of the vertices; weights: (N, K) their shares.
        bone_parts: (B,) from `part_of_bones`.
    """
    shares = _part_shares(bones, weights, bone_parts)
    total = np.where((faces >= 0)[..., None], shares[faces], 0.0).sum(axis=1)
    return np.argmax(total, axis=1).astype(np.uint8)


def surface_parts(surface: Surface, bone_parts: np.ndarray) -> np.ndarray:
    """(F,) uint8: the part that moves each face of a surface."""
    return face_parts(surface.faces, *pack_weights(surface.weights), bone_parts)


def _part_shares(bones: np.ndarray, weights: Array, bone_parts: np.ndarray) -> Array:
    """(N, parts) how much of each vertex hangs on each part's bones."""
    count = len(bones)
    cell = np.arange(count)[:, None] * len(BODY_PARTS) + bone_parts[bones]
    summed: Array = np.bincount(cell.ravel(), weights.ravel(), minlength=count * len(BODY_PARTS)).astype(np.float64)
    return summed.reshape(count, len(BODY_PARTS))
