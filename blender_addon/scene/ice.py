"""The ice in Blender: one flat mesh with its paint, under a surface of traces, snow and water.

Light that enters comes back from the paint through cloudy ice, the rest is mirrored (Fresnel, IOR 1.31). Snow and cuts
scatter at the surface: they whiten and dull it; water fills them and makes it a mirror. What varies over the ice is
drawn into pictures (`rink.ice_maps`), which a ray looks up for far less than patterns of nodes cost.
"""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from mathutils import Vector
from mathutils.geometry import delaunay_2d_cdt

from blender_addon.clip import RinkSpec
from blender_addon.color import Color
from blender_addon.rink.ice_logos import Logo, logo_places, logo_sheet, logos
from blender_addon.rink.ice_maps import SLOPE, TILE, fine_map, map_place, rink_map
from blender_addon.rink.markings import edges, markings, paint
from blender_addon.rink.plan import outline, outside, stations
from blender_addon.scene.looks.nodes import Socket, Tree, calc, faded, mix
from blender_addon.scene.rink_materials import PAINT
from blender_addon.scene.shading import add_node, new_material
from mocap.rotations import Array

UNDER_BOARDS = 0.05
"""Metres that the ice reaches under the boards, so that no gap shows in the corners."""

IOR = 1.31

CLARITY: Color = (0.70, 0.73, 0.745)
"""Share of light that comes back from the paint through clear ice: water takes most of the red."""

MILK: Color = (0.70, 0.76, 0.79)
SNOW: Color = (0.86, 0.88, 0.90)
"""What cloudy ice and what shavings throw back."""

WIDE, FINE, TURNED, LOGO = "ice_wide", "ice_fine", "ice_turned", "ice_logo"
"""Texture coordinates: of the rink's picture, of the fine one, of the fine one laid another way, of the logos."""

TURNED_BY, TURNED_TILE = 0.7, 1.37
"""Radians and size by which the second layer of the fine picture is laid, so that its repeats do not show."""

FINE_LINE = 0.009
"""Metres from one fine trace to the next, about: what the camera cannot tell apart it sees as their mean."""


def build_ice(spec: RinkSpec, collection: bpy.types.Collection) -> bpy.types.Object:
    """The ice as an object of the collection, flat at z = 0, with pass index 0."""
    mesh = _mesh(spec)
    mesh.materials.append(_material(spec))
    made = bpy.data.objects.new("ice", mesh)
    collection.objects.link(made)
    return made


def _mesh(spec: RinkSpec) -> bpy.types.Mesh:
    """Flat triangles whose edges follow every mark, so that paint is sharp from near and from afar.

    The paint's alpha is 1 where a logo may show, which is on bare ice.
    """
    loops = [outline(spec, stations(spec, 2.0, 0.25), UNDER_BOARDS)]
    loops += [loop for mark in markings(spec) for loop in edges(mark, spec)]
    loops += [_around(logo) for logo in logos(spec)]
    starts = np.cumsum([0] + [len(loop) for loop in loops])
    sides = [
        (int(start + i), int(start + (i + 1) % len(loop)))
        for start, loop in zip(starts, loops, strict=False)
        for i in range(len(loop))
    ]
    points = [Vector(p) for p in np.concatenate(loops).tolist()]
    flat, _, triangles, *_ = delaunay_2d_cdt(points, sides, [], 0, 1e-5)
    xy = np.array([(p.x, p.y) for p in flat])
    faces = np.array(triangles)
    middles = xy[faces].mean(axis=1)
    kept = outside(spec, middles) < UNDER_BOARDS
    faces, middles = faces[kept], middles[kept]
    colors = np.ones((len(faces), 3, 4), dtype=np.float32)
    painted = paint(spec, middles)
    colors[..., :3] = painted[:, None]
    colors[..., 3] = (painted == spec.ice.color).all(axis=-1)[:, None]

    mesh = bpy.data.meshes.new("ice")
    mesh.vertices.add(len(xy))
    mesh.vertices.foreach_set("co", np.pad(xy, ((0, 0), (0, 1))).astype(np.float32).ravel())
    mesh.loops.add(faces.size)
    mesh.loops.foreach_set("vertex_index", faces.astype(np.int32).ravel())
    mesh.polygons.add(len(faces))
    mesh.polygons.foreach_set("loop_start", np.arange(0, faces.size, 3, dtype=np.int32))
    layer: Any = mesh.attributes.new(PAINT, "FLOAT_COLOR", "CORNER")
    layer.data.foreach_set("color", colors.ravel())
    corners = xy[faces]
    shift = np.random.default_rng((spec.texture_seed, 48)).uniform(0.0, 1.0, (2, 2))
    places = {
        WIDE: map_place(spec, corners),
        FINE: corners / TILE + shift[0],
        TURNED: corners @ _turn(TURNED_BY) / (TILE * TURNED_TILE) + shift[1],
    }
    if logos(spec):
        places[LOGO] = logo_places(spec, middles, corners)
    for name, uv in places.items():
        uv_layer: Any = mesh.uv_layers.new(name=name)
        uv_layer.data.foreach_set("uv", np.ascontiguousarray(uv, dtype=np.float32).ravel())
    mesh.update(calc_edges=True)
    mesh.validate()
    return mesh


