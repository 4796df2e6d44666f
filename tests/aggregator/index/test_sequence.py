"""The change log in both databases: numbers that are given late lose no change."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from aggregator.index.base import Query
from aggregator.index.directory import open_searcher
from aggregator.index.feed import catch_up
from aggregator.offer import Offer
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
            seen.append(catch_up(engine, folder))

    follower = threading.Thread(target=follow)
    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    follower.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    ends.set()
    follower.join()
    catch_up(engine, folder)
    hits = open_searcher(folder).search(Query(limit=100))
    wanted = {f"{number}-{turn}" for number in range(WRITERS) for turn in range(EACH)}
    assert {hit.id for hit in hits.items} == wanted
    assert seen == sorted(seen)
    with Session(engine) as session:
        numbers = session.exec(select(ChangeRow.seq).order_by(ChangeRow.seq)).all()
    assert len(numbers) == len(wanted)
    assert hits.seq == numbers[-1]


def test_an_offer_that_is_only_seen_again_gets_its_day(engine, tmp_path):
    folder = tmp_path / "index"
    publish(engine, "a")
    with Session(engine) as session:
        session.add(SourceRow(id="s", title="S", region="11", declared={}))
        session.flush()
        session.add(
            ListingRow(
                id="l", source_id="s", key="l", offer_id="a", page_url="https://s.example/",
                presence=Presence.PRESENT, first_seen=NOW, last_seen=NOW,
            )
        )  # fmt: skip
        session.commit()
    catch_up(engine, folder)
    searcher = open_searcher(folder)
    later = (NOW + timedelta(days=3)).date()
    assert searcher.search(Query(seen_since=NOW.date())).total == 1
    assert searcher.search(Query(seen_since=later)).total == 0
    with Session(engine) as session:
        listing = session.get(ListingRow, "l")
        listing.last_seen = NOW + timedelta(days=3)
        session.add(listing)
        session.commit()
    seq = searcher.seq()
    assert catch_up(engine, folder) == seq
    assert searcher.search(Query(seen_since=later)).total == 1
