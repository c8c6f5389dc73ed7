"""Whether `validate --full` finds a byte that was changed, and where: `python tests/bench/check_corruption.py DIR`.

Works on a copy. Of `--count` random bytes half are of a random file, half anywhere (nearly always in a shard); each
gets another random value, is looked for, and put back. What is looked for with is the part of `--full` that reads
every byte; a few (`--whole`) are given to all of it. Exit status 1 if one is not found by its file's name.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from render_scripts.seal import sealed, unbroken
from render_scripts.shards import SUMS, sha256
from render_scripts.validate.whole import files, validate


def main() -> int:
    """Changes bytes, one at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--whole", type=int, default=2, help="how many are given to all of validate")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(shutil.copytree(options.dataset, Path(scratch, "set")))
        log = folder / "run.json"
        if not unbroken(log.read_text(encoding="utf-8")):
            print("its log has no seal: it gets one in the copy")
            log.write_text(sealed(json.loads(log.read_text(encoding="utf-8")), sha256(folder / SUMS)), encoding="utf-8")
        before = files(folder, full=True)[1]
        print(f"{len(before)} faults before any byte is changed", *(fault.line() for fault in before), sep="\n  ")
        paths = sorted(folder.iterdir())
        sizes = np.array([path.stat().st_size for path in paths])
        found: dict[str, list[int]] = {path.name: [0, 0] for path in paths}
        for number in range(options.count):
            which = int(rng.integers(len(paths)) if number % 2 else rng.choice(len(paths), p=sizes / sizes.sum()))
            path, place = paths[which], int(rng.integers(sizes[which]))
            with path.open("r+b") as file:
                file.seek(place)
                was = file.read(1)[0]
                file.seek(place)
                file.write(bytes([(was + int(rng.integers(1, 256))) % 256]))
            whole = number < options.whole
            faults = validate(folder, full=True).faults if whole else files(folder, full=True)[1]
            named = path.name in {fault.file for fault in faults}
            found[path.name][0] += named
            found[path.name][1] += 1
            if not named:
                print(f"not found: byte {place} of {path.name}")
            with path.open("r+b") as file:
                file.seek(place)
                file.write(bytes([was]))
        after = files(folder, full=True)[1]
    for name, (hits, tried) in found.items():
        print(f"{name:24}{hits:5d} of {tried}")
    hits, tried = (sum(pair[side] for pair in found.values()) for side in (0, 1))
    print(f"{hits} of {tried} bytes found by name; {len(after)} faults when all are put back")
    return 0 if hits == tried and after == before else 1


if __name__ == "__main__":
    sys.exit(main())
