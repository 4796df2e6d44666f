"""The change log in both databases: numbers that are given late lose no change."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from pydantic_core import to_json
from sqlmodel import Session, select

from aggregator.index.base import Query
from aggregator.index.directory import open_searcher
from aggregator.index.feed import catch_up
from aggregator.offer import Offer
from aggregator.published import completed
from aggregator.store.tables import (
    ChangeRow,
    ListingRow,
    OfferRow,
    Operation,
    Presence,
    SourceRow,
    Subject,
)
from aggregator.store.transaction import publishing

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WRITERS, EACH = 4, 6


def publish(engine, identity, pause=0.0, *, fails=False):
    """As an intake does it: the offer and its line in the log in one publishing transaction."""
    with publishing(engine) as session:
        flat = Offer(id=identity, title="Treff").model_dump(mode="json")
        session.add(OfferRow(id=identity, flat=flat, created_at=NOW, changed_at=NOW))
        session.add(
            ChangeRow(at=NOW, operation=Operation.ADD, subject=Subject.OFFER, subject_id=identity)
        )
        session.flush()  # its number is given here, and seen by others only after the commit
        time.sleep(pause)
        if fails:
            raise RuntimeError(identity)


def test_concurrent_writers_and_a_follower_lose_no_change(engine, tmp_path):
    folder = tmp_path / "index"
    ends = threading.Event()
    seen: list[int] = []

    def write(number):
        for turn in range(EACH):
            publish(engine, f"{number}-{turn}", pause=0.002 * ((number + turn) % 3))
            # A number that is used up by what was rolled back is a gap, and no change.
            with pytest.raises(RuntimeError):
                publish(engine, f"{number}-{turn}-broken", fails=True)

    def follow():
        while not ends.is_set():
            seen.append(catch_up(engine, folder, "tantivy"))

    follower = threading.Thread(target=follow)
    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    follower.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    ends.set()
    follower.join()
    catch_up(engine, folder, "tantivy")
    hits = open_searcher(folder).search(Query(limit=100))
    wanted = {f"{number}-{turn}" for number in range(WRITERS) for turn in range(EACH)}
    assert {hit.id for hit in hits.items} == wanted
    assert seen == sorted(seen)
    with Session(engine) as session:
        numbers = session.exec(select(ChangeRow.seq).order_by(ChangeRow.seq)).all()
    assert len(numbers) == len(wanted)
    assert hits.seq == numbers[-1]


@pytest.fixture
def listed(engine):
    """An offer with one listing."""
    mention = {
        "listing_id": "l", "source": "s", "page_url": "https://s.example/", "title": "Treff",
        "status": "active",
    }  # fmt: skip
    flat = Offer(id="a", title="Treff", mentions=[mention]).model_dump(mode="json")
    with publishing(engine) as session:
        session.add(OfferRow(id="a", flat=flat, created_at=NOW, changed_at=NOW))
        session.add(SourceRow(id="s", title="S", region="11", declared={}))
        session.flush()
        session.add(
            ListingRow(
                id="l", source_id="s", key="l", offer_id="a", page_url="https://s.example/",
                presence=Presence.PRESENT, first_seen=NOW, last_seen=NOW,
            )
        )  # fmt: skip
        session.add(
            ChangeRow(at=NOW, operation=Operation.ADD, subject=Subject.OFFER, subject_id="a")
        )
    return engine


def note(engine, **fields):
    """Do to the listing what a run does that changes no document."""
    with Session(engine) as session:
        listing = session.get(ListingRow, "l")
        for name, value in fields.items():
            setattr(listing, name, value)
        session.add(listing)
        session.commit()


def test_an_offer_that_is_only_seen_again_gets_its_day(listed, tmp_path):
    folder = tmp_path / "index"
    catch_up(listed, folder, "tantivy")
    searcher = open_searcher(folder)
    later = (NOW + timedelta(days=3)).date()
    assert searcher.search(Query(seen_since=NOW.date())).total == 1
    assert searcher.search(Query(seen_since=later)).total == 0
    note(listed, last_seen=NOW + timedelta(days=3))
    before = searcher.seq(), searcher.edition()
    assert catch_up(listed, folder, "tantivy") == before[0]
    assert searcher.search(Query(seen_since=later)).total == 1
    assert searcher.seq() == before[0]
    assert searcher.edition() != before[1]


def test_an_offer_is_stored_as_it_is_shown_and_for_how_long(listed, tmp_path):
    folder = tmp_path / "index"
    searcher = open_searcher(folder)

    def stored():
        catch_up(listed, folder, "tantivy")
        (hit,) = searcher.search(Query()).items
        with Session(listed) as session:
            (shown,) = completed(session, [session.get(OfferRow, "a").flat])
        assert hit.offer == json.loads(to_json(shown))
        return hit.offer["lifecycle"], hit.complete_until

    year = NOW.date() + timedelta(days=365)
    assert stored() == ("active", year.isoformat())
    note(listed, missing_since=NOW + timedelta(days=1), presence=Presence.MISSING)
    assert stored()[0] == "missing"
    note(listed, presence=Presence.PRESENT, last_seen=NOW + timedelta(days=2),
         expires_on=year - timedelta(days=9))  # fmt: skip
    assert stored() == ("active", (year - timedelta(days=9)).isoformat())
