"""One pass over a data set: everything that its report tells, in memory that does not grow with it. No bpy."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from tqdm import tqdm

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS, KeypointSet
from blender_addon.labels.vocabulary import BODY_PART_INDEX, BODY_PARTS, CLOTHES, Cause
from render_scripts.dense_fields import decode_picture
from render_scripts.export.samples import Sample, reading, samples
from render_scripts.report.accumulate import Histogram, Lowest, Names, lot_of
from render_scripts.report.poses import ANGLES, angles, facing, joint_rows, pose_set, root_aligned
from render_scripts.report.reading import (
    NO_EVENT,
    box,
    element_of,
    inside,
    items,
    most_telling,
    number,
    numbers,
    points,
    text,
)
from render_scripts.report.shown import Shown, ShownSamples
from render_scripts.sample import picture_of

AZIMUTHS, ELEVATIONS = 36, 18
GRID = 24
MOST_POSES = 3000
MOST_TONES = 240
MOST_JSON_BYTES = 4_000_000
# MakeHuman's numbers that a report shows, of 0 to 1.
PHENOTYPE = ("gender", "age", "weight", "muscle", "african", "asian", "caucasian")


@dataclass(frozen=True)
class Pose:
    """A pose that is drawn: aligned joints (12, 3), and the element that it is of."""

    joints: np.ndarray
    element: str


@dataclass(frozen=True)
class Looks:
    """Colours of a person, linear RGB (3,); None where the data set does not say."""

    skin: np.ndarray | None
    hair: np.ndarray | None
    eyes: np.ndarray | None


def _bins(low: float, high: float, count: int) -> Histogram:
    return Histogram(np.linspace(low, high, count + 1))


def _classes(count: int) -> np.ndarray:
    return np.zeros(count, dtype=np.int64)


@dataclass
class Numbers:
    """What is known of a data set. Everything of skaters is of those who show at least one pixel.

    Attributes:
        pictures, clips: counts. people: by role, as often as they are in a picture. persons: different skaters.
        without_skater: pictures that show none. shown: skaters in pictures; cut: at the picture's edge.
        body, clothes: pixels by class; body_in, clothes_in: pictures with the class.
        parts: (classes, 2) of each body part the sum of its visible shares, and of how many.
        causes: by set, (points, 8) how often each `Cause` was. keypoint_set: that poses are from.
        views: (AZIMUTHS, ELEVATIONS) of cameras about skaters, from 0 and −90° up. places: (GRID, GRID) of the boxes'
            middles, rows from the top. angles: (6, 2, 36) by `ANGLES`, side, 5°.
        color: mean and its square's mean of pictures, (2, 3), summed over `pictures`.
        sources: keys at which a warning began.
    """

    pictures: int = 0
    clips: int = 0
    splits: Names = field(default_factory=Names)
    cameras: Names = field(default_factory=Names)
    profiles: Names = field(default_factory=Names)
    sizes: Names = field(default_factory=Names)
    takes: Names = field(default_factory=Names)
    rinks: Names = field(default_factory=Names)
    lights: Names = field(default_factory=Names)
    elements: Names = field(default_factory=Names)
    kinds: Names = field(default_factory=Names)
    people: Names = field(default_factory=Names)
    together: Names = field(default_factory=Names)
    garments: Names = field(default_factory=Names)
    hair: Names = field(default_factory=Names)
    persons: int = 0
    skaters: int = 0
    shown: int = 0
    cut: int = 0
    without_skater: int = 0
    body: np.ndarray = field(default_factory=lambda: _classes(len(BODY_PARTS)))
    clothes: np.ndarray = field(default_factory=lambda: _classes(len(CLOTHES)))
    body_in: np.ndarray = field(default_factory=lambda: _classes(len(BODY_PARTS)))
    clothes_in: np.ndarray = field(default_factory=lambda: _classes(len(CLOTHES)))
    parts: np.ndarray = field(default_factory=lambda: np.zeros((len(BODY_PARTS), 2)))
    causes: dict[str, np.ndarray] = field(default_factory=dict)
    keypoint_set: KeypointSet | None = None
    views: np.ndarray = field(default_factory=lambda: np.zeros((AZIMUTHS, ELEVATIONS), dtype=np.int64))
    places: np.ndarray = field(default_factory=lambda: np.zeros((GRID, GRID), dtype=np.int64))
    angles: np.ndarray = field(default_factory=lambda: np.zeros((len(ANGLES), 2, 36), dtype=np.int64))
    heights: Histogram = field(default_factory=lambda: Histogram(2.0 ** np.linspace(0.0, 13.0, 53)))
    distances: Histogram = field(default_factory=lambda: _bins(0.0, 60.0, 60))
    fractions: Histogram = field(default_factory=lambda: _bins(0.0, 1.0, 20))
    elevations: Histogram = field(default_factory=lambda: _bins(-90.0, 90.0, 90))
    fields_of_view: Histogram = field(default_factory=lambda: _bins(0.0, 180.0, 90))
    brightness: Histogram = field(default_factory=lambda: _bins(0.0, 255.0, 51))
    statures: Histogram = field(default_factory=lambda: _bins(1.0, 2.2, 48))
    phenotypes: dict[str, Histogram] = field(default_factory=lambda: {name: _bins(0.0, 1.0, 20) for name in PHENOTYPE})
    color: np.ndarray = field(default_factory=lambda: np.zeros((2, 3)))
    poses: Lowest[Pose] = field(default_factory=lambda: Lowest(MOST_POSES))
    looks: Lowest[Looks] = field(default_factory=lambda: Lowest(MOST_TONES))
    samples: list[Shown] = field(default_factory=list)
    run: dict[str, Any] = field(default_factory=dict)
    job: str = ""


def gather(dataset: Path, *, quiet: bool = False) -> Numbers:
    """Reads all shards in a folder once, with a bar on standard error unless `quiet`.

    Raises:
        UserError: no data set, or a damaged one.
    """
    made = Numbers(run=_json_beside(dataset / "run.json"), job=_text_beside(dataset / "job.yaml"))
    walk = _Walk(made)
    total = _expected(dataset)
    for sample in tqdm(samples(dataset), total=total, unit="picture", disable=quiet or None, dynamic_ncols=True):
        with reading(sample.shard, sample.key):
            walk.add(sample)
    made.samples = walk.shown.finished()
    return made


class _Walk:
    """What must be remembered from sample to sample."""

    def __init__(self, made: Numbers) -> None:
        self.made = made
        self.shown = ShownSamples()
        self._clip = -1
        self._met: set[int] = set()

    def add(self, sample: Sample) -> None:
        made, facts = self.made, sample.facts
        # A shard holds all of a clip together, so that who was met need be known for one clip alone.
        if sample.clip != self._clip:
            self._clip, self._met = sample.clip, set()
            made.clips += 1
        made.pictures += 1
        made.splits.add(sample.shard.stem.rpartition("-")[0])
        element = element_of(facts)
        picture = picture_of(sample.fields)
        height, width = picture.shape[:2]
        _add_picture(made, picture)
        _add_masks(made, sample, (height, width))
        _add_surroundings(made, facts, element, (width, height))
        people = facts["people"]
        if not isinstance(people, list) or not all(isinstance(person, dict) for person in people):
            raise ValueError("people is no list of objects")
        seen = [self._add_person(sample, person, element, (width, height)) for person in people]
        made.together.add(str(sum(seen)))
        made.without_skater += not any(seen)
        self.shown.offer(sample)

    def _add_person(self, sample: Sample, person: Mapping[str, Any], element: str, size: tuple[int, int]) -> bool:
        """Whether it is a skater who can be seen."""
        made = self.made
        role = text(person, "role") or "skater"
        area = box(person)
        made.people.add(role if area is not None else f"{role}, not seen")
        if role != "skater":
            return False
        made.skaters += 1
        instance = person["instance"]
        if not isinstance(instance, int):
            raise ValueError("an instance is a whole number")
        if instance not in self._met and len(self._met) < 4096:
            self._met.add(instance)
            _add_body(made, person, lot_of("looks", sample.clip, instance))
        if area is None:
            return False
        _add_box(made, person, area, size)
        _add_parts(made, person)
        _add_keypoints(made, sample, person, element, instance)
        return True


def _add_picture(made: Numbers, picture: np.ndarray) -> None:
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
        raise ValueError("the picture is not RGB of 8 bits")
    mean, deviation = (values.ravel() for values in cv2.meanStdDev(picture))
    made.color += np.stack((mean, deviation**2 + mean**2))
    made.brightness.add(float(mean @ (0.299, 0.587, 0.114)))


def _add_masks(made: Numbers, sample: Sample, shape: tuple[int, int]) -> None:
    for name, total, pictures in (
        ("body.png", made.body, made.body_in),
        ("clothes.png", made.clothes, made.clothes_in),
    ):
        if name not in sample.fields:
            continue
        mask = decode_picture(sample.fields[name])
        if mask.shape != shape or mask.dtype != np.uint8:
            raise ValueError(f"{name} is not of 8 bits and the picture's size")
        counts = np.bincount(mask.ravel(), minlength=256)
        if counts[len(total) :].any():
            raise ValueError(f"{name} holds {int(np.flatnonzero(counts)[-1])}, which is no class")
        total += counts[: len(total)]
        pictures += counts[: len(total)] > 0


def _add_surroundings(made: Numbers, facts: Mapping[str, Any], element: str, size: tuple[int, int]) -> None:
    width, height = size
    made.cameras.add(text(facts, "camera", "name"))
    made.profiles.add(text(facts, "camera", "profile") or "unknown")
    made.sizes.add(f"{width} × {height}")
    matrix = numbers(facts, (3, 3), "camera", "K")
    if matrix is not None and matrix[0, 0] > 0.0:
        made.fields_of_view.add(math.degrees(2.0 * math.atan(width / 2.0 / matrix[0, 0])))
    made.takes.add(text(facts, "motion", "take") or "unknown")
    made.rinks.add(text(facts, "scene", "rink", "kind") or "unknown")
    made.lights.add(text(facts, "scene", "light", "kind") or "unknown")
    made.elements.add(element)
    made.kinds.add(most_telling(facts)[0] or NO_EVENT)


def _add_body(made: Numbers, person: Mapping[str, Any], lot: int) -> None:
    """What is of a person, however many pictures show them."""
    made.persons += 1
    made.statures.add([stature for stature in [number(person, "body", "stature")] if stature > 0.0])
    for name, histogram in made.phenotypes.items():
        histogram.add([value for value in [number(person, "body", name)] if value >= 0.0])
    garments = inside(person, "garments")
    for garment in garments if isinstance(garments, list) else []:
        if isinstance(garment, str):
            made.garments.add(garment)
    style = text(person, "hair", "style")
    if style:
        made.hair.add(style)
    tones = [numbers(person, (3,), *path) for path in (("skin", "tone"), ("hair", "color"), ("eyes",))]
    if any(tone is not None for tone in tones):
        made.looks.add(lot, Looks(*tones))


def _add_box(
    made: Numbers,
    person: Mapping[str, Any],
    area: tuple[float, float, float, float],
    size: tuple[int, int],
) -> None:
    x, y, width, height = area
    made.shown += 1
    made.heights.add(height)
    made.fractions.add(number(person, "visible_fraction"))
    made.cut += x < 0.5 or y < 0.5 or x + width > size[0] - 0.5 or y + height > size[1] - 0.5
    column, row = ((x + width / 2) / size[0], (y + height / 2) / size[1])
    made.places[int(np.clip(row * GRID, 0, GRID - 1)), int(np.clip(column * GRID, 0, GRID - 1))] += 1


def _add_parts(made: Numbers, person: Mapping[str, Any]) -> None:
    for part in items(person, "parts"):
        share = number(part, "visible")
        place = BODY_PART_INDEX.get(text(part, "part"))
        if place is not None and 0.0 <= share <= 1.0:
            made.parts[place] += (share, 1.0)


def _add_keypoints(made: Numbers, sample: Sample, person: Mapping[str, Any], element: str, instance: int) -> None:
    known = [name for name in KEYPOINT_SETS if inside(person, "keypoints", name) is not None]
    if made.keypoint_set is None:
        made.keypoint_set = pose_set(known)
    for name in known:
        given = points(person, name)
        if given is None:
            continue
        _, xyz, cause = given
        counts = made.causes.setdefault(name, np.zeros((len(cause), len(Cause)), dtype=np.int64))
        counts[np.arange(len(cause)), cause] += 1
        if made.keypoint_set is not None and name == made.keypoint_set.name:
            rows = joint_rows(made.keypoint_set)
            if not np.isin(cause[rows], int(Cause.ABSENT)).any():
                _add_pose(made, sample, xyz[rows], element, instance)


def _add_pose(made: Numbers, sample: Sample, joints: np.ndarray, element: str, instance: int) -> None:
    bins = angles(joints)
    for k, side in zip(*np.nonzero(np.isfinite(bins)), strict=True):
        made.angles[k, side, int(min(bins[k, side] / 5.0, 35.0))] += 1
    lot = lot_of("pose", sample.key, instance)
    if made.poses.admits(lot):
        made.poses.add(lot, Pose(root_aligned(joints), element))
    turned, moved = numbers(sample.facts, (3, 3), "camera", "R"), numbers(sample.facts, (3,), "camera", "t")
    if turned is None or moved is None:
        return
    to_camera = -turned.T @ moved - joints.mean(axis=0)
    level = float(np.hypot(to_camera[0], to_camera[1]))
    azimuth = (math.degrees(math.atan2(to_camera[1], to_camera[0]) - facing(joints)) + 180.0) % 360.0 - 180.0
    elevation = math.degrees(math.atan2(to_camera[2], level))
    made.distances.add(float(np.linalg.norm(to_camera)))
    made.elevations.add(elevation)
    # The first bin is about straight ahead, half of it on either side.
    column = int((azimuth % 360.0 + 180.0 / AZIMUTHS) / 360.0 * AZIMUTHS) % AZIMUTHS
    made.views[column, int(np.clip((elevation + 90.0) / 180.0 * ELEVATIONS, 0, ELEVATIONS - 1))] += 1


def _expected(dataset: Path) -> int | None:
    """How many samples the folder says that it has, for the bar."""
    info = _json_beside(dataset / "_info.json")
    splits = info.get("splits")
    counts = [number(split, "num_samples") for split in splits.values()] if isinstance(splits, dict) else []
    return int(sum(counts)) if counts and all(count >= 0.0 for count in counts) else None


def _json_beside(path: Path) -> dict[str, Any]:
    """A file that may be missing, too long or something else altogether: then nothing."""
    try:
        value = json.loads(_text_beside(path))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _text_beside(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MOST_JSON_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
