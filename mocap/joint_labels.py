"""The labels by which MVN names joints, for every segment that MVN writes.

Sources: the `joints` of MVNX files (body), and public programs that read MVNX finger joints (fingers).
"""

from __future__ import annotations

from mocap.skeleton import FINGERS, JOINT_OF, SIDES

_NEAR_END = {"MC": "CMC", "PP": "MCP", "MP": "PIP", "DP": "DIP"}


def joint_label(segment: str) -> str:
    """The joint at a segment's near end: jLeftKnee, jLeftSecondPIP; of a carpus or a prop, its name after a j."""
    if segment in JOINT_OF:
        return JOINT_OF[segment]
    for side in SIDES:
        finger, bone = segment.removeprefix(side)[:-2], segment[-2:]
        if segment.startswith(side) and finger in FINGERS and bone in _NEAR_END:
            # The thumb has one joint between its last two bones, and it alone is named without its finger.
            return f"j{side}IP" if (finger, bone) == ("First", "DP") else f"j{side}{finger}{_NEAR_END[bone]}"
    return f"j{segment}"


def v4_label(label: str) -> str:
    """Version 3 names the joint of T8 and shoulder by C7, version 4 by T4."""
    return label.replace("C7Shoulder", "T4Shoulder")
