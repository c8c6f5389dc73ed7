"""BVH files of other programs, through a joint map: the same movement comes back, and a map's mistakes are named."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_takes import COMMON_JOINTS, bvh, common_bvh, dancing, joint_map, mvnx

from mocap.axes import FORWARD, UP
from mocap.bvh.joint_map import JointMap, format_joint_map, load_joint_map
from mocap.bvh.joint_names import MVN_JOINTS, suggest_joint_map
from mocap.errors import UserError
from mocap.motion import Motion
from mocap.plain_yaml import MAX_BYTES
from mocap.rotations import from_axis_angle, multiply, normalize, rotate
from mocap.skeleton import SEGMENTS, finger_segments
from mocap.takes import read_take


def arms_down(degrees: float) -> dict[str, np.ndarray]:
    """How the arms' segments are turned when they hang so far below the horizontal."""
    turn = {
        side: from_axis_angle(FORWARD, sign * np.radians(degrees)) for side, sign in (("Left", -1.0), ("Right", 1.0))
    }
    return {side + name: turn[side] for side in turn for name in ("UpperArm", "ForeArm", "Hand")}


def elbows_bent(degrees: float, twist: float) -> dict[str, np.ndarray]:
    """Arms half down and twisted, elbows bent, which is about the vertical in MVN's identity pose."""
    rest = arms_down(45.0)
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        arm = multiply(rest[f"{side}UpperArm"], from_axis_angle((1.0, 0.0, 0.0), np.radians(twist)))
        bent = multiply(arm, from_axis_angle(UP, -sign * np.radians(degrees)))
        rest |= {f"{side}UpperArm": arm, f"{side}ForeArm": bent, f"{side}Hand": bent}
    return rest


def apart(take: Motion, motion: Motion, joints=COMMON_JOINTS) -> tuple[float, float]:
    """Most degrees and metres between two motions over the segments that joints carry."""
    index = [motion.skeleton.index(segment) for segment in joints]
    dots = np.abs(np.sum(take.orientations[:, index] * motion.orientations[:, index], axis=-1))
    moved = np.linalg.norm(take.positions[:, index] - motion.positions[:, index], axis=-1)
    return float(np.degrees(2.0 * np.arccos(np.clip(dots, 0.0, 1.0))).max()), float(moved.max())


def rigid_spine(count: int = 40) -> Motion:
    """A dance whose L3 does not bend, as in a body that lacks that joint."""
    motion = dancing(count)
    skeleton = motion.skeleton
    l5, l3 = skeleton.index("L5"), skeleton.index("L3")
    orientations, positions = motion.orientations.copy(), motion.positions.copy()
    orientations[:, l3] = orientations[:, l5]
    for j, parent in enumerate(skeleton.parents):
        if parent >= 0:
            positions[:, j] = positions[:, parent] + rotate(orientations[:, parent], skeleton.offsets[j])
    return replace(motion, orientations=orientations, positions=positions)


@pytest.mark.parametrize(
    "rest", [{}, arms_down(45.0), arms_down(85.0), elbows_bent(25.0, 0.0), elbows_bent(25.0, 70.0)]
)
def test_whatever_the_pose_of_zero_rotations(tmp_path, rest):
    motion = rigid_spine()
    take = read_take(common_bvh(tmp_path, motion, rest=rest), joint_map=joint_map(tmp_path))
    degrees, metres = apart(take, motion)
    assert degrees < 1e-4 and metres < 1e-6
    assert take.skeleton.names == SEGMENTS
    assert np.abs(take.skeleton.offsets[SEGMENTS.index("LeftForeArm")] - (0.27, 0.0, 0.0)).max() < 1e-6
    assert take.source["rest"] == "zero"
    assert any("L3" in warning for warning in take.source["warnings"])


