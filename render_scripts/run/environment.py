"""What a worker's process is started with, so that a clip becomes the same bytes in each. No imports of numpy."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from render_scripts.render import LIBRARIES_VARIABLE

STEADY: Mapping[str, str] = {
    # The matrices here are small: numpy's own threads only wait for each other, and for Blender's.
    "OPENBLAS_NUM_THREADS": "1",
    # With AVX-512, numpy 1.26 computes a column of an array by one routine or by another, which differ in the last bit,
    # as its result happens to lie in memory: 1 run in 6 gave other bytes. Names of numpy 1 and of numpy 2.
    "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL X86_V4",
}


def worker_environment(libraries: Sequence[str]) -> dict[str, str]:
    """The variables of a worker; what the user has set of STEADY stays.

    Args:
        libraries: folders to look for libraries in.
    """
    return {**STEADY, **os.environ, LIBRARIES_VARIABLE: os.pathsep.join(folder for folder in libraries if folder)}
