"""Labels in the viewport: the points that labels have, colours that go again, and nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402
from left_behind import countable, held  # noqa: E402

from blender_addon import ui  # noqa: E402
from blender_addon.cast import GarmentSpec, SkaterSpec  # noqa: E402
from blender_addon.clip import RenderSpec  # noqa: E402
from blender_addon.labels.annotate import flesh_of, mixture_of, positions_of  # noqa: E402
from blender_addon.labels.colors import linear, person_color  # noqa: E402
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS  # noqa: E402
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, PART_BASE  # noqa: E402
from blender_addon.scene.at_hand import human_of, put_skater  # noqa: E402
from blender_addon.skater.human import blade_name, place_landmarks  # noqa: E402
from blender_addon.ui.overlay import drawing, mesh_colors, viewport  # noqa: E402
from blender_addon.ui.overlay.skeleton import drawn, figure_of, triangles  # noqa: E402

PACKAGE = "bl_ext.tests.skatesynth"
SPEC = SkaterSpec(garments={"leotard": GarmentSpec(), "boots": GarmentSpec(), "blades": GarmentSpec()})


@pytest.fixture(scope="module")
def rink(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with one skater."""
    scene = empty_scene()
    armature = put_skater(scene, SPEC, assets, RenderSpec(subdivision=0))
    armature.pose.bones["upperarm01.L"].rotation_mode = "QUATERNION"
    path = tmp_path_factory.mktemp("overlay") / "rink.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    return path


