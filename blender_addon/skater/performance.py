"""A skater in motion: the take on the rig, and where every landmark is in every frame. Numpy alone, no bpy."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from blender_addon.cast import DEMO, MotionSpec, PlacementSpec, SkaterSpec
from blender_addon.labels.keypoint_sets import BODY_25
from blender_addon.makehuman.flesh import measured_volume
from blender_addon.skater.human import Human, place_landmarks
from blender_addon.skater.swing import swung
from blender_addon.skater.wardrobe.piece import ROUND_THE_BODY
from mocap.augment import at_speed, mirrored, shaken
from mocap.elements.demo import demo_take
from mocap.elements.library import element_take
from mocap.motion import Motion
from mocap.placement import place_motion, sized
from mocap.resample import resample
from mocap.retarget import BodyVolume, Soles, leg_length, retarget, source_leg_length
from mocap.rig import PoseTrack
from mocap.rotations import Array, dot, normalize
from mocap.skating.corrections import annotated, corrections_beside
from mocap.takes import read_take
from mocap.travel import curve_through, in_place, on_path

# Points of skin and clothes whose pixels say how much of a person is seen; more changes the share by under 1%.
SURFACE_POINTS = 600
# Hz at which motions are retargeted at least: spins turn 20° from frame to frame at this rate, not a whole turn.
WORK_RATE = 60.0
# The landmarks that say where somebody is as a whole, besides those of the blades: of all that there are, most are in
# the face and in the fingers.
_WHOLE = frozenset(name for names in BODY_25.landmarks for name in names)
# Seconds of the take on either side of a clip that help to find the ice; longer than any jump.
MARGIN = 2.0


@dataclass(frozen=True)
class Performance:
    """One member of the cast over a clip of T frames.

    Attributes:
        spec: what was asked for; human: the body at rest; track: its movement.
        whole: the movement at the work rate, with what comes before and after; window: the clip's frames of it.
        landmarks: (T, 3) world positions by name, the blades' (`left_blade_toe`, …) among them.
        surface: (T, S, 3) world positions of points all over skin and clothes.
        take_frames: (T,) nearest frame of the recording.
    """

    spec: SkaterSpec
    human: Human
    track: PoseTrack
    whole: PoseTrack
    window: slice
    landmarks: Mapping[str, Array]
    surface: Array
    take_frames: np.ndarray


def load_motion(spec: MotionSpec) -> Motion:
    """The movement a spec names, whole, with contacts and events, changed as it says. UserError if it cannot be had."""
    motion = _unchanged(spec)
    if spec.mirror:
        motion = mirrored(motion)
    return at_speed(shaken(motion, spec.noise, spec.seed), spec.speed)


def _unchanged(spec: MotionSpec) -> Motion:
    if spec.element is not None:
        return _element(spec.element, tuple(sorted(spec.parameters.items())))
    if spec.take == DEMO:
        return demo_take()
    return _read(spec.take, stamps_of(spec), spec.subject, spec.joint_map)


def stamps_of(spec: MotionSpec) -> tuple[int, ...]:
    """When the files of a movement were last changed (ns); 0 for one that is not there, none where it has no files."""
    if spec.element is not None or spec.take == DEMO:
        return ()
    files = [Path(name) for name in (spec.take, spec.joint_map, corrections_beside(spec.take)) if name is not None]
    return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in files)


@lru_cache(maxsize=4)
def _element(name: str, parameters: tuple[tuple[str, float], ...]) -> Motion:
    return element_take(name, dict(parameters))


@lru_cache(maxsize=2)
def _read(take: str, stamp: tuple[int, ...], subject: str | None, joint_map: str | None) -> Motion:
    # `stamp` makes files that changed under a long-lived worker another key.
    return annotated(read_take(Path(take), subject, joint_map=joint_map), take)


def placed(motion: Motion, placement: PlacementSpec, window: slice) -> Motion:
    """The motion where a clip wants it on the rink; `window` are the clip's frames of it."""
    if placement.root == "path":
        curve = curve_through(placement.path)
        first = window.start / motion.rate
        seconds = (window.stop - 1 - window.start) / motion.rate
        pace = placement.pace or (curve.length / seconds if seconds > 0.0 else 0.0)
        return on_path(motion, curve, pace, first, placement.facing)
    if placement.root == "in_place":
        motion = in_place(motion)
    return place_motion(motion, placement.x, placement.y, placement.heading, window)


