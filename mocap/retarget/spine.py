"""The trunk: a recorded column of six segments on rigs with any number of spine and neck bones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mocap.retarget.bone_map import BoneMap
from mocap.rig import Rig
from mocap.rotations import Array, between, multiply, rotate, slerp
from mocap.skeleton import Skeleton

_TRUNK = ("Pelvis", "L5", "L3", "T12", "T8")
_NECK = ("T8", "Neck", "Head")


def trunk_turns(skeleton: Skeleton, source: Mapping[str, Array], rig: Rig, bones: BoneMap) -> dict[str, Array]:
    """(T, 4) per bone of pelvis, spine, neck and head.

    Each bone takes the recorded orientation at the height of its middle, between hips and neck, and between chest and
    head. Its own shape at rest stays: the bends of a spine are anatomy, not posture.

    Args:
        skeleton: of the recording; source: (T, 4) orientations by segment.
    """
    at = skeleton.identity_positions()[:, 2]
    rest = rig.heads[:, 2]
    hips = float(np.mean([rest[rig.index(limbs.thigh[0])] for limbs in bones.limbs.values()]))

    joints = np.array([at[skeleton.index(s)] for s in (*_TRUNK, "Neck")])
    joints = (joints - joints[0]) / (joints[-1] - joints[0])
    heads = np.array([rest[rig.index(bone)] for bone in (*bones.spine, bones.neck[0])])
    places = _middles((heads - hips) / (heads[-1] - hips))
    out = dict(zip(bones.spine, _along([source[s] for s in _TRUNK], _middles(joints), places), strict=True))

    return {bones.root: source["Pelvis"], **out, **_neck(source, rig, bones), bones.head: source["Head"]}


def _neck(source: Mapping[str, Array], rig: Rig, bones: BoneMap) -> dict[str, Array]:
    """(T, 4) per neck bone: bent evenly from chest to head, as a whole directed as the recorded neck is."""
    joints = rig.heads[[rig.index(bone) for bone in (*bones.neck, bones.head)]]
    if len(bones.neck) == 1:
        return {bones.neck[0]: source["Neck"]}
    heights = (joints[:, 2] - joints[0, 2]) / (joints[-1, 2] - joints[0, 2])
    turns = _along([source[s] for s in _NECK], np.array((0.0, 0.5, 1.0)), _middles(heights))
    line = sum((rotate(turn, piece) for turn, piece in zip(turns, np.diff(joints, axis=0), strict=True)), np.zeros(3))
    straighten = between(line, rotate(source["Neck"], joints[-1] - joints[0]))
    return {bone: multiply(straighten, turn) for bone, turn in zip(bones.neck, turns, strict=True)}


def _middles(values: Array) -> Array:
    return 0.5 * (values[:-1] + values[1:])


def _along(turns: Sequence[Array], knots: Array, places: Array) -> list[Array]:
    """Orientations (T, 4) at `places`, slerped between those given at rising `knots`; held beyond the ends."""
    out = []
    for place in places:
        k = int(np.clip(np.searchsorted(knots, place) - 1, 0, len(knots) - 2))
        share = np.clip((place - knots[k]) / (knots[k + 1] - knots[k]), 0.0, 1.0)
        out.append(slerp(turns[k], turns[k + 1], np.asarray(share)))
    return out
