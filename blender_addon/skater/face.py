"""Eyes, lashes and brows of a shaped head. Numpy alone."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from blender_addon.makehuman.body import Body
from blender_addon.skater.surface import Surface, join, loft, select_faces
from mocap.rotations import Array

_SIDES = ("l", "r")
_LASHES = tuple(f"helper-{side}-eyelashes-{row}" for side in _SIDES for row in (1, 2))

# A brow from its inner end outwards: places relative to the eye's centre in eyeball radii (outwards, up) and half
# heights in eyeball radii.
_BROW_PATH = np.array(((-0.75, 1.35), (-0.3, 1.5), (0.3, 1.62), (0.8, 1.62), (1.25, 1.42), (1.55, 1.15)))
_BROW_HEIGHT = np.array((0.1, 0.17, 0.16, 0.13, 0.09, 0.03))


def build_eyes(body: Body, skin: Surface) -> tuple[Surface, Array]:
    """Both eyeballs.

    Args:
        skin: the whole body's geometry (all helpers) with weights.

    Returns:
        the surface and (F, 4, 2) texture coordinates: the front seen from before the face, (0.5, 0.5) the pupil's
        middle, 0.5 the eyeball's radius.
    """
    eyes, uv = [], []
    for side in _SIDES:
        eye = select_faces(skin, body.face_masks[f"helper-{side}-eye"])
        low, high = eye.vertices.min(axis=0), eye.vertices.max(axis=0)
        front = (eye.vertices - 0.5 * (low + high))[:, (0, 2)] / (high - low)[[0, 2]]
        eyes.append(eye)
        uv.append(0.5 + front[eye.faces])
    return join(eyes), np.concatenate(uv)


def build_lashes_and_brows(body: Body, skin: Surface) -> Surface:
    """Lashes from the helper geometry, and a brow over each eye, raised a little from the skin."""
    lashes = [select_faces(skin, body.face_masks[name]) for name in _LASHES]
    return join([*lashes, *(_brow(body, skin, side) for side in _SIDES)])


def _brow(body: Body, skin: Surface, side: str) -> Surface:
    eye = body.vertices[body.groups[f"helper-{side}-eye"]]
    center, radius = eye.mean(axis=0), 0.5 * np.ptp(eye[:, 2])
    outward = 1.0 if side == "l" else -1.0
    path = center[[0, 2]] + radius * _BROW_PATH * np.array((outward, 1.0))
    half = radius * _BROW_HEIGHT

    face = body.groups["body"]
    face = face[(body.vertices[face, 1] < center[1]) & (np.abs(body.vertices[face, 2] - center[2]) < 4.0 * radius)]
    distance, near = cKDTree(body.vertices[face][:, (0, 2)]).query(path, k=4)
    share = 1.0 / np.maximum(distance, 1e-6)
    share /= share.sum(axis=1, keepdims=True)
    depth = np.sum(share * body.vertices[face[near], 1], axis=1)
    weights = np.einsum("nk,nkb->nb", share, skin.weights[face[near]])

    turn = np.linspace(0.0, 2.0 * np.pi, 6, endpoint=False)
    rings = np.empty((len(path), len(turn), 3))
    rings[..., 0] = path[:, :1]
    rings[..., 1] = depth[:, None] - 0.0005 - 0.0012 * np.cos(turn)
    rings[..., 2] = path[:, 1:] + half[:, None] * np.sin(turn)
    vertices, faces = loft(rings, close_start=True, close_end=True)
    return Surface(vertices, faces, np.repeat(weights, len(turn), axis=0))
