"""The extension's panel in Blender without a window: its settings as a job, job files, and runs beside Blender."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

bpy = pytest.importorskip("bpy")

import blf  # noqa: E402

from blender_addon import ui  # noqa: E402
from blender_addon.makehuman.assets import OFFLINE_VARIABLE  # noqa: E402
from blender_addon.ui import background, preferences, watch  # noqa: E402
from blender_addon.ui.operators import output as operators  # noqa: E402
from blender_addon.ui.operators import render  # noqa: E402
from blender_addon.ui.operators.render import why_not, why_not_clip  # noqa: E402
from blender_addon.ui.operators.skater import making_hurdle  # noqa: E402
from blender_addon.ui.operators.surroundings import building_hurdle  # noqa: E402
from blender_addon.ui.preferences import SkateSynthPreferences  # noqa: E402
from blender_addon.ui.properties import choices, settings  # noqa: E402
from blender_addon.ui.request import JobFile, Request, fill, job_of, opened, request_of  # noqa: E402
from blender_addon.ui.request.fields import CAMERA_SETS, FRAME_CHOICES, SPLITS, SWITCHES  # noqa: E402
from blender_addon.ui.words import spoken, wrapped  # noqa: E402
from mocap.errors import UserError  # noqa: E402
from render_scripts.job import read_job  # noqa: E402

PACKAGE = "bl_ext.tests.skatesynth"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "job.md"


@pytest.fixture
def panel() -> Iterator[None]:
    """The extension, registered while a test runs, in a scene that nobody has touched."""
    bpy.ops.wm.read_homefile(use_empty=True)
    ui.register(PACKAGE)
    yield
    ui.unregister()


@pytest.fixture
def out(panel: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An output folder of a panel that can render, and is not asked for MakeHuman's data."""
    chosen = bpy.context.scene.skatesynth
    chosen.take.source, chosen.output.out = "demo", str(tmp_path / "skates")
    monkeypatch.setattr(watch, "assets_trouble", lambda folder: None)
    return tmp_path / "skates"


