"""Opening a recording: contents decide, and what cannot be read is said in one line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("written", [mvnx, bvh])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.floats(0.0, 1.0, exclude_max=True),
            st.integers(0, 80),
            st.sampled_from([b"", b"<", b">", b'"', b"{", b"}", b" ", b"-1", b"nan", b"1e308", b"9" * 40, b"\xff\x00"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_damage_anywhere_is_a_users_error_or_none(tmp_path, written, damages):
    """Whatever is cut out of a file and put in its place: a motion of numbers, or one line."""
    path = written(tmp_path, dancing(4))
    content = path.read_bytes()
    for at, cut, put in damages:
        begin = int(at * len(content))
        content = content[:begin] + put + content[begin + cut :]
    path.write_bytes(content)
    try:
        motion = read_take(path)
    except UserError as error:
        assert "\n" not in str(error)
    else:
        assert np.isfinite(motion.positions).all() and np.isfinite(motion.orientations).all()
