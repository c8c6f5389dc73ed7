"""The boards: kick plate, panels with advertisements, joints, gates, top rail, frame behind. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.color import Color
from blender_addon.rink.advert_sheet import Sheet, advert_sheet, hang
from blender_addon.rink.markings import Line, markings
from blender_addon.rink.plan import Gate, along, bend, gates, hall_of, perimeter, stations, u_at
from blender_addon.rink.quads import Quads, bent, boxes, join, ledge, patch, same, slope, wall_strip
from blender_addon.rink.wear import TALL, TILE
from mocap.rotations import Array

KICK_PLATE_TOP = 0.20
RAIL_BOTTOM = 0.985
PANEL = 2.4
"""Metres from one joint to the next, about."""

# Metres inside the panels' face: kick plate, rail, paint on the panels, and what lies on all of these.
_KICK, _RAIL, _PAINT, _OVER = -0.004, -0.012, -0.002, -0.014
_SKIN = 0.07
JOINT: Color = (0.05, 0.05, 0.055)
STEEL: Color = (0.45, 0.47, 0.50)


def boards(spec: RinkSpec) -> tuple[Quads, Sheet]:
    """All of the boards, with places in the sheet of their advertisements."""
    hall, end = hall_of(spec), perimeter(spec)
    count = round(end / PANEL)
    joints = end * np.arange(count) / count
    sheet = advert_sheet(spec, end / count, RAIL_BOTTOM - KICK_PLATE_TOP)
    v = stations(spec, 2.4, 0.45)
    edge, depth = np.asarray(spec.stripe), hall.boards_depth
    parts = [
        _panels(spec, joints, end, sheet),
        bent(spec, wall_strip(v, end, _KICK, 0.0, KICK_PLATE_TOP), spec.kick_plate),
        bent(spec, ledge(v, end, _KICK, 0.0, KICK_PLATE_TOP), spec.kick_plate),
        bent(spec, wall_strip(v, end, _RAIL, RAIL_BOTTOM, hall.boards - 0.02), edge),
        bent(spec, ledge(v, end, _RAIL, 0.0, RAIL_BOTTOM), edge),
        bent(spec, slope(v, end, (_RAIL, hall.boards - 0.02), (0.01, hall.boards)), edge),
        bent(spec, ledge(v, end, 0.01, depth, hall.boards), edge),
        bent(spec, wall_strip(v, end, depth, hall.boards - 0.06, hall.boards), edge),
        bent(spec, wall_strip(v, end, _SKIN, 0.0, hall.boards - 0.06), 0.8 * np.asarray(spec.boards)),
        _frame(spec, joints, end),
        bent(spec, _upright(joints, 0.005, _OVER + 0.001, 0.0, hall.boards - 0.02), JOINT),
        *_lines(spec),
    ]
    return join(*parts, *(_gate(spec, gate) for gate in gates(spec))), sheet


def wear_places(spec: RinkSpec, quads: Quads) -> Array:
    """(Q, 4, 2) where each corner lies in `wear_map`'s picture, which repeats along the boards."""
    end = perimeter(spec)
    u = along(spec, quads.corners[..., :2])
    # A face that reaches over u = 0 goes on beyond the perimeter.
    u += end * np.rint((u[:, :1] - u) / end)
    return np.stack((u / TILE, np.clip(quads.corners[..., 2] / TALL, 0.005, 0.995)), axis=-1)


def _panels(spec: RinkSpec, joints: Array, end: float, sheet: Sheet) -> Quads:
    """What shows between kick plate and rail: bare panels in the boards' colour, others as their picture."""
    u = np.unique(np.round(np.concatenate((stations(spec, 2.4, 0.45), joints)), 6)).astype(np.float64)
    u = u[np.diff(u, append=end) > 1e-4]
    middle = 0.5 * (u + np.append(u[1:], end))
    panel = np.searchsorted(joints, middle, side="right") - 1
    which, part = hang(spec, len(joints), sheet)
    shown = which[panel] >= 0
    uv = np.zeros((len(u), 4, 2))
    if shown.any():
        box, long = sheet.boxes[which[panel]], sheet.panels[which[panel]]
        pitch = end / len(joints)
        for corner, at in enumerate((u, np.append(u[1:], end), np.append(u[1:], end), u)):
            share = ((at - joints[panel]) / pitch + part[panel]) / long
            uv[:, corner, 0] = box[:, 0] + share * (box[:, 2] - box[:, 0])
            uv[:, corner, 1] = box[:, 1] if corner < 2 else box[:, 3]
    colors = np.where(shown[:, None], 1.0, np.asarray(spec.boards))
    corners = bend(spec, wall_strip(u, end, 0.0, KICK_PLATE_TOP, RAIL_BOTTOM))
    return Quads(corners, colors, np.where(shown[:, None, None], uv, 0.0))


