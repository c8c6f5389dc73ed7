"""Flow against the next frame of the same camera: the hall moves as the camera does, people move onto themselves."""

from __future__ import annotations

import numpy as np

from mocap.rotations import Array
from render_scripts.agreement.camera import in_camera, poses, projected
from render_scripts.agreement.decoded import Decoded
from render_scripts.agreement.figure import Figure, Rule, Share
from render_scripts.agreement.space import rays

STILL = Rule(
    "flow_of_still",
    "pixels of nobody whose flow is not the camera's own motion, by depth and the next frame's camera",
    limit=0.02,
    pooled=0.01,
    enough=200.0,
    pooled_enough=1000.0,
)
RETURNS = Rule(
    "flow_returns",
    "pixels of people whose flow leads to where the next frame's own flow does not lead back: most are hidden there",
    limit=0.95,
    pooled=0.6,
    enough=100.0,
    pooled_enough=1000.0,
)
PEOPLE = Rule(
    "flow_of_people",
    "pixels of people whose flow leads there and back, to where there is another part, another person or nobody",
    limit=0.05,
    pooled=0.02,
    enough=100.0,
    pooled_enough=1000.0,
)
SURFACE = Rule(
    "flow_of_surface",
    "pixels of people whose flow leads there and back, to where there is another place of the body",
    limit=0.05,
    pooled=0.02,
    enough=100.0,
    pooled_enough=1000.0,
)

# Pixels of flow and shares of it: of the steps in which flow and depth are stored.
_EXACT, _RELATIVE = 0.1, 0.005
# Every so many pixels of nobody are looked at.
_PIXELS = 10_000
# Pixels by which flow there and back differ at most, of a point that is seen in both frames.
_BACK = 1.0
# Metres on the base mesh that the neighbouring pixels of a place may be from it.
_PLACE = 0.04


def flow_figures(sample: Decoded, following: Decoded) -> tuple[Figure, ...]:
    """Figures of the flow from a sample to the next frame of its camera, and back; none where there is no flow."""
    there, back = sample.dense.get("flow_forward"), following.dense.get("flow_backward")
    if there is None or back is None or sample.instance.shape != following.instance.shape:
        return ()
    out: list[Figure] = []
    for one, other, flow, against in ((sample, following, there, back), (following, sample, back, there)):
        start, end = _landing(one, flow)
        returned = np.abs(flow[tuple(start)] + against[tuple(end)]).max(axis=1, initial=0.0) <= _BACK
        both = (start[:, returned], end[:, returned])
        figures = [
            _still(one, other, flow),
            Share(RETURNS, int((~returned).sum()), len(returned)),
            _people(one, other, *both),
            _surface(one, other, *both),
        ]
        found = [figure for figure in figures if figure is not None]
        out = [figure.plus(more) for figure, more in zip(out, found, strict=True)] if out else list(found)
    # Both ways are of one pair of samples.
    return tuple(_once(figure) for figure in out)


def _once(figure: Figure) -> Figure:
    return Share(figure.rule, figure.value * figure.count if figure.count else 0.0, figure.count)


def _still(sample: Decoded, other: Decoded, flow: np.ndarray) -> Share | None:
    depth = sample.depth
    if depth is None or sample.camera["readout"] > 0.0:
        return None
    row, column = np.nonzero((sample.instance == 0) & (depth > 0.0) & np.isfinite(depth) & np.isfinite(flow[..., 0]))
    every = slice(None, None, max(1, len(row) // _PIXELS))
    row, column = row[every], column[every]
    R, t = poses(sample.camera, row[:1] + 0.5)
    xy = np.stack((column, row), axis=1) + 0.5
    world = (rays(sample.camera, xy) * depth[row, column, None] - t[:1]) @ (R[0] if len(R) else np.eye(3))
    ahead = in_camera(other.camera, world, xy[:, 1])[:, 2] > 0.1
    moved = projected(other.camera, world, xy[:, 1]) - xy
    off = np.abs(moved - flow[row, column]).max(axis=1, initial=0.0)
    wrong = ahead & ~(off <= _EXACT + _RELATIVE * np.abs(moved).max(axis=1, initial=0.0))
    return Share(STILL, int(wrong.sum()), int(ahead.sum()))


def _landing(sample: Decoded, flow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(row, column) of people's pixels whose flow stays in the picture, and (row, column) of where it leads."""
    row, column = np.nonzero((sample.instance > 0) & np.isfinite(flow[..., 0]))
    to = np.floor(np.stack((column, row), axis=1) + 0.5 + flow[row, column]).astype(np.int64)
    height, width = sample.instance.shape
    inside = np.all((to >= 1) & (to < (width - 1, height - 1)), axis=1)
    return np.stack((row, column))[:, inside], to[inside].T[::-1]


def _people(sample: Decoded, other: Decoded, start: np.ndarray, end: np.ndarray) -> Share:
    who, part = sample.instance[tuple(start)], sample.body[tuple(start)]
    met = np.zeros(len(who), dtype=bool)
    for place in _around(end):
        met |= (other.instance[place] == who) & (other.body[place] == part)
    return Share(PEOPLE, int((~met).sum()), len(met))


def _surface(sample: Decoded, other: Decoded, start: np.ndarray, end: np.ndarray) -> Share | None:
    own, theirs = sample.dense.get("surface"), other.dense.get("surface")
    if own is None or theirs is None:
        return None
    point: Array = own[tuple(start)]
    nearest = np.full(len(point), np.inf)
    for place in _around(end):
        away = np.linalg.norm(theirs[place] - point, axis=1)
        nearest = np.minimum(nearest, np.where(np.any(theirs[place] != 0.0, axis=1), away, np.inf))
    known = np.any(point != 0.0, axis=1)
    return Share(SURFACE, int((nearest[known] > _PLACE).sum()), int(known.sum()))


def _around(place: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(place[0] + dy, place[1] + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
