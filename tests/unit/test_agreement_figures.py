"""Figures of agreement on a painted sample: they hold as it is, and the right ones tell what is damaged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from damages import DAMAGES, Around
from made_sample import made_flow, made_sample

from blender_addon.labels.vocabulary import Cause, Visibility
from render_scripts.agreement import Decoded, Figure, check, decoded
from render_scripts.validate import examine

# Each damage, and figures that have to tell it, each by itself in a single sample.
TELL = {
    "picture 1 px to the right": {"edges_across"},
    "picture 2 px down": {"edges_down"},
    "picture 3 px to the left": {"edges_across"},
    "picture half a pixel down and right": {"edges_across"},
    "picture of the next frame": {"edges_across"},
    "picture of another scene": {"edges_clear"},
    "masks 1 px to the right": {"edges_across", "depth_steps", "depth_of_people"},
    "masks 2 px down": {"edges_down", "depth_steps", "depth_of_people"},
    "masks 3 px to the left": {"edges_across", "depth_steps", "depth_of_people"},
    "masks grown by 1 px": {"edges_outside", "depth_steps"},
    "masks shrunk by 1 px": {"edges_outside", "depth_steps"},
    "masks of the next frame": {"depth_steps", "edges_across"},
    "body parts: left and right exchanged": {"keypoints_on_part"},
    "keypoints: left and right exchanged": {"keypoints_on_part"},
    "keypoints of the mirrored picture": {"keypoints_on_part"},
    "keypoints half a pixel off": {"projection"},
    "keypoints 10 cm to the side, 2D and 3D": {"keypoints_on_person", "keypoints_on_part"},
    "keypoints 10 cm nearer": {"keypoints_under_skin"},
    "K with 2% more focal length": {"projection", "distance"},
    "K with half a pixel off both middles": {"projection"},
    "R of the camera in place of the world's": {"projection", "normals_turned"},
    "depth 1.1 times as far": {"keypoints_under_skin", "ice_is_flat", "distance"},
    "depth along the ray": {"distance", "ice_is_flat"},
    "depth in place of distance": {"distance"},
    "normals of the world turned upside down": {"normals_turned"},
    "normals of the camera with OpenGL's axes": {"normals_turned", "normals_facing", "normals_of_depth"},
    "flow of x and y exchanged": {"flow_returns"},
    "places on the body 8 px to the right": {"flow_of_surface"},
    "flow turned round": {"flow_returns"},
    "depth 1 px to the right": {"depth_steps"},
    "boxes in the world 20 cm to the side": {"boxes_3d"},
    "boxes in the world with width and height exchanged": {"boxes_3d"},
    "silhouettes 1 px to the right": {"silhouettes"},
    "shares of body parts given to the next part": {"parts_seen"},
}
# What the painted sample has nothing of.
WITHOUT = {"hidden keypoints called visible"}
OF_HIDDEN = {"causes", "hidden_behind"}


STEP = 0.04


def moving(frame: int) -> Decoded:
    sample = decoded(made_sample(STEP * frame, frame))
    return replace(sample, dense={**sample.dense, **made_flow(STEP, STEP * frame)})


@pytest.fixture(scope="module")
def around() -> Around:
    sample, following = moving(0), moving(1)
    noise = np.random.default_rng(1).integers(0, 256, sample.rgb.shape, dtype=np.uint8)
    return Around(sample, following, replace(sample, rgb=cv2.GaussianBlur(noise, (0, 0), 2.0)))


def told(sample: Decoded, following: Decoded | None = None) -> set[str]:
    return {figure.rule.name for figure in check(sample, following) if figure.holds is False}


def named(sample: Decoded, name: str) -> Figure:
    return next(figure for figure in check(sample) if figure.rule.name == name)


def with_points(sample: Decoded, **changes: Any) -> Decoded:
    return replace(sample, points=(replace(sample.points[0], **changes),))


def with_person(sample: Decoded, **changes: Any) -> Decoded:
    return replace(sample, facts={**sample.facts, "people": [{**sample.people[0], **changes}]})


def test_an_exact_sample_holds(around: Around) -> None:
    figures = check(around.sample, around.next)
    assert {figure.rule.name for figure in figures if figure.holds is not True} == OF_HIDDEN
    for figure in figures:
        if figure.rule.name.startswith("edges"):
            assert abs(figure.value) < 0.05
        elif figure.rule.name not in OF_HIDDEN:
            # Along edges, what a pixel's flow leads to may be the background already.
            assert figure.value < (0.03 if figure.rule.name == "flow_returns" else 0.006)


@pytest.mark.parametrize("name", sorted(DAMAGES))
def test_every_damage_is_told_by_the_figures_that_are_of_it(around: Around, name: str) -> None:
    if name in WITHOUT:
        return
    assert told(DAMAGES[name](around), around.next) >= TELL[name]


def test_values_and_masks_are_exact(around: Around) -> None:
    sample = around.sample
    row, column = np.argwhere(sample.instance == 1)[50]
    for field, value, figure in (("body", 15, "mask_values"), ("clothes", 0, "masks_together")):
        mask = getattr(sample, field).copy()
        mask[row, column] = value
        assert told(replace(sample, **{field: mask})) == {figure}
    stranger = sample.instance.copy()
    stranger[row, column] = 2
    assert "people_listed" in told(replace(sample, instance=stranger))
    nobody = {**sample.people[0], "instance": 7, "role": "spectator", "bbox": [0.0] * 4, "visible_fraction": 0.0}
    assert told(replace(sample, facts={**sample.facts, "people": [*sample.people, nobody]})) == {"people_listed"}


def test_boxes_and_fractions_fit_the_mask(around: Around) -> None:
    x, y, w, h = around.sample.people[0]["bbox"]
    assert told(with_person(around.sample, bbox=[x, y, w - 1.0, h])) == {"boxes"}
    assert told(with_person(around.sample, visible_fraction=1.5)) == {"boxes"}


def test_a_box_far_larger_than_its_person_is_told(around: Around) -> None:
    box = around.sample.people[0]["box_3d"]
    assert told(with_person(around.sample, box_3d={**box, "size": [2.4, 0.1, 1.76]})) == set()
    assert told(with_person(around.sample, box_3d={**box, "size": [3.4, 0.1, 1.76]})) == {"boxes_3d"}
    # Where rows are read one after another, people go on while they are.
    beside = {**box, "center": [box["center"][0] + 0.14, *box["center"][1:]]}
    assert told(with_person(around.sample, box_3d=beside)) == {"boxes_3d"}
    rolling = replace(around.sample, facts={**around.sample.facts, "camera": {**around.sample.camera, "readout": 0.02}})
    poses = [{**around.sample.camera[name], "time": time} for name, time in (("top", -0.01), ("bottom", 0.01))]
    camera = {**rolling.camera, "top": poses[0], "bottom": poses[1]}
    rolling = replace(rolling, facts={**rolling.facts, "camera": camera})
    assert "boxes_3d" not in told(with_person(rolling, box_3d=beside))


def test_silhouettes_and_what_is_told_of_them_are_exact(around: Around) -> None:
    sample = around.sample
    assert sample.amodal is not None
    fewer = sample.amodal.copy()
    row, column = np.argwhere(fewer)[40]
    fewer[row, column] = 0
    assert told(replace(sample, amodal=fewer)) == {"silhouettes"}
    strangers = sample.amodal.copy()
    strangers[0, 0] = 4
    assert told(replace(sample, amodal=strangers)) == {"silhouettes"}
    assert told(with_person(sample, amodal={**sample.people[0]["amodal"], "visible": 0.9})) == {"silhouettes"}
    assert told(replace(sample, amodal=None)) == set()
    parts = [*sample.people[0]["parts"][1:], sample.people[0]["parts"][0]]
    assert told(with_person(sample, parts=parts)) == {"parts_seen"}


def test_pictures_of_another_size_are_all_that_is_told(around: Around) -> None:
    assert told(replace(around.sample, body=around.sample.body[:-1])) == {"sizes"}


@pytest.mark.parametrize(
    "change",
    [
        {"R": np.diag((1.0, 1.0, -1.0)).tolist()},
        {"K": [[420.0, 0.0, 84.0], [0.0, -420.0, 112.0], [0.0, 0.0, 1.0]]},
        {"K": [[420.0, 0.0, 900.0], [0.0, 420.0, 112.0], [0.0, 0.0, 1.0]]},
        {"distortion": {"model": "fisheye", "coefficients": [0.1]}},
    ],
)
def test_what_is_no_camera_is_told(around: Around, change: dict[str, Any]) -> None:
    sample = around.sample
    assert told(replace(sample, facts={**sample.facts, "camera": {**sample.camera, **change}})) == {"camera"}


def test_hidden_points_have_what_hides_them_at_their_pixel_and_lie_behind_it(around: Around) -> None:
    points = around.sample.points[0]
    hidden = np.isin(np.arange(25), (9, 10, 12, 13))
    visibility = np.where(hidden, Visibility.HIDDEN, Visibility.VISIBLE)
    by_body = with_points(around.sample, visibility=visibility, cause=np.where(hidden, Cause.OWN_BODY, 0))
    assert told(by_body) == set() and named(by_body, "hidden_behind").holds and named(by_body, "causes").holds
    by_scene = with_points(around.sample, visibility=visibility, cause=np.where(hidden, Cause.SCENE, 0))
    assert told(by_scene) == {"causes"}
    nearer = with_points(by_body, xyz=points.xyz - hidden[:, None] * (0.0, 0.06, 0.0))
    assert "hidden_behind" in told(nearer)


def test_visibility_cause_and_place_belong_together(around: Around) -> None:
    points = around.sample.points[0]
    assert told(with_points(around.sample, visibility=np.where(np.arange(25) == 3, 1, 2))) == {"keypoints_coherent"}
    away = np.where(np.arange(25) == 3, Cause.OUT_OF_FRAME, 0)
    assert told(with_points(around.sample, cause=away)) == {"keypoints_coherent"}
    outside = np.where((np.arange(25) == 3)[:, None], -5.0, points.xy)
    assert "keypoints_coherent" in told(with_points(around.sample, xy=outside))


def test_a_point_where_the_lens_throws_no_picture_is_out_of_frame(around: Around) -> None:
    points, lost = around.sample.points[0], np.arange(25) == 3
    beyond = {
        "xy": np.where(lost[:, None], 0.0, points.xy),
        "visibility": np.where(lost, Visibility.OUTSIDE, points.visibility),
        "cause": np.where(lost, Cause.OUT_OF_FRAME, points.cause),
    }
    assert told(with_points(around.sample, **beyond)) == set()
    corner = {**beyond, "xy": np.where(lost[:, None], 1.0, points.xy)}
    assert "keypoints_coherent" in told(with_points(around.sample, **corner))


def elsewhere(sample: Decoded, way: tuple[float, float, float]) -> Decoded:
    """The sample with all that is in it, its camera too, so many metres away."""
    t = np.array(sample.camera["t"]) - np.array(sample.camera["R"]) @ way
    people = []
    for person in sample.people:
        box = person["box_3d"]
        people.append({**person, "box_3d": {**box, "center": (np.array(box["center"]) + way).tolist()}})
    facts = {**sample.facts, "camera": {**sample.camera, "t": t.tolist()}, "people": people}
    return with_points(replace(sample, facts=facts), xyz=sample.points[0].xyz + way)


@pytest.mark.parametrize("way", [(0.0, 0.0, 0.0), (3.0, 20.0, 0.0), (-4.0, -20.0, 0.0)], ids=str)
def test_points_that_a_body_lacks_are_nowhere(around: Around, way: tuple[float, float, float]) -> None:
    around = replace(around, sample=elsewhere(around.sample, way))
    points, absent = around.sample.points[0], np.arange(25) >= 20
    lacking = {
        "xy": np.where(absent[:, None], 0.0, points.xy),
        "xyz": np.where(absent[:, None], 0.0, points.xyz),
        "visibility": np.where(absent, Visibility.OUTSIDE, points.visibility),
        "cause": np.where(absent, Cause.ABSENT, points.cause),
    }
    assert told(with_points(around.sample, **lacking)) == set()
    seen = {**lacking, "visibility": points.visibility}
    assert told(with_points(around.sample, **seen)) == {"keypoints_coherent"}
    depth = around.sample.dense["depth"]
    # Their place, the world's origin, is no excuse for a depth that is wrong.
    moved = replace(around.sample, dense={**around.sample.dense, "depth": np.where(depth == 5.0, 6.0, depth)})
    assert "depth_of_people" in told(with_points(moved, **lacking))


def test_a_picture_without_edges_tells_nothing_of_masks(around: Around) -> None:
    flat = np.full_like(around.sample.rgb, 120)
    noisy = np.clip(np.random.default_rng(2).normal(120.0, 6.0, flat.shape), 0, 255).astype(np.uint8)
    for rgb in (flat, noisy):
        dull = replace(around.sample, rgb=rgb)
        assert named(dull, "edges_across").holds is None and named(dull, "edges_down").holds is None


def test_blur_noise_and_compression_move_no_edge(around: Around) -> None:
    rgb = cv2.GaussianBlur(cv2.blur(around.sample.rgb, (5, 1)), (0, 0), 1.0)
    rgb = np.clip(rgb + np.random.default_rng(3).normal(0.0, 8.0, rgb.shape), 0, 255).astype(np.uint8)
    rgb = cv2.imdecode(cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], cv2.IMREAD_COLOR)
    worn = replace(around.sample, rgb=rgb)
    assert told(worn) == set()
    assert abs(named(worn, "edges_across").value) < 0.5 and named(worn, "edges_down").holds is True


def test_many_samples_tell_what_one_cannot(around: Around) -> None:
    # A third of a pixel: too little for one.
    shift = np.array([[1.0, 0.0, 0.3], [0.0, 1.0, 0.0]])
    rgb = cv2.warpAffine(around.sample.rgb, shift, around.sample.rgb.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
    off = replace(around.sample, rgb=rgb)
    assert named(off, "edges_across").holds is True
    found = {finding.figure.rule.name: finding for finding in examine([(key, check(off)) for key in "abc"])}
    assert not found["edges_across"].well and found["edges_across"].failed == 0
    assert found["edges_across"].figure.value == pytest.approx(0.3, abs=0.1)
    assert found["edges_down"].well


def test_what_stands_still_moves_as_the_camera_does(around: Around) -> None:
    sample, following = around.sample, around.next
    t = np.add(following.camera["t"], (0.05, 0.0, 0.0))
    turned = replace(following, facts={**following.facts, "camera": {**following.camera, "t": t.tolist()}})
    assert "flow_of_still" in told(sample, turned)
    assert "flow_of_still" not in told(sample, following)


def test_figures_of_different_names_do_not_add_up(around: Around) -> None:
    figures = check(around.sample)
    with pytest.raises(ValueError, match="do not add up"):
        figures[0].plus(figures[1])
