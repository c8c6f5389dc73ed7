"""What retargeting needs to know of an armature, and what it makes for it; the same in numpy and in Blender."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mocap.rotations import Array, to_matrix


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

    def ancestors(self, bone: int) -> list[int]:
        """A bone, its parent, and so on up to a root."""
        out = [bone]
        while self.parents[out[-1]] >= 0:
            out.append(int(self.parents[out[-1]]))
        return out


@dataclass(frozen=True)
class PoseTrack:
    """A rig's movement, ready for F-curves and for numpy skinning alike.

    Attributes:
        fps: frames per second.
        times: (T,) seconds from the first frame.
        rig: whose movement it is, with B bones.
        root: index of the bone that carries the whole.
        rotations: (T, B, 4) what goes into `PoseBone.rotation_quaternion`: relative to rest and parent.
        root_location: (T, 3) what goes into that bone's `PoseBone.location` (all other bones have none).
    """

    fps: float
    times: Array
    rig: Rig
    root: int
    rotations: Array
    root_location: Array

    def __len__(self) -> int:
        return len(self.rotations)

    @property
    def names(self) -> tuple[str, ...]:
        """The rig's B bone names."""
        return self.rig.names

    @cached_property
    def matrices(self) -> Array:
        """(T, B, 4, 4) bone → armature, as Blender's `PoseBone.matrix`; worked out when first asked for.

        They take twice as long as the rest of retargeting, and 20 kB a frame of a rig of 160 bones.
        """
        rig = self.rig
        out = np.zeros((*self.rotations.shape[:2], 4, 4))
        out[..., 3, 3] = 1.0
        local = to_matrix(self.rotations)
        for b, parent in enumerate(rig.parents):
            # Rest of the bone as seen from its parent's.
            offset = rig.rest[b] if parent < 0 else np.linalg.inv(rig.rest[parent]) @ rig.rest[b]
            turn, place = offset[:3, :3] @ local[:, b], offset[:3, 3]
            if b == self.root:
                place = place + self.root_location @ offset[:3, :3].T
            if parent < 0:
                out[:, b, :3, :3], out[:, b, :3, 3] = turn, place
            else:
                out[:, b, :3, :3] = out[:, parent, :3, :3] @ turn
                out[:, b, :3, 3] = out[:, parent, :3, 3] + out[:, parent, :3, :3] @ place
        return out
