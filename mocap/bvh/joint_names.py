"""Joints known by their names: those of MVN's own BVH files, and a guess at anybody else's.

Sources of names: BVH files of MVN; published descriptions of the skeletons of Mixamo, MotionBuilder (HumanIK), the CMU
motion capture library, LAFAN1, 3ds Max Biped, Daz and Poser, Rokoko and Unreal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path

import numpy as np

from mocap.bvh.file import BvhJoint, read_bvh_joints
from mocap.bvh.joint_map import REST_IDENTITY, JointMap
from mocap.elements.body import skater
from mocap.errors import UserError
from mocap.rotations import Array
from mocap.skeleton import FINGERS, OUTWARD, SEGMENTS, SIDES

_TRUNK = ("Pelvis", "L5", "L3", "T12", "T8", "Neck", "Head")
_LIMBS = ("Shoulder", "UpperArm", "ForeArm", "Hand", "UpperLeg", "LowerLeg", "Foot", "Toe")


def _table(trunk: Sequence[str], limbs: Sequence[str]) -> dict[str, str]:
    names = dict(zip(_TRUNK, trunk, strict=True))
    for side in ("Right", "Left"):
        names |= {f"{side}{ours}": f"{side}{theirs}" for ours, theirs in zip(_LIMBS, limbs, strict=True)}
    return {segment: names[segment] for segment in SEGMENTS}


# Segment of MVN → joint, as MVN's BVH exporter names them; then its segments' own names, and MotionBuilder's.
MVN_JOINTS: tuple[Mapping[str, str], ...] = (
    _table(
        ("Hips", "Chest", "Chest2", "Chest3", "Chest4", "Neck", "Head"),
        ("Collar", "Shoulder", "Elbow", "Wrist", "Hip", "Knee", "Ankle", "Toe"),
    ),
    _table(_TRUNK, _LIMBS),
    _table(
        ("Hips", "Spine", "Spine1", "Spine2", "Spine3", "Neck", "Head"),
        ("Shoulder", "Arm", "ForeArm", "Hand", "UpLeg", "Leg", "Foot", "ToeBase"),
    ),
)
# Other programs use the second and third set of names, too: MVN's arms and legs are straight to this share.
_STRAIGHT = 0.03


def mvn_joint_map(path: Path, joints: Sequence[BvhJoint], mend: str) -> JointMap:
    """The map of a file that MVN wrote.

    Args:
        path: the file and mend: what to do about it, for the message.
        joints: what it has.

    Raises:
        UserError: another program's joints.
    """
    by_name = {joint.name: joint for joint in reversed(joints)}
    for table in MVN_JOINTS:
        if not all(name in by_name for name in table.values()):
            continue
        if table is MVN_JOINTS[0] or _rests_in_identity(table, by_name):
            return JointMap({**table, **_finger_joints(joints, table)}, rest=REST_IDENTITY)
    absent = [name for name in MVN_JOINTS[0].values() if name not in by_name]
    told = ", ".join(absent[:8]) + (f" and {len(absent) - 8} more" if len(absent) > 8 else "")
    raise UserError(
        f"not the skeleton that XSens MVN exports; joints missing: {told or 'none, but its pose at rest is another'}",
        file=path,
        mend=mend,
    )


def _rests_in_identity(table: Mapping[str, str], by_name: Mapping[str, BvhJoint]) -> bool:
    """Do the offsets put arms along ±x and legs along −y?"""
    for segment, axis in (("ForeArm", 0), ("Hand", 0), ("LowerLeg", 1), ("Foot", 1)):
        for side, sign in OUTWARD.items():
            offset = by_name[table[f"{side}{segment}"]].offset
            if offset[axis] * (sign if axis == 0 else -1.0) < (1.0 - _STRAIGHT) * np.linalg.norm(offset):
                return False
    return True


# -- a guess -------------------------------------------------------------------------------------------------------

_SIDES = {**dict.fromkeys(("left", "l", "lft", "lf"), "Left"), **dict.fromkeys(("right", "r", "rgt", "rt"), "Right")}
_HIPS = ("hips", "hip", "pelvis", "root")
_HAND, _FOOT = ("hand", "wrist"), ("foot", "ankle")
_TOES = ("toe", "toes", "ball")
_USUAL_AXES = ("y", "z")
# Joints that lie on a limb without bending it.
_IN_PASSING = ("twist", "roll", "ik", "end", "nub", "site", "helper", "metacarpal", "metatarsals")
_FINGER_WORDS = {
    "thumb": "First", "index": "Second", "middle": "Third", "mid": "Third", "ring": "Fourth", "pinky": "Fifth",
    "little": "Fifth",
}  # fmt: skip


def suggest_joint_map(path: str | PathLike[str]) -> tuple[JointMap, tuple[str, ...]]:
    """A joint map for a BVH file, guessed from its joints' names and how they hang on each other.

    Whatever cannot be told is left out: `format_joint_map` marks what is needed.

    Returns:
        The map, and the names of the joints it does not use.

    Raises:
        UserError: no BVH.
    """
    path = Path(path)
    joints = read_bvh_joints(path)
    try:
        joint_map = mvn_joint_map(path, joints, "")
    except UserError:
        named = _guess(joints)
        up, forward = _axes(joints, named)
        joint_map = JointMap(named, up, forward)
    used = set(joint_map.joints.values())
    return joint_map, tuple(joint.name for joint in joints if joint.name not in used)


def _guess(joints: Sequence[BvhJoint]) -> dict[str, str]:
    body = _Named(joints)
    out: dict[str, int] = {}
    for side in SIDES:
        out |= _limb(body, side, _FOOT, ("LowerLeg", "UpperLeg"), "Foot")
        out |= _limb(body, side, _HAND, ("ForeArm", "UpperArm", "Shoulder"), "Hand")
        if f"{side}Foot" in out:
            toes = [j for j in body.below(out[f"{side}Foot"]) if body.has(j, _TOES)]
            out |= {f"{side}Toe": toe for toe in toes[:1]}
    out |= _trunk(body, out)
    for segment in ("LeftShoulder", "RightShoulder"):
        # A clavicle is one side's alone.
        if segment in out and ("Head" not in out or out[segment] in body.above(out["Head"])):
            del out[segment]
    named = {segment: joints[j].name for segment, j in out.items()}
    named |= _finger_joints(joints, named)
    return {segment: name for segment, name in named.items() if list(named.values()).count(name) == 1}


def _axes(joints: Sequence[BvhJoint], named: Mapping[str, str]) -> tuple[str, str]:
    """The file's axes up and ahead, from head and legs where all rotations are zero; y and z if nobody stands there."""
    places: list[Array] = []
    for joint in joints:
        places.append(joint.offset + (places[joint.parent] if joint.parent >= 0 else 0.0))
    at = {segment: places[[joint.name for joint in joints].index(name)] for segment, name in named.items()}
    if not {"Pelvis", "Head", "LeftFoot", "RightFoot", "LeftUpperLeg", "RightUpperLeg"} <= set(at):
        return _USUAL_AXES
    feet = 0.5 * (at["LeftFoot"] + at["RightFoot"])
    up, to_feet = at["Head"] - at["Pelvis"], feet - at["Pelvis"]
    if np.dot(up, to_feet) >= -0.8 * np.linalg.norm(up) * np.linalg.norm(to_feet):
        return _USUAL_AXES
    ahead = np.cross(at["LeftUpperLeg"] - at["RightUpperLeg"], up)
    axes = _axis(up), _axis(ahead)
    return axes if axes[0][-1] != axes[1][-1] else _USUAL_AXES


