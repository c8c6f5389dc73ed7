"""What a thing of a character is, as a class of clothes, told by its type in MPFB2 or by the words of its name.

Types are those of MPFB2's `services/objectservice.py`, which it writes into its objects' property
`MPFB_GEN_object_type` (MakeHuman's older importers: `MhObjectType`). Of clothes they say no more than that; names do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

OF_TYPE: Mapping[str, str] = {
    "basemesh": "skin",
    "proxymeshes": "skin",
    "proxymesh": "skin",
    "bodyparts": "skin",
    "eyes": "eyes",
    "eyelashes": "hair",
    "eyebrows": "hair",
    "hair": "hair",
    "teeth": "mouth",
    "tongue": "mouth",
}
"""By object type, in small letters; clothes are not among them."""

# A word of a name counts where it is one of these, in singular or plural, or ends with one of _COMPOUND letters or
# more: "hats", "miniskirts". What stands higher counts first: a "skirt suit" is a skirt, "dress shoes" are shoes.
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("blades", ("blade", "runner")),
    ("boots", ("boot", "skate")),
    ("shoes", ("shoe", "sneaker", "sandal", "slipper", "heel", "trainer")),
    ("socks", ("sock",)),
    ("gloves", ("glove", "mitten")),
    ("glasses", ("glasses", "goggle", "spectacle")),
    ("hat", ("hat", "cap", "beanie", "helmet", "fedora", "headband")),
    ("leotard", ("leotard", "bodysuit", "swimsuit")),
    ("unitard", ("unitard", "catsuit", "jumpsuit", "overall")),
    ("tights", ("tights", "pantyhose", "stocking", "legging")),
    ("skirt", ("skirt", "tutu", "kilt")),
    ("dress", ("dress", "gown")),
    ("jacket", ("jacket", "coat", "hoodie", "blazer", "cardigan", "anorak", "parka")),
    ("trousers", ("trouser", "pants", "jeans", "shorts")),
    ("shirt", ("shirt", "blouse", "sweater", "pullover", "jumper", "top", "polo", "vest", "bra")),
    ("hair", ("hair", "bun", "ponytail", "braid", "brow", "lash", "beard", "moustache", "wig")),
    ("mouth", ("teeth", "tooth", "tongue", "gum")),
    ("eyes", ("eye", "eyeball", "cornea", "iris")),
    ("skin", ("skin", "body", "basemesh", "head", "face")),
)
_COMPOUND = 4


def class_of_type(object_type: str) -> str | None:
    """The class of clothes of an MPFB2 object by its type; None where the type does not say."""
    return OF_TYPE.get(object_type.lower())


def class_of_name(name: str) -> str | None:
    """The class that a name's words say; None where they say nothing."""
    # "femaleSportShoes01" has the words female, Sport and Shoes.
    found = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
    for garment, words in _WORDS:
        if any(_is_a(part, word) for part in found for word in words):
            return garment
    return None


def _is_a(part: str, word: str) -> bool:
    ends = (word, word + "s", word + "es")
    return part.endswith(ends) if len(word) >= _COMPOUND else part in ends
