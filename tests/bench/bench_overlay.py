"""What the overlay costs for each redraw: three skaters with COCO-WholeBody's 133 points each.

    python tests/bench/bench_overlay.py                                # places and vertices, by bpy, without a window
    blender --python tests/bench/bench_overlay.py -- --assets DIR      # the drawing as well; then closes Blender

The second needs the libraries that are in the add-on's zip: PYTHONPATH names a folder of them, and Blender is told
`--python-use-system-env`.
The least and the middle of many redraws are told: a machine where other programs run adds to the latter. With software
GL, what is drawn is drawn by the processor, in threads beside this one.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import bpy
import numpy as np

SET, SKATERS, ROUNDS, WINDOW_ROUNDS = "coco_wholebody", 3, 200, 30


def main() -> None:
    """Says it in milliseconds."""
    words = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assets", type=Path, help="MakeHuman's data folder")
    options = parser.parse_args([] if words == sys.argv[1:] and bpy.app.binary_path else words)
    scene = people(options.assets)
    print(f"{SKATERS} skaters, {SET}, {ROUNDS} redraws, Blender {bpy.app.version_string}", flush=True)
    in_numpy(scene)
    if not bpy.app.background:
        # Blender draws its first windows after this script.
        bpy.app.timers.register(in_window, first_interval=2.0)


def people(assets: Path | None) -> Any:
    """A scene with three of them, one body copied."""
    from blender_addon.cast import GarmentSpec, SkaterSpec
    from blender_addon.clip import RenderSpec
    from blender_addon.makehuman.assets import ensure_assets
    from blender_addon.scene.at_hand import put_skater, skaters_in

    scene = bpy.context.scene
    for thing in tuple(scene.objects):
        bpy.data.objects.remove(thing)
    spec = SkaterSpec(garments={"leotard": GarmentSpec(), "boots": GarmentSpec(), "blades": GarmentSpec()})
    armature = put_skater(scene, spec, ensure_assets(assets), RenderSpec(subdivision=0))
    for number in range(1, SKATERS):
        other = armature.copy()
        other.location.x = float(number)
        scene.collection.objects.link(other)
    bpy.context.view_layer.update()
    assert len(skaters_in(scene)) == SKATERS
    return scene


def in_numpy(scene: Any) -> None:
    """Where everybody's points are, and the vertices of what is drawn."""
    from blender_addon.scene.at_hand import skaters_in
    from blender_addon.scene.at_hand.landmarks import pose_of, read_marks
    from blender_addon.ui.overlay.drawing import people_now
    from blender_addon.ui.overlay.skeleton import drawn

    graph = bpy.context.evaluated_depsgraph_get()
    shown = [(thing.evaluated_get(graph), read_marks(thing).bones) for thing in skaters_in(scene)]
    now = people_now(scene, SET)
    told("of which reading poses", lambda: [pose_of(*one) for one in shown])
    told("where points are", lambda: people_now(scene, SET))
    told("vertices", lambda: drawn(SET, now, 1.0))
    told("both", lambda: drawn(SET, people_now(scene, SET), 1.0))


def told(what: str, work: Callable[[], object]) -> None:
    """Does it many times, and says how long once takes."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(1e3 * (time.perf_counter() - began))
    say(what, taken)


def say(what: str, taken: list[float]) -> None:
    """A line of the table."""
    print(f"{what:28} least {min(taken):6.2f} ms   middle {np.median(taken):6.2f} ms", flush=True)


def in_window() -> None:
    """The whole callback, as Blender calls it, and a redraw of the window with the overlay off and on."""
    from blender_addon import ui
    from blender_addon.ui.overlay import viewport

    ui.register("bl_ext.bench.skatesynth")
    chosen = bpy.context.window_manager.skatesynth_overlay
    chosen.keypoints = SET
    taken: list[float] = []
    own: list[float] = []
    callback = viewport._draw_view

    def timed() -> None:
        began, worked = time.perf_counter(), time.thread_time()
        callback()
        taken.append(1e3 * (time.perf_counter() - began))
        own.append(1e3 * (time.thread_time() - worked))

    while viewport._handles:
        bpy.types.SpaceView3D.draw_handler_remove(viewport._handles.pop(), "WINDOW")
    viewport._handles.append(bpy.types.SpaceView3D.draw_handler_add(timed, (), "WINDOW", "POST_VIEW"))
    for on in (False, True):
        chosen.show = on
        redraws(10)
        taken.clear()
        own.clear()
        whole = redraws(WINDOW_ROUNDS)
        state = "on" if on else "off"
        assert len(taken) >= WINDOW_ROUNDS, "the 3D view was not drawn"
        say(f"callback, overlay {state}", taken)
        say("  of which this thread's own", own)
        say(f"whole redraw, overlay {state}", whole)
    print(f"trouble: {viewport.trouble or 'none'}", flush=True)
    ui.unregister()
    bpy.ops.wm.quit_blender()


def redraws(rounds: int) -> list[float]:
    """Milliseconds of each."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        bpy.ops.wm.redraw_timer(type="DRAW_WIN_SWAP", iterations=1)
        taken.append(1e3 * (time.perf_counter() - began))
    return taken


if __name__ == "__main__":
    main()
