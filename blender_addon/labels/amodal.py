"""Whole silhouettes of people, what is hidden included, as bits of one mask. Arrays in, arrays out; no bpy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from blender_addon.labels.annotate import visible_box
from blender_addon.render.frame import Amodal

MOST = 16
"""People that a mask of 16 bits has room for."""


def as_bits(silhouettes: Mapping[int, np.ndarray], height: int, width: int) -> np.ndarray:
    """(H, W) uint16 in which bit k − 1 is set where instance k would be seen if nothing else were there.

    Args:
        silhouettes: (H, W) bool by instance, 1 … `MOST`.
    """
    out = np.zeros((height, width), dtype=np.uint16)
    for instance, mask in silhouettes.items():
        if not 1 <= instance <= MOST:
            raise ValueError(f"instance {instance} has no bit among {MOST}")
        out |= np.left_shift(mask.astype(np.uint16), instance - 1)
    return out


def silhouette(bits: np.ndarray, instance: int) -> np.ndarray:
    """(H, W) bool: where a person would be seen if nothing else were there; nowhere for a spectator."""
    if instance > MOST:
        return np.zeros(bits.shape, dtype=bool)
    return (bits >> (instance - 1)) & 1 > 0


def amodal_facts(bits: np.ndarray, instances: np.ndarray, instance: int) -> Amodal:
    """What is known of one person from the silhouettes' bits and the instance mask, both (H, W)."""
    whole = silhouette(bits, instance)
    seen = int((instances == instance).sum())
    return Amodal(bbox=visible_box(whole), visible=seen / int(whole.sum()) if whole.any() else 0.0)
