"""Offers as HSDS asks for them: by provider, term, place and day of change, page by page.

Everything here reads a fixed number of queries for a page, however many services it has.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false
from sqlmodel import Session, and_, col, exists, func, not_, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from aggregator.catalogue.evidence import Evidence, listing_evidence
from aggregator.catalogue.networks import list_networks
from aggregator.directory import on_sphere
from aggregator.hsds.service import Background
from aggregator.listing import Status
from aggregator.offer import Offer
from aggregator.published import offers_of
from aggregator.store.binding import bindable
from aggregator.store.tables import ChangeRow, DirectoryRow, OfferRow, Subject, TermRow
from aggregator.vocabulary.folding import fold
from aggregator.vocabulary.folding import words as folded_words

_EARTH = 6_371_008.8  # metres, mean radius (IUGG)


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within `metres` of a position, WGS 84 degrees."""

    lat: float
    lon: float
    metres: float


@dataclass(frozen=True, slots=True)
class Area:
    """Everything that serves a postcode: what is there, and what serves its region."""

    postcode: str
    region_key: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; all of it must hold."""

    terms: Sequence[frozenset[str]] = ()
    """Of each set a service must have one term."""
    organization_id: str | None = None
    modified_after: datetime | None = None
    """With it, what was removed since is told as well (`status` defunct)."""
    where: Circle | Area | None = None
    linked: bool = False
    """Only offers with a place."""


@dataclass(frozen=True, slots=True)
class Service:
    """An offer with what stands behind it; as a removed one it is defunct."""

    offer: Offer
    background: Background


def count_services(session: Session, wanted: Wanted) -> int:
    """How many services there are."""
    query = select(func.count()).select_from(OfferRow).join(DirectoryRow, _SAME)
    return session.exec(query.where(*_conditions(wanted))).one()


def service_ids(session: Session, wanted: Wanted, offset: int, limit: int) -> list[str]:
    """A page of ids, in their order."""
    query = _ids(wanted).order_by(OfferRow.id).offset(offset).limit(limit)
    return list(session.exec(query))


def services_after(session: Session, wanted: Wanted, last: str, limit: int) -> list[str]:
    """The ids that follow `last`: for whoever reads all of them."""
    query = _ids(wanted).where(col(OfferRow.id) > last).order_by(OfferRow.id).limit(limit)
    return list(session.exec(query))


def among(session: Session, wanted: Wanted, ids: Sequence[str]) -> list[str]:
    """Those of some ids that are wanted, in the order given."""
    kept: set[str] = set()
    for part in bindable(ids):
        kept.update(session.exec(_ids(wanted).where(col(OfferRow.id).in_(part))))
    return [one for one in ids if one in kept]


def modification_days(session: Session, ids: Sequence[str]) -> list[tuple[str, datetime]]:
    """When each of some services was last changed, in the order given."""
    found: dict[str, datetime] = {}
    for part in bindable(ids):
        query = select(OfferRow.id, OfferRow.changed_at).where(col(OfferRow.id).in_(part))
        found.update(session.exec(query).all())
    return [(one, found[one]) for one in ids if one in found]


def services(session: Session, ids: Sequence[str], *, full: bool) -> list[Service]:
    """Services in the order given; `full` reads their evidence and their changes as well."""
    rows = {row.id: row for row in _rows(session, ids)}
    known = [rows[one] for one in ids if one in rows and rows[one].flat]
    offers = offers_of(session, [{**row.flat, "id": row.id} for row in known])
    networks = {network.id: network for network in list_networks(session)}
    evidence = _evidence(session, offers) if full else {}
    changes = _changes(session, [row.id for row in known]) if full else {}
    found = []
    for row, offer in zip(known, offers, strict=True):
        if row.merged_into is not None:
            offer.status = Status.DEFUNCT
        background = Background(
            networks, evidence.get(row.id, ()), changes.get(row.id, ()), row.changed_at
        )
        found.append(Service(offer, background))
    return found


def offer_of_link(session: Session, link_id: str) -> str | None:
    """The offer of a service_at_location; None where no offer has such a link."""
    query = select(DirectoryRow.offer_id).where(DirectoryRow.link_id == link_id)
    return session.exec(query.order_by(DirectoryRow.offer_id)).first()


def link_of_offer(session: Session, offer_id: str) -> str | None:
    """The service_at_location of an offer."""
    row = session.get(DirectoryRow, offer_id)
    return row.link_id if row else None


def count_organizations(session: Session, words: str, wanted: Wanted) -> int:
    """How many providers there are whose services are wanted and whose name has all words."""
    column = func.count(func.distinct(col(DirectoryRow.organization_id)))
    query = select(column).select_from(OfferRow).join(DirectoryRow, _SAME)
    return session.exec(query.where(*_conditions(wanted), *_named(words))).one()


def organization_ids(
    session: Session, words: str, wanted: Wanted, after: tuple[int, str], limit: int
) -> list[str]:
    """A page of providers by id: `after` is (how many to skip, the id they follow)."""
    offset, last = after
    query = (
        select(DirectoryRow.organization_id)
        .select_from(OfferRow)
        .join(DirectoryRow, _SAME)
        .where(*_conditions(wanted), *_named(words), col(DirectoryRow.organization_id) > last)
        .distinct()
        .order_by(col(DirectoryRow.organization_id))
        .offset(offset)
        .limit(limit)
    )
    return [one for one in session.exec(query) if one]


def services_of(session: Session, organization_ids: Sequence[str]) -> dict[str, list[str]]:
    """The ids of what each provider offers, in their order."""
    found: dict[str, list[str]] = {}
    query = (
        select(DirectoryRow.organization_id, OfferRow.id)
        .select_from(OfferRow)
        .join(DirectoryRow, _SAME)
        .where(*_conditions(Wanted()), col(DirectoryRow.organization_id).in_(organization_ids))
        .order_by(OfferRow.id)
    )
    for organization, offer in session.exec(query):
        if organization:
            found.setdefault(organization, []).append(offer)
    return found


def was_organization(session: Session, organization_id: str) -> bool:
    """Whether any offer, present or not, is or was this provider's."""
    query = select(DirectoryRow.offer_id).where(DirectoryRow.organization_id == organization_id)
    return session.exec(query.limit(1)).first() is not None


