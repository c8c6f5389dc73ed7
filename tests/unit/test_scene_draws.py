"""Rinks, light and cameras: what presets draw, and that each value has a stream of its own."""

from __future__ import annotations

import dataclasses
import json
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from blender_addon.clip import CameraSpec, Clip, SensorSpec, from_dict, to_dict
from render_scripts.job import Job
from render_scripts.plan import Plan
from render_scripts.scenes.draw import Surroundings, draw_surroundings
from render_scripts.scenes.presets import LIGHTS, PRESETS, RINK_KINDS
from render_scripts.scenes.profiles import PROFILES


def drawn(count: int = 1, **job: Any) -> list[Surroundings]:
    asked = Job.model_validate(job)
    return [draw_surroundings(asked, clip) for clip in range(count)]


def camera(**keys: Any) -> CameraSpec:
    return drawn(cameras=[{"name": "a", **keys}])[0].cameras[0]


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flat(item, f"{path}.{key}" if path else key)
    else:
        yield path, value


def changed(one: Surroundings, other: Surroundings) -> set[str]:
    """Names of the values in rink, light and the first camera that differ."""
    pairs = (
        (dict(flat(to_dict(a))), dict(flat(to_dict(b))))
        for a, b in ((one.rink, other.rink), (one.light, other.light), (one.cameras[0], other.cameras[0]))
    )
    return {name for a, b in pairs for name in a if a[name] != b[name]}


# What cameras do in a clean scene, but those that see wide, which are carried along.
HELD = {
    "phone": "pan", "phone-portrait": "pan", "broadcast": "pan", "stereo": "pan",
    "tripod": "fixed", "ceiling": "fixed", "ring": "fixed",
}  # fmt: skip

# A value of every key that `scene` has, and the other values that follow from it.
FIXED: list[tuple[str, Any, set[str]]] = [
    ("rink.length", 58.3, {"length"}),
    ("rink.width", 29.1, {"width"}),
    ("rink.corner_radius", 6.2, {"corner_radius"}),
    *((f"rink.{key}", "#123456", {key}) for key in ("boards", "stripe", "kick_plate", "stands")),
    ("rink.ice.color", "#123456", {"ice.color"}),
    *((f"rink.ice.{key}", 0.123, {f"ice.{key}"}) for key in ("scratches", "snow", "wet", "cloudy")),
    ("rink.ice.lines", "none", {"ice.lines"}),
    ("rink.ice.logos", 17, {"ice.logos"}),
    ("rink.adverts", 0.123, {"adverts"}),
    ("rink.glass", 0.123, {"glass"}),
    ("rink.gates", 9, {"gates"}),
    ("rink.banners", 99, {"banners"}),
    ("rink.windows", 0.123, {"windows"}),
    ("light.strength", 0.123, {"strength"}),
    ("light.warmth", 0.123, {"warmth"}),
    ("light.sun_azimuth", 12.3, {"sun_azimuth"}),
    ("light.sun_elevation", 12.3, {"sun_elevation"}),
    ("light.overcast", 0.123, {"overcast"}),
    ("light.flicker", 0.123, {"flicker"}),
    *((f"camera.{key}", 1.23, {key}) for key in ("azimuth", "distance", "elevation")),
    ("camera.fill", 0.123, {"fill"}),
    ("camera.follow", "skate", {"moves.follow"}),
    *((f"camera.{key}", 0.123, {f"moves.{key}"}) for key in ("lag", "overshoot", "zoom", "shake", "roll", "keep")),
    ("camera.shutter", 0.000123, {"sensor.shutter"}),
    ("camera.readout", 0.0123, {"sensor.readout"}),
    *(
        (f"camera.{key}", 0.876, {f"sensor.{key}"})
        for key in ("exposure", "white_balance", "f_number", "focus_error", "noise", "compression", "sharpening")
    ),
    *((f"camera.{key}", 0.876, {f"sensor.{key}"}) for key in ("vignette", "saturation", "contrast")),
]


@pytest.mark.parametrize(("key", "value", "follows"), FIXED, ids=[key for key, _, _ in FIXED])
@pytest.mark.parametrize("preset", ["clean", "wild"])
def test_a_fixed_value_changes_nothing_else(preset: str, key: str, value: Any, follows: set[str]) -> None:
    scene: dict[str, Any] = {"preset": preset}
    inner = scene
    *path, last = key.split(".")
    for step in path:
        inner = inner.setdefault(step, {})
    inner[last] = value
    free = drawn(cameras=[{"name": "a"}], scene={"preset": preset})[0]
    assert changed(free, drawn(cameras=[{"name": "a"}], scene=scene)[0]) == follows


