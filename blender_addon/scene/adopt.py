"""A character from somebody's .blend, taken over as it is: as arrays for motion and labels, and as Blender's objects.

The steps: append (`blend_file`), find armature and meshes, evaluate the meshes at rest (`rest_meshes`), say what each
face is (`character_marks`), stand the whole on the ice facing −Y, and give every (material, garment, body part) a
material of its own (`split_materials`), whose `pass_index` the labels are read from.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from blender_addon.cast import SkaterSpec
from blender_addon.clip import RenderSpec
from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.scene.armature import read_rig
from blender_addon.scene.avatar import Avatar
from blender_addon.scene.blend_file import append_objects, blocks_now, remove_unused
from blender_addon.scene.blend_images import check_images
from blender_addon.scene.character_marks import carried_bones, class_of, classes_of, find_armature, phenotype_of
from blender_addon.scene.part_cut import cut_along
from blender_addon.scene.rest_meshes import RestMesh, hanging, hung_on, rest_mesh, rest_pose, unmasked
from blender_addon.scene.skinning import armature_modifier, hang_on_bones, subdivision_modifier
from blender_addon.scene.split_materials import split_materials
from blender_addon.skater.anatomy_borders import part_borders
from blender_addon.skater.body_parts import face_parts, part_of_bones
from blender_addon.skater.character import SKIN_VERTICES, as_human, find_soles, is_hm08, with_nearest_weights
from blender_addon.skater.character_map import LEFT_OUT, CharacterMap, look_up, read_character_map
from blender_addon.skater.human import Human, SkinnedMesh
from blender_addon.skater.part_borders import PartBorders
from blender_addon.skater.surface import face_centers
from mocap.errors import UserError
from mocap.retarget import BoneMap
from mocap.rig import Rig
from mocap.rotations import Array

# A character may look aside by so much (radians) and count as facing −Y.
_ASIDE = np.radians(3.0)
# Borders are guessed from joints where a body has not hm08's landmarks; they hold where at least so much of the surface
# is on the parts on whose bones it hangs most.
_AGREEING = 0.8
# What is on the head is the head's, however far it hangs down.
_OF_THE_HEAD = [CLOTHES_INDEX[name] for name in ("hair", "hat", "glasses", "eyes", "mouth")]


@dataclass(frozen=True)
class _Part:
    """One object of the character: Blender's, what it is at rest, and the same with a class for every face."""

    thing: bpy.types.Object
    rest: RestMesh
    mesh: SkinnedMesh


def adopt(
    spec: SkaterSpec, render: RenderSpec, instance: int, collection: bpy.types.Collection
) -> tuple[Human, Avatar]:
    """The character of a spec, at rest on the ice.

    Args:
        spec: `character` names the .blend, `character_map` the YAML that says what its marks do not.
        render: caps the subdivision that the character brings.
        instance: from 1, unique in the scene.
        collection: takes the objects; the active view layer shows it.

    Raises:
        UserError: the file cannot be used, or what is in it cannot be understood.
    """
    path = Path(spec.character or "")
    said = read_character_map(Path(spec.character_map)) if spec.character_map else CharacterMap()
    before = blocks_now()
    objects = append_objects(path)
    try:
        armature, names = find_armature(objects, said)
        things = [thing for thing in hung_on(armature, objects) if look_up(thing.name, said.objects) != LEFT_OUT]
        if not things:
            raise UserError(
                f"no mesh hangs on the armature {armature.name!r}", mend="Parent the body to it, with weights."
            )
        rest_pose(armature, things, carried_bones(armature), collection)
        human, parts = _person(armature, names, things, said)
    except UserError as error:
        raise UserError(error.message, file=error.file or path, place=error.place, mend=error.mend) from error
    armature.name = f"skater_{instance}"
    cuts = [_rebuild(part, armature, human.rig, instance, render) for part in parts]
    kept = [part.thing for part in parts]
    bpy.data.batch_remove([thing for thing in objects if thing not in (armature, *kept)])
    remove_unused(before)
    check_images(kept, path)
    layer = bpy.context.view_layer
    assert layer is not None
    layer.update()
    for part, (of_slot, slot_of) in zip(parts, cuts, strict=True):
        if part.mesh.borders is not None:
            cut_along(part.thing, part.mesh.borders, of_slot, slot_of)
    return human, Avatar(armature, tuple(kept))