def wait(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Ticks as Blender's timer would, until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)
        watch.tick()


def plays(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Has a few lines of Python take the renderer's part; `say` writes an event."""
    path = folder / "renderer.py"
    path.write_text(
        "import json, os, pathlib, sys, time\n"
        "progress = pathlib.Path(sys.argv[sys.argv.index('--progress-file') + 1])\n"
        "out = pathlib.Path(sys.argv[sys.argv.index('--out') + 1])\n"
        "def say(**event):\n"
        "    with progress.open('a') as file: file.write(json.dumps(event) + '\\n')\n"
        "def frame(done): say(event='frame', done=done, total=4, key=f'000000_phone_{done:06d}', seconds_left=2.0,\n"
        "                     thumbnail=None)\n"
        "say(event='start', total=4)\n" + script
    )
    monkeypatch.setattr(watch, "_renderer", lambda: [sys.executable, str(path)])


def shown(out: Path) -> watch.Watched:
    return watch.at(out.with_name(f"{out.name}-run"))


def test_registration_leaves_nothing_behind() -> None:
    for _ in range(2):
        ui.register(PACKAGE)
        ui.register(PACKAGE)
        assert SkateSynthPreferences.is_registered
        assert bpy.types.SKATESYNTH_PT_render.bl_category == "SkateSynth"
        bpy.app.timers.register(watch.tick)  # as of a run that goes on
        ui.unregister()
        ui.unregister()
        assert not [name for name in dir(bpy.types) if name.lower().startswith("skatesynth")]
        assert not SkateSynthPreferences.is_registered
        assert not hasattr(bpy.types.Scene, "skatesynth")
        assert not bpy.app.timers.is_registered(watch.tick)


def test_panels_stand_in_the_order_of_the_work(panel: None) -> None:
    names = [name for name in dir(bpy.types) if name.startswith("SKATESYNTH_PT_")]
    kinds = [kind for kind in (getattr(bpy.types, name) for name in names) if not getattr(kind, "bl_parent_id", "")]
    labels = [kind.bl_label for kind in sorted(kinds, key=lambda kind: kind.bl_order)]
    assert labels == ["Take", "Skater", "Retarget", "Rink & Light", "Cameras", "Labels", "Output", "Render"]
    assert len({kind.bl_order for kind in kinds}) == len(kinds)


def test_a_scene_starts_with_the_request_s_own_defaults(panel: None) -> None:
    assert request_of(bpy.context.scene.skatesynth) == Request()


def test_every_choice_in_the_panel_becomes_a_job(out: Path) -> None:
    chosen = bpy.context.scene.skatesynth
    later = {
        ("take", "element"): choices.elements,
        ("skater", "outfit"): choices.outfits,
        ("skater", "hair"): choices.hair_styles,
        ("surroundings", "preset"): choices.presets,
        ("surroundings", "rink"): choices.rink_kinds,
        ("surroundings", "plan"): choices.plans,
        ("surroundings", "light"): choices.light_kinds,
        ("cameras", "follow"): choices.ways_to_follow,
    }
    for step in ("take", "skater", "retarget", "surroundings", "cameras", "output"):
        group = getattr(chosen, step)
        for field in group.bl_rna.properties:
            if field.type != "ENUM":
                continue
            tables = later.get((step, field.identifier))
            names = (
                [item.identifier for item in field.enum_items] if tables is None else [name for name, *_ in tables()]
            )
            assert names and len({choices.number_of(name) for name in names}) == len(names)
            before = getattr(group, field.identifier)
            for name in names:
                setattr(group, field.identifier, name)
                assert getattr(group, field.identifier) == name
                if name == "recording":
                    group.path = "/takes/axel.mvnx"
                assert job_of(request_of(chosen)).out == str(out)
            setattr(group, field.identifier, before)
    offered = {item.identifier for item in chosen.cameras.bl_rna.properties["set"].enum_items}
    assert offered == set(CAMERA_SETS)
    assert {item.identifier for item in chosen.output.bl_rna.properties["frames"].enum_items} == set(FRAME_CHOICES)
    assert {item.identifier for item in chosen.output.bl_rna.properties["split"].enum_items} == set(SPLITS)
    assert {item.identifier for item in chosen.cameras.bl_rna.properties["motion_blur"].enum_items} == set(SWITCHES)


def test_every_field_has_a_tooltip(panel: None) -> None:
    bare = []
    for group in bpy.context.scene.skatesynth.bl_rna.properties:
        if group.identifier not in ("name", "rna_type"):
            for field in group.fixed_type.properties:
                if field.identifier not in ("name", "rna_type") and not field.description:
                    bare.append(f"{group.identifier}.{field.identifier}")
    assert not bare


FILES = {
    "empty": "version: 1\n",
    "documented": "".join(DOCS.read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]),
    "element": "motions: [{element: axel, parameters: {turns: 2}}]\nframes: {fps: 29.97}\nseed: 12\n",
    "people": "skaters:\n- {count: 2, age: [9, 11.5], skin: {melanin: 0.1234567}, outfit: dress, hair: {style: bun}}\n",
    "scene": "scene: {preset: wild, rink: {kind: outdoor, plan: pad}, light: {kind: dusk, strength: 0.7}}\n"
    "crowd: {spectators: 12}\ncoaches: {count: 2}\naugment: {mirror: 1}\n",
    "labels": "labels: {keypoints: [coco_17, skate], depth: false, normal: true, amodal: true}\n"
    "output: {split: {train: 0.8, val: 0.1, test: 0.1}, rgb: jpg}\nrender: {device: cpu, quality: final}\n",
    "cameras": "cameras: [{name: gopro, profile: gopro, size: 123, fill: 0.4}]\n"
    "scene: {camera: {motion_blur: 0, depth_of_field: 1, follow: pan}}\n",
}


@pytest.mark.parametrize("name", FILES)
def test_a_job_file_is_shown_and_saved_as_it_was(panel: None, name: str, tmp_path: Path) -> None:
    path = tmp_path / "axel.yaml"
    path.write_bytes(FILES[name].encode())
    bpy.ops.skatesynth.open_job(filepath=str(path))
    chosen = settings(bpy.context)
    assert job_of(request_of(chosen)) == read_job(FILES[name], path)
    bpy.ops.skatesynth.save_job(filepath=str(path))
    assert path.read_bytes() == FILES[name].encode()
    chosen.output.seed = 77
    bpy.ops.skatesynth.save_job(filepath=str(tmp_path / "deep" / "other"))
    there = tmp_path / "deep" / "other.yaml"
    assert chosen.output.job_path == str(there)
    assert opened(JobFile(there.read_text(encoding="utf-8"), str(there))).request.output.seed == 77
    bpy.ops.skatesynth.leave_job()
    assert not bpy.ops.skatesynth.leave_job.poll()
    assert (request_of(chosen).file, chosen.output.job_path) == (JobFile(), "")


def test_a_file_with_marks_and_other_ends_of_lines_stays_so(panel: None, tmp_path: Path) -> None:
    path = tmp_path / "axel.yaml"
    path.write_bytes(b"\xef\xbb\xbf# mine\r\nseed: 3   # x\r\nclips: 2\r\n")
    bpy.ops.skatesynth.open_job(filepath=str(path))
    bpy.context.scene.skatesynth.output.seed = 4
    bpy.ops.skatesynth.save_job(filepath=str(path))
    assert path.read_bytes() == b"\xef\xbb\xbf# mine\r\nseed: 4   # x\r\nclips: 2\r\n"


def test_opening_a_job_file_can_be_undone(panel: None, tmp_path: Path) -> None:
    path = tmp_path / "axel.yaml"
    path.write_text(FILES["scene"])
    bpy.ops.curve.primitive_bezier_circle_add(radius=5.0)
    chosen = bpy.context.scene.skatesynth
    chosen.retarget.path, chosen.skater.draw = bpy.context.object, 3
    bpy.ops.ed.undo_push(message="before")
    before = request_of(bpy.context.scene.skatesynth)
    assert len(before.retarget.path) > 40
    bpy.ops.skatesynth.open_job("EXEC_DEFAULT", True, filepath=str(path))
    after = request_of(bpy.context.scene.skatesynth)
    # A curve of the scene is no part of a file; which clip the scene at hand shows is none of its business.
    assert (after.retarget.path, after.skater.draw) == ((), 3)
    assert after != before
    bpy.ops.ed.undo()
    assert request_of(bpy.context.scene.skatesynth) == before
    bpy.ops.ed.redo()
    assert request_of(bpy.context.scene.skatesynth) == after


def test_a_bad_job_file_is_one_line_and_changes_nothing(panel: None, tmp_path: Path) -> None:
    path = tmp_path / "axel.yaml"
    path.write_text("seed: 3\nframse: {count: 4}\n")
    before = request_of(bpy.context.scene.skatesynth)
    with pytest.raises(
        RuntimeError, match=r"axel\.yaml: line 2, framse: unknown key 'framse' \(did you mean 'frames'\?\)"
    ):
        bpy.ops.skatesynth.open_job(filepath=str(path))
    with pytest.raises(RuntimeError, match="no such file"):
        bpy.ops.skatesynth.open_job(filepath=str(tmp_path / "none.yaml"))
    assert request_of(bpy.context.scene.skatesynth) == before
    (tmp_path / "file").touch()
    with pytest.raises(RuntimeError, match="Choose another folder"):
        bpy.ops.skatesynth.save_job(filepath=str(tmp_path / "file" / "axel.yaml"))


def test_settings_stay_in_the_blend_file(panel: None, tmp_path: Path) -> None:
    chosen = bpy.context.scene.skatesynth
    fill(chosen, opened(JobFile(FILES["scene"], "/jobs/axel.yaml")).request)
    chosen.skater.outfit = "dress"
    before = request_of(chosen)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "mine.blend"))
    bpy.ops.wm.read_homefile(use_empty=True)
    assert request_of(bpy.context.scene.skatesynth) == Request()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "mine.blend"))
    assert request_of(bpy.context.scene.skatesynth) == before


