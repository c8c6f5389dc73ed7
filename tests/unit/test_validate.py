"""`skatesynth validate`: what it finds in a data set of painted or random pictures, what it says and how it ends."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_sample import made_sample
from made_sets import made_samples, small_job, write_set

from render_scripts.cli import main
from render_scripts.dense_fields import decode_picture, png
from render_scripts.job import CameraJob, Job, OutputJob
from render_scripts.reading import open_dataset
from render_scripts.sample import Fields, sample_key
from render_scripts.shards import read_tar, write_tar
from render_scripts.validate import Fault, validate
from render_scripts.validate.picture import fault_of_picture

SMALL = small_job(cameras=small_job().cameras[:1], output=OutputJob(shard_size=4, split={"train": 0.7, "val": 0.3}))


def merged(whole: Any, part: Any) -> Any:
    """`whole`, with what `part` has in place of it."""
    if isinstance(whole, dict) and isinstance(part, dict):
        return {**whole, **{key: merged(whole.get(key), value) for key, value in part.items()}}
    return part


def complete(fields: Fields, frame: int) -> Fields:
    """A painted sample with all facts of a real one."""
    base, painted = json.loads(made_samples(small_job())[0][1]["json"]), json.loads(fields["json"])
    base["people"][0]["keypoints"] = painted["people"][0]["keypoints"]
    facts = merged(base, {**painted, "frame": frame, "people": [merged(base["people"][0], painted["people"][0])]})
    return {**fields, "json": json.dumps(facts).encode()}


@pytest.fixture(scope="module")
def painted() -> list[tuple[str, Fields]]:
    return [(sample_key(0, "a", k), complete(made_sample(0.04 * k, k), k)) for k in range(3)]


def painted_set(folder: Path, samples: list[tuple[str, Fields]]) -> str:
    job = Job(cameras=(CameraJob(name="a", width=168, height=224),), output=OutputJob(shard_size=2))
    return str(write_set(folder / "set", job, samples))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random pictures, in which no edges lie where labels have them; all else is as it should be."""
    return write_set(tmp_path_factory.mktemp("made") / "set", SMALL)


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "set"))


def faults(folder: Path, **how: Any) -> tuple[Fault, ...]:
    return validate(folder, **{"full": True, **how}).faults


