"""VideoPose3D's files: joints of a clip's lead as sequences in 2D and in 3D, a pair of files per split.

`data_2d_<split>_gt.npz`: `positions_2d` {subject: {action: [per camera (T, 17, 2) float32 pixels]}} and `metadata`.
`data_3d_<split>.npz`: `positions_3d` {subject: {action: (T, 32, 3) float32 metres}}.
`cameras_<split>.json`: {subject: {action: [camera]}} in the order of the 2D, with the keys of its camera tables.

An action has one place in 3D for all its cameras, and a camera has one pose and one focal length: VideoPose3D knows no
other. Cameras that stand still share an action in the world's axes. One that turns, walks or zooms gets an action of
its own, `<action>_<camera>`, in the camera's own axes frame by frame, which is what its networks learn in the end. Its
lens is radial and tangential, which tells `none` and `opencv` exactly; `fisheye` it cannot tell, so such points are
those of a straight lens of the same K. `off` is how far its own projection is from the 2D, in pixels, at most.

Its files hold pickled dictionaries; we only write them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from blender_addon.labels.keypoint_sets.human36m import HUMAN36M_17, HUMAN36M_32
from mocap.rotations import Array
from render_scripts.export.format import Clips, Format, Out
from render_scripts.export.listing import as_json
from render_scripts.export.samples import Sample
from render_scripts.export.tracks import Track, Tracks

# Those of the 32 joints that are the 17; names tell, as the 17 are a choice of the 32.
USED = tuple(HUMAN36M_32.points.index(point) for point in HUMAN36M_17.points)
# Where VideoPose3D's projection cuts X/Z and Y/Z.
_CUT = 1.0
_MM = 1000.0
_NOWHERE = "points lie behind the camera, or beyond what its lens sees"


class _Clip:
    """Gathers a clip's joints; hands them on at its end as JSON."""

    def __init__(self, out: Out, split: str, clip: int) -> None:
        self._tracks = Tracks(HUMAN36M_32)

    def add(self, sample: Sample) -> None:
        """See `format.ClipWriter`."""
        self._tracks.add(sample)

    def close(self) -> Any:
        """The clip's actions."""
        tracks = self._tracks.all
        actions, left_out = actions_of(self._tracks.action, tracks)
        return {"subject": self._tracks.subject, "actions": actions, "left_out": left_out}


def actions_of(action: str, tracks: Sequence[Track]) -> tuple[dict[str, Any], dict[str, str]]:
    """What a clip becomes.

    Args:
        action: the clip's; tracks: of the 32 joints.

    Returns:
        By action `{"positions": …, "cameras": […], "positions_2d": […]}`; and by camera why it was left out.
    """
    out: dict[str, Any] = {}
    left_out = {}
    shared: Track | None = None
    for track in tracks:
        xy = straight(track)[:, USED].astype(np.float32)
        if not track.in_front or not np.isfinite(xy).all():
            left_out[f"{action}/{track.camera}"] = _NOWHERE
            continue
        if track.still and (shared is None or _same(track, shared)):
            shared = shared or track
            name, positions = action, shared.xyz
            camera = camera_facts(track, track.R[0], track.t[0])
        else:
            name, positions = f"{action}_{track.camera}", track.seen
            camera = camera_facts(track, np.eye(3), np.zeros(3))
        places = positions.astype(np.float32)
        camera["off"] = float(np.abs(projected(camera, places[:, USED].astype(np.float64)) - xy).max())
        one = out.setdefault(name, {"positions": places.tolist(), "cameras": [], "positions_2d": []})
        one["cameras"].append(camera)
        one["positions_2d"].append(xy.tolist())
    return out, left_out


def straight(track: Track) -> Array:
    """(T, P, 2) pixels: as in the picture, or, of a fish-eye, where a straight lens of the same K would have them."""
    if track.model != "fisheye":
        return track.xy
    seen = track.seen
    with np.errstate(divide="ignore", invalid="ignore"):
        flat = seen[..., :2] / seen[..., 2:]
    return np.asarray(np.einsum("tij,tpj->tpi", track.K[:, :2, :2], flat) + track.K[:, None, :2, 2])


