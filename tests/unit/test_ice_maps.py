"""Traces, snow and water of the ice lie where skating leaves them, and as much of them as the spec says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from blender_addon.clip import IceSpec, RinkSpec
from blender_addon.rink.ice_logos import CELL, PLACES, logo_places, logo_sheet, logos
from blender_addon.rink.ice_maps import MARGIN, PIXEL, TILE_PIXELS, fine_map, map_place, map_size, rink_map
from blender_addon.rink.ice_traces import KINDS, cracks, traces
from blender_addon.rink.plan import outside

SMALL = RinkSpec(length=20.0, width=12.0, corner_radius=4.0, texture_seed=7)
DEPTH, SNOW, WATER, BUSY = range(4)


def surface(**ice: float) -> np.ndarray:
    return rink_map(replace(SMALL, ice=IceSpec(**ice))).astype(float) / 255.0


def inwards() -> np.ndarray:
    """Metres from each pixel of the map to the edge of the ice."""
    width, height = map_size(SMALL)
    x = (np.arange(width) + 0.5 - 0.5 * width) * PIXEL
    y = (np.arange(height) + 0.5 - 0.5 * height) * PIXEL
    return -outside(SMALL, np.stack(np.meshgrid(x, y), axis=-1))


def test_the_map_covers_the_ice_and_little_more() -> None:
    size = np.array(map_size(SMALL)) * PIXEL
    assert (size >= (20.0 + 2 * MARGIN, 12.0 + 2 * MARGIN)).all() and (size < (20.6, 12.6)).all()
    assert surface().shape == (*map_size(SMALL)[::-1], 4)
    np.testing.assert_allclose(map_place(SMALL, [(0.0, 0.0)]), [(0.5, 0.5)])
    np.testing.assert_allclose(np.ptp(map_place(SMALL, [(0.0, 0.0), (10.0, 0.0)])[:, 0]), 10.0 / size[0])


def test_one_seed_gives_one_ice_and_another_seed_another() -> None:
    first, again = (rink_map(SMALL) for _ in range(2))
    other = rink_map(replace(SMALL, texture_seed=8))
    assert np.array_equal(first, again)
    assert all((first[..., channel] != other[..., channel]).any() for channel in range(4))
    assert np.array_equal(fine_map(3, IceSpec()), fine_map(3, IceSpec()))
    assert not np.array_equal(fine_map(3, IceSpec()), fine_map(4, IceSpec()))


@pytest.mark.parametrize("kind", KINDS)
def test_busier_ice_keeps_the_traces_it_had(kind: str) -> None:
    few, many = traces(kind, SMALL, 5), traces(kind, SMALL, 11)
    assert len(few) == 5 and len(many) == 11 and np.isfinite(many).all()
    assert np.array_equal(few, many[:5])
    assert len(traces(kind, SMALL, 0)) == 0
    assert np.array_equal(cracks(SMALL, 9)[:4], cracks(SMALL, 4))


def test_a_spin_stays_in_one_place_and_an_edge_does_not() -> None:
    def reach(kind: str) -> np.ndarray:
        late = traces(kind, RinkSpec(), 40)
        late = late[:, late.shape[1] // 3 :]
        return np.asarray(np.ptp(late, axis=1).max(axis=-1))

    assert reach("spins").max() < 1.2
    assert np.median(reach("edges")) > 2.5


def test_a_three_turn_has_one_cusp() -> None:
    step = np.diff(traces("threes", RinkSpec(), 30), axis=1)
    length = np.linalg.norm(step, axis=-1)
    cosine = (step[:, 1:] * step[:, :-1]).sum(axis=-1) / np.maximum(length[:, 1:] * length[:, :-1], 1e-12)
    assert (np.sum(cosine < 0.0, axis=1) <= 1).all()
    assert np.median(cosine.min(axis=1)) < 0.0
    sharpest = cosine.argmin(axis=1)
    assert (np.abs(sharpest - 39.5) < 4.0).all()


def test_a_loop_crosses_itself_once_around() -> None:
    path = traces("loops", RinkSpec(), 20)
    step = np.diff(path, axis=1)
    turned = np.unwrap(np.arctan2(step[..., 1], step[..., 0]), axis=1)
    # The circle's own arc and a whole turn of the loop within it.
    assert (np.abs(turned[:, -1] - turned[:, 0]) > 2.0 * np.pi).all()


def test_scratches_come_with_use() -> None:
    fresh, used, busy = (surface(scratches=share, snow=0.0, cloudy=0.0)[..., DEPTH].mean() for share in (0.0, 0.4, 1.0))
    assert fresh == 0.0 < used < 0.7 * busy
    fine = [fine_map(1, IceSpec(scratches=share))[..., 0].mean() for share in (0.0, 0.5, 1.0)]
    assert fine[0] < 0.5 * fine[1] < fine[1] < fine[2]


def test_clear_ice_has_no_cracks_and_cloudy_ice_has() -> None:
    clear, cloudy = (surface(scratches=0.0, cloudy=share)[..., DEPTH] for share in (0.0, 1.0))
    assert clear.max() == 0.0 < cloudy.max() < 0.3


def test_snow_is_as_much_as_asked_for_and_most_at_the_boards() -> None:
    none, some, much = (surface(snow=share)[..., SNOW] for share in (0.0, 0.4, 1.0))
    inside = inwards()
    on_ice = inside > 0.0
    assert none.max() == 0.0 and 0.0 < some[on_ice].mean() < 0.6 * much[on_ice].mean()
    near, far = (inside > 0.0) & (inside < 0.15), inside > 2.0
    assert some[near].mean() > 3.0 * some[far].mean()


def test_water_is_everywhere_on_flooded_ice_and_in_patches_on_wet_ice() -> None:
    dry, wet, flooded = (surface(scratches=0.8, wet=share)[..., WATER] for share in (0.0, 0.35, 1.0))
    assert dry.max() == 0.0 and flooded.min() == 1.0
    assert (wet == 0.0).any() and (wet > 0.9).any()


def test_fresh_ice_shows_the_passes_of_the_machine() -> None:
    water = surface(scratches=0.0)[..., WATER]
    middle = water[:, water.shape[1] // 2]
    assert np.ptp(middle) > 0.15  # one pass beside the other
    row = water[water.shape[0] // 2, water.shape[1] // 3 : -water.shape[1] // 3]
    assert np.ptp(row) < 0.1  # along a pass


def test_the_fine_map_repeats_without_a_seam() -> None:
    fine = fine_map(2, IceSpec(scratches=1.0)).astype(float)
    assert fine.shape == (TILE_PIXELS, TILE_PIXELS, 4)
    for channel in (1, 2):
        layer = fine[..., channel]
        for axis in (0, 1):
            seam = np.abs(np.take(layer, 0, axis=axis) - np.take(layer, -1, axis=axis)).max()
            assert seam <= np.abs(np.diff(layer, axis=axis)).max() + 1.0
    # A trace that leaves on one side comes in on the other, at most three pixels along; elsewhere are other traces.
    few = fine_map(2, IceSpec(scratches=0.3))[..., 0]
    out = few[:, 0] > 50

    def met(column: int) -> float:
        there = few[:, column] > 20
        return float(np.any([np.roll(there, shift) for shift in range(-3, 4)], axis=0)[out].mean())

    assert out.sum() > 20 and met(-1) > 0.7 > 0.5 > max(met(500), met(900))


def test_slopes_are_level_on_the_whole() -> None:
    slopes = fine_map(2, IceSpec())[..., 1:3].astype(float)
    np.testing.assert_allclose(slopes.mean(axis=(0, 1)), 128.0, atol=1.0)
    assert slopes.std() > 20.0


def test_logos_are_as_many_as_asked_for_and_lie_on_the_ice() -> None:
    for count in (0, 1, 4, len(PLACES), 99):
        spec = replace(SMALL, ice=IceSpec(logos=count))
        laid = logos(spec)
        assert len(laid) == min(count, len(PLACES))
        for logo in laid:
            x, y = logo.half
            corners = np.array([(logo.x + sx * x, logo.y + sy * y) for sx in (-1, 1) for sy in (-1, 1)])
            assert outside(spec, corners).max() < 0.0
    all_of_them = logos(replace(RinkSpec(), ice=IceSpec(logos=99)))
    for a in all_of_them:
        for b in all_of_them:
            apart = (abs(a.x - b.x) >= a.half[0] + b.half[0]) or (abs(a.y - b.y) >= a.half[1] + b.half[1])
            assert a is b or apart


def test_one_logo_more_leaves_the_others_as_they_are() -> None:
    two, three = (logo_sheet(replace(SMALL, ice=IceSpec(logos=count))) for count in (2, 3))
    assert np.array_equal(two, three[:, : 2 * CELL])
    assert not np.array_equal(three[:, CELL : 2 * CELL], three[:, 2 * CELL :])


def test_logos_are_clear_at_their_edges_and_what_lies_beside_them_is_clear() -> None:
    spec = replace(SMALL, ice=IceSpec(logos=2))
    sheet = logo_sheet(spec)
    for edge in (sheet[0], sheet[-1], sheet[:, 0], sheet[:, CELL - 1], sheet[:, CELL]):
        assert edge[..., 3].max() == 0
    assert sheet[CELL // 2, CELL // 2, 3] == 255
    beside = logo_places(spec, np.array([(9.0, 0.0)]), np.array([[(8.9, 0.0), (9.1, 0.0), (9.0, 0.1)]]))
    assert not beside.any()
    logo = logos(spec)[1]
    middle = np.array([(logo.x, logo.y)])
    np.testing.assert_allclose(logo_places(spec, middle, middle[:, None]), [[(0.75, 0.5)]])
