"""A worker's environment: numpy computes the same wherever an array lies in memory."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from render_scripts.render import LIBRARIES_VARIABLE
from render_scripts.run.environment import STEADY, worker_environment

# Columns of odd length between other things on the heap: numpy 1.26 takes such a column now for one that overlaps its
# own result, now not.
COLUMNS = """
import random
import numpy as np

random.seed(1)
table = np.random.default_rng(1).uniform(0.05, 0.95, (1065, 3))
for turn in range(400):
    rubble = [bytearray(random.randrange(1, 4000)) for _ in range(30)]
    random.shuffle(rubble)
    del rubble[::2]
    columns = table.copy()
    for of in (np.arccos, np.log, np.exp, np.tan, np.arctan):
        for k in range(3):
            assert np.array_equal(of(columns[:, k]), of(columns[:, k].copy())), (of, k, turn)
    assert np.array_equal(np.arctan2(columns[:, 1], columns[:, 2]), np.arctan2(*columns.T.copy()[1:])), turn
"""


def test_a_column_is_computed_as_a_row_is() -> None:
    """Without STEADY this fails on processors with AVX-512."""
    done = subprocess.run(
        [sys.executable, "-c", COLUMNS], env=worker_environment(sys.path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_what_the_user_has_set_stays_and_libraries_are_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in STEADY:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    environment = worker_environment(["/a", "", "/b"])
    assert environment == {**os.environ, **STEADY, "OPENBLAS_NUM_THREADS": "3", LIBRARIES_VARIABLE: f"/a{os.pathsep}/b"}
