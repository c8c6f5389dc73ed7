"""What hides a keypoint, by brute force: the ray from the camera to the joint against every triangle of the scene.

The judge of `labels/visibility.py`, which has one pixel to go by; it shares no code with it. Its rule:

- The joint's own flesh is the stretch of the ray inside the bare body that ends at the joint: from the last place where
  the ray enters the skin before it. Folds of skin closer to each other than `CREASE` count as one. Flesh is the joint's
  own up to a depth that the labels state; deeper than that the joint is behind its body (an elbow that points away from
  the camera, the far hip in profile).
- Cloth, leather and hair over that flesh are worn on it as long as they lie no farther in front of the skin, along the
  ray, than their class in the vocabulary says. A boot, and what is worn over one, is so on its own foot alone.
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


@dataclass(frozen=True)
class Met:
    """What rays meet, (K,) each: which ray, how many metres away, whose it is, what it shows."""

    ray: np.ndarray
    metres: np.ndarray
    instance: np.ndarray
    garment: np.ndarray
    part: np.ndarray


@dataclass(frozen=True)
class Skin:
    """Where rays meet bare skin, (K,) each: which ray, how many metres away, and whether they go in there."""

    ray: np.ndarray
    metres: np.ndarray
    inwards: np.ndarray


def hits(points: np.ndarray, triangles: np.ndarray) -> Hits:
    """All places where rays from the origin through points (P, 3) meet triangles (F, 3, 3)."""
    z = triangles[..., 2]
    front = np.all(z > NEAREST, axis=1)
    across = ~front & np.any(z > NEAREST, axis=1)
    pairs = _in_boxes(points, triangles, front)
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


def _in_boxes(points: np.ndarray, triangles: np.ndarray, front: np.ndarray) -> list[np.ndarray]:
    """(2, K) of rays, and triangles before the camera, whose boxes in the picture hold them; rays near each other are
    looked for together.
    """
    rays = np.flatnonzero(points[:, 2] > NEAREST)
    number = np.flatnonzero(front)
    if not len(rays) or not len(number):
        return []
    at = points[rays, :2] / points[rays, 2:]
    flat = triangles[number, :, :2] / triangles[number, :, 2:]
    low, high = flat.min(axis=1), flat.max(axis=1)
    # First strips, then what each ray of a strip may meet.
    strip = np.floor((at[:, 0] - at[:, 0].min()) / max(np.ptp(at[:, 0]), 1e-9) * 60.0)
    pairs = []
    for group in np.unique(strip):
        members = np.flatnonzero(strip == group)
        members = members[np.argsort(at[members, 1], kind="stable")]
        ends = at[members].min(axis=0), at[members].max(axis=0)
        near = np.flatnonzero((low[:, 0] <= ends[1][0]) & (high[:, 0] >= ends[0][0]))
        for some in np.array_split(members, max(1, len(members) // 6)):
            first, last = at[some].min(axis=0), at[some].max(axis=0)
            close = near[(low[near, 1] <= last[1]) & (high[near, 1] >= first[1])]
            met = np.all((low[close] <= at[some][:, None]) & (at[some][:, None] <= high[close]), axis=2)
            which, found = np.nonzero(met)
            pairs.append(np.stack((rays[some][which], number[close[found]])))
    return pairs


def meet(points: np.ndarray, shells: Sequence[Shell]) -> Met:
    """What rays through points (P, 3 in the camera's frame) meet before these."""
    length = np.linalg.norm(points, axis=1)
    found = []
    for shell in shells:
        met = hits(points, shell.triangles)
        metres = met.share * length[met.ray]
        before = np.flatnonzero(metres < length[met.ray] - SKIN)
        triangle = met.triangle[before]
        whose = np.full(len(before), shell.instance)
        found.append((met.ray[before], metres[before], whose, shell.garment[triangle], shell.part[triangle]))
    if not found:
        return Met(*(np.empty(0, kind) for kind in (int, float, int, np.uint8, np.uint8)))
    return Met(*(np.concatenate(column) for column in zip(*found, strict=True)))


def meet_skin(points: np.ndarray, bare: np.ndarray) -> Skin:
    """Where rays through points (P, 3) meet bare skin (F, 3, 3), turned outwards, both in the camera's frame."""
    met = hits(points, bare)
    return Skin(met.ray, met.share * np.linalg.norm(points, axis=1)[met.ray], met.outside)


def judge(
    points: np.ndarray, most: np.ndarray, parts: np.ndarray, instance: int, shells: Sequence[Shell], bare: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(P,) causes of a person's points, as if all were in the picture, and (P,) metres of flesh before each.

    Args:
        points: (P, 3) in the camera's frame.
        most: (P,) metres of flesh that may lie before each without hiding it.
        parts: (P, parts) bool, the body parts on which each is seen.
        instance: the person.
        shells: everything that is not glass.
        bare: (F, 3, 3) the person's whole skin without clothes, in the camera's frame, turned outwards.
    """
    length = np.linalg.norm(points, axis=1)
    return decide(length, most, parts, np.full(len(points), instance), meet(points, shells), meet_skin(points, bare))


def decide(
    length: np.ndarray, most: np.ndarray, parts: np.ndarray, instance: np.ndarray, met: Met, skin: Skin
) -> tuple[np.ndarray, np.ndarray]:
    """(P,) causes and (P,) metres of flesh, from what rays met; `length` (P,) metres to each point, of whom (P,)."""
    entry = _entries(length, skin)
    cover = np.array([COVER[index] for index in range(max(COVER) + 1)])[met.garment]
    # Whatever is worn on a foot may be worn over its boot.
    foot = np.isin(met.part, FEET)
    cover = np.where(foot & ~np.isin(met.garment, BARE), np.maximum(cover, 0.05), cover)
    cover = np.where(foot & ~parts[met.ray, met.part], 0.0, cover)
    own = met.instance == instance[met.ray]
    worn = own & (met.metres >= entry[met.ray] - SKIN - cover)
    kind = np.where(met.instance == 0, Cause.SCENE, Cause.OTHER_PERSON)
    kind = np.where(own, np.where(np.isin(met.garment, LOOSE), Cause.OWN_CLOTHING, Cause.OWN_BODY), kind)
    hiding = np.flatnonzero(~worn)
    # The nearest of each ray is written last.
    hiding = hiding[np.argsort(-met.metres[hiding], kind="stable")]
    cause = np.full(len(length), Cause.VISIBLE, dtype=np.uint8)
    cause[met.ray[hiding]] = kind[hiding]
    flesh = length - entry
    cause[(cause == Cause.VISIBLE) & (flesh > most)] = Cause.OWN_BODY
    return cause, flesh


def _entries(length: np.ndarray, skin: Skin) -> np.ndarray:
    """(P,) metres to where rays enter the flesh in which their points lie; at the point itself where in none."""
    out = length.astype(np.float64)
    order = np.lexsort((skin.metres, skin.ray))
    starts = np.searchsorted(skin.ray[order], np.arange(len(length) + 1))
    for k in range(len(length)):
        mine = order[starts[k] : starts[k + 1]]
        out[k] = _entry(skin.metres[mine], skin.inwards[mine], float(length[k]))
    return out


def _entry(at: np.ndarray, inwards: np.ndarray, length: float) -> float:
    """Of one ray, which meets skin at metres (K,) in their order."""
    entry = length
    for k in range(int(np.searchsorted(at, length)) - 1, -1, -1):
        if inwards[k]:
            entry = at[k]
        elif entry - at[k] > CREASE:
            break
    return float(entry)
