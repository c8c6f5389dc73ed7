"""The step Skater as keys of a job. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blender_addon.ui.request.blocks import Data, Named, block, first, give, number
from blender_addon.ui.request.fields import ANY, SkaterFields
from blender_addon.ui.request.shown import Kept, one_number, one_word, whole

if TYPE_CHECKING:
    from render_scripts.job import Job, SkaterJob

ALL = ("count", "sex", "age", "age_low", "age_high", "outfit", "hair", "melanin", "melanin_value")
_SEX = {"female": 0, "male": 1}


def read(job: Job) -> tuple[SkaterFields, Kept]:
    """What the fields show of a job; skaters of several kinds cannot be shown."""
    if len(job.skaters) > 1:
        return SkaterFields(), set(ALL)
    (ask,) = job.skaters
    kept: Kept = set(ALL[1:]) if ask.character is not None else set()
    age, low, high = _age(ask, kept)
    if ask.hair.file is not None:
        kept.add("hair")
    melanin = one_number(ask.skin.melanin)
    if ask.skin.tone is not None or (melanin is None and ask.skin.melanin is not None):
        kept |= {"melanin", "melanin_value"}
    return SkaterFields(
        count=whole(ask.count, 1, "count", kept),
        sex=_sex(ask, kept),
        age=age,
        age_low=low,
        age_high=high,
        outfit=one_word(ask.outfit, "outfit", kept),
        hair=one_word(ask.hair.style, "hair", kept),
        melanin=ANY if melanin is None else "given",
        melanin_value=SkaterFields.melanin_value if melanin is None else melanin,
    ), kept


def _sex(ask: SkaterJob, kept: Kept) -> str:
    gender = ask.phenotype.gender
    if gender is None:
        return ANY
    name = next((name for name, value in _SEX.items() if one_number(gender) == value), None)
    if name is None:
        kept.add("sex")
    return name or ANY


def _age(ask: SkaterJob, kept: Kept) -> tuple[str, float, float]:
    from render_scripts.distributions import Between

    if isinstance(ask.age, Between):
        return "given", ask.age.low, ask.age.high
    if ask.age is not None:
        kept |= {"age", "age_low", "age_high"}
    return ANY, SkaterFields.age_low, SkaterFields.age_high


def write(data: Data, was: SkaterFields, now: SkaterFields, named: Named) -> None:
    """Puts what has changed into a job's data."""
    if now.count != was.count:
        first(data, "skaters")["count"] = now.count
    if now.sex != was.sex:
        give(block(first(data, "skaters"), "phenotype"), "gender", _SEX.get(now.sex))
    if _years(now) != _years(was):
        give(first(data, "skaters"), "age", _years(now))
    if now.outfit != was.outfit:
        give(first(data, "skaters"), "outfit", None if now.outfit == ANY else now.outfit)
    if now.hair != was.hair:
        give(block(first(data, "skaters"), "hair", short="color"), "style", None if now.hair == ANY else now.hair)
    if _melanin(now) != _melanin(was):
        give(block(first(data, "skaters"), "skin", short="tone"), "melanin", _melanin(now))


def _years(fields: SkaterFields) -> list[float] | None:
    return None if fields.age == ANY else [number(fields.age_low), number(fields.age_high)]


def _melanin(fields: SkaterFields) -> float | None:
    return None if fields.melanin == ANY else number(fields.melanin_value)
