"""Every suspicion shows in a take that was spoilt for it, and in no sound one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from made_skating import UP, demo, noisy, rigid, shifted, travel_scaled, turned_about_root, without

from mocap.elements.demo import demo_events
from mocap.motion import Motion
from mocap.resample import resample
from mocap.rotations import from_axis_angle, multiply
from mocap.skating.doubts import Doubt, find_doubts
from mocap.skating.find import find_events
from mocap.skating.tracks import track

JUMP, SPIN = (next(e for e in demo_events() if e.type == kind) for kind in ("jump", "spin"))


def doubts(motion: Motion) -> tuple[Doubt, ...]:
    from mocap.skating.contacts import ensure_contacts

    motion = ensure_contacts(motion)
    tracks = track(motion)
    return find_doubts(motion, tracks, find_events(motion, tracks))


def at_240(motion: Motion) -> Motion:
    return resample(motion, 240.0, 0.0, int(motion.duration * 240) + 1)


def flipped(motion: Motion) -> Motion:
    """From frame 200 on, a hand's quaternion is that of a hand turned by half a turn."""
    orientations = motion.orientations.copy()
    hand = motion.skeleton.index("LeftHand")
    orientations[200:, hand] = multiply(orientations[200:, hand], from_axis_angle((1.0, 0.0, 0.0), np.pi))
    return rigid(motion, orientations)


def clipped_turning(motion: Motion) -> Motion:
    """The head turns to and fro, and as fast as 1200 degrees a second only, where its sensor clips."""
    times = np.arange(len(motion)) / motion.rate
    rate = np.clip(2000.0 * np.sin(2.0 * np.pi * 0.8 * times), -1200.0, 1200.0)
    orientations = motion.orientations.copy()
    head = motion.skeleton.index("Head")
    angle = np.radians(np.cumsum(rate) / motion.rate)
    orientations[:, head] = from_axis_angle(UP, angle)
    return rigid(motion, orientations)


def clipped_force(motion: Motion) -> Motion:
    """At frame 100 a wrist is drawn up by just 4 g, so that its sensor feels 5 g, for 10 frames."""
    positions = motion.positions.copy()
    hand = motion.skeleton.index("RightHand")
    pull = np.zeros(len(motion))
    pull[100:110], pull[110:130] = 4.0, -2.0
    rise = np.cumsum(np.cumsum(pull)) * 9.81 / motion.rate**2
    positions[:, hand] = (0.3, 0.0, 1.0) + rise[:, None] * UP
    orientations = motion.orientations.copy()
    orientations[:, hand] = (1.0, 0.0, 0.0, 0.0)
    return replace(motion, positions=positions, orientations=orientations)


def floating(motion: Motion) -> Motion:
    """Half of the fall is taken out of the jump."""
    gone = np.clip(np.arange(len(motion)) - JUMP.start, 0, JUMP.end - JUMP.start) / motion.rate
    flight = (JUMP.end - JUMP.start) / motion.rate
    return shifted(motion, (-0.25 * 9.81 * gone * (flight - gone))[:, None] * UP)


SPOILT: dict[str, tuple[str, Callable[[Motion], Motion], str]] = {
    "frames missing": ("gap", lambda m: without(m, 180, 195), "first at 3.00 s"),
    "a hand flips": ("flip", flipped, "LeftHand turns by 1"),
    "a gyroscope clips": ("clipping", lambda m: clipped_turning(at_240(m)), "Head turns no faster than 1200°/s"),
    "an accelerometer clips": ("clipping", lambda m: clipped_force(at_240(m)), "RightHand feels no more than 5 g"),
    "contacts through the jump": (
        "contacts",
        lambda m: replace(m, contacts=np.ones((len(m), 4), dtype=bool)),
        "the file's contacts flicker or contradict the heights in",
    ),
    "ice creeps": ("ice", lambda m: shifted(m, np.linspace(0.0, 0.2, len(m))[:, None] * UP), "creeps by"),
    "heading drifts": (
        "heading",
        lambda m: turned_about_root(m, np.radians(50.0) * np.linspace(0.0, 1.0, len(m))),
        "the heading drifts",
    ),
    "heading off": (
        "heading",
        lambda m: turned_about_root(m, np.full(len(m), np.radians(35.0))),
        "off the way that they run",
    ),
    "a jump that floats": (
        "flight",
        floating,
        "from 4.50 s no blade touches the ice for 0.52 s, but the body does not fall freely: 4.9",
    ),
    "travel understated": ("travel", lambda m: travel_scaled(m, 0.4), "asks for 2.5 times the speed"),
    "hardly any travel": ("travel", lambda m: travel_scaled(m, 0.02), "understated: jump at 4.50 s from a stand"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_was_spoilt_is_suspicious(name: str) -> None:
    about, spoil, says = SPOILT[name]
    found = doubts(replace(spoil(demo()), events=()))
    assert any(doubt.about == about and says in doubt.says for doubt in found), found


@pytest.mark.parametrize(
    "sound",
    [demo, lambda: noisy(demo()), lambda: at_240(demo()), lambda: replace(demo(), contacts=None)],
    ids=["as it is", "noisy", "240 Hz", "without contacts"],
)
def test_nothing_is_suspicious_in_a_sound_take(sound: Callable[[], Motion]) -> None:
    assert doubts(sound()) == ()


def test_a_spin_at_another_steady_rate_is_no_clipping() -> None:
    for rate in (900.0, 1500.0):
        take = at_240(demo())
        orientations = take.orientations.copy()
        angle = np.radians(rate) * np.arange(len(take)) / take.rate
        orientations[:, take.skeleton.index("Head")] = from_axis_angle(UP, angle)
        assert not [doubt for doubt in doubts(rigid(take, orientations)) if doubt.about == "clipping"]
