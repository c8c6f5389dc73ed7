"""The panel's fields as a job, and a job file in the panel: without Blender."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Any

import pytest

from blender_addon.labels.dense import DENSE_LABELS
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.ui.request import (
    JobFile,
    Request,
    job_of,
    job_text,
    opened,
    run_folder,
    stage_text,
    stage_trouble,
    trouble,
)
from blender_addon.ui.request.fields import (
    ANY,
    CAMERA_SETS,
    FRAME_CHOICES,
    PLACES,
    SPLITS,
    SWITCHES,
    OutputFields,
    SkaterFields,
    TakeFields,
)
from blender_addon.ui.request.whole import STEPS
from mocap.errors import UserError
from render_scripts.job import Job, read_job
from render_scripts.job.impossible import faults_of

DEMO = Request(take=TakeFields(source="demo"), output=OutputFields(out="/data/skates"))


def but(request: Request, step: str, **changes: Any) -> Request:
    """The request with some fields of one step changed."""
    return dataclasses.replace(request, **{step: dataclasses.replace(getattr(request, step), **changes)})


def of_file(text: str, path: str = "/jobs/axel.yaml") -> Request:
    return opened(JobFile(text, path)).request


def kept_of(text: str, step: str) -> set[str]:
    return set(opened(JobFile(text, "/jobs/axel.yaml")).kept[step])


def plain(value: Any) -> Any:
    """The same, no path of which goes up and down again."""
    if isinstance(value, dict):
        return {plain(key): plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return os.path.normpath(value) if isinstance(value, str) and value.startswith("/") else value


def test_the_panel_s_job_says_what_the_panel_says() -> None:
    request = but(DEMO, "output", quality="final", count=7, clips=3, seed=11, device="cpu", rgb="jpg", split="three")
    request = but(but(request, "cameras", size=320), "surroundings", preset="wild", spectators=40, coaches=2)
    job = job_of(request)
    assert (job.out, job.seed, job.clips, job.render.quality, job.render.device) == (
        "/data/skates",
        11,
        3,
        "final",
        "cpu",
    )
    assert (job.frames.count, job.frames.fps) == (7, None)
    assert (job.scene.preset, job.crowd.spectators.low, job.coaches.count.high) == ("wild", 40, 2)
    assert (job.output.rgb, job.output.split) == ("jpg", {"train": 0.8, "val": 0.1, "test": 0.1})
    assert [(c.name, c.size) for c in job.cameras] == [("phone", 320), ("stand", 320)]


def test_every_field_is_the_key_that_the_docs_tell_of_with_its_own_value() -> None:
    who = {"count": 2, "sex": "male", "age": "given", "age_low": 11.0, "age_high": 15.5, "outfit": "unitard"}
    request = but(DEMO, "skater", **who, hair="bun", melanin="given", melanin_value=0.7)
    request = but(request, "retarget", place="recorded", heading=90.0, mirror=True)
    hall = {"preset": "wild", "rink": "arena", "plan": "pad", "light": "floods", "strength": "given"}
    request = but(request, "surroundings", **hall, strength_value=1.5, spectators=40, coaches=2)
    request = but(request, "cameras", set="gopro", follow="pan", size=320, motion_blur="off", depth_of_field="on")
    request = but(request, "labels", keypoints=("body_25", "coco_17"), dense=("depth", "flow"), amodal=True)
    how = {"frames": "window", "count": 7, "fps": 29.97, "quality": "final", "device": "gpu", "rgb": "jpg"}
    request = but(request, "output", **how, clips=3, split="three", seed=11)
    text = job_text(request, Path("/data/job.yaml"))
    assert text.splitlines() == [
        "version: 1",
        "seed: 11",
        "out: skates",
        "clips: 3",
        "frames: {count: 7, fps: 29.97}",
        "augment: {mirror: 1}",
        "skaters:",
        "- count: 2",
        "  phenotype: {gender: 1}",
        "  age: [11, 15.5]",
        "  outfit: unitard",
        "  hair: {style: bun}",
        "  skin: {melanin: 0.7}",
        "  placement: {x: 0, y: 0, heading: 90}",
        "coaches: {count: 2}",
        "crowd: {spectators: 40}",
        "cameras:",
        "- {name: gopro, profile: gopro, size: 320}",
        "scene:",
        "  preset: wild",
        "  rink: {kind: arena, plan: pad}",
        "  light: {kind: floods, strength: 1.5}",
        "  camera: {follow: pan, motion_blur: 0, depth_of_field: 1}",
        "render: {quality: final, device: gpu}",
        "labels:",
        "  keypoints: [body_25, coco_17]",
        "  flow: true",
        "  amodal: true",
        "output:",
        "  split: {train: 0.8, val: 0.1, test: 0.1}",
        "  rgb: jpg",
    ]
    shown = of_file(text, "/data/job.yaml")
    assert dataclasses.replace(shown, file=JobFile()) == request
    request = but(but(DEMO, "retarget", place="spot", heading=-45.0), "skater", sex="female")
    text = job_text(request, Path("/data/job.yaml"))
    assert "- phenotype: {gender: 0}\n  placement: {heading: -45, root: in_place}\n" in text
    assert of_file(text, "/data/job.yaml").retarget == request.retarget


def test_what_is_left_open_again_goes_from_the_file() -> None:
    text = "skaters:\n- {count: 2, outfit: dress, hair: {style: bun}, placement: {root: in_place, heading: 30}}\n"
    text += "scene: {preset: wild, rink: {kind: arena}, light: {strength: 2}, camera: {follow: pan, motion_blur: 1}}\n"
    request = but(of_file(text), "skater", outfit=ANY, hair=ANY)
    request = but(but(request, "retarget", place="drawn"), "surroundings", rink=ANY, strength=ANY)
    request = but(request, "cameras", follow=ANY, motion_blur="drawn")
    assert job_text(request, Path("/jobs/axel.yaml")) == (
        "skaters:\n- {count: 2, hair: {}}\nscene: {preset: wild, rink: {}, light: {}, camera: {}}\n"
    )


def test_what_is_left_open_is_not_in_the_job() -> None:
    text = job_text(DEMO, Path("/data/skates-run/job.yaml"))
    assert text == "version: 1\nout: /data/skates\nframes: {count: 24}\nrender: {quality: draft}\n"


CHOICES: dict[str, dict[str, tuple[Any, ...]]] = {
    "take": {"source": ("demo", "recording", "element"), "subject": ("", "Anna"), "joint_map": ("", "/takes/map.yaml")},
    "skater": {
        "count": (1, 3),
        "sex": (ANY, "female", "male"),
        "age": (ANY, "given"),
        "outfit": (ANY, "dress", "random"),
        "hair": (ANY, "bun"),
        "melanin": (ANY, "given"),
    },
    "retarget": {"place": tuple(PLACES), "mirror": (False, True), "path": ((), ((-9.0, 0.0), (0.0, 4.5), (9.0, 0.0)))},
    "surroundings": {
        "preset": ("clean", "default", "wild"),
        "rink": (ANY, "arena", "outdoor"),
        "plan": (ANY, "pad"),
        "light": (ANY, "floods"),
        "strength": (ANY, "given"),
        "spectators": (0, 50),
        "coaches": (0, 2),
    },
    "cameras": {
        "set": tuple(CAMERA_SETS),
        "follow": (ANY, "pan"),
        "size": (640, 320),
        "motion_blur": tuple(SWITCHES),
        "depth_of_field": tuple(SWITCHES),
    },
    "labels": {
        "keypoints": (("body_25",), ("body_25", "coco_17"), tuple(KEYPOINT_SETS)),
        "dense": (("depth",), (), tuple(DENSE_LABELS)),
        "amodal": (False, True),
    },
    "output": {
        "clips": (1, 5),
        "frames": tuple(FRAME_CHOICES),
        "fps": (25.0, 29.97),
        "quality": ("draft", "standard", "final"),
        "device": ("auto", "cpu", "gpu"),
        "split": tuple(SPLITS),
        "rgb": ("png", "jpg"),
        "seed": (0, 2**31 - 1),
    },
}
EVERY = [
    (step, field, value) for step, fields in CHOICES.items() for field, values in fields.items() for value in values
]


@pytest.mark.parametrize(("step", "field", "value"), EVERY, ids=lambda value: str(value)[:24])
def test_every_choice_of_the_panel_is_a_job_that_shows_it_again(step: str, field: str, value: Any) -> None:
    request = but(DEMO, step, **{field: value})
    if step == "take" and field != "source":
        request = but(request, "take", source="recording", path="/takes/axel.mvnx")
    elif value == "recording":
        request = but(request, "take", path="/takes/axel.mvnx")
    elif field == "fps":
        request = but(request, "output", frames="window")
    job = job_of(request)
    assert not list(faults_of(job))
    shown = of_file(job_text(request, Path("/data/job.yaml")), "/data/job.yaml")
    if field == "path":
        assert job.skaters[0].placement.path == (value or None)
        return
    assert job_of(shown) == job
    assert getattr(getattr(shown, step), field) == value
    assert opened(shown.file).kept[step] == set()


def test_a_file_that_nobody_changes_keeps_every_byte() -> None:
    for text in ("version:   1 # mine\r\nseed: 7", "\ufeff# a\n{ }\n", "---\nclips: !!int '3'   # x\n...\n"):
        assert job_text(of_file(text), Path("/jobs/axel.yaml")) == text


def test_one_field_changes_one_line() -> None:
    text = "seed: 7    # mine\nrender:\n  quality: draft  # quick\n  samples: 3\ncrowd: {kinds: 2}\n"
    changed = but(of_file(text), "output", quality="final")
    assert job_text(changed, Path("/jobs/axel.yaml")) == text.replace("draft ", "final ")
    # A comment keeps its column where there is room, and two blanks where there is none.
    longer = job_text(but(of_file(text), "output", seed=1234, quality="standard"), Path("/jobs/axel.yaml"))
    assert longer.startswith("seed: 1234  # mine\n") and "standard  # quick\n" in longer
    wider = job_text(but(of_file(text), "output", seed=12), Path("/jobs/axel.yaml"))
    assert wider.startswith("seed: 12   # mine\n")
    added = but(of_file(text), "surroundings", spectators=9, preset="wild")
    assert job_text(added, Path("/jobs/axel.yaml")) == (
        text.replace("kinds: 2", "kinds: 2, spectators: 9") + "scene: {preset: wild}\n"
    )


def test_what_the_panel_cannot_show_is_said_and_left_alone() -> None:
    text = "skaters: [{count: 2}, {count: [0, 3]}]\nmotions: [{take: demo}, {element: axel}]\n"
    assert kept_of(text, "skater") == {field.name for field in dataclasses.fields(SkaterFields)} - {"draw"}
    assert kept_of(text, "take") == {field.name for field in dataclasses.fields(TakeFields)}
    assert kept_of(text, "retarget") == {"place", "heading", "path"}
    changed = but(but(of_file(text), "skater", sex="male", count=1), "take", source="element")
    assert job_text(changed, Path("/jobs/axel.yaml")) == text
    bell = "skaters:\n- skin: {melanin: {normal: [0.5, 0.1]}}\n  age: {choice: [9, 11]}\n  hair: '#3f271a'\n"
    assert kept_of(bell, "skater") == {"melanin", "melanin_value", "age", "age_low", "age_high"}
    styled = but(of_file(bell), "skater", hair="bun", melanin="given", age="given")
    assert job_text(styled, Path("/jobs/axel.yaml")) == bell.replace("'#3f271a'", "{color: '#3f271a', style: bun}")
    own = "cameras:\n- {name: mine, profile: gopro, width: 640, height: 480, follow: fixed, motion_blur: 0.3}\n"
    assert kept_of(own, "cameras") == {"set", "size", "follow", "motion_blur"}
    assert kept_of("seed: 99999999999\noutput: {split: {a: 1, b: 1}}\nframes: {fps: 0.001}\n", "output") == {
        "seed",
        "split",
        "fps",
        "frames",
    }
    assert "seed" in kept_of(f"seed: {2**31}\n", "output") and "seed" not in kept_of(f"seed: {2**31 - 1}\n", "output")
    assert kept_of("motions: [{element: no-such-thing}]", "take") == {
        field.name for field in dataclasses.fields(TakeFields)
    }


def test_paths_stay_as_the_file_has_them_and_move_with_it() -> None:
    text = (
        "out: sets/axel\n"
        "motions: [{take: takes/axel.bvh, joint_map: ../maps/mine.yaml}, {take: demo}, {take: /all/lutz.mvnx}]\n"
        "skaters:\n"
        "- {character: anna.blend, character_map: anna.yaml, motion: {take: other.mvnx}}\n"
        "- {hair: {file: h.mhclo}, details: {own/nose.target: 1, nose-hump-decr-incr: 0.5}}\n"
        "- {garments: {hat: {file: hat.mhclo}, gloves: none}}\n"
        "coaches: {garments: {jacket: {file: /all/jacket.mhclo}}, hair: {file: ../c.mhclo}}\n"
        "scene: {rink: {file: rink.blend}}\n"
    )
    shown = of_file(text, "/jobs/mine/axel.yaml")
    there = Path("/jobs/other/deep/lutz.yaml")
    moved = job_text(shown, there)
    before = read_job(text, Path("/jobs/mine/axel.yaml")).model_dump(mode="json")
    assert plain(read_job(moved, there).model_dump(mode="json")) == plain(before)
    assert "out: ../../mine/sets/axel\n" in moved
    assert "{take: demo}, {take: /all/lutz.mvnx}" in moved
    assert job_text(shown, Path("/jobs/mine/lutz.yaml")) == text


def test_a_file_of_another_name_keeps_the_folder_that_its_old_name_meant() -> None:
    shown = of_file("seed: 3\n", "/jobs/axel.yaml")
    assert shown.output.out == "/jobs/axel-data"
    assert job_text(shown, Path("/jobs/lutz.yaml")) == "seed: 3\nout: axel-data\n"
    assert job_text(shown, Path("/jobs/axel.yaml")) == "seed: 3\n"


def test_paths_that_are_chosen_start_from_the_file_s_folder_where_they_lie_in_it() -> None:
    request = but(DEMO, "take", source="recording", path="/data/takes/axel.mvnx")
    text = job_text(request, Path("/data/job.yaml"))
    assert "take: takes/axel.mvnx" in text and "out: skates" in text
    assert job_of(request).motions[0].take == "/data/takes/axel.mvnx"
    assert "take: /data/takes/axel.mvnx" in job_text(request, Path("/else/job.yaml"))


def test_another_movement_takes_its_own_words_with_it() -> None:
    text = "motions:\n- element: axel   # a jump\n  parameters: {turns: 2}\n  end: 1.0\n"
    demo = but(of_file(text), "take", source="demo")
    assert read_job(job_text(demo, Path("/jobs/axel.yaml")), Path("/jobs/axel.yaml")).motions == Job().motions
    same = but(of_file(text), "output", seed=4)
    assert job_text(same, Path("/jobs/axel.yaml")) == text + "seed: 4\n"


def test_a_bad_file_is_one_line_with_its_place() -> None:
    with pytest.raises(
        UserError, match=r"axel\.yaml: line 2, frames\.cuont: unknown key 'cuont'.*did you mean 'count'"
    ):
        of_file("seed: 1\nframes: {cuont: 3}\n")
    with pytest.raises(UserError, match="cannot have spots"):
        of_file("scene: {rink: {kind: outdoor}, light: {kind: spots}}\n")


def test_a_value_that_is_used_elsewhere_is_not_changed_behind_one_s_back() -> None:
    text = "scene:\n  camera: &how {noise: 0.5}\ncameras:\n"
    text += "- {name: phone, size: &s 320}\n- {name: stand, profile: broadcast, size: *s}\n"
    shown = of_file(text)
    assert shown.cameras.size == 320
    with pytest.raises(UserError, match="also used elsewhere"):
        job_text(but(shown, "cameras", size=500), Path("/jobs/axel.yaml"))
    assert "follow: pan" in job_text(but(shown, "cameras", follow="pan"), Path("/jobs/axel.yaml"))


def test_files_that_repeat_themselves_without_end_are_refused() -> None:
    levels = "\n".join(f"  - &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" if n else "  - &l0 [1]" for n in range(9))
    with pytest.raises(UserError):
        job_text(of_file(f"cameras:\n{levels}\n"), Path("/jobs/axel.yaml"))


def test_the_panel_says_what_is_missing(tmp_path: Path) -> None:
    take, out = tmp_path / "axel.mvnx", str(tmp_path / "out")

    def said(request: Request) -> str:
        return trouble(request) or ""

    def of(path: str) -> Request:
        return Request(take=TakeFields(path=path), output=OutputFields(out=out))

    assert "Choose a take" in said(of(""))
    assert "not there" in said(of(str(take)))
    take.touch()
    assert trouble(of(str(take))) is None
    assert "joint map" in said(but(of(str(take)), "take", joint_map=str(tmp_path / "none.yaml")))
    assert "ending in" in said(of(str(tmp_path / "axel.fbx")))
    assert "output folder" in said(but(DEMO, "output", out=""))
    assert "is a file" in said(but(DEMO, "output", out=str(take)))
    assert "drive" in said(but(DEMO, "output", out=tmp_path.anchor))
    assert "older" in said(but(DEMO, "skater", age="given", age_low=30.0, age_high=20.0))
    assert "run into each other" in said(but(but(DEMO, "skater", count=2), "retarget", place="recorded"))
    assert trouble(but(of(str(take)), "retarget", place="recorded")) is None
    assert trouble(but(but(of(str(take)), "skater", count=2), "retarget", place="spot")) is None
    assert "keypoint set" in said(but(DEMO, "labels", keypoints=()))
    assert said(but(DEMO, "surroundings", rink="outdoor", light="spots")) == (
        "An outdoor rink cannot have spots. It may have daylight, dusk or floods."
    )


def test_every_step_reads_the_defaults_of_its_fields_from_a_job_of_them() -> None:
    job = job_of(Request(take=TakeFields(source="demo"), output=OutputFields(out="/data/skates")))
    for name, step in STEPS.items():
        fields, kept = step.read(job)
        usual = {"take": TakeFields(source="demo"), "output": OutputFields(out="/data/skates")}
        assert fields == usual.get(name, type(fields)())
        assert not kept


def test_the_scene_at_hand_takes_labels_and_output_from_the_panel_and_nothing_else() -> None:
    text = "clips: 9\nskaters: [{count: 3}]\nrender: {engine: eevee, cloth: simulated, subdivision: 1, samples: 3}\n"
    text += "output: {split: {a: 1, b: 1}, split_by: motion, rgb: jpg}\n"
    request = but(of_file(text), "labels", amodal=True)
    path = run_folder(request.output.out) / "job.yaml"
    assert stage_trouble(request) is None
    job = read_job(stage_text(request, path, path.with_name("scene.blend")), path)
    assert (job.stage, job.out) == ("/jobs/axel-data-run/scene.blend", "/jobs/axel-data")
    assert (job.clips, job.output.split, job.output.rgb, job.render.samples) == (None, "train", "jpg", 3)
    assert job.labels.amodal
    assert "untick" in (stage_trouble(but(request, "labels", dense=("surface",))) or "")
    shown = opened(JobFile("stage: scene.blend\nout: data\n", "/jobs/axel.yaml"))
    assert shown.kept["skater"] and shown.kept["output"] == {"clips", "frames", "count", "fps", "split"}
    moved = job_text(but(shown.request, "output", seed=5), Path("/jobs/deep/axel.yaml"))
    assert moved == "stage: ../scene.blend\nout: ../data\nseed: 5\n"
    assert job_of(but(shown.request, "skater", count=3)).stage == "/jobs/scene.blend"


def test_the_run_s_folder_is_beside_the_data() -> None:
    assert run_folder("/data/skates") == Path("/data/skates-run")
