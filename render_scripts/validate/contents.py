"""Samples of a data set: their fields, their JSON, and labels against the picture. One piece of work is a few frames of
one camera."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

from mocap.errors import UserError
from render_scripts.agreement import Decoded, Figure, check, decoded
from render_scripts.card.features import strays
from render_scripts.export.samples import reading, split_of
from render_scripts.reading.index import Index
from render_scripts.reading.sample import Sample
from render_scripts.sample import Fields, parse_key
from render_scripts.sample_schema import faults_of_json
from render_scripts.validate.faults import Fault
from render_scripts.validate.findings import Finding, examine
from render_scripts.validate.picture import fault_of_picture

# Frames of a camera that are looked at in one go: each piece reads one more, for its flow.
_FRAMES = 16
# Mistakes that are told of one sample's JSON.
_MOST = 3


@dataclass(frozen=True)
class Piece:
    """`places` in the index of frames that follow each other, and of the one after them, which is only looked at for
    the flow that leads to it."""

    places: tuple[int, ...]
    after: int | None


@dataclass
class Looked:
    """What was found in a piece of work.

    Attributes:
        samples: how many were looked at; faults, findings: what they show.
        shown: movements and people, as (split, what it is, name), and a sample that shows each.
    """

    samples: int = 0
    faults: list[Fault] = field(default_factory=list)
    findings: Sequence[Finding] = ()
    shown: dict[tuple[str, str, str], str] = field(default_factory=dict)


def pieces(index: Index, most: int | None) -> list[Piece]:
    """All samples of an index, or `most` of them, evenly spread."""
    runs: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for place, key in enumerate(index.keys):
        clip, camera, frame = parse_key(key)
        runs.setdefault((clip, camera), []).append((frame, place))
    next_frame = {
        place: after
        for frames in map(sorted, runs.values())
        for (frame, place), (other, after) in pairwise(frames)
        if other == frame + 1
    }
    total = len(index.keys)
    if most is not None and most < total:
        chosen = [(2 * number + 1) * total // (2 * most) for number in range(most)]
        return [Piece((place,), next_frame.get(place)) for place in chosen]
    out: list[Piece] = []
    for frames in runs.values():
        ordered = [place for _, place in sorted(frames)]
        for start in range(0, len(ordered), _FRAMES):
            part = tuple(ordered[start : start + _FRAMES])
            out.append(Piece(part, next_frame.get(part[-1])))
    return out


def look(index: Index, features: Sequence[Mapping[str, Any]] | None, piece: Piece) -> Looked:
    """Looks at the samples of a piece.

    Args:
        features: that the data card declares, or None where there is no card.
    """
    out = Looked(samples=len(piece.places))
    out.findings = examine(_figures(index, features, piece, out))
    return out


def _figures(
    index: Index, features: Sequence[Mapping[str, Any]] | None, piece: Piece, out: Looked
) -> Iterator[tuple[str, Sequence[Figure]]]:
    """Of each sample, with the next frame for its flow; two are in memory at a time."""
    before: tuple[Sample, Decoded] | None = None
    for place in piece.places:
        sample = Sample(index, place)
        now = _sample(sample, features, out)
        if before is not None:
            yield from _checked(*before, now if before[0].frame + 1 == sample.frame else None, out)
        before = None if now is None else (sample, now)
    if before is not None:
        yield from _checked(*before, None if piece.after is None else _after(Sample(index, piece.after)), out)


def _after(sample: Sample) -> Decoded | None:
    try:
        with reading(sample.shard, sample.key):
            return decoded(sample.read())
    except UserError:  # told of where it is looked at itself
        return None


def _checked(
    sample: Sample, now: Decoded, following: Decoded | None, out: Looked
) -> Iterator[tuple[str, Sequence[Figure]]]:
    try:
        with reading(sample.shard, sample.key):
            yield sample.key, check(now, following)
    except UserError as error:
        out.faults.append(Fault("sample", sample.shard.name, sample.key, error.message))


def _sample(sample: Sample, features: Sequence[Mapping[str, Any]] | None, out: Looked) -> Decoded | None:
    def add(kind: str, text: str, field: str = "") -> None:
        place = f"{sample.key}.{field}" if field else sample.key
        out.faults.append(Fault(kind, sample.shard.name, place, text))

    try:
        fields = sample.read()
        _look_at_fields(fields, features, add)
        with reading(sample.shard, sample.key):
            found = decoded(fields)
            _look_at_facts(sample, found.facts, features or (), add)
            for what in _shown(found.facts):
                out.shown.setdefault((split_of(sample.shard), *what), sample.key)
    except UserError as error:
        add("sample", error.message)
        return None
    return found


def _look_at_fields(fields: Fields, features: Sequence[Mapping[str, Any]] | None, add: Any) -> None:
    for name, data in fields.items():
        if name != "json" and (fault := fault_of_picture(name, data)) is not None:
            add("picture", fault, name)
    if features is not None:
        declared = {feature["name"] for feature in features if not feature["name"].startswith("__")}
        for name in sorted(declared ^ fields.keys()):
            add("field", "is not in the data card" if name in fields else "is in the data card, and not there", name)
    for fault in faults_of_json(fields.get("json", b""), _MOST):
        add("json", fault, "json")


def _look_at_facts(sample: Sample, facts: Mapping[str, Any], features: Sequence[Mapping[str, Any]], add: Any) -> None:
    told = (facts["key"], facts["clip"], facts["camera"]["name"], facts["frame"])
    if told != (sample.key, sample.clip, sample.camera, sample.frame):
        add("json", "key, clip, camera or frame are another sample's", "json")
    for feature in features:
        if feature["name"] == "json":
            for text in islice(strays(facts, feature), _MOST):
                add("json", text, "json")


def _shown(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "motion", facts["motion"]["take"]
    for person in facts["people"]:
        if person["role"] != "spectator":
            # Bodies of the same measures to the last digit are one; faces may look another way.
            body = {name: value for name, value in person["body"].items() if name != "expression"}
            yield "avatar", person["character"] or hashlib.sha256(repr(body).encode()).hexdigest()[:12]
