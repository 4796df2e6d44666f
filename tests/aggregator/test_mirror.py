"""A folder in the store, written by one machine and copied by others; a real folder and S3."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aggregator.mirror import DamagedError, Mirror
from crawlers.depot import Depot, DepotError


def folder_of(home: Path, **files: str) -> Path:
    for name, text in files.items():
        path = home / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return home


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_copy_is_what_was_written(store: str, tmp_path: Path) -> None:
    mirror, target = Mirror(Depot(store), "spiegel/a"), tmp_path / "b"
    assert mirror.copy(target) is None
    mirror.write(folder_of(tmp_path / "a", eins="1", tief__zwei="2"), {"seq": 7})
    target.mkdir()
    listed = mirror.copy(target)
    assert listed is not None
    assert listed.told == {"seq": 7}
    assert content(target) == {"eins": "1", "tief/zwei": "2"}


def test_what_two_states_share_is_stored_once_and_the_rest_goes(store: str, tmp_path: Path) -> None:
    depot = Depot(store)
    mirror = Mirror(depot, "spiegel")
    mirror.write(folder_of(tmp_path / "a", eins="1", zwei="2", drei="1"), {})
    first = {entry.name: entry.modified for entry in depot.entries("spiegel/files")}
    assert len(first) == 2
    mirror.write(folder_of(tmp_path / "b", eins="1", vier="4"), {})
    second = {entry.name: entry.modified for entry in depot.entries("spiegel/files")}
    assert len(second) == 2
    assert len(set(first.items()) & set(second.items())) == 1  # not written again
    mirror.remove()
    assert list(depot.entries("spiegel")) == []


def test_a_copy_that_is_overtaken_ends_as_the_newest(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = Mirror(Depot(store), "spiegel")
    mirror.write(folder_of(tmp_path / "a", eins="1", zwei="2"), {"seq": 1})
    fetch, done = Depot.fetch, []

    def overtaken(depot: Depot, name: str, path: Path) -> None:
        if not done:
            done.append(name)
            mirror.write(folder_of(tmp_path / "b", eins="1", drei="3"), {"seq": 2})
        fetch(depot, name, path)

    monkeypatch.setattr(Depot, "fetch", overtaken)
    (tmp_path / "c").mkdir()
    listed = mirror.copy(tmp_path / "c")
    assert listed is not None
    assert listed.told == {"seq": 2}
    assert content(tmp_path / "c") == {"eins": "1", "drei": "3"}


@pytest.mark.parametrize(
    "damage",
    [
        b"", b"[]", b"{", b'{"files": [], "told": {}}', b'{"files": {}, "told": 1}',
        b'{"files": {"../x": "0"}, "told": {}}', b'{"files": {"/etc/x": "0"}, "told": {}}',
        b'{"files": {"x": "../../y"}, "told": {}}', b"\xff",
    ],
)  # fmt: skip
def test_a_damaged_list_is_told_and_nothing_lands_outside(
    damage: bytes, store: str, tmp_path: Path
) -> None:
    depot = Depot(store)
    mirror = Mirror(depot, "spiegel")
    mirror.write(folder_of(tmp_path / "a", eins="1"), {})
    depot.write("spiegel/current.json", damage)
    (tmp_path / "c").mkdir()
    with pytest.raises((DamagedError, DepotError)):
        mirror.copy(tmp_path / "c")
    assert content(tmp_path / "c") == {}


def test_a_file_of_another_content_is_told(store: str, tmp_path: Path) -> None:
    depot = Depot(store)
    mirror = Mirror(depot, "spiegel")
    mirror.write(folder_of(tmp_path / "a", eins="1"), {})
    (digest,) = json.loads(depot.read("spiegel/current.json"))["files"].values()
    depot.write(f"spiegel/files/{digest}", b"2")
    (tmp_path / "c").mkdir()
    with pytest.raises(DamagedError, match="eins"):
        mirror.copy(tmp_path / "c")
    depot.remove(f"spiegel/files/{digest}")
    with pytest.raises(DamagedError, match="not there"):
        mirror.copy(tmp_path / "c")
