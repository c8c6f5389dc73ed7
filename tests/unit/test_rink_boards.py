"""Boards stand around the ice and never on it; their pictures are crisp, random, and the same on every machine."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.rink.advert_sheet import LONG, SHORT, Sheet, advert_sheet, hang
from blender_addon.rink.adverts import draw_advert, srgb
from blender_addon.rink.bench import bench_quads
from blender_addon.rink.boards import KICK_PLATE_TOP, RAIL_BOTTOM, boards, wear_places
from blender_addon.rink.glass import glass, lamp_grid, posts
from blender_addon.rink.lamp_faces import glowing
from blender_addon.rink.letters import GLYPHS, STYLES, draw_text, text_width
from blender_addon.rink.markings import BLUE, RED
from blender_addon.rink.plan import hall_of, outside, perimeter
from blender_addon.rink.quads import Quads
from blender_addon.rink.wear import wear_map

KINDS = pytest.mark.parametrize("kind", ("arena", "training", "outdoor"))


def away(spec: RinkSpec, quads: Quads) -> np.ndarray:
    """(Q, 4) how far each corner is from the ice."""
    return outside(spec, quads.corners[..., :2])


@KINDS
@pytest.mark.parametrize("seed", range(3))
def test_nothing_stands_on_the_ice_or_in_the_lane(kind: str, seed: int) -> None:
    spec = RinkSpec(kind=kind, texture_seed=seed, gates=6)
    hall = hall_of(spec)
    around, _ = boards(spec)
    for quads in (around, glass(spec), posts(spec), bench_quads(spec)):
        assert away(spec, quads).min() > -0.02
    assert away(spec, around).max() <= hall.boards_depth + 1e-6
    assert around.corners[..., 2].min() >= 0.0 and around.corners[..., 2].max() < hall.boards + 0.05
    # Beyond the boards there are mats underfoot, and nothing else before the lane ends.
    for quads in (glass(spec), posts(spec), bench_quads(spec)):
        s = away(spec, quads)
        low = (s > hall.boards_depth + 1e-6) & (s < hall.lane - 1e-3)
        assert (quads.corners[..., 2][low] < 0.01).all()
        assert s.max() < hall.bench_back + 0.07


@KINDS
def test_boards_have_their_height_colours_and_lines(kind: str) -> None:
    spec = RinkSpec(kind=kind, adverts=0.0, gates=0, benches=False)
    quads, _ = boards(spec)
    z = quads.corners[..., 2]
    assert z.max() == pytest.approx(hall_of(spec).boards)
    kick = (np.abs(quads.colors - spec.kick_plate).max(axis=1) < 1e-9) & (away(spec, quads).max(axis=1) < 0.0)
    assert z[kick].min() == 0.0 and z[kick].max() == KICK_PLATE_TOP
    for color, count in ((RED, 3), (BLUE, 2)):
        line = np.abs(quads.colors - color).max(axis=1) < 1e-9
        assert z[line].max() == pytest.approx(RAIL_BOTTOM) and z[line].min() == 0.0
        assert len(np.unique(np.round(quads.corners[line, :, 0].mean(axis=1)))) == count


def shown(spec: RinkSpec) -> tuple[Quads, Sheet]:
    quads, sheet = boards(spec)
    assert quads.uv is not None
    return Quads(quads.corners, quads.colors, quads.uv), sheet


def test_advertisements_hang_on_as_many_panels_as_asked() -> None:
    shares = []
    for adverts in (0.0, 0.3, 0.7, 1.0):
        hung = []
        for seed in range(6):
            spec = RinkSpec(texture_seed=seed, adverts=adverts)
            sheet = Sheet(np.zeros((1, 1, 3), np.uint8), np.zeros((14, 4)), np.repeat((2, 1), (LONG, SHORT)))
            hung.append(hang(spec, 70, sheet)[0] >= 0)
        shares.append(float(np.mean(hung)))
    assert shares[0] == 0.0 and abs(shares[1] - 0.3) < 0.12 and abs(shares[2] - 0.7) < 0.15 and shares[3] > 0.8
    assert advert_sheet(RinkSpec(adverts=0.0), 2.4, 0.8).pixels.min() == 255


def test_panels_read_from_the_ice_and_meet_without_a_gap() -> None:
    quads, sheet = shown(RinkSpec(texture_seed=1, adverts=1.0))
    assert quads.uv is not None
    panel = np.ptp(quads.uv[..., 0], axis=1) > 0.0
    along = quads.uv[panel, 1, 0] - quads.uv[panel, 0, 0]
    assert (along > 0.0).all() and (quads.uv[panel, 2, 1] > quads.uv[panel, 1, 1]).all()
    # Seen from the ice the right end of a panel lies to the right: across the middle, up is the cross of the two.
    first, second = quads.corners[panel, 0], quads.corners[panel, 1]
    turn = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    assert (turn < 0.0).all()
    # As many pixels along as up.
    wide = np.linalg.norm(second - first, axis=1) / (along * sheet.pixels.shape[1])
    tall = (RAIL_BOTTOM - KICK_PLATE_TOP) / ((quads.uv[panel, 2, 1] - quads.uv[panel, 1, 1]) * sheet.pixels.shape[0])
    np.testing.assert_allclose(wide, tall, rtol=0.02)
    # What is no panel takes the sheet's white corner.
    rest = quads.uv[~panel]
    assert not rest.any() and (sheet.pixels[-1, 0] == 255).all()


def test_wear_runs_along_the_boards_without_a_jump() -> None:
    spec = RinkSpec(texture_seed=2)
    quads, _ = boards(spec)
    uv = wear_places(spec, quads)
    assert np.ptp(uv[..., 0], axis=1).max() < 4.0 / 14.0 and uv[..., 1].min() > 0.0 and uv[..., 1].max() < 1.0
    worn = wear_map(spec)
    assert worn[-30:].mean() > 4.0 * worn[:60].mean() > 0.0
    assert not np.array_equal(worn, wear_map(replace(spec, texture_seed=3)))


def test_words_are_large_and_stand_out() -> None:
    white, tall = (0.85, 0.85, 0.87), 226
    for seed in range(40):
        picture = draw_advert(np.random.default_rng(seed), 1382, tall, white).astype(int)
        light = picture @ (0.2126, 0.7152, 0.0722)
        assert np.percentile(light, 98) - np.percentile(light, 2) > 60
        # Edges are sharp: where it changes, it does so within a few pixels.
        assert (np.abs(np.diff(light, axis=1)) > 40).any(axis=1).mean() > 0.3
    assert srgb(white) == (237, 237, 240)


def test_letters_fill_their_line_and_no_more() -> None:
    text = "".join(GLYPHS).replace(" ", "")
    for style in STYLES:
        canvas = np.full((120, int(100 * text_width(text, style)) + 40, 3), 255, dtype=np.uint8)
        draw_text(canvas, text, style, 20.0, 110.0, 100.0, (0, 0, 0))
        rows, columns = np.nonzero(canvas.min(axis=2) < 128)
        assert rows.min() >= 9 and rows.max() <= 110 and np.ptp(rows) > 97
        assert columns.min() >= 1 and columns.max() < canvas.shape[1] - 1


def test_a_seed_is_a_picture_on_every_machine() -> None:
    picture = draw_advert(np.random.default_rng((3, 1)), 691, 226, (0.85, 0.85, 0.87))
    worn = wear_map(RinkSpec(texture_seed=3))
    digests = [hashlib.sha256(some.tobytes()).hexdigest()[:16] for some in (picture, worn)]
    assert digests == ["2c19db799ef0b143", "15b75edde91113b3"]
    assert not np.array_equal(picture, draw_advert(np.random.default_rng((4, 1)), 691, 226, (0.85, 0.85, 0.87)))


def test_glass_stands_on_the_boards_as_high_as_asked() -> None:
    spec = RinkSpec(glass=1.5, benches=False)
    z = glass(spec).corners[..., 2]
    assert z.min() == hall_of(spec).boards and z.max() == pytest.approx(1.07 + 2.1)
    assert z.max(axis=1).min() == pytest.approx(1.07 + 1.5)
    long = np.linalg.norm(np.diff(glass(spec).corners[:, :2, :2], axis=1), axis=-1).sum()
    assert long == pytest.approx(perimeter(spec), rel=0.02)
    assert not len(glass(replace(spec, glass=0.0)).corners) and not len(posts(replace(spec, glass=0.0)).corners)


def test_lamps_that_panes_mirror_hang_where_the_lamps_do() -> None:
    for kind in ("tubes", "floods"):
        light = LightSpec(kind=kind)
        grid = lamp_grid(RinkSpec(), light)
        assert grid is not None
        pitch, size, middle = (np.array(some) for some in grid)
        lamps = glowing(light, RinkSpec()).corners.mean(axis=1)[:, :2]
        off = (lamps - middle) / pitch
        assert (np.abs(off - np.rint(off)) * pitch < 0.5 * size).all(), kind
    assert lamp_grid(RinkSpec(kind="outdoor"), LightSpec(kind="floods")) is None
