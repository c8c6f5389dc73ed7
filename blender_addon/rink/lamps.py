"""The lights that do the work: where they hang, how large and how strong they are. No bpy.

What one sees of lamps is another thing (`lamp_faces`). Few wide lights stand for many lamps: a picture's noise grows
with their number. Their watts come from the lux that they are to give on the ice, whatever the hall's size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.color import Color
from blender_addon.rink.light_color import LUX, cast_of, lamp_color, lux_of
from blender_addon.rink.plan import hall_of, outline, perimeter
from mocap.rotations import Array

Point = tuple[float, float, float]
DOWN: Point = (0.0, 0.0, -1.0)
HALF_SPHERE = float(np.pi)
"""Spread (rad) of a light that shines as evenly as paper does."""

TUBE_ROW_PITCH = 6.5
"""Metres from one row of tubes to the next, at most."""

FLOOD_ROWS, FLOOD_COLUMNS = 3, 4
FLOOD_SIZE, FLOOD_SPREAD = 0.7, 2.5
"""Lights across and along an arena, metres of each and the angle (rad) into which its reflector sends the light: to the
ice, less to the stands."""

MASTS_ALONG = 3
"""Masts on each long side of a rink outdoors."""
MAST_FROM_EDGE = 1.9
"""Metres from the ice's edge to a mast."""

ROOF_LIGHT_WIDTH = 2.2
"""Metres of each of the two strips of glass in the roof of a hall without windows, by day."""


@dataclass(frozen=True)
class Lamp:
    """A light that does work, and is itself neither seen nor mirrored.

    Attributes:
        place: its middle; toward: unit vector of the way that it shines.
        size: metres, of its rectangle: along `axes_of(toward)`'s x and y.
        watts: as Blender counts them.
        color: linear, luminance 1; spread: angle (rad) of the cone that the light stays in.
        phase: which of the mains' phases feeds it, None for daylight and what hall and ice throw back.
    """

    place: Point
    toward: Point
    size: tuple[float, float]
    watts: float
    color: Color
    spread: float = HALF_SPHERE
    phase: int | None = None


def lamps(light: LightSpec, rink: RinkSpec) -> tuple[Lamp, ...]:
    """All lights but the sun, the sky and a show's. Their mean on the ice is `lux_of`'s."""
    if rink.kind == "outdoor":
        return () if light.kind in ("daylight", "spots") else _at_lux(_masts(light, rink), 1.0, light, rink)
    if light.kind == "daylight":
        return _by_day(light, rink)
    if light.kind == "spots":
        return ()
    made, fill = (_tubes, 0.5) if light.kind == "tubes" else (_floods, 0.16)
    # What low white ceilings throw back wraps round people; in an arena little does.
    return (
        *_at_lux(made(light, rink), 1.0 - fill, light, rink),
        *_at_lux([_from_the_hall(rink, lamp_color(light))], fill, light, rink),
    )


def on_ice(lamp: Lamp, points: ArrayLike) -> Array:
    """(…) radiance of a white diffuse floor at points (…, 2) of the ice, from one lamp and nothing in between."""
    x, y, z = axes_of(lamp.toward)
    across = [np.linspace(-0.5, 0.5, 2 * count + 1)[1::2] for count in (min(int(s / 1.5) + 1, 24) for s in lamp.size)]
    a, b = (g.ravel() for g in np.meshgrid(*across, indexing="ij"))
    source = np.asarray(lamp.place) + np.outer(a * lamp.size[0], x) + np.outer(b * lamp.size[1], y)
    floor = np.asarray(points, dtype=np.float64)
    way = np.concatenate((floor, np.zeros((*floor.shape[:-1], 1))), axis=-1)[..., None, :] - source
    far = np.linalg.norm(way, axis=-1)
    leaving, arriving = np.maximum(way @ -z, 0.0) / far, np.maximum(-way[..., 2], 0.0) / far
    return np.asarray(
        (leaving * arriving * _within(lamp.spread, leaving) / far**2).mean(axis=-1) * lamp.watts / np.pi**2
    )


def axes_of(toward: Point) -> Array:
    """(3, 3) rows x, y, z of a light that shines along −z: x lies level, and along the rink if the light looks down."""
    z = -np.asarray(toward, dtype=np.float64)
    x = np.cross((0.0, 0.0, 1.0), z)
    x = np.array((1.0, 0.0, 0.0)) if np.linalg.norm(x) < 1e-6 else x / np.linalg.norm(x)
    return np.stack((x, np.cross(z, x), z))


def masts(rink: RinkSpec) -> Array:
    """(M, 3) the lamps on the masts around a rink outdoors: along both sides, not before the ends."""
    hall = hall_of(rink)
    x = rink.length * ((np.arange(MASTS_ALONG) + 0.5) / MASTS_ALONG - 0.5)
    y = 0.5 * rink.width + MAST_FROM_EDGE
    return np.array([(at, side * y, hall.lamps) for side in (-1.0, 1.0) for at in x.tolist()])


def gallery(rink: RinkSpec, count: int, rng: np.random.Generator) -> Array:
    """(count, 3) where spots stand: under the roof's edge around the hall, evenly about; outdoors on the masts."""
    if rink.kind == "outdoor":
        places = masts(rink)
        return places[rng.permutation(len(places))[np.arange(count) % len(places)]]
    hall, end = hall_of(rink), perimeter(rink)
    u = end * (np.arange(count) + rng.uniform(0.2, 0.8, count)) / count
    return np.concatenate((outline(rink, u, hall.wall - 1.0), np.full((count, 1), hall.lamps)), axis=1)