def test_a_row_stands_for_the_rest_pose_where_zero_rotations_do_not(tmp_path):
    """Every joint has axes of its own, so zero rotations are no pose of a person; row 0 has the arms hanging."""
    rng = np.random.default_rng(0)
    axes = {segment: normalize(rng.normal(size=4)) for segment in COMMON_JOINTS}
    rest = arms_down(70.0)
    motion = rigid_spine()
    standing = np.stack([rest.get(name, np.array((1.0, 0.0, 0.0, 0.0))) for name in SEGMENTS])[None]
    orientations = np.concatenate((standing, motion.orientations))
    moved = replace(
        motion, orientations=orientations, positions=np.concatenate((motion.positions[:1], motion.positions))
    )
    path = common_bvh(tmp_path, moved, rest=rest, axes=axes)
    for lines in ("", "rest: 0\n"):
        take = read_take(path, joint_map=joint_map(tmp_path, more=f"{lines}first_row: drop\n"))
        degrees, metres = apart(take, motion)
        assert degrees < 1e-4 and metres < 1e-6
        assert take.source["rest"] == 0
    message = refused(path, joint_map(tmp_path, more="rest: zero\n"))
    assert "all rotations zero: no pose in which the person stands" in message and "rest:" in message


def test_the_heading_at_rest_does_not_matter(tmp_path):
    """A skeleton that faces sideways in its rest pose: the same limbs, wherever it looks."""
    motion = rigid_spine()
    sideways = from_axis_angle(UP, 0.4 * np.pi)
    rest = {name: multiply(sideways, arms_down(45.0).get(name, (1.0, 0.0, 0.0, 0.0))) for name in SEGMENTS}
    take = read_take(common_bvh(tmp_path, motion, rest=rest), joint_map=joint_map(tmp_path))
    assert apart(take, motion)[0] < 1e-4


def test_axes_of_the_file(tmp_path):
    """Z up instead of Y: every vector of the file renamed, and the map says so."""
    motion = rigid_spine()
    path = common_bvh(tmp_path, motion)
    names = {"X": "Y", "Y": "Z", "Z": "X"}
    lines = []
    rows = False
    for line in path.read_text().splitlines():
        words = line.split()
        if words[:1] == ["OFFSET"]:
            words = ["OFFSET", words[3], words[1], words[2]]
        elif words[:1] == ["CHANNELS"]:
            words = [*words[:2], *(names[word[0]] + word[1:] for word in words[2:])]
        lines.append(" ".join(words) if not rows else line)
        rows = rows or line.startswith("Frame Time")
    path.write_text("\n".join(lines))
    suggested, _ = suggest_joint_map(path)
    assert (suggested.up, suggested.forward) == ("z", "x")
    take = read_take(path, joint_map=joint_map(tmp_path, more="up: z\nforward: x\n"))
    degrees, metres = apart(take, motion)
    assert degrees < 1e-4 and metres < 1e-6


@pytest.mark.parametrize(("unit", "said"), [(1.0, ""), (0.01, ""), (0.001, ""), (0.0254, ""), (0.5, "unit: 0.5\n")])
def test_units_are_guessed_or_said(tmp_path, unit, said):
    motion = rigid_spine()
    take = read_take(common_bvh(tmp_path, motion, unit=unit), joint_map=joint_map(tmp_path, more=said))
    assert take.source["metres_per_unit"] == pytest.approx(unit)
    assert apart(take, motion)[1] < 1e-5
    guessed = any("unit of length" in warning for warning in take.source["warnings"])
    assert guessed is (unit == 0.0254)
    if said:
        assert "unit:" in refused(common_bvh(tmp_path, motion, unit=unit), joint_map(tmp_path))


