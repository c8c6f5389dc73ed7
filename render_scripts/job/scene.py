"""Blocks about the scene: the rink, its light, the cameras in it, and the preset that draws what they leave open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from render_scripts.distributions import Numbers, OneOf, Paints, Within, Words, always, is_distribution
from render_scripts.job.block import Block, beside, clash
from render_scripts.scenes.presets import LIGHTS, PLANS
from render_scripts.scenes.profiles import PROFILES, VIEWS

Unit = Annotated[Numbers, Within(0.0, 1.0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Angle = Annotated[Numbers, Within(-360.0, 720.0)]
Profile = Annotated[Words, OneOf("camera profile", lambda: PROFILES)]

LINES = ("hockey", "figure", "none")
FOLLOW = ("pan", "fixed", "walk", "skate")
METERING = ("subject", "average")
MODELS = {"none": (0,), "opencv": (4, 5), "fisheye": (4,)}
LONGEST_NAME = 32


def _light_kinds() -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for kinds in LIGHTS.values() for kind in kinds))


class IceJob(Block):
    """The ice, shares 0…1; `lines` is what is painted under it, `logos` how many advertisements are."""

    color: Paints | None = None
    scratches: Unit | None = None
    snow: Unit | None = None
    wet: Unit | None = None
    cloudy: Unit | None = None
    lines: Annotated[Words, OneOf("kind of lines", lambda: LINES)] | None = None
    logos: Annotated[Numbers, Within(0, 20)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _colour_alone(cls, value: Any) -> Any:
        whole = isinstance(value, Block) or (isinstance(value, dict) and not is_distribution(value))
        return value if whole else {"color": value}


class RinkJob(Block):
    """The rink, in metres. `plan` names a usual size, which `length`, `width` and `corner_radius` override.

    `benches` and `clock`: how often there are any. `file`: a .blend that stands in for all but the sizes.
    """

    kind: Annotated[Words, OneOf("kind of rink", lambda: LIGHTS)] | None = None
    plan: Annotated[Words, OneOf("plan of a rink", lambda: PLANS)] | None = None
    length: Annotated[Numbers, Within(20.0, 100.0)] | None = None
    width: Annotated[Numbers, Within(15.0, 60.0)] | None = None
    corner_radius: Annotated[Numbers, Within(0.0, 30.0)] | None = None
    ice: IceJob = IceJob()
    boards: Paints | None = None
    stripe: Paints | None = None
    kick_plate: Paints | None = None
    stands: Paints | None = None
    adverts: Unit | None = None
    glass: Annotated[Numbers, Within(0.0, 3.0)] | None = None
    tiers: Annotated[Numbers, Within(0, 40)] | None = None
    roof: Annotated[Numbers, Within(4.0, 60.0)] | None = None
    gates: Annotated[Numbers, Within(0, 12)] | None = None
    benches: Share | None = None
    banners: Annotated[Numbers, Within(0, 200)] | None = None
    clock: Share | None = None
    windows: Unit | None = None
    file: str | None = None


class LightJob(Block):
    """The light. Angles of the sun in degrees; each of the `spots` of a show draws its own of `spot_colors`."""

    kind: Annotated[Words, OneOf("kind of light", _light_kinds)] | None = None
    strength: Annotated[Numbers, Within(0.05, 20.0)] | None = None
    warmth: Annotated[Numbers, Within(-1.0, 1.0)] | None = None
    spots: Annotated[Numbers, Within(0, 12)] | None = None
    spot_colors: Paints | None = None
    sun_azimuth: Angle | None = None
    sun_elevation: Annotated[Numbers, Within(-18.0, 90.0)] | None = None
    overcast: Unit | None = None
    flicker: Unit | None = None


class ShotJob(Block):
    """How cameras stand, move and see: under `scene.camera` for all of them, or of one camera.

    `azimuth` in degrees counter-clockwise from the rink's +X, `distance` and `elevation` in metres, `roll` and `shake`
    in degrees, `shutter` and `readout` in seconds, `exposure` in stops; `motion_blur` and `depth_of_field`: how often
    they show. Everything else as the specs have it: see `blender_addon.clip`.
    """

    azimuth: Angle | None = None
    distance: Annotated[Numbers, Within(0.5, 200.0)] | None = None
    elevation: Annotated[Numbers, Within(0.05, 50.0)] | None = None
    fill: Annotated[Numbers, Within(0.05, 1.0)] | None = None
    follow: Annotated[Words, OneOf("way to follow", lambda: FOLLOW)] | None = None
    lag: Annotated[Numbers, Within(0.0, 2.0)] | None = None
    overshoot: Unit | None = None
    zoom: Unit | None = None
    shake: Annotated[Numbers, Within(0.0, 10.0)] | None = None
    roll: Annotated[Numbers, Within(-180.0, 180.0)] | None = None
    keep: Unit | None = None
    exposure: Annotated[Numbers, Within(-5.0, 5.0)] | None = None
    metering: Annotated[Words, OneOf("way of metering", lambda: METERING)] | None = None
    white_balance: Unit | None = None
    shutter: Annotated[Numbers, Within(1e-5, 0.5)] | None = None
    motion_blur: Share | None = None
    readout: Annotated[Numbers, Within(0.0, 0.1)] | None = None
    f_number: Annotated[Numbers, Within(0.7, 64.0)] | None = None
    depth_of_field: Share | None = None
    focus_error: Annotated[Numbers, Within(-50.0, 50.0)] | None = None
    noise: Annotated[Numbers, Within(0.0, 4.0)] | None = None
    compression: Unit | None = None
    sharpening: Unit | None = None
    vignette: Unit | None = None
    saturation: Annotated[Numbers, Within(0.0, 2.0)] | None = None
    contrast: Annotated[Numbers, Within(0.25, 4.0)] | None = None


class LensJob(Block):
    """A lens of one's own, as calibration gives it: angles in degrees across the picture, `sensor_width` in mm."""

    model: Literal["none", "opencv", "fisheye"] = "none"
    coefficients: tuple[float, ...] = ()
    widest: float = Field(gt=1.0, lt=180.0)
    narrowest: float | None = Field(default=None, gt=0.1, lt=180.0)
    sensor_width: float = Field(default=36.0, gt=0.5, le=100.0)

    @model_validator(mode="after")
    def _numbers_fit(self) -> LensJob:
        many = MODELS[self.model]
        if len(self.coefficients) not in many:
            raise ValueError(f"{self.model} takes {' or '.join(map(str, many))} coefficients")
        if self.narrowest is not None and self.narrowest > self.widest:
            raise ValueError("the narrowest angle is larger than the widest")
        return self


