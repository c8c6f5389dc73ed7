"""Which movement the scene at hand shows: of a job file with several, and of a recording of several people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from clicking import clicked, skater, whole  # noqa: E402
from measured import turns, ways  # noqa: E402

from blender_addon.scene.at_hand import spec_of  # noqa: E402
from blender_addon.ui.operators.take import is_loaded, loaded_in  # noqa: E402
from mocap.elements.library import element_take  # noqa: E402
from mocap.mvnx.write import write_mvnx  # noqa: E402

FPS = 20

SEVERAL = """\
motions:
- {element: axel, parameters: {turns: 1}}
- {element: sit spin}
skaters: [{outfit: unitard, hair: {style: bun}}]
"""


def loaded() -> Any:
    return loaded_in(bpy.context.scene)


def opened(ops: Any, path: Path, text: str) -> None:
    path.write_text(text)
    bpy.context.scene.render.fps = FPS
    assert ops.open_job(filepath=str(path)) == {"FINISHED"}


def test_of_several_movements_in_a_job_file_the_one_that_the_skater_shows_is_loaded(ops: Any, tmp_path: Path) -> None:
    opened(ops, tmp_path / "several.yaml", SEVERAL)
    clicked(ops.load_take)
    assert [element.name for element in loaded().elements] == ["axel 1½"]
    assert bpy.context.scene.frame_end == int(FPS * element_take("axel", {"turns": 1.0}).duration)
    clicked(ops.make_skater)
    clicked(ops.retarget)
    clicked(ops.element_frames, number=0)
    axel = turns(ways())
    # Without the landing, whose last half turn comes on the ice.
    assert 0.9 < axel < 1.8

    # Somebody else has the movement of the one before; the next clip's movement is to be loaded first.
    clicked(ops.randomise_skater)
    assert turns(ways()) == pytest.approx(axel, abs=0.05)
    assert not is_loaded(bpy.context, loaded())
    with pytest.raises(RuntimeError, match="Load the chosen take first"):
        ops.retarget()
    clicked(ops.load_take)
    assert [element.kind for element in loaded().elements] == ["spin"]
    clicked(ops.retarget)
    assert spec_of(skater()).motion.element == "sit spin"
    assert abs(turns(ways())) > 3.0


def test_a_movement_that_a_job_file_changes_is_loaded_as_it_is_shown(ops: Any, tmp_path: Path) -> None:
    text = "motions: [{element: axel, parameters: {turns: 1}, start: 1.0}]\naugment: {speed: 0.5, mirror: 1}\n"
    opened(ops, tmp_path / "slow.yaml", text)
    ops.load_take()
    (jump,) = loaded().elements
    assert jump.name == "axel 1½"
    # All that is said of it is at the speed at which it is shown.
    slow = element_take("axel", {"turns": 1.0}).duration / 0.5
    assert bpy.context.scene.frame_end == int(FPS * slow + 1e-6)
    assert is_loaded(bpy.context, loaded())
    opened(ops, tmp_path / "slow.yaml", text.replace("turns: 1", "turns: 2"))
    assert not is_loaded(bpy.context, loaded())


def two_people(folder: Path) -> Path:
    """A recording of two: Anna jumps, Eva spins."""
    texts = []
    for name, label in (("axel", "Anna"), ("sit spin", "Eva")):
        write_mvnx(element_take(name), folder / "one.mvnx")
        text = (folder / "one.mvnx").read_text(encoding="utf-8")
        assert text.count(f'<subject label="{name}"') == 1
        texts.append(text.replace(f'<subject label="{name}"', f'<subject label="{label}"'))
    first, second = texts
    path = folder / "pair.mvnx"
    path.write_text(first.replace("</mvnx>", second[second.index("\t<subject ") :]), encoding="utf-8")
    return path


def test_another_person_of_the_recording_is_chosen(ops: Any, tmp_path: Path) -> None:
    chosen = bpy.context.scene.skatesynth
    bpy.context.scene.render.fps = FPS
    chosen.skater.outfit = "unitard"
    ops.load_take(filepath=str(two_people(tmp_path)))
    assert (loaded().who, loaded().subjects) == ("Anna", ("Anna", "Eva"))
    assert [element.kind for element in loaded().elements] == ["jump"]
    clicked(ops.choose_person, person="Eva")
    assert bpy.context.scene.skatesynth.take.subject == "Eva"
    assert (loaded().who, [element.kind for element in loaded().elements]) == ("Eva", ["spin"])
    assert bpy.context.scene.frame_end == int(FPS * element_take("sit spin").duration)
    assert is_loaded(bpy.context, loaded())
    ops.make_skater()
    clicked(ops.retarget)
    spun = ways()
    assert abs(turns(spun)) > 3.0
    assert (spec_of(skater()).motion.subject, np.isfinite(spun["nose"]).all()) == ("Eva", True)

    clicked(ops.choose_person, person="Anna")
    assert (loaded().who, [element.kind for element in loaded().elements]) == ("Anna", ["jump"])
    before = whole()
    with pytest.raises(TypeError, match="Nobody"):
        ops.choose_person(person="Nobody")
    bpy.context.scene.skatesynth.take.path = ""
    with pytest.raises(RuntimeError, match="recording is chosen"):
        ops.choose_person(person="Eva")
    bpy.context.scene.skatesynth.take.path = str(tmp_path / "pair.mvnx")
    assert whole() == before
