"""What a character's parts are: by a map written by hand, by MPFB2's types, by words in names."""

from __future__ import annotations

from pathlib import Path

import pytest

from blender_addon.makehuman import rig_maps
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.character_map import LEFT_OUT, CharacterMap, look_up, read_character_map
from blender_addon.skater.garment_words import class_of_name, class_of_type
from mocap.errors import UserError


def read(folder: Path, text: str) -> CharacterMap:
    path = folder / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return read_character_map(path)


def test_a_map_is_read(tmp_path: Path) -> None:
    said = read(
        tmp_path,
        "armature: Anna.rig\nbones: mixamo\nobjects: {'Anna*dress*': dress, Prop: none}\n"
        "materials: {Cotton: shirt}\nstands_on: [Skates, 'Blade*']\n",
    )
    assert said == CharacterMap(
        armature="Anna.rig",
        bones=RIGS["mixamo"],
        objects={"Anna*dress*": "dress", "Prop": LEFT_OUT},
        materials={"Cotton": "shirt"},
        stands_on=("Skates", "Blade*"),
    )
    assert look_up("Anna.red_dress01", said.objects) == "dress" and look_up("Anna", said.objects) is None
    assert read(tmp_path, "stands_on: Skates\n").stands_on == ("Skates",)


def test_bones_may_be_a_file_beside_the_map(tmp_path: Path) -> None:
    source = Path(rig_maps.__file__).parent / "rigs" / "cmu_mb.yaml"
    (tmp_path / "mine.yaml").write_bytes(source.read_bytes())
    assert read(tmp_path, "bones: mine.yaml\n").bones == RIGS["cmu_mb"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("object: {}\n", ["line 1", "unknown key 'object'", "'objects'"]),
        ("armature: x\nobjects: {A: skrit}\n", ["line 2", "no class 'skrit'", "'skirt'"]),
        ("materials: {A: none}\n", ["line 1", "no class 'none'"]),
        ("objects: [A]\n", ["line 1", "each with its class"]),
        ("bones: mixam\n", ["line 1", "'mixam' is neither a known rig nor the file", "'mixamo'"]),
        ("armature: [a, b]\n", ["line 1", "here belongs a name"]),
        ("stands_on: {a: b}\n", ["line 1", "here belongs a name"]),
    ],
)
def test_what_is_wrong_with_a_map_is_told_in_a_line(text: str, words: list[str], tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read(tmp_path, text)
    line = caught.value.line()
    assert "\n" not in line and "map.yaml" in line
    for word in words:
        assert word in line


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("female_sportsuit01/female_sportsuit01.mhclo", None),
        ("Human.toigo_mini_skirt", "skirt"),
        ("skirt-suit", "skirt"),
        ("DressShoes02", "shoes"),
        ("IceSkates", "boots"),
        ("tshirt", "shirt"),
        ("Sweatpants", "trousers"),
        ("wool_pants", "trousers"),
        ("baseball cap", "hat"),
        ("capricorn", None),
        ("what", None),
        ("eyebrow001", "hair"),
        ("High-poly", None),
        ("Ch46_body", "skin"),
        ("GLASSES", "glasses"),
    ],
)
def test_words_in_names_say_what_a_thing_is(name: str, found: str | None) -> None:
    assert class_of_name(name) == found


def test_types_say_it_of_all_but_clothes() -> None:
    assert [class_of_type(kind) for kind in ("Basemesh", "Eyebrows", "Teeth", "Clothes", "")] == [
        *("skin", "hair", "mouth", None, None)
    ]


def test_a_rig_is_recognised_by_its_bones() -> None:
    for name in ("default", "game_engine", "cmu_mb", "mixamo", "rigify"):
        assert rig_maps.recognised([*RIGS[name].names(), "more"]) == name
    # Toes are what the two differ by.
    assert rig_maps.recognised(list(RIGS["default_no_toes"].names())) == "default_no_toes"
    almost = [name for name in RIGS["mixamo"].names() if "LeftHand" not in name]
    assert rig_maps.recognised(almost) is None and rig_maps.nearest(almost) == "mixamo"
    assert "mixamorig:LeftHand" in rig_maps.missing("mixamo", almost)
