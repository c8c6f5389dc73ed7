"""What is painted on the ice: lines, circles, spots, creases. No bpy.

Measures: IIHF Official Rule Book 2023/24, rule 1 (58 to 60 m by 26 to 30 m; goal lines 4 m and blue lines 22.86 m from
the ends; face-off spots with circles, hash marks and L marks; creases), and the NHL's rule 1 for its 200 × 85 ft. In
the open air IIHF has all lines 5 cm wide. ISU's rule 342 asks for figure skating a rink of at most 60 × 30 m and says
nothing of lines: competitions are held on hockey ice, with or without its paint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from blender_addon.clip import RinkSpec
from blender_addon.color import Color
from mocap.rotations import Array

RED: Color = (0.60, 0.035, 0.045)
BLUE: Color = (0.025, 0.09, 0.48)
LIGHT_BLUE: Color = (0.28, 0.55, 0.80)

WIDE_LINE = 0.30
THIN_LINE = 0.05
SPOT_RADIUS, MIDDLE_SPOT_RADIUS = 0.30, 0.15
SPOT_RING, SPOT_BAND = 0.05, 0.19
"""Metres: of a red spot, the width of the ring around it, and half that of the red band between its white segments."""

CIRCLE_SIDES = 128


@dataclass(frozen=True)
class Measures:
    """A rule book's distances, metres.

    Attributes:
        goal_line, blue_line: from the end of the ice to the line's middle.
        spot_from_goal, spot_from_blue: from the line to the spots; spot_aside: from the rink's long axis.
        circle: radius of the face-off circles; referee: of the crease at the penalty boxes.
        crease, crease_half: radius of the goal's crease, and half its width.
        trapezoid: half widths of the goalkeeper's area at goal line and end, if there is one.
    """

    goal_line: float = 4.0
    blue_line: float = 22.86
    spot_from_goal: float = 6.0
    spot_from_blue: float = 1.5
    spot_aside: float = 7.0
    circle: float = 4.5
    referee: float = 3.0
    crease: float = 1.8
    crease_half: float = 1.8
    trapezoid: tuple[float, float] | None = None


NORTH_AMERICAN = Measures(
    goal_line=3.35,
    blue_line=22.71,
    spot_from_goal=6.10,
    spot_from_blue=1.52,
    spot_aside=6.71,
    circle=4.57,
    referee=3.05,
    crease=1.83,
    crease_half=1.22,
    trapezoid=(3.35, 4.27),
)


def measures(spec: RinkSpec) -> Measures:
    """Those of the rule book that a rink's size is of.

    Rinks shorter than 58 m keep the proportions of the rule's 60 m: their blue lines stand at 22.86 / 60 of the length.
    """
    if abs(spec.length - 60.96) < 0.5 and abs(spec.width - 25.91) < 0.5:
        return NORTH_AMERICAN
    blue = Measures.blue_line * (1.0 if spec.length >= 58.0 else spec.length / 60.0)
    return Measures(blue_line=blue, spot_aside=Measures.spot_aside * spec.width / 30.0)


@dataclass(frozen=True)
class Line:
    """A straight band across the whole ice at x; `width` metres along X."""

    x: float
    width: float
    color: Color


@dataclass(frozen=True)
class Bar:
    """A straight band from one point to another, `width` metres wide."""

    start: tuple[float, float]
    end: tuple[float, float]
    width: float
    color: Color


@dataclass(frozen=True)
class Disc:
    """A round mark, or what cuts leave of it.

    Attributes:
        inner: radius of the hole in it: 0 for a spot, radius − line width for a circle.
        toward: a unit vector: only what lies at least `beyond` metres from the centre that way is there. (0, 0): all.
        half: of what is there, only that at most so far from the line through the centre along X.
    """

    x: float
    y: float
    radius: float
    color: Color
    inner: float = 0.0
    toward: tuple[float, float] = (0.0, 0.0)
    beyond: float = 0.0
    half: float = np.inf


Mark = Line | Bar | Disc


def markings(spec: RinkSpec) -> tuple[Mark, ...]:
    """All paint on the ice, later marks over earlier ones."""
    if spec.ice.lines == "none":
        return ()
    m = measures(spec)
    if spec.ice.lines == "figure":
        return (_ring(0.0, 0.0, m.circle, LIGHT_BLUE), Disc(0.0, 0.0, MIDDLE_SPOT_RADIUS, LIGHT_BLUE))
    wide = THIN_LINE if spec.kind == "outdoor" else WIDE_LINE
    goal, blue = 0.5 * spec.length - m.goal_line, 0.5 * spec.length - m.blue_line
    marks: list[Mark] = []
    for sign in (-1, 1):
        marks += _crease(sign, goal, m)
        if m.trapezoid is not None:
            marks += [
                Bar(
                    (sign * goal, side * m.trapezoid[0]),
                    (sign * 0.5 * spec.length, side * m.trapezoid[1]),
                    THIN_LINE,
                    RED,
                )
                for side in (-1, 1)
            ]
        marks += [Line(sign * goal, THIN_LINE, RED), Line(sign * blue, wide, BLUE)]
    middle = 0.5 * spec.width * penalty_side(spec)
    marks += [
        Line(0.0, wide, RED),
        _ring(0.0, 0.0, m.circle, BLUE),
        Disc(0.0, 0.0, MIDDLE_SPOT_RADIUS, BLUE),
        _ring(0.0, middle, m.referee, RED),
    ]
    for sx in (-1, 1):
        for sy in (-1, 1):
            marks += _face_off(sx * (goal - m.spot_from_goal), sy * m.spot_aside, m.circle, spec.ice.color)
            marks += _spot(sx * (blue - m.spot_from_blue), sy * m.spot_aside, spec.ice.color)
    return tuple(marks)


def penalty_side(spec: RinkSpec) -> int:
    """1 where penalty boxes stand on the +Y side and players' benches opposite, −1 where it is the other way."""
    return 1 if np.random.default_rng((spec.texture_seed, 5)).random() < 0.5 else -1


