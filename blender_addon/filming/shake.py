"""Hands that hold a camera: how it trembles and sways. No bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mocap.rotations import Array

# Hz between which a hand-held camera sways; above the knee its amplitude falls with the square of the frequency.
_SWAY, _KNEE = (0.15, 7.0), 1.5
_SWAYS = 48
# Physiological tremor: Hz, and its share of the whole.
_TREMOR, _TREMOR_SHARE = (8.0, 12.0), 0.06
_TREMORS = 10
# Roll's share of pan and tilt; metres that the camera is moved by for each degree that it is turned by.
ROLL_SHARE = 0.4
METRES_PER_DEGREE = 0.008

# Metres of a step, and by which a camera goes up and down and to the side in the course of two.
_STEP, _BOB = 0.7, (0.006, 0.012)
# Degrees of shake at which a walking operator's steps show as they are; steadier hands take them up.
_UNSTEADY = 0.5


@dataclass(frozen=True)
class Shake:
    """By how much a camera is off over N instants.

    Attributes:
        pan, tilt, roll: (N,) rad.
        offset: (N, 3) metres in the camera's frame (x right, y down, z forward).
    """

    pan: Array
    tilt: Array
    roll: Array
    offset: Array


def shake_of(times: Array, degrees: float, seed: int) -> Shake:
    """A hand-held camera's movement, a function of time and seed alone.

    Args:
        times: (N,) seconds; degrees: root of the mean square of pan and of tilt, over long times.
    """
    rng = np.random.default_rng((seed, 1))
    turns = [np.radians(degrees) * _noise(times, rng) for _ in range(3)]
    offset = np.stack([_noise(times, rng, tremor=0.0) for _ in range(3)], axis=-1) * METRES_PER_DEGREE * degrees
    return Shake(turns[0], turns[1], ROLL_SHARE * turns[2], offset)


def steps_of(way: Array, degrees: float) -> Array:
    """(N, 3) metres in the world by which an operator's steps move the camera.

    Args:
        way: (N, 3) where the operator goes; degrees: of shake.
    """
    ahead = np.diff(way[:, :2], axis=0, prepend=way[:1, :2])
    gone = np.linalg.norm(ahead, axis=-1)
    # Somebody who hardly moves does not bob.
    phase = np.pi * np.cumsum(gone) / _STEP
    pace = gone / max(float(gone.max()), 1e-9)
    along = ahead / np.maximum(gone, 1e-9)[:, None]
    aside = _BOB[0] * np.sin(phase)
    bob = np.stack((-along[:, 1] * aside, along[:, 0] * aside, -_BOB[1] * np.cos(2.0 * phase)), axis=-1)
    return np.asarray(bob * pace[:, None] * min(1.0, degrees / _UNSTEADY))


def _noise(times: Array, rng: np.random.Generator, tremor: float = _TREMOR_SHARE) -> Array:
    """(N,) a sum of sines whose mean square is 1."""
    sway = np.geomspace(*_SWAY, _SWAYS) * rng.uniform(0.97, 1.03, _SWAYS)
    # As many lines in every octave: a density that is flat below the knee needs amplitudes that grow with its root.
    strong = np.sqrt(sway) / (1.0 + (sway / _KNEE) ** 2)
    fine = rng.uniform(*_TREMOR, _TREMORS)
    amplitudes = np.concatenate(
        (
            np.sqrt(1.0 - tremor**2) * strong / np.linalg.norm(strong),
            np.full(_TREMORS, tremor / np.sqrt(_TREMORS)),
        )
    )
    phases = rng.uniform(0.0, 2.0 * np.pi, len(amplitudes))
    frequencies = np.concatenate((sway, fine))
    out = np.zeros(len(times))
    for frequency, amplitude, phase in zip(frequencies, amplitudes, phases, strict=True):
        out += np.sqrt(2.0) * amplitude * np.sin(2.0 * np.pi * frequency * times + phase)
    return out