def test_a_body_without_clavicles_toes_and_most_of_the_spine(tmp_path):
    few = {
        segment: name
        for segment, name in COMMON_JOINTS.items()
        if segment not in ("L5", "T12", "Neck") and not segment.endswith(("Shoulder", "Toe"))
    }
    motion = dancing(30)
    still = ("L5", "L3", "T12", "T8", "Neck", "Head", "LeftShoulder", "RightShoulder", "LeftToe", "RightToe")
    orientations = motion.orientations.copy()
    for segment in still:
        parent = motion.skeleton.parents[SEGMENTS.index(segment)]
        orientations[:, SEGMENTS.index(segment)] = orientations[:, parent]
    path = common_bvh(tmp_path, replace(motion, orientations=orientations), joints=few)
    take = read_take(path, joint_map=joint_map(tmp_path, few))
    dots = np.abs(np.sum(take.orientations * orientations, axis=-1))
    assert np.allclose(dots, 1.0, atol=1e-9)
    heights = dict(zip(SEGMENTS, take.skeleton.identity_positions()[:, 2], strict=True))
    trunk = [heights[segment] for segment in ("Pelvis", "L5", "L3", "T12", "T8", "Neck", "Head")]
    assert np.all(np.diff(trunk) > 0.02)
    ball = take.skeleton.offsets[SEGMENTS.index("LeftToe")]
    assert ball[1] < -0.08 and ball[2] < -0.02
    assert take.point("LeftFoot", "pLeftHeelFoot").shape == (30, 3)


def test_fingers_ride_along(tmp_path):
    path = common_bvh(tmp_path, rigid_spine(20))
    finger = "JOINT LeftHandIndex1\n{\nOFFSET 8 0 2\nEnd Site\n{\nOFFSET 3 0 0\n}\n}\n"
    path.write_text(re.sub(r"(JOINT LeftHand\n{\n.*\n.*\n)", rf"\1{finger}", path.read_text()))
    more = {**COMMON_JOINTS, "LeftSecondPP": "LeftHandIndex1"}
    take = read_take(path, joint_map=joint_map(tmp_path, more))
    assert take.skeleton.names == (*SEGMENTS, "LeftSecondPP")
    knuckle, hand = take.skeleton.index("LeftSecondPP"), take.skeleton.index("LeftHand")
    assert take.skeleton.parents[knuckle] == hand
    away = np.linalg.norm(take.positions[:, knuckle] - take.positions[:, hand], axis=-1)
    assert np.allclose(away, np.hypot(0.08, 0.02))


def test_the_hips_may_hang_on_a_root_that_stands_still(tmp_path):
    motion = rigid_spine(20)
    path = common_bvh(tmp_path, motion)
    text = path.read_text().replace("ROOT Hips", "ROOT Armature\n{\nOFFSET 0 0 0\nJOINT Hips")
    path.write_text(text.replace("MOTION", "}\nMOTION"))
    degrees, metres = apart(read_take(path, joint_map=joint_map(tmp_path)), motion)
    assert degrees < 1e-4 and metres < 1e-6


def test_a_joint_at_the_tip_of_the_toes_is_their_tip(tmp_path):
    path = common_bvh(tmp_path, rigid_spine(5))
    plain = read_take(path, joint_map=joint_map(tmp_path))
    tip = plain.skeleton.points["LeftToe"]["pLeftToe"]
    assert np.abs(tip - (0.0, -0.06, -0.01)).max() < 1e-6
    text = re.sub(
        r"(JOINT LeftToeBase\n{\n.*\n.*\n)End Site\n{\n(.*\n)}",
        r"\1JOINT LeftToe_End\n{\n\2End Site\n{\nOFFSET 0 0 0\n}\n}",
        path.read_text(),
    )
    path.write_text(text)
    again = read_take(path, joint_map=joint_map(tmp_path))
    assert "LeftToe_End" in text and np.abs(again.skeleton.points["LeftToe"]["pLeftToe"] - tip).max() < 1e-9


def test_first_row_and_rate_can_be_said(tmp_path):
    path = common_bvh(tmp_path, rigid_spine(20))
    take = read_take(path, joint_map=joint_map(tmp_path, more="first_row: drop\nrate: 120\n"))
    assert (len(take), take.rate) == (19, 120.0)


