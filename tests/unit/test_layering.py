"""Who may import whom: mocap ← blender_addon ← render_scripts, and bpy in its rooms only."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSES = ("mocap", "blender_addon", "render_scripts")

MAY_IMPORT = {
    "mocap": {"mocap"},
    "blender_addon": {"mocap", "blender_addon"},
    "render_scripts": set(HOUSES),
}
# The panel is a door: it may look at jobs, but only at what is pure and light; and it hands on the command line.
UI_MAY_IMPORT = (
    "render_scripts.cli",
    "render_scripts.distributions",
    "render_scripts.job",
    "render_scripts.outline",
    "render_scripts.people",
    "render_scripts.plan",
    "render_scripts.progress",
    "render_scripts.scenes",
)

# Where bpy may be needed to import a module at all, and what in these rooms promises to do without.
ROOMS_OF_BPY = ("blender_addon.scene.", "blender_addon.render.", "blender_addon.ui.")
PURE_IN_THEM = {
    "blender_addon.render.frame",
    "blender_addon.render.opengl",
    "blender_addon.render.develop",
    "blender_addon.render.meter",
    "blender_addon.render.sensor",
    "blender_addon.ui.background",
    "blender_addon.ui.loaded",
    "blender_addon.ui.shown",
    "blender_addon.ui.still_ours",
}
BLENDER = {"bpy", "bmesh", "mathutils", "bpy_extras", "gpu", "blf"}


def module_names() -> list[str]:
    names = []
    for house in HOUSES:
        for path in sorted((ROOT / house).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


MODULES = module_names()
PURE_IN_THEM |= {module for module in MODULES if module.startswith("blender_addon.ui.request")}


def tree_of(module: str) -> ast.Module:
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


def imports(node: ast.AST, *, lazy: bool) -> Iterator[str]:
    """Dotted names that a module imports; with `lazy`, inside functions and for type checkers as well."""
    for child in ast.iter_child_nodes(node):
        if not lazy and (isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) or _for_types(child)):
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "relative imports hide who imports whom"
            assert child.module is not None
            yield child.module
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        yield from imports(child, lazy=lazy)


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@pytest.mark.parametrize("module", MODULES)
def test_arrows_point_one_way(module: str) -> None:
    house = module.split(".")[0]
    for name in imports(tree_of(module), lazy=True):
        other = name.split(".")[0]
        if other not in HOUSES or other in MAY_IMPORT[house]:
            continue
        assert module.startswith("blender_addon.ui"), f"{module} imports {name}"
        assert name == "render_scripts" or name.startswith(UI_MAY_IMPORT), f"{module} imports {name}"


@pytest.mark.parametrize("module", MODULES)
def test_bpy_stays_in_its_rooms(module: str) -> None:
    if module.startswith(ROOMS_OF_BPY) and module not in PURE_IN_THEM:
        return
    lazy = module.startswith("mocap")  # which has no use for Blender at all; others may look for it when they run
    blender = [name for name in imports(tree_of(module), lazy=lazy) if name.split(".")[0] in BLENDER]
    assert not blender, f"{module} imports {blender}"


def test_pure_modules_import_without_bpy() -> None:
    pure = [module for module in MODULES if not module.startswith(ROOMS_OF_BPY)]
    code = (
        "import importlib, sys\n"
        "class NoBlender:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.split('.')[0] in {sorted(BLENDER)!r}:\n"
        "            raise ImportError(f'{name} is blocked')\n"
        "sys.meta_path.insert(0, NoBlender())\n"
        f"for name in {pure + sorted(PURE_IN_THEM)!r}:\n"
        "    importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
