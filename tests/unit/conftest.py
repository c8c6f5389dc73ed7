"""Shared by the tests without bpy: the folder of real recordings, which is not part of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Folder with real takes; the test is skipped where it is missing."""
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "mocap"
    if not folder.is_dir():
        pytest.skip("no real recordings beside the repository")
    return folder
