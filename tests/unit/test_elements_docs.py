"""The element that docs/elements.md tells how to write."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from skating_checks import on_ice, slip

from mocap.elements import library
from mocap.skeleton import LEFT, RIGHT


def test_the_documented_element_can_be_skated(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parents[2] / "docs" / "elements.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "docs/elements.md", "exec"), names)
    monkeypatch.setattr(library, "ELEMENTS", {"swing": names["ELEMENT"]})
    take = library.element_take("swing", {"edge": 12.0})
    (glide,) = [event for event in take.events if event.type == "glide"]
    assert glide.name == "right forward outside edge"
    held = slice(glide.start + 30, glide.end)
    assert on_ice(take, RIGHT)[held].all() and not on_ice(take, LEFT)[held].any()
    assert slip(take, RIGHT)[held].max() < 0.1
