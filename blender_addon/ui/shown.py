"""What the panel says about a run, read from the files that the run leaves behind; pure."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from blender_addon.ui.background import GONE, LOG, last_words, tail

PROGRESS = "progress.jsonl"  # written as `render_scripts.progress` says
RUN_LOG = "run.json"  # of a finished data set
FULL = 1_000_000  # bytes that are left on a disk, in which nothing can be rendered
LARGEST_LOG = 50_000_000  # bytes of it that are read

# What the command line says, in the words of the panel.
_IN_THE_PANEL = {
    "Give another --out, or --overwrite.": "Choose another folder, or tick Overwrite.",
    "Give another --out.": "Choose another folder.",
    "Make room, then run the same command": "Make room, then render again",
}
GOES_ON = "Whole clips are kept; Render does the rest."


@dataclass(frozen=True)
class Shown:
    """What the panel draws.

    Attributes:
        headline, detail: a line, and what stands under it.
        fraction: done, from 0 to 1; total: pictures that were asked for.
        outcome: "" while it runs.
        picture: the newest thumbnail while it runs.
        sheet: the contact sheet once it is done.
    """

    headline: str = ""
    detail: str = ""
    fraction: float = 0.0
    total: int = 0
    outcome: Literal["", "done", "stopped", "failed"] = ""
    picture: Path | None = None
    sheet: Path | None = None


def look(folder: Path, status: int | None, *, cancelled: bool) -> Shown:
    """What to say about the run in `folder`.

    Args:
        status: exit status of its process, None while that is at work, `GONE` if it has ended unseen.
        cancelled: whether the user has stopped it.
    """
    shown = Shown("Starting Blender")
    for event in _events(folder / PROGRESS):
        shown = _after(shown, event)
    if shown.outcome == "done":
        return shown
    so_far = f"{round(shown.fraction * shown.total)} of {_pictures(shown.total)}. "
    so_far = so_far if shown.total else ""
    if cancelled and status is None:
        return replace(shown, headline="Stopping", detail=so_far.strip(), outcome="")
    if cancelled or (status is not None and shown.outcome == "stopped"):
        return replace(shown, headline="Cancelled", detail=f"{so_far}{GOES_ON}", outcome="stopped", picture=None)
    if status is None or shown.outcome:
        return shown
    if _is_full(folder):
        # What the run said of it may have found no room either.
        detail = f"{so_far}The disk is full ({folder}): make room. {GOES_ON}"
        return replace(shown, headline="Not finished", detail=detail, outcome="failed", picture=None)
    last = f"{last_words(folder) or 'It has said nothing'} ({folder / LOG})"
    if status == GONE:
        detail = f"{so_far}{GOES_ON} It said last: {last}"
        return replace(shown, headline="Broken off", detail=detail, outcome="stopped", picture=None)
    return replace(shown, headline="The renderer has ended early", detail=last, outcome="failed", picture=None)


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < FULL
    except OSError:
        return False


def _after(shown: Shown, event: dict[str, Any]) -> Shown:
    match event:
        case {"event": "start", "total": int(total)}:
            return Shown(f"0 of {_pictures(total)}", "Building the first scene", total=total)
        case {"event": "reused", "done": int(done), "total": int(total)}:
            return replace(shown, headline=f"{done} of {_pictures(total)}", fraction=done / max(total, 1))
        case {"event": "frame", "done": int(done), "total": int(total), "key": key, "seconds_left": seconds}:
            thumbnail = event.get("thumbnail")
            return Shown(
                headline=f"{done} of {_pictures(total)}",
                detail=f"{key}, {_in_words(float(seconds))} left",
                fraction=done / max(total, 1),
                total=total,
                picture=Path(thumbnail) if thumbnail else None,
            )
        case {"event": "done", "out": out}:
            sheet = event.get("sheet")
            missing = _missing(Path(out))
            return Shown(
                headline=f"Done, but {missing[0]}" if missing else f"Done: {_pictures(shown.total)}",
                detail=missing[1] if missing else "",
                fraction=1.0,
                total=shown.total,
                outcome="done",
                sheet=Path(sheet) if sheet else None,
            )
        case {"event": "error", "message": "stopped"}:
            return replace(shown, headline="Stopping", outcome="stopped", picture=None)
        case {"event": "error", "message": message}:
            detail = in_the_panel(str(message))
            return replace(shown, headline="Not finished", detail=detail, outcome="failed", picture=None)
    return shown


def in_the_panel(message: str) -> str:
    """What the pipeline says, without the command line's options."""
    for told, instead in _IN_THE_PANEL.items():
        message = message.replace(told, instead)
    return message


def _missing(out: Path) -> tuple[str, str] | None:
    """How many clips a finished data set lacks, and why the first does; None if it has all."""
    try:
        with (out / RUN_LOG).open("rb") as file:
            aside = json.loads(file.read(LARGEST_LOG))["set_aside"]
        first, count = aside[0], len(aside)
        words = "a clip is missing" if count == 1 else f"{count} clips are missing"
        return words, f"Clip {first['clip']}: {first['reason']}. Render tries again."
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _events(path: Path) -> list[dict[str, Any]]:
    found = []
    for line in tail(path):
        try:
            event = json.loads(line)
        except ValueError:
            continue  # the first line of a tail, or the last of a run that was killed while it wrote
        if isinstance(event, dict):
            found.append(event)
    return found


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"


def _in_words(seconds: float) -> str:
    if seconds < 60.0:
        return f"{max(round(seconds), 1)} s"
    if seconds < 3600.0:
        return f"{round(seconds / 60.0)} min"
    return f"{int(seconds // 3600)} h {round(seconds % 3600 / 60.0):02d} min"
