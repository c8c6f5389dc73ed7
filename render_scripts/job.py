"""job.yaml: what a user asks for, checked word by word. Whatever it leaves out is drawn per clip (`plan.py`). No bpy.

Numbers marked `Span` are either fixed (`8.0`) or a range to draw from (`[6, 12]`). Colours are "#rrggbb" as a colour
picker shows them, or three linear values 0…1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from blender_addon.cast import DEMO
from blender_addon.color import Color
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import GARMENTS
from mocap.errors import UserError
from mocap.meant import nearest

MAX_JOB_BYTES = 1_000_000
TAKE_SUFFIXES = (".mvnx", ".bvh", ".mvnx.gz", ".bvh.gz")


def _is_number(value: Any) -> bool:
    """Whether `float` takes it as it stands; an integer of hundreds of digits is none that anyone means."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300


def _span(low: float, high: float) -> Callable[[Any], tuple[float, float]]:
    def check(value: Any) -> tuple[float, float]:
        pair = list(value) if isinstance(value, (list, tuple)) else [value, value]
        if len(pair) != 2 or not all(map(_is_number, pair)):
            raise ValueError("give a number or a range [low, high]")
        numbers = [float(v) for v in pair]
        if not low <= numbers[0] <= numbers[1] <= high:
            raise ValueError(f"give numbers from {low:g} to {high:g}, the lower one first")
        return numbers[0], numbers[1]

    return check


