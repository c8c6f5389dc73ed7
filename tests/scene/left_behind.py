"""What somebody who comes into Blender could leave behind when they go, as numbers and names to compare.

Read by the tests of bpy, and run as it stands in the real Blender.
"""

import os

import bpy


def countable():
    """Everything that a script can see of handlers, classes, properties, data, keymaps and the environment."""
    handlers = {
        name: len(made) for name in dir(bpy.app.handlers) if isinstance(made := getattr(bpy.app.handlers, name), list)
    }
    classes = {
        kind.__name__
        for base in ("Panel", "Operator", "PropertyGroup", "AddonPreferences", "Menu", "UIList", "Header", "Gizmo")
        for kind in getattr(bpy.types, base).__subclasses__()
        if getattr(kind, "is_registered", False)
    }
    properties = {
        owner: sorted({*getattr(bpy.types, owner).bl_rna.properties.keys(), *dir(getattr(bpy.types, owner))})
        for owner in ("Scene", "WindowManager", "Object", "Material", "Screen", "Armature", "Camera", "Collection")
    }
    data = {
        name: sorted(thing.name_full for thing in made)
        for name in dir(bpy.data)
        if isinstance(made := getattr(bpy.data, name), bpy.types.bpy_prop_collection)
    }
    keymaps = {
        config.name: sum(len(keymap.keymap_items) for keymap in config.keymaps)
        for config in bpy.context.window_manager.keyconfigs
    }
    own = {
        f"{name}/{thing.name}": sorted(thing.keys())
        for name in ("scenes", "screens", "window_managers", "materials", "objects")
        for thing in getattr(bpy.data, name)
    }
    environment = {name: value for name, value in os.environ.items() if "SKATESYNTH" in name}
    operators = sorted(dir(bpy.ops.skatesynth))
    return {
        "handlers": handlers,
        "classes": sorted(classes),
        "properties": properties,
        "data": data,
        "keymaps": keymaps,
        "own": own,
        "environment": environment,
        "operators": operators,
    }


def held():
    """What our own modules hold of Blender that it does not tell by itself: all of it empty or none."""
    from blender_addon.ui import command, fetching, thumbnail, watch
    from blender_addon.ui.overlay import mesh_colors, viewport

    timers = [watch.tick, fetching.tick, viewport._switch_off]
    return {
        "draw handlers": len(viewport._handles),
        "timers": sum(bpy.app.timers.is_registered(timer) for timer in timers),
        "command": command._handle,
        "icons": thumbnail._icons,
        "handlers": sum(handler in getattr(bpy.app.handlers, name) for name, handler in mesh_colors._HANDLERS),
    }
