"""Somebody's character as a person of ours: landmarks, what it stands on, the room it takes up. Numpy alone, no bpy."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.spatial import cKDTree

from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES, CLOTHES_INDEX
from blender_addon.makehuman.base_mesh import VERTEX_COUNT
from blender_addon.makehuman.flesh import measured_volume
from blender_addon.skater.bare_skin import bare_skin
from blender_addon.skater.estimated_points import estimated_points
from blender_addon.skater.human import Human, Landmark, SkinnedMesh
from blender_addon.skater.landmarks import finger_bones, joint_landmarks, point_landmarks
from mocap.errors import UserError
from mocap.retarget import BodyVolume, BoneMap, Limbs
from mocap.rig import Rig
from mocap.rotations import Array
from mocap.skeleton import SIDES

SKIN_VERTICES = 13380
"""Of hm08: its first vertices, which are all that is left of it where MPFB2's helpers were deleted."""

# Metres of flesh over a joint round which a character has no surface.
_UNKNOWN_FLESH = 0.06
# What stands on the ground, where somebody wears it; else it is the skin.
_FOOTWEAR = ("blades", "boots", "shoes", "socks", "tights")
# Metres above the lowest point of a sole up to which its ends are looked for.
_SOLE = 0.004
# Depth of a running edge.
_EDGE = 0.005


def is_hm08(vertices: int) -> bool:
    """Whether a body of so many vertices has hm08's numbering."""
    return vertices in (VERTEX_COUNT, SKIN_VERTICES)


@dataclasses.dataclass(frozen=True)
class _Given:
    """Vertices (N, 3) that hang on bones (N, K) by shares (N, K)."""

    places: Array
    bones: np.ndarray
    weights: Array


def with_nearest_weights(
    places: Sequence[Array], hung: Sequence[tuple[np.ndarray, Array]]
) -> list[tuple[np.ndarray, Array]]:
    """Weights for every vertex: one that hangs on nothing moves as the nearest that hangs on something.

    Of its own mesh, if any vertex of that does, else of the others.

    Args:
        places: per mesh (N, 3) vertices; hung: per mesh (N, K) bones and (N, K) shares, zeros where there are none.
    """
    width = max(bones.shape[1] for bones, _ in hung)
    wide = [tuple(np.pad(table, ((0, 0), (0, width - table.shape[1]))) for table in pair) for pair in hung]
    given = [weights.sum(axis=1) > 0.0 for _, weights in wide]
    everywhere = _Given(
        np.concatenate([place[on] for place, on in zip(places, given, strict=True)]),
        np.concatenate([bones[on] for (bones, _), on in zip(wide, given, strict=True)]),
        np.concatenate([weights[on] for (_, weights), on in zip(wide, given, strict=True)]),
    )
    out = []
    for place, on, (bones, weights) in zip(places, given, wide, strict=True):
        if not on.all():
            source = _Given(place[on], bones[on], weights[on]) if on.any() else everywhere
            nearest = cKDTree(source.places).query(place[~on])[1]
            bones[~on], weights[~on] = source.bones[nearest], source.weights[nearest]
        out.append((bones, weights))
    return out


def as_human(
    rig: Rig,
    names: BoneMap,
    meshes: tuple[SkinnedMesh, ...],
    body: SkinnedMesh | None,
    soles: Mapping[str, Landmark],
    facts: Mapping[str, float],
) -> Human:
    """A character at rest as a person of ours.

    Args:
        rig: its bones; names: which of them play which segments.
        meshes: what is rendered of it, on z = 0.
        body: its whole body where clothes hide some of it, in hm08's numbering where it has that; None for none.
        soles: from `find_soles`.
        facts: what is known of the body besides its stature.
    """
    surfaces = [_joined([mesh for mesh in meshes if _is_close(mesh)] or meshes), _joined(meshes)]
    if body is not None:
        surfaces.insert(0, body)
    flesh = surfaces[0]
    known = body if body is not None and is_hm08(len(body.vertices)) else None
    shape = None if known is None else known.vertices
    joints = joint_landmarks(flesh.vertices, flesh.faces, flesh.part, rig, names, shape)
    points = estimated_points(meshes) | finger_bones(rig, names)
    if known is not None:
        points |= point_landmarks(known.vertices, known.bones, known.weights, known.faces, known.part)
    if any((mesh.garment == CLOTHES_INDEX["blades"]).any() for mesh in meshes):
        points |= {name.replace("_", "_edge_"): mark for name, mark in soles.items()}
    _check_points(points)
    return Human(
        rig=rig,
        bones=names,
        meshes=meshes,
        landmarks={name: _with_flesh(mark) for name, mark in (joints | points).items()},
        blades=soles,
        facts={**facts, "stature": float(np.ptp(flesh.vertices[np.unique(flesh.faces[flesh.faces >= 0]), 2]))},
        volume=_volume(surfaces, rig, names),
        bare=bare_skin(flesh.vertices, flesh.faces, flesh.bones, flesh.weights),
    )


