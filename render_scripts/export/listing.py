"""JSON beside a format's own files: which clip is what, and of which split. No bpy."""

from __future__ import annotations

import json
from typing import Any

from render_scripts.export.format import Clips, Out


def as_json(value: Any) -> bytes:
    """One line of JSON, with an end."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True, allow_nan=False).encode() + b"\n"


def write_listing(out: Out, clips: Clips) -> None:
    """`splits.json`: by split, by `<subject>/<action>`, what the clip's `close` gave besides these two."""
    splits: dict[str, dict[str, Any]] = {}
    for each in clips:
        if each.made is not None:
            rest = {key: value for key, value in each.made.items() if key not in ("subject", "action")}
            splits.setdefault(each.split, {})[f"{each.made['subject']}/{each.made['action']}"] = rest
    out.write("splits.json", as_json(splits))
