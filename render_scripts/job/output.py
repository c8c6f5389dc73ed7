"""Blocks about what comes out: how pictures are made, which labels they have, how samples are stored."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, field_validator

from blender_addon.labels.dense import DENSE_LABELS
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from render_scripts.distributions import in_brackets, is_number
from render_scripts.job.block import Block

# Hugging Face's `datasets` takes no dash in the name of a split.
_SPLIT_NAME = re.compile(r"[A-Za-z0-9_]{1,32}", re.ASCII)
_MOST_SPLITS = 20


def _split(value: Any) -> str | dict[str, float]:
    names = [value] if isinstance(value, str) else list(value) if isinstance(value, dict) else []
    if not 1 <= len(names) <= _MOST_SPLITS:
        raise ValueError("give a name, or names with their shares, as {train: 0.8, val: 0.1, test: 0.1}")
    for name in names:
        if not isinstance(name, str) or not _SPLIT_NAME.fullmatch(name):
            raise ValueError(f"use letters, digits and underscores, 1 to 32 of them, not {name!r}")
    if isinstance(value, str):
        return value
    if not all(is_number(share) and share > 0.0 for share in value.values()):
        raise ValueError("give every split a share above 0, as {train: 0.8, val: 0.1, test: 0.1}")
    return {name: float(share) for name, share in value.items()}


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
    """How samples are stored; `shard_size` in samples.

    `split`: the name of the one that all samples are of, or names with their shares; `split_by`: what is never in two
    of them (`render_scripts.splits`).
    """

    split: Annotated[str | dict[str, float], PlainValidator(_split)] = "train"
    split_by: Literal["clip", "motion", "avatar"] = "clip"
    shard_size: int = Field(default=1000, ge=1, le=1_000_000)
    rgb: Literal["png", "jpg"] = "png"
    jpg_quality: int = Field(default=92, ge=1, le=100)

    @property
    def splits(self) -> dict[str, float]:
        """Shares by name, which need not sum to 1."""
        return {self.split: 1.0} if isinstance(self.split, str) else self.split
