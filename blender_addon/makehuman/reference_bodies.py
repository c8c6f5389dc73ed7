"""Five bodies as far apart as skaters are, on which retargeting is measured and tested."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from blender_addon.makehuman.body import Body

# Phenotypes (see `targets`). Statures and masses that come of them stand in docs/retargeting.md.
BODIES: Mapping[str, Mapping[str, float]] = {
    "short": {"gender": 0.0, "asian": 1.0, "height": 0.4},
    "tall": {"gender": 1.0, "african": 1.0, "height": 0.6, "muscle": 0.6},
    "heavy": {"gender": 0.0, "caucasian": 1.0, "weight": 1.0, "muscle": 0.2},
    "thin": {"gender": 0.0, "caucasian": 1.0, "weight": 0.05, "muscle": 0.3, "height": 0.55},
    "teenager": {"gender": 0.0, "caucasian": 1.0, "age": 0.33, "height": 0.55},
}

# kg/m³ of a human body with air in its lungs; a swimmer floats.
_DENSITY = 985.0


def mass(body: Body) -> float:
    """Kilograms by the volume that the skin encloses: the divergence theorem over its triangles."""
    quads = body.vertices[body.faces[body.face_masks["body"]]]
    corners = np.concatenate((quads[:, (0, 1, 2)], quads[:, (0, 2, 3)]))
    volume = np.einsum("ti,ti->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) / 6.0
    return float(_DENSITY * volume)
