"""Splits: as large as asked, never empty, the same whenever drawn, and without anything in two of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from mocap.errors import UserError
from render_scripts.cli import main
from render_scripts.job import Job, load_job
from render_scripts.movement import check_takes
from render_scripts.outline import outlines
from render_scripts.plan import Plan
from render_scripts.splits import deal, splits_of

ELEMENTS = [{"element": name} for name in ("axel", "lutz", "spiral", "camel spin", "layback spin", "standing")]
THREE = {"train": 0.6, "val": 0.2, "test": 0.2}
FIXED = {
    "age": 12, "stature": 1.5, "variety": 0,
    "phenotype": {"gender": 0, "muscle": 0.5, "weight": 0.5, "proportions": 0.5, "asian": 1},
}  # fmt: skip


def planned(**keys: object) -> Plan:
    job = Job.model_validate({"frames": {"count": 2}, **keys})
    return Plan(job, check_takes(job))


def refused(**keys: object) -> str:
    with pytest.raises(UserError) as caught:
        _ = planned(**keys).splits
    return caught.value.line()


def test_clips_are_dealt_out_by_shares() -> None:
    splits = planned(clips=500, output={"split": {"train": 8, "val": 1, "test": 1}}).splits
    assert Counter(splits) == {"train": 400, "val": 50, "test": 50}
    # As chance has it: neither in turn nor in blocks, and otherwise with another seed.
    tests = [clip for clip, split in enumerate(splits) if split == "test"]
    gaps = Counter(b - a for a, b in pairwise(tests))
    assert len(gaps) > 10
    other = planned(clips=500, seed=1, output={"split": {"train": 8, "val": 1, "test": 1}}).splits
    assert sum(a != b for a, b in zip(splits, other, strict=True)) > 50


def test_splits_are_of_pictures() -> None:
    motions = [{"element": "axel", "start": 0.0}, {"take": "demo"}]
    plan = planned(clips=200, motions=motions, frames={"fps": 10}, output={"split": {"a": 1, "b": 1}})
    pictures: Counter[str] = Counter()
    for outline, split in zip(plan.outlines(), plan.splits, strict=True):
        pictures[split] += outline.pictures
    assert abs(pictures["a"] - pictures["b"]) < 0.02 * pictures.total()


def test_no_split_is_empty() -> None:
    assert sorted(planned(clips=3, output={"split": {"train": 0.98, "val": 0.01, "test": 0.01}}).splits) == [
        "test", "train", "val",
    ]  # fmt: skip
    assert "3 splits need as many clips, and this job has 2" in refused(clips=2, output={"split": THREE})
    assert set(deal(3, "x", {1: 1000, 2: 1, 3: 1}, THREE).values()) == set(THREE)


def test_no_motion_is_in_two_splits() -> None:
    plan = planned(
        clips=60,
        motions=ELEMENTS,
        skaters=[{}, {"count": 2}],
        augment={"mirror": 0.5, "speed": [0.9, 1.1]},
        output={"split": THREE, "split_by": "motion"},
    )
    shown = defaultdict(set)
    for clip, split in zip(plan, plan.splits, strict=True):
        for skater in clip.skaters:
            shown[skater.motion.element].add(split)
    assert len(shown) == len(ELEMENTS) and all(len(splits) == 1 for splits in shown.values())
    # Left to themselves, all meet: the test above would not hold by chance.
    free = planned(clips=60, motions=ELEMENTS, skaters=[{}, {"count": 2}])
    assert any(len({skater.motion.element for skater in clip.skaters}) > 1 for clip in free)


def test_recordings_are_the_same_by_name_or_contents(tmp_path: Path) -> None:
    from blender_addon.clip import CameraSpec  # noqa: F401  (numpy, which recordings bring)
    from render_scripts.job import MotionJob
    from render_scripts.splits import _motion_keys

    for name, text in (("a/one.bvh", "1"), ("a/two.bvh", "1"), ("b/one.mvnx", "2"), ("b/three.bvh", "3")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    one, two, named, other = (
        set(_motion_keys(MotionJob(take=str(tmp_path / name))))
        for name in ("a/one.bvh", "a/two.bvh", "b/one.mvnx", "b/three.bvh")
    )
    assert one & two and one & named and not two & named and not other & (one | two | named)


def test_motions_that_always_meet_cannot_be_split() -> None:
    line = refused(
        clips=30, motions=ELEMENTS, skaters=[{}, {"motion": 0}], output={"split": THREE, "split_by": "motion"}
    )
    assert line.startswith("output.split_by: 3 splits need as many motions") and "this job has 1" in line


def test_members_of_a_pool_are_in_one_split() -> None:
    plan = planned(
        clips=40,
        skaters=[{"pool": 9, "count": [1, 2]}, {"pool": 4}],
        output={"split": THREE, "split_by": "avatar"},
    )
    where = defaultdict(set)
    clothes = set()
    for clip, split in zip(plan, plan.splits, strict=True):
        bodies = [tuple(sorted(skater.phenotype.items())) for skater in clip.skaters]
        assert len(set(bodies)) == len(bodies), "nobody is in a clip twice"
        for body, skater in zip(bodies, clip.skaters, strict=True):
            where[body, tuple(sorted(skater.details.items())), skater.skin, skater.hair, skater.eyes].add(split)
            clothes.add(str(skater.garments))
    assert len(where) == 9 + 4 and all(len(splits) == 1 for splits in where.values())
    assert len(clothes) > 13
    line = refused(clips=9, skaters=[{"pool": 5, "count": 2}], output={"split": THREE, "split_by": "avatar"})
    assert line.startswith("skaters[0].pool: of a pool of 5 the split ") and "but a clip may show 2" in line


def test_a_pool_is_of_so_many_people_however_it_is_split() -> None:
    plan = planned(clips=30, skaters=[{"pool": 3}])
    assert len({str(clip.skaters[0].phenotype) for clip in plan}) == 3
    with pytest.raises(ValueError, match="a pool of 2 is too small for a count of 3"):
        planned(skaters=[{"pool": 2, "count": [1, 3]}])


def test_somebody_who_is_always_the_same_is_in_one_split() -> None:
    ask = {"split": {"a": 1, "b": 1}, "split_by": "avatar"}
    assert "this job has 1" in refused(clips=9, skaters=[FIXED], output=ask)
    assert "this job has 1" in refused(clips=9, coaches={"count": 1, **FIXED}, output=ask)
    assert "this job has 1" in refused(clips=9, skaters=[{"character": "somebody.blend"}], output=ask)
    for changes in ({"variety": 0.5}, {"age": [11, 12]}, {"stature": {"normal": [1.5, 0.1]}}, {"pool": 2}):
        assert Counter(planned(clips=10, skaters=[FIXED | changes], output=ask).splits) == {"a": 5, "b": 5}
    # Now and then is enough.
    some = planned(clips=40, skaters=[{}, {"count": [0, 1], **FIXED}], output=ask)
    with_them = {split for clip, split in zip(some, some.splits, strict=True) if len(clip.skaters) == 2}
    assert len(with_them) == 1


def test_a_plan_tells_the_splits(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "job.yaml"
    path.write_text("clips: 5\nframes: {count: 1}\noutput: {split: {train: 3, val: 2}}\n")
    assert main(["plan", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    job = load_job(path)
    expected = splits_of(job, list(outlines(job, {("demo", None): 12.0}))).of_clips
    assert lines[0].split()[:3] == ["clip", "split", "take"]
    assert [line.split()[1] for line in lines[1:6]] == list(expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{train: 1, v.l: 1}", "use letters, digits and underscores"),
        ("{train: 1, val: 0}", "give every split a share above 0"),
        ("{train: 1, val: -1}", "give every split a share above 0"),
        ("{train: yes}", "give every split a share above 0"),
        ("{}", "give a name, or names with their shares"),
        ("[train, val]", "give a name, or names with their shares"),
        ("../train", "use letters, digits and underscores"),
    ],
)
def test_splits_that_cannot_be_are_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "job.yaml"
    path.write_text(f"output:\n  split: {text}\n")
    with pytest.raises(UserError, match=rf"line 2, output\.split: {words}"):
        load_job(path)
    assert yaml.safe_load(path.read_text())
