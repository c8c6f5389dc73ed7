"""Pushes arms out of the flesh around them and off each other, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mocap.retarget.arm import Arm
from mocap.retarget.crossing import Trunk, push_apart
from mocap.retarget.volume import PosedTube, push_out
from mocap.rotations import Array, dot

# Metres of a push that nobody sees.
_SETTLED = 0.0005


@dataclass(frozen=True)
class Surroundings:
    """What both arms must stay clear of, over T frames: flesh, and each other in a known order.

    Attributes:
        left_outer: (T,) bool, see `crossing.left_is_outer`.
    """

    tubes: list[PosedTube]
    trunk: Trunk
    left_outer: np.ndarray


def push(arms: list[Arm], joints: list[Array], around: Surroundings, frames: list[np.ndarray], passes: int) -> None:
    """Moves both arms' joints (T, 2, 3) out, in place, in so many passes or until nothing moves.

    Args:
        frames: per arm, which frames; where one arm is pushed against the other, that one moves too.
    """
    busy = list(frames)
    for _ in range(passes):
        either = np.union1d(busy[0], busy[1])
        if not len(either):
            break
        rods = [arm.rod(either, now) for arm, now in zip(arms, joints, strict=True)]
        pushes = push_apart(rods[0], rods[1], around.trunk.at(either), around.left_outer[either])
        for k, arm in enumerate(arms):
            out = push_out(around.tubes, busy[k], arm.tried(busy[k], joints[k]), arm.radii)
            at = np.searchsorted(either, busy[k])
            pushes[k][at] = _larger(pushes[k][at], arm.on_joints(out))
            moving = dot(pushes[k], pushes[k]).max(axis=1) > _SETTLED**2
            busy[k] = either[moving]
            joints[k][busy[k]] = arm.bent(busy[k], joints[k][busy[k]] + pushes[k][moving])


def _larger(a: Array, b: Array) -> Array:
    """Of two pushes (K, 2, 3) the larger one of each joint."""
    return np.where((np.sum(b**2, axis=-1) > np.sum(a**2, axis=-1))[..., None], b, a)
