# mypy: disable-error-code="valid-type", no-strict-optional
# Blender reads a property from what stands in a type's place, which no type checker takes for a type; and by its stubs
# a context may lack whatever it is asked for, which it does not where an operator runs.
"""The step Render: the pipeline at work beside Blender, on the job of the panel or on the scene at hand."""

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from blender_addon.stage import SCENE_BLEND
from blender_addon.ui import watch
from blender_addon.ui.buttons import Button
from blender_addon.ui.operators.job_file import write_job
from blender_addon.ui.operators.output import out_of, watched
from blender_addon.ui.preferences import preferences_or_none
from blender_addon.ui.properties import settings
from blender_addon.ui.request import (
    Request,
    job_text,
    request_of,
    run_folder,
    stage_text,
    stage_trouble,
    trouble,
)

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import OperatorReturnItems

JOB = "job.yaml"
UNFINISHED = ".unfinished"  # what a run has in work, in the data set's folder
ONLY_CLIP = "000000.tar"  # in there, of a scene: it is one clip


def why_not(context: bpy.types.Context) -> str | None:
    """Why Render Data Set is greyed, as a sentence; None when it can be clicked."""
    return _busy(context) or trouble(request_of(settings(context))) or _no_data(context)


def why_not_clip(context: bpy.types.Context) -> str | None:
    """Why Render This Clip is greyed, as a sentence; None when it can be clicked."""
    from blender_addon.scene.at_hand import films_with, skaters_in

    if reason := _busy(context):
        return reason
    if context.mode != "OBJECT":
        return "Go back to object mode first."
    if not skaters_in(context.scene):
        return "There is no skater in the scene: make one, or adopt a character."
    if not films_with(context.scene):
        return "There is no camera in the scene that films: put cameras."
    return stage_trouble(request_of(settings(context))) or _no_data(context)


def _busy(context: bpy.types.Context) -> str | None:
    there = watched(context)
    if there.run is not None:
        return "A data set is being rendered."
    other = watch.elsewhere(there.folder)
    return f"Another data set is being rendered, beside {other}." if other is not None else None


def _no_data(context: bpy.types.Context) -> str | None:
    mine = preferences_or_none(context)
    return watch.assets_trouble("" if mine is None else mine.assets)


class SKATESYNTH_OT_render(Button):
    """Render the data set with all its labels, in the background; it goes on when Blender is closed. One that was broken off is gone on with"""  # noqa: E501

    bl_idname = "skatesynth.render"
    bl_label = "Render Data Set"

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return why_not(context)

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Writes the job file and starts the pipeline on it."""
        request = _for_here(context)
        folder = run_folder(request.output.out)
        write_job(folder / JOB, job_text(request, folder / JOB))
        _begin(context, folder / JOB, overwrite=settings(context).output.overwrite)
        self.report({"INFO"}, f"Rendering in the background, job file {folder / JOB}")
        return {"FINISHED"}


class SKATESYNTH_OT_render_clip(Button):
    """Render the scene as it is, with all labels, in the background: its skaters, its ticked cameras, its frame range. What you edit meanwhile does not matter to it"""  # noqa: E501

    bl_idname = "skatesynth.render_clip"
    bl_label = "Render This Clip"

    replace: bpy.props.BoolProperty(
        name="Replace", description="Replace the data set that is in the folder", options={"SKIP_SAVE", "HIDDEN"}
    )

    finish: bpy.props.BoolProperty(
        name="Finish",
        description="Put together what was rendered from the scene before, instead of rendering it",
        options={"SKIP_SAVE", "HIDDEN"},
    )

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return why_not_clip(context)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set["OperatorReturnItems"]:
        """Asks before a data set is replaced, which another state of the scene always does."""
        out = out_of(context)
        self.finish = out is not None and not settings(context).output.overwrite and _all_rendered(out)
        if self.finish:
            return self.execute(context)
        pictures = None if out is None else _pictures_in(out)
        if pictures is None:
            # The scene that was cancelled is another than this one even if nothing was edited: its bytes differ.
            self.replace = out is not None and _nothing_finished(out)
            return self.execute(context)
        self.replace = True
        assert out is not None
        return context.window_manager.invoke_confirm(
            self,
            event,
            title=f"Replace the data set in “{out.name}”?",
            message=f"It has {pictures} pictures. To keep it, choose another output folder.",
            confirm_text="Replace",
            icon="WARNING",
        )

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Hands the scene over and starts the pipeline on it."""
        # Brings scipy, which a Blender that only starts should not wait for.
        from blender_addon.scene.at_hand import hand_over

        request = _for_here(context)
        folder = run_folder(request.output.out)
        if self.finish:
            _begin(context, folder / JOB, overwrite=False)
            self.report({"INFO"}, "All pictures are rendered: putting them together. Then, click again for later edits")
            return {"FINISHED"}
        given = hand_over(context.scene, folder, seed=request.output.seed)
        write_job(folder / JOB, stage_text(request, folder / JOB, given.blend))
        _begin(context, folder / JOB, overwrite=self.replace or settings(context).output.overwrite)
        for remark in given.remarks:
            self.report({"WARNING"}, remark)
        if not given.remarks:
            self.report({"INFO"}, f"Rendering in the background, job file {folder / JOB}")
        return {"FINISHED"}


class SKATESYNTH_OT_cancel(Button):
    """Stop rendering. Clips that are finished stay, and Render goes on from them"""

    bl_idname = "skatesynth.cancel"
    bl_label = "Cancel"

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return "Nothing is being rendered into this folder." if watched(context).run is None else None

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Asks the pipeline to end; the panel sees when it has."""
        watch.stop(watched(context).folder)
        return {"FINISHED"}


def _for_here(context: bpy.types.Context) -> Request:
    """The panel's fields, and what the preferences say where they leave it open."""
    request, mine = request_of(settings(context)), preferences_or_none(context)
    if request.output.device != "auto" or mine is None:
        return request
    return dataclasses.replace(request, output=dataclasses.replace(request.output, device=mine.device))


def _begin(context: bpy.types.Context, job: Path, *, overwrite: bool) -> None:
    mine, out = preferences_or_none(context), out_of(context)
    assert out is not None
    workers, assets = (1, "") if mine is None else (mine.workers, mine.assets)
    watch.begin(job, out, overwrite=overwrite, workers=workers, assets=assets)


def _pictures_in(out: Path) -> int | None:
    """How many pictures a finished data set in this folder has; None if there is none."""
    try:
        return sum(int(shard["samples"]) for shard in json.loads((out / watch.RUN_LOG).read_bytes())["shards"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _nothing_finished(out: Path) -> bool:
    """Whether a run has been broken off in this folder before it had finished a clip."""
    left = out / UNFINISHED
    return left.is_dir() and not any([*left.glob("*.tar"), *out.glob("*.tar")])


def _all_rendered(out: Path) -> bool:
    """Whether a run has been broken off in this folder after a scene's last picture: as on a disk that was full."""
    folder = run_folder(str(out))
    try:
        staged = any(line.startswith("stage:") for line in (folder / JOB).read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError):
        return False
    return staged and (folder / SCENE_BLEND).is_file() and (out / UNFINISHED / ONLY_CLIP).is_file()


CLASSES = (SKATESYNTH_OT_render_clip, SKATESYNTH_OT_render, SKATESYNTH_OT_cancel)
