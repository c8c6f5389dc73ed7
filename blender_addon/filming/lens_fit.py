"""A lens as a polynomial that gives the angle of a ray by its place in the picture: Cycles' one camera for all lenses.

`cv2`'s models go from the angle to the place; Cycles goes the other way, by θ(r) = c1 r + c2 r² + c3 r³ + c4 r⁴. Of all
such polynomials this is the one whose largest error over the picture, in pixels, is smallest.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from blender_addon.clip import CameraSpec
from blender_addon.filming.lens import Bend, bend_of, focal_of, intrinsics_of
from blender_addon.render.frame import CameraView
from mocap.errors import UserError
from mocap.rotations import Array

COARSE = 0.03
"""Pixels by which a ray may be beside its place: more is refused."""

DEGREE = 4

# Places between the middle and the corner on which the fit is made, and on which it is measured.
_PLACES, _CHECKS = 160, 2000


def check_lens(spec: CameraSpec, engine: str) -> None:
    """Refuses a camera whose lens, at its widest, `engine` cannot render; the earlier this is told the better.

    Raises:
        UserError: see `angle_polynomial`; or a lens that bends straight lines is to be rendered by EEVEE.
    """
    lens = spec.lens
    bend_of(lens.model, lens.coefficients)
    if lens.model == "none":
        return
    if engine == "eevee":
        raise UserError(
            f"EEVEE renders no lens that bends straight lines, as this {lens.model!r} one does",
            place=f"camera {spec.name!r}",
            mend="Render with cycles, or give a lens without distortion.",
        )
    K = intrinsics_of(lens, spec.width, spec.height, focal_of(lens, spec.width, lens.widest))
    angle_polynomial(
        CameraView(
            spec.name, spec.profile, spec.width, spec.height, K, np.eye(3), np.zeros(3), lens.model, lens.coefficients
        )
    )


def angle_polynomial(view: CameraView) -> Array:
    """(4,) c1…c4: angle from the axis (rad) at r pixels from the principal point, r to the farthest corner.

    Raises:
        UserError: the lens throws no picture into the corners, or no such polynomial comes near enough to it.
    """
    focal = float(view.K[0, 0])
    bend = bend_of(view.model, tuple(view.coefficients))
    middle = view.K[:2, 2]
    corner = float(np.hypot(*np.maximum(middle, (view.width, view.height) - middle)))
    reach = corner / focal
    place = f"camera {view.name!r}"
    if np.isnan(bend.gather(np.array(reach))):
        raise UserError(
            "the lens throws no picture into the corners: its distortion turns back before",
            place=place,
            mend="Give a narrower field of view, or other coefficients.",
        )
    shape, error = _fit(bend, reach)
    if error * focal > COARSE:
        raise UserError(
            f"the lens is too wide and too strongly bent to be rendered: {error * focal:.3f} pixels off in places, "
            f"{COARSE} are allowed",
            place=place,
            mend='Give a narrower field of view, a smaller picture, or a "fisheye" lens.',
        )
    return shape / corner ** np.arange(1, DEGREE + 1)


@lru_cache(maxsize=1024)
def _fit(bend: Bend, reach: float) -> tuple[Array, float]:
    """(4,) coefficients for d / reach, and the largest error of d, for a picture whose corner lies at d = reach."""
    # Chebyshev's places: close to both ends, where such errors peak.
    share = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, _PLACES))[1:]
    rows, wanted = _errors(bend, reach, share)
    # The smallest largest error is a linear programme: −e ≤ rows · c − wanted ≤ e with the least e.
    from scipy.optimize import linprog

    one = np.ones((len(rows), 1))
    found = linprog(
        np.append(np.zeros(DEGREE), 1.0),
        A_ub=np.block([[rows, -one], [-rows, -one]]),
        b_ub=np.concatenate((wanted, -wanted)),
        bounds=[(None, None)] * DEGREE + [(0.0, None)],
        method="highs",
    )
    shape = found.x[:DEGREE]
    rows, wanted = _errors(bend, reach, np.linspace(0.0, 1.0, _CHECKS)[1:])
    return shape, float(np.abs(rows @ shape - wanted).max())


def _errors(bend: Bend, reach: float, share: Array) -> tuple[Array, Array]:
    """rows (N, 4), wanted (N,): rows · c − wanted is by how much of d the ray at `share` of the reach is off."""
    s = bend.gather(reach * share)
    angle = s if bend.by_angle else np.arctan(s)
    # d by the angle; a tangent grows by 1 + s² of it.
    per_angle = bend.growth(s) * (1.0 if bend.by_angle else 1.0 + s * s)
    return share[:, None] ** np.arange(1, DEGREE + 1) * per_angle[:, None], np.asarray(angle * per_angle)
