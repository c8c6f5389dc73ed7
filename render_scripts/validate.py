"""Whether a finished data set is what it says: labels and pictures of every sample against each other. No bpy.

Shards are read one sample at a time, so that a data set may be larger than memory; of each camera one frame is kept,
for its flow leads to the next.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from render_scripts.agreement import Decoded, Figure, check, decoded
from render_scripts.export.samples import Sample, reading, samples

# Samples that are named for each figure that they fail.
_NAMED = 5


@dataclass
class Finding:
    """What one figure says over a data set.

    Attributes:
        figure: of all samples together.
        failed, untold: samples in which it does not hold, and in which it cannot be told; first: some that failed.
    """

    figure: Figure
    failed: int = 0
    untold: int = 0
    first: list[str] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Whether it holds, as far as can be told, in every sample and in all together."""
        return not self.failed and self.figure.holds is not False

    def add(self, key: str, figure: Figure) -> None:
        """Counts one more sample's figure."""
        self.failed += figure.holds is False
        # Some figures are only of many.
        self.untold += figure.holds is None and math.isfinite(figure.rule.enough)
        if figure.holds is False and len(self.first) < _NAMED:
            self.first.append(key)


def validate(dataset: Path) -> list[Finding]:
    """Reads all shards in a folder and says how well labels and pictures agree.

    Raises:
        UserError: no shards, a damaged one, or what is no sample.
    """
    return examine(_checked(dataset))


def examine(checked: Iterable[tuple[str, Sequence[Figure]]]) -> list[Finding]:
    """Findings from the keys and figures of samples."""
    findings: dict[str, Finding] = {}
    for key, figures in checked:
        for figure in figures:
            name = figure.rule.name
            if name in findings:
                findings[name].figure = findings[name].figure.plus(figure)
            else:
                findings[name] = Finding(figure)
            findings[name].add(key, figure)
    return list(findings.values())


def _checked(dataset: Path) -> Iterator[tuple[str, Sequence[Figure]]]:
    # Of each camera of a clip the last frame, which waits for the next one.
    waiting: dict[str, tuple[Sample, Decoded]] = {}
    for sample in samples(dataset):
        with reading(sample.shard, sample.key):
            now = decoded(sample.fields)
        for camera, (before, then) in list(waiting.items()):
            follows = (before.clip, before.camera, before.frame + 1) == (sample.clip, sample.camera, sample.frame)
            if follows or before.clip != sample.clip or camera == sample.camera:
                yield _figures(before, then, now if follows else None)
                del waiting[camera]
        waiting[sample.camera] = (sample, now)
    for last, then in waiting.values():
        yield _figures(last, then, None)


def _figures(sample: Sample, read: Decoded, following: Decoded | None) -> tuple[str, Sequence[Figure]]:
    with reading(sample.shard, sample.key):
        return sample.key, check(read, following)


def as_json(findings: list[Finding]) -> dict[str, Any]:
    """For scripts: `well`, and of each figure its name, meaning, value, limit, count, and the samples that failed."""
    return {
        "well": all(finding.well for finding in findings),
        "samples": max(finding.figure.samples for finding in findings),
        "figures": [
            {
                "name": finding.figure.rule.name,
                "about": finding.figure.rule.about,
                "value": None if math.isnan(finding.figure.value) else finding.figure.value,
                "limit": finding.figure.limit,
                "count": finding.figure.count,
                "holds": finding.figure.holds,
                "failed": finding.failed,
                "untold": finding.untold,
                "first": finding.first,
            }
            for finding in findings
        ],
    }


def table(findings: list[Finding]) -> str:
    """For people: a line for each figure, then what those that do not hold are about."""
    head = f"{'figure':22}{'all samples':>12}{'limit':>8}{'of':>12}{'failed':>8}{'untold':>8}  "
    lines = [head.rstrip()]
    for finding in findings:
        figure = finding.figure
        state = {True: "", False: "does not hold", None: "cannot be told"}[figure.holds]
        lines.append(
            f"{figure.rule.name:22}{figure.value:12.4f}{figure.limit:8.2f}{figure.count:12.0f}"
            f"{finding.failed:8d}{finding.untold:8d}  {state}".rstrip()
        )
    for finding in findings:
        if not finding.well:
            first = f" First in: {', '.join(finding.first)}." if finding.first else ""
            lines.append(f"{finding.figure.rule.name}: {finding.figure.rule.about}.{first}")
    count = max(finding.figure.samples for finding in findings)
    wrong = sum(not finding.well for finding in findings)
    lines.append(f"{count} samples: {'labels and pictures agree' if not wrong else f'{wrong} figures do not hold'}")
    return "\n".join(lines)
