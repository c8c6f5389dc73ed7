"""The panel as a researcher meets it: in the real Blender's window, by mouse and keys, from the zip to the shards.

The tests are one walk through the steps, in this order, in one Blender. Every step leaves a screenshot in the folder
that `SKATESYNTH_PICTURES` names, else in pytest's own (`--basetemp`); a step that fails also leaves the last one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from by_hand import ADDON, PARTS, SETTINGS, assert_whole, members, undone_and_redone, window
from real_blender import Blender
from screen import Box, Screen

FIRST, COUNT = 100, 6
SIZE = 160

pytestmark = pytest.mark.usefixtures("last_look")


@pytest.fixture(scope="module")
def screen(blender: Blender, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """Blender's window, with the extension enabled."""
    with window(blender, tmp_path_factory.mktemp("pictures")) as opened:
        yield opened


def test_preferences_switch_it_off_and_on(screen: Screen, data: Path) -> None:
    screen.click("Edit")
    screen.click("Preferences…")
    screen.click("Add-ons")
    name = screen.find("SkateSynth")
    tick, arrow = screen.before(name)[:2]
    screen.click(tick)
    assert not screen.ask("hasattr(bpy.types, 'SKATESYNTH_PT_render') or hasattr(scene, 'skatesynth')")
    screen.click(tick)
    assert screen.ask("hasattr(bpy.types, 'SKATESYNTH_PT_render') and hasattr(scene, 'skatesynth')")
    screen.click(arrow)
    screen.fill("MakeHuman Data", str(data))
    assert screen.ask(f"bpy.context.preferences.addons['{ADDON}'].preferences.assets") == str(data)
    screen.save("01_preferences")
    screen.click("Back to Previous")


def test_sidebar_opens_and_says_why_nothing_can_be_made_yet(screen: Screen) -> None:
    screen.move(screen.region("VIEW_3D", "WINDOW"))
    screen.key("n")
    screen.click(screen.find("SkateSynth", upright=True))
    side = screen.region("VIEW_3D", "UI")
    screen.save("02_sidebar")
    screen.turn_to("Take", inside=side)
    assert_whole(screen, side, "Take")
    for title in ("Skater", "Retarget", "Rink & Light", "Cameras", "Labels", "Output", "Render"):
        screen.find(title, inside=side, title=True)


def test_recording_is_read(screen: Screen, side: Box, recordings: Path) -> None:
    recording = screen.folder / "walk.mvnx"
    shutil.copy(recordings / "xsens_v4_upperbody_60hz.mvnx", recording)
    screen.turn_to("Take", inside=side)
    screen.fill("Take", str(recording), inside=side)
    screen.click("Load Take", inside=side)
    assert screen.sees("1.9 s, 112 frames at 60 Hz", inside=side)
    assert screen.ask("scene.frame_end") == 44
    screen.save("03_recording")
    assert_whole(screen, side, "Take")
    undone_and_redone(screen, "'skatesynth_take' in scene")


def test_demo_take_is_read(screen: Screen, side: Box) -> None:
    screen.turn_to("Take", inside=side)
    screen.choose("Source", "Demo Take", inside=side)
    screen.click("Load Take", inside=side)
    assert screen.ask("len(scene.timeline_markers)") == 4
    assert screen.ask("scene.frame_end") == 288
    screen.save("04_take")
    assert_whole(screen, side, "Take")


def test_skater_is_made(screen: Screen, side: Box) -> None:
    screen.turn_to("Skater", inside=side)
    screen.choose("Sex", "Female", inside=side)
    screen.click("Make Skater", inside=side)
    made = screen.ask(PARTS)
    assert "skater_1" in made and {"Cube", "Camera", "Light"} < set(made)
    screen.save("05_skater")
    assert_whole(screen, side, "Skater")
    undone_and_redone(screen, PARTS)


def test_frames_are_chosen_on_the_timeline(screen: Screen) -> None:
    below = screen.region("DOPESHEET_EDITOR", "HEADER")
    for name, frame in (("End", FIRST + COUNT - 1), ("Start", FIRST)):
        screen.fill_in(screen.find(name, inside=below), str(frame))
    assert screen.ask("[scene.frame_start, scene.frame_end]") == [FIRST, FIRST + COUNT - 1]


