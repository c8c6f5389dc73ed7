"""Open a recording, whatever its format."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from mocap.bvh import read_bvh
from mocap.bvh.joint_map import load_joint_map
from mocap.errors import UserError
from mocap.motion import Motion
from mocap.mvnx import read_mvnx
from mocap.span import Span
from mocap.take_file import beginning, marked_encoding, take_name

_HEAD = 4096
_FORMATS = "Takes are MVNX (.mvnx) or BVH (.bvh), either of them also packed with gzip (.gz)."


def read_take(
    path: str | PathLike[str],
    subject: str | None = None,
    *,
    start: float | None = None,
    stop: float | None = None,
    joint_map: str | PathLike[str] | None = None,
) -> Motion:
    """Read one person's movement from a file; its contents decide the format, not its name.

    Args:
        path: an .mvnx or .bvh file, or one of them packed with gzip.
        subject: which person, by a label out of `source["subjects"]` (a BVH's only one goes by the file's stem); the
            first when None.
        start: seconds from the first recorded frame to keep from.
        stop: seconds from the first recorded frame to keep to.
        joint_map: a YAML file that says which joints of a BVH carry which segments; a BVH of MVN needs none.

    Raises:
        UserError: no such file, an empty, unknown, cut or damaged one, an unknown subject, a time it does not reach,
            a joint map that does not fit.
    """
    path = Path(path)
    span = Span(start, stop)
    if _format(path) == "mvnx":
        if joint_map is not None:
            raise UserError("an MVNX file names MVN's own segments", file=path, mend="Leave out the joint map.")
        return read_mvnx(path, subject, span)
    if subject not in (None, take_name(path)):
        raise UserError(
            f"no subject is called {subject!r}", file=path, mend=f"A BVH file holds one person, here {take_name(path)}."
        )
    return read_bvh(path, span, None if joint_map is None else load_joint_map(joint_map))


def _format(path: Path) -> str:
    head = beginning(path, _HEAD)
    text = head.decode(marked_encoding(head) or "utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    if not text:
        raise UserError("the file is empty", file=path, mend="Export or copy the take again.")
    if text[:9].upper() == "HIERARCHY":
        return "bvh"
    if text.startswith("<"):
        return "mvnx"
    raise UserError("neither MVNX nor BVH", file=path, mend=_FORMATS)