_SAME = col(DirectoryRow.offer_id) == col(OfferRow.id)


def _ids(wanted: Wanted) -> SelectOfScalar[str]:
    return select(OfferRow.id).join(DirectoryRow, _SAME).where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    since = wanted.modified_after
    if since is not None:
        found = [col(OfferRow.changed_at) >= since]
    else:
        found = [
            col(OfferRow.merged_into).is_(None),
            col(DirectoryRow.status) != Status.DEFUNCT.value,
        ]
    if wanted.organization_id is not None:
        found.append(col(DirectoryRow.organization_id) == wanted.organization_id)
    for terms in wanted.terms:
        has = and_(col(TermRow.offer_id) == col(OfferRow.id), col(TermRow.term_id).in_(terms))
        found.append(exists().where(has))
    if wanted.linked:
        found.append(col(DirectoryRow.link_id).is_not(None))
    if isinstance(wanted.where, Circle):
        found += _within(wanted.where)
    elif wanted.where is not None:
        found.append(_serves(wanted.where))
    return found


def _within(circle: Circle) -> Iterator[ColumnElement[bool]]:
    """Great-circle distance as the length of the chord through the unit sphere."""
    x, y, z = on_sphere(circle.lat, circle.lon)
    half = min(circle.metres / (2 * _EARTH), math.pi / 2)
    chord = 2 * math.sin(half)
    dx, dy, dz = col(DirectoryRow.x) - x, col(DirectoryRow.y) - y, col(DirectoryRow.z) - z
    yield col(DirectoryRow.z).between(z - chord, z + chord)
    yield dx * dx + dy * dy + dz * dz <= chord * chord


def _serves(area: Area) -> ColumnElement[bool]:
    there = col(DirectoryRow.postcode) == area.postcode
    if not area.region_key:
        return there
    wider = [area.region_key[:end] for end in range(2, len(area.region_key) + 1)]
    return or_(there, col(DirectoryRow.region_key).in_(wider))


def _named(words: str) -> Iterator[ColumnElement[bool]]:
    yield not_(col(DirectoryRow.organization_id).is_(None))
    wanted = folded_words(fold(words))
    if words.strip() and not wanted:
        yield false()  # nothing that a name could have
    for word in wanted:
        yield col(DirectoryRow.organization).contains(word, autoescape=True)


def _rows(session: Session, ids: Sequence[str]) -> Iterator[OfferRow]:
    for part in bindable(ids):
        yield from session.exec(select(OfferRow).where(col(OfferRow.id).in_(part)))


def _evidence(session: Session, offers: Iterable[Offer]) -> Mapping[str, Sequence[Evidence]]:
    owner = {mention.listing_id: offer.id for offer in offers for mention in offer.mentions}
    found: dict[str, list[Evidence]] = {}
    for part in bindable([*owner]):
        for one in listing_evidence(session, part):
            if one.listing_id is not None:
                found.setdefault(owner[one.listing_id], []).append(one)
    return found


def _changes(session: Session, ids: Sequence[str]) -> Mapping[str, Sequence[ChangeRow]]:
    found: dict[str, list[ChangeRow]] = {}
    for part in bindable(ids):
        query = (
            select(ChangeRow)
            .where(
                ChangeRow.subject == Subject.OFFER,
                col(ChangeRow.subject_id).in_(part),
            )
            .order_by(col(ChangeRow.seq))
        )
        for change in session.exec(query):
            found.setdefault(change.subject_id, []).append(change)
    return found
