"""A picture full of people: skaters, a coach at the boards, spectators; every pixel of theirs says whose it is."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from blender_addon.cast import CrowdSpec, GarmentSpec, HairSpec, MotionSpec, PlacementSpec, SkaterSpec
from blender_addon.clip import CameraSpec, Clip, RenderSpec, RinkSpec
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, Visibility
from blender_addon.render.frame import Frame
from blender_addon.rink.plan import facing_ice, outline

bpy = pytest.importorskip("bpy")

from blender_addon.render.shoot import Studio, open_studio  # noqa: E402

RINK = RinkSpec()
DRESS = {name: GarmentSpec() for name in ("leotard", "skirt", "tights", "boots", "blades")}
WARM = {name: GarmentSpec() for name in ("trousers", "jacket", "shoes", "hat")}
SPECTATORS = 400


def _coach() -> SkaterSpec:
    # Behind the boards at the middle of the long side that the camera looks at.
    ring = np.arange(0.0, 160.0, 0.25)
    u = float(ring[np.linalg.norm(outline(RINK, ring) - (0.0, 15.0), axis=1).argmin()])
    x, y, heading = facing_ice(RINK, u, 0.6)
    return SkaterSpec(
        garments=WARM,
        motion=MotionSpec(element="standing", start=1.0),
        placement=PlacementSpec(x=x, y=y, heading=heading),
        role="coach",
        in_focus=False,
    )


CLIP = Clip(
    index=0,
    seed=5,
    fps=5.0,
    count=2,
    skaters=(
        SkaterSpec(phenotype={"gender": 0.0}, garments=DRESS, motion=MotionSpec(element="spiral", start=3.0)),
        SkaterSpec(
            phenotype={"gender": 1.0},
            hair=HairSpec("short"),
            garments={name: GarmentSpec() for name in ("leotard", "tights", "boots", "blades")},
            motion=MotionSpec(element="stroking", start=1.0),
            placement=PlacementSpec(y=4.0, yields=True),
            in_focus=False,
        ),
        _coach(),
    ),
    cameras=(
        CameraSpec("phone", azimuth=math.radians(-90.0), distance=13.0, elevation=2.5, fill=0.3, width=320, height=240),
    ),
    crowd=CrowdSpec(SPECTATORS, (SkaterSpec(garments=WARM, role="spectator", in_focus=False),), seed=2),
    rink=RINK,
    render=RenderSpec(samples=1, denoise=False, subdivision=0),
)


@pytest.fixture(scope="module")
def studio(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return open_studio(CLIP, assets, tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="module")
def frame(studio: Studio) -> Frame:
    (frame,) = studio.shoot(1)
    return frame


def test_every_pixel_of_somebody_has_part_garment_and_person(frame: Frame) -> None:
    person = frame.instance > 0
    assert ((frame.body > 0) == person).all() and ((frame.clothes > 0) == person).all()
    assert set(np.unique(frame.body)) <= {entry.index for entry in BODY_PARTS}
    assert set(np.unique(frame.clothes)) <= {entry.index for entry in CLOTHES}


def test_all_people_in_the_picture_are_labelled(frame: Frame) -> None:
    people = {person.instance: person for person in frame.people}
    shown = set(np.unique(frame.instance).tolist()) - {0}
    assert shown <= set(people) and {1, 2, 3} <= set(people)
    assert [people[k].spec.role for k in (1, 2, 3)] == ["skater", "skater", "coach"]
    assert {k for k in people if people[k].spec.role == "spectator"} == shown - {1, 2, 3}
    assert len(shown) > 8 and max(shown) > 255
    assert [k for k in people if people[k].spec.in_focus] == [1]


def test_visible_keypoints_lie_on_their_person(frame: Frame) -> None:
    on, seen = 0, 0
    for person in frame.people:
        points = person.keypoints["body_25"]
        pixel = np.floor(points.xy[points.visibility == Visibility.VISIBLE]).astype(int)
        # Far away a shin is a pixel wide: a person within a pixel counts.
        near = [frame.instance[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2] for x, y in pixel]
        on += sum(person.instance in window for window in near)
        seen += len(pixel)
    assert seen > 100 and on > 0.97 * seen


def test_spectators_share_their_meshes(studio: Studio) -> None:
    seats = [made for made in studio.scene.objects if made.name.startswith("spectator_")]
    assert len(seats) == SPECTATORS and len({made.data.name for made in seats}) == 1
    assert sorted(made.pass_index for made in seats) == list(range(4, 4 + SPECTATORS))
