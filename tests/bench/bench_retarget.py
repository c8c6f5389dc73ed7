"""How fast motions go onto a rig, swing what hangs on it, and become F-curves: `bench_retarget.py [FRAMES]`.

Retargeting is timed on two motions: the demo, whose arms touch the body here and there, and a stand with hanging arms,
which a stout body's hips push aside in every frame. A clip of the whole demo, skated in a dress and with long loose
hair, is told in seconds and as a multiple of what its retargeting alone takes: that tells two versions apart on a busy
machine, too. F-curves are timed on a made-up track that moves every bone of the rig, which no take does. Needs
MakeHuman's data; without bpy, F-curves are left out. Seconds are those of the processor.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

_ROOT = Path(__file__).resolve().parents[2]
RIG = "default"
REPEATS = 5


def best(work: Callable[[], object]) -> float:
    """Seconds of the quickest of some runs."""
    seconds = []
    for _ in range(REPEATS):
        begin = time.process_time()
        work()
        seconds.append(time.process_time() - begin)
    return min(seconds)


def retargeting(frames: int) -> None:
    """A table of frames per second, by body, motion, and with and without keeping hands out of the body."""
    from blender_addon.makehuman.assets import ensure_assets
    from blender_addon.makehuman.body import load_body
    from blender_addon.makehuman.flesh import body_volume
    from blender_addon.makehuman.reference_bodies import BODIES
    from blender_addon.makehuman.rig_maps import RIGS
    from blender_addon.skater.skates import SOLE_TO_ICE, blade_landmarks
    from mocap.elements.demo import demo_take
    from mocap.motion import Motion
    from mocap.retarget import Soles, retarget
    from mocap.rotations import from_axis_angle, multiply

    def repeated(motion: Motion) -> Motion:
        at = np.arange(frames) % len(motion)
        contacts = None if motion.contacts is None else motion.contacts[at]
        return replace(motion, orientations=motion.orientations[at], positions=motion.positions[at], contacts=contacts)

    def hanging(motion: Motion) -> Motion:
        still = motion.orientations[:1].repeat(2, axis=0)
        still[:] = (1.0, 0.0, 0.0, 0.0)
        for side, sign in (("Left", 1.0), ("Right", -1.0)):
            for segment in ("UpperArm", "ForeArm", "Hand"):
                j = motion.skeleton.index(side + segment)
                still[:, j] = multiply(from_axis_angle((0.0, sign, 0.0), np.pi / 2), still[:, j])
        return replace(motion, orientations=still, positions=motion.positions[:2], contacts=np.ones((2, 4), bool))

    demo = demo_take()
    assets = ensure_assets()
    print(f"retargeting {frames} frames onto {RIG}, frames per second")
    for name in ("teenager", "heavy"):
        body = load_body(BODIES[name], assets, RIG)
        blades = blade_landmarks(body, ice=-SOLE_TO_ICE)
        soles = Soles(
            {
                side: np.concatenate([blades[f"{side.lower()}_{end}"].points for end in ("toe", "middle", "heel")])
                for side in ("Left", "Right")
            }
        )
        volume = body_volume(body, RIGS[RIG])
        for what, motion in (("demo", repeated(demo)), ("arms hanging", repeated(hanging(demo)))):
            onto = partial(retarget, motion, body.rig, RIGS[RIG], soles)
            plain, clear = (frames / best(partial(onto, kept_out)) for kept_out in (None, volume))
            print(f"  {name:<9} {what:<13} {plain:9.0f}   with hands kept out of the body {clear:9.0f}")


def performing() -> None:
    """Seconds that a clip's movement takes, part by part, as multiples of retargeting alone."""
    from blender_addon.cast import GarmentSpec, HairSpec, SkaterSpec
    from blender_addon.makehuman.assets import ensure_assets
    from blender_addon.skater.build import build_human
    from blender_addon.skater.performance import perform, soles_of, surface_points, volume_of
    from blender_addon.skater.swing import swung
    from mocap.elements.demo import demo_take
    from mocap.resample import resample
    from mocap.retarget import retarget

    garments = dict.fromkeys(("leotard", "skirt", "tights", "boots"), GarmentSpec())
    spec = SkaterSpec(phenotype={"gender": 0.0}, garments=garments, hair=HairSpec("long", length=0.6))
    human = build_human(spec, ensure_assets())
    seconds, fps = demo_take().duration, 30.0
    volume = volume_of(human)
    motion = resample(demo_take(), 60.0, 0.0, int(60.0 * seconds))
    onto = partial(retarget, motion, human.rig, human.bones, soles_of(human), volume)
    track = onto()
    whole = perform(spec, human, fps, int(fps * seconds))
    alone = best(onto)
    print(f"a clip of {seconds:.0f} s at {fps:.0f} fps, dress and loose hair ({len(human.chains)} chains): seconds")
    parts: dict[str, Callable[[], object]] = {
        "retargeting": onto,
        "swinging": partial(swung, human, track, volume),
        "points of skin": partial(surface_points, human, whole.track.matrices),
        "all of it": partial(perform, spec, human, fps, int(fps * seconds)),
    }
    for name, part in parts.items():
        took = best(part)
        print(f"  {name:<15} {took:7.2f}  {took / alone:6.1f} times retargeting")


def f_curves(frames: int) -> None:
    """Frames per second into Blender's F-curves."""
    import bpy

    from blender_addon.makehuman.assets import ensure_assets
    from blender_addon.makehuman.body import load_body
    from blender_addon.scene.animate import pose_armature
    from blender_addon.scene.armature import build_armature
    from mocap.rig import PoseTrack
    from mocap.rotations import normalize

    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    assert scene is not None
    rig = load_body({}, ensure_assets(), RIG).rig
    armature = build_armature(rig, "bench", scene.collection)
    steps = np.random.default_rng(0).normal(scale=0.01, size=(frames, len(rig.names), 4))
    rotations = normalize(np.cumsum(steps, axis=0) + np.array((1.0, 0.0, 0.0, 0.0)))
    track = PoseTrack(60.0, np.arange(frames) / 60.0, rig, 0, rotations, np.zeros((frames, 3)))
    rate = frames / best(partial(pose_armature, armature, track))
    print(f"F-curves of {len(rig.names)} moving bones, {frames} frames: {rate:.0f} frames per second")


def main() -> None:
    """All tables."""
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else 7200
    retargeting(frames)
    performing()
    try:
        f_curves(frames)
    except ImportError:
        print("F-curves: no bpy")


if __name__ == "__main__":
    sys.path.insert(0, str(_ROOT))
    main()
