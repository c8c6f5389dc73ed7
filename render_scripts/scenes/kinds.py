"""Which kind of rink and of light a clip has: drawn together, as not every light is found over every rink."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from render_scripts.distributions import Between, Choice, Numbers, Words, weighted
from render_scripts.draws import Streams
from render_scripts.job.scene import RinkJob, SceneJob
from render_scripts.scenes.presets import LIGHTS, PLANS, PRESETS, RINK_KINDS, UNDER_THE_SKY


def draw_kinds(ask: SceneJob, streams: Streams) -> tuple[str, str]:
    """The kind of the rink, and of its light."""
    options = kinds_of(ask)
    rink = weighted({kind: share for kind, (share, _) in options.items()}).at(streams("kind", 1).unit())
    return rink, options[rink][1].at(streams("light/kind", 1).unit())


def kinds_of(ask: SceneJob) -> Mapping[str, tuple[float, Words]]:
    """The kinds of rinks that a scene may have, by how often, and the light of each.

    Where the job names kinds of light only, rinks are those that can have it; a kind that the job names and that cannot
    have the light that it asks for is left out, and nothing is left if that is true of all.
    """
    preset = PRESETS[ask.preset]
    given = ask.rink.kind
    rinks = _shares(preset.rinks if given is None else given)
    out = {kind: (share, light) for kind, share in rinks.items() if (light := _light(ask, kind)) is not None}
    if not out and given is None:
        out = {kind: (1.0, light) for kind in LIGHTS if (light := _light(ask, kind)) is not None}
    return out


def _light(ask: SceneJob, rink: str) -> Words | None:
    """The light over a kind of rink, None if it cannot have what the job asks for."""
    usual = PRESETS[ask.preset].lights[rink] if ask.light.kind is None else ask.light.kind
    can = {kind: share for kind, share in _shares(usual).items() if kind in LIGHTS[rink]}
    windows = ask.rink.windows
    if windows is not None and windows.high == 0.0 and rink != UNDER_THE_SKY:
        can.pop("daylight", None)
    return weighted(can) if can else None


def _shares(words: Choice[str]) -> dict[str, float]:
    out: dict[str, float] = {}
    for word, weight in zip(words.options, words.weights, strict=True):
        if weight > 0.0:
            out[word] = out.get(word, 0.0) + weight
    return out


@dataclass(frozen=True)
class Size:
    """Ice that a job may draw: length, width and radius of the corners."""

    length: Numbers
    width: Numbers
    corner_radius: Numbers


def sizes_of(ask: RinkJob, kind: str) -> tuple[Size, ...]:
    """All sizes that rinks of a kind may have."""
    plan = ask.plan or RINK_KINDS[kind].plan
    return tuple(
        Size(
            *(
                Between(usual, usual) if given is None else given
                for given, usual in zip((ask.length, ask.width, ask.corner_radius), PLANS[name], strict=True)
            )
        )
        for name in _shares(plan)
    )
