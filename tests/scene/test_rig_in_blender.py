"""Blender's own armature against the rest matrices worked out in numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blender_addon.makehuman import rig_maps
from blender_addon.makehuman.body import load_body
from blender_addon.makehuman.rig import rest_matrices
from blender_addon.makehuman.rig_files import RIG_FILES
from blender_addon.makehuman.rig_maps import RIGS
from mocap.elements.demo import demo_take
from mocap.errors import UserError
from mocap.motion import Motion
from mocap.mvnx.write import write_mvnx
from mocap.resample import resample
from mocap.retarget import bare_soles, retarget
from mocap.retarget.bone_map_file import read_bone_map
from mocap.rig import Rig
from mocap.skating.contacts import ensure_contacts
from mocap.takes import read_take

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402

from blender_addon.scene.animate import pose_armature  # noqa: E402
from blender_addon.scene.any_armature import play_on_armature  # noqa: E402
from blender_addon.scene.armature import build_armature, read_rig  # noqa: E402


def blender_rest(heads: np.ndarray, tails: np.ndarray, rolls: np.ndarray) -> np.ndarray:
    """(B, 4, 4) `Bone.matrix_local` of bones made in Blender's edit mode."""
    collection = empty_scene().collection
    data = bpy.data.armatures.new("rig")
    thing = bpy.data.objects.new("rig", data)
    collection.objects.link(thing)
    bpy.context.view_layer.objects.active = thing
    bpy.ops.object.mode_set(mode="EDIT")
    for i, (head, tail, roll) in enumerate(zip(heads, tails, rolls, strict=True)):
        bone = data.edit_bones.new(f"{i:04d}")
        bone.head, bone.tail, bone.roll = head, tail, roll
    bpy.ops.object.mode_set(mode="OBJECT")
    return np.array([data.bones[f"{i:04d}"].matrix_local for i in range(len(heads))])


def single(points: np.ndarray) -> np.ndarray:
    return points.astype(np.float32).astype(np.float64)


def roll_of(rest: np.ndarray, unrolled: np.ndarray) -> np.ndarray:
    """(B,) angle about Y from the matrices without roll to those with it."""
    turn = unrolled[:, :3, :3].transpose(0, 2, 1) @ rest[:, :3, :3]
    return np.arctan2(turn[:, 0, 2], turn[:, 0, 0])


@pytest.mark.parametrize("name", ["woman", "tall_man", "girl"])
def test_the_default_rig_rests_as_in_blender(
    name: str, assets: Path, phenotypes: Mapping[str, Mapping[str, float]]
) -> None:
    rig = load_body(phenotypes[name], assets).rig
    # Blender keeps positions as 32-bit floats, whose last digit turns a short bone by more than the tolerance.
    heads, tails = single(rig.heads), single(rig.tails)
    unrolled = rest_matrices(rig.heads, rig.tails, np.zeros(len(rig.names)))
    rolls = roll_of(rig.rest, unrolled)
    theirs = blender_rest(heads, tails, rolls)
    ours = rest_matrices(heads, tails, rolls)
    # Eyes and tongue point along −Y, where Blender's matrix is a series that is not quite a rotation.
    forward = unrolled[:, 1, 1] < -0.97
    assert forward.mean() < 0.2
    np.testing.assert_allclose(ours[~forward], theirs[~forward], atol=1e-5)
    np.testing.assert_allclose(rig.rest, theirs, atol=2e-4)


def start_of_demo() -> Motion:
    demo = demo_take()
    assert demo.contacts is not None
    return replace(
        demo, orientations=demo.orientations[:90], positions=demo.positions[:90], contacts=demo.contacts[:90]
    )


@pytest.mark.parametrize("name", [name for name in RIG_FILES if name != "default"])
def test_other_rigs_move_in_blender_as_their_tracks_say(name: str, assets: Path) -> None:
    """The posed bones that Blender works out from the F-curves are those that the track gives in numpy."""
    rig = load_body({}, assets, name).rig
    track = retarget(start_of_demo(), rig, RIGS[name], bare_soles(rig, RIGS[name]))
    scene = empty_scene()
    armature = build_armature(rig, "rig", scene.collection)
    pose_armature(armature, track)
    for frame in (0, 89):
        scene.frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get()).pose.bones
        theirs = np.array([posed[bone].matrix for bone in rig.names])
        np.testing.assert_allclose(theirs, track.matrices[frame], atol=3e-4)


