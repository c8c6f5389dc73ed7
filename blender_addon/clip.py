"""A clip: one motion, one cast, one rink, one light, its cameras, one seed. Plain values, decided by (job, clip index).

Everything here survives `to_dict` → JSON → `from_dict` unchanged, so that any worker can be handed a clip. No bpy.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass, field
from typing import Any

Color = tuple[float, float, float]  # linear RGB, 0…1

DEMO = "demo"
"""In place of a recording's path: the authored take that the project carries."""


@dataclass(frozen=True)
class MotionSpec:
    """Which movement, which part of it, and what was changed in it.

    Attributes:
        take: path of a recording, or `DEMO`; does not count where an element is named.
        subject: label of the person in a file of several; None takes the first.
        joint_map: path of the YAML that says what the joints of a foreign BVH are; None for MVN's own files.
        element: name of an authored element (`mocap.elements.library`), in place of a recording.
        parameters: of the element, by name.
        start: seconds into the movement, at the speed given, of the clip's first frame.
        speed: how many times as fast as recorded it is played.
        mirror: whether left and right are exchanged.
        noise: degrees (standard deviation) by which every joint is off.
        seed: of that noise.
    """

    take: str = DEMO
    subject: str | None = None
    joint_map: str | None = None
    element: str | None = None
    parameters: dict[str, float] = field(default_factory=dict)
    start: float = 0.0
    speed: float = 1.0
    mirror: bool = False
    noise: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class PlacementSpec:
    """Where the clip's travel lies on the rink, and whose travel it is.

    Attributes:
        x, y: the middle of its bounding box (m); heading: a turn (rad) about the vertical. Not where a path is given.
        root: "recorded" travels as the take does, "in_place" stays on the spot, "path" follows the path.
        path: points (m) on the rink of the curve that the skater follows, from the clip's first frame on.
        pace: metres per second along the path; 0 spreads it over the clip.
        facing: "along" the path, "against" it (skating backward), or as "recorded".
    """

    x: float = 0.0
    y: float = 0.0
    heading: float = 0.0
    root: str = "recorded"
    path: tuple[tuple[float, float], ...] = ()
    pace: float = 0.0
    facing: str = "along"


@dataclass(frozen=True)
class SkaterSpec:
    """One person: body, looks, clothes, motion.

    Attributes:
        phenotype: MakeHuman macro values, 0…1: gender, age, muscle, weight, height, proportions, african, asian,
            caucasian.
        skin, hair, eyes: linear colours.
        garments: colour by garment name of the clothes vocabulary; a garment that is not named is not worn.
        lengths: of "arms", "legs" and "trunk", as factors on what the phenotype gives; 1 where not named.
        in_focus: whether the cameras follow this person.
    """

    phenotype: dict[str, float] = field(default_factory=dict)
    skin: Color = (0.62, 0.36, 0.25)
    hair: Color = (0.05, 0.025, 0.012)
    eyes: Color = (0.12, 0.2, 0.3)
    garments: dict[str, Color] = field(default_factory=dict)
    motion: MotionSpec = field(default_factory=MotionSpec)
    placement: PlacementSpec = PlacementSpec()
    lengths: dict[str, float] = field(default_factory=dict)
    in_focus: bool = True


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
        rgb: "png" or "jpg"; `quality` is JPEG's.
    """

    engine: str = "cycles"
    device: str = "auto"
    samples: int = 16
    denoise: bool = True
    subdivision: int = 1
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
    """The unit of work. `count` frames at `fps`, the first at each motion's own `start`."""

    index: int
    seed: int
    fps: float
    count: int
    skaters: tuple[SkaterSpec, ...]
    cameras: tuple[CameraSpec, ...]
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
