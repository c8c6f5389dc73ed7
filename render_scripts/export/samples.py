"""Samples of a data set, checked as far as every export needs: shards may come from anywhere. No bpy."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mocap.errors import UserError
from render_scripts.sample import Fields, facts_of, parse_key
from render_scripts.shards import read_tar, shard_paths


@dataclass(frozen=True)
class Sample:
    """A sample that was read: where it belongs, its JSON, its fields as stored, and the shard that it is in."""

    clip: int
    camera: str
    frame: int
    facts: dict[str, Any]
    fields: Fields
    shard: Path
    key: str


class BadSample(UserError):
    """What is there is no sample as `render` writes it."""


_SPLIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.]{0,63}(-[A-Za-z0-9_.]{1,63})*", re.ASCII)


def split_of(shard: Path) -> str:
    """The split that a shard belongs to, by its name. UserError for one that is no name for a folder."""
    split = shard.name.rpartition("-")[0]
    if _SPLIT.fullmatch(split) is None:
        raise UserError("not named as a shard: letters, digits, _ and -, then six digits and .tar", file=shard)
    return split


def keyed(shards: Iterable[Path]) -> Iterator[tuple[Path, str, Fields]]:
    """Shard, key and fields of all that shards hold, in order. UserError for what is not a whole tar."""
    for path in shards:
        for key, fields in read_tar(path):
            yield path, key, fields


def samples(dataset: Path) -> Iterator[Sample]:
    """All samples in order. UserError for a folder without shards and for whatever is not a sample."""
    for path in shard_paths(dataset):
        for key, fields in read_tar(path):
            with reading(path, key):
                clip, camera, frame = parse_key(key)
                facts = facts_of(fields)
            yield Sample(clip, camera, frame, facts, fields, path, key)


@contextlib.contextmanager
def reading(shard: Path, key: str) -> Iterator[None]:
    """Turns what a malformed sample makes go wrong into a BadSample, which is a UserError that names it."""
    try:
        yield
    except KeyError as error:
        raise BadSample(f"the sample has no {error}", file=shard, place=key) from None
    except (ValueError, TypeError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise BadSample(f"not a sample as `render` writes it ({error})", file=shard, place=key) from None


def stored_picture(sample: Sample) -> tuple[str, bytes]:
    """Suffix and bytes of a sample's picture, as stored. KeyError if it has none."""
    suffix = "png" if "rgb.png" in sample.fields else "jpg"
    return suffix, sample.fields[f"rgb.{suffix}"]
