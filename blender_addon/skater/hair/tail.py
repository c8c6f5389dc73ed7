"""Hair that hangs from where it is tied: a ponytail or a plait, on a chain of its own. Numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.skater.hair.hanging import Back, chain_along, fall, hang_on, links_of
from blender_addon.skater.hair.head import Head
from blender_addon.skater.hair.strands import Tuft, ribbons, tapered, tube
from blender_addon.skater.human import Chain
from mocap.rotations import Array

_STEPS = 28  # points along a tail
_ROUND = 20  # and round it
_LOCKS = 110
# A plait: metres along it between two crossings of the same strand, points per such, points round a strand.
_PERIOD, _PER_PERIOD, _STRAND_ROUND = 0.062, 9, 8


@dataclass(frozen=True)
class Tail:
    """What hangs from a tie: its pieces and what they hang on."""

    tufts: list[Tuft]
    chain: Chain


@dataclass(frozen=True)
class _Course:
    """A path and its cross directions: (K, 3) each; run (K,) 0…1 along it, `length` metres in all."""

    path: Array
    across: Array
    up: Array
    run: Array
    length: float


def hang_ponytail(
    head: Head, back: Back, seat: Array, out: Array, length: float, thick: float, first: int, rng: np.random.Generator
) -> Tail:
    """A ponytail.

    Args:
        seat: (3,) where it is tied; out: (3,) unit, which way it leaves the head.
        length, thick: metres, the latter half as wide as it is in its middle.
        first: index that its chain's first bone gets.
    """
    course = _course(seat, out, length, back, 1.05 * thick)
    chain = chain_along(course.path, head.bone, stiffness=14.0, drag=2.5, thickness=0.7 * thick)
    around = np.linspace(0.0, 2.0 * np.pi, _ROUND, endpoint=False)
    groove = 1.0 + 0.07 * rng.standard_normal(_ROUND) + 0.0 * course.run[:, None]
    radii = _taper(course.run, thick)[:, None] * groove
    body = tube(course.path, course.across, course.up, np.stack((1.15 * radii, 0.8 * radii), axis=-1))
    hung = [_hung(body, np.repeat(course.run, _ROUND), chain, first)]

    # Locks over it, whose tips make its end ragged.
    begin, end = rng.uniform(0.0, 0.5, _LOCKS), rng.uniform(0.8, 1.0, _LOCKS)
    t = np.linspace(0.0, 1.0, 9)
    run = begin[:, None] + (end - begin)[:, None] * t
    turn = rng.choice(around, _LOCKS)[:, None] + rng.normal(0.0, 0.5, _LOCKS)[:, None] * t
    path, across, up = (_at(values, course.run, run) for values in (course.path, course.across, course.up))
    outward = 1.15 * np.cos(turn)[..., None] * across + 0.8 * np.sin(turn)[..., None] * up
    off = _taper(run, thick) * (0.96 + 0.12 * rng.random(_LOCKS)[:, None]) + 0.007 * t**3 * rng.random(_LOCKS)[:, None]
    strips = ribbons(
        path + off[..., None] * outward,
        outward,
        tapered(rng.uniform(0.002, 0.007, _LOCKS), len(t)),
        rng.uniform(0.0, 5.0, _LOCKS),
    )
    hung.append(_hung(strips, np.repeat(run, 3, axis=1).ravel(), chain, first))
    return Tail([*hung, _wrap(course, thick, chain, first)], chain)


def hang_plait(
    head: Head, back: Back, seat: Array, out: Array, length: float, thick: float, first: int, rng: np.random.Generator
) -> Tail:
    """A plait of three strands with a tassel; as `hang_ponytail`."""
    course = _course(seat, out, length, back, thick)
    chain = chain_along(course.path, head.bone, stiffness=22.0, drag=1.2, thickness=0.8 * thick)
    plaited = 1.0 - 0.07 / length
    count = int(np.ceil(plaited * length / _PERIOD * _PER_PERIOD)) + 1
    run = np.linspace(0.0, plaited, count)
    path, across, up = (_at(values, course.run, run) for values in (course.path, course.across, course.up))
    narrow = thick * np.interp(run, (0.0, 0.1, 0.5, 1.0), (0.75, 1.0, 0.92, 0.55))
    hung = []
    for strand in range(3):
        turn = 2.0 * np.pi * (run * length / _PERIOD + strand / 3.0)
        middle = (
            path + (0.62 * narrow * np.sin(turn))[:, None] * across + (0.3 * narrow * np.sin(2.0 * turn))[:, None] * up
        )
        groove = 1.0 + 0.08 * rng.standard_normal(_STRAND_ROUND)
        # The strands' own cross directions: they run to and fro across the plait.
        along = np.gradient(middle, axis=0)
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        side = np.cross(up, along)
        side /= np.linalg.norm(side, axis=1, keepdims=True)
        radii = 0.52 * narrow[:, None] * groove
        body = tube(middle, side, np.cross(along, side), np.stack((1.1 * radii, 0.9 * radii), axis=-1))
        hung.append(_hung(body, np.repeat(run, _STRAND_ROUND), chain, first))
    return Tail([*hung, _tassel(course, plaited, 0.55 * thick, chain, first, rng)], chain)


def _course(seat: Array, out: Array, length: float, back: Back, gap: float) -> _Course:
    path = fall(seat[None], out[None], 1.2 * seat[None, 0], np.array((length,)), back, np.array((gap,)), _STEPS)[0]
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    # Across is level and square to the way it leaves the head, so that it never twists.
    level = np.cross(np.array((0.0, 0.0, 1.0)), out)
    level /= np.linalg.norm(level)
    across = level - (along @ level)[:, None] * along
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    run = np.concatenate(((0.0,), np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))))
    return _Course(path, across, np.cross(along, across), run / run[-1], float(run[-1]))


def _taper(run: Array, thick: float) -> Array:
    return thick * np.interp(run, (0.0, 0.06, 0.25, 0.5, 0.8, 0.95, 1.0), (0.5, 0.62, 0.95, 1.0, 0.72, 0.4, 0.15))


def _tassel(course: _Course, start: float, thick: float, chain: Chain, first: int, rng: np.random.Generator) -> Tuft:
    run = np.linspace(start - 0.02, 1.0, 8)
    path, across, up = (_at(values, course.run, run) for values in (course.path, course.across, course.up))
    shape = thick * np.array((0.75, 0.5, 0.75, 0.95, 0.95, 0.8, 0.5, 0.12))
    groove = 1.0 + 0.12 * rng.standard_normal(10)
    return _hung(tube(path, across, up, shape[:, None] * groove), np.repeat(run, 10), chain, first)


def _wrap(course: _Course, thick: float, chain: Chain, first: int) -> Tuft:
    """A strand wound round the tie."""
    run = np.linspace(0.0, 0.018 / course.length + 0.02, 5)
    path, across, up = (_at(values, course.run, run) for values in (course.path, course.across, course.up))
    shape = thick * np.array((0.5, 0.72, 0.76, 0.72, 0.5))
    return _hung(tube(path, across, up, np.repeat(shape[:, None], 12, axis=1)), np.repeat(run, 12), chain, first)


def _at(values: Array, run: Array, wanted: Array) -> Array:
    """(…, 3) of values (K, 3) given at run (K,), at `wanted` (…,)."""
    return np.stack([np.interp(wanted, run, values[:, axis]) for axis in range(3)], axis=-1)


def _hung(skin: tuple[Array, np.ndarray, Array], run: Array, chain: Chain, first: int) -> Tuft:
    return Tuft(*skin, *hang_on(run, links_of(chain), first, chain.anchor))
