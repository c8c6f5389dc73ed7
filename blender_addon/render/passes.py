"""The render's passes as arrays: one multi-layer EXR holds them all, the scene's light among them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import OpenEXR

from blender_addon.labels.dense import SURFACE_PASS
from blender_addon.labels.vocabulary import unpack_index
from blender_addon.scene.cameras import along_axis, bends
from blender_addon.scene.looks.detail import tell_pixel_size

# Share of the clip distance from which on a depth means that nothing is hit: EEVEE of Blender 4.5 writes the clip
# distance itself there, but for rounding; Cycles and later EEVEEs write 1e10.
FAR = 0.99

# Endings of the material and object index passes: until Blender 4.5, and in later ones.
INDEX_PASSES = (("IndexMA.X", "IndexOB.X"), ("Material Index.X", "Object Index.X"))

# Endings of the Cryptomatte layers by materials and by objects.
MATTE, OBJECT_MATTE = "CryptoMaterial", "CryptoObject"


@dataclass(frozen=True)
class Passes:
    """All that one render gives, each (H, W, …).

    Attributes:
        linear: float32 (H, W, 3), the scene's light, linear Rec. 709.
        body, clothes: uint8 class indices; instance: uint16.
        depth: float32 metres along the optical axis, 0 where nothing is hit.
        normal: float32 (H, W, 3) world space, or None.
        motion: float32 (H, W, 4) pixels right and down to where the point was in the frame before, and to where it is
            in the next one, both as a lens that is as now would show it; or None.
        surface: float32 (H, W, 3) places on the base mesh, 0 where nobody is or it is not known; or None.
    """

    linear: np.ndarray
    body: np.ndarray
    clothes: np.ndarray
    instance: np.ndarray
    depth: np.ndarray
    normal: np.ndarray | None
    motion: np.ndarray | None = None
    surface: np.ndarray | None = None


def render_passes(scene: bpy.types.Scene, scratch: Path) -> Passes:
    """Renders the scene's current frame and camera once. `scratch` is a folder for a passing file."""
    exr = scratch / "frame.exr"
    image = scene.render.image_settings
    scene.render.filepath = str(exr)
    scene.render.use_file_extension = False
    if hasattr(image, "media_type"):  # Blender 5.0 and later
        image.media_type = "MULTI_LAYER_IMAGE"
    image.file_format = "OPEN_EXR_MULTILAYER"
    image.color_depth = "32"
    image.exr_codec = "NONE"
    tell_pixel_size(scene)
    bpy.ops.render.render(write_still=True)

    channels, header = read_exr(exr)
    body, clothes, instance = _labels(channels, header, scene)
    depth = _channel(channels, "Depth.Z")
    camera: Any = scene.camera
    hit = depth < FAR * camera.data.clip_end
    if bends(camera):
        # Along the axis for a plain camera, but along the ray for a panoramic one.
        depth = depth * along_axis(camera, *depth.shape[::-1])
    surface = None
    if any(name.endswith(SURFACE_PASS) for name in channels):
        # Materials add up behind what is half transparent; the last channel counts them.
        shown = _channel(channels, SURFACE_PASS)
        surface = np.where((shown[..., 3:] == 1.0) & (instance > 0)[..., None], shown[..., :3], 0.0)
    return Passes(
        linear=np.ascontiguousarray(_channel(channels, "Combined")[..., :3]),
        body=body,
        clothes=clothes,
        instance=instance,
        depth=np.where(hit, depth, 0.0).astype(np.float32),
        normal=_vectors(channels, "Normal", "XYZ"),
        motion=_motion(channels),
        surface=surface,
    )


def read_exr(path: Path) -> tuple[dict[str, np.ndarray], dict[str, object]]:
    """(channels by name, header) of a multi-layer EXR; single channels are (H, W), grouped colours (H, W, C).

    Blender before 5 writes one part with all passes, later ones a part for each pass.
    """
    channels: dict[str, np.ndarray] = {}
    header: dict[str, object] = {}
    with OpenEXR.File(str(path)) as file:
        for part in file.parts:
            # Copies: the arrays must outlive the file.
            channels.update((name, np.array(channel.pixels)) for name, channel in part.channels.items())
            header.update(part.header)
    return channels, header


