"""A skater's hair: pulled back close to the head from a clean hairline, in a bun behind. Numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from blender_addon.makehuman.body import Body
from blender_addon.skater.surface import (
    Surface,
    cut,
    join,
    loft,
    rigid_weights,
    select_faces,
    smoothstep,
    vertex_normals,
)
from mocap.rotations import Array

# Where the hair begins, seen from the middle of the skull at the height of the eyes: degrees round from the forehead
# (0) over the temple, the top of the ear (90) and behind it to the nape (180), and degrees above the horizontal there.
_HAIRLINE = PchipInterpolator((0, 30, 48, 60, 75, 90, 105, 120, 140, 180), (41, 38, 31, 18, 10, 14, 6, -14, -30, -36))

THICKNESS = 0.009  # metres of hair over the skull
EDGE = 0.0006  # and at the hairline
BUN_RADIUS = 0.034
BUN_ELEVATION = np.radians(24.0)


@dataclass(frozen=True)
class Head:
    """Measures of a head: (3,) its middle at the height of the eyes between the ears, and the head bone's index."""

    middle: Array
    bone: int


def find_head(body: Body) -> Head:
    """Measures the head of a shaped body."""
    eyes = body.vertices[np.concatenate((body.groups["helper-l-eye"], body.groups["helper-r-eye"]))]
    eye = eyes.mean(axis=0)
    skin = body.vertices[body.groups["body"]]
    top = skin[:, 2].max()
    # Below the widest part of the skull only the ears stand out so far.
    band = skin[np.abs(skin[:, 2] - eye[2]) < 0.2 * (top - eye[2])]
    ears = band[np.abs(band[:, 0]) > 0.93 * np.abs(band[:, 0]).max()]
    return Head(np.array((0.0, ears[:, 1].mean(), eye[2])), body.rig.index("head"))


def above_hairline(points: Array, head: Head) -> Array:
    """(N,) metres, about, by which points of the head lie inside the hairline; negative below it."""
    offset = points - head.middle
    distance = np.linalg.norm(offset, axis=-1)
    around = np.degrees(np.arctan2(np.abs(offset[:, 0]), -offset[:, 1]))
    elevation = np.degrees(np.arcsin(np.clip(offset[:, 2] / np.maximum(distance, 1e-9), -1.0, 1.0)))
    return np.radians(elevation - _HAIRLINE(around)) * distance


def build_hair(head_skin: Surface, head: Head, bun: bool) -> tuple[Surface, Array]:
    """A cap over the scalp and, if asked for, a bun.

    Args:
        head_skin: the skin of the head, from the neck up.

    Returns:
        the surface and (F, 4, 2) texture coordinates, constant along a strand: on the cap the strands run from the
        hairline to the bun, on the bun round it.
    """
    field = above_hairline(head_skin.vertices, head)
    scalp, inside = cut(head_skin, field)
    scalp = select_faces(scalp, inside)
    depth = smoothstep(0.0, 0.035, above_hairline(scalp.vertices, head))
    thickness = EDGE + (THICKNESS - EDGE) * depth
    cap = scalp.vertices + thickness[:, None] * vertex_normals(scalp.vertices, scalp.faces)
    axes = _bun_axes()
    spokes = (cap - head.middle) @ axes[:2].T
    spokes /= np.maximum(np.linalg.norm(spokes, axis=1, keepdims=True), 1e-9)
    hair, uv = Surface(cap, scalp.faces, scalp.weights), spokes[scalp.faces]
    if not bun:
        return hair, uv

    vertices, faces = _bun(cap, head)
    coil = np.stack(((vertices @ axes[2]) / BUN_RADIUS, np.zeros(len(vertices))), axis=1)
    ball = Surface(vertices, faces, rigid_weights(len(vertices), hair.weights.shape[1], head.bone))
    return join([hair, ball]), np.concatenate((uv, coil[faces]))


def _bun_axes() -> Array:
    """(3, 3) rows: to the skater's left, up along the head, and out from the head to the bun."""
    left = np.array((1.0, 0.0, 0.0))
    out = np.array((0.0, np.cos(BUN_ELEVATION), np.sin(BUN_ELEVATION)))
    return np.stack((left, np.cross(out, left), out))


def _bun(cap: Array, head: Head) -> tuple[Array, np.ndarray]:
    """A flattened ball, coiled, that sits half sunk on the back of the cap."""
    across, up, out = _bun_axes()
    seat = (cap - head.middle) @ out
    center = head.middle + out * (seat.max() + 0.35 * BUN_RADIUS)
    latitude = np.linspace(-0.5, 0.5, 11)[1:-1, None] * np.pi
    longitude = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)[None, :]
    coil = 1.0 + 0.05 * np.cos(3.0 * longitude + 5.0 * latitude)
    radius = BUN_RADIUS * np.cos(latitude) * coil
    along = 0.72 * BUN_RADIUS * np.sin(latitude) * np.ones_like(longitude)
    rings = center + (
        (radius * np.cos(longitude))[..., None] * across
        + (radius * np.sin(longitude))[..., None] * up
        + along[..., None] * out
    )
    return loft(rings, close_start=True, close_end=True)
