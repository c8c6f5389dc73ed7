"""How a body's mass is spread: its centre, and how hard it is to turn. What physics is asked of in flights and spins.

Segment masses, centres and radii of gyration: de Leva (1996), "Adjustments to Zatsiorsky-Seluyanov's segment inertia
parameters", Journal of Biomechanics 29(9), table 4, females. Where MVN cuts the body elsewhere, lengths along the
segment are converted: the middle trunk is shared out over L5, L3 and T12, the foot is measured from the ankle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mocap.rotations import Array, rotate
from mocap.skeleton import Skeleton

GRAVITY = 9.81


@dataclass(frozen=True)
class SegmentMass:
    """A segment's share of body mass, where its centre lies, and how wide its mass is spread.

    Attributes:
        fraction: of the whole body.
        toward: the point of the segment (MVNX label) toward which `along` is measured from the segment's origin.
        along: 0…1 from the origin to that point.
        across: radius of gyration about axes across the segment, in lengths origin → point.
        about: radius of gyration about the segment's own long axis, in the same lengths.
    """

    fraction: float
    toward: str
    along: float
    across: float
    about: float


def _limbs(side: str) -> dict[str, SegmentMass]:
    return {
        f"{side}UpperArm": SegmentMass(0.0255, f"j{side}Elbow", 0.5754, 0.269, 0.148),
        f"{side}ForeArm": SegmentMass(0.0138, f"j{side}Wrist", 0.4559, 0.259, 0.094),
        f"{side}Hand": SegmentMass(0.0056, f"p{side}TopOfHand", 0.3427, 0.244, 0.154),
        f"{side}UpperLeg": SegmentMass(0.1478, f"j{side}Knee", 0.3612, 0.366, 0.162),
        f"{side}LowerLeg": SegmentMass(0.0481, f"j{side}Ankle", 0.4352, 0.265, 0.092),
        f"{side}Foot": SegmentMass(0.0129, f"j{side}BallFoot", 0.35, 0.41, 0.20),
    }


MASSES: dict[str, SegmentMass] = {
    "Pelvis": SegmentMass(0.1247, "jL5S1", 0.25, 0.66, 0.70),
    "L5": SegmentMass(0.0489, "jL4L3", 0.5, 0.80, 0.95),
    "L3": SegmentMass(0.0488, "jL1T12", 0.5, 0.85, 1.00),
    "T12": SegmentMass(0.0488, "jT9T8", 0.5, 0.85, 1.00),
    "T8": SegmentMass(0.1545, "jT1C7", 0.45, 0.74, 0.86),
    "Head": SegmentMass(0.0668, "pTopOfHead", 0.40, 0.35, 0.32),
    **_limbs("Left"),
    **_limbs("Right"),
}


def centre_of_mass(skeleton: Skeleton, orientations: Array, positions: Array) -> Array:
    """(T, 3) from world orientations (T, J, 4) and positions (T, J, 3)."""
    total = np.zeros((len(positions), 3))
    for segment, mass in MASSES.items():
        j = skeleton.index(segment)
        local = skeleton.points[segment][mass.toward] * mass.along
        total += mass.fraction * (positions[:, j] + rotate(orientations[:, j], local))
    return total / sum(mass.fraction for mass in MASSES.values())


def spin_inertia(skeleton: Skeleton, orientations: Array, positions: Array) -> Array:
    """(T,) moment of inertia about the vertical through the centre of mass, per kg of body mass (m²)."""
    centre = centre_of_mass(skeleton, orientations, positions)
    total = np.zeros(len(positions))
    for segment, mass in MASSES.items():
        j = skeleton.index(segment)
        reach = skeleton.points[segment][mass.toward]
        length = float(np.linalg.norm(reach))
        at = positions[:, j] + rotate(orientations[:, j], reach * mass.along) - centre
        upright = rotate(orientations[:, j], reach / length)[:, 2] ** 2
        own = length**2 * (mass.about**2 * upright + mass.across**2 * (1.0 - upright))
        total += mass.fraction * (at[:, 0] ** 2 + at[:, 1] ** 2 + own)
    return total / sum(mass.fraction for mass in MASSES.values())
