"""What cameras follow, and what comes of it: a camera's lens and pose at any instant of a clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.clip import CameraSpec
from blender_addon.render.frame import CameraView
from mocap.rotations import Array, from_matrix, slerp, to_matrix


@dataclass(frozen=True)
class Filmed:
    """People as cameras follow them, at N evenly spaced instants, 60 a second or more.

    The first instants may lie before the clip's first frame and the last after its last, as far as the takes reach, so
    that whoever turns a camera has a past, and a shutter that is open has a before and an after.

    Attributes:
        times: (N,) seconds from the clip's first frame.
        points: (N, P, 3) world positions of those in focus, from the tops of their heads to their blades.
        others: (N, Q, 3) the hips of everybody else who is on the ice or beside it.
        frames: (T,) which of the instants are the clip's frames.
    """

    times: Array
    points: Array
    others: Array
    frames: np.ndarray

    @property
    def rate(self) -> float:
        """Instants per second; 1 where there is but one."""
        return 1.0 if len(self.times) == 1 else float((len(self.times) - 1) / (self.times[-1] - self.times[0]))


@dataclass(frozen=True)
class CameraTrack:
    """A camera over time, in OpenCV's convention.

    Attributes:
        spec: whose; times: (N,) seconds from the clip's first frame, ascending.
        K: (N, 3, 3); R: (N, 3, 3), t: (N, 3) world → camera.
    """

    spec: CameraSpec
    times: Array
    K: Array
    R: Array
    t: Array

    @property
    def eyes(self) -> Array:
        """(N, 3) where the camera is in the world."""
        return -np.einsum("nji,nj->ni", self.R, self.t)

    def at(self, seconds: float) -> CameraView:
        """The camera at an instant; before the first and after the last one it stands still."""
        after = int(np.clip(np.searchsorted(self.times, seconds), 1, max(len(self.times) - 1, 1)))
        if len(self.times) == 1:
            return self._view(self.K[0], self.R[0], self.t[0])
        first, last = self.times[after - 1], self.times[after]
        share = float(np.clip((seconds - first) / (last - first), 0.0, 1.0))
        # At an instant itself the very numbers that are there, not what comes out of going over to them.
        for index, there in ((after - 1, share == 0.0), (after, share == 1.0)):
            if there:
                return self._view(self.K[index], self.R[index], self.t[index])
        turns = from_matrix(self.R[after - 1 : after + 1])
        R = to_matrix(slerp(turns[0], turns[1], share))
        eyes = self.eyes[after - 1 : after + 1]
        eye = eyes[0] + share * (eyes[1] - eyes[0])
        K = self.K[after - 1] + share * (self.K[after] - self.K[after - 1])
        return self._view(K, R, -R @ eye)

    def _view(self, K: Array, R: Array, t: Array) -> CameraView:
        spec = self.spec
        return CameraView(
            spec.name, spec.profile, spec.width, spec.height, K, R, t, spec.lens.model, spec.lens.coefficients
        )
