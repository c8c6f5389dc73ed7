"""Light as arithmetic: colours, lux, where lamps hang, how they flicker, whom spots follow, what the sky gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.filming.track import Filmed
from blender_addon.rink.lamp_faces import glowing, housings
from blender_addon.rink.lamps import axes_of, flood_places, gallery, lamps, masts, on_ice, unfocused
from blender_addon.rink.light_color import (
    LUMINANCE,
    LUX,
    black_body,
    cast_of,
    kelvin_of,
    lux_of,
    sky_lux,
    sun_color,
    sun_lux,
    tint,
)
from blender_addon.rink.mains import flickering
from blender_addon.rink.plan import hall_of, outside
from blender_addon.rink.show import POOL_RADIUS, follow_spots, washes
from blender_addon.rink.sky import sky, sun_direction
from blender_addon.rink.sunlight import PANE, sun_rays
from mocap.rotations import Array

ARENA, TRAINING, OUTDOOR = RinkSpec(), RinkSpec(kind="training", roof=6.5, tiers=0), RinkSpec(kind="outdoor", roof=8.0)
KINDS = ("tubes", "floods", "spots", "daylight", "dusk")


@pytest.mark.parametrize("warmth", (-1.0, -0.3, 0.0, 0.6, 1.0))
def test_a_tint_keeps_the_brightness(warmth: float) -> None:
    color = np.array(tint(warmth))
    assert color @ LUMINANCE == pytest.approx(1.0)
    assert np.sign(color[0] - color[2]) == np.sign(warmth)


def test_black_bodies_have_their_colours() -> None:
    """Beside white of 6504 K; sRGB of black bodies after Charity's table: at 3000 K linear 1, 0.47, 0.15, about."""
    assert black_body(6504.0) == pytest.approx((1.0, 1.0, 1.0))
    red, green, blue = black_body(3000.0)
    assert green / red == pytest.approx(0.48, abs=0.03) and blue / red == pytest.approx(0.15, abs=0.03)
    assert [round(kelvin_of(w, 5000.0)) for w in (-1.0, 0.0, 1.0)] == [9000, 5000, 2700]


@pytest.mark.parametrize("kind", KINDS)
def test_what_white_balance_takes_out_is_of_luminance_1(kind: str) -> None:
    for warmth in (-1.0, 0.0, 1.0):
        assert np.array(cast_of(LightSpec(kind=kind, warmth=warmth))) @ LUMINANCE == pytest.approx(1.0)
    warm, cold = (np.array(cast_of(LightSpec(kind=kind, warmth=w))) for w in (1.0, -1.0))
    assert warm[0] / warm[2] > cold[0] / cold[2]


def test_the_sun_is_white_when_high_and_red_when_low() -> None:
    high, low = (LightSpec(kind="daylight", sun_elevation=angle, overcast=0.0) for angle in (1.0, 0.05))
    red, _, blue = sun_color(high)
    assert red / blue < 1.5
    red, _, blue = sun_color(low)
    assert red / blue > 8.0
    assert 80e3 < sun_lux(high) < 110e3 and sun_lux(low) < 0.1 * sun_lux(high)
    assert sun_lux(replace(high, overcast=1.0)) == 0.0 and 8e3 < sky_lux(replace(high, overcast=1.0)) < 20e3


@pytest.mark.parametrize(
    ("kind", "rink", "low", "high"),
    (
        ("tubes", TRAINING, 300, 500),
        ("floods", ARENA, 1000, 1500),
        ("spots", ARENA, 300, 2000),
        ("daylight", ARENA, 300, 3000),
        ("daylight", OUTDOOR, 30_000, 90_000),
        ("dusk", OUTDOOR, 50, 150),
    ),
)
def test_lux_are_those_of_real_rinks(kind: str, rink: RinkSpec, low: float, high: float) -> None:
    light = LightSpec(kind=kind)
    assert low <= lux_of(light, rink) <= high
    assert lux_of(replace(light, strength=0.5), rink) == pytest.approx(0.5 * lux_of(light, rink))


@pytest.mark.parametrize(
    ("kind", "rink"),
    (("tubes", TRAINING), ("floods", ARENA), ("daylight", ARENA), ("dusk", OUTDOOR), ("floods", OUTDOOR)),
)
def test_lamps_give_the_lux_they_should_on_any_rink(kind: str, rink: RinkSpec) -> None:
    for size in (rink, replace(rink, length=40.0, width=20.0, windows=0.3)):
        made = lamps(LightSpec(kind=kind, strength=1.3), size)
        assert len(made) <= 13
        given = sum(on_ice(lamp, flood_places(size, 6, 10)) for lamp in made)
        assert LUX * np.mean(given) == pytest.approx(lux_of(LightSpec(kind=kind, strength=1.3), size), rel=1e-6)
        even = sum(on_ice(unfocused(lamp, size), flood_places(size, 6, 10)) for lamp in made)
        assert np.mean(even) == pytest.approx(np.mean(given))
        assert np.min(given) > 0.4 * np.mean(given), "no part of the ice lies in the dark"


