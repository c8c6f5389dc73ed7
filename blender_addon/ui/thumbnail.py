"""The newest picture of a run as an icon, which is how Blender draws pictures in a panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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
    if name not in _icons:
        _icons.clear()
        # Asking for the size makes Blender read the file now; later would be after the next picture has replaced it.
        assert _icons.load(name, str(picture), "IMAGE").image_size is not None
    return _icons[name].icon_id


def free() -> None:
    """Gives the icons' memory back."""
    global _icons
    if _icons is not None:
        bpy.utils.previews.remove(_icons)
        _icons = None
