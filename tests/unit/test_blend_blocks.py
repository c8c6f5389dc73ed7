"""A .blend's version and links, read from its bytes."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blender_addon.scene.blend_blocks import linked_files, saved_by


def blend(folder: Path, header: bytes, head: struct.Struct, wide: bool) -> Path:
    """A file of three blocks: something, a library, something."""
    library = b"LIparts.blend\0" + bytes(30) + b"//../store/parts.blend\0/home/x/store/parts.blend\0" + bytes(9)
    data = header
    for code, content in ((b"OB\0\0", b"OBthing.blend\0"), (b"LI\0\0", library), (b"ENDB", b"")):
        sizes = (0, 7, len(content), 1) if wide else (len(content), 7, 0, 1)
        data += head.pack(code, *sizes) + content
    path = folder / "x.blend"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("header", "head", "wide", "version"),
    [
        (b"BLENDER-v405", struct.Struct("<4siQii"), False, (4, 5)),
        (b"BLENDER_v279", struct.Struct("<4siIii"), False, (2, 79)),
        (b"BLENDER-V300", struct.Struct(">4siQii"), False, (3, 0)),
        (b"BLENDER17-01v0502", struct.Struct("<4siQqq"), True, (5, 2)),
    ],
)
def test_version_and_links_are_read(
    header: bytes, head: struct.Struct, wide: bool, version: tuple[int, int], tmp_path: Path
) -> None:
    path = blend(tmp_path, header, head, wide)
    assert saved_by(path) == version
    assert linked_files(path) == ["//../store/parts.blend", "/home/x/store/parts.blend"]


STARTS = {b"": None, b"BLENDER-v405": (4, 5), b"BLENDER17-01v0502": (5, 2), b"\x28\xb5\x2f\xfd": None}


@given(start=st.sampled_from(sorted(STARTS)), data=st.binary(max_size=200))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_taken(start: bytes, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "fuzz"
    path.write_bytes(start + data)
    assert all("/" in name or "\\" in name for name in linked_files(path))
    assert saved_by(path) == STARTS[start]
