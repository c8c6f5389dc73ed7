"""Whether Blender will find the OpenGL that EEVEE draws with: where it finds none, its process dies. No bpy."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from typing import Any

from mocap.errors import UserError

# Blender's own least version (its manual, "System Requirements").
VERSION = (4, 3)

# Names and numbers of the EGL 1.5 specification and of EGL_MESA_platform_surfaceless.
_SURFACELESS_PLATFORM = 0x31DD
_OPENGL_API = 0x30A2
_MAJOR_VERSION, _MINOR_VERSION, _NONE = 0x3098, 0x30FB, 0x3038


def require_opengl() -> None:
    """Returns where EEVEE can draw, as far as one can tell beforehand.

    Windows, macOS and a Linux desktop bring OpenGL with their display. On a Linux machine without a display Blender
    asks EGL for a context and aborts if it gets none, so the same is asked here first.

    Raises:
        UserError: there is no display, and EGL is missing or has no device and no software renderer.
    """
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return
    if not _egl_makes_context():
        raise UserError(
            f"EEVEE needs OpenGL {VERSION[0]}.{VERSION[1]} through EGL, and this machine offers none",
            mend="Install a GPU's driver or Mesa (libegl1, libgl1-mesa-dri), or set render.engine to cycles.",
        )


@cache
def _egl_makes_context() -> bool:
    try:
        egl = _load_egl()
    except (OSError, AttributeError):  # no library, or one older than EGL 1.5
        return False
    wanted = (_MAJOR_VERSION, VERSION[0], _MINOR_VERSION, VERSION[1], _NONE)
    attributes = (ctypes.c_int * len(wanted))(*wanted)
    # Displays stay open: Blender, in this same process, is given the very same ones.
    for display in (egl.eglGetDisplay(None), egl.eglGetPlatformDisplay(_SURFACELESS_PLATFORM, None, None)):
        if display and egl.eglInitialize(display, None, None) and egl.eglBindAPI(_OPENGL_API):
            context = egl.eglCreateContext(display, None, None, attributes)
            if context:
                egl.eglDestroyContext(display, context)
                return True
    return False


def _load_egl() -> Any:
    """The EGL library with the signatures of what is called here."""
    egl = ctypes.CDLL("libEGL.so.1")
    pointer, number = ctypes.c_void_p, ctypes.c_uint
    signatures = {
        "eglGetDisplay": (pointer, [pointer]),
        "eglGetPlatformDisplay": (pointer, [number, pointer, pointer]),
        "eglInitialize": (number, [pointer, pointer, pointer]),
        "eglBindAPI": (number, [number]),
        "eglCreateContext": (pointer, [pointer, pointer, pointer, pointer]),
        "eglDestroyContext": (number, [pointer, pointer]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(egl, name)
        function.restype, function.argtypes = result, arguments
    return egl
