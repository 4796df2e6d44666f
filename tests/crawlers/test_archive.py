"""What a reference into the archive may name, and what is told where it leads nowhere."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.archive import Archive, ArchiveError, ArchiveWriter, read_page
from crawlers.page import ArchiveRef

BODY = b"<p>Beratung</p>"


def archived(folder: Path) -> ArchiveRef:
    with ArchiveWriter(folder, "netz", "netz.lauf", "netzlotse") as writer:
        return writer.write(
            "https://netz.example/", 200, [], BODY, datetime(2026, 11, 1, tzinfo=UTC)
        )


def test_a_file_is_read_here_until_it_is_handed_over_and_there_afterwards(
    store: str, tmp_path: Path
) -> None:
    here, elsewhere = Archive(tmp_path / "a", store), Archive(tmp_path / "b", store)
    ref = archived(here.folder)
    assert read_page(here, ref).body == BODY
    with pytest.raises(ArchiveError):
        read_page(elsewhere, ref)
    for _ in range(2):
        here.hand_over("netz")
    assert not list(here.folder.rglob("*.gz"))
    for archive in (here, elsewhere):
        assert read_page(archive, ref).body == BODY
        assert [one.name for one in archive.entries("netz")] == [ref.file]
    elsewhere.remove(ref.file)
    assert not here.has(ref.file)


def test_without_a_store_files_stay_where_they_are(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    ref = archived(tmp_path)
    archive.hand_over("netz")
    assert (tmp_path / ref.file).exists()
    assert read_page(archive, ref).body == BODY


@pytest.mark.parametrize(
    "name",
    ["../geheim.warc.gz", "netz/../../geheim.warc.gz", "{home}/geheim.warc.gz", "..", "", "netz//x",
     "netz/\0", "..\\geheim.warc.gz"],
)  # fmt: skip
@pytest.mark.parametrize("shared", [False, True])
def test_no_reference_leads_out_of_the_archive(name: str, shared: bool, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive", str(tmp_path / "store") if shared else "")
    archived(archive.folder)
    source = archive.folder / "netz" / "netz.lauf.warc.gz"
    for beside in (tmp_path, tmp_path / "store"):
        beside.mkdir(exist_ok=True)
        (beside / "geheim.warc.gz").write_bytes(source.read_bytes())
    wanted = ArchiveRef(name.format(home=tmp_path), 0, "")
    with pytest.raises(ArchiveError, match="no name of a file"):
        read_page(archive, wanted)
    for work in (archive.remove, lambda one: archive.keep(source, one)):
        with pytest.raises(ArchiveError, match="no name of a file"):
            work(wanted.file)
    assert not archive.has(wanted.file)
    assert (tmp_path / "geheim.warc.gz").exists()


@pytest.mark.parametrize("damage", [b"", b"\x1f\x8bkein gzip", b"WARC/1.1\r\n"])
def test_a_damaged_file_is_told(damage: bytes, store: str, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "a", store)
    ref = archived(archive.folder)
    (archive.folder / ref.file).write_bytes(damage)
    archive.hand_over("netz")
    with pytest.raises(ArchiveError, match=r"netz/netz\.lauf"):
        read_page(Archive(tmp_path / "b", store), ref)


def _cut(raw: bytes, at: int) -> bytes:
    return raw[: at + 40]


def _no_gzip(raw: bytes, at: int) -> bytes:
    return raw[:at] + b"WARC/1.1" + raw[at + 8 :]


def _flipped(raw: bytes, at: int) -> bytes:
    return raw[: at + 60] + bytes([raw[at + 60] ^ 0xFF]) + raw[at + 61 :]


def _ended(raw: bytes, at: int) -> bytes:
    return raw[:at]


@pytest.mark.parametrize("damage", [_cut, _no_gzip, _flipped, _ended])
def test_a_damaged_file_is_told_as_such(
    damage: Callable[[bytes, int], bytes], tmp_path: Path
) -> None:
    ref = archived(tmp_path)
    path = tmp_path / ref.file
    path.write_bytes(damage(path.read_bytes(), ref.offset))
    with pytest.raises(ArchiveError, match=f"{ref.file}@{ref.offset}: "):
        read_page(Archive(tmp_path), ref)


def test_each_record_is_read_alone(tmp_path: Path) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    bodies = [BODY, b"", gzip.compress(BODY), b"x" * 100_000]
    encoded = [("Content-Encoding", "gzip"), ("Content-Type", "text/html")]
    with ArchiveWriter(tmp_path, "netz", "netz.lauf", "netzlotse") as writer:
        refs = [
            writer.write("https://netz.example/", 200, encoded if n == 2 else [], body, at)
            for n, body in enumerate(bodies)
        ]
    refs[2] = replace(refs[2], sha256=hashlib.sha256(BODY).hexdigest())
    pages = [read_page(Archive(tmp_path), ref) for ref in refs]
    assert [page.body for page in pages] == [BODY, b"", BODY, b"x" * 100_000]
    assert pages[2].headers == {"content-type": "text/html"}
    assert {(page.status, page.fetched_at) for page in pages} == {(200, at)}
    with pytest.raises(ArchiveError, match="holds no response"):
        read_page(Archive(tmp_path), replace(refs[0], offset=0))
