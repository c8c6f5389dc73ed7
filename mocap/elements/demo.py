"""The take that the project carries: stroking, an outside edge, an Axel, the running edge out, an upright spin.

The skater jumps and spins to the left (counter-clockwise seen from above), as most do. Everything here is choreography:
keys in seconds and a coach's angles. What makes a moving body of them is in `skate`.
"""

from __future__ import annotations

from functools import lru_cache

from mocap.elements.anatomy import Pelvis, Trunk
from mocap.elements.blades import Blade, Contact
from mocap.elements.element import RATE
from mocap.elements.flight import Flight, Turn
from mocap.elements.ice import Glide
from mocap.elements.phrase import Moment
from mocap.elements.poses import (
    AT_KNEE,
    BEHIND,
    BEHIND_HIGH,
    BESIDE,
    COMING_ACROSS,
    CROSSED_LOW,
    CROSSED_OVER,
    DRAWN_BACK,
    DRIVING_KNEE,
    LEADING,
    LOWER_ON_CHEST,
    OPEN,
    OPENING,
    PASSING,
    PUSHED_OUT,
    RECOVERING,
    ROUND_THE_SIDE,
    ROUNDED,
    SIDE_FRONT,
    SIDE_FRONT_LOW,
    STEPPING_IN,
    STRAIGHT_DOWN,
    SWINGING_ROUND,
    THROWN_UP,
    TRAILING,
    UPPER_ON_CHEST,
    WIDE,
)
from mocap.elements.skate import Programme
from mocap.elements.take import take_of
from mocap.events import Event
from mocap.motion import Motion
from mocap.skeleton import LEFT, RIGHT

DURATION = 12.0

TAKEOFF = 4.5
LANDING = TAKEOFF + 31 / RATE


def _stroke(side: str, down: float, push: float) -> Contact:
    """A forward stroke: the foot takes the weight, glides, and from `push` on thrusts out and back."""
    return Contact(
        side,
        backward=False,
        keys=(
            (down, Blade(load=0.0, out=0.15)),
            (down + 0.10, Blade(load=0.5, out=0.08)),
            (down + 0.22, Blade(load=1.0)),
            (push, Blade(load=1.0)),
            (push + 0.10, Blade(load=0.5, out=0.08, edge=4)),
            (push + 0.22, Blade(load=0.0, out=0.22, ahead=-0.05, edge=12)),
            (push + 0.31, Blade(load=0.0, out=0.32, ahead=-0.12, pitch=8, edge=18, pressure=0.65)),
            (push + 0.39, Blade(load=0.0, out=0.36, ahead=-0.17, pitch=14, edge=20, pressure=0.75)),
        ),
    )


CONTACTS = (
    _stroke(RIGHT, -1.0, -0.10),
    _stroke(LEFT, -0.10, 0.75),
    _stroke(RIGHT, 0.75, 1.65),
    _stroke(LEFT, 1.65, 2.50),
    # The outside edge that is held, then a quiet push onto the take-off edge.
    Contact(
        RIGHT,
        backward=False,
        keys=(
            (2.50, Blade(load=0.0, out=0.15)),
            (2.60, Blade(load=0.5, out=0.08)),
            (2.72, Blade(load=1.0)),
            (3.65, Blade(load=1.0)),
            (3.77, Blade(load=0.5, out=0.08)),
            (3.90, Blade(load=0.0, out=0.16, ahead=-0.08, edge=6)),
            (4.05, Blade(load=0.0, out=0.24, ahead=-0.25, pitch=16, edge=10, pressure=0.75)),
        ),
    ),
    # The take-off edge: the blade turns with the body and rolls up onto its front as the skater springs.
    Contact(
        LEFT,
        backward=False,
        keys=(
            (3.65, Blade(load=0.0, out=0.15)),
            (3.77, Blade(load=0.5, out=0.08)),
            (3.90, Blade(load=1.0)),
            (4.32, Blade(load=1.0)),
            (4.42, Blade(load=1.0, pitch=8, pressure=0.65, follow=0.3)),
            (TAKEOFF, Blade(load=1.0, pitch=40, pressure=0.9, follow=1.0)),
        ),
        leave=0.22,
    ),
    # Landing: on the front of the blade, still turning, then down onto the back outside edge.
    Contact(
        RIGHT,
        backward=True,
        keys=(
            (LANDING, Blade(load=1.0, pitch=42, pressure=0.9, follow=1.0)),
            (LANDING + 0.10, Blade(load=1.0, pitch=4, pressure=0.65, follow=0.7)),
            (LANDING + 0.26, Blade(load=1.0)),
            (6.30, Blade(load=1.0)),
            (6.40, Blade(load=1.0, follow=0.08)),
            (6.54, Blade(load=0.5, ahead=-0.06, out=0.10, follow=0.75)),
            (6.66, Blade(load=0.0, ahead=-0.12, out=0.20, pitch=12, pressure=0.8, follow=1.0)),
        ),
        reach=0.16,
    ),
    # The step forward onto the left outside edge that winds up into the spin.
    Contact(
        LEFT,
        backward=False,
        keys=(
            (6.40, Blade(load=0.0, ahead=0.08, out=0.25, follow=0.68)),
            (6.54, Blade(load=0.5, ahead=0.06, out=0.10, follow=0.42)),
            (6.68, Blade(load=1.0, follow=0.12)),
            (6.90, Blade(load=1.0, follow=0.0)),
            (7.30, Blade(load=1.0, follow=0.0)),
            (7.65, Blade(load=1.0, pitch=3, pressure=0.74, follow=1.0)),
            (10.85, Blade(load=1.0, pitch=3, pressure=0.74, follow=1.0)),
            (10.98, Blade(load=0.5, out=0.07, follow=1.0)),
            (11.10, Blade(load=0.0, out=0.18, ahead=0.08, edge=8, follow=1.0)),
            (11.22, Blade(load=0.0, out=0.26, ahead=0.20, edge=12, pitch=6, follow=1.0)),
        ),
    ),
    Contact(
        RIGHT,
        backward=True,
        keys=(
            (10.85, Blade(load=0.0, out=0.14, follow=1.0)),
            (10.98, Blade(load=0.5, out=0.07, follow=1.0)),
            (11.10, Blade(load=1.0, follow=0.8)),
            (11.30, Blade(load=1.0, follow=0.0)),
            (12.20, Blade(load=1.0)),
        ),
    ),
)

