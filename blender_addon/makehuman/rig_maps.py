"""Which bones of the rigs that MPFB2 ships play which segments: the YAML files in the folder `rigs` beside this module.

A new rig is one bone map there, named as the rig, and its files in `rig_files.RIG_FILES`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from mocap.retarget import BoneMap
from mocap.retarget.bone_map_file import read_bone_map

_FOLDER = Path(__file__).parent / "rigs"

RIGS: Mapping[str, BoneMap] = {path.stem: read_bone_map(path) for path in sorted(_FOLDER.glob("*.yaml"))}


def recognised(bones: Collection[str]) -> str | None:
    """The name in RIGS of the rig that has these bones; of several, the one of which most is there. None for none."""
    fitting = [name for name in RIGS if not missing(name, bones)]
    return max(fitting, key=lambda name: len(set(RIGS[name].names())), default=None)


def nearest(bones: Collection[str]) -> str:
    """The name in RIGS of the rig of which these bones are most of."""
    return min(RIGS, key=lambda name: len(missing(name, bones)) / len(set(RIGS[name].names())))


def missing(rig: str, bones: Collection[str]) -> list[str]:
    """Bones of one of RIGS that are not among these."""
    return [name for name in RIGS[rig].names() if name not in bones]
