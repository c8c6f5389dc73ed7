"""How well a movement sits on a skater: a few figures that a coach asks for, in words.

What counts as good is what docs/retargeting.md holds every rig and body to, in the field's own terms.
"""

from __future__ import annotations

from dataclasses import dataclass

from blender_addon.skater.human import Human
from blender_addon.skater.performance import Performance, around, frames_of, load_motion, placed, soles_of
from mocap.metrics.quality import Quality, measure
from mocap.placement import sized
from mocap.resample import resample
from mocap.retarget import leg_length, source_leg_length

DEEP_MM, HIGH_MM = 5.0, 5.0
"""Millimetres under and over the ice, of the standing blade, that are well (95th percentile)."""

SLIP = 0.05
"""Metres per second by which the standing blade may slip more than the recorded foot did (95th percentile)."""

SLIPPING = 0.3
"""Metres per second (95th percentile) from which on a recording itself slips more than skating does."""

ASIDE = 1.0
"""Degrees by which limbs may point elsewhere than the recorded ones (median)."""

FLIGHT = 1
"""Frames, at 60 Hz and more, by which a jump may be longer or shorter."""


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        label: what is measured ("Blade under the ice"); text: how much, with its unit, and what it compares to.
        good: whether that is as it should be; None where there is nothing to judge.
    """

    label: str
    text: str
    good: bool | None


def figures_of(member: Performance, fps: float, count: int) -> tuple[Figure, ...]:
    """The figures of somebody's movement over a clip's frames."""
    quality = _measured(member, member.human, fps, count)
    return (_depth(quality), _height(quality), _slip(quality), _limbs(quality), _joints(quality), *_jumps(quality))


def _measured(member: Performance, human: Human, fps: float, count: int) -> Quality:
    take = load_motion(member.spec.motion)
    motion, window = around(take, fps, member.spec.motion.start, count)
    size = leg_length(human.rig, human.bones) / source_leg_length(motion)
    motion = placed(sized(motion, size), member.spec.placement, window)
    shown = slice(window.start, window.stop)
    motion = resample(motion, motion.rate, shown.start / motion.rate, shown.stop - shown.start)
    track = frames_of(member.whole, shown, member.whole.fps)
    return measure(motion, human.rig, human.bones, soles_of(human), track)


def _depth(quality: Quality) -> Figure:
    found = quality.blades.penetration_mm
    if found is None:
        return Figure("Blade under the ice", "no contact with the ice in these frames", None)
    text = f"{found.p95:.1f} mm while it stands, {quality.blades.deepest_mm:.1f} mm at worst"
    return Figure("Blade under the ice", text, found.p95 <= DEEP_MM)


def _height(quality: Quality) -> Figure:
    found = quality.blades.float_mm
    if found is None:
        return Figure("Blade over the ice", "no contact with the ice in these frames", None)
    return Figure("Blade over the ice", f"{found.p95:.1f} mm while it should stand", found.p95 <= HIGH_MM)


def _slip(quality: Quality) -> Figure:
    label, slip, recorded = "Blade slips sideways", quality.blades.slip, quality.blades.recorded_slip
    if slip is None or recorded is None:
        return Figure(label, "no contact with the ice in these frames", None)
    text = f"{100.0 * slip.m_per_s.p95:.0f} cm/s at most, in the recording {100.0 * recorded.m_per_s.p95:.0f} cm/s"
    # A skid is the same skid on other legs, give or take a tenth.
    if slip.m_per_s.p95 > recorded.m_per_s.p95 + max(SLIP, 0.1 * recorded.m_per_s.p95):
        return Figure(label, text, False)
    # What is recorded is no fault of retargeting, but nothing to be pleased with.
    return Figure(label, text, True if slip.m_per_s.p95 <= SLIPPING else None)


def _limbs(quality: Quality) -> Figure:
    found = quality.directions.firm
    if found is None:
        return Figure("Limbs beside the recording", "nothing to compare", None)
    text = f"{found.median:.1f}° as a rule, {found.p95:.1f}° at most"
    return Figure("Limbs beside the recording", text, found.median <= ASIDE)


def _joints(quality: Quality) -> Figure:
    worst = max(quality.limits, key=lambda joint: quality.limits[joint].excess)
    found, recorded = quality.limits[worst], quality.recorded_limits[worst]
    if found.excess <= 0.0:
        return Figure("Joints bent too far", "none", True)
    text = f"{_spoken(worst)} by {found.excess:.0f}° in {100.0 * found.impossible:.0f} % of the frames"
    if recorded.excess > 0.0:
        text += f", recorded by {recorded.excess:.0f}°"
    return Figure("Joints bent too far", text, found.excess <= recorded.excess + 1.0)


def _jumps(quality: Quality) -> list[Figure]:
    """Flights, where there are any."""
    if not quality.flights:
        return []
    count = len(quality.flights)
    worst = max(quality.flights, key=lambda flight: flight.time_error)
    high = max(flight.apex_error_mm for flight in quality.flights)
    lost = sum(turn.whole_turns_error for turn in quality.turns if turn.name != "take")
    text = (
        f"{count}, in the air for {worst.avatar_frames / quality.rate:.2f} s of {worst.frames / quality.rate:.2f} s, "
        f"{high:.0f} mm off in height, {lost} turns lost"
    )
    return [Figure("Jumps", text, worst.time_error <= FLIGHT and lost == 0)]


def _spoken(joint: str) -> str:
    """ "left knee" for "LeftKnee"."""
    side = "left" if joint.startswith("Left") else "right"
    return f"{side} {joint.removeprefix('Left').removeprefix('Right').lower()}"
