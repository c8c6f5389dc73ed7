"""Hands: names, order and limb pairs as in OpenPose's documentation of its output, from the wrist outwards."""

from __future__ import annotations

from blender_addon.labels.keypoint_sets.keypoint_set import KeypointSet, keypoint_set

_FINGERS = {
    "Thumb": ("CMC", "MCP", "IP", "Tip"),
    "Index": ("MCP", "PIP", "DIP", "Tip"),
    "Middle": ("MCP", "PIP", "DIP", "Tip"),
    "Ring": ("MCP", "PIP", "DIP", "Tip"),
    "Little": ("MCP", "PIP", "DIP", "Tip"),
}


def _hand(side: str) -> KeypointSet:
    letter = side[0].upper()
    rows = [(f"{letter}Wrist", f"{side}_wrist")]
    limbs = []
    for finger, joints in _FINGERS.items():
        first = len(rows)
        rows += [(f"{letter}{finger}{joint}", f"{side}_{finger}_{joint}".lower()) for joint in joints]
        limbs += [(0, first), *((first + k, first + k + 1) for k in range(len(joints) - 1))]
    return keypoint_set(
        f"hand_{side}",
        rows,
        limbs,
        title=f"{side.capitalize()} Hand",
        about=f"OpenPose's hand, the skater's own {side} one: wrist and four joints of each finger",
        group="Hands and Face",
    )


HAND_LEFT, HAND_RIGHT = _hand("left"), _hand("right")
