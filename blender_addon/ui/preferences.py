# mypy: disable-error-code="valid-type", no-strict-optional
# Blender reads a property from what stands in a type's place, which no type checker takes for a type; and by its
# stubs a context may lack whatever it is asked for, which it does not where a panel draws.
"""What the user sets once, for all files: where MakeHuman's data is, and what renders."""

import os
from functools import lru_cache
from pathlib import Path
from typing import cast

import bpy

from blender_addon.makehuman.assets import CACHE_VARIABLE, cache_folder, data_version, find_assets
from blender_addon.makehuman.base_mesh import BASE_OBJ
from blender_addon.ui import fetching
from blender_addon.ui.words import paragraph
from mocap.errors import UserError

# Of the environment before a preference took its place, to be put back: None where there was nothing.
_before: dict[str, str | None] = {}


def add() -> None:
    """Has this Blender use what the preferences say; the class must be registered."""
    mine = preferences_or_none(bpy.context)
    use_cache(mine.cache if mine is not None else "")


def take_away() -> None:
    """Puts the environment back as it was. Harmless when nothing was changed."""
    use_cache("")
    _before.clear()


def use_cache(folder: str) -> None:
    """Has this Blender, and the processes that it starts, keep what is fetched in a folder; "" for the usual one."""
    before = _before.setdefault(CACHE_VARIABLE, os.environ.get(CACHE_VARIABLE))
    chosen = bpy.path.abspath(folder) if folder else before
    if chosen is None:
        os.environ.pop(CACHE_VARIABLE, None)
    else:
        os.environ[CACHE_VARIABLE] = chosen


def _cache_changed(mine: bpy.types.AddonPreferences, context: bpy.types.Context) -> None:
    use_cache(cast(SkateSynthPreferences, mine).cache)


class SkateSynthPreferences(bpy.types.AddonPreferences):
    """Edit → Preferences → Add-ons → SkateSynth. `bl_idname` is set when registering: Blender chooses it."""

    assets: bpy.props.StringProperty(
        name="MakeHuman Data",
        description="Folder that holds 3dobjs/base.obj, such as MPFB's data folder. Empty: MPFB's own if that is "
        "installed, else what has been fetched",
        subtype="DIR_PATH",
    )
    cache: bpy.props.StringProperty(
        name="Cache",
        description="Folder in which the fetched MakeHuman data is kept. Empty: the system's own place for such",
        subtype="DIR_PATH",
        update=_cache_changed,
    )
    device: bpy.props.EnumProperty(
        name="Device",
        description="What renders, where the panel says nothing else",
        items=[
            ("auto", "Automatic", "The graphics card if Cycles can use it, else the processor"),
            ("cpu", "Processor", "Every machine has one; the same machine gives the same bytes"),
            ("gpu", "Graphics Card", "Refused where Cycles can use none"),
        ],
        default="auto",
    )
    workers: bpy.props.IntProperty(
        name="Processes",
        description="Clips rendered at the same time; each takes about 2 GB of memory",
        default=1,
        min=1,
        max=256,
    )

    def draw(self, context: bpy.types.Context) -> None:
        """Where the data is, or what is missing and the button that fetches it; then what renders."""
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        column = layout.column()
        column.prop(self, "assets")
        column.prop(self, "cache", placeholder=str(cache_folder()))
        box = column.box()
        found, words = data_state(self.assets)
        paragraph(box, context, words, icon="CHECKMARK" if found else "ERROR")
        fetching.draw(box, context, needed=not found)
        column.separator()
        column.prop(self, "device")
        column.prop(self, "workers")


def preferences(context: bpy.types.Context) -> SkateSynthPreferences:
    """The user's preferences of this extension."""
    return cast(SkateSynthPreferences, context.preferences.addons[SkateSynthPreferences.bl_idname].preferences)


def preferences_or_none(context: bpy.types.Context) -> SkateSynthPreferences | None:
    """Likewise; None where Blender keeps none, as when a script has registered the extension by itself."""
    if SkateSynthPreferences.bl_idname not in context.preferences.addons:
        return None
    return preferences(context)


def makehuman_data(context: bpy.types.Context) -> Path:
    """MakeHuman's data folder, as the preferences have it; nothing is fetched.

    Raises:
        UserError: there is none, or what is named is none.
    """
    mine = preferences_or_none(context)
    found = find_assets(_folder(mine.assets) if mine is not None else None)
    if found is None:
        raise UserError(
            "there is no MakeHuman data yet", mend="Preferences, Add-ons, SkateSynth: fetch it, or name its folder."
        )
    return found


def data_state(folder: str) -> tuple[bool, str]:
    """Whether there is MakeHuman data, and where and which, or what is missing, as a sentence.

    Args:
        folder: what the user has named, or "".
    """
    try:
        found = find_assets(_folder(folder))
    except UserError as error:
        return False, error.line()
    if found is None:
        return False, "There is no MakeHuman data yet: fetch it once, or name a folder above."
    return True, f"MakeHuman data ({_version(found, (found / BASE_OBJ).stat().st_mtime_ns)}), in {found}"


@lru_cache(maxsize=16)
def _version(folder: Path, changed: int) -> str:
    # Of a folder without marks of its own it is a digest of megabytes.
    return data_version(folder)


def _folder(named: str) -> Path | None:
    return Path(bpy.path.abspath(named)) if named else None


CLASSES: tuple[type, ...] = (SkateSynthPreferences,)
