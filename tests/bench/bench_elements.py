"""Processor time of making each element's take at its defaults, as a ratio to the length of the take.

python tests/bench/bench_elements.py
"""

from __future__ import annotations

import time

from mocap.elements.library import ELEMENTS, element_take


def main() -> None:
    """Prints a line for each element, the dearest first; 1 means as long as the skater takes."""
    element_take("standing")  # what all share is read once
    rows = []
    for name in ELEMENTS:
        began = time.process_time()
        take = element_take(name)
        spent = time.process_time() - began
        rows.append((spent / (len(take) / take.rate), spent, name))
    for ratio, spent, name in sorted(rows, reverse=True):
        print(f"{ratio:6.3f}  {spent:6.2f} s  {name}")


if __name__ == "__main__":
    main()
