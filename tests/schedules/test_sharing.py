"""What all machines of an installation have: one makes or changes it, the others get it."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from aggregator.places.geonames import IMPORTED, import_geonames, read_rows
from aggregator.release.edition import make_release, releases
from aggregator.release.files import SUMS, file_hash, lines_of
from aggregator.release.metadata import Maker
from aggregator.settings import Settings
from aggregator.sharing import (
    key_of,
    receive_places,
    share_places,
    share_releases,
)
from aggregator.store.tables import SuppressionRow
from aggregator.suppression import SuppressionError, load_suppressions
from aggregator.takedown import take_down
from crawlers.depot import Depot, DepotError
from tests.schedules.conftest import Site

NUMBER = "030 23125 102"
TODAY = date(2026, 11, 29)


def machine(site: Site, name: str, store: str) -> Settings:
    """Another machine of the site's installation: the same record, a data folder of its own."""
    return site.settings.model_copy(
        update={
            "data_dir": site.settings.data_dir.parent / name,
            "database_url": site.settings.database,
            "store": store,
        }
    )


def taken_down(site: Site, settings: Settings, what: str = NUMBER) -> tuple[str, ...]:
    settings.data_dir.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    return take_down(site.runner.engine, settings, what, "Wunsch", "test", now).releases


def test_the_first_key_is_that_of_all_machines(site: Site, store: str) -> None:
    first, second = (machine(site, name, store) for name in ("eins", "zwei"))
    assert not key_of(second).exists()
    taken_down(site, first)
    for settings in (first, second):
        with Session(site.runner.engine) as session:
            assert load_suppressions(session, key_of(settings)).phones
        assert stat.S_IMODE(settings.suppression_key.stat().st_mode) == 0o600
    taken_down(site, second, "030 23125 101")
    assert first.suppression_key.read_bytes() == second.suppression_key.read_bytes()


def test_no_second_key_is_made(site: Site, store: str) -> None:
    old = machine(site, "eins", "")  # from before there was a store
    taken_down(site, old)
    with pytest.raises(SuppressionError, match="neither"):
        taken_down(site, machine(site, "zwei", store), "030 23125 101")
    taken_down(site, old.model_copy(update={"store": store}), "030 23125 103")
    assert key_of(machine(site, "drei", store)).read_bytes() == old.suppression_key.read_bytes()
    other = machine(site, "vier", store)
    other.data_dir.mkdir()
    other.suppression_key.write_text("00" * 32)
    with pytest.raises(SuppressionError, match="another key"):
        taken_down(site, other, "030 23125 101")


def test_without_the_store_nothing_is_put_on_the_list(site: Site, tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(b"no folder")
    settings = machine(site, "eins", str(tmp_path / "store"))
    with pytest.raises(DepotError):
        taken_down(site, settings)
    assert not settings.suppression_key.exists()
    with Session(site.runner.engine) as session:
        assert session.exec(select(SuppressionRow)).all() == []


def sums(settings: Settings) -> dict[str, str]:
    return {one.id: (one.folder / SUMS).read_text() for one in releases(settings.release_dir)}


def made(site: Site, settings: Settings, today: date = TODAY) -> None:
    make_release(site.runner.engine, settings.release_dir, today, Maker.of(settings))


def test_a_release_is_on_all_machines_and_what_is_erased_from_one_is_from_all(
    site: Site, store: str
) -> None:
    first, second, third = (machine(site, name, store) for name in ("eins", "zwei", "drei"))
    made(site, first)
    for settings in (first, second):
        share_releases(settings)
    assert sums(second) == sums(first) != {}
    assert taken_down(site, second) == (TODAY.isoformat(),)
    share_releases(first)  # it holds the older state
    assert sums(first) == sums(second)
    share_releases(third)
    assert sums(third) == sums(second)
    for settings in (first, second, third):
        (one,) = releases(settings.release_dir)
        assert len(one.about["errata"]) == 1
        assert "23125102" not in lines_of(one.folder, "offers").read_bytes().decode("latin-1")
    files = (first.release_dir / TODAY.isoformat()).iterdir()
    kept = {entry.name.rpartition("/")[2] for entry in Depot(store).entries("releases")}
    assert kept == {"current.json", *map(file_hash, files)}  # and nothing of before


def test_a_release_that_was_put_right_while_the_store_was_away_is_not_undone(
    site: Site, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    settings = machine(site, "eins", str(store))
    made(site, settings)
    share_releases(settings)
    taken_down(site, settings, "030 23125 103")  # the key is there
    before = sums(settings)
    store.rename(tmp_path / "away")
    store.write_bytes(b"no folder")
    with pytest.raises(DepotError):
        taken_down(site, settings)
    store.unlink()
    (tmp_path / "away").rename(store)
    taken_down(site, settings)
    share_releases(settings)
    assert sums(settings) != before
    other = machine(site, "zwei", str(store))
    share_releases(other)
    assert sums(other) == sums(settings)


def test_what_is_no_release_does_not_take_the_place_of_one(site: Site, store: str) -> None:
    first, second = (machine(site, name, store) for name in ("eins", "zwei"))
    made(site, first)
    share_releases(first)
    depot = Depot(store)
    depot.write(f"releases/{TODAY}/current.json", b'{"files": {}, "told": {"errata": 3}}')
    depot.write("releases/nichts/current.json", b'{"files": {}, "told": {"errata": 0}}')
    before = sums(first)
    for settings in (first, second):
        with pytest.raises(Exception, match="no whole release"):
            share_releases(settings)
    assert sums(first) == before
    assert sums(second) == {}


def test_place_tables_reach_all_machines(site: Site, store: str, tmp_path: Path) -> None:
    row = "DE\t99999\tMusterdorf\tBerlin\tBE\t\t00\tPankow\t11003\t52.5\t13.4\t6\n"
    (tmp_path / "DE.txt").write_text(row, "utf-8")
    first, second = (machine(site, name, store) for name in ("eins", "zwei"))
    receive_places(second)
    assert not second.places_dir.exists()
    import_geonames(tmp_path / "DE.txt", first.places_dir)
    share_places(first)
    for _ in range(2):
        receive_places(second)
        (there,) = read_rows(second.places_dir / IMPORTED)
        assert (there.postcode, there.name) == ("99999", "Musterdorf")
    assert not list(second.data_dir.glob(".places*"))


def test_place_tables_of_this_machine_do_while_the_store_is_away(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "store").write_bytes(b"no folder")
    settings = machine(site, "eins", str(tmp_path / "store"))
    settings.places_dir.mkdir(parents=True)
    receive_places(settings)
    assert settings.places_dir.is_dir()
    assert "place tables of this machine" in caplog.text
