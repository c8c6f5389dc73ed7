"""A flared skirt that hangs on a ring of chains round the waist. Numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import griddata
from scipy.spatial import cKDTree

from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.skater.human import Chain
from blender_addon.skater.part_borders import PartBorder, PartBorders
from blender_addon.skater.surface import Surface, as_mesh, loft, smoothstep
from blender_addon.skater.wardrobe.cuts import cuts_of
from blender_addon.skater.wardrobe.pattern import Pattern
from blender_addon.skater.wardrobe.piece import SKIRT, Fitting, Piece
from mocap.rotations import Array

THICKNESS = 0.0015
SEAM_OFFSET = 0.0025  # metres of the skirt's upper edge outside the suit

# Of the light stretch mesh and chiffon of skating dresses: they stand off by themselves a little, and air holds them
# so that one falls at 5 m/s (`Chain`).
STIFFNESS = 12.0
DRAG = 2.0
# Metres between the chains and the tights: the cloth between two of them is flat, the thigh under it round.
CLEARANCE = 0.012

CHAINS = 24
# Where the joints of every chain lie between seam (0) and hem (1): of a short skirt, and of one longer than `LONG`.
JOINTS = (np.array((0.0, 0.3, 0.63, 1.0)), np.array((0.0, 0.22, 0.46, 0.72, 1.0)))
LONG = 0.5

_COLUMNS = 5 * CHAINS
_ROWS = 15
_FOLDS = 16


@dataclass(frozen=True)
class _Shape:
    """The skirt as rows from the seam to the hem, columns round the waist; angle 0 points forward.

    Attributes:
        angle: (C,) of the columns; down: (R, 1) 0 at the seam to 1 at the hem.
        smooth: (R, C, 3) points without folds; folded: (R, C, 3) with them.
        phase: (C,) of the folds.
        sewn: (R, C) 1 at the seam to 0 where it hangs freely.
        joints: where those of the chains lie, as `down`.
    """

    angle: Array
    down: Array
    smooth: Array
    folded: Array
    phase: Array
    sewn: Array
    joints: Array


def make_skirt(fitting: Fitting) -> Piece:
    """The skirt of a dress, over whatever is worn below it; it covers nothing, as one sees under it.

    Asymmetry slants its hem from the right hip down to the left.
    """
    cut = cuts_of("skirt", fitting.worn["skirt"])
    pattern, suit = fitting.pattern, fitting.suit
    lower = suit.weights[:, pattern.lower_parts].sum(axis=1) > 0.5
    points, weights = suit.vertices[lower], suit.weights[lower]
    shape = _shape(points, pattern, cut)
    vertices, faces = loft(shape.folded)

    at_seam = _weights_around(shape.folded[0], points, weights)
    anchor = int(at_seam.sum(axis=0).argmax())
    mesh = as_mesh(
        "skirt",
        Surface(vertices, faces, _hung(shape, at_seam)),
        CLOTHES_INDEX["skirt"],
        _borders(pattern),
        thickness=THICKNESS,
        fields=_fields(shape),
    )
    return Piece(meshes=(mesh,), layer=SKIRT, chains=_chains(shape, anchor, cut["flare"]))


def _shape(points: Array, pattern: Pattern, cut: dict[str, float]) -> _Shape:
    """The skirt at rest round the points (N, 3) of the suit about hips and thighs."""
    angle = np.linspace(-np.pi, np.pi, _COLUMNS, endpoint=False)
    down = np.linspace(0.0, 1.0, _ROWS)[:, None]
    thigh = pattern.hip - pattern.knee
    # The seam dips in front, the hem behind.
    seam = pattern.hip + 0.66 * (pattern.waist - pattern.hip) - 0.018 * (0.5 + 0.5 * np.cos(angle)) ** 2
    hem = pattern.hip - (0.22 + 0.76 * cut["length"]) * thigh - 0.03 * thigh * (0.5 - 0.5 * np.cos(angle))
    slant = 0.5 + 0.5 * np.sin(angle - 0.5)
    hem = hem - cut["asymmetry"] * 0.4 * (seam - hem) * (slant - 0.5)
    height = seam + (hem - seam) * down
    fallen = seam - height
    loose = smoothstep(0.0, 0.16 * thigh, fallen)
    waist = _waist_radius(points, pattern, angle, seam)
    girth = _girth(points, pattern, angle, height)
    # Off the hips it falls outwards, like a cone.
    off = np.maximum(0.0, fallen - 0.35 * (pattern.waist - pattern.crotch))
    radius = (1.0 - loose) * waist + loose * girth + SEAM_OFFSET + 0.006 * loose
    radius = radius + (0.12 + 0.36 * cut["flare"]) * off
    phase = _FOLDS * angle + 0.6 * np.sin(3.0 * angle) + 0.4 * np.sin(5.0 * angle + 1.0)
    # Folds are as deep as there is cloth, and never press into the leg.
    depth = (0.015 + 0.05 * cut["flare"]) * smoothstep(0.0, 0.25, off) * thigh
    wave = depth * np.cos(phase)

    def around(radii: Array) -> Array:
        return np.stack((radii * np.sin(angle), pattern.hip_y - radii * np.cos(angle), height), axis=-1)

    return _Shape(
        angle=angle,
        down=down,
        smooth=around(radius),
        folded=around(radius + wave),
        phase=phase,
        sewn=1.0 - smoothstep(0.0, 0.13 * thigh, fallen),
        joints=JOINTS[int(cut["length"] > LONG)],
    )


def _chains(shape: _Shape, anchor: int, flare: float) -> tuple[Chain, ...]:
    columns = np.arange(CHAINS) * (_COLUMNS // CHAINS)
    row = shape.joints * (_ROWS - 1)
    above = np.minimum(row.astype(np.intp), _ROWS - 2)
    share = (row - above)[:, None, None]
    joints = (1.0 - share) * shape.smooth[above][:, columns] + share * shape.smooth[above + 1][:, columns]
    middle = joints[:, :, :2].mean(axis=1, keepdims=True)
    radius = np.linalg.norm(joints[..., :2] - middle, axis=-1).mean(axis=1)
    fall = np.linalg.norm(np.diff(joints, axis=0), axis=-1).sum(axis=0).mean()
    # How much cloth there is decides how far the hem can fly: a full circle lies flat.
    opened = radius[0] + min(1.0, 0.74 + 0.34 * flare) * fall
    return tuple(
        Chain(
            points=joints[:, k],
            anchor=anchor,
            stiffness=STIFFNESS,
            drag=DRAG,
            thickness=CLEARANCE,
            ring=CLOTHES_INDEX["skirt"],
            spread=float(opened / radius[-1]),
        )
        for k in range(CHAINS)
    )


def _hung(shape: _Shape, at_seam: Array) -> Array:
    """(N, B + bones of the chains) weights: the seam on the body, the rest on the links of the two nearest chains."""
    links = len(shape.joints) - 1
    down = shape.down[:, 0]
    # How far along the links, counted in links; over a joint one goes gently over to the next.
    along = np.interp(down, shape.joints, np.arange(links + 1))
    of_link = np.zeros((_ROWS, links))
    for k in range(links):
        rise = smoothstep(k - 0.4, k + 0.4, along) if k > 0 else np.ones(_ROWS)
        fall = smoothstep(k + 0.6, k + 1.4, along) if k < links - 1 else np.zeros(_ROWS)
        of_link[:, k] = rise - fall

    per_chain = _COLUMNS // CHAINS
    column = np.arange(_COLUMNS)
    left, share = column // per_chain, (column % per_chain) / per_chain
    of_chain = np.zeros((_COLUMNS, CHAINS))
    of_chain[column, left] = 1.0 - share
    of_chain[column, (left + 1) % CHAINS] += share

    hanging = np.einsum("rc,cn,rk->rcnk", 1.0 - shape.sewn, of_chain, of_link).reshape(_ROWS * _COLUMNS, -1)
    fixed = (shape.sewn[..., None] * at_seam).reshape(_ROWS * _COLUMNS, -1)
    return np.concatenate((fixed, hanging), axis=1)


def _borders(pattern: Pattern) -> PartBorders:
    """Torso above the crotch, below it the thigh of its side: what would be seen there without a skirt."""
    torso, down = BODY_PART_INDEX["torso"], np.array((0.0, 0.0, -1.0))
    crotch = np.array((0.0, 0.0, pattern.crotch))
    thighs = (("left_thigh", 1.0), ("right_thigh", -1.0))
    return PartBorders(
        torso,
        tuple(
            PartBorder(torso, BODY_PART_INDEX[thigh], np.array((crotch, crotch)), np.array((down, (side, 0.0, 0.0))))
            for thigh, side in thighs
        ),
    )


def _fields(shape: _Shape) -> dict[str, Array]:
    """ "gradient" from 0 at the seam to 1 at the hem, "panel" 0…1 across each fold, "seam" metres from the hem."""
    steps = np.linalg.norm(np.diff(shape.smooth, axis=0), axis=-1)
    fallen = np.concatenate((np.zeros((1, _COLUMNS)), np.cumsum(steps, axis=0)))
    return {
        "gradient": np.broadcast_to(shape.down, fallen.shape).ravel(),
        "panel": np.broadcast_to(0.5 + 0.5 * np.cos(shape.phase), fallen.shape).ravel(),
        "seam": (fallen[-1] - fallen).ravel(),
    }


def _waist_radius(points: Array, pattern: Pattern, angle: Array, height: Array) -> Array:
    """(C,) distance of the suit from the skirt's axis at angles and heights (C,) about the waist."""
    near = points[np.abs(points[:, 2] - height.mean()) < 0.08]
    around = np.arctan2(near[:, 0], pattern.hip_y - near[:, 1])
    distance = np.hypot(near[:, 0], pattern.hip_y - near[:, 1])
    # Once more on either side, so that the round closes.
    turns = np.concatenate([around + turn for turn in (-2.0 * np.pi, 0.0, 2.0 * np.pi)])
    places = np.stack((turns * distance.mean(), np.tile(near[:, 2], 3)), axis=1)
    return griddata(places, np.tile(distance, 3), np.stack((angle * distance.mean(), height), axis=1))


