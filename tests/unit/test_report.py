"""Reports: figures as the data set has them, a page that no name can break, and a line for what is no data set."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_report import HOSTILE, report_set, with_hostile_names
from made_sample import FOCAL, JOINTS

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import BODY_PARTS, Cause
from mocap.errors import UserError
from render_scripts.cli import main
from render_scripts.dense_fields import decode_picture, png
from render_scripts.report import write_report
from render_scripts.report.accumulate import MOST_NAMES, REST, Histogram, Lowest, Names, lot_of
from render_scripts.report.findings import findings, sector_shares
from render_scripts.report.gather import Numbers, gather
from render_scripts.report.page import _part_rows
from render_scripts.report.poses import JOINTS as POSE_JOINTS
from render_scripts.report.poses import angles, facing, joint_rows, pose_set, principal_plane, root_aligned
from render_scripts.report.tones import band_counts, screen_color, typology_angles
from render_scripts.sample import Fields

ROOT = Path(__file__).resolve().parents[2]


def standing() -> np.ndarray:
    """(12, 3) the painted person's joints, who faces −Y."""
    return np.array([(JOINTS[name][0], 0.0, JOINTS[name][1]) for name in POSE_JOINTS])


def turned(joints: np.ndarray, degrees: float) -> np.ndarray:
    a = np.radians(degrees)
    return joints @ np.array(((np.cos(a), -np.sin(a), 0.0), (np.sin(a), np.cos(a), 0.0), (0.0, 0.0, 1.0))).T


def test_figures_are_those_of_the_samples(tmp_path: Path) -> None:
    made = gather(report_set(tmp_path), quiet=True)
    assert (made.pictures, made.clips, made.persons, made.shown, made.cut) == (6, 3, 3, 6, 0)
    assert made.splits.ranked() == [("train", 3), ("val", 3)]
    assert made.elements.ranked() == [("axel", 3), ("lutz", 3)] and made.kinds.ranked() == [("jump", 6)]
    assert made.keypoint_set is KEYPOINT_SETS["body_25"]
    assert made.causes["body_25"].sum() == 6 * 25 == made.causes["body_25"][:, Cause.VISIBLE].sum()
    assert made.causes["coco_17"].shape == (17, len(Cause))
    # The camera looks at the front of somebody 5 m away, who is 1.7 m tall; the third stands 0.2 m to their left.
    assert sector_shares(made.views)[0] == 1.0 and 4.9 < made.distances.quantile(0.5) < 6.0
    assert made.heights.quantile(0.5) == pytest.approx(1.74 * FOCAL / 5.0, rel=0.1)
    body = made.body / made.body.sum()
    # The painted person has no hands.
    assert [c.name for c in BODY_PARTS if not made.body[c.index]] == ["right_hand", "left_hand"] and body[0] > 0.5
    assert sorted(set(made.body_in.tolist())) == [0, 6]
    # Of each part but the hands, all is seen of all six.
    assert made.parts[1:, 1].tolist() == [6.0] * (len(BODY_PARTS) - 1)
    assert made.parts[1:, 0].tolist() == [6.0 * (n > 0) for n in made.body[1:].tolist()]
    assert made.statures.quantile(0.0) == pytest.approx(1.6, abs=0.026)
    assert len(made.samples) == 6 and {layer.name for layer in made.samples[0].layers} >= {"body", "amodal", "depth"}


def test_of_each_body_part_it_is_told_how_much_is_seen_the_least_first(tmp_path: Path) -> None:
    def hidden(k: int, fields: Fields, facts: dict[str, Any]) -> None:
        for part in _person(facts)["parts"]:
            part["visible"] = {"left_hand": 0.0, "left_forearm": 0.5 if k % 2 else 0.25}.get(part["part"], 1.0)
        _person(facts)["parts"] = [part for part in _person(facts)["parts"] if part["part"] != "right_hand"]

    rows = _part_rows(gather(report_set(tmp_path, change=hidden), quiet=True).parts)
    told = [(row["name"], row["count"], row["many"]) for row in rows]
    assert told[:2] == [("left hand", 6, "0%"), ("left forearm", 6, "38%")]
    assert len(told) == len(BODY_PARTS) - 2 and {row[1:] for row in told[2:]} == {(6, "100%")}
    assert [row["width"] for row in rows[:3]] == pytest.approx([0.0, 37.5, 100.0])


