"""How colours are held inside."""

from __future__ import annotations

Color = tuple[float, float, float]
"""Linear RGB, 0…1."""
