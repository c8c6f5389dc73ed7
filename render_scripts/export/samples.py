"""Samples of a data set, checked as far as every export needs: shards may come from anywhere. No bpy."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
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
    """Turns what a malformed sample makes go wrong into a UserError that names it."""
    try:
        yield
    except KeyError as error:
        raise UserError(f"the sample has no {error}", file=shard, place=key) from None
    except (ValueError, TypeError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise UserError(f"not a sample as `render` writes it ({error})", file=shard, place=key) from None
