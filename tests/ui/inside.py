"""Runs inside the Blender that `screen.Screen` drives: answers questions about its state, and changes nothing.

Questions come as files, so that neither side waits for a socket: `ask.json` is read and taken away, `answer.json`
appears whole. An expression is evaluated with what is named in this module and `scene`, that of the window.
"""

import base64
import json
import sys
import traceback
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import blf
import bpy
import gpu
import numpy as np
from mathutils import Matrix

EVERY = 0.03  # seconds
PREFIX = "SKATESYNTH_PT_"
_folder = Path()


def listen() -> float:
    """The timer: answers a question if there is one."""
    ask = _folder / "ask.json"
    try:
        question = json.loads(ask.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return EVERY
    ask.unlink()
    answer: dict[str, Any] = {"number": question["number"]}
    try:
        scene = bpy.context.window_manager.windows[0].scene
        answer["answer"] = eval(question["expression"], {**globals(), "scene": scene})  # the tests' own words
        json.dumps(answer)
    except Exception:
        answer = {"number": question["number"], "error": traceback.format_exc()}
    part = _folder / "answer.part"
    part.write_text(json.dumps(answer), encoding="utf-8")
    part.replace(_folder / "answer.json")
    return EVERY


def write(words: str, title: bool, shift: float) -> dict[str, Any]:
    """`words` as Blender's interface writes them, white on black: width, height, and the pixels' bytes in base64.

    Args:
        title: in the style of panels' titles, else of widgets.
        shift: pixels to the right, less than one: where on the grid of pixels the words begin.
    """
    chosen = bpy.context.preferences.ui_styles[0]
    style = chosen.panel_title if title else chosen.widget
    blf.size(0, style.points * bpy.context.preferences.system.ui_scale)
    width, height = (int(side) + 8 for side in blf.dimensions(0, words))
    height = max(height, 12) + 8
    buffer = gpu.types.GPUOffScreen(width, height)
    try:
        with buffer.bind():
            frame = gpu.state.active_framebuffer_get()
            frame.clear(color=(0.0, 0.0, 0.0, 1.0))
            with gpu.matrix.push_pop():
                gpu.matrix.load_matrix(Matrix())
                # Pixels from the lower left corner to the corners of the clip volume.
                scale = [[2 / width, 0, 0, -1], [0, 2 / height, 0, -1], [0, 0, 1, 0], [0, 0, 0, 1]]
                gpu.matrix.load_projection_matrix(Matrix(scale))
                blf.color(0, 1.0, 1.0, 1.0, 1.0)
                blf.position(0, 4.0 + shift, 8.0, 0.0)
                blf.draw(0, words)
            pixels = frame.read_color(0, 0, width, height, 1, 0, "UBYTE")
    finally:
        buffer.free()
    pixels.dimensions = width * height
    flat = np.array(pixels, np.uint8).reshape(height, width)[::-1]
    return {"width": width, "height": height, "pixels": base64.b64encode(flat.tobytes()).decode()}


def panel_words() -> dict[str, list[str]]:
    """By panel of ours: all words that it wants to show now, whole; the screen may show them cut off.

    Blender's own account, `UILayout.introspect`, corrupts memory (5.2.2): so panels draw into one that takes notes.
    """
    window = bpy.context.window_manager.windows[0]
    area = next(area for area in window.screen.areas if area.type == "VIEW_3D")
    region = next(region for region in area.regions if region.type == "UI")
    found = {}
    with bpy.context.temp_override(window=window, area=area, region=region):
        for name in sorted(name for name in dir(bpy.types) if name.startswith(PREFIX)):
            kind = getattr(bpy.types, name)
            words: list[str] = []
            if not hasattr(kind, "poll") or kind.poll(bpy.context):
                kind.draw(_Drawer(kind, Notes(words)), bpy.context)
            found[kind.bl_label] = words
    return found


def preference_words(name: str) -> list[str]:
    """Likewise of an add-on's preferences, which stand in the window."""
    window = bpy.context.window_manager.windows[0]
    area = next(area for area in window.screen.areas if area.type == "PREFERENCES")
    region = next(region for region in area.regions if region.type == "WINDOW")
    mine = bpy.context.preferences.addons[name].preferences
    words: list[str] = []
    with bpy.context.temp_override(window=window, area=area, region=region):
        type(mine).draw(_Drawer(mine, Notes(words)), bpy.context)
    return words


class _Drawer:
    """Stands in for a panel, with its methods and another layout."""

    def __init__(self, kind: Any, layout: "Notes") -> None:
        self._kind, self.layout = kind, layout

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._kind, name)
        return types.MethodType(found, self) if isinstance(found, types.FunctionType) else found


class Notes:
    """Stands in for a layout: takes down the words of whatever is put into it."""

    def __init__(self, words: list[str]) -> None:
        object.__setattr__(self, "_words", words)

    def __setattr__(self, name: str, value: Any) -> None:
        """Sizes, alignment and the like."""

    def __getattr__(self, name: str) -> Any:
        """Rows, columns, boxes: all the same here."""
        return lambda *_, **__: self

    def __iter__(self) -> Iterator[Any]:
        """Of a layout's panels: the head, and the body, which counts as closed."""
        return iter((self, None))

    def note(self, text: str | None, otherwise: str) -> "Notes":
        """A widget: with its own name, or one that was given; "" is none."""
        words = otherwise if text is None else text
        if words:
            self._words.append(words)
        return self

    def label(self, *, text: str = "", **_: Any) -> "Notes":
        """Words alone."""
        return self.note(text, "")

    progress = label

    def prop(self, data: Any, name: str, *, text: str | None = None, icon_only: bool = False, **_: Any) -> "Notes":
        """A field; of a menu also what is chosen."""
        known = data.bl_rna.properties[name]
        if known.type == "ENUM" and not known.is_enum_flag:
            items = [item for item in known.enum_items_static_ui if item.identifier == getattr(data, name)]
            self._words.extend(item.name for item in items if item.name)
        return self.note("" if icon_only else text, known.name)

    def operator(self, name: str, *, text: str | None = None, **_: Any) -> Any:
        """A button."""
        group, verb = name.split(".")
        self.note(text, getattr(bpy.types, f"{group.upper()}_OT_{verb}").bl_label)
        return types.SimpleNamespace()


def areas() -> list[dict[str, Any]]:
    """Every region of the window, in pixels from its upper left corner."""
    window = bpy.context.window_manager.windows[0]
    found = []
    for area in window.screen.areas:
        for region in area.regions:
            if region.width > 1 and region.height > 1:
                top = window.height - region.y - region.height
                box = [region.x, top, region.x + region.width, top + region.height]
                found.append({"area": area.type, "region": region.type, "box": box})
    return found


def main() -> None:
    """Starts to listen; windows are kept inside the one window, for no window manager is there to place them."""
    global _folder
    _folder = Path(sys.argv[sys.argv.index("--") + 1])
    # Smoothing over several pictures would keep the screen from standing still, and a processor that draws busy.
    bpy.context.preferences.system.viewport_aa = "FXAA"
    view = bpy.context.preferences.view
    view.show_splash = False
    view.smooth_view = 0
    view.filebrowser_display_type = "SCREEN"
    if hasattr(view, "preferences_display_type"):
        view.preferences_display_type = "SCREEN"
    bpy.app.timers.register(listen, first_interval=EVERY, persistent=True)


if __name__ == "__main__":
    main()
