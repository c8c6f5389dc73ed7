"""From light to a picture: the meter, white balance, the response curve, noise, and what a bad upload leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from blender_addon.clip import CameraSpec, LensSpec, LightSpec, SensorSpec
from blender_addon.render.develop import CLIP, WHITE_AT, develop, response
from blender_addon.render.meter import HIGHLIGHT, exposure_of, luminance, meter
from blender_addon.render.sensor import noisy, vignetted
from blender_addon.rink.light_color import cast_of

HEIGHT, WIDTH = 60, 80
PHONE = LensSpec(sensor_width=9.8)


def scene(dress: float = 0.1, ice: float = 0.75, lux: float = 1000.0) -> tuple[np.ndarray, np.ndarray]:
    """Ice with a person on it who is partly dress, partly skin; and where they are."""
    linear = np.full((HEIGHT, WIDTH, 3), ice, dtype=np.float32)
    subject = np.zeros((HEIGHT, WIDTH), dtype=bool)
    subject[15:45, 30:45] = True
    linear[15:45, 30:45] = dress
    linear[15:20, 30:45] = 0.3
    return linear * (lux / 1000.0), subject


def picture(linear: np.ndarray, subject: np.ndarray, seed: int = 1, light: LightSpec | None = None, **sensor: Any):
    return develop(
        linear, subject, CameraSpec("c", lens=PHONE, sensor=SensorSpec(**sensor)), light or LightSpec(), seed
    )


def test_the_curve_rises_from_black_to_full_and_puts_ice_where_it_says() -> None:
    light = np.linspace(0.0, CLIP, 400, dtype=np.float32)
    shown = response(light)
    assert (np.diff(shown) > 0.0).all() and shown[0] == 0.0 and shown[-1] == pytest.approx(1.0, abs=1e-5)
    assert float(response(np.float32(0.8))) == pytest.approx(WHITE_AT, abs=1e-5)
    assert float(response(np.float32(50.0))) == float(response(np.float32(CLIP)))
    harder = response(light, 1.3)
    assert harder[light < 0.1].max() < shown[light < 0.1].max()


def test_more_light_gives_the_same_picture_at_a_lower_iso() -> None:
    dim, subject = scene(lux=600.0)
    (a, slow), (b, fast) = picture(dim * 8.0, subject, shutter=0.002), picture(dim, subject, shutter=0.002)
    assert np.abs(a.astype(int) - b).max() <= 1
    assert fast.iso == pytest.approx(8.0 * slow.iso, rel=1e-3) and fast.stops == pytest.approx(
        slow.stops + 3.0, abs=1e-3
    )


def test_dim_evenings_stay_dim_and_bright_days_are_no_brighter() -> None:
    def level(lux: float) -> float:
        linear, subject = scene(lux=lux)
        return float(picture(linear, subject)[0].mean())

    assert level(10.0) < level(60.0) - 8 < level(1000.0) - 16
    assert level(1000.0) == pytest.approx(level(60_000.0), abs=1.0)


def test_a_meter_is_too_slow_for_flicker() -> None:
    linear, subject = scene()
    steady, (dark, set_as) = (
        picture(linear, subject),
        develop(linear * 0.9, subject, CameraSpec("c", lens=PHONE), LightSpec(), 1, brightness=0.9),
    )
    assert set_as.stops == pytest.approx(steady[1].stops, abs=1e-3)
    assert 2 < float(steady[0].mean()) - float(dark.mean()) < 15


def test_iso_time_and_aperture_go_together_as_in_photography() -> None:
    """The rule of thumb of 1000 lux: a white surface is white at about ISO 400, 1/100 s and f/2.8."""
    iso = exposure_of(1.0, 0.0, 0.01, 2.8, (1.0, 1.0, 1.0)).iso
    assert 150.0 < iso < 450.0
    assert exposure_of(1.0, 0.0, 0.005, 2.8, (1.0, 1.0, 1.0)).iso == pytest.approx(2.0 * iso)
    assert exposure_of(1.0, 0.0, 0.01, 5.6, (1.0, 1.0, 1.0)).iso == pytest.approx(4.0 * iso)
    assert exposure_of(1.0, 1.0, 0.01, 2.8, (1.0, 1.0, 1.0)).iso == pytest.approx(2.0 * iso)


@pytest.mark.parametrize("dress", [0.02, 0.1, 0.4, 0.8])
@pytest.mark.parametrize("ice", [0.05, 0.4, 0.85])
def test_the_meter_neither_burns_nor_drowns_the_people_in_focus(dress: float, ice: float) -> None:
    rgb, _ = picture(*scene(dress, ice))
    subject = scene()[1]
    # The dress and the face: something is to be seen in either.
    assert rgb[subject].max() < 245 and np.quantile(rgb[subject], 0.5) > 40
    assert rgb[~subject].max() < 252


def test_a_simple_meter_leaves_people_on_ice_darker() -> None:
    linear, subject = scene()
    simple, known = picture(linear, subject, metering="average")[0], picture(linear, subject)[0]
    assert simple[subject].mean() < known[subject].mean() - 5
    nobody = np.zeros_like(subject)
    np.testing.assert_array_equal(picture(linear, nobody)[0], picture(linear, nobody, metering="average")[0])


def test_the_highlights_of_the_people_set_the_limit_in_a_dark_hall() -> None:
    """A skater under a spot: the picture's mean would burn them."""
    linear, subject = scene(dress=0.6, ice=0.01)
    light = luminance(linear)
    gain = meter(light, subject, "subject")
    assert float(np.quantile(light[subject], 0.97)) * gain <= HIGHLIGHT * 1.001


