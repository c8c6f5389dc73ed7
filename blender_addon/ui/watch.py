# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The one run that this Blender watches: begun by a button, looked at by a timer, drawn by the panel."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import bpy

from blender_addon.makehuman.assets import find_assets
from blender_addon.ui import background
from blender_addon.ui.shown import PROGRESS, Shown, look
from mocap.errors import UserError

INTERVAL = 0.5  # seconds between two looks at the progress file


run: background.Run | None = None
shown = Shown()


def begin(job: Path, out: Path, *, overwrite: bool, workers: int, assets: str) -> None:
    """Starts the pipeline on a job file and watches it.

    Args:
        out: the data set's folder; overwrite: replace one that is there.
        workers: processes; assets: MakeHuman's data folder, "" to have it found or fetched.

    Raises:
        UserError: Blender cannot be started a second time.
    """
    global run, shown
    house = find_spec("render_scripts")
    if house is None or house.origin is None:
        raise UserError("the pipeline is not installed", mend="Install the extension again.")
    progress = job.parent / PROGRESS
    progress.unlink(missing_ok=True)
    # A factory start is quicker and free of other add-ons; render.py finds this extension's libraries by itself.
    command = [bpy.app.binary_path, "--background", "--factory-startup"]
    command += ["--python", str(Path(house.origin).parent / "render.py"), "--", str(job)]
    command += ["--out", str(out), "--workers", str(workers), "--progress-file", str(progress)]
    command += ["--overwrite"] if overwrite else []
    command += ["--assets", bpy.path.abspath(assets)] if assets else []
    run, shown = background.start(command, job.parent), Shown("Starting Blender")
    if not bpy.app.timers.is_registered(tick):
        bpy.app.timers.register(tick, first_interval=INTERVAL, persistent=True)


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


def stop() -> None:
    """Cancels the run; the timer sees its end."""
    if run is not None:
        background.cancel(run)


def forget() -> None:
    """Watches no longer; a run goes on by itself."""
    global run, shown
    if bpy.app.timers.is_registered(tick):
        bpy.app.timers.unregister(tick)
    run, shown = None, Shown()


def tick() -> float | None:
    """The timer: reads the progress file, redraws the sidebar, and stops asking when the run has ended."""
    global run, shown
    if run is None:
        return None
    status = background.status(run)
    shown = look(run.folder, status, cancelled=run.asked_to_end is not None)
    if status is not None:
        run = None
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()
    return INTERVAL if status is None else None
