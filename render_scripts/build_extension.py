"""Packs the Blender extension: its manifest, its two lines of code, this project as a wheel, and the wheels it needs.

Blender installs an extension's wheels itself and picks, of several, those made for its Python and its system. numpy is
left out: Blender brings its own, and the other wheels are chosen to live with that one. No bpy.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform as host
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from mocap.errors import UserError
from mocap.whole_file import whole_file

HOUSES = ("mocap", "blender_addon", "render_scripts")
SOURCES = ("pyproject.toml", "README.md", "LICENSE")  # what packaging needs beside the houses

# numpy that Blender brings, by the Python inside it: 4.5 and 5.0 have 3.11; 5.1 and 5.2 have 3.13; Linux
# distributions build 5.2 with 3.14.
BLENDER_NUMPY = {"3.11": "numpy<2", "3.13": "numpy<2.4", "3.14": "numpy<2.5"}
OFFICIAL_PYTHONS = ("3.11", "3.13")

# One wheel of OpenCV serves every Python (abi3), so one must be found that lives with numpy 1 and 2: later ones ask
# for 2, and of two versions Blender would install the newer everywhere.
EVERYWHERE = ("opencv-python-headless<4.12",)

# Blender's names for systems, and the tags of wheels that run on the oldest that Blender supports.
WHEEL_TAGS = {
    "linux-x64": ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "windows-x64": ("win_amd64",),
    "macos-arm64": ("macosx_13_0_arm64",),
    "macos-x64": ("macosx_13_0_x86_64",),
}

# The earliest time that a zip can hold: archives then depend on their contents alone.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
ZIP_EPOCH = "315532800"


def build_extension(
    out: Path, *, pythons: Sequence[str] = OFFICIAL_PYTHONS, platform: str | None = None, root: Path | None = None
) -> Path:
    """Downloads wheels, builds ours, and writes `out/skatesynth-<version>-<platform>-<pythons>.zip`.

    Args:
        out: folder, made if it is missing.
        pythons: versions of Python ("3.13") inside the Blenders that the zip is for.
        platform: a key of `WHEEL_TAGS`; None takes this machine's.
        root: the project's folder, where `pyproject.toml` lies; None takes the one that this file is in.

    Raises:
        UserError: unknown Python or platform, no source tree here, or pip's own last words.
    """
    platform = platform or this_platform()
    if platform not in WHEEL_TAGS:
        raise UserError(f"no Blender platform '{platform}'", mend=f"Known: {', '.join(WHEEL_TAGS)}.")
    unknown = [p for p in pythons if p not in BLENDER_NUMPY]
    if unknown:
        raise UserError(f"no Blender has Python {unknown[0]}", mend=f"Known: {', '.join(BLENDER_NUMPY)}.")
    root = root or Path(__file__).resolve().parent.parent
    if not (root / "pyproject.toml").is_file():
        raise UserError(
            "an extension is built from the project's source tree", file=root, mend="Run this in a clone of it."
        )
    pythons = sorted(set(pythons))
    with tempfile.TemporaryDirectory(prefix="skatesynth-") as scratch:
        wheels = {wheel.name: wheel for wheel in download_wheels(Path(scratch), root, pythons, platform)}
        own = build_own_wheel(Path(scratch), root)
        wheels[own.name] = own
        base = (root / "blender_addon/blender_manifest.toml").read_text(encoding="utf-8")
        version = tomllib.loads(base)["version"]
        tags = "-".join(f"cp{p.replace('.', '')}" for p in pythons)
        return write_zip(
            out / f"skatesynth-{version}-{platform}-{tags}.zip",
            manifest=manifest_text(base, wheels, platform),
            code=(root / "blender_addon/__init__.py").read_text(encoding="utf-8"),
            wheels=wheels.values(),
        )


def this_platform() -> str:
    """This machine in Blender's words, such as "linux-x64"."""
    system = {"darwin": "macos"}.get(host.system().lower(), host.system().lower())
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(host.machine().lower(), host.machine().lower())
    return f"{system}-{machine}"


def manifest_text(base: str, wheels: Iterable[str], platform: str) -> str:
    """The manifest with `platforms` and `wheels` in front, where no table of `base` can swallow them.

    Args:
        base: text of blender_manifest.toml.
        wheels: file names.

    Raises:
        UserError: two versions of one package, of which Blender would install only one.
    """
    names = sorted(wheels)
    versions: dict[str, str] = {}
    for name in names:
        package, version = name.split("-")[:2]
        if versions.setdefault(package, version) != version:
            raise UserError(f"two versions of {package}: {versions[package]} and {version}", mend="Build two zips.")
    paths = [f"./wheels/{name}" for name in names]
    # A list of plain strings reads the same in JSON and in TOML.
    return f"platforms = {json.dumps([platform])}\nwheels = {json.dumps(paths, indent=2)}\n\n{base}"


