"""Hair styles by name, each a piece that is worn on the head."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from blender_addon.cast import HairSpec
from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.skater.body_parts import surface_parts
from blender_addon.skater.hair.cap import above_hairline, build_hair, find_head
from blender_addon.skater.surface import as_mesh, face_weights, select_faces
from blender_addon.skater.wardrobe.piece import CLOSE, Fitting, Piece
from mocap.errors import UserError
from mocap.meant import meant


def make_hair(fitting: Fitting, spec: HairSpec) -> Piece:
    """Somebody's hair. UserError for a style that there is not."""
    if spec.style not in STYLES:
        raise UserError(f"there is no hair style {spec.style!r}", place="hair.style", mend=meant(spec.style, STYLES))
    return STYLES[spec.style](fitting, spec)


def _bun(fitting: Fitting, spec: HairSpec) -> Piece:
    return _cap(fitting, bun=True)


def _short(fitting: Fitting, spec: HairSpec) -> Piece:
    return _cap(fitting, bun=False)


def _cap(fitting: Fitting, bun: bool) -> Piece:
    head = find_head(fitting.body)
    of_head = fitting.parts[face_weights(fitting.skin).argmax(axis=1)] == fitting.parts[head.bone]
    hair, uv = build_hair(select_faces(fitting.skin, np.asarray(of_head)), head, bun=bun)
    mesh = as_mesh("hair", hair, CLOTHES_INDEX["hair"], surface_parts(hair, fitting.parts), uv=uv)
    return Piece(meshes=(mesh,), layer=CLOSE, covers=lambda points, weights: above_hairline(points, head))


STYLES: Mapping[str, Callable[[Fitting, HairSpec], Piece]] = {"bun": _bun, "short": _short}
