"""Whole people: what is drawn of each, put together as a `SkaterSpec`."""

from __future__ import annotations

from blender_addon.cast import CrowdSpec, MotionSpec, PlacementSpec, SkaterSpec
from render_scripts.distributions import whole_number
from render_scripts.draws import Draws, Streams, streams_of
from render_scripts.job import CrowdJob, PersonJob
from render_scripts.people.bodies import draw_body
from render_scripts.people.faces import draw_details, draw_expression
from render_scripts.people.kinds import SPECTATORS, Kind
from render_scripts.people.looks import draw_eyes, draw_hair, draw_skin
from render_scripts.people.outfits import draw_garments


def draw_person(
    ask: PersonJob,
    kind: Kind,
    streams: Streams,
    *,
    motion: MotionSpec,
    placement: PlacementSpec,
    lengths: dict[str, float],
    role: str,
    in_focus: bool,
) -> SkaterSpec:
    """Somebody: what the job asks for, the rest as people of that kind have it."""
    body = draw_body(ask, kind, streams)
    skin = draw_skin(ask, body, streams)
    # Somebody ready made brings a face and clothes along.
    ours = ask.character is None
    return SkaterSpec(
        phenotype=body.phenotype,
        details=draw_details(ask, body.years, streams) if ours else {},
        expression=draw_expression(ask, kind.expression, streams) if ours else {},
        lengths=lengths,
        skin=skin,
        hair=draw_hair(ask, body, kind.on_ice, streams),
        eyes=draw_eyes(ask, body, streams),
        garments=draw_garments(ask, kind, body, skin.tone, streams) if ours else {},
        character=ask.character,
        character_map=ask.character_map,
        motion=motion,
        placement=placement,
        role=role,
        in_focus=in_focus,
    )


def draw_crowd(ask: CrowdJob, seed: int, clip: int) -> CrowdSpec:
    """The spectators of a clip."""
    draws = Draws(seed, clip, "crowd")
    count = whole_number(ask.spectators, draws.unit())
    anybody = PersonJob()
    kinds = tuple(
        draw_person(
            anybody,
            SPECTATORS,
            streams_of(seed, clip, f"spectator/{kind}"),
            motion=MotionSpec(),
            placement=PlacementSpec(),
            lengths={},
            role="spectator",
            in_focus=False,
        )
        for kind in range(min(ask.kinds, count))
    )
    return CrowdSpec(count=count, kinds=kinds, seed=draws.whole())
