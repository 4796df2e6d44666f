"""Words of sites that no rule knows as a topic: what they mean is decided once for each site."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlmodel import Session, col, delete, select
from starlette.responses import Response

from aggregator import orders
from aggregator.declarations import decide_word, open_words
from aggregator.store.tables import OrderRow, SourceRow, WordRow, Work
from aggregator.store.transaction import publishing
from aggregator.vocabulary.topics import TOPICS
from api.access import Newest
from api.admin import rendering
from api.admin.access import Acting, Actor, Deciding
from api.admin.section import Section
from api.problems import not_found
from crawlers.source import SourceError

router = APIRouter()
_PATH = "/admin/woerter"
_ON_PAGE = 50
_LATEST = 20
_NONE = "-"
"""What the form sends for a word that is no topic."""


def _waiting(record: Session) -> int:
    return len(open_words(record))


SECTION = Section(
    _PATH,
    "Wörter",
    "Themenwörter der Websites, die noch keinem Thema zugeordnet sind.",
    router,
    _waiting,
)


@router.get(_PATH)
def overview(request: Request, actor: Acting, record: Newest) -> Response:
    """Every word that waits, those that stand above most offers first."""
    return _shown(request, actor, record, "")


@router.post(_PATH)
def decide(
    request: Request,
    actor: Deciding,
    quelle: Annotated[str, Form(max_length=64)],
    wort: Annotated[str, Form(max_length=2000)],
    thema: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Say which topic a word is, or take that back; the source is read again with it."""
    now = datetime.now(UTC)
    try:
        with publishing(request.app.state.engine) as session:
            if session.get(SourceRow, quelle) is None:
                raise not_found("Eine Quelle", "source", quelle)
            if thema == "undo":
                session.execute(
                    delete(WordRow).where(
                        col(WordRow.source_id) == quelle, col(WordRow.word) == wort
                    )
                )
            elif not thema:
                raise SourceError("Bitte ein Thema wählen, oder „kein Thema“.")
            else:
                code = None if thema == _NONE else thema
                decided = WordRow(source_id=quelle, word=wort, code=code, by=actor.name, at=now)
                decide_word(session, decided)
            orders.place(session, OrderRow(work=Work.REPLAY, subject=quelle, by=actor.name, at=now))
    except SourceError as error:
        with Session(request.app.state.engine) as session:
            return _shown(request, actor, session, str(error))
    return rendering.done(_PATH)


def _shown(request: Request, actor: Actor, record: Session, fault: str) -> Response:
    words = open_words(record)
    latest = record.exec(select(WordRow).order_by(col(WordRow.at).desc()).limit(_LATEST)).all()
    return rendering.page(
        request,
        "admin/woerter.html",
        actor,
        422 if fault else 200,
        words=words[:_ON_PAGE],
        total=len(words),
        latest=latest,
        topics=list(TOPICS),
        none=_NONE,
        read_again=orders.open_subjects(record, Work.REPLAY),
        fault=fault,
        path=_PATH,
    )
