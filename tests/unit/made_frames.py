"""Frames without Blender: random pictures with labels that agree with them; as a script, a worker that shoots them.

As a script: `made_frames.py [die|refuse|break|full]` works as `render_scripts.worker` does, and fails in that way in
clip 1; `stillborn` does not come so far. The variable FAILED_ONCE names a file that says it has failed, and once is
enough then.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from blender_addon.cast import GarmentSpec, SkaterSpec
from blender_addon.clip import Clip
from blender_addon.labels.dense import Encoding, fields_of
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.part_views import PARTS
from blender_addon.labels.vocabulary import Cause, Visibility
from blender_addon.render.frame import CameraView, Exposure, Frame, Keypoints, Person
from mocap.errors import UserError

VERSIONS = {"skatesynth": "test", "blender": "none"}
ASSETS = Path("no-assets")


def shoot(clip: Clip, assets: Path, scratch: Path, *, frames: Sequence[int] | None = None) -> Iterator[Frame]:
    """Stands in for `shoot_clip`."""
    for frame in range(clip.count) if frames is None else frames:
        for number, camera in enumerate(clip.cameras):
            yield made_frame(clip, frame, number, np.random.default_rng((clip.seed, frame, number)), camera.name)


def made_frame(clip: Clip, frame: int, number: int, rng: np.random.Generator, name: str) -> Frame:
    """One person as a box in the middle of noise."""
    camera = clip.cameras[number]
    w, h = camera.width, camera.height
    box = np.zeros((h, w), dtype=bool)
    x, y = w // 4, h // 4
    box[y : h - y, x : w - x] = True
    K = np.array(((w, 0.0, w / 2), (0.0, w, h / 2), (0.0, 0.0, 1.0)))
    view = CameraView(name, camera.profile, w, h, K, np.eye(3), np.array((0.0, 0.0, 5.0)))
    return Frame(
        clip=clip.index,
        frame=frame,
        time=frame / clip.fps,
        take_frame=frame * 2,
        camera=view,
        rgb=rng.integers(0, 256, (h, w, 3), dtype=np.uint8),
        body=np.where(box, rng.integers(1, 15, (h, w)), 0).astype(np.uint8),
        clothes=np.where(box, rng.integers(1, 9, (h, w)), 0).astype(np.uint8),
        instance=box.astype(np.uint8),
        people=(made_person(rng, w, h, (x, y, w - 2 * x, h - 2 * y)),),
        exposure=Exposure(stops=0.5, iso=400.0, shutter=0.01, f_number=1.8, gains=(1.1, 1.0, 0.9)),
        dense=_dense(clip, box, rng),
        seconds=float(rng.random()),
    )


def _dense(clip: Clip, box: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Noise in the box for every label that the clip asks for."""
    made = {}
    for field in fields_of(clip.labels.dense):
        if field.encoding is Encoding.MILLIMETRES:
            noise = rng.uniform(1.0, 60.0, box.shape)
            made[field.name] = np.where(box, noise, 0.0).astype(np.float32)
        else:
            noise = rng.normal(size=(*box.shape, 3))
            noise /= np.linalg.norm(noise, axis=-1, keepdims=True)
            made[field.name] = np.where(box[..., None], noise, 0.0).astype(np.float32)
    return made


def made_person(rng: np.random.Generator, w: int, h: int, box: tuple[int, int, int, int]) -> Person:
    """Every cause once, then visible points inside the box."""
    points = KEYPOINT_SETS["body_25"].points
    xy = np.array(box[:2]) + rng.random((len(points), 2)) * np.array(box[2:])
    xy[:7] = (0.0, 0.0)
    cause = np.array([*range(7), *[0] * (len(points) - 7)])
    hidden = (Cause.OWN_BODY, Cause.OWN_CLOTHING, Cause.OTHER_PERSON, Cause.SCENE)
    seen = [
        Visibility.VISIBLE if c == Cause.VISIBLE else Visibility.HIDDEN if c in hidden else Visibility.OUTSIDE
        for c in cause
    ]
    xyz = rng.normal(size=(len(points), 3))
    keypoints = Keypoints(xy, xyz + np.array((0.0, 0.0, 5.0)), xyz, np.array(seen), cause)
    somebody = SkaterSpec(garments={"leotard": GarmentSpec()})
    person = Person(
        1, somebody, tuple(float(v) for v in box), 1.0, {"body_25": keypoints}, {"age": 0.25, "gender": 0.0}
    )
    return replace(person, parts=(1.0,) * len(PARTS))


def _failing(how: str, clip: Clip) -> None:
    once = os.environ.get("FAILED_ONCE")
    if how and clip.index == 1 and once is not None:
        if Path(once).exists():
            return
        Path(once).touch()
    if clip.index == 1 and how == "full":
        raise OSError(errno.ENOSPC, "No space left on device")
    if clip.index == 1 and how == "die":
        print("something broke deep inside", file=sys.stderr, flush=True)
        os._exit(11)
    if clip.index == 1 and how == "refuse":
        raise UserError("the take is no good", file="a.mvnx")
    if clip.index == 1 and how == "break":
        raise RuntimeError("two\nlines")


if __name__ == "__main__":
    from people import standing

    from render_scripts import worker

    # Authoring the demo take costs more than all that these workers have to do.
    worker.load_motion = lambda spec: standing()

    def shoot_or_fail(
        clip: Clip, assets: Path, scratch: Path, *, frames: Sequence[int] | None = None
    ) -> Iterator[Frame]:
        """As `shoot`, but for the failure asked for."""
        print("noise on standard output", flush=True)
        for k, frame in enumerate(shoot(clip, assets, scratch, frames=frames)):
            if k == 1:
                _failing("".join(sys.argv[1:]), clip)
            yield frame

    if sys.argv[1:] == ["stillborn"]:
        print("no library", file=sys.stderr, flush=True)
        os._exit(7)
    sys.exit(worker.main(lambda: ({"clip": shoot_or_fail}, VERSIONS)))
