"""The hall in Blender: ice with its paint, boards, glass, stands, walls, roof and the lamps one sees.

Everything has pass index 0, so that masks hold skaters only. The glass passes camera rays straight through (a tint, no
reflection): Cycles then writes the index, depth and normal of what stands behind it, in every pixel, because its alpha
stays below the view layer's `pass_alpha_threshold`; a mirror in the mix would now and then send the one ray that writes
those passes elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Vector
from mathutils.geometry import delaunay_2d_cdt

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.scene import rink_parts
from blender_addon.scene.lighting import tint
from blender_addon.scene.rink_parts import Quads
from blender_addon.scene.rink_plan import Disc, Line, markings, outline, outside, paint, stations
from blender_addon.scene.shading import new_material, rgba
from mocap.rotations import Array

PAINT = "paint"
"""Name of the colour attribute that carries each face's colour."""

CIRCLE_SIDES = 128
UNDER_BOARDS = 0.05
"""Metres that the ice reaches under the boards, so that no gap shows in the corners."""


@dataclass(frozen=True)
class Rink:
    """What `build_rink` made, `objects` by part: ice, boards, posts, glass, stands, seats, walls, roof, lamps."""

    spec: RinkSpec
    objects: dict[str, bpy.types.Object]


def build_rink(spec: RinkSpec, collection: bpy.types.Collection, light: LightSpec | None = None) -> Rink:
    """The hall as objects in the collection. The ice is one flat mesh at z = 0; `light` colours the lamps one sees."""
    light = light or LightSpec()
    dull = _painted("rink dull", roughness=0.7)
    glossy = _painted("rink glossy", roughness=0.3)
    objects = {"ice": _object("ice", _ice_mesh(spec), _ice_material(spec), collection)}
    for name, quads, material in (
        ("boards", rink_parts.boards(spec), glossy),
        ("posts", rink_parts.posts(spec), glossy),
        ("glass", rink_parts.glass(spec), _glass_material()),
        ("stands", rink_parts.stands(spec), dull),
        ("seats", rink_parts.seats(spec), glossy),
        ("walls", rink_parts.walls(spec), dull),
        ("roof", rink_parts.roof(spec), dull),
        ("lamps", rink_parts.lamps(spec), _lamp_material(light)),
    ):
        objects[name] = _object(name, _quad_mesh(name, quads), material, collection)
    for name in ("walls", "roof"):
        objects[name].visible_diffuse = False
        objects[name].visible_shadow = False
    for name in ("glass", "lamps"):
        objects[name].visible_diffuse = False
        objects[name].visible_shadow = False
    objects["glass"].visible_glossy = False
    return Rink(spec, objects)


def _object(
    name: str, mesh: bpy.types.Mesh, material: bpy.types.Material, collection: bpy.types.Collection
) -> bpy.types.Object:
    mesh.materials.append(material)
    made = bpy.data.objects.new(name, mesh)
    collection.objects.link(made)
    return made


def _quad_mesh(name: str, quads: Quads) -> bpy.types.Mesh:
    faces = np.arange(4 * len(quads.corners)).reshape(-1, 4)
    return _mesh(name, quads.corners.reshape(-1, 3), faces, quads.colors)


def _mesh(name: str, vertices: Array, faces: np.ndarray, colors: Array) -> bpy.types.Mesh:
    """A mesh from vertices (N, 3), faces (F, C) and linear face colours (F, 3), written in bulk."""
    count, sides = faces.shape
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(vertices))
    mesh.vertices.foreach_set("co", np.ascontiguousarray(vertices, dtype=np.float32).ravel())
    mesh.loops.add(count * sides)
    mesh.loops.foreach_set("vertex_index", np.ascontiguousarray(faces, dtype=np.int32).ravel())
    mesh.polygons.add(count)
    mesh.polygons.foreach_set("loop_start", np.arange(0, count * sides, sides, dtype=np.int32))
    layer = mesh.attributes.new(PAINT, "FLOAT_COLOR", "CORNER")
    corner = np.ones((count, sides, 4), dtype=np.float32)
    corner[..., :3] = colors[:, None]
    layer.data.foreach_set("color", corner.ravel())
    mesh.update(calc_edges=True)
    mesh.validate()
    return mesh


