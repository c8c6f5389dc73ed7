"""How well a sample's labels and its picture agree, as figures with limits. Arrays alone, no bpy.

A figure says how much of something is wrong (`Share`), or by how many pixels (`Offset`). Figures of the same name add
up over samples; what one sample is too small to tell, many together may. `check` is what a validator calls.
"""

from __future__ import annotations

from render_scripts.agreement.camera import camera_figures
from render_scripts.agreement.decoded import Decoded, decoded
from render_scripts.agreement.depth import depth_figures
from render_scripts.agreement.edges import edge_figures
from render_scripts.agreement.figure import Figure, Offset, Rule, Share
from render_scripts.agreement.keypoints import keypoint_figures
from render_scripts.agreement.masks import mask_figures, size_figure

__all__ = ["Decoded", "Figure", "Offset", "Rule", "Share", "check", "decoded"]


def check(sample: Decoded) -> tuple[Figure, ...]:
    """All figures of a sample. Where a picture has not its camera's size, that figure alone: no other has a meaning."""
    sizes = size_figure(sample)
    if sizes.holds is False:
        return (sizes,)
    return (
        sizes,
        *mask_figures(sample),
        *camera_figures(sample),
        *keypoint_figures(sample),
        *depth_figures(sample),
        *edge_figures(sample),
    )
