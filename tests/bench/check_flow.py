"""Flow of people against places on the body: `python tests/bench/check_flow.py DIR [DIR …]`, folders of shards.

Samples need `flow` and `surface`, and clips two frames that follow each other. From every pixel of a person flow leads
to a place in the next frame. There the body's places, straight between the four pixels round it, should be those of the
pixel that it came from; how much they differ is told in pixels, by the slope of the places there. Sorted into:

    left       it leads out of the picture
    edge       the four pixels are not all of that person and body part, or of places that are near each other; or the
               pixel it comes from has a neighbour that is not
    hidden     the next frame's flow does not lead back: something else is in front by then
    flat       places hardly change from pixel to pixel there (two layers of hair, a sole), so that they tell nothing
    compared   the rest, of which is printed how many lie within 0.5 and within 1 pixel, and the most of all but 0.1%

What is called hidden must show something else: printed is how many of these are of another place, by over a pixel.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np

_ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_ROOT))

from render_scripts.agreement import Decoded, decoded  # noqa: E402
from render_scripts.export.samples import samples  # noqa: E402

# Metres on the base mesh between neighbouring pixels of one surface: at most, and at least where they tell anything.
NEAR, FLAT = 0.03, 0.003
# Pixels by which flow there and back may differ for a point that is seen in both frames.
BACK = 1.0


def compare(sample: Decoded, following: Decoded) -> tuple[Counter[str], np.ndarray]:
    """How many pixels of people are of which sort, and the differences (N,) in pixels of those that are compared."""
    flow, back = sample.dense["flow_forward"], following.dense["flow_backward"]
    height, width = sample.instance.shape
    row, column = np.nonzero((sample.instance > 0) & np.isfinite(flow[..., 0]) & sample.dense["surface"].any(axis=-1))
    place = np.stack((column, row), axis=1) + flow[row, column]
    corner = np.floor(place).astype(np.int64)
    count = Counter(people=len(row))
    inside = np.all((corner >= 0) & (corner < (width - 1, height - 1)), axis=1)
    inside &= (row > 0) & (row < height - 1) & (column > 0) & (column < width - 1)
    count["left"] = int((~inside).sum())
    row, column, place, corner = row[inside], column[inside], place[inside], corner[inside]

    own = sample.dense["surface"][row, column].astype(np.float64)
    who, part = sample.instance[row, column], sample.body[row, column]
    four = [(corner[:, 1] + dy, corner[:, 0] + dx) for dy in (0, 1) for dx in (0, 1)]
    there = np.stack([following.dense["surface"][at] for at in four], axis=1).astype(np.float64)
    smooth = np.ptp(there, axis=1).max(axis=1) < NEAR
    for at in four:
        smooth &= (following.instance[at] == who) & (following.body[at] == part)
    for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        beside = (row + dy, column + dx)
        smooth &= (sample.instance[beside] == who) & (sample.body[beside] == part)
        smooth &= np.abs(sample.dense["surface"][beside] - own).max(axis=1) < NEAR

    share = place - corner
    top = there[:, 0] + share[:, :1] * (there[:, 1] - there[:, 0])
    bottom = there[:, 2] + share[:, :1] * (there[:, 3] - there[:, 2])
    off = top + share[:, 1:] * (bottom - top) - own
    nearest = np.rint(place).astype(np.int64)
    returned = np.abs(flow[row, column] + back[nearest[:, 1], nearest[:, 0]]).max(axis=1)
    # By how many pixels places would have to be moved to be the same: least squares on their slopes across and down.
    slope = np.stack((0.5 * (there[:, 1] + there[:, 3] - there[:, 0] - there[:, 2]), bottom - top), axis=2)[smooth]
    square = np.einsum("nki,nkj->nij", slope, slope)
    steep = np.sqrt(np.maximum(np.linalg.eigvalsh(square)[:, 0], 0.0)) >= FLAT
    square[~steep] = np.eye(2)
    pixels = np.linalg.solve(square, np.einsum("nki,nk->ni", slope, off[smooth])[..., None])[..., 0]
    away = np.linalg.norm(pixels, axis=1)
    hidden = ~(returned[smooth] <= BACK)
    count.update(edge=int((~smooth).sum()), hidden=int((hidden & steep).sum()), flat=int((~steep).sum()))
    count.update(elsewhere=int((away[hidden & steep] > 1.0).sum()), compared=int((steep & ~hidden).sum()))
    return count, away[steep & ~hidden]


def main(folders: list[Path]) -> None:
    """Prints the sorts and the differences."""
    total: Counter[str] = Counter()
    off = []
    for folder in folders:
        last: dict[tuple[int, str], tuple[int, Decoded]] = {}
        for stored in samples(folder):
            sample, series = decoded(stored.fields), (stored.clip, stored.camera)
            frame, before = last.get(series, (-2, sample))
            last[series] = (stored.frame, sample)
            if stored.frame == frame + 1 and {"flow_forward", "surface"} <= set(before.dense):
                count, pixels = compare(before, sample)
                total += count
                off.append(pixels)
    if not off or not total["compared"]:
        sys.exit("no two frames with flow and surface follow each other")
    every = np.concatenate(off)
    for name in ("left", "edge", "hidden", "flat", "compared"):
        print(f"{name:>9} {total[name]:9d} {total[name] / total['people']:7.2%}")
    print(f"of those hidden {total['elsewhere'] / max(total['hidden'], 1):.1%} lead to another place")
    print(f"of those compared {(every <= 0.5).mean():.2%} within 0.5 px, {(every <= 1.0).mean():.2%} within 1 px")
    print(f"median {np.median(every):.3f} px, all but 0.1% within {np.percentile(every, 99.9):.2f} px")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