def camera_facts(track: Track, R: Array, t: Array) -> dict[str, Any]:
    """A camera as VideoPose3D's tables have them, but for `name` and `straightened`, which are ours.

    Args:
        R, t: (3, 3), (3,) from the action's places to the camera's frame.
    """
    k = track.coefficients if track.model == "opencv" else ()
    radial = [*k[:2], *k[4:5]]
    x, y, z, w = Rotation.from_matrix(R.T).as_quat().tolist()
    centre = -R.T @ t
    return {
        "id": track.camera,
        "center": track.K[:, :2, 2].mean(axis=0).tolist(),
        "focal_length": track.K[:, (0, 1), (0, 1)].mean(axis=0).tolist(),
        "radial_distortion": radial + [0.0] * (3 - len(radial)),
        "tangential_distortion": [k[2], k[3]] if k else [0.0, 0.0],
        "res_w": track.width,
        "res_h": track.height,
        "azimuth": float(np.degrees(np.arctan2(centre[1], centre[0]))),
        "orientation": [w, x, y, z],
        "translation": (_MM * centre).tolist(),
        "straightened": track.model == "fisheye",
    }


def projected(camera: dict[str, Any], places: Array) -> Array:
    """(T, P, 2) pixels where VideoPose3D's own camera puts places (T, P, 3): metres in, its formula of 2019."""
    w, x, y, z = camera["orientation"]
    to_world = Rotation.from_quat((x, y, z, w)).as_matrix()
    seen = (places - np.array(camera["translation"]) / _MM) @ to_world
    flat = np.clip(seen[..., :2] / seen[..., 2:], -_CUT, _CUT)
    r2 = np.sum(flat**2, axis=-1, keepdims=True)
    radial = 1.0 + np.sum(np.array(camera["radial_distortion"]) * np.concatenate((r2, r2**2, r2**3), axis=-1), -1)
    tangential = np.array(camera["tangential_distortion"])
    bent = flat * (radial[..., None] + np.sum(tangential * flat, axis=-1, keepdims=True)) + tangential * r2
    return np.asarray(bent * np.array(camera["focal_length"]) + np.array(camera["center"]))


def _same(track: Track, other: Track) -> bool:
    """Whether both show the same instants and the same places."""
    return np.array_equal(track.frames, other.frames) and np.array_equal(track.xyz, other.xyz)


def _finish(out: Out, clips: Clips) -> None:
    for split in clips.splits:
        _write_split(out, split, clips)


def _write_split(out: Out, split: str, clips: Clips) -> None:
    flat: dict[str, dict[str, list[np.ndarray]]] = {}
    deep: dict[str, dict[str, np.ndarray]] = {}
    cameras: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    sizes = {}
    for each in clips:
        if each.split != split:
            continue
        subject = each.made["subject"]
        left_out |= {f"{subject}/{name}": why for name, why in each.made["left_out"].items()}
        for action, made in each.made["actions"].items():
            deep.setdefault(subject, {})[action] = np.array(made["positions"], dtype=np.float32)
            flat.setdefault(subject, {})[action] = [np.array(xy, dtype=np.float32) for xy in made["positions_2d"]]
            cameras.setdefault(subject, {})[action] = made["cameras"]
            for camera in made["cameras"]:
                name = f"{subject}/{action}/{camera['id']}"
                sizes[name] = {"w": camera["res_w"], "h": camera["res_h"]}
    # Left and right of those of the 17 joints that have a side: what turning a pose round swaps.
    sides = [[k for k, name in enumerate(HUMAN36M_17.points) if name.startswith(side)] for side in ("Left", "Right")]
    metadata = {
        "layout_name": "h36m",
        "num_joints": len(USED),
        "keypoints_symmetry": sides,
        "video_metadata": sizes,
    }
    with out.file(f"data_2d_{split}_gt.npz") as file:
        np.savez_compressed(file, positions_2d=_object(flat), metadata=_object(metadata))
    with out.file(f"data_3d_{split}.npz") as file:
        np.savez_compressed(file, positions_3d=_object(deep))
    out.write(f"cameras_{split}.json", as_json({"cameras": cameras, "left_out": left_out}))


def _object(value: Any) -> np.ndarray:
    """A 0-d array of objects, as numpy makes of a dictionary."""
    out = np.empty((), dtype=object)
    out[()] = value
    return out


FORMAT = Format(_Clip, _finish)
