"""Hair tied in two: a half on either side behind its ear, or the upper half over the one that hangs. Numpy alone."""

from __future__ import annotations

import numpy as np

from blender_addon.skater.hair.combing import along
from blender_addon.skater.hair.head import Head, hairline, unit
from blender_addon.skater.hair.updo import FROM_HAIRLINE, Updo, comb_to, line_of_updo
from mocap.rotations import Array

_ON_PARTING = 56  # strands that begin on the parting
# Degrees round the head up to which hair is combed back where half of it hangs, and strands from there on.
_TEMPLE, _UNDER_TIE = 76.0, 60
_FROM_PARTING = 0.07  # share of a strand over which it rises there


def comb_to_sides(head: Head, tie: tuple[float, float], volume: float, rng: np.random.Generator) -> tuple[Updo, Updo]:
    """The left half and the right half of parted hair.

    Args:
        tie: degrees round the head, to either side, and above the horizontal.
        volume: metres that it stands off the skull in the middle.
    """
    around = along(line_of_updo, head)
    left = around[around > 0.0]
    crown = _over_the_top(np.linspace(0.0, 1.0, _ON_PARTING))
    zigzag = 0.003 * rng.standard_normal(_ON_PARTING)[:, None] * np.array((1.0, 0.0, 0.0))
    halves = []
    for side in (1.0, -1.0):
        line = unit(side * left, line_of_updo(left))
        middle = crown + side * 0.004 * np.array((1.0, 0.0, 0.0)) + zigzag
        ring = np.concatenate((line, middle[::-1] / np.linalg.norm(middle[::-1], axis=1, keepdims=True)))
        rise = np.repeat((FROM_HAIRLINE, _FROM_PARTING), (len(line), len(middle)))
        halves.append(comb_to(head, ring, (side * tie[0], tie[1]), volume, rng, rise))
    return halves[0], halves[1]


def comb_half_back(head: Head, tie: tuple[float, float], volume: float, rng: np.random.Generator) -> Updo:
    """The upper half of the hair, from forehead and temples to a tie behind, over hair that hangs; as `comb_back`."""
    around = along(line_of_updo, head)
    front = around[np.abs(around) < _TEMPLE]
    behind = np.linspace(_TEMPLE, 360.0 - _TEMPLE, _UNDER_TIE)
    # Below the tie the half's edge runs level round the head.
    edge = line_of_updo(np.array(_TEMPLE)) + (tie[1] - 7.0 - line_of_updo(np.array(_TEMPLE))) * np.sin(
        np.pi * (behind - _TEMPLE) / (360.0 - 2.0 * _TEMPLE)
    )
    ring = np.concatenate((unit(front, line_of_updo(front)), unit(behind, edge)))
    rise = np.repeat((FROM_HAIRLINE, _FROM_PARTING), (len(front), _UNDER_TIE))
    return comb_to(head, ring, tie, volume, rng, rise)


def _over_the_top(share: Array) -> Array:
    """(P, 3) directions over the head from the hairline in front (0) to the one in the nape (1)."""
    front, nape = float(hairline(np.array(0.0))), 180.0 - float(hairline(np.array(180.0)))
    along = np.radians(front + (nape - front) * share)
    return np.stack((np.zeros_like(along), -np.cos(along), np.sin(along)), axis=-1)
