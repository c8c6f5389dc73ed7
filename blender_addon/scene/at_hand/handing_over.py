"""The scene at hand, handed over to the pipeline: `scene.blend` and `scene.json`."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bpy

from blender_addon.cast import BY_HAND, DEMO, MotionSpec, SkaterSpec
from blender_addon.clip import CameraSpec, Clip, LightSpec, RinkSpec
from blender_addon.scene.at_hand.cameras import films_with
from blender_addon.scene.at_hand.clock import rate_of
from blender_addon.scene.at_hand.record import SKATER, meshes_of, record_of, skaters_in, spec_of
from blender_addon.scene.at_hand.surroundings import surroundings_in
from blender_addon.scene.at_hand.views import renamed, spec_at_hand
from blender_addon.scene.blend_blocks import linked_files
from blender_addon.stage import SCENE_BLEND, Stage, sum_of, write_stage
from mocap.errors import UserError

LITTLE = 1_000_000_000  # bytes that are left on a disk, from which on a scene that could not be written was too large


@dataclass(frozen=True)
class HandedOver:
    """What `hand_over` wrote.

    Attributes:
        blend: the file; clip: what it shows.
        remarks: what will not be in the pictures as it is in Blender, in words.
    """

    blend: Path
    clip: Clip
    remarks: tuple[str, ...]


def hand_over(scene: bpy.types.Scene, folder: Path, *, seed: int = 0) -> HandedOver:
    """Writes `scene.blend` (all that renders, and the world) and `scene.json` (the clip that they are) into a folder.

    The scene itself and the user's own file are not touched. Frames are the scene's own range, step and rate; what
    keys and constraints do in it holds, drivers with Python do not run in the pipeline.

    Args:
        folder: made if it is not there; a job beside them whose `stage` names `scene.blend` renders them.
        seed: of the clip. The job's own takes its place.

    Raises:
        UserError: there is no skater or no camera that can be labelled, a skater's take is gone, or something cannot
            be written.
    """
    shown = list(rendered(scene))
    skaters, specs, meshes = [], [], []
    for armature in skaters_in(scene):
        labelled = [mesh.name for mesh in meshes_of(armature) if mesh in shown]
        if labelled:
            skaters.append(armature)
            specs.append(_at_first_frame(scene, armature))
            meshes.append(tuple(labelled))
    if not skaters:
        raise UserError("there is no skater to be rendered", mend="Make one, or show it in the render.")
    for spec in specs:
        _refuse_lost(spec.motion)
    cameras = dict(_cameras(scene))
    around = surroundings_in(scene)
    rink, light = (RinkSpec(file=SCENE_BLEND), LightSpec()) if around is None else around
    step, rate = max(scene.frame_step, 1), rate_of(scene)
    clip = Clip(
        index=0,
        seed=seed,
        fps=rate / step,
        count=(scene.frame_end - scene.frame_start) // step + 1,
        skaters=tuple(specs),
        cameras=tuple(cameras),
        rink=rink,
        light=light,
    )
    things = [*shown, *(thing for thing in (*skaters, *cameras.values()) if thing not in shown)]
    blend = folder / SCENE_BLEND
    stage = Stage(
        clip=clip,
        first=scene.frame_start,
        step=step,
        rate=rate,
        shown=tuple(thing.name for thing in shown),
        world=None if scene.world is None else scene.world.name,
        lit=around is not None and rink.file is None,
        armatures=tuple(armature.name for armature in skaters),
        meshes=tuple(meshes),
        cameras={spec.name: camera.name for spec, camera in cameras.items()},
        pictures=_pictures(),
    )
    _write(blend, {*things, *(() if scene.world is None else (scene.world,))}, stage)
    return HandedOver(blend, clip, tuple(_remarks(things)))


def rendered(scene: bpy.types.Scene) -> Iterator[bpy.types.Object]:
    """The objects of a scene that a render of its shown view layer has, cameras and all, by name."""
    layer = bpy.context.view_layer
    assert layer is not None
    found: set[bpy.types.Object] = set()
    waiting = [layer.layer_collection]
    while waiting:
        one = waiting.pop()
        if not one.collection.hide_render:
            if not one.exclude:
                found.update(thing for thing in one.collection.objects if not thing.hide_render)
            waiting += one.children
    yield from sorted(found, key=lambda thing: thing.name)


def _at_first_frame(scene: bpy.types.Scene, armature: bpy.types.Object) -> SkaterSpec:
    """A skater's spec, its movement's start moved to the scene's first frame."""
    spec = spec_of(armature)
    movement = record_of(armature, SKATER).get("movement")
    if not isinstance(movement, dict):
        return replace(spec, motion=MotionSpec(take=BY_HAND))
    later = (scene.frame_start - float(movement["first"])) / float(movement["fps"])
    return replace(spec, motion=replace(spec.motion, start=round(max(0.0, spec.motion.start + later), 6)))


