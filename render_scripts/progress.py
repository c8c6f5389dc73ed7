"""How far a run is: a bar for people, lines of JSON for programs (Blender's panel reads them). No bpy."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from mocap.errors import UserError


class Progress:
    """Counts frames. The file's events, one JSON object a line:

    - `{"event": "start", "total": N}`
    - `{"event": "reused", "done": k, "total": N}`, where an earlier run has left some finished
    - `{"event": "frame", "done": k, "total": N, "key": …, "seconds_left": s, "thumbnail": path or null}`
    - `{"event": "done", "out": folder, "sheet": path}` or `{"event": "error", "message": one line}`
    """

    def __init__(self, total: int, *, file: Path | None = None, quiet: bool = False) -> None:
        """`total` pictures to come; `file` is emptied first; `quiet` shows no bar."""
        self._total = total
        self._done = 0
        self._fresh = 0
        self._began = time.monotonic()
        self._file: TextIO | None = None
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._file = file.open("w", encoding="utf-8", newline="\n")
        # tqdm's own lock is for several processes; ended by `os._exit`, as inside Blender, Python would complain of it.
        tqdm.set_lock(threading.RLock())
        self._bar = tqdm(total=total, unit="frame", file=sys.stderr, disable=quiet or None, dynamic_ncols=True)
        self._say({"event": "start", "total": total})

    def reused(self, frames: int) -> None:
        """Frames that an earlier run has left finished."""
        self._done += frames
        self._bar.update(frames)
        if frames:
            self._say({"event": "reused", "done": self._done, "total": self._total})

    def frame(self, key: str, thumbnail: Path | None = None) -> None:
        """One more picture is rendered and labelled."""
        self._done += 1
        self._fresh += 1
        self._bar.update(1)
        each = (time.monotonic() - self._began) / self._fresh
        self._say(
            {
                "event": "frame",
                "done": self._done,
                "total": self._total,
                "key": key,
                "seconds_left": round(each * (self._total - self._done), 1),
                "thumbnail": None if thumbnail is None else str(thumbnail),
            }
        )

    def taken_back(self, frames: int) -> None:
        """Frames of a clip that has failed: they are made again, if at all."""
        self._done -= frames
        self._fresh -= frames
        self._bar.update(-frames)

    def finished(self, out: Path, sheet: Path) -> None:
        """The data set is whole."""
        self._say({"event": "done", "out": str(out), "sheet": str(sheet)})
        self._close()

    def failed(self, message: str) -> None:
        """It has come to nothing, for the reason given in one line."""
        self._say({"event": "error", "message": message})
        self._close()

    @staticmethod
    def note_failure(file: Path, message: str) -> None:
        """Ends a progress file with an error, unless that stands there already or the file cannot be written."""
        with contextlib.suppress(OSError):
            told = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
            if not told or '"event": "error"' not in told[-1]:
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("a", encoding="utf-8", newline="\n") as lines:
                    lines.write(json.dumps({"event": "error", "message": message}) + "\n")

    def _say(self, event: dict[str, Any]) -> None:
        if self._file is not None and not self._file.closed:
            # A full disk must not cost the run: what watches it is not what it is for.
            with contextlib.suppress(OSError):
                self._file.write(json.dumps(event) + "\n")
                self._file.flush()

    def _close(self) -> None:
        self._bar.close()
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()


def one_line(error: BaseException) -> str:
    """What went wrong, for a place that has room for one line."""
    if isinstance(error, UserError):
        return error.line()
    if isinstance(error, KeyboardInterrupt):
        return "stopped"
    return " ".join(str(error).split()) or type(error).__name__
