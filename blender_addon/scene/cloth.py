"""Cloth simulated by Blender: skirts that hang on rings of chains, worked out for a clip and shown frame by frame."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import bpy
import numpy as np

from blender_addon.scene.animate import pose_armature
from blender_addon.scene.avatar import Avatar
from blender_addon.scene.curves import play
from blender_addon.scene.skinning import armature_modifier, hang_on_bones
from blender_addon.skater.human import Chain, Human, SkinnedMesh
from blender_addon.skater.lead_in import led_in
from blender_addon.skater.performance import Performance, draped, frames_of, instants_of, volume_of
from blender_addon.skater.surface import loft, open_edges
from mocap.retarget.volume import Tube
from mocap.rig import PoseTrack
from mocap.rotations import Array, conjugate, from_axis_angle, from_matrix, length, multiply

# Blender's cloth knows no seconds: gravity draws it by this many thousandths of the scene's metres per frame and frame.
_GRAVITY_UNIT = 1000.0
# Of light stretch mesh and chiffon, in Blender's units (N/m, N·s/m, kg per vertex); found by trying: threads give by
# under 3%, a hem that flies over comes back, and folds as narrow as a hand form.
_MASS = 0.3
_STRETCH, _SHEAR, _BENDING = 15.0, 5.0, 0.5
_STRETCH_DAMPING, _BENDING_DAMPING = 5.0, 1.5
# Share of the cloth's weight beyond which it is sewn to the body and not free.
_SEWN = 0.5
# Metres that cloth keeps from the body; with more it would creep up from the seam, which lies on the suit.
_DISTANCE, _SKIN = 0.003, 0.001
_FRICTION = 0.5
# Blender's unit for what still air takes off: as much per second, 2, as off the chains of a skirt that swings.
_AIR = 2.0
# Steps per frame of 1/60 s: at 4 turns per second the body turns 5° from one to the next.
_STEPS = 5
_NAME = "Simulated"


def drape(avatar: Avatar, member: Performance, frames: Array) -> Performance:
    """Shows a skater's skirt as a cloth simulation over the whole movement gives it, in place of its swing.

    Meshes with their materials stay, so labels come out as without. The avatar's own movement is for the caller to set
    afterwards. Nobody without a skirt costs anything.

    Args:
        frames: (K,) ascending, in which it is seen, as of `near_frames`.

    Returns:
        The member with its surface where the cloth is.
    """
    human, whole = member.human, member.whole
    instants = instants_of(member, frames)
    until = frames_of(whole, slice(0, int(instants[-1]) + 1), whole.fps)
    cloth = {}
    for place, mesh in enumerate(human.meshes):
        if hangs_on_ring(human, mesh):
            places = simulated(avatar.armature, human, mesh, until)
            _show(avatar.meshes[place], places[instants], frames)
            cloth[place] = places[member.window]
    return draped(member, cloth) if cloth else member


def hangs_on_ring(human: Human, mesh: SkinnedMesh) -> bool:
    """Whether a mesh is cloth that is free to fly: some of it hangs on a ring of chains."""
    return bool(_on_chains(human, mesh).any())


def simulated(armature: bpy.types.Object, human: Human, mesh: SkinnedMesh, track: PoseTrack) -> Array:
    """(T, N, 3) where a mesh's vertices are in every frame of a track.

    Args:
        armature: the human's; it is left with the movement of the simulation.
    """
    whole = _cut_out(human, mesh, led_in(track))
    pose_armature(armature, whole)
    scene = bpy.data.scenes.new(_NAME)
    try:
        scene.collection.objects.link(armature)
        for solid in _solids(human, mesh):
            _make_solid(_moving_object(solid, human, armature, scene))
        cloth = _moving_object(mesh, human, armature, scene)
        _make_cloth(cloth, human, mesh, len(whole), track.fps)
        return _played(scene, cloth, len(whole))[len(whole) - len(track) :]
    finally:
        scene.collection.objects.unlink(armature)
        for made in list(scene.collection.objects):
            data: Any = made.data
            bpy.data.objects.remove(made)
            bpy.data.meshes.remove(data)
        bpy.data.scenes.remove(scene)


def _ring(human: Human) -> tuple[list[Chain], list[np.ndarray]]:
    both = [pair for pair in zip(human.chains, human.chain_bones, strict=True) if pair[0].ring >= 0]
    return [chain for chain, _ in both], [bones for _, bones in both]


def _on_chains(human: Human, mesh: SkinnedMesh) -> Array:
    """(N,) share of rings of chains in a mesh's weights."""
    bones = [*_ring(human)[1], np.zeros(0, dtype=np.intp)]
    share: Array = np.where(np.isin(mesh.bones, np.concatenate(bones)), mesh.weights, 0.0).sum(axis=1)
    return share


def _solids(human: Human, mesh: SkinnedMesh) -> list[SkinnedMesh]:
    """What the cloth falls on: the body's flesh, round and closed, as no crease of it can catch cloth."""
    volume = volume_of(human)
    top, reach = mesh.vertices[:, 2].max(), np.ptp(mesh.vertices[:, 2])
    return [_tube(tube) for tube in (*volume.tubes, *volume.shanks) if tube.center[2] < top + reach]


def _tube(tube: Tube) -> SkinnedMesh:
    along = np.broadcast_to(np.linspace(tube.low, tube.high, len(tube.radii))[:, None], tube.radii.shape)
    angle = np.arange(tube.radii.shape[1]) * (2.0 * np.pi / tube.radii.shape[1])
    rings = np.stack((tube.radii * np.cos(angle), tube.radii * np.sin(angle), along), axis=-1) @ tube.axes + tube.origin
    vertices, faces = loft(rings, close_start=True, close_end=True)
    none = np.zeros(len(faces), dtype=np.uint8)
    on_bone = np.full((len(vertices), 1), tube.bone)
    return SkinnedMesh("flesh", vertices, faces, on_bone, np.ones(on_bone.shape), none, none)


