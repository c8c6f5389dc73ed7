"""Blocks about what comes out: how pictures are made, which labels they have, how samples are stored."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from blender_addon.labels.dense import DENSE_LABELS
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from render_scripts.distributions import in_brackets
from render_scripts.job.block import Block


class RenderJob(Block):
    """How pictures are made; `samples`, `denoise` and `subdivision` override what `quality` stands for."""

    engine: Literal["cycles", "eevee"] = "cycles"
    device: Literal["auto", "cpu", "gpu"] = "auto"
    quality: Literal["draft", "standard", "final"] = "standard"
    samples: int | None = Field(default=None, ge=1, le=65536)
    denoise: bool | None = None
    subdivision: int | None = Field(default=None, ge=0, le=3)
    cloth: Literal["swing", "simulated"] = "swing"


class LabelsJob(Block):
    """Labels besides the masks, which are always written; those of every pixel are `labels.dense`'s."""

    keypoints: tuple[str, ...] = ("body_25",)
    depth: bool = DENSE_LABELS["depth"]
    distance: bool = DENSE_LABELS["distance"]
    normal: bool = DENSE_LABELS["normal"]
    normal_camera: bool = DENSE_LABELS["normal_camera"]
    amodal: bool = False
    flow: bool = DENSE_LABELS["flow"]
    surface: bool = DENSE_LABELS["surface"]

    @property
    def dense(self) -> tuple[str, ...]:
        """Names of the labels of every pixel that are on."""
        return tuple(name for name in DENSE_LABELS if getattr(self, name))

    @field_validator("keypoints")
    @classmethod
    def _known_sets(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in KEYPOINT_SETS:
                raise ValueError(f"unknown keypoint set '{name}'{in_brackets(name, KEYPOINT_SETS)}")
        return value


class OutputJob(Block):
    """How samples are stored; `shard_size` in samples."""

    split: str = Field(default="train", pattern=r"^[A-Za-z0-9-]{1,32}$")
    shard_size: int = Field(default=1000, ge=1, le=1_000_000)
    rgb: Literal["png", "jpg"] = "png"
    jpg_quality: int = Field(default=92, ge=1, le=100)
