"""Engine, device and passes of a scene: everything that decides how one render makes the picture and all its labels."""

from __future__ import annotations

from typing import Any

import bpy

from blender_addon.clip import LabelSpec, RenderSpec
from blender_addon.labels.dense import SURFACE_PASS
from blender_addon.render.opengl import require_opengl
from mocap.errors import UserError

# GPU backends in the order in which Cycles is quickest on them.
GPU_BACKENDS = ("OPTIX", "CUDA", "HIP", "METAL", "ONEAPI")

# Radians into which a lamp's light spreads, below which only some places get any of it.
WIDE = 2.7


def configure(scene: bpy.types.Scene, spec: RenderSpec, labels: LabelSpec, seed: int) -> None:
    """Sets engine, device, sampling and passes. `seed` (any int) decides the noise.

    Raises:
        UserError: a GPU was asked for and Cycles finds none, or EEVEE finds no OpenGL.
    """
    scene.render.use_persistent_data = True
    scene.render.film_transparent = False
    scene.render.use_motion_blur = False
    scene.render.use_compositing = False
    scene.render.use_sequencer = False
    scene.render.use_stamp = False
    scene.render.dither_intensity = 0.0
    if spec.engine == "eevee":
        _eevee(scene, spec)
    else:
        _cycles(scene, spec, seed)
    layer = scene.view_layers[0]
    layer.use_pass_z = True
    layer.use_pass_normal = not {"normal", "normal_camera"}.isdisjoint(labels.dense)
    layer.use_pass_vector = "flow" in labels.dense
    for made in list(layer.aovs):
        layer.aovs.remove(made)
    if "surface" in labels.dense:
        layer.aovs.add().name = SURFACE_PASS
    indexed = spec.engine == "cycles"
    layer.use_pass_material_index = indexed
    layer.use_pass_object_index = indexed
    # EEVEE has no index passes; of a single sample, Cryptomatte's first rank is the material that it meets.
    layer.use_pass_cryptomatte_material = not indexed
    layer.use_pass_cryptomatte_object = not indexed
    layer.pass_cryptomatte_depth = 2


def _cycles(scene: bpy.types.Scene, spec: RenderSpec, seed: int) -> None:
    render: Any = scene.render
    render.engine = "CYCLES"
    cycles: Any = scene.cycles
    cycles.device = "GPU" if use_device(spec.device) else "CPU"
    cycles.samples = spec.samples
    # The same number of samples in every pixel: the picture then does not depend on how the work was cut up.
    cycles.use_adaptive_sampling = False
    cycles.seed = seed & 0x7FFFFFFF
    cycles.use_denoising = spec.denoise and can_denoise(scene)
    if cycles.use_denoising:
        cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
        # Guides as they are: less error than with FAST from 4 samples to 64 (docs/quality.md); ACCURATE costs more.
        cycles.denoising_prefilter = "NONE"
    cycles.use_light_tree = _aimed(scene)
    cycles.max_bounces = 4
    cycles.diffuse_bounces = 2
    cycles.glossy_bounces = 2
    cycles.transmission_bounces = 2
    cycles.transparent_max_bounces = 8
    # The first sample writes the labels: none may be given up by lot behind the second pane on its way.
    cycles.min_transparent_bounces = cycles.transparent_max_bounces
    cycles.caustics_reflective = False
    cycles.caustics_refractive = False


def _aimed(scene: bpy.types.Scene) -> bool:
    """Whether lamps that shine into cones hang there: chosen by a tree they halve the noise for a third more time.

    Wide ones, all alike, may as well be chosen by lot.
    """
    lamps: list[Any] = [made.data for made in scene.objects if made.type == "LIGHT"]
    narrow = [lamp for lamp in lamps if lamp.type == "SPOT" or (lamp.type == "AREA" and lamp.spread < WIDE)]
    return len(lamps) > 1 and len(narrow) > 0


def can_denoise(scene: bpy.types.Scene) -> bool:
    """Whether this build of Blender has Open Image Denoise (Linux distributions build it without); chooses it if so."""
    cycles: Any = scene.cycles
    try:
        cycles.denoiser = "OPENIMAGEDENOISE"
    except TypeError:
        return False
    return True


def _eevee(scene: bpy.types.Scene, spec: RenderSpec) -> None:
    require_opengl()
    render: Any = scene.render
    names = render.bl_rna.properties["engine"].enum_items.keys()
    render.engine = "BLENDER_EEVEE_NEXT" if "BLENDER_EEVEE_NEXT" in names else "BLENDER_EEVEE"
    eevee: Any = scene.eevee
    eevee.taa_render_samples = spec.samples
    # Mirror images in the ice would take three times as long where the processor draws.
    eevee.use_raytracing = False


def use_device(wish: str) -> str | None:
    """Points Cycles at a GPU if there is one and it is wanted; the backend's name, or None for the CPU.

    Args:
        wish: "cpu", "gpu" or "auto".

    Raises:
        UserError: wish is "gpu" and there is none.
    """
    user: Any = bpy.context.preferences
    preferences = user.addons["cycles"].preferences
    if wish == "cpu":
        return None
    for backend in GPU_BACKENDS:
        try:
            preferences.compute_device_type = backend
        except TypeError:
            continue  # this build of Blender lacks the backend
        preferences.refresh_devices()
        found = [device for device in preferences.devices if device.type == backend]
        if found:
            for device in preferences.devices:
                device.use = device.type == backend
            return backend
    preferences.compute_device_type = "NONE"
    if wish == "gpu":
        raise UserError("Cycles finds no GPU", mend="Set render.device to cpu or auto in the job.")
    return None
