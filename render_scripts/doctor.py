"""What this machine has and lacks to render, each lack with its mend. No bpy in this process: it might not load."""

from __future__ import annotations

import ctypes
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mocap.errors import UserError
from render_scripts.run.process import blender_program

# Shared libraries that the Linux build of bpy is linked against, itself or through the libraries in its wheel (`ldd` on
# 4.5 and 5.2), with the Debian packages that hold them.
LINUX_LIBRARIES: Mapping[str, str] = {
    "libX11.so.6": "libx11-6",
    "libXrender.so.1": "libxrender1",
    "libXfixes.so.3": "libxfixes3",
    "libXi.so.6": "libxi6",
    "libXext.so.6": "libxext6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libSM.so.6": "libsm6",
    "libICE.so.6": "libice6",
    "libGL.so.1": "libgl1",
}
# EEVEE without a screen loads this one when it starts; Cycles never does.
EEVEE_LIBRARIES: Mapping[str, str] = {"libEGL.so.1": "libegl1"}

PYTHON_LIBRARIES = (
    *("numpy", "scipy", "opencv-python-headless", "OpenEXR", "pydantic", "PyYAML", "tqdm"),
    *("matplotlib", "jinja2"),
)
OLDEST_BLENDER = (4, 5)
# A worker with one skater on the rink takes about one GiB; the system wants some, too.
MEMORY_NEEDED = 2 * 2**30
DISK_NEEDED = 2**30
GIB = 2.0**30
PROBE_SECONDS = 120

_PROBE = """
import json, bpy
devices = []
try:
    preferences = bpy.context.preferences.addons["cycles"].preferences
    for kind in ("OPTIX", "CUDA", "HIP", "METAL", "ONEAPI"):
        try:
            devices += [[kind, d.name] for d in preferences.get_devices_for_type(kind) if d.type == kind]
        except (TypeError, ValueError):
            continue
except KeyError:
    pass
facts = {"version": list(bpy.app.version), "text": bpy.app.version_string, "gpus": devices}
print("\\nskatesynth " + json.dumps(facts))
"""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `well` is False only where something needed is missing; `mend` says what to do."""

    name: str
    well: bool
    value: str
    mend: str | None = None


def examine() -> list[Finding]:
    """All findings, the most basic first."""
    findings = [_python(), *_libraries()]
    if sys.platform.startswith("linux"):
        findings += _system_libraries()
    return [*findings, *_blender(), _assets(), _memory(), _disk(Path.cwd())]


def table(findings: list[Finding]) -> str:
    """Findings as text, a mend under each that needs one."""
    lines = []
    for finding in findings:
        lines.append(f"{'ok ' if finding.well else 'NO '} {finding.name:24} {finding.value}")
        if finding.mend:
            lines.append(f"    {'':24} → {finding.mend}")
    missing = sum(not finding.well for finding in findings)
    lines.append("Everything that is needed is there." if not missing else f"{missing} needed things are missing.")
    return "\n".join(lines)


def _python() -> Finding:
    well = sys.version_info >= (3, 11)
    return Finding("Python", well, platform.python_version(), None if well else "Install Python 3.11 or 3.13.")


def _libraries() -> list[Finding]:
    findings = []
    for name in PYTHON_LIBRARIES:
        try:
            findings.append(Finding(name, True, importlib.metadata.version(name)))
        except importlib.metadata.PackageNotFoundError:
            findings.append(Finding(name, False, "missing", f"{sys.executable} -m pip install {name}"))
    return findings


def _system_libraries() -> list[Finding]:
    missing = [name for name in LINUX_LIBRARIES if not _loads(name)]
    packages = " ".join(LINUX_LIBRARIES[name] for name in missing)
    needed = Finding(
        "system libraries",
        not missing,
        f"missing: {', '.join(missing)}" if missing else f"all {len(LINUX_LIBRARIES)}",
        f"apt-get install {packages} (or what your system calls them)" if missing else None,
    )
    eevee = [name for name in EEVEE_LIBRARIES if not _loads(name)]
    packages = " ".join(EEVEE_LIBRARIES[name] for name in eevee)
    wanted = Finding(
        "for EEVEE",
        True,
        f"missing: {', '.join(eevee)}" if eevee else "all",
        f"Only if a job asks for EEVEE: apt-get install {packages}" if eevee else None,
    )
    return [needed, wanted]


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _blender() -> list[Finding]:
    facts = _probe()
    if isinstance(facts, str):
        wheel = "bpy>=4.5,<4.6" if sys.version_info < (3, 12) else "bpy>=5.1"
        mend = f"Mend the system libraries above, or: {sys.executable} -m pip install '{wheel}'"
        return [Finding("Blender", False, facts, mend)]
    well = tuple(facts["version"][:2]) >= OLDEST_BLENDER
    gpus = ", ".join(f"{name} ({kind})" for kind, name in facts["gpus"])
    return [
        Finding("Blender", well, facts["text"], None if well else "Blender 4.5 or later is needed."),
        Finding("device", True, gpus or f"no GPU that Cycles knows; {os.cpu_count()} CPU cores"),
    ]


def _probe() -> dict[str, Any] | str:
    """Facts from a Blender that is started to be asked, or why it cannot be."""
    program = blender_program()
    command = [sys.executable, "-c", _PROBE]
    if program is not None:
        command = [program, "--background", "--factory-startup", "--python-exit-code", "1", "--python-expr", _PROBE]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=PROBE_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"cannot be started ({error})"
    told = [line for line in done.stdout.splitlines() if line.startswith("skatesynth {")]
    if told:
        facts: dict[str, Any] = json.loads(told[-1].removeprefix("skatesynth "))
        return facts
    last = [line for line in done.stderr.splitlines() if line.strip()]
    return " ".join(last[-1].split()) if last else f"ended with status {done.returncode}"


def _assets() -> Finding:
    from blender_addon.makehuman.assets import find_assets

    try:
        folder = find_assets()
    except UserError as error:
        return Finding("MakeHuman data", False, error.line(), "Name the right folder, or: skatesynth assets fetch")
    if folder is None:
        return Finding(
            "MakeHuman data", True, "not here yet", "Fetched by the first render, or: skatesynth assets fetch"
        )
    return Finding("MakeHuman data", True, str(folder))


def _memory() -> Finding:
    size = memory_bytes()
    if size is None:
        return Finding("memory", True, "unknown")
    well = size >= MEMORY_NEEDED
    mend = None if well else f"A worker needs about {MEMORY_NEEDED / GIB:.0f} GiB."
    return Finding("memory", well, f"{size / GIB:.1f} GiB", mend)


def memory_bytes() -> int | None:
    """Memory of this machine, or None where the system does not tell."""
    if sys.platform == "win32":
        kilobytes = ctypes.c_ulonglong(0)
        told = ctypes.windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes))
        return kilobytes.value * 1024 if told else None
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    well = free >= DISK_NEEDED
    mend = None if well else "Make room; 1,000 pictures of 640×480 take about 0.7 GB."
    return Finding("disk here", well, f"{free / GIB:.1f} GiB free", mend)
