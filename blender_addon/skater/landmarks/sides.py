"""Body parts of landmarks, by name without side and as numbers."""

from __future__ import annotations

from blender_addon.labels.vocabulary import BODY_PART_INDEX


def with_side(parts: tuple[str, ...], side: str) -> tuple[str, ...]:
    """Names of body parts; those that have a side get this one."""
    return tuple(part if part in BODY_PART_INDEX else f"{side}_{part}" for part in parts)


def indices(parts: tuple[str, ...]) -> tuple[int, ...]:
    """Numbers of named body parts."""
    return tuple(BODY_PART_INDEX[part] for part in parts)
