"""Whether a worker's memory stays as it is: many clips in one process, the resident memory after each.

    python tests/bench/bench_memory.py [--clips 200] [--preset default] [--profile]

Every clip is another skater, rink, light and camera, as a job of the preset draws them, and goes through the worker's
own path into a fragment: 48×36 pixels, one sample, one frame. Resident memory (Linux) is told after the tenth clip and
after the last, which may differ by 5%: the exit status is 1 if they do. Clips differ in size, so that the middle of ten
is compared, and a straight line through all from the tenth on tells what a clip leaves behind.
`--profile` instead tells where the building of clips goes, by function, of processor time.
"""

from __future__ import annotations

import argparse
import cProfile
import ctypes
import gc
import pstats
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np

_ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_ROOT))

from blender_addon.clip import Clip  # noqa: E402
from blender_addon.makehuman.assets import ensure_assets  # noqa: E402
from blender_addon.render.shoot import open_studio, shoot_clip  # noqa: E402
from render_scripts.job import FramesJob, Job, SceneJob  # noqa: E402
from render_scripts.plan import plan_job  # noqa: E402
from render_scripts.worker import Task, run_task  # noqa: E402

SETTLED = 10
"""Clips after which caches are full."""

ALLOWED = 0.05
"""Share by which memory may have grown from then on."""


def small(clip: Clip) -> Clip:
    """The clip with its first camera, at a size that renders at once."""
    camera = replace(clip.cameras[0], width=48, height=36, beside=None)
    render = replace(clip.render, samples=1, denoise=False, subdivision=0)
    return replace(clip, cameras=(camera,), render=render, count=1)


def resident() -> float:
    """MB in memory, what the allocator merely keeps for later given back."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def blocks() -> int:
    """Data blocks in Blender's file."""
    return sum(
        len(getattr(bpy.data, name)) for name in ("objects", "meshes", "materials", "images", "actions", "worlds")
    )


def curve(values: list[float], width: int = 60) -> str:
    """Lines of a chart: memory in MB over clips."""
    least, most = min(values), max(values)
    step = max(len(values) // 25, 1)
    rows = []
    for number in range(step - 1, len(values), step):
        bar = round(width * (values[number] - 0.95 * least) / max(most - 0.95 * least, 1e-9))
        rows.append(f"{number + 1:5d} {values[number]:8.0f} {'#' * bar}")
    return "\n".join(rows)


def film(clips: list[Clip]) -> list[float]:
    """Resident MB after each clip."""
    assets, used = ensure_assets(), []
    with tempfile.TemporaryDirectory() as folder:
        for number, clip in enumerate(clips):
            began = time.perf_counter()
            task = Task(clip, Path(folder, "clip.tar"), assets)
            run_task(task, shoot_clip, {}, Path(folder), lambda answer: None)
            used.append(resident())
            line = f"{number + 1:4d} {used[-1]:7.0f} MB {blocks():5d} blocks {time.perf_counter() - began:5.1f} s"
            print(line, clip.rink.kind, clip.light.kind, file=sys.stderr, flush=True)
    return used


def profile(clips: list[Clip]) -> None:
    """Prints what building costs, the functions of ours that take most."""
    assets, seen = ensure_assets(), cProfile.Profile(time.process_time)
    with tempfile.TemporaryDirectory() as folder:
        open_studio(clips[0], assets, Path(folder))  # reads MakeHuman's files
        for clip in clips[1:]:
            seen.enable()
            open_studio(clip, assets, Path(folder))
            seen.disable()
    table = pstats.Stats(seen, stream=sys.stderr)
    print(f"{table.total_tt / max(len(clips) - 1, 1):.2f} s of processor time per clip", file=sys.stderr)  # type: ignore[attr-defined]
    table.sort_stats("cumulative").print_stats("blender_addon|mocap", 45)
    table.sort_stats("tottime").print_stats(25)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--preset", choices=("clean", "default", "wild"), default="default")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    job = Job(
        seed=3,
        clips=options.clips,
        frames=FramesJob(fps=5.0, count=1),
        scene=SceneJob.model_validate({"preset": options.preset}),
    )
    clips = [small(clip) for clip in plan_job(job)]
    if options.profile:
        profile(clips)
        return 0
    used = film(clips)
    print(curve(used), file=sys.stderr)
    if len(used) < 3 * SETTLED:
        print("too few clips to judge", file=sys.stderr)
        return 0
    after = used[SETTLED:]
    first, last = float(np.median(after[:SETTLED])), float(np.median(after[-SETTLED:]))
    slope = float(np.polyfit(np.arange(len(after)), after, 1)[0])
    print(
        f"after {SETTLED} clips {first:.0f} MB, after {len(used)} {last:.0f} MB ({last / first - 1.0:+.1%}); "
        f"{1e3 * slope:.0f} kB per clip",
        file=sys.stderr,
    )
    return 0 if last <= (1.0 + ALLOWED) * first else 1


if __name__ == "__main__":
    sys.exit(main())
