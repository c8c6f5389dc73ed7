"""What walls are made of: block-work, corrugated sheet, panels or boards, in bands of colour. No bpy."""

from __future__ import annotations

import itertools

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.features import Feature, features
from blender_addon.rink.quads import Quads
from blender_addon.rink.shapes import gather
from blender_addon.rink.walls import Wall, face, wall_plan
from mocap.rotations import Array

REVEAL = 0.3
"""Metres that walls are thick where an opening shows it."""

PALES = ((0.62, 0.62, 0.60), (0.58, 0.53, 0.42), (0.48, 0.53, 0.56), (0.55, 0.57, 0.52), (0.66, 0.64, 0.58))
DARKS = ((0.11, 0.115, 0.13), (0.15, 0.13, 0.12), (0.08, 0.11, 0.16), (0.18, 0.18, 0.19))
STRONG = ((0.04, 0.10, 0.28), (0.28, 0.05, 0.05), (0.05, 0.17, 0.13), (0.40, 0.22, 0.05), (0.20, 0.21, 0.23))


def style(spec: RinkSpec) -> str:
    """What the walls are made of."""
    rng = np.random.default_rng((spec.texture_seed, 34))
    kinds = ("panels", "blocks", "acoustic") if spec.kind == "arena" else ("blocks", "corrugated", "panels", "timber")
    return str(rng.choice(kinds))


def walls(spec: RinkSpec) -> Quads:
    """The walls with holes for their openings, and the openings' edges."""
    holes = [f for f in features(spec) if f.hole]
    made = [_wall(spec, wall, [f for f in holes if f.wall == i], i) for i, wall in enumerate(wall_plan(spec))]
    return gather([*made, _reveals(spec, holes)])


def colors(spec: RinkSpec) -> tuple[Array, Array, Array]:
    """Linear colours of the lower band, the stripe over it, and the rest."""
    rng = np.random.default_rng((spec.texture_seed, 35))
    club = 0.7 * np.asarray(spec.stands) + 0.3 * np.asarray(spec.stripe)
    strong = (*STRONG, club, club)
    lower = np.asarray(strong[int(rng.integers(0, len(strong)))])
    upper = np.asarray(PALES[int(rng.integers(0, len(PALES)))])
    if spec.kind == "arena" and rng.random() < 0.45:
        lower, upper = upper * 0.75, np.asarray(DARKS[int(rng.integers(0, len(DARKS)))])
    stripe = np.asarray(spec.stripe) if rng.random() < 0.7 else lower * 0.5
    if style(spec) == "timber":
        upper = np.asarray((0.42, 0.27, 0.14)) * rng.uniform(0.7, 1.2)
    return lower, stripe, upper


def _wall(spec: RinkSpec, wall: Wall, holes: list[Feature], number: int) -> Quads:
    """One wall as a grid of cells, cut at its openings' edges; cells inside them are left out."""
    rng = np.random.default_rng((spec.texture_seed, 36, number))
    made = style(spec)
    pitch, course, spread = {
        "blocks": (2.4, 0.2, 0.035),
        "corrugated": (0.3, 2.4, 0.02),
        "panels": (1.2, 1.5, 0.04),
        "acoustic": (1.2, 1.2, 0.12),
        "timber": (0.2, 3.0, 0.14),
    }[made]
    edges = np.linspace(0.0, wall.length, max(round(wall.length / pitch), 1) + 1)
    joint = 0.03 if made in ("panels", "acoustic") else 0.0
    if joint:
        edges = np.sort(np.concatenate((edges, edges[1:-1] + joint)))
    # Its grooves lie behind the wall's face, so that nothing that hangs there is buried.
    deep = 0.05 if made == "corrugated" else 0.0
    relief = np.where(np.arange(len(edges)) // 2 % 2 == 0, 0.0, -deep)
    cuts = np.array([side for f in holes for side in (f.a0, f.a1)])
    a = np.unique(np.concatenate((edges, cuts)))
    d = np.interp(a, edges, relief)
    d[np.isin(a, cuts)] = 0.0
    rng_split = np.random.default_rng((spec.texture_seed, 37))
    dado, band = float(rng_split.uniform(1.1, 2.3)), float(rng_split.choice((0.0, 0.12, 0.3, 0.6)))
    levels = [wall.base + dado, wall.base + dado + band, wall.top]
    levels += [side for f in holes for side in (f.z0, f.z1)]
    # Over people's heads courses are coarser: what one sees of them there is no more than a grain.
    fine = np.arange(wall.base + course, min(wall.base + 4.0, wall.top), course)
    courses = np.concatenate((fine, np.arange(wall.base + 4.0, wall.top, max(course, 0.6))))
    z = np.unique(np.round(np.concatenate(([0.0, wall.base], courses, levels)), 4))
    z = z[np.concatenate(([True], np.diff(z) > 0.02))]
    am, zm = np.meshgrid(0.5 * (a[1:] + a[:-1]), 0.5 * (z[1:] + z[:-1]), indexing="ij")
    keep = np.ones(am.shape, dtype=bool)
    for f in holes:
        keep &= ~((am > f.a0) & (am < f.a1) & (zm > f.z0) & (zm < f.z1))
    lower, stripe, upper = colors(spec)
    height = zm - wall.base
    tone = np.where((height < dado)[..., None], lower, np.where((height < dado + band)[..., None], stripe, upper))
    shade = 1.0 + spread * rng.uniform(-1.0, 1.0, am.shape)
    if made == "corrugated" or made == "timber":
        shade = np.broadcast_to(shade[:, :1], am.shape)
    if joint:
        shade = np.where((np.diff(a) < 2 * joint)[:, None], 0.45, shade)
    # Walls gather dirt at their feet and dust under the roof.
    shade = shade * np.interp(height, (0.0, 0.3, 1.0), (0.8, 0.95, 1.0))
    i, j = np.nonzero(keep)
    corners = np.stack(
        [face(wall, a[i + di], z[j + dj], d[i + di]) for di, dj in ((0, 0), (1, 0), (1, 1), (0, 1))], axis=1
    )
    return Quads(corners, (tone * shade[..., None])[i, j])


def _reveals(spec: RinkSpec, holes: list[Feature]) -> Quads:
    """The four edges of every opening, as deep as the wall."""
    plan = wall_plan(spec)
    _, _, upper = colors(spec)
    bags = []
    for f in holes:
        wall = plan[f.wall]
        ring = ((f.a0, f.z0), (f.a1, f.z0), (f.a1, f.z1), (f.a0, f.z1), (f.a0, f.z0))
        corners = np.array(
            [
                [(a0, 0.0, z0), (a1, 0.0, z1), (a1, REVEAL, z1), (a0, REVEAL, z0)]
                for (a0, z0), (a1, z1) in itertools.pairwise(ring)
            ]
        )
        bags.append(Quads(wall.place.bodies(corners), np.tile(upper * 0.85, (4, 1))))
    return gather(bags)
