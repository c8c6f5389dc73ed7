"""The step Take as keys of a job. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blender_addon.cast import DEMO
from blender_addon.ui.request.blocks import Data, Named, first, give
from blender_addon.ui.request.fields import TakeFields
from blender_addon.ui.request.paths import plain_path
from blender_addon.ui.request.shown import Kept

if TYPE_CHECKING:
    from render_scripts.job import Job

ALL = ("source", "path", "subject", "element", "joint_map")


def read(job: Job) -> tuple[TakeFields, Kept]:
    """What the fields show of a job; several movements cannot be shown."""
    if len(job.motions) > 1:
        return TakeFields(source="demo"), set(ALL)
    (motion,) = job.motions
    if motion.element is not None:
        # Brings scipy, which only jobs of elements need to wait for.
        from mocap.elements.library import ELEMENTS

        if motion.element not in ELEMENTS:
            return TakeFields(source="demo"), set(ALL)
        return TakeFields(source="element", element=motion.element), set()
    if motion.take == DEMO:
        return TakeFields(source="demo"), set()
    joint_map = plain_path(motion.joint_map) if motion.joint_map else ""
    return TakeFields("recording", plain_path(motion.take), motion.subject or "", joint_map=joint_map), set()


def write(data: Data, was: TakeFields, now: TakeFields, named: Named) -> None:
    """Puts what has changed into a job's data. What was said of another movement goes with it."""
    if _what(was) != _what(now):
        motion = first(data, "motions")
        motion.clear()
        if now.source == "element":
            motion["element"] = now.element
        elif now.source == "recording":
            motion["take"] = named(now.path)
        else:
            motion["take"] = DEMO
        was = TakeFields(now.source, now.path, element=now.element)
    if now.source != "recording":
        return
    if now.subject != was.subject:
        give(first(data, "motions"), "subject", now.subject or None)
    if now.joint_map != was.joint_map:
        give(first(data, "motions"), "joint_map", named(now.joint_map) if now.joint_map else None)


def _what(fields: TakeFields) -> tuple[str, str]:
    name = {"recording": fields.path, "element": fields.element}.get(fields.source, "")
    return fields.source, name
