"""Skaters in the scene at hand: made, replaced, adopted, taken out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from blender_addon.cast import SkaterSpec
from blender_addon.clip import RenderSpec
from blender_addon.scene.at_hand import home
from blender_addon.scene.at_hand.landmarks import at_rest, remember, tell_marks
from blender_addon.scene.at_hand.record import SKATER, SURFACE, as_data, meshes_of, read, record_of, skaters_in, write
from blender_addon.scene.entrance import enter
from mocap.errors import UserError


def put_skater(scene: bpy.types.Scene, spec: SkaterSpec, assets: Path, render: RenderSpec) -> bpy.types.Object:
    """A new skater at rest in the middle of the ice, in a collection of its own; its armature, which becomes active.

    Args:
        spec: whom to make; its motion and placement are kept, `animate` plays them.
        assets: MakeHuman's data folder; render: for the subdivision of smooth surfaces.

    Raises:
        UserError: what the spec asks for is not there, or Blender is not in object mode.
    """
    taken = {record_of(armature, SKATER).get("instance") for armature in skaters_in(scene)}
    instance = next(number for number in range(1, len(taken) + 2) if number not in taken)
    return _put(scene, spec, assets, render, instance)


def replace_skater(armature: bpy.types.Object, spec: SkaterSpec, assets: Path, render: RenderSpec) -> bpy.types.Object:
    """Another person in a skater's place, with its instance and where its object stands; the new one's armature.

    It stands at rest: a movement is retargeted to a body, so it is to be given anew. Raises as `put_skater`.
    """
    scene = bpy.context.scene
    assert scene is not None
    instance = int(record_of(armature, SKATER).get("instance", 1))
    place = armature.matrix_basis.copy()
    made = _put(scene, spec, assets, render, instance)
    take_out(armature)
    made.matrix_basis = place
    made.name = f"skater_{instance}"
    return made


def adopt_selected(
    scene: bpy.types.Scene,
    armature: bpy.types.Object,
    folder: Path,
    character_map: Path | None,
    render: RenderSpec,
) -> bpy.types.Object:
    """A skater out of a character of the user's own, whose original is hidden.

    Args:
        armature: the character's. Its file, `<name>.blend`, is written into
        folder: which must stay where it is for as long as the skater is used.
        character_map: YAML that says what the character's marks do not, see docs/characters.md.
        render: caps the subdivision that the character brings.

    Raises:
        UserError: the character cannot be understood, or the file not be written.
    """
    home.check_mode(scene)
    if armature.type != "ARMATURE":
        raise UserError(f"{armature.name!r} is not an armature", mend="Select the object that holds the bones.")
    if read(armature, SKATER) is not None:
        raise UserError(f"{armature.name!r} is a skater already", mend="Select a character of your own.")
    things = [armature, *armature.children_recursive, *_deformed_by(armature, scene)]
    path = folder / f"{_file_name(armature.name)}.blend"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        bpy.data.libraries.write(str(path), set(things), path_remap="ABSOLUTE", compress=False)
    except (OSError, RuntimeError) as error:
        raise UserError(f"cannot be written ({error})", file=path, mend="Choose another folder.") from None
    spec = SkaterSpec(character=str(path), character_map=None if character_map is None else str(character_map))
    # MakeHuman's data has no part in a character that brings its own body.
    made = put_skater(scene, spec, Path(), render)
    for thing in things:
        thing.hide_render = True
        thing.hide_set(True)
    return made


def take_out(armature: bpy.types.Object) -> None:
    """Removes a skater and all that was made for it and is used by nothing else. UserError if it is not ours.

    What the user has hung on it stays, where it was.
    """
    record_of(armature, SKATER)
    scene = bpy.context.scene
    assert scene is not None
    meshes = meshes_of(armature)
    for thing in armature.children_recursive:
        if thing not in meshes and (thing.parent == armature or thing.parent in meshes):
            place = thing.matrix_world.copy()
            thing.parent = None
            thing.matrix_world = place
    home.remove([*meshes, armature])
    home.leave(scene)


def _put(scene: bpy.types.Scene, spec: SkaterSpec, assets: Path, render: RenderSpec, instance: int) -> Any:
    home.check_mode(scene)
    layer = bpy.context.view_layer
    assert layer is not None
    collection = home.room(scene, f"Skater {instance}")
    layer.update()
    try:
        with home.marking(), home.names_free(spec):
            human, avatar = enter(at_rest(spec), assets, render, instance, collection)
    except UserError:
        home.remove([*collection.objects])
        home.leave(scene)
        raise
    for mesh in avatar.meshes:
        _own_slots(mesh)
    armature = avatar.armature
    write(armature, SKATER, instance=instance, spec=as_data(spec))
    remember(spec, assets, human)
    tell_marks(armature, human)
    for thing in layer.objects.selected:
        thing.select_set(False)
    armature.select_set(True)
    layer.objects.active = armature
    return armature


def _own_slots(mesh: bpy.types.Object) -> None:
    """Says what each material of a mesh is labelled as, and lets a user put another in its place.

    What is drawn of a mesh that is cut along borders is another mesh, with materials of its own; those that the object
    itself has go before them.
    """
    classes = []
    for slot in mesh.material_slots:
        shown = slot.material
        slot.link = "OBJECT"
        slot.material = shown
        classes.append(0 if shown is None else shown.pass_index)
    write(mesh, SURFACE, classes=classes)


def _deformed_by(armature: bpy.types.Object, scene: bpy.types.Scene) -> list[bpy.types.Object]:
    """What an armature moves by a modifier without being its parent."""
    return [
        thing
        for thing in scene.objects
        if any(getattr(modifier, "object", None) == armature for modifier in thing.modifiers)
    ]


def _file_name(name: str) -> str:
    plain = "".join(letter if letter.isalnum() or letter in "-_ " else "_" for letter in name).strip()
    return plain or "character"