def test_memory_does_not_grow_with_the_data_set() -> None:
    names, lowest = Names(), Lowest[int](10)
    for k in range(5000):
        names.add(f"take {k} " + "x" * 200)
        lowest.add(lot_of(k), k)
    assert len(names.counts) == MOST_NAMES + 1 and names.counts[REST] == 5000 - MOST_NAMES
    assert all(len(name) <= 60 for name in names.counts) and len(lowest.items()) == 10


def test_what_is_chosen_by_lot_does_not_depend_on_the_order() -> None:
    chosen = []
    for order in (range(200), reversed(range(200))):
        lowest = Lowest[int](7)
        for k in order:
            if lowest.admits(lot_of("a", k)):
                lowest.add(lot_of("a", k), k)
        chosen.append(lowest.items())
    assert chosen[0] == chosen[1] == sorted(range(200), key=lambda k: lot_of("a", k))[:7]


def test_quantiles_are_those_of_the_numbers() -> None:
    rng = np.random.default_rng(3)
    numbers = rng.normal(50.0, 10.0, 4000)
    histogram = Histogram(np.linspace(0.0, 100.0, 201))
    histogram.add([*numbers, np.nan, np.inf])
    assert histogram.total == 4000
    for share in (0.0, 0.05, 0.5, 0.95, 1.0):
        assert histogram.quantile(share) == pytest.approx(np.quantile(numbers, share), abs=0.5)
        assert histogram.share_below(histogram.quantile(share)) == pytest.approx(share, abs=1e-9)
    assert np.isnan(Histogram(np.arange(3.0)).quantile(0.5))


def test_angles_are_a_coach_s() -> None:
    joints = standing()
    place = {name: k for k, name in enumerate(POSE_JOINTS)}
    # The left thigh level to the front and the shank hanging; the right arm straight up.
    joints[place["left_knee"]] = joints[place["left_hip"]] + (0.0, -0.4, 0.0)
    joints[place["left_ankle"]] = joints[place["left_knee"]] + (0.0, 0.0, -0.4)
    joints[place["right_elbow"]] = joints[place["right_shoulder"]] + (0.0, 0.0, 0.3)
    joints[place["right_wrist"]] = joints[place["right_elbow"]] + (0.0, 0.0, 0.3)
    for turn in (0.0, 130.0):
        elbow, shoulder, knee, hip, split, trunk = angles(turned(joints, turn))
        assert (
            knee[0] == pytest.approx(90.0) and hip[0] == pytest.approx(90.0) and split[0] == pytest.approx(90.0, abs=1)
        )
        assert elbow[1] == pytest.approx(0.0, abs=1e-4) and shoulder[1] == pytest.approx(180.0)
        assert trunk[0] == pytest.approx(0.0, abs=1e-4) and knee[1] < 10.0 and hip[1] < 10.0
    joints[:] = 0.0
    assert np.isnan(angles(joints)).all()


def test_poses_are_compared_wherever_and_however_large_somebody_is() -> None:
    joints = standing()
    moved = 1.3 * turned(joints, 77.0) + (5.0, -2.0, 0.4)
    np.testing.assert_allclose(root_aligned(moved), root_aligned(joints), atol=1e-12)
    assert np.degrees(facing(joints)) == pytest.approx(-90.0)
    assert np.degrees(facing(moved)) == pytest.approx(-13.0)
    assert not np.allclose(root_aligned(joints), root_aligned(joints * (1.0, 1.0, 0.5)))


def test_the_axes_are_those_of_most_variance() -> None:
    rng = np.random.default_rng(5)
    first, second = np.zeros((2, 12, 3))
    first[3], second[7] = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)
    steps = rng.normal(size=(400, 2)) * (2.0, 0.5)
    poses = standing() + np.einsum("nk,kij->nij", steps, np.stack((first, second)))
    plane = principal_plane(poses)
    assert plane is not None and plane.shares.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(plane.axes[0], first, atol=0.05)
    assert plane.spread == pytest.approx([2.0, 0.5], rel=0.1)
    assert principal_plane(np.repeat(standing()[None], 9, axis=0)) is None and principal_plane(poses[:2]) is None


