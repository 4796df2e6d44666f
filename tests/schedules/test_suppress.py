"""Suppressing: gone from what is published and from its history, and gone after every re-crawl."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from aggregator.backup import backup, restore
from aggregator.erasure import Erased, allow, suppress
from aggregator.identity import listing_id, offer_id
from aggregator.index.base import Query
from aggregator.index.directory import open_searcher
from aggregator.index.feed import catch_up
from aggregator.log import ChangeLog
from aggregator.published import listings
from aggregator.resolve.resolver import resolve
from aggregator.store.tables import (
    JudgementRow,
    ListingRow,
    OfferRow,
    Presence,
    SourceRow,
    StatementRow,
)
from aggregator.store.transaction import publishing
from aggregator.suppression import Kind, SuppressionError
from aggregator.suppression_file import read_list, write_list
from aggregator.takedown import take_over
from schedules.replay import Replayer
from schedules.runner import open_runner
from tests.schedules.conftest import Site
from tests.stored import rows

NOW = datetime.now(UTC)
NUMBER = "030 23125 102"
E164 = "+493023125102"


def suppressed(site: Site, what: str) -> Erased:
    with publishing(site.runner.engine) as session:
        changes = ChangeLog(session, "", datetime.now(UTC))
        found = suppress(changes, site.settings.suppression_key, what, "Wunsch", "redaktion")
    catch_up(site.runner.engine, site.settings.index_dir, "tantivy")
    return found


def recrawled(site: Site) -> None:
    """Publish the site anew as a crawl would, from its archive."""
    done = Replayer(site.settings, site.runner.engine, map).replay(site.source, apply=True)
    assert done is not None
    assert done.run is not None


def published(site: Site) -> dict[str, list[str]]:
    with Session(site.runner.engine) as session:
        return {listing.title: listing.phones for listing in listings(session)}


def found(site: Site, text: str) -> list[str]:
    hits = open_searcher(site.settings.index_dir).search(Query(text))
    return [hit.offer["title"] for hit in hits.items]


def everything(site: Site) -> str:
    """All text of all tables."""
    return rows(site.settings)


def the(site: Site, title: str) -> ListingRow:
    (row,) = (row for row in site.rows(ListingRow) if row.flat.get("title") == title)
    return row


def test_a_number_is_gone_at_once(site: Site) -> None:
    assert E164 in everything(site)
    assert suppressed(site, NUMBER) == Erased(Kind.PHONE, listings=1, networks=0)
    assert published(site)["Schuldnerberatung"] == []
    assert published(site)["Sonntagsfrühstück"] == ["+493023125101"]
    text = everything(site)
    for written in (E164, NUMBER, "23125 102", "23125102"):
        assert written not in text
    hits = open_searcher(site.settings.index_dir).search(Query("Schuldnerberatung"))
    assert E164 not in json.dumps([hit.offer for hit in hits.items])
    assert len(hits.items) == 1


def test_a_number_stays_away_from_every_later_run(site: Site) -> None:
    suppressed(site, NUMBER)
    current = [row.id for row in site.rows(StatementRow) if row.last_seen is None]
    recrawled(site)
    assert published(site)["Schuldnerberatung"] == []
    assert E164 not in everything(site)
    # What was cleaned reads as what the next run keeps: nothing is written twice.
    assert [row.id for row in site.rows(StatementRow) if row.last_seen is None] == current


def test_a_number_comes_back_when_it_is_allowed_again(site: Site) -> None:
    suppressed(site, NUMBER)
    with publishing(site.runner.engine) as session:
        assert allow(session, site.settings.suppression_key, NUMBER)
    recrawled(site)
    assert published(site)["Schuldnerberatung"] == [E164]


def test_a_listing_is_withdrawn_and_stays_so(site: Site) -> None:
    row = the(site, "Umgangscafé")
    assert found(site, "Umgangscafé") == ["Umgangscafé"]
    assert suppressed(site, row.id).listings == 1
    for _ in range(2):
        assert "Umgangscafé" not in published(site)
        assert "Umgangscafé" not in found(site, "Umgangscafé")
        assert "Umgangscaf" not in everything(site)  # é may be escaped
        (gone,) = (one for one in site.rows(ListingRow) if one.id == row.id)
        assert (gone.presence, gone.flat) == (Presence.WITHDRAWN, {})
        recrawled(site)
    (offer,) = (one for one in site.rows(OfferRow) if one.id == row.offer_id)
    assert offer.flat["status"] == "defunct"


def test_the_other_listings_of_an_offer_stay(site: Site) -> None:
    """The id that the offer was known by leads on to what is left of it."""
    row = the(site, "Umgangscafé")
    other = listing_id("portal", "1")
    with publishing(site.runner.engine) as session:
        session.add(SourceRow(id="portal", title="Portal", region="11"))
        session.add(OfferRow(id=offer_id(other), created_at=NOW, changed_at=NOW))
        session.flush()
        copy = {"id": other, "source_id": "portal", "key": "1", "offer_id": offer_id(other)}
        told = {**row.flat, "id": other, "source": "portal"}
        later = row.first_seen + timedelta(hours=1)
        session.add(ListingRow(**{**row.model_dump(), **copy, "first_seen": later, "flat": told}))
        session.flush()
        left, right = sorted((row.id, other))
        session.add(
            JudgementRow(
                left_id=left, right_id=right, verdict="same", score=1.0, reason="", judge="person",
                judged_at=NOW,
            )
        )  # fmt: skip
        resolve(session, [other], ChangeLog(session, "", NOW))
    (merged,) = (one for one in site.rows(OfferRow) if one.id == row.offer_id)
    assert [mention["source"] for mention in merged.flat["mentions"]] == ["netz", "portal"]
    suppressed(site, row.id)
    offers = {one.id: one for one in site.rows(OfferRow)}
    left_over = offers[offer_id(other)]
    assert [mention["source"] for mention in left_over.flat["mentions"]] == ["portal"]
    assert (left_over.merged_into, offers[row.offer_id].merged_into) == (None, left_over.id)
    assert found(site, "Umgangscafé") == ["Umgangscafé"]


def test_a_listing_comes_back_as_itself(site: Site) -> None:
    row = the(site, "Umgangscafé")
    suppressed(site, row.id)
    with publishing(site.runner.engine) as session:
        allow(session, site.settings.suppression_key, row.id)
    recrawled(site)
    back = the(site, "Umgangscafé")
    assert (back.id, back.offer_id, back.flat) == (row.id, row.offer_id, row.flat)
    assert found(site, "Umgangscafé") == ["Umgangscafé"]


def test_what_was_suppressed_after_a_backup_is_gone_again_when_that_is_put_back(
    site: Site, tmp_path: Path
) -> None:
    suppressed(site, "030 23125 101")  # the backup knows of this one
    backup(site.runner.engine, site.settings, tmp_path / "saved", NOW, archive=True)
    gone = the(site, "Umgangscafé").id
    for what in (NUMBER, gone):
        suppressed(site, what)
    with Session(site.runner.engine) as session:
        assert write_list(session, site.settings.suppression_key, tmp_path / "list") == 3
    site.runner.engine.dispose()
    restore(site.settings, tmp_path / "saved", force=True)
    back = replace(site, runner=open_runner(site.settings))
    assert E164 in everything(back)
    entries = read_list(tmp_path / "list", site.settings.suppression_key)
    for again in (2, 0):  # doing it twice does nothing more
        changed, _ = take_over(back.runner.engine, site.settings, entries, NOW)
        assert changed == again
    text = everything(back)
    assert [word for word in (E164, NUMBER, "23125102", "Umgangscaf") if word in text] == []
    assert "Umgangscafé" not in found(back, "Umgangscafé")
    recrawled(back)
    assert E164 not in everything(back)
    back.runner.engine.dispose()


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ('{"key":"0123456789abcdef"}', "made under another key"),
        ("030 23125 102", "line 1: no list"),
        ("", "line 2: no list"),
        ("\xff", "cannot be read"),
    ],
)
def test_what_is_no_list_of_ours_is_refused(
    site: Site, tmp_path: Path, told: str, fault: str
) -> None:
    suppressed(site, NUMBER)
    if not told:
        with Session(site.runner.engine) as session:
            write_list(session, site.settings.suppression_key, tmp_path / "list")
        told = (tmp_path / "list").read_text("utf-8").replace("phone", "fax")
    (tmp_path / "list").write_text(told, "latin-1")
    with pytest.raises(SuppressionError, match=fault):
        read_list(tmp_path / "list", site.settings.suppression_key)


def test_nothing_is_published_when_the_key_is_lost(site: Site) -> None:
    suppressed(site, NUMBER)
    site.settings.suppression_key.unlink()
    with pytest.raises(SuppressionError):
        Replayer(site.settings, site.runner.engine, map).replay(site.source, apply=True)
