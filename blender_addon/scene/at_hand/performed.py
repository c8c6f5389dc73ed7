"""What retargeting has made of a take for somebody, kept: each camera that is put into a scene asks for it again.

For a minute of skating it takes some half a minute, most of it for skirts that swing.
"""

from __future__ import annotations

import json

from blender_addon.cast import SkaterSpec
from blender_addon.clip import to_dict
from blender_addon.skater.human import Human
from blender_addon.skater.performance import Performance, perform, stamps_of

_KEPT = 4
_performances: dict[tuple[str, float, int], Performance] = {}


def performed(spec: SkaterSpec, human: Human, fps: float, count: int) -> Performance:
    """As `perform`, which is only asked where the spec, the person, the frames or the take's files are others."""
    key = (json.dumps([to_dict(spec), *stamps_of(spec.motion)], sort_keys=True), fps, count)
    known = _performances.get(key)
    if known is None or known.human is not human:
        known = perform(spec, human, fps, count)
        while len(_performances) >= _KEPT:
            del _performances[next(iter(_performances))]
        _performances[key] = known
    return known
