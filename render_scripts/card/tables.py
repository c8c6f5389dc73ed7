"""Statistics as tables of Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from blender_addon.cast import ROLES
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, Cause, LabelClass
from render_scripts.card.statistics import Statistics

_QUANTILES = (5, 25, 50, 75, 95)
# Rows of tables whose length the job decides.
_MOST = 40


def statistics_text(counted: Statistics) -> str:
    """The section of the card."""
    return "\n".join(
        (
            "## What is in it",
            "",
            _splits(counted),
            "",
            "People who show a pixel, by how many there are in a picture: "
            + ", ".join(f"{number} in {count} pictures" for number, count in sorted(counted.per_picture.items()))
            + ".",
            "",
            _sizes(counted),
            "",
            "Keypoints of those people, and what hides them:",
            "",
            _keypoints(counted),
            "",
            "Pixels: of those of people, and pictures that show any.",
            "",
            _classes(counted, "body", BODY_PARTS),
            "",
            _classes(counted, "clothes", CLOTHES),
            "",
            _motion(counted),
        )
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _splits(counted: Statistics) -> str:
    return _table(
        ("split", "pictures", "clips", *(f"{role}s" for role in ROLES)),
        (
            (name, split.pictures, len(split.clips), *(split.people[role] for role in ROLES))
            for name, split in counted.splits.items()
        ),
    ).replace("coachs", "coaches")


def _sizes(counted: Statistics) -> str:
    if not counted.height:
        return "Nobody shows a pixel."
    rows = (
        ("height of the box, pixels", counted.height, "{:.0f}"),
        ("height of the box, of the picture's", counted.share, "{:.2f}"),
        ("visible fraction", counted.visible, "{:.2f}"),
    )
    return _table(
        ("of a person", *(f"{quantile}%" for quantile in _QUANTILES)),
        ((what, *(form.format(v) for v in np.percentile(values, _QUANTILES))) for what, values, form in rows),
    )


def _keypoints(counted: Statistics) -> str:
    causes = [cause for cause in Cause if any(counts[cause] for counts in counted.causes.values())]
    return _table(
        ("set", "points", *(cause.name.lower().replace("_", " ") for cause in causes)),
        (
            (f"`{name}`", int(counts.sum()), *(_percent(counts[cause], counts.sum()) for cause in causes))
            for name, counts in sorted(counted.causes.items())
        ),
    )


def _classes(counted: Statistics, mask: str, classes: Sequence[LabelClass]) -> str:
    pixels, seen = counted.pixels[mask], counted.seen[mask]
    people = pixels[1:].sum()
    rows = [
        (c.name, "" if c.index == 0 else _percent(pixels[c.index], people), int(seen[c.index]))
        for c in classes
        if seen[c.index]
    ]
    covered = f"People cover {_percent(people, pixels.sum())} of all pixels."
    return f"`{mask}`. {covered}\n\n{_table(('class', 'pixels', 'pictures'), rows)}"


def _motion(counted: Statistics) -> str:
    events = [(kind, name, count) for (kind, name), count in _most(counted.events)]
    shown = _table(("event", "name", "pictures"), events) if events else "No event is under way in any picture."
    return f"{_table(('movement', 'pictures'), _most(counted.takes))}\n\n{shown}"


def _most(counts: Counter[Any]) -> list[tuple[Any, int]]:
    """The most frequent ones, equal ones by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST]


def _percent(part: float, whole: float) -> str:
    return f"{100.0 * part / whole:.1f}%" if whole else "–"
