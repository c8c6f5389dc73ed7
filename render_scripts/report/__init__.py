"""A data set's report: one HTML file that shows samples with their labels, and tells what is in the set. No bpy."""

from __future__ import annotations

from pathlib import Path

from mocap.whole_file import whole_file


def write_report(dataset: Path, out: Path, *, quiet: bool = False) -> int:
    """Writes the report of the shards in `dataset`; returns its size in bytes. The same set makes the same bytes.

    Args:
        dataset: folder of shards.
        out: file to write, whole or not at all.
        quiet: no bar.

    Raises:
        UserError: no data set, or a damaged one.
    """
    # Both are slow to import, and this package is looked at by more than those who want a report.
    from render_scripts.report.gather import gather
    from render_scripts.report.page import page

    data = page(gather(dataset, quiet=quiet), dataset.resolve().name).encode()
    with whole_file(out) as file:
        file.write(data)
    return len(data)
