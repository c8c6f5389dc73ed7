"""Meshes in Wavefront's OBJ, of which only places, faces and texture coordinates are read.

The format: Wavefront, "Object Files (.obj)", Advanced Visualizer appendix B1. Corners are counted from 1, from the last
one read backwards where the number is negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from blender_addon.makehuman.asset_text import AssetText, read_asset_text
from mocap.rotations import Array


@dataclass(frozen=True)
class ObjMesh:
    """A mesh in the file's own axes and unit.

    Attributes:
        vertices: (N, 3).
        faces: (F, 4) vertex indices, −1 in the last place of a triangle; polygons of more corners are cut up.
        uv: (F, 4, 2) texture coordinates of the corners; None where the file has none for all.
    """

    vertices: Array
    faces: np.ndarray
    uv: Array | None


def read_obj(path: Path) -> ObjMesh:
    """The mesh in a file, all its objects and groups together.

    Raises:
        UserError: it cannot be read, or its faces name corners that there are not.
    """
    text = read_asset_text(path)
    rows: dict[str, list[tuple[int, list[str]]]] = {"v": [], "vt": [], "f": []}
    for line in text.lines:
        if line[1][0] in rows:
            rows[line[1][0]].append(line)
    if not rows["v"] or not rows["f"]:
        raise text.mistake("there is no mesh in this OBJ file")
    vertices = _table(text, rows["v"], 3)
    texture = _table(text, rows["vt"], 2) if rows["vt"] else np.empty((0, 2))
    sizes = np.array([len(words) - 1 for _, words in rows["f"]])
    if sizes.min() < 3:
        raise text.mistake("a face needs three corners at least", rows["f"][int(sizes.argmin())][0])
    line_of = np.repeat([number for number, _ in rows["f"]], sizes)
    # "7", "7/3", "7//2" or "7/3/2": vertex, texture coordinate, normal.
    corners = [(word + "//").split("/", 2)[:2] for word in chain.from_iterable(words[1:] for _, words in rows["f"])]
    vertex = _indices(text, [corner[0] for corner in corners], len(vertices), line_of)
    start = np.cumsum(sizes) - sizes
    at = _quads(start, sizes)
    uv = None
    if len(texture) and all(corner[1] for corner in corners):
        uv = texture[_indices(text, [corner[1] for corner in corners], len(texture), line_of)][np.maximum(at, 0)]
    return ObjMesh(vertices, np.where(at >= 0, vertex[np.maximum(at, 0)], -1), uv)


def _table(text: AssetText, rows: list[tuple[int, list[str]]], width: int) -> Array:
    try:
        out = np.array([words[1 : 1 + width] for _, words in rows], dtype=np.float64)
    except ValueError:
        out = np.empty(0)
    if out.shape != (len(rows), width) or not np.isfinite(out).all():
        # One line after another, for the one that is wrong.
        for number, words in rows:
            text.numbers(words[1:], width, number)
    return out


def _indices(text: AssetText, words: list[str], count: int, line_of: np.ndarray) -> np.ndarray:
    """(M,) indices from 0 of corners as they are written."""
    try:
        out = np.array([int(word) for word in words], dtype=np.int64)
    except (ValueError, OverflowError):
        bad = next(k for k, word in enumerate(words) if not word.lstrip("-").isdecimal() or len(word) > 12)
        raise text.mistake(f"{words[bad][:40]!r} is not the number of a corner", int(line_of[bad])) from None
    out = np.where(out > 0, out - 1, count + out)
    wrong = np.flatnonzero((out < 0) | (out >= count))
    if len(wrong):
        first = int(wrong[0])
        raise text.mistake(f"there is no corner {words[first][:40]}, of {count}", int(line_of[first]))
    return out


def _quads(start: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """(F, 4) places of corners: polygons cut into quads from their first corner on, and a triangle for what is odd."""
    out, order = [], []
    for step in range(1, int(sizes.max()) - 1, 2):
        there = np.flatnonzero(sizes >= step + 2)
        places = start[there, None] + np.array((0, step, step + 1, step + 2))
        places[sizes[there] < step + 3, 3] = -1
        out.append(places)
        order.append(there)
    return np.concatenate(out)[np.argsort(np.concatenate(order), kind="stable")]
