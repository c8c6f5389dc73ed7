"""The ice's surface as pictures: one of the whole rink, and a fine one that repeats. No bpy.

Pictures cost a renderer far less than patterns computed at every ray, and traces drawn as paths look like traces.
Drawing is OpenCV's in whole numbers. Row 0 is the smallest y.
"""

from __future__ import annotations

import cv2
import numpy as np

from blender_addon.clip import IceSpec, RinkSpec
from blender_addon.rink.ice_traces import cracks, fine_edges, traces
from blender_addon.rink.plan import outside
from mocap.rotations import Array

PIXEL = 0.02
"""Metres of a pixel of the rink's picture."""

MARGIN = 0.2
"""Metres that the rink's picture reaches beyond the ice."""

TILE, TILE_PIXELS = 4.8, 1536
"""Metres and pixels along a side of the fine picture."""

SLOPE = 0.02
"""Slope of the surface that the fine picture's greatest values stand for."""

MACHINE = 2.0
"""Metres that the resurfacer's blade is wide."""

# Paths at scratches = 1, on 1800 m².
COUNTS = {"edges": 1700, "threes": 260, "loops": 60, "spins": 90, "crossovers": 1100, "stops": 130}
CRACKS = 60
FINE_EDGES = 620

# Depths at which paths are drawn, faint ones first, and the share of paths that have each.
DEPTHS = ((55, 0.52), (95, 0.32), (150, 0.12), (230, 0.04))

_SHIFT = 4
_COARSE = 5  # pixels of the rink's picture to one of what is smooth


def rink_map(spec: RinkSpec) -> np.ndarray:
    """(H, W, 4) uint8: depth of traces, snow, water, and how busy the place is, over the rink and `MARGIN`."""
    ice = spec.ice
    width, height = map_size(spec)
    lines, scraped = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    scale = spec.length * spec.width / 1800.0
    for kind, full in COUNTS.items():
        count = round(full * scale * ice.scratches)
        if count:
            paths = _to_pixels(traces(kind, spec, count), spec)
            if kind == "stops":
                _scrape(scraped, paths)
            else:
                _draw(lines, paths)
                if kind == "spins":
                    _shave(scraped, paths)
    busy = _spread(lines, 1.0)
    shaved = _spread(scraped, 0.025, coarse=1)
    if ice.cloudy > 0.0:
        depth = round(60.0 * ice.cloudy)
        _polylines(lines, _to_pixels(cracks(spec, round(CRACKS * scale * ice.cloudy)), spec), depth)
    traffic = np.clip(2.5 * busy, 0.0, 255.0).astype(np.uint8)
    return np.dstack((lines, _snow(spec, lines, shaved, busy), _water(spec, busy), traffic))


def fine_map(seed: int, ice: IceSpec) -> np.ndarray:
    """(TILE_PIXELS, TILE_PIXELS, 4) uint8: depth of traces, slope along x and y (128 is level), and grain.

    Its sides fit each other.
    """
    size = TILE_PIXELS
    lines = np.zeros((size, size), np.uint8)
    paths = fine_edges(seed, round(FINE_EDGES * (0.15 + 0.85 * ice.scratches)), TILE)
    pixels = np.rint(paths * (size / TILE) * 2.0**_SHIFT).astype(np.int32)
    for x in (-1, 0, 1):
        for y in (-1, 0, 1):
            _draw(lines, pixels + np.array((x, y), np.int32) * (size << _SHIFT))
    rng = np.random.default_rng((seed, 44))
    wave = sum(_waves(rng, size, cells) / cells for cells in (7, 13, 29))
    slope_x = np.roll(wave, -1, axis=1) - np.roll(wave, 1, axis=1)
    slope_y = np.roll(wave, -1, axis=0) - np.roll(wave, 1, axis=0)
    top = 3.0 * float(np.sqrt(0.5 * (slope_x.var() + slope_y.var())))
    slopes = [np.clip(np.rint(128.0 + 127.0 * slope / top), 0, 255).astype(np.uint8) for slope in (slope_x, slope_y)]
    single = rng.integers(0, 256, (size, size), dtype=np.uint8)
    clumps = _repeating_resize(rng.integers(0, 256, (190, 190), dtype=np.uint8), size)
    grain = cv2.addWeighted(single, 0.6, clumps, 0.4, 0.0)
    return np.dstack((lines, *slopes, grain))


