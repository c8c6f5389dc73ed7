"""Where a skater's landmarks are now, as the viewport shows them.

A landmark is a weighted mean of points that bones carry, so it depends on each bone's matrix linearly: the sum, over
the bones that have a part in it, of matrix times a fixed vector. These vectors lie on the armature itself, as numbers
in a custom property: reading landmarks needs neither the body nor MakeHuman's data, and may be done while drawing.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from blender_addon.cast import MotionSpec, PlacementSpec, SkaterSpec
from blender_addon.clip import RenderSpec
from blender_addon.scene.adopt import adopt
from blender_addon.scene.at_hand import home
from blender_addon.scene.at_hand.record import as_data, spec_of
from blender_addon.skater.build import build_human
from blender_addon.skater.human import Human
from mocap.errors import UserError
from mocap.rotations import Array

MARKS, _VECTORS = "skatesynth_marks", "skatesynth_vectors"
"""Names of the custom properties: with the landmarks' names, and with their vectors."""

# People kept as arrays: each takes some megabytes.
_KEPT = 32


@dataclasses.dataclass(frozen=True)
class Marks:
    """What landmarks are made of: N pairs of a landmark and a bone that has a part in it, ordered by landmark.

    Attributes:
        names: of the L landmarks; bones: names of the B bones.
        starts: (L,) the first pair of each landmark.
        bone: (N,) index of each pair's bone.
        vectors: (N, 4) what the bone's matrix is multiplied by.
        depth: (L,) metres of flesh over each landmark.
    """

    names: tuple[str, ...]
    bones: tuple[str, ...]
    starts: np.ndarray
    bone: np.ndarray
    vectors: Array
    depth: Array

    def at(self, pose: Array) -> Array:
        """(…, L, 3) places; pose (…, B, 4, 4): bone → world."""
        parts = np.einsum("...nij,nj->...ni", pose[..., self.bone, :3, :], self.vectors)
        return np.add.reduceat(parts, self.starts, axis=-2)


def marks_of(human: Human) -> Marks:
    """The landmarks of a person, the blades' among them."""
    back = np.linalg.inv(human.rig.rest)
    bones: list[np.ndarray] = []
    vectors: list[Array] = []
    for mark in human.marks.values():
        used, place = np.unique(mark.bones, return_inverse=True)
        shares = np.zeros((len(used), 4))
        points = np.concatenate((mark.points, np.ones((len(mark.points), 1))), axis=1) / len(mark.points)
        np.add.at(shares, place.reshape(mark.bones.shape), mark.weights[..., None] * points[:, None])
        kept = np.any(shares != 0.0, axis=1)
        bones.append(used[kept])
        vectors.append(np.einsum("bij,bj->bi", back[used[kept]], shares[kept]))
    depth = np.array([mark.depth for mark in human.marks.values()])
    starts = np.cumsum([0, *(len(some) for some in bones[:-1])])
    return Marks(tuple(human.marks), human.rig.names, starts, np.concatenate(bones), np.concatenate(vectors), depth)


def tell_marks(armature: bpy.types.Object, human: Human) -> None:
    """Has an armature hold what its landmarks are made of."""
    marks = marks_of(human)
    rows = np.column_stack((marks.bone, marks.vectors))
    count = np.diff(np.append(marks.starts, len(marks.bone))).tolist()
    told = {"names": marks.names, "bones": marks.bones, "count": count, "depth": marks.depth.tolist()}
    told["id"] = sha256(rows.tobytes()).hexdigest()
    armature[MARKS] = json.dumps(told)
    armature[_VECTORS] = rows.ravel().tolist()


def read_marks(armature: bpy.types.Object) -> Marks:
    """What an armature's landmarks are made of. UserError if it does not say, or what a user has changed of it."""
    text = str(armature.get(MARKS, ""))
    found = _told.get(text)
    if found is None:
        try:
            said = json.loads(text)
            rows = np.array(armature[_VECTORS], dtype=np.float64).reshape(-1, 5)
            starts, depth = np.cumsum([0, *said["count"]]), np.array(said["depth"], dtype=np.float64)
            if starts[-1] != len(rows) or len(starts) != len(said["names"]) + 1 or min(said["count"]) < 1:
                raise ValueError
            names, bones = tuple(said["names"]), tuple(said["bones"])
            found = Marks(names, bones, starts[:-1], rows[:, 0].astype(int), rows[:, 1:], depth.reshape(len(names)))
        except (ValueError, KeyError, TypeError):
            raise UserError(
                f"{armature.name!r} does not say where its landmarks are", mend="Make the skater anew."
            ) from None
        if len(_told) >= _KEPT:
            _told.clear()
        _told[text] = found
    return found