class CameraJob(ShotJob):
    """A camera, a pair or a ring of them: `profile` is a kind of camera, and what the job leaves out is as it has it.

    `width` and `height` hold; else the profile's shape does, `size` being pixels of the longer side or native. `place`:
    where it stands (m), in place of azimuth, distance and elevation. `baseline` (m) is a pair's, `views` a ring's.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9-]{1,32}$")
    profile: Profile = always("phone")
    width: int | None = Field(default=None, ge=16, le=8192)
    height: int | None = Field(default=None, ge=16, le=8192)
    size: Literal["native"] | Annotated[int, Field(ge=16, le=8192)] | None = None
    place: tuple[float, float, float] | None = None
    baseline: float | None = Field(default=None, gt=0.0, le=10.0)
    views: int | None = Field(default=None, ge=2, le=64)
    lens: LensJob | None = None

    @field_validator("size")
    @classmethod
    def _one_size(cls, value: Any, info: ValidationInfo) -> Any:
        if value is not None and (info.data.get("width") or info.data.get("height")):
            raise clash("give a size, or width and height, not both")
        return value

    @field_validator("profile")
    @classmethod
    def _singles_alone(cls, value: Words) -> Words:
        if len(value.options) > 1 and any(PROFILES[name].views != "one" for name in value.options):
            raise ValueError("a choice of profiles is of single cameras: a pair or a ring stands alone")
        return value

    @field_validator("baseline")
    @classmethod
    def _of_a_pair(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is not None and _views_in(info) != "pair":
            raise clash("only a pair has a baseline: profile stereo")
        return value

    @field_validator("views")
    @classmethod
    def _of_a_ring(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is not None and _views_in(info) != "ring":
            raise clash("only a ring has views: profile ring")
        return value

    @field_validator("place")
    @classmethod
    def _one_place(cls, value: Any, info: ValidationInfo) -> Any:
        if value is None:
            return value
        if _views_in(info) == "ring":
            raise ValueError("a ring stands all around and has no one place")
        if any(info.data.get(name) is not None for name in ("azimuth", "distance", "elevation")):
            raise ValueError("this says where it stands: leave out azimuth, distance and elevation")
        return value

    @model_validator(mode="after")
    def _names_fit(self) -> CameraJob:
        if max(map(len, self.names)) > LONGEST_NAME:
            raise ValueError(f"the name is too long for the names of its views, which have {LONGEST_NAME} letters")
        return self

    @property
    def views_of(self) -> str:
        """See `CameraProfile.views`."""
        return PROFILES[self.profile.options[0]].views

    @property
    def names(self) -> tuple[str, ...]:
        """Of the views that it makes, as in the keys of samples."""
        if self.views_of == "pair":
            return f"{self.name}-left", f"{self.name}-right"
        if self.views_of == "ring":
            return tuple(f"{self.name}-{number}" for number in range(VIEWS if self.views is None else self.views))
        return (self.name,)


def _views_in(info: ValidationInfo) -> str:
    """Of the profile that was read before; that of one camera where it was refused."""
    profile: Words = info.data.get("profile", always("phone"))
    return PROFILES[profile.options[0]].views


class SceneJob(Block):
    """Everything around the people. `preset` says how much varies where the rest leaves it open."""

    preset: Literal["clean", "default", "wild"] = "default"
    rink: RinkJob = RinkJob()
    light: LightJob = LightJob()
    camera: ShotJob = ShotJob()

    def found_from(self, job_file: Path) -> SceneJob:
        """The same with absolute paths."""
        if self.rink.file is None:
            return self
        rink = self.rink.model_copy(update={"file": beside(job_file, self.rink.file)})
        return self.model_copy(update={"rink": rink})


def different_names(cameras: tuple[CameraJob, ...]) -> tuple[CameraJob, ...]:
    """The cameras, of whose views no two have one name. ValueError if some have."""
    names = [name for camera in cameras for name in camera.names]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two cameras are called '{name}'")
    return cameras


DEFAULT_CAMERAS = (CameraJob(name="phone"), CameraJob(name="stand", profile=always("broadcast")))
