"""Clips on workers of this machine. No bpy here; they have it.

In a run of many, a clip that fails is tried again, then set aside, and the others go on.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mocap.errors import UserError
from render_scripts.errors import RunFailed
from render_scripts.run.process import Failure, Stillborn, WorkerProcess
from render_scripts.worker import Task

WAIT = 0.2  # seconds; a wait without end cannot be interrupted on Windows
HOPELESS = 10
"""Clips in a row that fail at their first try while none succeeds: then there is no use in going on."""
STILLBORN = 3
"""Workers in a row that end before they are ready."""

Report = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True)
class SetAside:
    """A clip that was given up.

    Attributes:
        clip: its index; reason: in one line; mistake: whether it is the user's to mend.
        log: the last lines that its worker printed.
    """

    clip: int
    reason: str
    mistake: bool = False
    log: tuple[str, ...] = ()


def run_tasks(tasks: Sequence[Task], *, workers: int, logs: Path, report: Report) -> None:
    """Renders all tasks, or none of the rest when one fails.

    Args:
        tasks: handed out in order, one at a time, to whoever is free.
        workers: processes at most; one Cycles uses all cores already.
        logs: folder for what the workers print.
        report: called with each answer (`worker.py` lists them), in this thread.

    Raises:
        UserError: a worker says that what the user gave cannot be used.
        RunFailed: a worker failed or died; fragments that are finished stay.
    """
    _Run(range(len(tasks)), tasks.__getitem__, 1, None).through(workers, logs, report)


def run_clips(
    clips: Iterable[int], draw: Callable[[int], Task], *, workers: int, logs: Path, report: Report, tries: int = 2
) -> list[SetAside]:
    """Renders clips, whatever becomes of single ones; returns those that were given up, by their index.

    A clip that fails has a fresh worker when all others are done; one that is the user's mistake is not tried again.

    Args:
        clips: their indices; draw: makes the task of one, when a worker is free for it.
        workers, logs, report: as of `run_tasks`; `{"event": "failed", "clip"}` is said of a clip that counts no more.
        tries: of a clip.

    Raises:
        UserError, RunFailed: nothing works: the disk is full, workers do not start, one clip after the other fails.
    """
    aside: list[SetAside] = []
    _Run(clips, draw, tries, aside.append).through(workers, logs, report)
    return sorted(aside, key=lambda one: one.clip)


class _Run:
    """Clips that wait, and threads that each keep a worker busy with them."""

    def __init__(
        self,
        clips: Iterable[int],
        draw: Callable[[int], Task],
        tries: int,
        set_aside: Callable[[SetAside], None] | None,
    ) -> None:
        """`set_aside` gets what fails for good; without it that ends the run."""
        self._clips, self._draw, self._tries, self._set_aside = iter(clips), draw, tries, set_aside
        self._again: deque[int] = deque()
        self._failures: dict[int, int] = {}
        self._in_a_row = self._stillborn = 0
        self._lock = threading.Lock()
        self._over = False
        self._crew: list[WorkerProcess] = []
        # What the threads have to say; None is the end of one, an exception that of the run.
        self._said: queue.Queue[Mapping[str, Any] | SetAside | Exception | None] = queue.Queue()

    def through(self, workers: int, logs: Path, report: Report) -> None:
        """Until all clips are finished or set aside."""
        logs.mkdir(parents=True, exist_ok=True)
        threads = [
            threading.Thread(target=self._serve, args=(logs / f"worker-{k}.log",), daemon=True) for k in range(workers)
        ]
        busy = len(threads)
        try:
            for thread in threads:
                thread.start()
            while busy:
                try:
                    said = self._said.get(timeout=WAIT)
                except queue.Empty:
                    continue
                if said is None:
                    busy -= 1
                elif isinstance(said, Exception):
                    raise said
                elif isinstance(said, SetAside):
                    assert self._set_aside is not None
                    self._set_aside(said)
                else:
                    report(said)
        finally:
            with self._lock:
                self._over = True
            for worker in self._crew:
                worker.end()
            for thread in threads:
                if thread.ident is not None:
                    thread.join()
            for worker in self._crew:
                worker.finish()

    def _serve(self, log: Path) -> None:
        worker: WorkerProcess | None = None
        try:
            while (clip := self._next()) is not None:
                worker = worker or self._ready(log)
                if worker is None:
                    break
                failure = self._rendered(clip, worker)
                if failure is not None and failure.ended:
                    worker.finish()
                    worker = None
        except Exception as error:  # told to whoever waits for this thread
            self._said.put(error)
        finally:
            if worker is not None:
                worker.finish()
            self._said.put(None)

    def _next(self) -> int | None:
        """The next clip: one that has not been tried, else one that failed."""
        with self._lock:
            clip = None if self._over else next(self._clips, None)
            return self._again.popleft() if clip is None and self._again and not self._over else clip

    def _ready(self, log: Path) -> WorkerProcess | None:
        """A new worker that waits for a clip; None when the run is over."""
        while True:
            with self._lock:
                if self._over:
                    return None
                worker = WorkerProcess(log)
                self._crew.append(worker)
            try:
                worker.wait_until_ready()
            except Stillborn as error:
                worker.finish()
                with self._lock:
                    self._stillborn += 1
                    if self._over:
                        return None
                    if self._stillborn >= STILLBORN:
                        raise RunFailed(str(error)) from None
            else:
                with self._lock:
                    self._stillborn = 0
                return worker

    def _rendered(self, clip: int, worker: WorkerProcess) -> Failure | None:
        """Has a clip drawn and rendered; what went wrong, if anything did."""
        try:
            with self._lock:
                task = self._draw(clip)
        except Exception as error:
            failure: Failure | None = Failure(_undrawn(clip, error), again=False, ended=False)
        else:
            failure = worker.render(task, self._said.put)
        with self._lock:
            if failure is None:
                self._in_a_row = 0
            elif not self._over:
                self._said.put({"event": "failed", "clip": clip})
                self._failed(clip, failure)
        return failure

    def _failed(self, clip: int, failure: Failure) -> None:
        if failure.hopeless or self._set_aside is None:
            raise failure.error
        tries = self._failures[clip] = self._failures.get(clip, 0) + 1
        self._in_a_row += tries == 1
        if self._in_a_row >= HOPELESS:
            raise failure.error
        mistake = isinstance(failure.error, UserError)
        if failure.again and tries < self._tries:
            self._again.append(clip)
            return
        reason = failure.error.line() if isinstance(failure.error, UserError) else str(failure.error)
        self._said.put(SetAside(clip, reason, mistake, failure.log))


def _undrawn(clip: int, error: Exception) -> Exception:
    if isinstance(error, UserError):
        return error
    return RunFailed(f"clip {clip} cannot be drawn: {type(error).__name__}: {' '.join(str(error).split())}")
