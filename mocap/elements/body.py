"""A skater's body where no one was measured: 1.63 m tall, of average proportions, with the points that MVNX names.

Lengths are fractions of the stature: limbs and heights after Drillis and Contini (1966) as given in Winter,
"Biomechanics and Motor Control of Human Movement" (2009), figure 4.1; joint centres within the trunk and the bony
points around them placed by the anatomy that the MVN manual names them after. Axes: see `mocap.skeleton`.
"""

from __future__ import annotations

import numpy as np

from mocap.rotations import Array
from mocap.skeleton import JOINT_OF, PARENTS, SEGMENTS, Skeleton

STATURE = 1.63

_HIP_HEIGHT, _KNEE_HEIGHT, _ANKLE_HEIGHT = 0.530, 0.285, 0.039
_UPPER_ARM, _FOREARM, _HAND = 0.186, 0.146, 0.108
_HIP_HALF_WIDTH = 0.054

# Each segment's origin in its parent, in statures; the right side is the left one mirrored.
_OFFSETS: dict[str, tuple[float, float, float]] = {
    "Pelvis": (0.0, 0.0, 0.0),
    "L5": (0.0, 0.0, 0.070),
    "L3": (0.0, 0.0, 0.056),
    "T12": (0.0, 0.0, 0.051),
    "T8": (0.0, 0.0, 0.051),
    "Neck": (0.0, 0.0, 0.073),
    "Head": (0.0, 0.0, 0.055),
    "LeftShoulder": (0.017, 0.0, 0.043),
    "LeftUpperArm": (0.083, 0.0, 0.0),
    "LeftForeArm": (_UPPER_ARM, 0.0, 0.0),
    "LeftHand": (_FOREARM, 0.0, 0.0),
    "LeftUpperLeg": (_HIP_HALF_WIDTH, 0.0, 0.0),
    "LeftLowerLeg": (0.0, 0.0, _KNEE_HEIGHT - _HIP_HEIGHT),
    "LeftFoot": (0.0, 0.0, _ANKLE_HEIGHT - _KNEE_HEIGHT),
    "LeftToe": (0.0, -0.087, -0.029),
}

