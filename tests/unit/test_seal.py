"""A sealed log tells of any byte that was changed in it."""

from __future__ import annotations

import json

from render_scripts.seal import SUMS_KEY, sealed, unbroken


def test_any_byte_counts() -> None:
    text = sealed({"a": [1, 2.5], "b": "ä"}, "0" * 64)
    assert unbroken(text) and json.loads(text)[SUMS_KEY] == "0" * 64 and json.loads(text)["a"] == [1, 2.5]
    for place in range(len(text)):
        assert not unbroken(text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]), place
        assert not unbroken(text[:place] + text[place + 1 :])
    assert not unbroken(text + "\n") and not unbroken("") and not unbroken(json.dumps({"a": 1}))
