"""A new node begins with what another one wrote, or without, but never with something else."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.index import schema, snapshot
from aggregator.index.base import Query
from aggregator.index.directory import EngineName, open_searcher, open_writer, read_state
from crawlers.depot import Depot, DepotError

KINDS = ("tantivy", "fts5")


def put(folder: Path, kind: EngineName, seq: int, *identities: str, anew: bool = False) -> None:
    with open_writer(folder, kind, anew=anew) as writer:
        writer.apply(({"id": one, "title": "Treff"} for one in identities), (), seq)


def found(folder: Path) -> list[str]:
    return sorted(hit.id for hit in open_searcher(folder).search(Query(limit=100)).items)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_node_copies_and_goes_on(kind: EngineName, store: str, tmp_path: Path) -> None:
    depot, first, second = Depot(store), tmp_path / "a", tmp_path / "b"
    assert snapshot.save(first, depot, kind) is None
    assert snapshot.take_over(second, depot, kind) is None
    put(first, kind, 3, "a", "b")
    put(first, kind, 4, "c")
    assert snapshot.save(first, depot, kind) == 4
    assert snapshot.saved_seq(depot, kind) == 4
    put(first, kind, 5, "d")
    assert snapshot.take_over(second, depot, kind) == 4
    assert found(second) == ["a", "b", "c"]
    put(second, kind, 5, "d")
    assert found(second) == found(first) == ["a", "b", "c", "d"]
    assert snapshot.take_over(second, depot, kind) is None  # it has one
    assert read_state(second) is not None
    assert not list(first.glob(".*"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_snapshot_is_of_one_state_while_others_write(kind: EngineName, tmp_path: Path) -> None:
    depot, first, over = Depot(str(tmp_path / "store")), tmp_path / "a", threading.Event()
    put(first, kind, 1, "o1")

    def write() -> None:
        number = 1
        while not over.is_set():
            number += 1
            put(first, kind, number, f"o{number}")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for turn in range(5):
            seq = snapshot.save(first, depot, kind)
            target = tmp_path / f"b{turn}"
            assert snapshot.take_over(target, depot, kind) == seq
            assert len(found(target)) == seq
    finally:
        over.set()
        writer.join()


def damaged(depot: Depot, what: str) -> None:
    """Damage the one snapshot in a store."""
    (name,) = (e.name for e in depot.entries("snapshots") if e.name.endswith("current.json"))
    home = name.removesuffix("/current.json")
    told = json.loads(depot.read(name))
    if what == "list":
        depot.write(name, b"{")
    elif what == "state":
        told["files"].pop("state.json")
        depot.write(name, json.dumps(told).encode())
    elif what == "meta":
        told["files"].pop("meta.json")
        depot.write(name, json.dumps(told).encode())
    else:
        digest = told["files"][max(told["files"])]
        if what == "missing":
            depot.remove(f"{home}/files/{digest}")
        else:
            depot.write(f"{home}/files/{digest}", depot.read(f"{home}/files/{digest}")[:-1])


@pytest.mark.parametrize("what", ["list", "state", "meta", "missing", "shortened"])
def test_a_damaged_snapshot_is_as_none(what: str, store: str, tmp_path: Path) -> None:
    depot = Depot(store)
    put(tmp_path / "a", "tantivy", 3, "a")
    snapshot.save(tmp_path / "a", depot, "tantivy")
    damaged(depot, what)
    assert snapshot.take_over(tmp_path / "b", depot, "tantivy") is None
    assert not open_searcher(tmp_path / "b").readable()
    assert not list((tmp_path / "b").glob("g-*"))
    put(tmp_path / "b", "tantivy", 3, "a")  # from the record, then
    snapshot.save(tmp_path / "b", depot, "tantivy")
    assert snapshot.take_over(tmp_path / "c", depot, "tantivy") == 3


def test_old_and_new_code_keep_a_snapshot_each(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    depot = Depot(store)
    put(tmp_path / "a", "tantivy", 3, "a")
    snapshot.save(tmp_path / "a", depot, "tantivy")
    old = schema.versions
    monkeypatch.setattr(schema, "versions", lambda name: {**old(name), "analyser": "next"})
    assert snapshot.take_over(tmp_path / "b", depot, "tantivy") is None
    put(tmp_path / "b", "tantivy", 5, "b")
    assert snapshot.save(tmp_path / "b", depot, "tantivy") == 5
    assert snapshot.saved_seq(depot, "tantivy") == 5
    monkeypatch.setattr(schema, "versions", old)
    assert snapshot.saved_seq(depot, "tantivy") == 3
    now = datetime.now(UTC)
    snapshot.forget(depot, "tantivy", now + timedelta(days=13))
    assert len({e.name.split("/")[1] for e in depot.entries("snapshots")}) == 2
    snapshot.forget(depot, "tantivy", now + timedelta(days=15))
    assert len({e.name.split("/")[1] for e in depot.entries("snapshots")}) == 1
    assert snapshot.saved_seq(depot, "tantivy") == 3


def test_without_a_store_that_answers_nothing_is_changed(tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(b"no folder")
    depot = Depot(str(tmp_path / "store"))
    put(tmp_path / "a", "tantivy", 3, "a")
    with pytest.raises(DepotError):
        snapshot.save(tmp_path / "a", depot, "tantivy")
    with pytest.raises(DepotError):
        snapshot.take_over(tmp_path / "b", depot, "tantivy")
    assert found(tmp_path / "a") == ["a"]
    assert not list((tmp_path / "b").glob("g-*"))
