"""Where on the ice, or beside it, people are. No bpy."""

from __future__ import annotations

import math

from blender_addon.cast import MotionSpec, PlacementSpec
from blender_addon.clip import RinkSpec
from blender_addon.rink.plan import facing_ice, perimeter
from render_scripts.distributions import Between, whole_number
from render_scripts.draws import Draws
from render_scripts.job import PlacementJob
from render_scripts.movement import ZERO, Frames

# Of the element "standing".
STANDING_SECONDS, STANDING_VARIANTS = (2.0, 300.0), Between(0.0, 999.0)
# Share of coaches who stand on the ice; metres outside its edge at which the others and these stand; degrees by which
# they look aside.
COACH_ON_ICE, COACH_FROM_EDGE, COACH_TURNED = 0.5, (0.6, -1.3), 35.0


def draw_placement(ask: PlacementJob, alone: bool, draws: Draws) -> PlacementSpec:
    """Where somebody moves on the ice: the first skater keeps to the middle, the others share the ice with them."""
    x = draws.of(ask.x, ZERO if alone else Between(-10.0, 10.0))
    y = draws.of(ask.y, ZERO if alone else Between(-6.0, 6.0))
    heading = draws.of(ask.heading, ZERO if alone else Between(0.0, 360.0))
    pace = draws.of(ask.pace, ZERO)
    return PlacementSpec(
        x=x,
        y=y,
        heading=round(math.radians(heading), 6),
        root=ask.root or ("recorded" if ask.path is None else "path"),
        path=ask.path or (),
        pace=pace,
        facing=ask.facing or "along",
        yields=all(given is None for given in (ask.x, ask.y, ask.heading, ask.path)),
    )


def draw_coach(rink: RinkSpec, frames: Frames, draws: Draws) -> tuple[MotionSpec, PlacementSpec]:
    """How a coach stands at the boards, on either side of them, facing the ice."""
    seconds = (frames.count - 1) / frames.fps
    motion = MotionSpec(
        element="standing",
        parameters={
            "seconds": round(min(max(seconds + 1.0, STANDING_SECONDS[0]), STANDING_SECONDS[1]), 3),
            "variant": float(whole_number(STANDING_VARIANTS, draws.unit())),
        },
    )
    on_ice = draws.unit() < COACH_ON_ICE
    x, y, heading = facing_ice(rink, draws.unit() * perimeter(rink), COACH_FROM_EDGE[on_ice])
    turned = heading + math.radians(draws.between(-COACH_TURNED, COACH_TURNED))
    return motion, PlacementSpec(x=round(x, 6), y=round(y, 6), heading=round(turned, 6), root="in_place", yields=True)
