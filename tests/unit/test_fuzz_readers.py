"""Hostile files: whatever is done to a take or a joint map, out comes a motion of numbers or one line for the user.

HYPOTHESIS_EXAMPLES in the environment sets how many files each test makes.
"""

from __future__ import annotations

import gzip
import os
import re
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_takes import bvh, common_bvh, dancing, edited, joint_map, mvnx, mvnx_2, with_fingers_and_props

from mocap.axes import quaternions_from_mvn
from mocap.bvh.joint_map import format_joint_map, load_joint_map
from mocap.bvh.joint_names import suggest_joint_map
from mocap.closure import _ISB_OFFSETS
from mocap.errors import UserError
from mocap.rotations import multiply
from mocap.takes import read_take

EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "25"))
FUZZED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


# -- files to be damaged -------------------------------------------------------------------------------------------


def version_3(folder: Path) -> Path:
    """Points as pos_s, the shoulder's joint named by C7, arms in ISB axes."""
    motion = dancing(3)
    isb = motion.orientations.copy()
    for segment, offset in _ISB_OFFSETS.items():
        j = motion.skeleton.index(segment)
        isb[:, j] = multiply(isb[:, j], quaternions_from_mvn(offset))
    path = mvnx(folder, replace(motion, orientations=isb))
    for old, new in (('version="4"', 'version="3"'), ("pos_b", "pos_s"), ("T4Shoulder", "C7Shoulder")):
        edited(path, old, new)
    return path


def fingers(folder: Path) -> Path:
    return mvnx(folder, with_fingers_and_props(dancing(3)))


def two_subjects(folder: Path) -> Path:
    path = mvnx(folder, dancing(3))
    text = path.read_text()
    begin, end = text.index("\t<subject "), text.index("</mvnx>")
    path.write_text(text[:end] + text[begin:end] + text[end:])
    return path


FILES: dict[str, Callable[[Path], Path]] = {
    "mvnx 2": lambda folder: mvnx_2(folder, dancing(3)),
    "mvnx 3": version_3,
    "mvnx 4": lambda folder: mvnx(folder, dancing(3)),
    "fingers and props": fingers,
    "two subjects": two_subjects,
    "bvh": lambda folder: bvh(folder, dancing(4)),
    "bvh of another program": lambda folder: common_bvh(folder, dancing(4)),
}

# What to put in place of something: bytes that mean something to one of the formats, and hostile numbers.
WORDS = st.sampled_from([
    b"", b"<", b">", b"/>", b'"', b"'", b"&amp;", b"&x;", b"<!--", b"<![CDATA[", b"]]>", b"{", b"}", b" ", b"\n",
    b"\x00", b"\xff\xfe", b"-1", b"0", b"nan", b"inf", b"1e308", b"9" * 40, b"1_0", b"0x1p3", b"\xd9\xa3", b"frame",
    b"segment", b"<frame>", b"</frame>", b"</frames>", b"<subject>", b"</subject>", b'<segment label="Prop9">',
    b"JOINT", b"End Site", b"CHANNELS", b"OFFSET", b"MOTION", b"Xposition", b'index="7"', b'type="normal"',
    b'version="2"', b"footContacts", b"orientationFingersLeft", b"Pelvis", b"LeftHand", b"&#10;", b"Frames: 0",
])  # fmt: skip
CUTS = st.lists(
    st.tuples(st.floats(0.0, 1.0, exclude_max=True), st.integers(0, 80), WORDS | st.binary(max_size=6)),
    min_size=1,
    max_size=4,
)
LINES = st.lists(
    st.tuples(st.sampled_from(["drop", "double", "swap", "move"]), *[st.floats(0.0, 1.0, exclude_max=True)] * 2),
    max_size=3,
)


# Another kind of damage, which leaves a file well-formed: one of its words or numbers in place of another, or a hostile
# number.
WORD, NUMBER = re.compile(rb"[A-Za-z_][\w-]*"), re.compile(rb"-?\d+(\.\d+)?")
NUMBERS = st.sampled_from(
    [b"0", b"-1", b"nan", b"inf", b"1e308", b"9" * 40, b"1e5", b"2", b"1e-300", b"007", b"1 2", b""]
)
SWAPS = st.lists(
    st.tuples(st.booleans(), *[st.floats(0.0, 1.0, exclude_max=True)] * 2, st.none() | NUMBERS), min_size=1, max_size=4
)


def with_words_exchanged(content: bytes, swaps: list[tuple[bool, float, float, bytes | None]]) -> bytes:
    """The content with words (or numbers) replaced by others of its own, or by the bytes given."""
    for is_word, at, by, put in swaps:
        found = [match.span() for match in (WORD if is_word else NUMBER).finditer(content)]
        if found:
            begin, end = found[int(at * len(found))]
            other = slice(*found[int(by * len(found))])
            content = content[:begin] + (content[other] if put is None else put) + content[end:]
    return content


