"""Where cameras stand: places that there are, lines of sight, clear of people; rings, rigs, ceilings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_filming import BARREL, GOPRO, RINK, at, fixed_lens, glide, heights, inside, people, shares, spin

from blender_addon.clip import CameraSpec, LensSpec, MovesSpec, RinkSpec
from blender_addon.filming.aim import centre_of
from blender_addon.filming.film import film
from blender_addon.filming.framing import MARGIN
from blender_addon.filming.overhead import HEADROOM, covered_share
from blender_addon.filming.places import can_stand, hidden_share, highest
from blender_addon.filming.search import CLEARANCE, FROM_OTHERS
from blender_addon.rink.clock import clock_box
from blender_addon.rink.plan import facing_ice, glass_height, hall_of, outside

RINKS = {
    "arena": RINK,
    "no glass": RinkSpec(glass=0.0),
    "training": RinkSpec(kind="training", tiers=2, roof=7.0, length=56.0, width=26.0),
    "no stands": RinkSpec(kind="training", tiers=0, roof=6.0),
    "outdoor": RinkSpec(kind="outdoor", tiers=0, glass=0.0),
}


def test_a_camera_cannot_be_in_anything() -> None:
    hall = hall_of(RINK)
    y = 15.0
    row = hall.aisle + 0.4

    def can(beyond: float, z: float) -> bool:
        return bool(can_stand(RINK, (0.0, y + beyond, z)))

    assert can(-1.0, 1.6) and can(0.7, 1.6) and can(row, float(hall.floor(row)) + 1.2) and can(-8.0, 6.0)
    # In the boards, among the benches, in the concrete, in the wall, floating over the ice, among the lamps.
    assert not can(0.06, 0.9) and not can(-0.1, 1.6) and not can(0.5 * (hall.lane + hall.bench_back), 1.5)
    assert not can(row, 0.5) and not can(hall.wall, 5.0) and not can(-5.0, 3.5) and not can(-5.0, hall.lamps)
    assert not can(-1.0, -0.1)


def test_a_camera_keeps_out_of_the_clock_over_the_ice() -> None:
    """A cube as cameras under the roof would hang in, were it not there."""
    with_clock = replace(RINK, clock=True, roof=16.0)
    box = clock_box(with_clock)
    assert box is not None
    middle = 0.5 * (box[0] + box[1])
    beside = np.add(middle, (box[1][0] + 2.0, 0.0, 0.0))
    assert not can_stand(with_clock, middle) and can_stand(replace(with_clock, clock=False), middle)
    assert can_stand(with_clock, beside)


@pytest.mark.parametrize("rink", RINKS.values(), ids=RINKS.keys())
@pytest.mark.parametrize("wish", ((8.0, 1.6), (15.0, 1.5), (22.0, 6.0), (2.0, 6.5)))
def test_every_rink_has_places(rink: RinkSpec, wish: tuple[float, float]) -> None:
    who = people(glide(9.0, 0.4))
    for azimuth in (0.2, 1.7, 4.0):
        spec = CameraSpec("c", azimuth=azimuth, distance=wish[0], elevation=wish[1])
        track = film(spec, who, rink)
        assert can_stand(rink, track.eyes).all()
        assert inside(track, who, MARGIN) == 1.0
        assert np.linalg.norm(who.points - track.eyes[:, None], axis=-1).min() > CLEARANCE - 0.01


def test_a_wish_that_can_be_met_is_met() -> None:
    track = film(CameraSpec("c", azimuth=0.5, distance=8.0, elevation=1.6), people(spin()), RINK)
    np.testing.assert_allclose(track.eyes[0], (8.0 * np.cos(0.5), 8.0 * np.sin(0.5), 1.6), atol=0.1)


def test_a_phone_beyond_the_boards_comes_over_their_top_rail() -> None:
    spec = CameraSpec("c", azimuth=np.pi / 2, distance=18.0, elevation=1.6)
    eye = film(spec, people(spin()), RINK).eyes[0]
    assert -1.0 < outside(RINK, eye[:2]) < 0.0 and eye[2] == pytest.approx(1.6)
    # Where there is no glass it stays on its side.
    near = people(at(spin(), 0.0, 5.0))
    eye = film(replace(spec, distance=10.7), near, RinkSpec(glass=0.0)).eyes[0]
    assert 0.4 < outside(RINK, eye[:2]) < 1.0


def test_a_camera_in_the_stands_stays_there_and_sees_over_the_boards() -> None:
    who = people(spin())
    eye = film(CameraSpec("c", azimuth=np.pi / 2, distance=20.0, elevation=6.0), who, RINK).eyes[0]
    assert outside(RINK, eye[:2]) > 4.0
    share = outside(RINK, eye[:2]) / (eye[1] - who.points[..., 1].max())
    top = hall_of(RINK).boards + glass_height(RINK, np.array((0.0, 15.0)))
    assert eye[2] + share * (who.points[..., 2].min() - eye[2]) > top


def test_a_body_at_the_boards_is_not_filmed_through_them() -> None:
    who = people(at(spin(), 0.0, 14.0))
    eye = film(CameraSpec("c", azimuth=np.pi / 2, distance=5.0, elevation=3.0), who, RINK).eyes[0]
    assert outside(RINK, eye[:2]) < 0.0


def test_boards_glass_and_rows_hide_what_is_behind_them() -> None:
    hall = hall_of(RINK)
    feet = np.array(((0.0, 14.0, 0.0), (0.0, 0.0, 0.0)))
    eyes = np.array(((0.0, 15.7, 1.6), (0.0, -10.0, 1.6), (0.0, 15.0 + hall.wall - 1.0, 5.5), (0.0, 20.0, 8.0)))
    # Behind the glass nothing is clear; on the ice all is; from on high only what is near the boards is hidden.
    np.testing.assert_allclose(hidden_share(eyes, feet, RINK), (1.0, 0.0, 0.5, 0.5))
    assert hidden_share(eyes[:1], feet[1:], RinkSpec(glass=0.0)) == 0.0
    # Deep in the stands and low, the rows in front are in the way, though there is no glass.
    deep = np.array(((0.0, 15.0 + hall.wall - 0.5, float(hall.floor(hall.wall)) + 0.2),))
    assert hidden_share(deep, feet[1:], RinkSpec(glass=0.0)) == 1.0
    assert hidden_share(deep + np.array((0.0, 0.0, 1.5)), feet[1:], RinkSpec(glass=0.0)) == 0.0


def test_a_place_that_is_given_is_taken_as_it_is() -> None:
    who = people(glide(12.0, 0.3))
    for follow in ("pan", "fixed", "walk", "skate"):
        spec = CameraSpec("c", place=(3.25, -13.5, 3.5), azimuth=2.0, moves=MovesSpec(follow, lag=0.2))
        track = film(spec, who, RINK)
        np.testing.assert_allclose(track.eyes, np.tile((3.25, -13.5, 3.5), (len(who.times), 1)), atol=1e-9)
        assert inside(track, who, MARGIN) == 1.0


@pytest.mark.parametrize("follow", ("fixed", "pan"))
def test_a_ceiling_camera_looks_straight_down(follow: str) -> None:
    who = people(glide(8.0, 0.0, 120))
    spec = CameraSpec("c", azimuth=-np.pi / 2, distance=0.0, elevation=9.0, moves=MovesSpec(follow))
    track = film(spec, who, RINK)
    np.testing.assert_allclose(track.eyes[0], (0.0, 0.0, highest(RINK)), atol=1e-6)
    assert inside(track, who, MARGIN) == 1.0
    # The top of the picture points away from the azimuth, also when somebody passes right under it.
    assert (track.R[:, 1, 1] < -0.85).all()
    assert np.degrees(np.arccos(np.einsum("nij,nij->n", track.R[1:], track.R[:-1]).clip(-1, 3) / 2 - 0.5)).max() < 2.0
    if follow == "fixed":
        np.testing.assert_allclose(track.R[0, 2], (0.0, 0.0, -1.0), atol=1e-9)
    placed = film(replace(spec, place=(0.0, 0.0, highest(RINK))), who, RINK)
    assert inside(placed, who, MARGIN) == 1.0 and (placed.R[:, 1, 1] < -0.85).all()


@pytest.mark.parametrize("lens", (LensSpec(), BARREL, fixed_lens(70.0), GOPRO))
def test_a_ring_looks_at_one_point_from_all_its_angles(lens: LensSpec) -> None:
    who = people(at(glide(6.0, 0.4), 2.0, 4.0), others=np.array(((2.0, -5.0, 0.9), (-9.0, 4.0, 0.9))))
    centre = centre_of(who)
    for k in range(8):
        angle = 0.1 + 0.25 * np.pi * k
        spec = CameraSpec(f"r{k}", azimuth=angle, distance=9.0, elevation=2.0, lens=lens, moves=MovesSpec("fixed"))
        track = film(spec, who, RINK)
        off = track.eyes[0] - centre
        assert np.exp(1j * np.arctan2(off[1], off[0])) == pytest.approx(np.exp(1j * angle), abs=1e-9)
        np.testing.assert_allclose(track.R[0] @ centre + track.t[0], (0.0, 0.0, np.linalg.norm(off)), atol=1e-9)
        assert inside(track, who, MARGIN) == 1.0


def test_a_rig_is_parallel_and_sees_depth() -> None:
    who = people(glide(6.0, 0.3))
    lens = LensSpec(narrowest=0.2, widest=1.2)
    left = CameraSpec("left", azimuth=-1.4, distance=10.0, lens=lens, moves=MovesSpec(shake=0.4, lag=0.1), seed=6)
    right = replace(left, name="right", beside="left", offset=(0.28, 0.0, 0.0), seed=7)
    one = film(left, who, RINK)
    two = film(right, who, RINK, one)
    assert np.array_equal(one.R, two.R) and np.array_equal(one.K, two.K)
    # The second one is to the right of the first: along x of its frame.
    np.testing.assert_allclose(two.eyes - one.eyes, 0.28 * one.R[:, 0], atol=1e-9)
    pixels = [shares(track, who) * (640, 480) for track in (one, two)]
    depth = (np.einsum("nij,npj->npi", one.R, who.points) + one.t[:, None])[..., 2]
    disparity = pixels[0][..., 0] - pixels[1][..., 0]
    np.testing.assert_allclose(one.K[:, 0, 0, None] * 0.28 / disparity, depth, rtol=1e-9)
    np.testing.assert_allclose(pixels[0][..., 1], pixels[1][..., 1], atol=1e-6)


def test_triangulating_a_rig_gives_the_points_back() -> None:
    who = people(glide(6.0, 0.3, 20))
    one = film(CameraSpec("left", azimuth=-1.4, distance=10.0, moves=MovesSpec(shake=0.4)), who, RINK)
    two = film(CameraSpec("right", beside="left", offset=(0.28, 0.02, -0.01)), who, RINK, one)
    pixels = [shares(track, who) * (640, 480) for track in (one, two)]
    for n in range(20):
        rows = []
        for track, xy in zip((one, two), pixels, strict=True):
            P = track.K[n] @ np.column_stack((track.R[n], track.t[n]))
            rows += [xy[n, :, 0, None] * P[2] - P[0], xy[n, :, 1, None] * P[2] - P[1]]
        X = np.linalg.svd(np.stack(rows, axis=1))[2][:, -1]
        np.testing.assert_allclose(X[:, :3] / X[:, 3:], who.points[n], atol=1e-3)


def test_a_camera_keeps_clear_of_others() -> None:
    spec = CameraSpec("c", azimuth=-1.5, distance=9.0)
    free = film(spec, people(spin()), RINK)
    # Somebody where it would stand, and then two more on either side.
    there = [free.eyes[0] * (1, 1, 0) + (0, 0, 0.9)]
    who = people(spin(), others=np.array(there))
    track = film(spec, who, RINK)
    assert np.linalg.norm(track.eyes[0, :2] - there[0][:2]) > 0.6 * FROM_OTHERS
    # Nobody between them and the skater.
    blocker = np.array((free.eyes[0] * (0.5, 0.5, 0) + (0, 0, 0.9),))
    seen = film(spec, people(spin(), others=blocker), RINK)
    line = -seen.eyes[0, :2] / np.linalg.norm(seen.eyes[0, :2])
    off = blocker[0, :2] - seen.eyes[0, :2]
    assert abs(line[0] * off[1] - line[1] * off[0]) > 0.55 or line @ off < 0.0


def test_a_coach_beside_the_camera_makes_it_move_along() -> None:
    x, y, _ = facing_ice(RINK, 40.0, -0.6)
    who = people(at(spin(), x, y + 12.0), others=np.array(((x, y, 0.9),)))
    spec = CameraSpec("c", azimuth=-np.pi / 2, distance=12.0)
    track = film(spec, who, RINK)
    assert np.linalg.norm(track.eyes[0, :2] - (x, y)) > 1.2
    assert heights(track, who).min() > 0.3


def test_a_crowd_of_others_stops_nobody() -> None:
    x, y = np.meshgrid(np.arange(-28.0, 29.0, 2.0), np.arange(-13.0, 14.0, 2.0))
    others = np.stack((x.ravel(), y.ravel(), np.full(x.size, 0.9)), axis=1)
    who = people(spin(), others=others[np.linalg.norm(others[:, :2], axis=1) > 1.5])
    assert inside(film(CameraSpec("c", distance=9.0), who, RINK), who, MARGIN) == 1.0


def test_other_people_count_for_cameras_other_cameras_do_not() -> None:
    # The contract: what is given, and nothing else, decides.
    who = people(glide(9.0, 1.0), others=np.array(((5.0, 5.0, 0.9),)))
    spec = CameraSpec("c", azimuth=0.3, moves=MovesSpec(shake=0.3, lag=0.2), seed=4)
    first = film(spec, who, RINK)
    film(replace(spec, name="other", seed=9, azimuth=0.31), who, RINK)
    again = film(spec, who, RINK)
    for name in ("K", "R", "t"):
        assert np.array_equal(getattr(first, name), getattr(again, name))


def test_what_hangs_overhead_hides_the_ice_from_above_it_alone() -> None:
    clock = replace(RINK, clock=True, roof=16.0)
    box = clock_box(clock)
    assert box is not None
    ground = np.array(((0.0, 0.0, 1.0), (0.3, 0.2, 0.5)))
    over, under = np.array((0.1, 0.1, box[1][2] + 0.3)), np.array((0.1, 0.1, box[0][2] - 0.3))
    assert covered_share(np.stack((over, under)), ground, clock).tolist() == [1.0, 0.0]
    # Half of what is looked at lies beyond the clock.
    beside = np.array((box[1][0] + 4.0, 0.0, 0.5 * (box[0][2] + box[1][2])))
    aims = np.array(((-20.0, 0.0, 0.6 * beside[2]), (25.0, 0.0, 1.0)))
    assert covered_share(beside[None], aims, clock).tolist() == [0.5]
    assert covered_share(np.array(((0.0, -16.0, 1.6),)), ground, clock).tolist() == [0.0]


@pytest.mark.parametrize("seed", range(6))
def test_cameras_high_up_look_past_girders_and_banners(seed: int) -> None:
    """In a low hall a television camera's first choice is among the beams; an arena's ceiling is full of banners."""
    low = RinkSpec(kind="training", tiers=3, roof=6.8, length=56.0, width=26.0, texture_seed=seed)
    high = RinkSpec(tiers=10, roof=14.0, banners=30, clock=True, texture_seed=seed)
    who = people(spin())
    tops = who.points[who.frames].max(axis=1)
    for rink, spec in (
        (low, CameraSpec("c", azimuth=1.4, distance=24.0, elevation=7.0)),
        (high, CameraSpec("c", azimuth=1.4, distance=2.0, elevation=11.5)),
    ):
        eyes = film(spec, who, rink).eyes[who.frames[:1]]
        assert eyes[0, 2] > HEADROOM
        assert covered_share(eyes, tops, rink)[0] == 0.0
