"""`blender --command skatesynth …`: the `skatesynth` command in the Blender that has the extension."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import bpy

from blender_addon.makehuman.assets import ASSETS_VARIABLE, OFFLINE_VARIABLE
from blender_addon.ui.preferences import preferences_or_none

NAME = "skatesynth"

_handle: Any = None


def add() -> None:
    """Makes the command known to this Blender; a second time it starts afresh."""
    global _handle
    take_away()
    _handle = bpy.utils.register_cli_command(NAME, run)  # type: ignore[func-returns-value]


def take_away() -> None:
    """The command is no more; harmless when it is not there."""
    global _handle
    if _handle is not None:
        bpy.utils.unregister_cli_command(_handle)
        _handle = None


def run(arguments: list[str]) -> int:
    """Runs `skatesynth` with some arguments, MakeHuman's data where the preferences say; its exit status."""
    # Brings nothing heavy, but no Blender that only starts should wait for it.
    from render_scripts.cli import main

    with _environment(_wishes()):
        try:
            status = main(arguments)
        except SystemExit as end:  # help, and mistakes in the options
            status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def _wishes() -> dict[str, str]:
    """What the preferences say, where the environment does not."""
    mine = preferences_or_none(bpy.context)
    wishes = {}
    if mine is not None and mine.assets and ASSETS_VARIABLE not in os.environ:
        wishes[ASSETS_VARIABLE] = bpy.path.abspath(mine.assets)
    if not bpy.app.online_access:
        wishes[OFFLINE_VARIABLE] = "1"
    return wishes


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
