"""The six jumps, from one to four turns."""

from __future__ import annotations

from mocap.elements.element import Element

ELEMENTS: tuple[Element, ...] = ()
