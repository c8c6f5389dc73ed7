"""What somebody who trains on a data set should know before they do: said in a sentence, with the figure. No bpy.

Limits are rules of thumb, not laws; each sentence gives the number so that a reader can judge it otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, Cause, LabelClass
from render_scripts.report.gather import AZIMUTHS, Numbers
from render_scripts.report.tones import BANDS, band_counts

# Shares beyond which something is said.
EMPTY, CUT, SMALL, DARK, ONE_THING, HIDDEN = 0.05, 0.30, 0.25, 0.10, 0.50, 0.80
UNEVEN_SIDES, UNEVEN_VIEWS, THIN_SECTOR, THIN_BAND, RARE_CLASS = 0.10, 0.65, 0.03, 0.05, 0.002
SMALL_PIXELS, DARK_LEVEL, BRIGHT_LEVEL = 32.0, 35.0, 225.0
FEW_PERSONS, FEW_CLIPS, FEW_PICTURES = 20, 20, 200
# Times that something must have been told before a share of it is spoken of.
ENOUGH = 20
SECTORS = ("front", "front left", "left", "back left", "back", "back right", "right", "front right")


@dataclass(frozen=True)
class Finding:
    """A sentence or two. `weight`: "look" (worth acting on), "note" (worth knowing). `place`: section of the page."""

    weight: str
    title: str
    text: str
    place: str


def findings(made: Numbers) -> list[Finding]:
    """All that is to be said, what is worth acting on first."""
    said = [finding for check in _CHECKS for finding in check(made)]
    return sorted(said, key=lambda finding: finding.weight != "look")


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _framing(made: Numbers) -> Iterator[Finding]:
    empty, cut = _share(made.without_skater, made.pictures), _share(made.cut, made.shown)
    if empty > EMPTY:
        yield Finding(
            "look",
            f"{empty:.0%} of the pictures show no skater",
            "They teach a detector what an empty rink is; for pose alone, leave them out.",
            "sizes",
        )
    if cut > CUT:
        yield Finding(
            "look",
            f"{cut:.0%} of the skaters are cut by the picture’s edge",
            "Good for robustness, bad for metrics that need all joints: filter by the cause “out of frame”.",
            "sizes",
        )
    small = made.heights.share_below(SMALL_PIXELS) if made.heights.total else 0.0
    if small > SMALL:
        yield Finding(
            "look",
            f"{small:.0%} of the skaters are under {SMALL_PIXELS:.0f} pixels tall",
            "COCO calls such people small and gives them no keypoints; render larger pictures or fill the frame more.",
            "sizes",
        )


def _views(made: Numbers) -> Iterator[Finding]:
    total = int(made.views.sum())
    if total < ENOUGH:
        return
    each = sector_shares(made.views)
    thin = [name for name, share in zip(SECTORS, each, strict=True) if share < THIN_SECTOR]
    if thin:
        yield Finding(
            "look",
            f"Hardly any views from {_listed([f'the {name}' for name in thin])}",
            f"Under {THIN_SECTOR:.0%} of the skaters are seen from each such eighth; a model will be weak there.",
            "views",
        )
    left, right = float(each[1:4].sum()), float(each[5:8].sum())
    more = max(left, right) / max(left + right, 1e-9)
    if more > UNEVEN_VIEWS:
        side = "left" if left > right else "right"
        yield Finding(
            "look",
            f"{more:.0%} of the side views are from the skater’s {side}",
            "Flip pictures while training (with left and right labels swapped), or set augment.mirror in the job.",
            "views",
        )


def sector_shares(views: np.ndarray) -> np.ndarray:
    """(8,) share of all that was seen from each of `SECTORS`, from counts by azimuth and elevation."""
    around = views.sum(axis=1)
    middles = np.arange(AZIMUTHS) * 360.0 / AZIMUTHS
    sectors = np.floor((middles + 22.5) / 45.0).astype(int) % 8
    shares: np.ndarray = np.bincount(sectors, weights=around, minlength=8) / max(int(around.sum()), 1)
    return shares


def _keypoints(made: Numbers) -> Iterator[Finding]:
    if not made.causes:
        yield Finding("note", "No keypoints", "This data set has none that are known here.", "points")
        return
    worst: dict[str, float] = {}
    for name, counts in made.causes.items():
        told = counts[:, : int(Cause.ABSENT)].sum(axis=1)
        hidden = 1.0 - counts[:, int(Cause.VISIBLE)] / np.maximum(told, 1)
        for point, share, count in zip(KEYPOINT_SETS[name].points, hidden.tolist(), told.tolist(), strict=True):
            if share >= HIDDEN and count >= ENOUGH:
                worst[f"{point} of {name}"] = share
    if worst:
        ranked = sorted(worst, key=lambda point: (-worst[point], point))
        more = f" and {len(ranked) - 4} more" if len(ranked) > 4 else ""
        yield Finding(
            "look",
            f"{len(ranked)} keypoint{'s are' if len(ranked) > 1 else ' is'} hidden {HIDDEN:.0%} of the time or more",
            f"{', '.join(f'{point} ({worst[point]:.0%})' for point in ranked[:4])}{more}."
            " A loss over visible points alone hardly trains them.",
            "points",
        )


def _sides(made: Numbers) -> Iterator[Finding]:
    if made.keypoint_set is None or made.keypoint_set.name not in made.causes:
        return
    left, right = side_shares(made)
    if abs(left - right) > UNEVEN_SIDES:
        yield Finding(
            "look",
            "Left and right are not seen equally often",
            f"{left:.0%} of the left points are visible and {right:.0%} of the right ones"
            f" ({made.keypoint_set.name}). Mirror a part of the takes.",
            "points",
        )


def side_shares(made: Numbers) -> tuple[float, float]:
    """Which share of the points of the left and of the right is visible, in the set that poses are from."""
    points = made.keypoint_set
    if points is None or points.name not in made.causes:
        return 0.0, 0.0
    counts = made.causes[points.name]
    shares = []
    for side in ("left", "right"):
        rows = [k for k, marks in enumerate(points.landmarks) if all(mark.startswith(f"{side}_") for mark in marks)]
        shares.append(_share(float(counts[rows, int(Cause.VISIBLE)].sum()), float(counts[rows].sum())))
    return shares[0], shares[1]


def _class_findings(made: Numbers) -> Iterator[Finding]:
    for what, table, pixels, place in (
        ("body part{}", BODY_PARTS, made.body, "classes"),
        ("kind{} of clothes", CLOTHES, made.clothes, "classes"),
    ):
        on_people = int(pixels[1:].sum())
        if on_people == 0:
            continue
        never = [_name(c) for c in table[1:] if pixels[c.index] == 0]
        if never:
            many = len(never) > 1
            yield Finding(
                "look" if table is BODY_PARTS else "note",
                f"{len(never)} {what.format('s' if many else '')} never occur{'' if many else 's'}",
                f"Not one pixel of {_listed(never)}. An output for it learns only to say no.",
                place,
            )
        rare = [_name(c) for c in table[1:] if 0 < pixels[c.index] < RARE_CLASS * on_people]
        if rare:
            yield Finding(
                "note",
                f"Rare: {_listed(rare)}",
                f"Under {RARE_CLASS:.1%} of people’s pixels each; weight them in the loss, or expect to miss them.",
                place,
            )


def _movement(made: Numbers) -> Iterator[Finding]:
    (name, times), *_ = made.elements.ranked() or [("", 0)]
    share = _share(times, made.pictures)
    if share > ONE_THING and len(made.elements.counts) > 1:
        yield Finding(
            "look",
            f"{share:.0%} of the pictures are of one element",
            f"“{name}” outweighs the rest; sample by element while training, or give other takes more clips.",
            "movement",
        )
    elif len(made.elements.counts) == 1:
        yield Finding("look", "Only one element occurs", f"Every picture is of “{name}”.", "movement")


def _people(made: Numbers) -> Iterator[Finding]:
    if 0 < made.persons < FEW_PERSONS:
        yield Finding(
            "note",
            f"Only {made.persons} different skater{'s' if made.persons > 1 else ''}",
            f"Bodies, faces and costumes repeat; from some {FEW_PERSONS} on, a model cannot learn them by heart.",
            "people",
        )
    counts = band_counts([looks.skin for looks in made.looks.items() if looks.skin is not None])
    if counts.sum() >= FEW_PERSONS:
        thin = [band.name for band, count in zip(BANDS, counts, strict=True) if count < THIN_BAND * counts.sum()]
        if thin:
            yield Finding(
                "look",
                f"Few people with {_listed(thin)} skin",
                f"Under {THIN_BAND:.0%} of the skaters each, by the individual typology angle.",
                "people",
            )


def _pictures(made: Numbers) -> Iterator[Finding]:
    if made.brightness.total:
        dark = made.brightness.share_below(DARK_LEVEL)
        bright = 1.0 - made.brightness.share_below(BRIGHT_LEVEL)
        if dark > DARK:
            yield Finding("note", f"{dark:.0%} of the pictures are very dark", "Mean grey under 35 of 255.", "scenes")
        if bright > DARK:
            yield Finding("note", f"{bright:.0%} of the pictures are very bright", "Mean grey over 225.", "scenes")
    if made.clips < FEW_CLIPS or made.pictures < FEW_PICTURES:
        clips = f"{made.clips} clip{'s' if made.clips != 1 else ''}"
        yield Finding(
            "note",
            f"Small: {made.pictures} pictures of {clips}",
            "Shares on this page are rough; pictures of one clip are no independent samples.",
            "samples",
        )


def _name(entry: LabelClass) -> str:
    return entry.name.replace("_", " ")


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


_CHECKS = (_framing, _views, _sides, _keypoints, _class_findings, _movement, _people, _pictures)
