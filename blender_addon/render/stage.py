"""A scene that was handed over, ready to be filmed as it is: what moves in it moves by Blender's own doing.

Nothing is built or moved here: poses are read from the armatures as Blender evaluates them, views from its cameras.
Only what labels need is made sure of: pass indices, and that bones and lenses are what labels take them for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from blender_addon.cast import BY_HAND, MotionSpec, SkaterSpec
from blender_addon.clip import Clip
from blender_addon.filming.lens_fit import check_lens
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, unpack_index
from blender_addon.render.amodal import check_amodal
from blender_addon.render.dense import check_dense
from blender_addon.render.engine import configure
from blender_addon.render.posed import Posed, placed
from blender_addon.render.shutter import check_shutters, hold_still, reach
from blender_addon.render.studio import Studio
from blender_addon.scene.adopt import adopt
from blender_addon.scene.at_hand.record import CAMERA, MADE, SURFACE, read
from blender_addon.scene.at_hand.sampling import Room, look
from blender_addon.scene.at_hand.views import tracks_of
from blender_addon.scene.avatar import Avatar
from blender_addon.scene.blend_file import append_moving
from blender_addon.scene.fresh import fresh_scene
from blender_addon.scene.lighting import tell_level
from blender_addon.skater.build import build_human
from blender_addon.skater.crowd import Crowd
from blender_addon.skater.human import Human
from blender_addon.skater.performance import load_motion, surface_points
from blender_addon.stage import Stage, read_stage
from mocap.errors import UserError
from mocap.rotations import Array

# Metres by which a bone at rest may be beside where labels take it to be.
_BESIDE = 1e-3
# Instants on either side of a frame at which cameras are read, where a picture shows more than an instant.
_INSTANTS = 8


def open_stage(clip: Clip, assets: Path, scratch: Path) -> Studio:
    """What a handed-over scene needs to be filmed, in an emptied Blender.

    Args:
        clip: of `blender_addon.stage.clip_on`; its cameras may be smaller than they were handed over.
        assets, scratch: as of `shoot.shoot_clip`.

    Raises:
        UserError: the files are not what they should be, or something in the scene cannot be labelled.
    """
    path = Path(clip.stage or "")
    stage = read_stage(path)
    _check(clip, stage)
    # Characters from elsewhere are understood in a Blender of their own, where names are free.
    people = [_human(spec, assets, clip) for spec in clip.skaters]
    scene = fresh_scene()
    objects, worlds = append_moving(path)
    named = {thing.name: thing for thing in objects}
    cameras = {name: _named(named, stage.cameras[name], path) for name in (camera.name for camera in clip.cameras)}
    armatures = [_named(named, name, path) for name in stage.armatures]
    casts = [tuple(_named(named, name, path) for name in meshes) for meshes in stage.meshes]
    for thing in (*(_named(named, name, path) for name in stage.shown), *cameras.values()):
        if thing.name not in scene.collection.objects:
            scene.collection.objects.link(thing)
        thing.hide_viewport = thing.hide_render = False
    if stage.world is not None:
        scene.world = next((world for world in worlds if world.name == stage.world), None)
    _set_frames(scene, stage)
    if stage.lit:
        tell_level(scene, clip.light, clip.rink)
    _label(objects, casts, path)
    layer = scene.view_layers[0]
    layer.update()
    cast = _cast(scene, stage, clip, armatures, people)
    tracks = _tracks(scene, stage, clip, cameras)
    views = {name: [track.at(frame / clip.fps) for frame in range(clip.count)] for name, track in tracks.items()}
    if reach(clip.cameras) > 0.0 or "flow" in clip.labels.dense:
        # What we have made around people stands still; a user's own things may move.
        hold_still(scene, [thing for thing in scene.objects if read(thing, MADE) is None])
    configure(scene, clip.render, clip.labels, int(np.random.SeedSequence((clip.seed, 0)).generate_state(1)[0]))
    return Studio(
        clip,
        scene,
        tuple(cast),
        tuple(Avatar(armature, meshes) for armature, meshes in zip(armatures, casts, strict=True)),
        Crowd((), ()),
        (),
        cameras,
        tracks,
        views,
        {name: frozenset() for name in tracks},
        scratch,
        first=stage.first,
        step=stage.step,
        focus=_focus(scene, stage, clip, cameras),
    )


def _check(clip: Clip, stage: Stage) -> None:
    """Refuses what cannot be had of a scene that is rendered as it is."""
    if clip.render.engine != "cycles":
        raise UserError("a scene that was handed over is rendered by cycles", place="render.engine")
    if "surface" in clip.labels.dense:
        raise UserError(
            "places on the body are not known in a scene that was handed over",
            place="labels.surface",
            mend="Set it to false.",
        )
    if "flow" in clip.labels.dense and stage.step > 1:
        raise UserError(
            f"flow is from each frame of Blender's to the next, and the scene shows every {stage.step}th",
            place="labels.flow",
            mend="Set the scene's frame step to 1.",
        )
    for camera in clip.cameras:
        check_lens(camera, clip.render.engine)
    check_shutters(clip)
    check_amodal(clip)
    check_dense(clip)


def _human(spec: SkaterSpec, assets: Path, clip: Clip) -> Human:
    if spec.character is None:
        return build_human(spec, assets)
    return adopt(replace(spec, motion=MotionSpec()), clip.render, 1, fresh_scene().collection)[0]


def _named(objects: Mapping[str, bpy.types.Object], name: str, path: Path) -> bpy.types.Object:
    found = objects.get(name)
    if found is None:
        raise UserError(f"holds no object {name!r}", file=path, mend="Hand the scene over again.")
    return found


def _set_frames(scene: bpy.types.Scene, stage: Stage) -> None:
    scene.frame_start = stage.first
    scene.frame_end = stage.first + (stage.clip.count - 1) * stage.step
    scene.frame_step = stage.step
    scene.render.fps = max(1, round(stage.rate))
    scene.render.fps_base = scene.render.fps / stage.rate


def _label(objects: Sequence[bpy.types.Object], casts: Sequence[Sequence[bpy.types.Object]], path: Path) -> None:
    """Gives every person's materials the classes that they had, and nothing else any."""
    people = {mesh for meshes in casts for mesh in meshes}
    plain: dict[tuple[str, int], bpy.types.Material] = {}
    instanced = {thing for collection in bpy.data.collections for thing in collection.all_objects}
    scene: Any = bpy.context.scene
    for thing in {*scene.objects, *(thing for thing in objects if thing in instanced)} - people:
        thing.pass_index = 0
        for slot in thing.material_slots:
            if slot.material is not None and slot.material.pass_index:
                slot.material = _copy(slot.material, 0, plain)
    for number, meshes in enumerate(casts, start=1):
        for mesh in meshes:
            mesh.pass_index = number
            for slot, index in zip(mesh.material_slots, _classes(mesh, path), strict=True):
                if slot.material is None:
                    slot.material = bpy.data.materials.new("none")
                if slot.material.pass_index != index:
                    slot.material = _copy(slot.material, index, plain)


