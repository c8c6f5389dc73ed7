"""One frame as the fields of a WebDataset sample: pictures encoded, facts as JSON whose schema never changes. No bpy.

Everything in a sample follows from the job, so that its bytes do; times and machines belong in the run's log.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import PureWindowsPath
from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike

from blender_addon.cast import GarmentSpec, SkaterSpec
from blender_addon.clip import CameraSpec, Clip
from blender_addon.color import Color
from blender_addon.labels.part_views import PARTS
from blender_addon.labels.vocabulary import BODY_PARTS
from blender_addon.makehuman.lengths import STRETCHED
from blender_addon.makehuman.targets import DEFAULTS, RACES
from blender_addon.render.frame import CameraView, Frame, Keypoints, Person
from render_scripts.dense_fields import decode_picture, encode_dense, encoded, png
from render_scripts.movement import take_name
from render_scripts.scene_facts import scene_facts

Fields = dict[str, bytes]

_KEY = re.compile(r"([0-9]{6,9})_([A-Za-z0-9-]{1,32})_([0-9]{6,9})", re.ASCII)

# What `people[].body` holds of everybody, in this order; of a character from elsewhere most of it is not known.
BODY_FACTS = (*sorted((*DEFAULTS, *RACES)), "stature", *(f"{name}_factor" for name in STRETCHED))
UNKNOWN = -1.0

INSTANT = "middle of the exposure"
"""That labels are of, whatever moves while the shutter is open; of each row's exposure where rows roll."""

# Decimals that are kept: pixels, metres, unit-less numbers. Far below a label's own accuracy.
PIXEL_DECIMALS = 3
METRE_DECIMALS = 6
NUMBER_DECIMALS = 9


def sample_key(clip: int, camera: str, frame: int) -> str:
    """`000012_phone_000034`: no dot, since WebDataset ends the key at the first one."""
    return f"{clip:06d}_{camera}_{frame:06d}"


def parse_key(key: str) -> tuple[int, str, int]:
    """(clip, camera, frame) of a key. ValueError for anything else, such as a path in a tar from elsewhere."""
    match = _KEY.fullmatch(key)
    if match is None:
        raise ValueError(f"{key!r} is no key of a sample")
    return int(match[1]), match[2], int(match[3])


def encode_sample(
    frame: Frame, clip: Clip, events: Sequence[Mapping[str, Any]], versions: Mapping[str, str]
) -> tuple[str, Fields]:
    """Key and fields of a frame.

    Args:
        frame: as rendered.
        clip: that it is of.
        events: of the lead's recording: the fields of `Event`, start and end in seconds of the take; those that are
            under way at the frame are kept.
        versions: of the programs, by name.

    Returns:
        The key, and bytes by field: `rgb.png` or `rgb.jpg`, `body.png`, `clothes.png`, `instance.png` (8 bits, class
        indices; instances have 16 in clips of more than 255 people), those of `labels.dense.DENSE_FIELDS` that were
        asked for, `amodal.png` (16 bits, as `labels.amodal.as_bits`) likewise, `json`.
    """
    key = sample_key(frame.clip, frame.camera.name, frame.frame)
    fields = {name: png(mask) for name, mask in _masks(frame, clip).items()}
    if clip.render.rgb == "jpg":
        fields["rgb.jpg"] = encoded(".jpg", frame.rgb, [cv2.IMWRITE_JPEG_QUALITY, clip.render.quality])
    else:
        fields["rgb.png"] = png(frame.rgb)
    fields |= encode_dense(frame.dense)
    if frame.amodal is not None:
        fields["amodal.png"] = png(frame.amodal)
    facts = _facts(key, frame, clip, events, versions)
    fields["json"] = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return key, dict(sorted(fields.items()))


def picture_of(fields: Fields) -> np.ndarray:
    """(H, W, 3) uint8 RGB: a sample's picture, whichever way it is stored. ValueError if it has none."""
    return decode_picture(fields.get("rgb.png") or fields.get("rgb.jpg") or b"")


