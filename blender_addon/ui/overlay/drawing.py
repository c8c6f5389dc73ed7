# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a viewport is drawn, it does not.
"""Draws everybody's skeleton into the viewport, and names of points over it if they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import blf
import bpy
import gpu
import numpy as np

from blender_addon.scene.at_hand import skaters_in
from blender_addon.scene.at_hand.landmarks import pose_of, read_marks
from blender_addon.ui.overlay import capsule_shader
from blender_addon.ui.overlay.skeleton import Capsules, drawn, figure_of, points_of, recipe_of
from mocap.rotations import Array

if TYPE_CHECKING:
    from blender_addon.ui.overlay.settings import SkateSynthOverlay

HIDDEN = 0.28
"""How strongly what is hidden is drawn, where it is dimmed."""

_RIM = 0.75
_FONT, _LETTERS = 0, 11.0
# Pixels that a name keeps from its point and from the next point's name.
_BESIDE, _ROOM = 6.0, 13.0


def people_now(scene: bpy.types.Scene, name: str) -> list[tuple[Array, Array]]:
    """Of every skater who can be seen in a scene the points of a keypoint set, as `skeleton.points_of` has them.

    Raises:
        UserError: an armature of ours does not say where its landmarks are.
    """
    graph = bpy.context.evaluated_depsgraph_get()
    people = []
    for armature in skaters_in(scene):
        if not (armature.visible_get() or any(child.visible_get() for child in armature.children)):
            continue
        marks = read_marks(armature)
        places = marks.at(pose_of(armature.evaluated_get(graph), marks.bones))
        people.append(points_of(recipe_of(name, marks.names), places, marks.depth))
    return people


def lots_now(scene: bpy.types.Scene, chosen: SkateSynthOverlay, scale: float) -> tuple[Capsules, Capsules]:
    """Lines and points of everybody, each as one lot; `scale`: pixels of Blender's unit."""
    return drawn(chosen.keypoints, people_now(scene, chosen.keypoints), chosen.size * scale)


def draw_skeletons(context: bpy.types.Context, chosen: SkateSynthOverlay) -> None:
    """In the viewport's space: bright what can be seen, dim what lies deeper than flesh, or behind something."""
    lines, dots = lots_now(context.scene, chosen, context.preferences.system.pixel_size)
    batches = [
        (batch, rim) for batch, rim in ((capsule_shader.batch_of(lines), 0.0), (capsule_shader.batch_of(dots), _RIM))
        if batch is not None
    ]  # fmt: skip
    if not batches:
        return
    made: Any = capsule_shader.shader()
    made.bind()
    view: Any = gpu.matrix.get_model_view_matrix()
    projection: Any = gpu.matrix.get_projection_matrix()
    made.uniform_float("projection", projection @ view)
    # A column of the camera's own matrix: its place, or the way back to it where lines of sight are parallel.
    perspective = projection[3][3] == 0.0
    made.uniform_float("eye", (*view.inverted().col[3 if perspective else 2][:3], float(perspective)))
    size: Any = gpu.state.viewport_get  # the stubs say that it gives nothing
    _, _, width, height = size()
    made.uniform_float("half_size", (0.5 * width, 0.5 * height))
    gpu.state.blend_set("ALPHA")
    gpu.state.depth_mask_set(False)
    try:
        for test, strength in (("GREATER", HIDDEN if chosen.dim else 1.0), ("LESS_EQUAL", 1.0)):
            gpu.state.depth_test_set(test)
            made.uniform_float("strength", strength)
            for batch, rim in batches:
                made.uniform_float("rim_share", rim)
                batch.draw(made)
    finally:
        gpu.state.depth_test_set("NONE")
        gpu.state.blend_set("NONE")


def draw_names(context: bpy.types.Context, chosen: SkateSynthOverlay) -> None:
    """In the region's pixels: names of points, where there is room for them."""
    region, view = context.region, context.region_data
    matrix = np.array(view.perspective_matrix)
    names = figure_of(chosen.keypoints).names
    scale = context.preferences.system.ui_scale
    blf.size(_FONT, _LETTERS * scale)
    blf.color(_FONT, 1.0, 1.0, 1.0, 1.0)
    blf.enable(_FONT, blf.SHADOW)
    blf.shadow(_FONT, 3, 0.0, 0.0, 0.0, 1.0)
    try:
        for points, _ in people_now(context.scene, chosen.keypoints):
            spots = on_region(points, matrix, region.width, region.height)
            for number in roomy(spots, _ROOM * scale).tolist():
                x, y = spots[number]
                blf.position(_FONT, x + _BESIDE * scale, y - 0.35 * _LETTERS * scale, 0.0)
                blf.draw(_FONT, names[number])
    finally:
        blf.disable(_FONT, blf.SHADOW)


def on_region(points: Array, matrix: Array, width: int, height: int) -> Array:
    """(P, 2) pixels from the region's lower left corner; NaN for what is outside of it.

    Args:
        points: (P, 3) in the world; matrix: (4, 4) world → clip.
    """
    clip = points @ matrix[:, :3].T + matrix[:, 3]
    with np.errstate(invalid="ignore", divide="ignore"):
        spots = (clip[:, :2] / clip[:, 3:] * 0.5 + 0.5) * (width, height)
        outside = (clip[:, 3] <= 0.0) | np.any((spots < 0.0) | (spots > (width, height)), axis=1)
    spots[outside] = np.nan
    return np.asarray(spots)


def roomy(spots: Array, room: float) -> np.ndarray:
    """Indices of the spots (P, 2) that have no other one within some pixels."""
    inside = np.flatnonzero(np.isfinite(spots).all(axis=1))
    away: Any = np.linalg.norm(spots[inside, None] - spots[None, inside], axis=-1)
    np.fill_diagonal(away, np.inf)
    return np.asarray(inside[(away > room).all(axis=1)])
