"""All of a .blend file that a user would miss, as plain values: to see whether something has changed in it."""

from __future__ import annotations

from typing import Any

import bpy

INSIDE: dict[str, tuple[str, ...]] = {
    "scenes": ("render", "render.image_settings", "view_settings", "display_settings", "unit_settings", "cycles",
               "eevee", "cursor", "tool_settings"),
    "cameras": ("dof",),
    "objects": ("animation_data", "rigid_body"),
}  # fmt: skip
"""By kind of data-block, what it has inside of it besides values; parts of lists are looked into everywhere."""
LISTS = (
    "modifiers",
    "constraints",
    "timeline_markers",
    "view_layers",
    "material_slots",
    "users_collection",
    "vertices",
)
MOST = 50  # members of a list
NOT_KEPT = ("session_uid", "pixels", "is_evaluated")


def dump() -> dict[str, Any]:
    """By kind and name, every data-block's values, custom properties, and what is inside of it."""
    kinds = [name for name in dir(bpy.data) if isinstance(getattr(bpy.data, name), bpy.types.bpy_prop_collection)]
    out: dict[str, Any] = {}
    for kind in kinds:
        if kind in ("screens", "window_managers", "workspaces"):  # what is looked at, not what is there
            continue
        for block in getattr(bpy.data, kind):
            if getattr(block, "source", "") == "VIEWER":  # whose values are whatever its memory holds
                continue
            name = f"{kind}/{block.name_full}"
            out[name] = _values(block)
            out[f"{name} own"] = {key: str(block[key])[:5000] for key in block.keys()}  # noqa: SIM118
            for inside in INSIDE.get(kind, ()):
                thing: Any = block
                for part in inside.split("."):
                    thing = getattr(thing, part, None)
                out[f"{name} {inside}"] = None if thing is None else _values(thing)
            for listed in LISTS:
                parts = getattr(block, listed, ())
                out[f"{name} {listed}"] = (len(parts), [_values(part) for part in list(parts)[:MOST]])
    return out


def _values(thing: Any) -> dict[str, Any]:
    """Numbers, words and what is pointed at by name."""
    out: dict[str, Any] = {}
    for field in thing.bl_rna.properties:
        name = field.identifier
        if name in NOT_KEPT or field.type == "COLLECTION":
            continue
        value = getattr(thing, name, None)
        if field.type == "POINTER":
            out[name] = getattr(value, "name_full", None)
        elif getattr(field, "is_array", False):
            out[name] = str([tuple(row) if hasattr(row, "__len__") else row for row in value])
        else:
            out[name] = value
    return out
