"""Samples damaged on purpose, in the ways in which labels go wrong: what the agreement check has to find.

A damage of a field that a sample has not leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from blender_addon.labels.annotate import visible_box
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import BODY_PART_INDEX, Cause, Visibility
from render_scripts.agreement import Decoded
from render_scripts.agreement.decoded import Points


@dataclass(frozen=True)
class Around:
    """A sample and two others of its camera's size: the next frame of the same camera, and one of another scene."""

    sample: Decoded
    next: Decoded
    other: Decoded


Damage = Callable[[Around], Decoded]


def _moved(array: np.ndarray, dx: int, dy: int = 0) -> np.ndarray:
    """By whole pixels, to the right and down; what comes in is what was at the edge."""
    height, width = array.shape[:2]
    rows, columns = np.clip(np.arange(height) - dy, 0, height - 1), np.clip(np.arange(width) - dx, 0, width - 1)
    return np.ascontiguousarray(array[rows][:, columns])


def _boxed(sample: Decoded) -> Decoded:
    """With boxes that fit the masks, as whoever damaged these in rendering would have written."""
    people = []
    for person in sample.people:
        mask = sample.instance == person["instance"]
        people.append({**person, "bbox": list(visible_box(mask)), "visible_fraction": 0.5 if mask.any() else 0.0})
    return replace(sample, facts={**sample.facts, "people": people})


def _masks(of: Callable[[np.ndarray], np.ndarray]) -> Damage:
    def damage(around: Around) -> Decoded:
        s = around.sample
        return _boxed(replace(s, body=of(s.body), clothes=of(s.clothes), instance=of(s.instance)))

    return damage


def _rgb(of: Callable[[np.ndarray], np.ndarray]) -> Damage:
    return lambda around: replace(around.sample, rgb=of(around.sample.rgb))


def _half_pixel(rgb: np.ndarray) -> np.ndarray:
    """Half a pixel down and to the right."""
    return cv2.warpAffine(
        rgb, np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]]), rgb.shape[1::-1], borderMode=cv2.BORDER_REPLICATE
    )


def _dense(name: str, of: Callable[[np.ndarray], np.ndarray]) -> Damage:
    def damage(around: Around) -> Decoded:
        dense = around.sample.dense
        if name not in dense:
            return around.sample
        return replace(around.sample, dense={**dense, name: of(dense[name])})

    return damage


def _along_the_ray(around: Around) -> Decoded:
    """Distance from the lens in place of depth along the axis."""
    s = around.sample
    K = np.array(s.camera["K"])
    rows, columns = np.indices(s.instance.shape) + 0.5
    slant = np.sqrt(1.0 + ((columns - K[0, 2]) / K[0, 0]) ** 2 + ((rows - K[1, 2]) / K[1, 1]) ** 2)
    return replace(s, dense={**s.dense, "depth": s.dense["depth"] * slant.astype(np.float32)})


def _masks_of_next(around: Around) -> Decoded:
    n = around.next
    return _boxed(replace(around.sample, body=n.body, clothes=n.clothes, instance=n.instance))


def _grown(mask: np.ndarray) -> np.ndarray:
    return np.where(mask > 0, mask, cv2.dilate(mask, np.ones((3, 3), np.uint8)))


