"""What samples, denoiser and subdivision buy: seconds per frame, and error against 4096 samples.

    python tests/bench/bench_quality.py [--scenes 3] [--size 640x480] [--reference 4096] [--seed 11] [--docs]

Scenes are clips of the preset `default` whose light differs in kind. Every setting renders the whole frame, and is
compared on two squares a seventh of the frame high, one around the skater and one on the boards, with the same squares
rendered by 4096 samples without a denoiser. Errors are of the developed picture (a camera without noise or
compression): RMSE in levels of 255, PSNR; and of the scene's light, the mean of (x − r)² / (r² + 0.01). Labels are
compared over the whole frame. Subdivision is compared at 64 samples with that of three levels, on the skater's square.
Time is processor time over all threads of one frame of a scene that is built already: as a ratio to 16 samples,
denoised, of the same run. Seconds are that ratio times the clock's median over scenes for 16 samples, taken before all
else, so that it is enough to keep other programs off for the first minutes. `--docs` writes the table into
docs/quality.md, between its marks.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np

_ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_ROOT))

from blender_addon.clip import CameraSpec, Clip, LensSpec, SensorSpec  # noqa: E402
from blender_addon.makehuman.assets import ensure_assets  # noqa: E402
from blender_addon.render.develop import develop  # noqa: E402
from blender_addon.render.passes import Passes, render_passes  # noqa: E402
from blender_addon.render.shoot import Studio, look_through, open_studio  # noqa: E402
from blender_addon.rink.plan import outline, perimeter  # noqa: E402
from render_scripts.job import CameraJob, FramesJob, Job, RenderJob  # noqa: E402
from render_scripts.plan import plan_job  # noqa: E402

DOCS = _ROOT / "docs" / "quality.md"
BEGIN, END = "<!-- bench_quality: begin -->", "<!-- bench_quality: end -->"
CROPPED = 7
"""A picture's height over a crop's side: 68 pixels of 480."""
SAMPLES = (4, 16, 64)
PLAIN = (16, "NONE")
"""What times are told as a ratio to."""
QUIET = "16, at the start"


@dataclass(frozen=True)
class Setting:
    """Samples, the denoiser's prefilter or "off"; whether lamps are chosen in the way that `engine` did not take."""

    samples: int
    denoiser: str
    otherwise: bool = False

    def name(self) -> str:
        return f"{self.samples} | {self.denoiser.lower()}{', lamps the other way' if self.otherwise else ''}"


SETTINGS = (
    *(Setting(samples, "off") for samples in SAMPLES),
    *(Setting(samples, "NONE") for samples in SAMPLES),
    *(Setting(16, prefilter) for prefilter in ("FAST", "ACCURATE")),
    Setting(16, "NONE", otherwise=True),
)


@dataclass(frozen=True)
class Error:
    """How far a picture is from the reference, on each of the crops."""

    squared: tuple[float, ...]
    relative: tuple[float, ...]


