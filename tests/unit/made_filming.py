"""A skater of seven points, ways to skate, and what a camera makes of it."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import LensSpec, RinkSpec
from blender_addon.filming.lens import pixels
from blender_addon.filming.track import CameraTrack, Filmed

RINK = RinkSpec()
RATE = 60.0
BODY = np.array(
    (
        (0, 0, 1.68),
        (0, 0, 1.4),
        (0.7, -0.1, 1.35),
        (-0.7, 0.1, 1.35),
        (0, 0, 0.95),
        (0.15, 0.1, 0.0),
        (-0.1, -0.1, 0.0),
    ),
    dtype=np.float64,
)
GOPRO = LensSpec("fisheye", (0.0741, -0.0061, -0.001, -0.0003), np.radians(122.6), np.radians(122.6))
PHONE = LensSpec("none", (), np.radians(15.0), np.radians(67.0))
BARREL = LensSpec("opencv", (-0.09, 0.06, 0.0, 0.0, 0.0), np.radians(6.0), np.radians(64.0))


def fixed_lens(degrees: float) -> LensSpec:
    """One that does not zoom."""
    return LensSpec(narrowest=np.radians(degrees), widest=np.radians(degrees))


def turn(angle: np.ndarray) -> np.ndarray:
    """(T, 3, 3) turns about the vertical."""
    c, s, o, i = np.cos(angle), np.sin(angle), np.zeros_like(angle), np.ones_like(angle)
    return np.stack((np.stack((c, -s, o), -1), np.stack((s, c, o), -1), np.stack((o, o, i), -1)), -2)


def spin(frames: int = 60) -> np.ndarray:
    """On the spot."""
    return np.einsum("tij,pj->tpi", turn(np.linspace(0.0, 12.0, frames)), BODY)


def glide(length: float, heading: float, frames: int = 90) -> np.ndarray:
    """Straight ahead through the middle of the ice."""
    along = np.linspace(-0.5 * length, 0.5 * length, frames)
    path = np.stack((along * np.cos(heading), along * np.sin(heading), np.zeros(frames)), axis=-1)
    return BODY + path[:, None]


def circle(radius: float, frames: int = 90) -> np.ndarray:
    """Round the middle of the ice."""
    angle = np.linspace(0.0, 2.0 * np.pi, frames)
    return BODY + np.stack((radius * np.cos(angle), radius * np.sin(angle), 0.0 * angle), axis=-1)[:, None]


def jump(frames: int = 60) -> np.ndarray:
    """Six metres with a rotation in the air."""
    t = np.linspace(0.0, 1.0, frames)
    path = np.stack((6.0 * t, 0.0 * t, np.maximum(0.0, 0.6 - 20.0 * (t - 0.5) ** 2)), axis=-1)
    return np.einsum("tij,pj->tpi", turn(14.0 * t), BODY) + path[:, None]


def at(points: np.ndarray, x: float, y: float) -> np.ndarray:
    """The same elsewhere."""
    return points + np.array((x, y, 0.0))


def people(
    points: np.ndarray, others: np.ndarray | None = None, before: int = 0, after: int = 0, step: int = 1
) -> Filmed:
    """Points (N, P, 3) as cameras follow them, the first and last instants outside the clip.

    Args:
        others: (Q, 3) people who stand there; step: instants from frame to frame.
    """
    count = len(points)
    there = np.zeros((0, 3)) if others is None else np.asarray(others, dtype=np.float64)
    return Filmed(
        times=(np.arange(count) - before) / RATE,
        points=points,
        others=np.broadcast_to(there, (count, *there.shape)),
        frames=np.arange(before, count - after, step),
    )


def shares(track: CameraTrack, who: Filmed) -> np.ndarray:
    """(T, P, 2) where the points fall in the clip's pictures, in shares of width and height; NaN for unseen ones."""
    spec, frames = track.spec, who.frames
    camera = np.einsum("nij,npj->npi", track.R[frames], who.points[frames]) + track.t[frames, None]
    seen = [
        pixels(spec.lens.model, spec.lens.coefficients, K, points)
        for K, points in zip(track.K[frames], camera, strict=True)
    ]
    return np.array(seen) / (spec.width, spec.height)


def heights(track: CameraTrack, who: Filmed) -> np.ndarray:
    """(T,) share of the picture's height that the skater takes."""
    return np.ptp(shares(track, who)[..., 1], axis=1)


def inside(track: CameraTrack, who: Filmed, margin: float = 0.0) -> float:
    """Share of all points in all frames that are in the picture."""
    return float((np.abs(shares(track, who) - 0.5) <= 0.5 - margin + 1e-9).all(axis=-1).mean())