def test_a_curve_is_a_path_on_the_ice(panel: None) -> None:
    bpy.ops.curve.primitive_bezier_circle_add(radius=5.0, location=(2.0, 0.0, 0.0))
    chosen = bpy.context.scene.skatesynth
    chosen.retarget.path = bpy.context.object
    bpy.context.view_layer.update()
    points = request_of(chosen).retarget.path
    assert points[0] == points[-1] and 40 < len(points) < 60
    assert all(4.95 < ((x - 2.0) ** 2 + y**2) ** 0.5 < 5.05 for x, y in points)
    bpy.ops.object.camera_add()
    chosen.retarget.path = bpy.context.object
    assert request_of(chosen).retarget.path == ()


def test_render_is_greyed_until_it_can_run(panel: None) -> None:
    for name in ("render", "render_clip", "cancel", "open_folder", "open_log", "open_report", "open_sheet"):
        assert not getattr(bpy.ops.skatesynth, name).poll()
    with pytest.raises(RuntimeError, match="poll"):
        bpy.ops.skatesynth.render()
    assert why_not(bpy.context) == "Choose a take, or the demo take as its source."
    assert why_not_clip(bpy.context) == "There is no skater in the scene: make one, or adopt a character."


def test_without_data_and_network_render_says_what_to_do(
    panel: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = bpy.context.scene.skatesynth
    chosen.take.source, chosen.output.out = "demo", str(tmp_path / "skates")
    monkeypatch.setattr(watch, "find_assets", lambda folder: None)
    reason = why_not(bpy.context)
    if bpy.app.online_access:
        assert reason is None
    else:
        assert reason is not None and "allow online access (Preferences, System)" in reason
    assert watch.assets_trouble("/nowhere") is None or not bpy.app.online_access


def test_without_data_nobody_and_nothing_is_built(panel: None, monkeypatch: pytest.MonkeyPatch) -> None:
    bpy.context.scene.skatesynth.take.source = "demo"
    for found, reason in ((Path("/data"), None), (None, "There is no MakeHuman data yet. Preferences, Add-ons, ")):
        monkeypatch.setattr(preferences, "find_assets", lambda folder, found=found: found)
        for hurdle in (making_hurdle, building_hurdle):
            said = hurdle(bpy.context)
            assert said is None if reason is None else said is not None and said.startswith(reason)
        for name in ("make_skater", "build_surroundings"):
            assert getattr(bpy.ops.skatesynth, name).poll() is (reason is None)


def test_a_take_that_has_gone_is_told_with_the_mend(panel: None, tmp_path: Path) -> None:
    take = bpy.context.scene.skatesynth.take
    take.source, take.path = "recording", str(tmp_path / "axel.mvnx")
    assert making_hurdle(bpy.context) == "The take is not there: put it back, or choose another."
    with pytest.raises(RuntimeError, match=r"axel\.mvnx: no such file\. Put it back, or name another\."):
        bpy.ops.skatesynth.load_take()


def test_a_mistake_is_told_as_a_sentence_unless_a_file_is_named() -> None:
    assert spoken(UserError("there is none", mend="Make one.")) == "There is none. Make one."
    assert spoken(UserError("there is none", file="axel.mvnx")) == "axel.mvnx: there is none"


@pytest.mark.parametrize("mark", ["/", "\\"])
def test_a_path_that_is_longer_than_a_line_is_cut_behind_a_name(mark: str) -> None:
    blf.size(0, 12.0)
    path = mark.join(["", "home", "somebody", "recordings", "unfinished"])
    whole = f"{mark}home{mark}somebody{mark}recordings{mark}"
    for most in range(len(whole), len(path)):
        lines = wrapped(path, blf.dimensions(0, path[:most] + ".")[0], 12.0)
        assert lines[0] == whole and "".join(lines) == path
    assert len(wrapped("x" * 40, blf.dimensions(0, "x" * 16)[0], 12.0)) == 3


def test_a_run_is_watched_to_its_end(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not for ever: where a test fails, nobody says go.
    waits = "frame(1)\nend = time.monotonic() + 60\n"
    waits += "while not (progress.parent / 'go').exists() and time.monotonic() < end: time.sleep(0.02)\n"
    ends = "sheet = out / 'sheet.png'; out.mkdir(); sheet.touch(); say(event='done', out=str(out), sheet=str(sheet))\n"
    plays(monkeypatch, out.parent, waits + ends)
    assert why_not(bpy.context) is None
    bpy.ops.skatesynth.render()
    wait(lambda: shown(out).shown.headline == "1 of 4 pictures")
    assert not bpy.ops.skatesynth.render.poll() and why_not(bpy.context) == "A data set is being rendered."
    assert bpy.ops.skatesynth.cancel.poll()
    bpy.context.scene.skatesynth.output.out = str(out.with_name("other"))
    assert "Another data set is being rendered" in (why_not(bpy.context) or "")
    bpy.context.scene.skatesynth.output.out = str(out)
    (shown(out).folder / "go").touch()
    wait(lambda: shown(out).run is None)
    assert (shown(out).shown.headline, shown(out).shown.outcome) == ("Done: 4 pictures", "done")
    assert bpy.ops.skatesynth.open_sheet.poll() and bpy.ops.skatesynth.open_log.poll()
    assert bpy.ops.skatesynth.render.poll()


@pytest.mark.parametrize("ticked", [False, True])
def test_the_renderer_is_told_what_panel_and_preferences_say(
    out: Path, monkeypatch: pytest.MonkeyPatch, ticked: bool
) -> None:
    folder, output = out.with_name(f"{out.name}-run"), bpy.context.scene.skatesynth.output
    mine = SimpleNamespace(device="gpu", workers=3, assets=str(out.with_name("makehuman")))
    monkeypatch.setattr(render, "preferences_or_none", lambda context: mine)
    plays(
        monkeypatch, out.parent, "(progress.parent / 'told').write_text(json.dumps([sys.argv[1:], {**os.environ}]))\n"
    )
    # What a run from before has left is not taken for this one's.
    folder.mkdir()
    (folder / watch.PROGRESS).write_text('{"event": "done", "out": "/elsewhere", "sheet": null}\n')
    output.overwrite, output.device = ticked, "cpu" if ticked else "auto"
    bpy.ops.skatesynth.render()
    assert shown(out).shown.headline == "Starting Blender"
    wait((folder / "told").exists)
    wait(lambda: shown(out).run is None)
    assert shown(out).shown.outcome == "failed"
    assert "elsewhere" not in (folder / watch.PROGRESS).read_text()
    arguments, variables = json.loads((folder / "told").read_text())
    assert arguments == [
        *(str(folder / "job.yaml"), "--out", str(out), "--workers", "3"),
        *("--progress-file", str(folder / watch.PROGRESS)),
        *(["--overwrite"] if ticked else []),
        *("--assets", mine.assets),
    ]
    assert (variables.get(OFFLINE_VARIABLE) == "1") is not bpy.app.online_access
    # The preferences' device is for where the panel leaves it open.
    job = read_job((folder / "job.yaml").read_text(), folder / "job.yaml")
    assert job.render.device == ("cpu" if ticked else "gpu")


def test_a_scene_whose_pictures_are_all_rendered_is_only_put_together(tmp_path: Path) -> None:
    """As after a disk that was full when the shard was written: a scene handed over anew would be another one."""
    out, run = tmp_path / "skates", tmp_path / "skates-run"
    (out / render.UNFINISHED).mkdir(parents=True)
    run.mkdir()
    parts = {out / render.UNFINISHED / "000000.tar": "", run / "scene.blend": "", run / "job.yaml": "seed: 3\n"}
    for path, text in parts.items():
        assert not render._all_rendered(out)
        path.write_text(text)
    assert not render._all_rendered(out)  # a data set's
    (run / "job.yaml").write_text("seed: 3\nstage: scene.blend\n")
    assert render._all_rendered(out)


def test_a_folder_with_nothing_finished_in_it_is_nothing_to_lose(tmp_path: Path) -> None:
    assert (render._pictures_in(tmp_path), render._nothing_finished(tmp_path)) == (None, False)
    (tmp_path / render.UNFINISHED).mkdir()
    assert render._nothing_finished(tmp_path)
    for place in (tmp_path, tmp_path / render.UNFINISHED):
        (place / "train-000000.tar").touch()
        assert not render._nothing_finished(tmp_path)
        (place / "train-000000.tar").unlink()
    (tmp_path / watch.RUN_LOG).write_text('{"shards": [{"samples": 3}, {"samples": 4}]}')
    assert render._pictures_in(tmp_path) == 7
    (tmp_path / watch.RUN_LOG).write_text('{"shards": [3]}')
    assert render._pictures_in(tmp_path) is None


WAITS = "frame(1)\ntime.sleep(60)\n"


def test_another_blender_finds_the_run_and_can_cancel_it(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plays(monkeypatch, out.parent, WAITS)
    bpy.ops.skatesynth.render()
    wait(lambda: shown(out).shown.headline == "1 of 4 pictures")
    begun = shown(out).run
    assert begun is not None and begun.process is not None
    watch.forget()
    again = shown(out)
    assert again.run is not None and again.run.process is None and again.run.pid == begun.pid
    assert again.shown.headline == "1 of 4 pictures"
    bpy.ops.skatesynth.cancel()
    wait(lambda: begun.process is not None and begun.process.poll() is not None and shown(out).run is None)
    assert shown(out).shown.headline == "Cancelled"
    assert shown(out).shown.detail == "1 of 4 pictures. Whole clips are kept; Render does the rest."


def test_a_run_that_was_broken_off_is_told_later(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plays(monkeypatch, out.parent, WAITS)
    bpy.ops.skatesynth.render()
    wait(lambda: shown(out).shown.headline == "1 of 4 pictures")
    process = shown(out).run.process  # type: ignore[union-attr]
    watch.forget()
    process.kill()
    process.wait()
    there = shown(out)
    assert (there.run, there.shown.headline, there.shown.outcome) == (None, "Broken off", "stopped")
    assert bpy.ops.skatesynth.render.poll()


def test_a_process_that_has_the_number_of_ours_by_chance_is_not_ours(out: Path) -> None:
    folder = out.with_name(f"{out.name}-run")
    folder.mkdir()
    for facts in ({"pid": os.getpid(), "mark": "another start"}, {"pid": -1, "mark": ""}, {"pid": "1"}, [], 3):
        (folder / background.PROCESS).write_text(json.dumps(facts))
        assert background.find(folder) is None
    assert shown(out).run is None
    assert not bpy.ops.skatesynth.cancel.poll()


def test_a_run_that_fails_says_why_in_the_panel_s_words(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "/d: the folder holds another data set: seed 1 is 2. Give another --out, or --overwrite."
    plays(monkeypatch, out.parent, f"say(event='error', message={told!r})\nsys.exit(2)\n")
    bpy.ops.skatesynth.render()
    wait(lambda: shown(out).run is None)
    assert shown(out).shown.outcome == "failed"
    assert shown(out).shown.detail.endswith("seed 1 is 2. Choose another folder, or tick Overwrite.")


def test_an_output_folder_that_cannot_be_made_is_one_line(out: Path) -> None:
    out.parent.joinpath("file").touch()
    bpy.context.scene.skatesynth.output.out = str(out.parent / "file" / "skates")
    with pytest.raises(RuntimeError, match="Choose another folder"):
        bpy.ops.skatesynth.render()


def test_a_report_is_written_anew_where_the_data_set_is_newer(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(operators, "_show", lambda operator, path: done.append(f"show {path.name}") or {"FINISHED"})
    monkeypatch.setattr(watch, "write_report", lambda folder, there: done.append(f"write of {there.name}"))
    monkeypatch.setattr(watch, "report_trouble", lambda there: None)
    report = shown(out).report_file
    for path in (out / watch.RUN_LOG, report):
        path.parent.mkdir(parents=True, exist_ok=True)
    (out / watch.RUN_LOG).touch()
    bpy.ops.skatesynth.open_report()
    report.touch()
    for second in (10, 30):
        os.utime(out / watch.RUN_LOG, (20, 20))
        os.utime(report, (second, second))
        bpy.ops.skatesynth.open_report()
    assert done == ["write of skates", "write of skates", "show report.html"]


def test_a_report_that_cannot_be_made_says_so(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert watch.report_trouble(out) == "There is no finished data set in the folder yet."
    out.mkdir()
    (out / watch.RUN_LOG).write_text("{}")
    monkeypatch.setattr(watch, "NEEDED_FOR_REPORTS", ("jinja2", "a_library_that_nobody_has"))
    assert "lacks a_library_that_nobody_has" in (watch.report_trouble(out) or "")
    monkeypatch.setattr(watch, "NEEDED_FOR_REPORTS", ("jinja2",))
    assert watch.report_trouble(out) is None
    bpy.ops.skatesynth.open_report()
    assert not bpy.ops.skatesynth.open_report.poll()
    wait(lambda: shown(out).report is None, seconds=60.0)
    assert shown(out).told.startswith("No report: ")
