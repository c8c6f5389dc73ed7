"""What people cost: seconds to build one, memory of eight, memory of a spectator.

    python tests/bench/bench_people.py [--people 12] [--spectators 300]

Building is `enter` (body, hair, clothes, skates, Blender's objects and materials), in seconds of processor time per
person, for people drawn as a job draws them; the first one reads MakeHuman's files and is told apart. Memory is the
peak of the resident set of a process of its own that renders one 320×240 frame of a clip: with one skater, with eight,
with a few spectators, with many more (Linux).
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_ROOT))

from blender_addon.clip import Clip  # noqa: E402
from blender_addon.makehuman.assets import ensure_assets  # noqa: E402
from render_scripts.job import CameraJob, CrowdJob, FramesJob, Job, RenderJob, SkaterJob  # noqa: E402
from render_scripts.plan import plan_job  # noqa: E402

FEW = 20


def clip_of(skaters: int, spectators: int) -> Clip:
    job = Job(
        seed=11,
        clips=1,
        frames=FramesJob(fps=5.0, count=2),
        skaters=tuple(SkaterJob() for _ in range(skaters)),
        crowd=CrowdJob(spectators=spectators),
        cameras=(CameraJob(name="stand", profile="broadcast", width=320, height=240, fill=0.2),),
        render=RenderJob(quality="draft"),
    )
    return plan_job(job)[0]


def build(people: int) -> None:
    import bpy

    from blender_addon.scene.entrance import enter

    clip = clip_of(people, 0)
    took = []
    for number, spec in enumerate(clip.skaters, start=1):
        scene = bpy.context.scene
        assert scene is not None
        began = time.process_time()
        enter(spec, ensure_assets(), clip.render, number, scene.collection)
        took.append(time.process_time() - began)
    rest = took[1:] or took
    print(f"building: first {took[0]:.2f} s, then median {statistics.median(rest):.2f} s, slowest {max(rest):.2f} s")


def peak(skaters: int, spectators: int) -> float:
    """MB that a process needs at the most to film one frame of such a clip."""
    command = [sys.executable, __file__, "--film", str(skaters), str(spectators)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout.splitlines()[-1])


def film(skaters: int, spectators: int) -> None:
    from blender_addon.render.shoot import shoot_clip

    with tempfile.TemporaryDirectory() as folder:
        frames = list(shoot_clip(clip_of(skaters, spectators), ensure_assets(), Path(folder), frames=(1,)))
    assert len(frames) == 1
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--spectators", type=int, default=300)
    parser.add_argument("--film", nargs=2, type=int, metavar=("SKATERS", "SPECTATORS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.film:
        film(*options.film)
        return
    build(options.people)
    one, eight = peak(1, 0), peak(8, 0)
    print(f"memory: one skater {one:.0f} MB, eight {eight:.0f} MB, each further one {(eight - one) / 7:.0f} MB")
    few, many = peak(1, FEW), peak(1, options.spectators)
    each = (many - few) / (options.spectators - FEW)
    print(f"spectators: {FEW} {few:.0f} MB, {options.spectators} {many:.0f} MB, each further one {each:.3f} MB")


if __name__ == "__main__":
    main()
