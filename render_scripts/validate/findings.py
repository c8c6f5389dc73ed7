"""What the checks of labels against pictures say over many samples."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from render_scripts.agreement import Figure

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

    def join(self, other: Finding) -> None:
        """Takes up what another one says over further samples."""
        self.figure = self.figure.plus(other.figure)
        self.failed += other.failed
        self.untold += other.untold
        self.first = (self.first + other.first)[:_NAMED]


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


def joined(parts: Iterable[Sequence[Finding]]) -> list[Finding]:
    """Findings over all samples, from those over some of them."""
    findings: dict[str, Finding] = {}
    for part in parts:
        for finding in part:
            name = finding.figure.rule.name
            if name in findings:
                findings[name].join(finding)
            else:
                findings[name] = finding
    return list(findings.values())
