"""The step Cameras as keys of a job. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blender_addon.ui.request.blocks import Data, Named, block, give
from blender_addon.ui.request.fields import ANY, CAMERA_SETS, CamerasFields
from blender_addon.ui.request.shown import Kept, one_word

if TYPE_CHECKING:
    from render_scripts.job import CameraJob, Job

USUAL_SIZE = 640
"""Pixels of a picture's longer side where a job says nothing."""

_SHARES = {"off": 0, "on": 1}


def read(job: Job) -> tuple[CamerasFields, Kept]:
    """What the fields show of a job; cameras that are in no set of the panel's cannot be shown."""
    kept: Kept = set()
    them = tuple((camera.name, camera.profile.options) for camera in job.cameras)
    name = next((name for name, (_, _, cameras) in CAMERA_SETS.items() if them == _as_job(cameras)), None)
    if name is None:
        kept.add("set")
    follow = one_word(job.scene.camera.follow, "follow", kept)
    if any(camera.follow is not None for camera in job.cameras):
        kept.add("follow")
    return CamerasFields(
        set=name or "pair",
        follow=follow,
        size=_size(job.cameras, kept),
        motion_blur=_switch(job, "motion_blur", kept),
        depth_of_field=_switch(job, "depth_of_field", kept),
    ), kept


def _as_job(cameras: tuple[tuple[str, str], ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, (profile,)) for name, profile in cameras)


def _size(cameras: tuple[CameraJob, ...], kept: Kept) -> int:
    sizes = {USUAL_SIZE if camera.size is None else camera.size for camera in cameras}
    (size, *others) = sizes
    if others or not isinstance(size, int) or any(camera.width or camera.height for camera in cameras):
        kept.add("size")
        return USUAL_SIZE
    return size


def _switch(job: Job, field: str, kept: Kept) -> str:
    share = getattr(job.scene.camera, field)
    if any(getattr(camera, field) is not None for camera in job.cameras):
        kept.add(field)
    if share is None:
        return "drawn"
    name = next((name for name, value in _SHARES.items() if share == value), None)
    if name is None:
        kept.add(field)
    return name or "drawn"


def write(data: Data, was: CamerasFields, now: CamerasFields, named: Named) -> None:
    """Puts what has changed into a job's data. Another set takes the place of all cameras there were."""
    if now.set != was.set:
        data["cameras"] = [
            {"name": name, "profile": profile, "size": now.size} for name, profile in CAMERA_SETS[now.set][2]
        ]
    elif now.size != was.size:
        if not data.get("cameras"):
            data["cameras"] = [{"name": name, "profile": profile} for name, profile in CAMERA_SETS[now.set][2]]
        for camera in data["cameras"]:
            camera["size"] = now.size
    if now.follow != was.follow:
        give(block(data, "scene", "camera"), "follow", None if now.follow == ANY else now.follow)
    for field in ("motion_blur", "depth_of_field"):
        switch = getattr(now, field)
        if switch != getattr(was, field):
            give(block(data, "scene", "camera"), field, _SHARES.get(switch))
