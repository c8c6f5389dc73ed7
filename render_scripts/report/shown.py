"""The few samples that a report shows: a picture, and its labels as pictures to lay over it, small. No bpy."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from blender_addon.labels.amodal import MOST, silhouette
from blender_addon.labels.dense import DENSE_FIELDS
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, LabelClass, color_table
from render_scripts.dense_fields import decode_dense, decode_picture, encoded
from render_scripts.draw_dense import dense_pictures
from render_scripts.export.samples import Sample, reading
from render_scripts.report.accumulate import Lowest, lot_of
from render_scripts.report.reading import box, element_of, inside, items, number, numbers, points, text
from render_scripts.sample import picture_of

MOST_SHOWN = 24
WIDTH = 480
QUALITY = 82
MOST_PEOPLE = 12
# Bytes from which a sample is made small before it waits.
LARGE = 3_000_000
# Metres between which depth has colours: the usual case of everything on a rink.
_NEAREST, _FARTHEST = 1.0, 60.0


@dataclass(frozen=True)
class Layer:
    """A picture over the picture: a name, data URI, and whether it hides what is below it where it is opaque."""

    name: str
    uri: str


@dataclass(frozen=True)
class Shown:
    """A sample as the page has it.

    Attributes:
        key, clip, element, width, height: of the sample, pixels. uri: the picture. layers: over it.
        classes: by layer, those that occur (name, colour). facts: lines of what is known. people: boxes and points.
    """

    key: str
    clip: int
    width: int
    height: int
    uri: str
    layers: tuple[Layer, ...]
    classes: Mapping[str, list[tuple[str, str]]]
    facts: tuple[tuple[str, str], ...]
    people: tuple[Mapping[str, Any], ...]


class ShownSamples:
    """Chooses by lot: clips and their cameras first, of each one frame; if these are few, more of their frames."""

    def __init__(self) -> None:
        self._groups: Lowest[Sample | Shown] = Lowest(MOST_SHOWN)
        self._others: Lowest[Sample | Shown] = Lowest(MOST_SHOWN)
        self._clip = -1
        # Of each camera of this clip, the lot of the frame that is first so far, and the frame.
        self._waiting: dict[str, tuple[int, Sample]] = {}
        self._finished_groups = 0

    def offer(self, sample: Sample) -> None:
        """One more sample; all of a clip follow one another."""
        if sample.clip != self._clip:
            self._settle()
            self._clip = sample.clip
        lot = lot_of("shown", sample.key)
        if self._groups.admits(lot_of("group", sample.clip, sample.camera)) and len(self._waiting) < MOST_SHOWN:
            before = self._waiting.get(sample.camera)
            if before is None or lot < before[0]:
                self._waiting[sample.camera] = (lot, sample)
        if self._finished_groups < MOST_SHOWN and self._others.admits(lot):
            self._others.add(lot, _kept(sample))

    def _settle(self) -> None:
        for camera, (_, sample) in sorted(self._waiting.items()):
            lot = lot_of("group", sample.clip, camera)
            self._finished_groups += 1
            if self._groups.admits(lot):
                self._groups.add(lot, _kept(sample))
        self._waiting = {}

    def finished(self) -> list[Shown]:
        """The samples chosen, by key."""
        self._settle()
        chosen = {kept.key: kept for kept in self._groups.items()}
        for kept in self._others.items():
            if len(chosen) < MOST_SHOWN:
                chosen.setdefault(kept.key, kept)
        return [_made(chosen[key]) for key in sorted(chosen)]


def _kept(sample: Sample) -> Sample | Shown:
    """A sample as it waits: as it is, for most that are kept for a while are not shown; if it is large, made small."""
    return sample if sum(map(len, sample.fields.values())) <= LARGE else _made(sample)


def _made(kept: Sample | Shown) -> Shown:
    if isinstance(kept, Shown):
        return kept
    with reading(kept.shard, kept.key):
        return show(kept)


def show(sample: Sample) -> Shown:
    """A sample with all its layers, at most `WIDTH` pixels wide. ValueError if its pictures do not fit together."""
    try:
        return _show(sample)
    except cv2.error as error:
        raise ValueError(f"pictures that OpenCV cannot draw: {error.err}") from None


def _show(sample: Sample) -> Shown:
    picture = picture_of(sample.fields)
    height, width = picture.shape[:2]
    size = _small(width, height)
    layers: list[Layer] = []
    classes: dict[str, list[tuple[str, str]]] = {}
    depth = decode_dense({k: v for k, v in sample.fields.items() if k == "depth.png"}).get("depth")
    if depth is not None:
        layers.append(Layer("depth", _jpeg(_depth_picture(depth), size)))
    asked = [field.name for field in DENSE_FIELDS if not field.default and field.file in sample.fields]
    for name, drawn in zip(asked, dense_pictures(sample.fields), strict=True):
        layers.append(Layer(name.replace("_", " "), _jpeg(drawn, size)))
    for name, table in (("body", BODY_PARTS), ("clothes", CLOTHES)):
        if f"{name}.png" in sample.fields:
            mask = decode_picture(sample.fields[f"{name}.png"])
            layers.append(_mask_layer(name, color_table(table)[mask], mask > 0, size))
            classes[name] = _present(table, mask)
    if "instance.png" in sample.fields:
        instance = decode_picture(sample.fields["instance.png"])
        layers.append(_mask_layer("instance", person_colors()[instance.astype(np.int64) % 256], instance > 0, size))
        if "amodal.png" in sample.fields:
            layers.append(_amodal_layer(decode_picture(sample.fields["amodal.png"]), instance, size))
    return Shown(
        key=sample.key,
        clip=sample.clip,
        width=width,
        height=height,
        uri=_jpeg(picture, size),
        layers=tuple(layers),
        classes=classes,
        facts=_facts(sample.facts),
        people=tuple(_person(person) for person in _worth(sample.facts)),
    )


def person_colors() -> np.ndarray:
    """(256, 3) uint8 RGB by instance, far apart for people who follow each other."""
    hues = (np.arange(256) * 0.618034 * 180.0 + 95.0) % 180.0
    wheel = np.stack((hues, np.full(256, 190.0), np.full(256, 235.0)), axis=-1)[None]
    colors: np.ndarray = cv2.cvtColor(wheel.astype(np.uint8), cv2.COLOR_HSV2RGB)[0]
    return colors


def hex_of(rgb: np.ndarray | tuple[int, int, int]) -> str:
    """#rrggbb of three numbers up to 255."""
    return "#" + "".join(f"{int(value):02x}" for value in rgb)


