"""Fingers: a relaxed hand where the take says nothing, the recorded ones where it does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from people import standing

from blender_addon.makehuman.body import Body, load_body
from blender_addon.makehuman.rig_maps import RIGS
from mocap.motion import Motion
from mocap.retarget import bare_soles, retarget
from mocap.rig import PoseTrack
from mocap.rotations import from_axis_angle, multiply
from mocap.skeleton import OUTWARD, Skeleton, finger_segments

FINGERED = ("default", "game_engine", "mixamo", "rigify")


@pytest.fixture(scope="module", params=FINGERED)
def rigged(request: pytest.FixtureRequest, assets: Path) -> tuple[str, Body]:
    return request.param, load_body({}, assets, request.param)


def onto(motion: Motion, rigged: tuple[str, Body]) -> PoseTrack:
    name, body = rigged
    return retarget(motion, body.rig, RIGS[name], bare_soles(body.rig, RIGS[name]))


def bone_direction(track: PoseTrack, bone: str) -> np.ndarray:
    return track.matrices[:, track.rig.index(bone), :3, 1]


def with_fingers(bent: float) -> Motion:
    """Standing in the identity pose; all fingers but the thumbs bend by `bent` radians at each of three joints."""
    motion = standing(3)
    skeleton = motion.skeleton
    names, parents = list(skeleton.names), list(skeleton.parents)
    offsets, turns, places = list(skeleton.offsets), list(motion.orientations[0]), list(motion.positions[0])
    for side, sign in OUTWARD.items():
        for name, parent in finger_segments(side).items():
            p = names.index(parent)
            offset = np.array((sign * 0.03, 0.0, 0.0))
            bends = name.endswith(("PP", "MP", "DP")) and "First" not in name
            turn = from_axis_angle((0.0, sign, 0.0), np.array(bent if bends else 0.0))
            names.append(name)
            parents.append(p)
            offsets.append(offset)
            turns.append(multiply(turns[p], turn))
            places.append(places[p] + offset)
    return replace(
        motion,
        skeleton=Skeleton(tuple(names), np.array(parents), np.array(offsets)),
        orientations=np.tile(np.array(turns), (3, 1, 1)),
        positions=np.tile(np.array(places), (3, 1, 1)),
    )


def test_a_relaxed_hand_is_neither_flat_nor_a_fist(rigged: tuple[str, Body]) -> None:
    track = onto(standing(), rigged)
    for side, sign in OUTWARD.items():
        fingers = RIGS[rigged[0]].limbs[side].fingers
        for finger in ("index", "middle", "ring", "little"):
            along = [bone_direction(track, bone)[0] for bone in fingers[finger]]
            dips = [np.degrees(np.arcsin(-d[2])) for d in along]
            assert dips == sorted(dips), "each bone is bent further into the palm"
            assert 20.0 < dips[-1] < 60.0, finger
            assert sign * along[0][0] > 0.9
        tips = [np.array(bone_direction(track, fingers[finger][-1])[0]) for finger in ("index", "ring")]
        assert tips[0][2] > tips[1][2], "the index finger is the longest line"
        thumb = bone_direction(track, fingers["thumb"][-1])[0]
        assert sign * thumb[0] > 0.8 and thumb[1] < 0.0 and thumb[2] < 0.0


def test_both_hands_mirror_each_other(rigged: tuple[str, Body]) -> None:
    track = onto(standing(), rigged)
    limbs = RIGS[rigged[0]].limbs
    for finger, bones in limbs["Left"].fingers.items():
        for left, right in zip(bones, limbs["Right"].fingers[finger], strict=True):
            mirrored = bone_direction(track, right)[0] * (-1, 1, 1)
            np.testing.assert_allclose(bone_direction(track, left)[0], mirrored, atol=0.06)


@pytest.mark.parametrize("bent", [0.0, 0.5])
def test_recorded_fingers_are_followed(rigged: tuple[str, Body], bent: float) -> None:
    track = onto(with_fingers(bent), rigged)
    for side, sign in OUTWARD.items():
        fingers = RIGS[rigged[0]].limbs[side].fingers
        for finger in ("index", "middle", "ring", "little"):
            for joint, bone in enumerate(fingers[finger]):
                angle = bent * (joint + 1)
                wanted = np.array((sign * np.cos(angle), 0.0, -np.sin(angle)))
                assert np.degrees(np.arccos(np.clip(bone_direction(track, bone)[0] @ wanted, -1, 1))) < 0.5


def test_a_mitten_bends_too(assets: Path) -> None:
    body = load_body({}, assets, "cmu_mb")
    track = onto(standing(), ("cmu_mb", body))
    assert bone_direction(track, "LeftHandFinger1")[0, 2] < -0.2
