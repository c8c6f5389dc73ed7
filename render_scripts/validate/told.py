"""What was found, for people and for scripts."""

from __future__ import annotations

import math
from typing import Any

from render_scripts.validate.whole import Report

# Faults that people are shown, and that scripts are given.
_SHOWN, _GIVEN = 30, 1000


def as_json(report: Report) -> dict[str, Any]:
    """For scripts: `well`; `samples`, `shards`, `looked_at`, `full`; `faults`; and of each figure its name, meaning,
    value, limit, count, and the samples that failed."""
    return {
        "well": report.well,
        "samples": report.samples,
        "shards": report.shards,
        "looked_at": report.looked_at,
        "full": report.full,
        "fault_count": len(report.faults),
        "faults": [vars(fault) for fault in report.faults[:_GIVEN]],
        "figures": [
            {
                "name": finding.figure.rule.name,
                "about": finding.figure.rule.about,
                "value": None if math.isnan(finding.figure.value) else float(finding.figure.value),
                "limit": float(finding.figure.limit),
                "count": float(finding.figure.count),
                # Some figures are numpy's, which JSON does not know.
                "holds": None if finding.figure.holds is None else bool(finding.figure.holds),
                "failed": int(finding.failed),
                "untold": int(finding.untold),
                "first": finding.first,
            }
            for finding in report.findings
        ],
    }


def table(report: Report) -> str:
    """For people: a line for each figure, then what those that do not hold are about, then faults of files."""
    head = f"{'figure':22}{'all samples':>12}{'limit':>8}{'of':>12}{'failed':>8}{'untold':>8}  "
    lines = [head.rstrip()] if report.findings else []
    for finding in report.findings:
        figure = finding.figure
        state = {True: "", False: "does not hold", None: "cannot be told"}[figure.holds]
        lines.append(
            f"{figure.rule.name:22}{figure.value:12.4f}{figure.limit:8.2f}{figure.count:12.0f}"
            f"{finding.failed:8d}{finding.untold:8d}  {state}".rstrip()
        )
    for finding in report.findings:
        if not finding.well:
            first = f" First in: {', '.join(finding.first)}." if finding.first else ""
            lines.append(f"{finding.figure.rule.name}: {finding.figure.rule.about}.{first}")
    lines += [fault.line() for fault in report.faults[:_SHOWN]]
    if len(report.faults) > _SHOWN:
        lines.append(f"… and {len(report.faults) - _SHOWN} more faults (--json lists them)")
    return "\n".join([*lines, _summary(report)])


def _summary(report: Report) -> str:
    looked = "all of them" if report.looked_at == report.samples else f"{report.looked_at} of them"
    depth = "every byte" if report.full else "--full looks at every byte"
    there = f"{report.samples} samples in {report.shards} shards, {looked} looked at ({depth})"
    wrong = sum(not finding.well for finding in report.findings)
    said = [f"{wrong} figures do not hold"] if wrong else []
    said += [f"{len(report.faults)} faults"] if report.faults else []
    return f"{there}: {' and '.join(said) or 'sound, labels and pictures agree'}"
