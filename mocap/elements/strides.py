"""Phrases that elements are strung together from: strokes, crossovers, turns on one foot, held edges.

The skater turns to the left, counter-clockwise seen from above. Where a phrase is told for one foot and exists on the
other, `phrase.mirrored` makes it. Speeds are in m/s, leans of the body in degrees, positive to the left of the travel.
"""

from __future__ import annotations

from mocap.elements.anatomy import Leg, Pelvis, Trunk, mirror
from mocap.elements.blades import Blade, Contact
from mocap.elements.flight import Turn
from mocap.elements.ice import Glide, curve_of
from mocap.elements.phrase import Edge, Moment, Phrase, mirrored
from mocap.elements.poses import (
    BEHIND,
    BEHIND_HIGH,
    BESIDE,
    CHECKED,
    COMING_FORWARD,
    CROSSING_IN_FRONT,
    LEADING,
    OPEN,
    PUSHED_OUT,
    PUSHED_UNDER,
    RECOVERING,
    STEPPING_IN,
    TRAILING,
    UNCROSSING,
    WIDE,
)
from mocap.skeleton import LEFT, OTHER, RIGHT


def edge_name(side: str, backward: bool, lean: float) -> str:
    """What the edge is called on which a skater leans by `lean`: "right back outside edge"."""
    toward_left = (lean > 0.0) != backward
    kind = "outside" if toward_left == (side == LEFT) else "inside"
    return f"{side.lower()} {'back' if backward else 'forward'} {kind} edge"


def stroke(side: str, speed: float, lean: float, seconds: float = 0.85, depth: float = 58.0) -> Phrase:
    """A forward stroke from the other foot onto `side`: push to the side, glide on a bent knee, feet together.

    `lean` is toward the skating side (outside edge) where positive; `depth` is the knee's bend in degrees.
    """
    if side == LEFT:
        return mirrored(stroke(RIGHT, speed, lean, seconds, depth))
    end = seconds
    return Phrase(
        duration=seconds,
        begins=Edge(LEFT),
        ends=Edge(RIGHT),
        glide=[
            (0.10, Glide(0.96 * speed, 0.0)),
            (0.45, Glide(1.03 * speed, -curve_of(lean, speed))),
            (end - 0.10, Glide(speed, -0.7 * curve_of(lean, speed))),
        ],
        contacts=[
            Contact(
                LEFT,
                backward=False,
                keys=[
                    (0.00, Blade(load=1.0)),
                    (0.10, Blade(load=0.5, out=0.08, edge=4)),
                    (0.22, Blade(load=0.0, out=0.22, ahead=-0.05, edge=12)),
                    (0.31, Blade(load=0.0, out=0.32, ahead=-0.12, pitch=8, edge=18, pressure=0.65)),
                    (0.39, Blade(load=0.0, out=0.36, ahead=-0.17, pitch=14, edge=20, pressure=0.75)),
                ],
            ),
            Contact(
                RIGHT,
                backward=False,
                keys=[
                    (0.00, Blade(load=0.0, out=0.15)),
                    (0.10, Blade(load=0.5, out=0.08)),
                    (0.22, Blade(load=1.0)),
                    (end, Blade(load=1.0)),
                ],
            ),
        ],
        knee=[(0.15, depth), (0.45, depth - 2.0), (end - 0.12, depth - 20.0)],
        pelvis=[(0.10, Pelvis(tilt=16)), (end - 0.12, Pelvis(tilt=10))],
        trunk=[
            (0.40, Trunk(bend=2, twist=8, head_bend=-10, head_turn=-6)),
            (end - 0.12, Trunk(bend=-4, head_bend=-5)),
        ],
        arms={LEFT: [(0.40, LEADING), (end - 0.12, OPEN)], RIGHT: [(0.40, TRAILING), (end - 0.12, OPEN)]},
        legs={LEFT: [(0.43, PUSHED_OUT), (0.52, PUSHED_OUT), (end - 0.17, RECOVERING), (end - 0.01, BESIDE)]},
        moments=[Moment("stroke", "right forward stroke", 0.0, seconds)],
    )


