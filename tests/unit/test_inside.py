"""Names in files from elsewhere lead to files in one folder, or nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from mocap.inside import inside


@pytest.mark.parametrize("name", ["a.png", "maps/a.png", "maps\\a.png", "./x/../a.png", "a b.png"])
def test_names_below_the_folder_are_found(name: str, tmp_path: Path) -> None:
    wanted = {"./x/../a.png": "a.png"}.get(name, name.replace("\\", "/"))
    assert inside(tmp_path, name) == tmp_path.resolve() / wanted
    assert inside(tmp_path, str(tmp_path.resolve() / "a.png")) == tmp_path.resolve() / "a.png"


@pytest.mark.parametrize(
    "name", ["../a.png", "x/../../a.png", "..\\a.png", "/etc/passwd", "\\\\host\\share\\a.png", "a\0b"]
)
def test_names_that_lead_out_are_none(name: str, tmp_path: Path) -> None:
    assert inside(tmp_path / "folder", name) is None


def test_a_link_that_leads_out_is_none(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "secret.png").touch()
    try:
        (tmp_path / "folder" / "a.png").symlink_to(tmp_path / "secret.png")
    except OSError:
        pytest.skip("links cannot be made here")
    assert inside(tmp_path / "folder", "a.png") is None