GLIDE = (
    (0.00, Glide(3.0, 1 / 14)),
    (0.45, Glide(3.3, 1 / 11)),
    (0.75, Glide(3.2, 1 / 16)),
    (1.20, Glide(3.6, -1 / 11)),
    (1.65, Glide(3.5, -1 / 16)),
    (2.10, Glide(3.9, 1 / 11)),
    (2.50, Glide(3.8, 1 / 16)),
    (2.95, Glide(4.1, -1 / 12)),
    (3.55, Glide(3.9, -1 / 9)),
    (3.72, Glide(3.9, 0.0)),
    (4.05, Glide(4.0, 1 / 8)),
    (4.30, Glide(3.7, 1 / 10)),
    (4.44, Glide(3.4, 0.0)),
    (TAKEOFF - 0.02, Glide(3.3, 0.0)),
    (LANDING + 0.02, Glide(3.3, 0.0)),
    (5.50, Glide(3.1, 1 / 5)),
    (6.20, Glide(2.8, 1 / 4.5)),
    (6.60, Glide(2.7, 1 / 6)),
    (6.95, Glide(2.5, 1 / 3)),
    (7.35, Glide(1.5, 1 / 1.0)),
    (7.70, Glide(0.25, 1 / 0.5)),
    (7.95, Glide(0.02, 0.0)),
    (10.90, Glide(0.02, 0.0)),
    (11.25, Glide(1.3, 0.1)),
    (11.45, Glide(1.8, 0.3)),
    (12.00, Glide(1.7, 0.35)),
)

TURNS = (
    Turn(1.5, ((4.33, 0.0), (4.48, 1.0), (LANDING + 0.01, 1.0), (LANDING + 0.18, 0.0))),
    Turn(0.5, ((6.06, 0.0), (6.46, 1.0), (6.84, 0.0))),
    Turn(6.5, ((7.20, 0.0), (7.75, 1.0), (9.60, 0.85), (10.45, 0.7), (11.10, 0.0))),
)

FLIGHTS = (Flight(push=4.27, takeoff=TAKEOFF, landing=LANDING, settled=LANDING + 0.26),)

KNEE = (
    (0.0, 56.0), (0.3, 56.0), (0.60, 38.0), (0.90, 58.0), (1.20, 56.0), (1.5, 38.0), (1.80, 58.0), (2.10, 56.0),
    (2.38, 38.0), (2.65, 58.0), (2.95, 55.0), (3.40, 36.0), (3.72, 48.0), (4.00, 58.0), (4.25, 62.0), (TAKEOFF, 30.0),
    (LANDING, 20.0), (LANDING + 0.26, 66.0), (5.70, 56.0), (6.15, 44.0), (6.50, 48.0), (6.75, 58.0), (7.20, 56.0),
    (7.70, 30.0), (8.20, 14.0), (8.80, 8.0), (10.40, 8.0), (10.75, 24.0), (11.05, 50.0), (11.40, 54.0), (12.0, 42.0),
)  # fmt: skip

