"""All blocks of a job together."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from render_scripts.job.block import Block, clash
from render_scripts.job.motions import AugmentJob, FramesJob, MotionJob
from render_scripts.job.output import LabelsJob, OutputJob, RenderJob
from render_scripts.job.people import CoachesJob, CrowdJob, SkaterJob
from render_scripts.job.scene import DEFAULT_CAMERAS, CameraJob, SceneJob, different_names
from render_scripts.job.staged import against_stage


class Job(Block):
    """A whole data set. Paths are absolute once `load_job` has returned.

    `stage`: a `scene.blend` that was handed over from Blender, in place of all that would be drawn.
    """

    version: Literal[1] = 1
    seed: int = Field(default=0, ge=0, lt=2**63)
    out: str | None = None
    clips: int | None = Field(default=None, ge=1, le=10_000_000)
    stage: str | None = Field(default=None, min_length=1)
    motions: tuple[MotionJob, ...] = Field(default=(MotionJob(),), min_length=1)
    frames: FramesJob = FramesJob()
    augment: AugmentJob = AugmentJob()
    skaters: tuple[SkaterJob, ...] = Field(default=(SkaterJob(),), min_length=1, max_length=200)
    coaches: CoachesJob = CoachesJob()
    crowd: CrowdJob = CrowdJob()
    cameras: tuple[CameraJob, ...] = Field(default=DEFAULT_CAMERAS, min_length=1, max_length=100)
    scene: SceneJob = SceneJob()
    render: RenderJob = RenderJob()
    labels: LabelsJob = LabelsJob()
    output: OutputJob = OutputJob()

    @field_validator("cameras")
    @classmethod
    def _different_names(cls, value: tuple[CameraJob, ...]) -> tuple[CameraJob, ...]:
        return different_names(value)

    @field_validator("skaters")
    @classmethod
    def _somebody(cls, value: tuple[SkaterJob, ...]) -> tuple[SkaterJob, ...]:
        if not any(skater.count.low >= 1.0 for skater in value):
            raise ValueError("a clip needs somebody: let at least one count begin at 1")
        return value

    @model_validator(mode="after")
    def _motions_are_there(self) -> Job:
        for i, skater in enumerate(self.skaters):
            if isinstance(skater.motion, int) and not 0 <= skater.motion < len(self.motions):
                raise ValueError(
                    f"skaters[{i}].motion is {skater.motion}, but there are {len(self.motions)} motions, from 0"
                )
        return self

    @model_validator(mode="after")
    def _stage_alone(self) -> Job:
        if self.stage is not None:
            for reason in against_stage(self):
                raise clash(reason)
        return self
