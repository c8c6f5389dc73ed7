"""Points of the face, crown, ears, toes and heels of a body whose mesh is nobody's we know, estimated from its shape.

What is meant by each stands in `landmarks`. The body stands upright and faces −Y. On MakeHuman's own bodies, whose
points are known, `tests/unit/test_estimated_points.py` says how far off these are.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.skater.human import Landmark, SkinnedMesh
from mocap.rotations import Array

# Shares of the head's height, from the chin up to the crown, and of the same height sideways: where an adult's eyes lie
# (half-way up, as painters are taught; pupils some 63 mm apart on a head of 225 mm).
_EYE_UP, _EYE_ASIDE = 0.5, 0.14
_NOSE_UP, _NOSE_ASIDE = (0.2, 0.5), 0.06
_EAR_UP = (0.3, 0.62)
# From the rim of the ear, where it stands out most, to the tragus: inwards, ahead and down.
_TRAGUS = np.array((0.055, 0.075, 0.07))

# Metres that may lie over each: more than over the points of `landmarks`, by how much less is known where they are.
_DEPTHS = {
    "nose": 0.018,
    "head_top": 0.05,
    "eye": 0.012,
    "ear": 0.022,
    "big_toe": 0.025,
    "small_toe": 0.03,
    "heel": 0.025,
}
# Metres from the tip of the nose to the landmark inside, and from the pupil's middle to the front of the eye.
_NOSE_INSIDE, _EYE_INSIDE = 0.01, 0.004
# Metres above the sole of the back of the heel bone.
_HEEL_UP = 0.02
_SIDES = (("left", 1.0), ("right", -1.0))


def estimated_points(meshes: tuple[SkinnedMesh, ...]) -> dict[str, Landmark]:
    """ "nose", "head_top", and "left_" and "right_" "eye", "ear", "big_toe", "small_toe" and "heel".

    Args:
        meshes: all surfaces at rest, with their classes and body parts.
    """
    out: dict[str, Landmark] = {}
    head = _Points(meshes, "head", ("skin",)) or _Points(meshes, "head")
    eyes = _Points(meshes, "head", ("eyes",))
    if head:
        out |= _face(head, eyes)
    for side, sign in _SIDES:
        foot = _Points(meshes, f"{side}_foot", ("skin",)) or _Points(meshes, f"{side}_foot")
        if foot:
            out |= {f"{side}_{name}": mark for name, mark in _foot(foot, sign).items()}
    return out


class _Points:
    """The corners of the faces on a body part, of some classes or all: places (N, 3) and how they hang on the rig."""

    def __init__(self, meshes: tuple[SkinnedMesh, ...], part: str, classes: tuple[str, ...] = ()) -> None:
        self.part = BODY_PART_INDEX[part]
        wanted = [CLOTHES_INDEX[name] for name in classes or CLOTHES_INDEX]
        width = max(mesh.bones.shape[1] for mesh in meshes)
        places, bones, weights = [], [], []
        for mesh in meshes:
            faces = mesh.faces[(mesh.part == self.part) & np.isin(mesh.garment, wanted)]
            used = np.unique(faces[faces >= 0])
            pad = ((0, 0), (0, width - mesh.bones.shape[1]))
            places.append(mesh.vertices[used])
            bones.append(np.pad(mesh.bones[used], pad))
            weights.append(np.pad(mesh.weights[used], pad))
        self.places, self.bones, self.weights = (np.concatenate(rows) for rows in (places, bones, weights))

    def __bool__(self) -> bool:
        return len(self.places) > 0

    def landmark(self, index: int, depth: float, at: Array | None = None) -> Landmark:
        """A landmark that moves as one of the points does, there or at a place (3,) near it."""
        place = self.places[index] if at is None else at
        return Landmark(place[None], self.bones[index][None], self.weights[index][None], depth, (self.part,))


def _face(head: _Points, eyes: _Points) -> dict[str, Landmark]:
    crown = head.places[:, 2].max()
    middle = 0.5 * (head.places[:, 0].min() + head.places[:, 0].max())
    # The neck is part of the head, but no part of it comes as far forward as the chin.
    depth = np.ptp(head.places[:, 1])
    ahead = head.places[:, 1] < head.places[:, 1].min() + 0.3 * depth
    chin = head.places[ahead, 2].min()
    tall = crown - chin
    up = (head.places[:, 2] - chin) / tall
    aside = (head.places[:, 0] - middle) / tall

    on_ridge = (np.abs(aside) < _NOSE_ASIDE) & (up > _NOSE_UP[0]) & (up < _NOSE_UP[1])
    tip = _extreme(-head.places[:, 1], on_ridge)
    inside = head.places[tip] + np.array((0.0, _NOSE_INSIDE, 0.0))
    out = {
        "nose": head.landmark(tip, _DEPTHS["nose"], inside),
        "head_top": head.landmark(int(np.argmax(head.places[:, 2])), _DEPTHS["head_top"]),
    }
    for side, sign in _SIDES:
        out[f"{side}_eye"] = _eye(head, eyes, sign, middle, chin, tall)
        beside = (up > _EAR_UP[0]) & (up < _EAR_UP[1]) & ~ahead
        rim = _extreme(sign * aside, beside)
        tragus = head.places[rim] - tall * _TRAGUS * np.array((sign, 1.0, 1.0))
        out[f"{side}_ear"] = head.landmark(rim, _DEPTHS["ear"], tragus)
    return out


def _eye(head: _Points, eyes: _Points, sign: float, middle: float, chin: float, tall: float) -> Landmark:
    own = sign * (eyes.places[:, 0] - middle) > 0.0
    if own.any():
        front = _extreme(-eyes.places[:, 1], own)
        return eyes.landmark(front, _DEPTHS["eye"])
    # Where the skin is furthest forward round the place where eyes are.
    x, z = middle + sign * _EYE_ASIDE * tall, chin + _EYE_UP * tall
    near = np.hypot(head.places[:, 0] - x, head.places[:, 2] - z) < 0.06 * tall
    front = _extreme(-head.places[:, 1], near)
    return head.landmark(front, _DEPTHS["eye"], np.array((x, head.places[front, 1] + _EYE_INSIDE, z)))


def _foot(foot: _Points, sign: float) -> Mapping[str, Landmark]:
    ahead, outward, up = -foot.places[:, 1], sign * foot.places[:, 0], foot.places[:, 2]
    length, width = np.ptp(ahead), np.ptp(outward)
    toes = ahead > ahead.max() - 0.35 * length
    medial = outward < outward.min() + 0.55 * width
    low = up < up.min() + 2.0 * _HEEL_UP
    return {
        "big_toe": foot.landmark(_extreme(ahead, toes & medial), _DEPTHS["big_toe"]),
        "small_toe": foot.landmark(_extreme(outward + 0.5 * ahead, toes & ~medial), _DEPTHS["small_toe"]),
        "heel": foot.landmark(_extreme(-ahead, low), _DEPTHS["heel"]),
    }


def _extreme(values: Array, mask: np.ndarray) -> int:
    """Index of the largest value where `mask` holds; of all where it holds nowhere."""
    chosen = np.flatnonzero(mask) if mask.any() else np.arange(len(values))
    return int(chosen[np.argmax(values[chosen])])
