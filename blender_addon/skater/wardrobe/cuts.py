"""The cuts of every garment made here: what can be chosen, its default, and what 0 and 1 mean. No bpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blender_addon.cast import GarmentSpec
from mocap.errors import UserError
from mocap.meant import meant


@dataclass(frozen=True)
class Cut:
    """One measure of a garment's pattern, 0…1: what it is where a spec does not name it, and what its ends mean."""

    default: float
    meaning: str


_TOP: Mapping[str, Cut] = {
    "neckline": Cut(0.45, "depth in front: 0 a high collar … 1 down to between the breasts"),
    "vee": Cut(0.0, "shape of the neckline: 0 a round scoop … 1 a V"),
    "back": Cut(0.35, "depth behind: 0 closed … 1 open down to the waist"),
    "keyhole": Cut(0.0, "hole between the shoulder blades: 0 none … 1 as wide as they stand apart"),
    "sleeves": Cut(1.0, "0 none, an armhole at the shoulder; 0.35 short, 0.65 to the elbow … 1 to the wrist"),
    "panels": Cut(0.0, "how much is cut from the second colour: 0 nothing … 1 wide panels down both sides"),
}
_LOOSE_TOP: Mapping[str, Cut] = {
    "length": Cut(0.4, "0 to the waist, 0.3 to the hip, 0.6 over the seat … 1 to the knee"),
    "fit": Cut(0.4, "0 close … 1 wide"),
    "panels": _TOP["panels"],
}
_OVER_BOOTS: Mapping[str, Cut] = {
    "over_boots": Cut(
        0.0, "0 legs end in the boot; 0.5 over it as far as the instep, the toes free; 1 over the whole boot"
    ),
}

CUTS: Mapping[str, Mapping[str, Cut]] = {
    "leotard": {**_TOP, "leg": Cut(0.5, "leg line: 0 as low as on shorts … 1 as high as the hip bone")},
    "unitard": {**_TOP, **_OVER_BOOTS},
    "tights": _OVER_BOOTS,
    "gloves": {"cuff": Cut(0.0, "0 under the sleeve … 1 over it, some centimetres up the forearm")},
    "skirt": {
        "length": Cut(0.3, "0 a frill that just covers the hips … 1 to the knee"),
        "flare": Cut(0.5, "0 falls straight … 1 a full circle"),
        "asymmetry": Cut(0.0, "0 a level hem … 1 one side far shorter than the other"),
    },
    "shirt": {
        **_LOOSE_TOP,
        "neckline": Cut(0.2, _TOP["neckline"].meaning),
        "vee": _TOP["vee"],
        "sleeves": _TOP["sleeves"],
        "tucked": Cut(0.0, "over 0.5 tucked into the trousers"),
    },
    "trousers": {
        "fit": Cut(0.3, "0 close … 1 wide"),
        "length": Cut(1.0, "0 above the knee … 1 over the boot"),
        "panels": _TOP["panels"],
    },
    "jacket": {
        **_LOOSE_TOP,
        "open": Cut(0.0, "0 closed to the chin … 1 open to the hem"),
    },
    "boots": {"height": Cut(0.5, "of the collar: 0 low … 1 high on the calf")},
    "blades": {},
    "shoes": {"height": Cut(0.6, "of the collar: 0 a shoe … 1 a winter boot")},
    "hat": {"length": Cut(0.0, "up to 0.5 it ends above the ears, else it is pulled down over them")},
}
"""By garment and name: all that `GarmentSpec.cut` may hold. What is not named here has no cuts."""


def check_cuts(garment: str, spec: GarmentSpec) -> None:
    """UserError for a cut that the garment does not have, or a value outside 0…1."""
    known = CUTS.get(garment, {})
    for name, value in spec.cut.items():
        if name not in known:
            raise UserError(f"{garment} has no cut {name!r}", place=f"garments.{garment}.cut", mend=meant(name, known))
        if not 0.0 <= value <= 1.0:
            raise UserError(f"{name} is {value:g}, and a cut is 0…1", place=f"garments.{garment}.cut.{name}")


def cuts_of(garment: str, spec: GarmentSpec) -> dict[str, float]:
    """All cuts of a garment: the spec's, and the default of those that it does not name."""
    return {name: spec.cut.get(name, cut.default) for name, cut in CUTS[garment].items()}