def damaged(content: bytes, cuts: list[tuple[float, int, bytes]], lines: list[tuple[str, float, float]]) -> bytes:
    """The content with whole lines dropped, doubled, swapped or moved, then bytes cut out and others put in."""
    rows = content.splitlines(keepends=True)
    for how, first, second in lines:
        if not rows:
            break
        a, b = int(first * len(rows)), int(second * len(rows))
        if how == "drop":
            del rows[min(a, b) : max(a, b) + 1 if abs(a - b) < 20 else min(a, b) + 1]
        elif how == "double":
            rows.insert(b, rows[a])
        elif how == "swap":
            rows[a], rows[b] = rows[b], rows[a]
        else:
            rows.insert(b, rows.pop(a))
    content = b"".join(rows)
    for at, cut, put in cuts:
        begin = int(at * len(content))
        content = content[:begin] + put + content[begin + cut :]
    return content


def outcome(path: Path, map_path: Path | None = None) -> None:
    """Reads; anything but a motion of finite numbers or a one-line UserError fails the test."""
    try:
        motion = read_take(path, joint_map=map_path)
    except UserError as error:
        assert "\n" not in str(error) and len(str(error)) < 2000
    else:
        assert np.isfinite(motion.positions).all() and np.isfinite(motion.orientations).all()
        assert np.allclose(np.linalg.norm(motion.orientations, axis=-1), 1.0)
        assert motion.positions.shape == (len(motion), len(motion.skeleton.names), 3)
        assert np.isfinite(motion.skeleton.offsets).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", FILES)
@FUZZED
@given(cuts=CUTS, lines=LINES, pack=st.booleans())
def test_damaged_takes(tmp_path, kind, cuts, lines, pack):
    whole = tmp_path / "whole"
    if not whole.exists():
        (tmp_path / "made").mkdir()
        FILES[kind](tmp_path / "made").rename(whole)
    path = tmp_path / "take"
    content = whole.read_bytes()
    if pack and len(cuts) > 2:
        # Half of these are damaged before they are packed, half after.
        content = damaged(gzip.compress(content), cuts, []) if lines else gzip.compress(damaged(content, cuts, []))
    else:
        content = damaged(content, cuts, lines)
    path.write_bytes(content)
    outcome(path, joint_map(tmp_path) if kind == "bvh of another program" else None)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", FILES)
@FUZZED
@given(swaps=SWAPS)
def test_takes_with_words_exchanged(tmp_path, kind, swaps):
    whole = tmp_path / "whole"
    if not whole.exists():
        (tmp_path / "made").mkdir()
        FILES[kind](tmp_path / "made").rename(whole)
    path = tmp_path / "take"
    path.write_bytes(with_words_exchanged(whole.read_bytes(), swaps))
    outcome(path, joint_map(tmp_path) if kind == "bvh of another program" else None)


YAML_WORDS = st.sampled_from([
    b"", b"&a ", b"*a", b"<<: *a", b"!!python/name:os.system ", b"{", b"}", b"[", b"- ", b": ", b"\n", b"\t", b"'",
    b'"', b"|", b"%", b"Pelvis", b"Hips", b"rest: 3", b"up: -x", b"unit: 1e-400", b"\x00", b"\xff\xfe", b"? ", b"~",
    b"!!binary ", b"2001-13-45",
])  # fmt: skip


@pytest.mark.filterwarnings("error")
@FUZZED
@given(
    cuts=st.lists(
        st.tuples(st.floats(0.0, 1.0, exclude_max=True), st.integers(0, 12), YAML_WORDS | st.binary(max_size=4)),
        min_size=1, max_size=4,
    ),
    lines=LINES,
)  # fmt: skip
def test_damaged_joint_maps(tmp_path, cuts, lines):
    take = tmp_path / "other.bvh"
    if not take.exists():
        common_bvh(tmp_path, dancing(3))
        joint_map(tmp_path, more="up: y\nforward: z\nunit: cm\nrest: zero\nfirst_row: keep\nrate: 60\n")
        (tmp_path / "map.yaml").rename(tmp_path / "whole.yaml")
    path = tmp_path / "map.yaml"
    path.write_bytes(damaged((tmp_path / "whole.yaml").read_bytes(), cuts, lines))
    outcome(take, path)