def _copy(
    material: bpy.types.Material, index: int, made: dict[tuple[str, int], bpy.types.Material]
) -> bpy.types.Material:
    key = material.name, index
    if key not in made:
        made[key] = material.copy()
        made[key].pass_index = index
    return made[key]


def _classes(mesh: bpy.types.Object, path: Path) -> list[int]:
    """The class of each material slot of a person's mesh."""
    told = (read(mesh, SURFACE) or {}).get("classes")
    slots = len(mesh.material_slots)
    if not isinstance(told, list) or len(told) > slots or not all(isinstance(index, int) for index in told):
        raise UserError(
            f"{mesh.name!r} does not say what its materials are", file=path, mend="Make the skater anew in Blender."
        )
    # A slot that a user has added, with one of the skater's own materials in it.
    more = [slot.material.pass_index if slot.material is not None else 0 for slot in mesh.material_slots][len(told) :]
    for index in (*told, *more):
        part, garment = (int(value[()]) for value in unpack_index(np.array(float(index))))
        if index <= 0 or not 0 < part < len(BODY_PARTS) or not 0 < garment < len(CLOTHES):
            raise UserError(
                f"{mesh.name!r} has a material slot of which nothing says what it is",
                file=path,
                mend="Put materials into the slots that are there, or make the thing an object of its own.",
            )
    return [*told, *more]


