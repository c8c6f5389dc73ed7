"""The positions of the spins, over the left foot of a skater who spins to the left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mocap.elements.anatomy import Arm, Leg, Pelvis, Trunk
from mocap.elements.poses import AT_KNEE, BESIDE, LOWER_ON_CHEST, OPEN, OVERHEAD, ROUNDED, SIDE_FRONT, UPPER_ON_CHEST
from mocap.skeleton import LEFT, RIGHT, SIDES


@dataclass(frozen=True)
class Position:
    """A spinning skater's position.

    Attributes:
        knee: degrees of bend of the skating leg.
        pelvis, trunk, arms: their angles, the arms by side.
        free: the free leg.
        holding: how firmly each hand holds the free foot's blade, 0…1.
    """

    knee: float
    pelvis: Pelvis
    trunk: Trunk
    arms: Mapping[str, Arm]
    free: Leg
    holding: Mapping[str, float] = field(default_factory=dict)


_OPEN_ARMS = {LEFT: OPEN, RIGHT: OPEN}
_ROUND_ARMS = {LEFT: ROUNDED, RIGHT: ROUNDED}

# How every spin begins, over the centre with the free leg still swinging round, and how it is left.
ARRIVING = Position(knee=32.0, pelvis=Pelvis(tilt=4), trunk=Trunk(twist=4), arms=_OPEN_ARMS, free=SIDE_FRONT)
RISEN = Position(knee=26.0, pelvis=Pelvis(tilt=2), trunk=Trunk(bend=-2), arms=_ROUND_ARMS, free=BESIDE)

UPRIGHT_OPEN = Position(
    knee=12.0, pelvis=Pelvis(), trunk=Trunk(bend=-2), arms=_ROUND_ARMS,
    free=Leg(flexion=48, abduction=18, rotation=16, knee=10, ankle=-30),
)  # fmt: skip
UPRIGHT_AT_KNEE = Position(
    knee=9.0, pelvis=Pelvis(), trunk=Trunk(bend=-2),
    arms={side: Arm(abduction=52, forward=28, rotation=4, elbow=85, supination=40) for side in SIDES},
    free=AT_KNEE,
)  # fmt: skip


def upright(arms: float, pressed: bool = False) -> Position:
    """The scratch spin, the free foot crossed in front and then pressed down along the skating leg.

    `arms` 0 folded on the chest, 1 stretched over the head.
    """
    folded, overhead = {LEFT: UPPER_ON_CHEST, RIGHT: LOWER_ON_CHEST}, dict.fromkeys(SIDES, OVERHEAD)
    return Position(
        knee=8.0,
        pelvis=Pelvis(),
        trunk=Trunk(bend=-2),
        arms=overhead if arms > 0.5 else folded,
        free=Leg(flexion=18, abduction=-15, knee=23, ankle=-38)
        if pressed
        else Leg(flexion=26, abduction=-16, rotation=3, knee=37, ankle=-35),
    )


def sit(knee: float) -> Position:
    """Low over a skating knee that is bent by `knee` degrees, the free leg stretched to the front."""
    return Position(
        knee=knee,
        pelvis=Pelvis(tilt=42),
        trunk=Trunk(bend=46, head_bend=-36),
        arms=dict.fromkeys(SIDES, Arm(abduction=160, forward=56, elbow=24, shrug=8)),
        free=Leg(flexion=126, abduction=10, rotation=15, knee=6, ankle=-36),
    )


CAMEL_RISING = Position(
    knee=44.0, pelvis=Pelvis(tilt=48, hike=6), trunk=Trunk(bend=-12, twist=4, head_bend=-20),
    arms=_OPEN_ARMS, free=Leg(flexion=-22, abduction=8, rotation=36, knee=6, ankle=-30),
)  # fmt: skip


def camel(free_leg: float) -> Position:
    """Trunk and free leg level behind a nearly straight knee, the free leg `free_leg` degrees over the hip's level."""
    tilt = 82.0 + 0.4 * free_leg
    return Position(
        knee=14.0,
        pelvis=Pelvis(tilt=tilt, hike=18),
        trunk=Trunk(bend=-28, twist=16, head_bend=-30),
        arms=dict.fromkeys(SIDES, Arm(abduction=76, forward=-20, elbow=6)),
        free=Leg(flexion=tilt - 90.0 - free_leg, abduction=4, rotation=40, knee=6, ankle=-34),
    )


ATTITUDE = Position(
    knee=14.0, pelvis=Pelvis(tilt=8), trunk=Trunk(bend=-14, head_bend=-8), arms=_ROUND_ARMS,
    free=Leg(flexion=-30, abduction=26, rotation=42, knee=62, ankle=-30),
)  # fmt: skip


def layback(arch: float) -> Position:
    """Hips forward, the back arched by `arch` degrees, the head dropped back, the arms rounded over the chest."""
    return Position(
        knee=10.0,
        pelvis=Pelvis(tilt=-2),
        trunk=Trunk(bend=-arch, head_bend=-40),
        arms=dict.fromkeys(SIDES, Arm(abduction=118, forward=50, rotation=70, elbow=55, shrug=14)),
        free=Leg(flexion=-36, abduction=26, rotation=45, knee=70, ankle=-30),
    )


# One hand takes the blade behind the back, draws it up, and the other hand joins it over the head.
BIELLMANN_CATCH = Position(
    knee=12.0, pelvis=Pelvis(tilt=34), trunk=Trunk(bend=-44, twist=-24, head_bend=-6, head_turn=-14),
    arms={
        LEFT: Arm(abduction=84, forward=35, elbow=14),
        RIGHT: Arm(abduction=70, forward=-60, rotation=-10, elbow=22, shrug=6),
    },
    free=Leg(flexion=-20, abduction=28, rotation=-8, knee=105, ankle=-30),
    holding={RIGHT: 1.0},
)  # fmt: skip
BIELLMANN_DRAWN = Position(
    knee=8.0, pelvis=Pelvis(tilt=52), trunk=Trunk(bend=-72, twist=-14, head_bend=-16),
    arms={
        LEFT: Arm(abduction=125, forward=30, rotation=50, elbow=30, shrug=12),
        RIGHT: Arm(abduction=84, forward=-54, rotation=94, elbow=64, shrug=14),
    },
    free=Leg(flexion=-54, abduction=20, rotation=12, knee=78, ankle=-30),
    holding={RIGHT: 1.0},
)  # fmt: skip
BIELLMANN = Position(
    knee=6.0, pelvis=Pelvis(tilt=68), trunk=Trunk(bend=-97, head_bend=-15),
    arms={
        LEFT: Arm(abduction=126, rotation=95, elbow=60, shrug=22),
        RIGHT: Arm(abduction=132, forward=-12, rotation=88, elbow=86, shrug=22),
    },
    free=Leg(flexion=-74, abduction=6, rotation=20, knee=55, ankle=-30),
    holding={LEFT: 1.0, RIGHT: 1.0},
)  # fmt: skip

BIELLMANN_LET_GO = Position(
    knee=8.0, pelvis=Pelvis(tilt=50), trunk=Trunk(bend=-68, head_bend=-16),
    arms={side: Arm(abduction=132, forward=12, rotation=50, elbow=26, shrug=14) for side in SIDES},
    free=Leg(flexion=-52, abduction=18, rotation=18, knee=70, ankle=-30),
)  # fmt: skip

# Where the hands hold the free foot's blade, in the foot's frame (metres): the right one nearer to the heel.
BLADE_GRIPS: Mapping[str, tuple[float, float, float]] = {LEFT: (0.0, -0.110, -0.09), RIGHT: (0.0, 0.0, -0.09)}
