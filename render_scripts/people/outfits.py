"""Outfits: which garments go together, and their colours, fabrics and cuts where a job leaves them open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from blender_addon.cast import GarmentSpec
from blender_addon.color import Color
from blender_addon.skater.wardrobe.cuts import CUTS
from blender_addon.skater.wardrobe.fabrics import FABRICS
from blender_addon.skater.wardrobe.outfit import MADE
from render_scripts.distributions import Between, Choice, Mixture, Numbers, always, weighted
from render_scripts.draws import Draws, Streams
from render_scripts.job import GarmentJob, PersonJob
from render_scripts.people import costume_colors as colors
from render_scripts.people.bodies import BodyDraw
from render_scripts.people.kinds import Kind


@dataclass(frozen=True)
class Outfit:
    """Garments that are worn together.

    Attributes:
        about: what it is, for people.
        women: share of those who wear each garment, by its name; men: the same, where it differs.
    """

    about: str
    women: Mapping[str, float]
    men: Mapping[str, float] = field(default_factory=dict)

    def garments(self, female: bool) -> Mapping[str, float]:
        """What is worn of it."""
        return self.women if female or not self.men else self.men


_SKATES = {"boots": 1.0, "blades": 1.0}
OUTFITS: Mapping[str, Outfit] = {
    "dress": Outfit(
        "a competition dress: leotard with a skirt, over tights",
        {"leotard": 1.0, "skirt": 1.0, "tights": 1.0, "gloves": 0.06, **_SKATES},
    ),
    "unitard": Outfit(
        "one piece from the neck to the ankles",
        {"unitard": 1.0, "gloves": 0.12, **_SKATES},
    ),
    "shirt": Outfit(
        "a shirt and trousers, as men compete",
        {"shirt": 1.0, "trousers": 1.0, **_SKATES},
    ),
    "training": Outfit(
        "leggings or trousers with a shirt, often a jacket over it, gloves, now and then a hat",
        {"shirt": 1.0, "tights": 1.0, "jacket": 0.6, "skirt": 0.2, "gloves": 0.55, "hat": 0.08, **_SKATES},
        {"shirt": 1.0, "trousers": 1.0, "jacket": 0.5, "gloves": 0.45, "hat": 0.08, **_SKATES},
    ),
    "coach": Outfit(
        "warm clothes for standing on the ice",
        {"shirt": 1.0, "trousers": 1.0, "jacket": 1.0, "hat": 0.35, "gloves": 0.35, "shoes": 1.0},
    ),
    "street": Outfit(
        "what people sit in the stands in",
        {"shirt": 1.0, "trousers": 1.0, "jacket": 0.75, "hat": 0.25, "shoes": 1.0},
    ),
}

_NOTHING_ASKED = GarmentJob()

NAKED_LEGS = "nude"
# Tights under a dress.
_TIGHTS = weighted({NAKED_LEGS: 0.74, "black": 0.2, "white": 0.06})

# What garments are made of, and how often: of a costume, and where it differs, for training and in the street.
_DRESS = {
    "satin": 0.22, "matt": 0.2, "velvet": 0.12, "crystals": 0.12, "gradient": 0.12, "lace": 0.08, "sequins": 0.06,
    "panels": 0.08,
}  # fmt: skip
FABRICS_WORN: Mapping[str, Mapping[str, Mapping[str, float]]] = {
    "costume": {
        "leotard": _DRESS,
        "unitard": {"matt": 0.4, "satin": 0.15, "velvet": 0.1, "panels": 0.15, "gradient": 0.1, "crystals": 0.1},
        "skirt": {"matt": 0.45, "satin": 0.3, "gradient": 0.25},
        "tights": {"nylon": 1.0},
        "gloves": {"knit": 0.3, "matt": 0.7},
        "shirt": {"matt": 0.45, "satin": 0.25, "gradient": 0.1, "crystals": 0.08, "panels": 0.12},
        "trousers": {"matt": 0.85, "satin": 0.15},
    },
    "training": {
        # Leggings.
        "tights": {"matt": 1.0},
        "gloves": {"knit": 0.6, "matt": 0.4},
        "shirt": {"matt": 0.9, "panels": 0.1},
        "trousers": {"matt": 0.5, "shell": 0.3, "fleece": 0.2},
        "jacket": {"fleece": 0.5, "shell": 0.4, "panels": 0.1},
        "hat": {"knit": 1.0},
    },
    "street": {
        "gloves": {"knit": 0.8, "matt": 0.2},
        "shirt": {"matt": 0.6, "knit": 0.4},
        "trousers": {"denim": 0.45, "matt": 0.35, "fleece": 0.1, "shell": 0.1},
        "jacket": {"shell": 0.5, "fleece": 0.35, "knit": 0.15},
        "hat": {"knit": 1.0},
    },
}
_WHERE = {"dress": "costume", "unitard": "costume", "shirt": "costume", "training": "training"}
_MATT = always("matt")

_SOMETIMES = Mixture((Between(0.0, 0.0), Between(0.25, 1.0)), (0.75, 0.25))
# Cuts that vary; the others stay at the garment's own default.
CUTS_WORN: Mapping[str, Mapping[str, Numbers]] = {
    "leotard": {
        "neckline": Between(0.1, 0.75),
        "vee": Mixture((Between(0.0, 0.0), Between(0.4, 1.0)), (0.6, 0.4)),
        "back": Mixture((Between(0.0, 0.4), Between(0.4, 1.0)), (0.55, 0.45)),
        "keyhole": Mixture((Between(0.0, 0.0), Between(0.3, 0.8)), (0.85, 0.15)),
        "sleeves": Mixture(
            (Between(0.0, 0.0), Between(0.3, 0.4), Between(0.65, 0.7), Between(1.0, 1.0)), (0.28, 0.1, 0.12, 0.5)
        ),
        "panels": _SOMETIMES,
    },
    "unitard": {
        "neckline": Between(0.0, 0.6),
        "vee": Mixture((Between(0.0, 0.0), Between(0.4, 1.0)), (0.7, 0.3)),
        "back": Between(0.0, 0.6),
        "sleeves": Mixture((Between(0.0, 0.0), Between(0.35, 0.35), Between(1.0, 1.0)), (0.15, 0.1, 0.75)),
        "panels": _SOMETIMES,
        "over_boots": Mixture((Between(0.0, 0.0), Between(0.5, 0.5), Between(1.0, 1.0)), (0.45, 0.35, 0.2)),
    },
    "tights": {"over_boots": Mixture((Between(0.0, 0.0), Between(0.5, 0.5), Between(1.0, 1.0)), (0.55, 0.15, 0.3))},
    "skirt": {
        "length": Between(0.15, 0.6),
        "flare": Between(0.3, 0.85),
        "asymmetry": Mixture((Between(0.0, 0.0), Between(0.2, 0.8)), (0.7, 0.3)),
    },
    "shirt": {
        "sleeves": Mixture((Between(0.35, 0.35), Between(1.0, 1.0)), (0.35, 0.65)),
        "fit": Between(0.15, 0.7),
        "length": Between(0.4, 0.65),
        "neckline": Between(0.05, 0.45),
        "vee": Mixture((Between(0.0, 0.0), Between(0.5, 1.0)), (0.7, 0.3)),
        "panels": _SOMETIMES,
        "tucked": Mixture((Between(0.0, 0.0), Between(1.0, 1.0)), (0.7, 0.3)),
    },
    "trousers": {"fit": Between(0.05, 0.55), "panels": _SOMETIMES},
    "jacket": {
        "open": Mixture((Between(0.0, 0.15), Between(0.3, 1.0)), (0.7, 0.3)),
        "length": Between(0.15, 0.55),
        "fit": Between(0.2, 0.6),
        "panels": _SOMETIMES,
    },
    "shoes": {"height": Between(0.2, 1.0)},
    "hat": {"length": Between(0.0, 1.0)},
    "gloves": {"cuff": Mixture((Between(0.0, 0.0), Between(1.0, 1.0)), (0.5, 0.5))},
    "boots": {"height": Between(0.35, 0.65)},
}


# Children's costumes are closed: no cut of theirs goes beyond these.
_CHILD_UP_TO = 14.0
CHILDRENS_LIMITS: Mapping[str, float] = {"neckline": 0.4, "back": 0.45, "vee": 0.5, "keyhole": 0.4}


def draw_garments(ask: PersonJob, kind: Kind, body: BodyDraw, skin: Color, streams: Streams) -> dict[str, GarmentSpec]:
    """All that somebody wears.

    Args:
        skin: its tone, which tights may have.
    """
    draws = streams("outfit")
    asked = draws.or_this(ask.outfit, "random")
    usual = _usual_outfit(kind, body.female).at(draws.unit())
    name = usual if asked == "random" else asked
    costume = colors.draw_costume(draws)
    worn = {garment for garment, share in _shares(name, body.female) if draws.unit() < share}
    for garment, given in sorted(ask.garments.items()):
        if streams(f"{garment}/worn").unit() < given.share:
            worn.add(garment)
        else:
            worn.discard(garment)
    # Blades come with boots, whatever the job says: what is listed is what the masks show.
    worn = worn | {"blades"} if "boots" in worn else worn - {"blades"}
    look = _Look(name, body.female, body.years < _CHILD_UP_TO, costume, skin)
    return {
        garment: _garment(garment, ask.garments.get(garment, _NOTHING_ASKED), look, streams(garment))
        for garment in sorted(worn)
    }


@dataclass(frozen=True)
class _Look:
    outfit: str
    female: bool
    child: bool
    costume: colors.Pair
    skin: Color

    @property
    def casual(self) -> bool:
        return self.where != "costume"

    @property
    def where(self) -> str:
        """What it is worn for: a key of FABRICS_WORN."""
        return _WHERE.get(self.outfit, "street")


def _garment(name: str, given: GarmentJob, look: _Look, draws: Draws) -> GarmentSpec:
    first, second = _colors(name, look, draws)
    fabric = draws.of(given.fabric, _fabrics(name, look.where))
    first, second = draws.or_this(given.color, first), draws.or_this(given.second, second)
    cut = {measure: draws.of(given.cut.get(measure), usual) for measure, usual in _cuts(name)}
    if look.child:
        most = CHILDRENS_LIMITS
        cut = {k: v if k in given.cut else min(v, most.get(k, 1.0)) for k, v in cut.items()}
    cut |= {measure: draws.of(value, value) for measure, value in sorted(given.cut.items()) if measure not in cut}
    return GarmentSpec(
        color=first,
        second=second,
        fabric=fabric,
        cut={} if given.file is not None else cut,
        file=given.file,
    )


def _colors(name: str, look: _Look, draws: Draws) -> colors.Pair:
    """A garment's usual colours. Takes three numbers, whatever it is."""
    unit, other, third = draws.unit(), draws.unit(), draws.unit()
    first, second = look.costume
    if name in ("leotard", "unitard", "skirt", "shirt") and not look.casual:
        # Most skirts are of the dress' cloth, some of its second colour.
        return (second, first) if name == "skirt" and unit > 0.75 else (first, second)
    if name == "tights":
        if look.casual and unit > 0.75:
            shade = colors.CASUAL.at(other)
            return shade, shade
        legs = "black" if look.casual else _TIGHTS.at(unit)
        shade = {"black": colors.BLACK, "white": colors.WHITE}.get(legs) or _nude(look.skin, other)
        return shade, shade
    if name == "trousers" and look.outfit == "shirt":
        shade = colors.DARK.at(unit)
        return shade, shade
    if name == "boots":
        shade = (colors.WOMENS_BOOTS if look.female else colors.MENS_BOOTS).at(unit)
        return shade, shade
    if name == "blades":
        return colors.STEEL, colors.STEEL
    if name == "shoes":
        return colors.SHOES.at(unit), colors.WHITE
    if name == "gloves" and third < 0.6:
        return colors.BLACK, colors.BLACK
    return colors.CASUAL.at(unit), colors.CASUAL.at(other)


