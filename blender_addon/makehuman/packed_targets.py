"""The targets used last, kept small: every body takes about a hundred of more than a thousand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np

from blender_addon.makehuman.base_mesh import METRES_PER_UNIT
from mocap.rotations import Array

# MakeHuman writes offsets in decimetres with three decimals.
_STEPS = 1000


@dataclass(frozen=True)
class PackedTarget:
    """A target in a quarter of the memory, to the last bit the same when it is unpacked.

    Attributes:
        indices: (M,) uint16 vertices.
        offsets: (M, 3) int16 thousandths of MakeHuman's unit; as they were where these do not give them exactly.
    """

    indices: np.ndarray
    offsets: np.ndarray

    @property
    def size(self) -> int:
        """Bytes."""
        return self.indices.nbytes + self.offsets.nbytes

    def unpacked(self) -> tuple[np.ndarray, Array]:
        """Vertex indices (M,) and offsets (M, 3) in metres, both read-only."""
        indices, offsets = self.indices.astype(np.int64), self.offsets
        if offsets.dtype == np.int16:
            offsets = _metres(offsets)
        indices.flags.writeable = offsets.flags.writeable = False
        return indices, offsets


def pack(indices: np.ndarray, offsets: Array) -> PackedTarget:
    """Vertex indices (M,) below 65536 and their offsets (M, 3) in metres, packed."""
    counts = np.rint(offsets * (_STEPS / METRES_PER_UNIT))
    small = counts.astype(np.int16) if np.abs(counts).max(initial=0.0) <= np.iinfo(np.int16).max else None
    exact = small is not None and np.array_equal(_metres(small), offsets)
    return PackedTarget(indices.astype(np.uint16), small if small is not None and exact else offsets)


class Shelf:
    """The targets used last by key, up to a number of bytes: memory must not grow with the people a worker makes."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._kept: OrderedDict[Hashable, PackedTarget] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, read: Callable[[], tuple[np.ndarray, Array]]) -> tuple[np.ndarray, Array]:
        """The target of a key, read unless it is there; indices (M,) and offsets (M, 3) in metres, read-only."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key].unpacked()
        target = pack(*read())
        self._kept[key] = target
        self.size += target.size
        while self.size > self.most:
            self.size -= self._kept.popitem(last=False)[1].size
        return target.unpacked()


def _metres(counts: np.ndarray) -> Array:
    # In the order in which the file's decimals become metres, so that rounding is the same.
    return counts / float(_STEPS) * METRES_PER_UNIT
