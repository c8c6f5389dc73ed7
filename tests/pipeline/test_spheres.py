"""The picture is made by the lens whose numbers are stored: small bright spheres are where the projection puts them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

import bmesh  # noqa: E402
from mathutils import Matrix  # noqa: E402

from blender_addon.clip import CameraSpec, LabelSpec, LensSpec, RenderSpec  # noqa: E402
from blender_addon.filming.lens import focal_of, intrinsics_of, pixels, rays  # noqa: E402
from blender_addon.labels.projection import look_at, project  # noqa: E402
from blender_addon.render.engine import configure  # noqa: E402
from blender_addon.render.frame import CameraView  # noqa: E402
from blender_addon.render.passes import Passes, render_passes  # noqa: E402
from blender_addon.scene.cameras import build_camera  # noqa: E402
from blender_addon.scene.shading import add_node, new_material  # noqa: E402
from render_scripts.scenes.profiles import PROFILES  # noqa: E402

# Pixels: of a sphere's radius, between the outermost spheres' middles and the picture's edge, around a middle in which
# its light is gathered (which the filter spreads by 1.5 at most).
RADIUS, MARGIN, WINDOW = 2.2, 5.0, 4.9
COLUMNS, ROWS = 7, 5
NEAR, FAR = 4.0, 10.0


def view_of(lens: LensSpec, size: tuple[int, int], fov: float, shift: tuple[float, float] = (0.0, 0.0)) -> CameraView:
    K = intrinsics_of(lens, *size, focal_of(lens, size[0], fov))
    K[:2, 2] += shift
    R, t = look_at((3.0, -2.0, 1.5), (9.0, 4.0, 3.0))
    return CameraView("c", "test", *size, K, R, t, lens.model, lens.coefficients)


def spheres_for(view: CameraView) -> tuple[np.ndarray, np.ndarray]:
    """(N, 3) middles in the world and (N,) radii of spheres all over a view's picture, into its corners."""
    rng = np.random.default_rng(1)
    x = np.linspace(MARGIN, view.width - MARGIN, COLUMNS)
    y = np.linspace(MARGIN, view.height - MARGIN, ROWS)
    xy = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return spheres_at(view, xy + rng.uniform(-0.1, 0.1, xy.shape), rng.uniform(NEAR, FAR, len(xy)))


def spheres_at(view: CameraView, xy: np.ndarray, distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, 3) middles in the world, (N,) radii of spheres so far away (m), of RADIUS where they look largest."""

    def toward(offset: tuple[float, float]) -> np.ndarray:
        return rays(view.model, view.coefficients, view.K, xy + offset)

    steps = [
        np.linalg.norm(toward(step) - toward((0.0, 0.0)), axis=1)
        for step in ((0.1, 0.0), (0.0, 0.1), (0.07, 0.07), (0.07, -0.07))
    ]
    middles = (toward((0.0, 0.0)) * distance[:, None] - view.t) @ view.R
    return middles, RADIUS * distance * np.min(steps, axis=0) / 0.1


def render_spheres(
    spec: CameraSpec, views: Sequence[CameraView], middles: np.ndarray, radii: np.ndarray, scratch: Path
) -> Passes:
    """The last of the views of glowing spheres in the dark."""
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    made = bmesh.new()
    for middle, radius in zip(middles.tolist(), radii.tolist(), strict=True):
        bmesh.ops.create_icosphere(made, subdivisions=4, radius=radius, matrix=Matrix.Translation(middle))
    mesh = bpy.data.meshes.new("spheres")
    made.to_mesh(mesh)
    made.free()
    glow, tree = new_material("glow")
    light = add_node(tree, "ShaderNodeEmission", {"Strength": 1.0})
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": light.outputs["Emission"]})
    mesh.materials.append(glow)
    scene.collection.objects.link(bpy.data.objects.new("spheres", mesh))
    scene.camera = build_camera(spec, views, scene.collection)
    scene.render.resolution_x, scene.render.resolution_y = views[-1].width, views[-1].height
    configure(scene, RenderSpec(device="cpu", samples=32, denoise=False), LabelSpec(), 3)
    scene.frame_set(len(views) - 1)
    return render_passes(scene, scratch)


def seen_middles(view: CameraView, camera: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """(N, 2) the middle of each sphere's light in a picture: of its outline, which is not round, not of its centre."""
    distance = np.linalg.norm(camera, axis=1, keepdims=True)
    toward = camera / distance
    across = np.cross(toward, (0.0, 1.0, 0.1))
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    angle = np.arcsin(radii / distance[:, 0])[:, None, None]
    turn = np.linspace(0.0, 2.0 * np.pi, 360, endpoint=False)[:, None]
    ring = np.cos(turn) * across[:, None] + np.sin(turn) * np.cross(toward, across)[:, None]
    outline = pixels(view.model, view.coefficients, view.K, np.cos(angle) * toward[:, None] + np.sin(angle) * ring)
    near = outline.mean(axis=1, keepdims=True)
    here = outline - near
    there = np.roll(here, -1, axis=1)
    part = here[..., 0] * there[..., 1] - here[..., 1] * there[..., 0]
    return near[:, 0] + ((here + there) * part[..., None]).sum(axis=1) / (3.0 * part.sum(axis=1))[:, None]