def write_zip(path: Path, *, manifest: str, code: str, wheels: Iterable[Path]) -> Path:
    """The archive, whole or not at all; the same contents give the same bytes."""
    with whole_file(path) as file, zipfile.ZipFile(file, "w") as archive:
        _add(archive, "blender_manifest.toml", manifest.encode(), zipfile.ZIP_DEFLATED)
        _add(archive, "__init__.py", code.encode(), zipfile.ZIP_DEFLATED)
        for wheel in sorted(wheels, key=lambda w: w.name):
            _add(archive, f"wheels/{wheel.name}", wheel.read_bytes(), zipfile.ZIP_STORED)
    return path


def _add(archive: zipfile.ZipFile, name: str, data: bytes, compression: int) -> None:
    info = zipfile.ZipInfo(name, ZIP_TIME)
    info.create_system, info.external_attr, info.compress_type = 3, 0o644 << 16, compression
    archive.writestr(info, data)


def download_wheels(scratch: Path, root: Path, pythons: Sequence[str], platform: str) -> list[Path]:
    """Wheels of the project's dependencies for each Python, all Pythons with the same versions; without numpy's."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    same: list[str] = []  # versions that the Pythons before this one have settled on
    found: list[Path] = []
    for python in pythons:
        folder = scratch / f"python-{python}"
        limits = scratch / f"limits-{python}.txt"
        limits.write_text("\n".join([BLENDER_NUMPY[python], *EVERYWHERE, *same]), encoding="utf-8")
        _pip(
            ["download", "--only-binary=:all:", "--implementation", "cp", "--python-version", python]
            + [word for tag in WHEEL_TAGS[platform] for word in ("--platform", tag)]
            + ["--dest", str(folder), "--constraint", str(limits), *project["dependencies"]]
        )
        wheels = [w for w in sorted(folder.glob("*.whl")) if not w.name.startswith("numpy-")]
        same = sorted({f"{w.name.split('-')[0]}=={w.name.split('-')[1]}" for w in wheels} | set(same))
        found += wheels
    return found


def build_own_wheel(scratch: Path, root: Path) -> Path:
    """This project as a wheel, built from a copy so that nothing is left in the tree and nothing stale gets in.

    Its version carries a digest of what is in it: Blender keeps the libraries that it has if those of a newer zip have
    the same versions, and would run the old code.
    """
    copy = scratch / "source"
    for house in HOUSES:
        shutil.copytree(root / house, copy / house, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    for name in SOURCES:
        if (root / name).is_file():
            shutil.copy(root / name, copy / name)
    project = copy / "pyproject.toml"
    project.write_text(with_local_version(project.read_text(encoding="utf-8"), digest_of(copy)), encoding="utf-8")
    _pip(["wheel", "--no-deps", "--wheel-dir", str(scratch / "own"), str(copy)])
    (wheel,) = (scratch / "own").glob("*.whl")
    return wheel


def digest_of(folder: Path) -> str:
    """12 hexadecimal digits of the names and bytes of all files in a folder."""
    digest = hashlib.sha256()
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def with_local_version(project: str, digest: str) -> str:
    """The text of a pyproject.toml whose version, 0.1.0, has become 0.1.0+src.<digest>.

    Raises:
        UserError: it has no version of its own, or a local one already.
    """
    # Letters before the digits: of a digest of digits alone, leading zeros would be dropped.
    out, count = re.subn(r'^version = "([^"+]+)"$', rf'version = "\1+src.x{digest}"', project, flags=re.MULTILINE)
    if count != 1:
        raise UserError("there must be one plain line 'version = \"…\"' in it", file="pyproject.toml")
    return out


def _pip(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "SOURCE_DATE_EPOCH": ZIP_EPOCH})
    if run.returncode != 0:
        lines = [line for line in run.stderr.splitlines() if re.match(r"error", line.strip(), re.IGNORECASE)]
        why = lines[-1].strip() if lines else f"exit code {run.returncode}"
        raise UserError(f"pip {arguments[0]} failed: {why}", mend="Is there a network, and pip in this environment?")