def facts_of(fields: Fields) -> dict[str, Any]:
    """A sample's JSON. ValueError if it has none."""
    facts = json.loads(fields.get("json", b""))
    if not isinstance(facts, dict):
        raise ValueError("the JSON of a sample is an object")
    return facts


def _masks(frame: Frame, clip: Clip) -> dict[str, np.ndarray]:
    return {
        "body.png": frame.body,
        "clothes.png": frame.clothes,
        "instance.png": frame.instance.astype(_instance_type(clip)),
    }


def _instance_type(clip: Clip) -> type[np.unsignedinteger[Any]]:
    """8 bits where they are enough for all people that a clip may show, else 16."""
    return np.uint8 if len(clip.skaters) + clip.crowd.count < 256 else np.uint16


def _facts(
    key: str, frame: Frame, clip: Clip, events: Sequence[Mapping[str, Any]], versions: Mapping[str, str]
) -> dict[str, Any]:
    motion = clip.lead.motion
    moment = motion.start + frame.time
    view = frame.camera
    # A portrait's camera is none of the clip's.
    plain = CameraSpec(view.name, view.profile, view.width, view.height)
    camera = next((spec for spec in clip.cameras if spec.name == view.name), plain)
    return {
        "key": key,
        "clip": frame.clip,
        "frame": frame.frame,
        "time": _number(frame.time, METRE_DECIMALS),
        "label_source": "synthetic",
        "camera": {**_camera(frame.camera), **_instant(frame)},
        "people": [_person(person) for person in frame.people],
        "motion": {
            "take": take_name(motion),
            "frame": int(frame.take_frame),
            "events": [_event(event) for event in events if event["start"] <= moment <= event["end"]],
            "parameters": [
                {"name": name, "value": _number(value, METRE_DECIMALS)}
                for name, value in sorted(motion.parameters.items())
            ],
            "speed": _number(motion.speed, METRE_DECIMALS),
            "mirror": motion.mirror,
            "noise": _number(motion.noise, METRE_DECIMALS),
            "root": clip.lead.placement.root,
        },
        "scene": scene_facts(clip, camera),
        "seed": clip.seed,
        "versions": dict(versions),
    }


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": str(event["type"]),
        "name": str(event["name"]),
        "turns": _number(event["turns"], METRE_DECIMALS),
        "height": _number(event["height"], METRE_DECIMALS),
        "rate": _number(event["rate"], METRE_DECIMALS),
        "start": _number(event["start"], METRE_DECIMALS),
        "end": _number(event["end"], METRE_DECIMALS),
    }


def _camera(view: CameraView) -> dict[str, Any]:
    return {
        "name": view.name,
        "profile": view.profile,
        "width": view.width,
        "height": view.height,
        "K": _array(view.K, NUMBER_DECIMALS),
        "distortion": {
            "model": view.model,
            "coefficients": [_number(value, NUMBER_DECIMALS) for value in view.coefficients],
        },
        "R": _array(view.R, NUMBER_DECIMALS),
        "t": _array(view.t, NUMBER_DECIMALS),
    }


def _instant(frame: Frame) -> dict[str, Any]:
    """How and when the picture was taken."""
    exposure, reading = frame.exposure, frame.reading
    first, last = (frame.camera, frame.camera) if reading is None else (reading.views[0], reading.views[-1])
    times = (0.0, 0.0) if reading is None else (reading.times[0], reading.times[-1])
    return {
        "exposure": {
            "stops": _number(exposure.stops, METRE_DECIMALS),
            "iso": _number(exposure.iso, METRE_DECIMALS),
            "shutter": _number(exposure.shutter, METRE_DECIMALS),
            "f_number": _number(exposure.f_number, METRE_DECIMALS),
            "gains": [_number(gain, METRE_DECIMALS) for gain in exposure.gains],
        },
        "instant": INSTANT,
        "readout": _number(0.0 if reading is None else reading.seconds, METRE_DECIMALS),
        "top": _edge(first, times[0]),
        "bottom": _edge(last, times[1]),
    }