def landmarks_now(armature: bpy.types.Object, assets: Path | None = None) -> Mapping[str, Array]:
    """(3,) world places of a skater's landmarks by name, the blades' (`left_blade_toe`) too, as it is posed now.

    Read from the evaluated armature: what the user has changed by hand, constraints and drivers count. May be called
    while the viewport is drawn.

    Args:
        assets: has no part in it, since the armature holds all that is needed; callers need not have any.

    Raises:
        UserError: it is not ours.
    """
    marks = read_marks(armature)
    shown = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    places = marks.at(pose_of(shown, marks.bones))
    return dict(zip(marks.names, places, strict=True))


def pose_of(shown: bpy.types.Object, bones: tuple[str, ...]) -> Array:
    """(B, 4, 4) bone → world of some bones of an evaluated armature. UserError if it lacks one."""
    pose: Any = shown.pose
    names = tuple(pose.bones.keys())
    flat = np.empty(16 * len(names), dtype=np.float32)
    # Matrices are written column by column.
    pose.bones.foreach_get("matrix", flat)
    matrices = flat.reshape(-1, 4, 4).transpose(0, 2, 1)
    if names != bones:
        matrices = matrices[_places(names, bones, shown.name)]
    return np.asarray(np.array(shown.matrix_world) @ matrices)


@lru_cache(maxsize=_KEPT)
def _places(names: tuple[str, ...], bones: tuple[str, ...], name: str) -> np.ndarray:
    number = {bone: place for place, bone in enumerate(names)}
    lacking = [bone for bone in bones if bone not in number]
    if lacking:
        raise UserError(
            f"{name!r} lacks the bones {', '.join(lacking[:4])}", mend="Undo what removed them, or make it anew."
        )
    return np.array([number[bone] for bone in bones])


def human_of(armature: bpy.types.Object, assets: Path) -> Human:
    """The skater as arrays, at rest; made when first asked for, then kept for as long as its spec stays the same.

    Raises:
        UserError: it is not ours, or what its spec asks for is not there.
    """
    spec = spec_of(armature)
    key = _key(spec, assets)
    if key not in _people:
        remember(spec, assets, _adopted(spec) if spec.character is not None else build_human(at_rest(spec), assets))
    return _people[key]


def remember(spec: SkaterSpec, assets: Path, human: Human) -> None:
    """Keeps somebody who has just been made."""
    if len(_people) >= _KEPT:
        _people.clear()
    _people[_key(spec, assets)] = human


def at_rest(spec: SkaterSpec) -> SkaterSpec:
    """The person of a spec, whatever they do."""
    return dataclasses.replace(spec, motion=MotionSpec(), placement=PlacementSpec())


def _key(spec: SkaterSpec, assets: Path) -> str:
    files = [Path(path) for path in (spec.character, spec.character_map) if path is not None]
    stamps = [path.stat().st_mtime_ns if path.is_file() else 0 for path in files]
    return json.dumps([as_data(at_rest(spec)), "" if spec.character else str(assets), stamps], sort_keys=True)


def _adopted(spec: SkaterSpec) -> Human:
    """A character from elsewhere is read in once more, and taken out of the scene again."""
    scene = bpy.context.scene
    assert scene is not None
    home.check_mode(scene)
    collection = home.room(scene, "Reading")
    try:
        with home.marking(), home.names_free(spec):
            return adopt(at_rest(spec), RenderSpec(), 0, collection)[0]
    finally:
        home.remove([*collection.objects])
        home.leave(scene)


_people: dict[str, Human] = {}
_told: dict[str, Marks] = {}
"""By what armatures say of their landmarks, which holds a digest of their vectors."""
