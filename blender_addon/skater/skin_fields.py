"""Where on the skin lips, nails, blush and the like lie, read off hm08's texture coordinates. Numpy and OpenCV alone.

MakeHuman marks lips, nails and lids in pictures; what it does not mark lies at fixed places of the same coordinates, as
they are the same for every body. One value per vertex costs a hundredth of a picture per skater.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from scipy.ndimage import map_coordinates

from blender_addon.skater.human import SkinnedMesh
from mocap.errors import UserError
from mocap.rotations import Array

LIPS, NAILS, LIDS, MOUTH = "lips", "nails", "lids", "inner_mouth"
BLUSH, FRECKLES, PALMS = "blush", "freckles", "palms"

# Pictures of MakeHuman's that mark a place, and by how many of their pixels the mark's edge is softened: about as many
# as lie between two vertices there, so that what is interpolated between them keeps the shape of the edge.
_PICTURES: Mapping[str, tuple[str, float]] = {
    LIPS: ("mpfb_lips.jpg", 3.0),
    NAILS: ("mpfb_fingernails.jpg", 1.5),
    LIDS: ("mpfb_eyelids.jpg", 5.0),
    MOUTH: ("mpfb_inside-mouth.jpg", 2.0),
}
_MARKED = 64  # a grey value below which a picture is empty but for what its compression left

# Spots on the left half of the skin, in texture coordinates: middle (u, v), radius, strength. Read off the base mesh:
# the foremost vertices of cheek, nose and chin, the ends of the fingers' bones, the skin nearest to the joints.
_Spot = tuple[float, float, float, float]
_BLUSHING: tuple[_Spot, ...] = (
    (0.884, 0.5235, 0.017, 1.0),  # cheek
    (0.8735, 0.4832, 0.010, 0.8),  # tip of the nose
    (0.852, 0.6365, 0.026, 0.9),  # ear
    (0.939, 0.4832, 0.013, 0.3),  # chin
    (0.5211, 0.2876, 0.022, 0.7),  # knee
    (0.6502, 0.8641, 0.016, 0.8),  # elbow
    (0.5856, 0.0528, 0.010, 0.6),  # fingertips, thumb first
    (0.7578, 0.16, 0.010, 0.6),
    (0.7601, 0.1238, 0.010, 0.6),
    (0.748, 0.0943, 0.010, 0.6),
    (0.7212, 0.085, 0.010, 0.6),
)
_FRECKLED: tuple[_Spot, ...] = (
    (0.878, 0.5195, 0.024, 1.0),  # cheek
    (0.866, 0.4832, 0.020, 1.0),  # nose
    (0.815, 0.4832, 0.040, 0.4),  # forehead
    (0.62, 0.87, 0.08, 0.35),  # forearm
    (0.47, 0.93, 0.07, 0.3),  # shoulder
)
# Islands of the texture mirror left and right about these values of v (the head, lying on its side) and of u.
_HEAD, _HEAD_MIDDLE = 0.64, 0.4832
_BODY_MIDDLE, _HANDS_MIDDLE, _HANDS_TOP = 0.38055, 0.56225, 0.2
_FEET = 0.361  # below this u, feet lie beside the hands
# The palm of the left hand lies beyond this line (a point on it, its slope).
_PALM_EDGE, _PALM_SLOPE = (0.664, 0.126), -0.8


def skin_fields(mesh: SkinnedMesh, assets: Path) -> Mapping[str, Array]:
    """Per vertex (N,) 0…1 how much of a lip, a nail and so on each is, by field name.

    Args:
        mesh: skin with hm08's texture coordinates; assets: MakeHuman's data folder.

    Raises:
        UserError: one of MakeHuman's pictures is missing or cannot be read.
    """
    assert mesh.uv is not None
    uv = np.zeros((len(mesh.vertices), 2))
    # A vertex on a seam of the texture takes one of its places there; marks and spots keep off the seams.
    corner = mesh.faces >= 0
    uv[mesh.faces[corner]] = mesh.uv[corner]
    return {name: _sample(mark, uv) for name, mark in _marks(assets).items()} | {
        BLUSH: _spots(_BLUSHING, _left_half(uv)),
        FRECKLES: _spots(_FRECKLED, _left_half(uv)),
        PALMS: _palms(_left_half(uv)),
    }


@dataclass(frozen=True)
class _Mark:
    """The part (H, W) uint8 of a picture that is not empty; x, y: its corner, size: the whole picture's."""

    crop: np.ndarray
    x: int
    y: int
    size: tuple[int, int]


