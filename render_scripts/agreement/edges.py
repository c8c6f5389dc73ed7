"""Edges of the person masks against edges of the picture.

A piece of a mask's edge lies between two neighbouring pixels, one of a person and one of nobody. How strong an edge the
picture has there, and up to `REACH` pixels to either side, is the difference between two neighbouring pixels of it, so
that nothing is off by half a pixel. Each piece counts as much as another, whatever its contrast, but where the picture
is flat it counts for little. Blur, noise and sharpening go to both sides alike: they make the strongest place less
strong and leave it where it is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mocap.rotations import Array
from render_scripts.agreement.decoded import Decoded
from render_scripts.agreement.figure import BY_CHANCE, REACH, Figure, Offset, Rule, Share

ACROSS = Rule(
    "edges_across",
    "pixels by which edges of the picture lie to the right of the masks'",
    limit=0.5,
    pooled=0.2,
    enough=60.0,
    pooled_enough=400.0,
)
DOWN = replace(ACROSS, name="edges_down", about="pixels by which edges of the picture lie below the masks'")
# What is bright spills over what is dark, and most is dark before the ice.
OUTSIDE = replace(
    ACROSS,
    name="edges_outside",
    about="pixels by which edges of the picture lie outside the masks'",
    limit=0.7,
    pooled=0.45,
)
CLEAR = Rule(
    "edges_clear",
    "edge strength of the picture away from the masks' edges, as a share of that on them",
    limit=0.85,
    pooled=0.7,
    enough=25.0,
    pooled_enough=100.0,
)

# Pixels of the longer side, about, of a picture in which it is asked whether there are edges at all.
_COARSE = 320
# Smaller people tell nothing: their edges are nearer to each other than what is measured.
_FEWEST_PIXELS = 150
# Light by stored level, about: half-covered pixels are half as bright in light, not in levels, and edges of what is
# dark on what is bright would seem to lie inside it.
_LIGHT = (np.arange(256) / 255.0) ** 2.2
# Light, of three channels and all places together, that is taken for noise.
_FLAT = 0.1


def edge_figures(sample: Decoded) -> tuple[Figure, ...]:
    """Where the picture's edges lie beside the masks'."""
    numbers, counts = np.unique(sample.instance, return_counts=True)
    large = numbers[(counts >= _FEWEST_PIXELS) & (numbers > 0)]
    person = np.isin(sample.instance, large)
    nobody = sample.instance == 0
    light = _LIGHT[sample.rgb]
    across, enters_right = profiles(light, person, nobody)
    down, enters_below = profiles(light.transpose(1, 0, 2), person.T, nobody.T)
    # Seen from inside to outside: where the person begins towards the right, outside is to the left.
    out = np.concatenate(
        [across[~enters_right], across[enters_right, ::-1], down[~enters_below], down[enters_below, ::-1]]
    )
    return (
        _offset(ACROSS, across),
        _offset(DOWN, down),
        _offset(OUTSIDE, out),
        _clear(light, person, nobody),
    )


def _clear(light: Array, person: np.ndarray, nobody: np.ndarray) -> Share:
    """Edges far from the masks' against those on them, in a picture so small that its blur is within reach."""
    size = max(1, round(max(person.shape) / _COARSE))
    light, person, nobody = (_coarse(array, size) for array in (light, person, nobody))
    across, _ = profiles(light, person, nobody)
    down, _ = profiles(light.transpose(1, 0, 2), person.T, nobody.T)
    strength = np.concatenate((across, down))
    far = np.r_[0 : REACH - BY_CHANCE + 1, REACH + BY_CHANCE : 2 * REACH + 1]
    return Share(CLEAR, float(strength[:, far].mean(axis=1).sum()), float(strength[:, REACH].sum()))


def profiles(light: Array, person: np.ndarray, nobody: np.ndarray) -> tuple[Array, np.ndarray]:
    """Strength of a picture's edges from left to right about each piece of a mask's edge that crosses a row.

    Args:
        light: (H, W, 3) linear; person, nobody: (H, W) bool.

    Returns:
        (N, 2 REACH + 1) shares, −REACH … REACH pixels to the right of the piece; (N,) bool, whether the person is on
        the right of it.
    """
    step = np.abs(np.diff(light, axis=1)).sum(axis=2)
    begins = nobody[:, :-1] & person[:, 1:]
    row, column = np.nonzero(begins | (person[:, :-1] & nobody[:, 1:]))
    within = (column >= REACH) & (column < step.shape[1] - REACH)
    row, column = row[within], column[within]
    strength = step[row[:, None], column[:, None] + np.arange(-REACH, REACH + 1)].astype(np.float64)
    return strength / (strength.sum(axis=1, keepdims=True) + _FLAT), begins[row, column]


def _offset(rule: Rule, strength: Array) -> Offset:
    spread = np.square(strength - strength[:, REACH : REACH + 1]).sum(axis=0)
    skew = np.square(strength[:, REACH:] - strength[:, REACH::-1]).sum(axis=0)
    return Offset(rule, strength.sum(axis=0), spread, skew, len(strength))


def _coarse(array: np.ndarray, size: int) -> np.ndarray:
    """Means of size × size pixels, or of a mask's, those values that their middle pixel has."""
    height, width = (length // size * size for length in array.shape[:2])
    if array.ndim == 2:
        return array[size // 2 : height : size, size // 2 : width : size]
    return array[:height, :width].reshape(height // size, size, width // size, size, -1).mean(axis=(1, 3))
