"""The store: a real folder, and a real S3 server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.depot import Depot, DepotError, MissingError, is_inside, url_fault


def test_what_is_put_is_there(store: str, tmp_path: Path) -> None:
    depot, path = Depot(store), tmp_path / "seite"
    path.write_bytes(bytes(range(256)) * 4_000)
    before = datetime.now(UTC).replace(microsecond=0)
    depot.put(path, "archive/netz/lauf.warc.gz")
    depot.write("snapshots/current.json", b"{}")
    assert depot.read("archive/netz/lauf.warc.gz") == path.read_bytes()
    assert depot.read("snapshots/current.json") == b"{}"
    (entry,) = depot.entries("archive")
    assert (entry.name, entry.size) == ("archive/netz/lauf.warc.gz", 1_024_000)
    assert before <= entry.modified <= datetime.now(UTC)
    with depot.open(entry.name) as file:
        file.seek(1_000_000)
        assert file.read(5) == path.read_bytes()[1_000_000:1_000_005]
    depot.fetch(entry.name, tmp_path / "tief" / "kopie")
    assert (tmp_path / "tief" / "kopie").read_bytes() == path.read_bytes()


def test_what_is_put_again_is_replaced_and_what_is_removed_is_gone(
    store: str, tmp_path: Path
) -> None:
    depot = Depot(store)
    for text in (b"alt", b"neu"):
        (tmp_path / "datei").write_bytes(text)
        depot.put(tmp_path / "datei", "a/b")
    assert depot.read("a/b") == b"neu"
    assert [entry.name for entry in depot.entries("a")] == ["a/b"]
    for _ in range(2):
        depot.remove("a/b")
    assert not depot.has("a/b")
    assert list(depot.entries("a")) == []


def test_what_is_not_there_is_told_apart_from_a_store_that_does_not_answer(store: str) -> None:
    depot = Depot(store)
    for look in (depot.read, lambda name: depot.fetch(name, Path("/nowhere/x"))):
        with pytest.raises((MissingError, DepotError)):
            look("a/b")
    with pytest.raises(MissingError, match="a/b"), depot.open("a/b"):
        pass
    assert not depot.has("a/b")


def test_a_copy_that_breaks_off_leaves_nothing(store: str, tmp_path: Path) -> None:
    depot = Depot(store)
    with pytest.raises(DepotError):
        depot.put(tmp_path / "nichts", "a/b")
    assert list(depot.entries("a")) == []
    with pytest.raises(MissingError):
        depot.fetch("a/b", tmp_path / "kopie" / "b")
    assert list((tmp_path / "kopie").iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../x", "a/../../x", "/etc/passwd", "a//b", "a/./b", "", "a/", "..", "a\\..\\b", "a\0b"],
)
def test_no_name_leads_out(name: str, store: str) -> None:
    assert not is_inside(name)
    with pytest.raises(DepotError, match="no name of a file"):
        Depot(store).read(name)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("/srv/store", None),
        ("file:///srv/store", None),
        ("s3://bucket", None),
        ("s3://bucket/a/b", None),
        ("s3://", "bucket"),
        ("srv/store", "absolute"),
        ("file://srv/store", "absolute"),
        ("https://s3.example/bucket", "absolute"),
        ("memory://x", "absolute"),
    ],
)
def test_what_is_a_store(url: str, fault: str | None) -> None:
    said = url_fault(url)
    assert said is None if fault is None else fault in (said or "")


def test_a_bucket_that_is_not_there_and_a_server_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "anna")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "geheim")
    with pytest.raises(DepotError, match="s3://nirgends at a/b") as caught:
        Depot("s3://nirgends").read("a/b")
    assert "geheim" not in str(caught.value)
