"""How much of each body part is seen, against masks whose silhouettes are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from skater_poses import SIT_SPIN, pose

from blender_addon.cast import GarmentSpec, HairSpec, SkaterSpec
from blender_addon.labels import part_views
from blender_addon.labels.part_views import PARTS, pixels_filled, visible_parts
from blender_addon.labels.projection import look_at, project
from blender_addon.labels.vocabulary import BODY_PART_INDEX, BODY_PARTS
from blender_addon.render.frame import CameraView
from blender_addon.skater.build import build_human
from blender_addon.skater.human import Human, skin

WIDTH, HEIGHT = 320, 240
MIDDLES = np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5)


@pytest.fixture(scope="module")
def human(assets: Path) -> Human:
    worn = ("leotard", "skirt", "tights", "boots", "blades")
    spec = SkaterSpec(garments={name: GarmentSpec() for name in worn}, hair=HairSpec("ponytail"))
    return build_human(spec, assets)


def seen_from(eye: tuple[float, float, float], focal: float = 400.0) -> CameraView:
    R, t = look_at(eye, (0.0, 0.0, 0.85))
    K = np.array(((focal, 0.0, 0.5 * WIDTH), (0.0, focal, 0.5 * HEIGHT), (0.0, 0.0, 1.0)))
    return CameraView("made", "phone", WIDTH, HEIGHT, K, R, t)


def surface_of(human: Human, bones: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every vertex, triangle and triangle's part of what a person shows, faces cut by nothing."""
    points, triangles, part, start = [], [], [], 0
    for mesh in human.meshes:
        points.append(skin(mesh.vertices, mesh.bones, mesh.weights, human.rig.rest, bones))
        quads = mesh.faces[:, 3] >= 0
        triangles.append(np.concatenate((mesh.faces[:, :3], mesh.faces[quads][:, (0, 2, 3)])) + start)
        part.append(np.concatenate((mesh.part, mesh.part[quads])))
        start += len(mesh.vertices)
    return np.concatenate(points), np.concatenate(triangles), np.concatenate(part)


