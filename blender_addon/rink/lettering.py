"""Block letters and seven-segment figures as flat faces. No bpy."""

from __future__ import annotations

import itertools

import numpy as np

from mocap.rotations import Array

STROKES = {
    "A": "00 24 40|11 31",
    "B": "00 04 34 43 32 02|32 41 30 00",
    "C": "43 34 14 03 01 10 30 41",
    "D": "00 04 24 43 41 20 00",
    "E": "40 00 04 44|02 32",
    "F": "00 04 44|02 32",
    "G": "43 34 14 03 01 10 30 41 42 22",
    "H": "00 04|40 44|02 42",
    "I": "20 24",
    "J": "44 41 30 10 01",
    "K": "00 04|44 02 40",
    "L": "04 00 40",
    "M": "00 04 21 44 40",
    "N": "00 04 40 44",
    "O": "10 01 03 14 34 43 41 30 10",
    "P": "00 04 34 43 32 02",
    "Q": "10 01 03 14 34 43 41 30 10|21 40",
    "R": "00 04 34 43 32 02|22 40",
    "S": "43 34 14 03 12 32 41 30 10 01",
    "T": "20 24|04 44",
    "U": "04 01 10 30 41 44",
    "V": "04 20 44",
    "W": "04 10 22 30 44",
    "X": "00 44|04 40",
    "Y": "04 22 44|22 20",
    "Z": "04 44 00 40",
    "0": "10 01 03 14 34 43 41 30 10",
    "1": "13 24 20",
    "2": "03 14 34 43 00 40",
    "3": "04 44 22 41 30 10 01",
    "4": "30 34 01 41",
    "5": "44 04 02 32 41 30 00",
    "6": "34 14 03 01 10 30 41 32 02",
    "7": "04 44 10",
    "8": "12 03 14 34 43 32 12 01 10 30 41 32",
    "9": "42 12 03 14 34 43 41 30 10",
}
"""Strokes of each letter through points on a grid of 5 × 5, x before y, y up; | lifts the pen."""

ADVANCE, THICK = 1.3, 0.17
"""Widths of a letter from one to the next, and heights of a letter that a stroke is thick."""

SEGMENTS = (
    "0111111",
    "0000110",
    "1011011",
    "1001111",
    "1100110",
    "1101101",
    "1111101",
    "0000111",
    "1111111",
    "1101111",
)
"""Segments of the figures 0 … 9: middle, upper left, lower left, bottom, lower right, upper right, top."""


def word(text: str, height: float, narrow: float = 0.62) -> Array:
    """(Q, 4, 2) faces of a text, its lower left corner at the origin. Unknown characters are spaces."""
    width = narrow * height
    pens: list[tuple[float, float, float, float]] = []
    for place, letter in enumerate(text.upper()):
        for stroke in STROKES.get(letter, "").split("|") if letter in STROKES else ():
            points = [(place * ADVANCE + int(p[0]) / 4.0, int(p[1]) / 4.0) for p in stroke.split()]
            pens += [(*a, *b) for a, b in itertools.pairwise(points)]
    if not pens:
        return np.zeros((0, 4, 2))
    ends = np.array(pens).reshape(-1, 2, 2) * (width, height * (1.0 - THICK))
    ends[..., 1] += 0.5 * THICK * height
    step = ends[:, 1] - ends[:, 0]
    step *= 0.5 * THICK * height / np.linalg.norm(step, axis=1, keepdims=True)
    side = np.stack((-step[:, 1], step[:, 0]), axis=-1)
    a, b = ends[:, 0] - 0.7 * step, ends[:, 1] + 0.7 * step
    return np.stack((a - side, b - side, b + side, a + side), axis=1)


def word_width(text: str, height: float, narrow: float = 0.62) -> float:
    """Metres from the first letter's left to the last one's right."""
    return max(len(text) * ADVANCE - (ADVANCE - 1.0), 0.0) * narrow * height


def figures(text: str, height: float) -> tuple[Array, Array]:
    """Seven-segment figures: (Q, 4, 2) faces from the lower left corner on, and (Q,) bool, which of them shine.

    Figures, colons and spaces only; a dark segment is a face, too. A space is a figure with all of them dark.
    """
    w, t = 0.55 * height, 0.11 * height
    half = 0.5 * height
    # x0, y0, x1, y1 of each, in the order of `SEGMENTS`.
    lie = np.array(
        (
            (t, half - t / 2, w - t, half + t / 2),
            (0, half + t / 4, t, height - t / 2),
            (0, t / 2, t, half - t / 4),
            (t, 0, w - t, t),
            (w - t, t / 2, w, half - t / 4),
            (w - t, half + t / 4, w, height - t / 2),
            (t, height - t, w - t, height),
        )
    )
    dots = np.array(((0, 0.28 * height, t, 0.28 * height + t), (0, 0.62 * height, t, 0.62 * height + t)))
    boxes, shine, x = [], [], 0.0
    along = np.array((1.0, 0.0, 1.0, 0.0))
    for letter in text:
        if letter == ":":
            boxes.append(dots + x * along)
            shine += [True, True]
            x += 2.2 * t
            continue
        boxes.append(lie + x * along)
        shine += [value == "1" for value in (SEGMENTS[int(letter)] if letter.isdigit() else "0000000")]
        x += 1.25 * w
    flat = np.concatenate(boxes)
    x0, y0, x1, y1 = flat.T
    corners = np.stack([np.stack(c, axis=-1) for c in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))], axis=1)
    return corners, np.array(shine)


def figures_width(text: str, height: float) -> float:
    """Metres that `figures` takes."""
    colons = text.count(":")
    return (len(text) - colons) * 1.25 * 0.55 * height + colons * 2.2 * 0.11 * height
