"""Takes the pictures of docs/blender.md anew: `SKATESYNTH_BLENDER=… python tests/ui/take_pictures.py [OUT [HOME]]`.

HOME is an empty folder to work in, whose name will stand in the pictures. Builds and installs the extension as the
tests do, walks through the panel by mouse and keys, and writes `docs/pictures/blender_*.jpg`. Takes about ten minutes;
look at every picture before it is committed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from conftest import installed
from screen import Box, Screen

from blender_addon.makehuman.assets import ensure_assets

OUT = Path(__file__).resolve().parents[2] / "docs" / "pictures"
GAP = 12  # white pixels between panels in one picture
QUALITY = 88


class Camera:
    """Keeps parts of the screen, and writes them side by side."""

    def __init__(self, screen: Screen, out: Path) -> None:
        self.screen, self.out = screen, out
        self.panels: dict[str, np.ndarray] = {}

    @property
    def side(self) -> Box:
        """The sidebar."""
        return self.screen.region("VIEW_3D", "UI")

    def keep(self, title: str, until: str | None) -> None:
        """The panel that is open, down to the title of the one below it."""
        side = self.side
        tabs = self.screen.find("SkateSynth", inside=side, upright=True)
        top = self.screen.find(title, inside=side, title=True).top - 8
        bottom = side.bottom if until is None else self.screen.find(until, inside=side, title=True).top - 10
        pixels = self.screen.picture()[top:bottom, side.left + 8 : tabs.left - 8]
        if until is None:
            # What lies under the last panel is the 3D view, of other colours.
            ground = np.abs(pixels[:, 3].astype(int) - pixels[4, 3]).max(axis=1) < 4
            pixels = pixels[: np.flatnonzero(ground)[-1] + 6]
        self.panels[title] = pixels

    def sheet(self, name: str, *columns: Sequence[str]) -> None:
        """Kept panels, one under the other in each column."""
        stacks = [_joined([self.panels[title] for title in titles], down=True) for titles in columns]
        self.write(name, _joined(stacks, down=False))

    def write(self, name: str, pixels: np.ndarray) -> None:
        """As JPEG, small enough for a repository."""
        path = self.out / f"blender_{name}.jpg"
        assert cv2.imwrite(str(path), pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITY, cv2.IMWRITE_JPEG_OPTIMIZE, 1])
        print(path, pixels.shape[:2], f"{path.stat().st_size / 1000:.0f} kB", flush=True)


def _joined(pictures: Sequence[np.ndarray], *, down: bool) -> np.ndarray:
    axis = 0 if down else 1
    longest = max(picture.shape[1 - axis] for picture in pictures)
    parts: list[np.ndarray] = []
    for picture in pictures:
        if parts:
            gap = (GAP, longest, 3) if down else (longest, GAP, 3)
            parts.append(np.full(gap, 255, np.uint8))
        sides = [(0, 0), (0, 0), (0, 0)]
        sides[1 - axis] = (0, longest - picture.shape[1 - axis])
        parts.append(np.pad(picture, sides, constant_values=255))
    return np.concatenate(parts, axis)


def walk(screen: Screen, out: Path, data: Path) -> None:
    """From the preferences to a finished clip."""
    camera = Camera(screen, out)
    screen.click("Edit")
    screen.click("Preferences…")
    screen.click("Add-ons")
    screen.click(screen.before(screen.find("SkateSynth"))[1])
    screen.fill("MakeHuman Data", str(data))
    words, last = screen.find("Preferences"), screen.field("Processes")
    camera.write("preferences", screen.picture()[words.top - 8 : last.bottom + 12, words.left - 6 : last.right + 8])
    screen.click("Back to Previous")

    view = screen.region("VIEW_3D", "WINDOW")
    screen.move(view)
    screen.key("x")  # the cube of a new file, which is selected, has no place on the ice
    screen.key("Return")
    screen.key("n")
    screen.click(screen.find("SkateSynth", upright=True))

    screen.turn_to("Take", inside=camera.side)
    screen.choose("Source", "Demo Take", inside=camera.side)
    screen.click("Load Take", inside=camera.side)
    camera.keep("Take", "Skater")
    screen.click(screen.after(screen.find("axel 1½", inside=camera.side), inside=camera.side)[-1])

    screen.turn_to("Skater", inside=camera.side)
    screen.choose("Outfit", "Dress", inside=camera.side)
    screen.click("Make Skater", inside=camera.side)
    camera.keep("Skater", "Retarget")
    screen.turn_to("Retarget", inside=camera.side)
    screen.click("Retarget", inside=camera.side)
    camera.keep("Retarget", "Rink & Light")
    screen.turn_to("Rink & Light", inside=camera.side)
    screen.choose("Rink", "Arena", inside=camera.side)
    screen.click("Build Rink & Light", inside=camera.side)
    camera.keep("Rink & Light", "Cameras")
    screen.turn_to("Cameras", inside=camera.side)
    screen.fill("Longer Side", "320", inside=camera.side)
    screen.click("Put Cameras", inside=camera.side, seconds=300)
    camera.keep("Cameras", "Labels")
    phone = screen.find("phone, 320 × 180", inside=camera.side)
    screen.click(screen.after(phone, inside=camera.side)[-1])
    screen.move(view)
    screen.key("shift+Left")
    screen.key(*["Right"] * 6)
    screen.key("alt+a")  # nobody is selected: outlines would be all over the skater
    camera.write("window", screen.picture())

    screen.turn_to("Labels", inside=camera.side)
    camera.keep("Labels", None)  # longer than the sidebar
    screen.click("Keypoints", inside=camera.side)
    screen.reveal("Colour Mesh By", inside=camera.side)
    screen.choose("Colour Mesh By", "Body Part", inside=camera.side)
    seen = screen.picture()
    camera.write("overlay", seen[view.top : view.bottom, view.left : camera.side.left])
    screen.choose("Colour Mesh By", "Nothing", inside=camera.side)
    screen.click(screen.reveal("Keypoints", inside=camera.side))

    screen.turn_to("Output", inside=camera.side)
    screen.fill("Folder", str(screen.folder / "axel"), inside=camera.side)
    camera.keep("Output", "Render")
    camera.sheet("steps", ["Take", "Skater"], ["Retarget", "Rink & Light"], ["Cameras", "Output"], ["Labels"])

    screen.turn_to("Render", inside=camera.side)
    screen.click("Render This Clip", inside=camera.side)
    screen.wait(lambda: screen.sees("Cancel", inside=camera.side), "the run", seconds=60)
    count = screen.ask("scene.frame_end - scene.frame_start + 1") * 2
    at_work = "any(' left' in words for words in panel_words()['Render'])"  # said from the first picture on
    screen.wait(lambda: screen.ask(at_work), "pictures", seconds=300)
    time.sleep(2.0)  # the panel draws itself anew every half second
    camera.keep("Render", None)
    camera.panels["at work"] = camera.panels["Render"]
    screen.wait(lambda: screen.sees(f"Done: {count} pictures", inside=camera.side), "the end", seconds=600)
    camera.keep("Render", None)
    camera.sheet("render", ["at work"], ["Render"])


def main() -> None:
    """Everything, in a folder that is gone afterwards if it is none of the user's."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    with tempfile.TemporaryDirectory() as folder:
        home = Path(sys.argv[2]).absolute() if len(sys.argv) > 2 else Path(folder)
        blender = installed(home)
        shutil.copytree(ensure_assets(), home / "makehuman")
        with Screen(blender, home / "screenshots") as screen:
            walk(screen, out, home / "makehuman")


if __name__ == "__main__":
    main()
