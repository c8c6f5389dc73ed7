"""The real Blender with the extension in it, in user folders of the tests' own."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from real_blender import HOW, VARIABLE, Blender
from screen import Box, Screen

from render_scripts.build_extension import build_extension


@pytest.fixture(scope="session")
def blender(tmp_path_factory: pytest.TempPathFactory) -> Blender:
    """Blender with the extension built from this tree, validated, installed and enabled."""
    if not os.environ.get(VARIABLE):
        pytest.skip(HOW)
    return installed(tmp_path_factory.mktemp("blender"))


def installed(folder: Path) -> Blender:
    """The same, in a folder of one's own."""
    (folder / "resources").mkdir()
    program = Blender(folder)
    said = program.run("--background", "--python-expr", "import sys; print('python', sys.version_info[:2])")
    version = re.search(r"python \((\d+), (\d+)\)", said)
    assert version is not None, said
    archive = build_extension(folder, pythons=[".".join(version.groups())])
    assert "Success" in program.run("--command", "extension", "validate", str(archive))
    program.run("--command", "extension", "install-file", "--repo", "user_default", "--enable", str(archive))
    return program


@pytest.fixture(scope="session")
def data(blender: Blender, assets: Path) -> Path:
    """MakeHuman's data where that Blender sees it."""
    copy = blender.folder / "makehuman"
    shutil.copytree(assets, copy)
    return copy


@pytest.fixture
def last_look(request: pytest.FixtureRequest, screen: Screen) -> Iterator[None]:
    """Leaves a screenshot where a step fails; `screen` is the window of the test's own module."""
    before = request.session.testsfailed
    yield
    if request.session.testsfailed > before:
        screen.save(f"failed_{request.node.name}")


@pytest.fixture
def side(screen: Screen) -> Box:
    """The sidebar of the 3D view."""
    return screen.region("VIEW_3D", "UI")
