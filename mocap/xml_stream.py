"""A large XML file from an unknown hand, read in one pass and constant memory; entities are refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from mocap.errors import UserError

_BLOCK = 1 << 18
_TEXT_LIMIT = 1 << 22  # one element's text: 4 MB is a thousand times what a frame of any stream takes
_CUT = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}


class Visitor(Protocol):
    """What a file's elements are told to, in the order of the file. Names come without their namespace prefix.

    Attributes:
        names: the elements to be told of; a file's root is told of under any name. All others cost next to nothing.
    """

    names: frozenset[str]

    def start(self, name: str, attributes: Mapping[str, str]) -> bool:
        """An element begins; True asks for its text, which costs time."""

    def end(self, name: str, text: str | None) -> None:
        """An element ends; `text` is None unless it was asked for."""


def visit(path: Path, visitor: Visitor, *, where: Callable[[], str | None] = lambda: None) -> None:
    """Walk through an XML file.

    Args:
        path: the file.
        visitor: told of every element.
        where: names the place reached ("frame 12"), for messages.

    Raises:
        UserError: the file cannot be opened, is no well-formed XML, ends in the middle, or declares entities.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    chunks: list[str] = []
    collecting = False
    size = 0
    names = visitor.names
    at_root = True

    def text(data: str) -> None:
        nonlocal size
        size += len(data)
        if size > _TEXT_LIMIT:
            raise UserError("one element holds megabytes of text", file=path, place=place())
        chunks.append(data)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal collecting, size, at_root
        local = local_name(name)
        wanted = (local in names or at_root) and visitor.start(local, attributes)
        at_root = False
        if wanted:
            chunks.clear()
            size = 0
        if wanted or collecting:
            parser.CharacterDataHandler = text if wanted else None
            collecting = wanted

    def end(name: str) -> None:
        nonlocal collecting
        local = local_name(name)
        if local in names:
            visitor.end(local, "".join(chunks) if collecting else None)
        if collecting:
            parser.CharacterDataHandler = None
            collecting = False

    def refuse_entity(*_declaration: object) -> None:
        raise UserError(
            "the file declares XML entities, which can expand without bound",
            file=path,
            place=place(),
            mend="Recordings need none: remove the DOCTYPE or export the take again.",
        )

    def place() -> str:
        line = f"line {parser.CurrentLineNumber}"
        reached = where()
        return f"{line}, {reached}" if reached else line

    def local_name(name: str) -> str:
        return name.rpartition(":")[2] if ":" in name else name

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.EntityDeclHandler = refuse_entity
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror or error})", file=path) from None
    except LookupError as error:  # how expat says that it does not know the encoding declared
        raise UserError(f"{error}", file=path, place="line 1", mend="Export the take again.") from None
    except expat.ExpatError as error:
        # Only the end of the file can leave something unclosed.
        cut = error.code in _CUT
        message = (
            "the file is cut off in the middle" if cut else f"not well-formed XML ({expat.ErrorString(error.code)})"
        )
        raise UserError(message, file=path, place=place(), mend="Export or copy the take again.") from None
