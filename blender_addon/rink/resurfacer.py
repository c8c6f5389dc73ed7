"""An ice resurfacer, nose to the ice. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.quads import Quads
from blender_addon.rink.shapes import blocks, gather, painted, tubes, vec


def resurfacer(spec: RinkSpec) -> Quads:
    """Local (a, b, z) faces: 2.1 m wide about a = 0, from b = 0 at its nose to 4 m, standing on z = 0.

    The snow tank in front, the driver's place behind and above it, the conditioner's housing at the back.
    """
    rng = np.random.default_rng((spec.texture_seed, 43))
    tones = ((0.62, 0.62, 0.60), (0.03, 0.12, 0.42), (0.50, 0.04, 0.03), (0.55, 0.35, 0.03))
    body = np.asarray(tones[int(rng.integers(0, len(tones)))])
    trim = np.asarray(spec.stripe) if body[0] > 0.55 else np.full(3, 0.6)
    low = ((-0.95, 0.0, 0.55), (-0.95, 2.1, 0.5), (-1.05, 3.2, 0.08), (-0.5, 2.5, 1.15))
    high = ((0.95, 2.1, 1.75), (0.95, 3.3, 1.15), (1.05, 4.0, 0.75), (0.5, 3.0, 1.75))
    tank = blocks(low[:1], high[:1])
    tank[0, 2:, 1] += 0.35  # the tank's front leans back
    tank[4, :2, 1] += 0.35
    wheels = [(x, y, 0.36) for x in (-0.82, 0.82) for y in (0.75, 2.75)]
    ends = np.array(wheels)
    inner = ends * (0.68, 1.0, 1.0)
    wheel = tubes(inner, ends, 0.36, sides=10)
    hub = blocks(ends - (0.01, 0.2, 0.2), ends + vec(0.01, 0.2, 0.2))
    disc = blocks(ends - (0.005, 0.3, 0.3), ends + vec(0.005, 0.3, 0.3))
    stripe = blocks(((-0.97, -0.01, 1.05),), ((0.97, 2.0, 1.2),))
    lights = blocks(((-0.75, -0.03, 0.75), (0.55, -0.03, 0.75)), ((-0.55, 0.02, 0.9), (0.75, 0.02, 0.9)))
    return gather(
        [
            painted(np.concatenate((tank, blocks(low[1:3], high[1:3]))), body),
            painted(blocks(low[3:], high[3:]), (0.03, 0.03, 0.03)),
            painted(np.concatenate((wheel, disc)), (0.02, 0.02, 0.02)),
            painted(hub, (0.4, 0.4, 0.4)),
            painted(stripe, trim),
            painted(lights, (0.7, 0.7, 0.65)),
        ]
    )