def _edge(view: CameraView, seconds: float) -> dict[str, Any]:
    """The camera when an edge of the picture was read, `seconds` from the frame's instant."""
    return {
        "time": _number(seconds, NUMBER_DECIMALS),
        "R": _array(view.R, NUMBER_DECIMALS),
        "t": _array(view.t, NUMBER_DECIMALS),
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "instance": person.instance,
        "role": person.spec.role,
        "in_focus": person.spec.in_focus,
        "bbox": [_number(value, PIXEL_DECIMALS) for value in person.bbox],
        "visible_fraction": _number(person.visible_fraction, METRE_DECIMALS),
        "parts": [
            {"part": BODY_PARTS[index].name, "visible": _number(share, METRE_DECIMALS)}
            for index, share in zip(PARTS, person.parts, strict=False)
        ],
        **_amodal(person),
        "box_3d": {
            "center": _array(person.box_3d.center, METRE_DECIMALS),
            "size": _array(person.box_3d.size, METRE_DECIMALS),
            "yaw": _number(person.box_3d.yaw, METRE_DECIMALS),
        },
        "keypoints": {name: _keypoints(points) for name, points in sorted(person.keypoints.items())},
        "body": {
            **{name: _number(person.body.get(name, UNKNOWN), METRE_DECIMALS) for name in BODY_FACTS},
            "details": _named(person.spec.details),
            "expression": _named(person.spec.expression),
        },
        **_looks(person.spec),
        "garments": sorted({*person.spec.garments, *person.garments}),
        "outfit": [_garment(name, worn) for name, worn in sorted(person.spec.garments.items())],
    }


def _amodal(person: Person) -> dict[str, Any]:
    if person.amodal is None:
        return {}
    return {
        "amodal": {
            "bbox": [_number(value, PIXEL_DECIMALS) for value in person.amodal.bbox],
            "visible": _number(person.amodal.visible, METRE_DECIMALS),
        }
    }


def _looks(spec: SkaterSpec) -> dict[str, Any]:
    return {
        "character": _file_name(spec.character),
        "skin": {
            "tone": _color(spec.skin.tone),
            "freckles": _number(spec.skin.freckles, METRE_DECIMALS),
            "blush": _number(spec.skin.blush, METRE_DECIMALS),
        },
        "hair": {
            "style": spec.hair.style,
            "color": _color(spec.hair.color),
            "length": _number(spec.hair.length, METRE_DECIMALS),
            "file": _file_name(spec.hair.file),
        },
        "eyes": _color(spec.eyes),
    }


def _garment(name: str, worn: GarmentSpec) -> dict[str, Any]:
    return {
        "garment": name,
        "fabric": worn.fabric,
        "color": _color(worn.color),
        "second": _color(worn.second),
        "cut": _named(worn.cut),
        "file": _file_name(worn.file),
    }


def _named(values: Mapping[str, float]) -> list[dict[str, Any]]:
    """A list in place of a mapping whose keys differ from sample to sample; of a path, its file's name alone."""
    return [
        {"name": _file_name(name), "value": _number(value, METRE_DECIMALS)} for name, value in sorted(values.items())
    ]


def _file_name(path: str | None) -> str:
    """Where a file lay is a matter of one machine; empty for none."""
    return "" if path is None else PureWindowsPath(path).name


def _color(color: Color) -> list[float]:
    return [_number(channel, METRE_DECIMALS) for channel in color]


def _keypoints(points: Keypoints) -> dict[str, Any]:
    return {
        # What is behind the camera is nowhere in the picture, and JSON knows no NaN.
        "xy": _array(np.nan_to_num(points.xy), PIXEL_DECIMALS),
        "xyz": _array(points.xyz, METRE_DECIMALS),
        "visibility": [int(v) for v in points.visibility],
        "cause": [int(c) for c in points.cause],
    }


def _number(value: Any, decimals: int) -> float:
    """A float that stays one in JSON (5.0, never 5), without negative zero."""
    return round(float(value), decimals) + 0.0


def _array(values: ArrayLike, decimals: int) -> list[Any]:
    # Adding zero turns negative zeros into positive ones.
    rounded: list[Any] = (np.round(np.asarray(values, dtype=np.float64), decimals) + 0.0).tolist()
    return rounded
