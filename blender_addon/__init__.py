"""A skater on a rink, rendered and annotated; also the Blender extension, whose panel loads only in `register()`.

As an extension this file runs under a name that Blender chooses (`bl_ext.<repository>.skatesynth`), while the code
itself is installed from the wheel beside it under its own name: hence the absolute imports.
"""

from __future__ import annotations


def register() -> None:
    """Blender enables the extension: put the panel into the sidebar."""
    from blender_addon import ui

    ui.register(__package__ or __name__)


def unregister() -> None:
    """Blender disables the extension: take everything out again; a job that is being rendered goes on."""
    from blender_addon import ui

    ui.unregister()
