# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""What the steps share: whom and what the scene at hand shows, why a step cannot be taken yet, a clock while it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import bpy

from blender_addon.ui.loaded import FIRST_FRAME
from blender_addon.ui.properties import settings
from blender_addon.ui.words import spoken
from mocap.errors import UserError

if TYPE_CHECKING:
    from blender_addon.cast import MotionSpec, SkaterSpec
    from blender_addon.clip import Clip, RinkSpec


def skater_meant(context: bpy.types.Context) -> bpy.types.Object | None:
    """The armature of the skater who is selected, else of the first there is; None where there is none."""
    from blender_addon.scene.at_hand import skater_at, skaters_in

    return skater_at(context.active_object) or next(iter(skaters_in(context.scene)), None)


def number_of(scene: bpy.types.Scene, armature: bpy.types.Object) -> int:
    """The skater's place among the scene's, from 0."""
    from blender_addon.scene.at_hand import skaters_in

    return skaters_in(scene).index(armature)


def drawn_skater(context: bpy.types.Context, draw: int, number: int) -> SkaterSpec:
    """A skater of one of the job's clips.

    Args:
        draw: of the clip; number: of the skater, from 0. A clip of fewer people is drawn with as many as that.

    Raises:
        UserError: the panel describes no job, or the take cannot be read.
    """
    from blender_addon.ui.request import clip_of, request_of
    from blender_addon.ui.request.whole import clip_at

    people = _skaters(clip_of(context, draw))
    if number >= len(people):
        request = request_of(settings(context))
        more = dataclasses.replace(request.skater, count=request.skater.count + number + 1 - len(people))
        people = _skaters(clip_at(dataclasses.replace(request, skater=more), draw))
    if number < len(people):
        return people[number]
    # The job file says how many there are; a further one is the first of another clip.
    further = _skaters(clip_of(context, draw + number))[0]
    return dataclasses.replace(further, in_focus=False, placement=dataclasses.replace(further.placement, yields=True))


def _skaters(clip: Clip) -> list[SkaterSpec]:
    return [spec for spec in clip.skaters if spec.role == "skater"]


def rink_meant(context: bpy.types.Context) -> RinkSpec:
    """The rink that the panel's fields make, for what is put into a scene that has none yet."""
    from blender_addon.ui.request import clip_of

    return clip_of(context, settings(context).surroundings.draw).rink


def from_first_frame(scene: bpy.types.Scene, motion: MotionSpec) -> MotionSpec:
    """A movement as the scene's frame range shows it, whose frame 0 is the movement's beginning."""
    rate = scene.render.fps / scene.render.fps_base
    return dataclasses.replace(motion, start=max(0.0, (scene.frame_start - FIRST_FRAME) / rate))


def mode_hurdle(context: bpy.types.Context) -> str | None:
    """Why nothing can be built now."""
    return None if context.mode == "OBJECT" else "Go back to object mode first."


def job_hurdle(context: bpy.types.Context) -> str | None:
    """Why nothing can be drawn from the panel's fields yet."""
    from blender_addon.ui.request import request_of, take_trouble

    return mode_hurdle(context) or take_trouble(request_of(settings(context)))


def data_hurdle(context: bpy.types.Context) -> str | None:
    """Why no body can be made yet."""
    from blender_addon.ui.preferences import makehuman_data

    try:
        makehuman_data(context)
    except UserError as error:
        return spoken(error)
    return None


def skater_hurdle(context: bpy.types.Context) -> str | None:
    """Why nothing can be done with a skater yet."""
    if skater_meant(context) is None:
        return "Make a skater first."
    return mode_hurdle(context)


@contextmanager
def busy(context: bpy.types.Context) -> Iterator[None]:
    """Shows the clock in place of the pointer while something takes seconds."""
    window = context.window
    if window is not None:
        window.cursor_set("WAIT")
    try:
        yield
    finally:
        if window is not None:
            window.cursor_set("DEFAULT")
