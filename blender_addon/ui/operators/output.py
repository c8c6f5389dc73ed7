# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The step Output: what there is in the folder, shown by the system's own programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from blender_addon.ui import watch
from blender_addon.ui.background import LOG
from blender_addon.ui.buttons import Button
from blender_addon.ui.properties import settings
from blender_addon.ui.request import request_of, run_folder

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import OperatorReturnItems


def out_of(context: bpy.types.Context) -> Path | None:
    """The data set's folder; None where none is chosen."""
    out = request_of(settings(context)).output.out
    return Path(out) if out and Path(out).name else None


def watched(context: bpy.types.Context) -> watch.Watched:
    """What happens in the run's folder; nothing where none is chosen."""
    out = out_of(context)
    return watch.Watched(Path()) if out is None else watch.at(run_folder(str(out)))


class SKATESYNTH_OT_open_folder(Button):
    """Show the output folder in the system's file manager"""

    bl_idname = "skatesynth.open_folder"
    bl_label = "Open Folder"

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        out = out_of(context)
        if out is None or not out.is_dir():
            return "The output folder is not there yet: nothing has been rendered into it."
        return None

    def act(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Leaves it to the system."""
        return _show(self, out_of(context))


class SKATESYNTH_OT_open_sheet(Button):
    """Show the contact sheet of the data set in the system's picture viewer"""

    bl_idname = "skatesynth.open_sheet"
    bl_label = "Show Contact Sheet"

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        sheet = watched(context).shown.sheet
        return "A run makes it when it is done." if sheet is None or not sheet.is_file() else None

    def act(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Leaves it to the system."""
        return _show(self, watched(context).shown.sheet)


class SKATESYNTH_OT_open_log(Button):
    """Show all that the renderer has said, in the system's text viewer"""

    bl_idname = "skatesynth.open_log"
    bl_label = "Show Log"

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        there = (watched(context).folder / LOG).is_file()
        return None if there else "Nothing has been rendered into this folder yet."

    def act(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Leaves it to the system."""
        return _show(self, watched(context).folder / LOG)


class SKATESYNTH_OT_open_report(Button):
    """Show what is in the data set, in the web browser: figures, plots, and samples with their labels drawn in. It is written first, which takes some seconds"""  # noqa: E501

    bl_idname = "skatesynth.open_report"
    bl_label = "Show Report"

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        out = out_of(context)
        if out is None:
            return "Choose an output folder."
        if watched(context).report is not None:
            return "The report is being written."
        return watch.report_trouble(out)

    def act(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """One that is newer than the data set is shown at once."""
        out, there = out_of(context), watched(context)
        assert out is not None
        try:
            if there.report_file.stat().st_mtime >= (out / watch.RUN_LOG).stat().st_mtime:
                return _show(self, there.report_file)
        except OSError:
            pass
        watch.write_report(there.folder, out)
        return {"FINISHED"}


def _show(operator: bpy.types.Operator, path: Path | None) -> set[OperatorReturnItems]:
    """Opens a file or a folder with whatever the system has for it."""
    try:
        bpy.ops.wm.path_open(filepath=str(path))
    except RuntimeError as error:
        operator.report({"ERROR"}, f"{path}: cannot be shown ({' '.join(str(error).split())})")
        return {"CANCELLED"}
    return {"FINISHED"}


CLASSES = (
    SKATESYNTH_OT_open_folder,
    SKATESYNTH_OT_open_sheet,
    SKATESYNTH_OT_open_log,
    SKATESYNTH_OT_open_report,
)
