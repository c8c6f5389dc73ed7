"""One file per format that a data set can be turned into: a module with `FORMAT` (see `format.py`), and its line here.

A module's docstring says what is written and what is lost; docs/exports.md says it to people. What runs formats
(splits, progress, going on after a stop, samples that are none) is `run.py`. No bpy.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from render_scripts.export.format import Options

# Modules with `FORMAT`. The command line reads this, so what a format needs is imported only when it runs.
FORMATS: Mapping[str, str] = {
    "openpose": "render_scripts.export.openpose",
    "npz": "render_scripts.export.npz",
    "coco": "render_scripts.export.coco",
    "coco-wholebody": "render_scripts.export.coco_wholebody",
    "yolo-pose": "render_scripts.export.yolo_pose",
    "mpii": "render_scripts.export.mpii",
    "skating-npz": "render_scripts.export.skating_npz",
    "3dpeople": "render_scripts.export.three_d_people",
    "videopose3d": "render_scripts.export.videopose3d",
    "h36m": "render_scripts.export.h36m",
    "kinect-text": "render_scripts.export.kinect_text",
}


def export(
    dataset: Path,
    name: str,
    out: Path,
    options: Options | None = None,
    tell: Callable[[str], None] | None = None,
) -> int:
    """Writes the shards in `dataset` into the folder `out`, in the format `name`; returns the number of files.

    A folder in which the same export was cut off is finished, one in which it is finished stays as it is.

    Args:
        dataset: as `render` makes it.
        name: one of `FORMATS`.
        out: empty, new, or begun by an equal call.
        options: see `format.Options`.
        tell: takes lines about samples that are left out; a bar is shown on standard error as well. None: neither.

    Raises:
        UserError: no shards, a damaged one, something else in `out`, a keypoint set that the data set lacks; and, with
            everything else written, if samples had to be left out.
    """
    from render_scripts.export.format import Options
    from render_scripts.export.run import run

    return run(dataset, name, importlib.import_module(FORMATS[name]).FORMAT, out, options or Options(), tell)
