"""Blocks about people: skaters, coaches and spectators. What is left out is drawn as one meets it in a club."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, GetCoreSchemaHandler, field_validator, model_validator
from pydantic_core import CoreSchema, core_schema

from blender_addon.skater.wardrobe.cuts import CUTS
from blender_addon.skater.wardrobe.fabrics import FABRICS
from render_scripts.distributions import Between, Numbers, OneOf, Paints, Within, Words, in_brackets, is_distribution
from render_scripts.job.block import Block, beside
from render_scripts.job.motions import MotionJob, PlacementJob

Unit = Annotated[Numbers, Within(0.0, 1.0)]
Count = Annotated[Numbers, Within(0.0, 100.0)]


def _hair_styles() -> Iterable[str]:
    from blender_addon.skater.hair.styles import STYLES

    return STYLES


def _outfits() -> Iterable[str]:
    from render_scripts.people.outfits import OUTFITS

    return (*OUTFITS, "random")


def _or_key(key: str, value: Any) -> Any:
    """A block of which only the value of one key is given."""
    whole = isinstance(value, Block) or (isinstance(value, dict) and not is_distribution(value))
    return value if whole else {key: value}


class PhenotypeJob(Block):
    """MakeHuman's macro values, 0…1 (gender: 0 female, 1 male); the three origins are shares of a mixture.

    `height` is MakeHuman's own, of people of one age; a skater's `stature` is in metres.
    """

    gender: Unit | None = None
    muscle: Unit | None = None
    weight: Unit | None = None
    height: Unit | None = None
    proportions: Unit | None = None
    cupsize: Unit | None = None
    firmness: Unit | None = None
    african: Unit | None = None
    asian: Unit | None = None
    caucasian: Unit | None = None


class SkinJob(Block):
    """Skin: `melanin` (0 lightest … 1 darkest) and `undertone` (0 olive … 1 rosy) make its colour, or `tone` says it.

    Freckles and blush from 0 to 1.
    """

    tone: Paints | None = None
    melanin: Unit | None = None
    undertone: Unit | None = None
    freckles: Unit | None = None
    blush: Unit | None = None

    @model_validator(mode="before")
    @classmethod
    def _colour_alone(cls, value: Any) -> Any:
        return _or_key("tone", value)


class HairJob(Block):
    """Hair: its style, its colour, and from 0 to 1 how long it is for its style. `file`: a .mhclo instead."""

    style: Annotated[Words, OneOf("hair style", _hair_styles)] | None = None
    color: Paints | None = None
    length: Unit | None = None
    file: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _colour_alone(cls, value: Any) -> Any:
        return _or_key("color", value)


class GarmentJob(Block):
    """A garment. `share`: how many of the people wear it; `cut`: its measures, 0…1; `file`: a .mhclo in its place."""

    share: float = Field(default=1.0, ge=0.0, le=1.0)
    color: Paints | None = None
    second: Paints | None = None
    fabric: Annotated[Words, OneOf("fabric", lambda: FABRICS)] | None = None
    cut: dict[str, Unit] = Field(default_factory=dict)
    file: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _colour_alone(cls, value: Any) -> Any:
        return {"share": 0.0} if value is None or value == "none" else _or_key("color", value)


class PersonJob(Block):
    """How somebody looks. `age` in years, `stature` in metres.

    `details`: MakeHuman's, −1…1 by name or by the path of a .target; `variety`: 0…1, how much other details differ.
    `expression`: of the face, 0…1 by name. `outfit`: what is worn where `garments` says nothing. `character`: a .blend,
    in place of all of this.
    """

    age: Annotated[Numbers, Within(5.0, 90.0)] | None = None
    stature: Annotated[Numbers, Within(0.8, 2.3)] | None = None
    phenotype: PhenotypeJob = PhenotypeJob()
    details: dict[str, Annotated[Numbers, Within(-1.0, 1.0)]] = Field(default_factory=dict)
    variety: float = Field(default=1.0, ge=0.0, le=1.0)
    expression: dict[str, Unit] | None = None
    skin: SkinJob = SkinJob()
    hair: HairJob = HairJob()
    eyes: Paints | None = None
    outfit: Annotated[Words, OneOf("outfit", _outfits)] | None = None
    garments: dict[str, GarmentJob] = Field(default_factory=dict)
    character: str | None = None
    character_map: str | None = None

    @field_validator("garments")
    @classmethod
    def _known_garments(cls, value: dict[str, GarmentJob]) -> dict[str, GarmentJob]:
        if value:
            from blender_addon.labels.vocabulary import GARMENTS  # which brings numpy
        for name, worn in value.items():
            if name not in GARMENTS:
                raise ValueError(f"unknown garment '{name}'{in_brackets(name, GARMENTS)}")
            for cut in worn.cut:
                if cut not in CUTS.get(name, {}):
                    raise ValueError(f"{name}: unknown cut '{cut}'{in_brackets(cut, CUTS.get(name, {}))}")
        return value

    @field_validator("expression")
    @classmethod
    def _known_expressions(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        if value:
            from blender_addon.makehuman.expressions import EXPRESSIONS  # which brings numpy
        for name in value or ():
            if name not in EXPRESSIONS:
                raise ValueError(f"unknown expression '{name}'{in_brackets(name, EXPRESSIONS)}")
        return value

    @model_validator(mode="after")
    def _map_of_a_character(self) -> PersonJob:
        if self.character_map is not None and self.character is None:
            raise ValueError("a character_map is of a character: name one")
        return self

    def path_changes(self, job_file: Path) -> dict[str, Any]:
        """Fields whose paths are made absolute, as `model_copy` takes them."""
        out: dict[str, Any] = {
            name: beside(job_file, path)
            for name, path in (("character", self.character), ("character_map", self.character_map))
            if path is not None
        }
        out["details"] = {
            beside(job_file, name) if name.endswith((".target", ".target.gz")) else name: amount
            for name, amount in self.details.items()
        }
        out["garments"] = {
            name: worn if worn.file is None else worn.model_copy(update={"file": beside(job_file, worn.file)})
            for name, worn in self.garments.items()
        }
        if self.hair.file is not None:
            out["hair"] = self.hair.model_copy(update={"file": beside(job_file, self.hair.file)})
        return out


class _IndexOrMotion:
    """An index into the job's motions, or a motion of one's own; in one schema, so that mistakes have a plain place."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: Any, block: Any) -> MotionJob | int:
            if isinstance(value, int) and not isinstance(value, bool):
                return value
            motion: MotionJob = block(value)
            return motion

        return core_schema.no_info_wrap_validator_function(
            read,
            handler.generate_schema(MotionJob),
            serialization=core_schema.plain_serializer_function_ser_schema(_motion_as_written),
        )


