"""MATLAB 5 files whose bytes depend on their arrays alone, and that need not fit into memory. No bpy."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from scipy.io import savemat

# A MATLAB 5 file is this many bytes of header, of which the first are a text, and one element after another.
_HEADER, _TEXT = 128, 116
_SAYS = b"MATLAB 5.0 MAT-file, written by skatesynth"


def write_mat(file: IO[bytes], variables: Mapping[str, np.ndarray]) -> None:
    """Variables that follow those which are in the file already; the first call writes the header, too.

    SciPy's own header tells the date, so that equal data sets would make unequal files.
    """
    data = io.BytesIO()
    savemat(data, dict(variables), do_compression=True)
    whole = data.getvalue()
    if file.tell() == 0:
        file.write(_SAYS.ljust(_TEXT) + whole[_TEXT:_HEADER])
    file.write(whole[_HEADER:])


def cell(value: Any) -> np.ndarray:
    """A cell array (1, 1) with this in it."""
    out = np.empty((1, 1), dtype=object)
    out[0, 0] = value
    return out
