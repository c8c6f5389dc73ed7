"""How well a sample's labels and its picture agree, as figures with limits. Arrays alone, no bpy.

A figure says how much of something is wrong (`Share`), or by how many pixels (`Offset`). Figures of the same name add
up over samples; what one sample is too small to tell, many together may. `check` is what a validator calls.
"""

from __future__ import annotations

from render_scripts.agreement.camera import camera_figure, projection_figure
from render_scripts.agreement.decoded import Decoded, decoded
from render_scripts.agreement.depth import depth_figures
from render_scripts.agreement.edges import edge_figures
from render_scripts.agreement.figure import Figure, Offset, Rule, Share
from render_scripts.agreement.flow import flow_figures
from render_scripts.agreement.keypoints import keypoint_figures
from render_scripts.agreement.masks import mask_figures, size_figure
from render_scripts.agreement.people import people_figures
from render_scripts.agreement.space import space_figures

__all__ = ["Decoded", "Figure", "Offset", "Rule", "Share", "check", "decoded"]


def check(sample: Decoded, following: Decoded | None = None) -> tuple[Figure, ...]:
    """All figures of a sample, or those that have a meaning where its sizes or its camera are none.

    Args:
        following: the next frame of the same camera, against which flow is checked.
    """
    sizes, camera = size_figure(sample), camera_figure(sample)
    if not sizes.holds:
        return (sizes,)
    if not camera.holds:
        return (sizes, camera, *mask_figures(sample))
    return (
        sizes,
        camera,
        *mask_figures(sample),
        projection_figure(sample),
        *keypoint_figures(sample),
        *depth_figures(sample),
        *space_figures(sample),
        *people_figures(sample),
        *edge_figures(sample),
        *(() if following is None else flow_figures(sample, following)),
    )