def test_take_is_retargeted(screen: Screen, side: Box) -> None:
    screen.turn_to("Retarget", inside=side)
    screen.click("Retarget", inside=side)
    moves = "bool(bpy.data.objects['skater_1'].animation_data and bpy.data.objects['skater_1'].animation_data.action)"
    assert screen.ask(moves)
    screen.save("06_retarget")
    assert_whole(screen, side, "Retarget")
    undone_and_redone(screen, moves)


def test_rink_and_light_are_built(screen: Screen, side: Box) -> None:
    screen.turn_to("Rink & Light", inside=side)
    screen.choose("Rink", "Training", inside=side)
    screen.click("Build Rink & Light", inside=side)
    assert {"ice", "boards"} < set(screen.ask(PARTS))
    screen.save("07_rink")
    assert_whole(screen, side, "Rink & Light")
    undone_and_redone(screen, PARTS)


def test_camera_is_put_and_looked_through(screen: Screen, side: Box) -> None:
    screen.turn_to("Cameras", inside=side)
    screen.choose("Cameras", "Phone", inside=side)
    screen.fill("Longer Side", str(SIZE), inside=side)
    screen.click("Put Cameras", inside=side)
    assert "camera phone" in screen.ask(PARTS)
    undone_and_redone(screen, PARTS)
    screen.save("08_cameras")
    assert_whole(screen, side, "Cameras")


def test_labels_are_drawn_in_the_viewport(screen: Screen, side: Box) -> None:
    screen.turn_to("Labels", inside=side)
    screen.click("COCO (17)", inside=side)
    assert screen.ask(f"{SETTINGS}.labels.keypoints_coco_17")
    view = screen.region("VIEW_3D", "WINDOW")
    left = Box(view.left, view.top, side.left, view.bottom)
    before = screen.picture()[left.top : left.bottom, left.left : left.right]
    screen.click("Keypoints", inside=side)
    after = screen.picture()[left.top : left.bottom, left.left : left.right]
    assert np.any(before != after)
    screen.save("09_labels")
    assert_whole(screen, side, "In the Viewport")


def test_clip_is_rendered_cancelled_and_rendered_again(screen: Screen, side: Box) -> None:
    out = screen.folder / "by hand"
    screen.turn_to("Output", inside=side)
    screen.fill("Folder", str(out), inside=side)
    assert screen.ask(f"{SETTINGS}.output.out") == str(out)
    assert_whole(screen, side, "Output")
    screen.save("10_output")
    screen.turn_to("Render", inside=side)
    assert_whole(screen, side, "Render")
    before = screen.ask(PARTS)
    screen.click("Render This Clip", inside=side)
    screen.wait(lambda: screen.sees(f"0 of {COUNT} pictures", inside=side), "its beginning", seconds=120)
    screen.click("Cancel", inside=side)
    screen.wait(lambda: screen.sees("Cancelled", inside=side), "its end", seconds=60)
    screen.save("11_cancelled")
    assert not list(members(out))
    screen.click("Render This Clip", inside=side)
    pictures = [f"{count} of {COUNT} pictures" for count in range(1, COUNT)]
    screen.wait(lambda: any(screen.sees(words, inside=side) for words in pictures), "a picture", seconds=180)
    screen.save("12_progress")
    screen.wait(lambda: screen.sees(f"Done: {COUNT} pictures", inside=side), "the last picture", seconds=240)
    screen.save("13_done")
    assert_whole(screen, side, "Render")
    assert screen.ask(PARTS) == before
    samples = [(name, data) for name, data in members(out) if name.endswith(".json")]
    assert len(samples) == COUNT
    assert all(len(json.loads(data)["people"]) == 1 for _, data in samples)
    rendered = [cv2.imdecode(np.frombuffer(data, np.uint8), 1) for name, data in members(out) if ".rgb." in name]
    assert len(rendered) == COUNT and all(max(picture.shape) == SIZE for picture in rendered)
