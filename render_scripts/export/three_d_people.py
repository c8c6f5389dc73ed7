"""3DPeople's folders, names and colours: what its own notebook and those who read the data set go through.

`rgb/<subject>/<action>/<camera>/<outfit>/NNNN.jpg` and, without the outfit's folder, `segmentation_body`,
`segmentation_clothes` (NNNN.png), `skeleton` (NNNN.txt), `depth_mat` (depth.mat), `normals_mat` (normals.mat) and
`optical_flow_mat` (optical_flow.mat). Cameras are camera01, camera02, … in the clip's order, frames count from 0001:
a reader leaves out a 0000.txt. Lengths are tenths of a metre, as in the skeleton that the notebook shows.

Masks, depth, normals and flow are of the clip's lead alone, since there is nobody else in 3DPeople's pictures.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from blender_addon.labels.keypoint_sets.three_d_people import THREE_D_PEOPLE_67
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, color_table
from render_scripts.dense_fields import decode_dense, encoded, png
from render_scripts.export.format import Format, Out
from render_scripts.export.listing import write_listing
from render_scripts.export.matlab import write_mat
from render_scripts.export.pictures import mask_of, own_pixels
from render_scripts.export.points import in_camera, points_of
from render_scripts.export.samples import Sample, stored_picture
from render_scripts.export.who import lead, names_of
from render_scripts.sample import picture_of

# The data set's lengths in a metre.
UNITS = 10.0
# Of its own pictures nothing is said; what is lost at this one cannot be seen.
JPEG_QUALITY = 95
HEADER = "# u v depth x y z"
# Of an array in a .mat: the folder and the file.
MATS = {
    "depth": ("depth_mat", "depth.mat"),
    "normals": ("normals_mat", "normals.mat"),
    "gtflow": ("optical_flow_mat", "optical_flow.mat"),
}

_DENSE = ("depth.png", "normal.png", "normal_camera.png", "flow_backward.png")
_COLORS = {"body": color_table(BODY_PARTS), "clothes": color_table(CLOTHES)}


@dataclass(frozen=True)
class _Frame:
    """All that one picture gives: files by folder (the picture's is `rgb`), arrays by their name in a .mat."""

    files: dict[str, tuple[str, bytes]]
    arrays: dict[str, np.ndarray]


class _Clip:
    """Writes pictures as they come, and a clip's .mat files at its end."""

    def __init__(self, out: Out, split: str, clip: int) -> None:
        self._out = out
        self._names: dict[str, str] = {}
        self._mats: dict[str, dict[str, IO[bytes]]] = {}

    def add(self, sample: Sample) -> None:
        """See `format.ClipWriter`."""
        names = names_of(sample.facts)
        made = _frame(sample)
        self._names = self._names or names
        mats = self._mats.setdefault(sample.camera, {})
        number = f"{sample.frame + 1:04d}"
        for folder, (suffix, data) in made.files.items():
            outfit = f"/{self._names['outfit']}" if folder == "rgb" else ""
            self._out.write(f"{folder}/{self._place(sample.camera)}{outfit}/{number}.{suffix}", data)
        for name, value in made.arrays.items():
            write_mat(mats.setdefault(name, _beside()), {f"{name}_{number}": value})

    def close(self) -> Any:
        """Writes what is of the whole clip."""
        for camera, mats in self._mats.items():
            for name, beside in mats.items():
                folder, file_name = MATS[name]
                with self._out.file(f"{folder}/{self._place(camera)}/{file_name}") as file, beside:
                    beside.seek(0)
                    shutil.copyfileobj(beside, file)
        return {**self._names, "cameras": list(self._mats)} if self._names else None

    def _place(self, camera: str) -> str:
        number = list(self._mats).index(camera) + 1
        return f"{self._names['subject']}/{self._names['action']}/camera{number:02d}"


def _beside() -> IO[bytes]:
    return tempfile.TemporaryFile()


def _frame(sample: Sample) -> _Frame:
    own = own_pixels(sample.fields, lead(sample.facts))
    suffix, picture = stored_picture(sample)
    if suffix != "jpg":
        import cv2

        picture = encoded(".jpg", picture_of(sample.fields), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    files = {"rgb": ("jpg", picture)}
    for name, colors in _COLORS.items():
        files[f"segmentation_{name}"] = ("png", png(colors[mask_of(sample.fields, name, own)]))
    files["skeleton"] = ("txt", skeleton_text(sample).encode("ascii"))
    return _Frame(files, arrays_of(sample, own))


def skeleton_text(sample: Sample) -> str:
    """A header, then a line per joint: u, v in pixels, depth along the optical axis, x, y, z in the world; or `nan`."""
    camera = sample.facts["camera"]
    points = points_of(sample.facts, lead(sample.facts), THREE_D_PEOPLE_67)
    depth = in_camera(camera, points.xyz)[:, 2:]
    rows = np.concatenate((points.xy, UNITS * depth, UNITS * points.xyz), axis=1)
    return "\n".join((HEADER, *(" ".join(f"{value:.6f}" for value in row) for row in rows))) + "\n"


def arrays_of(sample: Sample, where: np.ndarray) -> dict[str, np.ndarray]:
    """Depth (H, W), normals (H, W, 3) in the camera's axes, flow (H, W, 2) backwards, as far as the sample has them.

    All float32, and 0 where it is not the lead that is seen (`where` (H, W) is False), or nothing is known.
    """
    dense = decode_dense({name: data for name, data in sample.fields.items() if name in _DENSE})
    own = where[..., None]
    out = {}
    if "depth" in dense:
        out["depth"] = UNITS * np.where(where, dense["depth"], 0.0)
    if "normal_camera" in dense:
        out["normals"] = np.where(own, dense["normal_camera"], 0.0)
    elif "normal" in dense:
        out["normals"] = np.where(own, dense["normal"] @ np.array(sample.facts["camera"]["R"]).T, 0.0)
    if "flow_backward" in dense:
        out["gtflow"] = np.where(own, np.nan_to_num(dense["flow_backward"]), 0.0)
    return {name: value.astype(np.float32) for name, value in out.items()}


FORMAT = Format(_Clip, write_listing)
