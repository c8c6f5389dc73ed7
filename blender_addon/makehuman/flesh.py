"""Measures the room that a body takes up, for retargeting to keep its hands out of it, and skirts and hair."""

from __future__ import annotations

import itertools

import numpy as np
from scipy.spatial import cKDTree

from blender_addon.makehuman.body import Body
from mocap.retarget import BoneMap, hand_axes
from mocap.retarget.volume import ArmFlesh, BodyVolume, Tube
from mocap.rig import Rig
from mocap.rotations import Array
from mocap.skeleton import OUTWARD

# Metres between the rings of a tube, and how many radii a ring has: a few millimetres between chords and skin.
RING = 0.025
ANGLES = 24
# Metres by which neighbouring tubes of the trunk overlap, so that a bent back has no gaps.
OVERLAP = 0.015
# A thin arm (m).
_THIN = ArmFlesh(elbow=0.032, wrist=0.022, hand=0.012, finger=0.008)
# Parts of a face's side at which it is sampled: closer to each other than the rings.
_ACROSS = (np.arange(4) + 0.5) / 4.0


def body_volume(body: Body, bones: BoneMap) -> BodyVolume:
    """The bare body's volume: trunk, neck, head and thighs, and how thick its arms are."""
    faces = body.faces[body.face_masks["body"]]
    return measured_volume(body.vertices, faces, body.bones, body.weights, body.rig, bones)


def measured_volume(
    vertices: Array, faces: np.ndarray, bones: np.ndarray, weights: Array, rig: Rig, names: BoneMap
) -> BodyVolume:
    """The volume inside a skin that hangs on a rig.

    Args:
        vertices: (N, 3) at rest; faces: (F, 4) their indices, −1 in the last place of a triangle.
        bones: (N, K) bone indices, weights: (N, K) their shares.
        names: which bones play which segments.
    """
    carrier = _carriers(rig, names)
    owner = carrier[bones[np.arange(len(vertices)), weights.argmax(axis=1)]]
    points, of_vertex = _samples(vertices, faces)
    owner = owner[of_vertex]

    trunk = [rig.index(bone) for bone in (names.root, *names.spine)]
    neck, head = rig.index(names.neck[0]), rig.index(names.head)
    column = np.isin(owner, (*trunk, neck))
    tubes = [_tube(points[column], points[owner == bone], bone, _UPRIGHT, OVERLAP) for bone in (*trunk, neck)]
    tubes.append(_tube(points[owner == head], points[owner == head], head, _UPRIGHT, 0.0))
    shanks: list[Tube | None] = []
    for limbs in names.limbs.values():
        joints = [rig.index(name) for name in (limbs.thigh[0], limbs.shank[0], limbs.foot)]
        for (bone, end), into in zip(itertools.pairwise(joints), (tubes, shanks), strict=True):
            flesh = points[owner == bone]
            into.append(_tube(flesh, flesh, bone, _axes_along(rig.heads[end] - rig.heads[bone]), 0.0))
    arms = {side: _arm(points, owner, rig, names, side, sign) for side, sign in OUTWARD.items()}
    there, below = (tuple(tube for tube in some if tube is not None) for some in (tubes, shanks))
    return BodyVolume(there, arms, below)


_UPRIGHT = np.eye(3)


def _axes_along(line: Array) -> Array:
    """(3, 3) rows x, y across a line (3,) and z along it."""
    z = line / np.linalg.norm(line)
    x = np.cross((0.0, 1.0, 0.0), z)
    x = x / np.linalg.norm(x)
    return np.stack((x, np.cross(z, x), z))


def _carriers(rig: Rig, names: BoneMap) -> np.ndarray:
    """(B,) the bone with whose flesh each bone's is counted.

    Halves of a limb count as one, neck bones too, and clavicles go with the chest; what the map does not name counts
    with its parent.
    """
    into = {name: name for name in names.names()}
    into |= dict.fromkeys(names.neck, names.neck[0])
    for limbs in names.limbs.values():
        into[limbs.clavicle] = names.spine[-1]
        for pair in (limbs.upper_arm, limbs.forearm, limbs.thigh, limbs.shank):
            into |= dict.fromkeys(pair, pair[0])
        into |= {bone: limbs.hand for fingers in limbs.fingers.values() for bone in fingers}
    out = np.zeros(len(rig.names), dtype=np.int64)
    for b, name in enumerate(rig.names):
        parent = int(rig.parents[b])
        out[b] = rig.index(into[name]) if name in into else out[parent] if parent >= 0 else rig.index(names.root)
    return out