def test_a_small_lamp_right_above_is_the_textbooks() -> None:
    """E = I / h² with I = Φ / π for a flat lamp; a white floor's radiance is E / π."""
    (lamp, *_) = lamps(LightSpec(), ARENA)
    lamp = replace(lamp, place=(0.0, 0.0, 5.0), size=(0.1, 0.1), watts=100.0, spread=np.pi)
    assert on_ice(lamp, (0.0, 0.0)) == pytest.approx(100.0 / np.pi / 25.0 / np.pi, rel=1e-3)
    x, y, z = axes_of((0.0, 0.6, -0.8))
    np.testing.assert_allclose(np.cross(x, y), z, atol=1e-12)
    np.testing.assert_allclose(z, (0.0, -0.6, 0.8), atol=1e-12)


def test_an_arena_s_ice_is_brighter_than_what_surrounds_it() -> None:
    given = [
        sum(float(on_ice(lamp, (0.0, y))) for lamp in lamps(LightSpec(kind="floods"), ARENA)) for y in (0.0, 15.0, 24.0)
    ]
    assert given[0] > 1.2 * given[1] and given[0] > 3.0 * given[2]


@pytest.mark.parametrize("rink", (ARENA, TRAINING), ids=("arena", "training"))
@pytest.mark.parametrize("kind", KINDS)
def test_lamps_hang_under_the_roof(kind: str, rink: RinkSpec) -> None:
    light, roof = LightSpec(kind=kind), hall_of(rink).roof
    for faces in (glowing(light, rink), housings(light, rink)):
        assert not len(faces.corners) or 3.0 < faces.corners[..., 2].min() <= faces.corners[..., 2].max() < roof


def test_masts_stand_beside_the_ice_and_spots_around_the_hall() -> None:
    away = outside(OUTDOOR, masts(OUTDOOR)[:, :2])
    assert (away > 1.0).all() and (away < hall_of(OUTDOOR).wall).all()
    places = gallery(ARENA, 5, np.random.default_rng(1))
    assert (outside(ARENA, places[:, :2]) > 5.0).all() and (places[:, 2] < hall_of(ARENA).roof).all()


def test_some_tubes_are_dead_or_odd_by_seed() -> None:
    def colors(seed: int) -> Array:
        return glowing(LightSpec(kind="tubes", seed=seed), TRAINING).colors

    assert np.array_equal(colors(1), colors(1)) and not np.array_equal(colors(1), colors(2))
    dead = np.mean([(colors(seed) @ LUMINANCE < 0.01).mean() for seed in range(6)])
    assert 0.005 < dead < 0.08


def people(path: Array, rate: float = 60.0, first: int = 30) -> Filmed:
    """One person of three points along path (N, 3), the clip's frames from `first`, two instants apart."""
    body = np.array(((0.0, 0.0, 0.1), (0.0, 0.0, 0.9), (0.0, 0.0, 1.6)))
    times = (np.arange(len(path)) - first) / rate
    return Filmed(times, path[:, None] + body, np.zeros((len(path), 0, 3)), np.arange(first, len(path), 2))


def gliding(speed: float) -> Array:
    t = np.arange(151) / 60.0
    return np.stack((speed * t - 5.0, 0.0 * t, 0.0 * t), axis=-1)


def test_spots_follow_a_little_late() -> None:
    crowd = people(gliding(5.0))
    for beam in follow_spots(LightSpec(kind="spots", spots=3), ARENA, crowd):
        now = crowd.points[crowd.frames].mean(axis=1)
        way = now - beam.place
        beside = np.linalg.norm(np.cross(beam.toward, way), axis=1)
        assert len(beam.toward) == len(crowd.frames)
        # Late by 0.1 s or more of 5 m/s, but the skater does not leave the pool.
        assert 0.1 < beside[20:].max() < POOL_RADIUS
        behind = (beam.place + beam.toward * (-beam.place[2] / beam.toward[:, 2:]))[:, 0] - now[:, 0]
        assert np.median(behind[20:]) != 0.0


def test_a_spot_looks_only_back() -> None:
    """What the skater does later changes nothing now."""
    path = gliding(5.0)
    turned = path.copy()
    turned[100:, 1] += 4.0
    light = LightSpec(kind="spots", spots=1)
    (one,), (other,) = (follow_spots(light, ARENA, people(p)) for p in (path, turned))
    same = (100 - 30) // 2
    assert np.array_equal(one.toward[:same], other.toward[:same])
    assert not np.allclose(one.toward[same:], other.toward[same:])