def _axis(direction: Array) -> str:
    """The axis nearest to a direction (3,): "y", "-z"."""
    k = int(np.argmax(np.abs(direction)))
    return ("-" if direction[k] < 0.0 else "") + "xyz"[k]


class _Named:
    """Joints with their names taken apart into words."""

    def __init__(self, joints: Sequence[BvhJoint]) -> None:
        self.joints = joints
        self.words = _words([joint.name for joint in joints])
        self.sides = [next((_SIDES[word] for word in words if word in _SIDES), "") for words in self.words]
        self.parts = [[word for word in words if word not in _SIDES] for words in self.words]

    def above(self, joint: int) -> list[int]:
        """The joints a joint hangs on, nearest first."""
        out = []
        while (joint := self.joints[joint].parent) >= 0:
            out.append(joint)
        return out

    def below(self, joint: int) -> list[int]:
        """The joints that hang on a joint, in the file's order, which puts parents first."""
        return [j for j in range(len(self.joints)) if joint in self.above(j)]

    def has(self, joint: int, words: Sequence[str]) -> bool:
        """Is one of these words, or a word that begins with one, part of the joint's name?"""
        return any(part.startswith(word) for part in self.parts[joint] for word in words)

    def first(self, wanted: Callable[[int], bool]) -> int | None:
        """The first joint in the file's order, which puts parents first."""
        return next((j for j in range(len(self.joints)) if wanted(j)), None)

    def bends(self, joint: int) -> bool:
        """Is this a joint of its own, not one in passing?"""
        return not any(part in _IN_PASSING for part in self.parts[joint]) and bool(self.joints[joint].channels)


