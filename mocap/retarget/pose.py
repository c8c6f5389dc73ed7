"""A rig's movement while it is being worked out: turns of the bones that move by themselves, and where joints are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mocap.retarget.bone_map import BoneMap
from mocap.rig import PoseTrack, Rig
from mocap.rotations import Array, conjugate, from_matrix, hemisphere, multiply, rotate


@dataclass(frozen=True)
class Pose:
    """T frames of a rig, in the armature's space.

    Only bones that move by themselves are kept: nearly all of a rig's 50 to 200 bones (face, breast, fingers) follow
    their parents.

    Attributes:
        rig: at rest.
        root: the bone without a parent that carries all others.
        turns: (T, 4) by bone's index, relative to its rest; a bone that is not named turns with its parent.
        held: (4,) by bone's index: what a bone is turned by at rest before it follows its parent (curled fingers).
        origin: (T, 3) head of the root bone.
    """

    rig: Rig
    root: int
    turns: Mapping[int, Array]
    held: Mapping[int, Array]
    origin: Array
    _heads: dict[int, Array] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.origin)

    def turn(self, bone: int) -> Array:
        """(T, 4) rotation of a bone, relative to its rest."""
        if bone in self.turns:
            return self.turns[bone]
        parent = int(self.rig.parents[bone])
        carried = np.tile((1.0, 0.0, 0.0, 0.0), (len(self), 1)) if parent < 0 else self.turn(parent)
        return multiply(carried, self.held[bone]) if bone in self.held else carried

    def head(self, bone: int) -> Array:
        """(T, 3) position of a joint."""
        if bone not in self._heads:
            self._heads[bone] = self._find_head(bone)
        return self._heads[bone]

    def _find_head(self, bone: int) -> Array:
        if bone == self.root:
            return self.origin
        # The joint is rigid with the nearest bone above it that moves by itself.
        above = int(self.rig.parents[bone])
        while above != self.root and above not in self.turns and above not in self.held:
            above = int(self.rig.parents[above])
        return self.carried(above, self.rig.heads[bone])

    def carried(self, bone: int, point: Array) -> Array:
        """(T, 3) where a point (3,) of the rest pose, rigid with a bone, lies; points (M, 3) give (T, M, 3)."""
        offset = point - self.rig.heads[bone]
        if offset.ndim == 1:
            return self.head(bone) + rotate(self.turn(bone), offset)
        return self.head(bone)[:, None] + rotate(self.turn(bone)[:, None], offset)

    def moved(self, by: Array) -> Pose:
        """The same pose elsewhere: all of it shifted by (T, 3) or (3,)."""
        return replace(self, origin=self.origin + by, _heads={})

    def turned(self, turns: Mapping[int, Array]) -> Pose:
        """The pose with other turns for some bones; what hangs on them follows in place, not in attitude."""
        return replace(self, turns={**self.turns, **turns}, _heads={})


def carrying_root(rig: Rig, bones: BoneMap) -> int:
    """Index of the bone at the top of the pelvis' chain: the pelvis itself, or a root on the floor above it."""
    return rig.ancestors(rig.index(bones.root))[-1]


def as_track(pose: Pose, fps: float) -> PoseTrack:
    """The pose as what goes into F-curves."""
    rig = pose.rig
    rest = from_matrix(rig.rest[:, :3, :3])
    rotations = np.zeros((len(pose), len(rig.names), 4))
    rotations[..., 0] = 1.0
    for bone, turn in pose.turns.items():
        parent = int(rig.parents[bone])
        relative = turn if parent < 0 else multiply(conjugate(pose.turn(parent)), turn)
        rotations[:, bone] = hemisphere(_in_frame(relative, rig.rest[bone, :3, :3]))
    for bone, turn in pose.held.items():
        rotations[:, bone] = _in_frame(turn, rig.rest[bone, :3, :3])
    location = rotate(conjugate(rest[pose.root]), pose.origin - rig.heads[pose.root])
    return PoseTrack(
        fps=fps,
        times=np.arange(len(pose)) / fps,
        rig=rig,
        root=pose.root,
        rotations=rotations,
        root_location=location,
    )


def _in_frame(turn: Array, axes: Array) -> Array:
    """A rotation (…, 4) of the armature's space as seen from a bone's own axes (3, 3): conj(axes) · turn · axes."""
    return np.concatenate((turn[..., :1], turn[..., 1:] @ axes), axis=-1)
