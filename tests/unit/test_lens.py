"""Lenses: there and back, as OpenCV has them, and as a polynomial of the picture."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from blender_addon.clip import CameraSpec, LensSpec
from blender_addon.filming.lens import bend_of, focal_of, fov_of, intrinsics_of, pixels, rays
from blender_addon.filming.lens_fit import COARSE, angle_polynomial, check_lens
from blender_addon.render.frame import CameraView
from mocap.errors import UserError
from render_scripts.scenes.profiles import PROFILES

SIZE = (640, 480)

# Beside the profiles': lenses that turn back, ones that nearly do, and the plainest fisheye.
LENSES = {name: profile.lens for name, profile in PROFILES.items()} | {
    "barrel": LensSpec("opencv", (-0.3, 0.05, 0.0, 0.0), 0.5, 1.2),
    "pincushion": LensSpec("opencv", (0.06, -0.03, 0.0, 0.0, 0.004), 0.5, 1.2),
    "turns back": LensSpec("opencv", (-0.3, 0.0, 0.0, 0.0, 0.0), 0.5, 1.2),
    "equidistant": LensSpec("fisheye", (0.0, 0.0, 0.0, 0.0), 1.0, 2.6),
    "fisheye turns back": LensSpec("fisheye", (-0.3, 0.0, 0.0, 0.0), 1.0, 1.8),
}


def by_cv2(lens: LensSpec, K: np.ndarray, camera: np.ndarray) -> np.ndarray:
    """(N, 2) where OpenCV puts points (N, 3)."""
    still, numbers = np.zeros(3), np.array(lens.coefficients or (0.0,) * 4)
    made = cv2.fisheye.projectPoints if lens.model == "fisheye" else cv2.projectPoints
    return np.asarray(made(camera[:, None], still, still, K, numbers)[0]).reshape(-1, 2)


def lens_at(lens: LensSpec, fov: float, size: tuple[int, int] = SIZE) -> CameraView:
    K = intrinsics_of(lens, *size, focal_of(lens, size[0], fov))
    return CameraView("c", "test", *size, K, np.eye(3), np.zeros(3), lens.model, lens.coefficients)


@pytest.mark.parametrize("name", LENSES)
def test_pixels_are_opencvs_and_rays_lead_back(name: str) -> None:
    lens, rng = LENSES[name], np.random.default_rng(4)
    for fov in (lens.narrowest, lens.widest):
        K = lens_at(lens, fov).K
        # Up to the edge of what the lens can see at all, the axis among them.
        furthest = bend_of(lens.model, lens.coefficients).limit
        furthest = furthest if lens.model == "fisheye" else np.arctan(furthest)
        angle = np.append(rng.uniform(0.0, min(0.999 * furthest, 1.5 if lens.model == "fisheye" else 1.2), 3000), 0.0)
        turn = rng.uniform(-np.pi, np.pi, len(angle))
        unit = np.stack((np.sin(angle) * np.cos(turn), np.sin(angle) * np.sin(turn), np.cos(angle)), axis=-1)
        camera = unit * rng.uniform(0.5, 40.0, (len(angle), 1))
        xy = pixels(lens.model, lens.coefficients, K, camera)
        assert np.isfinite(xy).all()
        ours, theirs = xy, by_cv2(lens, K, camera)
        assert (np.abs(ours - theirs) <= 1e-6 * np.maximum(1.0, np.abs(theirs) * 1e-3)).all()
        assert np.abs(rays(lens.model, lens.coefficients, K, xy) - unit).max() < 1e-8
        # Within the picture, where rays are well defined, they are exact.
        inside = (np.abs(xy - 0.5 * np.array(SIZE)) < 0.5 * np.array(SIZE)).all(axis=-1)
        assert np.abs(rays(lens.model, lens.coefficients, K, xy[inside]) - unit[inside]).max() < 1e-10


def test_field_of_view_is_measured_between_the_middles_of_the_edges() -> None:
    for lens in LENSES.values():
        for fov in (lens.narrowest, lens.widest):
            view = lens_at(lens, fov)
            edges = rays(lens.model, lens.coefficients, view.K, [(0.0, 240.0), (640.0, 240.0)])
            assert np.arccos(edges[0] @ edges[1]) == pytest.approx(fov, abs=1e-7)
            assert fov_of(lens, SIZE[0], view.K[0, 0]) == pytest.approx(fov, abs=1e-9)


@pytest.mark.parametrize("name", ("turns back", "fisheye turns back"))
def test_what_a_lens_turns_back_from_has_no_pixel(name: str) -> None:
    lens = LENSES[name]
    K = lens_at(lens, lens.widest).K
    angle = np.linspace(0.0, 1.55, 400)
    camera = np.stack((np.sin(angle), 0.0 * angle, np.cos(angle)), axis=-1)
    x = pixels(lens.model, lens.coefficients, K, camera)[:, 0]
    seen = np.isfinite(x)
    assert 0 < seen.sum() < 400 and not np.any(np.diff(seen.astype(int)) > 0)
    assert np.all(np.diff(x[seen]) > 0.0)
    # OpenCV's formula puts some of the others into the picture.
    folded = by_cv2(lens, K, camera[~seen])[:, 0]
    assert np.any((folded > 0.0) & (folded < 640.0))
    # And beyond the last place no ray leads anywhere.
    beyond = rays(lens.model, lens.coefficients, K, [(x[seen][-1] + 2.0, 240.0), (x[seen][-1] - 2.0, 240.0)])
    assert np.isnan(beyond[0]).all() and np.isfinite(beyond[1]).all()


def test_behind_the_camera_nothing_is_seen() -> None:
    for lens in LENSES.values():
        K = lens_at(lens, lens.widest).K
        xy = pixels(lens.model, lens.coefficients, K, [(0.1, 0.0, -1.0), (0.1, 0.0, 0.0), (0.0, 0.0, 1.0)])
        assert np.isnan(xy[:2]).all() and np.isfinite(xy[2]).all()


def test_many_lenses_at_once() -> None:
    lens = LENSES["gopro"]
    K = np.stack([lens_at(lens, fov).K for fov in (1.0, 1.5, 2.0)])
    camera = np.random.default_rng(3).uniform((-1.0, -1.0, 2.0), (1.0, 1.0, 4.0), (3, 20, 3))
    together = pixels(lens.model, lens.coefficients, K[:, None], camera)
    back = rays(lens.model, lens.coefficients, K[:, None], together)
    for i in range(3):
        np.testing.assert_allclose(together[i], pixels(lens.model, lens.coefficients, K[i], camera[i]), atol=1e-9)
        np.testing.assert_allclose(back[i], camera[i] / np.linalg.norm(camera[i], axis=-1, keepdims=True), atol=1e-10)


@pytest.mark.parametrize(
    ("lens", "words"),
    (
        (LensSpec("wide", ()), "none of"),
        (LensSpec("fisheye", (0.1, 0.0)), "4 coefficients, not 2"),
        (LensSpec("opencv", (0.1, 0.0, 0.001, 0.0)), "tangential"),
        (LensSpec("opencv", (float("nan"), 0.0, 0.0, 0.0)), "finite"),
        (LensSpec("none", (0.1,)), "0 coefficients"),
    ),
)
def test_lenses_that_there_are_not(lens: LensSpec, words: str) -> None:
    with pytest.raises(UserError, match=words):
        focal_of(lens, 640, 1.0)


def test_no_lens_sees_further_than_it_can() -> None:
    assert focal_of(LENSES["fisheye turns back"], 640, np.radians(120.0)) > 0.0
    for lens, fov in ((LENSES["fisheye turns back"], 122.0), (LENSES["turns back"], 100.0), (LensSpec(), 180.0)):
        with pytest.raises(UserError, match="cannot see"):
            focal_of(lens, 640, np.radians(fov))


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_can_be_rendered_at_full_size(name: str) -> None:
    profile = PROFILES[name]
    for width, height in (profile.native, profile.size(640)):
        check_lens(CameraSpec("c", width=width, height=height, lens=profile.lens), "cycles")


@pytest.mark.parametrize("name", [name for name in LENSES if LENSES[name].model != "none" and "turns" not in name])
def test_the_polynomial_is_the_lens_up_to_the_corners(name: str) -> None:
    lens = LENSES[name]
    view = lens_at(lens, 0.8)
    view.K[:2, 2] += (14.0, -9.0)
    shape = angle_polynomial(view)
    xy = np.random.default_rng(2).uniform((0.0, 0.0), SIZE, (5000, 2))
    xy[:4] = [(0.0, 0.0), (640.0, 0.0), (0.0, 480.0), (640.0, 480.0)]
    away = xy - view.K[:2, 2]
    r = np.hypot(*away.T)
    angle = np.polynomial.polynomial.polyval(r, (0.0, *shape))
    ray = np.column_stack((np.sin(angle)[:, None] * away / r[:, None], np.cos(angle)))
    assert np.linalg.norm(pixels(lens.model, lens.coefficients, view.K, ray) - xy, axis=1).max() < 1.1 * COARSE


def test_lenses_that_cannot_be_rendered_are_refused() -> None:
    spec = CameraSpec("c", width=1920, height=1080, lens=LensSpec("opencv", (0.05, 0.02, 0.0, 0.0), 1.6, 1.6))
    with pytest.raises(UserError, match="pixels off"):
        check_lens(spec, "cycles")
    with pytest.raises(UserError, match="corners"):
        check_lens(replace(spec, lens=LensSpec("opencv", (-0.3, 0.0, 0.0, 0.0), 1.5, 1.5)), "cycles")
    check_lens(replace(spec, lens=LensSpec()), "eevee")
    with pytest.raises(UserError, match="EEVEE"):
        check_lens(replace(spec, lens=PROFILES["gopro"].lens), "eevee")
