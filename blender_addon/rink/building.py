"""All that stands around the boards, put together from its parts. No bpy."""

from __future__ import annotations

from blender_addon.clip import RinkSpec
from blender_addon.rink.banners import banners
from blender_addon.rink.cladding import walls
from blender_addon.rink.clock import clock
from blender_addon.rink.furniture import furniture
from blender_addon.rink.outdoors import land, outdoors, trees
from blender_addon.rink.parts import Part
from blender_addon.rink.quads import join
from blender_addon.rink.roof import roof
from blender_addon.rink.rooms import on_walls, rooms
from blender_addon.rink.seats import seats
from blender_addon.rink.stairs import handrails, stairs
from blender_addon.rink.stands import stands
from blender_addon.rink.wall_art import wall_art
from blender_addon.rink.windows import frames, panes


def building_parts(spec: RinkSpec) -> list[Part]:
    """Everything around the boards of a rink, arena, training hall or under the sky. Parts without a face are left out.

    Walls and roof throw shadows where windows let the sun in only.
    """
    made = [
        Part("stands", join(stands(spec), stairs(spec)), "dull"),
        Part("seats", seats(spec), "glossy"),
        Part("handrails", handrails(spec), "glossy"),
    ]
    made += _outdoors(spec) if spec.kind == "outdoor" else _hall(spec)
    return [part for part in made if len(part.quads.colors)]


def _outdoors(spec: RinkSpec) -> list[Part]:
    around, lit = outdoors(spec)
    return [Part("outdoors", around, "dull"), Part("outdoor lights", lit, "glow", shadow=False)]


def _hall(spec: RinkSpec) -> list[Part]:
    sunny = spec.windows > 0.0
    inside, lit = rooms(spec)
    things, signs = on_walls(spec)
    art, ribbon = wall_art(spec)
    housing, shown = clock(spec)
    parts = [
        Part("walls", walls(spec), "dull", shadow=sunny),
        Part("roof", roof(spec), "dull", shadow=sunny),
        Part("rooms", join(inside, things, art), "dull", shadow=False),
        Part("furniture", furniture(spec), "dull"),
        Part("banners", banners(spec), "dull", shadow=False),
        Part("clock", housing, "glossy", shadow=False),
        Part("signs", join(lit, signs, ribbon, shown), "glow", shadow=False),
    ]
    if sunny:
        parts += [
            Part("window frames", frames(spec), "glossy"),
            Part("windows", panes(spec), "window", shadow=False),
            Part("outside", join(land(spec, banks=False), trees(spec)), "dull", shadow=False),
        ]
    return parts
