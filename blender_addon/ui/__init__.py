"""Blender's panel, buttons and preferences; nothing happens before `register`."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

# In this order, as what is registered later may refer to what came before. Each module has `CLASSES`.
_MODULES = (
    "properties",
    "preferences",
    "fetching",
    "overlay",
    "operators.take",
    "operators.skater",
    "operators.retarget",
    "operators.surroundings",
    "operators.cameras",
    "operators.labels",
    "operators.job_file",
    "operators.output",
    "operators.render",
    "panels.take",
    "panels.skater",
    "panels.retarget",
    "panels.surroundings",
    "panels.cameras",
    "panels.labels",
    "panels.output",
    "panels.render",
)


def register(package: str) -> None:
    """Puts everything into Blender; a second time it starts afresh.

    Args:
        package: the name under which Blender has loaded the extension; its preferences are kept under it.
    """
    import bpy

    from blender_addon.ui import command, overlay, preferences, properties

    unregister()
    preferences.SkateSynthPreferences.bl_idname = package
    for module in _modules():
        for kind in module.CLASSES:
            bpy.utils.register_class(kind)
            _registered.append(kind)
    properties.add()
    preferences.add()
    overlay.add()
    command.add()


def unregister() -> None:
    """Takes everything out; harmless when nothing is in. A job that is being rendered goes on, unwatched."""
    import bpy

    from blender_addon.ui import command, fetching, overlay, preferences, properties, thumbnail, watch

    watch.forget()
    fetching.forget()
    thumbnail.free()
    command.take_away()
    overlay.take_away()
    preferences.take_away()
    properties.take_away()
    while _registered:
        bpy.utils.unregister_class(_registered.pop())


def _modules() -> list[ModuleType]:
    return [import_module(f"{__name__}.{name}") for name in _MODULES]


_registered: list[type] = []
