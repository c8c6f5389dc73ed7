"""Which body part a surface belongs to, told from the bones that it hangs on; skin and garments alike."""

from __future__ import annotations

import numpy as np

from blender_addon.labels.vocabulary import BODY_PART_INDEX, BODY_PARTS
from blender_addon.makehuman.rig_files import DEFAULT_RIG
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.surface import Surface, pack_weights
from mocap.retarget import BoneMap
from mocap.rig import Rig
from mocap.rotations import Array

_TORSO, _HEAD = BODY_PART_INDEX["torso"], BODY_PART_INDEX["head"]


def part_of_bones(rig: Rig, bones: BoneMap = RIGS[DEFAULT_RIG]) -> np.ndarray:
    """(B,) uint8 body part of each bone of a rig, of MakeHuman's default rig where no map is given.

    A bone that the map does not name belongs to the part of its parent: fingers to the hand, the face to the head.
    """
    named = _named_parts(bones)
    out = np.full(len(rig.names), _TORSO, dtype=np.uint8)
    for i, (name, parent) in enumerate(zip(rig.names, rig.parents.tolist(), strict=True)):
        if name in named:
            out[i] = named[name]
        elif parent >= 0:
            out[i] = out[parent]
    return out


def _named_parts(bones: BoneMap) -> dict[str, int]:
    """Body part by name of bone. The neck counts as head."""
    out = dict.fromkeys((bones.root, *bones.spine), _TORSO) | dict.fromkeys((*bones.neck, bones.head), _HEAD)
    for side, limbs in bones.limbs.items():
        out[limbs.clavicle] = _TORSO
        for part, names in (
            ("upper_arm", limbs.upper_arm),
            ("forearm", limbs.forearm),
            ("hand", (limbs.hand,)),
            ("thigh", limbs.thigh),
            ("lower_leg", limbs.shank),
            ("foot", (limbs.foot,)),
        ):
            out |= dict.fromkeys(names, BODY_PART_INDEX[f"{side.lower()}_{part}"])
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
