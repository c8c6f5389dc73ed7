"""A rink's light in Blender: what does the work, unseen, and the lamps that one sees, which only glow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.filming.track import Filmed
from blender_addon.rink.lamp_faces import glowing, housings, spot_faces
from blender_addon.rink.lamps import Lamp, axes_of, lamps, unfocused
from blender_addon.rink.light_color import LUX, cast_of, lux_of, sun_color, sun_lux
from blender_addon.rink.mains import flickering
from blender_addon.rink.quads import Quads
from blender_addon.rink.show import Beam, ambient, follow_spots, washes
from blender_addon.rink.sky import sun_direction
from blender_addon.rink.sunlight import Ray, sun_rays
from blender_addon.rink.windows import panes
from blender_addon.scene.rink import place, quad_mesh
from blender_addon.scene.rink_materials import PAINT, painted
from blender_addon.scene.shading import add_node, never_a_light, new_material
from blender_addon.scene.sky import build_bounce, build_outlook, build_sky
from mocap.rotations import Array, from_matrix, hemisphere

GLOW: Mapping[str, float] = {"tubes": 9.0, "floods": 22.0, "spots": 30.0, "daylight": 6.0, "dusk": 8.0}
"""Radiance of the lamps that one sees, at strength 1: less than theirs, which would sparkle on everything."""

BOUNCE = 0.2
"""Radiance of the light that comes back from the hall, over that of white ice: brings EEVEE's skater to Cycles'
brightness."""

IN_THE_DARK = 0.15
"""Share of that in a show, where all but a few metres of the ice is dark."""

GLOWING = "building glow"
"""What names of materials begin with that shine by themselves around the ice, see `building_materials`."""

ICE_THROWS_BACK = 0.5
"""Share of the light that comes back from the ice, likewise outdoors, where it comes from below alone."""

BRIGHTEST = 5.0
"""Radiance over white ice's above which light that came by a detour is cut off: the few samples of it would sparkle."""

SPOT_LENS, SUN_WIDTH, PATCH_SPREAD = 0.12, 0.0093, 0.035
"""Metres of a spot's radius; rad that the sun is wide, and into which its light behind a window spreads."""

_LINEAR = 1  # bpy.types.Keyframe.interpolation's number for "LINEAR": enums are written in bulk as numbers


def light_up(
    scene: bpy.types.Scene,
    light: LightSpec,
    rink: RinkSpec,
    people: Filmed,
    *,
    fps: float,
    engine: str,
) -> list[bpy.types.Object]:
    """Everything that shines, in frames 0 … of the scene, and the world. Returns the lights that do the work.

    Args:
        people: whom spots follow; fps: of the clip, for lamps that flicker; engine: "cycles" or "eevee".
    """
    collection = scene.collection
    working = lamps(light, rink)
    if engine == "eevee":
        working = tuple(unfocused(lamp, rink) for lamp in working)
    made = [_area(lamp, collection) for lamp in working]
    if light.flicker > 0.0:
        _flicker(made, working, flickering(light, fps, len(people.frames)))
    if light.kind == "spots":
        beams = [*follow_spots(light, rink, people), *washes(light, rink)]
        made += [_spot(beam, collection) for beam in beams]
        made.append(_area(ambient(light, rink), collection))
        _turn_down_signs()
        faces = spot_faces(np.stack([b.place for b in beams]), np.array([b.color for b in beams]))
    else:
        faces = glowing(light, rink)
    _see(faces, housings(light, rink), GLOW[light.kind] * light.strength, collection)
    if rink.kind == "outdoor":
        made += _sun(light, collection)
    elif engine == "cycles":
        made += [_patch(ray, collection) for ray in sun_rays(light, rink, panes(rink).corners)]
    _build_world(scene, light, rink, engine)
    tell_level(scene, light, rink)
    return made


def _turn_down_signs() -> None:
    """In a show rooms and signs around the ice are turned down: what is left of them stays visible in the dark."""
    for material in bpy.data.materials:
        if material.name.startswith(GLOWING) and material.node_tree is not None:
            for node in material.node_tree.nodes:
                if node.bl_idname == "ShaderNodeEmission":
                    strength: Any = node.inputs["Strength"]
                    strength.default_value *= IN_THE_DARK


def _build_world(scene: bpy.types.Scene, light: LightSpec, rink: RinkSpec, engine: str) -> None:
    color, white = cast_of(light), lux_of(light, rink) / LUX
    seen_by_eevee = engine == "eevee"
    if rink.kind == "outdoor":
        build_sky(light, scene, (color, ICE_THROWS_BACK * white) if seen_by_eevee else None)
        return
    even = (color, (IN_THE_DARK if light.kind == "spots" else 1.0) * BOUNCE * white) if seen_by_eevee else None
    if rink.windows > 0.0:
        build_outlook(light, scene, even)
    elif even is not None:
        build_bounce(*even, scene)


def tell_level(scene: bpy.types.Scene, light: LightSpec, rink: RinkSpec) -> None:
    """What the engines count as too bright or too dark to be followed, over the radiance of white ice."""
    white = lux_of(light, rink) / LUX
    cycles: Any = scene.cycles
    cycles.sample_clamp_indirect = BRIGHTEST * white
    cycles.light_sampling_threshold = 0.01 * white
    eevee: Any = scene.eevee
    eevee.light_threshold = 0.01 * min(white, 1.0)
    eevee.clamp_surface_indirect = 10.0 * max(white, 1.0)


