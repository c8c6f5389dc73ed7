"""Workers on this machine: kept alive, fed one clip at a time, and ended with the run. No bpy here; they have it."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from mocap.errors import UserError
from render_scripts.errors import RunFailed
from render_scripts.render import HOUSE
from render_scripts.run.environment import worker_environment
from render_scripts.worker import Task

RENDER_PY = HOUSE / "render.py"
WAIT = 0.2  # seconds; a wait without end cannot be interrupted on Windows
GRACE = 5.0  # seconds between asking a worker to end and making it end
LOG_TAIL_BYTES = 4096
# Lines that Blender writes while all goes well.
BLENDER_NOISE = ("Fra:", "Saved:", "Time:")

Report = Callable[[Mapping[str, Any]], None]


@dataclass
class _Worker:
    process: subprocess.Popen[str]
    log: Path
    clip: int | None = None
    thread: threading.Thread | None = field(default=None, repr=False)


def run_tasks(tasks: Iterable[Task], *, workers: int, logs: Path, report: Report) -> None:
    """Renders all tasks; `report` gets every worker's answers, in this thread.

    Args:
        tasks: handed out in order, one at a time, to whoever is free; taken from the iterable only then.
        workers: processes at most; one Cycles uses all cores already.
        logs: folder for what the workers print.
        report: called with each answer (`worker.py` lists them).

    Raises:
        UserError: a worker says that what the user gave cannot be used.
        RunFailed: a worker failed or died; fragments that are finished stay.
    """
    waiting = iter(tasks)
    answers: queue.Queue[tuple[_Worker, Mapping[str, Any] | None]] = queue.Queue()
    lock = threading.Lock()
    logs.mkdir(parents=True, exist_ok=True)
    with _started(worker_command(), workers, logs) as crew:
        for worker in crew:
            worker.thread = threading.Thread(target=_feed, args=(worker, waiting, lock, answers), daemon=True)
            worker.thread.start()
        busy = len(crew)
        while busy:
            try:
                worker, answer = answers.get(timeout=WAIT)
            except queue.Empty:
                continue
            if answer is None:
                code = worker.process.wait()
                if code != 0 or worker.clip is not None:
                    raise _death(worker, code)
                busy -= 1
            elif answer.get("event") == "error":
                raise _failure(worker, answer)
            else:
                report(answer)


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


@contextlib.contextmanager
def _started(command: list[str], count: int, logs: Path) -> Iterator[list[_Worker]]:
    crew: list[_Worker] = []
    environment = worker_environment(sys.path)
    try:
        for k in range(count):
            log = logs / f"worker-{k}.log"
            with log.open("wb") as noise:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=noise,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                    env=environment,
                )
            crew.append(_Worker(process, log))
        yield crew
    except OSError as error:
        raise RunFailed(f"a worker cannot be started: {error.strerror or error} ({command[0]})") from None
    finally:
        _end(crew)


def _end(crew: list[_Worker]) -> None:
    for worker in crew:
        if worker.process.poll() is None:
            worker.process.terminate()
    for worker in crew:
        try:
            worker.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            worker.process.kill()
            worker.process.wait()
        if worker.thread is not None:
            worker.thread.join(GRACE)
        for pipe in (worker.process.stdin, worker.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _feed(
    worker: _Worker,
    waiting: Iterator[Task],
    lock: threading.Lock,
    answers: queue.Queue[tuple[_Worker, Mapping[str, Any] | None]],
) -> None:
    """Hands out tasks until there are none; puts every answer, and None when the worker has closed its channel."""
    stdin, stdout = worker.process.stdin, worker.process.stdout
    assert stdin is not None and stdout is not None
    try:
        while True:
            try:
                with lock:
                    task = next(waiting, None)
            except Exception as error:  # the next clip cannot be drawn
                answers.put((worker, _undrawn(error)))
                break
            if task is None:
                stdin.close()
                break
            worker.clip = task.clip.index
            stdin.write(task.line() + "\n")
            stdin.flush()
            for answer in _answers(stdout):
                answers.put((worker, answer))
                if answer.get("event") == "clip":
                    worker.clip = None
                    break
            else:
                break
        for answer in _answers(stdout):
            answers.put((worker, answer))
    except (OSError, ValueError):
        # The worker has gone, or the run is over and its pipes are closed; what it last said has been passed on.
        with contextlib.suppress(OSError, ValueError):
            for answer in _answers(stdout):
                answers.put((worker, answer))
    finally:
        answers.put((worker, None))


def _undrawn(error: Exception) -> Mapping[str, Any]:
    user = isinstance(error, UserError)
    message = error.line() if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
    return {"event": "error", "clip": None, "message": message, "user": user}


def _answers(stdout: IO[str]) -> Iterator[Mapping[str, Any]]:
    # Blender greets on standard output before any script runs.
    for line in stdout:
        if line.startswith('{"event"'):
            yield json.loads(line)


def _failure(worker: _Worker, answer: Mapping[str, Any]) -> Exception:
    message = str(answer["message"])
    if answer.get("user"):
        return UserError(message)
    where = "" if answer.get("clip") is None else f" in clip {answer['clip']}"
    return RunFailed(f"a worker failed{where}: {message} (its log: {worker.log})")


def _death(worker: _Worker, code: int) -> Exception:
    where = "" if worker.clip is None else f" in clip {worker.clip}"
    how = f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"
    last = _last_line(worker.log)
    return RunFailed(f"a worker {how}{where}: {last or 'it left no word'} (its log: {worker.log})")


def _last_line(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - LOG_TAIL_BYTES))
        lines = [line.strip() for line in file.read().decode("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith(BLENDER_NOISE)]
    return lines[-1] if lines else ""
