"""Do the avatar's bones point where the recorded segments point, and are they turned about themselves as those are?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mocap.metrics.bodies import PosedBody, unit
from mocap.metrics.spread import Spread, spread
from mocap.motion import Motion
from mocap.retarget import BoneMap
from mocap.rig import PoseTrack, Rig
from mocap.rotations import Array, to_matrix

# Clavicles and hands of two skeletons have no common line: MVN's clavicle is level, its hand a plate without fingers.
LOOSE = ("Shoulder", "Hand")


@dataclass(frozen=True)
class DirectionErrors:
    """Degrees per bone.

    Attributes:
        direction: angle between where the avatar's bone and the recorded segment point. Limbs and feet are compared
            as they are; a spine, neck or head has its own shape, so there it is the bone's rest direction carried by
            the recorded segment(s) at its height since the identity pose.
        firm, loose: the same over all frames of all bones but clavicles and hands, and of these.
        twist: angle about that direction between their second axes (elbow and knee hinge, palm, sole, face).
    """

    direction: Mapping[str, Spread | None]
    firm: Spread | None
    loose: Spread | None
    twist: Mapping[str, Spread | None]


def direction_errors(
    motion: Motion, rig: Rig, bones: BoneMap, track: PoseTrack, source: PosedBody, target: PosedBody
) -> DirectionErrors:
    """Errors of every segment and of every bone of the spine, over all frames."""
    pairs = {name: (source.directions[name], target.directions[name]) for name in source.directions}
    pairs |= _column(motion, rig, bones, track)
    angles = {name: angle_between(*pair) for name, pair in pairs.items()}
    twist = {
        name: spread(np.abs(turn_about(source.directions[name], source.axes[name], target.axes[name])))
        for name in source.axes
    }
    return DirectionErrors(
        direction={name: spread(angle) for name, angle in angles.items()},
        firm=spread([angle for name, angle in angles.items() if not name.endswith(LOOSE)]),
        loose=spread([angle for name, angle in angles.items() if name.endswith(LOOSE)]),
        twist=twist,
    )


def angle_between(a: Array, b: Array) -> Array:
    """(…) degrees between unit vectors (…, 3); exact for small angles, where an arc cosine is not."""
    return np.degrees(2.0 * np.arctan2(np.linalg.norm(a - b, axis=-1), np.linalg.norm(a + b, axis=-1)))


def turn_about(line: Array, a: Array, b: Array) -> Array:
    """(…) signed degrees by which a turns into b about the unit vector `line`, all (…, 3)."""
    cross = np.sum(np.cross(a, b) * line, axis=-1)
    across = np.sum(a * b, axis=-1) - np.sum(a * line, axis=-1) * np.sum(b * line, axis=-1)
    return np.degrees(np.arctan2(cross, across))


def _column(motion: Motion, rig: Rig, bones: BoneMap, track: PoseTrack) -> dict[str, tuple[Array, Array]]:
    """Wanted and found directions (T, 3) of each bone of the spine, and of the neck as a whole.

    The avatar's spine at rest is cut at the heights of the recorded joints (hips 0 … neck 1); each piece is carried by
    the segment recorded there. The neck is one segment, over which a rig's neck bones share the turn as they like.
    """
    chain = [rig.index(bone) for bone in (*bones.spine, bones.neck[0])]
    hips = np.mean([rig.heads[rig.index(limbs.thigh[0]), 2] for limbs in bones.limbs.values()])
    heights = (rig.heads[chain, 2] - hips) / (rig.heads[chain[-1], 2] - hips)
    at = motion.skeleton.identity_positions()[:, 2]
    joints = [motion.skeleton.index(s) for s in ("Pelvis", "L5", "L3", "T12", "T8", "Neck")]
    knots = (at[joints] - at[joints[0]]) / (at[joints[-1]] - at[joints[0]])
    turns = to_matrix(motion.orientations[:, joints])
    rest = np.diff(rig.heads[chain], axis=0)
    wanted = np.einsum("bk,tkij,bj->tbi", overlaps(heights, knots), turns[:, :-1], rest)
    heads = track.matrices[..., :3, 3]
    found = np.diff(heads[:, chain], axis=1)
    out = {bone: (unit(wanted[:, i]), unit(found[:, i])) for i, bone in enumerate(bones.spine)}
    base, top = rig.index(bones.neck[0]), rig.index(bones.head)
    out["Neck"] = (turns[:, -1] @ unit(rig.heads[top] - rig.heads[base]), unit(heads[:, top] - heads[:, base]))
    return out


def overlaps(heights: Array, knots: Array) -> Array:
    """(B, K) which share of each stretch between `heights` (B+1,) lies between which `knots` (K+1,), both rising.

    What lies below the first knot counts as the first stretch's.
    """
    clipped = np.clip(heights[:, None], knots[:-1], knots[1:])
    lengths = np.diff(clipped, axis=0)
    lengths[:, 0] += np.diff(np.minimum(heights, knots[0]))
    shares: Array = lengths / lengths.sum(axis=1, keepdims=True)
    return shares
