"""A show's light: spots that follow people, and pools of colour on the ice. No bpy."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.color import Color
from blender_addon.filming.track import Filmed
from blender_addon.rink.lamps import DOWN, Lamp, gallery, on_ice
from blender_addon.rink.light_color import ICE_LUX, LUX, lamp_color
from blender_addon.rink.plan import hall_of
from mocap.rotations import Array

POOL_RADIUS = 2.3
"""Metres of what a follow spot lights around the people in it, across its beam."""

LATE, STEADY = (0.12, 0.4), 0.3
"""Seconds by which those who turn spots come late (from, to), and over which their hands even out what they do."""

TOGETHER = 1.5
"""Metres: points that are never farther apart than this belong to one person, or to people who skate hand in hand."""

WASHES, WASH_RADIUS, WASH_LUX = 5, 7.5, 160.0
"""Pools of colour on the ice, metres of each and its lux."""

AMBIENT_LUX, AMBIENT = 28.0, (0.75, 0.95, 1.9)
"""Lux of what seats, exits and screens shed over a dark hall at strength 1, and its colour."""

PALETTES: tuple[tuple[Color, ...], ...] = (
    ((0.05, 0.12, 1.0), (0.45, 0.05, 0.9), (0.0, 0.5, 0.9)),
    ((0.9, 0.03, 0.35), (0.35, 0.03, 0.9), (0.05, 0.1, 1.0)),
    ((1.0, 0.35, 0.03), (0.9, 0.08, 0.05), (0.8, 0.05, 0.4)),
    ((0.0, 0.6, 0.7), (0.02, 0.15, 1.0), (0.1, 0.8, 0.45)),
)
"""Colours of the pools that go together."""


@dataclass(frozen=True)
class Beam:
    """A spot over the clip's T frames.

    Attributes:
        place: (3,); toward: (T, 3) unit vectors.
        angle: (T,) rad, of the whole cone; watts: (T,) as Blender counts them.
        color: linear, its largest part 1; soft: share of the cone's edge that fades.
    """

    place: Array
    toward: Array
    angle: Array
    watts: Array
    color: Color
    soft: float


def follow_spots(light: LightSpec, rink: RinkSpec, people: Filmed) -> list[Beam]:
    """At least one spot, turned after those in focus, a little late; as many as there are, they share people out.

    Whoever minds one opens it as the skater comes nearer, and keeps the light on them even.
    """
    count = max(light.spots, 1)
    rng = np.random.default_rng((light.seed, 3))
    places = gallery(rink, count, rng)
    groups = _groups(people.points)
    beams = []
    for number, place in enumerate(places):
        group = people.points[:, groups[number % len(groups)]]
        seen = _late(group.mean(axis=1), people.rate, float(rng.uniform(*LATE)))[people.frames]
        way = seen - place
        far = np.linalg.norm(way, axis=-1)
        # Pairs and groups get a wider beam.
        reach = max(POOL_RADIUS, 0.4 * float(np.linalg.norm(np.ptp(group, axis=1), axis=-1).max()))
        # Several on one person share the work, though not evenly by far.
        sharing = sum(other % len(groups) == number % len(groups) for other in range(count)) ** 0.5
        color = light.spot_colors[number % len(light.spot_colors)] if light.spot_colors else lamp_color(light)
        beams.append(
            Beam(
                place,
                way / far[:, None],
                2.0 * np.arctan(reach / far),
                _watts(light.strength * ICE_LUX["spots"] / sharing, far),
                _full(color),
                0.12,
            )
        )
    return beams


def washes(light: LightSpec, rink: RinkSpec) -> list[Beam]:
    """Pools of colour that stand still on the ice, from lamps under the roof."""
    rng = np.random.default_rng((light.seed, 4))
    palette = PALETTES[rng.integers(len(PALETTES))]
    x = rink.length * ((np.arange(WASHES) + rng.uniform(0.3, 0.7, WASHES)) / WASHES - 0.5)
    y = 0.28 * rink.width * rng.uniform(-1.0, 1.0, WASHES)
    high = hall_of(rink).lamps
    from_there = np.stack((x + rng.uniform(-3.0, 3.0, WASHES), y + rng.uniform(-3.0, 3.0, WASHES)), axis=-1)
    beams = []
    for number in range(WASHES):
        place = np.array((*from_there[number], high))
        way = np.array((x[number], y[number], 0.0)) - place
        far = np.array((np.linalg.norm(way),))
        beams.append(
            Beam(
                place,
                (way / far)[None],
                2.0 * np.arctan(WASH_RADIUS / far),
                _watts(light.strength * WASH_LUX, far),
                palette[number % len(palette)],
                0.9,
            )
        )
    return beams


def ambient(light: LightSpec, rink: RinkSpec) -> Lamp:
    """What a dark hall still has, from everywhere above."""
    r, g, b = AMBIENT
    lamp = Lamp((0.0, 0.0, hall_of(rink).lamps), DOWN, (rink.length, rink.width), 1.0, (r, g, b))
    given = float(on_ice(lamp, np.zeros((1, 2))).mean())
    return replace(lamp, watts=light.strength * AMBIENT_LUX / LUX / given)


def _watts(lux: float, far: Array) -> Array:
    """Of a spot that gives so many lux, for white, at a distance: its intensity is watts / 4π."""
    return np.asarray(4.0 * np.pi**2 * far**2 * lux / LUX)


def _groups(points: Array) -> list[np.ndarray]:
    """Which points (N, P, 3) belong together: (G,) index arrays, nearest to the rink's middle first."""
    some = points[:: max(len(points) // 40, 1)]
    apart = np.zeros((points.shape[1],) * 2)
    for now in some:
        apart = np.maximum(apart, np.linalg.norm(now[:, None] - now, axis=-1))
    left, groups = set(range(points.shape[1])), []
    while left:
        group, edge = set(), {min(left)}
        while edge:
            group |= edge
            near = (apart[sorted(edge)] < TOGETHER).any(axis=0)
            edge = {int(k) for k in np.flatnonzero(near)} - group
        left -= group
        groups.append(np.array(sorted(group)))
    return groups


def _late(path: Array, rate: float, lag: float) -> Array:
    """A path (N, 3) as somebody follows it: behind by the lag and smoothed, only with what has been."""
    behind = np.arange(int((lag + 0.5 * STEADY) * rate) + 1) - lag * rate
    weight = np.maximum(0.5 * STEADY * rate + 0.5 - np.abs(behind), 0.0) + 1e-9
    weight /= weight.sum()
    padded = np.concatenate((np.repeat(path[:1], len(weight) - 1, axis=0), path))
    return np.stack([np.convolve(padded[:, axis], weight, mode="valid") for axis in range(3)], axis=-1)


def _full(color: Color) -> Color:
    """The colour with its largest part at 1: gels take light away."""
    r, g, b = (np.asarray(color) / max(color)).tolist()
    return (r, g, b)
