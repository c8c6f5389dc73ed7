"""What the marks on somebody's objects say: which armature is the person's, what each thing is, whose body it is.

Marks are names, the properties that MPFB2 writes, and what a character map says in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy

from blender_addon.labels.vocabulary import GARMENTS
from blender_addon.makehuman import rig_maps
from blender_addon.makehuman.rig_files import RIG_FILES
from blender_addon.makehuman.targets import DEFAULTS, RACES
from blender_addon.scene.rest_meshes import RestMesh
from blender_addon.skater.character_map import CharacterMap, look_up
from blender_addon.skater.garment_words import class_of_name, class_of_type
from mocap.errors import UserError
from mocap.retarget import BoneMap

# Properties of MPFB2's objects, and MakeHuman's older ones: what a thing is, and the asset that it came from.
_TYPE_PROPERTIES = ("MPFB_GEN_object_type", "MhObjectType")
_SOURCE_PROPERTY = "MPFB_GEN_asset_source"
# Of the body's object: the phenotype, value by value.
_PHENOTYPE_PROPERTY = "MPFB_HUM_"
# Armatures of MPFB2's that move a piece of hair or clothes, not the person.
_SUBRIG = "Subrig"


def find_armature(objects: Sequence[bpy.types.Object], said: CharacterMap) -> tuple[bpy.types.Object, BoneMap]:
    """The armature that carries the person, and which of its bones play which segments.

    Raises:
        UserError: there is none, or several, or its rig is not known and the map does not say.
    """
    armatures = [thing for thing in objects if thing.type == "ARMATURE" and _type_of(thing) != _SUBRIG]
    if said.armature is not None:
        armatures = [thing for thing in armatures if thing.name == said.armature]
    if not armatures:
        called = "" if said.armature is None else f" called {said.armature!r}"
        raise UserError(f"holds no armature{called}", mend="Save the character with its bones in the file.")
    if len(armatures) > 1:
        known = [thing for thing in armatures if rig_maps.recognised(_bone_names(thing)) is not None]
        if len(known) != 1:
            listed = ", ".join(sorted(repr(thing.name) for thing in armatures))
            raise UserError(
                f"holds several armatures: {listed}", mend="Name the person's under 'armature' in a character map."
            )
        armatures = known
    (armature,) = armatures
    if said.bones is not None:
        return armature, said.bones
    rig = rig_maps.recognised(_bone_names(armature))
    if rig is None:
        near = rig_maps.nearest(_bone_names(armature))
        lacking = rig_maps.missing(near, _bone_names(armature))
        named = ", ".join(lacking[:4]) + (f" and {len(lacking) - 4} more" if len(lacking) > 4 else "")
        raise UserError(
            f"the rig of {armature.name!r} is not known; to be the {near!r} rig it lacks {named}",
            mend="Write a bone map (docs/rigs.md) and name it under 'bones' in a character map (docs/characters.md).",
        )
    return armature, rig_maps.RIGS[rig]


def carried_bones(armature: bpy.types.Object) -> dict[str, str]:
    """Bones that only constraints held, with the bone that is to carry each in their place."""
    names = _bone_names(armature)
    rig = rig_maps.recognised(names)
    parents = RIG_FILES[rig].parents if rig is not None else {}
    return {bone: parent for bone, parent in parents.items() if bone in names and parent in names}


def classes_of(
    things: Sequence[bpy.types.Object], rests: Sequence[RestMesh], said: CharacterMap
) -> list[tuple[str, list[str]]]:
    """Per object its class, and the class of each of its material slots."""
    by_object = [class_of(thing, said) for thing in things]
    if "skin" not in by_object:
        # Nothing says which is the body: the largest of what nothing is said of.
        unknown = [k for k, found in enumerate(by_object) if found is None]
        if unknown:
            by_object[max(unknown, key=lambda k: len(rests[k].vertices))] = "skin"
    out = []
    for thing, rest, found in zip(things, rests, by_object, strict=True):
        of_object = found or "other"
        # In one mesh with all that is worn, materials tell it apart.
        mixed = class_of_type(_type_of(thing)) is None and look_up(thing.name, said.objects) is None
        of_slot = []
        for material in rest.data.materials:
            name = "" if material is None else material.name
            told = class_of_name(name) if mixed and of_object in ("skin", "other") else None
            of_slot.append(look_up(name, said.materials) or told or of_object)
        out.append((of_object, of_slot))
    return out


def class_of(thing: bpy.types.Object, said: CharacterMap) -> str | None:
    """The class of an object by the map, its type, or its name; None where none of these says."""
    told = look_up(thing.name, said.objects)
    if told is not None:
        return told
    kind = _type_of(thing)
    if kind:
        source = str(_property(thing, _SOURCE_PROPERTY) or "")
        # MPFB2 names what is worn after the person, a stop, and the asset.
        worn = class_of_name(source) or class_of_name(thing.name.split(".", 1)[-1])
        return class_of_type(kind) or (worn if worn in GARMENTS else "other")
    return class_of_name(thing.name)


def phenotype_of(things: Sequence[bpy.types.Object]) -> dict[str, float]:
    """MakeHuman's macro values, 0…1 by name, as far as MPFB2 noted them on the body."""
    out = {}
    for thing in things:
        for name in (*DEFAULTS, *RACES):
            value = _property(thing, _PHENOTYPE_PROPERTY + name)
            if isinstance(value, float):
                out[name] = value
    return out


def _bone_names(armature: bpy.types.Object) -> set[str]:
    assert isinstance(armature.data, bpy.types.Armature)
    return {bone.name for bone in armature.data.bones}


def _type_of(thing: bpy.types.Object) -> str:
    return next((str(kind) for kind in (_property(thing, name) for name in _TYPE_PROPERTIES) if kind), "")


def _property(thing: bpy.types.Object, name: str) -> Any:
    """A property that an add-on has written; None where it has not."""
    # `Any`: every object has a mapping's ways, and since Blender 5.0 what an add-on declares is kept apart from that.
    custom: Any = thing
    apart = custom.bl_system_properties_get() if hasattr(custom, "bl_system_properties_get") else None
    return custom.get(name, None if apart is None else apart.get(name))
