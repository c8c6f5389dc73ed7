"""What the labels cost: seconds per frame with all of them over seconds per frame of RGB alone, same scene, same run.

    python tests/bench/bench_labels.py [--frames 8] [--rounds 3] [--size 640x480] [--samples 16] [--memory]

RGB alone is what plain bpy does: one view layer with no pass but Combined, written as a PNG. With labels: the
multi-layer EXR, its decoding, keypoints with visibility, and the encoded WebDataset sample. Rounds alternate, medians
are compared: of processor time over all threads, which other programs on the machine disturb little, and of the clock.
`--memory` instead films 100 frames and prints the resident bytes after 10 and after 100.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import bpy

from blender_addon.clip import CameraSpec, Clip, LabelSpec
from blender_addon.makehuman.assets import ensure_assets
from blender_addon.render.shoot import Studio, look_through, open_studio
from render_scripts.job import demo_job
from render_scripts.plan import plan_job
from render_scripts.sample import encode_sample


def resident_bytes() -> int:
    """Resident set of this process (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def film_with_labels(studio: Studio, frame: int) -> None:
    for shot in studio.shoot(frame):
        encode_sample(shot, studio.clip, (), {})


def film_rgb_alone(studio: Studio, frame: int, folder: Path) -> None:
    scene = studio.scene
    image = scene.render.image_settings
    if hasattr(image, "media_type"):
        image.media_type = "IMAGE"
    image.file_format, image.color_mode, image.color_depth, image.compression = "PNG", "RGB", "8", 15
    scene.render.filepath = str(folder / "rgb.png")
    scene.frame_set(frame)
    for name, camera in studio.cameras.items():
        look_through(scene, camera, studio.views[name][frame])
        bpy.ops.render.render(write_still=True)


def set_passes(scene: bpy.types.Scene, on: bool) -> None:
    layer = scene.view_layers[0]
    layer.use_pass_z = layer.use_pass_material_index = layer.use_pass_object_index = on


def seconds(run: Callable[[int], None], frames: list[int]) -> list[tuple[float, float]]:
    """Processor and clock seconds of each frame but the first, which rebuilds what Cycles keeps from frame to frame."""
    run(frames[0])
    out = []
    for frame in frames[1:]:
        processor, clock = time.process_time(), time.perf_counter()
        run(frame)
        out.append((time.process_time() - processor, time.perf_counter() - clock))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", default="640x480")
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    width, height = (int(n) for n in options.size.split("x"))
    count = 100 if options.memory else options.frames + 1
    clip = bench_clip(width, height, options.samples, count)
    with tempfile.TemporaryDirectory() as folder:
        studio = open_studio(clip, ensure_assets(), Path(folder))
        if options.memory:
            measure_memory(studio)
            return
        alone: list[tuple[float, float]] = []
        labelled: list[tuple[float, float]] = []
        frames = list(range(count))
        for _ in range(options.rounds):
            set_passes(studio.scene, False)
            alone += seconds(lambda f: film_rgb_alone(studio, f, Path(folder)), frames)
            set_passes(studio.scene, True)
            labelled += seconds(lambda f: film_with_labels(studio, f), frames)
        print(f"{options.size}, {options.samples} samples, {len(alone)} frames each:")
        for k, name in enumerate(("processor", "clock")):
            a, b = (statistics.median(times[k] for times in runs) for runs in (alone, labelled))
            print(f"  {name}: RGB alone {a:.3f} s, all labels {b:.3f} s, ratio {b / a:.3f}")


def bench_clip(width: int, height: int, samples: int, count: int) -> Clip:
    """The demo's first clip, one camera of the given size."""
    clip = plan_job(demo_job())[0]
    camera: CameraSpec = replace(clip.cameras[0], width=width, height=height)
    render = replace(clip.render, samples=samples, engine="cycles", device="cpu")
    return replace(clip, fps=25.0, count=count, cameras=(camera,), render=render, labels=LabelSpec())


def measure_memory(studio: Studio) -> None:
    after = {}
    for frame in range(100):
        film_with_labels(studio, frame)
        after[frame + 1] = resident_bytes()
    growth = after[100] / after[10] - 1.0
    print(f"after 10 frames {after[10] / 1e6:.1f} MB, after 100 {after[100] / 1e6:.1f} MB, growth {100 * growth:.2f}%")


if __name__ == "__main__":
    main()
