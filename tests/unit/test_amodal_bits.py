"""Silhouettes as bits of one mask, and as a sample holds them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_frames import made_frame

from blender_addon.cast import SkaterSpec
from blender_addon.clip import CameraSpec, Clip
from blender_addon.labels.amodal import MOST, amodal_facts, as_bits, silhouette
from render_scripts.dense_fields import decode_picture
from render_scripts.sample import encode_sample, facts_of

CLIP = Clip(index=0, seed=1, fps=5.0, count=1, skaters=(SkaterSpec(),), cameras=(CameraSpec("c", width=40, height=30),))


def _overlapping() -> dict[int, np.ndarray]:
    masks = {instance: np.zeros((30, 40), dtype=bool) for instance in (1, 2, MOST)}
    masks[1][5:20, 5:20] = True
    masks[2][10:25, 10:30] = True
    masks[MOST][:, 39] = True
    return masks


def test_bits_hold_silhouettes_that_overlap() -> None:
    masks = _overlapping()
    bits = as_bits(masks, 30, 40)
    assert bits.dtype == np.uint16 and bits[12, 12] == 0b11 and bits[0, 39] == 1 << 15
    for instance, mask in masks.items():
        assert np.array_equal(silhouette(bits, instance), mask)
    assert not silhouette(bits, 3).any() and not silhouette(bits, MOST + 1).any()
    for instance in (0, MOST + 1):
        with pytest.raises(ValueError, match="no bit"):
            as_bits({instance: masks[1]}, 30, 40)


def test_facts_tell_the_box_and_how_much_is_seen() -> None:
    masks = _overlapping()
    seen = np.where(masks[1], 1, np.where(masks[2], 2, 0))
    bits = as_bits(masks, 30, 40)
    hidden = amodal_facts(bits, seen, 2)
    assert hidden.bbox == (10.0, 10.0, 20.0, 15.0) and hidden.visible == pytest.approx(1.0 - 100 / 300)
    assert amodal_facts(bits, seen, 1).visible == 1.0
    nobody = amodal_facts(bits, seen, 7)
    assert nobody.bbox == (0.0, 0.0, 0.0, 0.0) and nobody.visible == 0.0


def test_a_sample_holds_them_as_a_png_of_16_bits() -> None:
    frame = made_frame(CLIP, 0, 0, np.random.default_rng(2), "c")
    bits = as_bits(_overlapping(), 30, 40)
    people = tuple(replace(who, amodal=amodal_facts(bits, frame.instance, who.instance)) for who in frame.people)
    _, fields = encode_sample(replace(frame, amodal=bits, people=people), CLIP, (), {})
    stored = decode_picture(fields["amodal.png"])
    assert stored.dtype == np.uint16 and np.array_equal(stored, bits)
    (person,) = facts_of(fields)["people"]
    assert person["amodal"]["bbox"] == [5.0, 5.0, 15.0, 15.0]
    _, plain = encode_sample(frame, CLIP, (), {})
    assert "amodal.png" not in plain and "amodal" not in facts_of(plain)["people"][0]