def map_size(spec: RinkSpec) -> tuple[int, int]:
    """(width, height) of `rink_map` in pixels: whole numbers of `_COARSE`."""
    step = PIXEL * _COARSE
    return (
        _COARSE * int(np.ceil((spec.length + 2.0 * MARGIN) / step)),
        _COARSE * int(np.ceil((spec.width + 2.0 * MARGIN) / step)),
    )


def map_place(spec: RinkSpec, xy: Array) -> Array:
    """Where points xy (…, 2) lie in `rink_map`, as shares of its width and height."""
    return np.asarray(xy) / (PIXEL * np.array(map_size(spec))) + 0.5


def _to_pixels(paths: Array, spec: RinkSpec) -> np.ndarray:
    """Paths (K, M, 2) in sixteenths of the rink's picture's pixels, as OpenCV draws them."""
    at = map_place(spec, paths) * map_size(spec) - 0.5
    return np.rint(at * 2.0**_SHIFT).astype(np.int32)


def _polylines(canvas: np.ndarray, paths: np.ndarray, value: int, thickness: int = 1) -> None:
    if len(paths):
        cv2.polylines(canvas, list(paths), False, (value,), thickness, cv2.LINE_AA, _SHIFT)


def _draw(canvas: np.ndarray, paths: np.ndarray) -> None:
    """Paths at the depths of `DEPTHS`, each path at one for good, however many follow it."""
    turn = np.arange(len(paths)) * 0.6180339887498949 % 1.0
    least = 0.0
    for value, share in DEPTHS:
        _polylines(canvas, paths[(turn >= least) & (turn < least + share)], value)
        least += share


def _scrape(canvas: np.ndarray, paths: np.ndarray) -> None:
    """Stops: a dull band, and the snow pushed before it."""
    for thickness, value, aside in ((4, 60, 0), (1, 200, 28)):
        _polylines(canvas, paths + np.array((aside, aside), np.int32), value, thickness)


def _shave(canvas: np.ndarray, paths: np.ndarray) -> None:
    """Spins: shavings where they wind."""
    _polylines(canvas, paths[:, 90:], 60, 2)


