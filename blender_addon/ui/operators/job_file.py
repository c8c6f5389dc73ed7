# mypy: disable-error-code="valid-type", no-strict-optional
# Blender reads a property from what stands in a type's place, which no type checker takes for a type; and by its stubs
# a context may lack whatever it is asked for, which it does not where an operator runs.
"""The job file behind the panel: opened, saved, let go."""

from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from blender_addon.ui.buttons import Button
from blender_addon.ui.properties import settings
from blender_addon.ui.request import JobFile, fill, job_text, opened, request_of, run_folder
from mocap.errors import UserError
from mocap.whole_file import whole_file

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import OperatorReturnItems

ENDINGS = "*.yaml;*.yml"


class SKATESYNTH_OT_open_job(Button):
    """Read a job file into the panel. What of it the panel cannot show stays as it is, and is rendered as it stands there"""  # noqa: E501

    bl_idname = "skatesynth.open_job"
    bl_label = "Open Job File"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    filepath: bpy.props.StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE", "HIDDEN"})
    filter_glob: bpy.props.StringProperty(default=ENDINGS, options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set["OperatorReturnItems"]:
        """Asks for a file, unless one was dropped."""
        if self.filepath:
            return self.execute(context)
        self.filepath = settings(context).output.job_path
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Fills all fields."""
        path = Path(bpy.path.abspath(self.filepath)).absolute()
        there = opened(JobFile(_text_of(path), str(path)))
        fill(settings(context), there.request)
        steps = [name for name, kept in there.kept.items() if kept]
        rest = f"; stays as the file has it, in part: {', '.join(steps)}" if steps else ""
        self.report({"INFO"}, f"Opened {path.name}{rest}")
        return {"FINISHED"}


class SKATESYNTH_OT_save_job(Button):
    """Save the panel's settings as a job file, which renders the same anywhere. Of a file that was opened, only what was changed is written anew: comments and order stay"""  # noqa: E501

    bl_idname = "skatesynth.save_job"
    bl_label = "Save Job File"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    filepath: bpy.props.StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE", "HIDDEN"})
    filter_glob: bpy.props.StringProperty(default=ENDINGS, options={"HIDDEN"})
    check_existing: bpy.props.BoolProperty(default=True, options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set["OperatorReturnItems"]:
        """Asks where to."""
        chosen = settings(context).output
        out = request_of(settings(context)).output.out
        named = run_folder(out).parent / f"{Path(out).name}.yaml" if out else Path("job.yaml")
        self.filepath = chosen.job_path or str(named)
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Writes the file, which is the opened one from then on."""
        path = Path(bpy.path.abspath(self.filepath)).absolute()
        if path.suffix.lower() not in (".yaml", ".yml"):
            path = path.with_name(f"{path.name}.yaml")
        text = job_text(request_of(settings(context)), path)
        there = opened(JobFile(text, str(path)))
        write_job(path, text)
        fill(settings(context), there.request)
        self.report({"INFO"}, f"Saved {path}")
        return {"FINISHED"}


class SKATESYNTH_OT_leave_job(Button):
    """Let go of the job file: the panel's settings stay, what only the file says is left out from now on. The file itself stays as it is"""  # noqa: E501

    bl_idname = "skatesynth.leave_job"
    bl_label = "Let Go of the Job File"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return None if settings(context).output.job_text else "No job file is open."

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Empties two fields."""
        output = settings(context).output
        output.job_text = output.job_path = ""
        return {"FINISHED"}


class SKATESYNTH_FH_job(bpy.types.FileHandler):
    """A job file that is dropped into the 3D view is opened."""

    bl_idname = "SKATESYNTH_FH_job"
    bl_label = "SkateSynth Job"
    bl_import_operator = SKATESYNTH_OT_open_job.bl_idname
    bl_file_extensions = ".yaml;.yml"

    @classmethod
    def poll_drop(cls, context: bpy.types.Context) -> bool:
        """Blender's question."""
        return context.area is not None and context.area.type == "VIEW_3D"


def write_job(path: Path, text: str) -> None:
    """Writes a job file, and its folder if it is not there. UserError where that cannot be."""
    try:
        with whole_file(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise UserError(
            f"cannot be written ({error.strerror or error})", file=path, mend="Choose another folder."
        ) from None


def _text_of(path: Path) -> str:
    """The file's text with every mark that it has. UserError if it cannot be read as such."""
    from render_scripts.job.yaml_file import text_of

    text = text_of(path)
    with path.open("rb") as file:
        marked = file.read(3) == b"\xef\xbb\xbf"
    return f"\ufeff{text}" if marked else text


CLASSES = (SKATESYNTH_OT_open_job, SKATESYNTH_OT_save_job, SKATESYNTH_OT_leave_job, SKATESYNTH_FH_job)
