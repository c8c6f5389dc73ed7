"""Which of the places where a camera can be is the best: what it sees from each, all at once. No bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.clip import CameraSpec, RinkSpec
from blender_addon.filming.aim import middles
from blender_addon.filming.carried import SKATING_CLEARANCE
from blender_addon.filming.framing import kept, limits_of, span_of, tallness, thrown, typical, wished_focal
from blender_addon.filming.overhead import covered_share
from blender_addon.filming.places import hidden_share
from blender_addon.filming.pose import facing
from blender_addon.filming.track import Filmed
from mocap.rotations import Array

CLEARANCE = 2.0
"""Metres between a camera and any point of the skater."""

FROM_OTHERS = 2.5
"""Metres between a camera and anybody else, where there is the room."""

# What it costs, beside a place's own cost: per natural logarithm of what is missing in size where the lens is at its
# end and has to be carried nearer or further, and where the wish to have all in the picture is to blame; where more is
# out of the picture than may be, and per share of the skater's points that is; per share that boards, glass or rows
# hide; per metre that is missing between camera and skater; per share of FROM_OTHERS; per share of the instants at
# which somebody stands in the sight line.
_AT_LENS_END, _KEEPING, _CUT, _OUT, _HIDDEN, _CLOSE, _OTHERS, _SIGHT = 4.0, 1.2, 60.0, 100.0, 60.0, 30.0, 2.0, 3.0

# How many instants are looked at: for what is in the picture, for who comes close, and for what hangs in the way.
_INSTANTS, _DENSE, _OVERHEAD = 16, 160, 4
# Logarithm of a size that is off which the owner of a lens that zooms takes; share of a guessed cost that is relied on.
_PATIENCE, _GUESSED = 0.2, 0.8
# Share of points that may be out of the picture though it should be none, before it counts.
_TOLERATED = 1e-3
_ROOM = 0.97
# Metres from a hip to a line of sight that is clear; metres over the ice over which it is.
_SHOULDERS, _HEAD = 0.6, 1.9
# Metres over the middle of the skater up to where nothing may hang before them.
_AIR = 1.6
# Directions in which a person's outermost points stand for all of them.
_OUTERMOST = np.array(
    (
        (0, 0, 1), (0, 0, -1), (1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (1, 1, 0), (-1, -1, 0), (1, -1, 0),
        (-1, 1, 0), (1, 1, 1), (-1, -1, 1), (1, -1, -1), (-1, 1, -1),
    ),
    dtype=np.float64,
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """What candidates are judged by: a few instants of the clip, and more of them for who comes close.

    Attributes:
        spec, rink: the camera's and where it is.
        seconds: (M,); points: (M, P, 3); aims: (M, 3); turns: (M, 3, 3) of shake and roll; feet: (F, 3).
        dense: (D,) seconds; middles: (D, 3) of the skater's box and reach: (D, 2) from there to the furthest point, on
            the plane and up; others: (D, Q, 3).
        clearance: metres from the skater; room: share of the picture that the points have, for what the few instants do
            not show.
    """

    spec: CameraSpec
    rink: RinkSpec
    seconds: Array
    points: Array
    aims: Array
    turns: Array
    feet: Array
    dense: Array
    middles: Array
    reach: Array
    others: Array
    clearance: float
    room: float

    def cost(self, eyes: Array, close: Array, azimuths: Array) -> Array:
        """(C,) what is wrong with candidates, but for what hides the ice from them.

        Args:
            eyes: (C, M, 3) or (C, 1, 3) at `seconds`; close: likewise (C, D, 3) at `dense`; azimuths: (C,).
        """
        return self._picture(eyes, azimuths) + self._company(close)

    def guess(self, eyes: Array) -> Array:
        """(C,) about the least that `cost` is for eyes (C, 3) that stay where they are, from distances alone."""
        spec = self.spec
        away = np.linalg.norm(eyes[:, None] - self.points.mean(axis=1), axis=-1)
        tall = np.median(np.ptp(self.points[..., 2], axis=1) / np.maximum(away, 0.1), axis=1)
        return np.asarray(_GUESSED * self._at_lens_end(wished_focal(spec, tall)))

    def hidden(self, eyes: Array) -> Array:
        """(C,) what it costs that boards, glass, rows, or what hangs overhead hide the skater from eyes (C, 3)."""
        middles = self.middles[_spread(len(self.middles), _OVERHEAD)]
        # The air over their heads is in the picture, too.
        over = covered_share(eyes, np.concatenate((middles, np.add(middles, (0.0, 0.0, _AIR)))), self.rink)
        return np.asarray(_HIDDEN * (hidden_share(eyes, self.feet, self.rink) + over))

    def _picture(self, eyes: Array, azimuths: Array) -> Array:
        spec = self.spec
        flat = thrown(spec, seen_from(eyes, self.turns @ facing(eyes, self.aims, azimuths), self.points))
        limits, tall = self.room * limits_of(spec, flat), tallness(flat)
        zoom = spec.moves.zoom
        cost = (1.0 - zoom) * self._with_lens(wished_focal(spec, typical(tall)), limits.reshape(len(limits), -1))
        if zoom > 0.0:
            # A lens that zooms has every instant to itself.
            tall = np.where(np.isfinite(tall), tall, np.inf)
            cost = cost + zoom * self._with_lens(wished_focal(spec, tall), limits).mean(axis=1)
        return np.asarray(cost)

    def _with_lens(self, wish: Array, limits: Array) -> Array:
        """(…) what it costs that focal lengths wished for (…) cannot be had, with points of limits (…, L)."""
        keep = self.spec.moves.keep
        shortest, longest = span_of(self.spec)
        able = np.clip(wish, shortest, longest)
        focal = np.clip(np.minimum(able, kept(limits, keep)), shortest, longest)
        missing = np.maximum(keep - (limits >= focal[..., None] * (1.0 - 1e-9)).mean(axis=-1), 0.0)
        cut = _CUT * (missing > _TOLERATED) + _OUT * missing
        # Who sets up a camera that stands still knows that the whole travel makes the skater small.
        keeping = _KEEPING * (0.4 if self.spec.moves.follow == "fixed" else 1.0)
        return np.asarray(self._at_lens_end(wish) + keeping * np.log(able / focal) + cut)

    def _at_lens_end(self, wish: Array) -> Array:
        """(…) what it costs that a lens cannot have focal lengths (…)."""
        shortest, longest = span_of(self.spec)
        short = np.maximum(np.log(shortest / np.maximum(wish, 1e-9)), np.log(np.maximum(wish, 1e-9) / longest))
        # Somebody whose lens zooms puts up with a little before they walk.
        patience = min(_PATIENCE, 0.5 * float(np.log(longest / shortest)))
        return np.asarray(_AT_LENS_END * np.maximum(short - patience, 0.0) + 0.3 * np.maximum(short, 0.0))

    def _company(self, eyes: Array) -> Array:
        off = eyes - self.middles
        plane = np.maximum(np.linalg.norm(off[..., :2], axis=-1) - self.reach[:, 0], 0.0)
        apart = np.hypot(plane, np.maximum(np.abs(off[..., 2]) - self.reach[:, 1], 0.0))
        cost = _CLOSE * np.maximum(self.clearance - apart.min(axis=1), 0.0)
        for somebody in np.moveaxis(self.others, 1, 0):
            away = np.linalg.norm(eyes[..., :2] - somebody[:, :2], axis=-1)
            # Nobody is in the way of a camera that hangs over their heads.
            under = np.maximum(eyes[..., 2] - _HEAD, 0.0)
            cost += _OTHERS * np.maximum(1.0 - np.hypot(away, under).min(axis=1) / FROM_OTHERS, 0.0)
            line = self.middles[None] - eyes
            length = np.maximum((line[..., :2] ** 2).sum(axis=-1), 1e-9)
            share = np.clip(((somebody - eyes)[..., :2] * line[..., :2]).sum(axis=-1) / length, 0.0, 1.0)
            near = np.linalg.norm((somebody - eyes - share[..., None] * line)[..., :2], axis=-1) < _SHOULDERS
            low = (eyes + share[..., None] * line)[..., 2] < _HEAD
            cost += _SIGHT * (near & low & (share < 1.0)).mean(axis=1)
        return np.asarray(cost)


def scene_of(spec: CameraSpec, people: Filmed, aims: Array, turns: Array, rink: RinkSpec, closely: int = 1) -> Scene:
    """The scene of a camera that looks at aims (N, 3), its hands' turns (N, 3, 3).

    Args:
        closely: how many times as many instants as usual are looked at for what is in the picture; if more, the points
            must have room to spare in it.
    """
    some, dense = (people.frames[_spread(len(people.frames), n)] for n in (closely * _INSTANTS, _DENSE))
    middle = middles(people.points[dense])
    off = people.points[dense] - middle[:, None]
    return Scene(
        spec=spec,
        rink=rink,
        seconds=people.times[some],
        points=_outermost(people.points[some]),
        aims=aims[some],
        turns=turns[some],
        feet=feet_of(people.points[some]),
        dense=people.times[dense],
        middles=middle,
        reach=np.stack((np.linalg.norm(off[..., :2], axis=-1).max(axis=1), np.abs(off[..., 2]).max(axis=1)), axis=-1),
        others=people.others[dense],
        clearance=SKATING_CLEARANCE if spec.moves.follow == "skate" else CLEARANCE,
        room=1.0 if closely == 1 else _ROOM,
    )


def seen_from(eyes: Array, R: Array, points: Array) -> Array:
    """(…, P, 3) in the camera's frame of points (…, P, 3), from eyes (…, 3) turned as R (…, 3, 3)."""
    off = points - eyes[..., None, :]
    # Sums of products of large arrays: einsum and matmul would go over all these small matrices one by one.
    return np.stack([sum(R[..., i, j, None] * off[..., j] for j in range(3)) for i in range(3)], axis=-1)


def feet_of(points: Array) -> Array:
    """(4 M, 3) lower corners of the bodies' boxes over instants (M, P, 3): what boards hide first."""
    low, high = points.min(axis=1), points.max(axis=1)
    corners = [np.stack((x, y, low[:, 2]), axis=-1) for x in (low[:, 0], high[:, 0]) for y in (low[:, 1], high[:, 1])]
    return np.concatenate(corners)


def _spread(count: int, wanted: int) -> np.ndarray:
    return np.unique(np.linspace(0, count - 1, min(count, wanted)).round().astype(int))


def _outermost(points: Array) -> Array:
    """(M, 14, 3) of points (M, P, 3)."""
    which = (points @ _OUTERMOST.T).argmax(axis=1)
    return np.take_along_axis(points, which[..., None], axis=1)
