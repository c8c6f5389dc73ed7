"""Takes made up for tests: a person who moves every joint, and that movement as the text of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from people import person
from scipy.spatial.transform import Rotation

from mocap.axes import quaternions_to_mvn, vectors_to_mvn
from mocap.bvh.joint_names import MVN_JOINTS
from mocap.motion import Motion, forward_kinematics
from mocap.mvnx.write import write_mvnx
from mocap.rotations import conjugate, from_axis_angle, hemisphere, multiply, rotate
from mocap.skeleton import JOINT_OF, PARENTS, SEGMENTS, Skeleton, finger_segments

FEET = {
    "Foot": {
        "HeelFoot": (0.0, 0.04, -0.085),
        "FirstMetatarsal": (0.03, -0.12, -0.085),
        "FifthMetatarsal": (-0.03, -0.12, -0.085),
    },
    "Toe": {"Toe": (0.0, -0.055, -0.015)},
}


def person_with_soles() -> Skeleton:
    """The person of `people`, with the points of heels, balls and toes."""
    points = {
        side + segment: {f"p{side}{label}": np.array(point) for label, point in labels.items()}
        for side in ("Left", "Right")
        for segment, labels in FEET.items()
    }
    return replace(person(), points=points)


def dancing(count: int = 60, rate: float = 60.0, seed: int = 0) -> Motion:
    """Every segment swings by up to a right angle about an axis of its own while the pelvis turns and travels."""
    rng = np.random.default_rng(seed)
    t = np.arange(count)[:, None] / rate
    axes = rng.normal(size=(len(SEGMENTS), 3))
    angles = rng.uniform(0.3, 1.5, len(SEGMENTS)) * np.sin(2.0 * np.pi * rng.uniform(0.2, 1.5, len(SEGMENTS)) * t)
    local = from_axis_angle(axes, angles)
    local[:, 0] = multiply(from_axis_angle((0.0, 0.0, 1.0), 3.0 * t[:, 0]), local[:, 0])
    root = np.concatenate((4.0 * t, np.sin(t), 0.9 + 0.05 * np.cos(5.0 * t)), axis=1)
    skeleton = person_with_soles()
    orientations, positions = forward_kinematics(skeleton, root, local)
    contacts = rng.random((count, 4)) < 0.5
    return Motion("dance", rate, skeleton, hemisphere(orientations), positions, contacts)


def with_fingers_and_props(motion: Motion, seed: int = 1) -> Motion:
    """The same dance with moving fingers, a ribbon's stick in the right hand, and a ball that nobody holds."""
    rng = np.random.default_rng(seed)
    skeleton = motion.skeleton
    above = {**finger_segments("Left"), **finger_segments("Right"), "Prop1": "RightHand", "Prop2": None}
    names = (*skeleton.names, *above)
    parents = [*skeleton.parents, *(-1 if parent is None else names.index(parent) for parent in above.values())]
    offsets = [np.zeros(3) if parent is None else rng.uniform(-0.05, 0.05, 3) for parent in above.values()]
    orientations = [motion.orientations]
    positions = [motion.positions]
    t = np.arange(len(motion))[:, None] / motion.rate
    for j in range(len(skeleton.names), len(names)):
        turn = from_axis_angle(rng.normal(size=3), np.sin(3.0 * t[:, 0]))
        turned, moved = np.concatenate(orientations, axis=1), np.concatenate(positions, axis=1)
        p = parents[j]
        orientations.append((turn if p < 0 else multiply(turned[:, p], turn))[:, None])
        offset = offsets[j - len(skeleton.names)]
        place = np.concatenate((t, np.cos(t), 0.2 + 0.0 * t), axis=1)
        positions.append((place if p < 0 else moved[:, p] + rotate(turned[:, p], offset))[:, None])
    return replace(
        motion,
        skeleton=replace(
            skeleton, names=names, parents=np.array(parents), offsets=np.concatenate((skeleton.offsets, offsets))
        ),
        orientations=hemisphere(np.concatenate(orientations, axis=1)),
        positions=np.concatenate(positions, axis=1),
    )


