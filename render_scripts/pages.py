"""Pages of the documentation that hold tables made by this project, each between two marks."""

from __future__ import annotations

from pathlib import Path

from mocap.errors import UserError
from mocap.whole_file import whole_file


def marks(topic: str) -> tuple[str, str]:
    """The lines between which the tables of a topic stand."""
    return f"<!-- begin: skatesynth {topic} -->", f"<!-- end: skatesynth {topic} -->"


def put_between_marks(path: Path, topic: str, text: str) -> None:
    """Replaces what stands between a topic's marks in a file.

    Raises:
        UserError: the file cannot be read or lacks the marks.
    """
    first, last = marks(topic)
    try:
        before = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot be read ({error})", file=path) from error
    head, begin, rest = before.partition(first)
    _, end, tail = rest.partition(last)
    if not (begin and end):
        raise UserError("there is no place for the tables", file=path, mend=f"Put in a line {first} and a line {last}.")
    with whole_file(path) as file:
        file.write(f"{head}{begin}\n\n{text}\n\n{end}{tail}".encode())
