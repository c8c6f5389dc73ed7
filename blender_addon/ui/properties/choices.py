"""Choices of the panel's menus, taken from the project's own tables when a menu is first asked for.

A .blend file keeps a choice as a number; here it follows from the word, so that a table may grow or be sorted anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from functools import cache

from blender_addon.ui.request.fields import ANY

Item = tuple[str, str, str, str, int]
Items = Callable[[object, object], list[Item]]
Described = Iterable[tuple[str, str, str]]
"""Name, what the panel says, what its hint says."""

NUMBER_OF_ANY = 0


def number_of(name: str) -> int:
    """The number that stands for a choice in a .blend file."""
    return NUMBER_OF_ANY if name == ANY else zlib.crc32(name.encode()) & 0x7FFFFFFF


def in_words(name: str) -> str:
    """A table's name as a menu shows it."""
    return name.replace("_", " ").replace("-", " ").title()


def items_of(described: Described) -> list[Item]:
    """A menu's items, for `EnumProperty`."""
    return [(name, label, hint, "NONE", number_of(name)) for name, label, hint in described]


def later(described: Callable[[], Described]) -> Items:
    """Items that are looked up when the menu is first drawn: most tables bring numpy, scipy or pydantic.

    Blender asks for a default by its number: `number_of`.
    """

    @cache
    def items() -> list[Item]:
        # Blender does not keep the words: the list must live as long as the menu.
        return items_of(described())

    return lambda owner, context: items()


def any_of(hint: str, described: Callable[[], Described]) -> Items:
    """The same with "Any" in front."""
    return later(lambda: [(ANY, "Any", hint), *described()])


def outfits() -> Described:
    """What somebody wears."""
    from render_scripts.people.outfits import OUTFITS

    for name, outfit in OUTFITS.items():
        yield name, in_words(name), _sentence(outfit.about)
    yield "random", "Random", "Any garment, fabric and colour that goes together"


def hair_styles() -> Described:
    """How hair is worn."""
    from blender_addon.skater.hair.styles import STYLES

    for name in STYLES:
        yield name, in_words(name), ""


def elements() -> Described:
    """Skating elements that are made from a description, without a recording."""
    from mocap.elements.library import ELEMENTS

    for name, element in ELEMENTS.items():
        yield name, in_words(name), f"A job file can give its {', '.join(element.parameters)}"


def rink_kinds() -> Described:
    """Kinds of rinks."""
    from render_scripts.scenes.presets import LIGHTS

    hints = {"arena": "A hall with stands", "training": "A small, low hall", "outdoor": "Under the sky"}
    for name in LIGHTS:
        yield name, in_words(name), hints.get(name, "")


def plans() -> Described:
    """Sizes of the ice."""
    from render_scripts.scenes.presets import PLANS

    for name, (length, width, _) in PLANS.items():
        yield name, f"{in_words(name)} ({length:g} × {width:g} m)", ""


def light_kinds() -> Described:
    """Kinds of light, with the rinks that have them."""
    from render_scripts.scenes.presets import LIGHTS

    for name in dict.fromkeys(kind for kinds in LIGHTS.values() for kind in kinds):
        homes = [home for home in LIGHTS if name in LIGHTS[home]]
        yield name, in_words(name), f"Over rinks of these kinds: {', '.join(homes)}"


def presets() -> Described:
    """How much a scene varies."""
    from render_scripts.scenes.presets import PRESETS

    words = {
        "clean": ("Clean", "A well lit arena and a steady camera; nothing disturbs the picture"),
        "default": ("As Filmed", "Rinks, light and cameras as one meets them: a little shake, noise and motion blur"),
        "wild": ("Hard", "Strong blur, noise and shake, skaters cut off, wrong exposure and colours, dusk, show light"),
    }
    for name in PRESETS:
        yield name, *words.get(name, (in_words(name), ""))


def ways_to_follow() -> Described:
    """What cameras do while somebody skates."""
    from render_scripts.job.scene import FOLLOW

    words = {
        "pan": ("Turn", "Stands in one place and turns after the skater"),
        "fixed": ("Stand Still", "Never moves; the whole travel is in the picture"),
        "walk": ("Walk", "Turns after the skater while its operator walks along the boards"),
        "skate": ("Skate Along", "Keeps near the skater, on the ice"),
    }
    for name in FOLLOW:
        yield name, *words.get(name, (in_words(name), ""))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
