"""The pipeline as a process beside Blender: start it, ask whether it lives, end it with all it has started. Pure.

The process belongs to nobody once it runs: closing Blender, or disabling the extension, leaves it at work. Its folder
says which it is, so that another Blender finds it again.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from blender_addon.ui.still_ours import NO_WINDOW, mark_of
from mocap.errors import UserError
from mocap.whole_file import whole_file

LOG = "log.txt"
PROCESS = "process.json"
GRACE = 5.0  # seconds between asking a process to end and making it end
TAIL_BYTES = 65536  # of a growing file that are looked at
GONE = -1  # in place of the exit status of a process that somebody else has started


@dataclass
class Run:
    """A process that has been started, here or by a Blender before.

    Attributes:
        pid: of its first process, leader of a group of its own; mark: see `mark_of`.
        folder: holds its log.
        process: as this Blender has started it; None where another one has.
        asked_to_end: when it was cancelled, by `time.monotonic`; None if it was not.
    """

    pid: int
    mark: str | None
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    asked_to_end: float | None = None


def start(command: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None) -> Run:
    """Starts `command` in `folder`, its output going to the log there.

    Args:
        variables: of its environment, besides those of ours.

    Raises:
        UserError: the program cannot be started, or the folder not be written to.
    """
    try:
        log = (folder / LOG).open("wb")
    except OSError as error:
        raise UserError(
            f"cannot be written ({error.strerror or error})", file=folder / LOG, mend="Choose another output folder."
        ) from None
    try:
        with log:
            process = subprocess.Popen(
                list(command),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(variables or {})},
                start_new_session=True,  # a group of its own, where there are groups
                creationflags=NO_WINDOW if os.name == "nt" else 0,
            )
    except OSError as error:
        raise UserError(f"the renderer cannot be started: {error.strerror}", file=command[0]) from None
    run = Run(process.pid, mark_of(process.pid), folder, process)
    try:
        with whole_file(folder / PROCESS) as file:
            file.write(json.dumps({"pid": run.pid, "mark": run.mark}).encode())
    except OSError:
        pass  # it runs; only another Blender will not find it
    return run


def find(folder: Path) -> Run | None:
    """The process that was started in this folder and is still at work; None if there is none."""
    try:
        facts = json.loads((folder / PROCESS).read_text(encoding="utf-8"))
        pid, mark = facts["pid"], facts["mark"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(pid, int) or not 1 < pid < 2**31 or not isinstance(mark, str) or mark_of(pid) != mark:
        return None
    return Run(pid, mark, folder)


def status(run: Run) -> int | None:
    """Its exit status, None while it is at work; one that was cancelled and has not ended in time is ended here."""
    ended = _ended(run)
    if ended is None and run.asked_to_end is not None and time.monotonic() - run.asked_to_end > GRACE:
        _signal(run, hard=True)
        ended = _ended(run)
    return ended


def cancel(run: Run) -> None:
    """Asks the process and its children to end, and returns at once; call `status` until it says how it went."""
    if run.asked_to_end is None and _ended(run) is None:
        run.asked_to_end = time.monotonic()
        _signal(run, hard=False)


def _ended(run: Run) -> int | None:
    if run.process is not None:
        return run.process.poll()
    return None if mark_of(run.pid) == run.mark else GONE


def _signal(run: Run, *, hard: bool) -> None:
    if os.name == "nt":  # has no groups that a signal reaches without a console
        command = ["taskkill", "/PID", str(run.pid), "/T", "/F"]
        subprocess.run(command, capture_output=True, check=False, creationflags=NO_WINDOW)
        return
    try:
        os.killpg(run.pid, signal.SIGKILL if hard else signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        return  # it has ended by itself in the meantime


def last_words(folder: Path) -> str:
    """The last line of the log that speaks of an error, else its last line, else nothing."""
    lines = [line.strip() for line in tail(folder / LOG) if line.strip()]
    wrong = [line for line in lines if "error" in line.lower()]
    return (wrong or lines or [""])[-1]


def tail(path: Path) -> list[str]:
    """The last lines of a file that another process is writing, the first perhaps cut; none if it is not there."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
            return file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