def _motion_as_written(value: MotionJob | int) -> Any:
    return value if isinstance(value, int) else value.model_dump(mode="json", exclude_none=True)


class SkaterJob(PersonJob):
    """Somebody on the ice, or `count` of them.

    `pool`: of how many different people they are in all clips together; left out, somebody new comes to every clip.
    `motion`: which of the job's motions they show, or one of their own; left out, the first person of a clip shows the
    clip's motion and everybody else any. `in_focus`: whether cameras follow them; left out, they follow the first.
    """

    count: Count = Between(1.0, 1.0)
    pool: int | None = Field(default=None, ge=1, le=10_000)
    motion: Annotated[MotionJob | int, _IndexOrMotion()] | None = None
    placement: PlacementJob = PlacementJob()
    role: Literal["skater", "coach"] = "skater"
    in_focus: bool | None = None

    @model_validator(mode="after")
    def _pool_is_large_enough(self) -> SkaterJob:
        if self.pool is not None and self.character is not None:
            raise ValueError("a character is one person: leave out pool")
        if self.pool is not None and self.pool < self.count.high:
            raise ValueError(f"a pool of {self.pool} is too small for a count of {self.count.high:g}")
        return self

    def found_from(self, job_file: Path) -> SkaterJob:
        """The same with absolute paths."""
        changes = self.path_changes(job_file)
        if isinstance(self.motion, MotionJob):
            changes["motion"] = self.motion.found_from(job_file)
        return self.model_copy(update=changes)


class CoachesJob(PersonJob):
    """Coaches who stand at the boards: `count` of them in every clip."""

    count: Count = Between(0.0, 0.0)

    def found_from(self, job_file: Path) -> CoachesJob:
        """The same with absolute paths."""
        return self.model_copy(update=self.path_changes(job_file))


class CrowdJob(Block):
    """Spectators in the stands: how many, and how many different ones there are among them."""

    spectators: Annotated[Numbers, Within(0.0, 10_000.0)] = Between(0.0, 0.0)
    kinds: int = Field(default=6, ge=1, le=50)
