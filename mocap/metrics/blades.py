"""What the blades do where the take says that they are on the ice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mocap.metrics.spread import Spread, spread
from mocap.motion import Motion
from mocap.retarget import BoneMap, Soles
from mocap.rig import PoseTrack, Rig
from mocap.rotations import Array
from mocap.skeleton import SIDES
from mocap.sole_points import heel_and_ball


@dataclass(frozen=True)
class Slip:
    """Speed of the standing blade across its own line, in the plane of the ice.

    It is that of the blade's middle, or of its heel or toe where only that is down. A blade cuts along its edge and
    hardly slips across it; skids, stops and spins do.
    """

    m_per_s: Spread
    mm_per_frame: Spread


@dataclass(frozen=True)
class BladeErrors:
    """Attributes:
    penetration_mm: how deep the lowest point of the running edge lies under the ice in contact frames, 0 above it.
    float_mm: how high it is over the ice in contact frames, 0 below.
    deepest_mm: under the ice in any frame at all.
    contact_frames: number of them, both feet counted.
    slip: the avatar's; recorded_slip: that of the recorded foot, × `scale` (avatar's leg to recorded leg).
    """

    penetration_mm: Spread | None
    float_mm: Spread | None
    deepest_mm: float
    contact_frames: int
    slip: Slip | None
    recorded_slip: Slip | None


def blade_errors(motion: Motion, rig: Rig, bones: BoneMap, soles: Soles, track: PoseTrack, scale: float) -> BladeErrors:
    """Heights and slip of both blades; without contacts in the motion only `deepest_mm` says anything.

    Args:
        scale: the avatar's leg length to the recorded one.
    """
    edges = running_edges(rig, bones, soles, track)
    heights = {side: edge[..., 2].min(axis=1) for side, edge in edges.items()}
    down = {side: _down(motion, side) for side in SIDES}
    touching = 1000.0 * np.concatenate([heights[side][down[side].any(axis=1)] for side in SIDES])
    blades = {side: (edge[:, -1], edge[:, 0]) for side, edge in edges.items()}
    feet = {side: heel_and_ball(motion, side) for side in SIDES}
    recorded = {side: (scale * heel, scale * ball) for side, (heel, ball) in feet.items()}
    return BladeErrors(
        penetration_mm=spread(np.maximum(0.0, -touching)),
        float_mm=spread(np.maximum(0.0, touching)),
        deepest_mm=float(1000.0 * max(0.0, -min(h.min() for h in heights.values()))),
        contact_frames=len(touching),
        slip=_slip(blades, down, motion.rate),
        recorded_slip=_slip(recorded, down, motion.rate),
    )


def running_edges(rig: Rig, bones: BoneMap, soles: Soles, track: PoseTrack) -> dict[str, Array]:
    """Per side (T, M, 3): the running edge, toe first, in every frame."""
    out = {}
    for side in SIDES:
        foot = rig.index(bones.limbs[side].foot)
        move = track.matrices[:, foot] @ np.linalg.inv(rig.rest[foot])
        out[side] = np.einsum("tij,mj->tmi", move[:, :3, :3], soles.points[side]) + move[:, None, :3, 3]
    return out


def _down(motion: Motion, side: str) -> np.ndarray:
    """(T, 2) bool: heel, toe."""
    said = motion.foot_contacts(side)
    return np.zeros((len(motion), 2), dtype=bool) if said is None else said


def _slip(feet: Mapping[str, tuple[Array, Array]], down: Mapping[str, np.ndarray], rate: float) -> Slip | None:
    across = np.concatenate([_across(*feet[side], down[side]) for side in feet])
    per_frame, per_second = spread(1000.0 * across), spread(across * rate)
    return Slip(per_second, per_frame) if per_second and per_frame else None


def _across(heel: Array, toe: Array, down: np.ndarray) -> Array:
    """Metres per frame by which a standing foot moves across its own line, from each frame to the next.

    Only between frames in which the same ends are down: a change from heel to toe is no movement.
    """
    same = down[:-1].any(axis=1) & (down[:-1] == down[1:]).all(axis=1)
    weight = down[:-1] / np.maximum(1, down[:-1].sum(axis=1, keepdims=True))
    steps = np.stack((np.diff(heel, axis=0), np.diff(toe, axis=0)), axis=1)
    step = np.einsum("te,tei->ti", weight, steps)
    line = 0.5 * ((toe - heel)[:-1] + (toe - heel)[1:])[:, :2]
    line = line / np.maximum(np.linalg.norm(line, axis=1, keepdims=True), 1e-9)
    across: Array = np.abs(step[:, 0] * line[:, 1] - step[:, 1] * line[:, 0])
    return across[same]
