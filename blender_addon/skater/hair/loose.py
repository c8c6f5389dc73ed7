"""Hair that hangs freely from a parting: round the head, then on chains side by side. Numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d, map_coordinates

from blender_addon.skater.hair.combing import Combing, outside_out, uneven
from blender_addon.skater.hair.hanging import Back, chain_along, fall, hang_on, links_of
from blender_addon.skater.hair.head import Head, hairline, unit
from blender_addon.skater.hair.strands import Tuft, grid_faces, grid_uv, ribbons, tapered
from blender_addon.skater.human import Chain
from blender_addon.skater.surface import smoothstep
from mocap.rotations import Array

_COLUMNS = 112
_ON_HEAD, _HANGING = 14, 18  # rows
_CHAINS = 7
_LOCKS = 420
# Degrees round the head of the foremost strands where they leave it, and the height above the horizontal of all.
_FOREMOST, _LEAVES = 74.0, -6.0
_OVER_EAR = 0.003  # metres
_INTO_PARTING = 3.5  # degrees above the hairline of the parting's front end


@dataclass(frozen=True)
class _Sheet:
    """A surface of strands: points (R, C, 3), strands as columns, and how far each row is along the chains (R,)."""

    points: Array
    run: Array


def hang_loose(
    head: Head, back: Back, parting: float, length: float, volume: float, rng: np.random.Generator
) -> tuple[list[Tuft], tuple[Chain, ...]]:
    """Loose hair.

    Args:
        parting: degrees round the head, of the parting's front end.
        length: metres that it hangs below the height of the eyes; volume: metres that it stands off the skull.
    """
    sheet = _lay(head, back, _parted(parting), length, volume, rng)
    at = np.linspace(0.04, 0.96, _CHAINS)
    chains = tuple(
        chain_along(path, head.bone, stiffness=9.0, drag=3.5, thickness=0.012)
        for path in np.moveaxis(_sample(sheet.points[_ON_HEAD - 1 :], at, np.linspace(0, 1, _HANGING + 1)), 1, 0)
    )
    rows, columns = sheet.points.shape[:2]
    vertices = sheet.points.reshape(-1, 3)
    faces = outside_out(vertices, grid_faces(rows, columns, closed=False), head.middle)
    uv = grid_uv(sheet.points, closed=False)
    u = np.tile(np.linspace(0.0, 1.0, columns), rows)
    surface = Tuft(
        vertices,
        faces,
        uv if faces[0, 0] == 0 else uv[:, ::-1],
        *_hang_between(u, np.repeat(sheet.run, columns), at, chains, head),
    )
    return [surface, _locks(sheet, at, chains, head, rng)], chains


def _parted(parting: float) -> Combing:
    around = np.linspace(_FOREMOST, 360.0 - _FOREMOST, _COLUMNS)
    tips = unit(around, _LEAVES)
    aside = np.abs(np.linspace(-1.0, 1.0, _COLUMNS))
    share = (1.0 - smoothstep(0.45, 1.0, aside))[:, None]
    begin = unit(parting, float(hairline(np.array(parting))) + _INTO_PARTING)
    roots = (1.0 - share) * begin + share * unit(180.0, 68.0)
    # The two sides of the parting, a hair's breadth apart.
    roots = roots + 0.004 * tips
    roots /= np.linalg.norm(roots, axis=1, keepdims=True)
    via = roots + tips
    via /= np.maximum(np.linalg.norm(via, axis=1, keepdims=True), 0.3)
    front = smoothstep(0.5, 0.9, aside)[:, None]
    via = via + front * np.array((0.0, 0.1, 0.3))
    return Combing(roots, via, tips, closed=False)


def _lay(head: Head, back: Back, combing: Combing, length: float, volume: float, rng: np.random.Generator) -> _Sheet:
    u, v = np.meshgrid(np.linspace(0.0, 1.0, _COLUMNS), np.linspace(0.0, 1.0, _ON_HEAD))
    directions = combing.directions(u, v)
    ears = smoothstep(0.0, 0.01, head.with_ears(directions) - head.skull(directions))
    over = head.with_ears(directions) - head.skull(directions) + _OVER_EAR
    waves = uneven(rng, _COLUMNS, (0.9, 2.5, 6.0))
    rise = volume * (0.25 + 0.75 * smoothstep(0.0, 0.35, v)) + 0.0012 * waves
    # At the foremost strands the surface goes down to the skin.
    edge = smoothstep(0.0, 0.035, 0.5 - np.abs(u - 0.5))
    rise = -0.001 + (0.001 + np.maximum(rise, ears * over)) * np.maximum(edge, smoothstep(0.55, 0.9, v))
    close = head.on_skull(directions, rise)
    out = close[-1] - close[-2]
    out = out / np.linalg.norm(out, axis=1, keepdims=True) + np.array((0.0, 0.0, -1.5))
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    starts = close[-1]
    lengths = length * (1.0 + 0.025 * uneven(rng, _COLUMNS, (0.8, 5.0)))
    aim = starts[:, 0] * (1.0 if length < 0.2 else 0.95)
    gap = 0.008 + 0.004 * (1.0 + waves) * 0.5
    hanging = fall(starts, out, aim, lengths, back, gap, _HANGING + 1)
    # Locks part a little towards the tips.
    t = np.linspace(0.0, 1.0, _HANGING + 1)[None, :]
    hanging[:, :, 1] += 0.004 * t * np.maximum(waves, -0.5)[:, None]
    points = np.concatenate((close, np.moveaxis(hanging[:, 1:], 1, 0)))
    # Hair leaves the head in a curve, however unevenly the head narrows there.
    smooth = gaussian_filter1d(points, 1.5, axis=0, mode="nearest")
    points = points + smoothstep(4.0, 9.0, np.arange(float(len(points))))[:, None, None] * (smooth - points)
    run = np.concatenate((np.full(_ON_HEAD, -1.0), np.arange(1, _HANGING + 1) / _HANGING))
    run[_ON_HEAD - 1] = 0.0
    return _Sheet(points, run)


def _sample(grid: Array, u: Array, v: Array) -> Array:
    """(V, U, 3) points of a grid (R, C, 3) at all shares u (U,) across and v (V,) along."""
    across, along = np.meshgrid(u, v)
    return _at(grid, across, along)


def _at(grid: Array, u: Array, v: Array) -> Array:
    """(…, 3) points of a grid (R, C, 3) at shares u across and v along, both (…,)."""
    cells = np.stack((v * (grid.shape[0] - 1.0), u * (grid.shape[1] - 1.0))).reshape(2, -1)
    flat = [map_coordinates(grid[..., axis], cells, order=1, mode="nearest") for axis in range(3)]
    return np.stack(flat, axis=-1).reshape(*np.shape(u), 3)


def _locks(sheet: _Sheet, at: Array, chains: tuple[Chain, ...], head: Head, rng: np.random.Generator) -> Tuft:
    steps = 12
    t = np.linspace(0.0, 1.0, steps)
    begin = rng.uniform(0.0, 0.55, _LOCKS)
    end = np.minimum(begin + rng.uniform(0.35, 0.8, _LOCKS), 1.0)
    v = begin[:, None] + (end - begin)[:, None] * t
    u = np.clip(rng.uniform(0.0, 1.0, _LOCKS)[:, None] + rng.normal(0.0, 0.012, _LOCKS)[:, None] * t**2, 0.0, 1.0)
    paths = _at(sheet.points, u, v)
    along = np.gradient(sheet.points, axis=0)
    across = np.gradient(sheet.points, axis=1)
    normal = np.cross(across, along)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-12)
    if np.einsum("rci,rci->", normal[:_ON_HEAD], sheet.points[:_ON_HEAD] - head.middle) < 0.0:
        normal = -normal
    outward = _at(normal, u, v)
    off = rng.uniform(-0.003, 0.003, _LOCKS)[:, None] + 0.006 * rng.random(_LOCKS)[:, None] * t**2
    strips = ribbons(
        paths + off[..., None] * outward,
        outward,
        tapered(rng.uniform(0.002, 0.009, _LOCKS), steps),
        rng.uniform(0.0, 5.0, _LOCKS),
    )
    rows = v * (len(sheet.run) - 1.0)
    run = np.interp(rows, np.arange(len(sheet.run)), sheet.run)
    return Tuft(
        *strips, *_hang_between(np.repeat(u, 3, axis=1).ravel(), np.repeat(run, 3, axis=1).ravel(), at, chains, head)
    )


def _hang_between(u: Array, run: Array, at: Array, chains: tuple[Chain, ...], head: Head) -> tuple[np.ndarray, Array]:
    """Bones (N, 4) and weights (N, 4) of points between two neighbouring chains, which lie at shares `at` across."""
    links = np.array([links_of(chain) for chain in chains])
    firsts = head.bones + np.concatenate(((0,), np.cumsum(links)[:-1]))
    place = np.interp(u, at, np.arange(len(chains)))
    left = np.minimum(np.floor(place).astype(np.int64), len(chains) - 2)
    share = (place - left)[:, None]
    bones, weights = zip(
        *(hang_on(run, links[side], firsts[side], head.bone) for side in (left, left + 1)), strict=True
    )
    return np.concatenate(bones, axis=1), np.concatenate(((1.0 - share) * weights[0], share * weights[1]), axis=1)
