"""What the panel's buttons do. Whatever goes wrong is told in Blender's status bar, in one line with its mend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from blender_addon.ui import watch
from blender_addon.ui.onto_armature import SKATESYNTH_OT_onto_armature
from blender_addon.ui.properties import preferences, request_of, settings
from blender_addon.ui.request import trouble, write_job
from mocap.errors import UserError

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import OperatorReturnItems


def why_not(context: bpy.types.Context) -> str | None:
    """Why Render is greyed, as a sentence; None when it can be clicked."""
    if watch.run is not None:
        return "A data set is being rendered."
    return trouble(request_of(settings(context))) or watch.assets_trouble(preferences(context).assets)


class SKATESYNTH_OT_render(bpy.types.Operator):
    """Render the data set with all its labels, in the background; it goes on when Blender is closed"""

    bl_idname = "skatesynth.render"
    bl_label = "Render"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Greyed with the reason in its tooltip."""
        reason = why_not(context)
        if reason is not None:
            cls.poll_message_set(reason)
        return reason is None

    def execute(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Writes the job file and starts the pipeline on it."""
        chosen = preferences(context)
        request = request_of(settings(context))
        try:
            job = write_job(request)
            watch.begin(
                job,
                Path(request.out),
                overwrite=settings(context).overwrite,
                workers=chosen.workers,
                assets=chosen.assets,
            )
        except UserError as error:
            self.report({"ERROR"}, error.line())
            return {"CANCELLED"}
        self.report({"INFO"}, f"Rendering in the background, job file {job}")
        return {"FINISHED"}


class SKATESYNTH_OT_cancel(bpy.types.Operator):
    """Stop rendering. Clips that are finished stay, and Render goes on from them"""

    bl_idname = "skatesynth.cancel"
    bl_label = "Cancel"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Only while there is something to stop."""
        return watch.run is not None

    def execute(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Asks the pipeline to end; the panel sees when it has."""
        watch.stop()
        return {"FINISHED"}


class SKATESYNTH_OT_open_folder(bpy.types.Operator):
    """Show the output folder in the system's file manager"""

    bl_idname = "skatesynth.open_folder"
    bl_label = "Open Folder"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Only when the folder is there."""
        out = request_of(settings(context)).out
        return bool(out) and Path(out).is_dir()

    def execute(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Leaves it to the system."""
        return _open(self, request_of(settings(context)).out)


class SKATESYNTH_OT_open_sheet(bpy.types.Operator):
    """Show the contact sheet of the data set in the system's picture viewer"""

    bl_idname = "skatesynth.open_sheet"
    bl_label = "Show Contact Sheet"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Only when a run has left one."""
        return watch.shown.sheet is not None and watch.shown.sheet.is_file()

    def execute(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Leaves it to the system."""
        return _open(self, str(watch.shown.sheet))


def _open(operator: bpy.types.Operator, path: str) -> set[OperatorReturnItems]:
    try:
        bpy.ops.wm.path_open(filepath=path)
    except RuntimeError as error:
        operator.report({"ERROR"}, f"{path}: cannot be shown ({' '.join(str(error).split())})")
        return {"CANCELLED"}
    return {"FINISHED"}


OPERATORS = (
    SKATESYNTH_OT_render,
    SKATESYNTH_OT_cancel,
    SKATESYNTH_OT_open_folder,
    SKATESYNTH_OT_open_sheet,
    SKATESYNTH_OT_onto_armature,
)
