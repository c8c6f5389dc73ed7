"""Masks against the truth: by index passes, Cryptomatte and AOVs, for Cycles and for EEVEE.

    python tests/bench/bench_masks.py [--scenes PART,PART] [--tiles 8] [--engines cycles,eevee] [--rows FILE] [--docs]

The truth of a pixel is the label that most of 32 × 32 rays through it meet, evenly spread over its square: the same
scene rendered by Cycles at 32 times the resolution, one ray through the centre of each small pixel, square by square
(32 × 32 pixels of the picture each, those with the most borders in them first), without light. A pixel is on a border
if the truth of its 3 × 3 neighbourhood holds more than one label. Of the others, those are told apart which something
crosses that is nowhere most of a pixel, as a gap between fingers or a lace is: their rays meet more than one label. All
methods are of 16 samples where not said
otherwise. Time is processor time of a frame over that of the picture alone, in the same run, medians of rounds,
in the first scene.
`--docs` writes the tables into docs/labels.md, between its marks.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import bpy
import cv2
import numpy as np

_ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_ROOT))

from blender_addon.cast import CrowdSpec, GarmentSpec, HairSpec, MotionSpec, PlacementSpec, SkaterSpec  # noqa: E402
from blender_addon.clip import CameraSpec, Clip, LensSpec, RenderSpec, RinkSpec  # noqa: E402
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, color_table, unpack_index  # noqa: E402
from blender_addon.makehuman.assets import ensure_assets  # noqa: E402
from blender_addon.render.engine import configure  # noqa: E402
from blender_addon.render.opengl import require_opengl  # noqa: E402
from blender_addon.render.passes import MATTE, OBJECT_MATTE, cryptomatte_labels, read_exr  # noqa: E402
from blender_addon.render.shoot import look_through, open_studio  # noqa: E402
from blender_addon.scene.shading import add_node  # noqa: E402

DOCS = _ROOT / "docs" / "labels.md"
BEGIN, END = "<!-- bench_masks: begin -->", "<!-- bench_masks: end -->"
FINE = 32
"""Rays along a pixel's side."""
TILE = 32
"""Pixels along the side of the squares in which the truth is rendered."""
SAMPLES = 16
MASKS = ("body", "clothes", "instance")
AOV = "label"

Labels = tuple[np.ndarray, np.ndarray, np.ndarray]
"""body, clothes, instance, each (H, W)."""

_DRESS = {name: GarmentSpec() for name in ("leotard", "skirt", "tights", "boots", "blades")}
_SUIT = {name: GarmentSpec() for name in ("shirt", "trousers", "boots", "blades", "gloves")}
_WARM = {name: GarmentSpec() for name in ("trousers", "jacket", "shoes", "hat")}


def _woman(element: str = "camel spin", start: float = 4.0, hair: str = "ponytail", y: float = 0.0) -> SkaterSpec:
    return SkaterSpec(
        phenotype={"gender": 0.0},
        garments=_DRESS,
        hair=HairSpec(hair),
        motion=MotionSpec(element=element, start=start),
        placement=PlacementSpec(y=y),
    )


def _man(y: float) -> SkaterSpec:
    return SkaterSpec(
        phenotype={"gender": 1.0},
        garments=_SUIT,
        hair=HairSpec("short"),
        motion=MotionSpec(element="spiral", start=3.0),
        placement=PlacementSpec(y=y),
    )


