"""Spectators in Blender: one mesh for each kind of person, shown by as many objects as sit there."""

from __future__ import annotations

from pathlib import Path

import bpy

from blender_addon.scene.avatar import build_statue
from blender_addon.skater.crowd import Crowd


def build_crowd(
    crowd: Crowd, first_instance: int, collection: bpy.types.Collection, assets: Path
) -> tuple[bpy.types.Object, ...]:
    """An object for each onlooker, their `pass_index` counted from `first_instance`; those of a kind share all data."""
    statues = [
        build_statue(kind.human, kind.vertices, kind.spec, f"spectators_{k}", assets)
        for k, kind in enumerate(crowd.kinds)
    ]
    made = []
    for number, onlooker in enumerate(crowd.onlookers, start=first_instance):
        somebody = bpy.data.objects.new(f"spectator_{number}", statues[onlooker.kind])
        somebody.pass_index = number
        # Blender takes rows of columns.
        somebody.matrix_world = onlooker.place.T.tolist()
        # As the hall's own walls: what light they throw back on the ice is nothing beside the lamps'.
        somebody.visible_diffuse = False
        collection.objects.link(somebody)
        made.append(somebody)
    return tuple(made)