def _moving_object(
    mesh: SkinnedMesh, human: Human, armature: bpy.types.Object, scene: bpy.types.Scene
) -> bpy.types.Object:
    data = bpy.data.meshes.new(_NAME)
    data.from_pydata(mesh.vertices.tolist(), [], [[corner for corner in face if corner >= 0] for face in mesh.faces])
    made = bpy.data.objects.new(_NAME, data)
    scene.collection.objects.link(made)
    hang_on_bones(made, human.rig.names, mesh.bones, mesh.weights)
    armature_modifier(made, armature)
    return made


def _make_solid(made: bpy.types.Object) -> None:
    made.modifiers.new("Collision", "COLLISION")
    settings: Any = made.collision
    settings.thickness_outer = _SKIN
    settings.cloth_friction = _FRICTION
    # Pushed outwards only, what came to lie inside finds its way out.
    settings.use_normal = True


def _make_cloth(made: bpy.types.Object, human: Human, mesh: SkinnedMesh, frames: int, fps: float) -> None:
    # After the armature's modifier, which moves what is sewn.
    modifier: Any = made.modifiers.new("Cloth", "CLOTH")
    settings, touch = modifier.settings, modifier.collision_settings
    sewn = made.vertex_groups.new(name="sewn")
    sewn.add(np.flatnonzero(_on_chains(human, mesh) < _SEWN).tolist(), 1.0, "REPLACE")
    settings.vertex_group_mass = sewn.name
    settings.time_scale = math.sqrt(_GRAVITY_UNIT) / fps
    settings.quality = _STEPS
    settings.mass = _MASS
    settings.air_damping = _AIR
    settings.tension_stiffness = settings.compression_stiffness = _STRETCH
    settings.tension_damping = settings.compression_damping = settings.shear_damping = _STRETCH_DAMPING
    settings.shear_stiffness = _SHEAR
    settings.bending_stiffness, settings.bending_damping = _BENDING, _BENDING_DAMPING
    touch.distance_min = _DISTANCE
    touch.use_self_collision = False
    modifier.point_cache.frame_start, modifier.point_cache.frame_end = 0, frames - 1


def _cut_out(human: Human, mesh: SkinnedMesh, track: PoseTrack) -> PoseTrack:
    """The track with its first frame, the shape that Blender takes threads to have at rest, as the cloth is cut.

    The chains are lifted about the seam until the hem, with the folds that it has, is as wide as they may be drawn.
    """
    chains, bones = _ring(human)
    root = np.array([chain.points[0] for chain in chains])
    tip = np.array([chain.points[-1] for chain in chains])
    middle = root.mean(axis=0)
    inner, outer = (length((points - middle)[:, :2]) for points in (root, tip))
    widest = float(length(np.roll(tip, -1, axis=0) - tip) @ np.array([chain.spread for chain in chains]))
    wider = max(1.0, widest / _hem(mesh, _on_chains(human, mesh) > 1.0 - 1e-6))
    fall = length(tip - root)
    lift = np.arcsin(np.minimum(1.0, (wider * outer - inner) / fall)) - np.arcsin((outer - inner) / fall)
    away = (root - middle) * (1.0, 1.0, 0.0)
    first = np.array([own[0] for own in bones])
    axes = from_matrix(human.rig.rest[first, :3, :3])
    turn = from_axis_angle(np.cross(away / length(away)[:, None], (0.0, 0.0, 1.0)), lift)
    rotations = track.rotations.copy()
    rotations[0, first] = multiply(multiply(conjugate(axes), turn), axes)
    return dataclasses.replace(track, rotations=rotations)


def _hem(mesh: SkinnedMesh, free: np.ndarray) -> float:
    """Metres along the mesh's open edges whose ends are free (N,)."""
    edges, _ = open_edges(mesh.faces)
    ends = mesh.vertices[edges[free[edges].all(axis=1)]]
    return float(length(ends[:, 1] - ends[:, 0]).sum())


def _played(scene: bpy.types.Scene, cloth: bpy.types.Object, count: int) -> Array:
    """(count, N, 3) vertices of the cloth, frame by frame, as each depends on the one before."""
    with bpy.context.temp_override(scene=scene, view_layer=scene.view_layers[0]):
        graph = bpy.context.evaluated_depsgraph_get()
    data: Any = cloth.data
    out = np.empty((count, len(data.vertices), 3), dtype=np.float32)
    for frame in range(count):
        scene.frame_set(frame)
        seen: Any = cloth.evaluated_get(graph).data
        seen.vertices.foreach_get("co", out[frame].reshape(-1))
    return out.astype(np.float64)


def _show(shown: bpy.types.Object, places: Array, frames: Array) -> None:
    """Lets a mesh object's vertices be at places (T, N, 3) in frames (T,), in place of following the armature."""
    modifiers: Any = shown.modifiers
    modifiers.remove(next(modifier for modifier in modifiers if modifier.type == "ARMATURE"))
    for number, points in enumerate(places):
        key = shown.shape_key_add(name=str(number), from_mix=False)
        key.interpolation = "KEY_LINEAR"
        key.data.foreach_set("co", np.ascontiguousarray(points, dtype=np.float32).ravel())
    data: Any = shown.data
    keys = data.shape_keys
    keys.use_relative = False
    play(keys, {"eval_time": np.array([[key.frame] for key in keys.key_blocks])}, frames)
