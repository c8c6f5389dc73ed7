"""What is wrong with a data set, one line each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        kind: "checksum", "missing", "stray", "unfinished", "tar", "count", "field", "picture", "json", "leak", "job",
            "card" or "sample".
        file: name in the data set; place: the sample or the field in it, or empty.
        text: what.
    """

    kind: str
    file: str
    place: str
    text: str

    def line(self) -> str:
        """`file: place: text`, whatever names from elsewhere hold."""
        said = ": ".join(part for part in (self.file, self.place, self.text) if part)
        return "".join(letter if letter.isprintable() else "?" for letter in said)
