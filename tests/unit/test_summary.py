"""What a take is said to be."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from made_takes import dancing, mvnx

from mocap.summary import format_summary, summarize
from mocap.takes import read_take


def test_real_takes(recordings):
    walk = summarize(read_take(recordings / "xsens_walk_240hz.bvh"))
    assert walk["contacts_from"] == "heights" and walk["warnings"] == []
    assert 4.0 < walk["travel"]["width"] < 5.0
    assert 0.8 < walk["travel"]["lowest"] < walk["travel"]["highest"] < 1.1
    upper = summarize(read_take(recordings / "xsens_v4_upperbody_60hz.mvnx"))
    assert upper["contacts_from"] == "file"
    assert any("upper body only" in warning for warning in upper["warnings"])
    third = summarize(read_take(recordings / "xsens_v3_fullbody_240hz.mvnx"))
    assert any("ISB" in warning for warning in third["warnings"])
    assert third["closure_mm"]["max"] < 0.2


def test_it_fits_a_screen_and_json(tmp_path):
    summary = summarize(read_take(mvnx(tmp_path)))
    text = format_summary(json.loads(json.dumps(summary)))
    lines = text.splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 120
    assert lines[0] == "take"
    assert "60 frames at 60 per second" in text and "MVNX 4" in text


def test_travel_and_doubts(tmp_path):
    motion = dancing(121)
    summary = summarize(motion)
    assert summary["travel"]["width"] == pytest.approx(8.0, abs=1e-6)
    assert summary["travel"]["path"] == pytest.approx(np.hypot(8.0, 1.0), abs=0.3)
    assert summary["warnings"] == []
    torn = motion.positions.copy()
    torn[60, motion.skeleton.index("Head")] += 0.1
    doubts = summarize(replace(motion, positions=torn))["warnings"]
    assert len(doubts) == 1 and doubts[0].startswith("Head misses its joint by up to 173 mm")
    still = replace(motion, positions=motion.positions - motion.positions[:, :1] + (0.0, 0.0, 0.9))
    assert "not a take of skating" in summarize(still)["warnings"][0]
