"""The extension's archive, without Blender or a network."""

from __future__ import annotations

import hashlib
import os
import tomllib
import zipfile
from pathlib import Path

import pytest

from mocap.errors import UserError
from render_scripts.build_extension import (
    build_extension,
    digest_of,
    manifest_text,
    this_platform,
    with_local_version,
    write_zip,
)
from render_scripts.version import own_version

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = (ROOT / "blender_addon/blender_manifest.toml").read_text(encoding="utf-8")
WHEELS = ("scipy-1.17.1-cp313-cp313-win_amd64.whl", "skatesynth-0.1.0-py3-none-any.whl")


def test_the_manifest_has_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    manifest = tomllib.loads(MANIFEST)
    assert manifest["version"] == project["version"] == own_version()
    assert manifest["license"] == [f"SPDX:{project['license']}"]


def test_wheels_and_platform_stand_at_the_manifest_s_top_level() -> None:
    manifest = tomllib.loads(manifest_text(MANIFEST, WHEELS, "windows-x64"))
    assert manifest["platforms"] == ["windows-x64"]
    assert manifest["wheels"] == [f"./wheels/{name}" for name in WHEELS]
    assert set(manifest["permissions"]) == {"files", "network"}


def test_two_versions_of_a_package_are_refused_since_blender_installs_one() -> None:
    with pytest.raises(UserError, match=r"two versions of scipy: 1\.17\.1 and 1\.18\.1"):
        manifest_text(MANIFEST, [*WHEELS, "scipy-1.18.1-cp314-cp314-win_amd64.whl"], "windows-x64")


def test_the_same_contents_give_the_same_zip(tmp_path: Path) -> None:
    digests = set()
    for number, names in enumerate((WHEELS, WHEELS[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        wheels = [folder / name for name in names]
        for wheel in wheels:
            wheel.write_bytes(wheel.name.encode() * 100)
            os.utime(wheel, (number * 1e8, number * 1e8))
        path = write_zip(tmp_path / f"{number}.zip", manifest=MANIFEST, code="x = 1\n", wheels=wheels)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1
    with zipfile.ZipFile(tmp_path / "0.zip") as archive:
        assert archive.namelist() == ["blender_manifest.toml", "__init__.py", *(f"wheels/{name}" for name in WHEELS)]
        assert archive.read(f"wheels/{WHEELS[0]}") == WHEELS[0].encode() * 100
    assert not list(tmp_path.glob("*.part"))


def test_other_sources_give_a_wheel_of_another_version(tmp_path: Path) -> None:
    # Blender compares versions of wheels only; that it then replaces them, tests/ui shows.
    (tmp_path / "house").mkdir()
    versions = set()
    for name, text in (("house/a.py", "x = 1\n"), ("house/a.py", "x = 2\n"), ("house/b.py", "x = 2\n"), ("b.py", "")):
        (tmp_path / name).write_text(text)
        project = with_local_version((ROOT / "pyproject.toml").read_text(encoding="utf-8"), digest_of(tmp_path))
        versions.add(tomllib.loads(project)["project"]["version"])
    assert len(versions) == 4
    assert all(version.startswith(f"{own_version()}+src.x") for version in versions)
    with pytest.raises(UserError, match="one plain line"):
        with_local_version(project, "0" * 12)


def test_unknown_platforms_and_pythons_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no Blender platform 'amiga-68k'"):
        build_extension(tmp_path, platform="amiga-68k")
    with pytest.raises(UserError, match=r"no Blender has Python 3\.9"):
        build_extension(tmp_path, platform="linux-x64", pythons=["3.13", "3.9"])
    with pytest.raises(UserError, match="source tree"):
        build_extension(tmp_path, platform="linux-x64", root=tmp_path)


def test_this_platform_is_in_blender_s_words() -> None:
    system, machine = this_platform().split("-")
    assert system in {"linux", "windows", "macos"}
    assert machine in {"x64", "arm64"}
