"""Pictures as stored: whole to the last byte, and of the depth and channels that their field has.

OpenCV decodes what it can of a damaged PNG and says nothing of it; every part of a PNG has a sum of its own, though.
Source: the PNG specification (W3C, third edition), 5.2 to 5.4 and 11.2.1.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from blender_addon.labels.dense import DENSE_FIELDS, Encoding

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _COLOR = 0, 2
# By field, (bits, colour type) that it may have.
_KINDS: Mapping[str, tuple[tuple[int, int], ...]] = {
    "rgb.png": ((8, _COLOR),),
    "body.png": ((8, _GREY),),
    "clothes.png": ((8, _GREY),),
    "instance.png": ((8, _GREY), (16, _GREY)),
    "amodal.png": ((16, _GREY),),
    **{f.file: ((16, _GREY if f.encoding is Encoding.MILLIMETRES else _COLOR),) for f in DENSE_FIELDS},
}


def fault_of_picture(field: str, data: bytes) -> str | None:
    """What is wrong with a field, as far as its bytes tell without decoding; None if nothing is."""
    if field == "rgb.jpg":
        return None if data[:3] == b"\xff\xd8\xff" and data[-2:] == b"\xff\xd9" else "not a whole JPEG"
    if field not in _KINDS:
        return "no field of a sample"
    if not data.startswith(_SIGNATURE):
        return "not a PNG"
    at, kind, first = len(_SIGNATURE), b"", True
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, end = data[at + 4 : at + 8], at + 8 + length
        if end + 4 > len(data) or zlib.crc32(data[at + 4 : end]) != struct.unpack_from(">I", data, end)[0]:
            return f"damaged at byte {at}"
        if first and (kind != b"IHDR" or length != 13):
            return "not a PNG"
        if first and (data[at + 16], data[at + 17]) not in _KINDS[field]:
            return f"{data[at + 16]} bits of colour type {data[at + 17]}, which this field never has"
        at, first = end + 4, False
    return None if kind == b"IEND" and at == len(data) else "not a whole PNG"
