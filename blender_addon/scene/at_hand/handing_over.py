"""The scene at hand, handed over to the pipeline: `scene.blend` and `scene.json`."""

from __future__ import annotations

from pathlib import Path

import bpy

SCENE_BLEND, SCENE_JSON = "scene.blend", "scene.json"


def hand_over(scene: bpy.types.Scene, folder: Path, *, seed: int) -> None:
    """Writes `scene.blend` (all that renders, and the world) and `scene.json` (the clip that they are) into a folder.

    The scene itself and the user's own file are not touched. Frames are the scene's own range, step and rate; what
    keys and constraints do in it holds, drivers with Python do not run in the pipeline.

    Args:
        folder: made if it is not there; a job beside them whose `stage` names `scene.blend` renders them.
        seed: of the clip, as in the job.

    Raises:
        UserError: there is no skater or no camera that can be labelled, or something cannot be written.
    """
    raise NotImplementedError