def _ice_mesh(spec: RinkSpec) -> bpy.types.Mesh:
    """Flat triangles at z = 0 whose edges follow every mark, so that paint needs neither texture nor a second layer."""
    loops = [outline(spec, stations(spec, 2.0, 0.25), UNDER_BOARDS)]
    loops += [loop for mark in markings(spec) for loop in _edges_of(mark, spec)]
    starts = np.cumsum([0] + [len(loop) for loop in loops])
    edges = [
        (int(start + i), int(start + (i + 1) % len(loop)))
        for start, loop in zip(starts, loops, strict=False)
        for i in range(len(loop))
    ]
    points = [Vector(p) for p in np.concatenate(loops).tolist()]
    flat, _, triangles, *_ = delaunay_2d_cdt(points, edges, [], 0, 1e-5)
    xy = np.array([tuple(p) for p in flat])
    faces = np.array(triangles)
    middle = xy[faces].mean(axis=1)
    on_ice = outside(spec, middle) < UNDER_BOARDS
    vertices = np.concatenate((xy, np.zeros((len(xy), 1))), axis=1)
    return _mesh("ice", vertices, faces[on_ice], paint(spec, middle[on_ice]))


def _edges_of(mark: Line | Disc, spec: RinkSpec) -> list[Array]:
    """Closed loops (M, 2) along the mark's edges; those of lines reach beyond the ice."""
    if isinstance(mark, Line):
        half, end = 0.5 * mark.width, 0.5 * spec.width + 1.0
        corners = ((-half, -end), (half, -end), (half, end), (-half, end))
        return [np.add(corners, (mark.x, 0.0))]
    if mark.side:
        angle = np.linspace(-0.5 * np.pi, 0.5 * np.pi, CIRCLE_SIDES // 2)
        unit = np.stack((mark.side * np.cos(angle), np.sin(angle)), axis=-1)
    else:
        angle = 2.0 * np.pi * np.arange(CIRCLE_SIDES) / CIRCLE_SIDES
        unit = np.stack((np.cos(angle), np.sin(angle)), axis=-1)
    return [np.add(unit * radius, (mark.x, mark.y)) for radius in (mark.radius, mark.inner) if radius > 0.0]


def _painted(name: str, roughness: float) -> bpy.types.Material:
    material, tree = new_material(name)
    attribute = tree.nodes.new("ShaderNodeAttribute")
    attribute.attribute_name = PAINT
    surface = tree.nodes.new("ShaderNodeBsdfPrincipled")
    surface.inputs["Roughness"].default_value = roughness
    tree.links.new(attribute.outputs["Color"], surface.inputs["Base Color"])
    tree.links.new(surface.outputs["BSDF"], tree.nodes["Output"].inputs["Surface"])
    return material


def _glass_material() -> bpy.types.Material:
    material, tree = new_material("rink glass")
    clear = tree.nodes.new("ShaderNodeBsdfTransparent")
    clear.inputs["Color"].default_value = rgba((0.90, 0.93, 0.92))
    tree.links.new(clear.outputs["BSDF"], tree.nodes["Output"].inputs["Surface"])
    return material


def _lamp_material(light: LightSpec) -> bpy.types.Material:
    """Lamps only glow: the area lights of `lighting` light the hall, which is far cheaper to sample."""
    material, tree = new_material("rink lamps")
    glow = tree.nodes.new("ShaderNodeEmission")
    glow.inputs["Color"].default_value = rgba(tint(light.warmth))
    glow.inputs["Strength"].default_value = 8.0 * light.strength
    tree.links.new(glow.outputs["Emission"], tree.nodes["Output"].inputs["Surface"])
    material.cycles.emission_sampling = "NONE"
    return material


def _ice_material(spec: RinkSpec) -> bpy.types.Material:
    """Paint under frosted, scratched ice: the frost varies gloss over metres, blades leave thin pale curves."""
    rng = np.random.default_rng((spec.texture_seed, 4))
    material, tree = new_material("rink ice")
    nodes, link = tree.nodes, tree.links.new

    def value(kind: str, **settings: float | str) -> bpy.types.Node:
        node = nodes.new(kind)
        for key, setting in settings.items():
            if key in node.inputs:
                node.inputs[key].default_value = setting
            else:
                setattr(node, key, setting)
        return node

    geometry = nodes.new("ShaderNodeNewGeometry")
    attribute = nodes.new("ShaderNodeAttribute")
    attribute.attribute_name = PAINT
    lines = []
    for scale, turn in ((0.55, rng.uniform(0.0, 3.1)), (0.8, rng.uniform(0.0, 3.1)), (0.35, rng.uniform(0.0, 3.1))):
        place = nodes.new("ShaderNodeMapping")
        place.inputs["Location"].default_value = (*rng.uniform(-50.0, 50.0, 2), 0.0)
        place.inputs["Rotation"].default_value = (0.0, 0.0, turn)
        link(geometry.outputs["Position"], place.inputs["Vector"])
        wave = value("ShaderNodeTexWave", Scale=scale, Distortion=9.0, Detail=1.0)
        wave.inputs["Detail Scale"].default_value = 0.35
        link(place.outputs["Vector"], wave.inputs["Vector"])
        sharp = value("ShaderNodeMapRange")
        sharp.inputs["From Min"].default_value = 0.985
        link(wave.outputs["Fac"], sharp.inputs["Value"])
        lines.append(sharp.outputs["Result"])
    scratched = lines[0]
    for line in lines[1:]:
        both = value("ShaderNodeMath", operation="MAXIMUM")
        link(scratched, both.inputs[0])
        link(line, both.inputs[1])
        scratched = both.outputs["Value"]

    shift = nodes.new("ShaderNodeMapping")
    shift.inputs["Location"].default_value = (*rng.uniform(-50.0, 50.0, 2), 0.0)
    link(geometry.outputs["Position"], shift.inputs["Vector"])
    frost = value("ShaderNodeTexNoise", Scale=0.5, Detail=5.0, Roughness=0.65)
    link(shift.outputs["Vector"], frost.inputs["Vector"])

    rough = value("ShaderNodeMapRange")
    rough.inputs["From Min"].default_value, rough.inputs["From Max"].default_value = 0.3, 0.7
    rough.inputs["To Min"].default_value, rough.inputs["To Max"].default_value = 0.08, 0.28
    link(frost.outputs["Fac"], rough.inputs["Value"])
    rougher = value("ShaderNodeMath", operation="MULTIPLY_ADD")
    link(scratched, rougher.inputs[0])
    rougher.inputs[1].default_value = 0.25
    link(rough.outputs["Result"], rougher.inputs[2])

    snow = value("ShaderNodeMath", operation="MULTIPLY_ADD")
    link(scratched, snow.inputs[0])
    snow.inputs[1].default_value = 0.35
    cloud = value("ShaderNodeMapRange")
    cloud.inputs["From Min"].default_value, cloud.inputs["From Max"].default_value = 0.35, 0.75
    cloud.inputs["To Max"].default_value = 0.25
    link(frost.outputs["Fac"], cloud.inputs["Value"])
    link(cloud.outputs["Result"], snow.inputs[2])
    tinted = value("ShaderNodeMix", data_type="RGBA")
    link(snow.outputs["Value"], tinted.inputs["Factor"])
    link(attribute.outputs["Color"], tinted.inputs[6])
    tinted.inputs[7].default_value = rgba((0.9, 0.92, 0.94))

    bump = value("ShaderNodeBump", Strength=0.15, Distance=0.01)
    link(frost.outputs["Fac"], bump.inputs["Height"])
    surface = value("ShaderNodeBsdfPrincipled", IOR=1.31)
    link(tinted.outputs[2], surface.inputs["Base Color"])
    link(rougher.outputs["Value"], surface.inputs["Roughness"])
    link(bump.outputs["Normal"], surface.inputs["Normal"])
    link(surface.outputs["BSDF"], nodes["Output"].inputs["Surface"])
    return material
