"""Targets in memory: the same to the last bit, and never more than there is room for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from blender_addon.makehuman import targets
from blender_addon.makehuman.base_mesh import VERTEX_COUNT
from blender_addon.makehuman.packed_targets import Shelf, pack
from blender_addon.makehuman.targets import read_target, read_target_file
from mocap.rotations import Array

WIDE = tuple(f"macrodetails/height/male-young-maxmuscle-{w}weight-maxheight" for w in ("min", "average", "max"))


def made(count: int) -> tuple[np.ndarray, Array]:
    return np.arange(count), np.full((count, 3), 0.0012)


@pytest.mark.parametrize("name", [WIDE[0], "nose/nose-base-up"])
def test_a_packed_target_is_the_file_s_in_a_quarter_of_the_memory(name: str, assets: Path) -> None:
    path = assets / "targets" / f"{name}.target.gz"
    indices, offsets = read_target_file(path if path.is_file() else path.with_suffix(""), mend="")
    packed = pack(indices, offsets)
    assert packed.size * 4 == indices.nbytes + offsets.nbytes > 0
    for ours, file in zip(packed.unpacked(), (indices, offsets), strict=True):
        assert ours.dtype == file.dtype
        np.testing.assert_array_equal(ours, file)


@pytest.mark.parametrize("offset", [0.00012345, 3.3, 1e300])
def test_offsets_that_do_not_fit_stay_as_they_are(offset: float) -> None:
    offsets = np.array([[0.0001, 0.0, offset]])
    indices, same = pack(np.array([VERTEX_COUNT - 1]), offsets).unpacked()
    assert indices.tolist() == [VERTEX_COUNT - 1]
    np.testing.assert_array_equal(same, offsets)


def test_a_shelf_keeps_those_used_last_and_no_more_than_it_has_room_for() -> None:
    one, read = pack(*made(100)).size, []

    def get(name: str, count: int = 100) -> None:
        shelf.get(name, lambda: read.append(name) or made(count))  # type: ignore[func-returns-value]

    shelf = Shelf(2 * one)
    for name in ("a", "b", "a", "c", "a", "b"):
        get(name)
    assert read == ["a", "b", "c", "b"]
    assert (len(shelf), shelf.size) == (2, 2 * one)
    get("wide", 201)
    assert (len(shelf), shelf.size) == (0, 0)


def test_targets_that_are_read_are_kept_as_far_as_there_is_room(assets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(400_000)
    monkeypatch.setattr(targets, "kept_targets", shelf)
    before = [read_target(assets, name) for name in WIDE]
    assert 0 < len(shelf) < len(WIDE)
    assert shelf.size <= shelf.most < sum(pack(*target).size for target in before)
    for name, target in zip(WIDE, before, strict=True):
        for ours, first in zip(read_target(assets, name), target, strict=True):
            assert not ours.flags.writeable
            np.testing.assert_array_equal(ours, first)
