"""Which bones of the rigs that MPFB2 ships play which segments: the YAML files in the folder `rigs` beside this module.

A new rig is one bone map there, named as the rig, and its files in `rig_files.RIG_FILES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mocap.retarget import BoneMap
from mocap.retarget.bone_map_file import read_bone_map

_FOLDER = Path(__file__).parent / "rigs"

RIGS: Mapping[str, BoneMap] = {path.stem: read_bone_map(path) for path in sorted(_FOLDER.glob("*.yaml"))}
