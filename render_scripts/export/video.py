"""Frames as a video, through OpenCV: MPEG-4 in an .mp4, which every OpenCV can write. No bpy."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from render_scripts.errors import RunFailed

# Frames that may be missing between two of a clip; a sample that says more is none.
_GAP = 1000
# Frames per second of a video of one frame.
_ALONE = 30.0


class Video:
    """A video that grows by a frame at a time; frames that are missing are black, so that numbers stay right."""

    def __init__(self, path: Path) -> None:
        """`path` ends in .mp4."""
        self._path = path
        self._writer: cv2.VideoWriter | None = None
        self._first: tuple[int, float, np.ndarray] | None = None
        self._size = (0, 0)
        self._count = 0

    def add(self, frame: int, time: float, picture: np.ndarray) -> None:
        """One more frame.

        Args:
            frame: its number in the video, from 0, above that of the one before; time: its seconds.
            picture: (H, W, 3) uint8 RGB, of one size throughout.

        Raises:
            ValueError: otherwise. RunFailed: OpenCV cannot write videos here.
        """
        last = self._count - 1 if self._first is None else self._first[0]
        if not last < frame <= last + _GAP or picture.dtype != np.uint8 or picture.ndim != 3:
            raise ValueError(f"frame {frame} does not follow the one before")
        if self._first is None and self._writer is None:
            self._first = (frame, time, picture)
            self._size = (picture.shape[1], picture.shape[0])
            return
        if (picture.shape[1], picture.shape[0]) != self._size:
            raise ValueError(f"a picture of shape {picture.shape} in a video of {self._size[0]} × {self._size[1]}")
        if self._first is not None:
            number, began, before = self._first
            if not time > began:
                raise ValueError(f"the time {time} is not after {began}")
            self._open((frame - number) / (time - began))
            self._write(number, before)
        self._write(frame, picture)

    def close(self) -> Path:
        """The finished file. RunFailed if it is not whole."""
        if self._first is not None:
            self._open(_ALONE)
            self._write(self._first[0], self._first[2])
        if self._writer is not None:
            self._writer.release()
        # OpenCV does not say when a disk is full.
        made = cv2.VideoCapture(str(self._path))
        count = int(made.get(cv2.CAP_PROP_FRAME_COUNT))
        made.release()
        if count != self._count:
            raise RunFailed(f"{self._path}: the video has {count} frames in place of {self._count}; is the disk full?")
        return self._path

    def _open(self, fps: float) -> None:
        fourcc = cv2.VideoWriter.fourcc(*"mp4v")
        self._writer = cv2.VideoWriter(str(self._path), fourcc, fps, self._size)
        if not self._writer.isOpened():
            raise RunFailed(f"{self._path}: OpenCV cannot write an .mp4 here")

    def _write(self, frame: int, picture: np.ndarray) -> None:
        self._first = None
        assert self._writer is not None
        while self._count < frame:
            self._writer.write(np.zeros_like(picture))
            self._count += 1
        self._writer.write(np.ascontiguousarray(picture[..., ::-1]))
        self._count += 1
