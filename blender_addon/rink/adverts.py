"""Advertisements on the boards: words, bars and chequers of coloured dots. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.color import Color
from mocap.rotations import Array

AD_ROWS = 7
AD_COLORS: tuple[Color, ...] = (
    (0.60, 0.02, 0.03),
    (0.02, 0.06, 0.35),
    (0.01, 0.25, 0.42),
    (0.70, 0.30, 0.01),
    (0.02, 0.22, 0.08),
    (0.015, 0.015, 0.02),
    (0.80, 0.62, 0.02),
    (0.35, 0.02, 0.30),
)
"""Grounds and inks of the advertisements."""

AD_WORDS = ("AXEL", "LUTZ", "LOOP", "FLIP", "EDGE", "GLIDE", "SPIN", "RINK", "ICE", "SKATE", "TOELOOP", "SALTO")
LETTERS = {
    "A": "25755",
    "C": "74447",
    "D": "65556",
    "E": "74647",
    "F": "74644",
    "G": "74557",
    "I": "72227",
    "K": "55655",
    "L": "44447",
    "N": "57775",
    "O": "75557",
    "P": "75744",
    "R": "75765",
    "S": "74717",
    "T": "72222",
    "U": "55557",
    "X": "55255",
    "Z": "71247",
}
"""Block letters: five rows from the top, each an octal digit of three dots, the left one counting 4."""


def advertisements(spec: RinkSpec, columns: int) -> Array:
    """(AD_ROWS, columns, 3) colours: white panels, others with a word, bars or chequers, read from the ice.

    Row 0 is the lowest.
    """
    rng = np.random.default_rng((spec.texture_seed, 1))
    colors = np.broadcast_to(np.asarray(spec.boards), (AD_ROWS, columns, 3)).copy()
    start = 0
    while start < columns:
        drawn = _design(rng)[:, : columns - start]
        first, second = rng.choice(len(AD_COLORS), 2, replace=False)
        on_white = rng.random() < 0.45
        ground = np.asarray(spec.boards if on_white else AD_COLORS[first])
        ink = np.asarray(AD_COLORS[second] if on_white or rng.random() < 0.3 else spec.boards)
        colors[:, start : start + drawn.shape[1]] = np.where(drawn[..., None], ink, ground)
        # A white gap, and now and then a bare panel, before the next.
        start += drawn.shape[1] + int(rng.choice((1, 1, 1, 16)))
    return colors


def _design(rng: np.random.Generator) -> np.ndarray:
    """(AD_ROWS, columns) bool: where a panel's ink is."""
    kind = rng.choice(("word", "word", "word", "bars", "chequers"))
    if kind == "word":
        word = rng.choice(AD_WORDS)
        letters = [np.pad(_letter(c), ((1, 1), (1, 0))) for c in word]
        return np.pad(np.concatenate(letters, axis=1), ((0, 0), (1, 2)))
    row, column = np.indices((AD_ROWS, int(rng.integers(12, 22))))
    return row // 2 % 2 == 1 if kind == "bars" else (row // 2 + column // 2) % 2 == 0


def _letter(character: str) -> np.ndarray:
    """(5, 3) bool: a letter of `LETTERS`, its lowest row first."""
    rows = np.array([int(digit) for digit in LETTERS[character]])
    return (rows[::-1, None] >> np.array((2, 1, 0)) & 1).astype(bool)
