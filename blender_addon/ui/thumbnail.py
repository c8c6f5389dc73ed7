"""The newest picture of a run as an icon, which is how Blender draws pictures in a panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy.utils.previews

if TYPE_CHECKING:
    from bpy.utils.previews import ImagePreviewCollection

_icons: ImagePreviewCollection | None = None


def icon_of(picture: Path) -> int:
    """The icon's number, the file read again when it has changed; 0 when it cannot be read."""
    global _icons
    if _icons is None:
        _icons = bpy.utils.previews.new()
    try:
        name = f"{picture} {picture.stat().st_mtime_ns}"
    except OSError:
        return 0
    if name not in _icons and not _take_in(_icons, name, picture):
        return 0
    return _icons[name].icon_id


def _take_in(icons: ImagePreviewCollection, name: str, picture: Path) -> bool:
    """Puts a picture in place of the one before; whether it could be read."""
    import cv2
    import numpy as np

    # Blender's own `load` reads in a job of its own, until whose end the panel shows a wheel: often the next picture
    # was there by then.
    try:
        data = np.frombuffer(picture.read_bytes(), dtype=np.uint8)
    except OSError:
        return False
    shown = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    if shown is None:
        return False
    height, width = shown.shape[:2]
    pixels = np.ones((height, width, 4), dtype=np.float32)
    pixels[..., :3] = shown[::-1, :, ::-1] / 255.0  # from the bottom row up, red first
    icons.clear()
    made: Any = icons.new(name)
    made.image_size = (width, height)
    made.image_pixels_float.foreach_set(pixels.ravel())
    return True


def free() -> None:
    """Gives the icons' memory back."""
    global _icons
    if _icons is not None:
        bpy.utils.previews.remove(_icons)
        _icons = None