def test_a_bone_that_holds_still_has_one_key(assets: Path) -> None:
    rig = load_body({}, assets, "game_engine").rig
    bones = RIGS["game_engine"]
    scene = empty_scene()
    armature = build_armature(rig, "rig", scene.collection)
    pose_armature(armature, retarget(start_of_demo(), rig, bones, bare_soles(rig, bones)))
    curves = armature.animation_data.action.layers[0].strips[0].channelbags[0].fcurves
    keys = {curve.data_path: len(curve.keyframe_points) for curve in curves}
    assert keys['pose.bones["index_02_l"].rotation_quaternion'] == 1
    assert keys['pose.bones["upperarm_l"].rotation_quaternion'] == 90
    assert keys['pose.bones["Root"].location'] == 90


@pytest.mark.parametrize("unit", [1.0, 0.01])
def test_somebody_elses_armature_takes_a_motion_by_its_bone_map(unit: float, assets: Path, tmp_path: Path) -> None:
    """Built in centimetres and scaled down, as much of what is imported comes, it stands where it would in metres."""
    rig = load_body({}, assets, "mixamo").rig
    scene = empty_scene()
    rest = rig.rest.copy()
    rest[:, :3, 3] /= unit
    armature = build_armature(
        Rig(rig.names, rig.parents, rig.heads / unit, rig.tails / unit, rest), "theirs", scene.collection
    )
    armature.scale = (unit, unit, unit)
    for bone in armature.pose.bones:
        bone.rotation_mode = "XYZ"
    bpy.context.view_layer.update()
    theirs = read_rig(armature)
    # In Blender's own order, which is not the file's.
    np.testing.assert_allclose(theirs.rest[[theirs.index(bone) for bone in rig.names]], rig.rest, atol=2e-4)
    assert np.all(theirs.parents < np.arange(len(theirs.names)))

    take, bones = tmp_path / "take.mvnx", RIGS["mixamo"]
    write_mvnx(start_of_demo(), take)
    bone_map = Path(rig_maps.__file__).parent / "rigs" / "mixamo.yaml"
    play_on_armature(armature, read_take(take), read_bone_map(bone_map), 30.0)
    motion = ensure_contacts(read_take(take))
    motion = resample(motion, 30.0, 0.0, int(motion.duration * 30.0 + 1e-6) + 1)
    wanted = retarget(motion, rig, bones, bare_soles(rig, bones)).matrices
    scene.frame_set(20)
    posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    for bone in ("mixamorig:Hips", "mixamorig:LeftHand", "mixamorig:RightFoot"):
        place = np.array(posed.matrix_world @ posed.pose.bones[bone].head)
        np.testing.assert_allclose(place, wanted[20, rig.index(bone), :3, 3], atol=2e-3)


def test_armatures_that_bones_cannot_follow_are_refused(assets: Path) -> None:
    scene = empty_scene()
    armature = build_armature(load_body({}, assets, "cmu_mb").rig, "squashed", scene.collection)
    armature.scale = (1.0, 1.0, 0.5)
    bpy.context.view_layer.update()
    with pytest.raises(UserError, match="scaled unevenly"):
        read_rig(armature)
    with pytest.raises(UserError, match="not an armature"):
        read_rig(bpy.data.objects.new("empty", None))


def test_bones_in_every_direction_rest_as_in_blender() -> None:
    rng = np.random.default_rng(3)
    # All round, straight along the axes, and ever closer to −Y, where Blender changes its formula twice.
    near = np.array(
        [(s * np.cos(a), -1.0, s * np.sin(a)) for s in (0.3, 0.1, 0.03, 3e-3, 1e-3, 1e-5) for a in range(4)]
    )
    directions = np.concatenate((rng.normal(size=(200, 3)), np.eye(3), -np.eye(3), near))
    heads = rng.normal(size=directions.shape)
    rolls = rng.uniform(-3.1, 3.1, len(directions))
    heads, tails = single(heads), single(heads + directions)
    np.testing.assert_allclose(
        rest_matrices(heads, tails, rolls)[:, :3, :3], blender_rest(heads, tails, rolls)[:, :3, :3], atol=2e-4
    )
