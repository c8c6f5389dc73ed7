"""People who do not skate: how spectators sit. Angles are guesses by eye; `anatomy` says what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from mocap.elements import anatomy
from mocap.elements.anatomy import Arm, Leg, Pelvis, Trunk
from mocap.elements.body import skater
from mocap.elements.element import RATE
from mocap.motion import Motion, forward_kinematics
from mocap.rotations import Array
from mocap.skeleton import CONTACT_POINTS, SIDES

# Seconds that a posture is held: long enough for what hangs to come to rest.
_HELD = 2.0


@dataclass(frozen=True)
class Posture:
    """A posture that is held; `legs` and `arms` are the left one's and the right one's."""

    pelvis: Pelvis
    trunk: Trunk
    arms: tuple[Arm, Arm]
    legs: tuple[Leg, Leg]


_ON_LAP = Arm(abduction=24, forward=62, rotation=-8, elbow=62, supination=-10)
_FOLDED = Arm(abduction=26, forward=58, rotation=-4, elbow=104, supination=10)
_CLAPPING = Arm(abduction=34, forward=64, rotation=18, elbow=92, supination=40)
_LEANING = Arm(abduction=44, forward=74, rotation=-2, elbow=48, supination=-10)
_WITH_PHONE = Arm(abduction=48, forward=70, rotation=28, elbow=98, supination=60)
_CHEERING = Arm(abduction=132, forward=34, rotation=40, elbow=34)

_FEET_DOWN = Leg(flexion=84, abduction=8, knee=84)
_DRAWN_IN = Leg(flexion=84, abduction=6, knee=100, ankle=12)
_STRETCHED = Leg(flexion=78, abduction=8, knee=58, ankle=-14)

_UPRIGHT = (Pelvis(tilt=-8.0), Trunk(bend=4.0, head_bend=8.0))
_SLUMPED = (Pelvis(tilt=-10.0), Trunk(bend=16.0, head_bend=0.0))
_FORWARD = (Pelvis(tilt=6.0), Trunk(bend=28.0, head_bend=-14.0))

SITTING: Mapping[str, Posture] = {
    "hands on the lap": Posture(*_UPRIGHT, (_ON_LAP, _ON_LAP), (_FEET_DOWN, _FEET_DOWN)),
    "arms folded": Posture(*_SLUMPED, (_FOLDED, _FOLDED), (_STRETCHED, _FEET_DOWN)),
    "clapping": Posture(*_UPRIGHT, (_CLAPPING, _CLAPPING), (_FEET_DOWN, _DRAWN_IN)),
    "leaning on the knees": Posture(*_FORWARD, (_LEANING, _LEANING), (_DRAWN_IN, _FEET_DOWN)),
    "filming": Posture(*_UPRIGHT, (_WITH_PHONE, _ON_LAP), (_FEET_DOWN, _FEET_DOWN)),
    "cheering": Posture(*_UPRIGHT, (_CHEERING, _CHEERING), (_FEET_DOWN, _FEET_DOWN)),
}


def sitting_take(name: str) -> Motion:
    """A posture of `SITTING` as a take, held, facing −Y, the lowest sole at z = 0. KeyError if there is no such."""
    posture, skeleton = SITTING[name], skater()
    frames = round(_HELD * RATE) + 1
    local = np.zeros((frames, len(skeleton.names), 4))
    local[..., 0] = 1.0
    turns: dict[str, Array] = {"Pelvis": anatomy.pelvis_rotation(**asdict(posture.pelvis))}
    turns |= anatomy.trunk_rotations(**asdict(posture.trunk))
    for side, arm, leg in zip(SIDES, posture.arms, posture.legs, strict=True):
        turns |= anatomy.arm_rotations(side, **asdict(arm)) | anatomy.leg_rotations(side, **asdict(leg))
    for segment, rotation in turns.items():
        local[:, skeleton.index(segment)] = rotation
    orientations, positions = forward_kinematics(skeleton, np.zeros((frames, 3)), local)
    ankle = min(float(positions[0, skeleton.index(f"{side}Foot"), 2]) for side in SIDES)
    heel = float(skeleton.points["LeftFoot"]["pLeftHeelFoot"][2])
    return Motion(
        name=name,
        rate=RATE,
        skeleton=skeleton,
        orientations=orientations,
        positions=positions - np.array((0.0, 0.0, ankle + heel)),
        contacts=np.zeros((frames, len(CONTACT_POINTS)), dtype=bool),
        source={"format": "authored"},
    )