# Bony points per segment, in statures, besides the joints; left ones are mirrored to the right.
_POINTS: dict[str, dict[str, tuple[float, float, float]]] = {
    "Pelvis": {
        "pHipOrigin": (0.0, 0.0, 0.0),
        "pLeftSIPS": (0.034, 0.015, 0.071),
        "pLeftASI": (0.080, -0.047, 0.051),
        "pLeftCSI": (0.074, -0.023, 0.103),
        "pLeftIschialTub": (0.034, 0.039, -0.034),
        "pSacrum": (0.0, 0.049, 0.020),
        "pCentralButtock": (0.0, 0.039, -0.034),
    },
    "L5": {"pL5SpinalProcess": (0.0, 0.017, -0.003)},
    "L3": {"pL3SpinalProcess": (0.0, 0.017, -0.002)},
    "T12": {"pT12SpinalProcess": (0.0, 0.017, -0.002)},
    "T8": {
        "pC7SpinalProcess": (0.0, 0.017, 0.074),
        "pPX": (0.0, -0.064, -0.003),
        "pIJ": (0.0, -0.061, 0.061),
        "pT4SpinalProcess": (0.0, 0.017, 0.045),
        "pT8SpinalProcess": (0.0, 0.017, -0.002),
    },
    "Neck": {
        "pC7SpinalProcess": (0.0, 0.017, 0.001),
        "pT4SpinalProcess": (0.0, 0.017, -0.028),
    },
    "Head": {
        "pTopOfHead": (0.0, 0.0, 0.114),
        "pLeftAuricularis": (0.043, 0.004, 0.045),
        "pBackOfHead": (0.0, 0.037, 0.037),
    },
    "LeftShoulder": {"pIJ": (-0.017, -0.061, 0.018), "pLeftAcromion": (0.092, 0.0, 0.028)},
    "LeftUpperArm": {
        "pLeftArmLatEpicondyle": (_UPPER_ARM, 0.0, 0.017),
        "pLeftArmMedEpicondyle": (_UPPER_ARM, 0.0, -0.019),
    },
    "LeftForeArm": {
        "pLeftUlnarStyloid": (_FOREARM, 0.014, 0.0),
        "pLeftRadialStyloid": (_FOREARM, -0.014, 0.0),
        "pLeftOlecranon": (0.0, 0.014, 0.0),
    },
    "LeftHand": {
        "pLeftTopOfHand": (_HAND, 0.0, 0.0),
        "pLeftPinky": (0.6 * _HAND, 0.023, 0.0),
        "pLeftBallHand": (0.2 * _HAND, 0.011, -0.006),
        "pLeftHandPalm": (0.5 * _HAND, -0.011, -0.006),
    },
    "LeftUpperLeg": {
        "pLeftGreaterTrochanter": (0.041, 0.0, -0.016),
        "pLeftKneeLatEpicondyle": (0.024, 0.004, _KNEE_HEIGHT - _HIP_HEIGHT),
        "pLeftKneeMedEpicondyle": (-0.021, 0.004, _KNEE_HEIGHT - _HIP_HEIGHT),
        "pLeftPatella": (0.0, -0.021, _KNEE_HEIGHT - _HIP_HEIGHT),
    },
    "LeftLowerLeg": {
        "pLeftKneeLatEpicondyle": (0.024, 0.004, 0.0),
        "pLeftKneeMedEpicondyle": (-0.021, 0.004, 0.0),
        "pLeftLatMalleolus": (0.018, 0.0, _ANKLE_HEIGHT - _KNEE_HEIGHT),
        "pLeftMedMalleolus": (-0.018, 0.0, _ANKLE_HEIGHT - _KNEE_HEIGHT),
        "pLeftTibialTub": (0.0, -0.034, -0.019),
    },
    "LeftFoot": {
        "pLeftHeelFoot": (0.0, 0.028, -_ANKLE_HEIGHT),
        "pLeftFirstMetatarsal": (-0.021, -0.070, -_ANKLE_HEIGHT),
        "pLeftFifthMetatarsal": (0.023, -0.070, -_ANKLE_HEIGHT),
        "pLeftPivotFoot": (0.0, -0.083, -_ANKLE_HEIGHT),
        "pLeftHeelCenter": (0.0, 0.0, -_ANKLE_HEIGHT),
        "pLeftTopOfFoot": (0.006, -0.062, -0.012),
    },
    "LeftToe": {
        "pLeftToe": (0.0, 0.124 * -0.29, -0.010),
        "pLeftFirstMetatarsal": (-0.021, 0.017, -0.010),
        "pLeftFifthMetatarsal": (0.023, 0.017, -0.010),
    },
}

# The points of foot and toes that touch the ground when the foot stands flat.
SOLE: tuple[tuple[str, str], ...] = (
    ("Foot", "HeelFoot"),
    ("Foot", "HeelCenter"),
    ("Foot", "PivotFoot"),
    ("Foot", "FirstMetatarsal"),
    ("Foot", "FifthMetatarsal"),
    ("Toe", "Toe"),
)


def skater(stature: float = STATURE) -> Skeleton:
    """The 23 segments of MVN for a person of this stature in metres."""
    flip = np.array((-1.0, 1.0, 1.0))
    offsets: dict[str, Array] = {}
    points: dict[str, dict[str, Array]] = {}
    for name in SEGMENTS:
        right = name.startswith("Right")
        source = "Left" + name.removeprefix("Right") if right else name
        offsets[name] = stature * np.array(_OFFSETS[source]) * (flip if right else 1.0)
        points[name] = {}
        for label, at in _POINTS[source].items():
            if right:
                points[name][label.replace("Left", "Right")] = stature * np.array(at) * flip
                continue
            points[name][label] = stature * np.array(at)
            if label.startswith("pLeft") and not name.startswith("Left"):
                points[name][label.replace("Left", "Right")] = stature * np.array(at) * flip
    for name, parent in PARENTS.items():
        if parent is not None:
            points[parent][JOINT_OF[name]] = offsets[name].copy()
            points[name][JOINT_OF[name]] = np.zeros(3)
    parents = np.array([-1 if PARENTS[n] is None else SEGMENTS.index(str(PARENTS[n])) for n in SEGMENTS])
    return Skeleton(SEGMENTS, parents, np.array([offsets[n] for n in SEGMENTS]), points)


def sole(skeleton: Skeleton, side: str) -> Array:
    """(N, 3) sole points of one foot in the frame of its Foot segment, the toes in line as a boot keeps them."""
    toe = skeleton.offsets[skeleton.index(f"{side}Toe")]
    return np.array(
        [
            skeleton.points[side + segment][f"p{side}{label}"] + (toe if segment == "Toe" else 0.0)
            for segment, label in SOLE
        ]
    )
