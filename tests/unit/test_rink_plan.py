"""The ice's plan and paint have the rule books' measures; what stands beside it leaves ice and lane free."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from blender_addon.clip import IceSpec, RinkSpec
from blender_addon.rink.markings import (
    BLUE,
    LIGHT_BLUE,
    RED,
    Line,
    covers,
    edges,
    markings,
    measures,
    paint,
    penalty_side,
)
from blender_addon.rink.plan import (
    along,
    benches,
    gates,
    glass_height,
    hall_of,
    outline,
    outside,
    perimeter,
    u_at,
)

IIHF = RinkSpec()
NHL = RinkSpec(length=60.96, width=25.91, corner_radius=8.53)
SHORT = RinkSpec(length=56.0, width=26.0, corner_radius=7.0)
SIZES = pytest.mark.parametrize("spec", (IIHF, NHL, SHORT), ids=("60x30", "200x85ft", "56x26"))


def color_at(spec: RinkSpec, x: float, y: float) -> tuple[float, ...]:
    return tuple(paint(spec, (x, y)).tolist())


@SIZES
def test_places_along_the_edge_are_found_again(spec: RinkSpec) -> None:
    u = np.linspace(0.0, perimeter(spec), 999, endpoint=False)
    for s in (-0.4, 0.0, 2.0):
        away = along(spec, outline(spec, u, s)) - u
        np.testing.assert_allclose(away - perimeter(spec) * np.rint(away / perimeter(spec)), 0.0, atol=1e-9)
    for x in np.linspace(-0.499, 0.499, 23) * spec.length:
        for side in (-1, 1):
            at = outline(spec, u_at(spec, float(x), side))
            assert at[0] == pytest.approx(x, abs=1e-6) and at[1] * side > 0.0


@pytest.mark.parametrize(
    ("spec", "goal", "blue", "spot", "circle"),
    ((IIHF, 26.0, 7.14, (20.0, 7.0), 4.5), (NHL, 27.13, 7.77, (21.03, 6.71), 4.57)),
    ids=("60x30", "200x85ft"),
)
def test_lines_and_spots_lie_where_the_rule_book_has_them(
    spec: RinkSpec, goal: float, blue: float, spot: tuple[float, float], circle: float
) -> None:
    white = spec.ice.color
    for sign in (-1.0, 1.0):
        assert color_at(spec, sign * goal, 3.0) == RED and color_at(spec, sign * (goal + 0.04), 5.0) == white
        assert color_at(spec, sign * blue, 2.0) == BLUE and color_at(spec, sign * (blue - 0.17), 2.0) == white
        for side in (-1.0, 1.0):
            x, y = sign * spot[0], side * spot[1]
            assert color_at(spec, x, y) == RED
            # The white segments of the spot, its ring, and the face-off circle.
            assert color_at(spec, x + 0.22, y) == white and color_at(spec, x + 0.28, y) == RED
            assert color_at(spec, x + circle - 0.02, y) == RED and color_at(spec, x + circle + 0.03, y) == white
            # An L in each quarter, and the hash marks.
            for a, b in ((1.2, 0.225), (0.6, 0.8)):
                assert {color_at(spec, x + i * a, y + j * b) for i in (-1, 1) for j in (-1, 1)} == {RED}
            assert {color_at(spec, x + i * 0.85, y + j * (circle + 0.3)) for i in (-1, 1) for j in (-1, 1)} == {RED}
            assert color_at(spec, x, y + circle + 0.3) == white
    assert color_at(spec, 0.0, 9.0) == RED and color_at(spec, 0.13, 9.0) == RED
    officials = penalty_side(spec) * (0.5 * spec.width - measures(spec).referee + 0.02)
    assert color_at(spec, 0.25, officials) == RED and color_at(spec, 0.25, -officials) == white


def test_creases_are_round_after_iihf_and_cut_after_nhl() -> None:
    assert color_at(IIHF, 25.5, 1.5) == LIGHT_BLUE and color_at(IIHF, 26.5, 0.5) == IIHF.ice.color
    assert color_at(NHL, 26.63, 1.0) == LIGHT_BLUE and color_at(NHL, 26.63, 1.5) == NHL.ice.color
    # The goalkeeper's area behind the line is North America's.
    assert color_at(NHL, 28.8, 3.81) == RED and RED not in {color_at(IIHF, 27.7, y / 100) for y in range(300, 500)}


def test_lines_are_painted_as_asked() -> None:
    def drawn(lines: str, kind: str = "arena") -> RinkSpec:
        return replace(IIHF, kind=kind, ice=IceSpec(lines=lines))

    xy = np.stack(np.meshgrid(np.linspace(-29, 29, 400), np.linspace(-14, 14, 200)), axis=-1)
    colors = [np.unique(paint(drawn(lines), xy).reshape(-1, 3), axis=0) for lines in ("hockey", "figure", "none")]
    assert [len(some) for some in colors] == [4, 2, 1]
    figure = paint(drawn("figure"), xy) != IIHF.ice.color
    assert np.hypot(*xy[figure.any(axis=-1)].T).max() <= 4.5
    widths = {mark.width for mark in markings(drawn("hockey", "outdoor")) if isinstance(mark, Line)}
    assert widths == {0.05}


def test_every_mark_lies_within_its_edges() -> None:
    for spec in (IIHF, NHL):
        for mark in markings(spec):
            low = np.min([loop.min(axis=0) for loop in edges(mark, spec)], axis=0)
            high = np.max([loop.max(axis=0) for loop in edges(mark, spec)], axis=0)
            grid = np.stack(np.meshgrid(np.linspace(-29, 29, 581), np.linspace(-12.9, 12.9, 259)), axis=-1)
            there = grid[covers(mark, grid)]
            assert not len(there) or ((there >= low - 0.01) & (there <= high + 0.01)).all()


@pytest.mark.parametrize("kind", ("arena", "training", "outdoor"))
@pytest.mark.parametrize("seed", range(4))
def test_benches_and_gates_share_the_boards_out(kind: str, seed: int) -> None:
    spec = RinkSpec(kind=kind, texture_seed=seed, gates=5)
    seats, doors = benches(spec), gates(spec)
    assert [bench.kind for bench in seats] == ["players"] * 2 + ["penalty"] * 2 + ["officials"]
    side = penalty_side(spec)
    for bench in seats:
        y = outline(spec, (bench.u0, bench.u1))[:, 1]
        assert (y * (side if bench.kind != "players" else -side) > 0.0).all()
        before = outline(spec, 0.5 * (bench.u0 + bench.u1))
        assert (glass_height(spec, before) > 0.0) == (bench.kind != "players")
    spans = sorted((gate.u, gate.u + gate.width) for gate in doors)
    assert all(first[1] < second[0] for first, second in pairwise(spans))
    assert len(doors) == 5 + 6
    hall = hall_of(spec)
    assert hall.lane < hall.bench_back < hall.aisle < hall.wall and hall.lamps < hall.roof


def test_one_more_gate_leaves_the_others_where_they_are() -> None:
    for seed in range(6):
        few, more = (gates(RinkSpec(texture_seed=seed, gates=count, benches=False)) for count in (3, 4))
        assert more[: len(few)] == few and len(more) == len(few) + 1
    assert gates(RinkSpec(gates=0, benches=False)) == () and benches(RinkSpec(benches=False)) == ()


def test_a_roof_clears_the_last_row() -> None:
    tall = hall_of(RinkSpec(tiers=20, roof=6.0))
    assert tall.roof > tall.floor(tall.wall) + 3.0
    assert hall_of(RinkSpec(kind="training", tiers=0, roof=6.0)).roof == 6.0
    assert hall_of(RinkSpec(kind="outdoor")).outdoors


def test_nothing_beside_the_ice_is_higher_at_its_sides_than_asked() -> None:
    spec = RinkSpec(glass=1.4)
    u = np.linspace(0.0, perimeter(spec), 400)
    height = glass_height(spec, outline(spec, u))
    assert set(np.round(np.unique(height), 6).tolist()) == {0.0, 1.4, 2.0}
    assert not glass_height(RinkSpec(glass=0.0), outline(spec, u)).any()
    assert outside(spec, outline(spec, u)).max() < 1e-9