def _area(lamp: Lamp, collection: bpy.types.Collection) -> bpy.types.Object:
    """A rectangle that shines, and is itself never seen."""
    light, data = _light("lamp", "AREA", np.asarray(lamp.place), axes_of(lamp.toward), collection)
    data.shape = "RECTANGLE"
    data.size, data.size_y = lamp.size
    data.energy, data.color, data.spread = lamp.watts, lamp.color, lamp.spread
    light.visible_camera = light.visible_glossy = False
    data.specular_factor = 0.0  # EEVEE's word for not being seen in reflections
    return light


def _patch(ray: Ray, collection: bpy.types.Collection) -> bpy.types.Object:
    """The sun behind a window."""
    a, b, c = ray.toward.tolist()
    light, data = _light("sun in a window", "AREA", ray.place, axes_of((a, b, c)), collection)
    data.shape = "RECTANGLE"
    data.size, data.size_y = ray.size
    data.energy, data.color, data.spread = ray.watts, ray.color, PATCH_SPREAD
    light.visible_camera = False
    return light


def _spot(beam: Beam, collection: bpy.types.Collection) -> bpy.types.Object:
    """A spot, keyed in every frame if it moves."""
    turns = np.stack([axes_of((a, b, c)) for a, b, c in beam.toward.tolist()])
    light, data = _light("spot", "SPOT", beam.place, turns[0], collection)
    data.energy, data.spot_size, data.spot_blend = float(beam.watts[0]), float(beam.angle[0]), beam.soft
    data.color, data.shadow_soft_size = beam.color, SPOT_LENS
    light.visible_camera = False
    if len(turns) > 1:
        light.rotation_mode = "QUATERNION"
        _key(light, {"rotation_quaternion": hemisphere(from_matrix(turns.transpose(0, 2, 1))[:, None])[:, 0]})
        _key(data, {"energy": beam.watts[:, None], "spot_size": beam.angle[:, None]})
    return light


def _sun(light: LightSpec, collection: bpy.types.Collection) -> list[bpy.types.Object]:
    """The sun, if it is up and clouds let it through; thin ones make it wider."""
    lux = sun_lux(light) * light.strength
    if light.kind != "daylight" or lux < 100.0:
        return []
    a, b, c = (-sun_direction(light)).tolist()
    sun, data = _light("sun", "SUN", np.array((0.0, 0.0, 30.0)), axes_of((a, b, c)), collection)
    data.energy, data.color = float(np.pi * lux / LUX), sun_color(light)
    data.angle = SUN_WIDTH + 0.12 * light.overcast**2
    return [sun]


def _light(
    name: str, kind: Any, at: Array, axes: Array, collection: bpy.types.Collection
) -> tuple[bpy.types.Object, Any]:
    """A light at a place, turned so that it shines along −z of its axes (3, 3 rows)."""
    data: Any = bpy.data.lights.new(name, kind)
    light = bpy.data.objects.new(name, data)
    light.matrix_world = Matrix.Translation(at.tolist()) @ Matrix(axes.T.tolist()).to_4x4()
    collection.objects.link(light)
    return light, data


def _flicker(made: list[bpy.types.Object], working: tuple[Lamp, ...], waves: Array) -> None:
    """Keys the lamps' colours and brightness; waves (3, T, 3) by phase. Light from the hall has all phases' mean."""
    for light, lamp in zip(made, working, strict=True):
        wave = waves.mean(axis=0) if lamp.phase is None else waves[lamp.phase]
        _key(light.data, {"color": wave * lamp.color})


def _see(faces: Quads, cases: Quads, radiance: float, collection: bpy.types.Collection) -> None:
    """Lamps as cameras and mirrors see them: area lights are far cheaper to sample than a mesh that lights a hall."""
    if len(cases.corners):
        place(
            "lamp cases", quad_mesh("lamp cases", cases), painted("lamp cases", 0.5), collection
        ).visible_shadow = False
    if not len(faces.corners):
        return
    material, tree = new_material("lamps")
    color = add_node(tree, "ShaderNodeAttribute", attribute_name=PAINT).outputs["Color"]
    glow = add_node(tree, "ShaderNodeEmission", {"Color": color, "Strength": radiance})
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": glow.outputs["Emission"]})
    never_a_light(material)
    seen = place("lamps", quad_mesh("lamps", faces), material, collection)
    seen.visible_diffuse = seen.visible_shadow = False


def _key(owner: Any, curves: Mapping[str, Array]) -> None:
    """F-curves of a data-block, linear from frame to frame; values (T, C) by path."""
    animation = owner.animation_data_create()
    action: Any = bpy.data.actions.new(owner.name)
    slot = action.slots.new(id_type="LIGHT" if isinstance(owner, bpy.types.Light) else "OBJECT", name=owner.name)
    strip = action.layers.new("light").strips.new(type="KEYFRAME")
    bag = strip.channelbag(slot, ensure=True).fcurves
    for path, values in curves.items():
        keys = np.empty((len(values), 2), dtype=np.float32)
        keys[:, 0] = np.arange(len(values))
        for column in range(values.shape[1]):
            keys[:, 1] = values[:, column]
            curve = bag.new(path, index=column)
            curve.keyframe_points.add(len(keys))
            curve.keyframe_points.foreach_set("co", keys.ravel())
            curve.keyframe_points.foreach_set("interpolation", np.full(len(keys), _LINEAR, dtype=np.int32))
            curve.update()
    animation.action = action
    animation.action_slot = slot