def test_pixels_are_those_whose_middles_lie_in_a_triangle(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    middle = rng.uniform(0.0, 60.0, (300, 1, 2))
    xy = (middle + rng.normal(scale=rng.uniform(0.1, 6.0, (300, 1, 1)), size=(300, 3, 2))).reshape(-1, 2)
    triangles, part = np.arange(900).reshape(-1, 3), rng.choice(PARTS[:5], 300).astype(np.uint8)
    x, y = np.meshgrid(np.arange(-30, 90) + 0.5, np.arange(-30, 90) + 0.5)
    monkeypatch.setattr(part_views, "_MOST", 10**6)
    found = pixels_filled(xy, triangles, part)
    for index in PARTS:
        inside = np.zeros(x.shape, dtype=bool)
        for triangle in xy[triangles[part == index]]:
            inside |= _within(triangle, x, y)
        assert found[index] == inside.sum()
    assert found[PARTS[0]] > 300
    # Many pixels are counted by some of them.
    monkeypatch.setattr(part_views, "_MOST", 400)
    assert pixels_filled(xy, triangles, part)[list(PARTS[:5])] == pytest.approx(found[list(PARTS[:5])], rel=0.2)


@pytest.mark.parametrize("eye", [(0.0, -4.0, 1.2), (3.0, -2.0, 0.3), (-1.0, 3.5, 2.5), (4.0, 0.4, 0.9)])
@pytest.mark.parametrize("turns", [{}, SIT_SPIN], ids=["rest", "sit"])
def test_the_shell_takes_the_room_that_all_surfaces_take(
    human: Human, eye: tuple[float, float, float], turns: dict[str, tuple[np.ndarray, float]]
) -> None:
    bones, view = pose(human.rig, turns).matrices[0], seen_from(eye, 1200.0)
    points, triangles, part = surface_of(human, bones)
    whole = pixels_filled(project(view, points)[0], triangles, part)
    shell = human.shell
    assert len(shell.triangles) < 0.35 * len(triangles)
    coarse = pixels_filled(project(view, shell.skin.posed(human.rig.rest, bones))[0], shell.triangles, shell.part)
    # Faces of the whole surface are not cut where parts end.
    for entry in BODY_PARTS[1:]:
        assert coarse[entry.index] == pytest.approx(whole[entry.index], rel=0.1), entry.name
    assert coarse.sum() == pytest.approx(whole.sum(), rel=0.02)


def test_shares_are_of_each_parts_own_silhouette(human: Human) -> None:
    bones, view = human.rig.rest, seen_from((0.0, -4.0, 0.85))
    shell = human.shell
    whole = pixels_filled(project(view, shell.skin.posed(human.rig.rest, bones))[0], shell.triangles, shell.part)
    rng = np.random.default_rng(1)
    # As many pixels of each part as it fills, a half, none, or more.
    body = np.zeros(HEIGHT * WIDTH, dtype=np.uint8)
    shares = dict(zip(PARTS, rng.choice((0.0, 0.5, 1.0, 1.3), len(PARTS)), strict=True))
    places = rng.permutation(len(body))
    for part, share in shares.items():
        count = round(float(share * whole[part]))
        body[places[:count]], places = part, places[count:]
    body = body.reshape(HEIGHT, WIDTH)
    found = dict(zip(PARTS, visible_parts(view, human, bones, body > 0, body), strict=True))
    assert found == pytest.approx({part: min(share, 1.0) for part, share in shares.items()}, abs=0.02)
    # Pixels of the same parts that are somebody else's do not count.
    half = (body > 0) & (np.arange(WIDTH) < WIDTH // 2)
    less = dict(zip(PARTS, visible_parts(view, human, bones, half, body), strict=True))
    for part, share in less.items():
        mine, every = ((mask & (body == part)).sum() for mask in (half, body > 0))
        assert share == pytest.approx(min(mine / max(whole[part], 1.0), 1.0), abs=1e-9), (part, every)
    assert visible_parts(view, human, bones, np.zeros_like(half), body) == (0.0,) * len(PARTS)


def test_what_is_out_of_the_picture_is_not_seen(human: Human) -> None:
    bones, view = human.rig.rest, seen_from((0.0, -4.0, 0.85))
    shell = human.shell
    head = BODY_PART_INDEX["head"]
    xy, _ = project(view, shell.skin.posed(human.rig.rest, bones))
    mine = shell.triangles[shell.part == head]
    body = np.where(_covered(xy[mine]), head, 0).astype(np.uint8)
    top, bottom = np.flatnonzero(body.any(axis=1))[[0, -1]]
    place = PARTS.index(head)
    assert visible_parts(view, human, bones, body > 0, body)[place] == 1.0
    # The picture's upper edge goes through the head.
    cut = int(0.5 * (top + bottom))
    lower = replace(view, height=HEIGHT - cut, K=view.K - np.array(((0, 0, 0), (0, 0, cut), (0, 0, 0))))
    left = body[cut:]
    expected = (left > 0).sum() / (body > 0).sum()
    assert visible_parts(lower, human, bones, left > 0, left)[place] == pytest.approx(expected, rel=1e-9)
    assert 0.2 < expected < 0.8
    # Nearer than anything can be seen, a share is by what of the part's surface is before the lens.
    near = seen_from((0.0, 0.02, 1.6), 100.0)
    some = np.full((HEIGHT, WIDTH), head, dtype=np.uint8)
    assert 0.0 < visible_parts(near, human, bones, some > 0, some)[place] <= 1.0


def _covered(corners: np.ndarray) -> np.ndarray:
    """(HEIGHT, WIDTH) bool: pixels whose middles triangles (T, 3, 2) cover."""
    out = np.zeros((HEIGHT, WIDTH), dtype=bool)
    low, high = np.floor(corners.min(axis=1)).astype(int), np.ceil(corners.max(axis=1)).astype(int)
    for triangle, first, last in zip(corners, low, high, strict=True):
        window = (slice(max(first[1], 0), max(last[1], 0)), slice(max(first[0], 0), max(last[0], 0)))
        out[window] |= _within(triangle, *(place[window] for place in MIDDLES))
    return out


def _within(triangle: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    a, b, c = triangle
    turns = [(q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]) for p, q in ((a, b), (b, c), (c, a))]
    return np.all(np.array(turns) >= 0.0, axis=0) | np.all(np.array(turns) <= 0.0, axis=0)
