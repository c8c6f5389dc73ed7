"""Takes on avatars, and the tables made of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blender_addon.makehuman.reference_bodies import BODIES
from mocap.elements.demo import demo_take
from mocap.errors import UserError
from mocap.metrics.quality import Quality
from mocap.resample import resample
from mocap.takes import read_take
from render_scripts import quality_tables
from render_scripts.cli import main
from render_scripts.pages import marks, put_between_marks
from render_scripts.quality import Avatar, avatar, quality_on, ready
from render_scripts.quality_tables import (
    FIGURES,
    TOPIC,
    Row,
    all_takes,
    describe,
    markdown,
    measure_all,
)


@pytest.fixture(scope="module")
def teenager(assets: Path) -> Avatar:
    return avatar("teenager", "default", assets)


@pytest.fixture(scope="module")
def demo(teenager: Avatar) -> Quality:
    return quality_on(ready(demo_take()), teenager)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two elements, two bodies, two rigs: what is made of all of them is made of these."""
    for name, kept in (
        ("ELEMENTS", ("spiral", "axel")),
        ("BODIES", ("short", "tall")),
        ("RIGS", ("default", "cmu_mb")),
    ):
        whole = getattr(quality_tables, name)
        monkeypatch.setattr(quality_tables, name, {key: whole[key] for key in kept})


def named(quality: Quality) -> dict[str, float | None]:
    return {figure.name: figure.read(quality) for figure in FIGURES}


def test_the_bodies_are_far_apart(assets: Path) -> None:
    found = {body: avatar(body, "default", assets) for body in BODIES}
    index = {body: a.mass / a.stature**2 for body, a in found.items()}
    assert len(found) == 5
    assert found["tall"].stature - found["short"].stature > 0.4
    assert index["heavy"] > 25.0 > 18.5 > index["thin"]
    assert 30.0 < found["teenager"].mass < 60.0


def test_the_demo_keeps_within_the_limits(demo: Quality) -> None:
    found = named(demo)
    assert found["direction"] < 1.0
    assert max(found["penetration"], found["float"]) < 5.0
    assert (found["turns"], found["flight"]) == (0.0, 0.0)
    assert demo.flights[0].frames == 31
    assert [turn.name for turn in demo.turns] == ["axel", "upright spin", "take"]


def test_takes_are_made_ready(recordings: Path) -> None:
    walk = ready(read_take(recordings / "xsens_walk_240hz.bvh"))
    assert walk.rate == 60.0 and walk.contacts is not None and len(walk) == 622
    # Four frames: one in four of them would be no take.
    assert len(ready(read_take(recordings / "xsens_v3_fullbody_240hz.mvnx"))) == 4


@pytest.mark.usefixtures("few")
def test_every_element_is_there_with_few_and_with_many_turns(recordings: Path) -> None:
    names = [take.name for take in all_takes([str(recordings / "xsens_walk_240hz.bvh")])]
    assert names == ["xsens_walk_240hz.bvh", "demo", "spiral", "axel", "axel, turns 1", "axel, turns 4"]


def test_a_take_on_a_rig_in_json(capsys: pytest.CaptureFixture[str], assets: Path) -> None:
    command = ["take", "demo", "--retarget", "default", "--assets", str(assets)]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["retargeting"]
    assert (found["rig"], found["frames"], found["rate"]) == ("default", 721, 60.0)
    assert found["directions"]["direction"]["LeftUpperArm"]["median"] < 1.0
    assert found["flights"][0]["time_error"] == 0
    assert main(command) == 0
    assert "on default, teenager (1.47 m)" in capsys.readouterr().out
    assert main(["take", "demo", "--retarget", "none", "--assets", str(assets)]) == 2
    assert "no rig 'none'" in capsys.readouterr().err


def test_one_screen_of_text(demo: Quality, teenager: Avatar) -> None:
    lines = describe(demo, teenager).splitlines()
    assert len(lines) == 1 + len(FIGURES) and max(map(len, lines)) < 80
    assert any(line.split()[:3] == ["flight", "0", "frames"] for line in lines)


@pytest.mark.usefixtures("few")
def test_the_command_writes_the_same_tables_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], assets: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(quality_tables, "all_takes", lambda recordings: [resample(demo_take(), 60.0, 4.2, 60)])
    page = tmp_path / "page.md"
    begin, end = marks(TOPIC)
    page.write_text(f"# Page\n\n{begin}\nyesterday's\n{end}\n\nlast words\n", encoding="utf-8")
    assert main(["quality", "--out", str(page), "--assets", str(assets)]) == 0
    first = page.read_text(encoding="utf-8")
    assert first.startswith(f"# Page\n\n{begin}\n\n| figure") and first.endswith(f"{end}\n\nlast words\n")
    assert "yesterday" not in first and "| demo |" in first and "| default |" in first
    assert main(["quality", "--out", str(page), "--assets", str(assets)]) == 0
    assert page.read_text(encoding="utf-8") == first
    page.write_text("# Page\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["quality", "--out", str(page), "--assets", str(assets)]) == 2
    assert "no place for the tables" in capsys.readouterr().err


def test_tables_show_the_worst_and_what_is_beyond_its_limit(teenager: Avatar) -> None:
    def row(take: str, body: str, **values: float) -> Row:
        return Row(take, body, "default", tuple(values.get(figure.name) for figure in FIGURES))

    rows = [
        row("walk", "short", direction=0.2, float=5.0, turns=0.0),
        row("walk", "tall", direction=1.3, float=4.0, turns=0.0),
        row("axel", "short", direction=0.4, float=5.2, turns=1.0),
        row("axel", "tall", direction=-0.001, float=1.0, turns=0.0),
    ]
    cells = {
        cell[0]: dict(zip(("take", *(figure.name for figure in FIGURES)), cell, strict=True))
        for cell in (
            [part.strip() for part in line.strip("|").split("|")] for line in markdown([teenager], rows).splitlines()
        )
        if cell[0] in ("walk", "axel") and len(cell) == 1 + len(FIGURES)
    }
    assert cells["walk"]["direction"] == "**1.30**"
    assert (cells["walk"]["float"], cells["axel"]["float"]) == ("5.0", "**5.2**")
    assert (cells["walk"]["turns"], cells["axel"]["turns"]) == ("0", "**1**")
    assert cells["walk"]["flight"] == "–"
    by_avatar = next(line for line in markdown([teenager], rows).splitlines() if line.startswith("| default |"))
    assert by_avatar.split("|")[2].startswith(" 0.40, –, –, **5.2**")
    assert "-0.00" not in markdown([teenager], rows[3:])


@pytest.mark.usefixtures("few")
def test_every_combination_is_measured(assets: Path, recordings: Path) -> None:
    takes = [ready(read_take(recordings / "xsens_v3_fullbody_240hz.mvnx"))]
    avatars, rows = measure_all(takes, assets, quiet=True)
    wanted = {(body, rig) for body in ("short", "tall") for rig in ("default", "cmu_mb")}
    assert {(a.body, a.rig_name) for a in avatars} == {(row.body, row.rig) for row in rows} == wanted
    assert len(rows) == len(wanted)
    assert {row.values[0] for row in rows if row.body == "short"} != {
        row.values[0] for row in rows if row.body == "tall"
    }


def test_marks_that_are_missing_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        put_between_marks(tmp_path / "none.md", TOPIC, "text")
