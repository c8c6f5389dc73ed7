"""What functions remember: a long-lived worker asks them for ever more."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSES = ("mocap", "blender_addon", "render_scripts")


def test_no_cache_is_without_an_end() -> None:
    found = 0
    for path in (path for house in HOUSES for path in (ROOT / house).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "cache" in text else ():
            for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
                assert isinstance(node, ast.FunctionDef)
                written = ast.unparse(decorator)
                if written.split("(")[0].split(".")[-1] not in ("cache", "lru_cache"):
                    continue
                found += 1
                asked = bool(node.args.args or node.args.kwonlyargs)
                bounded = "maxsize=" in written and "None" not in written
                assert bounded or not asked, f"{path.relative_to(ROOT)}: {node.name} keeps all it was asked for"
    assert found > 10