def crossover(inner: str, backward: bool, speed: float, lean: float) -> Phrase:
    """A crossover on a circle: the outer foot crosses over in front, the inner one pushes under and steps in again.

    Begins and ends on the inner foot's outside edge; `lean` is into the circle, positive.
    """
    outer = OTHER[inner]
    # Toward the inside of the circle, in the skater's own left and right.
    inward = mirror(inner)
    curve = curve_of(lean, speed) * (-inward if backward else inward)
    way = "back" if backward else "forward"
    # Backward, one looks over the inner shoulder to see where one goes.
    look = (38 if backward else 14) * inward
    return Phrase(
        duration=1.8,
        begins=Edge(inner, backward),
        ends=Edge(inner, backward),
        glide=[
            (0.30, Glide(0.97 * speed, curve)),
            (0.80, Glide(speed, curve)),
            (1.35, Glide(0.97 * speed, curve)),
            (1.70, Glide(1.01 * speed, curve)),
        ],
        contacts=[
            Contact(
                inner,
                backward,
                keys=[
                    (0.00, Blade(load=1.0)),
                    (0.50, Blade(load=1.0)),
                    (0.62, Blade(load=0.5, out=-0.07, ahead=-0.13, edge=-4)),
                    (0.74, Blade(load=0.0, out=-0.13, ahead=-0.22, edge=-8)),
                    (0.86, Blade(load=0.0, out=-0.13, ahead=-0.25, edge=-10, pitch=10, pressure=0.65)),
                    (0.92, Blade(load=0.0, out=-0.13, ahead=-0.27, edge=-10, pitch=20, pressure=0.8)),
                ],
                leave=0.22,
            ),
            Contact(
                outer,
                backward,
                keys=[
                    (0.50, Blade(load=0.0, out=-0.11, ahead=0.30)),
                    (0.62, Blade(load=0.5, out=-0.07, ahead=0.15)),
                    (0.74, Blade(load=1.0)),
                    (1.38, Blade(load=1.0)),
                    (1.50, Blade(load=0.5, out=0.08, edge=4)),
                    (1.62, Blade(load=0.0, out=0.22, ahead=-0.03, edge=12)),
                    (1.74, Blade(load=0.0, out=0.27, ahead=-0.08, edge=16)),
                ],
                reach=0.15,
            ),
            Contact(
                inner,
                backward,
                keys=[
                    (1.38, Blade(load=0.0, out=0.16)),
                    (1.50, Blade(load=0.5, out=0.08)),
                    (1.62, Blade(load=1.0)),
                    (1.80, Blade(load=1.0)),
                ],
                reach=0.14,
            ),
        ],
        knee=[(0.25, 56.0), (0.50, 50.0), (0.80, 58.0), (1.30, 48.0), (1.65, 58.0)],
        pelvis=[
            (0.25, Pelvis(tilt=16, turn=8 * inward)),
            (0.50, Pelvis(tilt=16, turn=24 * inward)),
            (1.10, Pelvis(tilt=16, turn=8 * inward)),
        ],
        trunk=[
            (0.30, Trunk(bend=2, twist=12 * inward, head_bend=-10, head_turn=look)),
            (1.30, Trunk(bend=2, twist=20 * inward, head_bend=-10, head_turn=look)),
        ],
        arms={outer: [(0.30, LEADING), (1.35, LEADING)], inner: [(0.30, TRAILING), (1.35, TRAILING)]},
        legs={
            outer: [(0.24, COMING_FORWARD), (0.38, CROSSING_IN_FRONT), (1.79, PUSHED_OUT)],
            inner: [(0.96, PUSHED_UNDER), (1.16, UNCROSSING), (1.36, BESIDE)],
        },
        moments=[Moment("step", f"{way} crossover to the {'left' if curve > 0.0 else 'right'}", 0.0, 1.8)],
    )


