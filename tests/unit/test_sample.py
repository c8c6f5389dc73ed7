"""A frame as the fields of a sample."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from made_frames import VERSIONS, made_frame

from blender_addon.cast import GarmentSpec, HairSpec, SkaterSpec, SkinSpec
from blender_addon.clip import Clip
from blender_addon.labels.vocabulary import Cause
from blender_addon.render.frame import Frame, Reading
from render_scripts.card import features
from render_scripts.dense_fields import decode_picture
from render_scripts.job import CameraJob, Job
from render_scripts.plan import Plan
from render_scripts.sample import (
    encode_sample,
    facts_of,
    parse_key,
    picture_of,
    sample_key,
)

EVENTS = [
    {"type": "jump", "name": "axel", "turns": 1.5, "height": 0.3, "rate": 3.5, "start": 0.0, "end": 0.5},
    {"type": "spin", "name": "upright spin", "turns": 5, "height": 0, "rate": 2, "start": 6.0, "end": 9.0},
]


@pytest.fixture
def clip() -> Clip:
    return Plan(Job(cameras=(CameraJob(name="phone", width=64, height=48),)), {("demo", None): 12.0})[0]


def encoded(clip: Clip, frame: int = 0) -> tuple[str, dict[str, bytes], Any]:
    made = made_frame(clip, frame, 0, np.random.default_rng(frame), "phone")
    return *encode_sample(made, clip, EVENTS, VERSIONS), made


def test_pictures_and_masks_come_back_exactly(clip: Clip) -> None:
    key, fields, frame = encoded(clip)
    assert key == "000000_phone_000000" and list(fields) == sorted(fields)
    assert np.array_equal(picture_of(fields), frame.rgb)
    for name in ("body", "clothes", "instance"):
        mask = decode_picture(fields[f"{name}.png"])
        assert mask.dtype == np.uint8 and mask.ndim == 2 and np.array_equal(mask, getattr(frame, name))
    assert decode_picture(fields["depth.png"]).dtype == np.uint16


def test_jpg_keeps_red_red(clip: Clip) -> None:
    frame = made_frame(clip, 0, 0, np.random.default_rng(0), "phone")
    red = replace(frame, rgb=np.full_like(frame.rgb, (250, 10, 10)))
    _, fields = encode_sample(red, replace(clip, render=replace(clip.render, rgb="jpg")), EVENTS, VERSIONS)
    assert "rgb.png" not in fields
    assert np.abs(picture_of(fields).astype(int) - (250, 10, 10)).max() < 8


def test_json_says_what_the_frame_knows(clip: Clip) -> None:
    key, fields, frame = encoded(clip, 5)
    facts = facts_of(fields)
    person = facts["people"][0]
    points = person["keypoints"]["body_25"]
    assert facts["key"] == key and facts["frame"] == 5 and facts["time"] == 0.2 and facts["motion"]["frame"] == 10
    assert np.abs(np.array(points["xy"]) - frame.people[0].keypoints["body_25"].xy).max() <= 0.0005
    assert points["cause"][:7] == list(range(7)) and points["visibility"][:7] == [2, 1, 1, 1, 1, 0, 0]
    assert facts["camera"]["K"] == frame.camera.K.tolist()
    assert facts["seed"] == clip.seed and facts["versions"] == VERSIONS
    assert facts["motion"]["take"] == "demo"


def test_events_are_those_under_way(clip: Clip) -> None:
    names = {
        frame: [e["name"] for e in facts_of(encoded(clip, frame)[1])["motion"]["events"]] for frame in (0, 50, 175)
    }
    assert names == {0: ["axel"], 50: [], 175: ["upright spin"]}


def schema(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: schema(item) for key, item in value.items()}
    if isinstance(value, list):
        kinds = {json.dumps(schema(item)) for item in value}
        assert len(kinds) <= 1, value
        return [json.loads(kind) for kind in kinds]
    return type(value).__name__


def test_the_schema_is_the_same_in_every_frame(clip: Clip) -> None:
    first, other = (facts_of(encoded(clip, frame)[1]) for frame in (0, 1))
    assert schema(first) == schema(other)
    assert schema(facts_of(encoded(clip, 175)[1])["motion"]["events"]) == schema(first["motion"]["events"])


CAMERAS = [{"name": "a", "profile": name, "size": 64} for name in ("phone", "gopro", "tripod", "stereo")]


@pytest.mark.parametrize("preset", ["clean", "wild"])
@pytest.mark.parametrize("camera", CAMERAS, ids=[str(camera["profile"]) for camera in CAMERAS])
def test_the_schema_is_the_same_in_every_scene(clip: Clip, camera: dict[str, Any], preset: str) -> None:
    usual = features(encoded(clip)[1])
    for kind, light in (("arena", "spots"), ("outdoor", "dusk"), ("training", "daylight")):
        scene = {"preset": preset, "rink": {"kind": kind, "file": "/home/someone/mine.blend"}, "light": {"kind": light}}
        if kind == "arena":
            scene["rink"] = {"kind": kind}
            where = {} if camera["profile"] == "stereo" else {"place": [0.0, 10.0, 1.5]}
        else:
            where = {}
        job = Job.model_validate({"cameras": [{**camera, **where}], "scene": scene})
        other = Plan(job, {("demo", None): 12.0})[0]
        for number, spec in enumerate(other.cameras):
            made = made_frame(other, 0, number, np.random.default_rng(0), spec.name)
            fields = encode_sample(made, other, EVENTS, VERSIONS)[1]
            assert features(fields) == usual
            facts = facts_of(fields)["scene"]
            assert facts["rink"]["kind"] == kind and facts["light"]["kind"] == light
            assert facts["rink"]["file"] == ("" if kind == "arena" else "mine.blend")
            assert len(facts["light"]["spot_colors"]) == other.light.spots
            drawn = facts["camera"]
            assert (drawn["name"], drawn["profile"]) == (spec.name, camera["profile"])
            assert drawn["beside"] == (spec.beside or "") and drawn["place"] == list(where.get("place", []))
            assert drawn["sensor"]["noise"] == pytest.approx(spec.sensor.noise)
            assert drawn["lens"]["coefficients"] == list(spec.lens.coefficients)


def test_a_picture_tells_how_and_when_it_was_taken(clip: Clip) -> None:
    frame = made_frame(clip, 0, 0, np.random.default_rng(0), "phone")
    view = frame.camera

    def camera_of(frame: Frame) -> dict[str, Any]:
        made: dict[str, Any] = facts_of(encode_sample(frame, clip, EVENTS, VERSIONS)[1])["camera"]
        return made

    still = camera_of(frame)
    assert still["exposure"] == {
        "stops": 0.5, "iso": 400.0, "shutter": 0.01, "f_number": 1.8, "gains": [1.1, 1.0, 0.9]
    }  # fmt: skip
    assert still["instant"] == "middle of the exposure" and still["readout"] == 0.0
    for edge in ("top", "bottom"):
        assert still[edge] == {"time": 0.0, "R": still["R"], "t": still["t"]}
    moved = replace(view, t=view.t + 1.0)
    reading = Reading(0.02, np.array((-0.01, 0.0, 0.011)), np.array((0.0, 24.0, 48.0)), (view, view, moved))
    rolling = camera_of(replace(frame, reading=reading))
    assert (rolling["readout"], rolling["top"]["time"], rolling["bottom"]["time"]) == (0.02, -0.01, 0.011)
    assert rolling["top"]["t"] == still["t"] and rolling["bottom"]["t"] == moved.t.tolist()
    assert schema(rolling) == schema(still)


def with_spec(clip: Clip, spec: SkaterSpec) -> dict[str, bytes]:
    frame = made_frame(clip, 0, 0, np.random.default_rng(0), "phone")
    people = tuple(replace(person, spec=spec) for person in frame.people)
    return encode_sample(replace(frame, people=people), clip, EVENTS, VERSIONS)[1]


SOMEBODY = SkaterSpec(
    details={"nose-hump-decr-incr": 0.25, "/home/someone/chin.target": 1},
    expression={"smile": 0.5},
    skin=SkinSpec(tone=(0.5, 0.25, 0.125), freckles=1),
    hair=HairSpec("braid", (0.1, 0.2, 0.3), 1, "/home/someone/long.mhclo"),
    garments={"skirt": GarmentSpec(fabric="satin", cut={"length": 0.5}, file="C:\\clothes\\skirt.mhclo")},
    role="coach",
)


def test_people_are_told_as_they_were_drawn(clip: Clip) -> None:
    (person,) = facts_of(with_spec(clip, SOMEBODY))["people"]
    assert person["role"] == "coach"
    assert person["hair"] == {"style": "braid", "color": [0.1, 0.2, 0.3], "length": 1.0, "file": "long.mhclo"}
    assert person["skin"]["tone"] == [0.5, 0.25, 0.125] and person["skin"]["freckles"] == 1.0
    assert person["body"]["expression"] == [{"name": "smile", "value": 0.5}] and person["body"]["age"] == 0.25
    assert person["garments"] == ["skirt"]
    (skirt,) = person["outfit"]
    assert (skirt["garment"], skirt["fabric"], skirt["cut"]) == ("skirt", "satin", [{"name": "length", "value": 0.5}])


def test_files_go_by_their_names_alone(clip: Clip) -> None:
    (person,) = facts_of(with_spec(clip, replace(SOMEBODY, character="/home/someone/anna.blend")))["people"]
    assert person["character"] == "anna.blend" and person["outfit"][0]["file"] == "skirt.mhclo"
    assert [detail["name"] for detail in person["body"]["details"]] == ["chin.target", "nose-hump-decr-incr"]
    assert "someone" not in json.dumps(person)


def test_whoever_is_there_the_schema_is_the_same(clip: Clip) -> None:
    rich, poor = with_spec(clip, SOMEBODY), with_spec(clip, SkaterSpec())
    assert features(rich) == features(poor)
    drawn = with_spec(clip, clip.skaters[0])
    assert features(drawn) == features(rich)
    (some,), (none,) = (facts_of(fields)["people"] for fields in (rich, poor))
    assert some.keys() == none.keys() and some["body"].keys() == none["body"].keys()


def test_whole_numbers_stay_floats(clip: Clip) -> None:
    facts = facts_of(encoded(clip)[1])
    assert isinstance(facts["time"], float) and isinstance(facts["camera"]["t"][2], float)
    assert all(isinstance(v, float) for v in facts["people"][0]["bbox"])


def test_bytes_do_not_depend_on_how_long_it_took(clip: Clip) -> None:
    frame = made_frame(clip, 0, 0, np.random.default_rng(0), "phone")
    slow = replace(frame, seconds=99.0)
    assert encode_sample(frame, clip, EVENTS, VERSIONS) == encode_sample(slow, clip, EVENTS, VERSIONS)


def test_keys() -> None:
    assert sample_key(12, "phone", 34) == "000012_phone_000034"
    assert parse_key("000012_phone_000034") == (12, "phone", 34)
    for bad in ("../x", "000012_a/b_000034", "12_phone_34", "000012_phone_000034\n", ""):
        with pytest.raises(ValueError, match="no key"):
            parse_key(bad)


def test_points_behind_the_camera_have_no_place_in_the_picture(clip: Clip) -> None:
    frame = made_frame(clip, 1, 0, np.random.default_rng(3), clip.cameras[0].name)
    person = frame.people[0]
    points = person.keypoints["body_25"]
    behind = replace(points, xy=np.full_like(points.xy, np.nan), cause=np.full_like(points.cause, Cause.BEHIND_CAMERA))
    seen = replace(frame, people=(replace(person, keypoints={"body_25": behind}),))
    _, fields = encode_sample(seen, clip, (), VERSIONS)
    (person_facts,) = facts_of(fields)["people"]
    assert set(map(tuple, person_facts["keypoints"]["body_25"]["xy"])) == {(0.0, 0.0)}
