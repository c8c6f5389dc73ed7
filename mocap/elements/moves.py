"""What carries a skater over the ice between jumps and spins: strokes, crossovers, the three-turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mocap.elements.element import Element, Parameter
from mocap.elements.phrase import Phrase
from mocap.elements.strides import crossover, hold, stroke, three_turn
from mocap.skeleton import LEFT, RIGHT

_SPEED = Parameter(4.0, 3.0, 5.5, "metres per second")


def _stroking(values: Mapping[str, float]) -> Sequence[Phrase]:
    feet = (RIGHT, LEFT)
    return [
        stroke(feet[k % 2], values["speed"], values["edge"], depth=values["knee"])
        for k in range(int(values["strokes"]))
    ]


def _forward_crossovers(values: Mapping[str, float]) -> Sequence[Phrase]:
    speed, edge = values["speed"], values["edge"]
    steps = [crossover(LEFT, False, speed, edge)] * int(values["crossovers"])
    return [stroke(LEFT, speed, 0.4 * edge), *steps, hold(LEFT, False, speed, edge, 0.9)]


def _back_crossovers(values: Mapping[str, float]) -> Sequence[Phrase]:
    speed, edge = values["speed"], values["edge"]
    steps = [crossover(RIGHT, True, speed, edge)] * int(values["crossovers"])
    return [hold(RIGHT, True, speed, edge, 0.6), *steps, hold(RIGHT, True, speed, edge, 0.9)]


def _three_turn(values: Mapping[str, float]) -> Sequence[Phrase]:
    speed, edge = values["speed"], values["edge"]
    return [
        stroke(RIGHT, speed, 5.0),
        stroke(LEFT, speed, 0.6 * edge),
        hold(LEFT, False, speed, edge, 0.6),
        three_turn(LEFT, speed, edge),
        hold(LEFT, True, 0.88 * speed, edge, 1.0, twist=-20.0),
    ]


ELEMENTS: tuple[Element, ...] = (
    Element(
        "stroking",
        {
            "speed": _SPEED,
            "strokes": Parameter(6, 2, 9, "how many", whole=True),
            "edge": Parameter(8.0, 3.0, 14.0, "degrees of lean over the outside edge of each stroke"),
            "knee": Parameter(58.0, 46.0, 66.0, "degrees that the skating knee bends"),
        },
        _stroking,
    ),
    Element(
        "forward crossovers",
        {
            "speed": _SPEED,
            "crossovers": Parameter(3, 1, 4, "how many", whole=True),
            "edge": Parameter(12.0, 7.0, 18.0, "degrees of lean into the circle"),
        },
        _forward_crossovers,
    ),
    Element(
        "back crossovers",
        {
            "speed": _SPEED,
            "crossovers": Parameter(3, 1, 4, "how many", whole=True),
            "edge": Parameter(12.0, 7.0, 18.0, "degrees of lean into the circle"),
        },
        _back_crossovers,
    ),
    Element(
        "three-turn",
        {"speed": Parameter(3.5, 2.0, 5.0, "metres per second"), "edge": Parameter(9.0, 4.0, 14.0, "degrees of lean")},
        _three_turn,
    ),
)
