"""Scenes that cannot be are refused with the very line of the job file; those that can be are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from mocap.errors import UserError
from render_scripts.job import load_job

HALL = "scene: {rink: {kind: arena, plan: international, glass: 1.5, tiers: 8, roof: 12}}\n"
OPEN = "scene: {rink: {kind: outdoor, plan: hockey, glass: 0}}\n"


def place(x: float, y: float, z: float) -> str:
    return f"cameras:\n  - name: a\n    place: [{x}, {y}, {z}]\n"


def path(*points: tuple[float, float]) -> str:
    return "skaters:\n  - placement:\n      path:\n" + "".join(f"        - [{x}, {y}]\n" for x, y in points)


def written(folder: Path, text: str) -> Path:
    file = folder / "job.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # Edges of the ice lie at y = 15: boards to 15.12 and up to 1.07, glass over them, a wall at 25.9.
        (HALL + place(0, 15.05, 0.6), "line 4, cameras[0].place: a camera in the boards of a rink"),
        (HALL + place(0, -15.2, 1.0), "in the boards"),
        (HALL + place(27.55, 12.55, 0.6), "in the boards"),
        (HALL + place(0, 15.05, 1.6), "in the glass over the boards"),
        (HALL + place(0, 19.0, 0.4), "in the stands"),
        (HALL + place(0, 26.0, 6.0), "beyond the wall"),
        (HALL + place(0, 0, 12.5), "over the roof (12 m)"),
        (HALL + place(0, 0, -0.5), "a camera under the ice"),
        (HALL + place(0, 0, 0.01), "on the ice"),
        (OPEN + place(0, 13.05, 1.0), "in the boards of a rink that the job may draw (outdoor, 61 × 26 m)"),
        # Left to the preset, any of its rinks may come.
        (place(0, 13.05, 1.0), "61 × 26 m"),
        (place(0, 15.05, 1.0), "60 × 30 m"),
        (place(0, 0, 9.0), "over the roof (6.5 m) of a rink that the job may draw (training"),
        # A range of widths whose edge passes over the camera.
        ("scene: {rink: {kind: arena, width: [24, 30]}}\n" + place(0, 13.5, 0.6), "(arena, 60 × 24 to 30 m)"),
        (HALL + "cameras:\n  - name: a\n    elevation: 12", "line 4, cameras[0].elevation: 12 m is not under a roof"),
        ("scene:\n  camera:\n    elevation: [7, 9]", "line 3, scene.camera.elevation"),
        (
            HALL + "cameras:\n  - name: a\n    follow: walk\n    place: [0, 14, 1.5]",
            "line 4, cameras[0].follow: a camera that has its place neither walks nor skates",
        ),
        (path((0, 0), (5, 5), (29.9, 0)), "line 6, skaters[0].placement.path[2]: (29.9, 0) lies 1.9 m off the ice"),
        (path((0, 0), (0, 13.5)), "line 5, skaters[0].placement.path[1]: (0, 13.5) lies 0.5 m off the ice"),
        (path((27.5, 11.5), (0, 0)), "line 4, skaters[0].placement.path[0]"),
        ("skaters:\n  - placement:\n      x: 31", "line 3, skaters[0].placement.x: this lies"),
        ("skaters:\n  - placement:\n      y: [-20, 0]", "line 3, skaters[0].placement.y: this lies"),
        (
            "scene:\n  rink: {kind: arena}\n  light:\n    kind: dusk",
            "line 4, scene.light.kind: an arena rink cannot have",
        ),
        ("scene:\n  rink: {kind: outdoor}\n  light:\n    kind: tubes", "line 4, scene.light.kind"),
        (
            "scene:\n  light:\n    kind: tubes\n  rink:\n    kind: {choice: [arena, outdoor]}",
            "line 3, scene.light.kind: an outdoor rink cannot have tubes",
        ),
        (
            "scene:\n  light: {kind: daylight}\n  rink:\n    kind: training\n    windows: 0",
            "line 5, scene.rink.windows: daylight comes into a hall through windows",
        ),
        ("scene:\n  rink:\n    corner_radius: 14", "line 3, scene.rink.corner_radius: corners of 14 m do not fit"),
        ("scene:\n  rink:\n    width: 16", "line 3, scene.rink.width: corners of 8.5 m do not fit on ice of 60 × 16 m"),
        (
            "scene:\n  rink:\n    kind: arena\n    tiers: [4, 20]\n    roof: 8",
            "line 5, scene.rink.roof: 20 rows of seats reach up to a roof of 8 m. They need 11.68 m",
        ),
        (
            "scene:\n  rink:\n    length: 24\n    width: 20\n    benches: 1",
            "line 5, scene.rink.benches: players' benches",
        ),
        (
            "render: {engine: eevee}\ncameras:\n  - name: a\n    profile: gopro",
            "line 4, cameras[0].profile: gopro: EEVEE",
        ),
        (
            "render: {engine: eevee}\ncameras:\n  - name: a\n    profile: {choice: [phone, tripod]}",
            "line 4, cameras[0].profile: tripod: EEVEE",
        ),
        (
            "cameras:\n  - name: a\n    lens: {model: opencv, coefficients: [0.1, 0, 0.1, 0], widest: 60}",
            "line 3, cameras[0].lens: a lens with tangential distortion",
        ),
        (
            "cameras:\n  - name: a\n    lens: {model: opencv, coefficients: [-3, 0, 0, 0], widest: 60}",
            "line 3, cameras[0].lens",
        ),
        ("render: {engine: eevee}\nscene:\n  camera:\n    readout: 0.01", "line 4, scene.camera.readout: EEVEE reads"),
        ("render: {engine: eevee}\ncameras:\n  - name: a\n    readout: [0, 0.01]", "line 4, cameras[0].readout"),
        # The first in the file of two.
        (place(0, 0, -1) + "skaters: [{placement: {x: 90}}]", "line 3, cameras[0].place"),
        ("skaters: [{placement: {x: 90}}]\n" + place(0, 0, -1), "line 1, skaters[0].placement.x"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        load_job(written(tmp_path, text))
    line = caught.value.line()
    assert "\n" not in line and line.startswith(f"{tmp_path / 'job.yaml'}: line ") and words in line


@pytest.mark.parametrize(
    "text",
    [
        HALL + place(0, 14.6, 1.5),
        HALL + place(0, 15.8, 1.6),
        HALL + place(0, 15.05, 3.4),
        HALL + place(0, 20.0, 3.5),
        HALL + place(0, 0, 11.5),
        OPEN + place(0, 13.1, 1.5),
        OPEN + place(0, 40.0, 25.0),
        "scene: {rink: {kind: arena, file: mine.blend}}\n" + place(0, 15.05, 1.6),
        "scene: {rink: {plan: international}}\n" + path((0, 0), (29.6, 0), (29.6, 5)),
        path((-27.6, 0), (0, 12.6)),
        "skaters: [{placement: {x: [-27, 27], y: 0}}]",
        "scene: {light: {kind: dusk}}",
        "scene: {preset: clean, light: {kind: dusk}}",
        "scene: {rink: {kind: training, windows: 0}}",
        "scene: {rink: {width: 17}}",
        "scene: {rink: {length: 30, benches: 1}}",
        "scene: {rink: {kind: arena, roof: 8}}",
        "render: {engine: eevee}\ncameras: [{name: a, profile: phone-wide}]",
        "scene: {camera: {elevation: [4, 9]}}",
        "render: {engine: eevee}\nscene: {camera: {readout: 0}}",
    ],
)
def test_what_can_be_is_taken(tmp_path: Path, text: str) -> None:
    load_job(written(tmp_path, text))
