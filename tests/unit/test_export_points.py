"""Keypoints of sets that were not rendered, and the names of subjects and actions."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_lead import Made, Seen, facts, sample

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from mocap.errors import UserError
from render_scripts.export.points import all_points_of, points_of, recipe_of
from render_scripts.export.who import action_name, lead, outfit_name, plain, subject_name

ALL = tuple(KEYPOINT_SETS)
H36M_32, KINECT, PEOPLE = (KEYPOINT_SETS[name] for name in ("h36m_32", "kinect_20", "3dpeople_67"))
BENT = Seen(model="opencv", coefficients=(-0.12, 0.03, 0.0, 0.0, 0.01))
FISH = Seen(model="fisheye", coefficients=(0.05, -0.01, 0.0, 0.0))


def rendered(seen: Seen, *sets: str, **changes: Any) -> dict[str, Any]:
    return facts(Made(sets=sets), dataclasses.replace(seen, **changes), 1)


@pytest.mark.parametrize("seen", [Seen(), BENT, FISH], ids=["pinhole", "opencv", "fisheye"])
@pytest.mark.parametrize("name", ["h36m_32", "h36m_17", "kinect_20", "3dpeople_67", "body_25", "mpi_15"])
def test_a_set_that_was_not_rendered_follows_from_the_others(name: str, seen: Seen) -> None:
    wanted = KEYPOINT_SETS[name]
    whole, without = rendered(seen, *ALL), rendered(seen, *(other for other in ALL if other != name))
    derived = points_of(without, lead(without), wanted)
    true = lead(whole)["keypoints"][name]
    assert derived.known.all()
    assert np.abs(derived.xyz - true["xyz"]).max() < 1.1e-6
    assert np.abs(derived.xy - true["xy"]).max() < 1.1e-3


def test_means_are_the_same_whatever_order_they_are_written_in() -> None:
    recipe = recipe_of(("body_25", "mpii_16"), KEYPOINT_SETS["mpi_15"])
    assert recipe[:2] == ((("mpii_16", 9),), (("mpii_16", 8),))
    # The chest: both hips once and the thorax twice.
    assert recipe[14] == (("body_25", 9), ("body_25", 12), ("mpii_16", 7), ("mpii_16", 7))
    assert recipe_of(("h36m_32",), KEYPOINT_SETS["h36m_17"])[7] == (("h36m_32", 12),)


def test_what_does_not_follow_is_said_with_the_jobs_key() -> None:
    here = rendered(Seen(), "body_25")
    with pytest.raises(UserError, match=r"kinect_20: no Spine, ShoulderCenter, HandLeft, …\. Add kinect_20 to labels"):
        all_points_of(here, lead(here), KINECT)
    left = points_of(here, lead(here), KINECT)
    assert left.known.sum() == 14 and np.isnan(left.xyz[~left.known]).all()


def test_means_are_not_taken_of_points_of_different_instants() -> None:
    sets = [name for name in ALL if name not in ("h36m_32", "3dpeople_67")]
    here = rendered(Seen(), *sets, readout=0.01)
    with pytest.raises(
        UserError, match="h36m_32 do not follow exactly from others where rows are read one after anoth"
    ):
        all_points_of(here, lead(here), H36M_32)
    assert np.isnan(points_of(here, lead(here), H36M_32).xy[5]).all(), "the toes' middle"
    rows = rendered(Seen(), *ALL, readout=0.01)
    assert all_points_of(rows, lead(rows), H36M_32).known.all()


def test_what_is_nowhere_in_the_picture_has_no_place_there() -> None:
    here = rendered(Seen(eye=(0.0, 0.0, 1.0), facing=(0.0, 5.0, 1.0)), *ALL)
    points = points_of(here, lead(here), PEOPLE)
    behind = np.array(lead(here)["keypoints"]["3dpeople_67"]["cause"]) == 6
    assert 5 < behind.sum() < 60
    assert np.array_equal(np.isnan(points.xy).all(axis=1), behind) and points.known.all()
    absent = rendered(Seen(), "h36m_32")
    lead(absent)["keypoints"]["h36m_32"]["cause"][12] = 7
    with pytest.raises(ValueError, match="the lead's body has no Spine1"):
        all_points_of(absent, lead(absent), H36M_32)


def test_the_lead_is_the_first_in_focus() -> None:
    assert [lead(facts(Made(lead=n), Seen(), 0))["instance"] for n in (1, 2, 9)] == [1, 2, 1]
    with pytest.raises(ValueError, match="nobody"):
        lead({"people": []})


def test_subjects_are_bodies_whatever_they_wear_and_feel() -> None:
    names = [subject_name(lead(facts(made, Seen(), frame))) for made, frame in (
        (Made(), 0), (Made(), 1), (Made(garments=("jacket",), clip=8), 0), (Made(stature=1.71), 0), (Made(lead=1), 0),
    )]  # fmt: skip
    assert names[0] == names[1] == names[2] and len(set(names)) == 3
    assert all(re.fullmatch(r"woman-[0-9a-f]{8}", name) for name in names)
    him, what = (lead(facts(Made(), Seen(), 0)) for _ in range(2))
    him["body"]["gender"], what["body"]["gender"] = 0.9, -1.0
    assert subject_name(him).startswith("man-") and subject_name(what).startswith("person-")


def test_names_keep_within_their_folder() -> None:
    assert action_name(facts(Made(take="../../etc/passwd"), Seen(), 0)) == "etc-passwd_000003"
    assert action_name(facts(Made(take="Übung 3: Axel.mvnx"), Seen(), 0)) == "bung-3-Axel-mvnx_000003"
    assert [plain(name) for name in ("..", "", "a/b\\c\0d", "x" * 99)] == ["unnamed", "unnamed", "a-b-c-d", "x" * 60]
    assert outfit_name({"garments": ["boots", "a/../b"]}) == "boots_a-b" and outfit_name({"garments": []}) == "nothing"


def test_made_samples_are_samples() -> None:
    made = sample(Made())
    assert made.facts["people"][1]["keypoints"].keys() == set(Made().sets)
    assert Path(made.shard).name == "train-000000.tar"
