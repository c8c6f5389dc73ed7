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
        done = subprocess.run(
            [*self.command(), *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=minutes * 60.0,
        )
        assert done.returncode == status, done.stdout
        return done.stdout

    def command(self) -> list[str]:
        """The words that start it, the program's own the last."""
        words = os.environ[VARIABLE].replace("{resources}", str(self.folder / "resources"))
        return shlex.split(words, posix=os.name != "nt")

    def environment(self) -> dict[str, str]:
        """With user folders of the tests' own."""
        return {**os.environ, "BLENDER_USER_RESOURCES": str(self.folder / "resources")}

    def script(self, text: str, *arguments: str) -> str:
        """Runs Python in it with the user's preferences; fails where the script does."""
        path = self.folder / "script.py"
        path.write_text(text, encoding="utf-8")
        return self.run("--background", "--python-exit-code", "1", "--python", str(path), "--", *arguments)

    def libraries(self) -> Path:
        """Where Blender has unpacked the wheels."""
        (folder,) = (self.folder / "resources").glob("extensions/.local/lib/python3.*/site-packages")
        return folder