def _spread(picture: np.ndarray, metres: float, coarse: int = _COARSE) -> np.ndarray:
    """A blurred picture, of the same size; about `metres` of blur."""
    height, width = picture.shape
    small = cv2.resize(picture, (width // coarse, height // coarse), interpolation=cv2.INTER_AREA)
    sigma = metres / (PIXEL * coarse)
    small = cv2.GaussianBlur(small, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


def _coarse_grid(spec: RinkSpec) -> Array:
    """(h, w, 2) points (m) of the coarse picture's pixels."""
    width, height = map_size(spec)
    step = PIXEL * _COARSE
    x = (np.arange(width // _COARSE) + 0.5) * step - 0.5 * PIXEL * width
    y = (np.arange(height // _COARSE) + 0.5) * step - 0.5 * PIXEL * height
    return np.stack(np.meshgrid(x, y), axis=-1)


def _clouds(rng: np.random.Generator, shape: tuple[int, int], metres: float) -> Array:
    """(h, w) clouds 0…1 of a size, on the coarse grid, with half as large ones on them."""
    out = np.zeros(shape)
    for part, size in ((0.6, metres), (0.3, 0.4 * metres), (0.1, 0.15 * metres)):
        cells = [max(int(np.ceil(n * PIXEL * _COARSE / size)), 2) for n in shape]
        out += part * cv2.resize(rng.random(cells), shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.clip(out, 0.0, 1.0)


def _finer(coarse: Array, like: np.ndarray) -> np.ndarray:
    """A coarse field 0…1 as uint8 of the rink's picture's size."""
    small = np.rint(255.0 * np.clip(coarse, 0.0, 1.0)).astype(np.uint8)
    return cv2.resize(small, like.shape[::-1], interpolation=cv2.INTER_LINEAR)


def _snow(spec: RinkSpec, lines: np.ndarray, shaved: np.ndarray, busy: np.ndarray) -> np.ndarray:
    """Shavings: along the boards, about spins and stops, in drifts, and dust along the deepest traces."""
    amount = spec.ice.snow
    if amount <= 0.0:
        return np.zeros_like(lines)
    grid = _coarse_grid(spec)
    rng = np.random.default_rng((spec.texture_seed, 45))
    shape = (grid.shape[0], grid.shape[1])
    drift = np.clip(1.6 * _clouds(rng, shape, 3.0) - 0.55, 0.0, 1.0)
    boards = np.exp(np.minimum(outside(spec, grid), 0.0) / (0.12 + 0.35 * amount))
    boards *= 0.5 + 0.5 * _clouds(rng, shape, 0.8)
    field = _finer(amount * (0.55 * drift**1.5 + 0.1 * amount + 0.85 * boards), lines)
    field = cv2.addWeighted(field, 1.0, shaved, min(1.6 * amount + 0.2, 1.0), 0.0)
    field = cv2.addWeighted(field, 1.0, busy, 0.9 * amount, 0.0)
    return cv2.addWeighted(field, 1.0, np.maximum(lines, 110) - 110, 0.5 * amount, 0.0)


def _water(spec: RinkSpec, busy: np.ndarray) -> np.ndarray:
    """The film: everywhere on flooded ice, in patches on wet ice, in the machine's passes on fresh ice."""
    ice = spec.ice
    grid = _coarse_grid(spec)
    rng = np.random.default_rng((spec.texture_seed, 46))
    clouds = _clouds(rng, (grid.shape[0], grid.shape[1]), 4.0)
    film = np.clip((ice.wet * 1.5 - clouds) / 0.22, 0.0, 1.0) if ice.wet > 0.0 else np.zeros_like(clouds)
    fresh = max(1.0 - 1.6 * ice.scratches, 0.0)
    if fresh > 0.0:
        film = np.maximum(film, fresh * _passes(spec, grid, rng))
    return _finer(film, busy)


def _passes(spec: RinkSpec, grid: Array, rng: np.random.Generator) -> Array:
    """(h, w) how wet each place was left: lanes along the boards, then straight ones, each drier than the next."""
    inwards = -outside(spec, grid)
    lane = np.floor(inwards / (MACHINE * 0.92))
    around = lane < 2
    straight = np.floor((grid[..., 1] + 0.5 * spec.width) / (MACHINE * 0.92))
    number = np.where(around, lane, 2 + straight).astype(int).clip(0, 63)
    wet = rng.uniform(0.25, 0.75, 64)[number]
    within = np.where(around, inwards, grid[..., 1] + 0.5 * spec.width) / (MACHINE * 0.92) % 1.0
    return wet + 0.2 * within + 0.25 * (within > 0.94)


def _waves(rng: np.random.Generator, size: int, cells: int) -> Array:
    """(size, size) smooth hills about 0, `cells` of them along a side, whose sides fit each other."""
    small = np.rint(rng.random((cells, cells)) * 255.0).astype(np.float32) / 255.0 - 0.5
    return _repeating_resize(small, size)


def _repeating_resize(small: np.ndarray, size: int) -> np.ndarray:
    """A square picture enlarged to `size`, seamless where it repeats."""
    cells = len(small)
    around = np.pad(small, 3, mode="wrap")
    step = int(np.ceil(size / cells))
    large = cv2.resize(around, ((cells + 6) * step,) * 2, interpolation=cv2.INTER_CUBIC)
    inner = large[3 * step : (3 + cells) * step, 3 * step : (3 + cells) * step]
    return cv2.resize(inner, (size, size), interpolation=cv2.INTER_AREA)
