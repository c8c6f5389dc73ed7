"""The ice is flat, has its plan's area and paint, carries its pictures, and has no say in the masks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402

from blender_addon.clip import IceSpec, RinkSpec  # noqa: E402
from blender_addon.rink.ice_logos import logos  # noqa: E402
from blender_addon.rink.markings import paint  # noqa: E402
from blender_addon.rink.plan import outside, perimeter  # noqa: E402
from blender_addon.scene.ice import LOGO, UNDER_BOARDS, WIDE, build_ice  # noqa: E402
from blender_addon.scene.rink_materials import PAINT  # noqa: E402

SPEC = RinkSpec(length=24.0, width=14.0, corner_radius=5.0, texture_seed=3, ice=IceSpec(wet=0.4, logos=3))


@pytest.fixture(scope="module")
def ice() -> bpy.types.Object:
    return build_ice(SPEC, empty_scene().collection)


def corners(ice: bpy.types.Object) -> np.ndarray:
    """(F, 3, 3) points of the triangles."""
    mesh = ice.data
    flat, index = np.empty(3 * len(mesh.vertices), np.float32), np.empty(len(mesh.loops), np.int32)
    mesh.vertices.foreach_get("co", flat)
    mesh.loops.foreach_get("vertex_index", index)
    return flat.reshape(-1, 3)[index].reshape(-1, 3, 3)


def attribute(ice: bpy.types.Object) -> np.ndarray:
    """(F, 3, 4) paint."""
    flat = np.empty(4 * len(ice.data.loops), np.float32)
    ice.data.attributes[PAINT].data.foreach_get("color", flat)
    return flat.reshape(-1, 3, 4)


def coordinates(ice: bpy.types.Object, name: str) -> np.ndarray:
    """(F, 3, 2) texture coordinates."""
    flat = np.empty(2 * len(ice.data.loops), np.float32)
    ice.data.uv_layers[name].data.foreach_get("uv", flat)
    return flat.reshape(-1, 3, 2)


def areas(triangles: np.ndarray) -> np.ndarray:
    a, b = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    return np.asarray(0.5 * (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]))


def test_it_is_flat_at_zero_faces_up_and_has_its_plans_area(ice: bpy.types.Object) -> None:
    triangles = corners(ice)
    assert not triangles[..., 2].any()
    size = areas(triangles)
    assert size.min() >= 0.0
    plan = SPEC.length * SPEC.width - (4.0 - np.pi) * SPEC.corner_radius**2
    assert size.sum() == pytest.approx(plan + UNDER_BOARDS * perimeter(SPEC), rel=1e-3)
    assert outside(SPEC, triangles[..., :2]).max() < UNDER_BOARDS + 1e-3


def test_each_triangle_has_the_paint_of_its_place(ice: bpy.types.Object) -> None:
    middles = corners(ice)[..., :2].mean(axis=1)
    shown = attribute(ice)
    assert (shown == shown[:, :1]).all()
    np.testing.assert_allclose(shown[:, 0, :3], paint(SPEC, middles), atol=1e-6)


def test_logos_show_on_bare_ice_alone(ice: bpy.types.Object) -> None:
    shown = attribute(ice)[:, 0]
    bare = (np.abs(shown[:, :3] - SPEC.ice.color) < 1e-6).all(axis=1)
    assert bare.any() and not bare.all()
    np.testing.assert_array_equal(shown[:, 3], bare)
    middles, places = corners(ice)[..., :2].mean(axis=1), coordinates(ice, LOGO)
    on_logo = np.zeros(len(middles), bool)
    for logo in logos(SPEC):
        on_logo |= (np.abs(middles - (logo.x, logo.y)) < logo.half).all(axis=1)
    assert on_logo.any()
    np.testing.assert_array_equal(places.any(axis=(1, 2)), on_logo)


def test_the_wide_picture_lies_on_the_whole_rink(ice: bpy.types.Object) -> None:
    places = coordinates(ice, WIDE)
    assert 0.0 <= places.min() < 0.02 and 0.98 < places.max() <= 1.0
    image = bpy.data.images["ice wide"]
    pixels = np.empty(4 * image.size[0] * image.size[1], np.float32)
    image.pixels.foreach_get(pixels)
    assert image.colorspace_settings.name == "Non-Color" and image.alpha_mode == "CHANNEL_PACKED"
    assert pixels.reshape(-1, 4)[:, 0].max() > 0.5


def test_masks_see_nothing_of_it(ice: bpy.types.Object) -> None:
    assert ice.pass_index == 0 and all(slot.material.pass_index == 0 for slot in ice.material_slots)


def test_nodes_hang_together(ice: bpy.types.Object) -> None:
    """Every picture is looked up, and every node but the last feeds another."""
    tree = ice.material_slots[0].material.node_tree
    assert {node.image.name for node in tree.nodes if node.type == "TEX_IMAGE"} == {
        "ice wide",
        "ice fine",
        "ice logos",
    }
    assert all(link.is_valid for link in tree.links)
    idle = [n.name for n in tree.nodes if n.type != "OUTPUT_MATERIAL" and not any(o.is_linked for o in n.outputs)]
    assert not idle


def test_ice_without_logos_has_no_picture_of_them() -> None:
    scene = empty_scene()
    made = build_ice(replace(SPEC, ice=IceSpec()), scene.collection)
    assert LOGO not in made.data.uv_layers
    assert "ice logos" not in bpy.data.images