class Chosen:
    """The overlay's settings, asked for anew each time: pytest shows arguments of what fails, and Blender's own would
    then be of a file that is closed."""

    def __getattr__(self, name: str) -> Any:
        return getattr(bpy.context.window_manager.skatesynth_overlay, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(bpy.context.window_manager.skatesynth_overlay, name, value)


@pytest.fixture
def panel(rink: Path) -> Iterator[Chosen]:
    """The extension in that file."""
    bpy.ops.wm.open_mainfile(filepath=str(rink))
    ui.register(PACKAGE)
    yield Chosen()
    ui.unregister()


def skater() -> Any:
    return bpy.data.objects["skater_1"]


def colors() -> dict[str, tuple[float, ...]]:
    own = {f"material {made.name}": tuple(made.diffuse_color) for made in bpy.data.materials}
    return own | {f"object {made.name}": tuple(made.color) for made in bpy.data.objects}


def coloured() -> int:
    return sum(mesh_colors.KEY in made for made in (*bpy.data.materials, *bpy.data.objects))


@pytest.mark.assets
@pytest.mark.parametrize("name", KEYPOINT_SETS)
def test_points_are_where_labels_have_them_as_somebody_is_posed_by_hand(name: str, panel: Chosen, assets: Path) -> None:
    armature = skater()
    bone = armature.pose.bones["upperarm01.L"]
    bone.rotation_quaternion = (0.8, 0.3, 0.5, -0.1)
    armature.location = (3.0, -1.0, 0.5)
    bpy.context.view_layer.update()
    ((points, most),) = drawing.people_now(bpy.context.scene, name)

    human = human_of(armature, assets)
    pose = np.array(armature.matrix_world) @ np.array([armature.pose.bones[bone].matrix for bone in human.rig.names])
    every = dict(human.landmarks) | {blade_name(blade): mark for blade, mark in human.blades.items()}
    mixture = mixture_of((name,))
    places, apart = positions_of(mixture, place_landmarks(every, human.rig.rest, pose))
    chosen = mixture.chosen[name]
    assert len(points) == len(KEYPOINT_SETS[name].points)
    np.testing.assert_allclose(points, places[chosen], atol=2e-6)
    np.testing.assert_allclose(most, flesh_of(mixture, human, apart).most[chosen], atol=2e-6)


@pytest.mark.assets
def test_everybody_who_can_be_seen_is_in_one_lot_of_lines_and_one_of_points(panel: Chosen) -> None:
    armature = skater()
    panel.keypoints = "coco_wholebody"
    other = armature.copy()
    other.location.x = 2.0
    bpy.context.scene.collection.objects.link(other)
    bpy.context.view_layer.update()
    people = drawing.people_now(bpy.context.scene, "coco_wholebody")
    np.testing.assert_allclose(people[1][0] - people[0][0], np.broadcast_to((2.0, 0.0, 0.0), (133, 3)), atol=1e-6)
    lines, dots = drawing.lots_now(bpy.context.scene, panel, 1.0)
    assert len(dots.start) == 4 * 2 * 133 and len(lines.start) == 4 * 2 * len(KEYPOINT_SETS["coco_wholebody"].limbs)
    np.testing.assert_allclose(
        dots.start[:, :3], np.repeat(np.concatenate([p for p, _ in people]), 4, axis=0), atol=1e-6
    )
    first = lines.paint.ends[0]
    np.testing.assert_allclose(lines.end[0, :3], people[0][0][first[1]], atol=1e-6)
    # Neither armature nor meshes: nobody to draw.
    other.hide_set(True)
    assert len(drawing.people_now(bpy.context.scene, "coco_wholebody")) == 1


def test_a_point_that_a_body_lacks_is_left_out_with_its_lines() -> None:
    figure = figure_of("skate")
    points = np.arange(51.0).reshape(17, 3)
    points[0] = np.nan
    lines, dots = drawn("skate", [(points, np.zeros(17))], 2.0)
    assert len(dots.start) == 4 * 16 and np.isfinite(dots.start).all()
    lacking = sum(0 in limb for limb in figure.limbs.tolist())
    assert lacking > 0 and len(lines.start) == 4 * (len(figure.limbs) - lacking)
    np.testing.assert_allclose(dots.paint.shape[:, 2], 2.0 * np.repeat(figure.radii[1:], 4))
    assert triangles(16).max() == len(dots.start) - 1
    nobody, _ = drawn("skate", [], 1.0)
    assert len(nobody.start) == 0


@pytest.mark.assets
def test_meshes_take_their_masks_colours_and_get_their_own_back(panel: Chosen) -> None:
    armature = skater()
    before = colors()
    (material,) = {slot.material for mesh in armature.children for slot in mesh.material_slots if "boots" in mesh.name
                   and slot.material.pass_index % PART_BASE == 14}  # fmt: skip
    for coloring, index, table in (("part", 14, BODY_PARTS), ("garment", 7, CLOTHES)):
        panel.coloring = coloring
        np.testing.assert_allclose(material.diffuse_color[:3], linear(np.array(table[index].color)), atol=1e-6)
        assert coloured() == sum(made.pass_index > 0 for made in bpy.data.materials) > 10
    panel.coloring = "person"
    assert {tuple(mesh.color)[:3] for mesh in armature.children} == {
        tuple(np.float32(linear(np.array(person_color(1)))).tolist())
    }
    panel.coloring = "none"
    assert colors() == before and coloured() == 0


@pytest.mark.assets
def test_a_file_is_saved_without_these_colours(panel: Chosen, tmp_path: Path) -> None:
    before = colors()
    panel.coloring = "part"
    shown = colors()
    assert shown != before
    path = tmp_path / "saved.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path), copy=True)
    assert colors() == shown
    ui.unregister()
    assert colors() == before
    bpy.ops.wm.open_mainfile(filepath=str(path))
    assert colors() == before and coloured() == 0


@pytest.mark.assets
def test_a_backup_that_has_these_colours_loses_them_when_it_is_loaded(panel: Chosen, tmp_path: Path) -> None:
    before = colors()
    panel.coloring = "garment"
    path = tmp_path / "backup.blend"
    # As Blender's own backups are written: no handler is asked.
    bpy.app.handlers.save_pre.remove(mesh_colors._before_saving)
    bpy.ops.wm.save_as_mainfile(filepath=str(path), copy=True)
    bpy.app.handlers.save_pre.append(mesh_colors._before_saving)
    bpy.ops.wm.open_mainfile(filepath=str(path))
    chosen = bpy.context.window_manager.skatesynth_overlay
    assert (coloured() > 0) == (chosen.coloring != "none")
    chosen.coloring = "none"
    assert colors() == before and coloured() == 0


@pytest.mark.assets
def test_somebody_who_comes_is_coloured_as_well(panel: Chosen) -> None:
    armature = skater()
    panel.coloring = "garment"
    made = bpy.data.materials.new("new boots")
    made.pass_index = 7 * PART_BASE + 14
    armature.children[0].data.materials.append(made)
    armature.location.x += 0.1
    bpy.context.view_layer.update()
    np.testing.assert_allclose(made.diffuse_color[:3], linear(np.array(CLOTHES[7].color)), atol=1e-6)


@pytest.mark.assets
def test_what_fails_while_drawing_switches_the_overlay_off(panel: Chosen, monkeypatch: Any, capsys: Any) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no such\nshader")

    monkeypatch.setattr(viewport, "_wanted", lambda context: True)
    monkeypatch.setattr(drawing, "draw_skeletons", fail)
    panel.show = True
    for _ in range(3):
        viewport._draw_view()
    assert capsys.readouterr().out == "skatesynth: Keypoints are off: no such shader\n"
    assert bpy.app.timers.is_registered(viewport._switch_off)
    viewport._switch_off()
    assert not panel.show and viewport.trouble == "Keypoints are off: no such shader"
    panel.show = True
    assert not viewport.trouble


@pytest.mark.assets
def test_twenty_times_on_and_off_leaves_nothing_behind(rink: Path) -> None:
    bpy.ops.wm.open_mainfile(filepath=str(rink))
    before = countable()
    for _ in range(20):
        ui.register(PACKAGE)
        assert held()["draw handlers"] == 2
        chosen = bpy.context.window_manager.skatesynth_overlay
        chosen.show, chosen.coloring = True, "part"
        ui.unregister()
    after = countable()
    for what, value in before.items():
        assert after[what] == value, what
    assert not any(held().values())
