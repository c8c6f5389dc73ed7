"""What is in the walls and on them: windows, rooms behind openings, doors, boards; which, and where. No bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.walls import Wall, wall_plan

ROOMS = ("garage", "cafe", "concourse", "suite")
"""Kinds of openings with a room behind them."""

GROUND = 3.0
"""Metres over the walk that doors, rooms and boards take; windows begin higher where the wall allows it."""


@dataclass(frozen=True)
class Feature:
    """A rectangle of wall number `wall`: from a0 to a1 along it and from z0 to z1. `kind` is one of `ROOMS`, "window",
    "door", "notice", "plate" (a printed panel), "unit" (a cabinet), "lockers", "vending" (a machine), "board" (an
    advertisement high up) or "name" (of the hall, in large letters)."""

    kind: str
    wall: int
    a0: float
    a1: float
    z0: float
    z1: float

    @property
    def area(self) -> float:
        """Square metres."""
        return (self.a1 - self.a0) * (self.z1 - self.z0)

    @property
    def hole(self) -> bool:
        """Whether the wall is open there."""
        return self.kind in ROOMS or self.kind == "window"


# Metres along the wall, and from the walk to the lower and upper edge.
SIZES = {
    "garage": (4.2, 0.0, 3.4),
    "cafe": (5.5, 1.0, 2.3),
    "concourse": (3.6, 0.0, 2.6),
    "door": (1.9, 0.0, 2.15),
    "notice": (2.4, 1.0, 2.2),
    "plate": (3.2, 0.9, 2.3),
    "unit": (1.1, 0.9, 2.0),
    "lockers": (3.0, 0.0, 1.9),
    "vending": (2.0, 0.0, 1.85),
}


def features(spec: RinkSpec) -> list[Feature]:
    """Everything in and on the walls; no two overlap."""
    walls = wall_plan(spec)
    ground = [f for number, wall in enumerate(walls) for f in _on_ground(spec, number, wall)]
    upper = [*ground, *_suites(spec, walls)]
    upper += _windows(spec, walls, ground)
    return [*upper, *_high_up(spec, walls, upper)]


def _on_ground(spec: RinkSpec, number: int, wall: Wall) -> list[Feature]:
    """Doors, rooms and boards along one wall, in random order with random gaps between them."""
    rng = np.random.default_rng((spec.texture_seed, 30, number))
    kinds: list[str] = []
    if spec.kind == "arena":
        kinds += ["concourse"] * max(int(wall.length / rng.uniform(11.0, 18.0)), 0)
        kinds += ["plate", "door", "unit", "vending"] * int(wall.length / 25.0)
    else:
        garage, cafe = np.random.default_rng((spec.texture_seed, 31)).integers(0, 2, 2)
        kinds += ["garage"] * int(wall.side == 2 * garage) + ["cafe"] * int(wall.side == 1 + 2 * cafe)
        kinds += ["door"] * int(rng.integers(1, 3)) + ["notice"] * int(rng.integers(1, 3))
        kinds += ["plate"] * int(wall.length / 10.0) + ["unit", "lockers", "vending"] * int(rng.integers(0, 3))
    if wall.side is not None and spec.kind == "arena" and wall.base == 0.0 and wall.side in (0, 2):
        kinds.insert(0, "garage")
    # Whatever does not fit stays away, the last first.
    while kinds and sum(SIZES[kind][0] + 0.6 for kind in kinds) > wall.length - 1.0:
        kinds.pop()
    order = [kinds[i] for i in rng.permutation(len(kinds))]
    room = wall.length - 0.6 - sum(SIZES[kind][0] + 0.6 for kind in order)
    gaps = rng.dirichlet(np.full(len(order) + 1, 2.0)) * room
    made, a = [], 0.6
    for kind, gap in zip(order, gaps[:-1], strict=True):
        width, low, high = SIZES[kind]
        a += float(gap)
        if wall.base + high < wall.top - 0.6:
            made.append(Feature(kind, number, a, a + width, wall.base + low, wall.base + high))
        a += width + 0.6
    return made


def _suites(spec: RinkSpec, walls: list[Wall]) -> list[Feature]:
    """Boxes over an arena's walk along one or both long sides: a row of rooms, if the wall is high enough."""
    rng = np.random.default_rng((spec.texture_seed, 32))
    sides = ((3,), (1,), (1, 3), (0, 1, 3), ())[int(rng.choice(5, p=(0.2, 0.2, 0.3, 0.2, 0.1)))]
    low, high = 3.5, 5.7
    made = []
    for number, wall in enumerate(walls):
        if spec.kind != "arena" or wall.side not in sides or wall.top - wall.base < high + 1.2:
            continue
        width = float(rng.uniform(4.0, 6.5))
        count = int((wall.length - 4.0) / width)
        start = 0.5 * (wall.length - count * width)
        made += [
            Feature(
                "suite", number, start + i * width, start + (i + 1) * width - 0.25, wall.base + low, wall.base + high
            )
            for i in range(count)
        ]
    return made


