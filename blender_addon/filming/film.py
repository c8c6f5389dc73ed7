"""One camera of a clip, filmed with: where it stands, how it turns, what its lens sees."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import CameraSpec, RinkSpec
from blender_addon.filming.track import CameraTrack, Filmed
from blender_addon.scene.camera_moves import camera_views


def film(spec: CameraSpec, people: Filmed, rink: RinkSpec, beside: CameraTrack | None = None) -> CameraTrack:
    """A camera's whole track, decided by nothing but what is given: other cameras make no difference.

    Args:
        spec: the camera; people: whom it follows; rink: where.
        beside: the track of the camera that it is mounted on, if `spec.beside` names one.

    Raises:
        UserError: no place sees the whole travel as the spec wishes.
    """
    if beside is not None:
        return CameraTrack(spec, beside.times, beside.K, beside.R, beside.t - np.asarray(spec.offset))
    views = camera_views(spec, people.points, rink, people.rate)
    K, R, t = (np.array([getattr(view, name) for view in views]) for name in ("K", "R", "t"))
    return CameraTrack(spec, people.times, K, R, t)
