"""The spiral: a long glide on one edge, the free leg high behind.

The ISU calls it a spiral where one blade is on the ice and the free leg, knee and foot, is higher than the hip
(Special Regulations & Technical Rules, Single & Pair Skating and Ice Dance).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mocap.elements.anatomy import Arm, Pelvis, Trunk
from mocap.elements.blades import Blade, Contact
from mocap.elements.element import Element, Parameter
from mocap.elements.ice import Glide, curve_of
from mocap.elements.phrase import Edge, Moment, Phrase
from mocap.elements.poses import BEHIND, BEHIND_HIGH, BESIDE, OPEN, RECOVERING
from mocap.elements.spin_poses import Position, camel
from mocap.elements.strides import edge_name, stroke
from mocap.skeleton import LEFT, RIGHT, SIDES

# Seconds in which the free leg rises to its height, and comes down again.
_RISE, _FALL = 1.3, 1.2
# Frames a second to which its length is rounded, so that the take ends on the ice.
_GRID = 60.0


def arabesque(free_leg: float) -> Position:
    """The position of the spiral, the free leg `free_leg` degrees over the level of the hip; a camel's, more open."""
    return replace(
        camel(free_leg),
        knee=10.0,
        trunk=Trunk(bend=-34, twist=16, head_bend=-34),
        arms=dict.fromkeys(SIDES, Arm(abduction=92, forward=-4, rotation=6, elbow=6, wrist=-6)),
    )


def _held(speed: float, lean: float, free_leg: float, seconds: float) -> Phrase:
    """The spiral on the left foot; `seconds` from the leg's rising to its coming down."""
    position = arabesque(free_leg)
    up, down = _RISE, _RISE + round(_GRID * seconds) / _GRID
    end = down + _FALL
    curve = curve_of(lean, speed)
    return Phrase(
        duration=end,
        begins=Edge(LEFT),
        ends=Edge(LEFT),
        glide=[(0.4, Glide(speed, 0.7 * curve)), (up, Glide(0.99 * speed, curve)), (end, Glide(0.92 * speed, curve))],
        contacts=[Contact(LEFT, backward=False, keys=[(0.0, Blade()), (end, Blade())])],
        knee=[(0.35, 46.0), (up, position.knee), (down, position.knee), (end - 0.4, 46.0), (end, 42.0)],
        pelvis=[(0.3, Pelvis(tilt=20)), (up, position.pelvis), (down, position.pelvis), (end - 0.2, Pelvis(tilt=14))],
        trunk=[
            (0.3, Trunk(bend=-8, head_bend=-8)),
            (up, position.trunk),
            (down, position.trunk),
            (end - 0.2, Trunk(bend=-4, head_bend=-5)),
        ],
        arms={side: [(0.3, OPEN), (up, arm), (down, arm), (end, OPEN)] for side, arm in position.arms.items()},
        legs={
            RIGHT: [
                (0.15, RECOVERING),
                (0.45, BEHIND),
                (up, position.free),
                (down, position.free),
                (end - 0.45, BEHIND_HIGH),
                (end - 0.15, RECOVERING),
                (end, BESIDE),
            ]
        },
        moments=[
            Moment("glide", edge_name(LEFT, False, lean), 0.0, 0.9 * up),
            Moment("glide", edge_name(LEFT, False, lean).removesuffix("edge") + "spiral", 0.9 * up, down),
            Moment("glide", edge_name(LEFT, False, lean), down, end),
        ],
    )


def _spiral(values: Mapping[str, float]) -> Sequence[Phrase]:
    speed, lean = values["speed"], values["edge"]
    return [
        stroke(RIGHT, speed, 6.0),
        stroke(LEFT, speed, 0.5 * lean),
        _held(speed, lean, values["free_leg"], values["seconds"]),
        stroke(RIGHT, 0.9 * speed, 6.0),
    ]


ELEMENTS: tuple[Element, ...] = (
    Element(
        "spiral",
        {
            "speed": Parameter(4.5, 3.0, 6.0, "metres a second"),
            "edge": Parameter(8.0, -12.0, 12.0, "degrees of lean over the edge: outside positive, inside negative"),
            "free_leg": Parameter(22.0, 5.0, 45.0, "degrees that the free leg rises over the level of the hip"),
            "seconds": Parameter(3.0, 1.5, 5.0, "how long the position is held"),
        },
        _spiral,
    ),
)
