"""Somebody's portrait: from the front, from the side, and the face, in even light on a grey ground, without a rink."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from blender_addon.clip import CameraSpec, Clip, LightSpec, SensorSpec
from blender_addon.color import Color
from blender_addon.labels.projection import intrinsics, look_at
from blender_addon.render.develop import develop
from blender_addon.render.engine import configure
from blender_addon.render.frame import CameraView, Frame
from blender_addon.render.passes import render_passes
from blender_addon.scene.animate import pose_avatar
from blender_addon.scene.cameras import set_camera
from blender_addon.scene.entrance import enter
from blender_addon.scene.fresh import fresh_scene
from blender_addon.scene.rink import place
from blender_addon.scene.shading import add_node, emptied, new_material, rgba
from blender_addon.skater.performance import Performance, perform
from mocap.rotations import Array

GROUND: Color = (0.62, 0.66, 0.7)
AIR: Color = (0.75, 0.8, 0.85)
AMBIENCE, KEY = 0.5, 2.0
"""Radiance of the air; the lamp's irradiance (W/m²), from before the face and to the skater's right."""

CAMERA = CameraSpec("portrait", sensor=SensorSpec(white_balance=1.0))
"""A plain camera, in light that is white as it is."""


@dataclass(frozen=True)
class Pose:
    """Where a portrait is taken from.

    Attributes:
        name: of the picture; width, height: pixels.
        direction: from the person to the camera: to the person's left, forward, up.
        face: whether it shows the face alone.
    """

    name: str
    width: int
    height: int
    direction: tuple[float, float, float]
    face: bool = False


POSES: tuple[Pose, ...] = (
    Pose("front", 132, 264, (0.12, 1.0, 0.1)),
    Pose("side", 132, 264, (-1.0, 0.12, 0.1)),
    Pose("face", 264, 264, (0.3, 1.0, 0.03), face=True),
)

# Metres that a picture of a face is high, and millimetres of a lens that leaves it its proportions.
FACE_HEIGHT = 0.32
LENS = 85.0
ROOM = 1.06  # of a picture for somebody's height


def shoot_portrait(clip: Clip, assets: Path, scratch: Path, *, frames: Sequence[int] | None = None) -> Iterator[Frame]:
    """Pictures of a clip's lead in the clip's first frame, one for each of POSES, without labels of people.

    Args and errors as of `shoot.shoot_clip`; of `frames`, a portrait has only 0.
    """
    if frames is not None and 0 not in frames:
        return
    scene = fresh_scene()
    human, avatar = enter(clip.lead, assets, clip.render, 1, scene.collection)
    somebody = perform(clip.lead, human, clip.fps, 1)
    pose_avatar(avatar, somebody.track)
    scene.frame_set(0)
    _furnish(scene)
    configure(scene, clip.render, clip.labels, clip.seed)
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    scene.collection.objects.link(camera)
    scene.camera = camera
    for pose in POSES:
        began = time.perf_counter()
        view = view_of(pose, somebody)
        set_camera(camera, view)
        scene.render.resolution_x, scene.render.resolution_y = view.width, view.height
        passes = render_passes(scene, scratch)
        rgb, exposure = develop(passes.linear, passes.instance == 1, CAMERA, LightSpec(), clip.seed)
        yield Frame(
            clip=clip.index,
            frame=0,
            time=0.0,
            take_frame=int(somebody.take_frames[0]),
            camera=view,
            rgb=rgb,
            body=passes.body,
            clothes=passes.clothes,
            instance=passes.instance,
            people=(),
            exposure=exposure,
            seconds=time.perf_counter() - began,
        )


def view_of(pose: Pose, somebody: Performance) -> CameraView:
    """The camera of a portrait, so far away that nothing is foreshortened."""
    marks = {name: track[0] for name, track in somebody.landmarks.items()}
    pair = "ear" if pose.face else "shoulder"
    across = marks[f"left_{pair}"] - marks[f"right_{pair}"]
    across = np.array((across[0], across[1], 0.0)) / np.hypot(across[0], across[1])
    forward = np.cross(across, (0.0, 0.0, 1.0))
    away = np.array(pose.direction) @ np.stack((across, forward, (0.0, 0.0, 1.0)))
    if pose.face:
        aim, height = _face(marks), FACE_HEIGHT
    else:
        low, high = somebody.surface[0].min(axis=0), somebody.surface[0].max(axis=0)
        aim, height = 0.5 * (low + high), ROOM * float(high[2] - low[2])
    distance = LENS / 36.0 * height
    R, t = look_at(aim + distance * away / np.linalg.norm(away), aim)
    K = intrinsics(pose.width, pose.height, LENS / 36.0 * pose.height)
    return CameraView(pose.name, "portrait", pose.width, pose.height, K, R, t)


def _face(marks: dict[str, Array]) -> Array:
    """(3,) the middle of the head as one frames a face: behind the nose, between brow and chin."""
    ears = 0.5 * (marks["left_ear"] + marks["right_ear"])
    return np.asarray(0.5 * (ears + marks["nose"]) + (0.0, 0.0, 0.02))


def _furnish(scene: bpy.types.Scene) -> None:
    """Ground, air and one soft lamp."""
    ground, tree = new_material("ground")
    shader = add_node(tree, "ShaderNodeBsdfPrincipled", {"Base Color": rgba(GROUND), "Roughness": 0.6})
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": shader.outputs["BSDF"]})
    corners = [(x, y, 0.0) for x, y in ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0))]
    mesh = bpy.data.meshes.new("ground")
    mesh.from_pydata(40.0 * np.array(corners), [], [(0, 1, 2, 3)])
    place("ground", mesh, ground, scene.collection)
    world = bpy.data.worlds.new("air")
    if bpy.app.version < (5, 0):
        world.use_nodes = True
    air = emptied(world.node_tree)
    background = add_node(air, "ShaderNodeBackground", {"Color": rgba(AIR), "Strength": AMBIENCE})
    add_node(air, "ShaderNodeOutputWorld", {"Surface": background.outputs["Background"]})
    scene.world = world
    data: Any = bpy.data.lights.new("key", "SUN")
    data.energy, data.angle = KEY, 0.3
    key = bpy.data.objects.new("key", data)
    key.rotation_euler = (0.75, -0.25, -0.35)
    scene.collection.objects.link(key)