def test_every_set_of_a_whole_body_has_the_joints() -> None:
    for name in ("body_25", "coco_17", "coco_18", "mpii_16", "mpi_15", "h36m_17", "h36m_32", "kinect_20"):
        known = pose_set([name])
        assert known is KEYPOINT_SETS[name]
        assert [known.landmarks[row][0] for row in joint_rows(known)] == list(POSE_JOINTS)
    assert pose_set(["face_70", "hand_left"]) is None


def test_skin_is_told_from_light_to_dark() -> None:
    tones = np.array([(0.75, 0.55, 0.45), (0.45, 0.27, 0.18), (0.12, 0.06, 0.035), (0.03, 0.018, 0.012)])
    assert (np.diff(typology_angles(tones)) < 0.0).all()
    # Middle grey of L* = 50 stands in the middle, whatever its hue; white is as light as there is.
    assert typology_angles(np.full((1, 3), 0.1841865))[0] == pytest.approx(0.0, abs=2.0)
    counts = band_counts(list(tones))
    assert counts.tolist() == [1, 0, 1, 0, 0, 2]
    assert screen_color(np.array((0.0, 0.2158605, 1.0))) == "#0080ff"


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ({"without_skater": 20}, "20% of the pictures show no skater"),
        ({"cut": 40}, "40% of the skaters are cut by the picture’s edge"),
        ({"elements": ["axel"] * 70 + ["lutz"] * 30}, "70% of the pictures are of one element"),
        ({"persons": 3}, "Only 3 different skaters"),
        ({"hidden": 0.9}, "1 keypoint is hidden 80% of the time or more"),
        ({"left": 0.3}, "Left and right are not seen equally often"),
        ({"absent": "left_hand"}, "1 body part never occurs"),
        ({"views": (1, 2, 3)}, "Hardly any views from the front left, the left and the back left"),
        ({"small": 50}, "33% of the skaters are under 32 pixels tall"),
    ],
    ids=["empty", "cut", "element", "persons", "hidden", "sides", "class", "views", "small"],
)
def test_what_stands_out_is_said_and_nothing_else(change: dict[str, Any], title: str) -> None:
    def titles(changed: dict[str, Any]) -> list[str]:
        return [finding.title for finding in findings(sound(changed))]

    assert titles({}) == []
    assert any(said.startswith(title) for said in titles(change)), titles(change)


def sound(change: dict[str, Any]) -> Numbers:
    """Figures of a set in which nothing stands out, but for what is changed."""
    made = Numbers(pictures=300, clips=100, persons=change.get("persons", 50), skaters=100, shown=100)
    made.without_skater, made.cut = 3 * change.get("without_skater", 0), change.get("cut", 0)
    made.elements = Names.of(change.get("elements", ["axel", "lutz", "stroking"]) * 3)
    made.heights.add([150.0] * 100 + [10.0] * change.get("small", 0))
    made.views[:] = 1
    for eighth in change.get("views", ()):
        made.views[np.floor((np.arange(36) * 10.0 + 22.5) / 45.0).astype(int) % 8 == eighth] = 0
    made.body[:], made.clothes[:] = 1000, 1000
    if "absent" in change:
        made.body[[c.index for c in BODY_PARTS if c.name == change["absent"]]] = 0
    made.keypoint_set = KEYPOINT_SETS["body_25"]
    counts = np.zeros((25, len(Cause)), dtype=np.int64)
    counts[:, Cause.VISIBLE], counts[:, Cause.OWN_BODY] = 70, 30
    if "hidden" in change:
        counts[0] = np.eye(len(Cause), dtype=np.int64)[Cause.OWN_BODY] * 100
    for k, name in enumerate(made.keypoint_set.points):
        if "left" in change and name.startswith("L"):
            counts[k, :2] = (40, 60)
    made.causes["body_25"] = counts
    return made


def test_the_same_set_makes_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    dataset = report_set(tmp_path / "set")
    write_report(dataset, tmp_path / "a.html", quiet=True)
    code = "import sys; from pathlib import Path; from render_scripts.report import write_report\n"
    code += "write_report(Path(sys.argv[1]), Path(sys.argv[2]), quiet=True)"
    subprocess.run(
        [sys.executable, "-c", code, str(dataset), str(tmp_path / "b.html")],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "7", "MPLBACKEND": "pdf"}, check=True,
    )  # fmt: skip
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