def mvnx_2(folder: Path, motion: Motion, name: str = "take.mvnx") -> Path:
    """MVNX 2 as far as its form is known: points and frames in attributes, velocities in a block of their own."""
    skeleton = motion.skeleton
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<mvnx version="2">',
        f'<mvnxInfo frameCount="{len(motion)}" frameRate="{motion.rate:g}" recDate="0" velData="1"/>',
        '<markers><marker frame="1" name="RHS"/></markers>',
        "<segments>",
    ]
    for j, segment in enumerate(skeleton.names):
        lines.append(f'<segment label="{segment}"><points>')
        near = {JOINT_OF[segment]: np.zeros(3)} if segment in JOINT_OF else {}
        far = {JOINT_OF[skeleton.names[k]]: skeleton.offsets[k] for k in _children(skeleton, j)}
        for label, point in {**near, **far, **skeleton.points.get(segment, {})}.items():
            text = " ".join(f"{value:.9f}" for value in vectors_to_mvn(point))
            lines.append(f'<point label="{label.replace("T4Shoulder", "C7Shoulder")}" pos_s="{text}"/>')
        lines.append("</points></segment>")
    lines.append("</segments>")
    still = np.tile((1.0, 0.0, 0.0, 0.0), (1, len(skeleton.names), 1))
    lines.append(f'<tpose v="{_row_2(still, skeleton.identity_positions()[None])}"/><frames>')
    for index in range(len(motion)):
        kept = slice(index, index + 1)
        lines.append(f'<F v="{_row_2(motion.orientations[kept], motion.positions[kept])}"/>')
    velocity = " ".join(["0.5"] * 3 * len(skeleton.names))
    lines += ["</frames>", "<velocities>", *[f'<F v="{velocity}"/>'] * len(motion), "</velocities>", "</mvnx>"]
    path = folder / name
    path.write_text("\n".join(lines))
    return path


def _row_2(orientations: NDArray[np.float64], positions: NDArray[np.float64]) -> str:
    pairs = np.concatenate((quaternions_to_mvn(orientations), vectors_to_mvn(positions)), axis=-1)
    return " ".join(f"{value:.9f}" for value in pairs.ravel())


def mvnx(folder: Path, motion: Motion | None = None, name: str = "take.mvnx") -> Path:
    """A whole MVNX 4 file of `dancing` or of the motion given."""
    path = folder / name
    write_mvnx(motion or dancing(), path)
    return path


