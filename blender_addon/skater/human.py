"""The skater as plain arrays: what the numpy side builds, Blender shows and the labels are read from. No bpy."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from blender_addon.labels.vocabulary import CLOTHES, GARMENTS, PART_BASE
from blender_addon.skater.bare_skin import BareSkin
from blender_addon.skater.outermost import outermost
from blender_addon.skater.part_borders import PartBorders
from blender_addon.skater.part_shell import PartShell, part_shell
from blender_addon.skater.quick_skin import QuickSkin, quick_skin
from mocap.retarget import BodyVolume, BoneMap
from mocap.rig import Rig
from mocap.rotations import Array


@dataclass(frozen=True)
class SkinnedMesh:
    """A surface that follows the rig by linear blend skinning.

    Attributes:
        name: of the garment or body layer ("body", "leotard", "boots", …).
        vertices: (N, 3) at rest, in the rig's space.
        faces: (F, 4) vertex indices, counter-clockwise seen from outside; a triangle has −1 in its last place.
        bones: (N, K) bone indices, and
        weights: (N, K) their shares, summing to 1 (unused places hold 0).
        garment: (F,) uint8 index into the clothes vocabulary.
        part: (F,) uint8 index into the body-part vocabulary.
        uv: (F, 4, 2) or None.
        smooth: whether it takes subdivision (skin and cloth do, blades do not).
        thickness: metres of cloth or leather to give it, 0 for none.
        look: what it looks like where that is not its garment's own look: "sole", "laces", "lashes", …
        fields: by name (N,) values that materials read: where a gradient, a panel, a seam lies.
        borders: where in the rest pose one body part ends and the next begins; it is rendered cut along these. None
            where every face is whole what `part` says.
    """

    name: str
    vertices: Array
    faces: np.ndarray
    bones: np.ndarray
    weights: Array
    garment: np.ndarray
    part: np.ndarray
    uv: Array | None = None
    smooth: bool = True
    thickness: float = 0.0
    look: str = ""
    fields: Mapping[str, Array] = field(default_factory=dict)
    borders: PartBorders | None = None

    def of_faces(self, mask: np.ndarray) -> SkinnedMesh:
        """The faces where `mask` (F,) is true, with only the vertices that they use."""
        faces = self.faces[mask]
        used = np.unique(faces[faces >= 0])
        number = np.full(len(self.vertices) + 1, -1)
        number[used] = np.arange(len(used))
        return dataclasses.replace(
            self,
            vertices=self.vertices[used],
            faces=number[faces],
            bones=self.bones[used],
            weights=self.weights[used],
            garment=self.garment[mask],
            part=self.part[mask],
            uv=None if self.uv is None else self.uv[mask],
            fields={name: values[used] for name, values in self.fields.items()},
        )


@dataclass(frozen=True)
class Chain:
    """A row of bones that hangs and swings: a strand of hair, a strip of a skirt.

    Attributes:
        points: (K + 1, 3) joints at rest, the one that is held first; K bones lie between them.
        anchor: index of the bone that carries it.
        stiffness: how strongly it goes back to its rest shape as its anchor carries it, 1/s² per radian; 0 hangs free.
        drag: how strongly air holds it, 1/s.
        thickness: metres that it keeps from the body's skin.
        ring: chains of the same ring follow each other round the body and are sewn to their neighbours, the last to the
            first; its number is its garment's in the clothes vocabulary, −1 stands for a chain by itself.
        spread: how many times as wide as at rest the cloth to the next chain of the ring can be drawn at the tips.
    """

    points: Array
    anchor: int
    stiffness: float
    drag: float
    thickness: float
    ring: int = -1
    spread: float = 1.0


@dataclass(frozen=True)
class Landmark:
    """An anatomical point: the weighted mean of skinned points.

    Attributes:
        points: (M, 3) at rest, skinned as a mesh's vertices are; the landmark is their mean.
        bones: (M, K) bone indices, and
        weights: (M, K) their shares.
        depth: metres of flesh (and boot) over the point: how far behind the surface it may lie and still be seen.
        parts: body parts on whose surface it is seen.
    """

    points: Array
    bones: np.ndarray
    weights: Array
    depth: float
    parts: tuple[int, ...]


@dataclass(frozen=True)
class FleshTable:
    """What lies over some points, each the middle of landmarks; over one that lacks a landmark, nothing.

    Attributes:
        depth: (P,) metres, the most of its landmarks'; parts: (P, `PART_BASE`) bool, of all of them.
    """

    depth: Array
    parts: np.ndarray


@dataclass(frozen=True)
class Human:
    """A dressed person at rest: rig, surfaces, landmarks. What they stand on, blades or soles, is at z = 0.

    Attributes:
        rig: bones in the avatar's space, those of chains after the body's.
        bones: which of them play which segments.
        meshes: all surfaces that are rendered (body skin hidden under clothes already left out).
        landmarks: by name, as keypoint sets use them.
        blades: landmarks-like (name → Landmark) points on the running edge: left/right × toe, middle, heel.
        facts: what the sample's JSON says about the body.
        chains: what swings; and
        chain_bones: per chain, in the same order, the indices (K,) of its bones in the rig.
        volume: the room that the body takes up, where its surfaces do not show that.
        bare: the skin all over the body, clothes or not; None where it is not known.
    """

    rig: Rig
    bones: BoneMap
    meshes: tuple[SkinnedMesh, ...]
    landmarks: Mapping[str, Landmark]
    blades: Mapping[str, Landmark]
    facts: Mapping[str, float] = field(default_factory=dict)
    chains: tuple[Chain, ...] = ()
    chain_bones: tuple[np.ndarray, ...] = ()
    volume: BodyVolume | None = None
    bare: BareSkin | None = None

    @cached_property
    def garments(self) -> frozenset[str]:
        """Classes of what is worn, of all that can be seen of it."""
        seen = np.unique(np.concatenate([mesh.garment for mesh in self.meshes])).tolist()
        return frozenset(CLOTHES[index].name for index in seen) & frozenset(GARMENTS)

    @cached_property
    def marks(self) -> Mapping[str, Landmark]:
        """All landmarks by name, the blades' (`left_blade_toe`, …) too."""
        return {**self.landmarks, **{blade_name(name): mark for name, mark in self.blades.items()}}

    @cached_property
    def outermost(self) -> QuickSkin:
        """Points that boxes are put round."""
        return outermost(self.meshes, len(self.rig.names))

    @cached_property
    def shell(self) -> PartShell:
        """Triangles that tell how much room each body part takes in a picture."""
        return part_shell(self.meshes, len(self.rig.names))

    @cached_property
    def bare_points(self) -> QuickSkin | None:
        """The vertices of the skin all over the body."""
        bare = self.bare
        return None if bare is None else quick_skin(bare.vertices, bare.bones, bare.weights, len(self.rig.names))

    def flesh_table(self, points: tuple[tuple[str, ...], ...]) -> FleshTable:
        """What lies over points, told by the landmarks that each is the middle of, blades' (`left_blade_toe`) too."""
        if points not in self._flesh_tables:
            marks = [[self.marks[name] for name in names if name in self.marks] for names in points]
            parts = np.zeros((len(points), PART_BASE), dtype=bool)
            for row, found in enumerate(marks):
                parts[row, [part for mark in found for part in mark.parts]] = True
            depth = np.array([max((mark.depth for mark in found), default=0.0) for found in marks])
            self._flesh_tables[points] = FleshTable(depth, parts)
        return self._flesh_tables[points]

    @cached_property
    def _flesh_tables(self) -> dict[tuple[tuple[str, ...], ...], FleshTable]:
        """One for each choice of keypoint sets: a job makes one."""
        return {}


