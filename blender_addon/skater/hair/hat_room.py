"""Hair pressed down to fit under a hat. Numpy alone."""

from __future__ import annotations

import dataclasses

import numpy as np

from blender_addon.skater.hair.head import Head, angles
from blender_addon.skater.hair.strands import Tuft
from blender_addon.skater.surface import smoothstep

ROOM = 0.01
"""Metres above the skull that hair under a hat takes up at most."""
# Degrees above the horizontal at which a hat begins, and from where on it sits close.
_BRIM, _CLOSE = 6.0, 20.0


def pressed(tuft: Tuft, head: Head) -> Tuft:
    """The hair as it lies under a hat; what hangs below stays as it is."""
    offset = tuft.vertices - head.middle
    distance = np.linalg.norm(offset, axis=1)
    directions = offset / distance[:, None]
    skull = head.skull(directions)
    under = smoothstep(_BRIM, _CLOSE, angles(directions)[1])
    height = np.maximum(distance - skull, 0.0)
    less = ROOM * np.tanh(height / ROOM)
    lower = np.where(distance > skull, height - under * (height - less), distance - skull)
    return dataclasses.replace(tuft, vertices=head.middle + directions * (skull + lower)[:, None])