@pytest.mark.parametrize("name", ["xsens_walk_240hz.bvh", "xsens_v4_upperbody_60hz.bvh"])
def test_mvns_own_files_read_as_if_they_were_foreign(recordings, tmp_path, name):
    """The pose of zero rotations gives what MVN's identity gives; a row in which somebody just stands comes near."""
    path = recordings / name
    known = read_take(path)
    path_of_map = joint_map(tmp_path, MVN_JOINTS[0], more="rest: zero\n")
    take = read_take(path, joint_map=path_of_map)
    degrees, metres = apart(take, known, SEGMENTS)
    assert degrees < 0.1 and metres < 1e-6 and len(take) == len(known)
    standing = read_take(path, joint_map=joint_map(tmp_path, MVN_JOINTS[0], more="rest: 0\n"))
    dots = np.abs(np.sum(standing.orientations * known.orientations, axis=-1))
    off = np.degrees(2.0 * np.arccos(np.clip(np.median(dots, axis=0), 0.0, 1.0)))
    assert off.mean() < 8.0 and off.max() < 25.0


# -- maps ----------------------------------------------------------------------------------------------------------


def refused(path: Path, map_path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_take(path, joint_map=map_path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        ("- a\n- b\n", "line 1: here belong keys with values. Known are: joints, up"),
        ("joints: [a, b]\n", "line 1: here belong keys with values. Known are: Pelvis, L5"),
        ("up: y\n", "the key 'joints' is missing. See docs/takes.md."),
        ("joints:\n  Pelvis: Hips\n", "no joint for T8, Head"),
        ("joints:\n  Pelvs: Hips\n", "line 2: unknown key 'Pelvs'. Did you mean 'Pelvis'? See docs/takes.md."),
        ("jionts:\n  Pelvis: Hips\n", "line 1: unknown key 'jionts'. Did you mean 'joints'?"),
        ("joints:\n  Pelvis: {a: b}\n", "line 2: a single word"),
        ("joints:\n  Pelvis: A\n  Head: A\n", "line 3: the joint 'A' stands for two segments"),
        ("joints:\n  Pelvis: A\n  Pelvis: B\n", "line 3: the key 'Pelvis' stands here twice"),
        ("joints:\n  Pelvis: A\nup: *a\n", "line 3: anchors and aliases are not used here"),
        ("a: {" * 2000, "nested too deeply"),
        ("joints: {Pelvis: 'A\n", "not YAML"),
        ("joints: !!python/object/apply:os.system [ls]\n", "line 1: tags are not used here"),
        ("# " + "x" * MAX_BYTES, "longer than 200000 bytes"),
        ("\x00", "not YAML"),
    ],
)
def test_mistakes_in_a_map_are_named(tmp_path, content, message):
    path = tmp_path / "map.yaml"
    path.write_text(content)
    assert message in refused(common_bvh(tmp_path, dancing(2)), path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("up: north", "'north' is not known here. Known are: x, y, z"),
        ("up: y\nforward: -y", "one axis"),
        ("unit: furlong", "a number from 0.0001 to 10, not 'furlong'. Or m, cm, mm, inch, cmu."),
        ("unit: .nan", "here belongs a number"),
        ("unit: 1e-9", "here belongs a number from"),
        ("rest: sitting", "rest is 'sitting'"),
        ("rest: -1", "rest is '-1'"),
        ("rest: 99999999999999999999", "rest is"),
        ("rest: 77", "rest is row 77, but there are 2"),
        ("first_row: maybe", "'maybe' is not known here. Known are: auto, keep, drop."),
        ("rate: fast", "here belongs a number from 1 to 10000, not 'fast'"),
        ("rate: [60]", "a single word"),
    ],
)
def test_values_out_of_range_are_named(tmp_path, line, message):
    path = joint_map(tmp_path, more=line + "\n")
    assert message in refused(common_bvh(tmp_path, dancing(2)), path)