@pytest.mark.parametrize("key", ["benches", "clock"])
def test_shares_of_what_is_there_or_not(key: str) -> None:
    there = [getattr(clip.rink, key) for clip in drawn(400, scene={"rink": {key: 0.3, "kind": "arena"}})]
    assert abs(np.mean(there) - 0.3) < 0.07
    for share in (False, True):
        scene = {"rink": {key: share, "kind": "arena"}}
        assert {getattr(clip.rink, key) for clip in drawn(30, scene=scene)} == {share}
    blur = [clip.cameras[0].sensor.motion_blur for clip in drawn(400, scene={"camera": {"motion_blur": 0.3}})]
    assert abs(np.mean(blur) - 0.3) < 0.07


def test_a_cameras_own_keys_win_over_those_of_all() -> None:
    cameras = [{"name": "a", "noise": 0.25}, {"name": "b"}]
    a, b = drawn(cameras=cameras, scene={"camera": {"noise": 0.75, "lag": 0.5}})[0].cameras
    assert (a.sensor.noise, b.sensor.noise) == (0.25, 0.75) and a.moves.lag == b.moves.lag == 0.5


def test_a_clean_scene_has_nothing_that_disturbs() -> None:
    cameras = [{"name": name, "profile": name} for name in PROFILES]
    for clip in drawn(20, scene={"preset": "clean"}, cameras=cameras):
        assert (clip.rink.kind, clip.light.kind, clip.light.warmth, clip.light.flicker) == ("arena", "floods", 0.0, 0.0)
        for made in clip.cameras:
            moves, sensor = made.moves, made.sensor
            assert (moves.lag, moves.overshoot, moves.zoom, moves.shake, moves.roll, moves.keep) == (0, 0, 0, 0, 0, 1)
            assert moves.follow == (
                "skate" if "gopro" in made.profile or "wide" in made.profile else HELD[made.profile]
            )
            assert dataclasses.replace(sensor, shutter=0.01, f_number=2.8) == SensorSpec()


@pytest.mark.parametrize("preset", PRESETS)
def test_rinks_and_light_go_together(preset: str) -> None:
    for clip in drawn(300, scene={"preset": preset}):
        rink, light = clip.rink, clip.light
        assert light.kind in LIGHTS[rink.kind]
        tiers, roofs = {
            "arena": ((6, 16), (11.0, 18.0)),
            "training": ((0, 3), (6.5, 8.5)),
            "outdoor": ((0, 2), (10.0, 14.0)),
        }[rink.kind]
        assert tiers[0] <= rink.tiers <= tiers[1] and roofs[0] <= rink.roof <= roofs[1]
        assert (rink.length, rink.width) in ((60.0, 30.0), (61.0, 26.0), (56.0, 26.0))
        assert 0.0 < rink.corner_radius <= 0.5 * rink.width
        if light.kind == "daylight" and rink.kind != "outdoor":
            assert rink.windows >= 0.15
        assert (light.kind == "spots") == (light.spots > 0) and len(light.spot_colors) == light.spots
        if light.kind == "dusk":
            assert light.sun_elevation <= 0.0


def test_default_and_wild_scenes_span_what_there_is() -> None:
    for preset in ("default", "wild"):
        made = drawn(400, scene={"preset": preset})
        often = Counter(clip.rink.kind for clip in made)
        usual = PRESETS[preset].rinks
        for kind, share in zip(usual.options, usual.weights, strict=True):
            assert abs(often[kind] / 400 - share) < 0.09
        assert {clip.light.kind for clip in made} == {"floods", "tubes", "spots", "daylight", "dusk"}
        assert max(abs(clip.cameras[0].sensor.exposure) for clip in made) <= 0.7


def test_wild_is_harder_than_default() -> None:
    def mean(preset: str, value: Any) -> float:
        return float(np.mean([value(clip.cameras[0]) for clip in drawn(200, scene={"preset": preset})]))

    for value in (
        lambda c: c.moves.shake,
        lambda c: c.moves.overshoot,
        lambda c: -c.moves.keep,
        lambda c: abs(c.moves.roll),
        lambda c: abs(c.sensor.exposure),
        lambda c: c.sensor.shutter * c.sensor.motion_blur,
        lambda c: c.sensor.noise,
        lambda c: c.sensor.compression,
        lambda c: c.sensor.white_balance,
    ):
        assert mean("wild", value) > 1.5 * mean("default", value) or mean("default", value) < 0.0
        assert mean("wild", value) > mean("default", value)


