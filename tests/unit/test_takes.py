"""Opening a recording: contents decide, and what cannot be read is said in one line."""

from __future__ import annotations

import pytest
from made_takes import bvh, dancing, mvnx

from mocap.errors import UserError
from mocap.takes import read_take


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \r\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n", "neither MVNX nor BVH"),
        (b"a,b,c\n1,2,3\n", "neither MVNX nor BVH"),
    ],
)
def test_what_is_no_take(tmp_path, content, message):
    path = tmp_path / "take.mvnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read_take(path)
    assert str(caught.value).startswith(f"{path}: {message}")
    assert "\n" not in str(caught.value)


def test_a_folder_is_no_take(tmp_path):
    with pytest.raises(UserError, match="a folder"):
        read_take(tmp_path)


def test_contents_decide_not_the_name(tmp_path):
    mvnx(tmp_path, dancing(5)).rename(tmp_path / "a.bvh")
    bvh(tmp_path, dancing(5)).rename(tmp_path / "b.mvnx")
    assert read_take(tmp_path / "a.bvh").source["format"] == "MVNX"
    assert read_take(str(tmp_path / "b.mvnx")).source["format"] == "BVH"