def test_a_sound_data_set(
    painted: list[tuple[str, Fields]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = painted_set(tmp_path, painted)
    assert main(["validate", folder]) == 0
    assert "3 samples in 2 shards, all of them looked at" in capsys.readouterr().out
    assert main(["validate", folder, "--full", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["well"] and told["full"] and told["looked_at"] == told["samples"] == 3 and told["faults"] == []
    figures = {figure["name"]: figure for figure in told["figures"]}
    assert figures["projection"]["holds"] and figures["projection"]["count"] == 75
    # Nobody is hidden in it: there is nothing to tell of.
    assert figures["causes"]["holds"] is None and figures["causes"]["value"] is None


def test_a_figure_that_does_not_hold_is_named_with_its_sample(
    painted: list[tuple[str, Fields]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, fields = painted[1]
    body = decode_picture(fields["body.png"])
    odd = {**fields, "body.png": png(np.where(body == 8, 99, body).astype(np.uint8))}
    folder = painted_set(tmp_path, [painted[0], (key, odd), painted[2]])
    assert main(["validate", folder]) == 1
    said = capsys.readouterr().out
    assert f"mask_values: pixels of body or clothes with a value that is in no table. First in: {key}." in said
    assert "do not hold" in said.splitlines()[-1]


def test_nothing_is_wrong_with_what_render_writes(made: Path) -> None:
    assert faults(made) == ()
    one, two = validate(made, full=True), validate(made, full=True, workers=2)
    assert one.faults == two.faults and one.samples == two.looked_at == 6
    figures = [[(f.figure.rule.name, f.figure.count, f.failed) for f in report.findings] for report in (one, two)]
    assert figures[0] == figures[1] and figures[0]


def test_one_byte_changed_in_any_file_is_found_by_its_name(made: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    for path in sorted(made.iterdir()):
        folder = Path(shutil.copytree(made, tmp_path / path.name))
        data = bytearray((folder / path.name).read_bytes())
        place = int(rng.integers(len(data)))
        data[place] ^= int(rng.integers(1, 256))
        (folder / path.name).write_bytes(data)
        assert path.name in {fault.file for fault in faults(folder)}, (path.name, place)


def _append(name: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        with (folder / name).open("a") as file:
            file.write(" ")

    return damage


DAMAGES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "stray": (lambda f: (f / "notes.txt").write_text("x"), "stray", "notes.txt"),
    "stray folder": (lambda f: (f / "more").mkdir(), "stray", "more"),
    "link": (lambda f: (f / "link").symlink_to("/etc/passwd"), "stray", "link"),
    "unfinished": (lambda f: (f / ".unfinished").mkdir(), "unfinished", ".unfinished"),
    "no card": (lambda f: (f / "README.md").unlink(), "missing", "README.md"),
    "no sums": (lambda f: (f / "SHA256SUMS").unlink(), "missing", "SHA256SUMS"),
    "no log": (lambda f: (f / "run.json").unlink(), "missing", "run.json"),
    "no shard": (lambda f: (f / "val-000000.tar").unlink(), "missing", "val-000000.tar"),
    "other job": (_append("job.yaml"), "checksum", "job.yaml"),
    "hostile job": (lambda f: (f / "job.yaml").write_text("!!python/object/apply:os.abort []"), "job", "job.yaml"),
    "hostile card": (lambda f: (f / "README.md").write_text("---\n!!python/name:os.abort\n---\n"), "card", "README.md"),
    "deep card": (lambda f: (f / "README.md").write_text(f"---\n{'[' * 1500}\n---\n"), "card", "README.md"),
    "log of another": (_append("run.json"), "checksum", "run.json"),
    "renumbered": (lambda f: (f / "val-000000.tar").rename(f / "val-000001.tar"), "missing", "val-000000.tar"),
    "longer shard": (_append("val-000000.tar"), "checksum", "val-000000.tar"),
}


@pytest.mark.parametrize("name", sorted(DAMAGES))
def test_files_that_are_not_as_they_were(copy: Path, name: str) -> None:
    damage, kind, file = DAMAGES[name]
    damage(copy)
    # Quick mode finds all of these, too.
    assert (kind, file) in {(fault.kind, fault.file) for fault in faults(copy, full=False)}


def test_a_shard_that_is_no_tar_does_not_hide_the_others(copy: Path) -> None:
    link = tarfile.TarInfo("000001_phone_000000.json")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(copy / "val-000000.tar", "w") as tar:
        tar.addfile(link)
    report = validate(copy)
    assert any(fault.kind == "tar" and fault.file == "val-000000.tar" for fault in report.faults)
    assert report.samples == report.looked_at == 4


def with_facts(folder: Path, change: Callable[[Any], object]) -> str:
    """Changes the JSON of one sample in a shard; returns its key."""
    path = folder / "val-000000.tar"
    (key, fields), *others = read_tar(path)
    facts = json.loads(fields["json"])
    change(facts)
    write_tar(path, [(key, {**fields, "json": json.dumps(facts).encode()}), *others])
    return key


FACTS: dict[str, tuple[Callable[[Any], object], str]] = {
    "whole number": (lambda f: f.update(time=0), "json.time is 0, and float64 in the data card"),
    "in a list": (lambda f: f["people"][0].update(bbox=[1.0, 2, 3.0, 4.0]), "has 2 in it, and float64"),
    "new key": (lambda f: f.update(more=1), "more: Extra inputs are not permitted"),
    "lost key": (lambda f: f["camera"].pop("K"), "camera.K: Field required"),
    "cause": (lambda f: f["people"][0]["keypoints"]["body_25"]["cause"].__setitem__(3, 9), "keypoints.body_25.cause.3"),
    "a point less": (lambda f: f["people"][0]["keypoints"]["body_25"]["xy"].pop(), "body_25.xy"),
    "no people": (lambda f: f.update(people=3), "people: Input should be a valid"),
    "another's": (lambda f: f.update(frame=7), "are another sample's"),
    "not finite": (lambda f: f["camera"]["exposure"].update(iso=float("inf")), "camera.exposure.iso"),
}


@pytest.mark.parametrize("name", sorted(FACTS))
def test_json_that_is_not_as_the_schema_has_it(copy: Path, name: str) -> None:
    change, words = FACTS[name]
    key = with_facts(copy, change)
    found = faults(copy)
    assert any(words in fault.text and fault.place.startswith(key) for fault in found), found


def test_fields_too_many_and_too_few(tmp_path: Path) -> None:
    samples = made_samples(SMALL)
    key, fields = samples[5]
    fewer = {name: data for name, data in fields.items() if name != "depth.png"}
    folder = write_set(tmp_path / "set", SMALL, [*samples[:5], (key, {**fewer, "notes.npz": b"PK"})])
    places = {(fault.kind, fault.place) for fault in faults(folder)}
    assert {("field", f"{key}.depth.png"), ("field", f"{key}.notes.npz"), ("picture", f"{key}.notes.npz")} <= places


def test_pictures_are_whole_and_of_their_depth() -> None:
    fields = made_samples(SMALL)[0][1]
    for name in ("rgb.png", "body.png", "depth.png"):
        whole = fields[name]
        assert fault_of_picture(name, whole) is None
        for place in range(8, len(whole), 97):
            damaged = bytearray(whole)
            damaged[place] ^= 4
            assert fault_of_picture(name, bytes(damaged)), (name, place)
        assert fault_of_picture(name, whole[:-5]) and fault_of_picture(name, whole + b"\0")
    assert "never has" in str(fault_of_picture("body.png", fields["depth.png"]))
    assert "never has" in str(fault_of_picture("depth.png", fields["body.png"]))


def test_a_clip_in_two_splits_leaks(tmp_path: Path) -> None:
    samples = made_samples(SMALL)
    folder = write_set(tmp_path / "set", SMALL)
    other = write_set(tmp_path / "other", SMALL.model_copy(update={"output": OutputJob(split="val")}), samples[:1])
    shutil.copy(other / "val-000000.tar", folder / "val-000001.tar")
    # Of another frame, so that it is no sample that is there twice.
    path = folder / "val-000001.tar"
    path.write_bytes(_renamed(path.read_bytes(), b"_000000.", b"_000007."))
    leaks = [fault for fault in faults(folder) if fault.kind == "leak"]
    assert [fault.file for fault in leaks] == ["val-000000.tar"] or "clip 0" in leaks[0].text, leaks


def _renamed(tar: bytes, old: bytes, new: bytes) -> bytes:
    """The same tar with another name for its files."""
    out = bytearray(tar)
    at = tar.find(old)
    while at >= 0:
        block = at - at % 512
        if tar[block + 257 : block + 262] == b"ustar":
            out[at : at + len(old)] = new
            out[block + 148 : block + 156] = b" " * 8
            out[block + 148 : block + 156] = b"%06o\0 " % sum(out[block : block + 512])
        at = tar.find(old, at + 1)
    return bytes(out)


@pytest.mark.parametrize("kind", ["motion", "avatar"])
def test_what_is_kept_apart_is_in_one_split_alone(copy: Path, kind: str) -> None:
    text = (copy / "job.yaml").read_text()
    (copy / "job.yaml").write_text(text.replace("split_by: clip", f"split_by: {kind}"))
    # All clips show the demo, and one made-up body.
    (leak,) = (fault for fault in faults(copy) if fault.kind == "leak")
    assert "'train'" in leak.text and "'val'" in leak.text


def test_quick_mode_looks_into_some(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("render_scripts.validate.whole.QUICK", 2)
    report = validate(made)
    assert report.looked_at == 2 and report.samples == 6 and report.faults == ()


def test_a_folder_without_shards_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(tmp_path)]) == 2
    assert "no shards here" in capsys.readouterr().err


def test_faults_end_with_one(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "a\nb").write_text("x")
    assert main(["validate", str(copy), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert not told["well"] and told["faults"][0]["kind"] == "stray"
    assert main(["validate", str(copy)]) == 1
    assert "a?b: is no file of a data set" in capsys.readouterr().out


def test_the_reader_and_the_card_agree(made: Path) -> None:
    data = open_dataset(made)
    assert [len(data.split(split)) for split in data.splits] == [4, 2]