def _small(width: int, height: int) -> tuple[int, int]:
    shrink = min(1.0, WIDTH / width)
    return max(1, round(width * shrink)), max(1, round(height * shrink))


def _jpeg(picture: np.ndarray, size: tuple[int, int]) -> str:
    small = picture if size == picture.shape[1::-1] else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return _uri("image/jpeg", encoded(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY]))


def _mask_layer(name: str, colors: np.ndarray, there: np.ndarray, size: tuple[int, int]) -> Layer:
    """Exact classes: pixels are left out, never mixed."""
    painted = np.dstack((colors[..., ::-1], np.where(there, 255, 0))).astype(np.uint8)
    painted[~there] = 0
    small = cv2.resize(painted, size, interpolation=cv2.INTER_NEAREST)
    done, data = cv2.imencode(".png", small, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    if not done:
        raise ValueError(f"{name} cannot be drawn")
    return Layer(name, _uri("image/png", data.tobytes()))


def _amodal_layer(bits: np.ndarray, instance: np.ndarray, size: tuple[int, int]) -> Layer:
    """Of everybody the whole silhouette, striped where something hides it."""
    rows, columns = np.indices(bits.shape)
    stripes = (rows + columns) // max(2, bits.shape[1] // 160) % 2 == 0
    colors, there = np.zeros((*bits.shape, 3), dtype=np.uint8), np.zeros(bits.shape, dtype=bool)
    for person in range(1, MOST + 1):
        whole = silhouette(bits, person)
        drawn = whole & ((instance == person) | stripes) & ~((instance != person) & there)
        colors[drawn], there = person_colors()[person], there | drawn
    return _mask_layer("amodal", colors, there, size)


def _depth_picture(depth: np.ndarray) -> np.ndarray:
    """Near is bright, far is dark, in steps that are even in the logarithm."""
    metres = np.clip(depth, _NEAREST, _FARTHEST)
    shade = 255.0 * (1.0 - np.log(metres / _NEAREST) / np.log(_FARTHEST / _NEAREST))
    painted = cv2.applyColorMap(np.rint(shade).astype(np.uint8), cv2.COLORMAP_VIRIDIS)[..., ::-1]
    return np.where(depth[..., None] > 0.0, painted, 60).astype(np.uint8)


def _uri(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _present(table: tuple[LabelClass, ...], mask: np.ndarray) -> list[tuple[str, str]]:
    values = set(np.unique(mask).tolist())
    return [(c.name.replace("_", " "), hex_of(c.color)) for c in table if c.index in values and c.index > 0]


def _worth(facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """People to draw: those who are seen, the large ones first."""
    seen = [(area, person) for person in items(facts, "people") if (area := box(person)) is not None]
    seen.sort(key=lambda entry: -entry[0][2] * entry[0][3])
    return [person for _, person in seen[:MOST_PEOPLE]]


def _person(person: Mapping[str, Any]) -> Mapping[str, Any]:
    sets: dict[str, list[float]] = {}
    # Those of a crowd are small, many, and in each other's way.
    for name in () if text(person, "role") == "spectator" else KEYPOINT_SETS:
        given = points(person, name) if inside(person, "keypoints", name) is not None else None
        if given is not None:
            xy, _, cause = given
            sets[name] = np.column_stack((np.clip(np.round(xy, 1), -9999, 99999), cause)).ravel().tolist()
    instance = person["instance"]
    return {
        "instance": instance,
        "role": text(person, "role") or "skater",
        "color": hex_of(person_colors()[instance % 256]),
        "box": list(box(person) or ()),
        "whole": _whole(person),
        "points": sets,
    }


def _whole(person: Mapping[str, Any]) -> list[float]:
    """The box of the whole silhouette, if it is told."""
    values = numbers(person, (4,), "amodal", "bbox")
    return [] if values is None else [float(value) for value in values]


def _facts(facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    people = [
        f"{text(person, 'role') or 'skater'} {person['instance']}"
        + (f", {fraction:.0%} seen" if (fraction := number(person, "visible_fraction")) >= 0.0 else "")
        for person in _worth(facts)
        if text(person, "role") != "spectator"
    ]
    camera = [text(facts, "camera", "name"), text(facts, "camera", "profile")]
    lines = (
        ("Element", element_of(facts)),
        ("Take", text(facts, "motion", "take")),
        ("Time", f"{seconds:.2f} s" if (seconds := number(facts, "time")) >= 0.0 else ""),
        ("Camera", " · ".join(dict.fromkeys(name for name in camera if name))),
        ("Rink", text(facts, "scene", "rink", "kind")),
        ("Light", text(facts, "scene", "light", "kind")),
        ("People", "; ".join(people)),
    )
    return tuple((name, value[:300]) for name, value in lines if value)
