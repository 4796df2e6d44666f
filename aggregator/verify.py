"""Checking that the record, the archive and the index fit together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from aggregator.identity import EDITORIAL
from aggregator.index.directory import read_state
from aggregator.register import DECLARED
from aggregator.store.tables import ChangeRow, PageRow, StatementRow
from crawlers.archive import ArchiveError, read_page
from crawlers.page import ArchiveRef


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not fit: "page", "statement" or "index", and what is wrong with it."""

    part: str
    subject: str
    message: str


@dataclass(slots=True)
class Report:
    """What was checked. Purged pages are no fault: their time was over."""

    statements: int = 0
    pages: int = 0
    purged: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def index_fits(self) -> bool:
        """True unless the index is to be rebuilt."""
        return not any(fault.part == "index" for fault in self.faults)


def verify(engine: Engine, archive_dir: Path, index_dir: Path) -> Report:
    """Check every page that current statements rest on, every statement's page, and the index."""
    report = Report()
    with Session(engine) as session:
        report.statements = session.exec(select(func.count()).select_from(StatementRow)).one()
        report.faults += _without_page(session)
        for page in _evidence(session):
            _check_page(page, archive_dir, report)
        report.faults += _index(session, index_dir)
    return report


def _without_page(session: Session) -> Iterator[Fault]:
    """Statements of crawled pages whose page the record does not know."""
    query = (
        select(StatementRow.id, StatementRow.field, StatementRow.page_url, StatementRow.page_id)
        .join(PageRow, col(PageRow.id) == col(StatementRow.page_id), isouter=True)
        .where(col(PageRow.id).is_(None), col(StatementRow.source_id).not_in((DECLARED, EDITORIAL)))
        .order_by(col(StatementRow.id))
    )
    for identity, name, url, _ in session.exec(query):
        yield Fault("statement", f"{identity}", f"{name}: no page {url} in the record")


def _evidence(session: Session) -> Iterator[PageRow]:
    current = select(StatementRow.page_id).where(col(StatementRow.last_seen).is_(None)).distinct()
    query = (
        select(PageRow)
        .where(col(PageRow.id).in_(current))
        .order_by(col(PageRow.archive), col(PageRow.offset))
        .execution_options(yield_per=500)
    )
    yield from session.exec(query)


def _check_page(page: PageRow, archive_dir: Path, report: Report) -> None:
    report.pages += 1
    if page.purged_at is not None:
        report.purged += 1
        return
    try:
        read_page(archive_dir, ArchiveRef(page.archive, page.offset, page.sha256))
    except ArchiveError as error:
        report.faults.append(Fault("page", page.url, f"{error}"))


def _index(session: Session, index_dir: Path) -> Iterator[Fault]:
    last = session.exec(select(func.max(ChangeRow.seq))).one() or 0
    state = read_state(index_dir)
    reached = state.seq if state else None
    if reached != last and (last or reached):
        stands = "is not there" if reached is None else f"stands at change {reached}"
        yield Fault("index", f"{index_dir}", f"{stands}, the record at {last}")
