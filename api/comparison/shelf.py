"""The comparisons that are held: of the present while nothing changes, and of a few releases."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date, datetime
from threading import Lock

from fastapi import Request
from sqlmodel import Session, col, func, select

from aggregator.catalogue.state import freshness, record_seq
from aggregator.comparison.book import Book
from aggregator.comparison.reading import of_release, present
from aggregator.places.places import Gazetteer
from aggregator.release.edition import releases
from aggregator.settings import Settings
from aggregator.store.reading import Reading
from aggregator.store.tables import RunRow, StatisticRow
from aggregator.store.transaction import snapshot
from api.problems import not_found

_RELEASES = 4
_State = tuple[int, datetime | None, date, datetime | None, tuple[object, ...]]


class Shelf:
    """Makes each comparison once: reading all offers takes seconds."""

    def __init__(self, reading: Reading, settings: Settings, gazetteer: Gazetteer) -> None:
        self._reading, self._settings, self._gazetteer = reading, settings, gazetteer
        self._present: tuple[_State, Book] | None = None
        self._releases: OrderedDict[tuple[str, int], Book] = OrderedDict()
        self._lock = Lock()

    def present(self) -> Book:
        """The record as it stands; who comes while it is read waits for it."""
        with self._lock, snapshot(self._reading.engine()) as session:
            state = _state(session)
            if self._present is None or self._present[0] != state:
                stock = present(session, self._settings.portal, self._gazetteer, state[2])
                self._present = state, Book(stock)
            return self._present[1]

    def release(self, edition: str) -> Book:
        """A release; an erratum makes it anew. Raises Problem (404) where there is none."""
        found = [one for one in releases(self._settings.release_dir) if one.id == edition]
        if not found:
            raise not_found("Eine Ausgabe", "release", edition)
        key = edition, found[0].folder.stat().st_mtime_ns
        with self._lock:
            book = self._releases.get(key)
            if book is None:
                book = self._releases[key] = Book(of_release(found[0], self._gazetteer))
            self._releases.move_to_end(key)
            while len(self._releases) > _RELEASES:
                self._releases.popitem(last=False)
        return book


def book_of(request: Request, edition: str | None) -> Book:
    """The comparison that is asked for: of a release, or of the present."""
    shelf: Shelf = request.app.state.shelf
    return shelf.release(edition) if edition else shelf.present()


def _state(session: Session) -> _State:
    """What changes whenever a comparison of the present may."""
    published, today = freshness(session)
    ran = session.exec(select(func.max(col(RunRow.finished_at)))).one()
    counted = session.exec(
        select(func.count(), func.sum(col(StatisticRow.families)), func.max(StatisticRow.as_of))
    ).one()
    return record_seq(session), published, today, ran, tuple(counted)
