"""The six jumps, from one to four turns, landed on the right back outside edge.

Figures that the jumps keep to, and where they are from:

- Time in the air: 0.37 s at least for a double Lutz, 0.47 s for a double Axel (T. Laak, "Are figure skaters
  projectiles?", 2007, from the video of hundreds of jumps); 0.5 to 0.7 s in quadruple toe loops, about 0.46 m high
  (D. L. King, of the 2002 Olympics); under two thirds of a second and 0.46 to 0.51 m in quadruple jumps
  (J. Richards, 2017 and 2018).
- Turns come from turning faster more than from flying longer: King, Arnold and Smith, "A kinematic comparison of
  single, double and triple Axels", Journal of Applied Biomechanics 10 (1994); King et al., "Characteristics of triple
  and quadruple toe-loops", Sports Biomechanics 3 (2004), where time in the air and vertical speed rise as well.
- Fastest turning, in turns per second: 2.4 to 3.6 in single, 4.1 to 4.5 in double, 4.6 to 5.4 in triple Axels (King,
  Arnold and Smith, five men); 5.7 on average and up to 6.7 in quadruple jumps (Richards, 2018).
- More turns, more height: a junior's double and triple Axels rose 19 % and more above his single one (Mazurkiewicz,
  Iwańska and Urbanik, "Biomechanics of the Axel Paulsen jump", Polish Journal of Sport and Tourism 25 (2018)).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from mocap.elements.anatomy import Arm, Leg, Pelvis, Trunk
from mocap.elements.blades import Blade, Contact
from mocap.elements.element import RATE, Element, Parameter
from mocap.elements.flight import Flight, Turn
from mocap.elements.ice import Glide, curve_of
from mocap.elements.keyframes import between
from mocap.elements.phrase import Edge, Keys, Moment, Phrase, mirrored
from mocap.elements.poses import (
    ARMS_CLOSE,
    BEHIND,
    COMING_ACROSS,
    CROSSED_OVER,
    LEADING,
    LOOSELY_CROSSED,
    LOWER_ON_CHEST,
    OPEN,
    OPENING,
    OVERHEAD,
    ROUND_THE_SIDE,
    STRAIGHT_DOWN,
    UPPER_ON_CHEST,
)
from mocap.elements.strides import crossover, edge_name, hold, running_edge, step_forward, stroke, three_turn
from mocap.elements.takeoffs import AXEL, FLIP, LOOP, LUTZ, SALCHOW, TOE_LOOP, Takeoff
from mocap.errors import UserError
from mocap.inertia import GRAVITY
from mocap.skeleton import LEFT, RIGHT, SIDES

_T = TypeVar("_T")

# Seconds of the take-off edge that a jump begins with, and of the landing edge that it ends with.
_LEAD = 0.9
_AFTER = 0.5
# Share of the entry's speed that is left in the air, and of that, after the landing.
_KEPT_BY_SPRING = 0.82
_KEPT_BY_LANDING = 0.93
# Metres that the body comes over its toe pick, and the longest that this may take, in seconds.
_OVER_THE_PICK = 0.42
_LONGEST_PICK = 0.2
# Metres that the centre of mass rises in jumps of so many turns.
_TYPICAL_HEIGHT = {1.0: 0.26, 2.0: 0.36, 3.0: 0.45, 4.0: 0.53, 4.5: 0.62}
# Metres that the centre of mass is lower at touch-down, arms in, than at take-off, arms and free leg up.
_LOWER_AT_LANDING = 0.04
# Turns that are made on the ice, before take-off and after landing; turns per second that no one exceeds on average.
_ON_THE_ICE = 0.6
_FASTEST = 6.2


@dataclass(frozen=True)
class Air:
    """What is done in the air.

    Attributes:
        turns: in all, with those begun and ended on the ice.
        seconds: from take-off to landing.
        arms: how they are held, by side.
        across: the left leg, over the right one, which is the axis.
    """

    turns: float
    seconds: float
    arms: Mapping[str, Arm]
    across: Leg


def _jump(name: str, takeoff: Takeoff, air: Air, speed: float) -> Phrase:
    """The take-off edge, the spring, the flight, and the landing as far as the knee gives."""
    off = _LEAD
    on = off + air.seconds
    in_air = _KEPT_BY_SPRING * speed
    out = _KEPT_BY_LANDING * in_air
    edge, lean = takeoff.edge, takeoff.lean
    arms = {side: [(off + 0.16, air.arms[side]), (on - 0.13, air.arms[side])] for side in SIDES}
    contacts = [
        Contact(edge.side, edge.backward, [(0.0, Blade()), *_from(off, takeoff.blade)], leave=0.16),
        _touch_down(on),
    ]
    if takeoff.pick is not None:
        contacts.append(_toe_pick(takeoff.pick, off, min(_LONGEST_PICK, _OVER_THE_PICK / in_air)))
    return Phrase(
        duration=on + _AFTER,
        begins=edge,
        ends=Edge(RIGHT, backward=True),
        glide=[
            (off - 0.45, Glide(speed, curve_of(lean, speed))),
            (off - 0.20, Glide(0.93 * speed, curve_of(0.8 * lean, speed))),
            (off - 0.06, Glide(1.03 * in_air, 0.0)),
            (off - 0.02, Glide(in_air, 0.0)),
            (on + 0.02, Glide(in_air, 0.0)),
            (on + _AFTER, Glide(out, curve_of(9.0, out))),
        ],
        turns=[Turn(air.turns, [*_from(off, takeoff.winding), (on, 1.0), (on + 0.11, 0.0)])],
        contacts=contacts,
        flights=[Flight(push=off - 0.22, takeoff=off, landing=on, settled=on + 0.26)],
        knee=[*_from(off, takeoff.knee), (on, 32.0), (on + 0.26, 66.0), (on + _AFTER, 60.0)],
        pelvis=[
            *_from(off, takeoff.pelvis),
            (off + 0.20, Pelvis()),
            (on - 0.10, Pelvis()),
            (on + 0.05, Pelvis(tilt=8)),
            (on + 0.30, Pelvis(tilt=25, hike=-4, turn=6)),
        ],
        trunk=[
            *_from(off, takeoff.trunk),
            (off + 0.20, Trunk(head_turn=18)),
            (on - 0.12, Trunk(head_turn=14)),
            (on + 0.14, Trunk(bend=2, twist=-14, head_bend=-10, head_turn=6)),
            (on + 0.40, Trunk(bend=-8, lean=3, twist=-12, head_bend=-10, head_lean=2, head_turn=4)),
        ],
        arms={
            LEFT: [*_from(off, takeoff.arms[LEFT]), *arms[LEFT], (on + 0.22, LEADING)],
            RIGHT: [*_from(off, takeoff.arms[RIGHT]), *arms[RIGHT], (on + 0.22, OPEN)],
        },
        legs={
            LEFT: [
                *_from(off, takeoff.legs.get(LEFT, ())),
                (off + 0.16, COMING_ACROSS),
                (off + 0.27, air.across),
                (on - 0.10, air.across),
                (on + 0.03, OPENING),
                (on + 0.17, ROUND_THE_SIDE),
                (on + 0.38, BEHIND),
            ],
            RIGHT: [*_from(off, takeoff.legs.get(RIGHT, ())), (off + 0.17, STRAIGHT_DOWN), (on, STRAIGHT_DOWN)],
        },
        moments=[
            Moment("glide", edge_name(edge.side, edge.backward, lean), 0.0, off - 0.3),
            Moment("step", f"{name} take-off", off - 0.3, off),
            Moment("jump", name, off, on, air.turns),
        ],
    )


def _from(second: float, keys: Keys[_T]) -> list[tuple[float, _T]]:
    """Keys that are counted from `second`."""
    return [(second + t, value) for t, value in keys]


def _toe_pick(side: str, off: float, seconds: float) -> Contact:
    """The toe pick of the free foot: reached back onto the ice, it stays while the body comes over it."""
    return Contact(
        side,
        backward=True,
        keys=[
            (off - seconds, Blade(load=0.0, pitch=48, pressure=1.0, follow=1.0)),
            (off - 0.07, Blade(load=0.8, pitch=48, pressure=1.0, follow=1.0)),
            # Passed by the body on the right foot, which else would have to reach across the left.
            (off, Blade(load=1.0, out=0.08 if side == RIGHT else 0.0, pitch=60, pressure=1.0, follow=1.0)),
        ],
        reach=0.14,
        leave=0.20,
        planted=True,
    )


def _touch_down(on: float) -> Contact:
    """The landing: on the front of the blade, still turning, then down onto the back outside edge."""
    return Contact(
        RIGHT,
        backward=True,
        keys=[
            (on, Blade(pitch=48, pressure=0.9, follow=1.0)),
            (on + 0.04, Blade(pitch=27, pressure=0.8, follow=0.95)),
            (on + 0.10, Blade(pitch=4, pressure=0.65, follow=0.7)),
            (on + 0.26, Blade()),
            (on + _AFTER, Blade()),
        ],
        reach=0.16,
    )


def _air_time(rise: float) -> float:
    """Seconds from take-off to landing of a jump that rises by `rise` metres, in whole frames: both ends are labels."""
    up, down = (math.sqrt(2.0 * way / GRAVITY) for way in (rise, rise + _LOWER_AT_LANDING))
    return round((up + down) * RATE) / RATE


def _air(name: str, turns: float, height: float | None, overhead: int) -> Air:
    """The flight of a jump that rises by `height` metres, or as high as usual; `overhead` is how many arms are raised.

    Raises:
        UserError: the flight is too short for that many turns.
    """
    usual = float(np.interp(turns, list(_TYPICAL_HEIGHT), list(_TYPICAL_HEIGHT.values())))
    rise = usual if height is None else height
    seconds = _air_time(rise)
    shortest = (turns - _ON_THE_ICE) / _FASTEST
    if seconds < shortest:
        raise UserError(
            f"{turns:g} turns do not fit into the {seconds:.2f} s of a {name} that rises by {rise:g} m",
            place="element",
            mend=f"Give it a height of {math.ceil(100.0 * GRAVITY / 8.0 * shortest**2) / 100.0:g} or more.",
        )
    # A single jump needs no more than a narrow body; more turns ask for a tight one.
    tight = min(1.0, turns - 1.0)
    arms = {
        LEFT: between(ARMS_CLOSE, UPPER_ON_CHEST, tight),
        RIGHT: between(ARMS_CLOSE, LOWER_ON_CHEST, tight),
    }
    raised = dict.fromkeys(SIDES[:overhead], OVERHEAD)
    return Air(turns, seconds, {**arms, **raised}, between(LOOSELY_CROSSED, CROSSED_OVER, tight))


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


def _element(
    name: str, takeoff: Takeoff, entry: Callable[[float], Sequence[Phrase]], kept: float, half: bool = False
) -> Element:
    """A jump with its entry, which keeps this share of the speed, and its running edge; `half` a turn on top."""

    def build(values: Mapping[str, float]) -> Sequence[Phrase]:
        speed = kept * values["speed"]
        turns = values["turns"] + (0.5 if half else 0.0)
        air = _air(name, turns, values.get("height"), round(values["arms"]))
        out = _KEPT_BY_LANDING * _KEPT_BY_SPRING * speed
        return [
            *entry(values["speed"]),
            _jump(name, takeoff, air, speed),
            running_edge(out, 10.0, seconds=1.4, since=_AFTER),
        ]

    return Element(
        name,
        {
            "turns": Parameter(
                2, 1, 4, "whole turns" + (", to which the Axel's half is added" if half else ""), whole=True
            ),
            "height": Parameter(
                None, 0.20, 0.70, "metres that the centre of mass rises, by default more for more turns"
            ),
            "speed": Parameter(4.2, 3.0, 5.5, "metres per second at the entry"),
            "arms": Parameter(0, 0, 2, "raised overhead in the air: none, the left one, both", whole=True),
        },
        build,
    )


ELEMENTS: tuple[Element, ...] = (
    _element("toe loop", TOE_LOOP, _from_right_three, kept=0.9),
    _element("salchow", SALCHOW, _from_left_three, kept=0.9),
    _element("loop", LOOP, _from_back_crossover, kept=1.0),
    _element("flip", FLIP, _from_left_three, kept=0.9),
    _element("lutz", LUTZ, _from_long_outside_edge, kept=1.0),
    _element("axel", AXEL, _from_step_forward, kept=1.0, half=True),
)
