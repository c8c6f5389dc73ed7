"""The one in-memory form of a recording, whatever file it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from mocap.events import Event
from mocap.rotations import Array, multiply, rotate
from mocap.skeleton import CONTACT_POINTS, Skeleton


@dataclass(frozen=True)
class Motion:
    """A person's recorded movement, in Blender's axes (Z up, an unrotated person faces −Y), metres and seconds.

    Attributes:
        name: of the take (the file's stem, with the subject when there are several).
        rate: frames per second, nominal (BVH's rounded frame time is snapped before it comes here).
        skeleton: the segments: the body's 23 in the order of `skeleton.SEGMENTS`, then fingers and props, if any.
        orientations: (T, J, 4) segment → world, w x y z, unit length, hemisphere-continuous along T.
        positions: (T, J, 3) world positions of the segment origins as recorded (MVN's are not exactly rigid).
        contacts: (T, 4) bool in the order of `skeleton.CONTACT_POINTS`, or None where the file has none.
        source: facts about the file (format, version, subject, configuration, scenario, warnings, …).
        events: what the skater does, in frames of this motion, by start.
    """

    name: str
    rate: float
    skeleton: Skeleton
    orientations: Array
    positions: Array
    contacts: np.ndarray | None = None
    source: Mapping[str, object] = field(default_factory=dict)
    events: tuple[Event, ...] = ()

    def __len__(self) -> int:
        return len(self.orientations)

    @property
    def duration(self) -> float:
        """Seconds from the first frame to the last."""
        return max(0, len(self) - 1) / self.rate

    def point(self, segment: str, point: str) -> Array:
        """(T, 3) world positions of an anatomical point; KeyError if the skeleton lacks it."""
        j = self.skeleton.index(segment)
        return self.positions[:, j] + rotate(self.orientations[:, j], self.skeleton.points[segment][point])

    def foot_contacts(self, side: str) -> np.ndarray | None:
        """(T, 2) bool, whether heel and toe of one side ("Left", "Right") are down; None where nothing is said."""
        if self.contacts is None:
            return None
        heel = CONTACT_POINTS.index(f"{side}Foot_Heel")
        return self.contacts[:, heel : heel + 2]


def forward_kinematics(skeleton: Skeleton, root: Array, local: Array) -> tuple[Array, Array]:
    """World pose of a rigid skeleton.

    Args:
        skeleton: J segments.
        root: (T, 3) positions of the root's origin.
        local: (T, J, 4) rotation of each segment in its parent's frame (the root's in the world's).

    Returns:
        orientations (T, J, 4) and positions (T, J, 3), both in the world.
    """
    orientations = np.empty_like(local)
    positions = np.empty((*local.shape[:2], 3))
    for j, parent in enumerate(skeleton.parents):
        if parent < 0:
            orientations[:, j], positions[:, j] = local[:, j], root
        else:
            orientations[:, j] = multiply(orientations[:, parent], local[:, j])
            positions[:, j] = positions[:, parent] + rotate(orientations[:, parent], skeleton.offsets[j])
    return orientations, positions
