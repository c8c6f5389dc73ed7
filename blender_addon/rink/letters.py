"""Letters of advertisements, as strokes that are drawn in several styles. No bpy.

Drawn here, not by OpenCV's `putText`, whose fonts differ from one version to the next. Glyphs stand in a box 1 high;
`fillPoly` works in whole numbers, so that the same letters come out on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mocap.rotations import Array

# Width over height, and strokes from point to point. "@ x y rx ry from to" goes along an ellipse, angles in quarter
# turns counter-clockwise from +X.
GLYPHS: dict[str, tuple[float, str]] = {
    "A": (0.80, "0 0  .4 1  .8 0 | .15 .32  .65 .32"),
    "B": (0.65, "0 .5  0 1  .36 1  @ .36 .76 .24 .24 1 -1  0 .52 | .36 .52  @ .38 .26 .27 .26 1 -1  0 0  0 .5"),
    "C": (0.72, "@ .40 .5 .40 .5 .5 3.5"),
    "D": (0.72, "0 0  0 1  .28 1  @ .28 .5 .44 .5 1 -1  0 0"),
    "E": (0.58, ".58 1  0 1  0 0  .58 0 | 0 .52  .48 .52"),
    "F": (0.56, ".56 1  0 1  0 0 | 0 .5  .46 .5"),
    "G": (0.76, "@ .40 .5 .40 .5 .5 3.6  .76 .14  .76 .46  .46 .46"),
    "H": (0.68, "0 0  0 1 | .68 0  .68 1 | 0 .52  .68 .52"),
    "I": (0.0, "0 0  0 1"),
    "J": (0.52, ".52 1  .52 .28  @ .26 .28 .26 .28 0 -2"),
    "K": (0.62, "0 0  0 1 | .58 1  .06 .46 | .22 .62  .62 0"),
    "L": (0.54, "0 1  0 0  .54 0"),
    "M": (0.84, "0 0  0 1  .42 .30  .84 1  .84 0"),
    "N": (0.70, "0 0  0 1  .70 0  .70 1"),
    "O": (0.82, "@ .41 .5 .41 .5 0 4"),
    "P": (0.62, "0 0  0 1  .34 1  @ .34 .72 .28 .28 1 -1  0 .44"),
    "Q": (0.82, "@ .41 .5 .41 .5 0 4 | .50 .26  .80 -.04"),
    "R": (0.66, "0 0  0 1  .36 1  @ .36 .73 .27 .27 1 -1  0 .46 | .32 .46  .66 0"),
    "S": (0.62, "@ .32 .75 .28 .25 .35 3  @ .32 .25 .30 .25 1 -1.6"),
    "T": (0.68, "0 1  .68 1 | .34 1  .34 0"),
    "U": (0.70, "0 1  0 .34  @ .35 .34 .35 .34 2 4  .70 1"),
    "V": (0.78, "0 1  .39 0  .78 1"),
    "W": (1.08, "0 1  .27 0  .54 .86  .81 0  1.08 1"),
    "X": (0.72, "0 0  .72 1 | 0 1  .72 0"),
    "Y": (0.74, "0 1  .37 .46  .74 1 | .37 .46  .37 0"),
    "Z": (0.66, "0 1  .66 1  0 0  .66 0"),
    "0": (0.64, "@ .32 .5 .32 .5 0 4"),
    "1": (0.26, "0 .80  .26 1  .26 0"),
    "2": (0.60, "@ .30 .70 .30 .30 1.8 -.45  0 0  .60 0"),
    "3": (0.58, "@ .28 .75 .27 .25 1.7 -1  @ .28 .25 .30 .25 1 -1.7"),
    "4": (0.68, ".50 0  .50 1  0 .26  .68 .26"),
    "5": (0.60, ".56 1  .06 1  .03 .54  @ .28 .32 .31 .32 1.4 -1.6"),
    "6": (0.62, "@ .31 .32 .31 .32 0 4 | .02 .40  .42 1"),
    "7": (0.58, "0 1  .58 1  .16 0"),
    "8": (0.60, "@ .30 .75 .26 .25 0 4 | @ .30 .25 .30 .25 0 4"),
    "9": (0.62, "@ .31 .68 .31 .32 0 4 | .60 .60  .20 0"),
    "&": (0.80, ".80 0  .20 .70  @ .36 .78 .20 .22 2 -.6  @ .30 .26 .30 .27 1.4 3.2  .78 .42"),
    "-": (0.34, "0 .46  .34 .46"),
    ".": (0.0, "0 0  0 .01"),
    " ": (0.30, ""),
}
_SHIFT = 4
_ARC_STEP = 0.2


@dataclass(frozen=True)
class Style:
    """How letters are drawn.

    Attributes:
        stroke: thickness over the letters' height; wide: stretch along the line; slant: to the right, per height.
        square: ends and corners are square, else round.
        spacing: between letters, over the height.
        serif: length over the height of cross strokes at the ends of upright strokes, 0 for none.
        inline: share of the stroke that a fine line of the ground's colour takes along its middle, 0 for none.
    """

    stroke: float = 0.2
    wide: float = 1.0
    slant: float = 0.0
    square: bool = True
    spacing: float = 0.16
    serif: float = 0.0
    inline: float = 0.0


STYLES = (
    Style(),
    Style(stroke=0.26, spacing=0.12),
    Style(stroke=0.20, slant=0.24),
    Style(stroke=0.15, square=False, spacing=0.22),
    Style(stroke=0.23, square=False),
    Style(stroke=0.13, wide=1.35, spacing=0.30),
    Style(stroke=0.24, wide=0.70, spacing=0.13),
    Style(stroke=0.27, wide=1.15, slant=0.30, spacing=0.10),
    Style(stroke=0.12, serif=0.20, spacing=0.26),
    Style(stroke=0.28, inline=0.22, spacing=0.12),
)


def text_width(text: str, style: Style) -> float:
    """Width of a line of text over the height of its letters, from the first stroke's edge to the last one's."""
    advance = sum(GLYPHS[letter][0] * style.wide + style.stroke + style.spacing for letter in text)
    return advance - style.spacing + style.slant


def draw_text(
    canvas: np.ndarray, text: str, style: Style, left: float, base: float, height: float, ink: tuple[int, ...]
) -> None:
    """Draws capitals into (H, W, 3) uint8, their feet at row `base`, `height` pixels high. KeyError: no such letter."""
    strokes = _strokes(text, style)
    thick = style.stroke * height
    # The strokes' middles run half a stroke inside the letters' box.
    inner = height - thick
    placed = [
        np.stack(
            (
                left + (points[:, 0] + style.slant * points[:, 1] * (1.0 - style.stroke)) * height,
                base - 0.5 * thick - points[:, 1] * inner,
            ),
            axis=-1,
        )
        for points in strokes
    ]
    # What reaches over feet or heads of the letters is cut off: ends of slanted strokes become level.
    top, foot = max(int(np.rint(base - height)), 0), int(np.rint(base))
    line, up = canvas[top:foot], np.array((0.0, -float(top)))
    before = tuple(int(v) for v in line[len(line) // 2, max(int(left), 1) - 1])
    for points in placed:
        _stroke(line, points + up, thick, style.square, ink)
    if style.serif:
        _serifs(line, [points + up for points in placed], style.serif * height, thick, ink)
    if style.inline:
        ground = before
        for points in placed:
            _stroke(line, points + up, max(style.inline * thick, 2.0), False, ground)


def _strokes(text: str, style: Style) -> list[Array]:
    """Polylines (M, 2) of all letters: x from the text's left edge over the letters' height, y 0 … 1."""
    out, x = [], 0.5 * style.stroke
    for letter in text:
        width, strokes = GLYPHS[letter]
        for stroke in strokes.split("|") if strokes else ():
            out.append(_points(stroke.split()) * (style.wide, 1.0) + (x, 0.0))
        x += width * style.wide + style.stroke + style.spacing
    return out


def _points(words: list[str]) -> Array:
    """(M, 2) the points of one stroke of `GLYPHS`."""
    points: list[tuple[float, float]] = []
    while words:
        if words[0] == "@":
            x, y, rx, ry, start, end = (float(word) for word in words[1:7])
            angles = np.linspace(start, end, int(np.ceil(abs(end - start) / _ARC_STEP)) + 1) * 0.5 * np.pi
            points += [(x + rx * np.cos(a), y + ry * np.sin(a)) for a in angles.tolist()]
            words = words[7:]
        else:
            points.append((float(words[0]), float(words[1])))
            words = words[2:]
    return np.array(points)


def _stroke(canvas: np.ndarray, points: Array, thick: float, square: bool, ink: tuple[int, ...]) -> None:
    way = np.diff(points, axis=0)
    long = np.hypot(*way.T)
    points, way, long = np.delete(points, np.flatnonzero(long < 1e-6) + 1, axis=0), way[long > 1e-6], long[long > 1e-6]
    way = way / long[:, None]
    half = 0.5 * thick
    aside = half * np.stack((-way[:, 1], way[:, 0]), axis=-1)
    a, b = points[:-1].copy(), points[1:].copy()
    closed = np.hypot(*(points[0] - points[-1])) < 1e-6
    if square and not closed:
        # Far enough that head and foot of the line cut all of a slanted end.
        across, up = np.abs(way[[0, -1]]).T
        reach = half * np.where(up > 0.4, (0.2 + across) / np.maximum(up, 0.4) + 0.3, 1.0)
        a[0] -= reach[0] * way[0] * _at_edge(points[0], canvas, half)
        b[-1] += reach[1] * way[-1] * _at_edge(points[-1], canvas, half)
    shapes = list(np.stack((a - aside, b - aside, b + aside, a + aside), axis=1))
    # A square stroke's outer corner at joint k, between segments k − 1 and k, is where the edges meet; elsewhere discs
    # fill the joints.
    before, after = (
        (np.arange(len(way)) - 1, np.arange(len(way))) if closed else np.arange(len(way) - 1)[None] + [[0], [1]]
    )
    turn = way[before, 0] * way[after, 1] - way[before, 1] * way[after, 0]
    sharp = (np.abs(turn) > 0.6) & square
    for k in np.flatnonzero(sharp).tolist():
        first, second = (-np.sign(turn[k]) * aside[i[k]] for i in (before, after))
        bisector = first + second
        tip = bisector * (2.0 * half**2 / max(float(bisector @ bisector), 0.2 * half**2))
        joint = points[after[k]]
        shapes.append(joint + np.array(((0.0, 0.0), first, tip, second)))
    for shape in shapes:
        cv2.fillPoly(canvas, [_fixed(shape)], ink, cv2.LINE_AA, _SHIFT)
    rounded = points[after[~sharp]]
    if not square and not closed:
        rounded = np.concatenate((rounded, points[[0, -1]]))
    radius = round(half * 2**_SHIFT)
    for x, y in _fixed(rounded).tolist():
        cv2.circle(canvas, (x, y), radius, ink, -1, cv2.LINE_AA, _SHIFT)


def _at_edge(point: Array, canvas: np.ndarray, half: float) -> bool:
    """Whether a stroke ends at the letters' head or foot."""
    return not half + 1.5 < point[1] < len(canvas) - half - 1.5


def _serifs(canvas: np.ndarray, strokes: list[Array], long: float, thick: float, ink: tuple[int, ...]) -> None:
    low, high = max(points[:, 1].max() for points in strokes), min(points[:, 1].min() for points in strokes)
    for points in strokes:
        for end, before in ((points[0], points[1]), (points[-1], points[-2])):
            upright = abs(end[1] - before[1]) > 0.3 * (low - high)
            if upright and min(abs(end[1] - low), abs(end[1] - high)) < 1.0:
                half = np.array((0.5 * long + 0.5 * thick, 0.0))
                _stroke(canvas, np.array((end - half, end + half)), 0.7 * thick, True, ink)


def _fixed(points: Array) -> np.ndarray:
    return np.rint(points * 2**_SHIFT).astype(np.int32)
