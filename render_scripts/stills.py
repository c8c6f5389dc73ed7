"""Stills of a movement on an avatar, from the front and from the side, without Blender: a take judged in seconds.

Not a render: every surface is sampled more finely than the pixels and painted from back to front in the colour of its
class. What it shows is what retargeting and skinning make of a take.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from blender_addon.cast import GarmentSpec, SkaterSpec
from blender_addon.labels.vocabulary import CLOTHES, color_table
from blender_addon.skater.build import build_human
from blender_addon.skater.human import Human, SkinnedMesh, skin
from blender_addon.skater.performance import WORK_RATE, moving
from mocap.axes import LEFTWARD, UP, facing
from mocap.motion import Motion
from mocap.resample import resample
from mocap.rotations import Array, rotate
from mocap.skating.contacts import ensure_contacts
from render_scripts.draw import PAPER, heading

# Pixels and metres of one still: square, the skater's feet a little above the lower edge.
SIZE = 260
METRES = 2.3
BELOW_THE_ICE = 0.12

ICE = (222, 232, 238)
# Toward the light, in the picture's axes: right, up, toward the viewer.
LIGHT = np.array((-0.35, 0.6, 0.72))
VIEWS = ("front", "side")


# Who is drawn if it does not matter wears these.
DRESS = ("leotard", "skirt", "tights", "boots", "blades")


def moments(motion: Motion, count: int) -> tuple[int, ...]:
    """At most `count` frames that tell a motion's story: jumps at take-off, half-way and landing, all else half-way.

    What is left over is filled evenly, in the longest gaps; so is everything where nothing is known of the motion.
    """
    last = len(motion) - 1
    jumps = [frame for e in motion.events if e.type == "jump" for frame in (e.start, (e.start + e.end) // 2, e.end)]
    others = [(e.start + e.end) // 2 for e in motion.events if e.type != "jump"]
    room = max(0, min(len(others), count - len(jumps)))
    chosen = [others[round(k)] for k in np.linspace(0, len(others) - 1, room)] if room else []
    out = sorted({frame for frame in (*jumps[:count], *chosen) if 0 <= frame <= last})
    while len(out) < min(count, last + 1):
        ends = [-1, *out, last + 1] if out else [0, last]
        gap = max(range(len(ends) - 1), key=lambda k: ends[k + 1] - ends[k])
        out = sorted({*out, (ends[gap] + ends[gap + 1]) // 2})
    return tuple(out)


def skater(assets: Path) -> Human:
    """Who is drawn if it does not matter: MakeHuman's default body in a dress. Assets: MakeHuman's data."""
    return build_human(SkaterSpec(garments=dict.fromkeys(DRESS, GarmentSpec())), assets)


def takes_picture(motions: Sequence[Motion], assets: Path, count: int) -> np.ndarray:
    """Sheets (H, W, 3) of several takes, `count` stills of each; many takes are drawn small and in two columns."""
    human = skater(assets)
    many = len(motions) > 2
    strips = [take_picture(m, human, moments(m, count), SIZE // 2 if many else SIZE) for m in motions]
    width = max(strip.shape[1] for strip in strips)
    padded = [np.pad(s, ((0, 0), (0, width - s.shape[1]), (0, 0)), constant_values=255) for s in strips]
    if not many:
        return np.concatenate(padded)
    if len(padded) % 2:
        padded.append(np.full_like(padded[-1], 255))
    half = len(padded) // 2
    return np.concatenate([np.concatenate(padded[:half]), np.concatenate(padded[half:])], axis=1)


def take_picture(motion: Motion, human: Human, frames: Sequence[int], size: int = SIZE) -> np.ndarray:
    """A sheet (H, W, 3) uint8 RGB: a column per frame, the skater seen from the front and from their left side.

    Args:
        motion: the take.
        human: whose body; colours are those of the clothes classes.
        frames: of the motion.
        size: pixels of one still's side.
    """
    pose, facing = _poses(ensure_contacts(motion), human, frames)
    rows = [heading(_caption(motion), size * len(frames))]
    for view in VIEWS:
        stills = [
            _still(human, pose[k], facing[k] + (0.0 if view == "front" else 0.5 * np.pi), size)
            for k in range(len(frames))
        ]
        rows.append(np.concatenate(stills, axis=1))
    labels = [heading(_label(motion, frame), size) for frame in frames]
    rows.append(np.concatenate(labels, axis=1))
    return np.concatenate(rows, axis=0)


def _poses(motion: Motion, human: Human, frames: Sequence[int]) -> tuple[Array, Array]:
    """Bone matrices (F, B, 4, 4), and which way the pelvis faces (F,) in radians from +X."""
    rate = max(WORK_RATE, motion.rate)
    steady = motion if rate == motion.rate else resample(motion, rate, 0.0, int(motion.duration * rate) + 1)
    at = np.clip(np.rint(np.asarray(frames) / motion.rate * rate).astype(int), 0, len(steady) - 1)
    track = moving(human, steady)
    return track.matrices[at], facing(rotate(steady.orientations[at, 0], LEFTWARD))


def _still(human: Human, pose: Array, facing: float, size: int) -> np.ndarray:
    """One still (size, size, 3), seen from where the angle `facing` (rad from +X) points back to the skater."""
    toward = np.array((np.cos(facing), np.sin(facing), 0.0))
    right = np.array((-toward[1], toward[0], 0.0))
    axes = np.stack((right, UP, toward))
    meshes = [(mesh, skin(mesh.vertices, mesh.bones, mesh.weights, human.rig.rest, pose)) for mesh in human.meshes]
    seen = [(mesh, points @ axes.T) for mesh, points in meshes]
    across = np.concatenate([points[:, 0] for _, points in seen])
    high = max(METRES - 2.0 * BELOW_THE_ICE, float(max(points[:, 1].max() for _, points in seen)))
    scale = size / max(METRES, high + 2.0 * BELOW_THE_ICE)
    middle = 0.5 * float(across.min() + across.max())

    canvas = np.full((size, size, 3), PAPER, dtype=np.uint8)
    floor = min(size - 1, round(size - scale * BELOW_THE_ICE))
    canvas[floor:] = ICE
    samples = [_samples(mesh, points, 1.0 / scale) for mesh, points in seen]
    at = np.concatenate([points for points, _ in samples])
    color = np.concatenate([colors for _, colors in samples])
    column = np.floor((at[:, 0] - middle) * scale + 0.5 * size).astype(np.intp)
    row = np.floor(floor - (at[:, 1]) * scale).astype(np.intp)
    inside = (column >= 0) & (column < size) & (row >= 0) & (row < size)
    # The nearest is painted last, and stays.
    order = np.flatnonzero(inside)[np.argsort(at[inside, 2], kind="stable")]
    canvas[row[order], column[order]] = color[order]
    return canvas


def _samples(mesh: SkinnedMesh, points: Array, pixel: float) -> tuple[Array, np.ndarray]:
    """Points (N, 3) all over a mesh, closer together than a pixel (metres), and their colours (N, 3) uint8."""
    faces = np.where(mesh.faces[:, 3:] < 0, mesh.faces[:, [0, 1, 2, 0]], mesh.faces)
    corners = points[faces]
    normal = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    normal = np.where(
        mesh.faces[:, 3:] < 0, np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), normal
    )
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-12)
    light = np.abs(normal @ (LIGHT / np.linalg.norm(LIGHT)))
    shade = 0.45 + 0.55 * light
    colors = (color_table(CLOTHES)[mesh.garment] * shade[:, None]).astype(np.uint8)

    longest = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=-1).max(axis=1)
    out_points, out_colors = [], []
    steps = np.clip(np.ceil(longest / (0.7 * pixel)).astype(int), 1, 24)
    for count in np.unique(steps):
        chosen = steps == count
        u, v = (grid.ravel() for grid in np.meshgrid(*2 * [(np.arange(count) + 0.5) / count]))
        weights = np.stack(((1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v), axis=-1)
        out_points.append(np.einsum("sc,fcx->fsx", weights, corners[chosen]).reshape(-1, 3))
        out_colors.append(np.repeat(colors[chosen], count * count, axis=0))
    return np.concatenate(out_points), np.concatenate(out_colors)


def _caption(motion: Motion) -> str:
    return f"{motion.name}: {motion.duration:.2f} s, {motion.rate:g} Hz"


def _label(motion: Motion, frame: int) -> str:
    names = [event.name for event in motion.events if event.start <= frame <= event.end]
    return f"{frame / motion.rate:.2f} s {names[-1] if names else ''}"[:26].strip()
