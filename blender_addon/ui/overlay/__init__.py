"""Labels in the viewport: keypoints as they will be written, and skaters in the colours of their masks."""

from __future__ import annotations

from blender_addon.ui.overlay import mesh_colors, settings, viewport

CLASSES = settings.CLASSES


def add() -> None:
    """Gives Blender the settings and has it draw; the classes must be registered."""
    settings.add()
    mesh_colors.add()
    viewport.add()


def take_away() -> None:
    """Takes everything out, colours of meshes included. Harmless when nothing is in."""
    import sys

    viewport.take_away()
    mesh_colors.take_away()
    settings.take_away()
    if f"{__name__}.capsule_shader" in sys.modules:
        from blender_addon.ui.overlay import capsule_shader

        capsule_shader.forget()
