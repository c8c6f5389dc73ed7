"""What of a distribution a field can show. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blender_addon.ui.request.fields import ANY

if TYPE_CHECKING:
    from render_scripts.distributions import Numbers, Words

Kept = set[str]
"""Names of fields that cannot show what the file says."""


def one_number(value: Numbers | None) -> float | None:
    """The number that is always drawn; None if it varies or is left open."""
    return None if value is None or value.low != value.high else value.low


def one_word(value: Words | None, field: str, kept: Kept) -> str:
    """The word that is always drawn, `ANY` where it is left open; a choice of several cannot be shown."""
    if value is None:
        return ANY
    if len(value.options) > 1:
        kept.add(field)
        return ANY
    return value.options[0]


def whole(value: Numbers, usual: int, field: str, kept: Kept) -> int:
    """The number of people that is always drawn; a range cannot be shown."""
    fixed = one_number(value)
    if fixed is None:
        kept.add(field)
        return usual
    return int(fixed)
