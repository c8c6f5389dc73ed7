"""One camera of a clip, filmed with: where it stands, how it turns, what its lens sees. No bpy.

A camera keeps to its spec's azimuth, distance and elevation as far as the hall and its lens let it. It may stand on the
ice side of the boards, or beyond them, in the stands or on a platform over their floor, where it sees the skater over
boards, glass and the rows in front of it, or hang under the roof. Where the wished place is none of these (behind the
glass at the height of a phone, in a wall, in somebody's way), or where the lens is at its end and makes the skater too
small or too large, it takes the cheapest place that is; for a low camera beyond the boards that is right inside them,
as a phone is that is held over the top rail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from blender_addon.clip import CameraSpec, RinkSpec
from blender_addon.filming.aim import aims_of, centre_of, middles, smoothed
from blender_addon.filming.carried import Ways, rides, walks
from blender_addon.filming.framing import focals_of, limits_of, thrown
from blender_addon.filming.lens import intrinsics_of
from blender_addon.filming.places import HELD_HIGH, LOWEST, Wishes, lanes, nearby, wishes_of
from blender_addon.filming.pose import facing, turned
from blender_addon.filming.search import Scene, scene_of, seen_from
from blender_addon.filming.shake import Shake, shake_of, steps_of
from blender_addon.filming.track import CameraTrack, Filmed
from mocap.errors import UserError
from mocap.rotations import Array

# Candidates that are looked at together; how many of the likely ones at most, and of the others after them; how many of
# the best are looked at for what hides the ice.
_BATCH, _LIKELY, _OTHERS, _FEW = 192, 1152, 1152, 24
# How many times as many instants are looked at where the usual few were not enough to tell.
_CLOSELY = 3
# Seconds (sigma) over which a walk is evened out.
_EVEN = 0.25
# Metres are this dear that a walker leaves the boards by, so as to come near enough for a lens that does not zoom.
_FROM_BOARDS = 0.15
_WALKER_TURNS = np.radians((0, 8, -8, 16, -16, 25, -25, 40, -40, 60, -60, 90, -90, 135, -135, 180))
_NEARER = (1.0, 0.85, 1.2, 0.72, 1.45, 0.6, 1.75, 0.5, 2.2, 0.42, 0.35, 0.29, 0.24)


def film(spec: CameraSpec, people: Filmed, rink: RinkSpec, beside: CameraTrack | None = None) -> CameraTrack:
    """A camera's whole track, decided by nothing but what is given: other cameras make no difference.

    Args:
        spec: the camera; people: whom it follows; rink: where.
        beside: the track of the camera that it is mounted on, if `spec.beside` names one.

    Raises:
        ValueError: points of another shape, or not finite.
        UserError: the camera sees nothing of the skater from any place, or from the one that it is given.
    """
    points = people.points
    if points.ndim != 3 or points.shape[2] != 3 or 0 in points.shape or not np.isfinite(points).all():
        raise ValueError(f"a camera needs finite points (N, P, 3), not {points.shape}")
    if beside is not None:
        lead = beside.spec
        rig = replace(spec, lens=lead.lens, width=lead.width, height=lead.height)
        return CameraTrack(rig, beside.times, beside.K, beside.R, beside.t - np.asarray(spec.offset))
    centre = centre_of(people)
    fixed = spec.moves.follow == "fixed"
    aims = np.broadcast_to(centre, (len(points), 3)) if fixed else aims_of(people, spec.moves)
    shake = shake_of(people.times, spec.moves.shake, spec.seed)
    turns = turned(shake.pan, shake.tilt, shake.roll + spec.moves.roll)
    for closely in (1, _CLOSELY):
        stand = _stand(scene_of(spec, people, aims, turns, rink, closely), people, aims, centre)
        track, share = _shot(spec, people, aims, turns, shake, stand)
        if share >= spec.moves.keep or spec.place is not None:
            break
    if share == 0.0:
        raise UserError(
            "sees nothing of the skater in focus",
            place=f"camera {spec.name!r}",
            mend="Place it elsewhere, or choose another part of the take.",
        )
    return track


@dataclass(frozen=True)
class _Stand:
    """Where a camera is: eyes (N, 3), and its azimuth (rad) from what it films."""

    eyes: Array
    azimuth: float


def _stand(scene: Scene, people: Filmed, aims: Array, centre: Array) -> _Stand:
    spec, rink, count = scene.spec, scene.rink, len(people.times)
    if spec.place is not None:
        eye = np.asarray(spec.place, dtype=np.float64)
        off = eye - centre
        there = float(np.arctan2(off[1], off[0])) if np.hypot(off[0], off[1]) > 0.5 else spec.azimuth
        return _Stand(np.broadcast_to(eye, (count, 3)), there)
    if spec.moves.follow == "walk":
        return _walk(scene, people, aims, centre)
    if spec.moves.follow == "skate":
        return _ride(scene, people)
    wishes = wishes_of(spec, centre, rink)
    best, cost = _cheapest(scene, wishes, centre)
    near = nearby(wishes, best, spec, centre, rink)
    if len(near.cost):
        closer, closest = _cheapest(scene, near, centre)
        if closest < cost:
            wishes, best = near, closer
    return _Stand(np.broadcast_to(wishes.eyes(centre)[best], (count, 3)), float(wishes.azimuths[best]))


def _cheapest(scene: Scene, wishes: Wishes, centre: Array) -> tuple[int, float]:
    """Which place costs least in all, and how much that is."""
    eyes = wishes.eyes(centre)
    likely = wishes.cost + scene.guess(eyes)
    order = np.argsort(likely, kind="stable")
    best, least = 0, np.inf
    # Where the likely ones come to nothing, a choice of all others has its turn.
    rest = order[_LIKELY :: max(1, (len(order) - _LIKELY) // _OTHERS + 1)]
    order = np.concatenate((order[:_LIKELY], rest))
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        # From here on it only gets worse.
        if likely[batch[0]] >= least:
            break
        here = eyes[batch, None]
        cost = wishes.cost[batch] + scene.cost(here, here, wishes.azimuths[batch])
        for few in _cheap_first(cost):
            if cost[few[0]] >= least:
                break
            whole = cost[few] + scene.hidden(eyes[batch[few]])
            if whole.min() < least:
                best, least = int(batch[few[whole.argmin()]]), float(whole.min())
    return best, least


def _cheap_first(cost: Array) -> Iterator[np.ndarray]:
    order = np.argsort(cost, kind="stable")
    for start in range(0, len(order), _FEW):
        yield order[start : start + _FEW]


def _walk(scene: Scene, people: Filmed, aims: Array, centre: Array) -> _Stand:
    """The best way along the boards."""
    spec = scene.spec
    places, s = lanes(centre, spec.azimuth + _WALKER_TURNS, scene.rink)
    azimuths = np.repeat(spec.azimuth + _WALKER_TURNS, len(s) // len(_WALKER_TURNS))
    off = np.abs(azimuths - spec.azimuth) + np.maximum(-s - 1.0, 0.0) * _FROM_BOARDS
    height = np.full(len(s), np.clip(spec.elevation, LOWEST, HELD_HIGH))
    ways = walks(people, aims, centre, places, s, height, scene.rink)
    away = np.linalg.norm(places - centre[:2], axis=-1)
    own = off + np.abs(away - spec.distance) / max(spec.distance, 1.0)
    best = _cheapest_way(scene, ways, azimuths, own)
    return _Stand(smoothed(ways.at(people.times)[best], _EVEN * people.rate), float(azimuths[best]))


def _ride(scene: Scene, people: Filmed) -> _Stand:
    """The best way beside the skater."""
    spec = scene.spec
    distances = np.unique(
        np.maximum(np.array(_NEARER) * spec.distance, float(scene.reach[:, 0].max()) + scene.clearance)
    )
    height = np.full(len(distances), np.clip(spec.elevation, LOWEST, HELD_HIGH))
    ways = rides(people, spec.azimuth, distances, height, scene.rink)
    own = np.abs(distances - spec.distance) / max(spec.distance, 1.0)
    best = _cheapest_way(scene, ways, np.full(len(distances), spec.azimuth), own)
    return _Stand(ways.places[best], spec.azimuth)


def _cheapest_way(scene: Scene, ways: Ways, azimuths: Array, own: Array) -> int:
    eyes = ways.at(scene.seconds)
    cost = own + scene.cost(eyes, ways.at(scene.dense), azimuths) + scene.hidden(eyes[:, len(scene.seconds) // 2])
    return int(cost.argmin())


def _shot(
    spec: CameraSpec, people: Filmed, aims: Array, turns: Array, shake: Shake, stand: _Stand
) -> tuple[CameraTrack, float]:
    """The track of a camera that stands there, its lens set; and which share of the skater's points it has inside."""
    R = turns @ facing(stand.eyes, aims, stand.azimuth)
    eyes = stand.eyes
    if spec.moves.shake > 0.0:
        eyes = eyes + np.einsum("nji,nj->ni", R, shake.offset)
        if spec.moves.follow == "walk" and spec.place is None:
            eyes = eyes + steps_of(stand.eyes, spec.moves.shake)
    flat = thrown(spec, seen_from(eyes, R, people.points))
    away = np.linalg.norm(smoothed(middles(people.points), 1.0) - eyes, axis=-1)
    focals = focals_of(spec, flat, away, people.frames, people.rate)
    share = float((limits_of(spec, flat[people.frames]) >= focals[people.frames, None] * (1.0 - 1e-9)).mean())
    K = np.broadcast_to(intrinsics_of(spec.lens, spec.width, spec.height, 1.0), (len(focals), 3, 3)).copy()
    K[:, 0, 0] = K[:, 1, 1] = focals
    return CameraTrack(spec, people.times, K, R, -np.einsum("nij,nj->ni", R, eyes)), share
