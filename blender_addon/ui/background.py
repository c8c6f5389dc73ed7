"""The pipeline as a process beside Blender: start it, ask whether it lives, end it with all it has started. Pure.

The process belongs to nobody once it runs: closing Blender, or disabling the extension, leaves it at work.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mocap.errors import UserError

LOG = "log.txt"
GRACE = 5.0  # seconds between asking a process to end and making it end
TAIL_BYTES = 65536  # of a growing file that are looked at
NO_WINDOW = 0x08000000  # Windows' CREATE_NO_WINDOW; `subprocess` has the name on Windows only


@dataclass
class Run:
    """A pipeline that has been started.

    Attributes:
        process: its first process, leader of a group of its own.
        folder: holds its job file, progress and log.
        asked_to_end: when it was cancelled, by `time.monotonic`; None if it was not.
    """

    process: subprocess.Popen[bytes]
    folder: Path
    asked_to_end: float | None = None


def start(command: Sequence[str], folder: Path) -> Run:
    """Starts `command` in `folder`, its output going to the log there.

    Raises:
        UserError: the program cannot be started.
    """
    try:
        with (folder / LOG).open("wb") as log:
            process = subprocess.Popen(
                list(command),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a group of its own, where there are groups
                creationflags=NO_WINDOW if os.name == "nt" else 0,
            )
    except OSError as error:
        raise UserError(f"the renderer cannot be started: {error.strerror}", file=command[0]) from None
    return Run(process, folder)


def status(run: Run) -> int | None:
    """Its exit status, None while it is at work; one that was cancelled and has not ended in time is ended here."""
    if run.process.poll() is None and run.asked_to_end is not None and time.monotonic() - run.asked_to_end > GRACE:
        _signal(run, hard=True)
    return run.process.returncode


def cancel(run: Run) -> None:
    """Asks the process and its children to end, and returns at once; call `status` until it says how it went."""
    if run.asked_to_end is None and run.process.poll() is None:
        run.asked_to_end = time.monotonic()
        _signal(run, hard=False)


def _signal(run: Run, *, hard: bool) -> None:
    if os.name == "nt":  # has no groups that a signal reaches without a console
        command = ["taskkill", "/PID", str(run.process.pid), "/T", "/F"]
        subprocess.run(command, capture_output=True, check=False, creationflags=NO_WINDOW)
        return
    try:
        os.killpg(run.process.pid, signal.SIGKILL if hard else signal.SIGTERM)
    except ProcessLookupError:
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
