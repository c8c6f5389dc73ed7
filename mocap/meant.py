"""The word that a user meant: how a message about an unknown name goes on."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# Names in a file from elsewhere are as many and as long as it likes; a message is one line.
_MOST_NAMES, _LONGEST_NAME = 30, 40


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like this one; None where none is like it."""
    return next(iter(get_close_matches(word[:_LONGEST_NAME], list(known), n=1)), None)


def meant(word: str, known: Iterable[str]) -> str:
    """A mend that names the known word most like this one, or else those that are known."""
    names = list(known)
    near = nearest(word, names)
    return listed(names) if near is None else f"Did you mean {near[:_LONGEST_NAME]!r}?"


def listed(known: Iterable[str]) -> str:
    """A mend that names the words that are known, the first of them where they are many."""
    names = [name[:_LONGEST_NAME] for name in known]
    more = ", …" if len(names) > _MOST_NAMES else ""
    return f"Known are: {', '.join(names[:_MOST_NAMES])}{more}." if names else "None is known."