def _samples(vertices: Array, faces: np.ndarray) -> tuple[Array, np.ndarray]:
    """Points (M, 3) spread over the faces, and (M,) the nearest corner of each."""
    corners = np.where(faces >= 0, faces, faces[:, :1])
    u, v = (grid.ravel() for grid in np.meshgrid(_ACROSS, _ACROSS))
    shares = np.stack(((1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v), axis=-1)
    points = np.einsum("sc,fcx->fsx", shares, vertices[corners])
    return points.reshape(-1, 3), corners[:, shares.argmax(axis=1)].reshape(-1)


def _tube(around: Array, own: Array, bone: int, axes: Array, overlap: float) -> Tube | None:
    """The tube through a bone's own points (K, 3), its radii from all points around (M, 3); None without flesh."""
    if len(own) < ANGLES:
        return None
    origin = 0.5 * (own.min(axis=0) + own.max(axis=0))
    heights = (own - origin) @ axes[2]
    low, high = np.percentile(heights, (1.0, 99.0)) + np.array((-overlap, overlap))
    local = (around - origin) @ axes.T
    local = local[(local[:, 2] > low - RING) & (local[:, 2] < high + RING)]
    # The axis runs through the middle of this flesh, wherever the bone lies.
    middle = 0.5 * (np.percentile(local[:, :2], 2.0, axis=0) + np.percentile(local[:, :2], 98.0, axis=0))
    origin = origin + middle @ axes[:2]
    local[:, :2] -= middle

    rows = max(2, round((high - low) / RING) + 1)
    grid_height = np.repeat(np.linspace(low, high, rows), ANGLES)
    grid_angle = np.tile(np.arange(ANGLES) * (2.0 * np.pi / ANGLES), rows)
    radius, angle = np.hypot(local[:, 0], local[:, 1]), np.arctan2(local[:, 1], local[:, 0])
    # Neighbours on the unrolled skin, at the scale of its mean radius.
    size = float(np.median(radius))
    skin = cKDTree(np.stack((size * np.cos(angle), size * np.sin(angle), local[:, 2]), axis=-1))
    asked = np.stack((size * np.cos(grid_angle), size * np.sin(grid_angle), grid_height), axis=-1)
    distance, near = skin.query(asked, k=6)
    share = 1.0 / (distance + 0.003)
    radii = np.sum(share * radius[near], axis=1) / share.sum(axis=1)
    return Tube(bone, origin, axes, float(low), float(high), radii.reshape(rows, ANGLES))


def _arm(points: Array, owner: np.ndarray, rig: Rig, names: BoneMap, side: str, sign: float) -> ArmFlesh:
    limbs = names.limbs[side]
    forearm, hand = rig.index(limbs.forearm[0]), rig.index(limbs.hand)
    elbow, wrist = rig.heads[forearm], rig.heads[hand]
    axes = _axes_along(wrist - elbow)
    local = (points[owner == forearm] - elbow) @ axes.T
    along = local[:, 2] / np.linalg.norm(wrist - elbow)
    radius = np.hypot(local[:, 0], local[:, 1])
    palm = points[owner == hand] - wrist
    lying = hand_axes(rig, limbs, sign)
    # Where fingers begin is half-way along the hand.
    ahead = palm @ lying.along
    across = palm @ lying.palm
    thick = np.abs(across - _percentile(across, 50.0, 0.0))
    half = 0.5 * float(ahead.max(initial=0.0))
    return ArmFlesh(
        elbow=_percentile(radius[(along > 0.1) & (along < 0.4)], 50.0, _THIN.elbow),
        wrist=_percentile(radius[along > 0.85], 50.0, _THIN.wrist),
        hand=_percentile(thick[(ahead > 0.3 * half) & (ahead < half)], 60.0, _THIN.hand),
        finger=_THIN.finger,
    )


def _percentile(values: Array, share: float, otherwise: float) -> float:
    """A percentile, or what is taken where a skin has nothing there."""
    return float(np.percentile(values, share)) if len(values) else otherwise
