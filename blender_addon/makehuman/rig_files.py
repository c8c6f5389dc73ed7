"""Where MPFB2's data folder keeps its rigs, and what must be known to read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# The finest hands and spine.
DEFAULT_RIG = "default"


@dataclass(frozen=True)
class RigFiles:
    """The files of one rig, below the data folder.

    Attributes:
        bones: the rig; weights: how vertices hang on it.
        parents: bones that constraints hold in place of a parent, with the bone that they follow most.
        stand_ins: (pattern, bone) by which a group of weights goes to another bone where the rig lacks the group's
            own; the bone may refer to the pattern's groups, and is empty for a group that is no bone's.
    """

    bones: Path
    weights: Path
    parents: Mapping[str, str] = field(default_factory=dict)
    stand_ins: tuple[tuple[str, str], ...] = ()


def _standard(name: str) -> RigFiles:
    folder = Path("rigs", "standard")
    return RigFiles(folder / f"rig.{name}.json", folder / f"weights.{name}.json")


RIG_FILES: Mapping[str, RigFiles] = {
    DEFAULT_RIG: _standard(DEFAULT_RIG),
    # MPFB2, too, takes the default rig's weights for it, those of all toes to the one toe bone.
    "default_no_toes": RigFiles(
        Path("rigs", "standard", "rig.default_no_toes.json"),
        Path("rigs", "standard", "weights.default.json"),
        stand_ins=((r"toe\d-\d\.([LR])", r"toe1-1.\1"),),
    ),
    "game_engine": _standard("game_engine"),
    "game_engine_with_breast": _standard("game_engine_with_breast"),
    "cmu_mb": _standard("cmu_mb"),
    "mixamo": _standard("mixamo"),
    # Weights are for the rig that Rigify generates from this meta-rig: limbs in two pieces, eyes by a master bone.
    "rigify": RigFiles(
        Path("rigs", "rigify", "rig.human.json"),
        Path("rigs", "rigify", "weights.human_toes.json"),
        parents={
            "DEF-elbow-helper.L": "upper_arm.L",
            "DEF-elbow-helper.R": "upper_arm.R",
            "DEF-knee-helper.L": "thigh.L",
            "DEF-knee-helper.R": "thigh.R",
            "MCH-breast-parent": "spine.003",
        },
        stand_ins=(
            (r"toe\d-\d\.([LR])", r"toe.\1"),
            (r"DEF-(\w+\.[LR])\.001", r"\1"),
            (r"DEF-eye_master\.([LR])", r"eye.\1"),
            (r"mhmask-.*", ""),
        ),
    ),
}
