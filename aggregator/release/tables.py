"""What a release says: offers, evidence, sources and the frame, from one state of the record.

Tables are read some hundred rows at a time, ordered by id as Python compares texts: databases
order them each by its own rules.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from aggregator.comparison.profile import Fact, Found, profile
from aggregator.harvest import BERLIN
from aggregator.network import NetworkStatus
from aggregator.published import offers_of
from aggregator.release.codebook import Kind, Missing, layouts
from aggregator.store.binding import bindable
from aggregator.store.tables import (
    ListingRow,
    NetworkRow,
    OfferRow,
    Presence,
    RunRow,
    SourceRow,
    StatementRow,
    StatisticRow,
    Subject,
)
from aggregator.suppression import MARK
from crawlers.failure import Failure

_SHORT = 300
"""Characters up to which what a page says of times is a fact; a longer text is its own words."""
_WORDS = frozenset({"description", "plain_words"})
"""Fields that are the words of a page and no fact."""
_BLOCKED = frozenset({Failure.BLOCKED, Failure.BOT_CHALLENGE, Failure.ROBOTS})
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of a release by table, to be read once each while the transaction lasts."""

    rows: Mapping[str, Iterator[Row]]
    merged: Mapping[str, str]
    """Offers that turned out to be another: id -> id of that one."""


def read_tables(session: Session, public_url: str, today: date, *, quoted: bool = False) -> Tables:
    """The tables as the record stands today; must be asked inside one transaction.

    `quoted` keeps the quotes of profiles, whoever's words they are: for showing, not for release.
    """
    found = list(session.exec(select(SourceRow)))
    sources = sorted(found, key=lambda row: row.id)
    open_texts = {row.id for row in sources if _verbatim(row)}
    merged = dict(
        session.exec(
            select(OfferRow.id, OfferRow.merged_into).where(col(OfferRow.merged_into).is_not(None))
        ).all()
    )
    # What a person declared of a network are our own words.
    open_quotes = {"declaration", *((row.id for row in sources) if quoted else open_texts)}
    return Tables(
        {
            "offers": _offers(session, open_texts, public_url, today),
            "evidence": _evidence(session, open_texts),
            "sources": (_source(session, row) for row in sources),
            "frame": _frame(session, sources),
            "statistics": _statistics(session),
            "profile": _profiles(session, sources, open_quotes),
        },
        {one: into for one, into in merged.items() if into},
    )


def _documents(session: Session) -> Iterator[Sequence[Mapping[str, Any]]]:
    """The documents of all offers that are published, some at a time."""
    ids = sorted(session.exec(select(OfferRow.id).where(col(OfferRow.merged_into).is_(None))))
    for part in bindable(ids):
        query = select(OfferRow.flat).where(col(OfferRow.id).in_(part))
        told = [flat for flat in session.exec(query) if flat.get("mentions")]
        yield sorted(told, key=lambda flat: str(flat["id"]))


def _offers(
    session: Session, open_texts: Collection[str], public_url: str, today: date
) -> Iterator[Row]:
    doubted, erased = _doubted(session), _erased(session)
    for documents in _documents(session):
        for offer in offers_of(session, documents, today):
            document = offer.model_dump(mode="json")
            yield _offer(document, open_texts, doubted, erased, public_url)


def _offer(
    document: Mapping[str, Any],
    open_texts: Collection[str],
    doubted: Mapping[str, set[str]],
    erased: Mapping[str, set[str]],
    public_url: str,
) -> Row:
    mentions = document["mentions"]
    row = {column.name: document.get(column.name) for column in layouts()["offers"].columns}
    row |= {
        "url": f"{public_url}/angebot/{document['id']}",
        "summary": summary(document),
        "pages": list(dict.fromkeys(m["page_url"] for m in mentions)),
        "listings": [m["listing_id"] for m in mentions],
    }
    why: dict[str, Missing] = {}
    if row["hours_text"] and not row["hours_osm"]:
        why["hours_osm"] = Missing.NOT_UNDERSTOOD
    # Whose words a merged text is made of is not kept: all that list the offer must allow it.
    if not all(m["source"] in open_texts for m in mentions):
        for name, most in (("description", 0), ("hours_text", _SHORT)):
            if len(row[name] or "") > most:
                row[name], why[name] = None, Missing.SUPPRESSED
    for code, known in ((Missing.SUPPRESSED, erased), (Missing.NOT_UNDERSTOOD, doubted)):
        for mention in mentions:
            for name in known.get(mention["listing_id"], ()):
                if name in row and row[name] in (None, []):
                    why.setdefault(name, code)
    return explained("offers", row, why)


def summary(document: Mapping[str, Any]) -> str:
    """A short text of our own, made of facts."""
    place = document.get("district") or document.get("city")
    told = [document["title"], document.get("provider"), place]
    return ", ".join(dict.fromkeys(str(part) for part in told if part))