def _cast(
    scene: bpy.types.Scene,
    stage: Stage,
    clip: Clip,
    armatures: Sequence[bpy.types.Object],
    people: Sequence[Human],
) -> Iterable[Posed]:
    for armature, human in zip(armatures, people, strict=True):
        _check_bones(armature, human)
    bones = {armature: human.rig.names for armature, human in zip(armatures, people, strict=True)}
    frames = stage.first + stage.step * np.arange(clip.count, dtype=np.float64)
    poses = look(scene, frames, bones).poses
    room = Room(scene, armatures) if any(camera.sensor.readout > 0.0 for camera in clip.cameras) else None
    for armature, human, spec in zip(armatures, people, clip.skaters, strict=True):
        own = poses[armature.name]

        def posed_at(frame: int, seconds: Array, armature: bpy.types.Object = armature) -> Array:
            assert room is not None
            out = []
            for moment in seconds.tolist():
                room.go_to(stage.first + stage.step * frame + moment * stage.rate)
                out.append(room.pose(armature, bones[armature]))
            return np.stack(out)

        yield Posed(
            spec=spec,
            human=human,
            poses=own,
            landmarks=placed(human, own),
            surface=surface_points(human, own),
            take_frames=_take_frames(spec, clip),
            posed_at=posed_at,
        )


def _check_bones(armature: bpy.types.Object, human: Human) -> None:
    """UserError where somebody has moved bones at rest, by which labels know the body."""
    data: Any = armature.data
    lacking = [name for name in human.rig.names if name not in data.bones]
    if lacking:
        raise UserError(f"{armature.name!r} lacks the bone {lacking[0]!r}", mend="Make the skater anew in Blender.")
    rest = np.array([data.bones[name].matrix_local for name in human.rig.names])
    off = np.abs(rest[:, :3, 3] - human.rig.rest[:, :3, 3]).max(axis=1)
    if off.max() > _BESIDE:
        name = human.rig.names[int(off.argmax())]
        raise UserError(
            f"the bone {name!r} of {armature.name!r} was moved at rest, by which labels know the body",
            mend="Pose it in pose mode, not in edit mode.",
        )


def _take_frames(spec: SkaterSpec, clip: Clip) -> np.ndarray:
    if spec.motion.element is None and spec.motion.take == BY_HAND:
        return np.arange(clip.count)
    take = load_motion(spec.motion)
    times = spec.motion.start + np.arange(clip.count) / clip.fps
    return np.clip(np.rint(times * take.rate), 0, len(take) - 1).astype(np.int64)


def _tracks(
    scene: bpy.types.Scene, stage: Stage, clip: Clip, cameras: Mapping[str, bpy.types.Object]
) -> dict[str, Any]:
    """What the cameras see from a frame before the first to one after the last."""
    at = np.arange(-1.0, clip.count + 1.0)
    shown = reach(clip.cameras) if any(camera.sensor.readout > 0.0 for camera in clip.cameras) else 0.0
    if shown > 0.0:
        between = shown * clip.fps * np.linspace(-1.0, 1.0, 2 * _INSTANTS + 1)
        at = np.unique(np.concatenate((at, (np.arange(clip.count)[:, None] + between).ravel())))
    specs = {cameras[spec.name]: spec for spec in clip.cameras}
    found = tracks_of(scene, specs, stage.first + stage.step * at, at / clip.fps)
    return {name: found[camera.name] for name, camera in cameras.items()}


def _focus(
    scene: bpy.types.Scene, stage: Stage, clip: Clip, cameras: Mapping[str, bpy.types.Object]
) -> dict[str, list[float]]:
    """Metres to what a user's own cameras are focused on, where that shows."""
    out: dict[str, list[float]] = {}
    for spec in clip.cameras:
        camera = cameras[spec.name]
        if read(camera, CAMERA) is not None or not spec.sensor.depth_of_field:
            continue
        depth: Any = camera.data.dof  # type: ignore[union-attr]
        things = [camera] if depth.focus_object is None else [camera, depth.focus_object]
        out[spec.name] = []
        with Room(scene, things) as room:
            for frame in range(clip.count):
                room.go_to(stage.first + stage.step * frame)
                out[spec.name].append(_focused(room, camera, depth.focus_object))
    return out


def _focused(room: Room, camera: bpy.types.Object, thing: bpy.types.Object | None) -> float:
    shown: Any = room.now(camera)
    if thing is None:
        return float(shown.data.dof.focus_distance)
    place = np.array(shown.matrix_world)
    away = np.array(room.now(thing).matrix_world)[:3, 3] - place[:3, 3]
    return float(abs(away @ place[:3, 2] / np.linalg.norm(place[:3, 2])))
