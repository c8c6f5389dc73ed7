# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The runs that this Blender watches: begun by a button or found in their folder, looked at by a timer."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import bpy

from blender_addon.makehuman.assets import OFFLINE_VARIABLE, find_assets
from blender_addon.ui import background
from blender_addon.ui.background import GONE, PROCESS
from blender_addon.ui.shown import PROGRESS, RUN_LOG, Shown, look
from mocap.errors import UserError

INTERVAL = 0.5  # seconds between two looks at the files
REPORT = "report.html"
NEEDED_FOR_REPORTS = ("matplotlib", "jinja2")
# Python by itself knows neither this project nor its libraries.
_COMMAND = (
    "import os, sys; here = set(sys.path); sys.path.insert(0, sys.argv[1])\n"
    "sys.path += [place for place in sys.argv[2].split(os.pathsep) if place not in here]\n"
    "from render_scripts.cli import main\n"
    "sys.exit(main(sys.argv[3:]))\n"
)


@dataclass
class Watched:
    """What happens, or has happened, in a run's folder.

    Attributes:
        folder: the run's; run: at work there, or None.
        shown: what the panel says of it.
        report: is being written, or None; told: what became of it.
        seen: when the folder's process was begun, by its file: another Blender may begin one, too.
    """

    folder: Path
    run: background.Run | None = None
    shown: Shown = field(default_factory=Shown)
    report: background.Run | None = None
    told: str = ""
    seen: int = 0

    @property
    def report_file(self) -> Path:
        """Where the report of its data set is put."""
        return self.folder / "report" / REPORT


_watched: dict[Path, Watched] = {}


def at(folder: Path) -> Watched:
    """The run whose folder this is: at work, over, or none at all."""
    there = _watched.get(folder)
    began = _began(folder)
    if there is None or (there.run is None and there.seen != began):
        there = _watched[folder] = Watched(folder, background.find(folder), seen=began)
        if there.run is not None:
            _look_on()
        if there.run is not None or (folder / PROGRESS).is_file():
            there.shown = look(folder, None if there.run is not None else GONE, cancelled=False)
    return there


def elsewhere(folder: Path) -> Path | None:
    """Another folder in which a run of this Blender is at work; None if there is none."""
    return next((one.folder for one in _watched.values() if one.run is not None and one.folder != folder), None)


def begin(job: Path, out: Path, *, overwrite: bool, workers: int, assets: str) -> None:
    """Starts the pipeline on a job file and watches it.

    Args:
        out: the data set's folder; overwrite: replace one that is there.
        workers: processes; assets: MakeHuman's data folder, "" to have it found or fetched.

    Raises:
        UserError: Blender cannot be started a second time.
    """
    progress = job.parent / PROGRESS
    progress.unlink(missing_ok=True)
    command = [*_renderer(), str(job)]
    command += ["--out", str(out), "--workers", str(workers), "--progress-file", str(progress)]
    command += ["--overwrite"] if overwrite else []
    command += ["--assets", bpy.path.abspath(assets)] if assets else []
    run = background.start(command, job.parent, {} if bpy.app.online_access else {OFFLINE_VARIABLE: "1"})
    _watched[job.parent] = Watched(job.parent, run, Shown("Starting Blender"), seen=_began(job.parent))
    _look_on()


def write_report(folder: Path, out: Path) -> None:
    """Starts to write the report of a data set; it is shown when it is there.

    Args:
        folder: the run's; out: the data set's.

    Raises:
        UserError: nothing can be written, or Python not be started.
    """
    there = at(folder)
    place = there.report_file
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot be made ({error.strerror or error})", file=place.parent) from None
    libraries = os.pathsep.join(sys.path)
    arguments = [str(_house().parent), libraries, "report", str(out), "--out", str(place)]
    there.report, there.told = background.start([sys.executable, "-c", _COMMAND, *arguments], place.parent), ""
    _look_on()


def report_trouble(out: Path) -> str | None:
    """Why there can be no report of a data set, as a sentence; None when there can."""
    if not (out / RUN_LOG).is_file():
        return "There is no finished data set in the folder yet."
    missing = [name for name in NEEDED_FOR_REPORTS if find_spec(name) is None]
    if missing:
        return f"This Blender lacks {' and '.join(missing)}. Elsewhere, “skatesynth report {out}” writes it."
    return None


def assets_trouble(folder: str) -> str | None:
    """Why there will be no MakeHuman data for a run, as a sentence; None when it is there or may be fetched.

    Args:
        folder: what the user has named in the preferences, or "".
    """
    try:
        found = find_assets(Path(bpy.path.abspath(folder)) if folder else None)
    except UserError as error:
        return f"{error.line()} (Preferences, Add-ons, SkateSynth)"
    if found is None and not bpy.app.online_access:
        return (
            "The MakeHuman data must be fetched once: allow online access (Preferences, System), "
            "or name its folder (Preferences, Add-ons, SkateSynth)."
        )
    return None


def stop(folder: Path) -> None:
    """Cancels the run in a folder; the timer sees its end."""
    there = at(folder)
    if there.run is not None:
        background.cancel(there.run)
        there.shown = look(folder, None, cancelled=True)


def forget() -> None:
    """Watches no longer; runs go on by themselves."""
    if bpy.app.timers.is_registered(tick):
        bpy.app.timers.unregister(tick)
    _watched.clear()


def tick() -> float | None:
    """The timer: reads the progress files, redraws the sidebar, and stops asking when all runs have ended."""
    for there in _watched.values():
        _look(there)
        _look_at_report(there)
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()
    busy = any(there.run is not None or there.report is not None for there in _watched.values())
    return INTERVAL if busy else None


def _look(there: Watched) -> None:
    if there.run is None:
        return
    status = background.status(there.run)
    there.shown = look(there.folder, status, cancelled=there.run.asked_to_end is not None)
    if status is not None:
        there.run = None


def _look_at_report(there: Watched) -> None:
    if there.report is None:
        return
    status = background.status(there.report)
    if status is None:
        return
    there.report = None
    if status != 0 or not there.report_file.is_file():
        there.told = f"No report: {background.last_words(there.report_file.parent) or 'it has said nothing'}"
        return
    # A system without a browser says so on its console only.
    there.told = f"The report is in {there.report_file}"
    with contextlib.suppress(RuntimeError):
        bpy.ops.wm.path_open(filepath=str(there.report_file))


def _look_on() -> None:
    if not bpy.app.timers.is_registered(tick):
        bpy.app.timers.register(tick, first_interval=INTERVAL, persistent=True)


def _began(folder: Path) -> int:
    try:
        return (folder / PROCESS).stat().st_mtime_ns
    except OSError:
        return 0


def _renderer() -> list[str]:
    """What starts the pipeline: this Blender once more, or this Python where Blender is a library in it."""
    script = str(_house() / "render.py")
    if not bpy.app.binary_path:
        return [sys.executable, script]
    # A factory start is quicker and free of other add-ons; render.py finds this extension's libraries by itself.
    return [bpy.app.binary_path, "--background", "--factory-startup", "--python", script, "--"]


def _house() -> Path:
    """The folder of `render_scripts`. UserError if it is not installed."""
    house = find_spec("render_scripts")
    if house is None or house.origin is None:
        raise UserError("the pipeline is not installed", mend="Install the extension again.")
    return Path(house.origin).parent
