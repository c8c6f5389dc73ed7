"""Rows, stairs, entrances and seats fit each other on every plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from blender_addon.clip import RinkSpec
from blender_addon.rink.plan import hall_of, outside, perimeter
from blender_addon.rink.seats import seats
from blender_addon.rink.stairs import handrails, stairs
from blender_addon.rink.stands import (
    ENTRANCE,
    SEAT_PITCH,
    STAIR,
    blocks_of,
    entrances,
    layout,
    pieces,
    rows_at,
    seat_places,
    sitting,
    stair_places,
    stands,
)

ARENA = RinkSpec(tiers=14, roof=15.0, texture_seed=1)
TRAINING = RinkSpec(kind="training", tiers=3, roof=7.0, texture_seed=0)
OUTDOOR = RinkSpec(kind="outdoor", tiers=2, texture_seed=4)
KINDS = pytest.mark.parametrize(
    "spec", (RinkSpec(), ARENA, TRAINING, OUTDOOR), ids=("default", "arena", "training", "outdoor")
)


def test_pieces_go_once_around() -> None:
    for spec in (ARENA, replace(ARENA, length=40.0, width=20.0, corner_radius=3.0)):
        assert sum(length for _, length, _ in pieces(spec)) == pytest.approx(perimeter(spec))
        assert [curved for _, _, curved in pieces(spec)] == [True, False] * 4


@KINDS
def test_seats_stand_apart_on_their_rows(spec: RinkSpec) -> None:
    middles, outward = sitting(spec)
    hall = hall_of(spec)
    assert len(middles) > 40 and np.allclose(np.linalg.norm(outward, axis=1), 1.0)
    away = outside(spec, middles[:, :2])
    assert (away > hall.aisle).all() and (away < hall.aisle + hall.tiers * hall.tier_depth).all()
    assert np.allclose(middles[:, 2] - hall.floor(away), 0.42)
    _, tier = seat_places(spec)
    for row in range(hall.tiers):
        here = middles[tier == row]
        gap = np.linalg.norm(here[:, None] - here[None], axis=-1) + 9.0 * np.eye(len(here))
        # In corners as well: rows further out have more seats, not wider ones.
        assert gap.min() > 0.97 * SEAT_PITCH and np.quantile(gap.min(axis=1), 0.95) < 1.03 * SEAT_PITCH


@KINDS
def test_nobody_sits_on_stairs_or_in_entrances(spec: RinkSpec) -> None:
    u, tier = seat_places(spec)
    end = perimeter(spec)
    apart = np.abs((u[:, None] - stair_places(spec)[None] + 0.5 * end) % end - 0.5 * end).min(axis=1)
    straight = ~np.isin(np.searchsorted([start for start, _, _ in pieces(spec)], u, side="right") - 1, (0, 2, 4, 6))
    assert apart[straight].min() > 0.5 * STAIR
    for hole in entrances(spec):
        inside = (np.abs(u - hole.u) < 0.5 * ENTRANCE) & np.isin(tier, list(hole.rows))
        assert not inside.any() and hole.rows.stop < spec.tiers
    assert rows_at(spec, u).all()


def test_an_arena_has_entrances_and_they_are_holes() -> None:
    spec = ARENA
    holes = entrances(spec)
    assert len(holes) >= 4
    faces = stands(spec).corners
    level = np.ptp(faces[..., 2], axis=1) < 1e-9
    hall = hall_of(spec)
    for hole in holes:
        # No tread of a row that it cuts lies across it.
        row = hole.rows.stop - 1
        s = hall.aisle + (row + 0.5) * hall.tier_depth
        treads = faces[level & (np.abs(faces[:, 0, 2] - float(hall.floor(s))) < 1e-6)]
        from blender_addon.rink.plan import outline

        at = outline(spec, hole.u, s)
        within = (treads[..., :2].min(axis=1) < at).all(axis=1) & (treads[..., :2].max(axis=1) > at).all(axis=1)
        assert not within.any()
    assert not entrances(replace(spec, tiers=4)) and not entrances(TRAINING)


@pytest.mark.parametrize("kind", ("arena", "training", "outdoor"))
def test_without_rows_nobody_sits(kind: str) -> None:
    spec = RinkSpec(kind=kind, tiers=0)
    places, outward = sitting(spec)
    assert places.shape == (0, 3) and outward.shape == (0, 2)
    assert not len(seats(spec).colors) and not len(stairs(spec).colors) and not len(handrails(spec).colors)
    assert not blocks_of(spec)


@KINDS
def test_the_faces_one_sits_on_come_first(spec: RinkSpec) -> None:
    middles, _ = sitting(spec)
    tops = seats(spec).corners[: len(middles)].mean(axis=1)
    assert np.abs(tops - middles).max() < 0.02


def test_only_rails_rise_before_the_first_row() -> None:
    for spec in (RinkSpec(), ARENA, TRAINING):
        hall = hall_of(spec)
        front = hall.aisle + 0.2
        for made, highest in (
            (stands(spec), hall.first_tier + 0.86),
            (seats(spec), 9.0),
            (stairs(spec), hall.first_tier),
        ):
            points = made.corners.reshape(-1, 3)
            before = outside(spec, points[:, :2]) < front
            assert points[before][:, 2].max(initial=0.0) <= highest
        rails = handrails(spec).corners.reshape(-1, 3)
        before = outside(spec, rails[:, :2]) < front
        assert before.any() and rails[before][:, 2].max() < hall.first_tier + 1.0


def test_layouts_and_colours_differ_between_seeds() -> None:
    assert {layout(replace(ARENA, texture_seed=seed)) for seed in range(30)} == {"bowl", "horseshoe", "sides"}
    assert {layout(replace(TRAINING, texture_seed=seed)) for seed in range(30)} == {"side", "sides"}
    looks = {np.round(seats(replace(ARENA, texture_seed=seed)).colors.std(axis=0), 3).tobytes() for seed in range(8)}
    assert len(looks) > 5


def test_the_seats_have_the_colour_that_was_asked_for() -> None:
    spec = replace(ARENA, stands=(0.4, 0.05, 0.03))
    colors = seats(spec).colors[: len(sitting(spec)[0])]
    near = np.abs(colors / np.asarray(spec.stands) - 1.0).max(axis=1) < 0.2
    assert near.mean() > 0.15
