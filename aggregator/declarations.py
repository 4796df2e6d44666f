"""What is declared at the desk instead of in files: sources, and topics of a site's own words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session, col, func, select

from aggregator.health import PUBLISHED
from aggregator.normalise.wording import fold_passage
from aggregator.store.tables import DeclarationRow, RunRow, SourceRow, WordRow
from aggregator.vocabulary.topics import TOPICS
from crawlers.source import Source, SourceError, faults_of

_UNMAPPED = "topic_unmapped"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a site that no rule knows as a topic; `times` it stood above an offer."""

    source_id: str
    source_title: str
    word: str
    times: int
    page_url: str


def source_of(document: Mapping[str, Any]) -> Source:
    """A declaration as a source. Raises SourceError with a line for each fault: key and cause."""
    try:
        return Source.model_validate(document)
    except ValidationError as error:
        raise SourceError("\n".join(faults_of(error))) from error


def declare_source(session: Session, source: Source, by: str, at: datetime) -> None:
    """Declare a source at the desk. Raises SourceError where its id is taken."""
    if session.get(SourceRow, source.id) or session.get(DeclarationRow, source.id):
        raise SourceError(f"id: {source.id!r} heißt schon eine Quelle; bitte einen anderen Namen")
    document = source.model_dump(mode="json", exclude_defaults=True)
    session.add(DeclarationRow(source_id=source.id, document=document, by=by, at=at))


def pause(session: Session, row: DeclarationRow, by: str, at: datetime, *, paused: bool) -> None:
    """Let a source no longer be visited, or again; what was found of it stays published."""
    changed = source_of({**row.document, "disabled": paused})
    row.document = changed.model_dump(mode="json", exclude_defaults=True)
    row.by, row.at = by, at
    session.flush()


def with_desk(session: Session, declared: Iterable[Source]) -> list[Source]:
    """All sources: those of files, and those of the desk; each with the words decided upon.

    A file comes before a declaration of the desk with the same id: whoever puts what the desk
    declared under version control takes it over.
    """
    sources = {source.id: source for source in declared}
    for row in session.exec(select(DeclarationRow)):
        if row.source_id not in sources:
            sources[row.source_id] = _of_desk(row)
    words: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for decided in session.exec(select(WordRow)):
        words[decided.source_id][decided.word] = decided.code
    return [
        _with_words(sources[source_id], words.get(source_id, {})) for source_id in sorted(sources)
    ]


def decide_word(session: Session, decided: WordRow) -> None:
    """Say which topic a word of a source is. Raises SourceError where its code is no topic."""
    if decided.code is not None and decided.code not in TOPICS:
        raise SourceError(f"{decided.code!r} ist kein Thema; Themen sind: {', '.join(TOPICS)}")
    session.merge(decided)
    session.flush()


def open_words(session: Session) -> Sequence[Word]:
    """Words that the last published run of each source did not know, the most frequent first.

    A replay counts: it read the same pages by what was decided since. Ids of runs tell their time.
    """
    latest = (
        select(func.max(RunRow.id))
        .where(col(RunRow.verdict).in_(PUBLISHED))
        .group_by(col(RunRow.source_id))
    )
    query = (
        select(RunRow, SourceRow)
        .join(SourceRow, col(SourceRow.id) == col(RunRow.source_id))
        .where(col(RunRow.id).in_(latest))
    )
    decided = {
        (row.source_id, fold_passage(row.word).strip()) for row in session.exec(select(WordRow))
    }
    found: list[Word] = []
    for run, source in session.exec(query):
        doubts = [doubt for doubt in run.doubts if doubt["code"] == _UNMAPPED]
        times = Counter(str(doubt["quote"]) for doubt in doubts)
        where = {str(doubt["quote"]): str(doubt.get("page_url", "")) for doubt in doubts}
        found += (
            Word(source.id, source.title, word, count, where[word])
            for word, count in times.items()
            if (source.id, fold_passage(word).strip()) not in decided
        )
    return sorted(found, key=lambda one: (-one.times, one.source_id, one.word))


def _of_desk(row: DeclarationRow) -> Source:
    try:
        return source_of(row.document)
    except SourceError as error:
        where = f"declared at the desk ({row.by}): {row.source_id}"
        raise SourceError(
            "\n".join(f"{where}: {one}" for one in str(error).splitlines())
        ) from error


def _with_words(source: Source, words: Mapping[str, str | None]) -> Source:
    if not words:
        return source
    lookups = {**source.lookups, "topic": {**source.lookups.get("topic", {}), **words}}
    return source.model_copy(update={"lookups": lookups})
