"""The rink has its true size, its paint, and no say in the masks."""

from __future__ import annotations

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402

from blender_addon.clip import LightSpec, RinkSpec  # noqa: E402
from blender_addon.rink.markings import BLUE, LIGHT_BLUE, RED, paint  # noqa: E402
from blender_addon.rink.plan import outside, perimeter  # noqa: E402
from blender_addon.scene.ice import UNDER_BOARDS  # noqa: E402
from blender_addon.scene.rink import Rink, build_rink  # noqa: E402
from blender_addon.scene.rink_materials import PAINT, SHEET, WEAR  # noqa: E402

SPECS = (
    RinkSpec(gates=3),
    RinkSpec(kind="training", length=56.0, width=26.0, corner_radius=7.0, tiers=2, roof=6.0, texture_seed=3),
    RinkSpec(kind="outdoor", length=60.96, width=25.91, corner_radius=8.53, tiers=0, glass=0.0, adverts=0.0),
)


@pytest.fixture(scope="module", params=SPECS, ids=lambda spec: spec.kind)
def rink(request: pytest.FixtureRequest) -> Rink:
    return build_rink(request.param, empty_scene().collection, LightSpec())


def vertices(rink: Rink, part: str) -> np.ndarray:
    mesh = rink.objects[part].data
    flat = np.empty(3 * len(mesh.vertices), dtype=np.float32)
    mesh.vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def ice_faces(rink: Rink) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Middles (F, 2), areas (F,) and colours (F, 3) of the ice's faces."""
    mesh = rink.objects["ice"].data
    corner = np.empty(4 * len(mesh.loops), dtype=np.float32)
    mesh.attributes[PAINT].data.foreach_get("color", corner)
    middles = np.array([tuple(p.center) for p in mesh.polygons])[:, :2]
    areas = np.array([p.area for p in mesh.polygons])
    return middles, areas, corner.reshape(-1, 3, 4)[:, 0, :3]


def test_the_ice_is_flat_at_zero_and_faces_up(rink: Rink) -> None:
    assert not vertices(rink, "ice")[:, 2].any()
    assert all(p.normal.z > 0.99 for p in rink.objects["ice"].data.polygons)


def test_the_ice_has_the_area_of_its_plan(rink: Rink) -> None:
    spec, (_, areas, _) = rink.spec, ice_faces(rink)
    plan = spec.length * spec.width - (4.0 - np.pi) * spec.corner_radius**2
    assert areas.sum() == pytest.approx(plan + UNDER_BOARDS * perimeter(spec), rel=1e-3)


def test_paint_has_the_area_of_its_plan(rink: Rink) -> None:
    spec, (_, areas, colors) = rink.spec, ice_faces(rink)
    # Points at random within even cells.
    axes = [np.arange(-0.5 * size, 0.5 * size, 0.06) for size in (spec.length, spec.width)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    points = points + np.random.default_rng(1).uniform(0.0, 0.06, points.shape)
    drawn = paint(spec, points[outside(spec, points) < 0.0])
    for color in (RED, BLUE, LIGHT_BLUE):
        plan = 0.06**2 * (np.abs(drawn - color).max(axis=-1) < 1e-6).sum()
        assert areas[np.abs(colors - color).max(axis=1) < 1e-5].sum() == pytest.approx(plan, rel=0.03)


def test_parts_are_those_of_the_kind(rink: Rink) -> None:
    parts, outdoors = set(rink.objects), rink.spec.kind == "outdoor"
    assert {"ice", "boards", "benches"} <= parts
    assert ({"glass", "posts"} <= parts) == (rink.spec.glass > 0.0)
    assert ({"walls", "roof"} <= parts) != outdoors
    assert not rink.lit and {thing.name for thing in bpy.context.scene.objects} == parts


def test_boards_carry_their_pictures_in_memory(rink: Rink) -> None:
    boards = rink.objects["boards"]
    assert set(boards.data.uv_layers.keys()) == {SHEET, WEAR}
    nodes = boards.data.materials[0].node_tree.nodes
    pictures = {node.image.name for node in nodes if node.bl_idname == "ShaderNodeTexImage"}
    assert len(pictures) == (2 if rink.spec.adverts else 1)
    for name in pictures:
        image = bpy.data.images[name]
        assert image.packed_file is not None and image.size[0] > 1000 and image.has_data
    flat = np.empty(2 * len(boards.data.loops), dtype=np.float32)
    boards.data.uv_layers[SHEET].data.foreach_get("uv", flat)
    assert flat.min() == 0.0 and (flat.max() > 0.9) == (rink.spec.adverts > 0.0)


def test_nothing_but_the_ice_is_on_the_ice(rink: Rink) -> None:
    for part in rink.objects.keys() - {"ice"}:
        points = vertices(rink, part)
        # Low enough to be skated into.
        assert outside(rink.spec, points[points[:, 2] < 3.0][:, :2]).min(initial=1.0) > -0.02, part


def test_masks_see_nothing_of_the_hall(rink: Rink) -> None:
    assert all(o.pass_index == 0 for o in rink.objects.values())
    assert all(s.material.pass_index == 0 for o in rink.objects.values() for s in o.material_slots)


def test_one_seed_gives_one_rink_and_another_seed_another() -> None:
    def drawn(seed: int) -> tuple[bytes, bytes]:
        boards = build_rink(RinkSpec(texture_seed=seed), empty_scene().collection).objects["boards"]
        flat = np.empty(2 * len(boards.data.loops), dtype=np.float32)
        boards.data.uv_layers[SHEET].data.foreach_get("uv", flat)
        return flat.tobytes(), bpy.data.images["rink adverts"].packed_file.data

    first, again, other = drawn(1), drawn(1), drawn(2)
    assert first == again and first[0] != other[0] and first[1] != other[1]