class _Elements(HTMLParser):
    """What a browser would make of a page, roughly: elements, attributes, and the text of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._in_script = tag == "script"
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)
            self._in_script = False


def test_names_cannot_become_a_page_of_their_own(tmp_path: Path) -> None:
    dataset = report_set(tmp_path / "<b>set", change=with_hostile_names)
    (dataset / "job.yaml").write_text(HOSTILE, encoding="utf-8")
    run = {"machine": {"system": HOSTILE}, "clips": {HOSTILE: [1.5, HOSTILE, 2.5], "1": HOSTILE}}
    (dataset / "run.json").write_text(json.dumps(run), encoding="utf-8")
    write_report(dataset, tmp_path / "report.html", quiet=True)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    read = _Elements(page)
    assert len(read.scripts) == 2 and read.handlers == [] and "iframe" not in read.tags and "b" not in read.tags
    assert json.loads(read.scripts[0])["samples"] and "hacked" not in read.scripts[1]
    assert all(address.startswith(("data:", "#")) for address in read.addresses)
    assert "<script>window" not in page and "<img src=x" not in page and "{{7*7}}" in page
    assert "&lt;script&gt;window.hacked=1" in page and "Half of the pictures took 1.5" in page


def test_a_set_may_lack_whatever_is_not_needed(tmp_path: Path) -> None:
    def bare(k: int, fields: Fields, facts: dict[str, Any]) -> None:
        for name in [name for name in fields if name not in ("rgb.png", "json")]:
            del fields[name]
        people = [{"instance": 1, "bbox": facts["people"][0]["bbox"]}] if k % 2 else []
        facts.clear()
        facts["people"] = people

    write_report(report_set(tmp_path / "set", change=bare), tmp_path / "report.html", quiet=True)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "50% of the pictures show no skater" in page and "nan" not in _text_of(page)


def _text_of(page: str) -> str:
    return (
        page[: page.index("<script")].split("</style>", 1)[1].replace("instan", "").lower().replace("data:", "")[:40000]
    )


def _person(facts: dict[str, Any]) -> dict[str, Any]:
    person: dict[str, Any] = facts["people"][0]
    return person


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda fields, facts: facts.pop("people"), "has no 'people'"),
        (lambda fields, facts: facts.update(people=[7]), "no list of objects"),
        (lambda fields, facts: _person(facts).update(bbox=[0.0, float("nan"), 1.0, 1.0]), "no bbox of four numbers"),
        (lambda fields, facts: _person(facts)["keypoints"]["body_25"].update(cause=[99] * 25), "a cause in 'body_25'"),
        (lambda fields, facts: fields.update({"body.png": png(np.full((4, 4), 1, np.uint8))}), "the picture's size"),
        (lambda fields, facts: fields.update({"rgb.png": b"no picture"}), "not a picture"),
        (
            lambda fields, facts: fields.update(
                {"body.png": png(np.full_like(decode_picture(fields["body.png"]), 77))}
            ),
            "77, which is no class",
        ),
    ],
    ids=["people", "person", "box", "cause", "size", "picture", "class"],
)
def test_what_is_no_sample_is_one_line_with_its_name(
    tmp_path: Path, change: Callable[[Fields, dict[str, Any]], object], words: str
) -> None:
    dataset = report_set(tmp_path / "set", change=lambda k, fields, facts: k == 4 and change(fields, facts))
    with pytest.raises(UserError, match=words) as caught:
        write_report(dataset, tmp_path / "report.html", quiet=True)
    assert "000002_a_000000" in caught.value.line() and "val-000000.tar" in caught.value.line()
    assert not (tmp_path / "report.html").exists()


def test_the_command_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = report_set(tmp_path / "set", 3)
    assert main(["report", str(dataset), "--out", str(tmp_path / "new" / "r.html")]) == 0
    assert "r.html" in capsys.readouterr().out and (tmp_path / "new" / "r.html").stat().st_size < 3e6
    assert main(["report", str(tmp_path / "none")]) == 2


def test_the_page_is_part_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (patterns,) = project["tool"]["setuptools"]["package-data"].values()
    for file in (ROOT / "render_scripts" / "report").iterdir():
        assert file.is_dir() or file.suffix == ".py" or f"*{file.suffix}" in patterns
