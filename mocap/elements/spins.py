"""Spins: upright, sit, camel, layback and Biellmann.

All of them are forward spins to the left: from the right back outside edge a step onto a deepening left forward outside
edge, a hook into the centre, the position over the front third of the left blade, and out onto the right back outside
edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mocap.elements.anatomy import LEFT, RIGHT, SIDES, Arm, Leg, Pelvis, Trunk
from mocap.elements.blades import Blade, Contact
from mocap.elements.element import Element, Parameter
from mocap.elements.flight import Turn
from mocap.elements.holds import Hold
from mocap.elements.ice import Glide
from mocap.elements.phrase import Edge, Keys, Moment, Phrase
from mocap.elements.poses import (
    BEHIND,
    BEHIND_HIGH,
    BESIDE,
    LEADING,
    OPEN,
    ROUND_THE_SIDE,
    SIDE_FRONT_LOW,
    STEPPING_IN,
    SWINGING_ROUND,
    TRAILING,
    WIDE,
)
from mocap.elements.spin_poses import (
    ARRIVING,
    ATTITUDE,
    BIELLMANN,
    BIELLMANN_CATCH,
    BIELLMANN_DRAWN,
    BLADE_GRIPS,
    CAMEL,
    CAMEL_RISING,
    LAYBACK,
    RISEN,
    SIT,
    UPRIGHT,
    UPRIGHT_AT_KNEE,
    UPRIGHT_OPEN,
    Position,
)

EDGE = Edge(RIGHT, backward=True)

# Seconds from the beginning of the entry to the centre, and from the last turn to the end of the exit.
_ENTRY, _EXIT = 2.15, 1.85
# Turns between facing along the entry's edge and the first one that counts, and between the last one and the exit edge.
_HOOK, _CHECK = 0.25, 0.25
# Metres a second: the entry that the entry's keys are written for.
_ENTRY_SPEED = 3.0


@dataclass(frozen=True)
class Spin:
    """A spin between its entry and its exit.

    Attributes:
        name: as a coach says it.
        swing: the free leg from the entry edge to the centre, in seconds before it (negative).
        into: (seconds from the centre, position); the last one is held.
        out_of: (seconds before the last turn's end, negative, position); between them and `into` the position is held.
        left: share of the angular momentum that is left at the end, when the blade has been pressed into the ice.
    """

    name: str
    swing: Keys[Leg]
    into: Keys[Position]
    out_of: Keys[Position]
    left: float = 0.6


def build(spin: Spin, turns: float, rate: float, speed: float) -> Sequence[Phrase]:
    """Entry, spin and exit.

    Args:
        spin: which one.
        turns: how many; whole ones.
        rate: turns a second, on average from the centre to the last turn.
        speed: metres a second on the entry edge.
    """
    whole = round(turns)
    settled, release = spin.into[-1][0], -spin.out_of[0][0]
    duration = round(60.0 * whole / rate) / 60.0
    hurry = min(1.0, 0.9 * duration / (settled + release))
    positions = [
        *((t * hurry, position) for t, position in spin.into),
        *((duration + t * hurry, position) for t, position in spin.out_of),
        (duration, RISEN),
    ]
    centre = Phrase(
        duration=duration,
        begins=Edge(LEFT),
        ends=Edge(LEFT),
        glide=((0.12, Glide(0.0, 0.0)), (duration, Glide(0.0, 0.0))),
        contacts=(
            Contact(
                LEFT,
                backward=False,
                keys=[(t, Blade(pitch=p.pitch, pressure=p.pressure, follow=1.0)) for t, p in positions],
            ),
        ),
        knee=[(t, p.knee) for t, p in positions],
        pelvis=[(t, p.pelvis) for t, p in positions],
        trunk=[(t, p.trunk) for t, p in positions],
        arms={side: [(t, p.arms[side]) for t, p in positions] for side in SIDES},
        legs={RIGHT: [(t, p.free) for t, p in positions]},
        holds=[
            Hold(side, f"{RIGHT}Foot", BLADE_GRIPS[side], [(t, p.holding.get(side, 0.0)) for t, p in positions])
            for side in SIDES
            if any(side in p.holding for _, p in positions)
        ],
        turns=(
            Turn(
                _HOOK + whole + _CHECK,
                (
                    (-0.45, 0.0),
                    (0.10, 1.0),
                    (duration - hurry * release - 0.3, 0.9),
                    (duration - 0.3 * hurry * release, spin.left),
                    (duration + 0.25, 0.0),
                ),
                reached=((0.0, _HOOK), (duration, _HOOK + whole)),
            ),
        ),
        moments=(Moment("spin", spin.name, 0.0, duration, float(whole)),),
    )
    return _entry(spin, speed), centre, _exit()


def _entry(spin: Spin, speed: float) -> Phrase:
    """Right back outside edge, the step onto the left forward outside edge, and the hook that ends over the centre."""
    pace = speed / _ENTRY_SPEED
    glide = (
        (0.0, 3.0, 5.0),
        (0.70, 2.8, 4.5),
        (1.10, 2.7, 6.0),
        (1.45, 2.5, 3.0),
        (1.85, 1.5, 1.0),
        (2.08, 0.3, 0.5),
        (2.15, 0.1, 0.5),
    )
    return Phrase(
        duration=_ENTRY,
        begins=EDGE,
        ends=Edge(LEFT),
        glide=[(t, Glide(pace * v, 1.0 / (pace * radius))) for t, v, radius in glide],
        contacts=(
            Contact(
                RIGHT,
                backward=True,
                keys=(
                    (0.0, Blade()),
                    (0.80, Blade()),
                    (0.90, Blade(follow=0.08)),
                    (1.04, Blade(load=0.5, ahead=-0.06, out=0.10, follow=0.75)),
                    (1.16, Blade(load=0.0, ahead=-0.12, out=0.20, pitch=12, pressure=0.8, follow=1.0)),
                ),
            ),
            Contact(
                LEFT,
                backward=False,
                keys=(
                    (0.90, Blade(load=0.0, ahead=0.08, out=0.25, follow=0.68)),
                    (1.04, Blade(load=0.5, ahead=0.06, out=0.10, follow=0.42)),
                    (1.18, Blade(load=1.0, follow=0.12)),
                    (1.40, Blade(load=1.0, follow=0.0)),
                    (1.80, Blade(load=1.0, follow=0.0)),
                    (_ENTRY, Blade(load=1.0, pitch=3, pressure=0.74, follow=1.0)),
                ),
            ),
        ),
        knee=((0.0, 54.0), (0.65, 44.0), (1.00, 48.0), (1.25, 58.0), (1.70, 56.0)),
        pelvis=(
            (0.0, Pelvis(tilt=22, hike=-4, turn=6)),
            (0.60, Pelvis(tilt=18, hike=-4, turn=6)),
            (1.05, Pelvis(tilt=10)),
            (1.40, Pelvis(tilt=16)),
        ),
        trunk=(
            (0.0, Trunk(bend=-9, lean=4, twist=-9, head_bend=-8, head_lean=3, head_turn=4)),
            (0.30, Trunk(bend=-10, lean=6, twist=-6, head_bend=-6, head_lean=4)),
            (0.70, Trunk(bend=-4, twist=10, head_bend=-8, head_turn=20)),
            (1.10, Trunk(bend=0, twist=4, head_bend=-6, head_turn=14)),
            (1.50, Trunk(bend=2, twist=-12, head_bend=-8, head_turn=12)),
        ),
        arms={
            LEFT: ((0.0, LEADING), (0.3, WIDE), (0.7, TRAILING), (1.1, OPEN), (1.6, LEADING)),
            RIGHT: ((0.0, OPEN), (0.3, WIDE), (0.7, LEADING), (1.1, OPEN), (1.6, TRAILING)),
        },
        legs={
            LEFT: ((0.0, BEHIND), (0.48, BEHIND_HIGH), (0.72, STEPPING_IN), (0.90, BESIDE)),
            RIGHT: ((1.20, BEHIND), (1.50, BEHIND), *((_ENTRY + t, leg) for t, leg in spin.swing)),
        },
        turns=(Turn(0.5, ((0.56, 0.0), (0.96, 1.0), (1.34, 0.0))),),
        moments=(
            Moment("glide", "right back outside edge", 0.0, 0.88),
            Moment("step", "step forward onto the left outside edge", 0.88, _ENTRY),
        ),
    )


def _exit() -> Phrase:
    """The step onto the right foot and the back outside edge that it glides out on."""
    return Phrase(
        duration=_EXIT,
        begins=Edge(LEFT),
        ends=EDGE,
        glide=((0.05, Glide(0.02, 0.0)), (0.40, Glide(1.3, 0.1)), (0.60, Glide(1.8, 0.3)), (_EXIT, Glide(1.7, 0.35))),
        contacts=(
            Contact(
                LEFT,
                backward=False,
                keys=(
                    (0.0, Blade(load=1.0, pitch=3, pressure=0.74, follow=1.0)),
                    (0.13, Blade(load=0.5, out=0.07, follow=1.0)),
                    (0.25, Blade(load=0.0, out=0.18, ahead=0.08, edge=8, follow=1.0)),
                    (0.37, Blade(load=0.0, out=0.26, ahead=0.20, edge=12, pitch=6, follow=1.0)),
                ),
            ),
            Contact(
                RIGHT,
                backward=True,
                keys=(
                    (0.0, Blade(load=0.0, out=0.14, follow=1.0)),
                    (0.13, Blade(load=0.5, out=0.07, follow=1.0)),
                    (0.25, Blade(load=1.0, follow=0.8)),
                    (0.45, Blade(load=1.0, follow=0.0)),
                    (_EXIT, Blade(load=1.0)),
                ),
            ),
        ),
        knee=((0.20, 50.0), (0.55, 54.0), (1.20, 42.0), (_EXIT, 40.0)),
        pelvis=((0.25, Pelvis(tilt=12)), (0.60, Pelvis(tilt=18)), (_EXIT, Pelvis(tilt=20, hike=-4, turn=4))),
        trunk=(
            (0.25, Trunk(bend=2, twist=-6, head_bend=-10)),
            (0.65, Trunk(bend=-6, twist=-4, head_bend=-8)),
            (1.20, Trunk(bend=-9, lean=3, twist=-6, head_bend=-8)),
            (_EXIT, Trunk(bend=-9, lean=4, twist=-8, head_bend=-8)),
        ),
        arms={
            LEFT: ((0.35, LEADING), (0.75, OPEN), (1.2, WIDE), (_EXIT, LEADING)),
            RIGHT: ((0.35, OPEN), (1.2, WIDE), (_EXIT, OPEN)),
        },
        legs={
            LEFT: (
                (0.33, SIDE_FRONT_LOW),
                (0.59, ROUND_THE_SIDE),
                (0.83, BEHIND),
                (1.15, BEHIND_HIGH),
                (_EXIT, BEHIND),
            ),
        },
        moments=(
            Moment("step", "exit onto the right back outside edge", 0.0, 0.45),
            Moment("glide", "right back outside edge", 0.45, _EXIT),
        ),
    )


_ROUND = ((-0.31, SWINGING_ROUND),)

UPRIGHT_SPIN = Spin(
    "upright spin",
    swing=_ROUND,
    into=((0.0, ARRIVING), (0.45, UPRIGHT_OPEN), (0.90, UPRIGHT_AT_KNEE), (1.45, UPRIGHT)),
    out_of=((-0.75, UPRIGHT), (-0.30, UPRIGHT_AT_KNEE)),
)
SIT_SPIN = Spin("sit spin", swing=_ROUND, into=((0.0, ARRIVING), (0.75, SIT)), out_of=((-0.8, SIT),))
CAMEL_SPIN = Spin(
    "camel spin",
    swing=((-0.2, BEHIND),),
    into=((0.0, CAMEL_RISING), (0.7, CAMEL)),
    out_of=((-0.8, CAMEL),),
    left=0.3,
)
LAYBACK_SPIN = Spin(
    "layback spin",
    swing=((-0.25, ROUND_THE_SIDE),),
    into=((0.0, ARRIVING), (0.5, ATTITUDE), (1.3, LAYBACK)),
    out_of=((-0.9, LAYBACK), (-0.3, ATTITUDE)),
)
BIELLMANN_SPIN = Spin(
    "Biellmann spin",
    swing=((-0.25, ROUND_THE_SIDE),),
    into=(
        (0.0, ARRIVING),
        (0.40, ATTITUDE),
        (0.80, replace(BIELLMANN_CATCH, holding={})),
        (1.05, BIELLMANN_CATCH),
        (1.50, BIELLMANN_DRAWN),
        (2.00, BIELLMANN),
    ),
    out_of=((-1.5, BIELLMANN), (-1.05, replace(BIELLMANN_DRAWN, holding={})), (-0.4, ATTITUDE)),
)

_TURNS = Parameter(8.0, 4.0, 16.0, "whole turns from the centring of the spin to its exit")
_SPEED = Parameter(3.0, 2.0, 4.0, "metres a second on the entry edge")


def _element(spin: Spin, rate: Parameter) -> Element:
    def phrases(values: Mapping[str, float]) -> Sequence[Phrase]:
        return build(spin, values["turns"], values["rate"], values["speed"])

    return Element(spin.name, {"turns": _TURNS, "rate": rate, "speed": _SPEED}, phrases)


def _rate(default: float, low: float, high: float) -> Parameter:
    return Parameter(default, low, high, "turns a second, on average over the spin")


ELEMENTS: tuple[Element, ...] = (
    _element(UPRIGHT_SPIN, _rate(2.6, 1.6, 3.4)),
    _element(SIT_SPIN, _rate(2.2, 1.6, 3.0)),
    _element(CAMEL_SPIN, _rate(1.7, 1.3, 2.1)),
    _element(LAYBACK_SPIN, _rate(2.0, 1.5, 2.6)),
    _element(BIELLMANN_SPIN, _rate(2.0, 1.4, 2.6)),
)
