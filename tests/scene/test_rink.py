"""The rink has its true size, its paint, and no say in the masks."""

from __future__ import annotations

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402

from blender_addon.clip import RinkSpec  # noqa: E402
from blender_addon.rink.plan import BLUE, RED, Disc, hall_of, markings, outside, perimeter  # noqa: E402
from blender_addon.scene.rink import UNDER_BOARDS, Rink, build_rink  # noqa: E402
from blender_addon.scene.rink_materials import PAINT  # noqa: E402

SMALL = RinkSpec(length=56.0, width=26.0, corner_radius=7.0, texture_seed=3)


@pytest.fixture(scope="module", params=(RinkSpec(), SMALL), ids=("60x30", "56x26"))
def rink(request: pytest.FixtureRequest) -> Rink:
    return build_rink(request.param, empty_scene().collection)


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


def test_lines_and_circles_have_the_area_of_their_plan(rink: Rink) -> None:
    width = rink.spec.width
    middles, areas, colors = ice_faces(rink)
    on_ice = outside(rink.spec, middles) < 0.0
    red = (np.abs(colors - RED).max(axis=1) < 1e-5) & on_ice
    blue = (np.abs(colors - BLUE).max(axis=1) < 1e-5) & on_ice
    ring, spot = np.pi * (4.5**2 - 4.45**2), np.pi * 0.3**2
    assert areas[blue & (np.abs(middles[:, 0]) > 4.6)].sum() == pytest.approx(2 * 0.3 * width, rel=0.01)
    assert areas[red & (np.abs(middles[:, 0]) < 0.2)].sum() == pytest.approx(0.3 * width, rel=0.01)
    neutral = (np.abs(middles[:, 0]) > 0.2) & (np.abs(middles[:, 0]) < 10.0)
    assert areas[red & neutral].sum() == pytest.approx(4 * spot, rel=0.01)
    circles = [m for m in markings(rink.spec) if isinstance(m, Disc) and m.radius == 4.5 and m.x > 0.0]
    assert len(circles) == 2
    for mark in circles:
        around = np.hypot(*(middles - (mark.x, mark.y)).T) < 4.5
        assert areas[red & around].sum() == pytest.approx(ring + spot, rel=0.01)


def test_boards_stand_around_the_ice_at_their_height(rink: Rink) -> None:
    boards = vertices(rink, "boards")
    assert boards[:, 2].min() == 0.0 and boards[:, 2].max() == pytest.approx(hall_of(RinkSpec()).boards)
    away = outside(rink.spec, boards[:, :2])
    assert away.min() > -0.02 and away.max() < hall_of(RinkSpec()).boards_depth + 1e-4
    np.testing.assert_allclose(
        np.abs(boards[:, :2]).max(axis=0), (rink.spec.length / 2 + 0.12, rink.spec.width / 2 + 0.12), atol=1e-4
    )


def test_nothing_but_the_ice_is_on_the_ice(rink: Rink) -> None:
    for part in ("boards", "posts", "glass", "stands", "seats", "walls"):
        assert outside(rink.spec, vertices(rink, part)[:, :2]).min() > -0.02, part


def test_masks_see_nothing_of_the_hall(rink: Rink) -> None:
    assert all(o.pass_index == 0 for o in rink.objects.values())
    assert all(s.material.pass_index == 0 for o in rink.objects.values() for s in o.material_slots)


def test_one_seed_gives_one_hall_and_another_seed_another(rink: Rink) -> None:
    def colors(seed: int) -> np.ndarray:
        made = build_rink(RinkSpec(texture_seed=seed), bpy.context.scene.collection).objects["boards"].data
        flat = np.empty(4 * len(made.loops), dtype=np.float32)
        made.attributes[PAINT].data.foreach_get("color", flat)
        return flat

    first, again, other = colors(1), colors(1), colors(2)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