PELVIS = (
    (0.0, Pelvis(tilt=14)), (0.85, Pelvis(tilt=16)), (1.5, Pelvis(tilt=10)), (1.75, Pelvis(tilt=16)),
    (2.38, Pelvis(tilt=10)), (2.60, Pelvis(tilt=16)), (3.2, Pelvis(tilt=16, hike=-4, turn=6)), (3.75, Pelvis(tilt=8)),
    (4.25, Pelvis(tilt=20)), (TAKEOFF, Pelvis(tilt=-2)), (4.70, Pelvis()), (4.92, Pelvis()),
    (LANDING + 0.05, Pelvis(tilt=8)), (LANDING + 0.30, Pelvis(tilt=25, hike=-4, turn=6)),
    (6.1, Pelvis(tilt=18, hike=-4, turn=6)), (6.55, Pelvis(tilt=10)), (6.90, Pelvis(tilt=16)),
    (7.6, Pelvis(tilt=4)), (8.2, Pelvis()), (10.5, Pelvis()),
    (11.10, Pelvis(tilt=12)), (11.45, Pelvis(tilt=18)), (12.0, Pelvis(tilt=18)),
)  # fmt: skip

TRUNK = (
    (0.0, Trunk(bend=2, twist=-8, head_bend=-10, head_turn=6)),
    (0.6, Trunk(bend=-4, head_bend=-5)),
    (1.15, Trunk(bend=2, twist=8, head_bend=-10, head_turn=-6)),
    (1.5, Trunk(bend=-4, head_bend=-5)),
    (2.05, Trunk(bend=2, twist=-8, head_bend=-10, head_turn=6)),
    (2.38, Trunk(bend=-4, head_bend=-5)),
    (2.95, Trunk(bend=-4, lean=3, twist=8, head_bend=-6, head_lean=2, head_turn=-4)),
    (3.55, Trunk(bend=-6, lean=5, twist=6, head_bend=-6, head_lean=4)),
    (3.85, Trunk(bend=2, twist=0, head_bend=-6)),
    (4.20, Trunk(bend=8, twist=-10, head_bend=-12, head_turn=12)),
    (TAKEOFF, Trunk(bend=-2, twist=6, head_bend=0, head_turn=10)),
    (4.70, Trunk(bend=0, twist=0, head_turn=18)),
    (4.90, Trunk(bend=0, twist=0, head_turn=14)),
    (LANDING + 0.14, Trunk(bend=2, twist=-14, head_bend=-10, head_turn=6)),
    (LANDING + 0.40, Trunk(bend=-8, lean=3, twist=-12, head_bend=-10, head_lean=2, head_turn=4)),
    (5.80, Trunk(bend=-10, lean=6, twist=-6, head_bend=-6, head_lean=4)),
    (6.20, Trunk(bend=-4, twist=10, head_bend=-8, head_turn=20)),
    (6.60, Trunk(bend=0, twist=4, head_bend=-6, head_turn=14)),
    (7.00, Trunk(bend=2, twist=-12, head_bend=-8, head_turn=12)),
    (7.70, Trunk(bend=0, twist=4)),
    (8.40, Trunk(bend=-2)),
    (10.5, Trunk(bend=-2)),
    (11.1, Trunk(bend=2, twist=-6, head_bend=-10)),
    (11.5, Trunk(bend=-6, twist=-4, head_bend=-8)),
    (12.0, Trunk(bend=-8, head_bend=-8)),
)

ARMS = {
    LEFT: (
        # Strokes: the arm opposite to the pushing leg comes forward.
        (0.0, TRAILING), (0.6, OPEN), (1.15, LEADING), (1.5, OPEN), (2.05, TRAILING), (2.38, OPEN),
        # The held edge.
        (2.95, LEADING), (3.50, OPEN), (3.85, OPEN),
        # The jump: back, through, in.
        (4.18, DRAWN_BACK), (4.46, THROWN_UP), (4.66, UPPER_ON_CHEST), (4.90, UPPER_ON_CHEST),
        # The running edge, and the step into the spin.
        (LANDING + 0.22, LEADING), (5.8, WIDE), (6.2, TRAILING), (6.6, OPEN), (7.1, LEADING),
        # The spin: open, in, out.
        (7.7, OPEN), (8.1, ROUNDED), (8.8, UPPER_ON_CHEST), (10.2, UPPER_ON_CHEST), (10.75, ROUNDED),
        (11.2, LEADING), (11.6, OPEN),
    ),
    RIGHT: (
        (0.0, LEADING), (0.6, OPEN), (1.15, TRAILING), (1.5, OPEN), (2.05, LEADING), (2.38, OPEN),
        (2.95, TRAILING), (3.50, OPEN), (3.85, OPEN),
        (4.18, DRAWN_BACK), (4.46, THROWN_UP), (4.66, LOWER_ON_CHEST), (4.90, LOWER_ON_CHEST),
        (LANDING + 0.22, OPEN), (5.8, WIDE), (6.2, LEADING), (6.6, OPEN), (7.1, TRAILING),
        (7.7, OPEN), (8.1, ROUNDED), (8.8, LOWER_ON_CHEST), (10.2, LOWER_ON_CHEST), (10.75, ROUNDED),
        (11.2, OPEN),
    ),
}  # fmt: skip

