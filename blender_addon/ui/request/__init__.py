"""The panel's fields as a job and as a job file, and back. Pure, but for `request_of` and `clip_of`, which ask Blender.

Nothing here brings pydantic before it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blender_addon.ui.request.fields import CAMERA_SETS, FRAME_CHOICES, JobFile, Request
from blender_addon.ui.request.from_settings import fill, request_of
from blender_addon.ui.request.trouble import stage_trouble, take_trouble, trouble
from blender_addon.ui.request.whole import job_of, job_text, opened, run_folder, stage_text

if TYPE_CHECKING:
    import bpy

    from blender_addon.clip import Clip

__all__ = [
    "CAMERA_SETS",
    "FRAME_CHOICES",
    "JobFile",
    "Request",
    "clip_of",
    "fill",
    "job_of",
    "job_text",
    "opened",
    "request_of",
    "run_folder",
    "stage_text",
    "stage_trouble",
    "take_trouble",
    "trouble",
]


def clip_of(context: bpy.types.Context, draw: int) -> Clip:
    """The clip of that number of the job that the scene's settings describe.

    Raises:
        UserError: they describe none, or the take cannot be read.
    """
    from blender_addon.ui.properties import settings
    from blender_addon.ui.request.whole import clip_at

    return clip_at(request_of(settings(context)), draw)
