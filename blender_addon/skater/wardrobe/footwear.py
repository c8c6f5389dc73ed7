"""What is worn on the feet, as far as other garments have to know. Numpy alone."""

from __future__ import annotations

from blender_addon.skater.skates import boot_uppers
from blender_addon.skater.upper import Upper
from blender_addon.skater.wardrobe.piece import Fitting
from blender_addon.skater.wardrobe.shoes import shoe_uppers


def worn_uppers(fitting: Fitting) -> list[Upper]:
    """The uppers of boots or shoes, left and right; none on bare feet."""
    if "boots" in fitting.worn:
        return boot_uppers(fitting)
    if "shoes" in fitting.worn:
        return shoe_uppers(fitting)
    return []
