"""The plan: decided by job and clip index alone, each thing by a stream of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, get_args

import numpy as np
import pytest

from blender_addon.cast import MotionSpec
from blender_addon.clip import Clip, from_dict, to_dict
from mocap.elements.demo import demo_take
from mocap.elements.library import element_duration
from mocap.errors import UserError
from render_scripts.job import AugmentJob, CameraJob, FramesJob, Job, MotionJob, RenderJob, SkaterJob
from render_scripts.movement import DEMO_SECONDS, check_takes, take_name
from render_scripts.plan import QUALITIES, Plan

LONG = {("demo", None): 12.0, ("b.bvh", None): 4.0}


def clips(durations: Mapping[tuple[str, str | None], float] = LONG, **changes: Any) -> list[Clip]:
    return list(Plan(Job().model_copy(update=changes), durations))


def test_a_clip_is_the_same_however_many_there_are() -> None:
    assert clips(clips=50)[:3] == clips(clips=3)
    assert clips(clips=3) != clips(clips=3, seed=1)
    assert len({clip.seed for clip in clips(clips=50)}) == 50


def test_another_camera_or_skater_changes_nothing_in_the_first() -> None:
    phone, stand = CameraJob(name="phone"), CameraJob(name="stand")
    one, two = clips(cameras=(phone,))[0], clips(cameras=(stand, phone))[0]
    assert two.cameras[1] == one.cameras[0] and two.cameras[0] != one.cameras[0]
    assert (two.skaters, two.rink, two.light, two.seed) == (one.skaters, one.rink, one.light, one.seed)
    pair = clips(skaters=(SkaterJob(), SkaterJob()))[0]
    assert pair.skaters[0] == clips()[0].skaters[0]
    assert pair.skaters[1].phenotype != pair.skaters[0].phenotype
    assert [skater.in_focus for skater in pair.skaters] == [True, False]


def test_fixed_values_change_nothing_that_is_drawn() -> None:
    fixed = clips(cameras=(CameraJob(name="phone", distance=(9.0, 9.0)),))[0].cameras[0]
    free = clips(cameras=(CameraJob(name="phone"),))[0].cameras[0]
    assert fixed.distance == 9.0
    assert (fixed.azimuth, fixed.elevation, fixed.fill) == (free.azimuth, free.elevation, free.fill)


def test_clips_survive_json() -> None:
    for clip in clips(clips=5, skaters=(SkaterJob(), SkaterJob())):
        assert from_dict(Clip, json.loads(json.dumps(to_dict(clip)))) == clip


def test_frames_spread_over_the_motion_or_follow_one_another() -> None:
    spread = clips(frames=FramesJob(count=48))[0]
    assert (spread.count, spread.fps) == (48, pytest.approx(47 / 12.0))
    whole = clips(frames=FramesJob(fps=10.0))[0]
    assert (whole.count, whole.fps) == (121, 10.0)
    assert clips()[0].count == 301
    part = clips(motions=(MotionJob(start=2.0, end=4.0),), frames=FramesJob(fps=10.0))[0]
    assert (part.count, part.skaters[0].motion.start) == (21, 2.0)


def test_windows_stay_in_their_motion_and_are_spread_over_it() -> None:
    made = clips(clips=40, motions=(MotionJob(start=1.0, end=9.0),), frames=FramesJob(fps=10.0, count=21))
    starts = np.array([clip.skaters[0].motion.start for clip in made])
    assert starts[0] == 1.0 and starts.min() >= 1.0 and starts.max() + 2.0 <= 9.0 + 1e-6
    assert np.diff(np.sort(starts)).max() < 0.4


def test_motions_take_turns() -> None:
    made = clips(clips=4, motions=(MotionJob(), MotionJob(take="b.bvh")))
    assert [clip.skaters[0].motion.take for clip in made] == ["demo", "b.bvh", "demo", "b.bvh"]


def test_a_window_longer_than_its_motion_is_refused() -> None:
    with pytest.raises(UserError, match=r"100 frames at 25 fps take 3\.96 s, but motions\[0\] has 2\.00 s"):
        clips(motions=(MotionJob(start=10.0),), frames=FramesJob(fps=25.0, count=100))


@pytest.mark.parametrize("motion", [MotionJob(start=50.0), MotionJob(end=50.0), MotionJob(start=3.0, end=2.0)])
def test_ranges_outside_the_take_are_refused(motion: MotionJob) -> None:
    with pytest.raises(UserError, match=r"motions\[0\]\."):
        check_takes(Job(motions=(motion,)))


def test_takes_are_measured_once() -> None:
    lengths = check_takes(Job(motions=(MotionJob(), MotionJob(start=1.0, end=2.0))))
    assert list(lengths) == [("demo", None)] and lengths["demo", None] >= 8.0


def test_ten_thousand_clips_are_outlined_without_drawing_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("render_scripts.plan.draw_person", None)
    plan = Plan(Job(clips=10_000), LONG)
    assert len(plan) == 10_000 and sum(1 for _ in plan.outlines()) == 10_000
    with pytest.raises(TypeError):
        plan[9_999]


def test_an_outline_is_that_of_its_clip() -> None:
    job = Job.model_validate(
        {
            "clips": 30,
            "motions": [{}, {"take": "b.bvh"}, {"element": "axel", "parameters": {"turns": [1, 3]}}],
            "frames": {"fps": 10.0},
            "augment": {"speed": [0.8, 1.2], "start": [0, 1]},
            "skaters": [{"count": 2}, {}],
            "cameras": [
                {"name": "a", "profile": {"choice": ["phone", "phone-portrait", "gopro"]}},
                {"name": "b", "profile": "stereo"},
                {"name": "c", "profile": "ring", "views": 3},
            ],
        }
    )
    plan = Plan(job, LONG)
    for outline, clip in zip(plan.outlines(), plan, strict=True):
        motion = clip.skaters[0].motion
        assert (outline.index, outline.count, outline.fps) == (clip.index, clip.count, clip.fps)
        assert (outline.take, outline.start) == (take_name(motion), motion.start)
        assert outline.cameras == tuple((c.name, c.width, c.height) for c in clip.cameras)
        assert outline.pictures == clip.count * len(clip.cameras)
    assert len({outline.cameras for outline in plan.outlines()}) == 3


def test_clips_beyond_the_last_are_there_for_whoever_wants_them() -> None:
    plan = Plan(Job(clips=2), LONG)
    assert plan.clip_at(7) == Plan(Job(clips=8), LONG)[7] and plan[-1] == plan[1]
    with pytest.raises(IndexError):
        plan[2]


def test_the_demo_takes_the_seconds_that_a_plan_counts_on() -> None:
    assert demo_take().duration == pytest.approx(DEMO_SECONDS)


def test_every_quality_of_a_job_has_its_meaning() -> None:
    assert set(get_args(RenderJob.model_fields["quality"].annotation)) == set(QUALITIES)


def test_data_sets_do_not_tell_where_a_recording_lay() -> None:
    assert take_name(MotionSpec("/home/someone/takes/axel.mvnx.gz")) == "axel"


def test_augmentation_is_drawn_per_clip_within_its_limits() -> None:
    augment = AugmentJob.model_validate({"mirror": 0.3, "speed": [0.9, 1.1], "noise": [0, 2], "lengths": [0.95, 1.05]})
    made = clips(clips=400, augment=augment, frames=FramesJob(fps=10.0))
    motions = [clip.skaters[0].motion for clip in made]
    assert abs(np.mean([m.mirror for m in motions]) - 0.3) < 0.07
    speeds = np.array([m.speed for m in motions])
    assert 0.9 <= speeds.min() < 0.92 and 1.08 < speeds.max() <= 1.1
    assert all(0.0 <= m.noise <= 2.0 for m in motions) and len({m.seed for m in motions}) == 400
    lengths = [clip.skaters[0].lengths for clip in made]
    assert all(set(of) == {"arms", "legs", "trunk"} and all(0.95 <= v <= 1.05 for v in of.values()) for of in lengths)
    # The whole take, however fast it goes.
    assert all(c.count == int(12.0 / m.speed * 10 + 1e-6) + 1 for c, m in zip(made, motions, strict=True))
    assert clips(clips=400, augment=augment, frames=FramesJob(fps=10.0)) == made


def test_nothing_is_augmented_unless_asked_for() -> None:
    motion = clips()[0].skaters[0].motion
    assert (motion.mirror, motion.speed, motion.noise) == (False, 1.0, 0.0) and clips()[0].skaters[0].lengths == {}


@pytest.mark.parametrize(
    ("frames", "fits"),
    [
        (FramesJob(fps=10.0), lambda clip, start: clip.count == int((12.0 - start) * 10 + 1e-6) + 1),
        (FramesJob(count=11), lambda clip, start: clip.fps == pytest.approx(10 / (12.0 - start))),
        (FramesJob(fps=10.0, count=21), lambda clip, start: start + 2.0 <= 12.0 + 1e-6),
    ],
)
def test_a_clip_may_begin_later(frames: FramesJob, fits: Callable[[Clip, float], bool]) -> None:
    made = clips(clips=50, augment=AugmentJob(start=(0.0, 3.0)), frames=frames)
    starts = [clip.skaters[0].motion.start for clip in made]
    assert max(starts) > 1.0 and len(set(starts)) > 40
    assert all(fits(clip, start) for clip, start in zip(made, starts, strict=True))


def test_ranges_of_a_take_come_sooner_at_speed() -> None:
    (clip,) = clips(
        motions=(MotionJob(start=2.0, end=6.0),), augment=AugmentJob(speed=(2.0, 2.0)), frames=FramesJob(fps=10.0)
    )
    assert (clip.skaters[0].motion.start, clip.count) == (1.0, 21)


def test_every_skater_of_a_clip_fits_into_its_own_movement() -> None:
    motions = (MotionJob(), MotionJob(take="b.bvh"))
    made = clips(clips=40, motions=motions, skaters=(SkaterJob(), SkaterJob()), frames=FramesJob(fps=10.0, count=31))
    for clip in made:
        for skater in clip.skaters:
            own = LONG[skater.motion.take, None]
            assert skater.motion.start + (clip.count - 1) / clip.fps <= own + 1e-6


def test_a_path_goes_from_the_job_to_the_clip() -> None:
    placement = {"path": [[-20, 0], [0, 5], [20, 0]], "pace": 3.5, "facing": "against"}
    skater = SkaterJob.model_validate({"placement": placement})
    spec = clips(skaters=(skater,))[0].skaters[0].placement
    assert (spec.root, spec.path, spec.pace, spec.facing) == ("path", ((-20, 0), (0, 5), (20, 0)), 3.5, "against")
    assert clips()[0].skaters[0].placement.root == "recorded"


def test_an_elements_parameters_are_drawn_and_its_own_length_counts() -> None:
    motion = MotionJob.model_validate({"element": "axel", "parameters": {"turns": [1, 3], "speed": [4, 5]}})
    made = clips(clips=60, motions=(motion,), frames=FramesJob(fps=10.0))
    drawn = [clip.skaters[0].motion.parameters for clip in made]
    assert {values["turns"] for values in drawn} == {1.0, 2.0, 3.0}
    assert len({values["speed"] for values in drawn}) > 50 and all(4 <= values["speed"] <= 5 for values in drawn)
    for clip, values in zip(made, drawn, strict=True):
        assert clip.count == int(element_duration("axel", values) * 10 + 1e-6) + 1
    assert take_name(made[0].skaters[0].motion) == "axel"


@pytest.mark.parametrize(
    ("motion", "words"),
    [
        ({"element": "axle"}, r"motions\[0\]: there is no element 'axle'. Did you mean 'axel'\?"),
        ({"element": "axel", "parameters": {"turn": 2}}, r"no parameter 'turn'. Did you mean 'turns'\?"),
        ({"element": "axel", "parameters": {"turns": [1, 7]}}, "turns 7 of the axel lies outside"),
        ({"element": "axel", "parameters": {"turns": [1.5, 2]}}, "whole number"),
        ({"element": "axel", "end": 60.0}, r"motions\[0\]\.end"),
    ],
)
def test_elements_that_cannot_be_made_are_refused(motion: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        check_takes(Job(motions=(MotionJob.model_validate(motion),)))
