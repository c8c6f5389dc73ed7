"""Which marks the panel gives to figures of a movement on a skater."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("bpy")

from blender_addon.scene.at_hand.figures import _slip


def quality(slip: float, recorded: float) -> Any:
    """Of a blade that slips so many metres per second at most, and of the recorded foot."""
    pair = (SimpleNamespace(m_per_s=SimpleNamespace(p95=value)) for value in (slip, recorded))
    return SimpleNamespace(blades=SimpleNamespace(**dict(zip(("slip", "recorded_slip"), pair, strict=True))))


@pytest.mark.parametrize(
    ("slip", "recorded", "good"),
    [(0.20, 0.18, True), (0.26, 0.18, False), (0.50, 0.47, None), (2.41, 2.24, None), (2.60, 2.24, False)],
)
def test_a_slip_is_a_fault_where_it_is_more_than_the_recorded_one(
    slip: float, recorded: float, good: bool | None
) -> None:
    assert _slip(quality(slip, recorded)).good is good
