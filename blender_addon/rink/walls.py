"""The wall around the hall: its plan, and how things are put before it. No bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.plan import hall_of
from blender_addon.rink.shapes import Places, blocks
from blender_addon.rink.stands import has_rows
from mocap.rotations import Array

SIDES = ("+X end", "-Y side", "-X end", "+Y side")


@dataclass(frozen=True)
class Wall:
    """A straight piece of the wall, seen from inside: a runs from 0 at its left end to `length`, to the right.

    Attributes:
        place: its left end; b points out of the hall.
        length, base, top: metres; the base is the floor that one walks on before it.
        side: index into `SIDES`, or None for a piece across a corner.
    """

    place: Places
    length: float
    base: float
    top: float
    side: int | None


def wall_plan(spec: RinkSpec) -> list[Wall]:
    """The hall's walls, clockwise from the +X end: four, and in an arena four more that cut its corners.

    They stand `Hall.wall` metres from the ice or, in corners, further.
    """
    hall = hall_of(spec)
    x, y = 0.5 * spec.length + hall.wall, 0.5 * spec.width + hall.wall
    r = min(spec.corner_radius, 0.5 * spec.length, 0.5 * spec.width) + hall.wall
    # A cut at 45° that just touches the corner's circle leaves (2 − √2) of the radius on either side.
    cut = (2.0 - np.sqrt(2.0)) * r if spec.kind == "arena" else 0.0
    corners = np.array(
        (
            (x, y - cut),
            (x, cut - y),
            (x - cut, -y),
            (cut - x, -y),
            (-x, cut - y),
            (-x, y - cut),
            (cut - x, y),
            (x - cut, y),
        )
    )
    upper = float(hall.floor(hall.wall))
    made = []
    for i in range(8):
        a, b = corners[i], corners[(i + 1) % 8]
        length = float(np.hypot(*(b - a)))
        if length < 1e-6:
            continue
        along = (b - a) / length
        # Clockwise as seen from above, the hall lies on the right; the way out is the left of the way along.
        place = Places(a[None], along[None], np.array(((-along[1], along[0]),)))
        straight = i % 2 == 0
        piece = (i + 1) % 8
        base = upper if has_rows(spec, piece) else 0.0
        made.append(Wall(place, length, base, hall.roof, i // 2 if straight else None))
    return made


def face(wall: Wall, a: Array, z: Array, d: Array | float = 0.0) -> Array:
    """World points (…, 3) at a along the wall, z up and d metres inwards from its face."""
    return wall.place.put(np.stack(np.broadcast_arrays(a, -np.asarray(d, dtype=np.float64), z), axis=-1)[None])[0]


def boards_on(wall: Wall, rectangles: Array, d: float) -> Array:
    """(N, 4, 3) upright panels before a wall from (N, 4) rectangles a0, z0, a1, z1."""
    a0, z0, a1, z1 = np.asarray(rectangles, dtype=np.float64).reshape(-1, 4).T
    b = np.full(len(a0), -d)
    local = np.stack([np.stack(c, axis=-1) for c in ((a0, b, z0), (a1, b, z0), (a1, b, z1), (a0, b, z1))], axis=1)
    return wall.place.bodies(local)


def letters_on(wall: Wall, flat: Array, a: float, z: float, d: float) -> Array:
    """(Q, 4, 3) flat faces (Q, 4, 2), such as letters, before a wall with their corner at a, z."""
    return face(wall, flat[..., 0] + a, flat[..., 1] + z, d) if len(flat) else np.zeros((0, 4, 3))


def crates_on(wall: Wall, boxes: Array) -> Array:
    """(N · 6, 4, 3) boxes before a wall from (N, 6) measures a0, a1, d0, d1, z0, z1, d inwards from its face."""
    a0, a1, d0, d1, z0, z1 = np.asarray(boxes, dtype=np.float64).reshape(-1, 6).T
    return wall.place.bodies(blocks(np.stack((a0, -d1, z0), axis=-1), np.stack((a1, -d0, z1), axis=-1)))
