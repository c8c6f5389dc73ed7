# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The step Output: where to, how much, how good, and the job file behind it all."""

from __future__ import annotations

from pathlib import Path

import bpy

from blender_addon.ui.kept import kept_fields, say_kept
from blender_addon.ui.operators.job_file import SKATESYNTH_OT_leave_job, SKATESYNTH_OT_open_job, SKATESYNTH_OT_save_job
from blender_addon.ui.properties import settings
from blender_addon.ui.request import FRAME_CHOICES
from blender_addon.ui.words import Tab, fields


class SKATESYNTH_PT_output(Tab):
    """Where to, and how much."""

    bl_label = "Output"
    bl_order = 7

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        chosen, column = settings(context).output, fields(self.layout)
        kept = kept_fields(context, "output")

        def field(name: str) -> None:
            row = column.row()
            row.enabled = name not in kept
            row.prop(chosen, name)

        field("out")
        field("frames")
        _, counted, rated = FRAME_CHOICES[chosen.frames]
        if counted:
            field("count")
        if rated:
            field("fps")
        field("clips")
        row = column.row()
        row.enabled = "count" not in kept_fields(context, "skater")
        row.prop(settings(context).skater, "count")
        field("quality")
        say_kept(self.layout, context, "output")
        self._more(context)
        self._job_file(context)

    def _more(self, context: bpy.types.Context) -> None:
        header, body = self.layout.panel("skatesynth_output_more", default_closed=True)
        header.label(text="More")
        if body is None:
            return
        chosen, column = settings(context).output, fields(body)
        kept = kept_fields(context, "output")
        for name in ("device", "rgb", "split", "seed"):
            row = column.row()
            row.enabled = name not in kept
            row.prop(chosen, name)
        column.prop(chosen, "overwrite")

    def _job_file(self, context: bpy.types.Context) -> None:
        chosen = settings(context).output
        header, body = self.layout.panel("skatesynth_job_file", default_closed=True)
        header.label(text=f"Job File: {Path(chosen.job_path).name}" if chosen.job_text else "Job File")
        if body is None:
            return
        row = body.row(align=True)
        row.operator(SKATESYNTH_OT_open_job.bl_idname, text="Open…", icon="FILE_FOLDER")
        row.operator(SKATESYNTH_OT_save_job.bl_idname, text="Save…", icon="FILE_TICK")
        if chosen.job_text:
            row.operator(SKATESYNTH_OT_leave_job.bl_idname, text="", icon="X")


CLASSES = (SKATESYNTH_PT_output,)
