"""Other motions from one: mirrored, faster or slower, shaken a little. All of them are motions a body can do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from mocap.metrics.bodies import recorded_body
from mocap.metrics.limits import excess
from mocap.motion import Motion, forward_kinematics
from mocap.rotations import Array, conjugate, from_axis_angle, hemisphere, multiply, slerp
from mocap.skeleton import CONTACT_POINTS, SIDES, Skeleton

_ACROSS = np.array((-1.0, 1.0, 1.0))
_TURN_ACROSS = np.array((1.0, 1.0, -1.0, -1.0))

# Seconds: a body sways, it does not tremble. A Gaussian of this width leaves nothing above some 2 Hz.
SWAY = 0.15
# Shares of the noise: a spine has six joints in a row, whose sum is what is seen.
_SHARES = {"L5": 0.3, "L3": 0.3, "T12": 0.3, "T8": 0.3, "Neck": 0.5, "LeftToe": 0.0, "RightToe": 0.0}
# Degrees a knee or elbow may be bent at the least where the take itself does not hold it straighter.
_STRAIGHTEST = 3.0
# Rounds of calming what went beyond a joint's limits; the first one all but always suffices.
_TRIES = 4
# A hinge's axis (positive is flexion) in the parent's frame; see `elements.anatomy`, where the same signs are decided.
_HINGES = {
    "LeftLowerLeg": (1.0, 0.0, 0.0),
    "RightLowerLeg": (1.0, 0.0, 0.0),
    "LeftForeArm": (0.0, 0.0, -1.0),
    "RightForeArm": (0.0, 0.0, 1.0),
}


def mirrored(motion: Motion) -> Motion:
    """The motion seen in a mirror: left is right, a jump to the left turns to the right, contacts and names with them.

    The mirror stands in the plane x = 0 of an unrotated person; the take goes on from where it was, mirrored in it.
    """
    skeleton = motion.skeleton
    partner = np.array([skeleton.index(_other_side(name)) for name in skeleton.names])
    points = {
        name: {_other_side(label): at * _ACROSS for label, at in skeleton.points.get(_other_side(name), {}).items()}
        for name in skeleton.names
    }
    flipped = [CONTACT_POINTS.index(_other_side(point)) for point in CONTACT_POINTS]
    return replace(
        motion,
        skeleton=replace(skeleton, offsets=skeleton.offsets[partner] * _ACROSS, points=points),
        orientations=motion.orientations[:, partner] * _TURN_ACROSS,
        positions=motion.positions[:, partner] * _ACROSS,
        contacts=None if motion.contacts is None else motion.contacts[:, flipped],
        events=tuple(replace(event, name=_other_side(event.name)) for event in motion.events),
    )


def _other_side(name: str) -> str:
    """The name with left and right exchanged, in any capitals ("jLeftKnee", "left forward outside")."""
    sides = {"Left": "Right", "Right": "Left", "left": "right", "right": "left"}
    return re.sub("[Ll]eft|[Rr]ight", lambda found: sides[found[0]], name)


def at_speed(motion: Motion, factor: float) -> Motion:
    """The motion played `factor` times as fast. No frame changes; only the clock does."""
    return replace(motion, rate=motion.rate * factor)


def shaken(motion: Motion, degrees: float, seed: int) -> Motion:
    """The motion with every joint off by a smooth random turn of `degrees` (standard deviation).

    Knees and elbows turn only about their hinges and never past straight; hips and shoulders leave what is possible
    (`metrics.limits`) no farther than the take itself does. The feet that the take says are down stay where they were,
    with their edges, the body shifting over them instead. The same seed gives the same motion.
    """
    if degrees <= 0.0 or len(motion) < 2:
        return motion
    skeleton = motion.skeleton
    local = _local(skeleton, motion.orientations)
    rng = np.random.default_rng(seed)
    noise = {
        name: _sway(rng, len(motion), motion.rate) * np.radians(degrees) * _SHARES.get(name, 1.0)
        for name in skeleton.names[1:]
    }
    down = _standing(motion)
    out = _turned(motion, local, noise, down)
    before = excess(recorded_body(motion))
    for _ in range(_TRIES):
        after = excess(recorded_body(out))
        worse = {joint: np.maximum(after[joint][1], 0.0) > np.maximum(before[joint][1], 0.0) + 1e-6 for joint in after}
        if not any(frames.any() for frames in worse.values()):
            return out
        for joint, frames in worse.items():
            for name in _behind(joint, skeleton):
                noise[name] = noise[name] * _calm(frames, motion.rate)[:, None]
        out = _turned(motion, local, noise, down)
    return out


def _turned(motion: Motion, local: Array, noise: Mapping[str, Array], down: Mapping[str, Array]) -> Motion:
    """The motion with `noise` (T, 3) rotation vectors on top of its local rotations (T, J, 4), feet held."""
    skeleton = motion.skeleton
    turned = local.copy()
    for name, turn in noise.items():
        j = skeleton.index(name)
        if skeleton.parents[j] < 0:
            continue
        if name in _HINGES:
            turned[:, j] = _bent(local[:, j], np.array(_HINGES[name]), turn[:, 0])
        else:
            turned[:, j] = multiply(local[:, j], _from_rotation_vector(turn))
    root = motion.positions[:, 0]
    _, before = forward_kinematics(skeleton, root, local)
    orientations, _ = forward_kinematics(skeleton, root, turned)
    for side, weight in down.items():
        # A blade that is down keeps its edge and its track.
        foot, shank = (skeleton.index(f"{side}{name}") for name in ("Foot", "LowerLeg"))
        kept = slerp(orientations[:, foot], motion.orientations[:, foot], weight)
        turned[:, foot] = multiply(conjugate(orientations[:, shank]), kept)
    orientations, after = forward_kinematics(skeleton, root, turned)
    # Differences, because MVN's own positions are not quite rigid.
    positions = motion.positions + (after - before)
    positions += _hold_feet(skeleton, down, before - after)[:, None]
    return replace(motion, orientations=hemisphere(orientations), positions=positions)


def _behind(joint: str, skeleton: Skeleton) -> tuple[str, ...]:
    """The segments whose noise moves a joint ("LeftHip") within the body."""
    side = "Left" if joint.startswith("Left") else "Right"
    names = {
        "Hip": (f"{side}UpperLeg",),
        "Knee": (f"{side}LowerLeg",),
        "Shoulder": (f"{side}Shoulder", f"{side}UpperArm"),
        "Elbow": (f"{side}ForeArm",),
    }[joint.removeprefix(side)]
    return tuple(name for name in names if name in skeleton.names)


def _calm(frames: np.ndarray, rate: float) -> Array:
    """(T,) 0 in these frames (T,), 1 well away from them, and a smooth change between."""
    width = max(1, round(4.0 * SWAY * rate))
    near = maximum_filter1d(frames.astype(np.float64), 2 * width + 1, mode="nearest")
    return 1.0 - gaussian_filter1d(near, 0.5 * width, mode="nearest")


def _local(skeleton: Skeleton, orientations: Array) -> Array:
    """(T, J, 4) rotation of each segment in its parent's frame, the root's in the world's."""
    out = orientations.copy()
    for j, parent in enumerate(skeleton.parents):
        if parent >= 0:
            out[:, j] = multiply(conjugate(orientations[:, parent]), orientations[:, j])
    return out