# Where the foot is on the ice, its contact decides and these keys only lead from one time in the air to the next.
LEGS = {
    LEFT: (
        (0.0, BESIDE),
        # After its first push.
        (1.18, PUSHED_OUT), (1.29, PUSHED_OUT), (1.47, RECOVERING), (1.64, BESIDE),
        # After its second push, free over the held edge.
        (2.93, PUSHED_OUT), (3.08, BEHIND), (3.34, BEHIND_HIGH), (3.50, RECOVERING), (3.64, BESIDE),
        # In the air: across in front of the right leg, and open again to land.
        (4.66, COMING_ACROSS), (4.80, CROSSED_OVER), (4.92, CROSSED_OVER), (LANDING + 0.03, OPENING),
        (LANDING + 0.17, ROUND_THE_SIDE), (LANDING + 0.38, BEHIND), (5.98, BEHIND_HIGH),
        # Into the spin, and out of it.
        (6.22, STEPPING_IN), (6.40, BESIDE),
        (11.18, SIDE_FRONT_LOW), (11.44, ROUND_THE_SIDE), (11.68, BEHIND), (12.0, BEHIND_HIGH),
    ),
    RIGHT: (
        (0.0, BESIDE),
        (0.32, PUSHED_OUT), (0.40, PUSHED_OUT), (0.57, RECOVERING), (0.74, BESIDE),
        (2.08, PUSHED_OUT), (2.17, PUSHED_OUT), (2.33, RECOVERING), (2.49, BESIDE),
        # Over the take-off edge, then through to the knee that lifts the jump, then down into its axis.
        (4.05, BEHIND), (4.24, BEHIND), (4.37, PASSING), (4.49, DRIVING_KNEE), (4.67, STRAIGHT_DOWN),
        (LANDING, STRAIGHT_DOWN),
        # Round with the spin, to the knee, and down.
        (6.7, BEHIND), (7.10, BEHIND), (7.34, SWINGING_ROUND), (7.60, SIDE_FRONT), (8.0, SIDE_FRONT),
        (8.5, AT_KNEE), (9.2, CROSSED_LOW), (10.4, CROSSED_LOW), (10.82, BESIDE),
    ),
}  # fmt: skip

PROGRAMME = Programme(
    start=(-22.0, -3.0),
    direction=0.0,
    glide=GLIDE,
    turns=TURNS,
    contacts=CONTACTS,
    flights=FLIGHTS,
    knee=KNEE,
    pelvis=PELVIS,
    trunk=TRUNK,
    arms=ARMS,
    legs=LEGS,
)


MOMENTS = (
    Moment("stroke", "left forward stroke", 0.0, 0.75),
    Moment("stroke", "right forward stroke", 0.75, 1.65),
    Moment("stroke", "left forward stroke", 1.65, 2.5),
    Moment("glide", "right forward outside edge", 2.5, 3.65),
    Moment("step", "left forward outside take-off edge", 3.65, TAKEOFF),
    Moment("jump", "axel", TAKEOFF, LANDING, 1.5),
    Moment("glide", "right back outside running edge", LANDING, 6.38),
    Moment("step", "step forward onto the left outside edge", 6.38, 7.65),
    Moment("spin", "upright spin", 7.65, 10.85, 6.0),
    Moment("step", "exit onto the right back outside edge", 10.85, 12.0),
)


@lru_cache(maxsize=1)
def demo_take() -> Motion:
    """The demo take: 12 s at 60 Hz, all 23 segments, the skater's soles at z = 0 where a foot is on the ice."""
    return take_of("demo", PROGRAMME, MOMENTS, DURATION)


def demo_events() -> tuple[Event, ...]:
    """What the skater does when, in frames of `demo_take`."""
    return demo_take().events