def _nude(skin: Color, unit: float) -> Color:
    """Tights in the skin's colour: a little tanned, as they come in a few shades only."""
    red, green, blue = (round(channel * (0.82 + 0.25 * unit), 6) for channel in skin)
    return min(red, 1.0), min(0.96 * green, 1.0), min(0.92 * blue, 1.0)


@lru_cache(maxsize=64)
def _usual_outfit(kind: Kind, female: bool) -> Choice[str]:
    often = kind.women if female else kind.men
    can = {name: share for name, share in often.items() if set(_needed(name, female)) <= set(MADE)}
    return weighted(can or {"dress": 1.0})


def _needed(name: str, female: bool) -> list[str]:
    return [garment for garment, share in OUTFITS[name].garments(female).items() if share == 1.0]


@lru_cache(maxsize=64)
def _shares(name: str, female: bool) -> tuple[tuple[str, float], ...]:
    return tuple((garment, share) for garment, share in OUTFITS[name].garments(female).items() if garment in MADE)


@lru_cache(maxsize=64)
def _cuts(garment: str) -> tuple[tuple[str, Numbers], ...]:
    return tuple((name, usual) for name, usual in CUTS_WORN.get(garment, {}).items() if name in CUTS[garment])


@lru_cache(maxsize=64)
def _fabrics(garment: str, where: str) -> Choice[str]:
    often = FABRICS_WORN[where].get(garment) or FABRICS_WORN["costume"].get(garment, {})
    known = {name: share for name, share in often.items() if name in FABRICS}
    return weighted(known) if known else _MATT
