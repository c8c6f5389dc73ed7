"""Cloth: one recipe for each fabric of the wardrobe. All are opaque; what shows through a fabric is painted on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from blender_addon.color import Color
from blender_addon.scene.looks.nodes import (
    Number,
    Socket,
    Tree,
    between,
    blend,
    bump,
    calc,
    cell_walls,
    cells,
    channel,
    facing,
    faded,
    field,
    mix,
    noise,
    place,
    principled,
    scaled,
    stretched,
)
from blender_addon.scene.looks.subject import Subject
from blender_addon.scene.shading import add_node
from blender_addon.skater.wardrobe.fabrics import GRADIENT, PANEL, SEAM

HEM = 0.0022  # metres from a seam or edge that are folded and stitched


def garment(tree: Tree, subject: Subject) -> Socket:
    """The fabric that the garment is of."""
    return RECIPES[subject.worn.fabric](tree, subject)


def _matt(tree: Tree, subject: Subject) -> Socket:
    return _cloth(tree, subject, subject.worn.color, rough=0.75, sheen=0.3)


def _nylon(tree: Tree, subject: Subject) -> Socket:
    """Thin nylon: skin shows through where one looks straight at it, and a soft gloss lies on it."""
    color, skin = subject.worn.color, subject.skater.skin.tone
    shade = mix(tree, between(tree, facing(tree), 0.0, 0.8, 0.72, 1.0), skin, color)
    return _cloth(tree, subject, shade, rough=0.42, sheen=0.25, folds=0.0)


def _satin(tree: Tree, subject: Subject) -> Socket:
    color = subject.worn.color
    shade = mix(tree, facing(tree), scaled(color, 0.9), scaled(color, 1.25))
    return _cloth(tree, subject, shade, rough=0.44, sheen=0.3, folds=1.0)


def _velvet(tree: Tree, subject: Subject) -> Socket:
    color = subject.worn.color
    pile = noise(tree, place(tree), 70.0, detail=2.0)
    shade = mix(tree, between(tree, pile, 0.35, 0.65), scaled(color, 0.54), scaled(color, 0.62))
    shade = mix(tree, between(tree, facing(tree), 0.2, 0.95), shade, blend(scaled(color, 1.6), (1.0, 1.0, 1.0), 0.1))
    return _cloth(tree, subject, shade, rough=0.85, sheen=0.8, sheen_tint=blend(color, (1.0, 1.0, 1.0), 0.3))


def _lace(tree: Tree, subject: Subject) -> Socket:
    thread = _lace_threads(tree)
    shade = mix(tree, thread, subject.worn.second, subject.worn.color)
    return _cloth(tree, subject, shade, rough=0.6, sheen=0.2, relief=thread, relief_height=0.0006)


def _illusion(tree: Tree, subject: Subject) -> Socket:
    # From the side one looks along more threads.
    share = between(tree, facing(tree), 0.2, 1.0, 0.16, 0.75)
    shade = mix(tree, share, subject.skater.skin.tone, subject.worn.color)
    return _cloth(tree, subject, shade, rough=0.6, sheen=0.15, folds=0.4)


def _sequins(tree: Tree, subject: Subject) -> Socket:
    return _spangled(tree, subject, per_metre=180.0, radius=0.58, dense=1.0)


def _crystals(tree: Tree, subject: Subject) -> Socket:
    dense: Number = 0.55
    if GRADIENT in subject.fields:
        dense = between(tree, field(tree, GRADIENT), 0.0, 0.75, 0.8, 0.04)
    return _spangled(tree, subject, per_metre=115.0, radius=0.27, dense=dense)


def _gradient(tree: Tree, subject: Subject) -> Socket:
    worn = subject.worn
    down: Number = field(tree, GRADIENT) if GRADIENT in subject.fields else 0.0
    cloudy = calc(tree, "MULTIPLY_ADD", noise(tree, place(tree), 14.0), 0.16, calc(tree, "SUBTRACT", down, 0.08))
    shade = mix(tree, between(tree, cloudy, 0.12, 0.88), worn.color, worn.second)
    return _cloth(tree, subject, shade, rough=0.5, sheen=0.3)


def _panels(tree: Tree, subject: Subject) -> Socket:
    worn = subject.worn
    share: Number = between(tree, field(tree, PANEL), 0.48, 0.52) if PANEL in subject.fields else 0.0
    return _cloth(tree, subject, mix(tree, share, worn.color, worn.second), rough=0.55, sheen=0.3)


def _knit(tree: Tree, subject: Subject) -> Socket:
    at = place(tree)
    wave = add_node(
        tree,
        "ShaderNodeTexWave",
        {"Vector": at, "Scale": 90.0, "Distortion": 1.5, "Detail": 1.0, "Detail Scale": 1.0},
        bands_direction="Z",
    )
    rows = faded(tree, wave.outputs["Fac"], 0.5, 0.0035)
    wool = noise(tree, at, 350.0, detail=2.0)
    relief = calc(tree, "MULTIPLY_ADD", wool, 0.5, rows)
    color = subject.worn.color
    shade = mix(tree, between(tree, relief, 0.2, 1.1), scaled(color, 0.72), scaled(color, 1.1))
    return _cloth(tree, subject, shade, rough=0.9, sheen=0.5, folds=0.0, relief=relief, relief_height=0.001)


def _fleece(tree: Tree, subject: Subject) -> Socket:
    tufts = noise(tree, place(tree), 260.0, detail=3.0)
    color = subject.worn.color
    shade = mix(tree, between(tree, tufts, 0.3, 0.7), scaled(color, 0.75), scaled(color, 1.15))
    return _cloth(tree, subject, shade, rough=0.95, sheen=0.6, relief=tufts, relief_height=0.0012)


def _denim(tree: Tree, subject: Subject) -> Socket:
    color = subject.worn.color
    at = place(tree)
    threads = noise(tree, stretched(tree, at, (1.0, 1.0, 0.25)), 700.0)
    worn_off = between(tree, noise(tree, at, 9.0, detail=2.0), 0.35, 0.8, 0.12, 0.32)
    pale = calc(tree, "MULTIPLY", between(tree, threads, 0.3, 0.75), worn_off)
    shade = mix(tree, pale, color, blend(color, (0.6, 0.62, 0.65), 0.75))
    return _cloth(tree, subject, shade, rough=0.9, sheen=0.2, folds=1.2)


def _shell(tree: Tree, subject: Subject) -> Socket:
    worn = subject.worn
    share: Number = between(tree, field(tree, PANEL), 0.48, 0.52) if PANEL in subject.fields else 0.0
    shade = mix(tree, share, worn.color, worn.second)
    creases = noise(tree, place(tree), 15.0)
    return _cloth(tree, subject, shade, rough=0.6, sheen=0.2, folds=0.0, relief=creases, relief_height=0.003)


RECIPES: Mapping[str, Callable[[Tree, Subject], Socket]] = {
    "matt": _matt,
    "nylon": _nylon,
    "satin": _satin,
    "velvet": _velvet,
    "lace": _lace,
    "illusion": _illusion,
    "sequins": _sequins,
    "crystals": _crystals,
    "gradient": _gradient,
    "panels": _panels,
    "knit": _knit,
    "fleece": _fleece,
    "denim": _denim,
    "shell": _shell,
}


def _cloth(
    tree: Tree,
    subject: Subject,
    shade: Socket | Color,
    *,
    rough: float,
    sheen: float,
    sheen_tint: Color = (1.0, 1.0, 1.0),
    folds: float = 1.0,
    relief: Socket | None = None,
    relief_height: float = 0.0,
) -> Socket:
    """Cloth with soft folds about as deep as stretch cloth has, darker hems, and a relief if the fabric has one."""
    inputs: dict[str, object] = {}
    if relief is not None:
        inputs["Normal"] = bump(tree, relief, relief_height)
    elif folds > 0.0:
        inputs["Normal"] = bump(tree, noise(tree, stretched(tree, place(tree), (1.0, 1.0, 1.6)), 16.0), 0.006 * folds)
    return principled(
        tree,
        _hemmed(tree, subject, shade),
        Roughness=rough,
        IOR=1.45,
        Sheen_Weight=sheen,
        Sheen_Roughness=0.45,
        Sheen_Tint=(*sheen_tint, 1.0),
        **inputs,
    )


def _hemmed(tree: Tree, subject: Subject, shade: Socket | Color) -> Socket | Color:
    if SEAM not in subject.fields:
        return shade
    folded = between(tree, field(tree, SEAM), 0.5 * HEM, HEM, 0.5, 0.0)
    return mix(tree, folded, shade, (0.25, 0.25, 0.25), "MULTIPLY")


def _lace_threads(tree: Tree) -> Socket:
    """1 on threads: flowers of small petals about a heart, joined by fine net."""
    at = place(tree)
    flower, _ = cells(tree, at, 48.0)
    crown = calc(tree, "MULTIPLY", between(tree, flower, 0.58, 0.52), between(tree, flower, 0.2, 0.24))
    petals = cell_walls(tree, at, 210.0)
    petal = calc(tree, "MULTIPLY", faded(tree, between(tree, petals, 0.06, 0.12), 0.8, 0.005), crown)
    heart = between(tree, flower, 0.13, 0.1)
    net = faded(tree, between(tree, cell_walls(tree, at, 330.0), 0.1, 0.05, 0.0, 0.6), 0.12, 0.003)
    return calc(tree, "MAXIMUM", calc(tree, "MAXIMUM", petal, heart), net)


def _spangled(tree: Tree, subject: Subject, per_metre: float, radius: float, dense: Number) -> Socket:
    """Small mirrors, each turned its own way, on jersey; `dense` is the share of cells that hold one."""
    worn = subject.worn
    distance, own = cells(tree, place(tree), per_metre)
    there = calc(tree, "LESS_THAN", channel(tree, own, "Red"), dense)
    disc = calc(tree, "MULTIPLY", between(tree, distance, radius, 0.8 * radius), there)
    brightness = between(tree, channel(tree, own, "Green"), 0.0, 1.0, 0.35, 1.0)
    spangle = mix(tree, brightness, scaled(worn.second, 0.3), worn.second)
    shade = mix(tree, disc, _hemmed(tree, subject, worn.color), spangle)
    normal = add_node(tree, "ShaderNodeNewGeometry").outputs["Normal"]
    tilt = add_node(tree, "ShaderNodeVectorMath", {0: own, 1: (0.5, 0.5, 0.5)}, operation="SUBTRACT").outputs[0]
    strength = calc(tree, "MULTIPLY", disc, 0.9)
    tilt = add_node(tree, "ShaderNodeVectorMath", {0: tilt, "Scale": strength}, operation="SCALE").outputs[0]
    turned = add_node(tree, "ShaderNodeVectorMath", {0: normal, 1: tilt}, operation="ADD").outputs[0]
    turned = add_node(tree, "ShaderNodeVectorMath", {0: turned}, operation="NORMALIZE").outputs[0]
    return principled(
        tree,
        shade,
        Normal=turned,
        Metallic=calc(tree, "MULTIPLY", disc, 0.85),
        Roughness=calc(tree, "MULTIPLY_ADD", disc, -0.45, 0.62),
        Sheen_Weight=0.15,
    )
