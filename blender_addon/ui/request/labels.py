"""The step Labels as keys of a job. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blender_addon.labels.dense import DENSE_LABELS
from blender_addon.ui.request.blocks import Data, Named, block
from blender_addon.ui.request.fields import LabelsFields
from blender_addon.ui.request.shown import Kept

if TYPE_CHECKING:
    from render_scripts.job import Job


def read(job: Job) -> tuple[LabelsFields, Kept]:
    """What the fields show of a job."""
    return LabelsFields(tuple(dict.fromkeys(job.labels.keypoints)), job.labels.dense, job.labels.amodal), set()


def write(data: Data, was: LabelsFields, now: LabelsFields, named: Named) -> None:
    """Puts what has changed into a job's data. Sets that stay keep their order."""
    if set(now.keypoints) != set(was.keypoints):
        stay = [name for name in was.keypoints if name in now.keypoints]
        block(data, "labels")["keypoints"] = [*stay, *(name for name in now.keypoints if name not in stay)]
    for name in DENSE_LABELS:
        if (name in now.dense) != (name in was.dense):
            block(data, "labels")[name] = name in now.dense
    if now.amodal != was.amodal:
        block(data, "labels")["amodal"] = now.amodal
