"""Runs the real Blender program, however this machine starts it."""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "SKATESYNTH_BLENDER"
HOW = (
    f"set {VARIABLE} to what starts the real Blender; {{resources}} in it stands for BLENDER_USER_RESOURCES, "
    "for a Blender that does not get our environment"
)


@dataclass(frozen=True)
class Blender:
    """The program, run in `folder`, the only place that it is sure to see."""

    folder: Path

    def run(self, *arguments: str, status: int = 0, minutes: float = 5.0) -> str:
        """What it prints on both channels; fails if it does not end with `status`."""
        resources = self.folder / "resources"
        command = shlex.split(os.environ[VARIABLE].replace("{resources}", str(resources)), posix=os.name != "nt")
        done = subprocess.run(
            [*command, *arguments],
            cwd=self.folder,
            env={**os.environ, "BLENDER_USER_RESOURCES": str(resources)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=minutes * 60.0,
        )
        assert done.returncode == status, done.stdout
        return done.stdout

    def script(self, text: str, *arguments: str) -> str:
        """Runs Python in it with the user's preferences; fails where the script does."""
        path = self.folder / "script.py"
        path.write_text(text, encoding="utf-8")
        return self.run("--background", "--python-exit-code", "1", "--python", str(path), "--", *arguments)

    def libraries(self) -> Path:
        """Where Blender has unpacked the wheels."""
        (folder,) = (self.folder / "resources").glob("extensions/.local/lib/python3.*/site-packages")
        return folder
