"""A worker process as its run sees it: started, given clips, listened to, ended. No bpy here; the process has it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mocap.errors import UserError
from render_scripts.errors import RunFailed
from render_scripts.render import HOUSE
from render_scripts.run.environment import worker_environment
from render_scripts.worker import Task

RENDER_PY = HOUSE / "render.py"
GRACE = 5.0  # seconds between asking a worker to end and making it end
LOG_TAIL_BYTES, LOG_TAIL_LINES = 8192, 30
# Lines that Blender writes while all goes well.
BLENDER_NOISE = ("Fra:", "Saved:", "Time:")


STAYS = "what is finished stays. Make room, then run the same command"


class Stillborn(Exception):
    """A worker has ended before it was ready for a clip."""


@dataclass(frozen=True)
class Failure:
    """Why a clip was not rendered.

    Attributes:
        error: what to tell the user.
        again: whether it may go better another time; ended: whether it has cost the worker.
        hopeless: whether every other clip would fail in this way, too.
        log: the last lines that the worker printed.
    """

    error: Exception
    again: bool = True
    ended: bool = True
    hopeless: bool = False
    log: tuple[str, ...] = ()


def worker_command() -> list[str]:
    """What starts a worker: the real Blender if this runs inside one, else this Python with the bpy wheel."""
    blender = blender_program()
    if blender is None:
        return [sys.executable, str(RENDER_PY), "--worker"]
    start = [blender, "--background", "--factory-startup", "--python-exit-code", "1"]
    return [*start, "--python", str(RENDER_PY), "--", "--worker"]


def blender_program() -> str | None:
    """Path of the Blender that this Python lives in, None in an ordinary Python (the bpy wheel has no program)."""
    bpy = sys.modules.get("bpy")
    return (bpy.app.binary_path or None) if bpy is not None else None


class WorkerProcess:
    """One process; a thread at a time gives it clips, any thread may end it."""

    def __init__(self, log: Path) -> None:
        """Starts it. `log` takes what it prints, after what is in there. RunFailed if it cannot be started."""
        self._log = log
        self._ending = threading.Lock()
        command = worker_command()
        try:
            with log.open("ab") as noise:
                self._log_begins = noise.tell()
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=noise,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                    env=worker_environment(sys.path),
                )
        except OSError as error:
            raise RunFailed(f"a worker cannot be started: {error.strerror or error} ({command[0]})") from None

    def wait_until_ready(self) -> None:
        """Until it has opened Blender.

        Raises:
            Stillborn: it has ended before.
            UserError, RunFailed: it says why it cannot.
        """
        for answer in self._answers():
            if answer["event"] == "ready":
                return
            if answer["event"] == "error":
                raise self._failure(answer).error
        raise Stillborn(f"a worker {self._death()} before it was ready: {self._last_word()} (its log: {self._log})")

    def render(self, task: Task, report: Callable[[Mapping[str, Any]], None]) -> Failure | None:
        """Has a clip rendered, passing on what is said of it; what went wrong, if anything did."""
        stdin = self._process.stdin
        assert stdin is not None
        # A worker that has gone in the meantime is found out by its silence.
        with contextlib.suppress(OSError, ValueError):
            stdin.write(task.line() + "\n")
            stdin.flush()
        for answer in self._answers():
            if answer["event"] == "error":
                return self._failure(answer)
            report(answer)
            if answer["event"] == "clip":
                return None
        message = f"a worker {self._death()} in clip {task.clip.index}: {self._last_word()} (its log: {self._log})"
        return Failure(RunFailed(message), log=self._last_lines())

    def finish(self) -> None:
        """Lets it end as it does when there are no more clips; only whoever gives them may call this."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError, subprocess.TimeoutExpired):
            self._process.stdin.close()
            self._process.wait(GRACE)
        self.end()
        assert self._process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            self._process.stdout.close()

    def end(self) -> None:
        """Asks it to end, makes it end, and waits until it has."""
        with self._ending:
            if self._process.poll() is None:
                self._process.terminate()
                try:
                    self._process.wait(GRACE)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait()

    def _answers(self) -> Iterator[Mapping[str, Any]]:
        # Blender greets on standard output before any script runs.
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith('{"event"') and line.endswith("}\n"):
                yield json.loads(line)

    def _failure(self, answer: Mapping[str, Any]) -> Failure:
        message, clip = str(answer["message"]), answer.get("clip")
        if answer.get("disk"):
            # What is wrong with the disk is no fault of the clip's.
            return Failure(RunFailed(f"{message}; {STAYS}"), again=False, hopeless=True)
        if answer.get("user"):
            return Failure(UserError(message), again=False)
        where = "" if clip is None else f" in clip {clip}"
        told = RunFailed(f"a worker failed{where}: {message} (its log: {self._log})")
        return Failure(told, log=self._last_lines())

    def _death(self) -> str:
        code = self._process.wait()
        return f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"

    def _last_word(self) -> str:
        lines = self._last_lines()
        return lines[-1] if lines else "it left no word"

    def _last_lines(self) -> tuple[str, ...]:
        """The last that this worker has printed, without what Blender always says."""
        with self._log.open("rb") as file:
            file.seek(max(self._log_begins, self._log.stat().st_size - LOG_TAIL_BYTES))
            lines = [line.strip() for line in file.read().decode("utf-8", "replace").splitlines()]
        return tuple(line for line in lines if line and not line.startswith(BLENDER_NOISE))[-LOG_TAIL_LINES:]
