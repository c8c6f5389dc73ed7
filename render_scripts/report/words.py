"""Sentences under the plots: what a figure says of this very data set. No bpy."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from blender_addon.labels.vocabulary import Cause
from render_scripts.report.accumulate import Histogram
from render_scripts.report.findings import SECTORS, sector_shares, side_shares
from render_scripts.report.gather import Numbers
from render_scripts.report.poses import ANGLES, Plane

# Shares of all that a middle is spoken of as, and that a bin needs to count as covered.
_LOW, _HIGH, _COVERED = 0.05, 0.95, 0.005

REACH = (
    "“Covered” is the range in which every 5° have at least 1 in 200 of the poses at both ends; what lies outside it,"
    " a network can only guess."
)


def counted(number: int, word: str, many: str = "") -> str:
    """3,120 pictures; 1 picture."""
    return f"{number:,} {word if number == 1 else many or word + 's'}"


def lede(made: Numbers) -> str:
    """What the data set is, in a sentence."""
    parts = [
        counted(made.clips, "clip"),
        counted(len(made.cameras.counts), "camera"),
        counted(made.persons, "different skater"),
        counted(len(made.elements.counts), "element"),
    ]
    return f"{counted(made.pictures, 'rendered picture')} of {', '.join(parts[:-1])} and {parts[-1]}."


def sizes(made: Numbers) -> str:
    """Of heights in pixels."""
    heights = made.heights
    if not heights.total:
        return "No skater is seen."
    return (
        f"Half of the skaters are {heights.quantile(0.25):.0f} to {heights.quantile(0.75):.0f} pixels tall,"
        f" the middle one {heights.quantile(0.5):.0f}. {heights.share_below(32.0):.0%} are under 32 pixels,"
        f" where joints blur into each other; {1.0 - heights.share_below(96.0):.0%} are over 96, COCO’s large ones."
    )


def distances(made: Numbers) -> str:
    """Of metres to cameras."""
    away = made.distances
    if not away.total:
        return "No distances are known."
    return (
        f"Nine in ten stand between {away.quantile(_LOW):.0f} and {away.quantile(_HIGH):.0f} m away;"
        f" the middle one {away.quantile(0.5):.0f} m."
    )


def fractions(made: Numbers) -> str:
    """Of visible fractions."""
    seen = made.fractions
    if not seen.total:
        return "Not told in this data set."
    return (
        f"{1.0 - seen.share_below(0.9):.0%} are seen nearly whole (over 90% of their surface points that could be);"
        f" {seen.share_below(0.5):.0%} show less than half."
    )


def places(made: Numbers) -> str:
    """Of where in the picture people are."""
    total = int(made.places.sum())
    if not total:
        return "No skater is seen."
    n = len(made.places)
    middle = int(made.places[n // 3 : n - n // 3, n // 3 : n - n // 3].sum()) / total
    bias = "A strong centre bias: crop at random while training." if middle > 0.7 else "No strong centre bias."
    return (
        f"{middle:.0%} of the boxes have their middle in the picture’s middle ninth. {bias}"
        f" {made.cut / max(made.shown, 1):.0%} of the skaters are cut by an edge."
    )


def views(made: Numbers) -> str:
    """Of azimuths and elevations."""
    if not made.views.any():
        return "No view angles are known."
    shares = sector_shares(made.views)
    most, least = int(shares.argmax()), int(shares.argmin())
    return (
        f"Seen from above, the skater faces up. Most often the camera is to the {SECTORS[most]} ({shares[most]:.0%}),"
        f" least often to the {SECTORS[least]} ({shares[least]:.0%}); even would be 12% in each eighth."
    )


def elevations(made: Numbers) -> str:
    """Of elevations alone."""
    up = made.elevations
    if not up.total:
        return "No view angles are known."
    return (
        f"Nine in ten cameras look from {up.quantile(_LOW):.0f}° to {up.quantile(_HIGH):.0f}° above the skater’s"
        f" middle. {up.share_below(0.0):.0%} look up at the skater, {1.0 - up.share_below(30.0):.0%} steeply down."
    )


def angle(counts: np.ndarray, k: int) -> str:
    """Of one of `ANGLES`: which part of it occurs."""
    both = counts.sum(axis=0)
    total = int(both.sum())
    if not total:
        return "not known"
    there = np.flatnonzero(both >= _COVERED * total)
    low, high = 5 * int(there[0]), 5 * int(there[-1]) + 5
    text = f"{low}° to {high}°"
    if ANGLES[k].sided:
        middles = np.arange(36) * 5.0 + 2.5
        left, right = (float((side * middles).sum() / max(side.sum(), 1)) for side in counts)
        if abs(left - right) > 10.0:
            text += f"; {'left' if left > right else 'right'} bends {abs(left - right):.0f}° more on average"
    return text


def embedding(made: Numbers, plane: Plane | None, drawn: int) -> str:
    """Of the two axes."""
    if plane is None:
        return "Too few different poses to compare."
    total = float(plane.shares.sum())
    return (
        f"Principal components of {counted(drawn, 'pose')}"
        f"{' chosen by lot' if drawn < made.shown else ''}: twelve joints in metres, moved to the middle of the hips,"
        f" turned to face one way, divided by the trunk’s length. Two axes hold {total:.0%} of the"
        " variance. Clusters are elements that a model can tell apart by pose alone; gaps between them are poses that"
        " it will never have seen."
    )


def visibility(made: Numbers) -> str:
    """Of causes in the set that poses are from."""
    points = made.keypoint_set
    if points is None or points.name not in made.causes:
        return "Every bar is one point of the format: how often it is seen, and what hides it where it is not."
    counts = made.causes[points.name].sum(axis=0)
    total = max(int(counts.sum()), 1)
    hidden = {cause: int(counts[cause]) / total for cause in Cause if cause not in (Cause.VISIBLE, Cause.ABSENT)}
    worst = max(hidden, key=lambda cause: hidden[cause])
    left, right = side_shares(made)
    return (
        f"Of {points.name}, {int(counts[Cause.VISIBLE]) / total:.0%} of all points are visible. What hides most is"
        f" {cause_words(worst)} ({hidden[worst]:.0%}). Left points are visible {left:.0%} of the time, right ones"
        f" {right:.0%}."
    )


def cause_words(cause: Cause) -> str:
    """A cause as people say it."""
    return {
        Cause.VISIBLE: "visible",
        Cause.OWN_BODY: "the own body",
        Cause.OWN_CLOTHING: "own clothing",
        Cause.OTHER_PERSON: "another person",
        Cause.SCENE: "the scene",
        Cause.OUT_OF_FRAME: "out of frame",
        Cause.BEHIND_CAMERA: "behind the camera",
        Cause.ABSENT: "no such point",
    }[cause]


def colors(made: Numbers) -> str:
    """Mean and spread of channels, as networks are fed."""
    mean, square = made.color / max(made.pictures, 1)
    deviation = np.sqrt(np.maximum(square - mean**2, 0.0))
    return (
        f"For normalising: mean {_triple(mean / 255.0)}, standard deviation {_triple(deviation / 255.0)}"
        " (RGB of 0 to 1, every picture with the same weight)."
    )


def _triple(values: Sequence[float] | np.ndarray) -> str:
    return "(" + ", ".join(f"{value:.3f}" for value in values) + ")"


def statures(made: Numbers) -> str:
    """Of body heights."""
    tall = made.statures
    return (
        f"From {tall.quantile(0.0):.2f} to {tall.quantile(1.0):.2f} m, the middle one {tall.quantile(0.5):.2f} m;"
        f" {tall.share_below(1.5):.0%} are under 1.50 m, as young skaters are."
    )


def times(each: Histogram) -> str:
    """Of seconds that pictures took."""
    if not each.total:
        return ""
    return (
        f"Half of the pictures took {seconds(each.quantile(0.25))} to {seconds(each.quantile(0.75))};"
        f" one in twenty took over {seconds(each.quantile(_HIGH))}."
    )


def seconds(value: float) -> str:
    """A duration as people say it."""
    if not math.isfinite(value):
        return "unknown"
    if value < 120.0:
        return f"{value:.2f} s" if value < 10.0 else f"{value:.0f} s"
    return f"{value / 60.0:.0f} min" if value < 7200.0 else f"{value / 3600.0:.1f} h"