def test_joints_that_the_file_lacks_are_named(tmp_path):
    path = common_bvh(tmp_path, dancing(2))
    wrong = joint_map(tmp_path, {**COMMON_JOINTS, "LeftHand": "LeftHnad"})
    assert "no joint 'LeftHnad' for LeftHand. Did you mean 'LeftHand'?" in refused(path, wrong)
    swapped = joint_map(tmp_path, {**COMMON_JOINTS, "LeftUpperLeg": "LeftLeg", "LeftLowerLeg": "LeftUpLeg"})
    assert "LeftUpLeg: hangs on Hips" in refused(path, swapped)
    swapped = joint_map(tmp_path, {**COMMON_JOINTS, "L5": "Spine2", "T8": "Spine"})
    assert "Spine1: hangs on Spine, not" in refused(path, swapped)


def test_a_map_for_an_mvnx_is_a_mistake(tmp_path):
    assert "Leave out the joint map" in refused(mvnx(tmp_path, dancing(2)), joint_map(tmp_path))
    assert "No such file" in refused(common_bvh(tmp_path, dancing(2)), tmp_path / "none.yaml")


def test_without_a_map_the_error_tells_how_to_give_one(tmp_path):
    with pytest.raises(UserError, match=r"not the skeleton that XSens MVN exports.*joint map"):
        read_take(common_bvh(tmp_path, dancing(2)))


# -- names ---------------------------------------------------------------------------------------------------------


def test_a_suggested_map_reads_the_file(tmp_path):
    motion = rigid_spine()
    path = common_bvh(tmp_path, motion)
    suggested, unused = suggest_joint_map(path)
    assert {**suggested.joints} == COMMON_JOINTS and unused == ()
    written = tmp_path / "map.yaml"
    written.write_text(format_joint_map(suggested, ["odd: name", "- other"]))
    assert load_joint_map(written) == suggested
    assert apart(read_take(path, joint_map=written), motion)[0] < 1e-4


def chain(names: str, *inside: str) -> str:
    """Joints inside each other as BVH text, the last of them with others inside."""
    text = "\n".join(inside) or "End Site\n{\nOFFSET 0 1 0\n}"
    for name in reversed(names.split()):
        text = f"JOINT {name}\n{{\nOFFSET 0 10 0\nCHANNELS 3 Zrotation Xrotation Yrotation\n{text}\n}}"
    return text


def both(names: str, sides: str = "L R") -> list[str]:
    """A chain per side: names with # for the side."""
    return [chain(names.replace("#", side)) for side in sides.split()]