def _color(value: Any) -> Color:
    """Linear RGB; the sRGB curve of IEC 61966-2-1 for "#rrggbb"."""
    if isinstance(value, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        encoded = [int(value[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in encoded)
        return round(red, 6), round(green, 6), round(blue, 6)
    if isinstance(value, (list, tuple)) and len(value) == 3 and all(map(_is_number, value)):
        red, green, blue = (float(v) for v in value)
        if all(0.0 <= v <= 1.0 for v in (red, green, blue)):
            return red, green, blue
    raise ValueError('give a colour as "#rrggbb" or as three linear values from 0 to 1')


def _garment_color(value: Any) -> Color | Literal["none"]:
    return "none" if value is None or value == "none" else _color(value)


Pair = tuple[float, float]
Parameter = Annotated[Pair, BeforeValidator(_span(-1e4, 1e4))]
Unit = Annotated[Pair, BeforeValidator(_span(0.0, 1.0))]
Paint = Annotated[Color, BeforeValidator(_color)]
GarmentPaint = Annotated[Color | Literal["none"], BeforeValidator(_garment_color)]


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class MotionJob(_Block):
    """A recording or an authored element, or the part of it between `start` and `end` (seconds into it).

    `joint_map`: YAML for a BVH that MVN did not write. `parameters`: of the element, each a `Span`.
    """

    take: str = DEMO
    subject: str | None = None
    joint_map: str | None = None
    element: str | None = None
    parameters: dict[str, Parameter] = Field(default_factory=dict)
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


class AugmentJob(_Block):
    """What is changed in every clip's motion and body, drawn per clip: see `mocap.augment`.

    `mirror`: share of clips that are mirrored. `speed`: times as fast. `start`: seconds by which a clip begins later.
    `noise`: degrees. `lengths`: of arms, legs and trunk, each by a factor of its own.
    """

    mirror: float = Field(default=0.0, ge=0.0, le=1.0)
    speed: Annotated[Pair, BeforeValidator(_span(0.25, 4.0))] = (1.0, 1.0)
    start: Annotated[Pair, BeforeValidator(_span(0.0, 3600.0))] = (0.0, 0.0)
    noise: Annotated[Pair, BeforeValidator(_span(0.0, 15.0))] = (0.0, 0.0)
    lengths: Annotated[Pair, BeforeValidator(_span(0.8, 1.25))] = (1.0, 1.0)


class FramesJob(_Block):
    """Frames of a clip. `fps` alone: the whole motion; `count` alone: spread over it; both: a window of it."""

    fps: float | None = Field(default=None, gt=0.0, le=1000.0)
    count: int | None = Field(default=None, ge=1, le=1_000_000)


class PhenotypeJob(_Block):
    """MakeHuman's macro values, 0…1 (gender: 0 female, 1 male); the three origins are shares of a mixture."""

    gender: Unit | None = None
    muscle: Unit | None = None
    weight: Unit | None = None
    height: Unit | None = None
    proportions: Unit | None = None
    african: Unit | None = None
    asian: Unit | None = None
    caucasian: Unit | None = None


class PlacementJob(_Block):
    """Where on the ice the middle of the travel lies (m from the rink's centre), and its turn (degrees).

    `root`: whose travel it is: as `recorded`, `in_place`, or along `path`: points in metres on the rink, followed at
    `pace` (m/s; left out: spread over the clip), the skater `facing` along or against it, or as recorded.
    """

    x: Annotated[Pair, BeforeValidator(_span(-100.0, 100.0))] | None = None
    y: Annotated[Pair, BeforeValidator(_span(-100.0, 100.0))] | None = None
    heading: Annotated[Pair, BeforeValidator(_span(-360.0, 360.0))] | None = None
    root: Literal["recorded", "in_place", "path"] | None = None
    path: tuple[tuple[float, float], ...] | None = Field(default=None, min_length=2, max_length=1000)
    pace: Annotated[Pair, BeforeValidator(_span(0.0, 15.0))] | None = None
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


class SkaterJob(_Block):
    """One person of every clip. `age` in years. A garment: its colour, or `none` for not worn."""

    age: Annotated[Pair, BeforeValidator(_span(5.0, 90.0))] | None = None
    phenotype: PhenotypeJob = PhenotypeJob()
    skin: Paint | None = None
    hair: Paint | None = None
    eyes: Paint | None = None
    garments: dict[str, GarmentPaint] = Field(default_factory=dict)
    placement: PlacementJob = PlacementJob()

    @field_validator("garments")
    @classmethod
    def _known_garments(cls, value: dict[str, Any]) -> dict[str, Any]:
        for name in value:
            if name not in GARMENTS:
                raise ValueError(f"unknown garment '{name}'{_meant(name, GARMENTS)}")
        return value


class RinkJob(_Block):
    """The hall. Sizes in metres."""

    length: float = Field(default=60.0, ge=20.0, le=100.0)
    width: float = Field(default=30.0, ge=15.0, le=60.0)
    ice: Paint | None = None
    boards: Paint | None = None
    stripe: Paint | None = None
    stands: Paint | None = None


class LightJob(_Block):
    """Arena light; `exposure` in stops."""

    strength: Annotated[Pair, BeforeValidator(_span(0.05, 20.0))] | None = None
    warmth: Annotated[Pair, BeforeValidator(_span(-1.0, 1.0))] | None = None
    exposure: Annotated[Pair, BeforeValidator(_span(-5.0, 5.0))] | None = None


class CameraJob(_Block):
    """A camera. `azimuth` in degrees counter-clockwise from the rink's +X, `distance` and `elevation` in metres."""

    name: str = Field(pattern=r"^[A-Za-z0-9-]{1,32}$")
    profile: Literal["phone", "broadcast", "tripod"] = "phone"
    width: int = Field(default=640, ge=16, le=8192)
    height: int = Field(default=480, ge=16, le=8192)
    azimuth: Annotated[Pair, BeforeValidator(_span(-360.0, 720.0))] | None = None
    distance: Annotated[Pair, BeforeValidator(_span(0.5, 200.0))] | None = None
    elevation: Annotated[Pair, BeforeValidator(_span(0.05, 50.0))] | None = None
    fill: Annotated[Pair, BeforeValidator(_span(0.05, 1.0))] | None = None
    follow: Literal["pan", "fixed"] = "pan"


class RenderJob(_Block):
    """How pictures are made; `samples`, `denoise` and `subdivision` override what `quality` stands for."""

    engine: Literal["cycles", "eevee"] = "cycles"
    device: Literal["auto", "cpu", "gpu"] = "auto"
    quality: Literal["draft", "standard", "final"] = "standard"
    samples: int | None = Field(default=None, ge=1, le=65536)
    denoise: bool | None = None
    subdivision: int | None = Field(default=None, ge=0, le=3)


class LabelsJob(_Block):
    """Labels besides the masks, which are always written."""

    keypoints: tuple[str, ...] = ("body_25",)
    depth: bool = True
    normal: bool = False

    @field_validator("keypoints")
    @classmethod
    def _known_sets(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in KEYPOINT_SETS:
                raise ValueError(f"unknown keypoint set '{name}'{_meant(name, KEYPOINT_SETS)}")
        return value


class OutputJob(_Block):
    """How samples are stored; `shard_size` in samples."""

    split: str = Field(default="train", pattern=r"^[A-Za-z0-9-]{1,32}$")
    shard_size: int = Field(default=1000, ge=1, le=1_000_000)
    rgb: Literal["png", "jpg"] = "png"
    jpg_quality: int = Field(default=92, ge=1, le=100)


DEFAULT_CAMERAS = (CameraJob(name="phone"), CameraJob(name="stand", profile="broadcast"))


class Job(_Block):
    """A whole data set. Paths are absolute once `load_job` has returned."""

    version: Literal[1] = 1
    seed: int = Field(default=0, ge=0, lt=2**63)
    out: str | None = None
    clips: int | None = Field(default=None, ge=1, le=10_000_000)
    motions: tuple[MotionJob, ...] = Field(default=(MotionJob(),), min_length=1)
    frames: FramesJob = FramesJob()
    augment: AugmentJob = AugmentJob()
    skaters: tuple[SkaterJob, ...] = Field(default=(SkaterJob(),), min_length=1, max_length=200)
    cameras: tuple[CameraJob, ...] = Field(default=DEFAULT_CAMERAS, min_length=1, max_length=100)
    rink: RinkJob = RinkJob()
    light: LightJob = LightJob()
    render: RenderJob = RenderJob()
    labels: LabelsJob = LabelsJob()
    output: OutputJob = OutputJob()

    @field_validator("cameras")
    @classmethod
    def _different_names(cls, value: tuple[CameraJob, ...]) -> tuple[CameraJob, ...]:
        names = [camera.name for camera in value]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two cameras are called '{name}'")
        return value


def load_job(path: str | Path) -> Job:
    """A job from its YAML file, or the default job of a recording given in its place (.mvnx, .bvh).

    Raises:
        UserError: with the line and the dotted path of the first mistake.
    """
    path = Path(path).absolute()
    if path.name.lower().endswith(TAKE_SUFFIXES):
        return job_for_take(str(path))
    node, data = _parse(_text_of(path), path)
    if not isinstance(data, dict):
        raise UserError("a job file is a mapping of keys to values", file=path, mend="See docs/job.md.")
    try:
        job = Job.model_validate(data)
    except ValidationError as error:
        raise _first_mistake(error, path, node) from None
    out = job.out if job.out is not None else f"{path.stem}-data"
    motions = tuple(_with_paths(path, motion) for motion in job.motions)
    return job.model_copy(update={"out": str(_beside(path, out)), "motions": motions})


def _with_paths(job_file: Path, motion: MotionJob) -> MotionJob:
    """The motion with absolute paths."""
    changes = {}
    if motion.element is None and motion.take != DEMO:
        changes["take"] = str(_beside(job_file, motion.take))
    if motion.joint_map is not None:
        changes["joint_map"] = str(_beside(job_file, motion.joint_map))
    return motion.model_copy(update=changes)


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_JOB_BYTES + 1)
        if len(data) > MAX_JOB_BYTES:
            raise UserError("this is too large to be a job file", file=path)
        return data.decode("utf-8-sig")
    except FileNotFoundError:
        raise UserError("no such file", file=path) from None
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror or error})", file=path) from None
    except UnicodeDecodeError:
        raise UserError("this is not text in UTF-8", file=path) from None


def job_for_take(take: str, *, size: tuple[int, int] = (640, 480)) -> Job:
    """The job that shows a recording: 48 frames spread over it, from two cameras of `size` (width, height)."""
    width, height = size
    cameras = tuple(camera.model_copy(update={"width": width, "height": height}) for camera in DEFAULT_CAMERAS)
    return Job(motions=(MotionJob(take=take),), frames=FramesJob(count=48), cameras=cameras)


def demo_job(out: str | Path | None = None) -> Job:
    """The job of `skatesynth demo`: the project's own take, small and quick."""
    job = job_for_take(DEMO, size=(320, 240))
    changes = {
        "out": None if out is None else str(Path(out).absolute()),
        "frames": FramesJob(count=32),
        # From both long sides, so that the pictures show the skater from the front and from behind.
        "cameras": tuple(
            camera.model_copy(update={"azimuth": (degrees, degrees)})
            for camera, degrees in zip(job.cameras, (-70.0, 75.0), strict=True)
        ),
        "render": RenderJob(quality="standard", samples=12),
    }
    return job.model_copy(update=changes)


def dump_job(job: Job) -> str:
    """YAML text that `load_job` reads back to the same job; what is drawn per clip is left out, as in the original."""
    data = job.model_dump(mode="json", exclude_none=True)
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)


