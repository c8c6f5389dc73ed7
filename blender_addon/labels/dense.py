"""Labels that every pixel has, besides the masks: which there are, what their numbers mean. One entry each. No bpy.

Rendering, samples, the data card, the job's schema and docs/samples.md go by this table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Encoding(Enum):
    """How an array is stored in a PNG; `render_scripts.dense_fields` writes and reads them."""

    MILLIMETRES = "mm"
    """(H, W) float metres as 16 bits of whole millimetres; 0 for none, 65535 for 65.535 m and beyond."""

    UNIT_VECTOR = "unit vector"
    """(H, W, 3) unit vectors as 16 bits for each of x, y, z in R, G, B: −1…1 as 1…65535, all 0 for none."""

    FLOW = "flow"
    """(H, W, 2) pixels as KITTI's flow has them: u, v in R, G as 16 bits, 32768 + 64 · pixels; B is 1, or 0 for none
    (NaN in the array), as it is for what moves by 512 pixels and more."""

    PLACE = "place"
    """(H, W, 3) metres as 16 bits for each of x, y, z in R, G, B: 32768 + 30000 · metres; all 0 for none."""


@dataclass(frozen=True)
class DenseField:
    """A field of a sample with a value in each pixel: of what its centre shows.

    Attributes:
        name: of the array in `Frame.dense`; the field is called `<name>.png`.
        asked: the job's key under `labels` that switches it on; default: whether it is on where the job says nothing.
        title: of what the job's key switches on, as people read it.
        encoding: of the PNG.
        what: its meaning, unit and axes, and what stands for none, as people read it.
        centre: whether Cycles must render again with one sample, as its pass is a mean over samples.
        engines: that can give it.
        rolling: whether it is known where rows are read one after another.
    """

    name: str
    asked: str
    title: str
    encoding: Encoding
    what: str
    default: bool = False
    centre: bool = False
    engines: tuple[str, ...] = ("cycles", "eevee")
    rolling: bool = True

    @property
    def file(self) -> str:
        """The sample's field."""
        return f"{self.name}.png"


DENSE_FIELDS: tuple[DenseField, ...] = (
    DenseField(
        "depth",
        "depth",
        "Depth",
        Encoding.MILLIMETRES,
        "millimetres along the optical axis, 16 bits: 0 none, 65535 is 65.535 m or more",
        default=True,
    ),
    DenseField(
        "distance",
        "distance",
        "Distance",
        Encoding.MILLIMETRES,
        "millimetres from the camera's centre, along the ray, 16 bits: 0 none, 65535 is 65.535 m or more",
    ),
    DenseField(
        "normal",
        "normal",
        "Normals, World",
        Encoding.UNIT_VECTOR,
        "surface normal in the world's axes, 16 bits per axis: −1…1 as 1…65535, 0 none",
        centre=True,
    ),
    DenseField(
        "normal_camera",
        "normal_camera",
        "Normals, Camera",
        Encoding.UNIT_VECTOR,
        "surface normal in the camera's axes (x right, y down, z forward), 16 bits per axis: −1…1 as 1…65535, 0 none",
        centre=True,
    ),
    DenseField(
        "flow_forward",
        "flow",
        "Optical Flow",
        Encoding.FLOW,
        "pixels to where the same point is in the next frame, right and down, 16 bits: 32768 + 64 · pixels in red and "
        "green; blue is 0 for none, else 1",
        centre=True,
        engines=("cycles",),
        rolling=False,
    ),
    DenseField(
        "flow_backward",
        "flow",
        "Optical Flow",
        Encoding.FLOW,
        "pixels to where the same point was in the frame before, as `flow_forward.png`",
        centre=True,
        engines=("cycles",),
        rolling=False,
    ),
    DenseField(
        "surface",
        "surface",
        "Place on the Body",
        Encoding.PLACE,
        "which point of a body it is, as its place on MakeHuman's base mesh (x left, y back, z up), 16 bits per axis: "
        "32768 + 30000 · metres, 0 none",
        centre=True,
        engines=("cycles",),
    ),
)

SURFACE_PASS = "surface"
"""Name of the output of materials that shows each point's place on the base mesh."""

CANONICAL_FIELDS = ("canonical_x", "canonical_y", "canonical_z")
"""Names of the fields of a mesh that hold it (`SkinnedMesh.fields`)."""

DENSE_LABELS: dict[str, bool] = {field.asked: field.default for field in DENSE_FIELDS}
"""What a job can switch, and whether it is on where the job says nothing."""

DEFAULT_LABELS: tuple[str, ...] = tuple(name for name, default in DENSE_LABELS.items() if default)


def fields_of(labels: Iterable[str]) -> tuple[DenseField, ...]:
    """The fields that labels stand for, in the table's order. KeyError for a label that there is not."""
    wanted = set(labels)
    if unknown := wanted - set(DENSE_LABELS):
        raise KeyError(f"there is no label {sorted(unknown)[0]!r}")
    return tuple(field for field in DENSE_FIELDS if field.asked in wanted)
