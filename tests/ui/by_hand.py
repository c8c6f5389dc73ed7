"""What the walks through the panel share: a window with its screenshots, and how a panel and a data set are judged."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from real_blender import Blender
from screen import TOOLS, Box, Screen

PICTURES = "SKATESYNTH_PICTURES"
ADDON = "bl_ext.user_default.skatesynth"
PARTS = "[thing.name for thing in scene.objects]"
SETTINGS = "scene.skatesynth"


@contextmanager
def window(
    blender: Blender,
    pictures: Path,
    *arguments: str,
    variables: Mapping[str, str] | None = None,
    online: bool = True,
) -> Iterator[Screen]:
    """Blender's window, with the extension enabled; skipped where there is nothing to work it with.

    Args:
        pictures: where screenshots go, unless `SKATESYNTH_PICTURES` names another folder.
        arguments, variables, online: as of `Screen`.
    """
    *before, _ = blender.command()
    for tool in TOOLS:
        found = subprocess.run([*before, "sh", "-c", f"command -v {tool}"], cwd=blender.folder, capture_output=True)
        if found.returncode:
            pytest.skip(f"no {tool} where Blender runs: it is needed for a virtual screen, a mouse and keys")
    named = os.environ.get(PICTURES)
    pictures = Path(named).absolute() if named else pictures
    print(f"screenshots: {pictures}")
    with Screen(blender, pictures, *arguments, variables=variables, online=online) as opened:
        yield opened
        if Path(opened.folder / "blender.txt").exists():
            assert "Traceback" not in opened.log(), opened.log()


def undone_and_redone(screen: Screen, state: str) -> None:
    """Ctrl+Z takes back what was done last, as `state` tells, and Ctrl+Shift+Z does it again."""
    after = screen.ask(state)
    screen.move(screen.region("VIEW_3D", "UI"))
    screen.key("ctrl+z")
    assert screen.ask(state) != after
    screen.key("ctrl+shift+z")
    assert screen.ask(state) == after


def assert_whole(screen: Screen, side: Box, title: str, *, but: Collection[str] = ()) -> None:
    """All words of the panel that is open stand on the screen, none cut off; it is scrolled for those farther down.

    Args:
        but: words that need not.
    """
    missing = [words for words in dict.fromkeys(screen.ask("panel_words()")[title]) if words not in but]
    for _ in range(3):
        missing = [words for words in missing if not screen.places(words, inside=side)]
        if not missing:
            break
        screen.scroll(side, 8)
    assert not missing, f"cut off, or not there: {missing}"


def members(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of every shard."""
    for shard in sorted(folder.glob("*.tar")):
        with tarfile.open(fileobj=io.BytesIO(shard.read_bytes())) as tar:
            for member in tar:
                file = tar.extractfile(member)
                assert file is not None
                yield member.name, file.read()