def _shrunk(mask: np.ndarray) -> np.ndarray:
    return np.where(cv2.erode((mask > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0, mask, 0)


def _swap_table() -> np.ndarray:
    table = np.arange(256)
    for name, index in BODY_PART_INDEX.items():
        if name.startswith("left_"):
            table[[index, BODY_PART_INDEX["right" + name.removeprefix("left")]]] = (
                BODY_PART_INDEX["right" + name.removeprefix("left")],
                index,
            )
    return table


def _sides_of_masks(around: Around) -> Decoded:
    return replace(around.sample, body=_swap_table()[around.sample.body].astype(np.uint8))


def _points(of: Callable[[Decoded, Points], Points]) -> Damage:
    def damage(around: Around) -> Decoded:
        s = around.sample
        return replace(s, points=tuple(of(s, points) for points in s.points))

    return damage


def _sides_of_keypoints(sample: Decoded, points: Points) -> Points:
    o = list(KEYPOINT_SETS[points.set].mirror)
    return replace(points, xy=points.xy[o], xyz=points.xyz[o], visibility=points.visibility[o], cause=points.cause[o])


def _mirrored(sample: Decoded, points: Points) -> Points:
    """As of the mirrored picture, in the picture and in the world alike."""
    R, t = np.array(sample.camera["R"]), np.array(sample.camera["t"])
    flat = (points.xyz @ R.T + t) * (-1.0, 1.0, 1.0)
    return replace(points, xy=points.xy * (-1.0, 1.0) + (sample.camera["width"], 0.0), xyz=(flat - t) @ R)


def _beside(metres: float) -> Callable[[Decoded, Points], Points]:
    """All points so far to the camera's right, in the picture and in the world alike."""

    def damage(sample: Decoded, points: Points) -> Points:
        R, t, K = (np.array(sample.camera[name]) for name in ("R", "t", "K"))
        z = (points.xyz @ R.T + t)[:, 2:]
        return replace(points, xyz=points.xyz + metres * R[0], xy=points.xy + metres * K[0, 0] / z * (1.0, 0.0))

    return damage


def _deeper(metres: float) -> Callable[[Decoded, Points], Points]:
    def damage(sample: Decoded, points: Points) -> Points:
        return replace(points, xyz=points.xyz + metres * np.array(sample.camera["R"])[2])

    return damage


def _all_visible(sample: Decoded, points: Points) -> Points:
    hidden = points.visibility == Visibility.HIDDEN
    return replace(
        points,
        visibility=np.where(hidden, Visibility.VISIBLE, points.visibility),
        cause=np.where(hidden, Cause.VISIBLE, points.cause),
    )


def _camera(of: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Damage:
    def damage(around: Around) -> Decoded:
        s = around.sample
        return replace(s, facts={**s.facts, "camera": {**s.camera, **of(s.camera)}})

    return damage


def _zoomed(factor: float) -> Damage:
    return _camera(lambda c: {"K": (np.array(c["K"]) * [[factor, 1, 1], [1, factor, 1], [1, 1, 1]]).tolist()})


def _people(of: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Damage:
    def damage(around: Around) -> Decoded:
        s = around.sample
        return replace(s, facts={**s.facts, "people": [{**person, **of(person)} for person in s.people]})

    return damage


def _box_3d(of: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Damage:
    return _people(lambda person: {"box_3d": {**person["box_3d"], **of(person["box_3d"])}})


def _silhouettes_moved(around: Around) -> Decoded:
    s = around.sample
    return s if s.amodal is None else replace(s, amodal=_moved(s.amodal, 1))


def _parts_turned(person: Mapping[str, Any]) -> Mapping[str, Any]:
    parts = person.get("parts", [])
    shares = [part["visible"] for part in parts]
    return {"parts": [{**part, "visible": share} for part, share in zip(parts, shares[1:] + shares[:1], strict=True)]}


DAMAGES: Mapping[str, Damage] = {
    "picture 1 px to the right": _rgb(lambda rgb: _moved(rgb, 1)),
    "picture 2 px down": _rgb(lambda rgb: _moved(rgb, 0, 2)),
    "picture 3 px to the left": _rgb(lambda rgb: _moved(rgb, -3)),
    "picture half a pixel down and right": _rgb(_half_pixel),
    "picture of the next frame": lambda around: replace(around.sample, rgb=around.next.rgb),
    "picture of another scene": lambda around: replace(around.sample, rgb=around.other.rgb),
    "masks 1 px to the right": _masks(lambda mask: _moved(mask, 1)),
    "masks 2 px down": _masks(lambda mask: _moved(mask, 0, 2)),
    "masks 3 px to the left": _masks(lambda mask: _moved(mask, -3)),
    "masks grown by 1 px": _masks(_grown),
    "masks shrunk by 1 px": _masks(_shrunk),
    "masks of the next frame": _masks_of_next,
    "body parts: left and right exchanged": _sides_of_masks,
    "keypoints: left and right exchanged": _points(_sides_of_keypoints),
    "keypoints of the mirrored picture": _points(_mirrored),
    "keypoints half a pixel off": _points(lambda s, p: replace(p, xy=p.xy - 0.5)),
    "keypoints 10 cm to the side, 2D and 3D": _points(_beside(0.1)),
    "keypoints 10 cm nearer": _points(_deeper(-0.1)),
    "hidden keypoints called visible": _points(_all_visible),
    "K with 2% more focal length": _zoomed(1.02),
    "K with half a pixel off both middles": _camera(
        lambda c: {"K": (np.array(c["K"]) - [[0, 0, 0.5], [0, 0, 0.5], [0, 0, 0]]).tolist()}
    ),
    "R of the camera in place of the world's": _camera(lambda c: {"R": np.array(c["R"]).T.tolist()}),
    "depth 1.1 times as far": _dense("depth", lambda depth: depth * np.float32(1.1)),
    "depth along the ray": _along_the_ray,
    "depth in place of distance": lambda around: replace(
        around.sample, dense={**around.sample.dense, "distance": around.sample.dense["depth"]}
    ),
    "normals of the world turned upside down": _dense("normal", lambda normal: normal * np.float32([1, -1, -1])),
    "normals of the camera with OpenGL's axes": _dense(
        "normal_camera", lambda normal: normal * np.float32([1, -1, -1])
    ),
    "flow turned round": _dense("flow_forward", lambda flow: -flow),
    "flow of x and y exchanged": _dense("flow_forward", lambda flow: np.ascontiguousarray(flow[..., ::-1])),
    "places on the body 8 px to the right": _dense("surface", lambda places: _moved(places, 8)),
    "depth 1 px to the right": _dense("depth", lambda depth: _moved(depth, 1)),
    "boxes in the world 20 cm to the side": _box_3d(
        lambda box: {"center": [box["center"][0] + 0.2, *box["center"][1:]]}
    ),
    "boxes in the world with width and height exchanged": _box_3d(
        lambda box: {"size": [box["size"][0], box["size"][2], box["size"][1]]}
    ),
    "silhouettes 1 px to the right": _silhouettes_moved,
    "shares of body parts given to the next part": _people(_parts_turned),
}
