"""Spins: upright, sit, camel, layback and Biellmann.

All of them are forward spins to the left: from the right back outside edge a step onto a deepening left forward outside
edge, a hook into the centre, the position over the front third of the left blade, and out onto the right back outside
edge. What counts as a position is the ISU's (Technical Panel Handbook, Single Skating, "Spins"): at least three turns;
sit: the skating thigh at least level; camel: the free leg behind with its knee higher than the hip; layback: head and
shoulders leaning back, the back arched.

How fast they turn is not in the rules. The fastest spin on record is upright with 342 turns a minute, 5.7 a second
(Guinness World Records, 2015). The other positions follow from it by their moments of inertia (de Leva's masses, see
`mocap.inertia`), which for a skater of 55 kg are, in kg·m²: upright 0.9, Biellmann 1.4, layback 2.4, sit 3.5, camel 6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from mocap.elements.anatomy import Leg, Pelvis, Trunk
from mocap.elements.blades import Blade, Contact
from mocap.elements.element import Element, Parameter
from mocap.elements.flight import Turn
from mocap.elements.holds import Hold
from mocap.elements.ice import Glide
from mocap.elements.phrase import Edge, Keys, Moment, Phrase
from mocap.elements.poses import (
    BEHIND,
    BEHIND_HIGH,
    LEADING,
    OPEN,
    ROUND_THE_SIDE,
    SIDE_FRONT_LOW,
    SWINGING_ROUND,
    TRAILING,
)
from mocap.elements.spin_poses import (
    ARRIVING,
    ATTITUDE,
    BIELLMANN,
    BIELLMANN_CATCH,
    BIELLMANN_DRAWN,
    BIELLMANN_LET_GO,
    BLADE_GRIPS,
    CAMEL_RISING,
    RISEN,
    UPRIGHT_AT_KNEE,
    UPRIGHT_OPEN,
    Position,
    camel,
    layback,
    sit,
    upright,
)
from mocap.elements.strides import hold, step_forward
from mocap.skeleton import LEFT, RIGHT, SIDES

# Turns between facing along the entry's edge and the first one that counts, and between the last one and the exit edge.
_HOOK, _CHECK = 0.25, 0.25
# The front third of the blade, a little aside of the axis, so that it circles backward on its inside edge.
_SPINNING = Blade(pitch=3.0, pressure=0.74, out=0.015, edge=3.0, follow=1.0)
# Frames a second to which the ends of the count are rounded, so that labels hit them.
_GRID = 60.0
# m/s on the edge out of a spin, and its lean in degrees.
_EXIT_SPEED, _EXIT_LEAN = 1.8, 6.0


@dataclass(frozen=True)
class Spin:
    """A spin between its entry and its exit.

    Attributes:
        name: as a coach says it.
        swing: the free leg on the way to the centre, in seconds before it (negative).
        into: (seconds from the centre, position); the last one is held.
        out_of: (seconds before the last turn's end, negative, position); between `into` and these the position is held,
            or goes slowly from the last of the ones to the first of the others.
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
    return (
        hold(RIGHT, True, speed, 6.0, 0.60, twist=-10.0),
        step_forward(0.95 * speed, 7.0),
        _hook(spin, 0.9 * speed),
        _centre(spin, turns, rate),
        _step_out(),
        hold(RIGHT, True, _EXIT_SPEED, _EXIT_LEAN, 1.25, free=BEHIND_HIGH, twist=-6.0),
    )


def _hook(spin: Spin, speed: float) -> Phrase:
    """The left forward outside edge curls up and ends over the centre of the spin."""
    seconds = 0.95
    slowing = ((0.25, 0.95, 3.0), (0.62, 0.6, 1.0), (0.88, 0.12, 0.5), (seconds, 0.04, 0.5))
    return Phrase(
        duration=seconds,
        begins=Edge(LEFT),
        ends=Edge(LEFT),
        # The tighter the curve, the slower: the lean stays that of the entry.
        glide=[(t, Glide(share * speed, 2.7 / (speed * radius))) for t, share, radius in slowing],
        contacts=[
            Contact(
                LEFT,
                backward=False,
                keys=[(0.0, Blade()), (0.60, Blade()), (seconds, _SPINNING)],
            )
        ],
        knee=[(0.10, 58.0), (0.50, 56.0)],
        pelvis=[(0.20, Pelvis(tilt=16))],
        trunk=[(0.30, Trunk(bend=2, twist=-12, head_bend=-8, head_turn=12))],
        arms={LEFT: [(0.40, LEADING)], RIGHT: [(0.40, TRAILING)]},
        legs={RIGHT: [(0.05, BEHIND), (0.40, BEHIND), *((seconds + t, leg) for t, leg in spin.swing)]},
        moments=[Moment("step", "hook into the spin", 0.0, seconds)],
    )


def _centre(spin: Spin, turns: float, rate: float) -> Phrase:
    """The spin itself, from the first turn that counts to the last."""
    whole = round(turns)
    duration = round(_GRID * whole / rate) / _GRID
    settled, release = spin.into[-1][0], -spin.out_of[0][0]
    hurry = min(1.0, 0.8 * duration / (settled + release))
    positions = [
        *((t * hurry, position) for t, position in spin.into),
        *((duration + t * hurry, position) for t, position in spin.out_of),
        (duration, RISEN),
    ]
    held = sorted({side for _, position in positions for side in position.holding})
    return Phrase(
        duration=duration,
        begins=Edge(LEFT),
        ends=Edge(LEFT),
        glide=[(0.12, Glide(0.0, 0.0)), (duration, Glide(0.0, 0.0))],
        contacts=[
            Contact(
                LEFT,
                backward=False,
                keys=[(0.0, _SPINNING), (duration, _SPINNING)],
            )
        ],
        knee=[(t, p.knee) for t, p in positions],
        pelvis=[(t, p.pelvis) for t, p in positions],
        trunk=[(t, p.trunk) for t, p in positions],
        arms={side: [(t, p.arms[side]) for t, p in positions] for side in SIDES},
        legs={RIGHT: [(t, p.free) for t, p in positions]},
        holds=[
            Hold(side, f"{RIGHT}Foot", BLADE_GRIPS[side], [(t, p.holding.get(side, 0.0)) for t, p in positions])
            for side in held
        ],
        turns=[
            Turn(
                _HOOK + whole + _CHECK,
                [
                    (-0.45, 0.0),
                    (0.10, 1.0),
                    (duration - hurry * release - 0.3, 0.9),
                    (duration - 0.3 * hurry * release, spin.left),
                    (duration + 0.25, 0.0),
                ],
                reached=[(0.0, _HOOK), (duration, _HOOK + whole)],
            )
        ],
        moments=[Moment("spin", spin.name, 0.0, duration, float(whole))],
    )


def _step_out() -> Phrase:
    """The step onto the right foot, backward, while the last of the turn runs out."""
    seconds = 0.60
    return Phrase(
        duration=seconds,
        begins=Edge(LEFT),
        ends=Edge(RIGHT, backward=True),
        glide=[(0.05, Glide(0.02, 0.0)), (0.40, Glide(0.7 * _EXIT_SPEED, 0.1)), (seconds, Glide(_EXIT_SPEED, 0.3))],
        contacts=[
            Contact(
                LEFT,
                backward=False,
                keys=[
                    (0.0, _SPINNING),
                    (0.13, Blade(load=0.5, out=0.07, follow=1.0)),
                    (0.25, Blade(load=0.0, out=0.18, ahead=0.08, edge=8, follow=1.0)),
                    (0.37, Blade(load=0.0, out=0.26, ahead=0.20, edge=12, pitch=6, follow=1.0)),
                ],
            ),
            Contact(
                RIGHT,
                backward=True,
                keys=[
                    (0.0, Blade(load=0.0, out=0.14, follow=1.0)),
                    (0.13, Blade(load=0.5, out=0.07, follow=1.0)),
                    (0.25, Blade(load=1.0, follow=0.8)),
                    (0.45, Blade(load=1.0, follow=0.0)),
                    (seconds, Blade()),
                ],
            ),
        ],
        knee=[(0.20, 50.0), (0.55, 54.0)],
        pelvis=[(0.25, Pelvis(tilt=12)), (seconds, Pelvis(tilt=18))],
        trunk=[(0.25, Trunk(bend=2, twist=-6, head_bend=-10)), (seconds, Trunk(bend=-6, twist=-4, head_bend=-8))],
        arms={LEFT: [(0.35, LEADING)], RIGHT: [(0.35, OPEN)]},
        legs={LEFT: [(0.33, SIDE_FRONT_LOW), (0.58, ROUND_THE_SIDE)]},
        moments=[Moment("step", "exit onto the right back outside edge", 0.0, seconds)],
    )


def upright_spin(values: Mapping[str, float]) -> Spin:
    """The scratch spin: the free leg comes round to the knee and crosses over as the arms draw in."""
    crossed = upright(values["arms"])
    return Spin(
        "upright spin",
        swing=[(-0.31, SWINGING_ROUND)],
        into=[(0.0, ARRIVING), (0.45, UPRIGHT_OPEN), (0.90, UPRIGHT_AT_KNEE), (1.45, crossed)],
        out_of=[(-0.75, upright(values["arms"], pressed=True)), (-0.30, UPRIGHT_AT_KNEE)],
    )


def sit_spin(values: Mapping[str, float]) -> Spin:
    """Down over the skating knee as the free leg comes round to the front."""
    knee = values["knee"]
    return Spin(
        "sit spin",
        swing=[(-0.31, SWINGING_ROUND)],
        into=[(0.0, ARRIVING), (0.75, sit(knee))],
        out_of=[(-0.8, sit(knee + 2.0))],
    )


def camel_spin(values: Mapping[str, float]) -> Spin:
    """The free leg stays behind and rises as the trunk comes down to its level."""
    level = camel(values["free_leg"])
    return Spin(
        "camel spin",
        swing=[(-0.2, BEHIND)],
        into=[(0.0, CAMEL_RISING), (0.7, level)],
        out_of=[(-0.8, camel(values["free_leg"] - 2.0))],
        left=0.3,
    )


def layback_spin(values: Mapping[str, float]) -> Spin:
    """The free leg stops in an attitude behind, the hips go forward, then the back arches over it."""
    arched = layback(values["arch"])
    return Spin(
        "layback spin",
        swing=[(-0.25, ROUND_THE_SIDE)],
        into=[(0.0, ARRIVING), (0.5, ATTITUDE), (1.3, arched)],
        out_of=[(-0.9, layback(values["arch"] + 5.0)), (-0.3, ATTITUDE)],
    )


def biellmann_spin(_: Mapping[str, float]) -> Spin:
    """From the attitude the right hand takes the blade, draws it up behind, and the left one joins it over the head."""
    return Spin(
        "Biellmann spin",
        swing=[(-0.25, ROUND_THE_SIDE)],
        into=[
            (0.00, ARRIVING),
            (0.40, ATTITUDE),
            (0.80, replace(BIELLMANN_CATCH, holding={})),
            (1.05, BIELLMANN_CATCH),
            (1.50, BIELLMANN_DRAWN),
            (1.95, replace(BIELLMANN, holding={RIGHT: 1.0})),
            (2.20, BIELLMANN),
        ],
        out_of=[(-1.6, BIELLMANN), (-1.4, replace(BIELLMANN, holding={})), (-1.05, BIELLMANN_LET_GO), (-0.4, ATTITUDE)],
    )


def _element(
    name: str,
    make: Callable[[Mapping[str, float]], Spin],
    fewest: int,
    rate: tuple[float, float, float],
    **parameters: Parameter,
) -> Element:
    """An element with the parameters of all spins: turns (at least `fewest`), rate (default, low, high), speed."""
    shared = {
        "turns": Parameter(8.0, float(fewest), 16.0, "from the centring of the spin to its exit", whole=True),
        "rate": Parameter(*rate, "turns a second, on average over the spin"),
        "speed": Parameter(3.0, 2.0, 4.0, "metres a second on the entry edge"),
    }

    def phrases(values: Mapping[str, float]) -> Sequence[Phrase]:
        return build(make(values), values["turns"], values["rate"], values["speed"])

    return Element(name, {**shared, **parameters}, phrases)


ELEMENTS: tuple[Element, ...] = (
    _element(
        "upright spin",
        upright_spin,
        fewest=5,
        rate=(2.6, 1.6, 3.1),
        arms=Parameter(0.0, 0.0, 1.0, "0 folded on the chest, 1 stretched over the head", whole=True),
    ),
    _element(
        "sit spin",
        sit_spin,
        fewest=5,
        rate=(2.2, 1.6, 3.0),
        knee=Parameter(128.0, 125.0, 134.0, "degrees that the skating knee bends: from 125 on the thigh is level"),
    ),
    _element(
        "camel spin",
        camel_spin,
        fewest=4,
        rate=(1.7, 1.3, 2.1),
        free_leg=Parameter(10.0, 4.0, 30.0, "degrees that the free leg rises over the level of the hip"),
    ),
    _element(
        "layback spin",
        layback_spin,
        fewest=5,
        rate=(1.8, 1.4, 2.4),
        arch=Parameter(80.0, 55.0, 90.0, "degrees that the back bends backward"),
    ),
    _element("Biellmann spin", biellmann_spin, fewest=7, rate=(2.0, 1.4, 2.4)),
)