def test_light_that_is_asked_for_gets_a_rink_that_can_have_it() -> None:
    for preset in PRESETS:
        scene = {"preset": preset, "light": {"kind": "dusk"}}
        assert {clip.rink.kind for clip in drawn(20, scene=scene)} == {"outdoor"}
    both = {"light": {"kind": {"choice": ["dusk", "spots"]}}}
    assert {(c.rink.kind == "outdoor") == (c.light.kind == "dusk") for c in drawn(60, scene=both)} == {True}
    dark = {"rink": {"kind": "training", "windows": 0}}
    assert "daylight" not in {clip.light.kind for clip in drawn(100, scene=dark)}


def test_rows_of_seats_fit_under_a_roof_that_is_given() -> None:
    assert max(clip.rink.tiers for clip in drawn(100, scene={"rink": {"kind": "arena", "roof": 9.0}})) == 13
    assert min(clip.rink.roof for clip in drawn(30, scene={"rink": {"kind": "arena", "tiers": 30}})) > 15.8


@pytest.mark.parametrize(
    ("keys", "size"),
    [
        ({}, (640, 360)),
        ({"profile": "phone-portrait"}, (360, 640)),
        ({"profile": "gopro", "size": 320}, (320, 240)),
        ({"profile": "gopro", "size": "native"}, (1920, 1440)),
        ({"width": 320}, (320, 180)),
        ({"height": 320, "profile": "stereo"}, (427, 320)),
        ({"width": 100, "height": 300}, (100, 300)),
    ],
)
def test_sizes(keys: dict[str, Any], size: tuple[int, int]) -> None:
    made = camera(**keys)
    assert (made.width, made.height) == size


def test_a_pair_is_two_cameras_on_one_head() -> None:
    left, right = drawn(cameras=[{"name": "a", "profile": "stereo"}])[0].cameras
    assert (left.name, left.beside, right.name, right.beside) == ("a-left", None, "a-right", "a-left")
    assert right.offset == (0.28, 0.0, 0.0) and right.seed != left.seed
    same = dataclasses.replace(right, name=left.name, beside=None, offset=left.offset, seed=left.seed)
    assert same == left
    assert drawn(cameras=[{"name": "a", "profile": "stereo", "baseline": 0.1}])[0].cameras[1].offset[0] == 0.1


def test_a_ring_stands_evenly_around() -> None:
    for clip in drawn(5, cameras=[{"name": "a", "profile": "ring", "views": 5}]):
        assert [made.name for made in clip.cameras] == [f"a-{k}" for k in range(5)]
        azimuths = np.array([made.azimuth for made in clip.cameras])
        assert np.abs(np.diff(azimuths) - 2.0 * math.pi / 5).max() < 2e-6
        assert len({made.seed for made in clip.cameras}) == 5 and {m.moves.follow for m in clip.cameras} == {"fixed"}
    assert len(drawn(cameras=[{"name": "a", "profile": "ring"}])[0].cameras) == 4


def test_a_choice_of_profiles_is_drawn_per_clip() -> None:
    cameras = [{"name": "a", "profile": {"choice": ["phone", "gopro"], "weights": [3, 1]}}]
    often = Counter(clip.cameras[0].profile for clip in drawn(400, cameras=cameras))
    assert abs(often["phone"] / 400 - 0.75) < 0.08 and set(often) == {"phone", "gopro"}
    for clip in drawn(20, cameras=cameras):
        made = clip.cameras[0]
        assert made.lens == PROFILES[made.profile].lens
        assert (made.width, made.height) == PROFILES[made.profile].size(640)


def test_a_camera_with_a_place_stays_there() -> None:
    cameras = [{"name": "a", "profile": "gopro", "place": [0, 14, 1.5]}]
    for clip in drawn(20, cameras=cameras, scene={"rink": {"kind": "arena", "plan": "international"}}):
        assert clip.cameras[0].place == (0.0, 14.0, 1.5) and clip.cameras[0].moves.follow in ("pan", "fixed")


