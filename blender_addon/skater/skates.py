"""Figure skates built around a shaped foot: lofted boot, sole with heel, stanchions, blade with rocker and toe pick.

Sizes follow common freestyle skates: a leather boot that ends a hand's breadth above the ankle, a heel block higher
than the sole under the ball, a 4 mm blade ground to a rocker of about 7 feet.
"""

from __future__ import annotations

import numpy as np

from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.makehuman.body import Body
from blender_addon.skater.foot import SIDES, Foot, collar_height, find_foot, tights_end
from blender_addon.skater.human import Landmark
from blender_addon.skater.surface import Surface, as_mesh, join, loft, rigid_weights, smoothstep
from blender_addon.skater.wardrobe.piece import FOOTWEAR, Fitting, Piece
from mocap.rotations import Array

SOLE_TO_ICE = 0.062  # metres from the skin of the sole to the ice
LEATHER = 0.004
PADDING = 0.006  # leather and lining between skin and the boot's outside
SOLE_THICKNESS = 0.012
HEEL_THICKNESS = 0.028
TOE_BOX_HEIGHT = 0.038
BLADE_THICKNESS = 0.004
BLADE_HEIGHT = 0.02
ROCKER_RADIUS = 2.1
TOE_PICK_TEETH = 5

_RING = 24


def make_skates(fitting: Fitting) -> Piece:
    """Boots (uppers and soles apart, for their edges) and blades of both feet.

    All stands `SOLE_TO_ICE` too low, with the ice at z = −SOLE_TO_ICE: the whole skater is lifted afterwards.
    """
    body, end = fitting.body, fitting.pattern.boots
    feet = [find_foot(body, side) for side in SIDES]
    bones = len(body.rig.names)
    uppers = join([_boot(foot, bones) for foot in feet])
    soles = join([_rigid(foot, bones, [_sole(foot)]) for foot in feet])
    blades = join([_rigid(foot, bones, _runner(foot)) for foot in feet])
    boots, steel = CLOTHES_INDEX["boots"], CLOTHES_INDEX["blades"]
    meshes = (
        as_mesh("boots", uppers, boots, _boot_parts(uppers, feet), smooth=True, thickness=LEATHER),
        as_mesh("soles", soles, boots, _foot_parts(soles, feet), smooth=False, look="sole"),
        as_mesh("blades", blades, steel, _foot_parts(blades, feet), smooth=False),
    )
    return Piece(
        meshes=meshes,
        layer=FOOTWEAR,
        covers=lambda points, weights: end - points[:, 2],
        lift=SOLE_TO_ICE,
        soles=blade_landmarks(body, ice=-SOLE_TO_ICE),
    )


def blade_landmarks(body: Body, ice: float) -> dict[str, Landmark]:
    """Points on both running edges (left/right × toe, middle, heel); the ice lies at z = `ice` under the bare feet."""
    out = {}
    for side in SIDES:
        foot = find_foot(body, side)
        tail, pick = _edge_ends(foot)
        for place, x in (("toe", pick), ("middle", 0.5 * (tail + pick)), ("heel", tail)):
            point = foot.to_rig(np.array(((x, 0.0, ice + float(_edge_height(foot, np.array(x)))),)))
            out[f"{side}_{place}"] = Landmark(
                points=point,
                bones=np.array(((foot.foot_bone,),)),
                weights=np.ones((1, 1)),
                depth=BLADE_THICKNESS,
                parts=(BODY_PART_INDEX[f"{side}_foot"],),
            )
    return out


