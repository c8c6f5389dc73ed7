"""Who is drawn: people of a club, every attribute by itself."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blender_addon.cast import SkaterSpec
from blender_addon.clip import Clip
from blender_addon.makehuman.body import load_body
from blender_addon.makehuman.targets import complete_phenotype
from blender_addon.rink.plan import outside
from blender_addon.skater.hair.styles import STYLES
from blender_addon.skater.wardrobe.cuts import CUTS
from blender_addon.skater.wardrobe.fabrics import FABRICS
from blender_addon.skater.wardrobe.outfit import MADE, check_worn
from render_scripts.distributions import Between
from render_scripts.job import Job, MotionJob, PersonJob, PhenotypeJob, SkaterJob
from render_scripts.people.bodies import draw_body, height_value, years_of
from render_scripts.people.cast import streams_of
from render_scripts.people.costume_colors import BLACK
from render_scripts.people.kinds import SKATERS
from render_scripts.people.looks import STYLES_WORN
from render_scripts.people.outfits import CUTS_WORN, FABRICS_WORN, OUTFITS
from render_scripts.plan import Plan

LENGTH = {("demo", None): 12.0}


def clips(count: int, **job: Any) -> list[Clip]:
    return list(Plan(Job.model_validate({"clips": count, **job}), LENGTH))


def skaters(count: int, **skater: Any) -> list[SkaterSpec]:
    return [clip.skaters[0] for clip in clips(count, skaters=[skater])]


def years(skater: SkaterSpec) -> float:
    return years_of(skater.phenotype["age"])


def test_a_club_has_mostly_girls_and_young_women() -> None:
    made = skaters(2000)
    female = np.array([skater.phenotype["gender"] < 0.5 for skater in made])
    assert abs(female.mean() - SKATERS.female) < 0.03
    ages = np.array([years(skater) for skater in made])
    assert ages.min() >= 5.9 and ages.max() <= 58.1
    assert 0.7 < ((ages >= 8.0) & (ages <= 25.0)).mean() < 0.9 and (ages > 25.0).mean() > 0.06
    for skater in made:
        complete_phenotype(skater.phenotype)


def test_everything_drawn_can_be_made() -> None:
    for skater in skaters(400):
        check_worn(skater.garments)
        assert skater.hair.style in STYLES
        assert set(skater.garments) <= set(MADE)
        assert {worn.fabric for worn in skater.garments.values()} <= set(FABRICS)
        assert all(0.0 <= value <= 1.0 for worn in skater.garments.values() for value in worn.cut.values())
        colors = [skater.skin.tone, skater.hair.color, skater.eyes]
        colors += [color for worn in skater.garments.values() for color in (worn.color, worn.second)]
        assert all(0.0 <= channel <= 1.0 for color in colors for channel in color)


def test_no_two_of_a_club_look_alike() -> None:
    made = skaters(300)
    assert len({str(skater.details) for skater in made}) == 300
    assert len({skater.skin.tone for skater in made}) > 150
    assert len({skater.garments["leotard"].color for skater in made if "leotard" in skater.garments}) > 10


def test_skin_and_hair_follow_from_origins_and_overlap() -> None:
    light = {
        origin: np.array([sum(s.skin.tone) / 3.0 for s in skaters(400, phenotype={origin: 1.0})])
        for origin in ("african", "asian", "caucasian")
    }
    assert light["african"].mean() < 0.6 * light["asian"].mean() < 0.6 * 1.1 * light["caucasian"].mean()
    assert light["african"].max() > light["asian"].min() and light["asian"].max() > light["caucasian"].min()
    blond = [sum(s.hair.color) > 0.6 for s in skaters(400, phenotype={"asian": 1.0}, age=[8, 15])]
    assert not any(blond)


def test_light_eyes_and_hair_come_from_both_sides() -> None:
    def light(**origins: float) -> float:
        made = skaters(400, age=[8, 15], phenotype=origins)
        return float(np.mean([sum(s.eyes) > 0.25 or sum(s.hair.color) > 0.5 for s in made]))

    assert light(caucasian=1.0) > 0.4 > 0.25 > light(caucasian=0.5, asian=0.5) > light(asian=1.0) == 0.0


def test_children_are_dressed_as_children() -> None:
    made = skaters(300, age=[6, 13], outfit="dress")
    assert max(s.garments["leotard"].cut["neckline"] for s in made) <= 0.4
    grown = skaters(300, age=[18, 30], outfit="dress", phenotype={"gender": 0})
    assert max(s.garments["leotard"].cut["neckline"] for s in grown) > 0.6
    asked = skaters(5, age=10, outfit="dress", garments={"leotard": {"cut": {"back": 0.9}}})
    assert {s.garments["leotard"].cut["back"] for s in asked} == {0.9}


def test_boys_and_men_have_short_hair_and_wear_no_skirt() -> None:
    made = skaters(300, phenotype={"gender": 1})
    assert not {"bun", "braid", "two_braids", "high_ponytail", "long"} & {skater.hair.style for skater in made}
    assert "shirt" not in MADE or all("skirt" not in skater.garments for skater in made)


def test_what_is_usual_is_there() -> None:
    """Tables name styles, garments, fabrics and cuts that their owners have; nothing of theirs is forgotten."""
    styles = {name for often in STYLES_WORN.values() for name in often}
    assert styles <= set(STYLES)
    # A whole leotard of illusion looks bare; it is there to be asked for.
    assert {f for where in FABRICS_WORN.values() for often in where.values() for f in often} == {*FABRICS} - {
        "illusion"
    }
    for garment, cuts in CUTS_WORN.items():
        assert set(cuts) <= set(CUTS[garment])
    assert {g for outfit in OUTFITS.values() for female in (True, False) for g in outfit.garments(female)} == set(MADE)


def flat(spec: SkaterSpec) -> dict[str, Any]:
    """Every leaf of a spec by its path."""
    out: dict[str, Any] = {}

    def walk(value: Any, path: str) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                walk(item, f"{path}.{key}")
        else:
            out[path] = value

    walk(dataclasses.asdict(spec), "")
    return out


@pytest.mark.parametrize(
    ("skater", "changed"),
    [
        ({"age": 25}, (".phenotype.age", ".phenotype.height", ".phenotype.weight", ".details", ".hair.", ".garments")),
        ({"stature": 1.5}, (".phenotype.height",)),
        ({"phenotype": {"muscle": 0.5}}, (".phenotype.muscle",)),
        ({"phenotype": {"weight": [0.4, 0.5]}}, (".phenotype.weight",)),
        ({"phenotype": {"cupsize": 0.3}}, (".phenotype.cupsize",)),
        ({"details": {"nose-hump-decr-incr": 0.5}}, (".details.nose-hump-decr-incr",)),
        ({"variety": 0.0}, (".details",)),
        ({"expression": {"smile": 0.5}}, (".expression",)),
        ({"skin": "#804020"}, (".skin.tone", ".garments.tights")),
        ({"skin": {"melanin": 0.8}}, (".skin.tone", ".skin.freckles", ".garments.tights")),
        ({"skin": {"freckles": 0.9}}, (".skin.freckles",)),
        ({"hair": "#804020"}, (".hair.color",)),
        ({"hair": {"style": {"choice": ["short", "bun"]}}}, (".hair.style",)),
        ({"eyes": "#804020"}, (".eyes",)),
        ({"garments": {"boots": "#804020"}}, (".garments.boots",)),
        ({"garments": {"boots": {"fabric": "satin", "cut": {"height": 1}}}}, (".garments.boots",)),
        ({"outfit": "unitard"}, (".garments",)),
        ({"placement": {"x": 3}}, (".placement",)),
        ({"in_focus": False}, (".in_focus",)),
    ],
)
def test_fixing_one_attribute_changes_what_follows_from_it_alone(skater: dict[str, Any], changed: Any) -> None:
    free, fixed = skaters(40), skaters(40, **skater)
    seen = set()
    for a, b in zip(map(flat, free), map(flat, fixed), strict=True):
        different = {path for path in a.keys() | b.keys() if a.get(path) != b.get(path)}
        assert all(path.startswith(changed) for path in different), different
        seen |= different
    if skater != {"outfit": "unitard"} or "unitard" in MADE:
        assert seen


def test_a_second_skater_a_coach_or_a_crowd_change_nothing_in_the_first() -> None:
    alone = clips(5)
    together = clips(5, skaters=[{}, {"count": 2}], coaches={"count": 1}, crowd={"spectators": 50})
    for one, many in zip(alone, together, strict=True):
        assert many.skaters[0] == one.skaters[0]
        assert (many.cameras, many.rink, many.light) == (one.cameras, one.rink, one.light)
        assert len({str(skater.phenotype) for skater in many.skaters}) == 4
    counted = clips(5, skaters=[{"count": 3}, {}])
    for one, two in zip(clips(5, skaters=[{}, {}]), counted, strict=True):
        assert (two.skaters[0], two.skaters[3]) == one.skaters


def test_how_many_there_are_is_drawn_per_clip() -> None:
    made = clips(60, skaters=[{}, {"count": [0, 3]}], coaches={"count": [1, 2]})
    assert {sum(s.role == "skater" for s in clip.skaters) for clip in made} == {1, 2, 3, 4}
    assert {sum(s.role == "coach" for s in clip.skaters) for clip in made} == {1, 2}
    assert all(clip.lead is clip.skaters[0] for clip in made)


def test_coaches_stand_at_the_boards_in_no_skates_and_out_of_focus() -> None:
    for clip in clips(20, coaches={"count": 2}):
        for coach in clip.skaters[1:]:
            assert (coach.role, coach.in_focus, coach.motion.element) == ("coach", False, "standing")
            place = np.array((coach.placement.x, coach.placement.y))
            # On the ice or behind the boards, a step from them.
            away = float(outside(clip.rink, place))
            assert min(abs(away + 1.3), abs(away - 0.6)) < 1e-4, away
            assert coach.placement.root == "in_place" and coach.placement.yields
            assert coach.motion.parameters["seconds"] >= (clip.count - 1) / clip.fps
            assert "jacket" not in MADE or "skirt" not in coach.garments
            assert 20.0 <= years(coach) <= 69.0


def test_a_crowd_has_kinds_of_people() -> None:
    (clip,) = clips(1, crowd={"spectators": 200, "kinds": 4})
    assert clip.crowd.count == 200 and len(clip.crowd.kinds) == 4
    assert {kind.role for kind in clip.crowd.kinds} == {"spectator"} and not any(k.in_focus for k in clip.crowd.kinds)
    assert clips(1)[0].crowd.count == 0 and clips(1)[0].crowd.kinds == ()


def test_garments_of_a_job() -> None:
    made = skaters(20, garments={"skirt": "none", "leotard": [1.0, 0.0, 0.0]}, age=25)
    assert all("skirt" not in skater.garments for skater in made)
    assert all(skater.garments["leotard"].color == (1.0, 0.0, 0.0) for skater in made)
    assert all(skater.phenotype["age"] == 0.5 for skater in made)
    half = skaters(300, outfit="dress", garments={"skirt": {"share": 0.5}})
    assert 110 < sum("skirt" in skater.garments for skater in half) < 190
    (black,) = skaters(1, garments={"tights": {"color": "#131314", "cut": {"over_boots": 1}}})
    assert black.garments["tights"].color == BLACK and black.garments["tights"].cut == {"over_boots": 1.0}


@pytest.mark.parametrize(("asked", "worn"), [({"boots": "none"}, False), ({"blades": "none"}, True)])
def test_blades_come_with_boots(asked: dict[str, str], worn: bool) -> None:
    (skater,) = skaters(1, garments=asked)
    assert {"boots", "blades"} & set(skater.garments) == ({"boots", "blades"} if worn else set())


def test_a_skater_may_have_a_motion_of_their_own() -> None:
    motions = [MotionJob(), MotionJob(element="axel"), MotionJob(element="lutz")]
    own = [{}, {"motion": 2}, {"motion": {"element": "loop"}}, {}]
    made = Plan(Job.model_validate({"clips": 12, "motions": motions, "skaters": own}), LENGTH)
    elements = [[skater.motion.element for skater in clip.skaters] for clip in made]
    assert [row[0] for row in elements[:3]] == [None, "axel", "lutz"]
    assert {row[1] for row in elements} == {"lutz"} and {row[2] for row in elements} == {"loop"}
    assert len({row[3] for row in elements}) > 1


def test_a_character_is_passed_on() -> None:
    (skater,) = skaters(1, character="/a/anna.blend", character_map="/a/anna.yaml")
    assert (skater.character, skater.character_map) == ("/a/anna.blend", "/a/anna.yaml")
    assert skater.garments == skater.details == skater.expression == {}


def test_bodies_have_the_stature_of_their_age(assets: Path) -> None:
    """Of the people drawn, and by a route of its own: the mesh's height against the reference for that age."""
    for seed, (age, low, high) in enumerate([(8, 1.1, 1.42), (12, 1.35, 1.68), (16, 1.48, 1.78), (30, 1.48, 1.8)]):
        ask = PersonJob(age=Between(age, age), phenotype=PhenotypeJob(gender=Between(0.0, 0.0)))
        body = draw_body(ask, SKATERS, streams_of(seed, 0, "somebody"))
        assert low < load_body(body.phenotype, assets).stature < high


@pytest.mark.parametrize("origin", ["african", "asian", "caucasian"])
@pytest.mark.parametrize(("gender", "age", "stature"), [(0.0, 0.2, 1.3), (0.05, 0.42, 1.68), (1.0, 0.5, 1.8)])
def test_a_stature_asked_for_is_what_the_body_has(
    assets: Path, origin: str, gender: float, age: float, stature: float
) -> None:
    value = height_value(stature, gender, age, {origin: 1.0})
    body = load_body({"gender": gender, "age": age, "height": value, origin: 1.0, "muscle": 0.57}, assets)
    assert body.stature == pytest.approx(stature, abs=0.025)


def test_old_job_files_stay_valid() -> None:
    skater = SkaterJob.model_validate(
        {"age": [10, 25], "skin": "#e0ac8c", "hair": "#201008", "eyes": [0.1, 0.1, 0.1], "garments": {"skirt": "none"}}
    )
    (made,) = [clip.skaters[0] for clip in Plan(Job(skaters=(skater,)), LENGTH)]
    assert made.eyes == (0.1, 0.1, 0.1) and "skirt" not in made.garments
