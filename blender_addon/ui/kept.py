# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""What of an opened job file the panel cannot show: said where the step is drawn, and left as the file has it."""

from __future__ import annotations

from pathlib import Path

import bpy

from blender_addon.ui.properties import settings
from blender_addon.ui.request import JobFile, opened, request_of
from blender_addon.ui.words import paragraph
from mocap.errors import UserError


def kept_fields(context: bpy.types.Context, step: str) -> frozenset[str]:
    """The step's fields that do not show what the file says; to change them changes nothing."""
    file = request_of(settings(context)).file
    try:
        return opened(file).kept[step] if file.text else frozenset()
    except UserError:
        return frozenset()


def say_kept(layout: bpy.types.UILayout, context: bpy.types.Context, step: str) -> None:
    """A line that says so, where there are any."""
    file = request_of(settings(context)).file
    if not file.text:
        return
    try:
        kept = opened(file).kept[step]
    except UserError as error:
        if step == "output":
            paragraph(layout, context, error.line(), icon="ERROR")
        return
    if kept:
        group = getattr(settings(context), step)
        shown = [field.name for field in group.bl_rna.properties if field.identifier in kept]
        paragraph(layout, context, f"From {_name(file)}, and kept: {', '.join(shown)}", icon="INFO")


def _name(file: JobFile) -> str:
    return Path(file.path).name
