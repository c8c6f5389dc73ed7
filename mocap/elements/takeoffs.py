"""How each of the six jumps leaves the ice, as keys counted from the take-off. A skater who turns to the left.

The body turns on the ice before it leaves it. An Axel springs nearly straight ahead, up to a quarter turned; jumps from
a back edge leave the ice a quarter to a half turned toward the front, edge jumps and the toe loop further than flip and
Lutz, and all of them further the more turns are to come (photographs of a quarter to a half turn in triples and quads:
G. S. Rossano, "The Axel is the only jump that takes off backwards", 2020). How far it is comes out of the momentum
that is built up on the ice (`winding`) and of the body's inertia.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mocap.elements.anatomy import Arm, Leg, Pelvis, Trunk
from mocap.elements.blades import Blade
from mocap.elements.phrase import Edge, Keys
from mocap.elements.poses import (
    BEHIND,
    DRAWN_BACK,
    DRAWN_UP,
    DRIVING_KNEE,
    HOOKED_IN_FRONT,
    LEADING,
    LIFTED_BACK,
    OPEN,
    PASSING,
    REACHING_BACK,
    SCOOPED,
    SCOOPING,
    SWUNG_THROUGH,
    THROWN_UP,
    TRAILING,
)
from mocap.skeleton import LEFT, RIGHT


@dataclass(frozen=True)
class Takeoff:
    """A take-off. Keys are in seconds from the instant the skater leaves the ice: −0.3 is 0.3 s before it.

    Attributes:
        edge: on which it is approached.
        lean: degrees of the body's lean on that edge, positive to the left of the travel.
        winding: (seconds, share of the flight's angular momentum): how the turn begins on the ice.
        blade: keys of the skating foot, up to its last moment on the ice.
        knee, pelvis, trunk, arms, legs: as of `Phrase`.
        pick: the foot whose toe pick lifts the jump; None for an edge jump.
    """

    edge: Edge
    lean: float
    winding: Keys[float]
    blade: Keys[Blade]
    knee: Keys[float]
    pelvis: Keys[Pelvis]
    trunk: Keys[Trunk]
    arms: Mapping[str, Keys[Arm]]
    legs: Mapping[str, Keys[Leg]]
    pick: str | None = None


# From a back edge the blade turns with the body and rolls up onto its front.
_OFF_THE_EDGE: Keys[Blade] = (
    (-0.30, Blade()),
    (-0.18, Blade(pressure=0.55, follow=0.5)),
    (-0.08, Blade(pitch=10, pressure=0.7, follow=1.0)),
    (0.00, Blade(pitch=50, pressure=0.9, follow=1.0)),
)
# The skating foot hands the weight to the other one's toe pick, is overtaken and lifts.
_GIVEN_OVER: Keys[Blade] = (
    (-0.28, Blade()),
    (-0.18, Blade(follow=0.4, ahead=0.02)),
    (-0.12, Blade(load=0.5, ahead=0.09, out=0.06, follow=0.9)),
    (-0.07, Blade(load=0.0, ahead=0.20, out=0.13, pitch=18, pressure=0.8, follow=1.0)),
)
# Checked against the turn on the edge, then let go.
_LET_GO: Keys[Trunk] = (
    (-0.50, Trunk(bend=2, twist=-24, head_bend=-6)),
    (-0.28, Trunk(bend=8, twist=-20, head_bend=-8)),
    (0.00, Trunk(bend=-2, twist=8, head_turn=10)),
)
_LEFT_ARM_LEADS: Mapping[str, Keys[Arm]] = {
    LEFT: [(-0.50, LEADING), (-0.26, LEADING), (-0.02, THROWN_UP)],
    RIGHT: [(-0.50, TRAILING), (-0.26, TRAILING), (-0.02, THROWN_UP)],
}
_INTO_THE_SPRING: Keys[Pelvis] = ((-0.50, Pelvis(tilt=12)), (-0.27, Pelvis(tilt=18)), (0.00, Pelvis(tilt=-2)))
_PICK_KNEE: Keys[float] = ((-0.50, 50.0), (-0.20, 62.0), (0.0, 30.0))


def _both_arms(keys: Sequence[tuple[float, Arm]]) -> Mapping[str, Keys[Arm]]:
    return {LEFT: keys, RIGHT: keys}


# Left forward outside edge; arms and right leg are drawn back, pass and lift the jump.
AXEL = Takeoff(
    edge=Edge(LEFT),
    lean=10.0,
    winding=[(-0.14, 0.0), (-0.01, 1.0)],
    blade=[
        (-0.18, Blade()),
        (-0.08, Blade(pitch=8, pressure=0.65, follow=0.3)),
        (0.00, Blade(pitch=50, pressure=0.9, follow=1.0)),
    ],
    knee=[(-0.50, 58.0), (-0.22, 64.0), (0.0, 32.0)],
    pelvis=[(-0.50, Pelvis(tilt=8)), (-0.25, Pelvis(tilt=20)), (0.00, Pelvis(tilt=-2))],
    trunk=[
        (-0.65, Trunk(bend=2, head_bend=-6)),
        (-0.30, Trunk(bend=8, twist=-10, head_bend=-12, head_turn=12)),
        (0.00, Trunk(bend=-2, twist=6, head_turn=10)),
    ],
    arms=_both_arms([(-0.65, OPEN), (-0.32, DRAWN_BACK), (-0.04, THROWN_UP)]),
    legs={RIGHT: [(-0.45, BEHIND), (-0.26, BEHIND), (-0.13, PASSING), (-0.01, DRIVING_KNEE)]},
)

# Left back inside edge; the right leg scoops round from behind to the front.
SALCHOW = Takeoff(
    edge=Edge(LEFT, backward=True),
    lean=10.0,
    winding=[(-0.40, 0.0), (-0.20, 0.4), (-0.02, 1.0)],
    blade=_OFF_THE_EDGE,
    knee=[(-0.50, 52.0), (-0.22, 64.0), (0.0, 32.0)],
    pelvis=_INTO_THE_SPRING,
    trunk=_LET_GO,
    arms={
        LEFT: [(-0.50, LEADING), (-0.22, SCOOPED), (-0.02, THROWN_UP)],
        RIGHT: [(-0.50, TRAILING), (-0.24, SCOOPED), (-0.02, THROWN_UP)],
    },
    legs={RIGHT: [(-0.55, LIFTED_BACK), (-0.38, LIFTED_BACK), (-0.20, SCOOPING), (-0.01, SWUNG_THROUGH)]},
)

# Right back outside edge, deep in the knee as if to sit; the left foot stays hooked in front.
LOOP = Takeoff(
    edge=Edge(RIGHT, backward=True),
    lean=10.0,
    winding=[(-0.42, 0.0), (-0.22, 0.4), (-0.02, 1.0)],
    blade=_OFF_THE_EDGE,
    knee=[(-0.60, 56.0), (-0.22, 72.0), (0.0, 32.0)],
    pelvis=[(-0.50, Pelvis(tilt=18)), (-0.27, Pelvis(tilt=26)), (0.00, Pelvis(tilt=-2))],
    trunk=_LET_GO,
    arms=_LEFT_ARM_LEADS,
    legs={LEFT: [(-0.60, HOOKED_IN_FRONT), (-0.25, HOOKED_IN_FRONT), (-0.01, DRAWN_UP)]},
)

# Right back outside edge; the left toe pick lifts it and the right leg is drawn past.
TOE_LOOP = Takeoff(
    edge=Edge(RIGHT, backward=True),
    lean=10.0,
    winding=[(-0.32, 0.0), (-0.14, 0.5), (-0.02, 1.0)],
    blade=_GIVEN_OVER,
    knee=_PICK_KNEE,
    pelvis=_INTO_THE_SPRING,
    trunk=_LET_GO,
    arms=_LEFT_ARM_LEADS,
    legs={LEFT: [(-0.55, LIFTED_BACK), (-0.42, LIFTED_BACK), (-0.24, REACHING_BACK)], RIGHT: [(0.02, SWUNG_THROUGH)]},
    pick=LEFT,
)

# Left back inside edge; the right toe pick lifts it.
FLIP = Takeoff(
    edge=Edge(LEFT, backward=True),
    lean=10.0,
    winding=[(-0.22, 0.0), (-0.10, 0.4), (-0.01, 1.0)],
    blade=_GIVEN_OVER,
    knee=_PICK_KNEE,
    pelvis=_INTO_THE_SPRING,
    trunk=_LET_GO,
    arms=_LEFT_ARM_LEADS,
    legs={RIGHT: [(-0.55, LIFTED_BACK), (-0.42, LIFTED_BACK), (-0.24, REACHING_BACK)], LEFT: [(0.03, DRAWN_UP)]},
    pick=RIGHT,
)

# The flip's spring from the left back outside edge, whose curve goes against the turn.
LUTZ = replace(FLIP, lean=-10.0)
