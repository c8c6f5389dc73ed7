"""`blender --background --python render_scripts/render.py -- JOB [options]`: the command `render` inside Blender.

Also what starts a worker (`--worker`), in Blender and in an ordinary Python alike. The options are those of
`skatesynth render`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent
# Set for workers by `run.local`: the search path of the process that starts them.
LIBRARIES_VARIABLE = "SKATESYNTH_LIBRARIES"


def find_libraries() -> None:
    """Puts on the search path: this project, what a parent process had, and what Blender's extensions have brought."""
    # As a script, its own folder comes first, where `run` or `export` would hide other people's modules.
    sys.path[:] = [p for p in sys.path if not p or Path(p).resolve() != HOUSE]
    places = os.environ.get(LIBRARIES_VARIABLE, "").split(os.pathsep)
    bpy = sys.modules.get("bpy")  # there from the start inside Blender, and only there
    if bpy is not None and bpy.app.binary_path:
        python = f"python{sys.version_info.major}.{sys.version_info.minor}"
        extensions = bpy.utils.user_resource("EXTENSIONS")
        if extensions:
            places.append(str(Path(extensions, ".local", "lib", python, "site-packages")))
    sys.path.insert(0, str(HOUSE.parent))
    sys.path += [p for p in places if p and p not in sys.path and Path(p).resolve() != HOUSE]


def main(arguments: list[str]) -> int:
    """Renders a job, or works for a run; returns the exit status."""
    find_libraries()
    try:
        if arguments == ["--worker"]:
            from render_scripts.worker import main as work

            return work()
        from render_scripts.cli import main as command

        return command(["render", *arguments])
    except ModuleNotFoundError as error:
        print(
            f"skatesynth: this Blender's Python lacks the library {error.name!r}. Install the SkateSynth extension zip "
            f"in it, or run: {sys.executable} -m pip install skatesynth",
            file=sys.stderr,
        )
        return 1


if __name__ == "__main__":
    status = main(sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Blender would go on to its own end and return 0, whatever `sys.exit` says.
    os._exit(status)
