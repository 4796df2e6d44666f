"""Replay: the same pages by other rules, shown first, published through the gate if wanted."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session
from typer.testing import CliRunner

import netzlotse
from aggregator.store.tables import (
    ChangeRow,
    ListingRow,
    PageRow,
    Presence,
    RunRow,
    SourceRow,
    StatementRow,
    Verdict,
)
from crawlers.page import Page
from crawlers.reading import PageReading, read
from crawlers.record import Record
from crawlers.source import Source
from schedules.replay import Replay, Replayer
from tests.schedules.conftest import Site


def between_processes(work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """What worker processes do with work, without starting any."""
    return [
        pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(work))(item)))  # noqa: S301 - our own
        for item in items
    ]


def replayed(site: Site, *, apply: bool = False, since: datetime | None = None) -> Replay:
    replayer = Replayer(site.settings, site.runner.engine, map)
    done = replayer.replay(site.source, apply=apply, since=since)
    assert done is not None
    return done


def read_otherwise(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[Record], Record | None]
) -> None:
    """Put a changed parser in the place of ours."""

    def other(page: Page, source: Source) -> PageReading:
        found = read(page, source)
        records = tuple(new for old in found.records if (new := change(old)) is not None)
        return replace(found, records=records)

    monkeypatch.setattr("crawlers.replay.read", other)


def without_cafe_and_with_another_number(record: Record) -> Record | None:
    if record.title == "Umgangscafé":
        return None
    return replace(
        record,
        passages=tuple(replace(p, text=p.text.replace("102", "199")) for p in record.passages),
    )


def contents(site: Site) -> list[list[dict[str, Any]]]:
    tables = (StatementRow, ChangeRow, ListingRow, PageRow, SourceRow)
    return [
        sorted((row.model_dump(mode="json") for row in site.rows(table)), key=str)
        for table in tables
    ]


def test_an_unchanged_parser_changes_nothing(site: Site) -> None:
    before = contents(site)
    replayer = Replayer(site.settings, site.runner.engine, between_processes)
    done = replayer.replay(site.source, apply=True)
    assert done is not None
    assert (done.pages, done.unread) == (1, [])
    assert not done.difference
    assert done.run is not None
    assert done.run.verdict is Verdict.ACCEPTED
    assert (done.run.counts["records"], done.run.counts["unchanged"]) == (3, 3)
    for row in (after := contents(site))[2]:
        row["last_run_id"] = before[2][0]["last_run_id"]
    assert after == before


def test_what_a_changed_parser_would_do_is_shown_and_not_done(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_otherwise(monkeypatch, without_cafe_and_with_another_number)
    before = contents(site)
    difference = replayed(site).difference
    assert difference.added == []
    assert [one.title for one in difference.lost] == ["Umgangscafé"]
    (changed,) = difference.changed
    assert changed.title == "Schuldnerberatung"
    assert changed.fields["phones"] == (["+493023125102"], ["+493023125199"])
    assert contents(site) == before
    assert len(site.rows(RunRow)) == 1


def test_applying_publishes_it_as_a_run_of_its_own(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_otherwise(monkeypatch, without_cafe_and_with_another_number)
    (crawl,) = site.rows(RunRow)
    run = replayed(site, apply=True).run
    assert run is not None
    assert run.verdict is Verdict.ACCEPTED
    assert run.id.endswith(".replay")
    assert run.finished_at == crawl.finished_at  # the site was not seen again
    listings = {row.flat["title"]: row for row in site.rows(ListingRow)}
    assert listings["Schuldnerberatung"].flat["phones"] == ["+493023125199"]
    assert listings["Umgangscafé"].presence is Presence.MISSING
    assert any(row.run_id == run.id and "phones" in row.fields for row in site.rows(ChangeRow))
    assert not replayed(site).difference


def test_the_preview_knows_what_one_offer_tells_of_the_street_of_another(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few records a process is given at a time: a site is read as a whole."""

    def in_one_house(record: Record) -> Record:
        there = (
            "Beispielstr. 5" if record.title == "Umgangscafé" else "Beispielstr. 5, 13187 Berlin"
        )
        return replace(
            record,
            passages=tuple(
                replace(p, text=there) if "Berlin" in p.text else p for p in record.passages
            ),
        )

    read_otherwise(monkeypatch, in_one_house)
    monkeypatch.setattr("schedules.replay._CHUNK", 1)
    replayed(site, apply=True)
    (cafe,) = (row for row in site.rows(ListingRow) if row.flat["title"] == "Umgangscafé")
    assert (cafe.flat["street"], cafe.flat["postcode"]) == ("Beispielstr. 5", "13187")
    assert not replayed(site).difference


def test_applying_again_adds_no_absence(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    read_otherwise(monkeypatch, without_cafe_and_with_another_number)
    replayed(site, apply=True)
    replayed(site, apply=True)
    (cafe,) = (row for row in site.rows(ListingRow) if row.presence is Presence.MISSING)
    assert cafe.absences == 0  # the site was not asked again


def test_a_parser_that_loses_everything_is_quarantined(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_otherwise(monkeypatch, lambda _: None)
    done = replayed(site, apply=True)
    assert len(done.difference.lost) == 3
    assert done.run is not None
    assert done.run.verdict is Verdict.QUARANTINED
    assert {row.presence for row in site.rows(ListingRow)} == {Presence.PRESENT}
    (entry,) = site.rows(SourceRow)
    assert (entry.failures, entry.stale_since) == (0, None)


def test_a_page_that_cannot_be_read_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(page: Page, source: Source) -> PageReading:
        raise ValueError("no such thing")

    monkeypatch.setattr("crawlers.replay.read", broken)
    (page,) = replayed(site).unread
    assert (page.state, page.reason) == ("parse", "ValueError('no such thing')")


def test_a_damaged_archive_is_told_and_nothing_applied(site: Site) -> None:
    (warc,) = site.settings.archive_dir.rglob("*.warc.gz")
    warc.write_bytes(warc.read_bytes()[: warc.stat().st_size // 2])
    done = replayed(site, apply=True)
    assert [page.state for page in done.unread] == ["broken"]
    assert done.difference.lost == []
    assert done.run is None


def test_only_what_was_crawled_since(site: Site) -> None:
    replayer = Replayer(site.settings, site.runner.engine, map)
    assert replayer.replay(site.source, since=datetime.now(UTC)) is None
    assert replayer.replay(site.source, since=datetime(2020, 1, 1, tzinfo=UTC)) is not None


def test_that_there_is_nothing_to_replay_is_said(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in site.settings.model_dump(mode="json").items():
        if name in {"data_dir", "sources", "database_url"} and value is not None:
            monkeypatch.setenv(f"NETZLOTSE_{name.upper()}", f"{value}")
    done = CliRunner().invoke(netzlotse.app, ["replay", "--since", "2999-01-01", "--jobs", "1"])
    assert done.exit_code == 0, done.output
    assert "nothing to replay: no published crawl since 2999-01-01" in done.stderr


def test_a_page_that_an_unpublished_run_saw_is_not_replayed(site: Site) -> None:
    """The last accepted crawl is read again, whatever later runs were answered with."""
    (row,) = site.rows(PageRow)
    other = row.model_dump() | {"id": None, "sha256": "0" * 64, "accepted_run_id": None}
    with Session(site.runner.engine) as session:
        session.add(PageRow(**other))
        session.commit()
    assert (done := replayed(site)).pages == 1
    assert not done.difference


def test_the_hand_over_of_the_crawl_is_not_needed(site: Site) -> None:
    shutil.rmtree(site.settings.spool_dir)
    assert replayed(site, apply=True).run is not None
