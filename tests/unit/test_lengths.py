"""Arms, legs and trunk of other lengths: bones as long as asked, the surface with them, nothing else moved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from blender_addon.makehuman.body import Body, load_body
from blender_addon.makehuman.lengths import lengthened
from blender_addon.makehuman.rig import fit_rig
from mocap.errors import UserError
from mocap.rig import Rig


@pytest.fixture(scope="module")
def body(assets: Path) -> Body:
    return load_body({}, assets)


def refit(body: Body, assets: Path, **factors: float) -> tuple[np.ndarray, Rig]:
    vertices = lengthened(body.vertices, body.bones, body.weights, body.rig, factors)
    return vertices, fit_rig(assets, "default", vertices, body.groups)


def length(rig: Rig, *bones: str) -> float:
    heads = rig.heads[[rig.index(bone) for bone in bones]]
    return float(np.linalg.norm(np.diff(heads, axis=0), axis=1).sum())


LIMBS = {
    "arms": ("upperarm01.L", "upperarm02.L", "lowerarm01.L", "lowerarm02.L", "wrist.L"),
    "legs": ("upperleg01.R", "upperleg02.R", "lowerleg01.R", "lowerleg02.R", "foot.R"),
    "trunk": ("spine05", "spine04", "spine03", "spine02", "spine01", "neck01"),
}


@pytest.mark.parametrize("name", LIMBS)
@pytest.mark.parametrize("factor", [0.85, 1.2])
def test_a_limb_is_as_long_as_asked_and_the_others_stay(body: Body, assets: Path, name: str, factor: float) -> None:
    _, rig = refit(body, assets, **{name: factor})
    for other, bones in LIMBS.items():
        expected = length(body.rig, *bones) * (factor if other == name else 1.0)
        assert length(rig, *bones) == pytest.approx(expected, rel=0.02), other


def test_both_sides_alike(body: Body, assets: Path) -> None:
    vertices, rig = refit(body, assets, arms=1.15, legs=0.9)
    for bone in ("wrist", "foot", "lowerarm01"):
        left, right = (rig.heads[rig.index(f"{bone}.{side}")] for side in "LR")
        np.testing.assert_allclose(left, right * (-1, 1, 1), atol=2e-3)
    assert np.isfinite(vertices).all()


def test_skin_stretches_without_folding(body: Body, assets: Path) -> None:
    """Edges of the skin grow and shrink with their limb, between nothing and a little more than the factor."""
    vertices, _ = refit(body, assets, arms=1.2, legs=1.2, trunk=1.2)
    skin = body.faces[body.face_masks["body"]]
    before, after = (np.linalg.norm(v[skin[:, 0]] - v[skin[:, 1]], axis=1) for v in (body.vertices, vertices))
    ratio = after[before > 1e-3] / before[before > 1e-3]
    assert ratio.min() > 0.7 and np.percentile(ratio, 99) < 1.3 and ratio.max() < 2.0


def test_no_change_without_factors(body: Body) -> None:
    np.testing.assert_array_equal(lengthened(body.vertices, body.bones, body.weights, body.rig, {}), body.vertices)


def test_an_unknown_length_is_named(body: Body) -> None:
    with pytest.raises(UserError, match="there is no length 'tail'"):
        lengthened(body.vertices, body.bones, body.weights, body.rig, {"tail": 2.0})
