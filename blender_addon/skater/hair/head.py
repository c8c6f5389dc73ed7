"""What hair has to know of a head: where it is, how far its skull reaches in every direction, where hair begins.

Directions are unit vectors from the middle of the head; "around" is degrees round it from the forehead (0) over the
left ear (90) to the nape (±180), "up" degrees above the horizontal there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator, PchipInterpolator
from scipy.ndimage import map_coordinates, maximum_filter

from blender_addon.makehuman.body import Body
from mocap.rotations import Array

# Of hm08's texture coordinates, which are the same for every body: the island of the head's skin from the neck up
# (lowest and highest u and v), and the two ears in it (centres, radius).
_ISLAND = (0.6, 1.0, 0.14, 0.83)
_EARS = ((0.848, 0.343), (0.848, 0.623))
_EAR_RADIUS = 0.032

# Steps, in degrees, of the table of the skull's radii, and the lowest row.
_STEP_AROUND, _STEP_UP, _LOWEST = 4.0, 3.0, -72.0
# Seen from this direction, through jaw and neck, all of the scalp lies on one side.
_POLE = np.array((0.0, -0.5, -0.8660254))

# Where hair begins: degrees above the horizontal by degrees round the head. Forehead, corner of the forehead, temple,
# sideburn, top of the ear, behind it, nape; read off pictures of combed-back hair, the eyes on the horizontal and the
# ears at 90.
_AROUND = (0.0, 20.0, 36.0, 48.0, 57.0, 63.0, 67.0, 71.0, 76.0, 81.0, 86.0, 92.0, 104.0, 114.0, 126.0, 142.0, 180.0)
_UP = (46.5, 44.8, 40.5, 34.5, 27.0, 18.5, 9.0, -3.0, -10.0, -8.0, 2.0, 9.0, 6.0, -12.0, -25.0, -33.0, -36.0)
_HAIRLINE = PchipInterpolator(_AROUND, _UP)


@dataclass(frozen=True)
class Head:
    """A head's measures.

    Attributes:
        middle: (3,) at the height of the eyes between the ears.
        bone: the head bone; bones: how many the body has; part: body part of the head.
        radii: (R, C) metres from the middle to the skin, without ears, by up and around; eared: (R, C) with ears.
    """

    middle: Array
    bone: int
    bones: int
    part: int
    radii: Array
    eared: Array

    @property
    def size(self) -> float:
        """How large the skull is: 1 for a grown woman's."""
        return float(self.skull(unit(180.0, 30.0))) / 0.098

    def skull(self, directions: Array) -> Array:
        """(…,) metres from the middle to the skin in directions (…, 3), as if there were no ears."""
        return _look_up(self.radii, directions)

    def with_ears(self, directions: Array) -> Array:
        """(…,) metres from the middle to whatever of skull and ears stands out furthest there."""
        return _look_up(self.eared, directions)

    def on_skull(self, directions: Array, height: Array | float) -> Array:
        """(…, 3) points `height` metres outside the skull in directions (…, 3)."""
        return self.middle + directions * (self.skull(directions) + height)[..., None]


def find_head(body: Body, parts: np.ndarray) -> Head:
    """Measures the head of a shaped body; `parts` (B,) are its bones' body parts."""
    eyes = body.vertices[np.concatenate((body.groups["helper-l-eye"], body.groups["helper-r-eye"]))]
    faces = body.face_masks["body"]
    uv = np.full((len(body.vertices), 2), -1.0)
    uv[body.faces[faces]] = body.face_uv[faces]
    low_u, high_u, low_v, high_v = _ISLAND
    skin = (uv[:, 0] > low_u) & (uv[:, 0] < high_u) & (uv[:, 1] > low_v) & (uv[:, 1] < high_v)
    ears = skin & np.any([np.linalg.norm(uv - ear, axis=1) < _EAR_RADIUS for ear in _EARS], axis=0)
    middle = np.array((0.0, body.vertices[ears, 1].mean(), eyes[:, 2].mean()))
    radii = _radii(body.vertices[skin & ~ears] - middle)
    bone = body.rig.index("head")
    return Head(
        middle=middle,
        bone=bone,
        bones=len(body.rig.names),
        part=int(parts[bone]),
        radii=radii,
        eared=_stretched(radii, body.vertices[ears] - middle),
    )


def unit(around: Array | float, up: Array | float) -> Array:
    """(…, 3) directions from degrees round the head and above the horizontal."""
    a, e = np.radians(around), np.radians(up)
    return np.stack(np.broadcast_arrays(np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)), axis=-1)


def angles(directions: Array) -> tuple[Array, Array]:
    """Degrees round the head, −180…180, and above the horizontal, each (…,), of directions (…, 3)."""
    around = np.degrees(np.arctan2(directions[..., 0], -directions[..., 1]))
    return around, np.degrees(np.arcsin(np.clip(directions[..., 2], -1.0, 1.0)))


def hairline(around: Array) -> Array:
    """(…,) degrees above the horizontal at which hair begins, `around` degrees round the head."""
    return _HAIRLINE(np.abs(around))


def above_hairline(points: Array, head: Head) -> Array:
    """(…,) metres, about, by which points (…, 3) of the head lie inside the hairline; negative below it."""
    offset = points - head.middle
    distance = np.linalg.norm(offset, axis=-1)
    around, up = angles(offset / np.maximum(distance, 1e-9)[..., None])
    rise = np.radians(up - hairline(around)) * distance
    # Beside a steep stretch of the line, such as the sideburn's, the line is nearer than it is below.
    return rise / np.hypot(1.0, _HAIRLINE.derivative()(np.abs(around)))


def _radii(offsets: Array) -> Array:
    """(R, C) distance of the skin that has its vertices at offsets (N, 3) from the middle."""
    distance = np.linalg.norm(offsets, axis=1)
    flat = _flat(offsets / distance[:, None])
    wanted = _flat(_table_directions())
    radii = LinearNDInterpolator(flat, distance)(wanted)
    outside = np.isnan(radii)
    radii[outside] = NearestNDInterpolator(flat, distance)(wanted[outside])
    return radii


def _flat(directions: Array) -> Array:
    """(…, 2) stereographic projection of directions (…, 3), the pole opposite to jaw and neck in its middle."""
    side = np.array((1.0, 0.0, 0.0))
    up = -_POLE
    return np.stack((directions @ side, directions @ np.cross(up, side)), axis=-1) / (
        1.0 + 1e-9 + (directions @ up)[..., None]
    )


def _table_directions() -> Array:
    around = np.arange(-180.0, 180.0 + _STEP_AROUND, _STEP_AROUND)
    up = np.arange(_LOWEST, 90.0 + _STEP_UP, _STEP_UP)
    return unit(around[None, :], up[:, None])


def _cells(directions: Array) -> tuple[Array, Array]:
    around, up = angles(directions)
    return (up - _LOWEST) / _STEP_UP, (around + 180.0) / _STEP_AROUND


def _look_up(table: Array, directions: Array) -> Array:
    cells = np.stack(_cells(directions))
    return map_coordinates(table, cells.reshape(2, -1), order=1, mode="nearest").reshape(cells.shape[1:])


def _stretched(radii: Array, ears: Array) -> Array:
    """The table with the ears' vertices (N, 3) in it."""
    distance = np.linalg.norm(ears, axis=1)
    row, column = (np.rint(cell).astype(np.int64) for cell in _cells(ears / distance[:, None]))
    out = np.zeros_like(radii)
    np.maximum.at(out, (row, column), distance)
    return np.maximum(radii, maximum_filter(out, size=3))
