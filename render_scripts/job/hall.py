"""Blocks about the hall: the rink, its light, and the cameras in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from render_scripts.distributions import Numbers, Paints, Within
from render_scripts.job.block import Block


class RinkJob(Block):
    """The hall. Sizes in metres."""

    length: float = Field(default=60.0, ge=20.0, le=100.0)
    width: float = Field(default=30.0, ge=15.0, le=60.0)
    ice: Paints | None = None
    boards: Paints | None = None
    stripe: Paints | None = None
    stands: Paints | None = None


class LightJob(Block):
    """Arena light; `exposure` in stops."""

    strength: Annotated[Numbers, Within(0.05, 20.0)] | None = None
    warmth: Annotated[Numbers, Within(-1.0, 1.0)] | None = None
    exposure: Annotated[Numbers, Within(-5.0, 5.0)] | None = None


class CameraJob(Block):
    """A camera. `azimuth` in degrees counter-clockwise from the rink's +X, `distance` and `elevation` in metres."""

    name: str = Field(pattern=r"^[A-Za-z0-9-]{1,32}$")
    profile: Literal["phone", "broadcast", "tripod"] = "phone"
    width: int = Field(default=640, ge=16, le=8192)
    height: int = Field(default=480, ge=16, le=8192)
    azimuth: Annotated[Numbers, Within(-360.0, 720.0)] | None = None
    distance: Annotated[Numbers, Within(0.5, 200.0)] | None = None
    elevation: Annotated[Numbers, Within(0.05, 50.0)] | None = None
    fill: Annotated[Numbers, Within(0.05, 1.0)] | None = None
    follow: Literal["pan", "fixed"] = "pan"


DEFAULT_CAMERAS = (CameraJob(name="phone"), CameraJob(name="stand", profile="broadcast"))
