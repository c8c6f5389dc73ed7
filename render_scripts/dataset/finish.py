"""From clips to shards and what lies beside them. No bpy.

All of it follows from the samples and the job alone: a data set that was made in ten goes is the same as one made in
one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from render_scripts.card import Statistics, data_card, timm_info
from render_scripts.draw import Sheet
from render_scripts.job import Job
from render_scripts.outline import Outline, clip_of_stage
from render_scripts.sample import Fields
from render_scripts.shards import SUMS, Shard, pack, write_sums, write_text

JOB_FILE, SHEET, CARD, INFO = "job.yaml", "contact_sheet.png", "README.md", "_info.json"
MADE_FILES = (SUMS, JOB_FILE, SHEET, CARD, INFO)
"""Files of a data set besides its shards and the run's log."""


def finish(
    out: Path, job: Job, outlines: Sequence[Outline], splits: Sequence[str], fragment: Callable[[int], Path]
) -> tuple[Shard, ...]:
    """Packs finished clips and writes what belongs to them.

    Args:
        out: the data set's folder, with the job in it.
        outlines: of the clips that are finished; splits: of every clip of the job.
        fragment: the tar of a clip.
    """
    staged = None if job.stage is None else clip_of_stage(job.stage)
    asked = [name for camera in job.cameras for name in camera.names]
    names = asked if staged is None else [camera.name for camera in staged.cameras]
    sheet = Sheet([(outline.index, outline.count) for outline in outlines], names)
    statistics = Statistics()
    shards: list[Shard] = []
    for split in job.output.splits:

        def look(key: str, fields: Fields, split: str = split) -> None:
            statistics.add(split, key, fields)
            sheet.add(key, fields)

        of_split = [fragment(outline.index) for outline in outlines if splits[outline.index] == split]
        shards += pack(of_split, out, split, job.output.shard_size, look)
    sheet.write(out / SHEET)
    write_text(out / INFO, timm_info(shards))
    write_text(out / CARD, data_card(job, shards, statistics, staged))
    write_sums(out, [*(shard.name for shard in shards), INFO, CARD, JOB_FILE, SHEET])
    return tuple(shards)
