"""Freezing a query with a release, and reading what was frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from fastapi import Request
from sqlmodel import Session

from aggregator.citation import Citation, Question, citation_id, lines
from aggregator.harvest import BERLIN
from aggregator.index.base import Query
from aggregator.index.directory import LiveSearcher
from aggregator.index.past import State
from aggregator.release.edition import Release, releases
from aggregator.release.files import SUMS, file_hash, lines_of, read_lines, read_rows
from aggregator.release.tables import Row
from aggregator.store.tables import CitationRow
from aggregator.store.transaction import publishing
from api import past
from api.filters import OfferFilters
from api.problems import Problem, ProblemType, not_found
from api.throttle import Throttle


@dataclass(frozen=True, slots=True)
class Frozen:
    """A citation with the rows that are left of it."""

    citation: Citation
    edition: Release
    rows: list[Row]
    stated: int
    """So many of its rows said yes to every filter; they came first."""
    erased: int
    """Rows that were erased from the release since."""

    @property
    def body(self) -> bytes:
        """The rows as JSON lines, of which the hash is."""
        return lines(self.rows)


def edition_of(request: Request, wanted: str | None) -> Release:
    """A release by id, the newest if none is told. Raises Problem (404) where it is not there."""
    for one in releases(request.app.state.settings.release_dir):
        if wanted in (None, one.id):
            return one
    raise not_found("Eine Ausgabe", "release", wanted or "neueste")


def question_of(filters: OfferFilters) -> Question:
    """What is asked, without what is as usual."""
    told = filters.model_dump(mode="json", exclude_defaults=True, include=_ASKABLE)
    return {
        name: [str(one) for one in value] if isinstance(value, list) else [_word(value)]
        for name, value in told.items()
    }


_ASKABLE = set(OfferFilters.model_fields)


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def search(
    request: Request, filters: OfferFilters, edition: Release, limit: int = 20
) -> tuple[LiveSearcher, Query]:
    """A reader of a release and what to ask it. Raises Problem (503) while it is being built."""

    def offers() -> Iterator[dict[str, Any]]:
        return read_lines(lines_of(edition.folder, "offers"))

    issued = date.fromisoformat(edition.about["issued"])
    sums = file_hash(edition.folder / SUMS)
    state = State(f"release-{edition.id}-{sums[:16]}", issued, 0, offers)
    searcher = past.reader(request, state)
    query = filters.query(searcher.place, limit=limit)
    return searcher, replace(query, now=past.noon(issued))


def freeze(request: Request, filters: OfferFilters, edition: Release) -> str:
    """Keep which rows of a release a query finds; its id, the same whoever asks when.

    Raises Problem (429) where one address, or all of them, freeze very many.
    """
    question = question_of(filters)
    key = citation_id(edition.id, question)
    engine = request.app.state.engine
    with Session(engine) as session:
        if session.get(CitationRow, key):
            return key
    _admit(request)
    searcher, query = search(request, filters, edition, limit=1)
    total = searcher.search(query).total
    found = [hit.id for hit in searcher.walk(query)]
    with publishing(engine) as session:
        if session.get(CitationRow, key) is None:
            session.add(
                CitationRow(
                    id=key,
                    release=edition.id,
                    question={name: list(values) for name, values in question.items()},
                    offers=found,
                    stated=total,
                    created_at=datetime.now(UTC),
                )
            )
    return key


def frozen(request: Request, session: Session, key: str) -> Frozen:
    """What was frozen. Raises Problem: 404 for an id that nothing has, 410 without its release."""
    row = session.get(CitationRow, key) or _just_written(request, session, key)
    if row is None:
        raise not_found("Eine zitierte Abfrage", "citation", key)
    settings = request.app.state.settings
    edition = next((one for one in releases(settings.release_dir) if one.id == row.release), None)
    if edition is None:
        raise Problem(
            ProblemType.GONE,
            f"Die Ausgabe {row.release}, aus der diese Auswahl stammt, liegt hier nicht mehr.",
            f"Release {row.release}, of which this selection is, is not here any more.",
        )
    known = read_rows(edition.folder, row.offers)
    rows = [known[one] for one in row.offers if one in known]
    citation = Citation(
        id=row.id,
        release=edition.about["version"],
        question=row.question,
        rows=len(rows),
        sha256=hashlib.sha256(lines(rows)).hexdigest(),
        url=f"{settings.portal}/zitat/{row.id}",
        frozen_on=row.created_at.astimezone(BERLIN).date(),
    )
    return Frozen(citation, edition, rows, row.stated, len(row.offers) - len(rows))


def _just_written(request: Request, session: Session, key: str) -> CitationRow | None:
    """A citation that a replica does not have yet."""
    if session.get_bind() is request.app.state.engine:
        return None
    with Session(request.app.state.engine, expire_on_commit=False) as newest:
        return newest.get(CitationRow, key)


def csl(citation: Citation) -> str:
    """CSL-JSON as text."""
    return json.dumps(citation.csl(), ensure_ascii=False, indent=1) + "\n"


_OF_ONE = Throttle(60, 3_600)
_OF_ALL = Throttle(2_000, 3_600)


def _admit(request: Request) -> None:
    address = request.client.host if request.client else ""
    wait = max(_OF_ONE.wait(address), _OF_ALL.wait(""))
    if wait:
        raise Problem(
            ProblemType.TOO_MANY_REQUESTS,
            "Von hier wurden gerade sehr viele Abfragen eingefroren. Bitte später noch einmal.",
            f"Too many queries were frozen from here. Try again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )
    _OF_ONE.count(address)
    _OF_ALL.count("")
