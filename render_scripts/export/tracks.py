"""One person's keypoints over a clip, per camera, for formats that hold sequences and no pictures. No bpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from blender_addon.filming.lens import NEAREST
from blender_addon.labels.keypoint_sets import KeypointSet
from mocap.rotations import Array
from render_scripts.export.points import Points, all_points_of
from render_scripts.export.samples import Sample
from render_scripts.export.who import action_name, lead, subject_name


@dataclass(frozen=True)
class Track:
    """What one camera sees of a clip's lead, in T frames.

    Attributes:
        camera: its name; width, height: of its pictures; model, coefficients: of its lens.
        frames: (T,) numbers in the clip.
        xy: (T, P, 2) pixels, NaN for what falls nowhere on the picture's plane; xyz: (T, P, 3) metres in the world.
        visibility: (T, P) COCO's v; shown: (T,) bool, whether the lead shows any pixel.
        K: (T, 3, 3), R: (T, 3, 3), t: (T, 3): see docs/samples.md.
        readout: (T,) seconds.
    """

    camera: str
    width: int
    height: int
    model: str
    coefficients: tuple[float, ...]
    frames: np.ndarray
    xy: Array
    xyz: Array
    visibility: np.ndarray
    shown: np.ndarray
    K: Array
    R: Array
    t: Array
    readout: Array

    @property
    def seen(self) -> Array:
        """(T, P, 3) the points in the camera's frame (x right, y down, z forward), metres."""
        return np.asarray(np.einsum("tij,tpj->tpi", self.R, self.xyz) + self.t[:, None])

    @property
    def still(self) -> bool:
        """Whether the camera stands, does not turn, does not zoom, and reads all rows at once."""
        same = [np.ptp(values, axis=0).max(initial=0.0) == 0.0 for values in (self.K, self.R, self.t)]
        return all(same) and not self.readout.any()

    @property
    def in_front(self) -> bool:
        """Whether all points are before the camera in every frame."""
        return bool((self.seen[..., 2] > NEAREST).all())


@dataclass
class _Frames:
    """A track as it grows."""

    facts: Mapping[str, Any]
    points: list[Points] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    shown: list[bool] = field(default_factory=list)
    cameras: list[Mapping[str, Any]] = field(default_factory=list)


class Tracks:
    """Gathers the tracks of one clip, from its samples in any order of cameras."""

    def __init__(self, points: KeypointSet) -> None:
        """Of these points, which the data set must have or tell (see `points.all_points_of`)."""
        self._set = points
        self._cameras: dict[str, _Frames] = {}
        self.subject = self.action = ""

    def add(self, sample: Sample) -> None:
        """One more picture. What is no sample raises as `samples.reading` knows it, and adds nothing."""
        facts = sample.facts
        person = lead(facts)
        points = all_points_of(facts, person, self._set)
        subject, action, camera = subject_name(person), action_name(facts), facts["camera"]
        shown = person["bbox"][2] > 0.0
        _check(camera)
        self.subject, self.action = self.subject or subject, self.action or action
        track = self._cameras.setdefault(sample.camera, _Frames(facts))
        track.points.append(points)
        track.frames.append(sample.frame)
        track.shown.append(shown)
        track.cameras.append(camera)

    @property
    def all(self) -> list[Track]:
        """A track per camera, in the order in which the clip names its cameras."""
        return [_track(name, frames) for name, frames in self._cameras.items()]


def _check(camera: Mapping[str, Any]) -> None:
    for name, shape in (("K", (3, 3)), ("R", (3, 3)), ("t", (3,))):
        values = np.asarray(camera[name], dtype=np.float64)
        if values.shape != shape or not np.isfinite(values).all():
            raise ValueError(f"the camera's {name} is not {' × '.join(map(str, shape))} numbers")
    float(camera["readout"])
    int(camera["width"]), int(camera["height"])
    str(camera["distortion"]["model"]), tuple(float(k) for k in camera["distortion"]["coefficients"])


def _track(name: str, of: _Frames) -> Track:
    camera = of.cameras[0]
    return Track(
        camera=name,
        width=int(camera["width"]),
        height=int(camera["height"]),
        model=str(camera["distortion"]["model"]),
        coefficients=tuple(float(k) for k in camera["distortion"]["coefficients"]),
        frames=np.array(of.frames),
        xy=np.stack([points.xy for points in of.points]),
        xyz=np.stack([points.xyz for points in of.points]),
        visibility=np.stack([points.visibility for points in of.points]),
        shown=np.array(of.shown),
        K=np.array([each["K"] for each in of.cameras], dtype=np.float64),
        R=np.array([each["R"] for each in of.cameras], dtype=np.float64),
        t=np.array([each["t"] for each in of.cameras], dtype=np.float64),
        readout=np.array([each["readout"] for each in of.cameras], dtype=np.float64),
    )
