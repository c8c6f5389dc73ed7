"""Lights in Blender: what shines, what is seen of it, what is keyed; and once rendered, that a lux is a lux."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402

from blender_addon.clip import LightSpec, RinkSpec  # noqa: E402
from blender_addon.filming.track import Filmed  # noqa: E402
from blender_addon.render.passes import read_exr  # noqa: E402
from blender_addon.rink.light_color import LUMINANCE, LUX, cast_of, lux_of  # noqa: E402
from blender_addon.scene.building_materials import building_material  # noqa: E402
from blender_addon.scene.lighting import light_up  # noqa: E402

ARENA, TRAINING, OUTDOOR = RinkSpec(), RinkSpec(kind="training", roof=6.5, tiers=0), RinkSpec(kind="outdoor", roof=8.0)
WHERE = {"tubes": TRAINING, "floods": ARENA, "spots": ARENA, "daylight": OUTDOOR, "dusk": OUTDOOR}
COUNT = 6


def someone() -> Filmed:
    """Somebody who glides along X since a second before the clip's first frame, one instant a frame."""
    times = (np.arange(30 + COUNT) - 30) / 30.0
    path = np.stack((4.0 * times, 0.0 * times, 1.0 + 0.0 * times), axis=-1)
    return Filmed(times, path[:, None], np.zeros((len(times), 0, 3)), 30 + np.arange(COUNT))


def lit(light: LightSpec, rink: RinkSpec, engine: str = "cycles") -> tuple[bpy.types.Scene, list[bpy.types.Object]]:
    scene = empty_scene()
    return scene, light_up(scene, light, rink, someone(), fps=30.0, engine=engine)


@pytest.mark.parametrize("kind", WHERE)
def test_lights_do_their_work_unseen(kind: str) -> None:
    scene, made = lit(LightSpec(kind=kind), WHERE[kind])
    assert made and len(made) <= 13
    assert all(o.type == "LIGHT" and (not o.visible_camera or o.data.type == "SUN") for o in made)
    assert all(o.pass_index == 0 for o in scene.objects)
    for seen in (o for o in scene.objects if o.type == "MESH"):
        assert not seen.visible_shadow, "a lamp's own case or face would keep its light off the ice"


@pytest.mark.parametrize("kind", WHERE)
def test_power_scales_with_strength(kind: str) -> None:
    def watts(strength: float) -> list[float]:
        return [o.data.energy for o in lit(LightSpec(kind=kind, strength=strength), WHERE[kind])[1]]

    assert watts(2.0) == pytest.approx([2.0 * w for w in watts(1.0)])


def test_lamps_on_the_mains_are_keyed_and_daylight_is_not() -> None:
    light = LightSpec(kind="floods", flicker=0.3, seed=1, warmth=0.8)
    scene, made = lit(light, ARENA)
    lamp, seen = made[0], []
    for frame in (0, 1, 2, 3, 1):
        scene.frame_set(frame)
        seen.append(tuple(lamp.data.color))
    assert seen[1] == seen[4] and len(set(seen)) > 2
    # Three frames are one beat: in the mean the lamp has its own colour.
    np.testing.assert_allclose(np.mean(seen[:3], axis=0), cast_of(light), rtol=0.03)
    _, made = lit(LightSpec(kind="daylight", flicker=0.3), OUTDOOR)
    assert not any(o.data.animation_data for o in made)


def test_a_spot_turns_after_the_skater() -> None:
    scene, made = lit(LightSpec(kind="spots", spots=1), ARENA)
    spot = next(o for o in made if o.data.type == "SPOT" and o.animation_data)
    lands = []
    for frame in range(COUNT):
        scene.frame_set(frame)
        matrix = np.array(spot.matrix_world)
        assert np.linalg.det(matrix[:3, :3]) == pytest.approx(1.0, abs=1e-5)
        place, way = matrix[:3, 3], -matrix[:3, 2]
        lands.append((place + way * ((1.0 - place[2]) / way[2]))[:2])
    now = someone().points[30:, 0, :2]
    behind = (now - lands)[:, 0]
    assert (behind > 0.3).all() and (behind < 2.0).all(), "0.12 to 0.4 s at 4 m/s"
    assert lands[-1][0] - lands[0][0] == pytest.approx(4.0 * (COUNT - 1) / 30.0, rel=0.05)


def test_a_show_turns_down_what_glows_around_the_ice() -> None:
    def glow(kind: str) -> float:
        scene = empty_scene()
        material = building_material("glow")
        light_up(scene, LightSpec(kind=kind), ARENA, someone(), fps=30.0, engine="cycles")
        (node,) = (n for n in material.node_tree.nodes if n.bl_idname == "ShaderNodeEmission")
        return float(node.inputs["Strength"].default_value)

    assert 0.0 < glow("spots") < 0.3 * glow("floods")


