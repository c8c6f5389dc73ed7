"""What a hairdresser is given, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from blender_addon.skater.hair.head import Head
from blender_addon.skater.hair.strands import Tuft
from blender_addon.skater.human import Chain
from blender_addon.skater.wardrobe.piece import Fitting


@dataclass(frozen=True)
class Client:
    """Somebody whose hair is done.

    Attributes:
        head: its measures; fitting: the body and what is worn.
        length: 0…1 of what the style allows.
        rng: of everything that differs from head to head.
    """

    head: Head
    fitting: Fitting
    length: float
    rng: np.random.Generator

    @property
    def under_hat(self) -> bool:
        """Whether there is a hat to fit under."""
        return "hat" in self.fitting.worn


@dataclass(frozen=True)
class Hairdo:
    """Done hair.

    Attributes:
        tufts: its pieces, chains' bones counted from the number of the body's bones.
        chains: what of it swings.
        skin_shows: whether the scalp is seen between its strands, in a parting.
    """

    tufts: list[Tuft]
    chains: tuple[Chain, ...] = ()
    skin_shows: bool = False


Hairdresser = Callable[[Client], Hairdo]