@FUZZED
@given(
    names=st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"]), min_size=1), min_size=1, max_size=12
    )
)
def test_names_of_joints_are_anything(tmp_path, names):
    """A map is suggested for any names, and its text is read back to the same map."""
    lines = ["HIERARCHY"]
    for number, name in enumerate(names):
        lines += [f"{'JOINT' if number else 'ROOT'} {name}", "{", "OFFSET 0 1 0", "CHANNELS 1 Xrotation"]
    path = tmp_path / "names.bvh"
    path.write_text("\n".join([*lines, *["}"] * len(names), "MOTION"]), encoding="utf-8")
    try:
        suggested, unused = suggest_joint_map(path)
    except UserError:
        return
    written = tmp_path / "map.yaml"
    written.write_text(format_joint_map(suggested, unused), encoding="utf-8")
    with pytest.raises(UserError, match="no joint for"):
        load_joint_map(written)


# -- memory --------------------------------------------------------------------------------------------------------

# What a pass costs whatever the file is: buffers, one tag of the longest, lists up to their limits.
CONSTANT = 3 << 20


OPEN = '<mvnx version="4"><subject label="a" frameRate="60">'
ONE_SEGMENT = OPEN + '<segments><segment label="Pelvis"/></segments>'
BVH = "HIERARCHY\nROOT Hips\n{\nOFFSET 0 0 0\nCHANNELS 3 Xrotation Yrotation Zrotation\n}\nMOTION\n"
ROWS = "Frame Time: 0.01\n"
LONG = 4_000_000

# What a bomb begins with, and what it repeats, # being a number that counts up.
BOMBS = {
    "a giant attribute": (f"{OPEN}<comment x='", "y"),
    "a giant comment": (f"{OPEN}<!--", "y"),
    "many attributes": ("<mvnx version='4'><subject ", "a#='' "),
    "deep nesting": (OPEN, "<a>"),
    "many names": (OPEN, "<a#/>"),
    "many subjects": ("<mvnx version='4'>", "<subject label='a' frameRate='60'></subject>"),
    "many segments": (f"{OPEN}<segments>", "<segment label='#'/>"),
    "many points": (f"{ONE_SEGMENT[:-11]}", "<point label='#'><pos_b>0 0 0</pos_b></point>"),
    "many joints": (f"{OPEN}<joints>", "<connector1>a/#</connector1><connector2>b/#</connector2>"),
    "many contacts": (f"{OPEN}<footContactDefinition>", "<contactDefinition index='#'/>"),
    "many gaps": (f"{OPEN}<frames segmentCount='99999999999'>", "<frame index='#5'><orientation/><position/></frame>"),
    "many fingers": (f"{OPEN}<fingerTrackingSegmentsLeft>", "<segment label='#'/>"),
    "giant text": (f"{ONE_SEGMENT}<frames><frame><orientation>", "00 "),
    "giant contacts": (f"{ONE_SEGMENT}<frames><frame><footContacts>", "1 "),
    "a giant row": ("<mvnx version='2'><mvnxInfo frameRate='60'/><F v='", "00 "),
    "a doctype with defaults": ("<!DOCTYPE mvnx [<!ATTLIST a b CDATA 'long'>]><mvnx>", "<a/>"),
    "no space at all": ("HIERARCHY ", "x"),
    "many joints of a BVH": ("HIERARCHY ", "ROOT j#\n{\n}\n"),
    "a BVH's count of frames": (f"{BVH}Frames: 99999999999\n{ROWS}", "0 0 0\n"),
    "a BVH's count of channels": (BVH.replace("CHANNELS 3", "CHANNELS 99999999999"), "0 0 0\n"),
    "more rows than a BVH says": (f"{BVH}Frames: 2\n{ROWS}", "0 "),
    "one endless number": (f"{BVH}Frames: 2\n{ROWS}", "0"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_small_files_cannot_fill_the_memory(tmp_path, bomb):
    """Never more than twice what is parsed, file or numbers, beside what any pass costs."""
    begin, again = BOMBS[bomb]
    repeats = LONG // len(again)
    text = "".join(again.replace("#", str(k)) for k in range(repeats)) if "#" in again else again * repeats
    path = tmp_path / "bomb"
    path.write_text(begin + text)
    numbers = 8 * again.count("0") * repeats if "count of frames" in bomb else 0
    assert peak_of(lambda: outcome(path)) < CONSTANT + 2 * numbers


@pytest.mark.parametrize("written", [mvnx, mvnx_2, bvh, common_bvh])
def test_memory_is_bounded_by_what_is_parsed(tmp_path, written):
    """A true take costs at most twice its file or its numbers, whichever is more."""
    motion = dancing(1500)
    path = written(tmp_path, motion)
    parsed = max(path.stat().st_size, motion.orientations.nbytes + motion.positions.nbytes)
    map_path = joint_map(tmp_path) if written is common_bvh else None
    read_take(path, joint_map=map_path)  # imports and caches
    assert peak_of(lambda: read_take(path, joint_map=map_path)) < 2 * parsed + (2 << 20)


def peak_of(work: Callable[[], object]) -> int:
    """Most bytes that Python and expat held at once meanwhile."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