def covers(mark: Mark, xy: ArrayLike) -> np.ndarray:
    """(…) bool: points xy (…, 2) that lie on the mark."""
    xy = np.asarray(xy, dtype=np.float64)
    if isinstance(mark, Line):
        return np.abs(xy[..., 0] - mark.x) <= 0.5 * mark.width
    if isinstance(mark, Bar):
        start, way, length = _axis(mark)
        away = xy - start
        along, aside = away @ way, away @ (-way[1], way[0])
        return (along >= 0.0) & (along <= length) & (np.abs(aside) <= 0.5 * mark.width)
    away = xy - (mark.x, mark.y)
    radius = np.hypot(away[..., 0], away[..., 1])
    there = (radius <= mark.radius) & (radius >= mark.inner) & (np.abs(away[..., 1]) <= mark.half)
    return there if mark.toward == (0.0, 0.0) else there & (away @ mark.toward >= mark.beyond)


def paint(spec: RinkSpec, xy: ArrayLike) -> Array:
    """Linear colours (…, 3) of the ice at points xy (…, 2): the topmost mark's, or the bare ice's."""
    xy = np.asarray(xy, dtype=np.float64)
    color = np.broadcast_to(np.asarray(spec.ice.color), (*xy.shape[:-1], 3)).copy()
    for mark in markings(spec):
        color[covers(mark, xy)] = mark.color
    return color


