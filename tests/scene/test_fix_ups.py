"""The fix-ups of the step Retarget, by what they promise: measured where hips and blades are in the world."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from clicking import clicked, skater  # noqa: E402
from measured import Ways, across, hips, lowest, turns, ways  # noqa: E402

FPS = 20
# Metres: what rounding leaves in a thousand steps, and what two halves of a body differ by.
SAME, ALIKE = 1e-3, 5e-3
QUARTER = np.array(((0.0, -1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)))


@pytest.fixture
def ice(ops: Any) -> Any:
    """The buttons, somebody on the ice, and an axel to be skated."""
    chosen, scene = bpy.context.scene.skatesynth, bpy.context.scene
    chosen.skater.outfit, chosen.skater.hair = "unitard", "bun"
    scene.render.fps = FPS
    ops.load_take()
    ops.make_skater()
    return ops


def fix_ups() -> Any:
    return bpy.context.scene.skatesynth.retarget


def skated(ops: Any, **settings: Any) -> Ways:
    """The skater's way once it was retargeted with some fix-ups, which undo takes back."""
    for name, value in settings.items():
        setattr(fix_ups(), name, value)
    clicked(ops.retarget)
    return ways()


def other_side(name: str) -> str:
    side, _, rest = name.partition("_")
    return {"left": f"right_{rest}", "right": f"left_{rest}"}.get(side, name)


def test_heading_turns_the_travel_counter_clockwise_about_the_middle_of_the_rink(ice: Any) -> None:
    drawn = skated(ice, heading=90.0)
    straight = skated(ice, place="recorded", heading=0.0)
    middle = 0.5 * (hips(straight).min(axis=0) + hips(straight).max(axis=0))
    assert np.ptp(hips(straight)[:, 0]) > 5.0
    assert np.abs(middle[:2]).max() < 0.05
    turned = skated(ice, heading=90.0)
    for name, places in straight.items():
        np.testing.assert_allclose(turned[name], places @ QUARTER.T, atol=SAME)
        # Where the place is as drawn, the heading has no say.
        np.testing.assert_allclose(drawn[name], places, atol=SAME)


def test_mirror_exchanges_the_tracks_of_both_blades_and_the_way_of_turning(ice: Any) -> None:
    plain, mirrored = skated(ice, place="recorded"), skated(ice, mirror=True)
    assert turns(plain) > 2.0
    assert turns(mirrored) == pytest.approx(-turns(plain), abs=0.01)
    for name, places in plain.items():
        kept = SAME if "_blade_" in name else ALIKE
        np.testing.assert_allclose(mirrored[other_side(name)], places * (-1, 1, 1), atol=kept)
    assert np.abs(mirrored["left_blade_toe"] - plain["left_blade_toe"]).max() > 1.0


def test_on_the_spot_every_movement_stays_but_the_travel(ice: Any) -> None:
    recorded, still = skated(ice, place="recorded"), skated(ice, place="spot")
    # The body still sways over its blades.
    assert 0.05 < np.abs(hips(still)[:, :2]).max() < 0.3
    assert max(np.linalg.norm(places[:, :2], axis=1).max() for places in still.values()) < 1.5
    np.testing.assert_allclose(across(still) - across(recorded), 0.0, atol=0.01)
    for name, places in recorded.items():
        np.testing.assert_allclose(still[name] - hips(still), places - hips(recorded), atol=SAME)
        np.testing.assert_allclose(still[name][:, 2], places[:, 2], atol=SAME)
    turned = skated(ice, heading=90.0)
    np.testing.assert_allclose(turned["nose"], still["nose"] @ QUARTER.T, atol=SAME)


