"""The score clock: a cube over the middle of the ice, or boards on the end walls. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.adverts import AD_COLORS
from blender_addon.rink.lettering import figures, figures_width, word, word_width
from blender_addon.rink.plan import hall_of
from blender_addon.rink.quads import Quads
from blender_addon.rink.shapes import NOTHING, Places, bars, blocks, gather, painted, vec
from blender_addon.rink.walls import Wall, wall_plan
from mocap.rotations import Array

CUBE_ROOF = 10.0
"""Metres of roof from which on an arena's clock is a cube."""

AMBER, RED, GREEN, WHITE = (1.0, 0.42, 0.02), (1.0, 0.05, 0.02), (0.08, 0.9, 0.12), (0.9, 0.9, 0.85)
DARK = (0.012, 0.012, 0.014)


def clock_box(spec: RinkSpec) -> tuple[Array, Array] | None:
    """Lowest and highest corner (3,) of the cube that hangs over the ice, None if there is none."""
    if not spec.clock or spec.kind != "arena" or spec.roof < CUBE_ROOF:
        return None
    rng = np.random.default_rng((spec.texture_seed, 44))
    half, high = rng.uniform(1.5, 2.4), rng.uniform(2.0, 3.0)
    top = spec.roof - 1.9
    return np.array((-half, -half, max(top - high, 6.0))), np.array((half, half, top))


def clock(spec: RinkSpec) -> tuple[Quads, Quads]:
    """Housing and cables, or brackets; and everything on its faces that shines."""
    if not spec.clock:
        return NOTHING, NOTHING
    rng = np.random.default_rng((spec.texture_seed, 45))
    state = _state(rng)
    box = clock_box(spec)
    if box is None:
        return _boards(spec, state)
    low, high = box
    half, tall = float(high[0]), float(high[2] - low[2])
    turn = 0.5 * np.pi * np.arange(4)
    out = np.stack((np.cos(turn), np.sin(turn)), axis=-1)
    # Seen from the ice: `along` runs to the right of somebody who looks up at the face, against the way out of it.
    faces = Places(out * half, np.stack((-out[:, 1], out[:, 0]), axis=-1), out)
    shine, dull = _face(2 * half - 0.3, 0.62 * tall, state)
    z = float(low[2]) + 0.19 * tall
    rim = np.asarray(AD_COLORS[int(rng.integers(0, len(AD_COLORS)))])
    body = [
        painted(blocks(low, high), DARK),
        painted(blocks(low - (0.05, 0.05, 0.0), high * (1, 1, 0) + (0.05, 0.05, low[2] + 0.12)), rim),
        painted(blocks(low * (1, 1, 0) + (-0.05, -0.05, high[2] - 0.12), high + vec(0.05, 0.05, 0.0)), rim),
    ]
    corners = np.array([(x, y, 0.0) for x in (low[0] + 0.3, high[0] - 0.3) for y in (low[1] + 0.3, high[1] - 0.3)])
    cables = bars(corners + vec(0, 0, high[2]), corners * (1.6, 1.6, 1) + (0, 0, hall_of(spec).roof - 0.4), 0.04)
    club = str(rng.choice(("ICE CENTRE", "ARENA", "SKATE PARK", "WINTER HALL")))
    size = min(0.14 * tall, 0.14 * tall * (2 * half - 0.5) / word_width(club, 0.14 * tall))
    name = _stand(word(club, size), -0.5 * word_width(club, size), float(high[2]) - 0.17 * tall)
    body.append(painted(faces.bodies(_before(dull, z)), (0.03, 0.03, 0.034)))
    bright = [Quads(faces.bodies(_before(shine.corners, z)), np.tile(shine.colors, (4, 1)))]
    bright.append(painted(faces.bodies(name), WHITE))
    return gather([*body, painted(cables, (0.1, 0.1, 0.1))]), gather(bright)


def _state(rng: np.random.Generator) -> tuple[str, str, str, str]:
    """Time, both scores and the period."""
    time = f"{int(rng.integers(0, 20))}:{int(rng.integers(0, 60)):02d}"
    return time, str(rng.integers(0, 9)), str(rng.integers(0, 9)), str(rng.integers(1, 4))


def _stand(flat: Array, a: float, z: float) -> Array:
    """(Q, 4, 3) local faces, 2 cm before b = 0, of flat ones (Q, 4, 2)."""
    lifted = np.full((*flat.shape[:-1], 1), 0.02)
    return np.concatenate((flat[..., :1] + a, lifted, flat[..., 1:] + z), axis=-1)


def _before(local: Array, z: float) -> Array:
    return local + vec(0.0, 0.0, z)


def _face(width: float, height: float, state: tuple[str, str, str, str]) -> tuple[Quads, Array]:
    """A clock's face about a = 0 on z = 0: what shines, and the figures' dark segments."""
    time, home, guest, period = state
    shine: list[Quads] = []
    dark: list[Array] = []

    def put(text: str, size: float, a: float, z: float, color: tuple[float, float, float]) -> None:
        flat, on = figures(text, size)
        local = _stand(flat, a - 0.5 * figures_width(text, size), z)
        shine.append(painted(local[on], color))
        dark.append(local[~on])

    big = min(0.42 * height, 0.42 * height * 0.9 * width / max(figures_width(time, 0.42 * height), 1e-6))
    put(time, big, 0.0, 0.56 * height, AMBER)
    small = 0.34 * height
    put(home, small, -0.33 * width, 0.02 * height, RED)
    put(guest, small, 0.33 * width, 0.02 * height, RED)
    put(period, 0.6 * small, 0.0, 0.02 * height, GREEN)
    for text, a in (("HOME", -0.33), ("GUESTS", 0.33), ("PERIOD", 0.0)):
        size = min(0.1 * height, 0.1 * height * 0.3 * width / word_width(text, 0.1 * height))
        at = a * width - 0.5 * word_width(text, size)
        shine.append(painted(_stand(word(text, size), at, (0.27 if a == 0.0 else 0.41) * height), WHITE))
    return gather(shine), np.concatenate(dark)


def _boards(spec: RinkSpec, state: tuple[str, str, str, str]) -> tuple[Quads, Quads]:
    """Boards on the end walls, or on one of them, under the ceiling."""
    rng = np.random.default_rng((spec.texture_seed, 46))
    sides = ((0,), (2,), (0, 2))[int(rng.integers(0, 3))]
    width, height = (4.2, 1.9) if spec.kind == "arena" else (2.8, 1.3)
    if spec.kind == "outdoor":
        return NOTHING, NOTHING
    body, bright = [], []
    for wall in wall_plan(spec):
        if wall.side not in sides:
            continue
        place, z = _middle(wall), wall.top - 1.5 - height
        shine, dark = _face(width - 0.3, 0.9 * height, state)
        case = blocks(((-0.5 * width, -0.25, z),), ((0.5 * width, 0.0, z + height),))
        body.append(painted(place.bodies(case), DARK))
        # On a wall "before" is into the hall, and right is along it.
        turned = np.array((1.0, -1.0, 1.0))
        lift = (0.0, -0.25, z + 0.05 * height)
        body.append(painted(place.bodies(dark * turned + lift), (0.03, 0.03, 0.034)))
        bright.append(Quads(place.bodies(shine.corners * turned + lift), shine.colors))
    return gather(body), gather(bright)


def _middle(wall: Wall) -> Places:
    """The wall's middle."""
    return Places(wall.place.origin + 0.5 * wall.length * wall.place.along, wall.place.along, wall.place.out)
