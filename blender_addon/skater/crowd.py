"""Spectators: a few people built once, sitting in many seats. Numpy alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from blender_addon.cast import CrowdSpec, SkaterSpec
from blender_addon.labels.annotate import Subject
from blender_addon.skater.build import build_human
from blender_addon.skater.human import Human, place_landmarks, skin
from blender_addon.skater.performance import moving
from mocap.elements.postures import SITTING, sitting_take
from mocap.rotations import Array

# Points of a spectator whose pixels say how much of them is seen.
SURFACE_POINTS = 80
# Metres round the hip joints in which the lowest point is what a body sits on.
_SEAT = 0.16
# Metres that nobody sits within of a camera's line of sight, and of the camera itself.
_SIGHT, _CAMERA = 0.7, 1.6
# Metres from the seat to a head, where lines of sight are looked at.
_HEAD = 0.75


@dataclass(frozen=True)
class Kind:
    """A person who sits, the middle of what they sit on at the origin, facing −Y.

    Attributes:
        spec: who; human: at rest.
        vertices: per mesh of the human (N, 3) as they sit.
        landmarks: (3,) by name; surface: (S, 3) points all over skin and clothes.
        pose: (B, 4, 4) of the bones.
    """

    spec: SkaterSpec
    human: Human
    vertices: tuple[Array, ...]
    landmarks: Mapping[str, Array]
    surface: Array
    pose: Array


@dataclass(frozen=True)
class Onlooker:
    """A spectator: `kind` counts through the crowd's kinds; `place` (4, 4) takes that kind to its seat."""

    kind: int
    place: Array

    def at(self, points: Array) -> Array:
        """(…, 3) world positions of points of the kind."""
        return points @ self.place[:3, :3].T + self.place[:3, 3]


@dataclass(frozen=True)
class Crowd:
    """Who sits round the ice."""

    kinds: tuple[Kind, ...]
    onlookers: tuple[Onlooker, ...]

    def subjects(self, first: int) -> Iterator[Subject]:
        """Each of them as they sit, with instances from `first` on."""
        for number, onlooker in enumerate(self.onlookers, start=first):
            kind = self.kinds[onlooker.kind]
            marks = onlooker.at(np.stack(list(kind.landmarks.values())))
            placed = dict(zip(kind.landmarks, marks, strict=True))
            pose = onlooker.place @ kind.pose
            yield Subject(number, kind.spec, kind.human, placed, onlooker.at(kind.surface), pose)


def make_kinds(crowd: CrowdSpec, assets: Path) -> tuple[Kind, ...]:
    """The crowd's people as they sit, postures taken in turn. UserError as `build_human`."""
    postures = list(SITTING)
    return tuple(_kind(spec, postures[k % len(postures)], assets) for k, spec in enumerate(crowd.kinds))


def seated(crowd: CrowdSpec, seats: Array, outward: Array) -> tuple[Onlooker, ...]:
    """Who sits where.

    Args:
        crowd: how many of which kinds.
        seats: (S, 3) middles of seats; outward: (S, 2) unit vectors away from the ice.
    """
    if not crowd.kinds:
        return ()
    rng = np.random.default_rng(crowd.seed)
    chosen = rng.permutation(len(seats))[: crowd.count]
    kinds = rng.integers(len(crowd.kinds), size=len(chosen))
    turned = np.radians(rng.normal(scale=6.0, size=len(chosen)))
    out = []
    for seat, kind, turn in zip(chosen.tolist(), kinds.tolist(), turned.tolist(), strict=True):
        x, y = outward[seat]
        # A person faces −Y, and the ice lies behind the way out.
        angle = float(np.arctan2(-x, y)) + turn
        place = np.eye(4)
        place[:2, :2] = ((np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle)))
        place[:3, 3] = seats[seat]
        out.append(Onlooker(kind, place))
    return tuple(out)


def _kind(spec: SkaterSpec, posture: str, assets: Path) -> Kind:
    human = build_human(spec, assets)
    pose = moving(human, sitting_take(posture)).matrices[-1]
    rest = human.rig.rest
    vertices = [skin(mesh.vertices, mesh.bones, mesh.weights, rest, pose) for mesh in human.meshes]
    marks = place_landmarks(human.landmarks, rest, pose)
    hips = np.mean([marks[f"{side}_hip"] for side in ("left", "right")], axis=0)
    everything = np.concatenate(vertices)
    near = np.linalg.norm(everything[:, :2] - hips[:2], axis=1) < _SEAT
    origin = np.array((*hips[:2], everything[near, 2].min()))
    step = max(1, len(everything) // SURFACE_POINTS)
    return Kind(
        spec=spec,
        human=human,
        vertices=tuple(points - origin for points in vertices),
        landmarks={name: place - origin for name, place in marks.items()},
        surface=everything[::step] - origin,
        pose=pose - np.pad(origin[:, None], ((0, 1), (3, 0))),
    )


def in_the_way(crowd: Crowd, eyes: Array, aims: Array) -> np.ndarray:
    """(S,) bool: onlookers whose heads are close to a camera, or to a line from it to what it looks at.

    Args:
        eyes, aims: (T, 3) where the camera is, and what it looks at.
    """
    heads = np.array([onlooker.place[:3, 3] + (0.0, 0.0, _HEAD) for onlooker in crowd.onlookers]).reshape(-1, 3)
    out = np.zeros(len(heads), dtype=bool)
    for eye, aim in zip(eyes, aims, strict=True):
        line = aim - eye
        share = np.clip((heads - eye) @ line / max(float(line @ line), 1e-9), 0.0, 1.0)
        away = np.linalg.norm(heads - eye - share[:, None] * line, axis=1)
        out |= (away < _SIGHT) | (np.linalg.norm(heads - eye, axis=1) < _CAMERA)
    return out