def _upright(u: Array, width: float, s: float, low: float, high: float) -> Array:
    """(N, 4, 3) narrow standing faces, their middles at u (N,)."""
    corners = ((-0.5, low), (0.5, low), (0.5, high), (-0.5, high))
    return np.stack(
        [np.stack((u + a * width, np.full(u.shape, s), np.full(u.shape, z)), axis=-1) for a, z in corners], axis=1
    )


def _frame(spec: RinkSpec, joints: Array, end: float) -> Quads:
    """The steel behind the panels: an upright at every joint and half way, and a rail near the ground."""
    hall = hall_of(spec)
    at = np.concatenate((joints, joints + 0.5 * end / len(joints)))
    low = np.stack((at - 0.02, np.full(at.shape, _SKIN), np.zeros(at.shape)), axis=-1)
    high = np.stack((at + 0.02, np.full(at.shape, hall.boards_depth), np.full(at.shape, hall.boards - 0.06)), axis=-1)
    v = stations(spec, 2.4, 0.6)
    return join(
        bent(spec, boxes(low, high), STEEL),
        bent(spec, wall_strip(v, end, hall.boards_depth - 0.02, 0.10, 0.16), STEEL),
    )


def _lines(spec: RinkSpec) -> list[Quads]:
    """The lines across the ice go on up the boards."""
    made = []
    for mark in markings(spec):
        if isinstance(mark, Line):
            for side in (-1, 1):
                u = u_at(spec, mark.x, side) + mark.width * np.linspace(-0.5, 0.5, 3)
                for s, low, high in ((_PAINT, KICK_PLATE_TOP, RAIL_BOTTOM), (_KICK + _PAINT, 0.0, KICK_PLATE_TOP)):
                    made.append(bent(spec, patch(u, s, low, high), mark.color))
    return made


def _gate(spec: RinkSpec, gate: Gate) -> Quads:
    """Gaps around and between a door's leaves, what its sill is of, and hinges and latch behind."""
    hall = hall_of(spec)
    top, back = hall.boards + 0.002, hall.boards_depth
    u = gate.u + gate.width * np.linspace(0.0, 1.0, gate.leaves + 1)
    around = np.linspace(gate.u, gate.u + gate.width, 5)
    corners = [
        _upright(u, 0.014, _OVER, gate.sill, top),
        patch(around, _OVER, gate.sill - 0.012, gate.sill),
        # The gaps go on over the rail.
        np.stack(
            [
                np.stack((u + a, np.full(u.shape, s), np.full(u.shape, top)), axis=-1)
                for a, s in ((-0.007, _OVER), (0.007, _OVER), (0.007, back), (-0.007, back))
            ],
            axis=1,
        ),
    ]
    dark = np.concatenate(corners)
    below = patch(around, _OVER, 0.0, max(gate.sill - 0.012, 0.0))
    # One hinge pair to each leaf's outer side; the latch where leaves meet, or at the other side.
    hinges = np.repeat([u[0] + 0.05, u[-1] - 0.05][: gate.leaves], 2)
    latch = u[-1] - 0.12 if gate.leaves == 1 else u[1]
    z = np.tile((0.35, 0.85), gate.leaves)
    low = np.stack((hinges - 0.04, np.full(hinges.shape, _SKIN), z - 0.05), axis=-1)
    high = np.stack((hinges + 0.04, np.full(hinges.shape, back), z + 0.05), axis=-1)
    low = np.concatenate((low, ((latch - 0.09, _SKIN, hall.boards - 0.20), (latch - 0.015, 0.03, hall.boards))))
    high = np.concatenate((high, ((latch + 0.09, back, hall.boards - 0.16), (latch + 0.015, back, hall.boards + 0.03))))
    metal = boxes(low, high)
    colors = np.concatenate(
        (same(JOINT, len(dark)), same(0.6 * np.asarray(spec.kick_plate), len(below)), same(STEEL, len(metal)))
    )
    return bent(spec, np.concatenate((dark, below, metal)), colors)
