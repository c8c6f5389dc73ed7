"""What carries a skater over the ice between jumps and spins: strokes, crossovers, turns, spirals."""

from __future__ import annotations

from mocap.elements.element import Element

ELEMENTS: tuple[Element, ...] = ()
