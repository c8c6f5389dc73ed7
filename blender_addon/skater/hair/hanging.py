"""How hair hangs on somebody who stands: down from where it leaves the head, outside neck, shoulders and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates, maximum_filter

from blender_addon.labels.vocabulary import BODY_PART_INDEX
from blender_addon.skater.human import Chain
from blender_addon.skater.wardrobe.piece import Fitting
from mocap.rotations import Array

# Metres: cell of the map of the back, its half width.
_CELL, _HALF_WIDTH = 0.01, 0.3
# Metres over which hair that is led away from the head bends down; what leotard and jacket add over the skin.
_BEND = 0.02
_LEOTARD, _JACKET = 0.006, 0.03
# Metres back per metre of strand that hair leans at most towards what it lies on.
_LEAN = 0.9
# Metres of a bone of a chain, about, and how many there are at most.
_LINK, _MOST_LINKS = 0.05, 9


@dataclass(frozen=True)
class Back:
    """How far out neck, shoulders and back are, seen from behind: (Z, X) metres along y, from `low` upwards."""

    out: Array
    low: float

    def behind(self, points: Array) -> Array:
        """(…,) the y of the body's back at the x and z of points (…, 3)."""
        cells = np.stack(((points[..., 2] - self.low) / _CELL, (points[..., 0] + _HALF_WIDTH) / _CELL))
        flat = map_coordinates(self.out, cells.reshape(2, -1), order=1, mode="nearest")
        return flat.reshape(points.shape[:-1])


def find_back(fitting: Fitting) -> Back:
    """Maps a dressed body's back."""
    body = fitting.body
    faces = body.faces[body.face_masks["body"]]
    of = fitting.parts[body.bones[faces[:, 0], 0]]
    corners = body.vertices[faces[(of == BODY_PART_INDEX["torso"]) | (of == BODY_PART_INDEX["head"])]]
    # Points all over the faces, closer than the cells.
    s, t = (g.ravel() for g in np.meshgrid(np.linspace(0.0, 1.0, 5), np.linspace(0.0, 1.0, 5)))
    shares = np.stack(((1 - s) * (1 - t), s * (1 - t), s * t, (1 - s) * t), axis=1)
    points = np.einsum("sc,fci->fsi", shares, corners).reshape(-1, 3)
    points = points[np.abs(points[:, 0]) < _HALF_WIDTH - _CELL]
    low = float(points[:, 2].min())
    size = (int((points[:, 2].max() - low) / _CELL) + 2, int(2.0 * _HALF_WIDTH / _CELL) + 1)
    out = np.full(size, points[:, 1].min())
    row = np.rint((points[:, 2] - low) / _CELL).astype(np.int64)
    column = np.rint((points[:, 0] + _HALF_WIDTH) / _CELL).astype(np.int64)
    np.maximum.at(out, (row, column), points[:, 1])
    worn = _JACKET if "jacket" in fitting.worn else _LEOTARD
    return Back(gaussian_filter(maximum_filter(out, size=3), 1.0) + worn, low)


def fall(starts: Array, out: Array, sideways: Array, lengths: Array, back: Back, gap: Array, count: int) -> Array:
    """(S, count, 3) how strands hang.

    Args:
        starts: (S, 3); out: (S, 3) unit, which way they leave the head; sideways: (S,) the x that they drift to.
        lengths: (S,) metres; gap: (S,) metres that they keep from the back.
    """
    step = (lengths / (count - 1))[:, None]
    down = np.array((0.0, 0.0, -1.0))
    points = [starts]
    for k in range(1, count):
        last = points[-1]
        led = np.exp(-(step * k) / _BEND)
        way = led * out + (1.0 - led) * down
        way[:, 0] += (1.0 - led[:, 0]) * np.clip((sideways - last[:, 0]) / 0.08, -0.6, 0.6)
        nearly = last + step * way / np.linalg.norm(way, axis=1, keepdims=True)
        nearly[:, 1] = np.maximum(nearly[:, 1], back.behind(nearly) + gap)
        # Held back by the body, a strand comes less far down.
        run = nearly - last
        points.append(last + step * run / np.linalg.norm(run, axis=1, keepdims=True))
        points[-1][:, 1] = np.maximum(points[-1][:, 1], back.behind(points[-1]) + gap)
    path = np.stack(points, axis=1)
    # What the shoulders hold back further down leans back from further up.
    for k in range(count - 2, 0, -1):
        path[:, k, 1] = np.maximum(path[:, k, 1], path[:, k + 1, 1] - _LEAN * step[:, 0])
    return path


def chain_along(path: Array, anchor: int, stiffness: float, drag: float, thickness: float) -> Chain:
    """A chain along a path (K, 3), its links about equally long."""
    run = np.concatenate(((0.0,), np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))))
    links = int(np.clip(round(run[-1] / _LINK), 2, _MOST_LINKS))
    at = np.linspace(0.0, run[-1], links + 1)
    points = np.stack([np.interp(at, run, path[:, axis]) for axis in range(3)], axis=1)
    return Chain(points=points, anchor=anchor, stiffness=stiffness, drag=drag, thickness=thickness)


def links_of(chain: Chain) -> int:
    """How many bones a chain has."""
    return len(chain.points) - 1


def hang_on(run: Array, links: np.ndarray | int, first: np.ndarray | int, anchor: int) -> tuple[np.ndarray, Array]:
    """Bones (N, 2) and weights (N, 2) of points along a chain.

    Args:
        run: (N,) how far along, 0 at its root and 1 at its end.
        links: how many bones it has; first: the first one's index; either one for all or (N,).
        anchor: the bone that carries it.
    """
    last = np.broadcast_to(links, run.shape) - 1
    along = run * (last + 1)
    # The root itself moves with the anchor; from the first bone's end on, a bone's middle moves with it alone.
    place = np.clip(np.where(along < 1.0, 1.5 * along - 1.0, along - 0.5), -1.0, last)
    below = np.floor(place).astype(np.int64)
    share = place - below
    bones = np.stack((below, np.minimum(below + 1, last)), axis=1)
    start = np.broadcast_to(first, run.shape)[:, None]
    return np.where(bones < 0, anchor, start + bones), np.stack((1.0 - share, share), axis=1)
