"""How cameras follow: hands that lag, swing and shake, operators who walk and skate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_filming import BODY, GOPRO, RATE, RINK, at, circle, fixed_lens, glide, heights, inside, people, shares, spin

from blender_addon.clip import CameraSpec, LensSpec, MovesSpec, RinkSpec
from blender_addon.filming.aim import FURTHEST_SWING, aims_of, followed, middles, smoothed
from blender_addon.filming.carried import FROM_EDGE, SKATING_CLEARANCE, SKATING_PACE, WALKING_PACE, on_ice, walks
from blender_addon.filming.film import film
from blender_addon.filming.framing import MARGIN
from blender_addon.filming.pose import turned
from blender_addon.filming.search import CLEARANCE
from blender_addon.filming.shake import shake_of
from blender_addon.rink.plan import hall_of, outside


def skating(seconds: float, pace: float, y: float = 0.0) -> np.ndarray:
    """(N, 7, 3) along X at a pace (m/s), through the middle half-way."""
    count = int(seconds * RATE)
    return at(glide(seconds * pace, 0.0, count), 0.0, y)


@pytest.mark.parametrize("lag", (0.04, 0.2, 0.6))
@pytest.mark.parametrize("overshoot", (0.0, 0.5, 1.0))
def test_a_follower_lags_by_so_many_seconds(lag: float, overshoot: float) -> None:
    t = np.arange(2400) / RATE
    ramp = np.stack((3.0 * t, -1.0 * t, np.ones_like(t)), axis=1)
    late = followed(ramp, RATE, lag, overshoot)
    np.testing.assert_allclose(ramp - late, np.tile((3.0 * lag, -1.0 * lag, 0.0), (2400, 1)), atol=0.05 * lag + 0.003)


@pytest.mark.parametrize("overshoot", (0.0, 0.4, 1.0))
def test_a_follower_swings_beyond_by_so_much(overshoot: float) -> None:
    step = np.zeros((1800, 1))
    step[900:] = 1.0
    answer = followed(step, RATE, 0.3, overshoot)[:, 0]
    assert answer.max() - 1.0 == pytest.approx(FURTHEST_SWING * overshoot, abs=0.012)
    assert answer[-1] == pytest.approx(1.0, abs=0.01)
    # Nothing moves before there is a reason to.
    assert np.abs(answer[:899]).max() < 1e-4


def test_a_camera_that_lags_looks_where_the_skater_was() -> None:
    who = people(skating(6.0, 4.0), before=120, after=30)
    spec = CameraSpec("c", place=(0.0, -12.0, 1.6), lens=fixed_lens(40.0))
    for lag in (0.0, 0.3):
        track = film(replace(spec, moves=MovesSpec(lag=lag)), who, RINK)
        forward = track.R[who.frames, 2]
        hit = track.eyes[who.frames] + forward * (12.0 / forward[:, 1])[:, None]
        behind = middles(who.points)[who.frames, 0] - hit[:, 0]
        np.testing.assert_allclose(behind, 4.0 * lag, atol=0.03)


def test_without_lag_nothing_lags_also_at_the_ends() -> None:
    who = people(skating(2.0, 5.0))
    np.testing.assert_allclose(aims_of(who, MovesSpec()), middles(who.points), atol=1e-6)
    path = np.random.default_rng(1).normal(size=(200, 3)).cumsum(axis=0)
    even = smoothed(path, 9.0)
    assert np.abs(np.diff(even, n=2, axis=0)).max() < 0.1 * np.abs(np.diff(path, n=2, axis=0)).max()
    assert np.abs(even.mean(axis=0) - path.mean(axis=0)).max() < 0.3


def test_a_follower_has_a_past_where_there_is_one() -> None:
    # Who stood still until the clip begins, and then goes: the hand comes after.
    count = 240
    x = np.concatenate((np.zeros(120), np.arange(120) * 4.0 / RATE))
    points = BODY + np.stack((x, np.zeros(count), np.zeros(count)), axis=1)[:, None]
    aims = aims_of(people(points, before=120), MovesSpec(lag=0.4))[:, 0]
    assert aims[119] < 0.25 and x[-1] - aims[-1] == pytest.approx(1.6, abs=0.15)


@pytest.mark.parametrize("degrees", (0.2, 1.0))
def test_hands_shake_by_so_many_degrees(degrees: float) -> None:
    times = np.arange(0.0, 200.0, 1.0 / RATE)
    shake = shake_of(times, degrees, seed=5)
    for turn, share in ((shake.pan, 1.0), (shake.tilt, 1.0), (shake.roll, 0.4)):
        assert np.degrees(np.sqrt(np.mean(turn**2))) == pytest.approx(share * degrees, rel=0.06)
    assert np.abs(np.corrcoef(shake.pan, shake.tilt)[0, 1]) < 0.2
    metres = np.sqrt(np.mean(shake.offset**2))
    assert 0.003 * degrees < metres < 0.02 * degrees


def test_the_spectrum_of_hands_falls_beyond_a_few_hertz_with_a_tremor() -> None:
    times = np.arange(0.0, 300.0, 1.0 / RATE)
    power = np.mean([np.abs(np.fft.rfft(shake_of(times, 1.0, seed).pan)) ** 2 for seed in range(8)], axis=0)
    hertz = np.fft.rfftfreq(len(times), 1.0 / RATE)

    def density(low: float, high: float) -> float:
        return float(power[(hertz >= low) & (hertz < high)].mean())

    slow, quick, none, tremor = density(0.2, 1.2), density(3.5, 6.0), density(7.3, 7.9), density(8.0, 12.0)
    assert slow > 30.0 * quick and quick > tremor > 20.0 * none
    assert density(12.5, 30.0) < 0.1 * tremor
    share = power[(hertz >= 8.0) & (hertz <= 12.0)].sum() / power.sum()
    assert 0.001 < share < 0.01


def test_shake_is_a_function_of_time_and_seed() -> None:
    times = np.arange(-1.0, 4.0, 1.0 / RATE)
    whole, later = shake_of(times, 0.5, 3), shake_of(times[60:], 0.5, 3)
    assert np.array_equal(whole.pan[60:], later.pan) and np.array_equal(whole.offset[60:], later.offset)
    assert not np.allclose(whole.pan, shake_of(times, 0.5, 4).pan)


def test_a_shaken_camera_is_off_by_what_hands_do() -> None:
    who = people(spin(600))
    spec = CameraSpec("c", place=(0.0, -10.0, 1.6), moves=MovesSpec("fixed"), seed=8)
    calm, hand = (film(replace(spec, moves=MovesSpec("fixed", shake=shake)), who, RINK) for shake in (0.0, 0.8))
    assert np.ptp(calm.R, axis=0).max() == 0.0
    turn = np.degrees(np.arccos(np.clip(np.einsum("nj,nj->n", hand.R[:, 2], calm.R[:, 2]), -1.0, 1.0)))
    assert np.sqrt(np.mean(turn**2)) == pytest.approx(0.8 * np.sqrt(2.0), rel=0.3)
    moved = np.linalg.norm(hand.eyes - calm.eyes, axis=1)
    assert 0.002 < moved.mean() < 0.04
    assert inside(hand, who, MARGIN) == 1.0


def test_small_turns_go_the_ways_that_they_are_called() -> None:
    none, some = np.zeros(1), np.full(1, 0.1)
    ahead, right = np.array((0.0, 0.0, 1.0)), np.array((1.0, 0.0, 0.0))
    # What was ahead is to the left of who pans to the right, and below who tilts up (y is down).
    assert (turned(some, none, none)[0] @ ahead)[0] < -0.09
    assert (turned(none, some, none)[0] @ ahead)[1] > 0.09
    assert (turned(none, none, some)[0] @ right)[1] < -0.09


def test_a_camera_that_is_rolled_leans_the_horizon() -> None:
    who = people(spin())
    spec = CameraSpec("c", azimuth=-1.5, distance=10.0)
    level, rolled = (film(replace(spec, moves=MovesSpec(roll=roll)), who, RINK) for roll in (0.0, 0.2))
    assert np.abs(level.R[:, 0, 2]).max() < 1e-9
    np.testing.assert_allclose(np.arcsin(-rolled.R[:, 0, 2]), 0.2, atol=0.02)
    assert inside(rolled, who, MARGIN) == 1.0


# Whoever walks keeps to the boards; with a glass that is low enough, behind them as well.
@pytest.mark.parametrize("rink", (RINK, RinkSpec(glass=0.0), RinkSpec(kind="outdoor", glass=0.0, tiers=0)))
@pytest.mark.parametrize("pace", (0.8, 4.0))
def test_a_walking_operator_goes_along_the_boards_at_a_walk(rink: RinkSpec, pace: float) -> None:
    who = people(skating(8.0, pace, -4.0), before=60, after=60)
    spec = CameraSpec("c", azimuth=-1.57, distance=11.0, moves=MovesSpec("walk"))
    track = film(spec, who, rink)
    s = outside(rink, track.eyes[:, :2])
    lane = hall_of(rink).lane
    assert np.ptp(s) < 0.01 and (-1.5 < s[0] < -0.3 or 0.4 < s[0] < lane)
    assert np.ptp(track.eyes[:, 2]) < 1e-9
    speed = np.linalg.norm(np.diff(track.eyes, axis=0), axis=1) * RATE
    assert speed.max() <= WALKING_PACE
    # They set off and stop without a jerk.
    assert np.abs(np.diff(speed)).max() * RATE < 1.4
    went = track.eyes[who.frames[-1], 0] - track.eyes[who.frames[0], 0]
    assert went > 0.6 * min(8.0 * pace, 8.0 * WALKING_PACE)
    assert inside(track, who, MARGIN) == 1.0


def test_a_walking_operator_stops_before_who_stands_in_the_way() -> None:
    start, s, height = np.array(((0.0, -14.1),)), np.array((-0.9,)), np.array((1.6,))
    for side in (1.0, -1.0):
        points = skating(10.0, 1.2, -4.0)[:: int(side)]
        gaps = []
        for others in (None, np.array(((3.0 * side, -14.4, 0.9), (-40.0, 0.0, 0.9)))):
            who = people(points, others)
            way = walks(who, middles(points), middles(points).mean(axis=0), start, s, height, RINK).at(who.times)[0]
            gaps.append(np.linalg.norm(way[:, :2] - (3.0 * side, -14.4), axis=1).min())
            assert way[0, 0] * side < -4.0
        assert gaps[0] < 0.5 and gaps[1] > 1.1


def test_a_walking_operator_sets_off_gently() -> None:
    count = 480
    x = np.where(np.arange(count) < 120, 0.0, (np.arange(count) - 120) * 4.0 / RATE)
    points = BODY + np.stack((x, np.full(count, -4.0), np.zeros(count)), axis=1)[:, None]
    who = people(points)
    start, s, height = np.array(((0.0, -14.1),)), np.array((-0.9,)), np.array((1.6,))
    way = walks(who, middles(points), np.array((0.0, -4.0, 0.8)), start, s, height, RINK).at(who.times)[0]
    speed = np.abs(np.diff(way[::12, 0])) * RATE / 12
    assert speed[:8].max() < 0.05 and speed.max() > 1.3
    assert np.diff(speed).max() * RATE / 12 < 1.1


def test_nobody_steps_off_the_ice() -> None:
    rng = np.random.default_rng(2)
    xy = rng.uniform(-40.0, 40.0, (500, 2))
    s = outside(RINK, xy)
    moved = on_ice(xy, RINK, 0.6)
    np.testing.assert_allclose(outside(RINK, moved), np.minimum(s, -0.6), atol=1e-9)
    assert np.array_equal(moved[s < -0.6], xy[s < -0.6])
    np.testing.assert_allclose(np.linalg.norm(moved - xy, axis=1), np.maximum(s + 0.6, 0.0), atol=1e-9)
    for rink in (RinkSpec(corner_radius=0.2), RinkSpec(length=20.0, width=20.0, corner_radius=10.0)):
        assert outside(rink, on_ice(xy, rink, 0.6)).max() <= -0.55


def test_steps_show_where_hands_do_not_take_them_up() -> None:
    who = people(skating(8.0, 1.2, -4.0))
    spec = CameraSpec("c", azimuth=-1.57, distance=11.0, moves=MovesSpec("walk", shake=0.5), seed=2)
    walked, stood = film(spec, who, RINK), film(replace(spec, moves=MovesSpec("pan", shake=0.5)), who, RINK)
    bob = np.abs(np.fft.rfft(np.diff(walked.eyes[:, 2])))
    still = np.abs(np.fft.rfft(np.diff(stood.eyes[:, 2])))
    hertz = np.fft.rfftfreq(len(walked.eyes) - 1, 1.0 / RATE)
    steps = (hertz > 1.2) & (hertz < 2.2)
    assert bob[steps].max() > 3.0 * still[steps].max()


@pytest.mark.parametrize("azimuth", (0.0, 1.2, -2.5))
def test_an_operator_on_skates_keeps_the_distance(azimuth: float) -> None:
    who = people(circle(7.0, 720), before=60, after=60)
    spec = CameraSpec("c", azimuth=azimuth, distance=4.0, elevation=1.3, moves=MovesSpec("skate"))
    track = film(spec, who, RINK)
    off = track.eyes[:, :2] - middles(who.points)[:, :2]
    away = np.linalg.norm(off, axis=1)
    assert np.abs(away - 4.0).max() < 0.4
    # Where nothing is in the way, they stay where they were asked to be.
    assert np.abs(np.angle(np.exp(1j * (np.arctan2(off[:, 1], off[:, 0]) - azimuth)))).max() < 0.15
    speed = np.linalg.norm(np.diff(track.eyes, axis=0), axis=1) * RATE
    assert speed.mean() > 2.0 and speed.max() <= SKATING_PACE
    np.testing.assert_allclose(track.eyes[:, 2], 1.3)
    assert inside(track, who, MARGIN) == 1.0


def test_an_operator_on_skates_stays_on_the_ice() -> None:
    # Along the boards, the camera asked for on their far side.
    who = people(skating(8.0, 5.0, 13.0))
    spec = CameraSpec("c", azimuth=1.57, distance=5.0, elevation=1.3, moves=MovesSpec("skate"))
    track = film(spec, who, RINK)
    assert outside(RINK, track.eyes[:, :2]).max() <= 1e-6 - FROM_EDGE
    # Round a corner there is no even way that a step from direction to direction would find.
    angle = np.linspace(1.9, -0.3, 480)
    corner = people(BODY + np.stack((21.5 + 8.2 * np.cos(angle), 6.5 + 8.2 * np.sin(angle), 0.0 * angle), 1)[:, None])
    eyes = film(replace(spec, azimuth=0.8), corner, RINK).eyes
    assert outside(RINK, eyes[:, :2]).max() <= 1e-6 - FROM_EDGE
    near = np.linalg.norm(who.points - track.eyes[:, None], axis=-1).min()
    assert near > SKATING_CLEARANCE
    away = np.linalg.norm(track.eyes[:, :2] - middles(who.points)[:, :2], axis=1)
    assert np.median(away) == pytest.approx(5.0, abs=0.5)
    speed = np.linalg.norm(np.diff(track.eyes, axis=0), axis=1) * RATE
    assert speed.max() <= SKATING_PACE and np.abs(np.diff(track.eyes, n=2, axis=0)).max() * RATE**2 < 8.0


def test_an_operator_on_skates_goes_round_others() -> None:
    points = skating(6.0, 4.0)
    spec = CameraSpec("c", azimuth=1.57, distance=4.0, elevation=1.3, moves=MovesSpec("skate"))
    free = film(spec, people(points), RINK)
    # In the way, and behind the operator's back.
    for y, least in ((4.0, 1.2), (5.2, 1.6)):
        somebody = np.array(((2.0, y, 0.9),))
        careful = film(spec, people(points, others=somebody), RINK)
        gap = [np.linalg.norm(t.eyes[:, :2] - somebody[0, :2], axis=1).min() for t in (free, careful)]
        assert gap[0] < y - 3.8 and gap[1] > least


def test_nobody_skates_faster_than_they_can() -> None:
    who = people(skating(3.0, 12.0))
    track = film(CameraSpec("c", azimuth=1.57, distance=5.0, moves=MovesSpec("skate")), who, RINK)
    speed = np.linalg.norm(np.diff(track.eyes, axis=0), axis=1) * RATE
    assert speed.max() <= SKATING_PACE + 1e-6


def test_a_wide_lens_is_skated_closer() -> None:
    who = people(circle(7.0, 600))
    spec = CameraSpec("c", width=640, height=360, distance=5.0, elevation=1.2, fill=0.45, lens=GOPRO)
    track = film(replace(spec, moves=MovesSpec("skate")), who, RINK)
    assert np.median(heights(track, who)) == pytest.approx(0.45, rel=0.15)
    assert np.linalg.norm(who.points - track.eyes[:, None], axis=-1).min() > SKATING_CLEARANCE - 0.1


def test_a_panning_camera_turns_and_stays() -> None:
    who = people(glide(12.0, 0.0))
    track = film(CameraSpec("c", azimuth=-1.5, distance=9.0), who, RINK)
    assert np.ptp(track.eyes, axis=0).max() < 1e-9
    assert np.abs(shares(track, who).mean(axis=1)[:, 0] - 0.5).max() < 0.025
    assert np.degrees(np.arccos(track.R[0, 2] @ track.R[-1, 2])) > 30.0
    assert np.linalg.norm(who.points - track.eyes[:, None], axis=-1).min() >= CLEARANCE


def test_a_fixed_camera_does_not_move() -> None:
    who = people(glide(10.0, 1.0))
    track = film(CameraSpec("c", azimuth=0.4, distance=14.0, moves=MovesSpec("fixed")), who, RINK)
    assert np.ptp(track.R, axis=0).max() == 0.0 and np.ptp(track.t, axis=0).max() == 0.0


def test_a_single_frame_is_filmed_by_whoever_moves() -> None:
    who = people(spin(1))
    for follow in ("pan", "fixed", "walk", "skate"):
        moves = MovesSpec(follow, lag=0.3, overshoot=0.5, zoom=0.5, shake=0.5)
        track = film(CameraSpec("c", distance=6.0, lens=LensSpec(), moves=moves), who, RINK)
        assert inside(track, who, MARGIN) == 1.0