def _boot(foot: Foot, bones: int) -> Surface:
    """The upper: sections across the shin, round the heel about a point before the instep, and across the forefoot."""
    points, length = foot.points, foot.length
    pivot_x = float(foot.ankle[0]) + 0.27 * length
    instep = points[(np.abs(points[:, 0] - pivot_x) < 0.012) & (points[:, 2] < 0.6 * length), 2].max()
    pivot_z = float(instep) + 0.016
    collar = collar_height(foot)

    heights = np.linspace(collar, pivot_z, 8)[:-1]
    reach = 0.06 * length
    shaft = [_section(points, (pivot_x, z), (-1.0, 0.0), reach) for z in heights]
    turns = np.linspace(0.0, 0.5 * np.pi, 9)
    heel = [_fan_section(points, (pivot_x, pivot_z), angle) for angle in turns]
    ahead = np.linspace(pivot_x, length - 0.02, 8)[1:]
    toes = [_section(points, (x, pivot_z), (0.0, -1.0), reach) for x in ahead]

    boxes = np.array(shaft + heel + toes)
    boxes += np.array((-PADDING, PADDING, -PADDING, PADDING))
    for _ in range(2):
        boxes[1:-1] = 0.25 * boxes[:-2] + 0.5 * boxes[1:-1] + 0.25 * boxes[2:]
    # A flat bed from the ball to the toes, and a toe box that leaves the toes room.
    bed = slice(len(shaft) + len(heel) - 1, None)
    boxes[bed, 1] = pivot_z + LEATHER
    boxes[bed, 0] = np.minimum(boxes[bed, 0], pivot_z - TOE_BOX_HEIGHT)
    boxes[bed, 0] = np.minimum.accumulate(boxes[bed, 0][::-1])[::-1]
    # The tongue fills the bend before the ankle.
    above = np.concatenate((heights - pivot_z, np.zeros(len(heel))))
    boxes[: len(above), 0] = np.minimum(boxes[: len(above), 0], 0.003 + 0.45 * above)

    origins = np.array(
        [(pivot_x, z) for z in heights] + [(pivot_x, pivot_z)] * len(turns) + [(x, pivot_z) for x in ahead]
    )
    depth = np.array([(-1.0, 0.0)] * len(shaft) + [(-np.cos(a), -np.sin(a)) for a in turns] + [(0.0, -1.0)] * len(toes))
    squareness = np.concatenate((np.full(len(shaft), 2.1), np.linspace(2.1, 2.8, len(heel)), np.full(len(toes), 3.0)))
    rings = np.array([_ring(*row) for row in zip(boxes, origins, depth, squareness, strict=True)])
    rings = np.concatenate((rings, _toe_cap(rings[-1], length + PADDING)))

    # The collar is cut higher behind than in front.
    behind = (pivot_x - rings[0, :, 0]) / np.ptp(rings[0, :, 0])
    rings[0, :, 2] += 0.016 * (behind - 0.5)

    # Nothing of it shows under the sole.
    rings[..., 2] = np.maximum(rings[..., 2], -0.5 * SOLE_THICKNESS)
    vertices, faces = loft(rings, close_end=True)
    # Where tights are seen beside it, the shaft goes with the leg alone.
    with_leg = smoothstep(pivot_z, tights_end(foot), rings[:, :, 2].mean(axis=1))
    with_leg[len(shaft) :] = 0.0
    weights = rigid_weights(len(vertices), bones, foot.foot_bone)
    share = np.repeat(with_leg, _RING)
    weights[:, foot.foot_bone], weights[:, foot.leg_bone] = 1.0 - share, share
    return Surface(foot.to_rig(vertices), faces, weights)


def _section(points: Array, origin: tuple[float, float], direction: tuple[float, float], reach: float) -> Array:
    """Box (near, far, right, left) of the points within `reach` of the half-plane from `origin` along `direction`,
    both in (x, z); near and far are distances from the origin."""
    offset = points[:, (0, 2)] - np.array(origin)
    depth = offset @ np.array(direction)
    aside = np.abs(offset @ np.array((direction[1], -direction[0])))
    return _box(depth, points[:, 1], (aside < reach) & (depth > 0.0))


def _fan_section(points: Array, pivot: tuple[float, float], angle: float) -> Array:
    """The box of `_section` for a half-plane that points back (angle 0) to down (angle π/2)."""
    offset = np.array(pivot) - points[:, (0, 2)]
    distance = np.linalg.norm(offset, axis=1)
    here = np.abs(np.arctan2(offset[:, 1], offset[:, 0]) - angle) < np.radians(9.0)
    return _box(distance, points[:, 1], here)


