"""What differs from run to run, beside the shards: who rendered, how long it took, what was set aside. No bpy.

`SHA256SUMS` leaves it out. It is written last, so it also says that a data set is finished, and which one it is.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from render_scripts.run.local import SetAside
from render_scripts.seal import sealed
from render_scripts.shards import SUMS, Shard, sha256, write_text

RUN_LOG = "run.json"


@dataclass(frozen=True)
class RunLog:
    """A finished data set's.

    Attributes:
        identity: as of `identity.py`; shards: in the folder.
        set_aside: clips that are missing.
        clips: seconds of each picture, by clip; those of clips that were finished in a run that was killed in that
            moment are missing.
        seconds, workers: of the last run.
    """

    identity: Mapping[str, Any]
    shards: tuple[Shard, ...]
    set_aside: tuple[SetAside, ...] = ()
    clips: Mapping[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    workers: int = 1

    def write(self, out: Path) -> None:
        """Into the data set's folder."""
        each = [seconds for clip in self.clips.values() for seconds in clip]
        facts = {
            **asdict(self),
            "seconds": round(self.seconds, 2),
            "pictures_rendered": len(each),
            "seconds_per_picture_median": round(median(each), 4) if each else 0.0,
            "machine": {
                "system": platform.platform(),
                "processor": platform.processor() or platform.machine(),
                "cores": os.cpu_count(),
                "python": platform.python_version(),
            },
            "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        write_text(out / RUN_LOG, sealed(facts, sha256(out / SUMS)))


def read_log(out: Path) -> RunLog | None:
    """The log of a finished data set whose shards are all there, else None; a log from elsewhere is none."""
    try:
        facts = json.loads((out / RUN_LOG).read_text(encoding="utf-8"))
        log = RunLog(
            identity=dict(facts["identity"]),
            shards=tuple(Shard(**shard) for shard in facts["shards"]),
            set_aside=tuple(SetAside(**{**one, "log": tuple(one["log"])}) for one in facts["set_aside"]),
            clips=dict(facts["clips"]),
            seconds=float(facts["seconds"]),
            workers=int(facts["workers"]),
        )
        whole = all((out / shard.name).is_file() for shard in log.shards)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return log if whole else None
