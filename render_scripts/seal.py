"""A run's log that tells whether it is as it was written, and whether `SHA256SUMS` is: no file lists these two."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

SUMS_KEY = "sha256_of_sums"
_SEAL = "sha256_of_all_above"
_END = re.compile(rf',\n  "{_SEAL}": "([0-9a-f]{{64}})"\n}}\n')
_END_LENGTH = len(f',\n  "{_SEAL}": "{"0" * 64}"\n}}\n')


def sealed(facts: Mapping[str, Any], sums: str) -> str:
    """JSON of `facts`, of the SHA256 of `SHA256SUMS`, and, in its last line, of all lines above it."""
    above = json.dumps({**facts, SUMS_KEY: sums}, indent=2).removesuffix("\n}")
    return f'{above},\n  "{_SEAL}": "{_digest(above)}"\n}}\n'


def unbroken(text: str) -> bool:
    """Whether a text is as `sealed` wrote it, to the last byte."""
    end = _END.fullmatch(text, max(len(text) - _END_LENGTH, 0))
    return end is not None and end[1] == _digest(text[: end.start()])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