def _words(names: Sequence[str]) -> list[list[str]]:
    """Lower-case words and numbers of each name, without what all names begin with ("mixamorig:", "Bip01_")."""
    split = [re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name.rpartition(":")[2]) for name in names]
    words = [[word.lower() for word in parts] for parts in split]
    while len(words) > 1 and all(len(parts) > 1 and parts[0] == words[1][0] for parts in words[1:]):
        words = [parts[1:] if parts[:1] == words[1][:1] and len(parts) > 1 else parts for parts in words]
    return words


def _limb(body: _Named, side: str, ends: Sequence[str], inner: Sequence[str], end: str) -> dict[str, int]:
    """The joints of an arm or a leg, found from its hand or foot inward."""
    last = body.first(lambda j: body.sides[j] == side and body.has(j, ends) and body.bends(j))
    if last is None:
        return {}
    chain = [j for j in body.above(last) if body.sides[j] == side and body.bends(j)]
    return {f"{side}{end}": last, **{f"{side}{name}": j for name, j in zip(inner, chain, strict=False)}}


def _trunk(body: _Named, limbs: Mapping[str, int]) -> dict[str, int]:
    """Pelvis, spine, neck and head: the way from hips to head."""
    head = body.first(lambda j: not body.sides[j] and body.has(j, ("head",)) and body.bends(j))
    hips = body.first(lambda j: not body.sides[j] and any(part in _HIPS for part in body.parts[j]) and body.bends(j))
    if head is None:
        return {} if hips is None else {"Pelvis": hips}
    way = [j for j in reversed(body.above(head)) if body.bends(j)]
    legs = [limbs[f"{side}UpperLeg"] for side in SIDES if f"{side}UpperLeg" in limbs]
    shared = [j for j in way if legs and all(j in body.above(leg) for leg in legs)]
    # A root above the hips is called root; thighs may hang on the spine.
    if shared and (hips is None or hips not in way or body.parts[hips] == ["root"]):
        hips = shared[-1]
    if hips is None or hips not in way:
        return {"Head": head}
    out = {"Pelvis": hips, "Head": head}
    spine = way[way.index(hips) + 1 :]
    neck = next((j for j in spine if body.has(j, ("neck",))), None)
    if neck is not None:
        out["Neck"] = neck
        spine = spine[: spine.index(neck)]
    arms = [limbs[f"{side}UpperArm"] for side in SIDES if f"{side}UpperArm" in limbs]
    chest = [j for j in spine if all(j in body.above(arm) for arm in arms)] or spine
    if chest:
        out["T8"] = chest[-1]
        out |= _spine(body, chest)
    return out


def _spine(body: _Named, spine: Sequence[int]) -> dict[str, int]:
    """The joints below the chest as the lumbar segments nearest to them in height."""
    lengths = np.cumsum([np.linalg.norm(body.joints[j].offset) for j in spine])
    if lengths[-1] <= 0.0:
        return {}
    average = skater()
    heights = average.identity_positions()[:, 2]
    ours = {name: heights[average.index(name)] / heights[average.index("T8")] for name in ("L5", "L3", "T12")}
    out: dict[str, int] = {}
    free = list(ours)
    for j, share in zip(spine[:-1], lengths[:-1] / lengths[-1], strict=True):
        if free:
            nearest = min(free, key=lambda name: abs(ours[name] - share))
            out[nearest] = j
            free = free[free.index(nearest) + 1 :]
    return out


def _finger_joints(joints: Sequence[BvhJoint], named: Mapping[str, str]) -> dict[str, str]:
    """Finger segments → joints, for the hands that are known."""
    body = _Named(joints)
    out: dict[str, str] = {}
    for side in SIDES:
        chains: dict[str, list[int]] = {}
        for hand in [j for j, joint in enumerate(joints) if joint.name == named.get(f"{side}Hand")][:1]:
            for j in body.below(hand):
                if joints[j].channels and (finger := _finger(body.words[j])):
                    chains.setdefault(finger, []).append(j)
        # A thumb of four joints ends with its tip, and so do that hand's other fingers.
        tips = len(chains.get("First", ())) == 4
        for finger, chain in chains.items():
            bending = chain[:-1] if tips else chain
            bones = ["MC", "PP", "DP"] if finger == "First" else ["MC", "PP", "MP", "DP"]
            # With one joint fewer it is the metacarpal bone, inside the palm, that is left out.
            bones = bones[1:] if len(bending) == 3 and finger != "First" else bones
            if len(bending) == len(bones):
                out |= {f"{side}{finger}{bone}": joints[j].name for bone, j in zip(bones, bending, strict=True)}
    return out


def _finger(words: Sequence[str]) -> str | None:
    """Which finger a joint's name tells of: its common name, or MVN's First to Fifth."""
    for word in words:
        if word in _FINGER_WORDS:
            return _FINGER_WORDS[word]
        if word.capitalize() in FINGERS:
            return word.capitalize()
    return None
