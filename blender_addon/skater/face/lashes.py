"""Lashes: single hairs where MakeHuman's helper geometry has a strip along each lid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from blender_addon.makehuman.body import Body
from blender_addon.skater.face.hairs import along, hairs, spread
from blender_addon.skater.surface import Surface, join, spread_weights


@dataclass(frozen=True)
class _Lid:
    """The lashes of an upper or a lower lid.

    Attributes:
        count: of hairs; width: metres at the root.
        length: how much of the strip's breadth the longest take.
        curl: how far a hair's middle lies over the straight line, as a share of its length.
        strips: of the left and the right eye, the strip's edge on the lid, from the nose outwards, and its free edge:
            vertices of hm08.
    """

    count: int
    width: float
    length: float
    curl: float
    strips: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]


_LIDS = (
    _Lid(
        count=80,
        width=0.0003,
        length=0.8,
        curl=-0.12,
        strips={
            "left": (
                (14763, 14766, 14762, 14761, 14760, 14743, 14742, 14744, 14745, 14746, 14747, 14748, 14749),
                (14805, 14808, 14807, 14806, 14809, 14816, 14817, 14815, 14814, 14813, 14812, 14811, 14810),
            ),
            "right": (
                (14888, 14891, 14887, 14886, 14885, 14868, 14867, 14869, 14870, 14871, 14872, 14873, 14874),
                (14930, 14933, 14932, 14931, 14934, 14941, 14942, 14940, 14939, 14938, 14937, 14936, 14935),
            ),
        },
    ),
    _Lid(
        count=34,
        width=0.0002,
        length=0.6,
        curl=0.12,
        strips={
            "left": (
                (14765, 14759, 14793, 14758, 14757, 14756, 14755, 14754, 14753, 14752, 14792, 14751),
                (14832, 14833, 14830, 14834, 14835, 14836, 14837, 14838, 14839, 14840, 14831, 14841),
            ),
            "right": (
                (14890, 14884, 14918, 14883, 14882, 14881, 14880, 14879, 14878, 14877, 14917, 14876),
                (14957, 14958, 14955, 14959, 14960, 14961, 14962, 14963, 14964, 14965, 14956, 14966),
            ),
        },
    ),
)
# Neighbouring hairs are wide in directions that differ by twice this (rad), so that some are seen from every side.
_TWIST = 0.7
_UP = np.array((0.0, 0.0, 1.0))


def lashes(body: Body) -> Surface:
    """The lashes of both eyes."""
    return join([_row(body, lid, *edges) for lid in _LIDS for edges in lid.strips.values()])


def _row(body: Body, lid: _Lid, on_lid: tuple[int, ...], free: tuple[int, ...]) -> Surface:
    place, fan, growth = spread(lid.count).T
    place = np.sort(place)
    root = along(body.vertices[list(on_lid)], place)
    reach = along(body.vertices[list(free)], place + 0.06 * (fan - 0.5)) - root
    reach *= (lid.length * (0.7 + 0.3 * growth))[:, None]
    length = np.linalg.norm(reach, axis=1, keepdims=True)

    tangent = np.gradient(root, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    twist = _TWIST * (-1.0) ** np.arange(lid.count)[:, None]
    across = np.cos(twist) * tangent + np.sin(twist) * np.cross(tangent, reach / length)
    weights = spread_weights(body.bones[list(on_lid)], body.weights[list(on_lid)], len(body.rig.names))
    return hairs(
        np.stack((root, root + 0.5 * reach + lid.curl * length * _UP, root + reach), axis=1),
        across,
        np.full(lid.count, lid.width),
        along(weights, place),
    )
