"""A fringe: hair that falls over the forehead to the brows. Numpy alone."""

from __future__ import annotations

import numpy as np

from blender_addon.skater.hair.combing import Combing, Height, Locks, combed, lay_locks, mantle, uneven
from blender_addon.skater.hair.head import Head, unit
from blender_addon.skater.hair.strands import Tuft
from blender_addon.skater.surface import smoothstep
from mocap.rotations import Array

_STRANDS, _ROWS, _LOCKS = 40, 9, 190
# Degrees round the head to either side, and above the horizontal, of its roots and of its tips; brows are at about 10.
_ROOTS, _TIPS = (52.0, 62.0), (68.0, 14.0)
_TUCKED, _RISE = 0.003, 0.0095  # metres above the skull of its roots, under the hair they come from, and its highest


def lay_fringe(head: Head, rng: np.random.Generator) -> list[Tuft]:
    """A fringe, swept a little to one side, over hair that is combed back or parted."""
    across = np.linspace(-1.0, 1.0, _STRANDS)
    swept = rng.uniform(-8.0, 8.0)
    roots = unit(_ROOTS[0] * across, _ROOTS[1] - 14.0 * across**2)
    tips = unit(_TIPS[0] * across + swept, _TIPS[1] + 1.3 * uneven(rng, _STRANDS, (0.8, 3.0)) - 10.0 * across**4)
    via = roots + tips + np.array((0.0, -0.25, 0.3))
    combing = Combing(roots, via / np.linalg.norm(via, axis=1, keepdims=True), tips, closed=False)
    height = _height(rng)
    locks = Locks(
        u=rng.uniform(0.0, 1.0, _LOCKS),
        root=rng.uniform(0.0, 0.5, _LOCKS),
        tip=rng.uniform(0.85, 1.06, _LOCKS),
        lift=rng.uniform(0.0, 0.003, _LOCKS),
        sink=rng.uniform(0.0, 0.002, _LOCKS),
        width=rng.uniform(0.0015, 0.006, _LOCKS),
        drift=rng.normal(0.0, 0.025, _LOCKS),
    )
    return [mantle(head, combing, height, _ROWS, _STRANDS), lay_locks(head, combing, height, locks)]


def _height(rng: np.random.Generator) -> Height:
    fine = combed(uneven(rng, _STRANDS, (0.7, 2.0)), closed=False)

    def height(u: Array, v: Array) -> Array:
        # Towards the temples it lies closer, and at its tips.
        close = smoothstep(0.0, 0.22, 0.5 - np.abs(u - 0.5))
        full = _RISE * smoothstep(-0.15, 0.3, v) * (1.0 - 0.65 * smoothstep(0.4, 1.0, v)) + 0.0008 * fine(u)
        return _TUCKED + close * (full - _TUCKED) * np.minimum(1.0, 4.0 * v)

    return height
