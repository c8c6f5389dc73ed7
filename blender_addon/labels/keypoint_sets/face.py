"""The face: dlib's 68 points in their order, and OpenPose's two pupils after them.

Source of order and limb pairs: OpenPose's documentation of its output and the 300-W challenge's mark-up. Right and left
are the person's own; dlib counts from the person's right ear.
"""

from __future__ import annotations

from collections.abc import Iterable

from blender_addon.labels.keypoint_sets.keypoint_set import keypoint_set

_LANDMARKS = (
    *(f"right_jaw_{k}" for k in range(8, 0, -1)), "chin", *(f"left_jaw_{k}" for k in range(1, 9)),
    *(f"right_brow_{k}" for k in range(5, 0, -1)), *(f"left_brow_{k}" for k in range(1, 6)),
    "nose_root", "nose_bridge_1", "nose_bridge_2", "nose_tip",
    "right_nose_wing", "right_nostril", "subnasale", "left_nostril", "left_nose_wing",
    "right_eye_outer", "right_upper_lid_outer", "right_upper_lid_inner",
    "right_eye_inner", "right_lower_lid_inner", "right_lower_lid_outer",
    "left_eye_inner", "left_upper_lid_inner", "left_upper_lid_outer",
    "left_eye_outer", "left_lower_lid_outer", "left_lower_lid_inner",
    "right_lip_corner", "right_upper_lip_outer", "right_upper_lip_peak", "upper_lip",
    "left_upper_lip_peak", "left_upper_lip_outer", "left_lip_corner",
    "left_lower_lip_outer", "left_lower_lip_inner", "lower_lip", "right_lower_lip_inner", "right_lower_lip_outer",
    "right_mouth_corner", "right_upper_lip_edge", "upper_lip_middle", "left_upper_lip_edge",
    "left_mouth_corner", "left_lower_lip_edge", "lower_lip_middle", "right_lower_lip_edge",
    "right_eye", "left_eye",
)  # fmt: skip


_PUPILS = {"right_eye": "RPupil", "left_eye": "LPupil"}


def _name(landmark: str) -> str:
    """`RUpperLidInner` for `right_upper_lid_inner`."""
    if landmark in _PUPILS:
        return _PUPILS[landmark]
    side, _, rest = landmark.partition("_")
    words = [side[0], *rest.split("_")] if side in ("left", "right") else landmark.split("_")
    return "".join(word.capitalize() for word in words)


def _line(points: Iterable[int], closed: bool = False) -> tuple[tuple[int, int], ...]:
    """Pairs of neighbours."""
    row = list(points)
    return tuple(zip(row, row[1:] + row[:1] if closed else row[1:], strict=False))


FACE_70 = keypoint_set(
    "face_70",
    [(_name(landmark), landmark) for landmark in _LANDMARKS],
    (
        *_line(range(17)), *_line(range(17, 22)), *_line(range(22, 27)), *_line(range(27, 31)), *_line(range(31, 36)),
        *_line(range(36, 42), closed=True), *_line(range(42, 48), closed=True),
        *_line(range(48, 60), closed=True), *_line(range(60, 68), closed=True),
    ),
    title="Face",
    about="OpenPose's face: dlib's 68 points and both pupils",
    group="Hands and Face",
)  # fmt: skip
