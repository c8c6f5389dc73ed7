"""Whether a process that was started once is still the same one: numbers of processes are given again. Pure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NO_WINDOW = 0x08000000  # Windows' CREATE_NO_WINDOW; `subprocess` has the name on Windows only
_QUERY = 0x1000  # Windows' PROCESS_QUERY_LIMITED_INFORMATION
_STILL_ACTIVE = 259


def mark_of(pid: int) -> str | None:
    """What tells a process that is at work from any other that had or will have its number: when it began.

    None if there is none of that number, or it has ended and only waits for its parent to notice.
    """
    if os.name == "nt":
        return _windows(pid)
    return _linux(pid) if sys.platform.startswith("linux") else _posix(pid)


def _linux(pid: int) -> str | None:
    # proc(5): after the name in brackets come the state, and 19 fields later the start in ticks since the system's.
    try:
        fields = (
            Path("/proc", str(pid), "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        )
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
    return None if fields[0] in "ZX" else f"{boot} {fields[19]}"


def _posix(pid: int) -> str | None:
    """By ps(1), as every POSIX system has it; macOS has no /proc."""
    command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    except OSError:
        return None
    state, _, began = said.stdout.strip().partition(" ")
    return began.strip() if began and not state.startswith("Z") else None


def _windows(pid: int) -> str | None:
    import ctypes
    from ctypes import wintypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined, unused-ignore]
    kernel.OpenProcess.restype = wintypes.HANDLE
    handle = wintypes.HANDLE(kernel.OpenProcess(_QUERY, False, pid))
    if not handle:
        return None
    try:
        code = wintypes.DWORD()
        times = [wintypes.FILETIME() for _ in range(4)]
        known = kernel.GetProcessTimes(handle, *map(ctypes.byref, times))
        if not known or not kernel.GetExitCodeProcess(handle, ctypes.byref(code)) or code.value != _STILL_ACTIVE:
            return None
        return f"{times[0].dwHighDateTime}:{times[0].dwLowDateTime}"
    finally:
        kernel.CloseHandle(handle)
