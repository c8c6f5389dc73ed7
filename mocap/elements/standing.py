"""Standing about, as coaches and waiting skaters do: the weight goes from foot to foot, the eyes follow the ice.

Moments and angles are guesses by eye. What varies follows from the element's parameters alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mocap.elements.anatomy import Arm, Pelvis, Trunk
from mocap.elements.blades import Blade, Contact
from mocap.elements.element import Element, Parameter
from mocap.elements.ice import Glide
from mocap.elements.phrase import Edge, Phrase
from mocap.skeleton import LEFT, RIGHT, SIDES

# Seconds between two changes of posture, at the shortest and at the longest.
_CHANGE = (2.4, 5.0)
# Metres from the middle to each foot.
_FOOT = 0.09

_HANGING = Arm(abduction=12, forward=12, elbow=14)
_ON_HIP = Arm(abduction=46, forward=-14, rotation=-30, elbow=92, supination=-20)
_POINTING = Arm(abduction=74, forward=62, elbow=16)
_EXPLAINING = Arm(abduction=32, forward=52, rotation=20, elbow=84, supination=50)
_IN_POCKET = Arm(abduction=16, forward=-20, elbow=42)

# Folded arms: one lies over the other, and they meet nowhere on the way.
_OVER = Arm(abduction=46, forward=32, rotation=14, elbow=110, supination=50)
_UNDER = Arm(abduction=22, forward=30, rotation=-18, elbow=112, supination=50)

# Both arms at a time, left and right; one of these at every change.
_ARMS: tuple[tuple[Arm, Arm], ...] = (
    (_HANGING, _HANGING),
    (_OVER, _UNDER),
    (_IN_POCKET, _IN_POCKET),
    (_POINTING, _IN_POCKET),
    (_EXPLAINING, _EXPLAINING),
    (_HANGING, _ON_HIP),
    (_IN_POCKET, _EXPLAINING),
)


def _standing(values: Mapping[str, float]) -> Sequence[Phrase]:
    duration = values["seconds"]
    draws = np.random.default_rng(int(values["variant"]))
    times, now = [0.0], 0.0
    while now < duration:
        now += float(draws.uniform(*_CHANGE))
        times.append(now)
    weight = 0.5 + 0.28 * np.where(np.arange(len(times)) % 2 == int(draws.integers(2)), 1.0, -1.0)
    weight *= draws.uniform(0.7, 1.1, len(times))
    arms = [_ARMS[int(k)] for k in draws.integers(len(_ARMS), size=len(times))]
    look = draws.uniform(-38.0, 38.0, len(times))
    bend = draws.uniform(-2.0, 8.0, len(times))
    feet = [
        Contact(
            side,
            False,
            [
                (t, Blade(load=float(w if side == LEFT else 1.0 - w), out=_FOOT, follow=1.0))
                for t, w in zip(times, weight, strict=True)
            ],
            planted=True,
        )
        for side in SIDES
    ]
    return [
        Phrase(
            duration=duration,
            begins=Edge(RIGHT),
            ends=Edge(RIGHT),
            glide=[(0.0, Glide(0.0, 0.0))],
            contacts=feet,
            knee=[(t, 14.0) for t in times],
            pelvis=[
                (t, Pelvis(hike=float(6.0 * (w - 0.5)), turn=float(0.15 * a)))
                for t, w, a in zip(times, weight, look, strict=True)
            ],
            trunk=[
                (
                    t,
                    Trunk(
                        bend=float(b),
                        lean=float(-5.0 * (w - 0.5)),
                        twist=float(0.3 * a),
                        head_bend=float(4.0 + 0.5 * b),
                        head_turn=float(0.8 * a),
                    ),
                )
                for t, w, a, b in zip(times, weight, look, bend, strict=True)
            ],
            arms={side: [(t, pair[k]) for t, pair in zip(times, arms, strict=True)] for k, side in enumerate(SIDES)},
        )
    ]


ELEMENTS: tuple[Element, ...] = (
    Element(
        "standing",
        {
            "seconds": Parameter(10.0, 2.0, 300.0, "how long"),
            "variant": Parameter(0, 0, 999, "which of many ways to stand about", whole=True),
        },
        _standing,
    ),
)
