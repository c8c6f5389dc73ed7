"""Job files: what they may hold, and one line that names each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from mocap.errors import UserError
from render_scripts.job import Job, demo_job, dump_job, job_for_take, load_job


def written(folder: Path, text: str) -> Path:
    path = folder / "job.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    with pytest.raises(UserError) as caught:
        load_job(written(folder, text))
    line = caught.value.line()
    assert "\n" not in line and "job.yaml" in line
    return line


def test_paths_are_relative_to_the_job_file(tmp_path: Path) -> None:
    job = load_job(written(tmp_path, "out: data\nmotions: [{take: takes/a.mvnx}, {take: demo}]"))
    assert job.out == str(tmp_path / "data")
    assert [motion.take for motion in job.motions] == [str(tmp_path / "takes" / "a.mvnx"), "demo"]
    job = load_job(written(tmp_path, "scene: {rink: {file: rinks/mine.blend}}"))
    assert job.scene.rink.file == str(tmp_path / "rinks" / "mine.blend")


def test_a_dumped_job_reads_back_the_same(tmp_path: Path) -> None:
    text = "out: x\nskaters: [{age: [10, 12], garments: {skirt: none, leotard: '#ff0000'}, phenotype: {gender: 0}}]"
    job = load_job(written(tmp_path, text))
    assert load_job(written(tmp_path, dump_job(job))) == job
    more = (
        "out: x\nmotions: [{element: axel, parameters: {turns: [1, 3]}}, {take: a.bvh, joint_map: b.yaml}]\n"
        "augment: {mirror: 0.5, speed: [0.9, 1.1]}\nskaters: [{placement: {path: [[0, 0], [5, 1]], pace: 3}}]"
    )
    job = load_job(written(tmp_path, more))
    assert job.motions[1].joint_map == str(tmp_path / "b.yaml") and job.motions[0].take == "demo"
    assert load_job(written(tmp_path, dump_job(job))) == job
    scene = (
        "scene: {preset: wild, rink: {kind: {choice: [arena, outdoor], weights: [3, 1]}, ice: {scratches: [0, 1]}, "
        "benches: 0.5, file: mine.blend}, light: {spot_colors: '#ff0000'}, camera: {shake: {normal: [0.5, 0.1]}}}\n"
        "cameras: [{name: a, profile: {choice: [phone, gopro]}, size: native, follow: pan}, "
        "{name: b, place: [0, 14, 1.5], lens: {model: opencv, coefficients: [-0.1, 0, 0, 0, 0], widest: 60}}]"
    )
    job = load_job(written(tmp_path, scene))
    assert load_job(written(tmp_path, dump_job(job))) == job
    demo = demo_job(tmp_path / "demo")
    assert load_job(written(tmp_path, dump_job(demo))) == demo


def test_a_recording_is_a_job(tmp_path: Path) -> None:
    take = tmp_path / "a.BVH"
    assert load_job(take) == job_for_take(str(take))
    assert load_job(take).frames.count == 48


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("camera: []", ["line 1", "camera", "did you mean 'cameras'?"]),
        ("cameras:\n  - name: a\n    widht: 3", ["line 3", "cameras[0].widht", "did you mean 'width'?"]),
        ("skaters:\n  - phenotype: {gendr: 0}", ["line 2", "skaters[0].phenotype.gendr", "'gender'"]),
        ("skaters: [{garments: {skrit: none}}]", ["skaters[0].garments", "did you mean 'skirt'?"]),
        ("labels: {keypoints: [body25]}", ["labels.keypoints", "did you mean 'body_25'?"]),
        ("cameras: [{name: a.b}]", ["cameras[0].name", "letters, digits and dashes", "a.b"]),
        ("cameras: [{name: a}, {name: a}]", ["two cameras are called 'a'"]),
        ("cameras: [{name: a, azimuth: [30, 10]}]", ["cameras[0].azimuth", "the lower one first"]),
        ("skaters: [{skin: [0, 2, 0]}]", ["skaters[0].skin", "#rrggbb"]),
        ("version: 2", ["version"]),
        ("seed: 1\nseed: 2", ["line 2", "'seed' stands here twice"]),
        ("cameras: [", ["not YAML"]),
        ("5", ["mapping"]),
        ("", ["empty"]),
        ("[" * 5000, ["nested too deeply"]),
        ("seed: \x00", ["not YAML"]),
        ("cameras: {name: a}", ["cameras: give a list"]),
        ("cameras: [a]", ["cameras[0]: give keys with values"]),
        ("motions: [{start: .inf}]", ["motions[0].start", "finite"]),
        (f"cameras: [{{name: a, fill: {'9' * 400}}}]", ["cameras[0].fill", "give a number"]),
        (f"scene: {{rink: {{ice: [{'9' * 400}, 0, 0]}}}}", ["scene.rink.ice", "#rrggbb"]),
        ("seed: 1\nrink: {length: 60}", ["line 2, rink: unknown key 'rink' (it belongs under scene:)"]),
        ("light: {}", ["line 1, light", "(it belongs under scene:)"]),
        ("scene: {presets: wild}", ["scene.presets", "did you mean 'preset'?"]),
        ("scene:\n  preset: mild", ["line 2, scene.preset", "'clean', 'default' or 'wild'"]),
        ("scene:\n  camera:\n    lag: [0.3, 0.1]", ["line 3, scene.camera.lag", "the lower one first"]),
        ("scene:\n  rink:\n    kind: arenna", ["line 3, scene.rink.kind", "did you mean 'arena'?"]),
        ("cameras:\n  - name: a\n    profile: phnoe", ["line 3, cameras[0].profile", "did you mean 'phone'?)"]),
        (
            "cameras:\n  - name: a\n    profile: {choice: [phone, ring]}",
            ["line 3, cameras[0].profile", "a pair or a ring stands alone"],
        ),
        ("cameras:\n  - name: a\n    views: 4", ["line 3, cameras[0].views: only a ring has views: profile ring"]),
        ("cameras:\n  - {name: a}\n  - name: b\n    baseline: 1", ["line 4, cameras[1].baseline", "only a pair"]),
        (
            "cameras:\n  - name: a\n    width: 64\n    size: native",
            ["line 4, cameras[0].size: give a size, or width and height, not both"],
        ),
        (
            "cameras:\n  - name: a\n    profile: ring\n    place: [0, 0, 1]",
            ["line 4, cameras[0].place", "has no one place"],
        ),
        (
            "cameras:\n  - name: a\n    azimuth: 3\n    place: [0, 0, 1]",
            ["line 4, cameras[0].place", "leave out azimuth"],
        ),
        ("cameras: [{name: a-left}, {name: a, profile: stereo}]", ["two cameras are called 'a-left'"]),
        (f"cameras: [{{name: {'a' * 30}, profile: stereo}}]", ["cameras[0]", "too long"]),
        ("cameras: [{name: a, lens: {model: fisheye, widest: 90}}]", ["cameras[0].lens", "takes 4 coefficients"]),
        ("cameras: [{name: a, lens: {widest: 50, narrowest: 60}}]", ["cameras[0].lens", "larger than the widest"]),
        ("motions: [{take: a.bvh, element: axel}]", ["motions[0]", "a take or an element, not both"]),
        ("motions: [{take: a.bvh, parameters: {turns: 2}}]", ["motions[0]", "only an element has parameters"]),
        ("skaters: [{placement: {root: path}}]", ["skaters[0].placement", "needs the path"]),
        ("skaters: [{placement: {pace: 3}}]", ["skaters[0].placement", "give one"]),
        ("skaters: [{placement: {x: 1, path: [[0, 0], [1, 1]]}}]", ["leave out x, y and heading"]),
        ("skaters: [{placement: {root: in_place, path: [[0, 0], [1, 1]]}}]", ["in_place follows no path"]),
        ("skaters: [{placement: {path: [[0, 0], [0, 0]]}}]", ["two points of the path"]),
        ("augment: {mirrow: 1}", ["augment.mirrow", "did you mean 'mirror'?"]),
        ("augment: {speed: 9}", ["augment.speed", "0.25 to 4"]),
        ("a: &a [1]\nb: !!python/object/apply:os.system [ls]", ["not YAML"]),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, words: list[str]) -> None:
    line = refused(tmp_path, text)
    for word in words:
        assert word in line


def test_the_first_mistake_in_the_file_comes_first_and_the_rest_are_counted(tmp_path: Path) -> None:
    line = refused(tmp_path, "seeds: 1\nout: [1]\nclips: 0")
    assert "line 1, seeds: unknown key" in line and "(and 2 more)" in line


def test_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "large.yaml").write_bytes(b"#" * 2_000_000)
    (tmp_path / "picture.yaml").write_bytes(b"\x89PNG\r\n")
    for name, words in (("large.yaml", "too large"), ("picture.yaml", "not text"), (".", "cannot be read")):
        with pytest.raises(UserError, match=words):
            load_job(tmp_path / name)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        load_job(tmp_path / "none.yaml")


def test_hex_colours_are_made_linear(tmp_path: Path) -> None:
    job = load_job(written(tmp_path, "scene: {rink: {stripe: '#ff8000'}}"))
    assert job.scene.rink.stripe is not None
    assert job.scene.rink.stripe.at(0.5) == pytest.approx((1.0, 0.2158605, 0.0), abs=1e-6)


def test_defaults_are_valid() -> None:
    assert Job.model_validate(Job().model_dump()) == Job()
