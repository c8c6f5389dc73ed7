"""Whether a worker's memory stays as it is: many clips in one process, the resident memory after each.

    python tests/bench/bench_memory.py [--clips 200] [--preset default] [--job FILE] [--frames 1] [--profile]

Every clip is another skater, rink, light and camera, as a job of the preset draws them, and goes through the worker's
own path into a fragment: 48×36 pixels, one sample, one frame. `--job` takes people and labels of another job. Resident
memory (Linux) is read twice after each clip, as the process has it, nothing collected or given back for the reading:

- "after": its scene still stands. Scenes differ by some 10% in size, so that one clip tells little.
- "between": Blender emptied as the next clip does first. What is left then is what clips leave behind.

For each, the mean of the ten clips after the tenth, when the process has what every clip needs, is compared with the
mean of the last ten, which may be 5% more: the exit status is 1 if one is. A straight line through all from the tenth
on tells what a clip adds, and the most that was ever resident what a worker needs.
`--profile` instead tells where the building of clips goes, by function, of processor time.
"""

from __future__ import annotations

import argparse
import cProfile
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
from blender_addon.scene.fresh import fresh_scene  # noqa: E402
from render_scripts.job import FramesJob, Job, SceneJob, load_job  # noqa: E402
from render_scripts.plan import plan_job  # noqa: E402
from render_scripts.worker import Task, run_task  # noqa: E402

SETTLED = 10
"""Clips after which the process has what every clip needs, and clips that are compared at either end."""

ALLOWED = 0.05
"""Share by which memory may have grown from then on."""


def small(clip: Clip, frames: int) -> Clip:
    """The clip with its first camera, at a size that renders at once."""
    camera = replace(clip.cameras[0], width=48, height=36, beside=None)
    render = replace(clip.render, samples=1, denoise=False, subdivision=0)
    return replace(clip, cameras=(camera,), render=render, count=min(frames, clip.count))


def resident() -> float:
    """MB of the process in memory."""
    return _status("VmRSS")


def _status(name: str) -> float:
    """MB under a name in the kernel's list about this process."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024.0


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


def film(clips: list[Clip]) -> dict[str, list[float]]:
    """Resident MB after each clip: "after" with its scene, "between" without."""
    assets = ensure_assets()
    used: dict[str, list[float]] = {"after": [], "between": []}
    with tempfile.TemporaryDirectory() as folder:
        for number, clip in enumerate(clips):
            began = time.perf_counter()
            task = Task(clip, Path(folder, "clip.tar"), assets)
            run_task(task, shoot_clip, {}, Path(folder), lambda answer: None)
            seconds, held = time.perf_counter() - began, blocks()
            used["after"].append(resident())
            fresh_scene()
            used["between"].append(resident())
            line = f"{number + 1:4d} {used['after'][-1]:7.0f} MB, between {used['between'][-1]:7.0f} MB"
            print(
                line, f"{held:5d} blocks {seconds:5.1f} s", clip.rink.kind, clip.light.kind, file=sys.stderr, flush=True
            )
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
    parser.add_argument("--job", type=Path)
    parser.add_argument("--frames", type=int, default=1)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    job = Job(
        seed=3,
        frames=FramesJob(fps=5.0, count=options.frames),
        scene=SceneJob.model_validate({"preset": options.preset}),
    )
    if options.job is not None:
        job = load_job(options.job)
    clips = [small(clip, options.frames) for clip in plan_job(job.model_copy(update={"clips": options.clips}))]
    if options.profile:
        profile(clips)
        return 0
    used = film(clips)
    print(curve(used["after"]), file=sys.stderr)
    if options.clips < 3 * SETTLED:
        print("too few clips to judge", file=sys.stderr)
        return 0
    grown = [told(name, values) for name, values in used.items()]
    print(f"at most {_status('VmHWM'):.0f} MB at any time", file=sys.stderr)
    return 0 if max(grown) <= ALLOWED else 1


def told(name: str, values: list[float]) -> float:
    """Prints and returns by which share memory has grown from the tenth clip on."""
    after = np.array(values[SETTLED:])
    first, last = float(after[:SETTLED].mean()), float(after[-SETTLED:].mean())
    slope = float(np.polyfit(np.arange(len(after)), after, 1)[0])
    print(
        f"{name}: tenth clip {values[SETTLED - 1]:.0f} MB, ten after it {first:.0f} MB, last ten {last:.0f} MB "
        f"({last / first - 1.0:+.1%}), {after.min():.0f} to {after.max():.0f} MB; {1024.0 * slope:.0f} kB per clip",
        file=sys.stderr,
    )
    return last / first - 1.0


if __name__ == "__main__":
    sys.exit(main())
