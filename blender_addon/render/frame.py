"""One picture and all that is known about it, as plain arrays: what rendering hands to data sets. No bpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from blender_addon.cast import SkaterSpec
from blender_addon.labels.boxes import Box3D
from mocap.rotations import Array


@dataclass(frozen=True)
class CameraView:
    """A camera at one instant, in OpenCV's convention (x right, y down, z forward).

    Attributes:
        name, profile: as in the clip.
        width, height: pixels.
        K: (3, 3) intrinsics for continuous pixel coordinates with the origin at the image's top-left corner.
        R, t: (3, 3), (3,) world → camera: x_cam = R x_world + t.
        model, coefficients: distortion ("none", "opencv", "fisheye") and its numbers.
    """

    name: str
    profile: str
    width: int
    height: int
    K: Array
    R: Array
    t: Array
    model: str = "none"
    coefficients: tuple[float, ...] = ()


@dataclass(frozen=True)
class Reading:
    """When the rows of a picture are read, one after another from the top: a rolling shutter.

    What lies at height y of the picture (pixels from its top edge) is of the instant

        time + seconds · (y + 0.5 − height / 2) / (height − 1)

    where `time` is the frame's: from the first row, whose middle is at y = 0.5, to the last one it takes `seconds`, and
    the row right above the picture's middle is read at the frame's instant. Masks, depth and keypoints are of the
    instants of their rows, `xyz` too.

    Attributes:
        seconds: from the first row's reading to the last row's.
        times: (M,) ascending seconds from the frame's instant, from the picture's top edge to its bottom edge.
        rows: (M,) heights y that are read then.
        views: the camera then.
    """

    seconds: float
    times: Array
    rows: Array
    views: tuple[CameraView, ...]


@dataclass(frozen=True)
class Exposure:
    """How a camera was set for one picture.

    Attributes:
        stops: by which the scene's light was made brighter; gains: per channel, of the white balance.
        iso, f_number: as photographers know them; shutter: seconds.
    """

    stops: float
    iso: float
    shutter: float
    f_number: float
    gains: tuple[float, float, float]


@dataclass(frozen=True)
class Keypoints:
    """One keypoint set of one person: P points.

    Attributes:
        xy: (P, 2) pixels; camera: (P, 3) metres in the camera's frame; xyz: (P, 3) metres in the world.
        visibility: (P,) `vocabulary.Visibility`; cause: (P,) `vocabulary.Cause`.
    """

    xy: Array
    camera: Array
    xyz: Array
    visibility: np.ndarray
    cause: np.ndarray


@dataclass(frozen=True)
class Amodal:
    """Of a person's whole silhouette, what others and things hide included, within the picture.

    Attributes:
        bbox: x, y, w, h in pixels around it; zeros where none of it is in the picture.
        visible: share of its pixels that show the person; 0 where there are none.
    """

    bbox: tuple[float, float, float, float]
    visible: float


@dataclass(frozen=True)
class Person:
    """A labelled person.

    Attributes:
        instance: value in the instance mask, from 1.
        bbox: x, y, w, h in pixels around the person's visible pixels; zeros when none is visible.
        visible_fraction: share of the person's surface points that fall on a pixel of theirs: what is missing is out of
            the picture or behind somebody or something else (a point behind their own body counts).
        keypoints: by set name.
        spec: who it is, as asked for.
        body: facts about the body.
        garments: classes of what is worn, also of a character from elsewhere, whose spec does not say.
        box_3d: round the whole person in the world, at the frame's instant.
        parts: of each body part, in the order of `labels.part_views.PARTS`, how much of its own silhouette is seen; of
            spectators none.
        amodal: of their whole silhouette, where that was asked for; all zeros for spectators.
    """

    instance: int
    spec: SkaterSpec
    bbox: tuple[float, float, float, float]
    visible_fraction: float
    keypoints: Mapping[str, Keypoints]
    body: Mapping[str, float] = field(default_factory=dict)
    garments: frozenset[str] = frozenset()
    box_3d: Box3D = field(default_factory=Box3D)
    parts: tuple[float, ...] = ()
    amodal: Amodal | None = None


@dataclass(frozen=True)
class Frame:
    """A rendered, labelled picture.

    Attributes:
        clip, frame: indices; time: seconds from the clip's first frame; take_frame: nearest frame of the recording.
        rgb: (H, W, 3) uint8, RGB order.
        body, clothes: (H, W) uint8, exact class indices, 0 is background; instance: (H, W) uint16, likewise.
        dense: float32 (H, W) or (H, W, C) by the names of `labels.dense.DENSE_FIELDS`: of those asked for.
        exposure: how the camera was set.
        amodal: (H, W) uint16 as `labels.amodal.as_bits` makes it, or None if not asked for.
        reading: when each row was read, None if all were at the frame's instant; `camera` is at that instant.
        seconds: that rendering and labelling took.
    """

    clip: int
    frame: int
    time: float
    take_frame: int
    camera: CameraView
    rgb: np.ndarray
    body: np.ndarray
    clothes: np.ndarray
    instance: np.ndarray
    people: tuple[Person, ...]
    exposure: Exposure
    dense: Mapping[str, np.ndarray] = field(default_factory=dict)
    amodal: np.ndarray | None = None
    reading: Reading | None = None
    seconds: float = 0.0
