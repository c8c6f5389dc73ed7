"""Skirts that fly and hair that swings: fills in the bones of chains that retargeting leaves at rest. Numpy alone."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.interpolate import CubicSpline

from blender_addon.skater.human import Chain, Human
from blender_addon.skater.obstacles import Obstacles, stack
from blender_addon.skater.strands import Contact, Guides, Strands, probed, strands, swing
from blender_addon.skater.surface import smoothstep
from mocap.retarget import BodyVolume
from mocap.rig import PoseTrack, Rig
from mocap.rotations import (
    Array,
    between,
    conjugate,
    from_axis_angle,
    from_matrix,
    hemisphere,
    length,
    multiply,
    normalize,
    rotate,
    slerp,
    to_matrix,
    twist_about,
)

# Steps per second, at least: at 6 turns per second the body turns 12° from one to the next.
STEP_RATE = 180.0
# Seconds before a track for which it is taken to have moved on as in its first moments: chains have settled by then.
WARM_UP = 1.5
# Seconds of these in which the body goes from standing into the first pose.
INTO_POSE = 0.7
# Seconds of a track from which it is told how it moves at first; shorter and noise would be taken for speed.
FIRST = 0.1


def swung(human: Human, track: PoseTrack, volume: BodyVolume) -> PoseTrack:
    """The track with the chains' bones turned as they swing.

    Every frame depends on all frames before it: a clip's track should begin a second or two before its first picture.

    Args:
        human: whose chains; track: their movement, the chains' bones at rest, at any rate (work rate, 60 Hz or more, is
            best).
        volume: the body that chains stay out of.
    """
    if not human.chains:
        return track
    carriers = np.array([chain.anchor for chain in human.chains])
    obstacles = stack((*volume.tubes, *volume.shanks))
    bones, place = np.unique(np.concatenate((carriers, obstacles.bones)), return_inverse=True)
    turns, heads = _posed(track, bones)
    substeps = max(1, math.ceil(STEP_RATE / track.fps - 1e-9))
    steps = _steps(turns, heads, human.rig.heads[bones], track.fps, substeps)
    chains = _tables(human.chains)
    guides = _guides(human, chains, obstacles, place, *steps)
    contacts = tuple(_contacts(chains, human.chain_bones, carriers, obstacles, guides))
    joints = swing(chains, guides, contacts, 1.0 / (track.fps * substeps))
    joints = joints[len(joints) - 1 - (len(track) - 1) * substeps :: substeps]

    rotations = track.rotations.copy()
    for chain, own, carrier, points in zip(
        human.chains, human.chain_bones, place[: len(carriers)], joints.swapaxes(0, 1), strict=True
    ):
        rotations[:, own] = _bone_rotations(human.rig, own, chain.points, turns[:, carrier], points)
    return dataclasses.replace(track, rotations=rotations)


def _posed(track: PoseTrack, bones: np.ndarray) -> tuple[Array, Array]:
    """(T, N, 4) turns from rest, and (T, N, 3) heads of some bones, without posing the many others."""
    rig = track.rig
    needed = sorted({above for bone in [*bones.tolist(), track.root] for above in rig.ancestors(bone)})
    number = {bone: i for i, bone in enumerate(needed)}
    part = Rig(
        names=tuple(rig.names[bone] for bone in needed),
        parents=np.array([number.get(int(rig.parents[bone]), -1) for bone in needed]),
        heads=rig.heads[needed],
        tails=rig.tails[needed],
        rest=rig.rest[needed],
    )
    small = dataclasses.replace(track, rig=part, root=number[track.root], rotations=track.rotations[:, needed])
    pose = small.matrices[:, [number[bone] for bone in bones.tolist()]]
    turns = from_matrix(pose[..., :3, :3] @ rig.rest[bones, :3, :3].transpose(0, 2, 1))
    return hemisphere(turns), pose[..., :3, 3]


def _steps(turns: Array, heads: Array, at_rest: Array, fps: float, substeps: int) -> tuple[Array, Array]:
    """The movement of bones at every step, from `WARM_UP` before the first frame to the last: as `_posed` gives.

    Args:
        at_rest: (N, 3) the bones' heads at rest.
    """
    count = len(turns)
    before = np.arange(-round(WARM_UP * fps * substeps), 0) / (fps * substeps)
    early_turns, early_heads = _as_at_first(turns, heads, at_rest, fps, before)
    if count == 1:
        return np.concatenate((early_turns, turns)), np.concatenate((early_heads, heads))
    frames, fine = np.arange(count), np.arange((count - 1) * substeps + 1) / substeps
    return (
        np.concatenate((early_turns, normalize(CubicSpline(frames, turns)(fine)))),
        np.concatenate((early_heads, CubicSpline(frames, heads)(fine))),
    )


def _as_at_first(turns: Array, heads: Array, at_rest: Array, fps: float, times: Array) -> tuple[Array, Array]:
    """Poses at times (K,) before the first frame (s, negative), travelling and turning as the track does at first.

    They go from standing upright into the first pose, so that cloth comes to lie on a lifted thigh and not under it.
    Bones count alike: their mean is what travels, and the first one's turn about the vertical is what turns.
    """
    upright = np.array((0.0, 0.0, 1.0))
    last = min(len(turns) - 1, max(1, round(FIRST * fps)))
    middle = heads.mean(axis=1)
    speed, rate = np.zeros(3), 0.0
    if last > 0:
        speed = (middle[last] - middle[0]) * (fps / last) * (1.0 - upright)
        relative = multiply(turns[1 : last + 1, 0], conjugate(turns[:last, 0]))
        rate = float(2.0 * np.arctan2(relative[:, 3], relative[:, 0]).mean() * fps)
    heading = twist_about(turns[0, 0], upright)
    share = smoothstep(0.0, INTO_POSE, times - times[0])[:, None]
    posed = slerp(heading, turns[0], share)
    standing = rotate(heading, at_rest - at_rest.mean(axis=0))
    offset = standing + share[..., None] * (heads[0] - middle[0] - standing)
    turn = from_axis_angle(upright, rate * times)[:, None]
    return multiply(turn, posed), rotate(turn, offset) + (middle[0] + times[:, None] * speed)[:, None]


def _tables(chains: Sequence[Chain]) -> Strands:
    return strands(
        [chain.points for chain in chains],
        stiffness=np.array([chain.stiffness for chain in chains]),
        drag=np.array([chain.drag for chain in chains]),
        thickness=np.array([chain.thickness for chain in chains]),
        rings=tuple(_runs([chain.ring for chain in chains])),
        spread=np.array([chain.spread for chain in chains]),
    )


def _runs(rings: Sequence[int]) -> Iterator[slice]:
    """Slices of neighbours with the same number, 0 or more."""
    first = 0
    for k in range(1, len(rings) + 1):
        if k == len(rings) or rings[k] != rings[first]:
            if rings[first] >= 0 and k - first > 2:
                yield slice(first, k)
            first = k


def _guides(
    human: Human, chains: Strands, obstacles: Obstacles, place: np.ndarray, turns: Array, heads: Array
) -> Guides:
    carrier, tube = place[: len(chains.points)], place[len(chains.points) :]
    matrices = to_matrix(turns)
    at_rest = human.rig.heads
    anchors = np.array([chain.anchor for chain in human.chains])
    arm = chains.points[:, 0] - at_rest[anchors]
    reach = obstacles.origin - at_rest[obstacles.bones]
    return Guides(
        turn=matrices[:, carrier],
        root=heads[:, carrier] + (matrices[:, carrier] @ arm[..., None])[..., 0],
        tube_turn=obstacles.axes @ matrices[:, tube].transpose(0, 1, 3, 2),
        tube_origin=heads[:, tube] + (matrices[:, tube] @ reach[..., None])[..., 0],
    )


def _contacts(
    chains: Strands,
    chain_bones: Sequence[np.ndarray],
    carriers: np.ndarray,
    obstacles: Obstacles,
    guides: Guides,
) -> Iterator[Contact]:
    """For each run of chains on one carrier, the tubes that come within its reach at any time."""
    middle = obstacles.origin + 0.5 * (obstacles.low + obstacles.high) * obstacles.axes[:, 2]
    half = np.hypot(0.5 * (obstacles.high - obstacles.low)[:, 0], obstacles.radii.max(axis=(1, 2)))
    along = np.einsum("qk,qk->q", middle - obstacles.origin, obstacles.axes[:, 2])
    centre = guides.tube_origin + along[:, None] * guides.tube_turn[:, :, 2]
    for run in _runs_of(carriers):
        root = guides.root[:, run].mean(axis=1)
        size = float(length(chains.points[run] - chains.points[run, :1].mean(axis=0)).max())
        size = max(size, float(chains.links[run].sum(axis=1).max()))
        near = length(centre - root[:, None]).min(axis=0) < half + size + float(chains.thickness[run].max())
        tubes = np.flatnonzero(near)
        if not len(tubes):
            continue
        few = dataclasses.replace(
            obstacles,
            **{name: getattr(obstacles, name)[tubes] for name in ("bones", "origin", "axes", "low", "high")},
            radii=obstacles.radii[tubes],
        )
        links = max(len(chain) for chain in chain_bones[run])
        after = chains.after[run] - run.start if run in chains.rings else None
        asked = probed(chains.points[run, 1 : links + 1], chains.points[run, 0], after)
        thickness = np.repeat(chains.thickness[run], asked.shape[1])
        # Nothing is pushed out of its rest shape: what lies closer at rest may stay so.
        keep = np.minimum(thickness, few.clearances(asked.reshape(-1, 3)))
        yield Contact(run, links, tubes, few, after, keep)


def _runs_of(values: np.ndarray) -> Iterator[slice]:
    edges = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]
    for first, stop in itertools.pairwise(edges):
        yield slice(first, stop)


def _bone_rotations(rig: Rig, bones: np.ndarray, at_rest: Array, carried: Array, points: Array) -> Array:
    """(T, K, 4) what goes into a chain's bones.

    Each link is brought to its direction by the shortest turn from where the link above would carry it, so that no
    twist gathers along a chain.

    Args:
        at_rest: (K + 1, 3); carried: (T, 4) the anchor's turn; points: (T, ≥ K + 1, 3) joints as they swing.
    """
    out = np.empty((len(points), len(bones), 4))
    axes = from_matrix(rig.rest[bones, :3, :3])
    for k in range(len(bones)):
        turn = multiply(between(rotate(carried, at_rest[k + 1] - at_rest[k]), points[:, k + 1] - points[:, k]), carried)
        relative = multiply(conjugate(carried), turn)
        out[:, k] = multiply(multiply(conjugate(axes[k]), relative), axes[k])
        carried = turn
    return out
