"""A clip: one motion, one cast, one rink, one light, its cameras, one seed. Plain values, decided by (job, clip index).

Everything here survives `to_dict` → JSON → `from_dict` unchanged, so that any worker can be handed a clip. No bpy.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass, field
from typing import Any

from blender_addon.cast import CrowdSpec, SkaterSpec
from blender_addon.color import Color


@dataclass(frozen=True)
class RinkSpec:
    """The hall. Sizes are metres, colours linear; `texture_seed` feeds every procedural pattern of it."""

    length: float = 60.0
    width: float = 30.0
    corner_radius: float = 8.5
    ice: Color = (0.8, 0.88, 0.93)
    boards: Color = (0.85, 0.85, 0.87)
    stripe: Color = (0.02, 0.1, 0.45)
    stands: Color = (0.05, 0.09, 0.2)
    texture_seed: int = 0


@dataclass(frozen=True)
class LightSpec:
    """Arena light: floods under the roof.

    `strength` scales their power, `warmth` is −1 (cold) … 1 (warm), `exposure` adds stops to the picture's.
    """

    strength: float = 1.0
    warmth: float = 0.0
    exposure: float = 0.0


@dataclass(frozen=True)
class CameraSpec:
    """A camera before it has seen the motion.

    Attributes:
        name: unique in the clip, used in sample keys: letters, digits, no dot, no underscore.
        profile: kind of camera, for the JSON ("phone", "broadcast", …).
        width, height: pixels.
        azimuth: direction (rad, counter-clockwise from +X) from the middle of the skater's travel to the camera.
        distance: metres on the ice plane from there to the camera.
        elevation: metres of the camera above the ice.
        fill: share of the frame that the skater's height takes, about; decides the field of view.
        follow: "pan" turns to keep the skater in the frame, "fixed" holds still with the whole travel in the frame.
    """

    name: str
    profile: str = "phone"
    width: int = 640
    height: int = 480
    azimuth: float = 0.0
    distance: float = 8.0
    elevation: float = 1.6
    fill: float = 0.6
    follow: str = "pan"


@dataclass(frozen=True)
class RenderSpec:
    """How pictures are made.

    Attributes:
        engine: "cycles" or "eevee".
        device: "auto" takes a GPU if there is one, else "cpu" or "gpu".
        samples: light paths per pixel.
        denoise: Open Image Denoise on the RGB.
        subdivision: levels of Catmull-Clark on skin and clothes.
        cloth: skirts that fly are "swing", on chains, or "simulated", by Blender's cloth, which takes much longer.
        rgb: "png" or "jpg"; `quality` is JPEG's.
    """

    engine: str = "cycles"
    device: str = "auto"
    samples: int = 16
    denoise: bool = True
    subdivision: int = 1
    cloth: str = "swing"
    rgb: str = "png"
    quality: int = 92


@dataclass(frozen=True)
class LabelSpec:
    """Which labels are written besides RGB, body, clothes and instance."""

    keypoints: tuple[str, ...] = ("body_25",)
    depth: bool = True
    normal: bool = False


@dataclass(frozen=True)
class Clip:
    """The unit of work. `count` frames at `fps`, the first at each motion's own `start`.

    `skaters` are all people who move by themselves: skaters, and the coaches at the boards.
    """

    index: int
    seed: int
    fps: float
    count: int
    skaters: tuple[SkaterSpec, ...]
    cameras: tuple[CameraSpec, ...]
    crowd: CrowdSpec = field(default_factory=CrowdSpec)
    rink: RinkSpec = RinkSpec()
    light: LightSpec = LightSpec()
    render: RenderSpec = RenderSpec()
    labels: LabelSpec = LabelSpec()

    @property
    def lead(self) -> SkaterSpec:
        """Whose recording a sample's motion speaks of: the first in focus, the first of all where nobody is."""
        return next((skater for skater in self.skaters if skater.in_focus), self.skaters[0])


def to_dict(value: Any) -> dict[str, Any]:
    """A spec as JSON-ready dicts and lists."""
    return dataclasses.asdict(value)


def from_dict(kind: type[Any], data: dict[str, Any]) -> Any:
    """The dataclass `kind` from what `to_dict` gave (tuples may have become lists). TypeError on an unknown key."""
    hints = typing.get_type_hints(kind)
    return kind(**{key: _restore(hints[key], value) if key in hints else value for key, value in data.items()})


def _restore(hint: Any, value: Any) -> Any:
    origin = typing.get_origin(hint)
    if value is None:
        return None
    if origin in (typing.Union, types.UnionType):
        return _restore(next(a for a in typing.get_args(hint) if a is not type(None)), value)
    if dataclasses.is_dataclass(hint):
        return from_dict(typing.cast("type[Any]", hint), value)
    if origin is tuple:
        args = typing.get_args(hint)
        inner = [args[0]] * len(value) if len(args) == 2 and args[1] is Ellipsis else args
        return tuple(_restore(a, v) for a, v in zip(inner, value, strict=True))
    if origin is dict:
        return {k: _restore(typing.get_args(hint)[1], v) for k, v in value.items()}
    return float(value) if hint is float else value