def find_soles(
    meshes: Sequence[SkinnedMesh], rig: Rig, names: BoneMap, standing: Sequence[SkinnedMesh] = ()
) -> dict[str, Landmark]:
    """What touches the ground, as `Human.blades`: the ends and the middle of the lowest edge under each foot.

    Args:
        standing: those of the meshes that stand on the ground; where none are named, what is worn on the feet, blades
            before boots, or else their skin.

    Raises:
        UserError: there is nothing round a foot.
    """
    out = {}
    for side in SIDES:
        part = BODY_PART_INDEX[f"{side.lower()}_foot"]
        points = _under_foot(standing or meshes, part)
        if not len(points):
            raise UserError(
                f"no surface hangs on the {side.lower()} foot", mend="Name what it stands on under stands_on."
            )
        for place, point in zip(("toe", "middle", "heel"), _edge(points, rig, names.limbs[side]), strict=True):
            out[f"{side.lower()}_{place}"] = Landmark(
                points=point[None],
                bones=np.array([[rig.index(names.limbs[side].foot)]]),
                weights=np.ones((1, 1)),
                depth=_EDGE,
                parts=(part,),
            )
    return out


def _under_foot(meshes: Sequence[SkinnedMesh], part: int) -> Array:
    """(N, 3) corners of the faces on a foot: those of its footwear if there are any."""
    by_class: dict[int, list[Array]] = {}
    for mesh in meshes:
        on_foot = mesh.part == part
        for garment in np.unique(mesh.garment[on_foot]).tolist():
            faces = mesh.faces[on_foot & (mesh.garment == garment)]
            by_class.setdefault(garment, []).append(mesh.vertices[np.unique(faces[faces >= 0])])
    for name in _FOOTWEAR:
        if CLOTHES_INDEX[name] in by_class:
            return np.concatenate(by_class[CLOTHES_INDEX[name]])
    return np.concatenate([places for found in by_class.values() for places in found] or [np.empty((0, 3))])


def _edge(points: Array, rig: Rig, limbs: Limbs) -> tuple[Array, Array, Array]:
    """Toe, middle and heel (3,) of what is lowest."""
    ankle = rig.heads[rig.index(limbs.foot)]
    tip = rig.tails[rig.index((*limbs.toes, limbs.foot)[0])]
    forward = (tip - ankle) * np.array((1.0, 1.0, 0.0))
    low = points[points[:, 2] < points[:, 2].min() + _SOLE]
    along = low @ forward
    toe, heel = low[np.argmax(along)], low[np.argmin(along)]
    middle = 0.5 * (toe + heel)
    middle[2] = low[:, 2].min()
    return toe, middle, heel


def _is_close(mesh: SkinnedMesh) -> bool:
    """Whether a surface lies close round trunk and limbs, by its first face's class."""
    kind = CLOTHES[int(mesh.garment[0])]
    return not kind.loose and kind.name not in ("hair", "eyes", "mouth", "blades", "glasses")


def _joined(meshes: Sequence[SkinnedMesh]) -> SkinnedMesh:
    """Several surfaces as one."""
    width = max(mesh.bones.shape[1] for mesh in meshes)
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes[:-1])])
    pads = [((0, 0), (0, width - mesh.bones.shape[1])) for mesh in meshes]
    return SkinnedMesh(
        name="body",
        vertices=np.concatenate([mesh.vertices for mesh in meshes]),
        faces=np.concatenate(
            [np.where(mesh.faces >= 0, mesh.faces + start, -1) for mesh, start in zip(meshes, starts, strict=True)]
        ),
        bones=np.concatenate([np.pad(mesh.bones, pad) for mesh, pad in zip(meshes, pads, strict=True)]),
        weights=np.concatenate([np.pad(mesh.weights, pad) for mesh, pad in zip(meshes, pads, strict=True)]),
        garment=np.concatenate([mesh.garment for mesh in meshes]),
        part=np.concatenate([mesh.part for mesh in meshes]),
    )


def _with_flesh(mark: Landmark) -> Landmark:
    return mark if np.isfinite(mark.depth) else dataclasses.replace(mark, depth=_UNKNOWN_FLESH)


def _check_points(points: Mapping[str, Landmark]) -> None:
    if "nose" not in points:
        raise UserError("no surface hangs on the head", mend="Map the bone that carries it as the head.")


def _volume(flesh: Sequence[SkinnedMesh], rig: Rig, names: BoneMap) -> BodyVolume:
    """The room that a body takes up, from the first of the surfaces that has both arms."""
    for mesh in flesh:
        heaviest = mesh.bones[np.arange(len(mesh.bones)), mesh.weights.argmax(axis=1)]
        if _arms(rig, names) <= set(np.unique(heaviest).tolist()):
            return measured_volume(mesh.vertices, mesh.faces, mesh.bones, mesh.weights, rig, names)
    raise UserError("no surface hangs on the forearms and hands", mend="Give the body weights for all mapped bones.")


def _arms(rig: Rig, names: BoneMap) -> set[int]:
    return {rig.index(bone) for limbs in names.limbs.values() for bone in (limbs.forearm[0], limbs.hand)}
