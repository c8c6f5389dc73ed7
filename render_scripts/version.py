"""The version of this project, the same whether it is installed or runs from its source folder. No bpy."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def own_version() -> str:
    """As the extension's manifest says, which every wheel carries; a test holds `pyproject.toml` to it."""
    manifest = files("blender_addon").joinpath("blender_manifest.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(manifest)["version"])
