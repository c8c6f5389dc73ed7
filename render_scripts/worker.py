"""One long-lived process that renders clips and portraits: tasks come in and answers go out as lines of JSON.

Answers: `{"event": "ready"}` once Blender is open, `{"event": "frame", "clip", "key", "seconds", "thumbnail"}` per
picture, `{"event": "clip", "clip", "samples"}` per finished fragment. On a failure `{"event": "error", "clip",
"message"}` and the end of the process; with `"user": true` it is a user's mistake, with `"disk": true` the disk's.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import queue
import shutil
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from blender_addon.cast import BY_HAND
from blender_addon.clip import Clip, from_dict, to_dict
from blender_addon.makehuman.assets import data_version
from blender_addon.render.frame import Frame
from blender_addon.skater.performance import load_motion
from mocap.errors import UserError
from render_scripts.draw import write_picture
from render_scripts.run.lock import scratch_folder
from render_scripts.sample import Fields, encode_sample
from render_scripts.shards import write_tar
from render_scripts.version import own_version

THUMBNAIL_WIDTH = 192
# With these no other clip could be written either.
NOT_WRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)

Shoot = Callable[..., Iterator[Frame]]
Answer = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True)
class Task:
    """A clip to render.

    Attributes:
        clip: what; frames: which of its frames, None for all.
        shot: how: as a "clip", or as the "portrait" of its lead.
        fragment: tar to write; assets: MakeHuman's data folder.
        thumbnail: picture to keep up to date with the latest frame, or None.
    """

    clip: Clip
    fragment: Path
    assets: Path
    frames: tuple[int, ...] | None = None
    thumbnail: Path | None = None
    shot: str = "clip"

    def line(self) -> str:
        """The task as one line of JSON."""
        return json.dumps(
            {
                "clip": to_dict(self.clip),
                "fragment": str(self.fragment),
                "assets": str(self.assets),
                "frames": self.frames,
                "thumbnail": None if self.thumbnail is None else str(self.thumbnail),
                "shot": self.shot,
            }
        )


def parse_task(line: str) -> Task:
    """What `Task.line` wrote."""
    data = json.loads(line)
    return Task(
        clip=from_dict(Clip, data["clip"]),
        fragment=Path(data["fragment"]),
        assets=Path(data["assets"]),
        frames=None if data["frames"] is None else tuple(data["frames"]),
        thumbnail=None if data["thumbnail"] is None else Path(data["thumbnail"]),
        shot=data["shot"],
    )


def main(open_blender: Callable[[], tuple[Mapping[str, Shoot], Mapping[str, str]]] | None = None) -> int:
    """Works until standard input ends; returns the exit status.

    Args:
        open_blender: brings what shoots, by `Task.shot`, and versions.
    """
    answer = _private_channel()
    orders = _Orders()
    clip: int | None = None
    task: Task | None = None
    scratch = Path(tempfile.gettempdir())
    try:
        shots, versions = (open_blender or _blender)()
        answer({"event": "ready"})
        with scratch_folder() as scratch:
            for line in orders:
                task = parse_task(line)
                clip = task.clip.index
                known = {**versions, "makehuman": data_version(task.assets)}
                samples = run_task(task, shots[task.shot], known, scratch, answer)
                orders.done()
                answer({"event": "clip", "clip": clip, "samples": samples})
    except UserError as error:
        answer({"event": "error", "clip": clip, "message": error.line(), "user": True})
        return 2
    except Exception as error:
        with contextlib.suppress(OSError):  # the log's disk may be full
            traceback.print_exc()
        if isinstance(error, OSError) and error.errno in NOT_WRITABLE and task is not None:
            answer({"event": "error", "clip": clip, "message": _of_the_disk(error, task, scratch), "disk": True})
            return 1
        message = " ".join(f"{type(error).__name__}: {error}".split())
        answer({"event": "error", "clip": clip, "message": message})
        return 1
    return 0


class _Orders:
    """Lines of standard input, which a thread of its own reads.

    Whoever gives orders waits for a clip before it closes its end; if that closes earlier, it was killed, and this
    process, which nobody would ever end, goes as well.
    """

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._open = 0
        threading.Thread(target=self._read, daemon=True).start()

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines.get, None)

    def done(self) -> None:
        """The order at hand is carried out."""
        self._open -= 1

    def _read(self) -> None:
        # Not by `sys.stdin`: a thread that waits in its buffer is fatal when Python ends.
        rest = b""
        while block := os.read(0, 1 << 16):
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                self._open += 1
                self._lines.put(line.decode())
        if self._open:
            os._exit(3)
        self._lines.put(None)


def _of_the_disk(error: OSError, task: Task, scratch: Path) -> str:
    """One line on what cannot be written."""
    folders = [folder for folder in (task.fragment.parent, scratch) if folder.is_dir()]
    fullest = min(folders, key=lambda folder: shutil.disk_usage(folder).free, default=scratch)
    return f"{error.filename or fullest}: {error.strerror}"


def run_task(task: Task, shoot: Shoot, versions: Mapping[str, str], scratch: Path, answer: Answer) -> int:
    """Renders a clip into its fragment, telling of every frame; returns the number of samples."""
    events = take_events(task.clip)

    def samples() -> Iterator[tuple[str, Fields]]:
        for frame in shoot(task.clip, task.assets, scratch, frames=task.frames):
            key, fields = encode_sample(frame, task.clip, events, versions)
            yield key, fields
            if task.thumbnail is not None:
                _write_thumbnail(task.thumbnail, frame.rgb)
            thumbnail = None if task.thumbnail is None else str(task.thumbnail)
            answer(
                {
                    "event": "frame",
                    "clip": task.clip.index,
                    "key": key,
                    "seconds": round(frame.seconds, 4),
                    "thumbnail": thumbnail,
                }
            )

    return write_tar(task.fragment, samples())


def take_events(clip: Clip) -> list[dict[str, Any]]:
    """The elements of the lead's recording, with start and end in seconds of the take; none where it says nothing."""
    if clip.lead.motion.take == BY_HAND and clip.lead.motion.element is None:
        return []
    motion = load_motion(clip.lead.motion)
    return [
        asdict(event) | {"start": event.start / motion.rate, "end": event.end / motion.rate} for event in motion.events
    ]


def _private_channel() -> Answer:
    """Blender prints to standard output as it likes; that goes to the log, and answers keep the real one."""
    sys.stdout.flush()
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)

    def answer(message: Mapping[str, Any]) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    return answer


def _blender() -> tuple[dict[str, Shoot], dict[str, str]]:
    try:
        import bpy
    except ImportError as error:
        raise UserError(f"Blender's module bpy does not load: {error}", mend="See: skatesynth doctor.") from None
    from blender_addon.render.portrait import shoot_portrait
    from blender_addon.render.shoot import shoot_clip

    return {"clip": shoot_clip, "portrait": shoot_portrait}, {
        "skatesynth": own_version(),
        "blender": bpy.app.version_string,
    }


def _write_thumbnail(path: Path, rgb: np.ndarray) -> None:
    height = max(1, round(rgb.shape[0] * THUMBNAIL_WIDTH / rgb.shape[1]))
    write_picture(path, cv2.resize(rgb, (THUMBNAIL_WIDTH, height), interpolation=cv2.INTER_AREA))


if __name__ == "__main__":
    sys.exit(main())
