"""Which damages the agreement check finds: `python tests/bench/bench_agreement.py DIR [DIR …]`, folders of shards.

Clips need two frames that follow each other. For every damage: in how many of the samples one figure at least does not
hold, whether all samples together give it away, and which figures say so, with the share of samples that each of them
fails ("all": only over all samples together). The first row is of the samples as they are: false alarms.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(_ROOT), str(_ROOT / "tests")]

from damages import DAMAGES, Around, Damage  # noqa: E402

from render_scripts.agreement import Decoded, check, decoded  # noqa: E402
from render_scripts.export.samples import samples  # noqa: E402
from render_scripts.validate import examine  # noqa: E402


def read(folders: list[Path]) -> list[tuple[str, Around]]:
    """Samples that have a next frame, each with that and with one of another clip that is as large."""
    found: dict[tuple[str, int, str, int], Decoded] = {}
    for folder in folders:
        for stored in samples(folder):
            found[str(folder), stored.clip, stored.camera, stored.frame] = decoded(stored.fields)
    out = []
    for (place, clip, camera, frame), sample in found.items():
        following = found.get((place, clip, camera, frame + 1))
        other = next((s for s in _after(found, (place, clip)) if s.rgb.shape == sample.rgb.shape), None)
        if following is not None and other is not None:
            out.append((sample.facts["key"], Around(sample, following, other)))
    return out


def _after(found: dict[tuple[str, int, str, int], Decoded], scene: tuple[str, int]) -> Iterator[Decoded]:
    """Samples of other scenes, those after this one first."""
    keys = [key for key in found if key[:2] != scene]
    yield from (found[key] for key in sorted(keys, key=lambda key: (key[:2] < scene, key)))


def row(name: str, damage: Damage, around: list[tuple[str, Around]]) -> str:
    """A line of the table."""
    damaged = [(key, check(damage(one), one.next)) for key, one in around]
    caught = sum(any(figure.holds is False for figure in figures) for _, figures in damaged)
    findings = [finding for finding in examine(damaged) if not finding.well]
    told = [
        f"`{finding.figure.rule.name}` {f'{finding.failed / len(damaged):.0%}' if finding.failed else 'all'}"
        for finding in sorted(findings, key=lambda finding: -finding.failed)
    ]
    together = any(finding.figure.holds is False for finding in findings)
    return f"| {name} | {caught / len(damaged):.0%} | {'yes' if together else 'no'} | {', '.join(told)} |"


def main(folders: list[Path]) -> None:
    """Prints the table."""
    around = read(folders)
    print(f"{len(around)} samples\n")
    print("| damage | samples found | all together | by |\n|---|---|---|---|")
    print(row("none", lambda one: one.sample, around), flush=True)
    for name, damage in DAMAGES.items():
        print(row(name, damage, around), flush=True)


if __name__ == "__main__":
    main([Path(folder) for folder in sys.argv[1:]])
