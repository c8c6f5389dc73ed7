"""The overlay's shader: capsules with a radius in pixels, and round points, which are capsules of no length."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import gpu

from blender_addon.ui.overlay.skeleton import Capsules, Paint, triangles

# The stubs know the constructors of these without arguments only.
_Interface: Any = gpu.types.GPUStageInterfaceInfo
_Vertices: Any = gpu.types.GPUVertBuf
_Index: Any = gpu.types.GPUIndexBuf
_Batch: Any = gpu.types.GPUBatch

# Both ends are moved towards the eye by their metres, which changes their depth but not their pixel: what lies no
# deeper in a body than that is drawn in front of it.
_VERTEX = """
vec4 nearer(vec4 end)
{
  /* The eye is a place, or a direction where it is infinitely far. */
  vec3 towards = eye.xyz - eye.w * end.xyz;
  float far = max(length(towards), 1e-6);
  float step = eye.w > 0.0 ? min(end.w / far, 1.0) : end.w / far;
  return projection * vec4(end.xyz + step * towards, 1.0);
}

void main()
{
  vec4 a = nearer(start);
  vec4 b = nearer(end);
  /* What is behind the eye is cut off. */
  const float least = 1e-3;
  if (max(a.w, b.w) < least) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    return;
  }
  if (a.w < least) {
    a = mix(a, b, (least - a.w) / (b.w - a.w));
  }
  if (b.w < least) {
    b = mix(b, a, (least - b.w) / (a.w - b.w));
  }
  vec2 pa = a.xy / a.w * half_size;
  vec2 pb = b.xy / b.w * half_size;
  vec2 along = pb - pa;
  float far = length(along);
  along = far > 1e-4 ? along / far : vec2(1.0, 0.0);
  float reach = shape.z + 1.0;
  vec4 here = shape.x < 0.0 ? a : b;
  vec2 at = (shape.x < 0.0 ? pa : pb) + reach * (shape.x * along + shape.y * vec2(-along.y, along.x));
  gl_Position = vec4(at / half_size * here.w, here.z, here.w);
  from = pa;
  to = pb;
  /* Divided by depth once more in the fragment, so that it is interpolated along the screen. */
  spot = vec3(at, 1.0) * here.w;
  radius = shape.z;
  paint = color;
}
"""

_FRAGMENT = """
void main()
{
  vec2 at = spot.xy / spot.z;
  vec2 along = to - from;
  float share = clamp(dot(at - from, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
  float away = length(at - from - share * along);
  /* A dark rim, so that colours stand out from clothes of the same. */
  float inside = clamp(radius + 0.5 - away, 0.0, 1.0);
  float rim = clamp(away - (radius - 1.0) + 0.5, 0.0, 1.0) * rim_share;
  vec4 mixed = vec4(mix(paint.rgb, vec3(0.0), rim), paint.a * inside * strength);
  if (mixed.a <= 0.0) {
    discard;
  }
  fragColor = mixed;
}
"""


@lru_cache(maxsize=1)
def shader() -> gpu.types.GPUShader:
    """Compiled when it is first asked for; needs a window."""
    info = gpu.types.GPUShaderCreateInfo()
    # Graphics cards need not have room for more than 128 bytes of these.
    info.push_constant("MAT4", "projection")
    info.push_constant("VEC4", "eye")
    info.push_constant("VEC2", "half_size")
    info.push_constant("FLOAT", "strength")
    info.push_constant("FLOAT", "rim_share")
    for number, (kind, name) in enumerate((("VEC4", "start"), ("VEC4", "end"), ("VEC4", "color"), ("VEC3", "shape"))):
        info.vertex_in(number, kind, name)
    passed = _Interface("skatesynth_capsule")
    passed.flat("VEC2", "from")
    passed.flat("VEC2", "to")
    passed.flat("FLOAT", "radius")
    passed.flat("VEC4", "paint")
    passed.smooth("VEC3", "spot")
    info.vertex_out(passed)
    info.fragment_out(0, "VEC4", "fragColor")
    info.vertex_source(_VERTEX)
    info.fragment_source(_FRAGMENT)
    return gpu.shader.create_from_info(info)


def batch_of(lot: Capsules) -> Any:
    """What the graphics card draws of some capsules; None of none."""
    if len(lot.start) == 0:
        return None
    places = _Vertices(_layout(("start", 4), ("end", 4)), len(lot.start))
    places.attr_fill("start", lot.start)
    places.attr_fill("end", lot.end)
    paint, index = _of(lot.paint)
    batch = _Batch(type="TRIS", buf=places, elem=index)
    batch.vertbuf_add(paint)
    return batch


@lru_cache(maxsize=4)
def _of(paint: Paint) -> tuple[Any, Any]:
    """What stays on the graphics card from redraw to redraw."""
    buffer = _Vertices(_layout(("color", 4), ("shape", 3)), len(paint.color))
    buffer.attr_fill("color", paint.color)
    buffer.attr_fill("shape", paint.shape)
    return buffer, _Index(type="TRIS", seq=triangles(len(paint.color) // 4))


@lru_cache(maxsize=4)
def _layout(*attributes: tuple[str, int]) -> gpu.types.GPUVertFormat:
    layout = gpu.types.GPUVertFormat()
    for name, size in attributes:
        layout.attr_add(id=name, comp_type="F32", len=size, fetch_mode="FLOAT")
    return layout


def forget() -> None:
    """Gives back what lies on the graphics card."""
    for kept in (shader, _layout, _of):
        kept.cache_clear()
