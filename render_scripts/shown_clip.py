"""A clip as somebody reads it: YAML with every value that was drawn. No bpy."""

from __future__ import annotations

import json

import yaml

from blender_addon.clip import Clip, to_dict


def as_yaml(clip: Clip) -> str:
    """The clip with all its values, as `to_dict` has them: metres, seconds, radians, linear colours."""
    # JSON makes lists of tuples, which the safe dumper knows.
    plain = json.loads(json.dumps(to_dict(clip)))
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110)