def blade_name(name: str) -> str:
    """How a blade's point (`left_toe`) is called among landmarks (`left_blade_toe`)."""
    side, place = name.split("_", 1)
    return f"{side}_blade_{place}"


def skin(points: Array, bones: np.ndarray, weights: Array, rest: Array, pose: Array) -> Array:
    """Linear blend skinning, as Blender's Armature modifier does without Preserve Volume.

    Args:
        points: (N, 3) at rest; bones (N, K) and weights (N, K).
        rest: (B, 4, 4) and pose (…, B, 4, 4): bone → armature.

    Returns:
        (…, N, 3) posed points.
    """
    return _moved(points, bones, weights, pose @ np.linalg.inv(rest))


def place_landmark(mark: Landmark, rest: Array, pose: Array) -> Array:
    """(…, 3) posed position of a landmark; pose (…, B, 4, 4)."""
    return skin(mark.points, mark.bones, mark.weights, rest, pose).mean(axis=-2)


def place_landmarks(marks: Mapping[str, Landmark], rest: Array, pose: Array) -> dict[str, Array]:
    """(…, 3) posed positions of landmarks by name, each as `place_landmark` gives it; pose (…, B, 4, 4)."""
    move = pose @ np.linalg.inv(rest)
    return {name: _moved(mark.points, mark.bones, mark.weights, move).mean(axis=-2) for name, mark in marks.items()}


def _moved(points: Array, bones: np.ndarray, weights: Array, move: Array) -> Array:
    blended = np.einsum("nk,...nkij->...nij", weights, move[..., bones, :, :])
    return np.einsum("...nij,nj->...ni", blended[..., :3, :3], points) + blended[..., :3, 3]
