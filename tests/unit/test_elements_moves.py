"""Strokes, crossovers and the three-turn against skating technique."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from skating_checks import facing, knee_angle, local_rotations, mass_centre, on_ice, sole_points

from mocap.elements.library import element_take
from mocap.elements.strides import edge_name
from mocap.inertia import GRAVITY
from mocap.motion import Motion
from mocap.rotations import Array, rotate
from mocap.skeleton import LEFT, OUTWARD, RIGHT


def way(take: Motion) -> Array:
    """(T,) radians of the way of travel from +X, unwrapped."""
    velocity = np.gradient(mass_centre(take)[:, :2], axis=0)
    return np.unwrap(np.arctan2(velocity[:, 1], velocity[:, 0]))


def lean(take: Motion) -> Array:
    """(T,) degrees of lean that speed and curve ask for, positive to the left."""
    speed = np.linalg.norm(np.gradient(mass_centre(take)[:, :2], axis=0), axis=1) * take.rate
    return np.degrees(np.arctan(speed * np.gradient(way(take)) * take.rate / GRAVITY))


def runs_forward(take: Motion, side: str) -> Array:
    """(T,) cosine between a blade's toes and its own way over the ice."""
    travel = np.gradient(sole_points(take, side).mean(axis=1), axis=0)[:, :2]
    toes = rotate(take.orientations[:, take.skeleton.index(f"{side}Foot")], np.array((0.0, -1.0, 0.0)))[:, :2]
    product: Array = np.sum(travel * toes, axis=1)
    return product / (np.linalg.norm(travel, axis=1) * np.linalg.norm(toes, axis=1))


def test_edges_are_named_by_foot_way_and_lean() -> None:
    assert edge_name(LEFT, False, 8.0) == "left forward outside edge"
    assert edge_name(RIGHT, False, 8.0) == "right forward inside edge"
    assert edge_name(RIGHT, True, 8.0) == "right back outside edge"
    assert edge_name(LEFT, True, 8.0) == "left back inside edge"
    assert edge_name(LEFT, True, -8.0) == "left back outside edge"


@pytest.mark.parametrize("count", (2, 5))
def test_strokes_alternate_on_outside_edges(count: int) -> None:
    take = element_take("stroking", {"strokes": count})
    strokes = [event for event in take.events if event.type == "stroke"]
    assert len(strokes) == count
    for event in strokes:
        side, other = (RIGHT, LEFT) if event.name.startswith("right") else (LEFT, RIGHT)
        glide = slice(event.start + 26, event.end - 4)
        assert on_ice(take, side)[glide].all() and not on_ice(take, other)[glide].any()
        assert (runs_forward(take, side)[glide] > 0.98).all()
        toward = OUTWARD[side]
        assert (toward * lean(take)[glide]).mean() > 2.0, "outside edge"
        pushes = knee_angle(local_rotations(take), take, other)[event.start : event.start + 30]
        assert pushes.min() < 25.0, "the pushing leg stretches"
    sides = [event.name for event in strokes]
    assert all(a != b for a, b in pairwise(sides))


def test_knee_bends_as_deep_as_asked() -> None:
    deep = {}
    for knee in (46.0, 66.0):
        take = element_take("stroking", {"knee": knee})
        local = local_rotations(take)
        alone = on_ice(take, RIGHT) & ~on_ice(take, LEFT)
        deep[knee] = knee_angle(local, take, RIGHT)[alone].max()
    assert deep[66.0] - deep[46.0] == pytest.approx(20.0, abs=4.0)


@pytest.mark.parametrize(
    ("name", "inner", "forward"), [("forward crossovers", LEFT, 1), ("back crossovers", RIGHT, -1)]
)
def test_crossovers_cross_in_front_on_a_circle_to_the_left(name: str, inner: str, forward: int) -> None:
    take = element_take(name)
    outer = LEFT if inner == RIGHT else RIGHT
    turned = np.degrees(way(take)[-5] - way(take)[5])
    assert turned > 90.0
    angle = way(take)
    apart = sole_points(take, outer).mean(axis=1) - sole_points(take, inner).mean(axis=1)
    inward = apart[:, 1] * np.cos(angle) - apart[:, 0] * np.sin(angle)
    ahead = forward * (apart[:, 0] * np.cos(angle) + apart[:, 1] * np.sin(angle))
    both = on_ice(take, LEFT) & on_ice(take, RIGHT)
    crossings = [event for event in take.events if event.type == "step"]
    assert len(crossings) == 3
    for event in crossings:
        inside = np.zeros(len(take), dtype=bool)
        inside[event.start : event.end] = True
        crossed = both & inside & (inward > 0.05)
        assert crossed.sum() >= 8, "both blades on the ice, the outer one on the inner side"
        assert (ahead[crossed] > 0.0).all(), "in front"
    for side in (LEFT, RIGHT):
        glides = on_ice(take, side) & ~on_ice(take, outer if side == inner else inner)
        assert (forward * runs_forward(take, side)[glides] > 0.9).all()


@pytest.mark.parametrize("edge", (5.0, 13.0))
def test_three_turn_goes_from_forward_outside_to_back_inside_on_one_foot(edge: float) -> None:
    take = element_take("three-turn", {"edge": edge})
    (turn,) = [event for event in take.events if event.type == "turn"]
    assert turn.name == "left forward outside three-turn" and turn.turns == 0.5
    around = slice(turn.start - 15, turn.end + 20)
    assert on_ice(take, LEFT)[around].all() and not on_ice(take, RIGHT)[around].any()
    assert runs_forward(take, LEFT)[turn.start - 6] > 0.98 and runs_forward(take, LEFT)[turn.end + 12] < -0.98
    angle = np.degrees(facing(take) - way(take))
    assert angle[turn.end + 15] - angle[turn.start - 12] == pytest.approx(180.0, abs=12.0)
    for frame in (turn.start - 6, turn.end + 20):
        assert lean(take)[frame] == pytest.approx(edge, abs=0.25 * edge), "the same circle before and after"


@pytest.mark.parametrize("name", ("forward crossovers", "back crossovers", "three-turn", "stroking"))
def test_speed_is_the_speed_asked(name: str) -> None:
    for speed in (3.0, 5.0):
        take = element_take(name, {"speed": speed})
        measured = np.linalg.norm(np.gradient(mass_centre(take)[:, :2], axis=0), axis=1) * take.rate
        assert measured.max() == pytest.approx(speed, rel=0.06)
