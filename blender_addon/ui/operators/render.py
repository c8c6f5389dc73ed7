# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The step Render: the pipeline at work beside Blender."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from blender_addon.ui import watch
from blender_addon.ui.preferences import preferences
from blender_addon.ui.properties import settings
from blender_addon.ui.request import Request, job_text, request_of, run_folder, trouble
from mocap.errors import UserError
from mocap.whole_file import whole_file

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
    bl_label = "Render Data Set"

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
        if request.output.device == "auto":
            request = dataclasses.replace(request, output=dataclasses.replace(request.output, device=chosen.device))
        try:
            job = write_job(request)
            watch.begin(
                job,
                Path(request.output.out),
                overwrite=settings(context).output.overwrite,
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


def write_job(request: Request) -> Path:
    """Writes `job.yaml` into the run's folder.

    Raises:
        UserError: the folder cannot be made or written to.
    """
    path = run_folder(request.output.out) / "job.yaml"
    text = job_text(request, path)
    try:
        with whole_file(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise UserError(
            error.strerror or "cannot be written", file=path, mend="Choose another output folder."
        ) from None
    return path


CLASSES = (SKATESYNTH_OT_render, SKATESYNTH_OT_cancel)