@lru_cache(maxsize=2)
def _marks(assets: Path) -> Mapping[str, _Mark]:
    return {name: _read_mark(assets / "textures" / file, soft) for name, (file, soft) in _PICTURES.items()}


def _read_mark(path: Path, soft: float) -> _Mark:
    data = np.fromfile(path, dtype=np.uint8) if path.is_file() else np.zeros(0, dtype=np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if len(data) else None
    rows, columns = np.nonzero(picture > _MARKED) if picture is not None else (data, data)
    if picture is None or not len(rows):
        raise UserError(
            "the picture that marks a part of the skin is missing or damaged",
            file=path,
            mend="Fetch the MakeHuman data again: skatesynth assets fetch.",
        )
    margin = int(4.0 * soft) + 2
    left, top = max(int(columns.min()) - margin, 0), max(int(rows.min()) - margin, 0)
    crop = picture[top : int(rows.max()) + margin, left : int(columns.max()) + margin]
    soften = cv2.GaussianBlur(np.where(crop > _MARKED, crop, 0).astype(np.uint8), (0, 0), soft)
    return _Mark(np.asarray(soften), left, top, (picture.shape[1], picture.shape[0]))


def _sample(mark: _Mark, uv: Array) -> Array:
    """(N,) 0…1 the mark at texture coordinates (N, 2)."""
    x = uv[:, 0] * mark.size[0] - 0.5 - mark.x
    y = (1.0 - uv[:, 1]) * mark.size[1] - 0.5 - mark.y
    # Not cv2.remap: some releases read beside the picture where places lie far outside.
    found = map_coordinates(mark.crop.astype(np.float64), np.stack((y, x)), order=1, mode="constant", cval=0.0)
    return np.clip(found / 255.0, 0.0, 1.0)


def _left_half(uv: Array) -> Array:
    """(N, 2) texture coordinates with the right half of the skin laid over the left."""
    u, v = uv.T
    head = (u > _HEAD) & (v > _HANDS_TOP)
    hands = v < _HANDS_TOP
    middle = np.where(hands, _HANDS_MIDDLE, _BODY_MIDDLE)
    across = np.where(head | (hands & (u < _FEET)), u, middle + np.abs(u - middle))
    return np.stack((across, np.where(head, _HEAD_MIDDLE + np.abs(v - _HEAD_MIDDLE), v)), axis=-1)


def _spots(spots: tuple[_Spot, ...], uv: Array) -> Array:
    """(N,) the strongest of the spots, each a bell curve."""
    out = np.zeros(len(uv))
    for u, v, radius, strength in spots:
        distance = np.hypot(uv[:, 0] - u, uv[:, 1] - v)
        out = np.maximum(out, strength * np.exp(-((distance / radius) ** 2)))
    return out


def _palms(uv: Array) -> Array:
    u, v = uv.T
    beyond = v - _PALM_EDGE[1] - _PALM_SLOPE * (u - _PALM_EDGE[0])
    # Below the fingers lies the inside of the mouth.
    inside = (u > _PALM_EDGE[0] - 0.002) & (v < _HANDS_TOP) & (u < np.where(v > 0.11, 0.764, 0.756))
    return np.where(inside, np.clip(beyond / 0.006, 0.0, 1.0), 0.0)
