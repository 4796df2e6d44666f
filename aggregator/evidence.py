"""Keeping statements: a value that changes keeps its row, a value seen again writes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from aggregator.normalise.statement import Statement
from aggregator.store.tables import StatementRow, Subject
from crawlers.record import origin


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where and when a set of statements was read."""

    source_id: str
    run_id: str
    page_url: str
    extractor: str
    seen_at: datetime
    last_seen_before: datetime | None
    """When the subject was seen before this run: the last day of what is superseded now."""
    pages: Mapping[str, int]
    """Ids of the archived page versions of this run, by URL."""


def keep(
    session: Session,
    subject: Subject,
    subject_id: str,
    statements: Sequence[Statement],
    provenance: Provenance,
) -> bool:
    """Make `statements` the current ones that this source makes about a subject.

    A statement is the same while field, value and quote are; said twice, it counts once, where it
    was said first. Returns whether anything changed.
    """
    query = select(StatementRow).where(
        StatementRow.subject_id == subject_id,
        StatementRow.subject == subject,
        StatementRow.source_id == provenance.source_id,
        col(StatementRow.last_seen).is_(None),
    )
    current = {_identity(row): row for row in session.exec(query)}
    changed = False
    added: list[dict[str, Any]] = []
    distinct: dict[tuple[str, str, str], Statement] = {}
    for statement in statements:
        distinct.setdefault(_identity(statement), statement)
    for position, (identity, statement) in enumerate(distinct.items()):
        row = current.pop(identity, None)
        if row is None:
            added.append(_values(subject, subject_id, statement, position, provenance))
        else:
            _bring_up(row, statement, position, provenance)
    for row in current.values():
        row.last_seen = provenance.last_seen_before or provenance.seen_at
        row.until_run_id = provenance.run_id
        changed = True
    if added:  # without an object for each, which takes ten times as long
        session.execute(insert(StatementRow), added)
    return changed or bool(added)


def copied(row: StatementRow, subject_id: str, since: datetime) -> StatementRow:
    """The same statement about another subject, made since then."""
    values = row.model_dump(exclude={"id"})
    return StatementRow(**{**values, "subject_id": subject_id, "first_seen": since})


def _bring_up(
    row: StatementRow, statement: Statement, position: int, provenance: Provenance
) -> None:
    """Note where a known statement stands today: a page that moved is no new statement."""
    url = origin(statement.locator) or provenance.page_url
    if row.position != position:
        row.position = position
    if row.page_url != url and url in provenance.pages:
        row.page_url, row.page_id = url, provenance.pages[url]
        row.locator = statement.locator.removeprefix(f"{url} ")


def _identity(statement: Statement | StatementRow) -> tuple[str, str, str]:
    return (statement.field, json.dumps(statement.value, sort_keys=True), statement.quote)


def _values(
    subject: Subject,
    subject_id: str,
    statement: Statement,
    position: int,
    provenance: Provenance,
) -> dict[str, Any]:
    url = origin(statement.locator) or provenance.page_url
    return {
        "subject": subject,
        "subject_id": subject_id,
        "field": statement.field,
        "position": position,
        "value": statement.value,
        "quote": statement.quote,
        "locator": statement.locator.removeprefix(f"{url} "),
        "page_id": provenance.pages.get(url),
        "page_url": url,
        "source_id": provenance.source_id,
        "extractor": provenance.extractor,
        "reader": statement.reader,
        "reason": statement.reason,
        "confidence": statement.confidence,
        "first_source": statement.first_source,
        "first_seen": provenance.seen_at,
    }