def edited(path: Path, old: str, new: str, *, count: int = -1) -> Path:
    """The same file with one text put for another, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")
    return path


def bvh(folder: Path, motion: Motion, *, order: str = "YXZ", calibrated: bool = False, name: str = "take.bvh") -> Path:
    """A BVH of a rigid motion as MVN lays it out: centimetres, Y up, one row of T-pose before it if `calibrated`."""
    skeleton = motion.skeleton
    local = motion.orientations.copy()
    for j, parent in enumerate(skeleton.parents):
        if parent >= 0:
            local[:, j] = multiply(conjugate(motion.orientations[:, parent]), motion.orientations[:, j])
    turned = np.concatenate((local[..., :1], _y_up(local[..., 1:])), axis=-1)
    euler = Rotation.from_quat(np.roll(turned, -1, axis=-1).reshape(-1, 4)).as_euler(order, degrees=True)
    in_order = _depth_first(skeleton)
    angles = euler.reshape(len(motion), -1, 3)[:, in_order].reshape(len(motion), -1)
    rows = np.concatenate((100.0 * _y_up(motion.positions[:, 0]), angles), axis=1)
    if calibrated:
        rest = np.zeros((1, rows.shape[1]))
        rest[0, 1] = 87.0
        rows = np.concatenate((rest, rows))
    lines = ["HIERARCHY", *_joint_lines(skeleton, 0, order), "MOTION", f"Frames: {len(rows)}"]
    lines += [f"Frame Time: {1.0 / motion.rate:.6f}", *(" ".join(f"{value:.8f}" for value in row) for row in rows)]
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


# A skeleton as many programs have it: three joints of spine, a clavicle, no toes in between.
COMMON_JOINTS = {
    "Pelvis": "Hips", "L5": "Spine", "T12": "Spine1", "T8": "Spine2", "Neck": "Neck", "Head": "Head",
    **{
        f"{side}{ours}": f"{side}{theirs}"
        for side in ("Left", "Right")
        for ours, theirs in (
            ("Shoulder", "Shoulder"), ("UpperArm", "Arm"), ("ForeArm", "ForeArm"), ("Hand", "Hand"),
            ("UpperLeg", "UpLeg"), ("LowerLeg", "Leg"), ("Foot", "Foot"), ("Toe", "ToeBase"),
        )
    },
}  # fmt: skip


def common_bvh(
    folder: Path,
    motion: Motion,
    *,
    rest: Mapping[str, NDArray[np.float64]] | None = None,
    axes: Mapping[str, NDArray[np.float64]] | None = None,
    joints: Mapping[str, str] = COMMON_JOINTS,
    unit: float = 0.01,
    name: str = "other.bvh",
) -> Path:
    """A BVH of another program: its own names, pose at rest and axes of joints.

    Args:
        folder: to write into.
        motion: on MVN's segments.
        rest: how segments are turned in the pose of zero rotations (identity where none is given).
        axes: how joints are turned against their segments.
        joints: segment → name; a segment without one takes part in its parent's movement.
        unit: metres per unit.
    """
    one = np.array((1.0, 0.0, 0.0, 0.0))
    skeleton = motion.skeleton
    segments = [segment for segment in skeleton.names if segment in joints]
    index = {segment: skeleton.index(segment) for segment in segments}
    above: dict[str, str | None] = {}
    for segment in segments:
        parent = PARENTS[segment]
        while parent is not None and parent not in joints:
            parent = PARENTS[parent]
        above[segment] = parent
    turns = np.stack([(rest or {}).get(segment, one) for segment in skeleton.names])
    places = np.zeros((len(skeleton.names), 3))
    for j, parent in enumerate(skeleton.parents):
        if parent >= 0:
            places[j] = places[parent] + rotate(turns[parent], skeleton.offsets[j])
    own = {segment: (axes or {}).get(segment, one) for segment in segments}
    world = {
        segment: multiply(multiply(motion.orientations[:, j], conjugate(turns[j])), own[segment])
        for segment, j in index.items()
    }
    columns: list[NDArray[np.float64]] = [_y_up(motion.positions[:, 0]) / unit]
    lines = ["HIERARCHY"]

    def add(segment: str) -> None:
        parent = above[segment]
        local, offset = world[segment], np.zeros(3)
        if parent is not None:
            local = multiply(conjugate(world[parent]), local)
            offset = rotate(conjugate(own[parent]), places[index[segment]] - places[index[parent]])
        columns.append(_euler(local, "ZYX"))
        lines.extend([f"{'JOINT' if parent else 'ROOT'} {joints[segment]}", "{", _offset(offset / unit)])
        moves = "" if parent else "Xposition Yposition Zposition "
        lines.append(f"CHANNELS {3 if parent else 6} {moves}Zrotation Yrotation Xrotation")
        children = [child for child in segments if above[child] == segment]
        for child in children:
            add(child)
        if not children:
            far = FAR_ENDS.get(segment.removeprefix("Left").removeprefix("Right"), (0.0, 0.0, 0.2))
            far = np.array(far) * (-1.0 if segment.startswith("Right") else 1.0, 1.0, 1.0)
            end = rotate(conjugate(own[segment]), rotate(turns[index[segment]], far))
            lines.extend(["End Site", "{", _offset(end / unit), "}"])
        lines.append("}")

    add("Pelvis")
    rows = np.concatenate(columns, axis=1)
    lines += ["MOTION", f"Frames: {len(rows)}", f"Frame Time: {1.0 / motion.rate:.7f}"]
    lines += [" ".join(f"{value:.8f}" for value in row) for row in rows]
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


FAR_ENDS = {"Hand": (0.15, 0.0, 0.0), "Toe": (0.0, -0.06, -0.01), "Foot": (0.0, -0.2, -0.08)}


def _offset(vector: NDArray[np.float64]) -> str:
    return "OFFSET " + " ".join(f"{value:.8f}" for value in _y_up(vector))


def _euler(q: NDArray[np.float64], order: str) -> NDArray[np.float64]:
    turned = np.concatenate((q[..., :1], _y_up(q[..., 1:])), axis=-1)
    return Rotation.from_quat(np.roll(turned, -1, axis=-1)).as_euler(order, degrees=True)


def joint_map(folder: Path, joints: Mapping[str, str] = COMMON_JOINTS, more: str = "") -> Path:
    """A YAML joint map with further lines."""
    path = folder / "map.yaml"
    path.write_text("joints:\n" + "".join(f"  {ours}: {theirs}\n" for ours, theirs in joints.items()) + more)
    return path


def _y_up(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack((vectors[..., 0], vectors[..., 2], -vectors[..., 1]), axis=-1)


def _children(skeleton: Skeleton, j: int) -> list[int]:
    return [k for k, parent in enumerate(skeleton.parents) if parent == j]


def _depth_first(skeleton: Skeleton, j: int = 0) -> list[int]:
    return [j, *(k for child in _children(skeleton, j) for k in _depth_first(skeleton, child))]


def _joint_lines(skeleton: Skeleton, j: int, order: str) -> list[str]:
    offset = " ".join(f"{value:.8f}" for value in 100.0 * _y_up(skeleton.offsets[j]))
    positions = "" if j else "Xposition Yposition Zposition "
    lines = [
        f"{'JOINT' if j else 'ROOT'} {MVN_JOINTS[0][skeleton.names[j]]}",
        "{",
        f"OFFSET {offset}",
        f"CHANNELS {3 if j else 6} {positions}{' '.join(f'{axis}rotation' for axis in order)}",
    ]
    for child in _children(skeleton, j):
        lines += _joint_lines(skeleton, child, order)
    if not _children(skeleton, j):
        lines += ["End Site", "{", "OFFSET 0 -1.5 5.5", "}"]
    return [*lines, "}"]