def _beside(job_file: Path, path: str) -> Path:
    return (job_file.parent / Path(path).expanduser()).absolute()


def _parse(text: str, path: Path) -> tuple[yaml.Node | None, Any]:
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            raise UserError("the file is empty", file=path)
        _refuse_repeats(node, path)
        return node, loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = None if error.problem_mark is None else f"line {error.problem_mark.line + 1}"
        raise UserError(f"not YAML: {error.problem}", file=path, place=line) from None
    except (yaml.YAMLError, ValueError) as error:
        raise UserError(f"not YAML: {error}", file=path) from None
    except RecursionError:
        raise UserError("nested too deeply for a job file", file=path) from None


def _refuse_repeats(root: yaml.Node, path: Path) -> None:
    """PyYAML keeps the last of two equal keys; a user would never learn of the first."""
    waiting, seen = [root], {id(root)}
    while waiting:
        node = waiting.pop()
        children: list[yaml.Node] = []
        if isinstance(node, yaml.SequenceNode):
            children = list(node.value)
        elif isinstance(node, yaml.MappingNode):
            keys: set[str] = set()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value in keys:
                    raise UserError(
                        f"the key '{key.value}' stands here twice", file=path, place=f"line {key.start_mark.line + 1}"
                    )
                keys.add(str(key.value))
                children.append(value)
        for child in children:
            if id(child) not in seen:
                seen.add(id(child))
                waiting.append(child)