def _evidence(session: Session, open_texts: Collection[str]) -> Iterator[Row]:
    """What each listing of a published offer states, with the words where they may be passed on."""
    for documents in _documents(session):
        offer_of = {m["listing_id"]: one["id"] for one in documents for m in one["mentions"]}
        said: defaultdict[str, list[StatementRow]] = defaultdict(list)
        seen: dict[str, datetime] = {}
        listings = list(offer_of)
        for part in bindable(listings):
            query = select(StatementRow).where(
                StatementRow.subject == Subject.LISTING,
                col(StatementRow.subject_id).in_(part),
                col(StatementRow.last_seen).is_(None),
            )
            for statement in session.exec(query):
                said[statement.subject_id].append(statement)
            sights = select(ListingRow.id, ListingRow.last_seen).where(col(ListingRow.id).in_(part))
            seen.update(session.exec(sights).all())
            session.expunge_all()
        for listing in listings:
            numbers: Counter[str] = Counter()
            for statement in sorted(said[listing], key=_rank):
                numbers[statement.field] += 1
                key = f"{listing}:{statement.field}:{numbers[statement.field]}"
                yield _stated(key, offer_of[listing], statement, open_texts, seen[listing])


def _rank(row: StatementRow) -> tuple[object, ...]:
    return row.field, row.position, row.source_id, json.dumps(row.value, sort_keys=True), row.quote


def _stated(
    key: str, offer: str, row: StatementRow, open_texts: Collection[str], seen: datetime
) -> Row:
    value = row.value if isinstance(row.value, str) else json.dumps(row.value, ensure_ascii=False)
    told: Row = {
        "id": key,
        "offer": offer,
        "listing": row.subject_id,
        "source": row.source_id,
        "field": row.field,
        "value": value,
        "quote": row.quote or None,
        "page_url": row.page_url or None,
        "extractor": row.extractor or None,
        "reader": row.reader or None,
        "confidence": row.confidence,
        "first_seen": _day(row.first_seen),
        "last_seen": _day(max(seen, row.first_seen)),
    }
    why: dict[str, Missing] = {}
    if row.source_id not in open_texts:
        if told["quote"]:
            told["quote"], why["quote"] = None, Missing.SUPPRESSED
        if row.field in _WORDS or len(value) > _SHORT:
            told["value"], why["value"] = None, Missing.SUPPRESSED
    return explained("evidence", told, why)


def explained(table: str, row: Row, why: Mapping[str, str]) -> Row:
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


def _erased(session: Session) -> dict[str, set[str]]:
    """Fields of listings of which something was erased."""
    query = select(StatementRow.subject_id, StatementRow.field).where(
        StatementRow.subject == Subject.LISTING, StatementRow.quote == MARK
    )
    found: defaultdict[str, set[str]] = defaultdict(set)
    for listing, name in session.exec(query):
        found[listing].add(name)
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
    return explained(
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


def _frame(session: Session, sources: Collection[SourceRow]) -> Iterator[Row]:
    counted = Counter(
        network
        for documents in _documents(session)
        for document in documents
        for network in document.get("networks") or ()
    )
    for row in sorted(session.exec(select(NetworkRow)), key=lambda row: row.id):
        yield _framed(session, row, sources, counted)


def _statistics(session: Session) -> Iterator[Row]:
    made = []
    for row in session.exec(select(StatisticRow)):
        told = {"region_key": row.region_key, "as_of": row.as_of.isoformat(), "source": row.source}
        made.append({"id": "|".join(told.values()), **told, "families": row.families})
    for one in sorted(made, key=lambda one: str(one["id"])):
        yield explained("statistics", one, {})


def _profiles(
    session: Session, sources: Collection[SourceRow], open_quotes: Collection[str]
) -> Iterator[Row]:
    """What the pages of each network say of the steps and tasks of a network."""
    facts: defaultdict[str, list[Fact]] = defaultdict(list)
    query = select(StatementRow).where(
        StatementRow.subject == Subject.NETWORK, col(StatementRow.last_seen).is_(None)
    )
    for row in sorted(session.exec(query), key=_rank):
        fact = Fact(row.field, row.quote, row.page_url, row.source_id)
        facts[row.subject_id].append(fact)
    listed: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for documents in _documents(session):
        for document in documents:
            for network in document.get("networks") or ():
                listed[network].append(document)
    answers: list[tuple[str, str, str, Found]] = []
    for network in session.exec(select(NetworkRow)):
        mine = [source for source in sources if source.network_id == network.id]
        crawled = _coverage(session, mine) == "crawled"
        found = profile(facts[network.id], listed[network.id], crawled=crawled)
        answers += ((f"{network.id}:{item}", network.id, item, one) for item, one in found.items())
    for key, network_id, item, one in sorted(answers, key=lambda answer: answer[0]):
        shown = not one.quote or one.source in open_quotes
        told = {
            "id": key, "network": network_id, "item": item, "answer": one.answer.value,
            "source": one.source or None, "quote": (one.quote or None) if shown else None,
            "page": one.page or None,
        }  # fmt: skip
        yield explained("profile", told, {} if shown else {"quote": Missing.SUPPRESSED})


def _framed(
    session: Session, row: NetworkRow, sources: Iterable[SourceRow], counted: Mapping[str, int]
) -> Row:
    mine = [source for source in sources if source.network_id == row.id]
    coverage = _coverage(session, mine)
    crawled = coverage == "crawled"
    return explained(
        "frame",
        {
            "id": row.id,
            "name": row.name,
            "region_key": row.region,
            "status": row.flat.get("status") or NetworkStatus.UNKNOWN.value,
            "coverage": coverage,
            "sources": [source.id for source in mine],
            "offers": counted.get(row.id, 0) if crawled else None,
            **{name: row.flat.get(name) for name in ("founded", "ended", "funded_until")},
            "partners": row.flat.get("partners") or [],
            "milestones": [f"{m['date']}: {m['text']}" for m in row.flat.get("milestones") or ()],
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
