"""The newest picture of a run in the panel: there at once, and always the newest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from blender_addon.ui import thumbnail  # noqa: E402


@pytest.fixture(autouse=True)
def _freed() -> Iterator[None]:
    yield
    thumbnail.free()


def write(path: Path, color: tuple[int, int, int], second: int) -> None:
    """A picture in one colour (blue, green, red), its topmost row black, as of an instant."""
    picture = np.full((3, 4, 3), color, dtype=np.uint8)
    picture[0] = 0
    path.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    os.utime(path, (second, second))


def held() -> list[np.ndarray]:
    """(H, W, 4) what icons hold, from the bottom row up."""
    assert thumbnail._icons is not None
    return [
        np.array(one.image_pixels_float).reshape(*tuple(one.image_size)[::-1], 4) for one in thumbnail._icons.values()
    ]


def test_the_newest_picture_is_held_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "newest.png"
    for second, color in enumerate(((0, 0, 255), (255, 0, 0)), start=1):
        write(path, color, second)
        thumbnail.icon_of(path)
        thumbnail.icon_of(path)
        (pixels,) = held()
        assert pixels.shape == (3, 4, 4)
        assert pixels[0, 0].tolist() == [color[2] / 255.0, 0.0, color[0] / 255.0, 1.0]
        assert pixels[-1, 0].tolist() == [0.0, 0.0, 0.0, 1.0]


def test_what_cannot_be_read_is_no_icon(tmp_path: Path) -> None:
    path = tmp_path / "newest.png"
    assert thumbnail.icon_of(path) == 0
    for data in (b"", b"no picture"):
        path.write_bytes(data)
        assert thumbnail.icon_of(path) == 0
        assert held() == []
