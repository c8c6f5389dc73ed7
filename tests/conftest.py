"""What tests share: the MakeHuman data, a few phenotypes, other programs' files that lie beside the repository."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from render_scripts.run.environment import STEADY

# Tests that compare bytes compute here what workers compute elsewhere; numpy reads this when it is imported.
os.environ.update(STEADY)

from blender_addon.makehuman.assets import ensure_assets


@pytest.fixture(scope="session")
def assets() -> Path:
    """MakeHuman's data folder; the first run fetches it into the user's cache."""
    return ensure_assets()


@pytest.fixture(scope="session")
def phenotypes() -> Mapping[str, Mapping[str, float]]:
    """Bodies far apart: a grown woman, a tall man, a small girl."""
    return {
        "woman": {"gender": 0.0, "caucasian": 1.0},
        "tall_man": {"gender": 1.0, "height": 0.65, "muscle": 0.7, "african": 1.0},
        "girl": {"gender": 0.0, "age": 0.22, "weight": 0.4, "asian": 1.0},
    }


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Files of other programs, beside the repository; tests that need them are skipped where they are missing."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no files of other programs at {folder}")
    return folder


@pytest.fixture(scope="session")
def recordings(shared_data: Path) -> Path:
    """Folder of real takes."""
    return shared_data / "mocap"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m "not assets"` leaves out every test that needs the MakeHuman data."""
    for item in items:
        if "assets" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.assets)