class Scene:
    """One clip's frame, ready to be rendered again and again."""

    def __init__(self, clip: Clip, folder: Path, subdivision: int = 1) -> None:
        camera = clip.cameras[0]
        self.camera: CameraSpec = replace(camera, sensor=SensorSpec(exposure=camera.sensor.exposure))
        render = replace(clip.render, subdivision=subdivision)
        self.clip = replace(clip, cameras=(self.camera,), render=render)
        self.folder = folder
        self.studio: Studio = open_studio(self.clip, ensure_assets(), folder)
        self.scene = self.studio.scene
        self.scene.frame_set(0)
        self.view = self.studio.views[self.camera.name][0]
        look_through(self.scene, self.studio.cameras[self.camera.name], self.view)
        self.crop = self.view.height // CROPPED
        self.tree = bool(self._cycles.use_light_tree)

    @property
    def _cycles(self) -> Any:
        return self.scene.cycles

    def render(self, setting: Setting) -> Passes:
        cycles = self._cycles
        cycles.samples = setting.samples
        cycles.use_denoising = setting.denoiser != "off"
        if cycles.use_denoising:
            cycles.denoising_prefilter = setting.denoiser
        cycles.use_light_tree = self.tree != setting.otherwise
        return render_passes(self.scene, self.folder)

    def timed(self, setting: Setting) -> tuple[Passes, float, float]:
        """The passes, seconds of processor time and of the clock."""
        cpu, wall = time.process_time(), time.perf_counter()
        passes = self.render(setting)
        return passes, time.process_time() - cpu, time.perf_counter() - wall

    def reference(self, crops: list[tuple[int, int]], samples: int, around: np.ndarray) -> np.ndarray:
        """(H, W, 3) light: `around` with the crops (left, top) rendered by many samples."""
        out = around.copy()
        seed = self._cycles.seed
        # Another seed: fewer samples of the same one would be part of these.
        self._cycles.seed = seed ^ 1
        for left, top in crops:
            many = self.render_crop((left, top), Setting(samples, "off")).linear
            out[top : top + self.crop, left : left + self.crop] = many[top : top + self.crop, left : left + self.crop]
        self._cycles.seed = seed
        return out

    def render_crop(self, crop: tuple[int, int], setting: Setting) -> Passes:
        """Passes that hold nothing outside a crop."""
        (left, top), render = crop, self.scene.render
        render.use_border = True
        render.border_min_x, render.border_max_x = left / self.view.width, (left + self.crop) / self.view.width
        render.border_min_y = 1.0 - (top + self.crop) / self.view.height
        render.border_max_y = 1.0 - top / self.view.height
        passes = self.render(setting)
        render.use_border = False
        return passes

    def crops(self, passes: Passes) -> list[tuple[int, int]]:
        """Left and top of the crops: around the skater, and on boards beside."""
        rows, columns = np.nonzero(passes.instance == 1)
        skater = (float(np.median(columns)), float(np.median(rows)))
        rink = self.clip.rink
        places = outline(rink, np.linspace(0.0, perimeter(rink), 400))
        world = np.concatenate((places, np.full((len(places), 1), 0.6)), axis=1)
        seen = world @ self.view.R.T + self.view.t
        seen = seen[seen[:, 2] > 1.0]
        pixels = seen[:, :2] / seen[:, 2:] @ self.view.K[:2, :2].T + self.view.K[:2, 2]
        inside = (pixels > 0.5 * self.crop) & (pixels < np.array((self.view.width, self.view.height)) - 0.5 * self.crop)
        pixels = pixels[inside.all(axis=1) & (np.abs(pixels[:, 0] - skater[0]) > self.crop)]
        middles = [skater]
        if len(pixels):
            nearest = pixels[np.argmin(np.abs(pixels[:, 0] - skater[0]))]
            middles.append((float(nearest[0]), float(nearest[1])))
        most = np.array((self.view.width, self.view.height)) - self.crop
        return [tuple(np.clip(np.rint(np.array(m) - 0.5 * self.crop), 0, most).astype(int).tolist()) for m in middles]

    def error(self, passes: Passes, reference: np.ndarray, crops: list[tuple[int, int]]) -> Error:
        people = passes.instance == 1
        shown, right = (
            develop(light, people, self.camera, self.clip.light, 0)[0].astype(float)
            for light in (passes.linear, reference)
        )
        squared, relative = [], []
        for left, top in crops:
            box = (slice(top, top + self.crop), slice(left, left + self.crop))
            squared.append(float(np.mean((shown[box] - right[box]) ** 2)))
            off = (passes.linear[box] - reference[box]) ** 2 / (reference[box] ** 2 + 0.01)
            relative.append(float(np.mean(off)))
        return Error(tuple(squared), tuple(relative))


def differing(a: Passes, b: Passes) -> float:
    """Share of the pixels of people in which labels differ."""
    either = (a.instance > 0) | (b.instance > 0)
    other = (a.instance != b.instance) | (a.body != b.body) | (a.clothes != b.clothes)
    return float(other[either].mean())


