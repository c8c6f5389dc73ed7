"""Data sets read by number and by key; tars that are no shards of ours are refused before anything of them is read."""

from __future__ import annotations

import gzip
import io
import multiprocessing
import pickle
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from made_sets import made_samples, small_job

from mocap.errors import UserError
from render_scripts.dense_fields import encode_dense
from render_scripts.job import FramesJob
from render_scripts.reading import Dataset, open_dataset
from render_scripts.shards import read_tar, write_tar

MADE = made_samples(small_job(clips=2, cameras=small_job().cameras[:1], frames=FramesJob(fps=25.0, count=3)))
KEYS = [key for key, _ in MADE]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two splits: five samples in two shards, and one."""
    out = tmp_path_factory.mktemp("set")
    write_tar(out / "train-000000.tar", MADE[:3])
    write_tar(out / "train-000001.tar", MADE[3:5])
    write_tar(out / "val-000000.tar", MADE[5:])
    return out


def test_a_data_set_is_a_sequence(folder: Path) -> None:
    data = open_dataset(folder)
    assert len(data) == 6 and data.keys == tuple(KEYS) and data.splits == ("train", "val")
    assert [sample.key for sample in data] == KEYS and data[-1].key == KEYS[-1]
    assert [sample.key for sample in data[1:5:2]] == [KEYS[1], KEYS[3]]
    assert data[KEYS[4]].frame == 1 and KEYS[4] in data and "000009_a_000000" not in data
    with pytest.raises(IndexError):
        data[6]
    with pytest.raises(KeyError):
        data["000009_a_000000"]


def test_splits_are_parts_of_it(folder: Path) -> None:
    both, val = open_dataset(folder), open_dataset(folder, "val")
    assert val.keys == both.split("val").keys == (KEYS[5],) and val[0].split == "val"
    assert KEYS[0] in both and KEYS[0] not in both.split("val")
    with pytest.raises(KeyError):
        both.split("val")[KEYS[0]]
    with pytest.raises(UserError, match="no split 'tset'"):
        open_dataset(folder, "tset")


def test_samples_are_what_was_written(folder: Path) -> None:
    data = open_dataset(folder)
    # From the last to the first: nothing depends on the order.
    for sample, (key, fields) in reversed(list(zip(data, MADE, strict=True))):
        assert sample.key == key and sample.read() == fields
    sample = data[2]
    assert sample["rgb"].shape == (48, 64, 3) and sample["body"].dtype == np.uint8
    assert sample["depth"].dtype == np.float32 and sample["depth"].max() < 66.0
    assert sample.keypoints("body_25").shape == (1, 25, 2) and sample.people[0]["instance"] == 1
    assert "rgb" in sample.names and "json" not in sample.names
    with pytest.raises(KeyError, match="has no 'flow_forward'"):
        sample["flow_forward"]


def test_samples_need_not_have_the_same_fields(tmp_path: Path) -> None:
    plain = MADE[0][1]
    more = {**plain, **encode_dense({"flow_forward": np.full((48, 64, 2), 1.5, dtype=np.float32)})}
    write_tar(tmp_path / "train-000000.tar", [(KEYS[0], plain), (KEYS[1], more), (KEYS[2], {"json": b"{}"})])
    one, two, three = open_dataset(tmp_path)
    assert "flow_forward" not in one.names and three.names == ()
    assert np.all(two["flow_forward"] == 1.5) and np.array_equal(one["rgb"], two["rgb"])


def test_only_what_is_asked_for_is_read(folder: Path, tmp_path: Path) -> None:
    whole = (folder / "val-000000.tar").read_bytes()
    first = open_dataset(folder)[KEYS[5]]
    offset, size = first._index.span(first._place, "body.png")
    (tmp_path / "val-000000.tar").write_bytes(whole[:offset] + bytes(size) + whole[offset + size :])
    sample = open_dataset(tmp_path)[0]
    assert np.array_equal(sample["rgb"], first["rgb"]) and sample.facts == first.facts
    with pytest.raises(UserError, match=rf"{KEYS[5]}\.body\.png: .*not a picture"):
        sample["body"]


def _sums(data: Dataset) -> list[int]:
    return [int(sample["rgb"].sum()) for sample in data]


def test_threads_processes_and_pickles_read_the_same(folder: Path) -> None:
    data = open_dataset(folder)
    one = _sums(data)
    assert _sums(pickle.loads(pickle.dumps(data))) == one
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda k: int(data[k % 6]["rgb"].sum()), range(48))) == one * 8
    if "fork" in multiprocessing.get_all_start_methods():
        with multiprocessing.get_context("fork").Pool(2) as forked:
            assert forked.map(_sums, [data, data, data]) == [one] * 3


def test_a_shard_that_shrank_is_told(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "val-000000.tar"
    path.write_bytes((folder / "val-000000.tar").read_bytes())
    sample = open_dataset(tmp_path)[0]
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(UserError, match="shorter than it was"):
        sample.read()


def test_nothing_is_written_into_a_data_set(folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    list(open_dataset(folder))
    assert sorted(path.name for path in folder.iterdir()) == before


def test_every_byte_of_a_header_counts(folder: Path, tmp_path: Path) -> None:
    whole = bytearray((folder / "val-000000.tar").read_bytes())
    for place in range(0, 512, 7):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        (tmp_path / "val-000000.tar").write_bytes(damaged)
        with pytest.raises(UserError):
            open_dataset(tmp_path)


def tarred(path: Path, *members: tarfile.TarInfo, kind: int = tarfile.USTAR_FORMAT) -> Path:
    with tarfile.open(path, "w", format=kind) as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(b"x" * member.size))
    return path


def named(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", size: int = 0) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, target, size
    return member


HOSTILE = {
    "parent": named(f"../{KEYS[0]}.json"),
    "absolute": named(f"/etc/{KEYS[0]}.json"),
    "folder": named(f"a/{KEYS[0]}.json"),
    "backslash": named(f"a\\{KEYS[0]}.json"),
    "symlink": named(f"{KEYS[0]}.json", tarfile.SYMTYPE, "/etc/passwd"),
    "hardlink": named(f"{KEYS[0]}.json", tarfile.LNKTYPE, "/etc/passwd"),
    "device": named(f"{KEYS[0]}.json", tarfile.CHRTYPE),
    "pipe": named(f"{KEYS[0]}.json", tarfile.FIFOTYPE),
    "directory": named(f"{KEYS[0]}.json", tarfile.DIRTYPE),
    "no field": named(KEYS[0]),
    "hidden": named(".json"),
    "another's key": named("cat.json"),
    "key with a tail": named("000000_a_000000x.json"),
    "control": named(f"{KEYS[0]}.js\non"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_members_that_are_no_fields_are_refused(tmp_path: Path, name: str) -> None:
    tarred(tmp_path / "train-000000.tar", HOSTILE[name])
    with pytest.raises(UserError, match=r"no field of a sample|no key of a sample") as caught:
        open_dataset(tmp_path)
    assert "\n" not in caught.value.line() and "train-000000.tar" in caught.value.line()


def sparse_tar(path: Path, kind: bytes, size: int) -> None:
    """A tar whose one member says that it holds `size` bytes, in a file of as many that takes no room on disk."""
    member = named(f"{KEYS[0]}.depth.npz", kind, size=size)
    with path.open("wb") as file:
        file.write(member.tobuf(tarfile.GNU_FORMAT))
        file.truncate(size + 4096)


@pytest.mark.parametrize("kind", ["0", "S", "x", "g", "L"], ids=["plain", "sparse", "pax", "global", "longname"])
def test_ten_gigabytes_of_nothing_are_refused_unread(tmp_path: Path, kind: str) -> None:
    sparse_tar(tmp_path / "train-000000.tar", kind.encode(), 10 * 2**30)
    with pytest.raises(UserError):
        open_dataset(tmp_path)
    with pytest.raises(UserError):
        list(read_tar(tmp_path / "train-000000.tar"))


def test_sparse_maps_of_any_size_are_refused(tmp_path: Path) -> None:
    tarred(tmp_path / "train-000000.tar", named(f"{KEYS[0]}.json", tarfile.GNUTYPE_SPARSE), kind=tarfile.GNU_FORMAT)
    with pytest.raises(UserError, match="no field of a sample"):
        open_dataset(tmp_path)


def test_samples_in_pieces_and_twice_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "train-000000.tar"
    tarred(path, named(f"{KEYS[0]}.json"), named(f"{KEYS[1]}.json"), named(f"{KEYS[0]}.body.png"))
    with pytest.raises(UserError, match=rf"{KEYS[0]} is there twice"):
        open_dataset(tmp_path)
    tarred(path, named(f"{KEYS[0]}.json"), named(f"{KEYS[0]}.json"))
    with pytest.raises(UserError, match=rf"{KEYS[0]}\.json: a field is there twice"):
        open_dataset(tmp_path)
    tarred(path, named(f"{KEYS[0]}.json"))
    tarred(tmp_path / "val-000000.tar", named(f"{KEYS[0]}.json"))
    with pytest.raises(UserError, match=r"train-000000\.tar and val-000000\.tar"):
        open_dataset(tmp_path)


@pytest.mark.parametrize("how", ["empty", "text", "gzip", "cut", "tail", "endless"])
def test_what_is_no_whole_tar_is_refused(folder: Path, tmp_path: Path, how: str) -> None:
    whole = (folder / "val-000000.tar").read_bytes()
    end = whole.rstrip(b"\0")
    data = {
        "empty": b"",
        "text": b"this is text" * 100,
        "gzip": gzip.compress(whole),
        "cut": whole[: len(end) - 600],
        "tail": whole[:-1] + b"x",
        "endless": whole[: -(-len(end) // 512) * 512],
    }[how]
    (tmp_path / "val-000000.tar").write_bytes(data)
    with pytest.raises(UserError, match=r"whole tar|tar's end"):
        open_dataset(tmp_path)


def test_nothing_in_a_sample_is_unpickled(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return exec, (f"open({str(tmp_path / 'sprung')!r}, 'w')",)

    trap = io.BytesIO()
    np.savez(trap, flow=np.array([Trap()], dtype=object))
    fields = {"flow_forward.png": trap.getvalue(), "flow.npz": trap.getvalue(), "json": pickle.dumps(Trap())}
    write_tar(tmp_path / "train-000000.tar", [(KEYS[0], fields)])
    sample = open_dataset(tmp_path)[0]
    for ask in (lambda: sample["flow_forward"], lambda: sample.facts, lambda: sample["flow"]):
        with pytest.raises((UserError, KeyError)):
            ask()
    assert not (tmp_path / "sprung").exists()