def hold(
    side: str, backward: bool, speed: float, lean: float, seconds: float, free: Leg = BEHIND_HIGH, twist: float = 0.0
) -> Phrase:
    """A held edge: the free leg in one place, the arms open."""
    return Phrase(
        duration=seconds,
        begins=Edge(side, backward),
        ends=Edge(side, backward),
        glide=[
            (0.25, Glide(speed, curve_of(lean, speed))),
            (seconds - 0.10, Glide(0.97 * speed, curve_of(lean, speed))),
        ],
        contacts=[Contact(side, backward, keys=[(0.0, Blade()), (seconds, Blade())])],
        knee=[(0.30, 48.0), (seconds - 0.15, 40.0)],
        pelvis=[(0.30, Pelvis(tilt=16))],
        trunk=[(0.35, Trunk(bend=-4, twist=twist, head_bend=-5)), (seconds - 0.10, Trunk(bend=-4, twist=twist))],
        arms={LEFT: [(0.40, OPEN)], RIGHT: [(0.40, OPEN)]},
        legs={OTHER[side]: [(0.35, free), (seconds - 0.05, free)]},
        moments=[Moment("glide", edge_name(side, backward, lean), 0.0, seconds)],
    )


def three_turn(side: str, speed: float, lean: float) -> Phrase:
    """A turn on one foot from forward to backward, to the left: left outside to inside, or right inside to outside.

    The shoulders turn first and the blade follows at once, on the rise of the knee; then they are checked, against the
    turn, so that the edge out of it holds.
    """
    free = OTHER[side]
    seconds = 1.2
    return Phrase(
        duration=seconds,
        begins=Edge(side),
        ends=Edge(side, backward=True),
        glide=[
            (0.25, Glide(speed, curve_of(lean, speed))),
            (0.45, Glide(0.97 * speed, curve_of(0.8 * lean, speed))),
            (0.60, Glide(0.93 * speed, curve_of(0.8 * lean, speed))),
            (0.85, Glide(0.92 * speed, curve_of(lean, speed))),
            (seconds, Glide(0.90 * speed, curve_of(lean, speed))),
        ],
        turns=[Turn(0.5, [(0.12, 0.0), (0.38, 0.25), (0.47, 1.0), (0.57, 1.0), (0.68, 0.2), (0.90, 0.0)])],
        contacts=[
            Contact(
                side,
                backward=False,
                keys=[
                    (0.00, Blade()),
                    (0.37, Blade(pressure=0.55)),
                    (0.47, Blade(pressure=0.65, follow=1.0)),
                    (0.50, Blade(pressure=0.65, follow=1.0)),
                    (0.54, Blade(pressure=0.65, follow=1.0, turned=1.0)),
                    (0.57, Blade(pressure=0.65, follow=1.0, turned=1.0)),
                    (0.67, Blade(pressure=0.5, turned=1.0)),
                    (seconds, Blade(turned=1.0)),
                ],
            )
        ],
        knee=[(0.15, 54.0), (0.48, 34.0), (0.56, 34.0), (0.85, 50.0), (seconds, 46.0)],
        pelvis=[(0.15, Pelvis(tilt=12)), (0.50, Pelvis(tilt=6)), (0.90, Pelvis(tilt=18))],
        trunk=[
            (0.15, Trunk(bend=-2, twist=12, head_bend=-5)),
            (0.44, Trunk(bend=-2, twist=26, head_bend=-4, head_turn=10)),
            (0.66, Trunk(bend=-2, twist=-22, head_bend=-5)),
            (seconds, Trunk(bend=-4, twist=-24, head_bend=-5)),
        ],
        arms={
            LEFT: [(0.15, OPEN), (0.44, TRAILING), (0.75, LEADING)],
            RIGHT: [(0.15, OPEN), (0.44, LEADING), (0.75, TRAILING)],
        },
        legs={free: [(0.20, CHECKED), (0.62, CHECKED), (0.95, BEHIND_HIGH), (seconds, BEHIND_HIGH)]},
        moments=[
            Moment(
                "turn", f"{side.lower()} forward {'outside' if side == LEFT else 'inside'} three-turn", 0.3, 0.75, 0.5
            )
        ],
    )


