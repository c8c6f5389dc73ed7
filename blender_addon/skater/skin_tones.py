"""Albedo of human skin from what colours it: melanin above, blood and carotene below. No bpy.

Light crosses the epidermis, is scattered back by the dermis and crosses the epidermis again. Sources of the numbers:

* melanosomes' absorption 1.70e12 · λ^−3.48 /cm: S. L. Jacques, "Melanosome absorption coefficient", omlc.org, 1998;
* bloodless skin's absorption 0.244 + 85.3 · exp(−(λ − 154)/66.2) /cm, the dermis' reduced scattering
  2e5 · λ^−1.5 + 2e12 · λ^−4 /cm and the shares of melanosomes in the epidermis, from 1 to 43 in a hundred:
  S. L. Jacques, "Skin optics", omlc.org, 1998;
* haemoglobin: S. Prahl, "Optical absorption of hemoglobin", omlc.org, 1999, at 150 g/l;
* what a deep scattering layer gives back: the diffuse reflectance of H. W. Jensen et al., "A practical model for
  subsurface light transport", 2001, at a refractive index of 1.4.
"""

from __future__ import annotations

import numpy as np

from blender_addon.color import Color
from mocap.rotations import Array

# Wavelengths (nm) that stand for red, green and blue, and haemoglobin's molar extinction (1/cm per mol/l) there.
WAVELENGTHS = np.array((615.0, 550.0, 465.0))
OXYGENATED = np.array((1200.0, 43016.0, 38440.0))
DEOXYGENATED = np.array((7600.0, 53412.0, 18700.0))
SATURATION = 0.7

EPIDERMIS = 0.006  # cm
SCATTERED_ABOVE = 0.025  # share of light that the horny layer sends back before it meets any pigment
MELANOSOMES = (0.01, 0.43)  # share of the epidermis' volume, in the lightest and in the darkest skin
BLOOD = (0.004, 0.013)  # share of the dermis' volume, in olive and in rosy skin
CAROTENE = np.array((0.0, 0.02, 0.47))  # optical depth of what yellows olive skin; rosy skin has 0.6 of it
FLUSHED = 0.07  # share of blood where skin is as red as on lips
FRECKLE = 0.2  # share of the epidermis' volume that melanosomes take up more in a dark freckle

_INSIDE_REFLECTION = 0.493  # diffuse light that the surface throws back in, at a refractive index of 1.4


def skin_tone(melanin: float, undertone: float) -> Color:
    """Albedo of skin.

    Args:
        melanin: 0, the lightest skin, … 1, the darkest, in steps that look about equal.
        undertone: 0 olive … 0.5 neutral … 1 rosy.
    """
    low, high = MELANOSOMES
    melanosomes = low + (high - low) * melanin**1.8
    pigment = melanosomes * _melanin() + (1.0 - melanosomes) * _bloodless()
    crossed = np.exp(-2.0 * EPIDERMIS * pigment - CAROTENE * (1.0 - 0.4 * undertone))
    dermis = _reflected(BLOOD[0] + (BLOOD[1] - BLOOD[0]) * undertone)
    return _color(SCATTERED_ABOVE + (1.0 - SCATTERED_ABOVE) * crossed * dermis)


def flushed(tone: Color, share: float) -> Color:
    """Albedo of the same skin with more blood in it: 0 unchanged … 1 as red as lips.

    What melanin takes away above the blood stays the same, so that dark skin reddens as little as it does.
    """
    usual = 0.5 * (BLOOD[0] + BLOOD[1])
    return _color(np.array(tone) * _reflected(usual + share * (FLUSHED - usual)) / _reflected(usual))


def pigmented(tone: Color, share: float) -> Color:
    """Albedo of the same skin with more melanin above it, 1 as in a dark freckle."""
    return _color(np.array(tone) * np.exp(-2.0 * EPIDERMIS * _melanin() * FRECKLE * share))


def pale(tone: Color, share: float) -> Color:
    """Albedo of the same skin without a share of what darkens it, as palms are paler; light skin stays as it is."""
    own = np.log(np.minimum(np.array(tone) / np.array(skin_tone(0.2, 0.7)), 1.0))
    return _color(np.array(tone) * np.exp(-share * own))


def _melanin() -> Array:
    """(3,) absorption (1/cm) inside melanosomes."""
    return np.asarray(1.70e12 * WAVELENGTHS**-3.48)


def _bloodless() -> Array:
    return np.asarray(0.244 + 85.3 * np.exp(-(WAVELENGTHS - 154.0) / 66.2))


def _reflected(blood: float) -> Array:
    """(3,) share of light that a dermis with a share of blood gives back."""
    haemoglobin = SATURATION * OXYGENATED + (1.0 - SATURATION) * DEOXYGENATED
    absorbed = _bloodless() + blood * 2.303 * haemoglobin * 150.0 / 64500.0
    scattered = 2e5 * WAVELENGTHS**-1.5 + 2e12 * WAVELENGTHS**-4.0
    albedo = scattered / (absorbed + scattered)
    decay = np.sqrt(3.0 * (1.0 - albedo))
    mismatch = (1.0 + _INSIDE_REFLECTION) / (1.0 - _INSIDE_REFLECTION)
    return np.asarray(0.5 * albedo * (1.0 + np.exp(-4.0 / 3.0 * mismatch * decay)) * np.exp(-decay))


def _color(albedo: Array) -> Color:
    red, green, blue = np.clip(albedo, 0.002, 0.98).tolist()
    return red, green, blue
