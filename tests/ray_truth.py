"""What hides a keypoint, by brute force: the ray from the camera to the joint against every triangle of the scene.

The judge of `labels/visibility.py`, which has one pixel to go by; it shares no code with it. Its rule:

- The joint's own flesh is the stretch of the ray inside the bare body that ends at the joint: from the last place where
  the ray enters the skin before it. Folds of skin closer to each other than `CREASE` count as one. Flesh is the joint's
  own up to a depth that the labels state; deeper than that the joint is behind its body (an elbow that points away from
  the camera, the far hip in profile).
- Cloth, leather and hair over that flesh are worn on it as long as they lie no farther in front of the skin, along the
  ray, than their class in the vocabulary says.
- Anything else on the ray before the joint hides it. The first such thing met from the camera is the cause: another
  person, the scene, the own clothing (a loose garment, or cloth that hangs too far in front), else the own body.

Glass hides nothing. Things thinner than `SKIN` in front of a point do not count: a blade's edge lies in the ice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES, CLOTHES_INDEX, Cause

CREASE = 0.012
SKIN = 0.004
NEAREST = 1e-3

COVER = {entry.index: entry.cover for entry in CLOTHES}
LOOSE = [entry.index for entry in CLOTHES if entry.loose]
BARE = (CLOTHES_INDEX["background"], CLOTHES_INDEX["skin"])
FEET = (BODY_PART_INDEX["left_foot"], BODY_PART_INDEX["right_foot"])


@dataclass(frozen=True)
class Shell:
    """Triangles (F, 3, 3) in the camera's frame; who they are of (0: nobody) and what they show (F,)."""

    triangles: np.ndarray
    instance: int
    garment: np.ndarray
    part: np.ndarray


@dataclass(frozen=True)
class Hits:
    """Where rays from the camera's place meet triangles, (K,) each: which ray, how far as a share of the way to its
    point, which triangle, and whether its outside.
    """

    ray: np.ndarray
    share: np.ndarray
    triangle: np.ndarray
    outside: np.ndarray


def hits(points: np.ndarray, triangles: np.ndarray) -> Hits:
    """All places where rays from the origin through points (P, 3) meet triangles (F, 3, 3)."""
    z = triangles[..., 2]
    front = np.all(z > NEAREST, axis=1)
    across = ~front & np.any(z > NEAREST, axis=1)
    pairs = []
    if front.any():
        flat = triangles[front, :, :2] / z[front, :, None]
        low, high, number = flat.min(axis=1), flat.max(axis=1), np.flatnonzero(front)
        for ray in np.flatnonzero(points[:, 2] > NEAREST):
            at = points[ray, :2] / points[ray, 2]
            near = (low[:, 0] <= at[0]) & (at[0] <= high[:, 0])
            near[near] = (low[near, 1] <= at[1]) & (at[1] <= high[near, 1])
            found = number[near]
            pairs.append(np.stack((np.full(len(found), ray), found)))
    rest = np.flatnonzero(across)
    pairs.append(np.stack((np.repeat(np.arange(len(points)), len(rest)), np.tile(rest, len(points)))))
    ray, triangle = np.concatenate(pairs, axis=1)
    # Moeller and Trumbore: share · point = a + u · ab + v · ac.
    a, b, c = np.moveaxis(triangles[triangle], 1, 0)
    way = points[ray]
    ab, ac = b - a, c - a
    p = np.cross(way, ac)
    turn = np.sum(ab * p, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        u = np.sum(-a * p, axis=1) / turn
        q = np.cross(-a, ab)
        v = np.sum(way * q, axis=1) / turn
        share = np.sum(ac * q, axis=1) / turn
    met = (turn != 0.0) & (u >= 0.0) & (v >= 0.0) & (u + v <= 1.0) & (share > 0.0)
    outside = np.sum(way * np.cross(ab, ac), axis=1) < 0.0
    return Hits(ray[met], share[met], triangle[met], outside[met])


def judge(
    points: np.ndarray, most: np.ndarray, instance: int, shells: Sequence[Shell], bare: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(P,) causes of a person's points, as if all were in the picture, and (P,) metres of flesh before each.

    Args:
        points: (P, 3) in the camera's frame.
        most: (P,) metres of flesh that may lie before each without hiding it.
        instance: the person.
        shells: everything that is not glass.
        bare: (F, 3, 3) the person's whole skin without clothes, in the camera's frame, turned outwards.
    """
    length = np.linalg.norm(points, axis=1)
    skin = hits(points, bare)
    entry = np.array(
        [
            _entry(skin.share[skin.ray == k] * length[k], skin.outside[skin.ray == k], length[k])
            for k in range(len(points))
        ]
    )
    first = np.full(len(points), np.inf)
    cause = np.full(len(points), Cause.VISIBLE, dtype=np.uint8)
    for shell in shells:
        met = hits(points, shell.triangles)
        at = met.share * length[met.ray]
        before = at < length[met.ray] - SKIN
        worn = np.zeros(len(at), dtype=bool)
        kind = np.full(len(at), Cause.SCENE if shell.instance == 0 else Cause.OTHER_PERSON, dtype=np.uint8)
        if shell.instance == instance:
            garment, part = shell.garment[met.triangle], shell.part[met.triangle]
            cover = np.array([COVER[index] for index in garment.tolist()])
            # Whatever is worn on a foot may be worn over its boot.
            cover = np.where(np.isin(part, FEET) & ~np.isin(garment, BARE), np.maximum(cover, 0.05), cover)
            worn = at >= entry[met.ray] - SKIN - cover
            kind = np.where(np.isin(garment, LOOSE), Cause.OWN_CLOTHING, Cause.OWN_BODY).astype(np.uint8)
        for k in np.flatnonzero(before & ~worn):
            if at[k] < first[met.ray[k]]:
                first[met.ray[k]], cause[met.ray[k]] = at[k], kind[k]
    flesh = length - entry
    deep = (cause == Cause.VISIBLE) & (flesh > most)
    cause[deep] = Cause.OWN_BODY
    return cause, flesh


def _entry(at: np.ndarray, outside: np.ndarray, length: float) -> float:
    """Where the ray enters the flesh in which its point lies; at the point itself where it lies in none."""
    order = np.argsort(at)
    at, outside = at[order], outside[order]
    inner = at < length
    at, outside = at[inner], outside[inner]
    entry = length
    for k in range(len(at) - 1, -1, -1):
        if outside[k]:
            entry = at[k]
        elif entry - at[k] > CREASE:
            break
    return float(entry)