def perform(spec: SkaterSpec, human: Human, fps: float, count: int) -> Performance:
    """Moves a person through `count` frames at `fps`.

    Raises:
        UserError: the take cannot be read, or the frames lie outside it.
    """
    take = load_motion(spec.motion)
    motion, window = around(take, fps, spec.motion.start, count)
    # In the avatar's own size first: places on the rink are metres, which retargeting must not scale any more.
    size = leg_length(human.rig, human.bones) / source_leg_length(motion)
    motion = placed(sized(motion, size), spec.placement, window)
    whole = moving(human, motion)
    track = frames_of(whole, window, fps)
    pose = track.matrices
    times = spec.motion.start + np.arange(count) / fps
    return Performance(
        spec=spec,
        human=human,
        track=track,
        whole=whole,
        window=window,
        landmarks=place_landmarks(human.marks, human.rig.rest, pose),
        surface=surface_points(human, pose),
        take_frames=np.clip(np.rint(times * take.rate), 0, len(take) - 1).astype(np.int64),
    )


class Placed(Protocol):
    """Somebody over some frames: a `Performance`, or what is known of one."""

    @property
    def human(self) -> Human:
        """Who, at rest."""

    @property
    def landmarks(self) -> Mapping[str, Array]:
        """(T, 3) world positions by name."""


def outline(member: Placed) -> tuple[str, ...]:
    """Names of the landmarks, blades among them, that tell where a member is as a whole, each part of it alike."""
    return tuple(name for name in member.landmarks if name in _WHOLE or name not in member.human.landmarks)


def draped(member: Performance, cloth: Mapping[int, Array]) -> Performance:
    """The member with some of its meshes' points elsewhere than its bones carry them.

    Args:
        cloth: (T, N, 3) a mesh's vertices over the clip's frames, by its place in `human.meshes`.
    """
    step = _surface_step(member.human)
    starts = np.cumsum([0, *(len(mesh.vertices[::step]) for mesh in member.human.meshes)])
    surface = member.surface.copy()
    for place, places in cloth.items():
        surface[:, starts[place] : starts[place + 1]] = places[:, ::step]
    return dataclasses.replace(member, surface=surface)


def near_frames(fps: float, count: int, reach: float) -> Array:
    """(K,) frames of a clip, and what lies around each as far as `reach` seconds, and no more than that and one step.

    Steps are those of `Performance.whole`. Frames themselves are whole numbers, what lies between them fractions.
    """
    step = _steps(fps)
    more = math.ceil(reach * fps * step - 1e-6)
    return np.unique(step * np.arange(count)[:, None] + np.arange(-more, more + 1)) / step


def instants_of(member: Performance, frames: Array) -> np.ndarray:
    """(K,) indices into `whole` of what `near_frames` gave; where a take has no more, its first or last."""
    instants = member.window.start + np.rint(frames * member.window.step).astype(np.int64)
    return np.clip(instants, 0, len(member.whole) - 1)


def at_instants(member: Performance, frame: int, seconds: Array) -> tuple[Mapping[str, Array], Array]:
    """Where a member is at instants around a frame, in between two of `whole` as Blender's F-curves are.

    Args:
        seconds: (M,) from the frame's instant. Before its take and after it a member stands still.

    Returns:
        (M, 3) landmarks by name, and (M, S, 3) points of skin and clothes.
    """
    human, whole = member.human, member.whole
    now = member.window.start + frame * member.window.step
    pose = between(whole, now + whole.fps * np.concatenate(((0.0,), seconds))).matrices
    landmarks = place_landmarks(human.marks, human.rig.rest, pose[1:])
    carried = surface_points(human, pose)
    # Simulated cloth is not where bones carry it, but moves with what is about it.
    return landmarks, carried[1:] + (member.surface[frame] - carried[0])


def between(track: PoseTrack, places: Array) -> PoseTrack:
    """The track at places (M,) that count its instants: straight over from one to the next, as F-curves go.

    An instant itself comes out as the very numbers that are there; before the first and after the last it stands still.
    """
    places = np.clip(places, 0.0, len(track) - 1.0)
    first = places.astype(np.int64)
    last = np.minimum(first + 1, len(track) - 1)
    share = (places - first)[:, None]
    a, b = track.rotations[first], track.rotations[last]
    b = np.where(dot(a, b)[..., None] < 0.0, -b, b)
    turned = np.where(share[..., None] == 0.0, a, normalize(a + share[..., None] * (b - a)))
    start, end = track.root_location[first], track.root_location[last]
    return dataclasses.replace(
        track,
        times=track.times[first] + share[:, 0] / track.fps,
        rotations=turned,
        root_location=start + share * (end - start),
    )


