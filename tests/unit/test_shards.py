"""Tars: equal samples make equal bytes, files appear whole or not at all, foreign tars are not trusted."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from mocap.errors import UserError
from mocap.whole_file import whole_file
from render_scripts.export.samples import samples
from render_scripts.shards import pack, read_tar, shard_paths, write_sums, write_tar

SAMPLES = [(f"00000{i}_phone_000000", {"json": b"{}", "body.png": bytes([i]) * 700}) for i in range(5)]


def test_samples_come_back_in_order(tmp_path: Path) -> None:
    assert write_tar(tmp_path / "a.tar", SAMPLES) == 5
    assert list(read_tar(tmp_path / "a.tar")) == [(key, dict(sorted(fields.items()))) for key, fields in SAMPLES]


def test_tars_hold_nothing_of_the_machine(tmp_path: Path) -> None:
    write_tar(tmp_path / "a.tar", SAMPLES)
    with tarfile.open(tmp_path / "a.tar") as tar:
        for member in tar:
            facts = (member.mtime, member.uid, member.gid, member.uname, member.gname, member.mode)
            assert facts == (0, 0, 0, "", "", 0o644)


def test_packing_does_not_depend_on_how_clips_were_cut(tmp_path: Path) -> None:
    for i, sample in enumerate(SAMPLES):
        write_tar(tmp_path / f"f{i}.tar", [sample])
    write_tar(tmp_path / "all.tar", SAMPLES)
    seen: list[str] = []
    parts = [tmp_path / f"f{i}.tar" for i in range(5)]
    one = pack(parts, tmp_path / "one", "train", 2, lambda key, fields: seen.append(key))
    two = pack([tmp_path / "all.tar"], tmp_path / "two", "train", 2)
    assert one == two
    assert [(s.name, s.samples) for s in one] == [
        ("train-000000.tar", 2),
        ("train-000001.tar", 2),
        ("train-000002.tar", 1),
    ]
    assert seen == [key for key, _ in SAMPLES]
    assert [sample.key for sample in samples(tmp_path / "one")] == seen


def test_webdataset_reads_every_sample(tmp_path: Path) -> None:
    webdataset = pytest.importorskip("webdataset")
    write_tar(tmp_path / "a.tar", SAMPLES)
    shards = pack([tmp_path / "a.tar"], tmp_path, "train", 3)
    urls = [(tmp_path / shard.name).as_uri().replace("file:///", "file:/") for shard in shards]
    read = list(webdataset.WebDataset(urls, shardshuffle=False, empty_check=False))
    assert [(s["__key__"], s["json"], s["body.png"]) for s in read] == [
        (key, fields["json"], fields["body.png"]) for key, fields in SAMPLES
    ]


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.bin"
    with pytest.raises(RuntimeError), whole_file(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert list(path.parent.iterdir()) == []
    with whole_file(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole" and len(list(path.parent.iterdir())) == 1


def foreign(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w") as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(b"x" * member.size))
    return path


@pytest.mark.parametrize("name", ["../000000_a_000000.json", "/etc/passwd.json", "a\\b.json", "nodot", ".hidden"])
def test_names_that_are_no_fields_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="no field of a sample"):
        list(read_tar(foreign(tmp_path / "a.tar", tarfile.TarInfo(name))))


def test_links_are_refused(tmp_path: Path) -> None:
    link = tarfile.TarInfo("000000_a_000000.json")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with pytest.raises(UserError, match="no field of a sample"):
        list(read_tar(foreign(tmp_path / "a.tar", link)))


def test_cut_and_foreign_files_are_refused(tmp_path: Path) -> None:
    whole = tmp_path / "a.tar"
    write_tar(whole, SAMPLES)
    data = whole.read_bytes()
    for size in (700, 2500):
        (tmp_path / "cut.tar").write_bytes(data[:size])
        with pytest.raises(UserError):
            list(read_tar(tmp_path / "cut.tar"))
    (tmp_path / "no.tar").write_bytes(b"this is text" * 100)
    with pytest.raises(UserError, match="not a whole tar"):
        list(read_tar(tmp_path / "no.tar"))


def test_folders_without_shards(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no shards here"):
        shard_paths(tmp_path)
    with pytest.raises(UserError, match="no such folder"):
        shard_paths(tmp_path / "none")


def test_sums_are_as_sha256sum_writes_them(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"")
    (tmp_path / "a").write_bytes(b"abc")
    write_sums(tmp_path, ["b", "a"])
    assert (tmp_path / "SHA256SUMS").read_text() == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n"
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n"
    )