def _refuse_lost(motion: MotionSpec) -> None:
    """What a take says of its frames goes into the labels, so that its file is needed once more."""
    if motion.element is None and motion.take not in (DEMO, BY_HAND) and not Path(motion.take).is_file():
        mend = "Put it back, or retarget with another."
        raise UserError("the take that a skater moves by is not there", file=motion.take, mend=mend)


def _cameras(scene: bpy.types.Scene) -> Iterator[tuple[CameraSpec, bpy.types.Object]]:
    taken: list[str] = []
    found = films_with(scene)
    if not found:
        raise UserError("there is no camera to film with", mend="Add one: Cameras.")
    for camera in found:
        spec = renamed(spec_at_hand(scene, camera, taken), taken)
        taken.append(spec.name)
        # What it was mounted on has no part in it any more: it is where it is.
        yield replace(spec, beside=None), camera


def _write(blend: Path, blocks: set[Any], stage: Stage) -> None:
    """Both files, the scene first under another name, so that it is never without what it says of itself."""
    linked = sorted({block.library.filepath for block in blocks if block.library is not None})
    if linked:
        raise _links(linked[0])
    try:
        blend.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".scene.", suffix=".blend", dir=blend.parent)
        os.close(handle)
        beside = Path(name)
        try:
            bpy.data.libraries.write(name, blocks, path_remap="ABSOLUTE", fake_user=False, compress=False)
            links = linked_files(beside)
            if links:
                raise _links(links[0])
            write_stage(stage, blend.parent)
            beside.replace(blend)
        finally:
            beside.unlink(missing_ok=True)
    except (OSError, RuntimeError) as error:
        raise _unwritten(blend, error) from None


def _unwritten(blend: Path, error: OSError | RuntimeError) -> UserError:
    """Where a disk fills up, Blender gives whatever reason it had last, such as “File exists”: so the room is told."""
    reason = getattr(error, "strerror", None) or str(error)
    mend = "Choose another output folder."
    with contextlib.suppress(OSError):
        left = shutil.disk_usage(blend.parent).free
        if left < LITTLE and getattr(error, "errno", None) in (None, errno.ENOSPC):  # Blender's own have none
            reason = f"{left / 1e6:.0f} MB are left on its disk"
            mend = "Make room there, or choose another output folder."
    return UserError(f"cannot be written ({' '.join(reason.removeprefix('Error: ').split())})", file=blend, mend=mend)


def _links(path: str) -> UserError:
    return UserError(
        f"the scene links to {path!r}",
        mend="Make everything local in Blender (Object > Relations > Make Local > All).",
    )


def _pictures() -> dict[str, str]:
    """Pictures of this Blender that lie in files of their own, with their sums; others lack later, too."""
    out = {}
    for image in bpy.data.images:
        if image.source in ("FILE", "SEQUENCE", "TILED") and image.packed_file is None and image.filepath:
            path = Path(bpy.path.abspath(image.filepath)).absolute()
            if path.is_file():
                out[str(path)] = sum_of(path)
    return out


def _remarks(things: Sequence[bpy.types.Object]) -> Iterator[str]:
    scripted = sorted({thing.name for thing in things if any(_is_python(driver) for driver in _drivers(thing))})
    if scripted:
        yield f"Drivers with Python do not run in the render: {', '.join(scripted[:5])}."
    simulated = sorted(
        {
            thing.name
            for thing in things
            if any(modifier.type in ("CLOTH", "SOFT_BODY", "FLUID", "DYNAMIC_PAINT") for modifier in thing.modifiers)
            or thing.rigid_body is not None
        }
    )
    if simulated:
        yield f"Simulations run anew in the render, and may come out otherwise: {', '.join(simulated[:5])}."


def _drivers(thing: bpy.types.Object) -> Iterator[Any]:
    for owner in (thing, thing.data):
        animation: Any = None if owner is None else getattr(owner, "animation_data", None)
        if animation is not None:
            yield from (curve.driver for curve in animation.drivers)


def _is_python(driver: Any) -> bool:
    return bool(driver.type == "SCRIPTED" and not driver.is_simple_expression)