def measure(view: CameraView, passes: Passes, middles: np.ndarray, radii: np.ndarray) -> tuple[float, float]:
    """The largest error of a sphere's place (pixels) and of depth on it (m)."""
    xy, camera = project(view, middles)
    centres = np.stack(np.meshgrid(np.arange(view.width) + 0.5, np.arange(view.height) + 0.5), axis=-1)
    light = passes.linear[..., 1].astype(np.float64)
    beside, deep = [], []
    for spot, wanted, place, radius in zip(xy, seen_middles(view, camera, radii), camera, radii, strict=True):
        here = (np.abs(centres - spot) < WINDOW).all(axis=-1)
        found = (light[here][:, None] * centres[here]).sum(axis=0) / light[here].sum()
        beside.append(np.linalg.norm(found - wanted))
        column, row = np.floor(spot).astype(int)
        ray = rays(view.model, view.coefficients, view.K, centres[row, column])
        along = ray @ place
        surface = along - np.sqrt(along**2 - place @ place + radius**2)
        deep.append(abs(float(passes.depth[row, column]) - surface * ray[2]))
    return float(np.max(beside)), float(np.max(deep))


CASES = {
    name: (profile.lens, profile.size(240), profile.lens.widest) for name, profile in PROFILES.items() if name != "ring"
} | {
    "gopro-large": (PROFILES["gopro"].lens, (640, 480), PROFILES["gopro"].lens.widest),
    "tele": (PROFILES["broadcast"].lens, (240, 136), PROFILES["broadcast"].lens.narrowest),
    "bent-tele": (PROFILES["tripod"].lens, (240, 136), 0.25),
    "barrel": (LensSpec("opencv", (-0.12, 0.05, 0.0, 0.0, 0.0), 1.1, 1.1, 5.6), (240, 180), 1.1),
    "pincushion": (LensSpec("opencv", (0.06, -0.03, 0.0, 0.0, 0.0), 0.8, 0.8, 5.6), (180, 320), 0.6),
}


@pytest.mark.parametrize("name", CASES)
def test_light_is_where_the_projection_puts_it(name: str, tmp_path: Path) -> None:
    lens, size, fov = CASES[name]
    view = view_of(lens, size, fov)
    middles, radii = spheres_for(view)
    passes = render_spheres(CameraSpec("c", lens=lens), [view], middles, radii, tmp_path)
    beside, deep = measure(view, passes, middles, radii)
    print(f"{name}: {beside:.3f} px, {1000.0 * deep:.2f} mm")
    assert beside < 0.15 and deep < 0.005
    # What is stored leads any other program to the same place.
    numbers = np.array(view.coefficients or (0.0,) * 4)
    theirs = cv2.fisheye.projectPoints if view.model == "fisheye" else cv2.projectPoints
    again = theirs(middles[:, None], cv2.Rodrigues(view.R)[0], view.t, view.K, numbers)[0].reshape(-1, 2)
    assert np.abs(project(view, middles)[0] - again).max() < 0.01


@pytest.mark.parametrize("name", ("phone", "gopro", "barrel"))
def test_a_principal_point_beside_the_middle(name: str, tmp_path: Path) -> None:
    lens, size, fov = CASES[name]
    view = view_of(lens, size, 0.8 * fov, shift=(21.0, -13.0))
    middles, radii = spheres_for(view)
    passes = render_spheres(CameraSpec("c", lens=lens), [view], middles, radii, tmp_path)
    beside, deep = measure(view, passes, middles, radii)
    assert beside < 0.15 and deep < 0.005


def test_the_last_view_of_a_zoom(tmp_path: Path) -> None:
    lens, size, fov = CASES["barrel"]
    views = [view_of(lens, size, share * fov) for share in (1.0, 0.8, 0.6)]
    middles, radii = spheres_for(views[-1])
    passes = render_spheres(CameraSpec("c", lens=lens), views, middles, radii, tmp_path)
    beside, deep = measure(views[-1], passes, middles, radii)
    assert beside < 0.15 and deep < 0.005


def test_light_in_both_views_of_a_pair_is_where_it_is_in_the_world(tmp_path: Path) -> None:
    lens, size, fov = CASES["stereo"]
    left = view_of(lens, size, fov)
    right = CameraView("r", "test", *size, left.K, left.R, left.t - (0.28, 0.0, 0.0))
    xy = np.stack(np.meshgrid(np.linspace(60.0, 230.0, 6), np.linspace(12.0, 168.0, 5)), axis=-1).reshape(-1, 2)
    middles, radii = spheres_at(left, xy, np.random.default_rng(2).uniform(NEAR, FAR, len(xy)))
    for view in (left, right):
        passes = render_spheres(CameraSpec(view.name, lens=lens), [view], middles, radii, tmp_path)
        beside, deep = measure(view, passes, middles, radii)
        assert beside < 0.15 and deep < 0.005
