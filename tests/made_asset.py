"""A garment as MakeHuman users share it, made from the base mesh's own faces: .mhclo, .obj, .mhmat and a picture."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from blender_addon.makehuman.base_mesh import METRES_PER_UNIT, BaseMesh

# MPFB2's reference measures for the body (`CLOTHES_REFERENCE_SCALE`): vertices and their distance on the base mesh.
SCALES = {"x_scale": (13868, 14308), "y_scale": (881, 13137), "z_scale": (10854, 10981)}


def save_asset(
    folder: Path, name: str, base: BaseMesh, faces: np.ndarray, *, out: float = 0.1, alpha: bool = False
) -> Path:
    """Writes an asset made of some faces (F,) bool of the base mesh, `out` decimetres off it; gives its .mhclo.

    Every other vertex is bound to one of the base mesh, the rest to that and two of its neighbours, with the offset.

    Args:
        alpha: whether its picture has a hole down the middle.
    """
    folder.mkdir(parents=True, exist_ok=True)
    used = np.unique(base.faces[faces])
    number = np.zeros(len(base.vertices), dtype=np.int64)
    number[used] = np.arange(len(used))
    own = base.faces[faces]
    x, y, z = (base.vertices[used] / METRES_PER_UNIT).T
    rows = [f"v {a:.5f} {c:.5f} {-b:.5f}" for a, b, c in zip(x, y, z, strict=True)]
    # The picture lies on it as seen from before.
    rows += [f"vt {u:.4f} {v:.4f}" for u, v in zip((x - x.min()) / np.ptp(x), (z - z.min()) / np.ptp(z), strict=True)]
    rows += ["f " + " ".join(f"{number[v] + 1}/{number[v] + 1}" for v in face) for face in own]
    (folder / f"{name}.obj").write_text("\n".join(rows) + "\n")

    neighbours = {int(face[0]): face for face in own} | {int(face[2]): face[[2, 3, 0, 1]] for face in own}
    lines = ["# author: nobody", "basemesh hm08", f"name {name}", f"obj_file {name}.obj", f"material {name}.mhmat"]
    for scale, (low, high) in SCALES.items():
        axis = {"x_scale": 0, "y_scale": 2, "z_scale": 1}[scale]
        length = abs(base.vertices[low, axis] - base.vertices[high, axis]) / METRES_PER_UNIT
        lines.append(f"{scale} {low} {high} {length:.4f}")
    lines += ["z_depth 50", "", "verts 0"]
    for vertex in used.tolist():
        if vertex in neighbours:
            a, b, c = neighbours[vertex][:3]
            outward = out * np.sign(base.vertices[vertex, 0])
            lines.append(f"{a} {b} {c} 1.0000 0.0000 0.0000 {outward:.4f} 0.0000 0.0000")
        else:
            lines.append(str(vertex))
    skin = base.groups["body"]
    low, high = base.vertices[used, 2].min() + 0.02, base.vertices[used, 2].max() - 0.03
    heights, aside = base.vertices[skin, 2], np.abs(base.vertices[skin, 0])
    hidden = skin[(heights > low) & (heights < high) & (aside < 0.1)]
    if len(hidden):
        breaks = np.flatnonzero(np.diff(hidden) > 1)
        starts, ends = hidden[np.r_[0, breaks + 1]], hidden[np.r_[breaks, len(hidden) - 1]]
        lines += ["", "delete_verts", " ".join(f"{a} - {b}" for a, b in zip(starts, ends, strict=True))]
    (folder / f"{name}.mhclo").write_text("\n".join(lines) + "\n")

    picture = np.zeros((32, 32, 4 if alpha else 3), dtype=np.uint8)
    picture[..., :3] = (50, 190, 40)
    if alpha:
        picture[..., 3] = 255
        picture[:, 12:20, 3] = 0
    cv2.imwrite(str(folder / f"{name}.png"), picture)
    (folder / f"{name}.mhmat").write_text(
        f"name {name}\ndiffuseColor 0.8 0.2 0.1\ndiffuseTexture {name}.png\nroughness 0.6\n"
        f"transparent {'True' if alpha else 'False'}\n"
    )
    return folder / f"{name}.mhclo"
