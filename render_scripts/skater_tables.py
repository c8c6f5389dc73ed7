"""What skaters can look like and wear, as the tables of docs/skaters.md: read from what there is. No bpy."""

from __future__ import annotations

from collections.abc import Mapping

from blender_addon.makehuman.expressions import EXPRESSIONS
from blender_addon.skater.hair.styles import STYLES
from blender_addon.skater.wardrobe.cuts import CUTS
from blender_addon.skater.wardrobe.fabrics import FABRICS
from render_scripts.people.kinds import COACHES, SKATERS, SPECTATORS
from render_scripts.people.looks import STYLES_WORN
from render_scripts.people.outfits import FABRICS_WORN, OUTFITS, Outfit

TOPIC = "wardrobe"
_KINDS = {"skaters": SKATERS, "coaches": COACHES, "spectators": SPECTATORS}


def markdown() -> str:
    """The tables: outfits, garments with their cuts, fabrics, hair styles, expressions."""
    return "\n\n".join((_outfits(), _cuts(), _fabrics(), _styles(), _expressions()))


def _outfits() -> str:
    lines = ["### Outfits", "", "| outfit | what it is | worn in it | how often |", "|---|---|---|---|"]
    for name, outfit in OUTFITS.items():
        lines.append(f"| `{name}` | {outfit.about} | {_worn(outfit)} | {_how_often(name)} |")
    return "\n".join(lines)


def _worn(outfit: Outfit) -> str:
    women = _garments(outfit, female=True)
    return f"{women}; men: {_garments(outfit, female=False)}" if outfit.men else women


def _garments(outfit: Outfit, *, female: bool) -> str:
    return ", ".join(
        name if share == 1.0 else f"{name} ({share:.0%})" for name, share in outfit.garments(female).items()
    )


def _how_often(name: str) -> str:
    found = []
    for kind, who in _KINDS.items():
        shares = [_share(often, name) for often in (who.women, who.men)]
        if any(shares):
            found.append(f"{kind}: {shares[0]:.0%} of women and girls, {shares[1]:.0%} of men and boys")
    return "; ".join(found)


def _share(often: Mapping[str, float], name: str) -> float:
    return often.get(name, 0.0) / sum(often.values())


def _cuts() -> str:
    lines = ["### Cuts", "", "| cut | garments, and the default of each | 0 … 1 |", "|---|---|---|"]
    same: dict[tuple[str, str], list[str]] = {}
    for garment, cuts in CUTS.items():
        for name, cut in cuts.items():
            same.setdefault((name, cut.meaning), []).append(f"{garment} {cut.default:g}")
    lines += [f"| `{name}` | {', '.join(garments)} | {meaning} |" for (name, meaning), garments in same.items()]
    plain = ", ".join(f"`{garment}`" for garment, cuts in CUTS.items() if not cuts)
    return "\n".join(lines) + f"\n\nWithout cuts: {plain}."


def _fabrics() -> str:
    lines = ["### Fabrics", "", "| fabric | what it is | drawn for |", "|---|---|---|"]
    for name, about in FABRICS.items():
        garments = sorted({g for where in FABRICS_WORN.values() for g, often in where.items() if name in often})
        lines.append(f"| `{name}` | {about} | {', '.join(garments)} |")
    return "\n".join(lines)


def _styles() -> str:
    lines = ["### Hair", "", "| style | usual on |", "|---|---|"]
    for name in STYLES:
        who = [f"{group}: {often[name]:.0%}" for group, often in STYLES_WORN.items() if name in often]
        lines.append(f"| `{name}` | {', '.join(who)} |")
    return "\n".join(lines)


def _expressions() -> str:
    names = ", ".join(f"`{name}`" for name in EXPRESSIONS)
    return f"### Expressions\n\n{names}; each 0 … 1, and several add up."
