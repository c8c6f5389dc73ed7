"""A foot and its lower leg, measured for boots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.makehuman.body import Body
from blender_addon.skater.surface import spread_weights
from mocap.rig import Rig
from mocap.rotations import Array

# Shares of the foot's length: how high above the ankle boots of the cut "height" 0…1 go,
COLLAR_ABOVE_ANKLE = ((0.0, 0.5, 1.0), (0.42, 0.56, 0.7))
TIGHTS_IN_BOOT = 0.22  # and how far from the collar tights reach down into them.
SIDES = {"left": ".L", "right": ".R"}


@dataclass(frozen=True)
class Foot:
    """A foot and its lower leg in the foot's own frame: x from the back of the heel to the toes, y to the skater's
    left, z up from the sole.

    Attributes:
        side: "left" or "right".
        origin: (3,) back of the heel on the floor; axes: (3, 3) rows x, y, z.
        points: (M, 3) skin and tights of foot and lower leg, in the frame.
        ankle: (3,) the joint, in the frame.
        length: metres from the heel to the tip of the toes.
        foot_bone, leg_bone: indices.
    """

    side: str
    origin: Array
    axes: Array
    points: Array
    ankle: Array
    length: float
    foot_bone: int
    leg_bone: int

    def to_rig(self, local: Array) -> Array:
        """(…, 3) points of the frame in the rig's space."""
        return self.origin + local @ self.axes


def find_foot(body: Body, side: str) -> Foot:
    """Measures one foot of a body that stands barefoot on z = 0."""
    rig, suffix = body.rig, SIDES[side]
    foot = rig.index(f"foot{suffix}")
    leg = int(rig.parents[foot])
    weights = spread_weights(body.bones, body.weights, len(rig.names))
    below = weights[:, descendants(rig, foot)].sum(axis=1)
    lower = below + weights[:, [leg, int(rig.parents[leg])]].sum(axis=1)
    # Tights are worn in boots, so the boot goes round them too.
    faces = body.faces[body.face_masks["body"] | body.face_masks["helper-tights"]]
    points = _sampled(body.vertices, faces[(lower[faces] > 0.5).all(axis=1)])
    sole = _sampled(body.vertices, faces[(below[faces] > 0.5).all(axis=1)])

    toes = rig.heads[rig.index(f"toe2-1{suffix}")]
    forward = _level(toes - rig.heads[foot])
    for _ in range(2):
        along = sole @ forward
        heel = sole[(along < along.min() + 0.02) & (sole[:, 2] < 0.05)].mean(axis=0)
        forward = _level(toes - heel)
    up = np.array((0.0, 0.0, 1.0))
    axes = np.stack((forward, np.cross(up, forward), up))
    origin = heel + forward * ((sole @ forward).min() - heel @ forward)
    origin[2] = 0.0
    length = float(((sole - origin) @ forward).max())
    return Foot(side, origin, axes, (points - origin) @ axes.T, (rig.heads[foot] - origin) @ axes.T, length, foot, leg)


def _sampled(vertices: Array, faces: np.ndarray) -> Array:
    """(M, 3) corners, edge middles and centres of quads: where vertices are sparse, sections need more than those."""
    corners = vertices[faces]
    middles = 0.5 * (corners + np.roll(corners, -1, axis=1))
    return np.concatenate((corners.reshape(-1, 3), middles.reshape(-1, 3), corners.mean(axis=1)))


def collar_height(foot: Foot, height: float = 0.5) -> float:
    """Metres from the floor under the bare foot to the front of the boot's collar, by the boot's cut "height"."""
    return float(foot.ankle[2]) + float(np.interp(height, *COLLAR_ABOVE_ANKLE)) * foot.length


def tights_end(foot: Foot, height: float = 0.5) -> float:
    """Metres from the floor under the bare foot to where the boot hides the leg."""
    return collar_height(foot, height) - TIGHTS_IN_BOOT * foot.length


def _level(vector: Array) -> Array:
    flat = vector * np.array((1.0, 1.0, 0.0))
    return flat / np.linalg.norm(flat)


def descendants(rig: Rig, bone: int) -> list[int]:
    """A bone and all that hang on it; parents stand before children."""
    out = {bone}
    for index, parent in enumerate(rig.parents):
        if int(parent) in out:
            out.add(index)
    return sorted(out)
