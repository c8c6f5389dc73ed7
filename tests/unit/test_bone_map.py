"""Bone maps from YAML: what a user writes comes out, what they miswrite is one line that says where."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blender_addon.makehuman import rig_maps
from mocap.errors import UserError
from mocap.plain_yaml import MAX_BYTES
from mocap.retarget import BoneMap
from mocap.retarget.bone_map_file import read_bone_map

GOOD = """\
root: hips
spine: [back]
neck: neck
head: skull
left: {side: l}
right: {side: r, hand: paw}
limbs:
  clavicle: collar_<side>
  upper_arm: arm_<side>
  forearm: [fore_<side>, fore2_<side>]
  hand: hand_<side>
  palm: -z
  thigh: thigh_<side>
  shank: shank_<side>
  foot: foot_<side>
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rig.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_both_sides_share_is_written_once(tmp_path: Path) -> None:
    bones = read_bone_map(written(tmp_path, GOOD))
    left, right = bones.limbs["Left"], bones.limbs["Right"]
    assert (bones.root, bones.spine, bones.neck, bones.head) == ("hips", ("back",), ("neck",), "skull")
    assert left.forearm == ("fore_l", "fore2_l")
    assert (left.hand, right.hand) == ("hand_l", "paw")
    assert (left.palm, left.fingers, left.toes) == ("-z", {}, ())
    assert "thigh_r" in set(bones.names())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("root:", "roots:"), "line 1: unknown key 'roots'. Did you mean 'root'? See docs/rigs.md"),
        (("  forearm:", "  fore_arm:"), "line 10: unknown key 'fore_arm'. Did you mean 'forearm'?"),
        (("head: skull\n", ""), "'head' is missing"),
        (("  foot: foot_<side>\n", ""), "line 5: 'foot' is missing, here and under 'limbs'"),
        (("left: {side: l}\n", ""), "'left' is missing"),
        (("left: {side: l}", "left: nothing"), "line 5: here belong keys with values"),
        (("[back]", "[back, []]"), "line 2: this is not the name of a bone"),
        (("[back]", "[]"), "line 2: these are 0 bones, of 1 to 40"),
        (("[fore_<side>, fore2_<side>]", "[a, b, c]"), "line 10: these are 3 bones, of 1 to 2"),
        (("palm: -z", "palm: up"), "line 12: a palm is one of the hand bone's axes: x, -x, y, -y, z, -z"),
        (("  palm: -z\n", ""), "line 5: without index, middle and little finger the palm must be named"),
        (("[back]", "[back"), "line 3: not YAML"),
        (("[back]", "&x [back]"), "line 2: anchors and aliases are not used here"),
    ],
)
def test_mistakes_are_one_line(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    assert change[0] in GOOD
    path = written(tmp_path, GOOD.replace(*change))
    with pytest.raises(UserError) as error:
        read_bone_map(path)
    line = error.value.line()
    assert line.startswith(f"{path}: ") and message in line and "\n" not in line


@pytest.mark.parametrize("text", ["", "3", "- a", "\0", "a: !!python/object/apply:os.system [x]", "[" * 5000])
def test_what_is_no_map_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError):
        read_bone_map(written(tmp_path, text))


def test_files_that_are_missing_or_too_large_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_bone_map(tmp_path / "none.yaml")
    with pytest.raises(UserError, match="longer than"):
        read_bone_map(written(tmp_path, GOOD + "#" * MAX_BYTES))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(GOOD) - 1), gone=st.integers(0, 12), put=st.text(max_size=6), again=st.integers(0, 400))
def test_mutations_end_in_a_map_or_in_our_error(tmp_path: Path, at: int, gone: int, put: str, again: int) -> None:
    text = GOOD[:at] + put + GOOD[at + gone :]
    text = text[:again] + put + text[again:]
    path = tmp_path / "mutated.yaml"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    try:
        assert isinstance(read_bone_map(path), BoneMap)
    except UserError as error:
        assert "\n" not in error.line()


def test_every_map_of_ours_is_named_as_a_rig() -> None:
    assert {"default", "default_no_toes", "game_engine", "cmu_mb", "mixamo", "rigify"} <= set(rig_maps.RIGS)


def test_the_map_in_the_docs_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "rigs.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    bones = read_bone_map(written(tmp_path, example))
    assert bones.limbs["Left"].forearm == ("lowerarm_l", "lowerarm_twist_l")
    assert bones.limbs["Right"].fingers["thumb"] == ("thumb_01_r", "thumb_02_r", "thumb_03_r")