def step_forward(speed: float, lean: float) -> Phrase:
    """From the right back outside edge onto the left forward outside edge, turning half-way round to the left."""
    return Phrase(
        duration=0.95,
        begins=Edge(RIGHT, backward=True),
        ends=Edge(LEFT),
        glide=[
            (0.20, Glide(speed, curve_of(lean, speed))),
            (0.55, Glide(0.98 * speed, curve_of(0.7 * lean, speed))),
            (0.90, Glide(speed, curve_of(lean, speed))),
        ],
        turns=[Turn(0.5, [(0.0, 0.0), (0.40, 1.0), (0.78, 0.0)])],
        contacts=[
            Contact(
                RIGHT,
                backward=True,
                keys=[
                    (0.00, Blade()),
                    (0.24, Blade()),
                    (0.34, Blade(follow=0.08)),
                    (0.48, Blade(load=0.5, ahead=-0.06, out=0.10, follow=0.75)),
                    (0.60, Blade(load=0.0, ahead=-0.12, out=0.20, pitch=12, pressure=0.8, follow=1.0)),
                ],
            ),
            Contact(
                LEFT,
                backward=False,
                keys=[
                    (0.34, Blade(load=0.0, ahead=0.08, out=0.25, follow=0.68)),
                    (0.48, Blade(load=0.5, ahead=0.06, out=0.10, follow=0.42)),
                    (0.62, Blade(load=1.0, follow=0.12)),
                    (0.84, Blade()),
                    (0.95, Blade()),
                ],
            ),
        ],
        knee=[(0.09, 44.0), (0.44, 48.0), (0.69, 56.0), (0.95, 56.0)],
        pelvis=[(0.04, Pelvis(tilt=16, hike=-4, turn=6)), (0.49, Pelvis(tilt=10)), (0.80, Pelvis(tilt=12))],
        trunk=[
            (0.14, Trunk(bend=-4, twist=10, head_bend=-8, head_turn=20)),
            (0.54, Trunk(bend=0, twist=4, head_bend=-6, head_turn=14)),
            (0.85, Trunk(bend=-2, twist=-4, head_bend=-6)),
        ],
        arms={LEFT: [(0.14, TRAILING), (0.54, OPEN)], RIGHT: [(0.14, LEADING), (0.54, OPEN)]},
        legs={
            LEFT: [(0.00, BEHIND_HIGH), (0.16, STEPPING_IN), (0.34, BESIDE)],
            RIGHT: [(0.64, BEHIND), (0.95, BEHIND)],
        },
        moments=[Moment("step", "step forward onto the left outside edge", 0.24, 0.84)],
    )


def running_edge(speed: float, lean: float, seconds: float, since: float) -> Phrase:
    """The right back outside edge after a jump: the free leg stretched behind, the arms wide, the knee rising.

    `since` is for how many seconds the edge has been held when the phrase begins.
    """
    return Phrase(
        duration=seconds,
        begins=Edge(RIGHT, backward=True),
        ends=Edge(RIGHT, backward=True),
        glide=[
            (0.10, Glide(speed, curve_of(lean, speed))),
            (seconds, Glide(0.92 * speed, curve_of(1.1 * lean, 0.92 * speed))),
        ],
        contacts=[Contact(RIGHT, backward=True, keys=[(0.0, Blade()), (seconds, Blade())])],
        knee=[(0.15, 56.0), (seconds, 44.0)],
        pelvis=[(0.0, Pelvis(tilt=25, hike=-4, turn=6)), (seconds, Pelvis(tilt=18, hike=-4, turn=6))],
        trunk=[
            (0.30, Trunk(bend=-10, lean=6, twist=-6, head_bend=-6, head_lean=4)),
            (seconds, Trunk(bend=-8, lean=4, twist=-2, head_bend=-6, head_lean=2)),
        ],
        arms={LEFT: [(0.30, WIDE), (seconds, WIDE)], RIGHT: [(0.30, WIDE), (seconds, WIDE)]},
        legs={LEFT: [(0.0, BEHIND), (0.6, BEHIND_HIGH), (seconds, BEHIND_HIGH)]},
        moments=[Moment("glide", "right back outside running edge", -since, seconds)],
    )
