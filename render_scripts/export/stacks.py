"""Arrays of many frames, gathered on disk, and .npz files of them that hold no pickles. No bpy."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from typing import IO, Any, cast

import numpy as np

# The earliest date that a zip can hold: equal arrays then make equal files.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class Stack:
    """Frames of one array, gathered on disk: a clip need not fit into memory."""

    def __init__(self, first: np.ndarray) -> None:
        self.dtype, self.shape, self.count = first.dtype, first.shape, 0
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the clip is)

    def check(self, value: np.ndarray) -> None:
        """ValueError if it is of another shape."""
        if value.shape != self.shape:
            raise ValueError(f"an array of shape {value.shape} after others of shape {self.shape}")

    def add(self, value: np.ndarray) -> None:
        """One more frame, of the shape of the others."""
        self._file.write(np.ascontiguousarray(value, dtype=self.dtype).tobytes())
        self.count += 1

    def write(self, file: IO[bytes]) -> None:
        """The whole array as an .npy file."""
        descr = np.lib.format.dtype_to_descr(self.dtype)
        header = {"descr": descr, "fortran_order": False, "shape": (self.count, *self.shape)}
        np.lib.format.write_array_header_1_0(cast("Any", file), header)
        self._file.seek(0)
        shutil.copyfileobj(self._file, file)

    def close(self) -> None:
        """Lets the disk go."""
        self._file.close()


def write_npz(file: IO[bytes], arrays: Mapping[str, Stack | np.ndarray]) -> None:
    """The arrays by name, as `np.load` reads them; lets the disk of the stacks go."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as member:
                if isinstance(array, Stack):
                    array.write(member)
                    array.close()
                else:
                    np.lib.format.write_array(member, array, allow_pickle=False)
