"""Points of the hand: the joints of the fingers in the middle of the flesh round them, and the fingers' tips.

MakeHuman's finger bones lie 3 to 5 mm towards the back of the hand, just under the skin (docs/keypoints.md has the
figures), so a joint is the mean of vertices of hm08 round it, which bend with the finger. Other rigs' fingers have no
flesh that is known; their joints are where their bones turn.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from blender_addon.skater.human import Landmark
from blender_addon.skater.landmarks.sides import indices, with_side
from blender_addon.skater.landmarks.skin_points import SkinPoint, skin_landmarks
from mocap.retarget import BoneMap
from mocap.rig import Rig
from mocap.rotations import Array

# Metres of flesh over a point where that is not known.
_DEPTH = 0.01

_HAND, _WRIST = ("hand",), ("forearm", "hand")


def _point(left: tuple[int, ...], right: tuple[int, ...], parts: tuple[str, ...] = _HAND) -> SkinPoint:
    return SkinPoint(left, right, parts, _DEPTH)


# The right side is the left's by MakeHuman's table of mirrored vertices (mesh_metadata/hm08.mirror).
#   ip, pip, dip: four vertices of the ring that goes round the finger at the bone's head, those whose mean comes
#       nearest to the middle of the ring: within 0.3 mm on seven bodies.
#   mcp: three vertices of the back of the hand over the bone's head and two of the palm under it, since knuckles lie
#       nearer to the back; of the thumb, five round it.
#   tip: three vertices round the middle of the finger's end, 2 to 3 mm inside, so that it falls on the finger from
#       wherever it is seen.
#   thumb_cmc: round the thumb's root at the wrist. The rig turns the thumb 2 to 3 cm further in, in the palm.
_POINTS: dict[str, SkinPoint] = {
    "thumb_cmc": _point((10354, 10587, 10347, 10578), (3686, 3922, 3679, 3913), _WRIST),
    "thumb_mcp": _point((10342, 10303, 9840, 9860, 9904), (3674, 3635, 3172, 3192, 3236)),
    "thumb_ip": _point((9432, 9414, 9337, 9336), (2764, 2746, 2669, 2668)),
    "index_mcp": _point((9803, 9803, 9772, 9774, 9798), (3135, 3135, 3104, 3106, 3130)),
    "index_pip": _point((8611, 8582, 8606, 8572), (1943, 1914, 1938, 1904)),
    "index_dip": _point((9635, 9631, 8686, 9487), (2967, 2963, 2018, 2819)),
    "middle_mcp": _point((9808, 9809, 9778, 9779, 9780), (3140, 3141, 3110, 3111, 3112)),
    "middle_pip": _point((9652, 8765, 9497, 8778), (2984, 2097, 2829, 2110)),
    "middle_dip": _point((9674, 9670, 8878, 9526), (3006, 3002, 2210, 2858)),
    "ring_mcp": _point((9813, 9815, 9784, 9785, 9786), (3145, 3147, 3116, 3117, 3118)),
    "ring_pip": _point((9023, 9022, 9056, 9054), (2355, 2354, 2388, 2386)),
    "ring_dip": _point((9101, 9077, 9076, 9071), (2433, 2409, 2408, 2403)),
    "little_mcp": _point((9183, 9792, 9153, 9824, 10480), (2515, 3124, 2485, 3156, 3814)),
    "little_pip": _point((9736, 9575, 9576, 9730), (3068, 2907, 2908, 3062)),
    "little_dip": _point((9293, 9267, 9268, 9264), (2625, 2599, 2600, 2596)),
    "thumb_tip": _point((9350, 9365, 9433), (2682, 2697, 2765)),
    "index_tip": _point((8708, 8725, 9648), (2040, 2057, 2980)),
    "middle_tip": _point((8792, 8813, 8917), (2124, 2145, 2249)),
    "ring_tip": _point((9109, 9110, 9700), (2441, 2442, 3032)),
    "little_tip": _point((9270, 9283, 9311), (2602, 2615, 2643)),
}
FINGER_PARTS = {name: point.parts for name, point in _POINTS.items()}
"""Body parts on which a point of a hand is seen, both without their side."""
# Names of a finger's joints, from its first bone to the end of its last.
_THUMB = ("cmc", "mcp", "ip", "tip")
_FINGER = ("mcp", "pip", "dip", "tip")


def hand_points(vertices: Array, bones: np.ndarray, weights: Array) -> dict[str, Landmark]:
    """All points of both hands of a mesh that has hm08's numbering, "left_thumb_cmc" to "right_little_tip".

    Args:
        vertices: (N, 3) at rest: all of hm08's, or its first ones, which are the skin; bones (N, K), weights (N, K).
    """
    points = skin_landmarks(_POINTS, vertices, bones, weights)
    return {name: replace(mark, depth=_radius(mark.points)) for name, mark in points.items()}


def finger_bones(rig: Rig, names: BoneMap) -> dict[str, Landmark]:
    """The points of the hands of any rig: heads of its finger bones, and tails of the last. Fingers it lacks left out.

    Args:
        names: which bones play which segments; a finger of which it names other than three bones is left out.
    """
    out = {}
    for side, limbs in names.limbs.items():
        for finger, bones in limbs.fingers.items():
            if len(bones) != 3:
                continue
            chain = [rig.index(bone) for bone in bones]
            places = [*rig.heads[chain], rig.tails[chain[-1]]]
            joints = _THUMB if finger == "thumb" else _FINGER
            for joint, bone, place in zip(joints, (*chain, chain[-1]), places, strict=True):
                out[f"{side.lower()}_{finger}_{joint}"] = Landmark(
                    points=place[None],
                    bones=np.array([[bone]]),
                    weights=np.ones((1, 1)),
                    depth=_DEPTH,
                    parts=indices(with_side(_HAND, side.lower())),
                )
    return out


def _radius(points: Array) -> float:
    """Metres from the middle of some points to them, on average."""
    return float(np.linalg.norm(points - points.mean(axis=0), axis=1).mean())
