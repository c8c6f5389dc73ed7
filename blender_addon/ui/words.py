# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""Words in the sidebar: what all its panels share, and lines that break where the sidebar ends."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import blf
import bpy

from mocap.errors import UserError

Icon = Literal[
    "NONE",
    "ACTION",
    "ARMATURE_DATA",
    "BLANK1",
    "CAMERA_DATA",
    "CHECKMARK",
    "CURVE_PATH",
    "ERROR",
    "INFO",
    "LIGHT",
    "MARKER_HLT",
    "TIME",
    "USER",
]

FONT = 0  # Blender's own, in which panels are written
MARGIN = 74.0  # pixels of a sidebar that its tabs and the edges of a panel and a box take, before the user's scale
ICON_WIDTH = 20.0  # pixels, likewise
LINE = 0.8  # height of a line of a paragraph, in heights of a button
MOST_LEFT = 0.75  # of a row with two labels
NARROWEST = 80.0  # pixels: in less, words would stand one under the other


class Tab(bpy.types.Panel):
    """What every panel of the sidebar's tab begins with."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "SkateSynth"


def fields(layout: bpy.types.UILayout) -> bpy.types.UILayout:
    """A column of fields, names on the left, values on the right."""
    layout.use_property_split = True
    layout.use_property_decorate = False  # nothing here is animated
    return layout.column()


def paragraph(layout: bpy.types.UILayout, context: bpy.types.Context, text: str, icon: Icon = "NONE") -> None:
    """A label that breaks its lines where the sidebar ends, which Blender's own do not."""
    room, size = _room(context, 0 if icon == "NONE" else 1)
    column = layout.column(align=True)
    column.scale_y = LINE
    for number, line in enumerate(wrapped(text, room, size)):
        # Lines after the first are set in by an empty icon, so that they stand under its words.
        column.label(text=line, icon=icon if number == 0 or icon == "NONE" else "BLANK1")


def left_share(context: bpy.types.Context, right: str, *, beside: int = 0) -> float:
    """The part of a row that is left for the label on the left, so that the one on the right is whole.

    Args:
        beside: buttons behind both that are an icon each.
    """
    room, size = _room(context, beside)
    blf.size(FONT, size)
    return max(MOST_LEFT - 0.5, min(MOST_LEFT, 1.0 - (blf.dimensions(FONT, right)[0] + size) / room))


def _room(context: bpy.types.Context, icons: int) -> tuple[float, float]:
    """Pixels of a line in the sidebar beside so many icons, and the size of its letters."""
    scale = context.preferences.system.ui_scale
    width = 260.0 * scale if context.region is None else context.region.width
    room = max(width - scale * (MARGIN + icons * ICON_WIDTH), NARROWEST * scale)
    return room, context.preferences.ui_styles[0].widget.points * scale


@lru_cache(maxsize=256)
def wrapped(text: str, room: float, size: float) -> tuple[str, ...]:
    """The lines of a text that is to fill a width.

    Args:
        room: pixels; size: of the letters, in pixels. A word that is wider than all the room is cut.
    """
    blf.size(FONT, size)
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if blf.dimensions(FONT, longer)[0] <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while blf.dimensions(FONT, line)[0] > room and len(line) > 1:
            fitting = _cut(line, max(1, int(len(line) * room / blf.dimensions(FONT, line)[0])))
            lines.append(line[:fitting])
            line = line[fitting:]
    return (*lines, line) if line else tuple(lines)


def _cut(word: str, most: int) -> int:
    """Where a word that is too long is cut: of a path behind a whole name, unless that left half of the line empty."""
    behind = max(word.rfind(separator, 0, most) for separator in "/\\") + 1
    return behind if 2 * behind > most else most


def spoken(error: UserError) -> str:
    """The line of a mistake as a sentence, which begins with a capital letter or the name of a file."""
    line = error.line()
    return line if error.file or error.place else f"{line[:1].upper()}{line[1:]}"
