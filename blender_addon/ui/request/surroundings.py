"""The step Rink & Light as keys of a job. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blender_addon.ui.request.blocks import Data, Named, block, give, number
from blender_addon.ui.request.fields import ANY, SurroundingsFields
from blender_addon.ui.request.shown import Kept, one_number, one_word, whole

if TYPE_CHECKING:
    from render_scripts.job import Job


def read(job: Job) -> tuple[SurroundingsFields, Kept]:
    """What the fields show of a job."""
    kept: Kept = set()
    scene = job.scene
    strength = one_number(scene.light.strength)
    if strength is None and scene.light.strength is not None:
        kept |= {"strength", "strength_value"}
    return SurroundingsFields(
        preset=scene.preset,
        rink=one_word(scene.rink.kind, "rink", kept),
        plan=one_word(scene.rink.plan, "plan", kept),
        light=one_word(scene.light.kind, "light", kept),
        strength=ANY if strength is None else "given",
        strength_value=SurroundingsFields.strength_value if strength is None else strength,
        spectators=whole(job.crowd.spectators, 0, "spectators", kept),
        coaches=whole(job.coaches.count, 0, "coaches", kept),
    ), kept


def write(data: Data, was: SurroundingsFields, now: SurroundingsFields, named: Named) -> None:
    """Puts what has changed into a job's data."""
    if now.preset != was.preset:
        block(data, "scene")["preset"] = now.preset
    for field, keys in (("rink", ("rink", "kind")), ("plan", ("rink", "plan")), ("light", ("light", "kind"))):
        word = getattr(now, field)
        if word != getattr(was, field):
            give(block(data, "scene", keys[0]), keys[1], None if word == ANY else word)
    if _strength(now) != _strength(was):
        give(block(data, "scene", "light"), "strength", _strength(now))
    if now.spectators != was.spectators:
        block(data, "crowd")["spectators"] = now.spectators
    if now.coaches != was.coaches:
        block(data, "coaches")["count"] = now.coaches


def _strength(fields: SurroundingsFields) -> float | None:
    return None if fields.strength == ANY else number(fields.strength_value)
