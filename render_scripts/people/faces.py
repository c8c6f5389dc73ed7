"""What makes faces different: details of the head, and what a face does."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from blender_addon.makehuman.details import FACE_SPREAD
from render_scripts.distributions import Between, Numbers, weighted
from render_scripts.draws import Streams
from render_scripts.job import PersonJob

# Standard deviations up to which details are drawn: as far as `FACE_SPREAD` answers for them.
_FARTHEST = 2.0
_FIRST, _LAST = ndtr((-_FARTHEST, _FARTHEST))
_SPREADS = np.array(list(FACE_SPREAD.values()))

# Faces of skaters, by how often they are seen, each as strong as it is usually: most are calm.
USUAL_EXPRESSIONS: dict[str, tuple[float, Numbers]] = {
    "smile": (0.4, Between(0.2, 0.8)),
    "effort": (0.3, Between(0.2, 0.7)),
    "open_mouth": (0.15, Between(0.05, 0.3)),
    "surprise": (0.05, Between(0.1, 0.4)),
}
_WHICH = weighted({name: often for name, (often, _) in USUAL_EXPRESSIONS.items()})


def draw_details(ask: PersonJob, years: float, streams: Streams) -> dict[str, float]:
    """Details of head and body: those the job gives, and the usual spread of the others.

    Children differ less: at 6 years by half as much as the grown-up.
    """
    out: dict[str, float] = {}
    if ask.variety > 0.0:
        units = streams("details", len(FACE_SPREAD)).units()
        grown = min(max(0.5 + 0.05 * (years - 6.0), 0.5), 1.0)
        far = ndtri(_FIRST + (_LAST - _FIRST) * units)
        out = dict(zip(FACE_SPREAD, np.round(ask.variety * grown * _SPREADS * far, 4).tolist(), strict=True))
    for name, given in ask.details.items():
        out[name] = streams(f"details/{name}").of(given, given)
    return {name: amount for name, amount in out.items() if amount != 0.0}


def draw_expression(ask: PersonJob, share: float, streams: Streams) -> dict[str, float]:
    """A face's expression; without the job's word, that of a `share` of people, calm otherwise."""
    if ask.expression is not None:
        return {name: streams(f"expression/{name}").of(given, given) for name, given in ask.expression.items()}
    draws = streams("expression")
    shown, which, strength = draws.unit() < share, draws.unit(), draws.unit()
    if not shown:
        return {}
    name = _WHICH.at(which)
    return {name: USUAL_EXPRESSIONS[name][1].at(strength)}
