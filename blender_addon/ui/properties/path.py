"""A curve of the scene as a path on the ice."""

from __future__ import annotations

import bpy
from mathutils import Vector
from mathutils.geometry import interpolate_bezier

MOST_POINTS = 1000
"""That a job's path may have."""


def points_of(thing: bpy.types.Object | None) -> tuple[tuple[float, float], ...]:
    """Points (m) on the rink along the curve's first spline, the first once more at the end if it is closed.

    Bézier curves are followed as finely as Blender draws them; of NURBS it is the control points. Empty for no curve.
    """
    if thing is None or not isinstance(thing.data, bpy.types.Curve) or not thing.data.splines:
        return ()
    spline = thing.data.splines[0]
    if spline.type == "BEZIER":
        local = _bezier(spline)
    else:
        local = [Vector(point.co[:3]) for point in spline.points]
        local += local[:1] if spline.use_cyclic_u else []
    points: list[tuple[float, float]] = []
    for place in local:
        there = thing.matrix_world @ place
        point = (round(there.x, 4), round(there.y, 4))
        if not points or points[-1] != point:
            points.append(point)
    step = -(-len(points) // MOST_POINTS)
    return tuple(points[::step]) if len(points) > 1 else ()


def _bezier(spline: bpy.types.Spline) -> list[Vector]:
    knots = list(spline.bezier_points)
    pairs = list(zip(knots, knots[1:] + (knots[:1] if spline.use_cyclic_u else []), strict=False))
    local: list[Vector] = []
    for one, other in pairs:
        local += interpolate_bezier(one.co, one.handle_right, other.handle_left, other.co, spline.resolution_u + 1)
    return local