def test_a_lens_of_ones_own() -> None:
    lens = {"model": "fisheye", "coefficients": [0.01, 0, 0, 0], "widest": 100.0, "sensor_width": 6.2}
    made = camera(lens=lens).lens
    assert (made.model, made.coefficients, made.sensor_width) == ("fisheye", (0.01, 0.0, 0.0, 0.0), 6.2)
    assert made.widest == made.narrowest == pytest.approx(math.radians(100.0), abs=1e-6)


def test_cameras_stay_under_the_roof() -> None:
    cameras = [{"name": name, "profile": name} for name in PROFILES]
    for clip in drawn(100, cameras=cameras, scene={"preset": "wild"}):
        for made in clip.cameras:
            assert clip.rink.kind == "outdoor" or made.elevation <= clip.rink.roof - 0.3
    ceilings = [c for c in drawn(50, cameras=[{"name": "a", "profile": "ceiling"}]) if c.rink.kind != "outdoor"]
    assert all(2.0 <= clip.rink.roof - clip.cameras[0].elevation <= 3.0 for clip in ceilings)


def test_rows_roll_where_the_engine_can_read_them_so() -> None:
    rolls = [clip.cameras[0].sensor.readout for clip in drawn(200)]
    assert abs(np.mean([seconds > 0.0 for seconds in rolls]) - 0.5) < 0.12 and max(rolls) <= 0.022
    assert {clip.cameras[0].sensor.readout for clip in drawn(50, render={"engine": "eevee"})} == {0.0}
    free, eevee = (drawn(scene={"preset": "wild"}, render={"engine": name})[0] for name in ("cycles", "eevee"))
    assert changed(free, eevee) == {"sensor.readout"}


def test_every_table_has_every_kind() -> None:
    assert set(RINK_KINDS) == set(LIGHTS)
    for preset in PRESETS.values():
        assert set(preset.lights) == set(LIGHTS) and set(preset.rinks.options) <= set(LIGHTS)
        for kind, lights in preset.lights.items():
            assert set(lights.options) <= set(LIGHTS[kind])
        assert {profile.held for profile in PROFILES.values()} <= set(preset.carried)


def angle(profile: str, across: float) -> float:
    """Degrees between the rays of two places opposite each other, `across` widths of the picture apart."""
    lens = PROFILES[profile].lens

    def place(theta: float) -> float:
        if lens.model == "fisheye":
            return theta * (1.0 + sum(k * theta ** (2 * i + 2) for i, k in enumerate(lens.coefficients)))
        return math.tan(theta)

    wanted = across * place(0.5 * lens.widest)
    low, high = 0.0, 1.5
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if place(middle) < wanted else (low, middle)
    return math.degrees(2.0 * low)


def test_lenses_see_what_their_makers_say() -> None:
    # GoPro HERO5 Black, 4:3 wide: across, down, along the diagonal; its linear mode in 16:9, across and down.
    assert angle("gopro", 1.0) == pytest.approx(122.6, abs=0.1)
    assert angle("gopro", 0.75) == pytest.approx(94.4, abs=0.7)
    assert angle("gopro", 1.25) == pytest.approx(149.2, abs=0.7)
    assert angle("gopro-linear", 9.0 / 16.0) == pytest.approx(55.2, abs=0.2)
    # A phone's 26 mm: the diagonal of a 4:3 picture is seen as 43.3 mm of film by that focal length, 79.5°.
    assert angle("phone", 1.25) == pytest.approx(2.0 * math.degrees(math.atan(21.63 / 26.0)), abs=0.2)
    assert angle("phone-wide", 1.25) == pytest.approx(2.0 * math.degrees(math.atan(21.63 / 13.0)), abs=0.2)
    # Upright it sees across what it sees down when level.
    assert angle("phone-portrait", 1.0) == pytest.approx(angle("phone", 9.0 / 16.0), abs=0.01)
    # 525 pixels of focal length at 640.
    assert 320.0 / math.tan(0.5 * PROFILES["stereo"].lens.widest) == pytest.approx(525.0, abs=0.01)


def test_scenes_survive_json() -> None:
    cameras = [{"name": name, "profile": name} for name in PROFILES]
    for clip in Plan(Job.model_validate({"clips": 5, "cameras": cameras}), {("demo", None): 12.0}):
        assert from_dict(Clip, json.loads(json.dumps(to_dict(clip)))) == clip