def _tubes(light: LightSpec, rink: RinkSpec) -> list[Lamp]:
    """Rows from end to end, each of two lights: along the row no shadow has an edge."""
    color, half = lamp_color(light), 0.5 * tube_length(rink)
    return [
        Lamp((side * 0.5 * half, y, hall_of(rink).lamps), DOWN, (0.92 * half, 0.9), 1.0, color, phase=number % 3)
        for number, y in enumerate(tube_rows(rink).tolist())
        for side in (-1.0, 1.0)
    ]


def tube_rows(rink: RinkSpec) -> Array:
    """Y (R,) of the rows of tubes, which run along the rink."""
    count = max(int(np.ceil(rink.width / TUBE_ROW_PITCH)), 2)
    return np.asarray(rink.width * ((np.arange(count) + 0.5) / count - 0.5))


def tube_length(rink: RinkSpec) -> float:
    """Metres of each row, centred."""
    return rink.length - 3.0


def flood_places(rink: RinkSpec, rows: int, columns: int) -> Array:
    """(rows · columns, 2) an even grid over the ice."""
    x = 0.94 * rink.length * ((np.arange(columns) + 0.5) / columns - 0.5)
    y = 0.9 * rink.width * ((np.arange(rows) + 0.5) / rows - 0.5)
    return np.stack([g.ravel() for g in np.meshgrid(x, y, indexing="ij")], axis=-1)


def _floods(light: LightSpec, rink: RinkSpec) -> list[Lamp]:
    color, height = lamp_color(light), hall_of(rink).lamps
    return [
        Lamp((x, y, height), DOWN, (FLOOD_SIZE, FLOOD_SIZE), 1.0, color, FLOOD_SPREAD, phase=number % 3)
        for number, (x, y) in enumerate(flood_places(rink, FLOOD_ROWS, FLOOD_COLUMNS).tolist())
    ]


def _masts(light: LightSpec, rink: RinkSpec) -> list[Lamp]:
    """Heads of masts, turned to the middle of the ice and beyond: what is near gets enough."""
    color = lamp_color(light)
    made = []
    for number, (x, y, z) in enumerate(masts(rink).tolist()):
        way = np.array((0.0, -1.1 * y, -z))
        a, b, c = (way / np.linalg.norm(way)).tolist()
        made.append(Lamp((x, y, z), (a, b, c), (1.1, 0.5), 1.0, color, 2.4, phase=number % 3))
    return made


def _by_day(light: LightSpec, rink: RinkSpec) -> tuple[Lamp, ...]:
    """Windows along the walls or strips of glass in the roof, and what the hall makes of their light."""
    hall, color = hall_of(rink), cast_of(light)
    fill = [_from_the_hall(rink, color)]
    if rink.windows <= 0.0:
        strips = [
            Lamp((0.0, y, hall.roof - 0.2), DOWN, (0.9 * rink.length, ROOF_LIGHT_WIDTH), 1.0, color)
            for y in (-0.22 * rink.width, 0.22 * rink.width)
        ]
        return (*_at_lux(strips, 0.65, light, rink), *_at_lux(fill, 0.35, light, rink))
    low = float(hall.floor(hall.wall)) + 1.5
    high = max(hall.roof - 0.5, low + 1.0)
    y = 0.5 * rink.width + hall.wall
    lit = [
        Lamp((0.0, -side * y, 0.5 * (low + high)), (0.0, side, 0.0), (0.9 * rink.length, high - low), 1.0, color)
        for side in (-1.0, 1.0)
    ]
    # The side that looks towards the sun has the brighter sky before it.
    bright = float(np.sin(light.sun_azimuth)) * (1.0 - 0.8 * min(light.overcast, 1.0))
    share = 0.5 + 0.25 * bright
    return (
        *_at_lux([lit[0]], 0.6 * share, light, rink),
        *_at_lux([lit[1]], 0.6 * (1.0 - share), light, rink),
        *_at_lux(fill, 0.4, light, rink),
    )


def unfocused(lamp: Lamp, rink: RinkSpec) -> Lamp:
    """The lamp without its honeycomb, as bright on the ice on the whole: EEVEE's lights have none."""
    even, points = replace(lamp, spread=HALF_SPHERE), flood_places(rink, 6, 10)
    return replace(even, watts=lamp.watts * float(on_ice(lamp, points).mean() / on_ice(even, points).mean()))


def _from_the_hall(rink: RinkSpec, color: Color) -> Lamp:
    """One soft light as wide as the hall, for what its walls and ceiling throw back."""
    hall = hall_of(rink)
    size = (rink.length + hall.wall, rink.width + hall.wall)
    return Lamp((0.0, 0.0, hall.lamps + 0.1), DOWN, size, 1.0, color)


def _at_lux(group: list[Lamp], share: float, light: LightSpec, rink: RinkSpec) -> tuple[Lamp, ...]:
    """Lamps scaled together so that their mean on the ice is a share of the rink's lux."""
    points = flood_places(rink, 6, 10)
    given = sum(float(on_ice(lamp, points).mean()) for lamp in group)
    scale = share * lux_of(light, rink) / LUX / given
    return tuple(replace(lamp, watts=lamp.watts * scale) for lamp in group)


def _within(spread: float, cosine: Array) -> Array:
    """How Cycles dims a light off its axis: as a honeycomb before a soft box does; 1 for a half sphere."""
    if spread >= HALF_SPHERE:
        return np.ones_like(cosine)
    edge = np.tan(0.5 * spread)
    off = np.sqrt(np.maximum(1.0 - cosine**2, 0.0)) / np.maximum(cosine, 1e-9)
    return np.asarray(np.maximum(edge - off, 0.0) / (edge - 0.5 * spread))