def _box(depth: Array, lateral: Array, mask: np.ndarray) -> Array:
    return np.array((depth[mask].min(), depth[mask].max(), lateral[mask].min(), lateral[mask].max()))


def _ring(box: Array, origin: Array, depth: Array, squareness: float) -> Array:
    """(R, 3) a superellipse that fills a section's box."""
    angle = np.linspace(0.0, 2.0 * np.pi, _RING, endpoint=False)
    cosine, sine = (np.sign(f(angle)) * np.abs(f(angle)) ** (2.0 / squareness) for f in (np.cos, np.sin))
    distance = 0.5 * (box[0] + box[1]) + 0.5 * (box[1] - box[0]) * sine
    lateral = 0.5 * (box[2] + box[3]) + 0.5 * (box[3] - box[2]) * cosine
    return np.stack((origin[0] + distance * depth[0], lateral, origin[1] + distance * depth[1]), axis=-1)


def _toe_cap(ring: Array, tip: float) -> Array:
    """(4, R, 3) rings that round the boot off from its last section to the tip."""
    start = ring[:, 0].mean()
    share = np.array((0.4, 0.7, 0.9, 1.0))
    scale = np.maximum((1.0 - share**2.4) ** (1.0 / 2.4), 0.35)[:, None]
    middle = 0.5 * (ring.min(axis=0) + ring.max(axis=0))
    bottom = ring[:, 2].min()
    out = np.empty((len(share), *ring.shape))
    out[..., 0] = (start + share * (tip - start))[:, None]
    out[..., 1] = middle[1] + scale * (ring[:, 1] - middle[1])
    out[..., 2] = bottom + (0.35 + 0.65 * scale) * (ring[:, 2] - bottom)
    return out


def _sole(foot: Foot) -> tuple[Array, np.ndarray]:
    """The sole as wide as the foot, thin under the ball and with a heel block behind."""
    length = foot.length
    x = np.concatenate((np.linspace(-0.004, 0.27 * length, 8), np.linspace(0.3 * length, length + 0.004, 14)))
    low = foot.points[foot.points[:, 2] < 0.035]
    near = np.abs(low[:, 0] - np.clip(x, 0.01, length - 0.02)[:, None]) < 0.012
    right = np.where(near, low[:, 1], np.inf).min(axis=1)
    left = np.where(near, low[:, 1], -np.inf).max(axis=1)
    for side in (right, left):
        side[1:-1] = 0.25 * side[:-2] + 0.5 * side[1:-1] + 0.25 * side[2:]
    # Both ends are round.
    along = np.clip(np.minimum((x - x[0]) / 0.028, (x[-1] - x) / 0.045), 0.03, 1.0)
    half = 0.5 * (left - right) * np.sqrt(1.0 - (1.0 - along) ** 2) * 0.97
    middle = 0.5 * (left + right)
    bottom = -np.where(x < 0.285 * length, HEEL_THICKNESS, SOLE_THICKNESS)
    top = np.full_like(x, LEATHER)
    corners = ((middle + half, top), (middle + half, bottom), (middle - half, bottom), (middle - half, top))
    rings = np.stack([np.stack((x, y, z), axis=-1) for y, z in corners], axis=1)
    return loft(rings, close_start=True, close_end=True)


def _edge_ends(foot: Foot) -> tuple[float, float]:
    """Where the running edge begins behind the heel and ends before the toe pick, in the foot's x."""
    return -0.016, foot.length - 0.022


def _edge_height(foot: Foot, x: Array) -> Array:
    """Metres of the running edge above the ice: an arc that touches in the middle."""
    tail, pick = _edge_ends(foot)
    return (x - 0.5 * (tail + pick)) ** 2 / (2.0 * ROCKER_RADIUS)


