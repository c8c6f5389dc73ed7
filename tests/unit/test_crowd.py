"""Who sits in the stands, and that everybody on the ice has room."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blender_addon.cast import CrowdSpec, GarmentSpec, MotionSpec, PlacementSpec, SkaterSpec
from blender_addon.clip import RinkSpec
from blender_addon.rink.plan import facing_ice, hall_of, outside
from blender_addon.rink.seats import seats
from blender_addon.rink.stands import sitting
from blender_addon.skater.build import build_human
from blender_addon.skater.crowd import Crowd, Kind, in_the_way, make_kinds, seated
from blender_addon.skater.human import Human
from blender_addon.skater.performance import Performance, perform
from blender_addon.skater.room import APART, FROM_BOARDS, hips, make_room

RINK = RinkSpec()
PEOPLE = (
    SkaterSpec(phenotype={"gender": 1.0}, garments={"tights": GarmentSpec()}, role="spectator"),
    SkaterSpec(phenotype={"gender": 0.0, "age": 0.2, "weight": 0.8}, role="spectator"),
)
# A spectator's head in the middle of the stands; a camera in the stands that looks at the middle of the ice, and one on
# the ice that looks past that head.
HEAD = sitting(RINK)[0][np.linalg.norm(sitting(RINK)[0][:, :2] - (0.0, 20.0), axis=1).argmin()] + (0.0, 0.0, 0.75)
STANDS = (np.array(((0.0, 24.0, 6.0),)), np.array(((0.0, 0.0, 1.0),)))
ICE = (np.array(((0.0, 0.0, 1.6),)), np.array(((0.0, 0.0, 1.6),)) + 1.2 * (HEAD - (0.0, 0.0, 1.6)))


@pytest.fixture(scope="module")
def kinds(assets: Path) -> tuple[Kind, ...]:
    return make_kinds(CrowdSpec(2, PEOPLE), assets)


def test_everybody_has_a_seat_of_their_own() -> None:
    places, outward = sitting(RINK)
    crowd = seated(CrowdSpec(150, PEOPLE, seed=3), places, outward)
    at = np.array([onlooker.place[:3, 3] for onlooker in crowd])
    assert len(crowd) == 150 and len(np.unique(at, axis=0)) == 150
    tops = seats(RINK).corners[: len(places)]
    gaps = np.linalg.norm(tops.mean(axis=1)[None, :, :2] - at[:, None, :2], axis=-1)
    assert gaps.min(axis=1).max() < 0.1 and (outside(RINK, at[:, :2]) > hall_of(RinkSpec()).aisle).all()
    # Everybody faces the ice: a step ahead is a step nearer to it.
    ahead = np.array([onlooker.at(np.array((0.0, -0.5, 0.0)))[:2] for onlooker in crowd])
    assert (outside(RINK, at[:, :2]) - outside(RINK, ahead) > 0.4).all()
    assert {onlooker.kind for onlooker in crowd} == {0, 1}


def _all_seats() -> Crowd:
    places, outward = sitting(RINK)
    return Crowd((), seated(CrowdSpec(10_000, PEOPLE), places, outward))


@pytest.mark.parametrize("view", (STANDS, ICE), ids=("stands", "ice"))
def test_who_sits_close_to_a_line_of_sight_is_in_its_way(view: tuple[np.ndarray, np.ndarray]) -> None:
    crowd = _all_seats()
    away = in_the_way(crowd, *view)
    heads = np.array([onlooker.place[:3, 3] for onlooker in crowd.onlookers]) + np.array((0.0, 0.0, 0.75))
    eye, line = view[0][0], view[1][0] - view[0][0]
    share = np.clip((heads - eye) @ line / (line @ line), 0.0, 1.0)
    off = np.linalg.norm(heads - eye - share[:, None] * line, axis=1)
    near = np.linalg.norm(heads - eye, axis=1)
    assert ((off < 0.65) | (near < 1.5))[away == 0].sum() == 0 and 0 < away.sum() < 60
    assert (off[away] < 0.75).all() or (near[away] < 1.7).any()
    assert near[~away].min() > 1.55 and len(away) == len(sitting(RINK)[0])


def test_who_is_in_the_way_depends_on_that_camera_alone() -> None:
    crowd = _all_seats()
    both = in_the_way(crowd, *(np.concatenate(pair) for pair in zip(STANDS, ICE, strict=True)))
    assert np.array_equal(both, in_the_way(crowd, *STANDS) | in_the_way(crowd, *ICE))
    assert in_the_way(Crowd((), ()), *STANDS).shape == (0,)


def test_the_same_seed_seats_the_same_people() -> None:
    places, outward = sitting(RINK)
    first, again, other = (seated(CrowdSpec(20, PEOPLE, seed=seed), places, outward) for seed in (1, 1, 2))
    assert all(np.array_equal(a.place, b.place) and a.kind == b.kind for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a.place, b.place) for a, b in zip(first, other, strict=True))
    # More of them join; nobody who is there moves.
    more = seated(CrowdSpec(30, PEOPLE, seed=1), places, outward)
    assert all(np.array_equal(a.place[:3, 3], b.place[:3, 3]) for a, b in zip(first, more, strict=False))


def test_kinds_sit_on_their_seats(kinds: tuple[Kind, ...]) -> None:
    for kind in kinds:
        marks = kind.landmarks
        hip, knee = (
            np.mean([marks[f"{side}_{name}"] for side in ("left", "right")], axis=0) for name in ("hip", "knee")
        )
        assert 0.04 < hip[2] < 0.25 and abs(knee[2] - hip[2]) < 0.2, (hip, knee)
        assert knee[1] < hip[1] - 0.2 and marks["nose"][2] > hip[2] + 0.35
        # Feet reach down to about the floor in front of the seat.
        assert -0.75 < marks["left_heel"][2] < -0.2
        under = np.concatenate(kind.vertices)
        near = np.linalg.norm(under[:, :2], axis=1) < 0.1
        assert under[near, 2].min() > -0.02


def test_a_crowd_has_people_of_all_its_kinds(kinds: tuple[Kind, ...]) -> None:
    places, outward = sitting(RINK)
    crowd = Crowd(kinds, seated(CrowdSpec(12, PEOPLE), places, outward))
    people = list(crowd.subjects(first=5))
    assert [somebody.instance for somebody in people] == list(range(5, 17))
    for somebody, onlooker in zip(people, crowd.onlookers, strict=True):
        nose = somebody.landmarks["nose"] - onlooker.place[:3, 3]
        assert np.linalg.norm(nose) == pytest.approx(np.linalg.norm(kinds[onlooker.kind].landmarks["nose"]))
        assert somebody.spec.role == "spectator"


@pytest.fixture(scope="module")
def human(assets: Path) -> Human:
    return build_human(SkaterSpec(garments={"boots": GarmentSpec()}), assets)


def _performance(human: Human, motion: MotionSpec, placement: PlacementSpec, others: list[Performance]) -> Performance:
    spec = SkaterSpec(motion=motion, placement=placement)
    place = make_room(spec, human, 5.0, 20, others, RINK)
    return perform(replace(spec, placement=place), human, 5.0, 20)


def test_who_yields_keeps_clear_of_who_was_there(human: Human) -> None:
    stroking = MotionSpec(element="stroking")
    first = _performance(human, stroking, PlacementSpec(), [])
    rammed = _performance(human, stroking, PlacementSpec(), [first])
    assert np.linalg.norm(hips(first) - hips(rammed), axis=1).max() < 0.01
    people = [first]
    for _ in range(4):
        people.append(_performance(human, stroking, PlacementSpec(yields=True), people))
    for k, one in enumerate(people):
        assert -outside(RINK, hips(one)).max() > FROM_BOARDS - 0.05
        for other in people[:k]:
            assert np.linalg.norm(hips(one) - hips(other), axis=1).min() > APART - 0.05


def test_nobody_skates_through_the_boards(human: Human) -> None:
    out = PlacementSpec(x=27.0, y=13.0)
    straight = _performance(human, MotionSpec(element="stroking"), out, [])
    assert outside(RINK, hips(straight)).max() > 0.0
    yielding = _performance(human, MotionSpec(element="stroking"), replace(out, yields=True), [])
    assert -outside(RINK, hips(yielding)).max() > FROM_BOARDS - 0.05


def test_a_coach_at_the_boards_looks_at_the_ice() -> None:
    for u in np.linspace(0.0, 160.0, 9):
        x, y, heading = facing_ice(RINK, float(u), 0.6)
        assert outside(RINK, np.array((x, y))) == pytest.approx(0.6, abs=1e-6)
        ahead = np.array((x + 0.5 * np.sin(heading), y - 0.5 * np.cos(heading)))
        assert outside(RINK, ahead) == pytest.approx(0.1, abs=1e-6)


def test_a_coach_gives_way_along_the_boards(human: Human) -> None:
    x, y, heading = facing_ice(RINK, 40.0, 0.6)
    spec = SkaterSpec(
        motion=MotionSpec(element="standing"),
        placement=PlacementSpec(x=x, y=y, heading=heading, root="in_place", yields=True),
        role="coach",
    )
    first = perform(spec, human, 5.0, 20)
    place = make_room(spec, human, 5.0, 20, [first], RINK)
    assert outside(RINK, np.array((place.x, place.y))) == pytest.approx(0.6, abs=0.01)
    assert APART - 0.1 < np.hypot(place.x - x, place.y - y) < 4.0
    assert make_room(spec, human, 5.0, 20, [], RINK) == spec.placement
