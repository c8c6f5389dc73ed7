"""Are the avatar's joints where the recorded ones are, and do they move as smoothly?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mocap.metrics.bodies import PosedBody
from mocap.metrics.spread import Spread, spread
from mocap.rotations import Array

# m/s³ below which a joint counts as still, and frames below which a take says nothing of how smoothly it moves.
_STILL = 1e-3
_SHORT = 30


@dataclass(frozen=True)
class PositionErrors:
    """Attributes:
    scale: the one factor that brings the recorded joints closest to the avatar's, both seen from the middle of their
        hips; least squares over all joints and frames.
    joint_mm: distance per joint after it: N-MPJPE before the mean (Rhodin et al. 2018, "Learning monocular 3D human
        pose estimation from multi-view images", CVPR). What another build cannot take away stays in it.
    mean_mm: N-MPJPE, over all joints and frames.
    jerk: per joint, mean magnitude of the third derivative of its position, avatar's to recorded × scale; above 1
        the avatar shakes more than the skater did. None for a joint that stays still and for a take of a few frames.
    """

    scale: float
    joint_mm: Mapping[str, Spread | None]
    mean_mm: float
    jerk: Mapping[str, float | None]


def position_errors(source: PosedBody, target: PosedBody, rate: float) -> PositionErrors:
    """Compare all joints of a recording at `rate` frames per second with the avatar's."""
    names = tuple(source.joints)
    recorded, posed = (np.stack([body.joints[n] for n in names], axis=1) for body in (source, target))
    near, far = (p - body.mid_hip[:, None] for p, body in ((recorded, source), (posed, target)))
    scale = float(np.sum(near * far) / np.sum(near * near))
    error = 1000.0 * np.linalg.norm(far - scale * near, axis=-1)
    before, after = scale * mean_jerk(recorded, rate), mean_jerk(posed, rate)
    return PositionErrors(
        scale=scale,
        joint_mm={name: spread(error[:, j]) for j, name in enumerate(names)},
        mean_mm=float(error.mean()),
        jerk={name: float(after[j] / before[j]) if before[j] > _STILL else None for j, name in enumerate(names)},
    )


def mean_jerk(positions: Array, rate: float) -> Array:
    """(J,) m/s³ from positions (T, J, 3); zero for a few frames only."""
    if len(positions) < _SHORT:
        return np.zeros(positions.shape[1])
    mean: Array = np.linalg.norm(np.diff(positions, n=3, axis=0), axis=-1).mean(axis=0) * rate**3
    return mean