def clips(size: tuple[int, int]) -> Mapping[str, Clip]:
    """The scenes by name."""
    base = Clip(
        index=0,
        seed=7,
        fps=2.0,
        count=1,
        skaters=(_woman(),),
        cameras=(CameraSpec("c", azimuth=-1.5, distance=6.0, fill=0.85, width=size[0], height=size[1]),),
        rink=RinkSpec(tiers=0, banners=0, adverts=0.0, benches=False),
        render=RenderSpec(samples=SAMPLES, device="cpu"),
    )
    (camera,) = base.cameras
    fisheye = LensSpec(model="fisheye", coefficients=(0.0741, -0.0061, -0.001, -0.0003), widest=2.1, narrowest=2.1)
    return {
        "a skater": base,
        "two, one before the other": replace(
            base, skaters=(_woman("stroking", 1.0, "curly", y=-0.9), replace(_man(y=0.4), in_focus=True))
        ),
        "loose hair, close": replace(
            base,
            skaters=(_woman("standing", 1.0, "long"),),
            cameras=(replace(camera, fill=1.0, distance=3.0, moves=replace(camera.moves, keep=0.2)),),
        ),
        "behind glass": replace(
            base, cameras=(replace(camera, place=(0.5, -16.6, 2.0)),), rink=replace(base.rink, glass=1.8)
        ),
        "fisheye": replace(base, cameras=(replace(camera, lens=fisheye, distance=1.8, elevation=1.2),)),
        "spectators": replace(
            base,
            skaters=(_woman(y=9.0),),
            cameras=(replace(camera, azimuth=math.radians(-90.0), distance=9.0, fill=0.35),),
            crowd=CrowdSpec(600, (SkaterSpec(garments=_WARM, role="spectator", in_focus=False),), seed=2),
            rink=RinkSpec(),
        ),
    }


class Set:
    """A clip's first frame, ready to be rendered again and again."""

    def __init__(self, clip: Clip, folder: Path) -> None:
        self.clip, self.folder = clip, folder
        self.studio = open_studio(clip, ensure_assets(), folder)
        self.scene: Any = self.studio.scene
        self.scene.frame_set(0)
        (spec,) = clip.cameras
        self.view = self.studio.views[spec.name][0]
        look_through(self.scene, self.studio.cameras[spec.name], self.view)
        self.engine("cycles")
        _write_aovs(self.scene)

    def engine(self, name: str) -> None:
        """Has the scene rendered by an engine, labels as the pipeline asks for them."""
        spec = replace(self.clip.render, engine=name)
        configure(self.scene, spec, self.clip.labels, 3)
        self.scene.view_layers[0].use_pass_normal = False

    def passes(self, index: bool = False, matte: bool = False, aov: bool = False, depth: bool = True) -> None:
        """Which passes the next render writes."""
        layer = self.scene.view_layers[0]
        layer.use_pass_z = depth
        layer.use_pass_material_index = layer.use_pass_object_index = index
        layer.use_pass_cryptomatte_material = layer.use_pass_cryptomatte_object = matte
        layer.pass_cryptomatte_depth = 6
        if aov == bool(layer.aovs):
            return
        if aov:
            made = layer.aovs.add()
            made.name, made.type = AOV, "COLOR"
        else:
            layer.aovs.remove(layer.aovs[0])
        # Cycles leaves nodes out of its shaders that no pass asks for.
        for material in _of_people(self.scene):
            material.node_tree.update_tag()
            material.update_tag()

    def render(self) -> tuple[dict[str, np.ndarray], dict[str, object]]:
        """Channels and header of a render with the passes set."""
        exr = self.folder / "frame.exr"
        _to_exr(self.scene, exr)
        bpy.ops.render.render(write_still=True)
        return read_exr(exr)


def _to_exr(scene: Any, path: Path) -> None:
    image = scene.render.image_settings
    scene.render.filepath = str(path)
    scene.render.use_file_extension = False
    if hasattr(image, "media_type"):
        image.media_type = "MULTI_LAYER_IMAGE"
    image.file_format, image.color_depth, image.exr_codec = "OPEN_EXR_MULTILAYER", "32", "NONE"


def _of_people(scene: Any) -> list[Any]:
    """Materials that people show, in an order that is the same each time."""
    found = {slot.material for made in scene.objects if made.pass_index for slot in made.material_slots}
    return sorted(found - {None}, key=lambda material: material.name)


def _write_aovs(scene: Any) -> None:
    """Has every material of people write its index and its object's."""
    for material in _of_people(scene):
        tree = material.node_tree
        who = add_node(tree, "ShaderNodeObjectInfo").outputs["Object Index"]
        both = add_node(tree, "ShaderNodeCombineXYZ", {0: float(material.pass_index), 1: who})
        add_node(tree, "ShaderNodeOutputAOV", {"Color": both.outputs[0]}, aov_name=AOV)


