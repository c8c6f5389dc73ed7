"""A large XML file from an unknown hand, read in one pass and bounded memory; entities are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from mocap.errors import UserError
from mocap.take_file import blocks_of, marked_encoding

# What a recording needs at most lies far below each of these; without them a small file could fill the memory.
_TEXT_LIMIT = 1 << 16  # characters of one element's text
_TAG_LIMIT = 1 << 18  # bytes of one tag or comment, which expat keeps until it ends
_DEPTH_LIMIT = 64
_NAMES_LIMIT = 4096  # different names of elements and attributes, which expat keeps for ever

_ENCODINGS = {
    *("utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"),
    *(f"iso-8859-{part}" for part in range(1, 17) if part != 12),
    *(f"windows-{page}" for page in range(1250, 1259)),
}
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
        """An element ends; `text` is None unless it was asked for, and ends at the first element inside."""


def visit(path: Path, visitor: Visitor, *, where: Callable[[], str | None] = lambda: None) -> None:
    """Walk through an XML file, packed with gzip or not.

    Args:
        path: the file.
        visitor: told of the elements it names.
        where: names the place reached ("frame 12"), for messages.

    Raises:
        UserError: the file cannot be opened, is no well-formed XML, ends in the middle, declares entities, or has what
            no recording has: megabytes in one element, elements hundreds deep, thousands of different names.
    """
    with blocks_of(path) as blocks:
        first = next(blocks, b"")
        encoding = marked_encoding(first)
        # The XML declaration has to be the very first; blank lines before it are a copying accident.
        begin = first.lstrip(b" \t\r\n") if encoding is None else first
        lines_before = first[: len(first) - len(begin)].count(b"\n")
        names: dict[str, str] = {}
        # A mark outranks the declaration: an editor that saves in another encoding leaves the declaration as it was.
        parser = expat.ParserCreate(encoding, None, names)

        def fault(message: str, mend: str | None = None) -> UserError:
            line = f"line {lines_before + parser.CurrentLineNumber}"
            reached = where()
            return UserError(message, file=path, place=f"{line}, {reached}" if reached else line, mend=mend)

        _tell(parser, visitor, fault)
        try:
            _feed(parser, begin, blocks, names, fault)
        except expat.ExpatError as error:
            # Only the end of the file can leave something unclosed.
            cut = error.code in _CUT
            reason = expat.ErrorString(error.code)
            message = "the file is cut off in the middle" if cut else f"not well-formed XML ({reason})"
            raise fault(message, "Export or copy the take again.") from None


class _Told(dict[str, str]):
    """A name as written → without its prefix, or "" where the visitor is not told of it."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, name: str) -> str:
        local = name.rpartition(":")[2]
        self[name] = local if local in self._names else ""
        return self[name]


def _tell(parser: expat.XMLParserType, visitor: Visitor, fault: Callable[..., UserError]) -> None:
    """Give the parser its handlers: closures, for they run at every element of a long file."""
    told = _Told(visitor.names)
    visit_start, visit_end = visitor.start, visitor.end
    chunks: list[str] = []
    collecting = False
    size = depth = 0

    def text(data: str) -> None:
        nonlocal size
        size += len(data)
        if size > _TEXT_LIMIT:
            raise fault(f"one element holds more than {_TEXT_LIMIT >> 10} kB of text")
        chunks.append(data)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal collecting, size, depth
        depth += 1
        local = told[name]
        if (local or depth == 1) and visit_start(local or name.rpartition(":")[2], attributes):
            chunks.clear()
            size = 0
            parser.CharacterDataHandler = text
            collecting = True
        elif depth > _DEPTH_LIMIT:
            raise fault(f"more than {_DEPTH_LIMIT} elements lie inside each other")
        elif collecting:
            parser.CharacterDataHandler = None
            collecting = False

    def end(name: str) -> None:
        nonlocal collecting, depth
        depth -= 1
        if collecting:
            parser.CharacterDataHandler = None
            collecting = False
            visit_end(told[name], "".join(chunks))
        elif local := told[name]:
            visit_end(local, None)

    def doctype(_name: str, _system: str | None, _public: str | None, declares: int) -> None:
        if declares:
            raise fault(
                "the file declares XML entities or defaults of its own, which can expand without bound",
                "Recordings need none: remove the DOCTYPE or export the take again.",
            )

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        # Beyond these, expat asks Python's codecs, some of which answer with exceptions of their own.
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise fault(f"unknown encoding: {encoding[:40]}", "Save or export the take again as UTF-8.")

    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    parser.XmlDeclHandler = declaration


def _feed(
    parser: expat.XMLParserType,
    begin: bytes,
    blocks: Iterator[bytes],
    names: dict[str, str],
    fault: Callable[..., UserError],
) -> None:
    fed = 0
    for block in chain((begin,), blocks):
        parser.Parse(block, False)
        fed += len(block)
        if fed - parser.CurrentByteIndex > _TAG_LIMIT:
            raise fault(f"one tag or comment is longer than {_TAG_LIMIT >> 10} kB")
        if len(names) > _NAMES_LIMIT:
            raise fault(f"more than {_NAMES_LIMIT} different names of elements and attributes: no recording")
    parser.Parse(b"", True)
