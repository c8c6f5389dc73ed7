"""Who is to be seen in a sample, as detectors' formats have people: pixels, box, and keypoints of one set. No bpy.

**Who.** Everybody of whom a pixel is seen; somebody behind the boards or out of the picture is not there at all.

**v** is COCO's, and so is a sample's `visibility`: 2 seen, 1 in the picture but hidden, whatever hides it, 0 outside
the picture, behind the camera or not part of this body; x and y of these are 0.

**Spectators** are people like others. Those of fewer pixels than COCO calls small have no keypoints labelled, as small
people have none there: nobody can point at an elbow in a head of three pixels. Evaluations of keypoints then leave them
out, found or not; their boxes and masks count.

**Sets.** A set that a sample lacks is put together from those it has, where these have all of its points: a point is
the same one wherever it is of the same landmarks. COCO's 17 are all in body_25, for example.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS, KeypointSet
from blender_addon.labels.vocabulary import Visibility
from mocap.errors import UserError
from render_scripts.dense_fields import decode_picture
from render_scripts.export.points import recipe_of
from render_scripts.export.samples import Sample

SMALL = 32 * 32
"""Pixels: below that COCO calls something small, and does not evaluate keypoints by size (`areaRng` of its API)."""
# Shape and type of a point's facts in a sample.
_KINDS: Mapping[str, tuple[tuple[int, ...], type]] = {
    "xy": ((2,), float),
    "xyz": ((3,), float),
    "visibility": ((), int),
    "cause": ((), int),
}


@dataclass(frozen=True)
class Shown:
    """Somebody in a picture.

    Attributes:
        instance: their value in the instance mask; role: as in the sample.
        pixels: (A,) where they are seen, ascending, counted down the columns from the picture's top left.
        bbox: x, y, w, h around these, in pixels from the picture's top-left corner.
        xy: (P, 2) pixels, from that corner as well, 0 where `v` is; v: (P,) COCO's flags.
    """

    instance: int
    role: str
    pixels: np.ndarray
    bbox: tuple[float, float, float, float]
    xy: np.ndarray
    v: np.ndarray


def shown_people(sample: Sample, points: KeypointSet) -> list[Shown]:
    """Everybody who is to be seen, in the sample's order. UserError if its sets do not have these points."""
    mask = decode_picture(sample.fields["instance.png"])
    width, height = size_of(sample)
    if mask.shape != (height, width):
        raise ValueError(f"instance.png has the shape {mask.shape} in a picture of {width} × {height}")
    check_sets(sample, points)
    columns = mask.ravel(order="F")
    pixels = np.flatnonzero(columns)
    owners = columns[pixels]
    out = []
    for person in sample.facts["people"]:
        instance, role = int(person["instance"]), str(person["role"])
        xy, v = keypoints_of(person, points)
        own = pixels[owners == instance]
        if not len(own):
            continue
        if role == "spectator" and len(own) < SMALL:
            xy, v = np.zeros_like(xy), np.zeros_like(v)
        out.append(Shown(instance, role, own, _box(own, height), xy, v))
    return out


def size_of(sample: Sample) -> tuple[int, int]:
    """(width, height) in pixels. ValueError if that is no size."""
    width, height = int(sample.facts["camera"]["width"]), int(sample.facts["camera"]["height"])
    if width < 1 or height < 1:
        raise ValueError(f"a picture of {width} × {height}")
    return width, height


def keypoints_of(person: Mapping[str, Any], points: KeypointSet) -> tuple[np.ndarray, np.ndarray]:
    """xy (P, 2) and v (P,) of a set's points, of somebody in a sample that `check_sets` was content with."""
    xy, v = gathered(person["keypoints"], points, "xy"), gathered(person["keypoints"], points, "visibility")
    if not np.isin(v, list(Visibility)).all() or not np.isfinite(xy).all():
        raise ValueError(f"no keypoints of {points.name}")
    return np.where(v[:, None] > 0, xy, 0.0), v


def check_sets(sample: Sample, points: KeypointSet) -> None:
    """UserError if somebody's sets do not have all of these points: it names what to ask of the job."""
    for person in sample.facts["people"]:
        sets = tuple(sorted(person["keypoints"]))
        if sources_of(points.name, sets) is None:
            raise UserError(
                f"it lacks the keypoint set {points.name}, and not all its points are in {', '.join(sets) or 'any'}",
                file=sample.shard,
                place=sample.key,
                mend=f"Add {points.name} to labels.keypoints in the job and render again.",
            )


def gathered(sets: Mapping[str, Any], points: KeypointSet, field: str) -> np.ndarray:
    """A field of a set's points, from whichever sets of a person have them.

    Args:
        sets: a person's `keypoints`, by name.
        field: `xy` gives (P, 2), `xyz` (P, 3), `visibility` and `cause` (P,).

    Raises:
        KeyError, ValueError: the points are not all there, or malformed.
    """
    sources = sources_of(points.name, tuple(sorted(sets)))
    if sources is None:
        raise KeyError(points.name)
    shape, kind = _KINDS[field]
    out: np.ndarray = np.zeros((len(points.points), *shape), dtype=kind)
    for name, (own, theirs) in sources.items():
        values: np.ndarray = np.array(sets[name][field], dtype=kind)
        if values.shape != (len(KEYPOINT_SETS[name].points), *shape):
            raise ValueError(f"{field} of {name} has the shape {values.shape}")
        out[own] = values[theirs]
    return out


@lru_cache(maxsize=64)
def sources_of(name: str, sets: tuple[str, ...]) -> dict[str, tuple[np.ndarray, np.ndarray]] | None:
    """By set that is there, the indices of points of the set `name` and theirs in it; None if some are in none."""
    chosen: dict[str, list[tuple[int, int]]] = {}
    for number, sources in enumerate(recipe_of(sets, KEYPOINT_SETS[name])):
        # A mean of others has a place, but nobody knows whether it is seen.
        if sources is None or len(sources) > 1:
            return None
        chosen.setdefault(sources[0][0], []).append((number, sources[0][1]))
    return {there: (np.array(pairs)[:, 0], np.array(pairs)[:, 1]) for there, pairs in chosen.items()}


def set_named(name: str | None, usual: KeypointSet) -> KeypointSet:
    """The set that `--keypoints` asks for. UserError for one that there is not."""
    if name is not None and name not in KEYPOINT_SETS:
        raise UserError(f"there is no keypoint set {name!r}", mend=f"There are: {', '.join(KEYPOINT_SETS)}.")
    return usual if name is None else KEYPOINT_SETS[name]


def _box(pixels: np.ndarray, height: int) -> tuple[float, float, float, float]:
    columns, rows = np.divmod(pixels, height)
    x, y = float(columns[0]), float(rows.min())
    return x, y, float(columns[-1]) + 1.0 - x, float(rows.max()) + 1.0 - y


def triples(xy: np.ndarray, v: np.ndarray, shift: float = 0.0, decimals: int = 3) -> list[float]:
    """x, y, v of every point in one list, moved by `shift` pixels where v says that it is labelled."""
    places = np.where(v[:, None] > 0, np.round(xy + shift, decimals), 0.0) + 0.0
    return [value for (x, y), flag in zip(places.tolist(), v.tolist(), strict=True) for value in (x, y, flag)]


def labelled(flags: Iterable[int]) -> int:
    """How many points have v above 0."""
    return sum(flag > 0 for flag in flags)