def _person(
    armature: bpy.types.Object, names: BoneMap, things: Sequence[bpy.types.Object], said: CharacterMap
) -> tuple[Human, list[_Part]]:
    """The character on the ice, facing −Y, and its parts; the armature is brought there, too."""
    rig = read_rig(armature)
    # Bones are asked for by name from here on.
    lacking = [name for name in names.names() if name not in rig.names]
    if lacking:
        raise UserError(f"the rig lacks the bones {', '.join(lacking[:8])}", mend="Mend the bone map.")
    parts = _parts(things, armature, rig, names, said)
    whole = _whole_body(things, armature, rig, names, said)
    standing = [part.mesh for part in parts if any(fnmatchcase(part.thing.name, name) for name in said.stands_on)]
    soles = find_soles([part.mesh for part in parts], rig, names, standing)
    ground = min(float(mark.points[:, 2].min()) for mark in soles.values())

    onto_ice = _onto_ice(rig, names, ground)
    rig = _moved_rig(rig, onto_ice)
    names.check(rig)
    for part in parts:
        part.rest.data.transform(Matrix(onto_ice.tolist()))
    parts = [dataclasses.replace(part, mesh=_moved(part.mesh, onto_ice)) for part in parts]
    whole = None if whole is None else _moved(whole, onto_ice)
    parts = _with_borders(parts, part_borders(rig, names, _hm08(whole)))
    human = as_human(
        rig,
        names,
        tuple(part.mesh for part in parts),
        whole,
        {name: dataclasses.replace(mark, points=_placed(mark.points, onto_ice)) for name, mark in soles.items()},
        phenotype_of([part.thing for part in parts]),
    )
    _stand(armature, onto_ice)
    return human, parts


def _parts(
    things: Sequence[bpy.types.Object], armature: bpy.types.Object, rig: Rig, names: BoneMap, said: CharacterMap
) -> list[_Part]:
    """Every object with something to show."""
    deforming = _deforming(armature, rig)
    rests = [(thing, rest_mesh(thing)) for thing in things]
    shown = [(thing, rest) for thing, rest in rests if len(rest.faces)]
    if not shown:
        raise UserError(f"nothing of what hangs on {armature.name!r} is rendered", mend="Look at its Mask modifiers.")
    hung = [hanging(thing, rest.data, rig, deforming) for thing, rest in shown]
    if not any(weights.any() for _, weights in hung):
        raise UserError(
            f"no mesh has weights for the bones of {armature.name!r}",
            mend="Give the body vertex groups named as bones.",
        )
    hung = with_nearest_weights([rest.vertices for _, rest in shown], hung)
    bone_parts = part_of_bones(rig, names)
    classes = classes_of([thing for thing, _ in shown], [rest for _, rest in shown], said)
    out = []
    for (thing, rest), (bones, weights), (of_object, of_slot) in zip(shown, hung, classes, strict=True):
        garment = np.array([CLOTHES_INDEX[name] for name in (*of_slot, of_object)], dtype=np.uint8)
        # A slot that the mesh lacks counts as the object. A polygon is on one body part, that of its first face.
        of_polygon = garment[np.minimum(rest.slot, len(of_slot))]
        parts = face_parts(rest.faces, bones, weights, bone_parts)[rest.first]
        mesh = SkinnedMesh(
            name="body" if of_object == "skin" else of_object,
            vertices=rest.vertices,
            faces=rest.faces,
            bones=bones,
            weights=weights,
            garment=of_polygon[rest.polygon],
            part=parts[rest.polygon],
        )
        out.append(_Part(thing, rest, mesh))
    return out


def _hm08(body: SkinnedMesh | None) -> Array | None:
    return body.vertices if body is not None and is_hm08(len(body.vertices)) else None


def _with_borders(parts: list[_Part], borders: PartBorders) -> list[_Part]:
    """The parts with their faces where borders have them, or as they are where borders and weights contradict."""
    out, same = [], []
    for part in parts:
        mesh, rest = part.mesh, part.rest
        if not np.isin(mesh.garment, _OF_THE_HEAD).any():
            found = borders.parts_at(face_centers(mesh.vertices, mesh.faces))[rest.first][rest.polygon]
            same.append(found == mesh.part)
            part = dataclasses.replace(part, mesh=dataclasses.replace(mesh, part=found, borders=borders))
        out.append(part)
    return out if not same or np.concatenate(same).mean() >= _AGREEING else parts