def test_spots_share_out_people_and_keep_their_light_even() -> None:
    path = gliding(4.0)
    two = people(path)
    apart = replace(two, points=np.concatenate((two.points, two.points + np.array((0.0, 9.0, 0.0))), axis=1))
    first, second = follow_spots(LightSpec(kind="spots", spots=2), ARENA, apart)
    ice = [beam.place + beam.toward * ((0.87 - beam.place[2]) / beam.toward[:, 2:]) for beam in (first, second)]
    np.testing.assert_allclose((ice[1] - ice[0])[:, 1], 9.0, atol=0.5)
    far = np.linalg.norm(two.points[two.frames].mean(axis=1) - first.place, axis=1)
    lux = first.watts / (4.0 * np.pi**2) / far**2
    assert np.ptp(lux) < 0.25 * lux.mean()


def test_pools_of_a_show_lie_on_the_ice() -> None:
    for beam in washes(LightSpec(kind="spots", seed=4), ARENA):
        lands = beam.place[:2] + beam.toward[0, :2] * (-beam.place[2] / beam.toward[0, 2])
        assert outside(ARENA, lands) < 0.0 and max(beam.color) == pytest.approx(1.0, abs=0.5)


def test_lamps_flicker_with_the_beat_of_the_mains() -> None:
    light = LightSpec(flicker=0.3, seed=1)
    at_30, at_25 = (flickering(light, fps, 60)[0, :, 1] for fps in (30.0, 25.0))
    at_60 = flickering(light, 60.0, 60)[0, :, 1]
    assert np.abs(at_60[3:] - at_60[:-3]).max() < 0.08, "50 Hz would take six frames"
    # 100 Hz in 30 frames a second come round every third frame; in 25 only what the mains stray is left.
    assert np.ptp(at_30) > 0.4 and np.abs(at_30[3:] - at_30[:-3]).max() < 0.08
    assert np.abs(np.diff(at_25)).max() < 0.02
    assert at_30.max() < 1.31 and at_30.min() > 0.69
    assert np.array_equal(flickering(light, 30.0, 60)[:, :10], flickering(light, 30.0, 10))


def test_the_sky_gives_the_lux_it_should() -> None:
    height = 96
    up = np.pi * ((np.arange(height) + 0.5) / height - 0.5)
    falls = np.maximum(np.sin(up), 0.0) * np.cos(up) * (np.pi / height) ** 2 / np.pi
    for overcast in (0.0, 0.5, 1.0):
        light = LightSpec(kind="daylight", overcast=overcast)
        lux = LUX * float(np.einsum("h,hwc,c->", falls, sky(light, height), LUMINANCE))
        assert lux == pytest.approx(sky_lux(light), rel=0.01)
    dusk = [
        LUX * float(np.einsum("h,hwc,c->", falls, sky(LightSpec("dusk", seed=k), height), LUMINANCE)) for k in range(8)
    ]
    assert min(dusk) > 0.1 and max(dusk) < 60.0


def test_the_sky_is_brightest_at_the_sun_and_blue_away_from_it() -> None:
    light = LightSpec(kind="daylight", overcast=0.0, sun_azimuth=2.0, sun_elevation=0.6)
    picture = sky(light, 128)
    row, column = np.unravel_index(np.argmax(picture @ LUMINANCE), picture.shape[:2])
    up, around = np.pi * ((row + 0.5) / 128 - 0.5), np.pi - 2.0 * np.pi * (column + 0.5) / 256
    seen = np.array((np.cos(up) * np.cos(around), np.cos(up) * np.sin(around), np.sin(up)))
    assert seen @ sun_direction(light) > np.cos(0.1)
    red, _, blue = picture[120].mean(axis=0)
    assert blue > 1.5 * red
    assert np.array_equal(picture, sky(light, 128)) and picture.min() >= 0.0


def test_the_sun_through_a_window_falls_on_the_ice() -> None:
    low = np.array(((-2.0, 22.0, 3.0), (2.0, 22.0, 3.0), (2.0, 22.0, 6.0), (-2.0, 22.0, 6.0)))
    both = np.stack((low, low * (1.0, -1.0, 1.0)))
    light = LightSpec(kind="daylight", sun_azimuth=0.5 * np.pi, sun_elevation=0.4, overcast=0.0)
    (ray,) = sun_rays(light, ARENA, both)
    assert ray.place[1] == 22.0 and ray.toward[1] < 0.0 and ray.toward[2] < 0.0
    assert ray.size == pytest.approx((4.0, 3.0 * np.cos(0.4)))
    assert ray.watts / (np.pi * ray.size[0] * ray.size[1]) * LUX == pytest.approx(PANE * sun_lux(light))
    assert not sun_rays(replace(light, overcast=1.0), ARENA, both)
    assert not sun_rays(replace(light, sun_elevation=0.1), ARENA, both), "it would land far beyond the ice"