def test_exposure_shifts_by_stops() -> None:
    linear, subject = scene()
    (dark, less), (bright, more) = (picture(linear, subject, exposure=stops) for stops in (-0.5, 0.5))
    assert more.stops - less.stops == pytest.approx(1.0) and bright.mean() > dark.mean() + 20


@pytest.mark.parametrize("warmth", [-0.8, 0.6])
def test_white_balance_takes_the_lights_colour_out(warmth: float) -> None:
    light = LightSpec(warmth=warmth)
    linear, subject = scene()
    lit = linear * np.asarray(cast_of(light), dtype=np.float32)
    neutral, cast = (picture(lit, subject, light=light, white_balance=left)[0] for left in (0.0, 1.0))
    assert np.ptp(neutral[5, 5].astype(int)) <= 1
    red, _, blue = cast[5, 5].astype(int)
    assert (red - blue) * np.sign(warmth) > 8
    assert abs(neutral[5, 5].mean() - cast[5, 5].mean()) < 20


def test_noise_is_the_photons_and_the_readings() -> None:
    """Variance in a plain patch against the sums; four times the ISO doubles the photons' part."""
    grey = np.full((400, 400, 3), 0.18, dtype=np.float32)
    spread = {
        iso: float(noisy(grey, iso=iso, sensor_width=6.0, scale=1.0, gains=np.ones(3, dtype=np.float32), seed=3).std())
        for iso in (400.0, 1600.0)
    }
    white = 900.0 * (6000.0 / 1920) ** 2 / 4.0
    told = 400 / 1920 * np.sqrt(0.18 / white + (3.0 / white) ** 2)
    assert spread[400.0] == pytest.approx(told, rel=0.03)
    assert spread[1600.0] == pytest.approx(2.0 * spread[400.0], rel=0.05)


def test_noise_follows_from_its_seed_and_from_the_light() -> None:
    linear, subject = scene(lux=3.0)
    one, again, other = (picture(linear, subject, seed=seed, noise=1.0)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).mean() > 0.3
    bright = picture(linear * 300.0, subject, noise=1.0)[0]
    assert one[2:12, 2:25, 1].std() > 2.0 * bright[2:12, 2:25, 1].std()


def test_corners_darken_by_two_stops_and_the_middle_stays() -> None:
    flat = np.ones((101, 201, 3), dtype=np.float32)
    dark = vignetted(flat, 1.0)
    assert dark[50, 100, 0] == pytest.approx(1.0, abs=1e-3) and dark[0, 0, 0] == pytest.approx(0.25, abs=0.02)


def test_sharpening_overdraws_edges_and_compression_loses_detail() -> None:
    linear, subject = scene()
    plain, sharp = picture(linear, subject)[0], picture(linear, subject, sharpening=0.8)[0]
    assert sharp.max() > plain.max() + 3 and (sharp[2:10, 2:20] == plain[2:10, 2:20]).all()
    errors = [
        np.abs(picture(linear, subject, compression=amount)[0].astype(int) - plain).mean() for amount in (0.1, 0.5, 1.0)
    ]
    assert 0.0 < errors[0] < errors[1] < errors[2]


def test_nothing_is_done_to_a_plain_picture() -> None:
    """Off means off: no seed, size of sensor or readout shows in a picture without artefacts."""
    linear, subject = scene()
    plain = picture(linear, subject)[0]
    np.testing.assert_array_equal(plain, picture(linear, subject, seed=99)[0])
    other = replace(CameraSpec("d"), lens=LensSpec(sensor_width=36.0), sensor=SensorSpec(shutter=0.001, readout=0.01))
    np.testing.assert_array_equal(plain, develop(linear, subject, other, LightSpec(), 5)[0])


def test_black_pictures_and_lamps_do_no_harm() -> None:
    black, subject = np.zeros((HEIGHT, WIDTH, 3), dtype=np.float32), scene()[1]
    assert picture(black, subject)[0].max() == 0
    linear, _ = scene()
    lamps = linear.copy()
    lamps[:3] = 500.0
    assert (
        abs(float(picture(lamps, subject)[0][30, 10].mean()) - float(picture(linear, subject)[0][30, 10].mean())) < 25
    )