def edges(mark: Mark, spec: RinkSpec) -> list[Array]:
    """Closed loops (M, 2) along all edges of a mark, some longer than these; those of lines reach beyond the ice."""
    if isinstance(mark, Line):
        end = 0.5 * spec.width + 1.0
        return [_band((mark.x, -end), (mark.x, end), mark.width)]
    if isinstance(mark, Bar):
        return [_band(mark.start, mark.end, mark.width)]
    angle = 2.0 * np.pi * np.arange(CIRCLE_SIDES) / CIRCLE_SIDES
    circle, middle = np.stack((np.cos(angle), np.sin(angle)), axis=-1), np.array((mark.x, mark.y))
    # A small round mark needs no more sides than show.
    step = 1 if mark.radius > 1.0 else 4
    loops = [middle + radius * circle[::step] for radius in (mark.radius, mark.inner) if radius > 0.0]
    reach = 1.001 * mark.radius
    if mark.toward != (0.0, 0.0):
        way = np.asarray(mark.toward)
        across = np.array((-way[1], way[0]))
        cut = middle + mark.beyond * way
        loops.append(np.array((cut - reach * across, cut + reach * across, cut + reach * (across + way))))
    if np.isfinite(mark.half):
        loops.append(_band((mark.x - reach, mark.y), (mark.x + reach, mark.y), 2.0 * mark.half))
    return loops


def _ring(x: float, y: float, radius: float, color: Color, **cut: Any) -> Disc:
    return Disc(x, y, radius, color, inner=radius - THIN_LINE, **cut)


def _spot(x: float, y: float, white: Color) -> list[Mark]:
    """A red spot with its two white segments."""
    inside = SPOT_RADIUS - SPOT_RING
    return [
        Disc(x, y, SPOT_RADIUS, RED),
        *(Disc(x, y, inside, white, toward=(float(side), 0.0), beyond=SPOT_BAND) for side in (-1, 1)),
    ]


def _face_off(x: float, y: float, radius: float, white: Color) -> list[Mark]:
    """The circle, the spot, two hash marks on either side of the circle, an L in each quarter around the spot."""
    marks: list[Mark] = [_ring(x, y, radius, RED), *_spot(x, y, white)]
    for sx in (-1, 1):
        for sy in (-1, 1):
            hash_x, rim = 0.85, np.sqrt(radius**2 - 0.85**2)
            near, far, aside, out = 0.60, 1.80, 0.225, 1.125
            for a, b in (
                ((hash_x, rim), (hash_x, rim + 0.60)),
                ((near, aside), (far, aside)),
                ((near, aside), (near, out)),
            ):
                marks.append(
                    Bar((x + sx * a[0], y + sy * a[1]), (x + sx * b[0], y + sy * b[1]), THIN_LINE, RED),
                )
    return marks


def _crease(sign: int, goal: float, m: Measures) -> list[Mark]:
    """The goal's crease at one end: light blue within a red line, with its marks."""
    toward = (-float(sign), 0.0)
    x = sign * goal
    marks: list[Mark] = [
        Disc(x, 0.0, m.crease, LIGHT_BLUE, toward=toward, half=m.crease_half),
        _ring(x, 0.0, m.crease, RED, toward=toward, half=m.crease_half),
    ]
    tip = 1.22
    rim = float(np.sqrt(m.crease**2 - tip**2))
    for side in (-1, 1):
        if m.crease_half < m.crease:
            y, deep = side * (m.crease_half - 0.5 * THIN_LINE), float(np.sqrt(m.crease**2 - m.crease_half**2))
            marks.append(Bar((x, y), (x - sign * deep, y), THIN_LINE, RED))
            marks.append(Bar((x - sign * tip, y), (x - sign * tip, y - side * 0.13), THIN_LINE, RED))
        else:
            corner = (x - sign * tip, side * rim)
            marks.append(Bar(corner, (corner[0] + sign * 0.15, corner[1]), THIN_LINE, RED))
            marks.append(Bar(corner, (corner[0], corner[1] - side * 0.15), THIN_LINE, RED))
    return marks


def _axis(mark: Bar) -> tuple[Array, Array, float]:
    start, way = np.asarray(mark.start), np.subtract(mark.end, mark.start)
    length = float(np.hypot(*way))
    return start, way / length, length


def _band(start: tuple[float, float], end: tuple[float, float], width: float) -> Array:
    way = np.subtract(end, start)
    aside = 0.5 * width * np.array((-way[1], way[0])) / np.hypot(*way)
    a, b = np.asarray(start), np.asarray(end)
    return np.array((a - aside, b - aside, b + aside, a + aside))
