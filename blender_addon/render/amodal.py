"""Whole silhouettes: each of the cast seen alone, by the same camera, lens and instants as the picture's labels.

Cycles keeps everything in place and only lets its camera's rays pass the others, so that little is built anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import bpy
import numpy as np

from blender_addon.clip import CameraSpec, Clip
from blender_addon.labels.amodal import MOST
from blender_addon.render.shutter import expose_labels
from mocap.errors import UserError


def check_amodal(clip: Clip) -> None:
    """UserError where silhouettes are asked for of more people than their mask has bits."""
    if clip.labels.amodal and len(clip.skaters) > MOST:
        raise UserError(
            f"amodal masks are of at most {MOST} skaters and coaches, and there are {len(clip.skaters)}",
            place=f"clip {clip.index}, labels.amodal",
            mend="Set labels.amodal to false, or have fewer people on the ice.",
        )


def silhouettes(
    scene: bpy.types.Scene, spec: CameraSpec, cast: Sequence[Sequence[bpy.types.Object]], scratch: Path
) -> Mapping[int, np.ndarray]:
    """(H, W) bool by instance: where each of the cast is seen at the scene's current frame if nothing hides them.

    Args:
        cast: everybody's objects, in the order of instances from 1.
        scratch: folder for a passing file.
    """
    out = {}
    for instance, meshes in enumerate(cast, start=1):
        with _alone(scene, {made.name for made in meshes}):
            out[instance] = expose_labels(scene, spec, scratch).instance == instance
    return out


@contextmanager
def _alone(scene: bpy.types.Scene, names: set[str]) -> Iterator[None]:
    """The camera sees only the objects of these names."""
    switch, off = ("visible_camera", False) if scene.render.engine == "CYCLES" else ("hide_render", True)
    others = [
        made for made in scene.objects if made.name not in names and _shows(made) and getattr(made, switch) != off
    ]
    for made in others:
        setattr(made, switch, off)
    try:
        yield
    finally:
        for made in others:
            setattr(made, switch, not off)


def _shows(made: bpy.types.Object) -> bool:
    """Whether there is anything of an object to be seen; an empty may show a whole collection."""
    return made.type not in ("CAMERA", "ARMATURE", "EMPTY") or made.instance_type != "NONE"
