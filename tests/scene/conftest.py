"""What tests of the panel's steps share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def ops(assets: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """The buttons of the extension in an empty scene; one take is an authored jump."""
    import bpy
    from empty_scene import empty_scene

    from blender_addon import ui

    monkeypatch.setenv("SKATESYNTH_ASSETS", str(assets))
    empty_scene()
    ui.register("bl_ext.tests.skatesynth")
    chosen = bpy.context.scene.skatesynth
    chosen.take.source, chosen.take.element = "element", "axel"
    chosen.output.out = str(tmp_path / "skates")
    chosen.cameras.set = "tripod"
    yield bpy.ops.skatesynth
    ui.unregister()
