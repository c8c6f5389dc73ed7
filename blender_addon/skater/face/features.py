"""A face's features as meshes with their labels and looks."""

from __future__ import annotations

import numpy as np

from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.makehuman.body import Body
from blender_addon.skater.body_parts import surface_parts
from blender_addon.skater.face.brows import brows
from blender_addon.skater.face.eyes import eyeballs
from blender_addon.skater.face.lashes import lashes
from blender_addon.skater.face.mouth import teeth, tongue
from blender_addon.skater.human import SkinnedMesh
from blender_addon.skater.surface import as_mesh


def face_meshes(body: Body, parts: np.ndarray) -> list[SkinnedMesh]:
    """Eyes, lashes, brows, teeth and tongue of a shaped head.

    Args:
        parts: (B,) body part of each bone.
    """
    balls, front = eyeballs(body)
    out = [as_mesh("eyes", balls, CLOTHES_INDEX["eyes"], surface_parts(balls, parts), uv=front)]
    for name, surface in (("lashes", lashes(body)), ("brows", brows(body))):
        garment, part = CLOTHES_INDEX["hair"], surface_parts(surface, parts)
        out.append(as_mesh(name, surface, garment, part, smooth=False, look=name))
    for name, surface in (("teeth", teeth(body)), ("tongue", tongue(body))):
        out.append(as_mesh(name, surface, CLOTHES_INDEX["mouth"], surface_parts(surface, parts), look=name))
    return out
