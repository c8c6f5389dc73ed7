"""The look of an asset from a file: its .mhmat with its pictures.

Where a picture says that there is nothing, rays go straight through; half-way is cut sharp, so that a pixel of the
labels shows exactly what the same pixel of the picture does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from blender_addon.makehuman.mhclo import read_mhclo
from blender_addon.makehuman.mhmat import Mhmat, read_mhmat
from blender_addon.scene.looks.nodes import Socket, Tree, calc, texture_uv
from blender_addon.scene.looks.subject import Subject
from blender_addon.scene.shading import add_node, rgba
from mocap.errors import UserError

# From this opacity on there is something.
_SOLID = 0.5


def from_file(tree: Tree, subject: Subject) -> Socket:
    """What an asset's .mhmat says; its own colour where it has none.

    Raises:
        UserError: a picture cannot be read.
    """
    file = subject.garment.file if subject.garment is not None else subject.skater.hair.file
    assert file is not None, "only what comes from a file looks so"
    path = read_mhclo(Path(file)).material
    said = Mhmat(color=subject.worn.color) if path is None else read_mhmat(path)
    inputs: dict[str | int, object] = {
        "Base Color": rgba(said.color),
        "Roughness": said.roughness,
        "Metallic": said.metallic,
    }
    opacity: Socket | None = None
    if said.color_map is not None:
        picture = _picture(tree, said.color_map)
        inputs["Base Color"] = picture.outputs["Color"]
        opacity = picture.outputs["Alpha"] if said.transparent else None
    if said.opacity_map is not None:
        opacity = _picture(tree, said.opacity_map, color=False).outputs["Color"]
    if said.roughness_map is not None:
        inputs["Roughness"] = _picture(tree, said.roughness_map, color=False).outputs["Color"]
    if said.normal_map is not None:
        normal = _picture(tree, said.normal_map, color=False).outputs["Color"]
        inputs["Normal"] = add_node(tree, "ShaderNodeNormalMap", {"Color": normal}).outputs["Normal"]
    elif said.bump_map is not None:
        height = _picture(tree, said.bump_map, color=False).outputs["Color"]
        inputs["Normal"] = add_node(tree, "ShaderNodeBump", {"Height": height, "Distance": 0.001}).outputs["Normal"]
    surface = add_node(tree, "ShaderNodeBsdfPrincipled", inputs).outputs["BSDF"]
    return surface if opacity is None else _cut_out(tree, surface, opacity)


def _cut_out(tree: Tree, surface: Socket, opacity: Socket) -> Socket:
    nothing = add_node(tree, "ShaderNodeBsdfTransparent").outputs["BSDF"]
    solid = calc(tree, "GREATER_THAN", opacity, _SOLID)
    return add_node(tree, "ShaderNodeMixShader", {0: solid, 1: nothing, 2: surface}).outputs[0]


def _picture(tree: Tree, path: Path, color: bool = True) -> bpy.types.Node:
    try:
        image = bpy.data.images.load(str(path), check_existing=True)
    except RuntimeError as error:
        raise UserError("this picture cannot be read", file=path) from error
    if not image.size[0]:
        raise UserError("this picture cannot be read", file=path)
    # `Any`: the names of colour spaces are those of the display's configuration.
    space: Any = image.colorspace_settings
    space.name = "sRGB" if color else "Non-Color"
    node: bpy.types.Node = add_node(tree, "ShaderNodeTexImage", {"Vector": texture_uv(tree)}, image=image)
    return node
