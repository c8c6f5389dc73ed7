"""Blender's panel, buttons and preferences; nothing happens before `register`."""

from __future__ import annotations


def register(package: str) -> None:
    """Puts everything into Blender; a second time it starts afresh.

    Args:
        package: the name under which Blender has loaded the extension; its preferences are kept under it.
    """
    import bpy

    from blender_addon.ui import operators, panel, properties

    unregister()
    properties.SkateSynthPreferences.bl_idname = package
    for kind in (
        properties.SkateSynthSettings,
        properties.SkateSynthPreferences,
        *operators.OPERATORS,
        *panel.PANELS,
    ):
        bpy.utils.register_class(kind)
        _registered.append(kind)
    pointer = bpy.props.PointerProperty(type=properties.SkateSynthSettings)  # type: ignore[func-returns-value]
    bpy.types.Scene.skatesynth = pointer  # type: ignore[attr-defined]


def unregister() -> None:
    """Takes everything out; harmless when nothing is in. A job that is being rendered goes on, unwatched."""
    import bpy

    from blender_addon.ui import thumbnail, watch

    watch.forget()
    thumbnail.free()
    if _registered:
        del bpy.types.Scene.skatesynth  # type: ignore[attr-defined]
    while _registered:
        bpy.utils.unregister_class(_registered.pop())


_registered: list[type] = []
