"""MakeHuman's materials (.mhmat), as far as a picture of cloth or hair needs them.

The format and its words: MPFB2's `docs/fileformats/mhmat.md`, whose defaults are taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from blender_addon.color import Color
from blender_addon.makehuman.asset_text import AssetText, read_asset_text

# By what it is to us: the words for it in a file, in small letters.
_TEXTURES = {
    "color_map": (
        *("diffusetexture", "diffusemaptexture", "albedotexture", "albedomaptexture"),
        *("basecolortexture", "basecolormaptexture"),
    ),
    "normal_map": ("normalmaptexture",),
    "bump_map": ("bumpmaptexture", "bumptexture"),
    "roughness_map": ("roughnessmaptexture",),
    "opacity_map": ("opacitymaptexture", "opacitytexture"),
}


@dataclass(frozen=True)
class Mhmat:
    """A material.

    Attributes:
        color: albedo where there is no picture of it.
        color_map, normal_map, bump_map, roughness_map, opacity_map: pictures, or None.
        roughness, metallic, opacity: 0…1.
        transparent: whether the colour's picture says where there is something, and where nothing.
    """

    color: Color = (0.5, 0.5, 0.5)
    color_map: Path | None = None
    normal_map: Path | None = None
    bump_map: Path | None = None
    roughness_map: Path | None = None
    opacity_map: Path | None = None
    roughness: float = 0.7
    metallic: float = 0.0
    opacity: float = 1.0
    transparent: bool = False


@lru_cache(maxsize=16)
def read_mhmat(path: Path) -> Mhmat:
    """The material in a file.

    Raises:
        UserError: it cannot be read, or a picture that it names is missing.
    """
    text = read_asset_text(path, comments=("#", "//"))
    said = {words[0].lower(): (number, words[1:]) for number, words in text.lines}
    maps = {
        name: next((text.beside(said[word][1], said[word][0]) for word in words if word in said), None)
        for name, words in _TEXTURES.items()
    }
    color = Mhmat.color
    if "diffusecolor" in said:
        number, words = said["diffusecolor"]
        red, green, blue = (min(max(float(value), 0.0), 1.0) for value in text.numbers(words, 3, number))
        color = (red, green, blue)
    transparent = "transparent" in said and [word.lower() for word in said["transparent"][1][:1]] in (
        ["true"],
        ["t"],
        ["1"],
    )
    return Mhmat(
        color=color,
        **maps,
        roughness=_share(text, said, "roughness", Mhmat.roughness),
        metallic=_share(text, said, "metallic", Mhmat.metallic),
        opacity=_share(text, said, "opacity", Mhmat.opacity),
        transparent=transparent,
    )


def _share(text: AssetText, said: dict[str, tuple[int, list[str]]], name: str, default: float) -> float:
    if name not in said:
        return default
    number, words = said[name]
    return min(max(float(text.numbers(words, 1, number)[0]), 0.0), 1.0)