# How labels are had


def by_index(made: Set) -> Labels:
    made.passes(index=True)
    return _indexed(made.render()[0])


def by_matte(made: Set) -> Labels:
    made.passes(matte=True)
    channels, header = made.render()
    return cryptomatte_labels(heaviest_first(channels), header, made.scene)


def heaviest_first(channels: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Channels whose first rank of Cryptomatte is the one that covers most: Cycles writes them as its samples come."""
    out = dict(channels)
    for matte in (MATTE, OBJECT_MATTE):
        layers = sorted(name[:-2] for name in channels if f"{matte}0" in name and name.endswith(".r"))
        ids = np.stack([channels[f"{layer}.{c}"] for layer in layers for c in "rb"])
        weights = np.stack([channels[f"{layer}.{c}"] for layer in layers for c in "ga"])
        out[f"{layers[0]}.r"] = np.take_along_axis(ids, weights.argmax(axis=0)[None], axis=0)[0]
    return out


def by_aov(made: Set) -> Labels:
    made.passes(aov=True)
    return _of_aov(made.render()[0])


def by_second_index(made: Set) -> Labels:
    made.passes()
    made.render()
    with single_sample(made.scene):
        return by_index(made)


def by_second_aov(made: Set) -> Labels:
    made.passes()
    made.render()
    with single_sample(made.scene):
        return by_aov(made)


def by_second_matte(made: Set) -> Labels:
    made.passes()
    made.render()
    with single_sample(made.scene):
        return by_matte(made)


METHODS: Mapping[str, Mapping[str, Callable[[Set], Labels]]] = {
    "cycles": {
        "index passes": by_index,
        "index passes, a render of one sample": by_second_index,
        "Cryptomatte, what covers most": by_matte,
        "AOV, rounded": by_aov,
        "AOV, a render of one sample": by_second_aov,
    },
    "eevee": {
        "Cryptomatte, what covers most": by_matte,
        "Cryptomatte, a render of one sample": by_second_matte,
        "AOV, rounded": by_aov,
        "AOV, a render of one sample": by_second_aov,
    },
}


@contextmanager
def single_sample(scene: Any) -> Iterator[None]:
    """One sample through each pixel's centre."""
    cycles, eevee, render = scene.cycles, scene.eevee, scene.render
    denoising, taken, wide = cycles.use_denoising, eevee.taa_render_samples, render.filter_size
    cycles.use_sample_subset, cycles.sample_offset, cycles.sample_subset_length = True, 0, 1
    cycles.use_denoising = False
    eevee.taa_render_samples = 1
    if render.engine != "CYCLES":
        render.filter_size = 0.01
    try:
        yield
    finally:
        cycles.use_sample_subset, cycles.use_denoising = False, denoising
        eevee.taa_render_samples, render.filter_size = taken, wide


def _indexed(channels: Mapping[str, np.ndarray]) -> Labels:
    for material, instance in (("IndexMA.X", "IndexOB.X"), ("Material Index.X", "Object Index.X")):
        found = [name for name in channels if name.endswith(material)]
        if found:
            packed, who = channels[found[0]], channels[found[0].replace(material, instance)]
            return (*unpack_index(packed), np.rint(who).astype(np.uint16))
    raise KeyError("no index passes")


def _of_aov(channels: Mapping[str, np.ndarray]) -> Labels:
    names = sorted(name for name in channels if f".{AOV}" in name)
    if len(names) == 1:
        values = channels[names[0]]
        packed, who = values[..., 0], values[..., 1]
    else:
        packed, who = (next(channels[n] for n in names if n.endswith(end)) for end in (".R", ".G"))
    return (*unpack_index(packed), np.rint(who).astype(np.uint16))


# The truth


@dataclass(frozen=True)
class Truth:
    """What is known of a picture: `labels` (H, W) each, valid where `known` (H, W) is set; `rays` that it took.

    `whole` (H, W) each: pixels all of whose rays meet the same label.
    """

    labels: Labels
    whole: Labels
    known: np.ndarray
    rays: int


def truth_of(made: Set, around: Labels, most: int) -> Truth:
    """The majority of FINE × FINE rays in the `most` squares that have the most borders, by a first look at labels."""
    scene, render = made.scene, made.scene.render
    height, width = around[0].shape
    out: Labels = tuple(mask.astype(np.int64) for mask in around)  # type: ignore[assignment]
    known = np.zeros((height, width), dtype=bool)
    whole: Labels = tuple(np.zeros((height, width), dtype=bool) for _ in out)  # type: ignore[assignment]
    tiles = _busiest(around, most)
    made.passes(index=True, depth=False)
    with unlit(scene), single_sample(scene):
        render.resolution_x, render.resolution_y = width * FINE, height * FINE
        render.use_border = render.use_crop_to_border = True
        for top, left in tiles:
            bottom, right = min(top + TILE, height), min(left + TILE, width)
            render.border_min_x, render.border_max_x = left / width, right / width
            render.border_min_y, render.border_max_y = 1.0 - bottom / height, 1.0 - top / height
            box = (slice(top, bottom), slice(left, right))
            fine = _indexed(made.render()[0])
            if fine[0].shape != ((bottom - top) * FINE, (right - left) * FINE):
                raise ValueError(f"the square came out as {fine[0].shape}")
            for mask, alike, rays in zip(out, whole, fine, strict=True):
                mask[box], alike[box] = majority(rays)
            known[box] = True
    render.use_border = render.use_crop_to_border = False
    render.resolution_x, render.resolution_y = width, height
    return Truth(out, whole, known, len(tiles) * (TILE * FINE) ** 2)


def majority(rays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The most frequent value of each FINE × FINE block of (h · FINE, w · FINE), the lowest one of equals.

    Returns:
        (h, w) values and (h, w) bool: whether the block holds nothing else.
    """
    height, width = (n // FINE for n in rays.shape)
    blocks = rays.reshape(height, FINE, width, FINE)
    values = np.unique(rays)
    counts = np.stack([(blocks == value).sum(axis=(1, 3)) for value in values.tolist()])
    return values[np.argmax(counts, axis=0)], counts.max(axis=0) == FINE**2


def _busiest(around: Labels, most: int) -> list[tuple[int, int]]:
    """Top and left of squares with borders in them, those with the most first."""
    edges = borders(around[0]) | borders(around[1]) | borders(around[2])
    height, width = edges.shape
    counts = {
        (top, left): int(edges[top : top + TILE, left : left + TILE].sum())
        for top in range(0, height, TILE)
        for left in range(0, width, TILE)
    }
    return sorted((tile for tile in counts if counts[tile]), key=lambda tile: -counts[tile])[:most]


def borders(mask: np.ndarray) -> np.ndarray:
    """Pixels (H, W) whose 3 × 3 neighbourhood holds more than one label."""
    window, values = np.ones((3, 3), dtype=np.uint8), mask.astype(np.float32)
    return np.asarray(cv2.dilate(values, window) != cv2.erode(values, window))


@contextmanager
def unlit(scene: Any) -> Iterator[None]:
    """No lamps, no bounces, no denoiser: labels are of what rays meet first."""
    cycles = scene.cycles
    bounces, denoising = cycles.max_bounces, cycles.use_denoising
    lamps = [made for made in scene.objects if made.type == "LIGHT" and not made.hide_render]
    for lamp in lamps:
        lamp.hide_render = True
    cycles.max_bounces, cycles.use_denoising = 0, False
    try:
        yield
    finally:
        cycles.max_bounces, cycles.use_denoising = bounces, denoising
        for lamp in lamps:
            lamp.hide_render = False


# Figures


@dataclass
class Tally:
    """Of one mask by one method: pixels on borders and elsewhere, and how many of them differ or have no meaning."""

    border: int = 0
    wrong_border: int = 0
    thin: int = 0
    wrong_thin: int = 0
    inner: int = 0
    wrong_inner: int = 0
    unknown: int = 0

    def add(self, mask: np.ndarray, truth: np.ndarray, whole: np.ndarray, known: np.ndarray, allowed: set[int]) -> None:
        # Of what is at the rim of the known, neighbours are not known.
        sure = cv2.erode(known.astype(np.uint8), np.ones((3, 3), dtype=np.uint8), borderValue=(1.0,)) > 0
        edge, wrong = borders(truth) & sure, (mask != truth) & sure
        inner, thin = sure & ~edge & whole, sure & ~edge & ~whole
        self.thin += int(thin.sum())
        self.wrong_thin += int((wrong & thin).sum())
        self.border += int(edge.sum())
        self.wrong_border += int((wrong & edge).sum())
        self.inner += int(inner.sum())
        self.wrong_inner += int((wrong & inner).sum())
        self.unknown += int((~np.isin(mask, list(allowed))).sum())


def allowed(clip: Clip) -> Mapping[str, set[int]]:
    """The values that each mask may hold."""
    return {
        "body": {entry.index for entry in BODY_PARTS},
        "clothes": {entry.index for entry in CLOTHES},
        "instance": set(range(len(clip.skaters) + clip.crowd.count + 1)),
    }


def timed(run: Callable[[], object], rounds: int) -> float:
    """Median processor seconds; the first turn is not counted, as it sets up what is kept."""
    run()
    out = []
    for _ in range(rounds):
        began = time.process_time()
        run()
        out.append(time.process_time() - began)
    return statistics.median(out)


def picture_alone(made: Set) -> None:
    made.passes(depth=False)
    image = made.scene.render.image_settings
    if hasattr(image, "media_type"):
        image.media_type = "IMAGE"
    image.file_format, image.color_mode, image.color_depth, image.compression = "PNG", "RGB", "8", 15
    made.scene.render.filepath = str(made.folder / "rgb.png")
    bpy.ops.render.render(write_still=True)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def measure(
    scenes: Mapping[str, Clip], tiles: int, engines: Sequence[str], timings: int, pictures: Path | None
) -> Iterator[dict[str, Any]]:
    """A row for each scene, engine, method and mask, as they come; times of the first scene alone."""
    with tempfile.TemporaryDirectory() as name:
        for title, clip in scenes.items():
            made = Set(clip, Path(name))
            began = time.perf_counter()
            truth = truth_of(made, by_index(made), tiles)
            say(f"{title}: truth by {truth.rays / 1e6:.0f} million rays in {time.perf_counter() - began:.0f} s")
            for engine in engines:
                made.engine(engine)
                rounds = timings if title == next(iter(scenes)) else 0
                alone = timed(partial(picture_alone, made), rounds) if rounds else math.nan
                for method, take in METHODS[engine].items():
                    # Lamps and bounces change no label, but take long.
                    with unlit(made.scene):
                        labels = take(made)
                    cost = timed(partial(take, made), rounds) / alone if rounds else math.nan
                    for mask, got, right, whole in zip(MASKS, labels, truth.labels, truth.whole, strict=True):
                        tally = Tally()
                        tally.add(got, right, whole, truth.known, allowed(clip)[mask])
                        yield {
                            "scene": title,
                            "engine": engine,
                            "method": method,
                            "mask": mask,
                            "cost": cost,
                        } | vars(tally)
                    if pictures is not None:
                        _picture(pictures / f"{title}-{engine}-{method}.png".replace(" ", "_"), labels, truth)


def _picture(path: Path, labels: Labels, truth: Truth) -> None:
    """Truth, mask and where they differ, of clothes, four times as large; unknown pixels are dark."""
    table = color_table(CLOTHES)[:, ::-1]
    shown = [
        table[np.minimum(mask, 255)] * np.where(truth.known, 1.0, 0.3)[..., None]
        for mask in (truth.labels[1], labels[1])
    ]
    wrong = (truth.known & np.any([a != b for a, b in zip(truth.labels, labels, strict=True)], axis=0))[..., None]
    inner = wrong & ~np.any([borders(mask) for mask in truth.labels], axis=0)[..., None]
    shown.append(np.where(inner, (0, 0, 255), np.where(wrong, (0, 255, 255), 0.3 * shown[0])))
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = np.concatenate(shown, axis=1).astype(np.uint8)
    cv2.imwrite(str(path), cv2.resize(whole, None, fx=4, fy=4, interpolation=cv2.INTER_NEAREST))


def table(rows: list[dict[str, Any]], conditions: str) -> str:
    """Markdown: methods over all scenes, then the scenes by the method that is used."""
    lines = [
        conditions,
        "",
        "| engine | labels by | body | clothes | instance | crossed by something thin | elsewhere | not in the table "
        "| time |",
        "|:--|:--|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for engine, method in dict.fromkeys((row["engine"], row["method"]) for row in rows):
        mine = [row for row in rows if (row["engine"], row["method"]) == (engine, method)]
        shares = [_share([row for row in mine if row["mask"] == mask], "border") for mask in MASKS]
        cost = next((f"{row['cost']:.2f}" for row in mine if not math.isnan(row["cost"])), "")
        unknown = sum(row["unknown"] for row in mine)
        lines.append(
            f"| {engine} | {method} | {' | '.join(shares)} | {_share(mine, 'thin')} "
            f"| {_share(mine, 'inner')} | {unknown} | {cost} |"
        )
    lines += [
        "",
        "| scene | engine | border pixels | body | clothes | instance | crossed by something thin | elsewhere |",
        "|:--|:--|--:|--:|--:|--:|--:|--:|",
    ]
    for scene, engine in dict.fromkeys((row["scene"], row["engine"]) for row in rows):
        mine = [row for row in rows if (row["scene"], row["engine"], row["method"]) == (scene, engine, USED[engine])]
        shares = [_share([row for row in mine if row["mask"] == mask], "border") for mask in MASKS]
        if not mine:
            continue
        lines.append(
            f"| {scene} | {engine} | {max(row['border'] for row in mine)} | {' | '.join(shares)} "
            f"| {_share(mine, 'thin')} | {_share(mine, 'inner')} |"
        )
    return "\n".join(lines)


USED = {"cycles": "index passes", "eevee": "Cryptomatte, a render of one sample"}
"""What the pipeline does."""


def _share(rows: list[dict[str, Any]], where: str) -> str:
    return f"{sum(row[f'wrong_{where}'] for row in rows) / max(1, sum(row[where] for row in rows)):.2%}"


def write_docs(text: str) -> None:
    """Puts the tables between the marks."""
    before, rest = DOCS.read_text(encoding="utf-8").split(BEGIN)
    DOCS.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", default="", help="parts of names, with commas between; all without")
    parser.add_argument("--size", default="320x240")
    parser.add_argument("--tiles", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3, help="of timing, in the first scene; 0 for none")
    parser.add_argument("--engines", default="cycles,eevee")
    parser.add_argument("--rows", type=Path, help="what earlier runs measured, more is added; tables are of them all")
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    width, height = (int(part) for part in options.size.split("x"))
    wanted = options.scenes.split(",")
    scenes = {name: clip for name, clip in clips((width, height)).items() if any(part in name for part in wanted)}
    engines = options.engines.split(",")
    if "eevee" in engines:
        require_opengl()
    rows = []
    if options.rows is not None and options.rows.exists():
        rows = [json.loads(line) for line in options.rows.read_text(encoding="utf-8").splitlines()]
    for row in measure(scenes, options.tiles, engines, options.rounds, options.pictures):
        rows.append(row)
        say(json.dumps(row))
        if options.rows is not None:
            with options.rows.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
    count = len({row["scene"] for row in rows})
    conditions = (
        f"{count} scenes, {options.size}, {SAMPLES} samples, Blender {bpy.app.version_string}, {platform.machine()}; "
        f"at most {options.tiles} squares of {TILE} × {TILE} pixels of each scene."
    )
    text = table(rows, conditions)
    print(text)
    if options.docs:
        write_docs(text)


if __name__ == "__main__":
    main()
