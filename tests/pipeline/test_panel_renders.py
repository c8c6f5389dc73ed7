"""Render This Clip and Render Data Set for real, from the panel, in a scene of a user's own: which stays as it is."""

from __future__ import annotations

import json
import tarfile
import time
from pathlib import Path

import pytest

bpy = pytest.importorskip("bpy")

from scene_dump import dump  # noqa: E402

from blender_addon import ui  # noqa: E402
from blender_addon.ui import watch  # noqa: E402


def wait(out: Path, seconds: float = 300.0) -> watch.Watched:
    """Ticks as Blender's timer would, until the run has ended."""
    end = time.monotonic() + seconds
    while (there := watch.at(out.with_name(f"{out.name}-run"))).run is not None:
        assert time.monotonic() < end, there
        time.sleep(0.1)
        watch.tick()
    return there


def test_the_scene_at_hand_is_rendered_and_stays_as_it_is(
    assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKATESYNTH_ASSETS", str(assets))
    bpy.ops.wm.read_homefile()  # with a cube, a camera and a lamp of the user's
    ui.register("bl_ext.tests.skatesynth")
    try:
        scene, ops, out = bpy.context.scene, bpy.ops.skatesynth, tmp_path / "skates"
        scene.render.resolution_x, scene.render.engine = 321, "BLENDER_WORKBENCH"
        chosen = scene.skatesynth
        chosen.take.source, chosen.take.element = "element", "axel"
        chosen.cameras.set, chosen.cameras.size = "phone", 160
        chosen.output.out, chosen.output.device = str(out), "cpu"
        ops.load_take()
        ops.make_skater()
        ops.retarget()
        ops.put_cameras()
        scene.frame_start, scene.frame_end = 20, 21
        scene.frame_set(7)
        before = dump()
        ops.render_clip()
        assert dump() == before
        there = wait(out)
        assert there.shown.headline == "Done: 2 pictures", there.shown
        assert dump() == before
        (shard,) = out.glob("*.tar")
        with tarfile.open(shard) as tar:
            names = sorted(member.name for member in tar if member.name.endswith(".json"))
            labels = [json.load(tar.extractfile(name)) for name in names]  # type: ignore[arg-type]
        assert [label["frame"] for label in labels] == [0, 1]
        assert all(len(label["people"]) == 1 for label in labels)
        # Rendered once more, it is another state of the scene as likely as not: that is for the user to say.
        scene.frame_end = 20
        ops.render_clip()
        there = wait(out)
        assert there.shown.outcome == "failed" and "tick Overwrite" in there.shown.detail
        ops.render_clip(replace=True)
        assert wait(out).shown.headline == "Done: 1 picture"
    finally:
        ui.unregister()
