"""The step Retarget as keys of a job. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blender_addon.ui.request.blocks import Data, Named, block, first, give, number
from blender_addon.ui.request.fields import RetargetFields
from blender_addon.ui.request.shown import Kept, one_number

if TYPE_CHECKING:
    from render_scripts.job import Job, PlacementJob

_KEYS = ("x", "y", "heading", "root", "path", "pace", "facing")


def read(job: Job) -> tuple[RetargetFields, Kept]:
    """What the fields show of a job; places that are drawn from ranges, and paths, cannot be shown."""
    kept: Kept = set() if job.augment.mirror in (0.0, 1.0) else {"mirror"}
    mirror = job.augment.mirror == 1.0
    shown = _place(job.skaters[0].placement) if len(job.skaters) == 1 else None
    if shown is None:
        return RetargetFields(mirror=mirror), kept | {"place", "heading", "path"}
    place, heading = shown
    return RetargetFields(place, heading, mirror), kept


def _place(ask: PlacementJob) -> tuple[str, float] | None:
    if all(getattr(ask, key) is None for key in _KEYS):
        return "drawn", 0.0
    heading = 0.0 if ask.heading is None else one_number(ask.heading)
    if ask.path is not None or heading is None:
        return None
    if ask.root == "in_place" and ask.x is None and ask.y is None:
        return "spot", heading
    if ask.root in (None, "recorded") and one_number(ask.x) == 0.0 and one_number(ask.y) == 0.0:
        return "recorded", heading
    return None


def write(data: Data, was: RetargetFields, now: RetargetFields, named: Named) -> None:
    """Puts what has changed into a job's data."""
    if now.mirror != was.mirror:
        block(data, "augment")["mirror"] = 1 if now.mirror else 0
    then = _written(now)
    if then == _written(was):
        return
    skater = first(data, "skaters")
    if not then:
        skater.pop("placement", None)
        return
    ask = block(skater, "placement")
    for key in _KEYS:
        # How one follows a path is not for the panel to say.
        if key not in ("pace", "facing") or not now.path:
            give(ask, key, then.get(key))


def _written(fields: RetargetFields) -> dict[str, Any]:
    if fields.path:
        return {"path": [[number(x), number(y)] for x, y in fields.path]}
    heading = number(fields.heading)
    if fields.place == "spot":
        return {"root": "in_place", **({"heading": heading} if heading else {})}
    if fields.place == "recorded":
        return {"x": 0, "y": 0, "heading": heading}
    return {}
