"""What a release says: offers, sources and the frame, from one state of the record."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from aggregator.harvest import BERLIN
from aggregator.network import NetworkStatus
from aggregator.published import offers_of
from aggregator.release.codebook import Kind, Missing, layouts
from aggregator.store.tables import ListingRow, NetworkRow, OfferRow, Presence, RunRow, SourceRow
from crawlers.failure import Failure

_CHUNK = 500
_BLOCKED = frozenset({Failure.BLOCKED, Failure.BOT_CHALLENGE, Failure.ROBOTS})
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tables:
    """All rows of a release by table, each ordered by id."""

    rows: Mapping[str, list[Row]]
    merged: Mapping[str, str]
    """Offers that turned out to be another: id -> id of that one."""


def read_tables(session: Session, public_url: str) -> Tables:
    """The tables as the record stands; must be asked inside one transaction."""
    sources = list(session.exec(select(SourceRow).order_by(col(SourceRow.id))))
    open_texts = {row.id for row in sources if _verbatim(row)}
    offers = list(_offers(session, open_texts, public_url))
    counted = Counter(network for offer in offers for network in offer["networks"])
    merged = dict(
        session.exec(
            select(OfferRow.id, OfferRow.merged_into).where(col(OfferRow.merged_into).is_not(None))
        ).all()
    )
    return Tables(
        {
            "offers": offers,
            "sources": [_source(session, row) for row in sources],
            "frame": [_framed(session, row, sources, counted) for row in _networks(session)],
        },
        {one: into for one, into in merged.items() if into},
    )


def _offers(session: Session, open_texts: Collection[str], public_url: str) -> Iterator[Row]:
    doubted = _doubted(session)
    query = (
        select(OfferRow)
        .where(col(OfferRow.merged_into).is_(None))
        .order_by(col(OfferRow.id))
        .execution_options(yield_per=_CHUNK)
    )
    for chunk in session.exec(query).partitions(_CHUNK):
        documents = [row.flat for row in chunk if row.flat.get("mentions")]
        for offer in offers_of(session, documents):
            yield _offer(offer.model_dump(mode="json"), open_texts, doubted, public_url)


def _offer(
    document: Mapping[str, Any],
    open_texts: Collection[str],
    doubted: Mapping[str, set[str]],
    public_url: str,
) -> Row:
    mentions = document["mentions"]
    row = {column.name: document.get(column.name) for column in layouts()["offers"].columns}
    row |= {
        "url": f"{public_url}/angebot/{document['id']}",
        "summary": _summary(document),
        "pages": list(dict.fromkeys(m["page_url"] for m in mentions)),
    }
    why: dict[str, Missing] = {}
    # Whose words a merged text is made of is not kept: all that list the offer must allow it.
    if row["description"] and not all(m["source"] in open_texts for m in mentions):
        row["description"], why["description"] = None, Missing.SUPPRESSED
    if row["hours_text"] and not row["hours_osm"]:
        why["hours_osm"] = Missing.NOT_UNDERSTOOD
    for mention in mentions:
        for name in doubted.get(mention["listing_id"], ()):
            if name in row and row[name] in (None, []):
                why.setdefault(name, Missing.NOT_UNDERSTOOD)
    return _explained("offers", row, why)


def _summary(document: Mapping[str, Any]) -> str:
    """A short text of our own, made of facts."""
    place = document.get("district") or document.get("city")
    told = [document["title"], document.get("provider"), place]
    return ", ".join(dict.fromkeys(str(part) for part in told if part))


def _explained(table: str, row: Row, why: Mapping[str, Missing]) -> Row:
    """A row with the reasons of what is empty, in the order of its columns."""
    row["missing"] = [f"{name}:{code}" for name, code in sorted(why.items())]
    for column in layouts()[table].columns:
        if column.kind is Kind.LIST and row.get(column.name) is None:
            row[column.name] = []
    return {column.name: row.get(column.name) for column in layouts()[table].columns}


def _doubted(session: Session) -> dict[str, set[str]]:
    """Fields of listings that the last published run could not understand."""
    query = select(RunRow).join(SourceRow, col(SourceRow.last_accepted_run_id) == col(RunRow.id))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for run in session.exec(query):
        for doubt in run.doubts:
            found[doubt.get("listing_id", "")].add(doubt.get("field", ""))
    return found


def _verbatim(row: SourceRow) -> bool:
    """Whether somebody recorded that the words of a source may be passed on."""
    return bool(row.declared.get("licence") or row.declared.get("permission"))


def _source(session: Session, row: SourceRow) -> Row:
    declared = row.declared
    licence, permission = declared.get("licence") or {}, declared.get("permission") or {}
    listed = session.exec(
        select(ListingRow.offer_id)
        .where(ListingRow.source_id == row.id, ListingRow.presence == Presence.PRESENT)
        .distinct()
    ).all()
    read = row.last_accepted_at is not None
    told = [str(permission[name]) for name in ("note", "by", "granted_on") if permission.get(name)]
    return _explained(
        "sources",
        {
            "id": row.id,
            "title": row.title,
            "network": row.network_id,
            "region_key": row.region,
            "start": list(declared.get("start") or ()),
            "publisher": declared.get("publisher"),
            "licence": licence.get("name"),
            "licence_url": licence.get("url"),
            "attribution": licence.get("attribution"),
            "permission": "; ".join(told) or None,
            "verbatim": _verbatim(row),
            "reserved": row.rights.get("reserved") if row.rights else None,
            "last_accepted": _day(row.last_accepted_at),
            "stale_since": _day(row.stale_since),
            "offers": len(listed) if read else None,
        },
        {} if read else dict.fromkeys(("offers", "last_accepted"), Missing.NOT_CRAWLED),
    )


def _networks(session: Session) -> Iterable[NetworkRow]:
    return session.exec(select(NetworkRow).order_by(col(NetworkRow.id)))


def _framed(
    session: Session, row: NetworkRow, sources: Iterable[SourceRow], counted: Mapping[str, int]
) -> Row:
    mine = [source for source in sources if source.network_id == row.id]
    coverage = _coverage(session, mine)
    crawled = coverage == "crawled"
    return _explained(
        "frame",
        {
            "id": row.id,
            "name": row.name,
            "region_key": row.region,
            "status": row.flat.get("status") or NetworkStatus.UNKNOWN.value,
            "coverage": coverage,
            "sources": [source.id for source in mine],
            "offers": counted.get(row.id, 0) if crawled else None,
        },
        {} if crawled else {"offers": Missing.NOT_CRAWLED},
    )


def _coverage(session: Session, sources: Collection[SourceRow]) -> str:
    """How much is known of a network; the best of its sources counts."""
    if not sources:
        return "no_site"
    if any(source.last_accepted_at for source in sources):
        return "crawled"
    if any(source.rights.get("reserved") for source in sources):
        return "reserved"
    tried = [source.last_run_id for source in sources if source.last_run_id]
    failures = {
        reason.get("failure")
        for run_id in tried
        if (run := session.get(RunRow, run_id))
        for reason in run.reasons
    }
    if not tried:
        return "not_crawled"
    return "blocked" if failures & _BLOCKED else "failed"


def _day(moment: datetime | None) -> str | None:
    return moment.astimezone(BERLIN).date().isoformat() if moment else None
