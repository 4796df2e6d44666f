"""What is new or changed, and what takes place: for feeds and calendars of a region or topic."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, or_, select

from aggregator.hsds.taxonomy import TOPIC_TAXONOMY
from aggregator.identity import part_id
from aggregator.listing import Status
from aggregator.offer import Offer
from aggregator.published import offers_of
from aggregator.store.tables import (
    ChangeRow,
    DirectoryRow,
    OfferRow,
    Operation,
    Subject,
    TermRow,
)

_SHOWN = (Status.ACTIVE.value, Status.TEMPORARILY_CLOSED.value)


@dataclass(frozen=True, slots=True)
class News:
    """An offer that is new or was changed."""

    offer: Offer
    added_at: datetime
    changed_at: datetime
    fields: tuple[str, ...]
    """What was changed last; empty for an offer that never was."""


def news(
    session: Session, regions: Collection[str], topics: Collection[str], limit: int
) -> list[News]:
    """Published offers, the one that changed last first; of all regions or topics if none is told.

    A region finds all that lie in it.
    """
    query = _published(OfferRow.id, OfferRow.flat, OfferRow.created_at, OfferRow.changed_at)
    found = session.exec(
        _within(query, regions, topics)
        .order_by(col(OfferRow.changed_at).desc(), col(OfferRow.id))
        .limit(limit)
    ).all()
    offers = offers_of(session, [flat for _, flat, _, _ in found])
    changed = _changed(session, [identity for identity, *_ in found])
    return [
        News(offer, added, at, changed.get(identity, ()))
        for offer, (identity, _, added, at) in zip(offers, found, strict=True)
    ]


def with_dates(
    session: Session, regions: Collection[str], topics: Collection[str]
) -> Iterator[Offer]:
    """Offers that can be used and may have dates of their own, by id."""
    flat = col(OfferRow.flat)
    told = or_(flat["valid_from"].as_string() != "", flat["hours_osm"].as_string() != "")
    query = _published(OfferRow.flat).where(told, DirectoryRow.status == Status.ACTIVE.value)
    rows = session.exec(_within(query, regions, topics).order_by(col(OfferRow.id)))
    for document in rows:
        yield Offer.model_validate(document)


def _published(*columns: Any) -> Any:  # noqa: ANN401 - SQLModel's types end at four columns
    return (
        select(*columns)
        .join(DirectoryRow, col(DirectoryRow.offer_id) == col(OfferRow.id))
        .where(col(OfferRow.merged_into).is_(None), col(DirectoryRow.status).in_(_SHOWN))
    )


def _within(query: Any, regions: Collection[str], topics: Collection[str]) -> Any:  # noqa: ANN401
    if regions:
        key = col(DirectoryRow.region_key)
        query = query.where(or_(*(key.startswith(one) for one in sorted(regions))))
    if topics:
        terms = [part_id("taxonomy_term", TOPIC_TAXONOMY, one) for one in sorted(topics)]
        having = select(TermRow.offer_id).where(col(TermRow.term_id).in_(terms))
        query = query.where(col(OfferRow.id).in_(having))
    return query


def _changed(session: Session, ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    latest = (
        select(func.max(col(ChangeRow.seq)))
        .where(
            ChangeRow.subject == Subject.OFFER,
            ChangeRow.operation == Operation.MOD,
            col(ChangeRow.subject_id).in_(ids),
        )
        .group_by(col(ChangeRow.subject_id))
    )
    rows = session.exec(select(ChangeRow).where(col(ChangeRow.seq).in_(latest)))
    return {row.subject_id: tuple(row.fields) for row in rows}
