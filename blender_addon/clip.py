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
from blender_addon.labels.dense import DEFAULT_LABELS


@dataclass(frozen=True)
class IceSpec:
    """The ice. Shares 0…1 unless said otherwise.

    Attributes:
        color: linear, of the paint under it.
        scratches: 0 fresh from the machine … 1 after a busy session; snow: shavings that lie about.
        wet: the film of water on it, 1 just flooded; cloudy: how milky the ice itself is.
        lines: "hockey", "figure" (what ISU rinks keep: nothing but the middle) or "none".
        logos: how many advertisements lie under it.
    """

    color: Color = (0.8, 0.88, 0.93)
    scratches: float = 0.5
    snow: float = 0.3
    wet: float = 0.0
    cloudy: float = 0.4
    lines: str = "hockey"
    logos: int = 0


@dataclass(frozen=True)
class RinkSpec:
    """The rink and what is around it. Sizes are metres, colours linear.

    Attributes:
        kind: "arena", "training" (a small, low hall) or "outdoor" (under the sky).
        length, width, corner_radius: of the ice.
        boards, stripe, kick_plate, stands: colours of the panels, the rail, the plate at their feet, and the seats.
        adverts: share of the panels that carry one.
        glass: height over the boards along the sides, 0 for none; it is higher at the ends.
        tiers: rows of the stands; roof: height of the ceiling (none outdoors).
        gates, benches: how many gates the boards have; whether there are players' and penalty benches.
        banners: how many hang there; clock: whether a score clock does; windows: share of the walls that is glass.
        file: a .blend that stands in for all of this but the sizes, or None.
        texture_seed: feeds every procedural pattern.
    """

    kind: str = "arena"
    length: float = 60.0
    width: float = 30.0
    corner_radius: float = 8.5
    ice: IceSpec = IceSpec()
    boards: Color = (0.85, 0.85, 0.87)
    stripe: Color = (0.02, 0.1, 0.45)
    kick_plate: Color = (0.75, 0.55, 0.06)
    stands: Color = (0.05, 0.09, 0.2)
    adverts: float = 0.7
    glass: float = 1.2
    tiers: int = 8
    roof: float = 11.0
    gates: int = 2
    benches: bool = True
    banners: int = 24
    clock: bool = False
    windows: float = 0.0
    file: str | None = None
    texture_seed: int = 0


@dataclass(frozen=True)
class LightSpec:
    """What lights the rink.

    Attributes:
        kind: "tubes" (rows of lamps under the roof), "floods" (an arena's), "spots" (a show), "daylight" (through
            windows and roof; outdoors sun or cloud) or "dusk" (outdoors under lamps).
        strength: scales the power; warmth: −1 (cold) … 1 (warm).
        spots: how many follow the skaters in a show; spot_colors: theirs, linear, taken in turn.
        sun_azimuth, sun_elevation: rad, where daylight comes from; overcast: 0 clear sky … 1 cloud.
        flicker: share by which lamps on the mains brighten and darken between frames, 0 for none.
        seed: feeds what differs from lamp to lamp.
    """

    kind: str = "floods"
    strength: float = 1.0
    warmth: float = 0.0
    spots: int = 0
    spot_colors: tuple[Color, ...] = ()
    sun_azimuth: float = 0.8
    sun_elevation: float = 0.7
    overcast: float = 0.3
    flicker: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class LensSpec:
    """A lens.

    Attributes:
        model, coefficients: of distortion, as `labels.projection.project` takes them: "none", "opencv" (k1 k2 0 0 k3,
            radial) or "fisheye" (k1 k2 k3 k4).
        narrowest, widest: horizontal field of view (rad) at the ends of the zoom; the same for a fixed lens. For
            "fisheye" it is the angle between the middles of the picture's left and right edge, likewise for the others.
        sensor_width: millimetres, of the picture's width.
    """

    model: str = "none"
    coefficients: tuple[float, ...] = ()
    narrowest: float = 0.05
    widest: float = 1.745
    sensor_width: float = 36.0


