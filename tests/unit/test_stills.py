"""Stills of a take: which instants, and that they show the skater that retargeting makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blender_addon.labels.vocabulary import CLOTHES, color_table
from mocap.elements.demo import demo_take
from mocap.motion import Motion
from render_scripts.draw import heading
from render_scripts.stills import ICE, SIZE, moments, skater, take_picture, takes_picture


@pytest.fixture(scope="module")
def take() -> Motion:
    return demo_take()


def test_a_jump_is_shown_from_take_off_to_landing(take: Motion) -> None:
    jump = next(event for event in take.events if event.type == "jump")
    for count in (3, 8, 20):
        chosen = moments(take, count)
        assert {jump.start, (jump.start + jump.end) // 2, jump.end} <= set(chosen)
        assert len(chosen) == count and list(chosen) == sorted(chosen)


def test_a_take_of_which_nothing_is_known_is_shown_evenly(take: Motion) -> None:
    chosen = moments(replace(take, events=()), 9)
    assert len(chosen) == 9 and np.diff(chosen).max() <= len(take) // 5
    assert moments(replace(take, events=(), orientations=take.orientations[:2]), 9) == (0, 1)


def test_the_skater_stands_on_the_ice_and_leaves_it(take: Motion, assets: Path) -> None:
    jump = next(event for event in take.events if event.type == "jump")
    picture = take_picture(take, skater(assets), (60, (jump.start + jump.end) // 2), size=SIZE)
    top = heading("", SIZE).shape[0]
    front = picture[top : top + SIZE]
    floor = np.flatnonzero((front[:, 0] == ICE).all(axis=-1))[0]
    lowest = []
    for column in range(2):
        still = front[:, column * SIZE : (column + 1) * SIZE]
        drawn = (still.max(axis=-1).astype(int) - still.min(axis=-1)) > 40
        lowest.append(np.flatnonzero(drawn.any(axis=1)).max())
    assert abs(lowest[0] - floor) <= 2
    assert lowest[1] < floor - 0.2 * SIZE / 2.3


def test_garments_are_painted_in_their_colours(take: Motion, assets: Path) -> None:
    picture = take_picture(take, skater(assets), (60,))
    hues = color_table(CLOTHES)
    for name in ("leotard", "tights", "boots"):
        color = hues[next(c.index for c in CLOTHES if c.name == name)].astype(float)
        flat = picture.reshape(-1, 3).astype(float)
        like = flat @ color / np.maximum(np.linalg.norm(flat, axis=1) * np.linalg.norm(color), 1e-9)
        assert (like > 0.999).sum() > 200, name


def test_many_takes_make_two_columns(take: Motion, assets: Path) -> None:
    one, three = (takes_picture([take] * count, assets, 2) for count in (1, 3))
    assert one.shape[1] == 2 * SIZE and three.shape[1] == 2 * 2 * (SIZE // 2)
    below, beside = three[three.shape[0] // 2 :], three[: three.shape[0] // 2, three.shape[1] // 2 :]
    assert (below[:, three.shape[1] // 2 :] == 255).all()
    np.testing.assert_array_equal(beside, three[: three.shape[0] // 2, : three.shape[1] // 2])


def test_what_is_in_front_hides_what_is_behind(take: Motion, assets: Path) -> None:
    """From the front a face is skin; from behind, all of the head would be hair."""
    picture = take_picture(take, skater(assets), (60,))
    top = heading("", SIZE).shape[0]
    front = picture[top : top + SIZE].astype(float)
    hues = color_table(CLOTHES).astype(float)
    drawn = np.flatnonzero((front.max(axis=-1) - front.min(axis=-1) > 40).any(axis=1))
    head = front[drawn[0] : drawn[0] + SIZE // 10].reshape(-1, 3)

    def count(name: str) -> int:
        color = hues[next(c.index for c in CLOTHES if c.name == name)]
        like = head @ color / np.maximum(np.linalg.norm(head, axis=1) * np.linalg.norm(color), 1e-9)
        return int(((like > 0.999) & (head.max(axis=1) - head.min(axis=1) > 20)).sum())

    assert count("skin") > count("hair")
