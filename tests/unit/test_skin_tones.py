"""Skin tones as people have them, and what blood and melanin do to them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from blender_addon.color import Color
from blender_addon.skater.skin_tones import flushed, pale, pigmented, skin_tone

# Linear sRGB to CIE XYZ of a D65 white (IEC 61966-2-1), divided by the white itself.
_TO_XYZ = np.array(((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)))
_STEPS = np.linspace(0.0, 1.0, 9)


def lab(color: Color) -> tuple[float, float, float]:
    """CIELAB (1976) of a linear colour."""
    ratio = _TO_XYZ @ np.array(color) / _TO_XYZ.sum(axis=1)
    x, y, z = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29).tolist()
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def typology_angle(color: Color) -> float:
    """Degrees by which dermatologists class skin: Chardon, Cretois, Hourseau, "Skin colour typology", 1991."""
    lightness, _, yellow = lab(color)
    return float(np.degrees(np.arctan2(lightness - 50.0, yellow)))


@pytest.mark.parametrize(("undertone", "lightest"), ((0.0, 1), (0.5, 0), (1.0, 0)))
def test_melanin_goes_through_all_classes_of_skin(undertone: float, lightest: int) -> None:
    angles = [typology_angle(skin_tone(melanin, undertone)) for melanin in np.linspace(0.0, 1.0, 33)]
    assert angles == sorted(angles, reverse=True)
    # Very light (from 55 degrees), light, intermediate, tan, brown, dark (under −30).
    classes = np.digitize(angles, (55.0, 41.0, 28.0, 10.0, -30.0))
    assert set(classes) == set(range(lightest, 6))


@pytest.mark.parametrize(("melanin", "undertone"), tuple(itertools.product(_STEPS, (0.0, 0.5, 1.0))))
def test_every_tone_is_that_of_skin(melanin: float, undertone: float) -> None:
    color = skin_tone(float(melanin), undertone)
    assert color[0] > color[1] and color[0] > color[2]
    lightness, red, yellow = lab(color)
    assert 25.0 < lightness < 75.0
    assert 3.0 < red < 18.0 and 8.0 < yellow < 30.0


def test_rosy_skin_is_redder_and_less_yellow_than_olive() -> None:
    for melanin in _STEPS:
        (_, olive_red, olive_yellow), (_, rosy_red, rosy_yellow) = (lab(skin_tone(melanin, u)) for u in (0.0, 1.0))
        assert rosy_red > olive_red and rosy_yellow < olive_yellow


@pytest.mark.parametrize("melanin", (0.0, 0.5, 1.0))
def test_blood_reddens_and_melanin_darkens(melanin: float) -> None:
    tone = skin_tone(melanin, 0.5)
    redness = [(c[0] / c[1]) for c in (flushed(tone, share) for share in (0.0, 0.4, 1.0))]
    assert redness == sorted(redness) and redness[-1] > 1.3 * redness[0]
    assert flushed(tone, 0.0) == pytest.approx(tone)
    assert all(dark < light for dark, light in zip(pigmented(tone, 0.7), tone, strict=True))


def test_dark_skin_reddens_less_for_the_eye() -> None:
    def change(tone: Color) -> float:
        return float(np.linalg.norm(np.subtract(lab(flushed(tone, 0.5)), lab(tone))))

    assert change(skin_tone(0.9, 0.5)) < 0.7 * change(skin_tone(0.1, 0.5))


def test_palms_differ_from_dark_skin_and_hardly_from_light() -> None:
    dark, light = skin_tone(1.0, 0.5), skin_tone(0.1, 0.5)
    assert lab(pale(dark, 0.6))[0] > lab(dark)[0] + 15.0
    assert lab(pale(light, 0.6))[0] == pytest.approx(lab(light)[0], abs=2.0)
