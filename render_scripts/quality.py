"""How well a take is retargeted onto an avatar that stands on blades. No bpy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from blender_addon.makehuman.body import load_body
from blender_addon.makehuman.flesh import body_volume
from blender_addon.makehuman.reference_bodies import BODIES, mass
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.performance import WORK_RATE
from blender_addon.skater.skates import SOLE_TO_ICE, blade_landmarks
from mocap.metrics.quality import Quality, measure
from mocap.motion import Motion
from mocap.resample import resample
from mocap.retarget import BoneMap, Soles, retarget
from mocap.retarget.volume import BodyVolume
from mocap.rig import Rig
from mocap.skating.contacts import ensure_contacts
from mocap.skeleton import SIDES

# The body of BODIES whose figures a single take is given on.
BODY = "teenager"
# A take of fewer seconds keeps its own rate: thinned out, little would be left of it.
_SHORT = 0.5


@dataclass(frozen=True)
class Avatar:
    """A body on a rig, on blades.

    Attributes:
        body: name in BODIES; rig_name: name in RIGS.
        stature: metres, barefoot; mass: kilograms.
    """

    body: str
    rig_name: str
    stature: float
    mass: float
    rig: Rig
    bones: BoneMap
    soles: Soles
    volume: BodyVolume


def avatar(body: str, rig: str, assets: Path) -> Avatar:
    """One of BODIES on one of RIGS.

    Args:
        assets: MakeHuman's data folder.

    Raises:
        UserError: there is no such rig, or the data are damaged.
    """
    made = load_body(BODIES[body], assets, rig)
    bones = RIGS[rig]
    return Avatar(
        body=body,
        rig_name=rig,
        stature=made.stature,
        mass=mass(made),
        rig=made.rig,
        bones=bones,
        soles=_blades(body, assets),
        volume=body_volume(made, bones),
    )


@lru_cache(maxsize=len(BODIES))
def _blades(body: str, assets: Path) -> Soles:
    """Running edges under the bare feet; boots are fitted to the bones of the default rig, blades serve every rig.

    The avatar is left as low as it stands barefoot: how high a rig rests is nothing to its poses.
    """
    points = blade_landmarks(load_body(BODIES[body], assets), ice=-SOLE_TO_ICE)
    places = ("toe", "middle", "heel")
    return Soles(
        {side: np.concatenate([points[f"{side.lower()}_{place}"].points for place in places]) for side in SIDES}
    )


def ready(take: Motion) -> Motion:
    """The take with contacts, at the rate at which clips are retargeted."""
    take = ensure_contacts(take)
    if take.duration < _SHORT:
        return take
    return resample(take, WORK_RATE, 0.0, int(take.duration * WORK_RATE + 1e-6) + 1)


def quality_on(motion: Motion, onto: Avatar) -> Quality:
    """All figures of a motion, made `ready`, on an avatar."""
    track = retarget(motion, onto.rig, onto.bones, onto.soles, onto.volume)
    return measure(motion, onto.rig, onto.bones, onto.soles, track)