def _high_up(spec: RinkSpec, walls: list[Wall], taken: list[Feature]) -> list[Feature]:
    """Advertisements over doors and boxes, and now and then the hall's name on one wall, where nothing else is."""
    rng = np.random.default_rng((spec.texture_seed, 39))
    many = rng.uniform(0.15, 0.8)
    named = int(rng.integers(0, len(walls))) if rng.random() < 0.75 else -1
    made: list[Feature] = []

    def add(kind: str, number: int, a: float, width: float, low: float, high: float) -> None:
        wall = walls[number]
        free = all(
            f.wall != number or f.a0 > a + width + 0.3 or f.a1 < a - 0.3 or f.z0 > high + 0.2 or f.z1 < low - 0.35
            for f in [*taken, *made]
        )
        if free and 0.5 < a < wall.length - width - 0.5 and high < wall.top - 1.3:
            made.append(Feature(kind, number, a, a + width, low, high))

    for number, wall in enumerate(walls):
        room = wall.top - wall.base
        if number == named and room > 4.6:
            width, tall = min(0.55 * wall.length, 22.0), float(np.clip(0.2 * room, 0.7, 1.8))
            low = wall.base + 0.5 * room - 0.2
            add("name", number, 0.5 * (wall.length - width), width, low, low + tall)
        low = wall.base + (6.3 if spec.kind == "arena" and room > 9.0 else GROUND + 0.25)
        a = float(rng.uniform(0.8, 5.0))
        while a < wall.length:
            width, tall = float(rng.uniform(2.6, 5.5)), float(rng.uniform(0.8, 1.3))
            if rng.random() < many:
                add("board", number, a, width, low, low + tall)
            a += width + float(rng.uniform(0.4, 3.0))
    return made


def _windows(spec: RinkSpec, walls: list[Wall], ground: list[Feature]) -> list[Feature]:
    """Windows that together are `spec.windows` of all walls, as far as the walls have room for them.

    A band under the ceiling, tall panes, or single windows in a row.
    """
    if spec.windows <= 0.0:
        return []
    rng = np.random.default_rng((spec.texture_seed, 33))
    # Single windows do not add up to much glass.
    style = rng.choice(("band", "tall", "single") if spec.windows <= 0.1 else ("band", "tall"))
    order = [int(i) for i in rng.permutation(2)]
    long, ends = (1, 3) if order[0] else (3, 1), (0, 2) if order[1] else (2, 0)
    turn = {"band": (*long, *ends), "tall": (*ends, *long), "single": (*long, *ends)}[str(style)]
    wanted = spec.windows * sum(wall.length * (wall.top - wall.base) for wall in walls)
    made: list[Feature] = []
    numbers = [next(i for i, wall in enumerate(walls) if wall.side == side) for side in turn]
    pitch = {"band": 3.0, "tall": 3.0, "single": 3.6}[str(style)]
    pane = {"band": 2.9, "tall": 2.4, "single": 2.0}[str(style)]
    for number in numbers:
        wall = walls[number]
        low, high = wall.base + GROUND + 0.1, wall.top - (1.5 if spec.kind == "training" else 2.4)
        if high - low < 1.6:
            low = wall.base + 1.1
        if wall.base > 0.0 and spec.kind == "arena":
            low = max(low, wall.base + 6.0)
        if high - low < 0.5:
            continue
        count = int((wall.length - 2.0) / pitch)
        left = wanted - sum(f.area for f in made)
        if left < 0.5:
            break
        height = high - low
        if style == "band":
            height = float(np.clip(left / (count * pane), 0.5, high - low))
        elif style == "single":
            height = min(1.5, high - low)
        keep = min(count, max(round(left / (pane * height)), 1))
        start = 0.5 * (wall.length - keep * pitch) + 0.5 * (pitch - pane)
        for i in range(keep):
            a = start + i * pitch
            taken = [f for f in ground if f.wall == number and f.a0 < a + pane + 0.2 and f.a1 > a - 0.2]
            if all(f.z1 < high - height for f in taken):
                made.append(Feature("window", number, a, a + pane, high - height, high))
    return made
