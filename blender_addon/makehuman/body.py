"""A MakeHuman body of a given phenotype: shaped mesh, rig, weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from blender_addon.makehuman.base_mesh import read_base_mesh
from blender_addon.makehuman.details import detail_offsets
from blender_addon.makehuman.expressions import expression_offsets
from blender_addon.makehuman.lengths import lengthened
from blender_addon.makehuman.rig import fit_rig, read_weights
from blender_addon.makehuman.rig_files import DEFAULT_RIG, RIG_FILES
from blender_addon.makehuman.targets import complete_phenotype, shape_offsets
from mocap.errors import UserError
from mocap.meant import meant
from mocap.rig import Rig
from mocap.rotations import Array


@dataclass(frozen=True)
class Body:
    """A shaped hm08 mesh with its rig, standing barefoot with the lowest point of its skin on z = 0.

    Attributes:
        phenotype: all macro values, those left out filled in.
        vertices: (19158, 3) metres: skin, helpers and joint cubes.
        faces: (F, 4) vertex indices, counter-clockwise seen from outside.
        face_uv: (F, 4, 2) texture coordinates of the corners.
        groups: vertex indices by group: "body" (the skin), "helper-tights", "helper-skirt", "helper-hair",
            "helper-l-eye", "helper-r-eye", teeth, tongue, lashes and a "joint-…" cube for every joint.
        face_masks: (F,) bool by group.
        bones: (19158, K) bone indices, and
        weights: (19158, K) their shares, heaviest first, summing to 1 for every vertex.
        rig: the armature at rest.
    """

    phenotype: Mapping[str, float]
    vertices: Array
    faces: np.ndarray
    face_uv: Array
    groups: Mapping[str, np.ndarray]
    face_masks: Mapping[str, np.ndarray]
    bones: np.ndarray
    weights: Array
    rig: Rig

    @property
    def stature(self) -> float:
        """Metres from the sole to the top of the head, barefoot, without hair."""
        return float(self.vertices[self.groups["body"], 2].max())


def load_body(
    phenotype: Mapping[str, float],
    assets: Path,
    rig: str = DEFAULT_RIG,
    lengths: Mapping[str, float] | None = None,
    details: Mapping[str, float] | None = None,
    expression: Mapping[str, float] | None = None,
) -> Body:
    """Shape a body and fit a rig to it.

    Args:
        phenotype: macro values 0…1 (see `targets.DEFAULTS` and `targets.RACES`); what is left out is MPFB2's default.
        assets: MPFB2's data folder.
        rig: which of `rig_files.RIG_FILES`.
        lengths: factors on what the phenotype gives, by name of `lengths.STRETCHED`.
        details: how much of what MakeHuman's sliders change besides, by name of `details.read_details` or by the path
            of a `.target`.
        expression: of the face, 0…1 by name of `expressions.EXPRESSIONS`.

    Raises:
        UserError: a bad phenotype, an unknown rig, length, detail or expression, or data that is missing or damaged.
    """
    if rig not in RIG_FILES:
        raise UserError(f"MakeHuman has no rig {rig!r}", mend=meant(rig, RIG_FILES))
    base = read_base_mesh(assets)
    vertices = base.vertices + shape_offsets(phenotype, assets) + detail_offsets(details or {}, assets)
    if expression:
        vertices += expression_offsets(expression, phenotype, vertices, assets)
    if lengths:
        default = fit_rig(assets, DEFAULT_RIG, vertices, base.groups)
        hung = _fill_unweighted(*read_weights(assets, DEFAULT_RIG, default.names), base.vertices)
        vertices = lengthened(vertices, *hung, default, lengths)
    vertices[:, 2] -= vertices[base.groups["body"], 2].min()
    fitted = fit_rig(assets, rig, vertices, base.groups)
    bones, weights = _fill_unweighted(*read_weights(assets, rig, fitted.names), base.vertices)
    return Body(
        phenotype=complete_phenotype(phenotype),
        vertices=vertices,
        faces=base.faces,
        face_uv=base.face_uv,
        groups=base.groups,
        face_masks=base.face_masks,
        bones=bones,
        weights=weights,
        rig=fitted,
    )


def _fill_unweighted(bones: np.ndarray, weights: Array, vertices: Array) -> tuple[np.ndarray, Array]:
    """Weights for every vertex: one without any (some releases leave out helpers) moves with its nearest neighbour."""
    missing = np.flatnonzero(weights[:, 0] <= 0.0)
    if not len(missing):
        return bones, weights
    given = np.flatnonzero(weights[:, 0] > 0.0)
    _, nearest = cKDTree(vertices[given]).query(vertices[missing])
    bones, weights = bones.copy(), weights.copy()
    bones[missing], weights[missing] = bones[given[nearest]], weights[given[nearest]]
    return bones, weights
