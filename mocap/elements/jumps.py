"""The six jumps, from one to four turns."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mocap.elements.anatomy import LEFT, RIGHT, Arm, Leg, Pelvis, Trunk
from mocap.elements.blades import Blade, Contact
from mocap.elements.element import Element, Parameter
from mocap.elements.flight import Flight, Turn
from mocap.elements.ice import Glide, curve_of
from mocap.elements.keyframes import between
from mocap.elements.phrase import Edge, Keys, Moment, Phrase, mirrored
from mocap.elements.poses import (
    ARMS_CLOSE,
    BEHIND,
    COMING_ACROSS,
    CROSSED_OVER,
    DRAWN_BACK,
    DRAWN_UP,
    DRIVING_KNEE,
    HOOKED_IN_FRONT,
    LEADING,
    LOOSELY_CROSSED,
    LOWER_ON_CHEST,
    OPEN,
    OPENING,
    OVERHEAD,
    PASSING,
    REACHING_BACK,
    ROUND_THE_SIDE,
    SCOOPED,
    STRAIGHT_DOWN,
    SWUNG_THROUGH,
    THROWN_UP,
    TRAILING,
    UPPER_ON_CHEST,
)
from mocap.elements.strides import crossover, hold, running_edge, step_forward, stroke, three_turn
from mocap.errors import UserError
from mocap.inertia import GRAVITY

# Frames a second to which take-offs and landings are rounded, so that labels hit them.
_GRID = 60.0
# Seconds of the take-off edge before the take-off, and on the landing edge after the landing, that a jump takes.
_LEAD = 0.9
_AFTER = 0.5
# Share of the entry speed that is left in the air: the spring brakes.
_KEPT = 0.82
# Seconds that a toe pick is in the ice, at an air speed of 3.3 m/s.
_PICK = 0.15

# Metres that the centre of mass rises in jumps of so many turns in all.
_TYPICAL_HEIGHT = ((1.0, 0.26), (2.0, 0.36), (3.0, 0.45), (4.0, 0.56), (4.5, 0.64))
# Turns per second that no skater's flight exceeds on average.
_FASTEST = 6.2


@dataclass(frozen=True)
class Takeoff:
    """How a jump leaves the ice. Keys are in seconds, counted from the take-off: −0.3 is 0.3 s before it.

    Attributes:
        edge: on which it is approached.
        lean: +1 for an edge to the left of the travel, −1 for one to the right.
        pick: the foot whose toe pick lifts it, or None for an edge jump.
        winding: (seconds, share of the flight's angular momentum): how the turn begins on the ice.
        skating: keys of the skating foot up to its last moment on the ice.
        knee, pelvis, trunk, arms, legs: as of `Phrase`.
    """

    edge: Edge
    lean: float
    pick: str | None
    winding: Keys[float]
    skating: Keys[Blade]
    knee: Keys[float]
    pelvis: Keys[Pelvis]
    trunk: Keys[Trunk]
    arms: Mapping[str, Keys[Arm]]
    legs: Mapping[str, Keys[Leg]] = field(default_factory=dict)


# The blade rolls up onto its front and turns with the body.
_OFF_THE_EDGE: Keys[Blade] = (
    (-0.30, Blade()),
    (-0.18, Blade(pressure=0.55, follow=0.5)),
    (-0.08, Blade(pitch=10, pressure=0.7, follow=1.0)),
    (0.00, Blade(pitch=40, pressure=0.9, follow=1.0)),
)
# The blade is left behind while the toe pick of the other foot takes over.
_GIVEN_OVER: Keys[Blade] = (
    (-0.28, Blade()),
    (-0.18, Blade(follow=0.4, ahead=0.02)),
    (-0.11, Blade(load=0.5, ahead=0.12, out=0.06, follow=0.9)),
    (-0.05, Blade(load=0.0, ahead=0.22, out=0.09, pitch=14, pressure=0.8, follow=1.0)),
)
_BACK_TRUNK: Keys[Trunk] = (
    (-0.50, Trunk(bend=2, twist=-24, head_bend=-6)),
    (-0.28, Trunk(bend=8, twist=-20, head_bend=-8)),
    (0.00, Trunk(bend=-2, twist=8, head_turn=10)),
)
_SPRING: Keys[Pelvis] = ((-0.50, Pelvis(tilt=12)), (-0.27, Pelvis(tilt=18)), (0.00, Pelvis(tilt=-2)))

AXEL = Takeoff(
    edge=Edge(LEFT),
    lean=1.0,
    pick=None,
    winding=[(-0.17, 0.0), (-0.02, 1.0)],
    skating=[
        (-0.18, Blade()),
        (-0.08, Blade(pitch=8, pressure=0.65, follow=0.3)),
        (0.00, Blade(pitch=40, pressure=0.9, follow=1.0)),
    ],
    knee=[(-0.50, 58.0), (-0.25, 62.0), (0.0, 30.0)],
    pelvis=[(-0.50, Pelvis(tilt=8)), (-0.25, Pelvis(tilt=20)), (0.00, Pelvis(tilt=-2))],
    trunk=[
        (-0.65, Trunk(bend=2, head_bend=-6)),
        (-0.30, Trunk(bend=8, twist=-10, head_bend=-12, head_turn=12)),
        (0.00, Trunk(bend=-2, twist=6, head_turn=10)),
    ],
    arms={
        LEFT: [(-0.65, OPEN), (-0.32, DRAWN_BACK), (-0.04, THROWN_UP)],
        RIGHT: [(-0.65, OPEN), (-0.32, DRAWN_BACK), (-0.04, THROWN_UP)],
    },
    legs={RIGHT: [(-0.45, BEHIND), (-0.26, BEHIND), (-0.13, PASSING), (-0.01, DRIVING_KNEE)]},
)

SALCHOW = Takeoff(
    edge=Edge(LEFT, backward=True),
    lean=1.0,
    pick=None,
    winding=[(-0.42, 0.0), (-0.22, 0.45), (-0.02, 1.0)],
    skating=_OFF_THE_EDGE,
    knee=[(-0.50, 52.0), (-0.27, 62.0), (0.0, 28.0)],
    pelvis=_SPRING,
    trunk=_BACK_TRUNK,
    arms={
        LEFT: [(-0.50, LEADING), (-0.22, SCOOPED), (-0.02, THROWN_UP)],
        RIGHT: [(-0.50, TRAILING), (-0.24, SCOOPED), (-0.02, THROWN_UP)],
    },
    legs={RIGHT: [(-0.55, BEHIND), (-0.36, BEHIND), (-0.18, ROUND_THE_SIDE), (-0.01, SWUNG_THROUGH)]},
)

LOOP = Takeoff(
    edge=Edge(RIGHT, backward=True),
    lean=1.0,
    pick=None,
    winding=[(-0.42, 0.0), (-0.22, 0.4), (-0.02, 1.0)],
    skating=_OFF_THE_EDGE,
    knee=[(-0.60, 56.0), (-0.28, 74.0), (0.0, 28.0)],
    pelvis=[(-0.50, Pelvis(tilt=18)), (-0.27, Pelvis(tilt=26)), (0.00, Pelvis(tilt=-2))],
    trunk=_BACK_TRUNK,
    arms={
        LEFT: [(-0.50, LEADING), (-0.26, LEADING), (-0.02, THROWN_UP)],
        RIGHT: [(-0.50, TRAILING), (-0.26, TRAILING), (-0.02, THROWN_UP)],
    },
    legs={LEFT: [(-0.60, HOOKED_IN_FRONT), (-0.25, HOOKED_IN_FRONT), (-0.01, DRAWN_UP)]},
)

TOE_LOOP = Takeoff(
    edge=Edge(RIGHT, backward=True),
    lean=1.0,
    pick=LEFT,
    winding=[(-0.32, 0.0), (-0.14, 0.5), (-0.02, 1.0)],
    skating=_GIVEN_OVER,
    knee=[(-0.50, 50.0), (-0.24, 60.0), (-0.14, 54.0), (0.0, 22.0)],
    pelvis=_SPRING,
    trunk=_BACK_TRUNK,
    arms={
        LEFT: [(-0.50, LEADING), (-0.26, LEADING), (-0.02, THROWN_UP)],
        RIGHT: [(-0.50, TRAILING), (-0.26, TRAILING), (-0.02, THROWN_UP)],
    },
    legs={
        LEFT: [(-0.55, BEHIND), (-0.30, REACHING_BACK)],
        RIGHT: [(0.02, SWUNG_THROUGH)],
    },
)

FLIP = Takeoff(
    edge=Edge(LEFT, backward=True),
    lean=1.0,
    pick=RIGHT,
    winding=[(-0.22, 0.0), (-0.10, 0.4), (-0.01, 1.0)],
    skating=_GIVEN_OVER,
    knee=[(-0.50, 50.0), (-0.24, 60.0), (-0.14, 54.0), (0.0, 22.0)],
    pelvis=_SPRING,
    trunk=_BACK_TRUNK,
    arms={
        LEFT: [(-0.50, LEADING), (-0.26, LEADING), (-0.02, THROWN_UP)],
        RIGHT: [(-0.50, TRAILING), (-0.26, TRAILING), (-0.02, THROWN_UP)],
    },
    legs={
        RIGHT: [(-0.55, BEHIND), (-0.30, REACHING_BACK)],
        LEFT: [(0.03, DRAWN_UP)],
    },
)

LUTZ = Takeoff(**{**vars(FLIP), "lean": -1.0})


def _air_time(height: float) -> float:
    """Seconds of free fall up by `height` metres and down again, in whole frames."""
    return round(math.sqrt(8.0 * height / GRAVITY) * _GRID) / _GRID


def _jump(name: str, takeoff: Takeoff, turns: float, height: float, speed: float, arms: int) -> Phrase:
    """The take-off edge, the spring, the flight and the landing."""
    off = _LEAD
    on = off + _air_time(height)
    air_speed = _KEPT * speed
    tight = min(1.0, max(0.0, turns - 1.0))
    first_in, last_in = off + 0.16, on - 0.12
    side = takeoff.edge.side
    curve = curve_of(10.0 * takeoff.lean, speed)

    def before(keys: Keys) -> list:
        return [(off + t, value) for t, value in keys]

    contacts = [
        Contact(side, takeoff.edge.backward, [(0.0, Blade()), *before(takeoff.skating)], leave=0.16),
        Contact(
            RIGHT,
            backward=True,
            keys=[
                (on, Blade(pitch=42, pressure=0.9, follow=1.0)),
                (on + 0.10, Blade(pitch=4, pressure=0.65, follow=0.7)),
                (on + 0.26, Blade()),
                (on + _AFTER, Blade()),
            ],
            reach=0.16,
        ),
    ]
    if takeoff.pick:
        contacts.append(_toe_pick(takeoff.pick, off, _PICK * min(1.3, 3.3 / air_speed)))
    left_leg, right_leg = (before(takeoff.legs.get(s, ())) for s in (LEFT, RIGHT))
    across = between(LOOSELY_CROSSED, CROSSED_OVER, tight)
    in_air = _arms_in_air(arms, tight)
    return Phrase(
        duration=on + _AFTER,
        begins=takeoff.edge,
        ends=Edge(RIGHT, backward=True),
        glide=[
            (off - 0.45, Glide(speed, curve)),
            (off - 0.20, Glide(0.93 * speed, 0.8 * curve)),
            (off - 0.06, Glide(1.03 * air_speed, 0.0)),
            (off - 0.02, Glide(air_speed, 0.0)),
            (on + 0.02, Glide(air_speed, 0.0)),
            (on + _AFTER, Glide(0.93 * air_speed, curve_of(9.0, 0.93 * air_speed))),
        ],
        turns=[Turn(turns, [*before(takeoff.winding), (on, 1.0), (on + 0.14, 0.0)])],
        contacts=contacts,
        flights=[Flight(push=off - 0.23, takeoff=off, landing=on, settled=on + 0.26)],
        knee=[*before(takeoff.knee), (on, 20.0), (on + 0.26, 66.0), (on + _AFTER, 60.0)],
        pelvis=[
            *before(takeoff.pelvis),
            (off + 0.20, Pelvis()),
            (on - 0.10, Pelvis()),
            (on + 0.05, Pelvis(tilt=8)),
            (on + 0.30, Pelvis(tilt=25, hike=-4, turn=6)),
        ],
        trunk=[
            *before(takeoff.trunk),
            (off + 0.20, Trunk(head_turn=18)),
            (on - 0.12, Trunk(head_turn=14)),
            (on + 0.14, Trunk(bend=2, twist=-14, head_bend=-10, head_turn=6)),
            (on + 0.40, Trunk(bend=-8, lean=3, twist=-12, head_bend=-10, head_lean=2, head_turn=4)),
        ],
        arms={
            LEFT: [
                *before(takeoff.arms[LEFT]),
                (first_in, in_air[LEFT]),
                (last_in, in_air[LEFT]),
                (on + 0.22, LEADING),
            ],
            RIGHT: [
                *before(takeoff.arms[RIGHT]),
                (first_in, in_air[RIGHT]),
                (last_in, in_air[RIGHT]),
                (on + 0.22, OPEN),
            ],
        },
        legs={
            LEFT: [
                *left_leg,
                (off + 0.16, COMING_ACROSS),
                (off + 0.27, across),
                (on - 0.10, across),
                (on + 0.03, OPENING),
                (on + 0.17, ROUND_THE_SIDE),
                (on + 0.38, BEHIND),
            ],
            RIGHT: [*right_leg, (off + 0.17, STRAIGHT_DOWN), (on, STRAIGHT_DOWN)],
        },
        moments=[
            Moment("step", f"{name} take-off edge", off - 0.6, off),
            Moment("jump", name, off, on, turns),
            Moment("glide", "right back outside running edge", on, on + _AFTER),
        ],
    )


def _toe_pick(side: str, off: float, seconds: float) -> Contact:
    """The toe pick of the free foot: reached back onto the ice, held by it while the body comes over it."""
    return Contact(
        side,
        backward=True,
        keys=[
            (off - seconds, Blade(load=0.0, pitch=52, pressure=1.0, follow=1.0)),
            (off - 0.07, Blade(load=0.8, pitch=52, pressure=1.0, follow=1.0)),
            (off, Blade(load=1.0, out=0.08 if side == RIGHT else 0.0, pitch=46, pressure=1.0, follow=1.0)),
        ],
        reach=0.14,
        leave=0.20,
        planted=True,
    )


def _arms_in_air(arms: int, tight: float) -> Mapping[str, Arm]:
    chest = {
        LEFT: between(ARMS_CLOSE, UPPER_ON_CHEST, tight),
        RIGHT: between(ARMS_CLOSE, LOWER_ON_CHEST, tight),
    }
    if arms == 1:
        return {**chest, LEFT: OVERHEAD}
    if arms == 2:
        return dict.fromkeys((LEFT, RIGHT), OVERHEAD)
    return chest


Entry = Callable[[float], Sequence[Phrase]]


def _from_left_three(speed: float) -> Sequence[Phrase]:
    return [stroke(LEFT, speed, 6.0), three_turn(LEFT, speed, 8.0)]


def _from_right_three(speed: float) -> Sequence[Phrase]:
    return [stroke(RIGHT, speed, -5.0), three_turn(RIGHT, speed, 8.0)]


def _from_back_crossover(speed: float) -> Sequence[Phrase]:
    return [crossover(RIGHT, True, speed, 10.0)]


def _from_long_outside_edge(speed: float) -> Sequence[Phrase]:
    return [mirrored(crossover(RIGHT, True, speed, 9.0)), hold(LEFT, True, speed, -8.0, 0.7, twist=-20.0)]


def _from_step_forward(speed: float) -> Sequence[Phrase]:
    return [hold(RIGHT, True, speed, 9.0, 0.8), step_forward(speed, 8.0)]


def _element(name: str, takeoff: Takeoff, entry: Entry, extra: float, speed_out: float) -> Element:
    """A jump as an element: its entry, the jump, the running edge. `extra` turns come on top of the whole ones."""

    def build(values: Mapping[str, float]) -> Sequence[Phrase]:
        turns = values["turns"]
        height = values.get("height", float(np.interp(turns + extra, *zip(*_TYPICAL_HEIGHT, strict=True))))
        needed = (turns + extra - 0.6) / _air_time(height)
        if needed > _FASTEST:
            least = GRAVITY / 8.0 * ((turns + extra - 0.6) / _FASTEST) ** 2
            raise UserError(
                f"a {name} of {turns + extra:g} turns that rises {height:g} m would turn {needed:.1f} times a second",
                place="element",
                mend=f"Give it at least {math.ceil(100 * least) / 100:g} m of height.",
            )
        speed = values["speed"]
        jump = _jump(name, takeoff, turns + extra, height, speed_out * speed, round(values["arms"]))
        out = 0.90 * _KEPT * speed_out * speed
        return [*entry(speed), jump, running_edge(out, 10.0, 1.4)]

    return Element(
        name,
        {
            "turns": Parameter(
                2, 1, 4, "whole turns" + (", to which half a turn is added" if extra else ""), whole=True
            ),
            "height": Parameter(None, 0.20, 0.70, "metres that the centre of mass rises; more turns rise higher"),
            "speed": Parameter(4.2, 3.0, 5.5, "metres per second at the entry"),
            "arms": Parameter(0, 0, 2, "in the air: 0 on the chest, 1 one overhead, 2 both overhead", whole=True),
        },
        build,
    )


ELEMENTS: tuple[Element, ...] = (
    _element("toe loop", TOE_LOOP, _from_right_three, 0.0, 0.9),
    _element("salchow", SALCHOW, _from_left_three, 0.0, 0.9),
    _element("loop", LOOP, _from_back_crossover, 0.0, 1.0),
    _element("flip", FLIP, _from_left_three, 0.0, 0.9),
    _element("lutz", LUTZ, _from_long_outside_edge, 0.0, 1.0),
    _element("axel", AXEL, _from_step_forward, 0.5, 1.0),
)
