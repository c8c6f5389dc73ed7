"""What retargeting needs to know of an armature, and what it makes for it; the same in numpy and in Blender."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mocap.rotations import Array


@dataclass(frozen=True)
class Rig:
    """An armature at rest, in its own space (Blender's axes, metres, the avatar faces −Y, ice or floor at z = 0).

    Attributes:
        names: B bone names, parents before children.
        parents: (B,) index of the parent, −1 for a root.
        heads: (B, 3) joint positions.
        tails: (B, 3).
        rest: (B, 4, 4) bone → armature, as Blender's `Bone.matrix_local`: Y along the bone, rolled, origin at head.
    """

    names: tuple[str, ...]
    parents: np.ndarray
    heads: Array
    tails: Array
    rest: Array

    def index(self, name: str) -> int:
        """Position of a bone; KeyError if this rig lacks it."""
        try:
            return self.names.index(name)
        except ValueError:
            raise KeyError(name) from None


@dataclass(frozen=True)
class PoseTrack:
    """A rig's movement, ready for F-curves and for numpy skinning alike.

    Attributes:
        fps: frames per second.
        times: (T,) seconds from the first frame.
        names: B bone names, as the rig's.
        rotations: (T, B, 4) what goes into `PoseBone.rotation_quaternion`: relative to rest and parent.
        root_location: (T, 3) what goes into the root bone's `PoseBone.location` (all other bones have none).
        matrices: (T, B, 4, 4) bone → armature, as Blender's `PoseBone.matrix`.
    """

    fps: float
    times: Array
    names: tuple[str, ...]
    rotations: Array
    root_location: Array
    matrices: Array

    def __len__(self) -> int:
        return len(self.rotations)
