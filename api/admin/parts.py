"""Judging providers and places: whether two names, or two addresses, are of one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel
from sqlmodel import Session, col, select
from starlette.responses import Response

from aggregator.resolve.comparison import Judgement
from aggregator.resolve.judgements import BY_RULES, Decision, JudgementError
from aggregator.resolve.part_queue import check_pair, count_part_questions, part_queue, words_of
from aggregator.resolve.resolver import decide, take_back
from aggregator.store.tables import JudgementRow, Level, PartRow
from api.access import Newest
from api.admin import rendering
from api.admin.access import Acting, Deciding
from api.admin.publication import deciding
from api.admin.section import Section
from api.problems import not_found

router = APIRouter()
_PATH = "/admin/traeger"
_ON_PAGE = 25
_LATEST = 10
_PARTS = (Level.ORGANIZATION, Level.LOCATION)

SECTION = Section(
    _PATH,
    "Träger und Orte",
    "Ob zwei Namen derselbe Träger oder zwei Anschriften derselbe Ort sind.",
    router,
    count_part_questions,
)


class Said(BaseModel):
    """A judgement of a person."""

    left: str
    right: str
    words: tuple[str, str]
    verdict: str
    judge: str
    at: datetime
    reason: str


@router.get(_PATH)
def ask(
    request: Request,
    actor: Acting,
    record: Newest,
    seite: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """All open questions, those that move most listings first, and what was decided last."""
    return _shown(request, actor, record, seite, "")


@router.post(_PATH)
def judge(  # noqa: PLR0913, PLR0917 - the fields of the form
    request: Request,
    actor: Deciding,
    links: Annotated[str, Form(max_length=64)],
    rechts: Annotated[str, Form(max_length=64)],
    urteil: Annotated[str, Form(max_length=20)],
    grund: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Take a judgement or an undo; index and API have it at once."""
    engine = request.app.state.engine
    try:
        with deciding(request.app) as changes:
            session = changes.session
            left, right = (_part(session, one) for one in (links, rechts))
            if urteil == "undo":
                take_back(session, left.id, right.id, actor.name, changes)
            else:
                check_pair(left, right)
                said = Judgement(urteil)
                decision = Decision(left.id, right.id, said, actor.name, grund, left.level)
                decide(session, decision, changes)
    except JudgementError:
        fault = (
            "Über dieses Paar hat niemand entschieden, oder es kann nicht eines sein: "
            "Träger müssen in einem Kreis, Orte in einer Postleitzahl liegen."
        )
        with Session(engine) as session:
            return _shown(request, actor, session, 1, fault)
    except ValueError:
        with Session(engine) as session:
            return _shown(request, actor, session, 1, "Bitte eine der drei Antworten wählen.")
    return rendering.done(_PATH)


def _shown(request: Request, actor: Acting, record: Session, number: int, fault: str) -> Response:
    every = part_queue(record)
    start = (number - 1) * _ON_PAGE
    return rendering.page(
        request,
        "admin/traeger.html",
        actor,
        422 if fault else 200,
        questions=every[start : start + _ON_PAGE],
        total=len(every),
        more=len(every) > start + _ON_PAGE,
        seite=number,
        latest=[_said(record, row) for row in _latest(record)],
        fault=fault,
        path=_PATH,
    )


def _latest(record: Session) -> list[JudgementRow]:
    query = (
        select(JudgementRow)
        .where(
            col(JudgementRow.level).in_(_PARTS),
            col(JudgementRow.undone_at).is_(None),
            col(JudgementRow.judge).not_like(f"{BY_RULES}%"),
        )
        .order_by(col(JudgementRow.id).desc())
        .limit(_LATEST)
    )
    return list(record.exec(query))


def _said(record: Session, row: JudgementRow) -> Said:
    found = [record.get(PartRow, one) for one in (row.left_id, row.right_id)]
    first, second = (words_of(part) if part else "" for part in found)
    return Said(
        left=row.left_id,
        right=row.right_id,
        words=(first, second),
        verdict=row.verdict,
        judge=row.judge,
        at=row.judged_at,
        reason=row.reason,
    )


def _part(session: Session, part_id: str) -> PartRow:
    row = session.get(PartRow, part_id)
    if row is None:
        raise not_found("Einen Träger oder Ort", "provider or place", part_id)
    return row
