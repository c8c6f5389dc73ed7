"""Human3.6M: the 32 joints of its recordings and the 17 of them that are used.

Names and parents are those of the recorded skeleton (a Vicon one, in metadata.xml of the data set). Joints that always
lie on another one there do so here: the lower spine on the hips' middle, the shoulders' roots on the thorax, the hands'
roots on the wrists. Where a site ends a chain, it is the tip of toes or fingers.
"""

from __future__ import annotations

from blender_addon.labels.keypoint_sets.keypoint_set import KeypointSet, keypoint_set

# Name, parent, landmarks.
_JOINTS = (
    ("Hips", -1, "right_hip left_hip"),
    ("RightUpLeg", 0, "right_hip"), ("RightLeg", 1, "right_knee"), ("RightFoot", 2, "right_ankle"),
    ("RightToeBase", 3, "right_toe_base"), ("RightToeSite", 4, "right_big_toe right_small_toe"),
    ("LeftUpLeg", 0, "left_hip"), ("LeftLeg", 6, "left_knee"), ("LeftFoot", 7, "left_ankle"),
    ("LeftToeBase", 8, "left_toe_base"), ("LeftToeSite", 9, "left_big_toe left_small_toe"),
    ("Spine", 0, "right_hip left_hip"), ("Spine1", 11, "spine"), ("Neck", 12, "thorax"),
    ("Head", 13, "nose right_ear left_ear"), ("HeadSite", 14, "head_top"),
    ("LeftShoulder", 12, "thorax"), ("LeftArm", 16, "left_shoulder"), ("LeftForeArm", 17, "left_elbow"),
    ("LeftHand", 18, "left_wrist"), ("LeftHandThumb", 19, "left_wrist"), ("LeftThumbSite", 20, "left_thumb_ip"),
    ("LeftWristEnd", 19, "left_middle_mcp"), ("LeftWristSite", 22, "left_middle_mcp"),
    ("RightShoulder", 12, "thorax"), ("RightArm", 24, "right_shoulder"), ("RightForeArm", 25, "right_elbow"),
    ("RightHand", 26, "right_wrist"), ("RightHandThumb", 27, "right_wrist"), ("RightThumbSite", 28, "right_thumb_ip"),
    ("RightWristEnd", 27, "right_middle_mcp"), ("RightWristSite", 30, "right_middle_mcp"),
)  # fmt: skip
# Those that VideoPose3D and others use: hips and legs, spine, thorax, neck, head, arms.
_USED = (0, 1, 2, 3, 6, 7, 8, 12, 13, 14, 15, 17, 18, 19, 25, 26, 27)


def _skeleton(name: str, used: tuple[int, ...], about: str) -> KeypointSet:
    limbs = []
    for number, joint in enumerate(used):
        parent = _JOINTS[joint][1]
        while parent not in used and parent >= 0:
            same = [other for other in used if _JOINTS[other][2] == _JOINTS[parent][2]]
            parent = same[0] if same else _JOINTS[parent][1]
        if parent >= 0:
            limbs.append((used.index(parent), number))
    points = [(_JOINTS[joint][0], _JOINTS[joint][2]) for joint in used]
    title = f"Human3.6M, {len(used)} Joints"
    return keypoint_set(name, points, limbs, title=title, about=about, group="Motion Capture")


HUMAN36M_32 = _skeleton("h36m_32", tuple(range(len(_JOINTS))), "Human3.6M's whole recorded skeleton")
HUMAN36M_17 = _skeleton("h36m_17", _USED, "The joints of Human3.6M that VideoPose3D and others use")
