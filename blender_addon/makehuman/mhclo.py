"""MakeHuman's clothes (.mhclo): a mesh whose every vertex is bound to the base mesh, and what it hides of the skin.

The format: MPFB2's `docs/fileformats/mhclo.md`, and how its `services/clothesservice.py` fits a mesh by it. A vertex is
bound to one vertex of the base mesh, or to a weighted mean of three with an offset. The offset grows with the body:
distances between two vertices, along each axis, say by how much.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from blender_addon.makehuman.asset_text import AssetText, read_asset_text
from blender_addon.makehuman.base_mesh import METRES_PER_UNIT, VERTEX_COUNT
from mocap.rotations import Array

BASE_MESH = "hm08"
# Along MakeHuman's axes: its y is up, its z forward.
_SCALES = ("x_scale", "y_scale", "z_scale")
_FOR_ANOTHER = "Take an asset for the base mesh hm08."


@dataclass(frozen=True)
class Mhclo:
    """Clothes, hair or the like, for any body.

    Attributes:
        path: the file; obj: its mesh; material: its .mhmat, or None.
        vertices: (N, 3) indices of the base mesh that each vertex is bound to, and
        weights: (N, 3) their shares.
        offsets: (N, 3) from there, in MakeHuman's axes, for a body of the size that `scales` say.
        scales: (3, 2) indices of the base mesh for MakeHuman's x, y and z, and
        lengths: (3,) decimetres between the two on the body that the asset was made on; None where the file says none.
        hides: (19158,) bool, which vertices of the base mesh it hides.
    """

    path: Path
    obj: Path
    material: Path | None
    vertices: np.ndarray
    weights: Array
    offsets: Array
    scales: np.ndarray | None
    lengths: Array | None
    hides: np.ndarray


@lru_cache(maxsize=16)
def read_mhclo(path: Path) -> Mhclo:
    """The asset that a .mhclo describes.

    Raises:
        UserError: it cannot be read, is for another base mesh, or a file that it needs is missing.
    """
    text = read_asset_text(path)
    header: dict[str, tuple[int, list[str]]] = {}
    bound: list[tuple[int, list[str]]] = []
    hidden: list[tuple[int, list[str]]] = []
    into: list[tuple[int, list[str]]] | None = None
    for number, words in text.lines:
        if words[0] == "verts":
            into = bound
        elif words[0] == "delete_verts":
            into = hidden
            if words[1:]:
                hidden.append((number, words[1:]))
        elif into is not None and (words[0][0].isdecimal() or words[0] == "-"):
            into.append((number, words))
        else:
            into = None
            header.setdefault(words[0], (number, words[1:]))
    _check_base(text, header)
    if not bound:
        raise text.mistake("binds no vertices: there is no list under 'verts'", mend="Export the asset again.")
    if "obj_file" not in header:
        raise text.mistake("names no mesh: the line 'obj_file' is missing", mend="Export the asset again.")
    vertices, weights, offsets = _bindings(text, bound)
    scales, lengths = _scales(text, header)
    return Mhclo(
        path=path,
        obj=text.beside(header["obj_file"][1], header["obj_file"][0]),
        material=text.beside(header["material"][1], header["material"][0]) if "material" in header else None,
        vertices=vertices,
        weights=weights,
        offsets=offsets,
        scales=scales,
        lengths=lengths,
        hides=_hidden(text, hidden),
    )


def fitted(clothes: Mhclo, base: Array) -> Array:
    """(N, 3) where an asset's vertices lie on a body, in Blender's axes.

    Args:
        base: (19158, 3) vertices of the shaped base mesh, metres.
    """
    grown = np.full(3, METRES_PER_UNIT)
    if clothes.scales is not None and clothes.lengths is not None:
        along = (base[clothes.scales[:, 0]] - base[clothes.scales[:, 1]])[:, (0, 2, 1)].diagonal()
        grown = np.abs(along) / clothes.lengths
    scaled = clothes.offsets * grown
    out = np.einsum("nk,nkx->nx", clothes.weights, base[clothes.vertices])
    return out + np.stack((scaled[:, 0], -scaled[:, 2], scaled[:, 1]), axis=-1)


def _check_base(text: AssetText, header: dict[str, tuple[int, list[str]]]) -> None:
    number, words = header.get("basemesh", (None, [BASE_MESH]))
    if words[:1] != [BASE_MESH]:
        raise text.mistake(f"made for the base mesh {' '.join(words)[:40]!r}, not {BASE_MESH}", number, _FOR_ANOTHER)


def _bindings(text: AssetText, rows: list[tuple[int, list[str]]]) -> tuple[np.ndarray, Array, Array]:
    """Base vertices (N, 3), weights (N, 3) and offsets (N, 3) from lines of one number or of nine."""
    one = np.array([len(words) == 1 for _, words in rows])
    for (number, words), alone in zip(rows, one.tolist(), strict=True):
        if not alone and len(words) < 9:
            raise text.mistake("a vertex is bound by one number or by nine", number)
    table = np.zeros((len(rows), 9))
    table[:, 3] = 1.0
    for (number, words), alone, row in zip(rows, one.tolist(), table, strict=True):
        if alone:
            row[:3] = text.numbers(words, 1, number)
        else:
            row[:] = text.numbers(words, 9, number)
    wrong = np.flatnonzero(~_are_vertices(table[:, :3]).all(axis=1))
    if len(wrong):
        raise text.mistake("bound to a vertex that hm08 has not", rows[int(wrong[0])][0], _FOR_ANOTHER)
    return table[:, :3].astype(np.int64), table[:, 3:6], table[:, 6:]


def _are_vertices(numbers: Array) -> np.ndarray:
    """Bool, which numbers are indices of hm08's vertices."""
    return (numbers >= 0) & (numbers < VERTEX_COUNT) & (numbers == np.floor(numbers))


def _scales(text: AssetText, header: dict[str, tuple[int, list[str]]]) -> tuple[np.ndarray | None, Array | None]:
    if not set(_SCALES) <= set(header):
        return None, None
    rows = [text.numbers(header[name][1], 3, header[name][0]) for name in _SCALES]
    for (number, _), row in zip((header[name] for name in _SCALES), rows, strict=True):
        if not _are_vertices(row[:2]).all():
            raise text.mistake("measures a vertex that hm08 has not", number, _FOR_ANOTHER)
        if row[2] <= 0.0:
            raise text.mistake("a length is more than 0", number)
    table = np.array(rows)
    return table[:, :2].astype(np.int64), table[:, 2]


def _hidden(text: AssetText, rows: list[tuple[int, list[str]]]) -> np.ndarray:
    """(19158,) bool from single numbers and ranges "3 - 7", which a line's end does not break."""
    out = np.zeros(VERTEX_COUNT, dtype=bool)
    last, ranging = -1, False
    for number, words in rows:
        for word in words:
            if word == "-":
                ranging = True
                continue
            if not word.isdecimal() or len(word) > 9 or int(word) >= VERTEX_COUNT:
                raise text.mistake(f"{word[:40]!r} is not a vertex of hm08", number, _FOR_ANOTHER)
            this = int(word)
            out[last if ranging and last >= 0 else this : this + 1] = True
            last, ranging = this, False
    return out