def _around(logo: Logo) -> Array:
    x, y = logo.half
    return np.add(((-x, -y), (x, -y), (x, y), (-x, y)), (logo.x, logo.y))


def _turn(angle: float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.array(((c, s), (-s, c)))


def _material(spec: RinkSpec) -> bpy.types.Material:
    ice = spec.ice
    material, tree = new_material("rink ice")
    wide = _looked_up(tree, _picture("ice wide", rink_map(spec)), WIDE, "EXTEND")
    fine_picture = _picture("ice fine", fine_map(spec.texture_seed, ice))
    fine, turned = (_looked_up(tree, fine_picture, name, "REPEAT") for name in (FINE, TURNED))
    deep, snow, water = _channels(tree, wide)
    busy = wide.outputs["Alpha"]
    cut, slope_x, slope_y = _channels(tree, fine)

    # Traces: those of the rink, and fine ones where there is traffic.
    fine_cuts = calc(tree, "MAXIMUM", cut, _channels(tree, turned)[0])
    mean = 0.02 + 0.12 * ice.scratches
    fine_cuts = faded(tree, fine_cuts, mean, FINE_LINE)
    traffic = calc(tree, "MULTIPLY_ADD", busy, 0.9, 0.25 + 0.5 * ice.scratches)
    grain = faded(tree, fine.outputs["Alpha"], 0.5, FINE_LINE)
    # From near, a cut is a row of crumbs, and narrower than a pixel of the rink's picture.
    deep = calc(tree, "MULTIPLY", deep, calc(tree, "MULTIPLY_ADD", grain, 1.3, 0.35))
    cuts = calc(tree, "MAXIMUM", deep, calc(tree, "MULTIPLY", fine_cuts, traffic))
    cuts = calc(tree, "MULTIPLY", cuts, calc(tree, "MULTIPLY_ADD", water, -0.75, 1.0))
    snow = calc(tree, "MULTIPLY", snow, calc(tree, "MULTIPLY_ADD", grain, 1.2, 0.4))
    # What whitens: shavings wholly, cuts by half.
    white = _clamped(tree, calc(tree, "MULTIPLY_ADD", cuts, 0.5, snow))

    color = _under(tree, spec)
    if ice.wet > 0.0:
        color = mix(tree, calc(tree, "MULTIPLY", water, 0.22 * ice.wet), color, (0.0, 0.0, 0.0))
    color = mix(tree, white, color, SNOW)
    dull = calc(tree, "MULTIPLY_ADD", busy, 0.1 * ice.scratches, 0.035 + 0.16 * ice.scratches)
    dull = calc(tree, "MULTIPLY_ADD", white, 0.35, dull)
    rough = calc(tree, "MULTIPLY", dull, calc(tree, "MULTIPLY_ADD", water, -0.8, 1.0))

    normal = _normal(tree, slope_x, slope_y, SLOPE * (0.15 + 0.35 * ice.scratches))
    mirrored = add_node(tree, "ShaderNodeFresnel", {"IOR": IOR, "Normal": normal}).outputs["Fac"]
    mirrored = calc(tree, "MULTIPLY", mirrored, calc(tree, "MULTIPLY_ADD", white, -0.85, 1.0))
    scattered = add_node(tree, "ShaderNodeBsdfDiffuse", {"Color": color})
    mirror = add_node(
        tree,
        "ShaderNodeBsdfGlossy",
        {"Color": (1.0, 1.0, 1.0, 1.0), "Roughness": rough, "Normal": normal},
        distribution="GGX",
    )
    surface = add_node(
        tree, "ShaderNodeMixShader", {0: mirrored, 1: scattered.outputs["BSDF"], 2: mirror.outputs["BSDF"]}
    )
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": surface.outputs["Shader"]})
    return material


def _under(tree: Tree, spec: RinkSpec) -> Socket:
    """The paint and the logos as they are seen through the ice."""
    attribute = add_node(tree, "ShaderNodeAttribute", attribute_name=PAINT)
    color = attribute.outputs["Color"]
    if logos(spec):
        sheet = np.ascontiguousarray(logo_sheet(spec)[::-1])
        logo = _looked_up(tree, _picture("ice logos", sheet, "sRGB"), LOGO, "EXTEND")
        share = calc(tree, "MULTIPLY", logo.outputs["Alpha"], attribute.outputs["Alpha"])
        color = mix(tree, share, color, logo.outputs["Color"])
    milky = 0.45 * spec.ice.cloudy
    seen = add_node(
        tree,
        "ShaderNodeVectorMath",
        {
            0: color,
            1: tuple((1.0 - milky) * part for part in CLARITY),
            2: tuple(milky * part for part in MILK),
        },
        operation="MULTIPLY_ADD",
    )
    return seen.outputs["Vector"]


def _normal(tree: Tree, slope_x: Socket, slope_y: Socket, steepest: float) -> Socket:
    """The surface's normal where it has these slopes: 0 is −steepest, 1 is steepest."""
    parts = [calc(tree, "MULTIPLY_ADD", slope, -2.0 * steepest, steepest) for slope in (slope_x, slope_y)]
    up = add_node(tree, "ShaderNodeCombineXYZ", {0: parts[0], 1: parts[1], 2: 1.0}).outputs["Vector"]
    return add_node(tree, "ShaderNodeVectorMath", {0: up}, operation="NORMALIZE").outputs["Vector"]


def _clamped(tree: Tree, value: Socket) -> Socket:
    return add_node(tree, "ShaderNodeClamp", {"Value": value}).outputs["Result"]


def _channels(tree: Tree, picture: Any) -> tuple[Socket, Socket, Socket]:
    parts = add_node(tree, "ShaderNodeSeparateColor", {0: picture.outputs["Color"]})
    return parts.outputs["Red"], parts.outputs["Green"], parts.outputs["Blue"]


def _looked_up(tree: Tree, image: bpy.types.Image, coordinates: str, extension: str) -> Any:
    at = add_node(tree, "ShaderNodeUVMap", uv_map=coordinates).outputs["UV"]
    return add_node(tree, "ShaderNodeTexImage", {"Vector": at}, image=image, extension=extension)


def _picture(name: str, pixels: np.ndarray, space: str = "Non-Color") -> bpy.types.Image:
    """An image in memory, of uint8 pixels (H, W, 4), row 0 at the bottom; alpha is one more channel."""
    height, width = pixels.shape[:2]
    image = bpy.data.images.new(name, width, height, alpha=True)
    colorspace: Any = image.colorspace_settings
    colorspace.name = space
    image.alpha_mode = "CHANNEL_PACKED"
    flat = np.multiply(pixels, np.float32(1.0 / 255.0), dtype=np.float32)
    stored: Any = image.pixels
    stored.foreach_set(flat.ravel())
    image.update()
    return image