def _first_mistake(error: ValidationError, path: Path, node: yaml.Node | None) -> UserError:
    details = error.errors(include_url=False, include_context=False)
    places = [d["loc"] for d in details]
    # A list with a bad item is also reported as too short; only the item is the user's mistake.
    details = [d for d in details if not any(len(p) > len(d["loc"]) and p[: len(d["loc"])] == d["loc"] for p in places)]
    lines = [_line_of(node, d["loc"]) or 0 for d in details]
    first, line = min(zip(details, lines, strict=True), key=lambda pair: pair[1])
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    place = ", ".join(part for part in (f"line {line}" if line else "", _dotted(first["loc"])) if part)
    return UserError(_sentence(first) + more, file=path, place=place or None)


def _sentence(detail: ErrorDetails) -> str:
    if detail["type"] == "extra_forbidden":
        key = str(detail["loc"][-1])
        model = _model_at(detail["loc"][:-1])
        return f"unknown key '{key}'" + ("" if model is None else _meant(key, model.model_fields))
    if detail["type"] == "missing":
        return "this is missing"
    if detail["type"] == "tuple_type":
        return "give a list: lines that begin with a dash, or [ … ]"
    if detail["type"] in ("model_type", "dict_type"):
        return "give keys with values"
    if detail["type"] == "string_pattern_mismatch":
        return f"use letters, digits and dashes, 1 to 32 of them, not {detail['input']!r}"
    text = detail["msg"].removeprefix("Value error, ")
    value = detail["input"]
    shown = f", not {value!r}" if isinstance(value, (str, int, float)) and len(str(value)) < 60 else ""
    return text[:1].lower() + text[1:] + shown


def _meant(word: str, known: Iterable[str]) -> str:
    """The same in brackets, as what else pydantic says may follow."""
    near = nearest(word, known)
    return f" (known: {', '.join(known)})" if near is None else f" (did you mean '{near}'?)"


def _model_at(loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    here: Any = Job
    for step in loc:
        if isinstance(step, int):
            here = get_args(here)[0]
        elif isinstance(here, type) and issubclass(here, BaseModel) and step in here.model_fields:
            here = here.model_fields[step].annotation
        else:
            return None
    return here if isinstance(here, type) and get_origin(here) is None and issubclass(here, BaseModel) else None


def _dotted(loc: tuple[int | str, ...]) -> str:
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def _line_of(node: yaml.Node | None, loc: tuple[int | str, ...]) -> int | None:
    """Line of the deepest part of `loc` that the file has."""
    line = None
    for step in loc:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if str(k.value) == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        else:
            break
    return line
