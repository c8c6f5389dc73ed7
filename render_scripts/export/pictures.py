"""Pictures and masks of one sample that show a clip's lead alone, as formats of one person want them. No bpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from render_scripts.dense_fields import decode_picture
from render_scripts.sample import Fields


def mask_of(fields: Fields, name: str, own: np.ndarray) -> np.ndarray:
    """(H, W) uint8 class indices of the mask `name` where `own` (H, W) is, 0 elsewhere: on others, too.

    ValueError, KeyError: no such mask, or none of that size.
    """
    mask = decode_picture(fields[f"{name}.png"])
    if mask.shape != own.shape:
        raise ValueError(f"{name}.png and instance.png are of different sizes")
    return np.where(own, mask, 0).astype(np.uint8)


def own_pixels(fields: Fields, person: Mapping[str, Any]) -> np.ndarray:
    """(H, W) bool: where the person is seen."""
    return np.asarray(decode_picture(fields["instance.png"]) == int(person["instance"]))
