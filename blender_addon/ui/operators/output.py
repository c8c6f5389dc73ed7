# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The step Output: what there is in the folder, shown by the system's own programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from blender_addon.ui import watch
from blender_addon.ui.properties import settings
from blender_addon.ui.request import request_of

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import OperatorReturnItems


class SKATESYNTH_OT_open_folder(bpy.types.Operator):
    """Show the output folder in the system's file manager"""

    bl_idname = "skatesynth.open_folder"
    bl_label = "Open Folder"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Only when the folder is there."""
        out = request_of(settings(context)).output.out
        cls.poll_message_set("The output folder is not there yet: nothing has been rendered into it.")
        return bool(out) and Path(out).is_dir()

    def execute(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Leaves it to the system."""
        return show(self, request_of(settings(context)).output.out)


class SKATESYNTH_OT_open_sheet(bpy.types.Operator):
    """Show the contact sheet of the data set in the system's picture viewer"""

    bl_idname = "skatesynth.open_sheet"
    bl_label = "Show Contact Sheet"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Only when a run has left one."""
        cls.poll_message_set("A run makes it when it is done.")
        return watch.shown.sheet is not None and watch.shown.sheet.is_file()

    def execute(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Leaves it to the system."""
        return show(self, str(watch.shown.sheet))


def show(operator: bpy.types.Operator, path: str) -> set[OperatorReturnItems]:
    """Opens a file or a folder with whatever the system has for it."""
    try:
        bpy.ops.wm.path_open(filepath=path)
    except RuntimeError as error:
        operator.report({"ERROR"}, f"{path}: cannot be shown ({' '.join(str(error).split())})")
        return {"CANCELLED"}
    return {"FINISHED"}


CLASSES = (SKATESYNTH_OT_open_folder, SKATESYNTH_OT_open_sheet)