def _vectors(channels: Mapping[str, np.ndarray], name: str, axes: str) -> np.ndarray | None:
    """(H, W, C) of a pass that has its axes one by one; None where it was not asked for."""
    if not any(channel.endswith(f"{name}.{axes[0]}") for channel in channels):
        return None
    return np.stack([_channel(channels, f"{name}.{axis}") for axis in axes], axis=-1)


def _motion(channels: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """Of Cycles' Vector pass, which goes up: X, Y to where a point was; Z, W from where it will be."""
    motion = _vectors(channels, "Vector", "XYZW")
    return None if motion is None else motion * np.array((1.0, -1.0, -1.0, 1.0), dtype=np.float32)


def _channel(channels: Mapping[str, np.ndarray], ending: str) -> np.ndarray:
    for name, pixels in channels.items():
        if name.endswith(ending):
            return pixels
    raise KeyError(f"the render has no pass {ending}: {sorted(channels)}")


def _labels(
    channels: Mapping[str, np.ndarray], header: Mapping[str, object], scene: bpy.types.Scene
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    for material, instance in INDEX_PASSES:
        if any(name.endswith(material) for name in channels):
            body, clothes = unpack_index(_channel(channels, material))
            return body, clothes, np.rint(_channel(channels, instance)).astype(np.uint16)
    return cryptomatte_labels(channels, header, scene)


def cryptomatte_labels(
    channels: Mapping[str, np.ndarray], header: Mapping[str, object], scene: bpy.types.Scene
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(body, clothes, instance) of the material that covers most of each pixel, of one sample the one that it meets.

    That is the first rank of Cryptomatte by materials. A material that one object has tells the instance as well; where
    several share it (spectators do), the first rank by objects tells.
    """
    codes, objects = _matte_codes(header, MATTE), _matte_codes(header, OBJECT_MATTE)
    packed: dict[int, int] = {}
    owners: dict[int, set[int]] = {}
    for made in scene.objects:
        for slot in made.material_slots if made.pass_index else ():
            if slot.material is not None and slot.material.name in codes:
                code = codes[slot.material.name]
                packed[code] = slot.material.pass_index
                owners.setdefault(code, set()).add(made.pass_index)
    indices = {objects[made.name]: made.pass_index for made in scene.objects if made.name in objects}
    body, clothes = unpack_index(_looked_up(channels, MATTE, packed))
    alone = _looked_up(channels, MATTE, {code: who.copy().pop() for code, who in owners.items() if len(who) == 1})
    instance = np.where((alone == 0) & (body > 0), _looked_up(channels, OBJECT_MATTE, indices), alone)
    # On an edge between a shared material and the hall nobody may be first by objects.
    shown = instance > 0
    return np.where(shown, body, 0), np.where(shown, clothes, 0), instance.astype(np.uint16)


def _looked_up(channels: Mapping[str, np.ndarray], matte: str, values: Mapping[int, int]) -> np.ndarray:
    """(H, W) int64: what stands for each pixel's first rank of a matte, 0 where nothing does."""
    ids = np.ascontiguousarray(_channel(channels, f"{matte}00.r")).view(np.uint32)
    found, place = np.unique(ids, return_inverse=True)
    table = np.array([values.get(code, 0) for code in found.tolist()], dtype=np.int64)
    return table[place.reshape(ids.shape)]


def _matte_codes(header: Mapping[str, object], matte: str) -> dict[str, int]:
    """By name of material or object: the bits of the number that stands for it in the matte.

    Names are written as they are; with a quotation mark in one this would not be JSON, but `avatar` and `rink` name
    all materials.
    """
    for key, value in header.items():
        if key.startswith("cryptomatte/") and key.endswith("/name") and str(value).endswith(matte):
            manifest = json.loads(str(header[key.removesuffix("name") + "manifest"]))
            return {name: int(code, 16) for name, code in manifest.items()}
    raise KeyError(f"the render has no Cryptomatte manifest for {matte}")
