# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a viewport is drawn, it does not.
"""The overlay's place in Blender's redraw: it is asked each time, and switches itself off rather than fail there."""

from __future__ import annotations

from typing import Any

import bpy

trouble: str = ""
"""Why it has switched itself off, as a sentence."""

_handles: list[Any] = []


def add() -> None:
    """Has Blender ask at every redraw of a 3D view; while the overlay is off, that is answered at once."""
    for callback, when in ((_draw_view, "POST_VIEW"), (_draw_pixels, "POST_PIXEL")):
        _handles.append(bpy.types.SpaceView3D.draw_handler_add(callback, (), "WINDOW", when))
    redraw()


def take_away() -> None:
    """Harmless when it is not there."""
    global trouble
    trouble = ""
    if bpy.app.timers.is_registered(_switch_off):
        bpy.app.timers.unregister(_switch_off)
    while _handles:
        bpy.types.SpaceView3D.draw_handler_remove(_handles.pop(), "WINDOW")
    redraw()


def start_afresh() -> None:
    """Forgets why it was switched off, and draws."""
    global trouble
    trouble = ""
    redraw()


def redraw() -> None:
    """Has all 3D views drawn again."""
    manager = bpy.context.window_manager
    for window in manager.windows if manager is not None else ():
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


def _draw_view() -> None:
    _guarded("view")


def _draw_pixels() -> None:
    _guarded("pixels")


def _guarded(where: str) -> None:
    """Nothing may be raised into Blender's redraw, which would say it sixty times a second."""
    global trouble
    context = bpy.context
    chosen: Any = getattr(context.window_manager, "skatesynth_overlay", None)
    if chosen is None or not chosen.show or trouble or not _wanted(context):
        return
    try:
        # Brings the projection's mathematics, for which no Blender that only starts should wait.
        from blender_addon.ui.overlay import drawing

        if where == "view":
            drawing.draw_skeletons(context, chosen)
        elif chosen.names:
            drawing.draw_names(context, chosen)
    except Exception as error:
        trouble = f"Keypoints are off: {' '.join(str(error).split()) or type(error).__name__}"
        print(f"skatesynth: {trouble}")
        if not bpy.app.timers.is_registered(_switch_off):
            bpy.app.timers.register(_switch_off, first_interval=0.0)


def _wanted(context: bpy.types.Context) -> bool:
    space = context.space_data
    return isinstance(space, bpy.types.SpaceView3D) and space.overlay.show_overlays


def _switch_off() -> None:
    """Settings must not be written while Blender draws."""
    global trouble
    chosen: Any = getattr(bpy.context.window_manager, "skatesynth_overlay", None)
    told = trouble
    if chosen is not None and told:
        chosen.show = False
        trouble = told
        redraw()
