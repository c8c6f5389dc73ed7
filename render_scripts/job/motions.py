"""Blocks about movement: which, which frames of it, what is changed in it, where it goes on the ice."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from blender_addon.cast import DEMO
from render_scripts.distributions import Between, Numbers, Within
from render_scripts.job.block import Block, beside


class MotionJob(Block):
    """A recording or an authored element, or the part of it between `start` and `end` (seconds into it).

    `joint_map`: YAML for a BVH that MVN did not write. `parameters`: of the element, each a distribution.
    """

    take: str = DEMO
    subject: str | None = None
    joint_map: str | None = None
    element: str | None = None
    parameters: dict[str, Annotated[Numbers, Within(-1e4, 1e4)]] = Field(default_factory=dict)
    start: float = Field(default=0.0, ge=0.0)
    end: float | None = Field(default=None, gt=0.0)

    @model_validator(mode="after")
    def _one_source(self) -> MotionJob:
        if self.element is not None and (self.take, self.subject, self.joint_map) != (DEMO, None, None):
            raise ValueError("give a take or an element, not both")
        if self.parameters and self.element is None:
            raise ValueError("only an element has parameters")
        return self

    @property
    def name(self) -> str:
        """What a message calls it."""
        return self.take if self.element is None else self.element

    def found_from(self, job_file: Path) -> MotionJob:
        """The same with absolute paths."""
        changes = {}
        if self.element is None and self.take != DEMO:
            changes["take"] = beside(job_file, self.take)
        if self.joint_map is not None:
            changes["joint_map"] = beside(job_file, self.joint_map)
        return self.model_copy(update=changes)


class AugmentJob(Block):
    """What is changed in every clip's motion and body, drawn per clip: see `mocap.augment`.

    `mirror`: share of clips that are mirrored. `speed`: times as fast. `start`: seconds by which a clip begins later.
    `noise`: degrees. `lengths`: of arms, legs and trunk, each by a factor of its own.
    """

    mirror: float = Field(default=0.0, ge=0.0, le=1.0)
    speed: Annotated[Numbers, Within(0.25, 4.0)] = Between(1.0, 1.0)
    start: Annotated[Numbers, Within(0.0, 3600.0)] = Between(0.0, 0.0)
    noise: Annotated[Numbers, Within(0.0, 15.0)] = Between(0.0, 0.0)
    lengths: Annotated[Numbers, Within(0.8, 1.25)] = Between(1.0, 1.0)


class FramesJob(Block):
    """Frames of a clip. `fps` alone: the whole motion; `count` alone: spread over it; both: a window of it."""

    fps: float | None = Field(default=None, gt=0.0, le=1000.0)
    count: int | None = Field(default=None, ge=1, le=1_000_000)


class PlacementJob(Block):
    """Where on the ice the middle of the travel lies (m from the rink's centre), and its turn (degrees).

    `root`: whose travel it is: as `recorded`, `in_place`, or along `path`: points in metres on the rink, followed at
    `pace` (m/s; left out: spread over the clip), the skater `facing` along or against it, or as recorded.
    """

    x: Annotated[Numbers, Within(-100.0, 100.0)] | None = None
    y: Annotated[Numbers, Within(-100.0, 100.0)] | None = None
    heading: Annotated[Numbers, Within(-360.0, 360.0)] | None = None
    root: Literal["recorded", "in_place", "path"] | None = None
    path: tuple[tuple[float, float], ...] | None = Field(default=None, min_length=2, max_length=1000)
    pace: Annotated[Numbers, Within(0.0, 15.0)] | None = None
    facing: Literal["along", "against", "recorded"] | None = None

    @model_validator(mode="after")
    def _path_and_root_agree(self) -> PlacementJob:
        if self.path is None:
            if self.root == "path":
                raise ValueError("a root that follows a path needs the path")
            if self.pace is not None or self.facing is not None:
                raise ValueError("pace and facing are of a path: give one")
        elif self.root not in (None, "path"):
            raise ValueError(f"a root that is {self.root} follows no path")
        elif any(value is not None for value in (self.x, self.y, self.heading)):
            raise ValueError("a path says where it lies: leave out x, y and heading")
        elif any(a == b for a, b in pairwise(self.path)):
            raise ValueError("two points of the path that follow each other are the same")
        return self
