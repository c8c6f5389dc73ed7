"""Human3.6M's folders of poses, as MATLAB files: the 32 joints of a clip's lead in the world and in every camera.

`<subject>/MyPoseFeatures/D3_Positions/<action>.cdf.mat`       (T, 96) mm in the world
`<subject>/MyPoseFeatures/D3_Positions_mono/<action>.<camera>.cdf.mat`   (T, 96) mm in the camera's frame
`<subject>/MyPoseFeatures/D2_Positions/<action>.<camera>.cdf.mat`        (T, 64) pixels

Each holds a cell `data` with one matrix, a frame per row, x y (z) of joint after joint: what the .cdf files of the data
set become when they are converted for those who have no CDF library, and what VideoPose3D's `prepare_data_h36m.py
--from-source` reads. Human3.6M's own .cdf need a library that nothing else here does. `cameras.json` has every camera.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from blender_addon.labels.keypoint_sets.human36m import HUMAN36M_32
from mocap.rotations import Array
from render_scripts.export.format import Clips, Format, Out
from render_scripts.export.listing import as_json, write_listing
from render_scripts.export.matlab import cell, write_mat
from render_scripts.export.samples import Sample
from render_scripts.export.tracks import Track, Tracks

_MM = 1000.0


class _Clip:
    """Gathers a clip's joints and writes them at its end."""

    def __init__(self, out: Out, split: str, clip: int) -> None:
        self._out, self._tracks = out, Tracks(HUMAN36M_32)

    def add(self, sample: Sample) -> None:
        """See `format.ClipWriter`."""
        self._tracks.add(sample)

    def close(self) -> Any:
        """Writes the files; returns the cameras."""
        tracks = self._tracks.all
        if not tracks:
            return None
        subject, action = self._tracks.subject, self._tracks.action
        self._write(f"{subject}/MyPoseFeatures/D3_Positions/{action}.cdf.mat", _MM * world(tracks))
        for track in tracks:
            name = f"{action}.{track.camera}.cdf.mat"
            self._write(f"{subject}/MyPoseFeatures/D3_Positions_mono/{name}", _MM * track.seen)
            self._write(f"{subject}/MyPoseFeatures/D2_Positions/{name}", track.xy)
        cameras = {track.camera: camera_facts(track) for track in tracks}
        return {"subject": subject, "action": action, "cameras": cameras}

    def _write(self, name: str, values: Array) -> None:
        with self._out.file(name) as file:
            write_mat(file, {"data": cell(values.reshape(len(values), -1).astype(np.float32))})


def world(tracks: list[Track]) -> Array:
    """(T, P, 3) metres: of every frame that any camera shows, from the first camera that does."""
    places: dict[int, Array] = {}
    for track in tracks:
        for frame, xyz in zip(track.frames.tolist(), track.xyz, strict=True):
            places.setdefault(frame, xyz)
    return np.stack([places[frame] for frame in sorted(places)])


def camera_facts(track: Track) -> dict[str, Any]:
    """A camera as JSON; what stays the same over the clip has a single entry, what changes one per frame."""
    out: dict[str, Any] = {
        "width": track.width,
        "height": track.height,
        "distortion": {"model": track.model, "coefficients": list(track.coefficients)},
        "frames": track.frames.tolist(),
    }
    for name, values in (("K", track.K), ("R", track.R), ("t", track.t)):
        changes = bool(np.ptp(values, axis=0).max(initial=0.0) > 0.0)
        out[name] = (values if changes else values[:1]).tolist()
    return out


def _finish(out: Out, clips: Clips) -> None:
    """Cameras by subject, action and name, apart from the list of splits since they may be long."""
    cameras: dict[str, dict[str, Any]] = {}
    for each in clips:
        if each.made is not None:
            cameras.setdefault(each.made["subject"], {})[each.made["action"]] = each.made["cameras"]
    out.write("cameras.json", as_json(cameras))
    write_listing(out, clips)


FORMAT = Format(_Clip, _finish)