@dataclass(frozen=True)
class MovesSpec:
    """How a camera is carried and turned.

    Attributes:
        follow: "pan" turns after the skater from one place, "fixed" never moves and has the whole travel in the
            picture, "walk" pans while the operator walks along the boards, "skate" keeps near the skater on the ice.
        lag: seconds by which turning comes after the skater; overshoot: 0 none … 1 swings far beyond before it settles.
        zoom: 0 one focal length for all frames … 1 the lens keeps the skater's size.
        shake: degrees (root of the mean square) by which hands move the camera; 0 on a tripod.
        roll: rad, how far the horizon leans.
        keep: share of the skater's points, over all frames, that must be in the picture: 1 never cuts anything off.
    """

    follow: str = "pan"
    lag: float = 0.0
    overshoot: float = 0.0
    zoom: float = 0.0
    shake: float = 0.0
    roll: float = 0.0
    keep: float = 1.0


@dataclass(frozen=True)
class SensorSpec:
    """What a camera makes of the light.

    Attributes:
        exposure: stops by which it is set brighter than the meter says; metering: "subject" (for the people in focus)
            or "average" (for the whole picture, as a simple camera does: on white ice people come out dark).
        white_balance: 0 takes the light's colour out of the picture … 1 leaves it all in.
        shutter: seconds it is open; motion_blur: whether that shows.
        readout: seconds from the first row's reading to the last row's (rolling shutter), 0 reads all at once.
        f_number: of the aperture; depth_of_field: whether that shows; focus_error: metres by which focus is off.
        noise: 0 none, 1 as the light and the ISO that it asks for make it.
        compression: 0 none … 1 as a bad upload; sharpening, vignette: 0 none … 1 strong.
        saturation, contrast: 1 is usual.
    """

    exposure: float = 0.0
    metering: str = "subject"
    white_balance: float = 0.0
    shutter: float = 0.01
    motion_blur: bool = False
    readout: float = 0.0
    f_number: float = 2.8
    depth_of_field: bool = False
    focus_error: float = 0.0
    noise: float = 0.0
    compression: float = 0.0
    sharpening: float = 0.0
    vignette: float = 0.0
    saturation: float = 1.0
    contrast: float = 1.0


@dataclass(frozen=True)
class CameraSpec:
    """A camera before it has seen the motion.

    Attributes:
        name: unique in the clip, used in sample keys: letters, digits, no dot, no underscore.
        profile: kind of camera, for the JSON ("phone", "gopro", …).
        width, height: pixels.
        place: world position (m) that it holds to, or None: then it is sought from the three that follow.
        azimuth: direction (rad, counter-clockwise from +X) from the middle of the skater's travel to the camera.
        distance: metres on the ice plane from there to the camera.
        elevation: metres of the camera above the ice.
        fill: share of the frame that the skater's height takes, about; decides the field of view within the lens's
            limits, and where these end, how near the camera is.
        beside, offset: name of the camera that this one is mounted on, which it sees the same as but for the place:
            `offset` metres in that camera's frame (x right, y down, z forward).
        seed: of shake and noise.
    """

    name: str
    profile: str = "phone"
    width: int = 640
    height: int = 480
    place: tuple[float, float, float] | None = None
    azimuth: float = 0.0
    distance: float = 8.0
    elevation: float = 1.6
    fill: float = 0.6
    beside: str | None = None
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    lens: LensSpec = LensSpec()
    moves: MovesSpec = MovesSpec()
    sensor: SensorSpec = SensorSpec()
    seed: int = 0


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
    """Which labels are written besides RGB, body, clothes and instance.

    Attributes:
        keypoints: names of sets.
        dense: names of labels in `labels.dense.DENSE_LABELS`.
        amodal: whether the whole silhouettes of the cast are.
    """

    keypoints: tuple[str, ...] = ("body_25",)
    dense: tuple[str, ...] = DEFAULT_LABELS
    amodal: bool = False


@dataclass(frozen=True)
class Clip:
    """The unit of work. `count` frames at `fps`, the first at each motion's own `start`.

    `skaters` are all people who move by themselves: skaters, and the coaches at the boards. `stage`: path of a
    `scene.blend` that somebody handed over (`blender_addon.stage`), which shows all this as they have made it; None
    builds it.
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
    stage: str | None = None

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
