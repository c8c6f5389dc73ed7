"""What labels cost: seconds per frame with them over seconds per frame of RGB alone, same scene, same run.

    python tests/bench/bench_labels.py [--frames 8] [--rounds 3] [--size 640x480] [--samples 16] [--few] [--docs]
        [--memory]

RGB alone is what plain bpy does: one view layer with no pass but Combined, written as a PNG. With labels: the
multi-layer EXR, its decoding, keypoints with visibility, and the encoded WebDataset sample. First with what every job
has, masks, boxes, keypoints and depth; then with each other label besides, and with all. Those are rendered by one
sample of their own, whatever the picture's number is: their cost is told between pictures of one sample, where it is
not lost in the picture's scatter. Every second round goes the other way round, medians are compared: of processor time
over all threads, which other programs on the machine disturb least, of the clock, and of the processor time that is
spent outside of Blender's renders.
`--few` leaves out the labels that are optional. `--docs` writes the table into docs/labels.md, between its marks.
`--memory` instead films 100 frames and prints the resident bytes after 10 and after 100.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path

import bpy

from blender_addon.clip import CameraSpec, Clip, LabelSpec
from blender_addon.labels.dense import DEFAULT_LABELS, DENSE_LABELS
from blender_addon.makehuman.assets import ensure_assets
from blender_addon.render.engine import configure
from blender_addon.render.shoot import Studio, look_through, open_studio
from render_scripts.job import demo_job
from render_scripts.plan import plan_job
from render_scripts.sample import encode_sample

DOCS = Path(__file__).resolve().parents[2] / "docs" / "labels.md"
BEGIN, END = "<!-- bench_labels: begin -->", "<!-- bench_labels: end -->"
STANDARD = "masks, boxes, keypoints, `depth`"


def resident_bytes() -> int:
    """Resident set of this process (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def film_with_labels(studio: Studio, frame: int) -> None:
    for shot in studio.shoot(frame):
        encode_sample(shot, studio.clip, (), {})


def film_rgb_alone(studio: Studio, folder: Path, frame: int) -> None:
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


def set_labels(studio: Studio, labels: tuple[str, ...] | None, samples: int) -> Studio:
    """The same studio with some labels of every pixel, or with no pass but the picture."""
    render = replace(studio.clip.render, samples=samples)
    clip = replace(studio.clip, labels=LabelSpec(dense=labels or ()), render=render)
    configure(studio.scene, clip.render, clip.labels, clip.seed)
    if labels is None:
        layer = studio.scene.view_layers[0]
        layer.use_pass_z = layer.use_pass_material_index = layer.use_pass_object_index = False
    return replace(studio, clip=clip)


@dataclass(frozen=True)
class Cost:
    """Seconds of a frame: `processor` over all threads, by the `clock`, and of processor time `outside` of renders."""

    processor: float
    clock: float
    outside: float


class RenderTime:
    """Processor seconds that Blender has spent in renders, by its own handlers."""

    def __init__(self) -> None:
        self.spent, self._began = 0.0, 0.0
        bpy.app.handlers.render_init.append(self._begin)
        bpy.app.handlers.render_complete.append(self._end)

    def close(self) -> None:
        """Takes the handlers out again: with any of them left, the bpy module does not end."""
        bpy.app.handlers.render_init.remove(self._begin)
        bpy.app.handlers.render_complete.remove(self._end)

    def _begin(self, *_: object) -> None:
        self._began = time.process_time()

    def _end(self, *_: object) -> None:
        self.spent += time.process_time() - self._began


def costs(run: Callable[[int], None], frames: list[int], rendering: RenderTime) -> list[Cost]:
    """Each frame but the first, which rebuilds what Cycles keeps from frame to frame."""
    run(frames[0])
    out = []
    for frame in frames[1:]:
        processor, clock, spent = time.process_time(), time.perf_counter(), rendering.spent
        run(frame)
        whole = time.process_time() - processor
        out.append(Cost(whole, time.perf_counter() - clock, whole - (rendering.spent - spent)))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", default="640x480")
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--docs", action="store_true")
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
        frames = list(range(count))
        # The first picture of all is slower than any later one: shaders and textures are read.
        film_rgb_alone(set_labels(studio, None, 1), Path(folder), 0)
        rendering = RenderTime()

        def taken(asked: Variants, samples: int) -> dict[str, Cost]:
            runs: dict[str, list[Cost]] = {name: [] for name in asked}
            for turn in range(options.rounds):
                for name in reversed(asked) if turn % 2 else asked:
                    labels = asked[name]
                    now = set_labels(studio, labels, samples)
                    film = partial(film_with_labels, now) if labels else partial(film_rgb_alone, now, Path(folder))
                    runs[name] += costs(film, frames, rendering)
            for name, found in runs.items():
                seconds = ", ".join(f"{cost.processor:.2f}" for cost in found)
                print(f"{name}, {samples} samples: {seconds} s of processor time", flush=True)
            return {name: middle(found) for name, found in runs.items()}

        standard = taken({"RGB alone": None, STANDARD: DEFAULT_LABELS}, options.samples)
        more = {} if options.few else taken(optional(), 1)
        rendering.close()
        text = table(
            f"{options.size} pixels, {options.samples} samples", options.rounds * options.frames, standard, more
        )
        print(text)
        if options.docs:
            write_docs(text)


Variants = dict[str, tuple[str, ...] | None]
"""Labels of every pixel by what the table calls them; None stands for RGB alone."""


def optional() -> Variants:
    """What every job has, and each of the others besides."""
    more = [name for name in DENSE_LABELS if name not in DEFAULT_LABELS]
    alone = {f"and `{name}`": (*DEFAULT_LABELS, name) for name in more}
    return {STANDARD: DEFAULT_LABELS, **alone, "and all of these": tuple(DENSE_LABELS)}


def middle(runs: list[Cost]) -> Cost:
    """The median of each."""
    return Cost(*(statistics.median(getattr(cost, field.name) for cost in runs) for field in fields(Cost)))


def table(title: str, frames: int, standard: dict[str, Cost], more: dict[str, Cost]) -> str:
    """Markdown: what labels take besides RGB alone, in seconds and as a share of it."""
    plain = standard["RGB alone"]
    pairs = [(STANDARD, standard[STANDARD], plain)]
    pairs += [(name, cost, more[STANDARD]) for name, cost in more.items() if name != STANDARD]
    rows = [
        f"| {name} | {100.0 * (cost.processor - base.processor) / plain.processor:+.1f}%"
        f" | {100.0 * (cost.clock - base.clock) / plain.clock:+.1f}%"
        f" | {100.0 * (cost.outside - base.outside) / plain.processor:+.1f}%"
        f" | {cost.processor - base.processor:+.2f} s |"
        for name, cost, base in pairs
    ]
    head = (
        f"{title}, {frames} frames each; RGB alone took {plain.processor:.1f} s of processor time per frame and "
        f"{plain.clock:.1f} s by the clock, on {os.cpu_count()} processors with {os.getloadavg()[0]:.0f} programs."
    )
    titles = ("labels", "processor", "clock", "outside of renders", "processor, seconds")
    return "\n".join((head, "", f"| {' | '.join(titles)} |", "|---|---|---|---|---|", *rows))


def write_docs(text: str) -> None:
    before, rest = DOCS.read_text(encoding="utf-8").split(BEGIN)
    DOCS.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}", encoding="utf-8")


def bench_clip(width: int, height: int, samples: int, count: int) -> Clip:
    """The demo's first clip, one camera of the given size."""
    clip = plan_job(demo_job())[0]
    # With all rows read at once, as flow has it, and no second render but the labels' own.
    sensor = replace(clip.cameras[0].sensor, readout=0.0, motion_blur=False, depth_of_field=False)
    camera: CameraSpec = replace(clip.cameras[0], width=width, height=height, sensor=sensor)
    render = replace(clip.render, samples=samples, engine="cycles", device="cpu")
    return replace(
        clip, fps=25.0, count=count, cameras=(camera,), render=render, labels=LabelSpec(dense=tuple(DENSE_LABELS))
    )


def measure_memory(studio: Studio) -> None:
    after = {}
    for frame in range(100):
        film_with_labels(studio, frame)
        after[frame + 1] = resident_bytes()
    growth = after[100] / after[10] - 1.0
    print(f"after 10 frames {after[10] / 1e6:.1f} MB, after 100 {after[100] / 1e6:.1f} MB, growth {100 * growth:.2f}%")


if __name__ == "__main__":
    main()
