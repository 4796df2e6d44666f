"""The register: which sources and networks are declared, as rows of the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session, col, select

from aggregator import flat
from aggregator.evidence import Provenance, keep
from aggregator.log import ChangeLog
from aggregator.network import OVER, Network
from aggregator.normalise.statement import Statement
from aggregator.store.tables import (
    ListingRow,
    NetworkRow,
    SourceRow,
    StatementRow,
    Subject,
)
from aggregator.vocabulary.regions import region_key
from crawlers.network import Fact, NetworkDeclaration
from crawlers.source import Source

DECLARED = "declaration"
"""Source id of the statements that a network's own declaration makes."""

FACTS = (
    "carrier", "founded", "ended", "funded_until", "archived", "successor", "programme",
    "coordinating_body", "partners", "working_groups", "fields_of_action",
)  # fmt: skip
"""What a declaration may state about a network."""


def declare(
    sources: Iterable[Source],
    networks: Iterable[NetworkDeclaration],
    changes: ChangeLog,
    today: date,
) -> None:
    """Bring the rows of the declared sources and networks up to their declarations.

    A source whose network nobody declared makes that network known by its own title. A source that
    is no longer declared keeps its row and its offers: taking a file away hides nothing.
    """
    session = changes.session
    known = {row.id: row for row in session.exec(select(NetworkRow))}
    for declaration in networks:
        row = known.get(declaration.id)
        if row is None:
            row = NetworkRow(id=declaration.id, name="", region="")
            known[row.id] = row
            session.add(row)
        row.name, row.region = declaration.name, region_key(declaration.region)
    sources = list(sources)
    for source in sources:
        if source.network and source.network not in known:
            row = NetworkRow(id=source.network, name=source.title, region=region_key(source.region))
            known[row.id] = row
            session.add(row)
    session.flush()
    for source in sources:
        entry = session.get(SourceRow, source.id)
        if entry is None:
            entry = SourceRow(id=source.id, title=source.title, region=region_key(source.region))
            session.add(entry)
        entry.title, entry.region = source.title, region_key(source.region)
        entry.network_id = source.network or _own(known, source)
        entry.declared = source.model_dump(mode="json", exclude_none=True)
    session.flush()
    for declaration in networks:
        declare_facts(session, declaration, changes.at)
    for row in known.values():
        refresh_network(row, changes, today)


def declare_facts(session: Session, network: NetworkDeclaration, now: datetime) -> None:
    """Make the facts of a declaration statements of their own source, each with its quote."""
    statements = [
        Statement(
            field=name,
            value=fact.value,
            quote=fact.quote,
            locator=fact.source if fact.source.startswith(("http://", "https://")) else "",
            reader="declaration@1",
            reason=fact.source,
        )
        for name in FACTS
        for fact in _facts(getattr(network, name))
    ]
    provenance = Provenance(
        source_id=DECLARED,
        run_id="",
        page_url="",
        extractor="declaration@1",
        seen_at=now,
        last_seen_before=now,
        pages={},
    )
    keep(session, Subject.NETWORK, network.id, statements, provenance)


def refresh_network(row: NetworkRow, changes: ChangeLog, today: date) -> Network:
    """Derive a network's document from the statements about it; log it where it changed.

    What its own pages say comes before what a declaration says; lists keep every voice.
    """
    session = changes.session
    query = (
        select(StatementRow)
        .where(
            StatementRow.subject == Subject.NETWORK,
            StatementRow.subject_id == row.id,
            col(StatementRow.last_seen).is_(None),
        )
        .order_by(col(StatementRow.position), col(StatementRow.id))
    )
    rows = sorted(session.exec(query), key=lambda s: (s.source_id == DECLARED, -s.confidence))
    statements = [Statement(field=s.field, value=s.value, quote=s.quote) for s in rows]
    values = flat.network_values(statements)
    told_by = session.exec(select(SourceRow.id).where(SourceRow.network_id == row.id)).all()
    known = bool(values) or _has_listings(session, row.id)
    status = flat.network_status(values.get("ended"), known, today, values.get("archived"))
    network = Network(
        **{"name": row.name, **values, "id": row.id, "region": row.region},
        status=status,
        sources=sorted(told_by),
    )
    document = network.model_dump(mode="json")
    if document != row.flat:
        changes.written(Subject.NETWORK, row.id, row.flat, document)
        row.flat = document
    return network


def ended_networks(session: Session) -> dict[str | None, bool]:
    """Of every network by id, whether it is over."""
    return {
        row.id: row.flat.get("status") in OVER for row in session.exec(select(NetworkRow)).all()
    }


def _has_listings(session: Session, network_id: str) -> bool:
    query = (
        select(ListingRow.id)
        .join(SourceRow, col(SourceRow.id) == col(ListingRow.source_id))
        .where(SourceRow.network_id == network_id)
        .limit(1)
    )
    return session.exec(query).first() is not None


def _facts(declared: Fact | list[Fact] | None) -> list[Fact]:
    if declared is None:
        return []
    return declared if isinstance(declared, list) else [declared]


def _own(known: dict[str, NetworkRow], source: Source) -> str | None:
    """The network that a source's own pages made known, where no declaration names one."""
    return source.id if source.id in known else None