def clips_of(count: int, size: tuple[int, int], seed: int) -> list[Clip]:
    """Clips of the preset `default` with one camera each, their light of as many kinds as there are."""
    job = Job(
        seed=seed,
        clips=40,
        frames=FramesJob(fps=5.0, count=1),
        cameras=(CameraJob(name="phone", profile="phone"),),
        render=RenderJob(quality="standard"),
    )
    found: dict[str, Clip] = {}
    for clip in plan_job(job):
        if clip.rink.file is None and clip.light.kind not in found:
            camera = replace(clip.cameras[0], width=size[0], height=size[1], lens=LensSpec())
            found[clip.light.kind] = replace(clip, cameras=(camera,))
        if len(found) == count:
            break
    return list(found.values())


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def measure(clips: list[Clip], reference: int) -> list[dict[str, Any]]:
    """Rows of the table, one for each setting and scene."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for clip in clips:
            scene = Scene(clip, folder)
            scene.timed(Setting(1, "off"))  # what is done once for each scene
            rows.append({"setting": QUIET, "wall": scene.timed(Setting(*PLAIN))[2]})
            say(json.dumps(rows[-1]))
        for clip in clips:
            kind = f"{clip.rink.kind}, {clip.light.kind}"
            scene = Scene(clip, folder)
            first = scene.render(Setting(PLAIN[0], PLAIN[1]))
            crops = scene.crops(first)
            began = time.perf_counter()
            right = scene.reference(crops, reference, first.linear)
            say(f"{kind}, light tree {scene.tree}: reference {time.perf_counter() - began:.0f} s, crops {crops}")
            plain = Setting(*PLAIN)
            base = 0.0
            for number, setting in enumerate(SETTINGS):
                if number % 3 == 0:  # again and again, as other programs may disturb the machine
                    _, base, _ = scene.timed(plain)
                passes, cpu, wall = scene.timed(setting)
                error = scene.error(passes, right, crops)
                row = {
                    "scene": kind,
                    "setting": setting.name(),
                    "cpu": cpu,
                    "base": base,
                    "wall": wall,
                    "squared": error.squared,
                    "relative": error.relative,
                    "labels": differing(passes, first),
                }
                rows.append(row)
                say(json.dumps(row))
            rows += subdivided(clip, folder, crops, kind)
    return rows


def subdivided(clip: Clip, folder: Path, crops: list[tuple[int, int]], kind: str) -> list[dict[str, Any]]:
    """Levels of subdivision, each against the third, at 64 samples."""
    rows, best, light = [], None, None
    for level in (3, 2, 1, 0):
        scene = Scene(clip, folder, level)
        scene.timed(Setting(1, "off"))
        passes, cpu, wall = scene.timed(Setting(*PLAIN))
        square = scene.render_crop(crops[0], Setting(64, "NONE"))
        if best is None or light is None:
            best, light = passes, square.linear
            continue
        error = scene.error(square, light, crops[:1])
        rows.append(
            {
                "scene": kind,
                "setting": f"subdivision {level}",
                "cpu": cpu,
                "base": cpu,
                "wall": wall,
                "squared": error.squared,
                "relative": error.relative,
                "labels": differing(passes, best),
            }
        )
        say(json.dumps(rows[-1]))
    for row in rows:
        row["base"] = next(other["cpu"] for other in rows if other["setting"] == "subdivision 1")
    return rows


def table(rows: list[dict[str, Any]], conditions: str) -> str:
    """Markdown of the means over scenes."""
    usual = float(np.median([row["wall"] for row in rows if row["setting"] == QUIET]))
    rows = [row for row in rows if row["setting"] != QUIET]
    lines = [
        conditions,
        f"16 samples, denoised without a prefilter, took {usual:.1f} s of the clock (median).",
        "",
        "| samples | denoiser | time | s per frame | RMSE skater | RMSE boards | PSNR skater, dB | relative MSE |",
        "|--:|:--|--:|--:|--:|--:|--:|--:|",
    ]
    levels = [
        "| subdivision | time | RMSE skater | label pixels that differ |",
        "|--:|--:|--:|--:|",
    ]
    for name in dict.fromkeys(row["setting"] for row in rows):
        mine = [row for row in rows if row["setting"] == name]
        ratio = float(np.median([row["cpu"] / row["base"] for row in mine]))
        skater = float(np.mean([row["squared"][0] for row in mine]))
        if name.startswith("subdivision"):
            share = float(np.mean([row["labels"] for row in mine]))
            levels.append(f"| {name.split()[1]} | {ratio:.2f} | {np.sqrt(skater):.2f} | {share:.2%} |")
            continue
        boards = float(np.mean([row["squared"][-1] for row in mine]))
        relative = float(np.mean([part for row in mine for part in row["relative"]]))
        psnr = 10.0 * np.log10(255.0**2 / max(skater, 1e-9))
        lines.append(
            f"| {name} | {ratio:.2f} | {ratio * usual:.1f} | {np.sqrt(skater):.2f} | {np.sqrt(boards):.2f} "
            f"| {psnr:.1f} | {relative:.4f} |"
        )
    labels = max(row["labels"] for row in rows if not row["setting"].startswith("subdivision"))
    return "\n".join(
        [*lines, "", f"Labels differ between these settings in {labels:.2%} of people's pixels.", "", *levels]
    )


def write_docs(text: str) -> None:
    """Puts the table between the marks."""
    before, rest = DOCS.read_text(encoding="utf-8").split(BEGIN)
    DOCS.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=3)
    parser.add_argument("--size", default="640x480")
    parser.add_argument("--reference", type=int, default=4096)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    width, height = (int(part) for part in options.size.split("x"))
    clips = clips_of(options.scenes, (width, height), options.seed)
    rows = measure(clips, options.reference)
    kinds = "; ".join(f"{clip.rink.kind} rink, {clip.light.kind}" for clip in clips)
    conditions = (
        f"{len(clips)} scenes ({kinds}), one skater, {options.size}, reference {options.reference} samples, "
        f"Blender {bpy.app.version_string}, {platform.machine()}, {os.cpu_count()} cores."
    )
    text = table(rows, conditions)
    print(text, file=sys.stderr)
    if options.docs:
        write_docs(text)


if __name__ == "__main__":
    main()