def test_a_curve_is_followed_from_its_start_to_its_end_and_the_blades_stay_on_the_ice(ice: Any) -> None:
    recorded = skated(ice, place="recorded", heading=40.0)
    bpy.ops.curve.primitive_bezier_circle_add(radius=6.0, location=(2.0, 1.0, 0.0))
    circle = bpy.context.object
    name = circle.name
    bpy.context.view_layer.objects.active = skater()
    way = skated(ice, path=circle)  # place and heading have no say any more
    away = hips(way)[:, :2] - (2.0, 1.0)
    angle = np.unwrap(np.arctan2(away[:, 1], away[:, 0]))
    # Blender's circle goes clockwise, from where its first point is: on the left.
    np.testing.assert_allclose(angle, np.linspace(np.pi, -np.pi, len(angle)) + angle[0] - np.pi, atol=0.15)
    np.testing.assert_allclose(away[0], (-6.0, 0.0), atol=0.4)
    np.testing.assert_allclose(np.linalg.norm(away, axis=1), 6.0, atol=0.4)
    np.testing.assert_allclose(lowest(way), lowest(recorded), atol=SAME)
    standing = lowest(recorded) < 0.005
    assert 0.7 < standing.mean() < 1.0 and np.abs(lowest(way)[standing]).max() < 0.005 and lowest(way).max() > 0.1
    # Over the whole of it the body faces where it goes: a quarter turn from the hips' line.
    facing = across(way) - 0.5 * np.pi - (angle - 0.5 * np.pi)
    assert np.abs(np.angle(np.exp(1j * facing).mean())) < 0.3

    # A curve that was moved is followed where it is by the next click, and none that was let go of.
    bpy.data.objects[name].location.x += 3.0
    bpy.context.view_layer.update()
    np.testing.assert_allclose(hips(skated(ice)), hips(way) + np.array((3.0, 0.0, 0.0)), atol=SAME)
    np.testing.assert_allclose(hips(skated(ice, path=None)), hips(recorded), atol=SAME)


def test_frames_of_the_range_show_their_own_instants_of_the_take_whoever_skates(ice: Any) -> None:
    whole = skated(ice)
    clicked(ice.element_frames, number=0)
    first, last = bpy.context.scene.frame_start, bpy.context.scene.frame_end
    assert 0 < first < last < len(whole["nose"]) - 1
    part = skated(ice)
    for name, places in whole.items():
        there = (places - hips(whole))[first : last + 1]
        np.testing.assert_allclose(part[name] - hips(part), there, atol=0.02)
    clicked(ice.randomise_skater)
    np.testing.assert_allclose(across(ways()), across(part), atol=0.1)
    knees = [np.linalg.norm(way["left_knee"] - way["right_knee"], axis=1) for way in (ways(), part)]
    np.testing.assert_allclose(*knees, atol=0.08)


def test_the_take_on_an_armature_of_one_s_own_is_mirrored_too_and_as_large_as_is_asked(
    ops: Any, assets: Path, phenotypes: Mapping[str, Mapping[str, float]]
) -> None:
    from blender_addon.makehuman.body import load_body
    from blender_addon.scene.armature import build_armature

    bpy.context.scene.render.fps = FPS
    rig = load_body(phenotypes["girl"], assets, "mixamo").rig
    bpy.context.view_layer.objects.active = build_armature(rig, "theirs", bpy.context.scene.collection)

    def hands(metres: bool = False) -> dict[str, np.ndarray]:
        """(T, 3) metres, by side."""
        clicked(ops.onto_armature, metres=metres)
        found: dict[str, list[Any]] = {"Left": [], "Right": []}
        # Undo has made everything anew.
        scene, posed = bpy.context.scene, bpy.context.scene.objects["theirs"]
        for frame in range(0, 100, 5):
            scene.frame_set(frame)
            for side, places in found.items():
                bone = next(bone for bone in posed.pose.bones if bone.name.endswith(f"{side}Hand"))
                places.append(posed.matrix_world @ bone.head)
        return {side: np.array(places) for side, places in found.items()}

    plain = hands()
    # A girl with shorter legs travels as far as was recorded only where she is asked to.
    assert np.ptp(hands(metres=True)["Left"][:, 1]) > 1.1 * np.ptp(plain["Left"][:, 1])
    fix_ups().mirror = True
    mirrored = hands()
    for side, other in (("Left", "Right"), ("Right", "Left")):
        np.testing.assert_allclose(mirrored[side], plain[other] * (-1, 1, 1), atol=ALIKE)