def _sway(rng: np.random.Generator, count: int, rate: float) -> Array:
    """(count, 3) smooth noise of unit standard deviation.

    The white noise under it is drawn long enough for any rate and cut, so that its length follows from count alone.
    """
    width = SWAY * rate
    rough = rng.standard_normal((count, 3))
    # The variance that is left of white noise under a Gaussian of `width` samples is 1 / (2 √π width).
    return gaussian_filter1d(rough, width, axis=0, mode="wrap") * np.sqrt(2.0 * np.sqrt(np.pi) * width)


def _from_rotation_vector(vectors: Array) -> Array:
    return from_axis_angle(vectors, np.linalg.norm(vectors, axis=-1))


def _bent(local: Array, axis: Array, more: Array) -> Array:
    """A hinge joint (T, 4) bent further by `more` (T,) radians, but not past straight."""
    flexion = 2.0 * np.arctan2(local[:, 1:] @ axis, local[:, 0])
    flexion = (flexion + np.pi) % (2.0 * np.pi) - np.pi
    least = np.minimum(flexion, np.radians(_STRAIGHTEST))
    return multiply(local, from_axis_angle(axis, np.maximum(flexion + more, least) - flexion))


def _standing(motion: Motion) -> dict[str, Array]:
    """Per side, (T,) how firmly the foot stands on the ice: 1 well within a contact, 0 well outside, smooth between."""
    said = {side: motion.foot_contacts(side) for side in SIDES}
    return {
        side: gaussian_filter1d(on.any(axis=1).astype(np.float64), 0.5 * SWAY * motion.rate, mode="nearest")
        for side, on in said.items()
        if on is not None
    }


def _hold_feet(skeleton: Skeleton, down: Mapping[str, Array], moved: Array) -> Array:
    """(T, 3) shift of the whole body that takes the feet which are down back by `moved` (T, J, 3)."""
    total, weights = np.zeros((len(moved), 3)), np.full(len(moved), 1e-9)
    for side, weight in down.items():
        total += weight[:, None] * moved[:, skeleton.index(f"{side}Foot")]
        weights += weight
    return total / weights[:, None]
