"""What stands in a built scene, as triangles for `ray_truth`. Needs bpy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np
from ray_truth import Shell

from blender_addon.labels.projection import to_camera
from blender_addon.labels.vocabulary import unpack_index
from blender_addon.makehuman.body import load_body
from blender_addon.render.frame import CameraView
from blender_addon.render.shoot import Studio
from blender_addon.skater.human import skin

CLEAR = ("glass", "window")
# What float32 may err by (m), and more.
_SLACK = 1e-3


def triangles_of(made: Any) -> tuple[np.ndarray, np.ndarray]:
    """(F, 3, 3) float32 triangles of an evaluated mesh object in its own space, and (F,) its slots; without glass."""
    mesh = made.data
    mesh.calc_loop_triangles()
    count = len(mesh.loop_triangles)
    corners = np.empty(3 * count, np.int32)
    mesh.loop_triangles.foreach_get("vertices", corners)
    places = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", places)
    slot = np.empty(count, np.int32)
    mesh.loop_triangles.foreach_get("material_index", slot)
    clear = [
        number
        for number, material in enumerate(mesh.materials)
        if material is not None and any(word in material.name for word in CLEAR)
    ]
    kept = ~np.isin(slot, clear)
    return places.reshape(-1, 3)[corners.reshape(-1, 3)][kept], slot[kept]


class Scene:
    """A studio's scene as shells; what does not move is read once, the rest once a frame."""

    def __init__(self, studio: Studio, assets: Path) -> None:
        self.studio = studio
        self.still: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self.moved: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self.frame = -1
        self.bare = []
        for member in studio.cast:
            spec, rig = member.spec, member.human.rig
            body = load_body(
                spec.phenotype, assets, lengths=spec.lengths, details=spec.details, expression=spec.expression
            )
            lift = rig.heads[0, 2] - body.rig.heads[0, 2]
            faces = body.faces[body.face_masks["body"]]
            quads = np.where(faces < 0, faces[:, :1], faces)
            triangles = np.concatenate((quads[:, :3], quads[:, (0, 2, 3)]))
            self.bare.append((body.vertices + np.array((0.0, 0.0, lift)), body.bones, body.weights, triangles))

    def bare_skin(self, number: int, frame: int, view: CameraView) -> np.ndarray:
        """(F, 3, 3) a member's whole skin at a frame in the camera's frame, as if nothing were worn."""
        member = self.studio.cast[number]
        vertices, bones, weights, triangles = self.bare[number]
        posed = skin(vertices, bones, weights, member.human.rig.rest, member.track.matrices[frame])
        return to_camera(view, posed)[triangles]

    def shells(self, view: CameraView, camera: str, points: np.ndarray) -> list[Shell]:
        """Everything that a ray to one of the points (P, 3 in the camera's frame) may meet, at the scene's frame."""
        graph = bpy.context.evaluated_depsgraph_get()
        if self.frame != self.studio.scene.frame_current:
            self.frame, self.moved = self.studio.scene.frame_current, {}
        moving = {made.name for avatar in self.studio.avatars for made in avatar.meshes}
        shown = points[points[:, 2] > 0.0]
        if not len(shown):
            return []
        ways = shown / np.linalg.norm(shown, axis=1, keepdims=True)
        far = float(np.linalg.norm(shown, axis=1).max(initial=0.0))
        planes, beyond = _cone(shown)
        out = []
        for entry in graph.object_instances:
            made: Any = entry.object
            if made.type != "MESH" or made.original.hide_render or made.name in self.studio.hidden[camera]:
                continue
            matrix = np.array(entry.matrix_world)
            corners = to_camera(view, np.array(made.bound_box) @ matrix[:3, :3].T + matrix[:3, 3])
            middle = corners.mean(axis=0)
            radius = np.linalg.norm(corners - middle, axis=1).max()
            along = np.maximum(ways @ middle, 0.0)
            if np.linalg.norm(middle) - radius > far:
                continue
            if not np.any(np.linalg.norm(along[:, None] * ways - middle, axis=1) < radius):
                continue
            key, kept = (made.name, self.moved) if made.name in moving else (made.data.name, self.still)
            if key not in kept:
                kept[key] = triangles_of(made)
            places, slot = kept[key]
            turn, move = view.R @ matrix[:3, :3], view.R @ matrix[:3, 3] + view.t
            near = _within(places, planes @ turn, beyond - planes @ move)
            if not len(near):
                continue
            index = np.array([0 if m is None else m.pass_index for m in made.data.materials] or [0])
            part, garment = unpack_index(index[np.minimum(slot[near], len(index) - 1)])
            triangles = places[near].astype(np.float64) @ turn.T + move
            out.append(Shell(triangles, made.original.pass_index, garment, part))
        return out


def _cone(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Planes (6, 3) and (6,): c with planes @ c <= them are where rays to points (P, 3, before the camera) pass."""
    flat = points[:, :2] / points[:, 2:]
    (low_x, low_y), (high_x, high_y) = flat.min(axis=0), flat.max(axis=0)
    planes = [(1, 0, -high_x), (-1, 0, low_x), (0, 1, -high_y), (0, -1, low_y), (0, 0, -1), (0, 0, 1)]
    return np.array(planes, dtype=np.float64), np.array((0.0, 0.0, 0.0, 0.0, 0.0, points[:, 2].max()))


def _within(triangles: np.ndarray, planes: np.ndarray, beyond: np.ndarray) -> np.ndarray:
    """Which of triangles (F, 3, 3) have a corner on the inner side of each plane, by blocks first."""
    size = 512
    starts = np.arange(0, len(triangles), size)
    low, high = (np.minimum.reduceat(triangles.min(axis=1), starts), np.maximum.reduceat(triangles.max(axis=1), starts))
    least = np.where(planes[:, None] > 0.0, low, high)
    blocks = np.flatnonzero(np.all(np.sum(least * planes[:, None], axis=2) <= beyond[:, None] + _SLACK, axis=0))
    rows = (starts[blocks, None] + np.arange(size)).ravel()
    rows = rows[rows < len(triangles)]
    sides = triangles[rows] @ planes.T.astype(np.float32)
    return rows[np.all(sides.min(axis=1) <= beyond + _SLACK, axis=1)]