def test_behind_windows_lies_a_day_or_an_evening_that_gives_no_light() -> None:
    with_windows = RinkSpec(kind="training", roof=6.5, windows=0.2)
    scene, _ = lit(LightSpec(kind="tubes"), with_windows)
    kinds = [node.bl_idname for node in scene.world.node_tree.nodes]
    assert "ShaderNodeTexEnvironment" in kinds and "ShaderNodeLightPath" in kinds
    scene, _ = lit(LightSpec(kind="tubes"), TRAINING)
    assert scene.world is None
    scene, _ = lit(LightSpec(kind="tubes"), TRAINING, engine="eevee")
    assert scene.world is not None


def test_what_is_cut_off_follows_the_light_s_level() -> None:
    def limit(light: LightSpec, rink: RinkSpec) -> float:
        return float(lit(light, rink)[0].cycles.sample_clamp_indirect)

    dark, bright = limit(LightSpec(kind="dusk"), OUTDOOR), limit(LightSpec(kind="daylight"), OUTDOOR)
    assert bright / dark == pytest.approx(
        lux_of(LightSpec(kind="daylight"), OUTDOOR) / lux_of(LightSpec(kind="dusk"), OUTDOOR), rel=1e-3
    )


@pytest.mark.parametrize(
    ("kind", "rink"),
    [
        *((kind, rink) for kind, rink in WHERE.items() if kind != "spots"),
        ("daylight", ARENA),
        ("daylight", RinkSpec(kind="training", roof=7.0, windows=0.25)),
    ],
)
def test_a_white_floor_has_the_radiance_of_its_lux(kind: str, rink: RinkSpec, tmp_path: Path) -> None:
    """Cycles, straight from above, nothing else there. A show has no mean on the ice."""
    light = LightSpec(kind=kind, overcast=0.2)
    scene, _ = lit(light, rink)
    radiance = white_floor(scene, rink, tmp_path)
    assert LUX * radiance @ LUMINANCE == pytest.approx(lux_of(light, rink), rel=0.12)
    # What white balance takes out is what is there; at dusk the sky leaves some blue.
    shown = radiance / cast_of(light)
    assert np.abs(shown / shown.mean() - 1.0).max() < (0.2 if kind == "dusk" else 0.1)


def test_a_spot_gives_its_lux_where_it_points(tmp_path: Path) -> None:
    light = LightSpec(kind="spots", spots=1, strength=0.5)
    scene, made = lit(light, ARENA)
    spot = next(o for o in made if o.data.type == "SPOT" and o.animation_data)
    for other in (o for o in made if o is not spot):
        other.hide_render = True
    scene.frame_set(0)
    slant = -spot.matrix_world.col[2][2] / np.linalg.norm(spot.matrix_world.col[2])
    radiance = white_floor(scene, ARENA, tmp_path, width=6.0)
    # The floor lies a little farther from the lamp than the middle of the person that it follows.
    assert LUX * radiance @ LUMINANCE / abs(slant) == pytest.approx(lux_of(light, ARENA), rel=0.2)


def white_floor(scene: bpy.types.Scene, rink: RinkSpec, folder: Path, width: float | None = None) -> np.ndarray:
    """(3,) mean linear radiance of a white diffuse floor in place of the ice; of the brightest tenth within a width."""
    bpy.ops.mesh.primitive_plane_add(size=1.0)
    floor = bpy.context.object
    floor.scale = (rink.length, rink.width, 1.0)
    paper = bpy.data.materials.new("paper")
    if bpy.app.version < (5, 0):
        paper.use_nodes = True
    paper.node_tree.nodes.clear()
    surface = paper.node_tree.nodes.new("ShaderNodeBsdfDiffuse")
    surface.inputs["Color"].default_value = (1.0, 1.0, 1.0, 1.0)
    out = paper.node_tree.nodes.new("ShaderNodeOutputMaterial")
    paper.node_tree.links.new(surface.outputs[0], out.inputs["Surface"])
    floor.data.materials.append(paper)
    camera = bpy.data.objects.new("above", bpy.data.cameras.new("above"))
    camera.data.type, camera.data.ortho_scale = "ORTHO", width or 0.95 * rink.length
    camera.location = (0.0, 0.0, 3.0)
    scene.collection.objects.link(camera)
    scene.camera = camera
    scene.render.engine = "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.use_adaptive_sampling = 64, False, False
    scene.cycles.use_light_tree = False
    scene.render.resolution_x, scene.render.resolution_y = 40, round(40 * rink.width / rink.length)
    scene.render.filepath = str(folder / "floor.exr")
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_depth = "32"
    bpy.ops.render.render(write_still=True)
    channels, _ = read_exr(folder / "floor.exr")
    (pixels,) = (p for name, p in channels.items() if p.ndim == 3)
    flat = pixels[..., :3].reshape(-1, 3).astype(np.float64)
    if width is not None:
        flat = flat[np.argsort(flat.sum(axis=1))[-len(flat) // 10 :]]
    return np.asarray(flat.mean(axis=0))
