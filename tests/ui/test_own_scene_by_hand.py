"""A character and a job file of the user's own, worked by mouse and keys in the real Blender's window.

One walk: the character of a .blend is adopted, a job file is opened, changed and saved, its data set rendered, and then
replaced by the scene at hand. Screenshots as in `test_by_hand`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from by_hand import PARTS, SETTINGS, assert_whole, members, window
from real_blender import Blender
from screen import Box, Screen

NARROW = 260  # pixels of the sidebar; Blender's own choice is 292
MENUS = {"Phone and Broadcast", "Spread over the take"}  # in a menu that is too narrow, or fits to the pixel
BESIDE = {"Open Folder", "Show Log"}  # buttons whose icon is then too near for the driver to read them
JOB = """\
# Autumn camp, second series
version: 1
seed: 5              # as the first series had
out: series
clips: 3             # enough to look at
motions:
  - {element: axel}  # the jump in question
frames: {count: 1}
cameras:
  # where the coach stands
  - {name: coach, profile: phone, width: 64, height: 48}
scene: {preset: clean, rink: {kind: training}}
render: {quality: draft, samples: 1, device: cpu}
"""

pytestmark = pytest.mark.usefixtures("last_look")


@pytest.fixture(scope="module")
def screen(blender: Blender, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """Blender's window, with a file of the user's opened: a character, who is selected."""
    bpy = pytest.importorskip("bpy")
    from made_character import Character

    person = Character(data).dressed()
    bpy.context.view_layer.objects.active = person.armature
    person.armature.select_set(True)
    file = person.save_as_is(blender.folder / "anna.blend")
    (blender.folder / "series.yaml").write_text(JOB, encoding="utf-8")
    found = {"SKATESYNTH_ASSETS": str(data)}
    with window(blender, tmp_path_factory.mktemp("pictures"), str(file), variables=found) as opened:
        yield opened


def browsed(screen: Screen, file: str, button: str) -> None:
    """Names a file in Blender's browser and clicks its button."""
    left = screen.find("Cancel").left
    y = screen.find("Cancel").middle[1]
    screen.fill_in(Box(left - 400, y - 8, left - 300, y + 8), file)
    screen.click(button)
    screen.wait(lambda: any(area["area"] == "VIEW_3D" for area in screen.ask("areas()")), "the view to come back")
    screen.settle()


def test_character_is_adopted(screen: Screen) -> None:
    screen.move(screen.region("VIEW_3D", "WINDOW"))
    screen.key("n")
    screen.click(screen.find("SkateSynth", upright=True))
    side = screen.region("VIEW_3D", "UI")
    screen.turn_to("Skater", inside=side)
    screen.click("Character of Your Own", inside=side)
    screen.click("Adopt Selected Character", inside=side)
    screen.find("Character Map")
    screen.save("o01_adopting")
    screen.key("Return")
    screen.wait(lambda: "skater_1" in screen.ask(PARTS), "a skater", seconds=120)
    assert screen.ask("bpy.data.objects['Human.rig'].hide_render")
    screen.save("o02_adopted")
    assert_whole(screen, side, "Skater")
    assert "Character Human_rig" in " ".join(screen.ask("panel_words()['Skater']"))


def test_job_file_is_opened_changed_and_saved_with_its_comments(screen: Screen, side: Box) -> None:
    file = screen.folder / "series.yaml"
    screen.turn_to("Output", inside=side)
    screen.click("Job File", inside=side)
    screen.click("Open…", inside=side)
    screen.save("o03_browser")
    browsed(screen, file.name, "Open Job File")
    assert screen.ask(f"[{SETTINGS}.output.clips, {SETTINGS}.take.element]") == [3, "axel"]
    screen.save("o04_job_opened")
    assert_whole(screen, side, "Output")
    screen.fill("Clips", "2", inside=side)
    screen.click("Save…", inside=side)
    browsed(screen, file.name, "Overwrite")
    assert file.read_text(encoding="utf-8") == JOB.replace("clips: 3 ", "clips: 2 ")
    screen.turn_to("Cameras", inside=side)
    assert_whole(screen, side, "Cameras", but=MENUS)
    assert "From series.yaml, and kept: Cameras, Longer Side" in " ".join(screen.ask("panel_words()['Cameras']"))


def test_data_set_is_rendered_and_replaced_by_the_scene_at_hand(screen: Screen, side: Box) -> None:
    out = screen.folder / "series"
    screen.turn_to("Render", inside=side)
    screen.click("Render Data Set", inside=side)
    screen.wait(lambda: screen.sees("Done: 2 pictures", inside=side), "the data set", seconds=400)
    assert len([name for name, _ in members(out) if name.endswith(".json")]) == 2
    screen.turn_to("Take", inside=side)
    screen.click("Load Take", inside=side)
    below = screen.region("DOPESHEET_EDITOR", "HEADER")
    for name in ("End", "Start"):
        screen.fill_in(screen.find(name, inside=below), "20")
    screen.turn_to("Retarget", inside=side)
    screen.click("Retarget", inside=side)
    screen.turn_to("Cameras", inside=side)
    screen.click("Put Cameras", inside=side)
    screen.turn_to("Render", inside=side)
    screen.click("Render This Clip", inside=side)
    assert screen.sees("Replace the data set in “series”?")
    screen.save("o05_replace")
    screen.key("Escape")
    assert screen.sees("Done: 2 pictures", inside=side)  # nothing was touched
    screen.click("Render This Clip", inside=side)
    screen.key("Return")
    screen.wait(lambda: screen.sees("Done: 1 picture", inside=side), "the clip", seconds=300)
    screen.save("o06_replaced")
    (sample,) = (name for name, _ in members(out) if name.endswith(".json"))
    assert sample.startswith("000000_coach_")


def test_nothing_is_cut_off_in_a_narrow_sidebar(screen: Screen, side: Box) -> None:
    y = screen.find("Render", inside=side, title=True).middle[1]
    screen.drag((side.left, y), (side.right - NARROW, y))
    narrow = screen.region("VIEW_3D", "UI")
    assert narrow.right - narrow.left == NARROW
    for title in ("Take", "Skater", "Retarget", "Rink & Light", "Cameras", "Labels", "Output", "Render"):
        screen.turn_to(title, inside=narrow)
        screen.save(f"o07_narrow_{title.split()[0].lower()}")
        assert_whole(screen, narrow, title, but=MENUS | BESIDE)
