"""Turns posed people and a rendered picture into labelled people. Arrays in, arrays out; no bpy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from blender_addon.cast import SkaterSpec
from blender_addon.labels.boxes import box_of
from blender_addon.labels.flesh import flesh_along
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.part_views import visible_parts
from blender_addon.labels.projection import NEAREST, inside, project, to_camera
from blender_addon.labels.reading import caught
from blender_addon.labels.visibility import SLANT, Before, Flesh, Surfaces, judge
from blender_addon.labels.vocabulary import Cause
from blender_addon.render.frame import CameraView, Keypoints, Person, Reading
from blender_addon.skater.human import Human

Catch = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]
"""From world points, (N, 3) or of somebody who moves (M, N, 3), to xy (N, 2), camera (N, 3), world (N, 3)."""


@dataclass(frozen=True)
class Mixture:
    """The points of several keypoint sets as means of landmarks, each once: sets have most of them in common.

    Attributes:
        points: names of the landmarks that each of the P points is the middle of; names: of all of these.
        members: (P, K) indices of each point's landmarks, the first one again where there are fewer than K.
        shares: (P, K) of each in the mean, summing to 1.
        chosen: by set, which of the P points are its own, in its order.
    """

    points: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    members: np.ndarray
    shares: np.ndarray
    chosen: Mapping[str, np.ndarray]


@lru_cache(maxsize=16)
def mixture_of(sets: tuple[str, ...]) -> Mixture:
    """How the points of some sets come out of landmarks."""
    asked = [KEYPOINT_SETS[name].landmarks for name in sets]
    place = {marks: k for k, marks in enumerate(dict.fromkeys(marks for points in asked for marks in points))}
    number = {name: k for k, name in enumerate(dict.fromkeys(name for marks in place for name in marks))}
    most = max((len(marks) for marks in place), default=1)
    padded = [[number[name] for name in (*marks, *marks[:1] * (most - len(marks)))] for marks in place]
    counts = np.array([len(marks) for marks in place])[:, None]
    return Mixture(
        points=tuple(place),
        names=tuple(number),
        members=np.array(padded, dtype=np.int64).reshape(-1, most),
        shares=np.where(np.arange(most) < counts, 1.0 / counts, 0.0),
        chosen={name: np.array([place[marks] for marks in points]) for name, points in zip(sets, asked, strict=True)},
    )


@dataclass(frozen=True)
class Subject:
    """Somebody who may be in the picture.

    Attributes:
        instance: their value in the instance mask, from 1.
        spec, human: who.
        landmarks: (3,) world positions by name.
        surface: (S, 3) world positions of points all over skin and clothes.
            Of somebody who moves while the rows of a picture are read, both are (M, …), at the reading's instants.
        pose: (B, 4, 4) bone → world, at the frame's instant.
    """

    instance: int
    spec: SkaterSpec
    human: Human
    landmarks: Mapping[str, np.ndarray]
    surface: np.ndarray
    pose: np.ndarray

    @staticmethod
    def now(places: np.ndarray) -> np.ndarray:
        """(N, 3) of places (N, 3) or (M, N, 3): at the frame's instant."""
        return places if places.ndim == 2 else places[len(places) // 2]


def positions_of(mixture: Mixture, landmarks: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Where the points of a mixture are, and how far from the landmarks that they are the middle of.

    Neck and MidHip are thus midpoints in the world, and every point's pixel is the projection of its world position.

    Args:
        landmarks: (…, 3) by name; those that a body does not have are left out.

    Returns:
        (…, P, 3) places, NaN for points that lack a landmark, and (P,) metres, at the middle of several instants.
    """
    some = next(iter(landmarks.values()))
    nowhere = np.full(some.shape, np.nan)
    parted = np.stack([landmarks.get(name, nowhere) for name in mixture.names], axis=-2)[..., mixture.members, :]
    places = np.einsum("...pki,pk->...pi", parted, mixture.shares)
    apart = np.linalg.norm(parted - places[..., None, :], axis=-1).max(axis=-1)
    return places, apart if apart.ndim == 1 else apart[len(apart) // 2]


def flesh_of(mixture: Mixture, human: Human, apart: np.ndarray) -> Flesh:
    """What may lie over each point of a mixture without hiding it; `apart` (P,) as of `positions_of`."""
    table = human.flesh_table(mixture.points)
    return Flesh(most=SLANT * table.depth + np.nan_to_num(apart), parts=table.parts)


def flesh_before(subject: Subject, view: CameraView, places: np.ndarray, asked: np.ndarray, most: np.ndarray) -> Before:
    """What of a subject's own body lies between the camera and points, see `flesh_along`.

    Args:
        view: at the frame's instant, where the body is as its pose says; it hardly turns while rows are read.
        places: (P, 3) in the world at that instant.
        asked: (P,) bool; before others there is nothing.
        most: (P,) metres that are before each where the body's skin is not known.
    """
    points, bare = subject.human.bare_points, subject.human.bare
    if points is None or bare is None:
        return Before(most, np.full(len(places), np.nan))
    camera = to_camera(view, places)
    with np.errstate(invalid="ignore"):
        some = np.flatnonzero(asked & (camera[:, 2] > NEAREST))
    own, every = np.zeros((2, len(places)))
    turned = np.concatenate(
        (view.R @ subject.pose[:, :3], np.broadcast_to((0.0, 0.0, 0.0, 1.0), (len(subject.pose), 1, 4))), axis=1
    )
    turned[:, :3, 3] += view.t
    skin = points.posed(subject.human.rig.rest, turned)
    own[some], every[some] = flesh_along(skin, bare.triangles, camera[some])
    return Before(own, every)


def people_in(
    view: CameraView,
    subjects: Iterable[Subject],
    seen: Surfaces,
    sets: Sequence[str],
    reading: Reading | None = None,
) -> tuple[Person, ...]:
    """The subjects as seen in one picture, in their order; spectators only where a pixel shows them.

    Where rows are read one after another, `reading` says when, and takes the place of `view`.
    """
    catch = partial(_at_once, view) if reading is None else partial(caught, reading)
    mixture = mixture_of(tuple(sets))
    shown = set(np.unique(seen.instance).tolist())
    return tuple(
        _person(catch, view, subject, seen, mixture)
        for subject in subjects
        if subject.spec.role != "spectator" or subject.instance in shown
    )


def _person(catch: Catch, view: CameraView, subject: Subject, seen: Surfaces, mixture: Mixture) -> Person:
    places, apart = positions_of(mixture, subject.landmarks)
    xy, camera, world = catch(places)
    flesh = flesh_of(mixture, subject.human, apart)
    asked = inside(xy, view.width, view.height)
    before = flesh_before(subject, view, subject.now(places), asked, flesh.most)
    visibility, cause = judge(xy, camera, before, flesh, seen, subject.instance, float(view.K[0, 0]))
    # A point that there is not has no place.
    absent = cause == Cause.ABSENT
    camera, world = (np.where(absent[:, None], 0.0, array) for array in (camera, world))
    keypoints = {
        name: Keypoints(xy=xy[k], camera=camera[k], xyz=world[k], visibility=visibility[k], cause=cause[k])
        for name, k in mixture.chosen.items()
    }
    mask = seen.instance == subject.instance
    watches = subject.spec.role == "spectator"
    return Person(
        instance=subject.instance,
        spec=subject.spec,
        bbox=visible_box(mask),
        visible_fraction=_visible_fraction(catch(subject.surface)[0], mask),
        keypoints=keypoints,
        body=subject.human.facts,
        garments=subject.human.garments,
        box_3d=box_of(subject.human, subject.pose, subject.now(subject.surface)),
        parts=() if watches else visible_parts(view, subject.human, subject.pose, mask, seen.body),
    )


def visible_box(mask: np.ndarray) -> tuple[float, float, float, float]:
    """x, y, w, h in pixels around a mask (H, W), in corner-origin coordinates; zeros for an empty one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return (0.0, 0.0, 0.0, 0.0)
    x, y = float(columns[0]), float(rows[0])
    return (x, y, float(columns[-1]) + 1.0 - x, float(rows[-1]) + 1.0 - y)


def _at_once(view: CameraView, world: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (*project(view, world), world)


def _visible_fraction(xy: np.ndarray, mask: np.ndarray) -> float:
    """Share of a person's surface points, at pixels (S, 2), that fall on a pixel of their mask (H, W)."""
    pixel = np.floor(xy[inside(xy, mask.shape[1], mask.shape[0])]).astype(np.int64)
    return float(mask[pixel[:, 1], pixel[:, 0]].sum()) / len(xy)
