"""Skirts that fly and hair that swings: fills in the bones of chains that retargeting leaves at rest. Numpy alone."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.interpolate import CubicSpline

from blender_addon.skater.contacts import contact
from blender_addon.skater.human import Chain, Human
from blender_addon.skater.obstacles import stack
from blender_addon.skater.rings import ring_of
from blender_addon.skater.strands import Carrier, strands, swing
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
    fine_turns, fine_heads = _steps(turns, heads, human.rig.heads[bones], track.fps, substeps)
    matrices, tube = to_matrix(fine_turns), place[len(carriers) :]
    axes = np.einsum("qij,sqkj->sqik", obstacles.axes, matrices[:, tube])
    reach = obstacles.origin - human.rig.heads[obstacles.bones]
    origin = fine_heads[:, tube] + np.einsum("sqij,qj->sqi", matrices[:, tube], reach)
    # Of all steps those that are the track's frames.
    shown = range(len(fine_heads) - 1 - (len(track) - 1) * substeps, len(fine_heads), substeps)
    step = 1.0 / (track.fps * substeps)

    rotations = track.rotations.copy()
    for run in _runs(human.chains):
        some, own, bone = human.chains[run], human.chain_bones[run], place[run.start]
        chains = strands(
            [chain.points for chain in some],
            stiffness=np.array([chain.stiffness for chain in some]),
            drag=np.array([chain.drag for chain in some]),
        )
        turn = np.ascontiguousarray(matrices[:, bone])
        arm = chains.points[0] - human.rig.heads[some[0].anchor][:, None]
        root = fine_heads[:, bone, :, None] + np.einsum("sij,jc->sic", turn, arm)
        ring = None
        if some[0].ring >= 0 and len(some) > 2:
            ring = ring_of(chains.points, chains.links, np.array([chain.spread for chain in some]), turn, root, step)
        thickness = np.array([chain.thickness for chain in some])
        near = contact(chains.points, thickness, ring is not None, root, obstacles, axes, origin)
        joints = swing(chains, Carrier(turn, root), ring, near, step, shown)
        _fill(rotations, human.rig, own, chains.points, turns[:, bone], joints)
    return dataclasses.replace(track, rotations=rotations)


def _runs(chains: Sequence[Chain]) -> Iterator[slice]:
    """Slices of neighbours that hang on one bone and are one ring, or none of them in any: what may touch another."""
    kinds = [(chain.anchor, chain.ring) for chain in chains]
    edges = [0, *(k for k in range(1, len(kinds)) if kinds[k] != kinds[k - 1]), len(kinds)]
    for first, stop in itertools.pairwise(edges):
        yield slice(first, stop)


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


def _fill(
    rotations: Array, rig: Rig, bones: Sequence[np.ndarray], at_rest: Array, carried: Array, points: Array
) -> None:
    """Puts into a track's rotations (T, B, 4) what goes into the bones of chains that hang on one bone.

    Each link is brought to its direction by the shortest turn from where the link above would carry it, so that no
    twist gathers along a chain.

    Args:
        bones: per chain (K,) their indices.
        at_rest: (K + 1, 3, C) joints; carried: (T, 4) the anchor's turn; points: (T, K + 1, 3, C) as they swing.
    """
    ways_at_rest = np.diff(at_rest, axis=0).swapaxes(1, 2)
    ways = np.ascontiguousarray(np.diff(points, axis=1).transpose(1, 0, 3, 2))
    carried = carried[:, None]
    for k, way in enumerate(ways):
        turn = multiply(between(rotate(carried, ways_at_rest[k]), way), carried)
        there = np.array([c for c, own in enumerate(bones) if len(own) > k])
        own = np.array([bones[c][k] for c in there])
        axes = from_matrix(rig.rest[own, :3, :3])
        relative = multiply(conjugate(carried), turn)[:, there]
        rotations[:, own] = multiply(multiply(conjugate(axes), relative), axes)
        carried = turn