def _whole_body(
    things: Sequence[bpy.types.Object], armature: bpy.types.Object, rig: Rig, names: BoneMap, said: CharacterMap
) -> SkinnedMesh | None:
    """The body as it is under the clothes, rendered or not: MPFB2's base mesh, else the largest mesh of skin.

    None where nothing is known as skin.
    """
    bodies = [thing for thing in things if class_of(thing, said) == "skin"]
    if not bodies:
        return None
    counts = [len(thing.data.vertices) if isinstance(thing.data, bpy.types.Mesh) else 0 for thing in bodies]
    thing = bodies[max(range(len(bodies)), key=lambda k: (is_hm08(counts[k]), counts[k]))]
    whole = unmasked(thing)
    bones, weights = hanging(thing, whole.data, rig, _deforming(armature, rig))
    ((bones, weights),) = with_nearest_weights([whole.vertices], [(bones, weights)])
    faces = whole.faces
    if is_hm08(len(whole.vertices)):
        # What follows the skin are helpers.
        faces = faces[faces.max(axis=1) < SKIN_VERTICES]
    bpy.data.meshes.remove(whole.data)
    return SkinnedMesh(
        name="body",
        vertices=whole.vertices,
        faces=faces,
        bones=bones,
        weights=weights,
        garment=np.full(len(faces), CLOTHES_INDEX["skin"], dtype=np.uint8),
        part=face_parts(faces, bones, weights, part_of_bones(rig, names)),
    )


def _onto_ice(rig: Rig, names: BoneMap, ground: float) -> Array:
    """(4, 4) what brings a character whose lowest point is at `ground` upright to the origin, facing −Y."""
    left, right = (rig.heads[rig.index(names.limbs[side].thigh[0])] for side in ("Left", "Right"))
    angle = -np.arctan2(*(left - right)[[1, 0]])
    turn = np.array(Matrix.Rotation(angle if abs(angle) > _ASIDE else 0.0, 4, "Z"))
    turn[:3, 3] = -turn[:3, :3] @ (0.5 * (left + right))
    turn[2, 3] = -ground
    return turn


def _stand(armature: bpy.types.Object, onto_ice: Array) -> None:
    """Brings an armature onto the ice, its object to the world's origin: what was its place is in its bones then."""
    data: Any = armature.data
    data.transform(Matrix(onto_ice.tolist()) @ armature.matrix_world)
    # Else the pose keeps the bones' places of before.
    data.update_tag()
    armature.parent = None
    armature.matrix_parent_inverse.identity()
    _to_origin(armature)


def _to_origin(thing: bpy.types.Object) -> None:
    thing.delta_location = thing.delta_rotation_euler = (0.0, 0.0, 0.0)
    thing.delta_rotation_quaternion, thing.delta_scale = (1.0, 0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    thing.matrix_basis = Matrix.Identity(4)


def _rebuild(
    part: _Part, armature: bpy.types.Object, rig: Rig, instance: int, render: RenderSpec
) -> tuple[np.ndarray, Callable[[np.ndarray, np.ndarray], np.ndarray]]:
    """Puts the mesh at rest in the object's place, hung on the armature by its weights alone.

    Returns:
        as `split_materials`.
    """
    thing, rest, mesh = part.thing, part.rest, part.mesh
    thing.modifiers.clear()
    thing.data = rest.data
    thing.vertex_groups.clear()
    thing.parent, thing.parent_type = armature, "OBJECT"
    thing.matrix_parent_inverse.identity()
    _to_origin(thing)
    thing.name = f"{armature.name}_{thing.name}"
    thing.pass_index = instance
    split = split_materials(rest.data, thing.name, rest.slot, mesh.garment[rest.first], mesh.part[rest.first])
    hang_on_bones(thing, rig.names, mesh.bones, mesh.weights)
    armature_modifier(thing, armature)
    subdivision_modifier(thing, min(rest.subdivision, render.subdivision))
    return split


def _deforming(armature: bpy.types.Object, rig: Rig) -> np.ndarray:
    assert isinstance(armature.data, bpy.types.Armature)
    return np.array([armature.data.bones[name].use_deform for name in rig.names])


def _placed(points: Array, matrix: Array) -> Array:
    return points @ matrix[:3, :3].T + matrix[:3, 3]


def _moved(mesh: SkinnedMesh, matrix: Array) -> SkinnedMesh:
    return dataclasses.replace(mesh, vertices=_placed(mesh.vertices, matrix))


def _moved_rig(rig: Rig, matrix: Array) -> Rig:
    return dataclasses.replace(
        rig, heads=_placed(rig.heads, matrix), tails=_placed(rig.tails, matrix), rest=matrix @ rig.rest
    )
