"""Keeps a hand that is recorded inside the body to one side of it.

From deep inside there is more than one way out, and the shortest changes from frame to frame. For as long as a hand is
inside, it stays on the side that most of the frames chose. If the recording then comes out on the other side, the hand
goes over there, through the flesh if need be, but not in one frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d, label

from mocap.rotations import Array, conjugate, rotate

# Metres per second relative to the chest: faster, a push has changed sides.
LEAP = 2.5
# Seconds in which a hand goes over to the side on which the recording comes out of the body.
RELEASE = 0.3
# What a frame takes over of its neighbour's push: a little inside the side on which that came out.
_HOLD = 0.8

_ALL = slice(None)


@dataclass(frozen=True)
class Way:
    """How far an arm's joints are from where they were recorded, as the chest sees it.

    In the world, half a turn of a spin would smooth to nothing.

    Attributes:
        chest: (T, 4) its turn; recorded: (T, 2, 3) elbow and wrist.
    """

    chest: Array
    recorded: Array

    def off(self, frames: slice | np.ndarray, joints: Array) -> Array:
        """(K, 2, 3) the way to joints (K, 2, 3), in some frames."""
        return rotate(conjugate(self.chest[frames, None]), joints - self.recorded[frames])

    def gone(self, frames: slice | np.ndarray, way: Array) -> Array:
        """(K, 2, 3) joints a way (K, 2, 3) off, in some frames."""
        return self.recorded[frames] + rotate(self.chest[frames, None], way)

    def eased(self, joints: Array, frames: float) -> Array:
        """Joints (T, 2, 3) reached smoothly, over some frames; where there is nothing to do they stay as recorded."""
        way = gaussian_filter1d(self.off(_ALL, joints), frames, axis=0, mode="nearest")
        way[np.abs(way).max(axis=(1, 2)) < 1e-7] = 0.0
        return self.gone(_ALL, way)


def keep_to_one_side(way: Way, joints: Array, push_from: Callable[[int], None], rate: float) -> np.ndarray:
    """Mends one arm's joints (T, 2, 3), in place, where they leap from frame to frame.

    Args:
        push_from: pushes the arm out in one frame, from where its joints are.

    Returns:
        (T,) bool: the frames of goings over, in which the arm may pass through flesh.
    """
    off = way.off(_ALL, joints)
    loose = np.zeros(len(joints), dtype=bool)
    for stretch, anchor in _leaping(off, LEAP / rate):
        first, last = int(stretch[0]), int(stretch[-1])
        for frames in (range(int(anchor[-1]) + 1, last + 1), range(int(anchor[0]) - 1, first - 1, -1)):
            for frame in frames:
                at = np.array([frame])
                joints[at] = way.gone(at, _HOLD * off[frame - frames.step][None])
                push_from(frame)
                off[frame] = way.off(at, joints[at])[0]
        for edge, step in ((last, 1), (first, -1)):
            _release(way, joints, off, loose, edge, step * (1 + round(RELEASE * rate)), LEAP / rate)
    return loose


def _leaping(off: Array, leap: float) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Stretches of frames in which an arm is pushed and leaps; of each, the longest run of frames without a leap."""
    leaps = np.linalg.norm(np.diff(off, axis=0), axis=-1).max(axis=1) > leap
    stretches, count = label(np.any(off != 0.0, axis=(1, 2)))
    for stretch in (np.flatnonzero(stretches == i + 1) for i in range(count)):
        runs = np.split(stretch, np.flatnonzero(leaps[stretch[0] : stretch[-1]]) + 1)
        if len(runs) > 1:
            yield stretch, max(runs, key=len)


def _release(way: Way, joints: Array, off: Array, loose: np.ndarray, edge: int, count: int, leap: float) -> None:
    """From a stretch's last frame on (or its first one back, with a negative count), fades out what is still off."""
    beyond = np.arange(edge, edge + count, 1 if count > 0 else -1)[1:]
    fade = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, abs(count)) / abs(count))
    inside = (beyond >= 0) & (beyond < len(joints))
    beyond, fade = beyond[inside], fade[inside]
    if len(beyond) and np.linalg.norm(off[edge] - off[beyond[0]], axis=-1).max() > leap:
        joints[beyond] = way.gone(beyond, off[beyond] + fade[:, None, None] * off[edge])
        loose[beyond] = True