WORDS, SMALL = "Left Right", "l r"
SKELETONS = {
    "mixamo": (
        chain(
            "m:Hips",
            chain(
                "m:Spine m:Spine1 m:Spine2",
                chain("m:Neck m:Head m:HeadTop_End"),
                *both("m:#Shoulder m:#Arm m:#ForeArm m:#Hand m:#HandThumb1", WORDS),
            ),
            *both("m:#UpLeg m:#Leg m:#Foot m:#ToeBase", WORDS),
        ),
        {
            "Pelvis": "m:Hips",
            "L5": "m:Spine",
            "T8": "m:Spine2",
            "LeftUpperArm": "m:LeftArm",
            "LeftToe": "m:LeftToeBase",
        },
    ),
    "biped, clavicles on the neck and thighs on the spine": (
        chain(
            "B B_Pelvis B_Spine",
            chain(
                "B_Spine1 B_Neck",
                chain("B_Head"),
                *both("B_#_Clavicle B_#_UpperArm B_#_Forearm B_#_Hand B_#_Finger0"),
            ),
            *both("B_#_Thigh B_#_Calf B_#_Foot B_#_Toe0"),
        ),
        {"Pelvis": "B_Pelvis", "T8": "B_Spine1", "Neck": "B_Neck", "LeftShoulder": "B_L_Clavicle"}
        | {"RightUpperLeg": "B_R_Thigh", "RightToe": "B_R_Toe0"},
    ),
    "unreal": (
        chain(
            "root pelvis",
            chain(
                "spine_01 spine_02",
                chain("neck_01 head"),
                *both(
                    "clavicle_# upperarm_# upperarm_twist_# lowerarm_# hand_# index_01_# index_02_# index_03_#", SMALL
                ),
            ),
            *both("thigh_# calf_# foot_# ball_#", SMALL),
        ),
        {"Pelvis": "pelvis", "T8": "spine_02", "LeftUpperArm": "upperarm_l", "RightForeArm": "lowerarm_r"}
        | {"LeftToe": "ball_l", "RightSecondPP": "index_01_r", "RightSecondDP": "index_03_r"},
    ),
    "genesis, in halves, every name a joint's": (
        chain(
            "hip_joint pelvis_joint",
            *both("#ThighBend_joint #ThighTwist_joint #Shin_joint #Foot_joint #Metatarsals_joint #Toe_joint", SMALL),
            chain(
                "abdomen_joint chest_joint",
                chain("neck_joint head_joint"),
                *both("#Collar_joint #ShldrBend_joint #ShldrTwist_joint #ForearmBend_joint #Hand_joint", SMALL),
            ),
        ),
        {"LeftUpperLeg": "lThighBend_joint", "LeftLowerLeg": "lShin_joint", "RightToe": "rToe_joint"}
        | {"LeftUpperArm": "lShldrBend_joint", "RightForeArm": "rForearmBend_joint", "RightShoulder": "rCollar_joint"},
    ),
    "daz": (
        chain(
            "hip",
            chain("abdomen chest", chain("neck head"), *both("#Collar #Shldr #ForeArm #Hand", SMALL)),
            *both("#Buttock #Thigh #Shin #Foot", SMALL),
        ),
        {"Pelvis": "hip", "L3": "abdomen", "T8": "chest", "LeftUpperArm": "lShldr", "RightUpperLeg": "rThigh"}
        | {"RightLowerLeg": "rShin"},
    ),
}


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_common_names_are_known(tmp_path, skeleton):
    text, expected = SKELETONS[skeleton]
    path = tmp_path / "names.bvh"
    path.write_text(f"HIERARCHY\n{text.replace('JOINT', 'ROOT', 1)}\nMOTION\n")
    suggested, _ = suggest_joint_map(path)
    assert {segment: suggested.joints.get(segment) for segment in expected} == expected
    needed = set(SEGMENTS) - {"L5", "L3", "T12", "LeftToe", "RightToe"}
    assert needed <= set(suggested.joints)
    # No twist bone, no finger and no root above the hips is taken for a segment of the body.
    assert not any("twist" in name or name in ("root", "B") for name in suggested.joints.values())


@pytest.mark.parametrize("names", MVN_JOINTS)
def test_mvns_own_sets_of_names_need_no_map(tmp_path, names):
    motion = dancing(10)
    path = bvh(tmp_path, motion)
    text = path.read_text()
    for segment, usual in MVN_JOINTS[0].items():
        text = text.replace(f"JOINT {usual}\n", f"JOINT <{segment}>\n").replace(
            f"ROOT {usual}\n", f"ROOT <{segment}>\n"
        )
    for segment, name in names.items():
        text = text.replace(f"<{segment}>", name)
    path.write_text(text)
    assert apart(read_take(path), motion, SEGMENTS)[0] < 1e-4


def test_what_cannot_be_guessed_is_marked(tmp_path):
    path = tmp_path / "names.bvh"
    path.write_text(f"HIERARCHY\n{chain('a b c').replace('JOINT', 'ROOT', 1)}\nMOTION\n")
    suggested, unused = suggest_joint_map(path)
    assert suggested == JointMap({}) and unused == ("a", "b", "c")
    text = format_joint_map(suggested, unused)
    assert "  Pelvis:  # needed" in text and "#   b" in text
    written = tmp_path / "map.yaml"
    written.write_text(text)
    with pytest.raises(UserError, match="no joint for Pelvis"):
        load_joint_map(written)


def test_every_finger_segment_may_be_mapped(tmp_path):
    fingers = {segment: f"j{segment}" for side in ("Left", "Right") for segment in finger_segments(side)}
    path = joint_map(tmp_path, {**COMMON_JOINTS, **fingers})
    assert set(load_joint_map(path).joints) == {*COMMON_JOINTS, *fingers}