def _girth(points: Array, pattern: Pattern, angle: Array, height: Array) -> Array:
    """(R, C) radius that goes round the points at each height and angle, and never narrows downwards."""
    aside, ahead = points[:, 0], pattern.hip_y - points[:, 1]
    distance, around = np.hypot(aside, ahead), np.arctan2(aside, ahead)
    turn = np.abs((around[:, None] - angle + np.pi) % (2.0 * np.pi) - np.pi) < np.radians(12.0)
    out = np.zeros_like(height)
    for row, heights in enumerate(height):
        near = turn & (np.abs(points[:, 2, None] - heights) < 0.018)
        out[row] = np.where(near, distance[:, None], 0.0).max(axis=0)
    out = np.maximum.accumulate(out, axis=0)
    for _ in range(6):
        out = 0.25 * np.roll(out, 1, axis=1) + 0.5 * out + 0.25 * np.roll(out, -1, axis=1)
    return out


def _weights_around(places: Array, points: Array, weights: Array) -> Array:
    """(N, B) weights of places (N, 3): the mean of the 48 nearest points', nearer ones counting more as by a bell curve
    12 mm wide."""
    distance, index = cKDTree(points).query(places, k=48)
    bell = np.exp(-(distance**2 - distance[:, :1] ** 2) / (2.0 * 0.012**2))
    bell /= bell.sum(axis=1, keepdims=True)
    return np.einsum("nk,nkb->nb", bell, weights[index])
