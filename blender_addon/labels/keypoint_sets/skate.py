"""What a skating coach looks at: both blades, the legs over them, the lines of hips and shoulders, the head. Our own.

A blade's toe and heel are the ends of its running edge, its middle is where it touches the ice when it stands on it,
the toe pick is the point of the lowest tooth. The hip line goes from one front end of the hip's crest to the other, the
shoulder line from acromion to acromion. Only somebody who wears skates has the points of the blades.
"""

from __future__ import annotations

from blender_addon.labels.keypoint_sets.keypoint_set import keypoint_set


def _side(side: str) -> list[tuple[str, str]]:
    letter = side[0].upper()
    own = (
        ("ToePick", "toe_pick"), ("BladeToe", "edge_toe"), ("BladeMiddle", "edge_middle"), ("BladeHeel", "edge_heel"),
        ("Ankle", "ankle"), ("Knee", "knee"), ("HipLine", "asis"), ("ShoulderLine", "acromion"),
    )  # fmt: skip
    return [(f"{letter}{point}", f"{side}_{mark}") for point, mark in own]


_BLADE_AND_LEG = ((3, 2), (2, 1), (1, 0), (2, 4), (4, 5), (5, 6))

SKATE = keypoint_set(
    "skate",
    (*_side("right"), *_side("left"), ("Head", "right_ear left_ear")),
    (*_BLADE_AND_LEG, *((a + 8, b + 8) for a, b in _BLADE_AND_LEG), (6, 14), (7, 15), (6, 7), (14, 15)),
    title="Skating",
    about="Our own: both blades with their toe picks, the legs over them, lines of hips and shoulders",
    group="Skating",
)
