"""The points of the soles, estimated where a file has none: what tells a foot on the ice from one in the air."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mocap.motion import Motion
from mocap.rotations import Array
from mocap.skeleton import Skeleton


def with_sole_points(skeleton: Skeleton) -> tuple[Skeleton, bool]:
    """The skeleton with every point of its soles, and whether one had to be estimated; a foot it lacks stays absent.

    MVN scales these points with the foot's length. Between MVNX files they stay within 10 mm of: heel 0.19 of the
    distance from ankle to toe tip behind the ankle, metatarsal heads at 0.79 of the way from ankle to ball and 0.15
    of the foot's length to either side, the sole flat at the height of the toe's tip.
    """
    points = {segment: dict(of_segment) for segment, of_segment in skeleton.points.items()}
    estimated = False
    for side, outward in (("Right", -1.0), ("Left", 1.0)):
        toe = f"{side}Toe"
        if toe not in skeleton.names or f"{side}Foot" not in skeleton.names:
            continue
        ball = skeleton.offsets[skeleton.index(toe)]
        for segment, of_segment in _sole(points, side, outward, ball).items():
            for label, point in of_segment.items():
                if label not in points.setdefault(segment, {}):
                    points[segment][label] = point
                    estimated = True
    return (replace(skeleton, points=points) if estimated else skeleton), estimated


def heel_and_ball(motion: Motion, side: str) -> tuple[Array, Array]:
    """(T, 3) world positions of the two ends of one sole: the heel, and the middle between the metatarsal heads.

    Raises:
        KeyError: the skeleton lacks one of these points.
    """
    heel, first, fifth = (
        motion.point(f"{side}Foot", f"p{side}{point}") for point in ("HeelFoot", "FirstMetatarsal", "FifthMetatarsal")
    )
    return heel, 0.5 * (first + fifth)


def _sole(points: dict[str, dict[str, Array]], side: str, outward: float, ball: Array) -> dict[str, dict[str, Array]]:
    """Points per segment of one foot whose ball is at `ball` (3,) from the ankle."""
    tip = points.get(f"{side}Toe", {}).get(f"p{side}Toe", np.array((0.0, 0.4 * ball[1], 0.2 * ball[2])))
    sole = ball[2] + tip[2]
    forward = ball[1] + tip[1]  # negative: the foot points along −Y
    heel = -0.19 * forward
    half_width = 0.15 * abs(forward - heel)
    first, fifth = (np.array((x, 0.79 * ball[1], sole)) for x in (-outward * half_width, outward * half_width))
    return {
        f"{side}Foot": {
            f"p{side}FirstMetatarsal": first,
            f"p{side}FifthMetatarsal": fifth,
            f"p{side}HeelFoot": np.array((0.0, heel, sole)),
        },
        f"{side}Toe": {
            f"p{side}FirstMetatarsal": first - ball,
            f"p{side}FifthMetatarsal": fifth - ball,
            f"p{side}Toe": tip,
        },
    }
