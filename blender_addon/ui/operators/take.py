# mypy: disable-error-code="valid-type", no-strict-optional
# Blender reads a property from what stands in a type's place, which no type checker takes for a type; and by its stubs
# a context may lack whatever it is asked for, which it does not where an operator runs.
"""The step Take: a movement is looked at, and what is in it is put on the timeline."""

import dataclasses
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

import bpy

from blender_addon.ui.buttons import Button
from blender_addon.ui.loaded import FIRST_FRAME, KEY, Element, Loaded, as_text, from_text, loaded_of
from blender_addon.ui.properties import settings
from blender_addon.ui.request import job_of, request_of
from blender_addon.ui.steps import busy
from mocap.errors import UserError

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import OperatorReturnItems

    from blender_addon.cast import MotionSpec

SUFFIXES = (".mvnx", ".bvh", ".gz")


def loaded_in(scene: bpy.types.Scene) -> Loaded | None:
    """The take that was loaded last; None if none was."""
    text = scene.get(KEY)
    return from_text(text) if isinstance(text, str) else None


def chosen_motion(context: bpy.types.Context) -> "MotionSpec":
    """What the panel's fields name. Of a job file that was opened, what the clip of the skater at hand shows of it.

    Where it begins is for the frame range to say, and left and right are as recorded.

    Raises:
        UserError: the panel describes no job.
    """
    from blender_addon.cast import DEMO, MotionSpec

    request = request_of(settings(context))
    if request.file.text:
        job = job_of(request)
        if job.stage is None:
            from render_scripts.outline import movement_at

            shown = movement_at(job, request.skater.draw)
            return dataclasses.replace(shown, mirror=False, noise=0.0, seed=0)
    chosen = request.take
    if chosen.source == "element":
        return MotionSpec(element=chosen.element)
    if chosen.source == "demo":
        return MotionSpec(take=DEMO)
    return MotionSpec(take=chosen.path, subject=chosen.subject or None, joint_map=chosen.joint_map or None)


def source_of(motion: "MotionSpec") -> dict[str, str | None]:
    """The part of a `MotionSpec` that says what is read and how fast it goes, as `Loaded.source` has it."""
    changes = json.dumps([sorted(motion.parameters.items()), motion.speed])
    names = ("take", "subject", "joint_map", "element")
    return {**{name: getattr(motion, name) for name in names}, "changes": changes}


def is_loaded(context: bpy.types.Context, loaded: Loaded) -> bool:
    """Whether it is the take that the panel's fields name."""
    try:
        return source_of(chosen_motion(context)) == loaded.source
    except UserError:
        return False


