"""What stands around the boards keeps clear of the ice and of cameras, is cheap, and follows from the seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from blender_addon.clip import RinkSpec
from blender_addon.rink.building import building_parts
from blender_addon.rink.clock import clock, clock_box
from blender_addon.rink.features import features
from blender_addon.rink.lettering import figures, word, word_width
from blender_addon.rink.outdoors import SCENES, scene_of
from blender_addon.rink.parts import MATERIALS
from blender_addon.rink.plan import hall_of, outside
from blender_addon.rink.walls import wall_plan
from blender_addon.rink.windows import panes
from mocap.rotations import Array

ARENA = RinkSpec(tiers=16, roof=18.0, clock=True, texture_seed=1)
TRAINING = RinkSpec(kind="training", tiers=2, roof=7.0, banners=6, clock=True, windows=0.15, texture_seed=2)
OUTDOOR = RinkSpec(kind="outdoor", tiers=2, roof=11.0, glass=0.0, banners=0, texture_seed=3)
SMALL = replace(TRAINING, length=40.0, width=20.0, corner_radius=4.0, tiers=0, windows=0.0)
KINDS = pytest.mark.parametrize(
    "spec", (ARENA, TRAINING, OUTDOOR, SMALL), ids=("arena", "training", "outdoor", "small")
)


def everything(spec: RinkSpec) -> Array:
    return np.concatenate([part.quads.corners for part in building_parts(spec)])


@KINDS
def test_parts_are_named_once_and_have_faces_with_plausible_colours(spec: RinkSpec) -> None:
    parts = building_parts(spec)
    assert len({part.name for part in parts}) == len(parts)
    for part in parts:
        quads = part.quads
        assert part.material in MATERIALS and quads.corners.shape == (len(quads.colors), 4, 3)
        assert len(quads.colors) and np.isfinite(quads.corners).all()
        if part.material in ("dull", "glossy"):
            assert quads.colors.min() > 0.003 and quads.colors.max() < 0.9, part.name
    assert sum(len(part.quads.colors) for part in parts) < 60_000


@KINDS
@pytest.mark.parametrize("seed", range(3))
def test_nothing_stands_on_the_ice_or_hangs_low_over_it(spec: RinkSpec, seed: int) -> None:
    corners = everything(replace(spec, texture_seed=seed))
    # A face's middle and the middles of its edges as well: large faces may reach over the ice between their corners.
    points = np.concatenate(
        (corners, corners.mean(axis=1, keepdims=True), 0.5 * (corners + np.roll(corners, 1, axis=1))), axis=1
    )
    over = outside(spec, points[..., :2]) < 0.05
    assert points[over][:, 2].min(initial=99.0) > 4.0


@pytest.mark.parametrize("spec", (ARENA, TRAINING, SMALL), ids=("arena", "training", "small"))
@pytest.mark.parametrize("seed", range(2))
def test_cameras_in_the_aisle_and_in_the_rows_look_out_freely(spec: RinkSpec, seed: int) -> None:
    spec = replace(spec, texture_seed=seed)
    hall = hall_of(spec)
    corners = everything(spec).reshape(-1, 3)
    away = outside(spec, corners[:, :2])
    # Nobody who walks along the boards meets a thing, and nothing but what is under the roof hangs before the wall.
    aisle = (away > hall.boards_depth + 0.01) & (away < hall.aisle - 0.3) & (corners[:, 2] > 0.01)
    assert corners[aisle][:, 2].min(initial=99.0) > 3.0
    seen = (away > hall.aisle) & (away < hall.wall - 0.35)
    over = corners[seen][:, 2] - hall.floor(away[seen])
    assert not ((over > 1.45) & (corners[seen][:, 2] < min(spec.roof - 3.3, 4.5))).any()


def test_the_hall_is_closed_all_around() -> None:
    for spec in (ARENA, TRAINING):
        hall = hall_of(spec)
        plan = wall_plan(spec)
        starts = np.concatenate([wall.place.origin for wall in plan])
        ends = np.concatenate([wall.place.origin + wall.length * wall.place.along for wall in plan])
        np.testing.assert_allclose(ends, np.roll(starts, -1, axis=0), atol=1e-9)
        for share in np.linspace(0.0, 1.0, 9):
            assert (outside(spec, starts + share * (ends - starts)) > hall.wall - 1e-6).all()
        walls = next(part.quads.corners for part in building_parts(spec) if part.name == "walls")
        assert walls[..., 2].min() == 0.0 and walls[..., 2].max() == pytest.approx(spec.roof)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("share", (0.05, 0.15, 0.3))
def test_windows_are_the_share_of_the_walls_that_was_asked_for(share: float, seed: int) -> None:
    spec = replace(TRAINING, windows=share, texture_seed=seed)
    corners = panes(spec).corners
    sides = np.linalg.norm(corners[:, 1] - corners[:, 0], axis=1) * np.linalg.norm(
        corners[:, 2] - corners[:, 1], axis=1
    )
    walls = sum(wall.length * (wall.top - wall.base) for wall in wall_plan(spec))
    # Doors and corners take their room where a lot of glass is asked for.
    assert 0.5 * share < sides.sum() / walls < 1.2 * share


def test_openings_are_open_and_nothing_on_the_walls_overlaps() -> None:
    for spec in (ARENA, TRAINING):
        found = features(spec)
        assert {"door", "board"} <= {f.kind for f in found}
        for i, f in enumerate(found):
            for other in found[:i]:
                apart = f.a0 >= other.a1 or f.a1 <= other.a0 or f.z0 >= other.z1 or f.z1 <= other.z0
                assert f.wall != other.wall or apart, (f, other)
        walls = next(part.quads.corners for part in building_parts(spec) if part.name == "walls")
        middles = walls.mean(axis=1)
        for f in found:
            if f.hole:
                wall = wall_plan(spec)[f.wall]
                at = wall.place.put(np.array((((0.5 * (f.a0 + f.a1)), 0.0, 0.5 * (f.z0 + f.z1)),)))[0]
                size = 0.5 * min(f.a1 - f.a0, f.z1 - f.z0)
                assert np.linalg.norm(middles - at, axis=1).min() > 0.9 * size


def test_without_glass_no_sun_is_kept_out_and_nothing_is_outside() -> None:
    dark, sunny = ({part.name: part for part in building_parts(replace(TRAINING, windows=w))} for w in (0.0, 0.2))
    assert not dark["walls"].shadow and not dark["roof"].shadow
    assert sunny["walls"].shadow and sunny["roof"].shadow and not sunny["windows"].shadow
    assert {"windows", "window frames", "outside"} <= sunny.keys() and not {"windows", "outside"} & dark.keys()


def test_the_cube_hangs_over_the_ice_under_the_roof_if_there_is_room() -> None:
    low, high = clock_box(ARENA) or pytest.fail("no cube")
    assert low[2] >= 6.0 and high[2] < ARENA.roof and high[0] < 3.0
    _housing, shining = clock(ARENA)
    assert shining.corners[..., :2].min() < -high[0] and shining.corners[..., :2].max() > high[0]
    assert clock_box(replace(ARENA, clock=False)) is None and not len(clock(replace(ARENA, clock=False))[0].colors)
    assert clock_box(TRAINING) is None
    away = outside(TRAINING, clock(TRAINING)[1].corners[..., :2])
    assert (away > hall_of(TRAINING).wall - 0.5).all() and (away < hall_of(TRAINING).wall).all()


def test_figures_show_what_they_say() -> None:
    lit = [int(figures(str(digit), 1.0)[1].sum()) for digit in range(10)]
    assert lit == [6, 2, 5, 5, 4, 5, 6, 3, 7, 6]
    faces, shine = figures("12:05", 1.0)
    assert len(faces) == len(shine) == 4 * 7 + 2
    # A 1 is two segments on the right.
    one, on = figures("1", 1.0)
    assert (one[on][..., 0] > 0.4).all() and not on[0]


def test_words_lie_within_their_measures() -> None:
    flat = word("KESTRELS 7", 0.5)
    assert flat[..., 0].min() > -0.06 and flat[..., 0].max() < word_width("KESTRELS 7", 0.5) + 0.06
    assert flat[..., 1].min() > -0.02 and flat[..., 1].max() < 0.52
    assert len(word("", 0.5)) == 0


def test_banners_follow_their_number() -> None:
    def faces(spec: RinkSpec) -> int:
        return sum(len(part.quads.colors) for part in building_parts(spec) if part.name == "banners")

    assert faces(replace(ARENA, banners=0)) == 0
    assert 0 < 2 * faces(replace(ARENA, banners=8)) < faces(replace(ARENA, banners=24))
    assert faces(replace(OUTDOOR, banners=8)) == 0


@KINDS
def test_the_seed_decides_everything(spec: RinkSpec) -> None:
    first, again = building_parts(spec), building_parts(spec)
    for a, b in zip(first, again, strict=True):
        assert np.array_equal(a.quads.corners, b.quads.corners) and np.array_equal(a.quads.colors, b.quads.colors)
    other = {part.name: part for part in building_parts(replace(spec, texture_seed=spec.texture_seed + 1))}
    for part in first:
        if part.name in ("walls", "roof", "rooms", "outdoors"):
            quads = other[part.name].quads
            same = quads.corners.shape == part.quads.corners.shape
            assert not same or np.abs(quads.colors - part.quads.colors).max() > 0.02, part.name


def test_all_scenes_come_up_outdoors() -> None:
    assert {scene_of(replace(OUTDOOR, texture_seed=seed)) for seed in range(40)} == set(SCENES)
    for seed in range(12):
        corners = everything(replace(OUTDOOR, texture_seed=seed))
        # There is land under everything, out to the horizon, and no roof.
        assert np.abs(corners[..., :2]).max() > 400.0
        assert -3.0 < corners[..., 2].min() < 0.01
