"""Kinds of people at a rink: how old they are, how many are women, what they wear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from render_scripts.distributions import Between, Mixture, Numbers


@dataclass(frozen=True, eq=False)
class Kind:
    """What people of a kind have in common where a job says nothing.

    Attributes:
        age: years; female: share of women and girls.
        women, men: how often they wear which outfit (`outfits.OUTFITS`).
        expression: share of them whose face is not calm; on_ice: whether they come to skate.
    """

    age: Numbers
    female: float
    women: Mapping[str, float]
    men: Mapping[str, float]
    expression: float
    on_ice: bool = False


# A club's members: most come as children, few stay on as adults.
SKATERS = Kind(
    age=Mixture(
        (Between(6.0, 8.0), Between(8.0, 14.0), Between(14.0, 19.0), Between(19.0, 25.0), Between(25.0, 58.0)),
        (0.07, 0.4, 0.3, 0.13, 0.1),
    ),
    female=0.85,
    women={"dress": 0.6, "training": 0.28, "unitard": 0.12},
    men={"shirt": 0.55, "training": 0.35, "unitard": 0.1},
    expression=0.45,
    on_ice=True,
)
COACHES = Kind(
    age=Mixture((Between(20.0, 45.0), Between(45.0, 68.0)), (0.65, 0.35)),
    female=0.65,
    women={"coach": 1.0},
    men={"coach": 1.0},
    expression=0.3,
)
SPECTATORS = Kind(
    age=Mixture((Between(6.0, 18.0), Between(18.0, 60.0), Between(60.0, 82.0)), (0.2, 0.62, 0.18)),
    female=0.55,
    women={"street": 1.0},
    men={"street": 1.0},
    expression=0.3,
)
