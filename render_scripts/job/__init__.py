"""job.yaml: what a user asks for, checked word by word. Whatever it leaves out is drawn per clip (`plan.py`). No bpy.

A module per subject; every value that may vary is written in the grammar of `render_scripts.distributions`.
"""

from __future__ import annotations

from render_scripts.distributions import Between
from render_scripts.job.file import TAKE_SUFFIXES, demo_job, dump_job, job_for_take, load_job, read_job
from render_scripts.job.motions import AugmentJob, FramesJob, MotionJob, PlacementJob
from render_scripts.job.output import LabelsJob, OutputJob, RenderJob
from render_scripts.job.people import (
    CoachesJob,
    CrowdJob,
    GarmentJob,
    HairJob,
    PersonJob,
    PhenotypeJob,
    SkaterJob,
    SkinJob,
)
from render_scripts.job.scene import (
    DEFAULT_CAMERAS,
    CameraJob,
    IceJob,
    LensJob,
    LightJob,
    RinkJob,
    SceneJob,
    ShotJob,
)
from render_scripts.job.whole import Job

__all__ = [
    "DEFAULT_CAMERAS",
    "TAKE_SUFFIXES",
    "AugmentJob",
    "Between",
    "CameraJob",
    "CoachesJob",
    "CrowdJob",
    "FramesJob",
    "GarmentJob",
    "HairJob",
    "IceJob",
    "Job",
    "LabelsJob",
    "LensJob",
    "LightJob",
    "MotionJob",
    "OutputJob",
    "PersonJob",
    "PhenotypeJob",
    "PlacementJob",
    "RenderJob",
    "RinkJob",
    "SceneJob",
    "ShotJob",
    "SkaterJob",
    "SkinJob",
    "demo_job",
    "dump_job",
    "job_for_take",
    "load_job",
    "read_job",
]