class SKATESYNTH_OT_load_take(Button):
    """Read the take: who is in it, which jumps and spins, and whether it can be trusted. They are marked on the timeline, and the scene's frame range becomes the take's"""  # noqa: E501

    bl_idname = "skatesynth.load_take"
    bl_label = "Load Take"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    filepath: bpy.props.StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE", "HIDDEN"})
    filter_glob: bpy.props.StringProperty(default="*.mvnx;*.bvh;*.gz", options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set["OperatorReturnItems"]:
        """Asks for a recording where none is named yet."""
        chosen = settings(context).take
        if not self.filepath and chosen.source == "recording" and not chosen.path:
            context.window_manager.fileselect_add(self)
            return {"RUNNING_MODAL"}
        return self.execute(context)

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Reads the movement, writes markers, frame range and what the panel shows."""
        chosen = settings(context).take
        before = (chosen.source, chosen.path, chosen.subject)
        if self.filepath:
            chosen.source, chosen.path = "recording", self.filepath
            chosen.subject = chosen.subject if self.filepath == before[1] else ""
        try:
            loaded = _load(context)
        except UserError:
            # A file that was dropped and cannot be read takes the place of nothing.
            chosen.source, chosen.path, chosen.subject = before
            raise
        self.report({"INFO"}, f"{loaded.name}: {loaded.length}")
        return {"FINISHED"}


def _load(context: bpy.types.Context) -> Loaded:
    # These bring scipy; a Blender that only starts should not wait for it.
    from blender_addon.skater.performance import load_motion
    from mocap.summary import summarize

    chosen, scene = settings(context).take, context.scene
    if chosen.source == "recording" and not chosen.path:
        raise UserError("no recording is chosen", mend="Name an MVNX or BVH file.")
    motion = chosen_motion(context)
    with busy(context):
        summary = summarize(load_motion(motion))
    loaded = loaded_of(summary, source_of(motion), scene.render.fps / scene.render.fps_base)
    was = loaded_in(scene)
    _unmark(scene, () if was is None else was.markers)
    for name, frame in loaded.markers:
        scene.timeline_markers.new(name, frame=frame)
    scene[KEY] = as_text(loaded)
    _show_frames(scene, FIRST_FRAME, loaded.last_frame)
    return loaded


def _show_frames(scene: bpy.types.Scene, first: int, last: int) -> None:
    """The frame range; the current frame stays where it is within it, else goes to its beginning."""
    scene.frame_start, scene.frame_end = first, last
    if not first <= scene.frame_current <= last:
        scene.frame_set(first)


def _unmark(scene: bpy.types.Scene, markers: Iterable[tuple[str, int]]) -> None:
    """Removes markers that stand as they were put; one that the user has moved or renamed has become the user's own."""
    for name, frame in markers:
        for marker in scene.timeline_markers:
            if (marker.name, marker.frame) == (name, frame):
                scene.timeline_markers.remove(marker)
                break


def _people(self: bpy.types.Operator, context: bpy.types.Context | None) -> list[tuple[str, str, str]]:
    # Blender does not keep the words of a menu that is made while it is drawn: `from_text` does.
    loaded = None if context is None else loaded_in(context.scene)
    return [(label, label, "") for label in (() if loaded is None else loaded.subjects)]


class SKATESYNTH_OT_choose_person(Button):
    """Load another person of the same recording"""

    bl_idname = "skatesynth.choose_person"
    bl_label = "Person"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}  # noqa: RUF012

    person: bpy.props.EnumProperty(name="Person", items=_people)

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Loads the take anew."""
        chosen = settings(context).take
        before, chosen.subject = chosen.subject, self.person
        try:
            _load(context)
        except UserError:
            chosen.subject = before
            raise
        return {"FINISHED"}


class _OfElement(Button):
    number: bpy.props.IntProperty(name="Element", description="Of the loaded take, from 0", default=0, min=0)

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        loaded = loaded_in(context.scene)
        if loaded is None:
            return "Load a take first."
        return None if loaded.elements else "The take has no elements."

    def element(self, context: bpy.types.Context) -> tuple[Loaded, Element]:
        """The one that is meant, the last one if there are fewer."""
        loaded = loaded_in(context.scene)
        assert loaded is not None
        return loaded, loaded.elements[min(self.number, len(loaded.elements) - 1)]


class SKATESYNTH_OT_go_to_element(_OfElement):
    """Go to the element's first frame: of a jump, the take-off"""

    bl_idname = "skatesynth.go_to_element"
    bl_label = "Go to Element"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}  # noqa: RUF012

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Sets the current frame."""
        loaded, element = self.element(context)
        context.scene.frame_set(loaded.frames_of(element)[0])
        return {"FINISHED"}


class SKATESYNTH_OT_element_frames(_OfElement):
    """Frames of this element: the scene's frame range becomes the element's"""

    bl_idname = "skatesynth.element_frames"
    bl_label = "Frames of This Element"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}  # noqa: RUF012

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Sets the frame range."""
        loaded, element = self.element(context)
        _show_frames(context.scene, *loaded.frames_of(element))
        return {"FINISHED"}


class SKATESYNTH_OT_all_frames(Button):
    """The scene's frame range becomes the whole take again"""

    bl_idname = "skatesynth.all_frames"
    bl_label = "All Frames of the Take"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        loaded, scene = loaded_in(context.scene), context.scene
        if loaded is None:
            return "Load a take first."
        whole = (scene.frame_start, scene.frame_end) == (FIRST_FRAME, loaded.last_frame)
        return "The frame range is the whole take." if whole else None

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Sets the frame range."""
        loaded = loaded_in(context.scene)
        assert loaded is not None
        _show_frames(context.scene, FIRST_FRAME, loaded.last_frame)
        return {"FINISHED"}


class SKATESYNTH_FH_take(bpy.types.FileHandler):
    """Recordings that are dropped onto the 3D view."""

    bl_idname = "SKATESYNTH_FH_take"
    bl_label = "Figure Skating Take"
    bl_import_operator = SKATESYNTH_OT_load_take.bl_idname
    bl_file_extensions = ";".join(SUFFIXES)

    @classmethod
    def poll_drop(cls, context: bpy.types.Context) -> bool:
        """Wherever the panel is."""
        return context.area is not None and context.area.type == "VIEW_3D"


CLASSES = (
    SKATESYNTH_OT_load_take,
    SKATESYNTH_OT_choose_person,
    SKATESYNTH_OT_go_to_element,
    SKATESYNTH_OT_element_frames,
    SKATESYNTH_OT_all_frames,
    SKATESYNTH_FH_take,
)
