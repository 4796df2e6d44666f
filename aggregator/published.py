"""Documents as they are shown: what is stored, with the days of first and last sight added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from aggregator.harvest import BERLIN
from aggregator.lifecycle import CONFIRMED_WITHIN, Lifecycle, lifecycle, liveliest
from aggregator.listing import Listing
from aggregator.offer import Offer
from aggregator.store.binding import bindable
from aggregator.store.tables import ListingRow, Presence

_AT_ONCE = 500


def listing_of(row: ListingRow) -> Listing:
    """A listing in its flat form."""
    told = {name: value for name, value in row.flat.items() if name in Listing.model_fields}
    return Listing.model_validate(
        {
            **told,
            "first_seen": row.first_seen.astimezone(BERLIN).date(),
            "last_seen": row.last_seen.astimezone(BERLIN).date(),
            "last_confirmed": confirmed_on(row),
            "service_id": row.offer_id,
        }
    )


def listings(session: Session) -> Iterator[Listing]:
    """All published listings, ordered by source and key."""
    query = (
        select(ListingRow)
        .order_by(col(ListingRow.source_id), col(ListingRow.key))
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in session.exec(query):
        if row.flat:
            yield listing_of(row)


def offers_of(
    session: Session, documents: Sequence[Mapping[str, Any]], today: date | None = None
) -> list[Offer]:
    """Stored offer documents, completed from the listings that they mention; one query.

    Where they stand in their lives is told for `today`; for the present day if not given.
    """
    return [Offer.model_validate(document) for document in completed(session, documents, today)]


def completed(
    session: Session, documents: Sequence[Mapping[str, Any]], today: date | None = None
) -> list[dict[str, Any]]:
    """The same as plain documents, for answers that are only to be written."""
    wanted = sorted({m["listing_id"] for one in documents for m in one.get("mentions", ())})
    sights = {sight.id: sight for sight in _sights(session, wanted)}
    day = today or datetime.now(BERLIN).date()
    return [completed_from(document, sights, day) for document in documents]


def completed_from(
    document: Mapping[str, Any], sights: Mapping[str, Sight], today: date
) -> dict[str, Any]:
    """A stored document, completed from what is known of its listings by that day."""
    return _completed({**_EMPTY, **document}, sights, today)


def lasting(
    session: Session, documents: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[dict[str, Any], date]]:
    """The same, each with the last day on which it will be so, if nothing happens to it."""
    wanted = sorted({m["listing_id"] for one in documents for m in one.get("mentions", ())})
    today = datetime.now(BERLIN).date()
    sights = {sight.id: sight for sight in _sights(session, wanted)}
    for document in documents:
        mine = (sights.get(mention["listing_id"]) for mention in document.get("mentions", ()))
        ends = (day for sight in mine if sight for day in _turns(sight) if day >= today)
        shown = completed_from(document, sights, today)
        yield shown, min(ends, default=date.max)


def _turns(sight: Sight) -> Iterator[date]:
    """The days after which a listing may stand elsewhere in its life (see `lifecycle`)."""
    yield looked_on(sight) + CONFIRMED_WITHIN
    if sight.expires_on:
        yield sight.expires_on


def _completed(
    document: dict[str, Any], sights: Mapping[str, Sight], today: date
) -> dict[str, Any]:
    mentions, mine = [], []
    for mention in document["mentions"]:
        if sight := sights.get(mention["listing_id"]):
            mine.append(sight)
            days = {"first_seen": _day(sight.first_seen), "last_seen": _day(sight.last_seen)}
            mentions.append({**mention, **days})
        else:
            mentions.append(mention)
    confirmed = (day for sight in mine if (day := confirmed_on(sight)))
    document["mentions"] = mentions
    document["lifecycle"] = liveliest(lifecycle_of(sight, today) for sight in mine)
    document["last_confirmed"] = max(confirmed, default=None)
    document["first_seen"] = min((_day(sight.first_seen) for sight in mine), default=None)
    document["last_seen"] = max((_day(sight.last_seen) for sight in mine), default=None)
    return document


class Sight(NamedTuple):
    """As much of a listing's row as its days need: reading all of it takes far longer."""

    id: str
    first_seen: datetime
    last_seen: datetime
    changed_at: datetime | None
    confirmed_on: date | None
    expires_on: date | None
    presence: Presence
    stated: str | None

    @property
    def flat(self) -> Mapping[str, Any]:
        """What its document says that is of use here."""
        return {"last_confirmed": self.stated}


_EMPTY = Offer(id="", title="").model_dump(mode="json")
"""What is not stored is unknown."""


def confirmed_on(row: ListingRow | Sight) -> date | None:
    """When an editor, or the page itself, last said that a listing is correct."""
    stated = row.flat.get("last_confirmed")
    days = (row.confirmed_on, date.fromisoformat(stated) if stated else None)
    return max((day for day in days if day), default=None)


def looked_on(row: ListingRow | Sight) -> date:
    """When somebody last looked at a listing: it was new, was changed, was confirmed."""
    days = (_day(row.first_seen), row.changed_at and _day(row.changed_at), confirmed_on(row))
    return max(day for day in days if day)


def lifecycle_of(row: ListingRow | Sight, today: date) -> Lifecycle:
    """Where a listing stands in its life on that day."""
    return lifecycle(row.presence, looked_on(row), row.expires_on, today)


def _day(moment: datetime) -> date:
    return moment.astimezone(BERLIN).date()


_LISTING: Any = ListingRow.__table__.c  # type: ignore[attr-defined]
# Made once: putting it together anew takes longer than running it.
_SIGHTS: Any = sqlalchemy.select(
    _LISTING.id, _LISTING.first_seen, _LISTING.last_seen, _LISTING.changed_at,
    _LISTING.confirmed_on, _LISTING.expires_on, _LISTING.presence,
    _LISTING.flat["last_confirmed"].as_string(),
).where(_LISTING.id.in_(bindparam("ids", expanding=True)))  # fmt: skip


def _sights(session: Session, ids: Sequence[str]) -> Iterator[Sight]:
    connection = session.connection()
    for part in bindable(ids):
        found = connection.execute(_SIGHTS, {"ids": part})
        yield from map(Sight._make, found)
