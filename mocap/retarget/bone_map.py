"""Which bones of a rig play which recorded segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mocap.errors import UserError
from mocap.rig import Rig
from mocap.skeleton import SIDES

FINGERS: tuple[str, ...] = ("thumb", "index", "middle", "ring", "little")
PALM_AXES: tuple[str, ...] = ("x", "-x", "y", "-y", "z", "-z")


@dataclass(frozen=True)
class Limbs:
    """The bones of one side.

    Attributes:
        clavicle: between chest and shoulder.
        upper_arm, forearm, thigh, shank: (near, far) halves of a limb; a rig with one bone gives it alone.
        hand: turns at the wrist.
        foot: turns at the ankle.
        fingers: per finger (see FINGERS) its bones from the knuckle outward, the thumb's from its metacarpal; a
            rig without fingers has none.
        toes: bones that turn at the ball of the foot, all together; none on a rig without toes.
        palm: which of the hand bone's own axes comes out of the palm (see PALM_AXES). None where the knuckles of
            index, middle and little finger tell; a rig that lacks these must say.
    """

    clavicle: str
    upper_arm: tuple[str, ...]
    forearm: tuple[str, ...]
    hand: str
    thigh: tuple[str, ...]
    shank: tuple[str, ...]
    foot: str
    fingers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    toes: tuple[str, ...] = ()
    palm: str | None = None

    def knuckle(self, finger: str) -> str | None:
        """The bone that starts at a finger's knuckle, if the rig has that finger."""
        bones = self.fingers.get(finger)
        return bones[0] if bones else None

    def names(self) -> Iterator[str]:
        """Every bone that is named."""
        yield from (self.clavicle, *self.upper_arm, *self.forearm, self.hand)
        yield from (*self.thigh, *self.shank, self.foot, *self.toes)
        for bones in self.fingers.values():
            yield from bones


@dataclass(frozen=True)
class BoneMap:
    """Which bones of a rig play which segments.

    Attributes:
        root: the pelvis.
        spine, neck: from the bottom up.
        head: what the skull hangs on.
        limbs: by side, "Left" and "Right".
    """

    root: str
    spine: tuple[str, ...]
    neck: tuple[str, ...]
    head: str
    limbs: Mapping[str, Limbs]

    def names(self) -> Iterator[str]:
        """Every bone that is named."""
        yield from (self.root, *self.spine, *self.neck, self.head)
        for limbs in self.limbs.values():
            yield from limbs.names()

    def check(self, rig: Rig) -> None:
        """UserError where the rig lacks a bone, does not hang together, or does not stand upright and face −Y."""
        missing = [name for name in self.names() if name not in rig.names]
        if missing:
            raise UserError(f"the rig lacks the bones {', '.join(missing)}", mend="Choose the map of this rig.")
        top = rig.ancestors(rig.index(self.root))[-1]
        for name in self.names():
            if rig.ancestors(rig.index(name))[-1] != top:
                raise UserError(
                    f"the bone {name!r} does not hang on what carries {self.root!r}",
                    mend="Map bones of one tree, those that deform rather than those that control.",
                )
        left, right = (rig.heads[rig.index(self.limbs[side].thigh[0])] for side in SIDES)
        neck, head = (rig.heads[rig.index(name), 2] for name in (self.neck[0], self.head))
        if not max(left[2], right[2]) < neck < head:
            raise UserError("the rig does not stand upright", mend="Turn it so that its head is up (+Z).")
        if not left[0] > right[0]:
            raise UserError("the rig's left leg is not at +X", mend="Let it face −Y, or exchange left and right.")