def _runner(foot: Foot) -> list[tuple[Array, np.ndarray]]:
    """Blade, the two stanchions and their plates."""
    length = foot.length
    top = BLADE_HEIGHT - SOLE_TO_ICE
    front, back = (0.58 * length, 0.96 * length), (0.0, 0.25 * length)
    out = [_blade(foot)]
    for (start, end), sole in ((front, -SOLE_THICKNESS), (back, -HEEL_THICKNESS)):
        out.append(_block(start, end, sole - 0.003, sole, 0.019))
        out.append(_stanchion(start + 0.08 * length * (start > 0.0), end - 0.03 * length, top - 0.002, sole - 0.003))
    return out


def _blade(foot: Foot) -> tuple[Array, np.ndarray]:
    tail, pick = _edge_ends(foot)
    run = np.linspace(tail, pick, 25)
    top_edge = np.full_like(run, BLADE_HEIGHT)
    top_edge[0] = 0.012
    # Teeth climb from the end of the edge, points forward and down.
    tooth = np.arange(TOE_PICK_TEETH)
    valley, point = pick + 0.002 + 0.0045 * tooth, pick + 0.005 + 0.0045 * tooth
    climb = float(_edge_height(foot, np.array(pick))) + 0.0005 + 0.0034 * tooth
    x = np.concatenate((run, np.stack((valley, point), axis=-1).ravel()))
    bottom = np.concatenate((_edge_height(foot, run), np.stack((climb + 0.0035, climb), axis=-1).ravel()))
    above = np.concatenate((top_edge, np.full(2 * TOE_PICK_TEETH, BLADE_HEIGHT + 0.003)))
    return _profile(x, bottom - SOLE_TO_ICE, above - SOLE_TO_ICE, 0.5 * BLADE_THICKNESS)


def _stanchion(start: float, end: float, bottom: float, top: float) -> tuple[Array, np.ndarray]:
    """A waisted post between plate and blade: rings of four from top to bottom."""
    share = np.linspace(0.0, 1.0, 5)[:, None]
    waist = 0.012 * np.sin(np.pi * share)
    x0, x1 = start + waist, end - waist
    half = 0.008 + (0.5 * BLADE_THICKNESS + 0.0005 - 0.008) * np.sqrt(share)
    z = top + (bottom - top) * share
    corners = ((x0, half), (x1, half), (x1, -half), (x0, -half))
    return loft(np.stack([np.concatenate((x, y, z), axis=1) for x, y in corners], axis=1), True, True)


def _block(x0: float, x1: float, z0: float, z1: float, half: float) -> tuple[Array, np.ndarray]:
    return _profile(np.array((x0, x1)), np.full(2, z0), np.full(2, z1), half)


def _profile(x: Array, bottom: Array, top: Array, half: float) -> tuple[Array, np.ndarray]:
    """A solid from its outline seen from the side, `half` metres to both sides."""
    y = np.full_like(x, half)
    corners = ((y, top), (y, bottom), (-y, bottom), (-y, top))
    return loft(np.stack([np.stack((x, y, z), axis=-1) for y, z in corners], axis=1), True, True)


def _rigid(foot: Foot, bones: int, solids: list[tuple[Array, np.ndarray]]) -> Surface:
    return join([Surface(foot.to_rig(v), f, rigid_weights(len(v), bones, foot.foot_bone)) for v, f in solids])


def _boot_parts(boots: Surface, feet: list[Foot]) -> np.ndarray:
    """Foot below the ankle joint, lower leg above."""
    middle = boots.vertices[boots.faces].mean(axis=1)
    half = len(boots.faces) // 2
    out = np.empty(len(boots.faces), dtype=np.uint8)
    for foot, faces in zip(feet, (slice(0, half), slice(half, None)), strict=True):
        low = middle[faces, 2] < foot.ankle[2]
        out[faces] = np.where(low, BODY_PART_INDEX[f"{foot.side}_foot"], BODY_PART_INDEX[f"{foot.side}_lower_leg"])
    return out


def _foot_parts(surface: Surface, feet: list[Foot]) -> np.ndarray:
    return np.repeat([BODY_PART_INDEX[f"{foot.side}_foot"] for foot in feet], len(surface.faces) // 2).astype(np.uint8)
