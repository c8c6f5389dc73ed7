"""Labels from Cryptomatte where people share materials: spectators do."""

from __future__ import annotations

import json

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402

from blender_addon.labels.vocabulary import CLOTHES_INDEX, pack_index  # noqa: E402
from blender_addon.render.passes import MATTE, OBJECT_MATTE, cryptomatte_labels  # noqa: E402

JACKET = CLOTHES_INDEX["jacket"]
# Bits that stand for names, any that are different.
CODES = {"own": 0x3F000001, "shared": 0x3F000002, "one": 0x3F000003, "two": 0x3F000004, "skater": 0x3F000005}
HALL = 0x3F0000FF


def _header() -> dict[str, object]:
    header: dict[str, object] = {}
    for key, matte, names in (("a", MATTE, ("own", "shared")), ("b", OBJECT_MATTE, ("one", "two", "skater"))):
        header[f"cryptomatte/{key}/name"] = f"ViewLayer.{matte}"
        header[f"cryptomatte/{key}/manifest"] = json.dumps({name: f"{CODES[name]:08x}" for name in names})
    return header


def _ids(codes: list[int]) -> np.ndarray:
    return np.array([codes], dtype=np.uint32).view(np.float32)


def test_the_object_tells_whom_a_shared_material_shows() -> None:
    scene = empty_scene()
    materials = {}
    for name, part in (("own", 8), ("shared", 1)):
        materials[name] = bpy.data.materials.new(name)
        materials[name].pass_index = pack_index(JACKET, part)
    for name, index, worn in (("skater", 1, "own"), ("one", 7, "shared"), ("two", 300, "shared")):
        mesh = bpy.data.meshes.new(name)
        mesh.materials.append(materials[worn])
        made = bpy.data.objects.new(name, mesh)
        made.pass_index = index
        scene.collection.objects.link(made)
    # The fourth pixel is an edge: most of it is the shared material's, but the hall is first by objects.
    channels = {
        f"ViewLayer.{MATTE}00.r": _ids([CODES["own"], CODES["shared"], CODES["shared"], CODES["shared"], HALL]),
        f"ViewLayer.{OBJECT_MATTE}00.r": _ids([CODES["one"], CODES["one"], CODES["two"], HALL, HALL]),
    }
    body, clothes, instance = cryptomatte_labels(channels, _header(), scene)
    assert instance.tolist() == [[1, 7, 300, 0, 0]]
    assert body.tolist() == [[8, 1, 1, 0, 0]]
    assert clothes.tolist() == [[JACKET, JACKET, JACKET, 0, 0]]
