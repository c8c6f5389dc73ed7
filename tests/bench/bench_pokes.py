"""How much skin shows through cloth: `python tests/bench/bench_pokes.py [BODIES] [--outfit NAME …] [--element NAME …]`.

Bodies spread evenly over MakeHuman's sliders (children of five to old age, lean to heavy), dressed in the outfits in
turn or, with --all, each in every one, go through all authored elements; `skater/pokes.py` says what counts. Each
element is looked at in four moments from four sides, two of them a moment. Needs MakeHuman's data; a body in one outfit
takes about ten seconds of the processor's time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

_ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_ROOT))

from scipy.stats import qmc  # noqa: E402

from blender_addon.cast import GarmentSpec, SkaterSpec  # noqa: E402
from blender_addon.labels.vocabulary import CLOTHES, CLOTHES_INDEX  # noqa: E402
from blender_addon.makehuman.assets import ensure_assets  # noqa: E402
from blender_addon.skater.build import build_human  # noqa: E402
from blender_addon.skater.performance import moving  # noqa: E402
from blender_addon.skater.pokes import Pokes, find_pokes, no_pokes  # noqa: E402
from mocap.elements.library import ELEMENTS, element_take  # noqa: E402
from mocap.skating.contacts import ensure_contacts  # noqa: E402

# MakeHuman's sliders, from where to where; the youngest is five years old.
SLIDERS: Mapping[str, tuple[float, float]] = {
    "gender": (0.0, 1.0),
    "age": (0.083, 1.0),
    "weight": (0.0, 1.0),
    "muscle": (0.0, 1.0),
    "height": (0.0, 1.0),
    "proportions": (0.0, 1.0),
    "african": (0.0, 1.0),
    "asian": (0.0, 1.0),
}
_SKATES: Mapping[str, Mapping[str, float]] = {"boots": {}, "blades": {}}
OUTFITS: Mapping[str, Mapping[str, Mapping[str, float]]] = {
    "dress": {"leotard": {}, "skirt": {}, "tights": {}, **_SKATES},
    "over boots": {"leotard": {"sleeves": 0.0}, "skirt": {}, "tights": {"over_boots": 1.0}, **_SKATES},
    "unitard": {"unitard": {}, **_SKATES},
    "shirt": {"shirt": {}, "trousers": {}, **_SKATES},
    "jacket": {"leotard": {}, "tights": {}, "jacket": {}, **_SKATES},
    "coach": {"shirt": {}, "trousers": {"fit": 1.0}, "jacket": {"length": 1.0}, "hat": {}, "shoes": {}},
}
MOMENTS = 4
WORST = 15


def bodies(count: int) -> list[dict[str, float]]:
    """Phenotypes, evenly over all sliders, always the same."""
    spread = qmc.Halton(len(SLIDERS), scramble=False).random(count + 1)[1:]
    out = []
    for row in spread:
        body = {name: low + (high - low) * v for (name, (low, high)), v in zip(SLIDERS.items(), row, strict=True)}
        if body["african"] + body["asian"] > 1.0:
            body |= {name: 1.0 - body[name] for name in ("african", "asian")}
        out.append({**body, "caucasian": 1.0 - body["african"] - body["asian"]})
    return out


def measured(
    body: Mapping[str, float], outfit: str, elements: Sequence[str], assets: Path
) -> Iterator[tuple[str, float, Pokes]]:
    """Element, seconds into it, and what shows there."""
    garments = {name: GarmentSpec(cut=dict(cut)) for name, cut in OUTFITS[outfit].items()}
    human = build_human(SkaterSpec(phenotype=dict(body), garments=garments), assets)
    for element in elements:
        motion = ensure_contacts(element_take(element, {}))
        track = moving(human, motion)
        for moment in range(MOMENTS):
            frame = int((moment + 0.5) / MOMENTS * len(motion))
            azimuths = 0.5 * np.pi * (np.array((0.0, 2.0)) + moment % 2)
            yield element, frame / motion.rate, find_pokes(human, track.matrices[frame], azimuths)


def _row(name: str, garment: int, pokes: Pokes) -> str:
    of_skin, below = int(pokes.through[garment, CLOTHES_INDEX["skin"]]), int(pokes.through[garment].sum())
    pixels = max(1, int(pokes.seen[garment]) + below)
    shares = (of_skin, below - of_skin, int(pokes.hollow[garment]))
    return f"{name:12}{CLOTHES[garment].name:10}{pixels:12d}" + "".join(f"{100.0 * n / pixels:10.4f}" for n in shares)


def main(arguments: Sequence[str]) -> None:
    """Prints shares by outfit and garment, then the worst pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bodies", type=int, nargs="?", default=20)
    parser.add_argument("--outfit", nargs="*", choices=OUTFITS, default=list(OUTFITS))
    parser.add_argument("--element", nargs="*", choices=ELEMENTS, default=list(ELEMENTS))
    parser.add_argument("--all", action="store_true", help="every body in every outfit")
    options = parser.parse_args(arguments)
    assets, people = ensure_assets(), bodies(options.bodies)
    worst: list[tuple[float, str]] = []
    print(f"{'outfit':12}{'garment':10}{'pixels':>12}{'skin %':>10}{'below %':>10}{'hollow %':>10}")
    for turn, outfit in enumerate(options.outfit):
        total = no_pokes()
        for number, body in enumerate(people):
            if number % len(options.outfit) != turn and not options.all:
                continue
            for element, time, pokes in measured(body, outfit, options.element, assets):
                total += pokes
                for garment in np.flatnonzero(pokes.seen):
                    share = pokes.share(CLOTHES[garment].name) + pokes.hollow[garment] / pokes.seen[garment]
                    if share > 0.001:
                        worst.append(
                            (float(share), f"body {number}, {element} at {time:.2f} s: " + _row(outfit, garment, pokes))
                        )
        for garment in np.flatnonzero(total.seen):
            print(_row(outfit, garment, total), flush=True)
    print("\nworst pictures")
    for _, line in sorted(worst, reverse=True)[:WORST]:
        print(line)
    print("\nbodies")
    for number, body in enumerate(people):
        print(f"{number:3d}  " + "  ".join(f"{name} {value:.2f}" for name, value in body.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
