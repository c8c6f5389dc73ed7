"""Clips leave nothing behind in the process that films them."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from blender_addon.cast import GarmentSpec, HairSpec, MotionSpec, SkaterSpec
from blender_addon.clip import CameraSpec, Clip, LabelSpec, RenderSpec
from render_scripts.worker import Task, run_task

bpy = pytest.importorskip("bpy")

from blender_addon.render.shoot import shoot_clip  # noqa: E402
from blender_addon.scene.fresh import fresh_scene  # noqa: E402

SETTLED, MORE = 2, 3
# What such clips were seen to leave: no object more that Python looks after, some 20 kB. One skin's corners are 460 kB.
OBJECTS, BYTES = 100, 200_000

CLIP = Clip(
    index=0,
    seed=7,
    fps=2.0,
    count=1,
    skaters=(
        SkaterSpec(
            garments={name: GarmentSpec() for name in ("shirt", "trousers", "boots", "blades")},
            hair=HairSpec("short"),
            motion=MotionSpec(element="camel spin", start=4.0),
        ),
    ),
    cameras=(CameraSpec("phone", width=32, height=24),),
    render=RenderSpec(samples=1, subdivision=0, device="cpu", denoise=False),
    labels=LabelSpec(keypoints=("body_25",)),
)


class _Heap(ctypes.Structure):
    """glibc's `struct mallinfo2`: the fifth number is what was mapped by itself, the eighth all else that is in use."""

    _fields_ = [("numbers", ctypes.c_size_t * 10)]


def _in_use() -> int:
    """Bytes that are allocated and not freed, by Python, numpy, Blender and Cycles alike; 0 without a recent glibc."""
    try:
        mallinfo = ctypes.CDLL(None).mallinfo2
    except (AttributeError, TypeError):
        return 0
    mallinfo.restype = _Heap
    numbers = mallinfo().numbers
    return int(numbers[4] + numbers[7])


def _people() -> Iterator[Clip]:
    """Clips of the same size, each of somebody else."""
    for number in range(SETTLED + MORE):
        body = {"gender": 0.3, "height": 0.4 + 0.01 * number, "weight": 0.6 - 0.01 * number}
        skater = replace(CLIP.lead, phenotype=body)
        camera = replace(CLIP.cameras[0], seed=number, distance=6.0 + 0.1 * number)
        yield replace(CLIP, index=number, seed=7 + number, skaters=(skater,), cameras=(camera,))


def test_clips_leave_nothing_behind(assets: Path, tmp_path: Path) -> None:
    held = []
    for clip in _people():
        assert run_task(Task(clip, tmp_path / "clip.tar", assets), shoot_clip, {}, tmp_path, lambda answer: None) == 1
        fresh_scene()
        gc.collect()
        collections = (getattr(bpy.data, name) for name in dir(bpy.data))
        blocks = sum(len(some) for some in collections if isinstance(some, bpy.types.bpy_prop_collection))
        held.append((blocks, len(gc.get_objects()), _in_use()))
    blocks, objects, in_use = zip(*held[SETTLED - 1 :], strict=True)
    assert len(set(blocks)) == 1
    assert objects[-1] - objects[0] < OBJECTS
    assert in_use[-1] - in_use[0] < BYTES