def moving(human: Human, motion: Motion) -> PoseTrack:
    """The skater moving as the motion does, frame by frame: on its blades, its arms clear of its own body.

    What hangs on chains swings; the first second or so of that is a guess at what came before.
    """
    volume = volume_of(human)
    return swung(human, retarget(motion, human.rig, human.bones, soles_of(human), volume), volume)


def around(take: Motion, fps: float, start: float, count: int) -> tuple[Motion, slice]:
    """The clip's stretch of a take at a rate fit for retargeting, with some of what comes before and after it.

    A clip of a few frames far apart must show instants of the movement, not a movement filtered down to that rate; and
    a clip that is all flight must know where the ice was before take-off.

    Returns:
        The motion, and the slice of its frames that are the clip's.

    Raises:
        UserError: the clip lies outside the take.
    """
    step = _steps(fps)
    rate = fps * step
    last = start + (count - 1) / fps
    # A little less than what is there, so that rounding never asks for an instant past the end.
    before = max(0, math.floor(min(MARGIN, start) * rate - 1e-6))
    after = max(0, math.floor(min(MARGIN, take.duration - last) * rate - 1e-6))
    inner = (count - 1) * step + 1
    motion = resample(take, rate, start - before / rate, before + inner + after)
    return motion, slice(before, before + inner, step)


def _steps(fps: float) -> int:
    """Into how many a clip's frame is cut for retargeting."""
    return max(1, math.ceil(WORK_RATE / fps))


def frames_of(track: PoseTrack, window: slice | np.ndarray, fps: float) -> PoseTrack:
    """Some frames of a track, as a track at `fps`; of frames that are not evenly spaced, `times` alone tells when."""
    times = track.times[window]
    return PoseTrack(
        fps=fps,
        times=times - times[0],
        rig=track.rig,
        root=track.root,
        rotations=track.rotations[window],
        root_location=track.root_location[window],
    )


def soles_of(human: Human) -> Soles:
    """The running edges of both blades at rest, toe first; without boots, the soles of bare feet."""
    return Soles(
        points={
            side: np.concatenate(
                [human.blades[f"{side.lower()}_{place}"].points for place in ("toe", "middle", "heel")]
            )
            for side in ("Left", "Right")
        },
        supple=all(mesh.name != "boots" for mesh in human.meshes),
    )


def volume_of(human: Human) -> BodyVolume:
    """The room that a skater takes up: inside what lies round the body, or in bare skin."""
    if human.volume is not None:
        return human.volume
    worn = [mesh for mesh in human.meshes if mesh.name in ("body", *ROUND_THE_BODY)]
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in worn)])
    width = max(mesh.bones.shape[1] for mesh in worn)
    return measured_volume(
        vertices=np.concatenate([mesh.vertices for mesh in worn]),
        faces=np.concatenate(
            [np.where(mesh.faces >= 0, mesh.faces + start, -1) for mesh, start in zip(worn, starts, strict=False)]
        ),
        bones=np.concatenate([_widened(mesh.bones, width) for mesh in worn]),
        weights=np.concatenate([_widened(mesh.weights, width) for mesh in worn]),
        rig=human.rig,
        names=human.bones,
    )


def _widened(table: np.ndarray, width: int) -> np.ndarray:
    return np.pad(table, ((0, 0), (0, width - table.shape[1])))


def _surface_step(human: Human) -> int:
    return max(1, sum(len(mesh.vertices) for mesh in human.meshes) // SURFACE_POINTS)


def surface_points(human: Human, pose: Array) -> Array:
    """(T, S, 3) points all over skin and clothes; pose (T, B, 4, 4)."""
    step = _surface_step(human)
    width = max(mesh.bones.shape[1] for mesh in human.meshes)
    points = np.concatenate([mesh.vertices[::step] for mesh in human.meshes])
    bones = np.concatenate([_widened(mesh.bones[::step], width) for mesh in human.meshes])
    weights = np.concatenate([_widened(mesh.weights[::step], width) for mesh in human.meshes])
    from_rest = np.linalg.inv(human.rig.rest)
    out = np.empty((len(pose), len(points), 3))
    # One frame at a time: blended matrices of a whole clip would fill memory.
    for now, there in zip(pose, out, strict=True):
        blended = np.einsum("nk,nkij->nij", weights, (now @ from_rest)[:, :3][bones])
        np.einsum("nij,nj->ni", blended[..., :3], points, out=there)
        there += blended[..., 3]
    return out
