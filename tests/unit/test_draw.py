"""Pictures for people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from made_frames import ASSETS, VERSIONS, made_frame, shoot

from blender_addon.labels.amodal import as_bits
from blender_addon.labels.colors import BODY_25_COLORS
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES
from render_scripts.draw import (
    Sheet,
    blend,
    close_up,
    colored_mask,
    draw_people,
    draw_silhouettes,
    legend,
    preview_sheet,
)
from render_scripts.job import CameraJob, FramesJob, Job
from render_scripts.plan import Plan
from render_scripts.sample import Fields, encode_sample, facts_of

CAMERAS = (CameraJob(name="phone", width=64, height=48), CameraJob(name="stand", width=64, height=48))
JOB = Job(clips=2, frames=FramesJob(fps=25.0, count=8), cameras=CAMERAS)
CLIPS = Plan(JOB, {("demo", None): 12.0})


def fields_of(black: bool = False) -> Fields:
    frame = made_frame(CLIPS[0], 0, 0, np.random.default_rng(1), "phone")
    return encode_sample(replace(frame, rgb=frame.rgb * (not black)), CLIPS[0], [], VERSIONS)[1]


def test_points_are_drawn_where_they_are_and_hidden_ones_hollow() -> None:
    facts = facts_of(fields_of())
    points = facts["people"][0]["keypoints"]["body_25"]
    points["xy"] = [[-50.0, -50.0]] * 25
    points["visibility"] = [0] * 25
    points["xy"][4], points["visibility"][4] = [20.5, 10.5], 2
    points["xy"][7], points["visibility"][7] = [40.5, 30.5], 1
    drawn = draw_people(np.zeros((48, 64, 3), np.uint8), facts, 640)
    assert tuple(drawn[105, 205]) == BODY_25_COLORS[4]
    assert tuple(drawn[305, 405]) == (255, 255, 255)
    drawn[95:116, 195:216] = 0
    drawn[295:316, 395:416] = 0
    assert not drawn.any()


def test_a_limb_with_an_end_outside_the_picture_is_not_drawn() -> None:
    facts = facts_of(fields_of())
    points = facts["people"][0]["keypoints"]["body_25"]
    points["visibility"] = [0] * 25
    assert not draw_people(np.zeros((48, 64, 3), np.uint8), facts, 640).any()


def test_masks_keep_to_the_colours_of_their_classes() -> None:
    mask = np.random.default_rng(0).integers(0, 15, (48, 64)).astype(np.uint8)
    colors = {entry.color for entry in BODY_PARTS}
    shown = colored_mask(mask, BODY_PARTS, 240)
    assert shown.shape == (180, 240, 3)
    assert {tuple(color) for color in np.unique(shown.reshape(-1, 3), axis=0).tolist()} <= colors
    assert colored_mask(mask, BODY_PARTS, 64)[5, 7].tolist() == list(BODY_PARTS[mask[5, 7]].color)


def test_blending_leaves_the_background() -> None:
    picture = np.full((48, 64, 3), 77, np.uint8)
    mask = np.zeros((48, 64), np.uint8)
    mask[:10] = 5
    out = blend(picture, mask, CLOTHES, 64)
    assert np.all(out[10:] == 77) and np.all(out[:10] != 77)


def test_legends_show_every_class() -> None:
    for classes in (BODY_PARTS, CLOTHES):
        colors = {tuple(color) for color in np.unique(legend("All", classes, 300).reshape(-1, 3), axis=0).tolist()}
        assert {entry.color for entry in classes} <= colors


def test_a_sheet_shows_moments_of_all_clips_from_every_camera(tmp_path: Path) -> None:
    sheet = Sheet([(clip.index, clip.count) for clip in CLIPS], ["phone", "stand"])
    taken = []
    for clip in CLIPS:
        for frame in shoot(clip, ASSETS, tmp_path):
            key, fields = encode_sample(frame, clip, [], VERSIONS)
            before = len(sheet._cells)
            sheet.add(key, fields)
            if len(sheet._cells) > before:
                taken.append((clip.index, frame.camera.name, frame.frame))
    assert len(taken) == 12
    assert sorted(f for c, n, f in taken if n == "stand" and c == 0) == [1, 4, 6]
    assert sorted(f for c, n, f in taken if n == "stand" and c == 1) == [1, 4, 6]
    picture = sheet.picture()
    assert picture.shape[1] == 6 * 240 + 5 * 4 and picture.shape[0] > 8 * 180
    sheet.write(tmp_path / "sheet.png")
    assert (tmp_path / "sheet.png").stat().st_size > 10_000


def test_few_frames_make_a_small_sheet(tmp_path: Path) -> None:
    sheet = Sheet([(0, 1)], ["phone"])
    key, fields = encode_sample(next(shoot(CLIPS[0], ASSETS, tmp_path, frames=(0,))), CLIPS[0], [], VERSIONS)
    sheet.add(key, fields)
    assert sheet.picture().shape[1] == 240


def test_a_preview_has_a_row_per_camera() -> None:
    one = preview_sheet([fields_of()], 480)
    two = preview_sheet([fields_of(), fields_of()], 480)
    assert one.shape[1] == two.shape[1] == 4 * 480 + 3 * 4
    assert two.shape[0] - one.shape[0] > 360


def test_a_close_up_holds_the_person_in_the_pictures_proportions() -> None:
    facts = facts_of(fields_of())
    facts["camera"] |= {"width": 640, "height": 480}
    for box in ([300.0, 200.0, 30.0, 100.0], [0.0, 0.0, 20.0, 40.0], [600.0, 100.0, 40.0, 380.0]):
        facts["people"][0]["bbox"] = box
        rows, columns = close_up(facts)
        assert 0 <= rows.start <= box[1] and box[1] + box[3] <= rows.stop <= 480
        assert 0 <= columns.start <= box[0] and box[0] + box[2] <= columns.stop <= 640
        assert abs((columns.stop - columns.start) / (rows.stop - rows.start) - 4 / 3) < 0.05
    facts["people"][0]["bbox"] = [0.0] * 4
    assert close_up(facts) == (slice(0, 480), slice(0, 640))


def test_a_skeleton_in_a_close_up_lies_where_it_lies_in_the_picture() -> None:
    facts = facts_of(fields_of())
    picture = np.zeros((480, 640, 3), np.uint8)
    whole = draw_people(picture, facts, 640)
    part = draw_people(picture[100:400, 100:500], facts, 1280, (100, 100))
    assert whole[:48, :64].any() and not part.any()
    points = facts["people"][0]["keypoints"]["body_25"]
    points["xy"] = [[300.5, 200.5]] * 25
    points["visibility"] = [2] * 25
    drawn = draw_people(picture[100:400, 100:500], facts, 800, (100, 100))
    ys, xs = np.nonzero(drawn.any(axis=-1))
    assert abs(xs.mean() - 400.5) < 1.0 and abs(ys.mean() - 200.5) < 1.0


def test_points_of_a_face_are_as_small_as_they_are_close() -> None:
    facts = facts_of(fields_of())
    points = KEYPOINT_SETS["face_70"].points
    around = 2.0 * np.pi * np.arange(len(points)) / len(points)
    circle = np.stack((np.cos(around), np.sin(around)), axis=1)
    covered = []
    for radius in (12.0, 3.0, 0.4):
        xy = (32.0, 24.0) + radius * circle
        face = {"xy": xy.tolist(), "visibility": [2] * len(points), "cause": [0] * len(points)}
        facts["people"][0]["keypoints"] = {"face_70": face}
        covered.append(draw_people(np.zeros((48, 64, 3), np.uint8), facts, 640).any(axis=-1).sum())
    # Dots that do not run into each other, smaller ones, and where they would be a blob, the nose's tip alone.
    assert covered[0] > 1.2 * covered[1] and covered[1] < 0.5 * np.pi * 30.0**2
    assert 0 < covered[2] < 40


def test_silhouettes_are_fuller_where_somebody_is_hidden() -> None:
    whole = np.zeros((48, 64), dtype=bool)
    whole[10:30, 10:30] = True
    instances = np.where(whole & (np.arange(64) < 20), 2, 0)
    drawn = draw_silhouettes(np.full((48, 64, 3), 100, np.uint8), as_bits({2: whole}, 48, 64), instances, 64)
    assert np.array_equal(np.unique(drawn[~whole]), [100])
    seen, hidden = drawn[15, 15].astype(int), drawn[15, 25].astype(int)
    assert np.abs(seen - np.rint(0.5 * (hidden + 100))).max() <= 1 and hidden.max() == 255
