"""3DPeople: the 67 joints of its skeleton files, in the order of their rows.

Names and order: the list that the data set's authors publish (`skeleton_joints_ids_order` in their repository), put
right by the skeleton that their own notebook shows. There, rows 7 to 9 are the eyes and the crown, not the crown and
the eyes; the first leg is the left one; and fingers go from the thumb to the little one at the left hand, and back at
the right one, as lengths of their bones tell. Others who read the data set (VIPE, PosePile) found the same of eyes and
legs.

It is the rig of an animation: its spine has joints where animators want them. Those stand here at the landmark, or
between the landmarks, that lies at their share of the way from hips to shoulders: 0.11 (hips; 0.14 in that notebook's
skeleton), 0.34 (0.35), 0.50 (0.55), 0.77 (0.74), 1.05 (neck; 1.10), 1.25 (head; 1.27).
"""

from __future__ import annotations

from itertools import pairwise

from blender_addon.labels.keypoint_sets.keypoint_set import keypoint_set

_FINGERS = {
    "Thumb": ("thumb_cmc", "thumb_mcp", "thumb_ip", "thumb_tip"),
    "Index": ("index_mcp", "index_pip", "index_dip", "index_tip"),
    "Middle": ("middle_mcp", "middle_pip", "middle_dip", "middle_tip"),
    "Ring": ("ring_mcp", "ring_pip", "ring_dip", "ring_tip"),
    "Pinky": ("little_mcp", "little_pip", "little_dip", "little_tip"),
}

_TRUNK = (
    ("Hips", "right_hip left_hip waist"), ("Spine", "waist"), ("Spine1", "spine"), ("Spine2", "spine thorax"),
    ("Neck", "thorax"), ("Head", "upper_neck"), ("RightEye", "right_eye"), ("LeftEye", "left_eye"),
    ("HeadTop_End", "head_top"),
)  # fmt: skip


def _arm(side: str, fingers: tuple[str, ...]) -> list[tuple[str, str]]:
    low = side.lower()
    rows = [
        (f"{side}Shoulder", f"thorax thorax {low}_shoulder"),
        (f"{side}Arm", f"{low}_shoulder"),
        (f"{side}ForeArm", f"{low}_elbow"),
        (f"{side}Hand", f"{low}_wrist"),
    ]
    for finger in fingers:
        rows += [(f"{side}Hand{finger}{k}", f"{low}_{mark}") for k, mark in enumerate(_FINGERS[finger], 1)]
    return rows


def _leg(side: str) -> list[tuple[str, str]]:
    low = side.lower()
    return [
        (f"{side}UpLeg", f"{low}_hip"),
        (f"{side}Leg", f"{low}_knee"),
        (f"{side}Foot", f"{low}_ankle"),
        (f"{side}ToeBase", f"{low}_toe_base"),
        (f"{side}Toe_End", f"{low}_big_toe {low}_small_toe"),
    ]


_OUTWARDS = tuple(_FINGERS)
_ROWS = (
    *_TRUNK, *_arm("Left", _OUTWARDS), *_arm("Right", _OUTWARDS[::-1]), *_leg("Left"), *_leg("Right"),
)  # fmt: skip


def _limbs() -> list[tuple[int, int]]:
    at = {name: k for k, (name, _) in enumerate(_ROWS)}
    chains = [["Hips", "Spine", "Spine1", "Spine2", "Neck", "Head", "HeadTop_End"]]
    for side in ("Left", "Right"):
        hand = f"{side}Hand"
        chains += [
            ["Head", f"{side}Eye"],
            ["Spine2", f"{side}Shoulder", f"{side}Arm", f"{side}ForeArm", hand],
            ["Hips", *(name for name, _ in _leg(side))],
            *([hand, *(f"{hand}{finger}{k}" for k in range(1, 5))] for finger in _FINGERS),
        ]
    return [(at[a], at[b]) for chain in chains for a, b in pairwise(chain)]


THREE_D_PEOPLE_67 = keypoint_set(
    "3dpeople_67",
    _ROWS,
    _limbs(),
    title="3DPeople",
    about="3DPeople's skeleton: an animator's rig with all fingers",
    group="Motion Capture",
)
