"""Which clip is in which split of a data set: decided by the job's seed, and never leaking. No bpy.

By clip, the frames of a clip stay together. By motion, so do all clips that show the same recording or element, any
part of it and however augmented; everybody whose motion is left open shows one of the clip's own split. By avatar, so
do all clips that show the same person: a character file, a body of which nothing is left to chance, or a member of a
pool, which is dealt out among the splits. Who sits in the stands counts for none of it, nor how a coach stands there.

Splits are as large as their shares say as far as whole groups allow, and none is empty.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from blender_addon.cast import DEMO
from mocap.errors import UserError
from render_scripts.distributions import Between, Mixture, Numbers
from render_scripts.draws import hashed
from render_scripts.job import Job, MotionJob, PersonJob, SkaterJob
from render_scripts.outline import Outline, how_many, motion_of, names

_PLACE = "output.split_by"


@dataclass(frozen=True)
class Splits:
    """Who and what belongs to which split.

    Attributes:
        of_clips: the split of each clip.
        motions: of the job's motions, those that people in a split show whose motion is left open; None for any.
        pools: of each skater of the job, the members of the pool that are in a split; None for all.
    """

    of_clips: Sequence[str]
    motions: Mapping[str, Sequence[int]] | None = None
    pools: Mapping[str, Mapping[int, Sequence[int]]] | None = None


def splits_of(job: Job, outlines: Sequence[Outline]) -> Splits:
    """The splits of a job whose recordings are there.

    Args:
        outlines: of all its clips, in order.

    Raises:
        UserError: there is too little that differs to make so many splits.
    """
    shares = job.output.splits
    if len(shares) == 1:
        return Splits(list(shares) * len(outlines))
    groups = _Groups()
    for outline in outlines:
        groups.add(outline.index, outline.pictures, _keys(job, outline.index))
    of_clips = groups.dealt(job.seed, shares, _what(job))
    if job.output.split_by == "motion":
        return Splits(of_clips, motions=_motions(job, of_clips))
    if job.output.split_by == "avatar":
        return Splits(of_clips, pools=_pools(job, shares))
    return Splits(of_clips)


def deal(seed: int, name: str, sizes: Mapping[int, int], shares: Mapping[str, float]) -> dict[int, str]:
    """Deals out groups by shares: large ones first, equal ones as chance has it; every split gets some.

    Args:
        seed, name: of the chance; sizes: of each group, by a number of its own.
    """
    order = sorted(sizes, key=lambda group: (-sizes[group], hashed(seed, group, name, 8)))
    each = sum(sizes.values()) / sum(shares.values())
    wanted = {split: share * each for split, share in shares.items()}
    empty = dict.fromkeys(shares)
    out: dict[int, str] = {}
    for left, group in zip(range(len(order), 0, -1), order, strict=True):
        split = max(empty if len(empty) >= left else wanted, key=wanted.__getitem__)
        wanted[split] -= sizes[group]
        empty.pop(split, None)
        out[group] = split
    return out


class _Groups:
    """Clips that must stay together, by what they share."""

    def __init__(self) -> None:
        self._parents: list[int] = []
        self._pictures: list[int] = []
        self._first: dict[Hashable, int] = {}

    def add(self, clip: int, pictures: int, keys: Iterator[Hashable]) -> None:
        """The next clip; `keys` of what no other split may have."""
        self._parents.append(clip)
        self._pictures.append(pictures)
        for key in keys:
            other = self._root(self._first.setdefault(key, clip))
            mine = self._root(clip)
            self._parents[max(other, mine)] = min(other, mine)

    def dealt(self, seed: int, shares: Mapping[str, float], what: str) -> list[str]:
        """The split of each clip. UserError where there are fewer groups than splits."""
        roots = [self._root(clip) for clip in range(len(self._parents))]
        sizes: dict[int, int] = {}
        for root, pictures in zip(roots, self._pictures, strict=True):
            sizes[root] = sizes.get(root, 0) + pictures
        if len(sizes) < len(shares):
            raise UserError(
                f"{len(shares)} splits need as many {what}, and this job has {len(sizes)}",
                place=_PLACE,
                mend="Ask for fewer splits, or split by something else.",
            )
        of_groups = deal(seed, "split", sizes, shares)
        return [of_groups[root] for root in roots]

    def _root(self, clip: int) -> int:
        while self._parents[clip] != clip:
            # Halves the way for whoever comes next.
            self._parents[clip] = self._parents[self._parents[clip]]
            clip = self._parents[clip]
        return clip


def _what(job: Job) -> str:
    """What a group is, for a message."""
    return {
        "clip": "clips",
        "motion": "motions or groups of them that never meet in a clip",
        "avatar": "clips or groups of them that share nobody",
    }[job.output.split_by]


def _keys(job: Job, clip: int) -> Iterator[Hashable]:
    """What a clip shows that only one split may have."""
    if job.output.split_by == "motion":
        for k, (_, ask) in enumerate(names(job, clip)):
            if k == 0 or ask.motion is not None:
                yield from _motion_keys(motion_of(job, ask, "", clip % len(job.motions))[0])
    elif job.output.split_by == "avatar":
        for _, ask in names(job, clip):
            yield from _person_keys(job, ask)
        if job.coaches.count.high > 0.0 and how_many(job.coaches.count, job.seed, clip, "coach/count"):
            yield from _person_keys(job, job.coaches)


def _motion_keys(ask: MotionJob) -> Iterator[Hashable]:
    """A recording is the same under another name, and taken for the same under the same name."""
    yield "element" if ask.element is not None else "take", Path(ask.name.removesuffix(".gz")).stem
    if ask.element is None and ask.take != DEMO:
        yield _contents(ask.take)


def _person_keys(job: Job, ask: PersonJob) -> Iterator[Hashable]:
    """None for somebody who is drawn anew in every clip, or from a pool."""
    if ask.character is not None:
        yield _contents(ask.character)
        return
    given = ask.phenotype
    macros = [value for name in type(given).model_fields if (value := getattr(given, name)) is not None]
    whole = all(getattr(given, name) is not None for name in ("gender", "muscle", "weight", "proportions"))
    origin = any(getattr(given, name) is not None for name in ("african", "asian", "caucasian"))
    tall = given.height if given.height is not None else ask.stature
    numbers = [*macros, *ask.details.values(), job.augment.lengths]
    drawn = ask.variety > 0.0 or ask.age is None or tall is None or not (whole and origin)
    pooled = isinstance(ask, SkaterJob) and ask.pool is not None
    if not pooled and not drawn and all(_countable(value) for value in (*numbers, ask.age, tall) if value is not None):
        yield "body", ask.age, tall, given, tuple(sorted(ask.details.items()))


def _countable(numbers: Numbers) -> bool:
    """Whether a distribution has only so many values, which come again."""
    parts = numbers.parts if isinstance(numbers, Mixture) else (numbers,)
    return all(isinstance(part, Between) and part.low == part.high for part in parts)


def _motions(job: Job, of_clips: Sequence[str]) -> dict[str, Sequence[int]]:
    of_keys: dict[Hashable, str] = {}
    for clip, split in enumerate(of_clips):
        for key in _keys(job, clip):
            of_keys[key] = split
    out: dict[str, list[int]] = {split: [] for split in job.output.splits}
    for which, motion in enumerate(job.motions):
        for split in {of_keys[key] for key in _motion_keys(motion) if key in of_keys}:
            out[split].append(which)
    for split, motions in out.items():
        if not motions and any(ask.motion is None for ask in job.skaters):
            raise UserError(
                f"the split '{split}' has no motion for people whose motion is left open",
                place=_PLACE,
                mend="Give them one, or split by something else.",
            )
    return dict(out)


def _pools(job: Job, shares: Mapping[str, float]) -> dict[str, Mapping[int, Sequence[int]]]:
    out: dict[str, dict[int, Sequence[int]]] = {split: {} for split in shares}
    for place, ask in enumerate(job.skaters):
        if ask.pool is None:
            continue
        dealt = deal(job.seed, f"pool/{place}/split", dict.fromkeys(range(ask.pool), 1), shares)
        for split in shares:
            members = [member for member in range(ask.pool) if dealt.get(member) == split]
            if len(members) < ask.count.high:
                raise UserError(
                    f"of a pool of {ask.pool} the split '{split}' gets {len(members)} people, "
                    f"but a clip may show {ask.count.high:g}",
                    place=f"skaters[{place}].pool",
                    mend="Ask for a larger pool, or fewer splits.",
                )
            out[split][place] = members
    return dict(out)


@lru_cache(maxsize=1024)
def _contents(path: str) -> str:
    """What a file holds, so that a copy of it is the same; its path where it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return path
