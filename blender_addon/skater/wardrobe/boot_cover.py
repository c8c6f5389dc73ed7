"""Legs of tights and unitards that are worn over the boots. Numpy alone.

The leg goes on from the calf over the collar, the tongue and the laces, on the boot's own outline: down to a line that
runs from the instep to the sole before the heel, or over the whole boot. Sole, heel and blade stay bare.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.skater.skates import boot_uppers
from blender_addon.skater.surface import Surface, trim, vertex_normals
from blender_addon.skater.upper import Upper, leg_weights
from blender_addon.skater.wardrobe.drape import edge_loops, extended
from blender_addon.skater.wardrobe.lines import Cuts
from blender_addon.skater.wardrobe.piece import Covers, Fitting
from mocap.rotations import Array

# From this cut "over_boots" on they go over the boot.
OVER = 0.25
# Metres, on a grown person, above the collar at which the cloth leaves the calf.
_LEAVES = 0.045
# Metres outside the leather, over laces.
_OUTSIDE = 0.0016
# Cut "over_boots" → where the cloth's line meets the sole, in shares of the foot's length from the heel; and by how
# much it runs further ahead with every metre up.
_LINE = ((OVER, 0.5, 0.9, 1.0), (0.12, 0.36, 0.95, 1.5))
_SLANT = 0.75
# Metres of the boot's lowest edge, in the foot's frame. Depth under the cloth grows slowly above it, so that the sole's
# upper side, which lies there too, counts as near the edge.
_SOLE, _NEAR_SOLE = -0.008, 0.5
_ROWS = 5


def goes_over_boots(fitting: Fitting, cuts: Cuts) -> bool:
    """Whether legs of these cuts are worn over boots."""
    return "boots" in fitting.worn and cuts.get("over_boots", 0.0) >= OVER


def over_boots(fitting: Fitting, cloth: Surface, cuts: Cuts) -> tuple[Surface, Covers]:
    """Legs (a surface of both) drawn over the boots; and how far (m) inside the edges of that points lie."""
    covers = [_Cover.of(fitting, upper, cuts["over_boots"]) for upper in boot_uppers(fitting)]
    left, right = (cover.leaves for cover in covers)
    cloth = trim(cloth, cloth.vertices[:, 2] - np.where(cloth.vertices[:, 0] > 0.0, left, right))
    on_skin = len(cloth.vertices)
    loops = sorted(edge_loops(cloth.faces), key=lambda row: float(cloth.vertices[row, 2].mean()))[:2]
    loops.sort(key=lambda row: -float(cloth.vertices[row, 0].mean()))
    for cover, loop in zip(covers, loops, strict=True):
        cloth = _drawn_over(cover.upper, cloth, loop)
    vertices = cloth.vertices.copy()
    vertices[on_skin:] += _OUTSIDE * vertex_normals(vertices, cloth.faces)[on_skin:]
    cloth = Surface(vertices, cloth.faces, cloth.weights)

    def inside(points: Array, weights: Array) -> Array:
        both = [cover.inside(points) for cover in covers]
        return np.where(points[:, 0] > 0.0, both[0], both[1])

    def behind(points: Array) -> Array:
        both = [cover.behind(points) for cover in covers]
        return np.where(points[:, 0] > 0.0, both[0], both[1])

    return trim(cloth, behind(cloth.vertices)), inside


@dataclass(frozen=True)
class _Cover:
    """What of a leg lies over one boot: from the height `leaves`, where it leaves the calf, back from a line that meets
    the sole `line` metres before the heel."""

    upper: Upper
    leaves: float
    line: float

    @staticmethod
    def of(fitting: Fitting, upper: Upper, over: float) -> _Cover:
        leaves = float(upper.rings[0, :, 2].max()) + _LEAVES * fitting.pattern.size
        return _Cover(upper, leaves, float(np.interp(over, *_LINE)) * upper.foot.length)

    def behind(self, points: Array) -> Array:
        """(N,) metres behind the line."""
        local = _in_frame(self.upper, points)
        return self.line + _SLANT * local[:, 2] - local[:, 0]

    def inside(self, points: Array) -> Array:
        """(N,) metres inside the edges, above the sole and below the calf."""
        height = _in_frame(self.upper, points)[:, 2]
        return np.minimum.reduce((self.leaves - height, self.behind(points), _NEAR_SOLE * (height - _SOLE)))


def _drawn_over(upper: Upper, cloth: Surface, loop: np.ndarray) -> Surface:
    """The cloth continued from its edge round the calf: straight to the collar, stretched, and on over the boot."""
    boot = _resampled(upper, cloth.vertices[loop])
    share = np.linspace(0.0, 1.0, _ROWS + 1)[1:-1, None, None]
    cone = (1.0 - share) * cloth.vertices[loop] + share * boot[0]
    bones = cloth.weights.shape[1]
    on_boot = leg_weights(upper.foot, np.repeat(upper.with_leg, len(loop)), bones).reshape(len(boot), len(loop), bones)
    on_cone = (1.0 - share) * cloth.weights[loop] + share * on_boot[0]
    longer = extended(cloth, loop, np.concatenate((cone, boot)), np.concatenate((on_cone, on_boot)))
    return _closed(longer, len(loop))


def _in_frame(upper: Upper, points: Array) -> Array:
    return (points - upper.foot.origin) @ upper.foot.axes.T


def _resampled(upper: Upper, around: Array) -> Array:
    """(S, L, 3) the boot's rings in the rig's space, with a point for each of the points (L, 3) above them."""
    rings = upper.foot.to_rig(upper.rings)
    count = rings.shape[1]
    middle = rings[0].mean(axis=0)
    turn = np.unwrap(np.arctan2(rings[0, :, 1] - middle[1], rings[0, :, 0] - middle[0]))
    way = 1.0 if turn[-1] > turn[0] else -1.0
    known = way * (turn - turn[0])
    wanted = way * (np.arctan2(around[:, 1] - middle[1], around[:, 0] - middle[0]) - turn[0]) % (2.0 * np.pi)
    place = np.interp(wanted, np.append(known, 2.0 * np.pi), np.arange(count + 1))
    before = place.astype(int) % count
    share = (place % 1.0)[:, None]
    out: Array = np.asarray((1.0 - share) * rings[:, before] + share * rings[:, (before + 1) % count])
    return out


def _closed(cloth: Surface, count: int) -> Surface:
    """With the last ring, of the last `count` vertices, filled by triangles about its middle."""
    ring = len(cloth.vertices) - count + np.arange(count)
    middle = np.full(count, len(cloth.vertices))
    fan = np.stack((np.roll(ring, -1), ring, middle, np.full(count, -1)), axis=1)
    return Surface(
        np.concatenate((cloth.vertices, cloth.vertices[ring].mean(axis=0, keepdims=True))),
        np.concatenate((cloth.faces, fan)),
        np.concatenate((cloth.weights, cloth.weights[ring[:1]])),
    )
