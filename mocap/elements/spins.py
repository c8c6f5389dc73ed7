"""Spins: upright, sit, camel, layback and Biellmann."""

from __future__ import annotations

from mocap.elements.element import Element

ELEMENTS: tuple[Element, ...] = ()
