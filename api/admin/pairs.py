"""Judging pairs: whether two listings tell of one offer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel
from sqlmodel import Session, col, select
from starlette.responses import Response

from aggregator.catalogue.sources import source_titles
from aggregator.listing import Listing
from aggregator.published import listing_of
from aggregator.resolve import judgements
from aggregator.resolve.comparison import Judgement, compare
from aggregator.resolve.judgements import Decision, JudgementError
from aggregator.resolve.queue import review_queue, waiting
from aggregator.resolve.resolver import decide, take_back
from aggregator.store.tables import JudgementRow, Level, ListingRow
from api.access import Newest
from api.admin import rendering
from api.admin.access import Acting, Deciding
from api.admin.publication import deciding
from api.admin.section import Section
from api.labels import value
from api.problems import not_found

router = APIRouter()
_PATH = "/admin/dubletten"
_LATEST = 10
_SHOWN = (
    ("title", "Titel"), ("provider", "Träger"), ("street", "Straße"), ("postcode", "PLZ"),
    ("city", "Ort"), ("district", "Ortsteil"), ("phones", "Telefon"), ("emails", "E-Mail"),
    ("urls", "Internet"), ("hours_text", "Zeiten"), ("hours_osm", "Zeiten, verstanden als"),
    ("valid_from", "Beginn"), ("topics", "Themen"), ("formats", "Art"), ("modes", "Weg"),
    ("cost", "Kosten"), ("cost_amount", "Preis in Euro"), ("languages", "Sprachen"),
    ("description", "Beschreibung"),
)  # fmt: skip

SECTION = Section(
    _PATH,
    "Dubletten",
    "Ob zwei Einträge dasselbe Angebot sind; die Frage, die am meisten bessert, zuerst.",
    router,
    waiting,
)


class Line(BaseModel):
    """One field of both listings, as it is shown."""

    label: str
    left: str
    right: str
    differs: bool


class Reason(BaseModel):
    """What speaks for one offer (points above 0) or for two."""

    points: float
    words: str


class Said(BaseModel):
    """A judgement of a person."""

    left: str
    right: str
    titles: tuple[str, str]
    verdict: str
    judge: str
    at: datetime
    reason: str
    standing: bool


@router.get(_PATH)
def ask(
    request: Request,
    actor: Acting,
    record: Newest,
    links: Annotated[str, Query(max_length=64)] = "",
    rechts: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The next question, or the pair that is named."""
    return _shown(request, actor, record, (links, rechts) if links and rechts else None, "")


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
            for one in (links, rechts):
                _listing(session, one)
            if urteil == "undo":
                take_back(session, links, rechts, actor.name, changes)
            else:
                said = Judgement(urteil)
                decide(session, Decision(links, rechts, said, actor.name, grund), changes)
    except JudgementError:
        fault = "Über dieses Paar hat niemand entschieden, oder es ist kein Paar."
        with Session(engine) as session:
            return _shown(request, actor, session, (links, rechts), fault)
    except ValueError:
        with Session(engine) as session:
            fault = "Bitte eine der drei Antworten wählen."
            return _shown(request, actor, session, (links, rechts), fault)
    if urteil == "undo":
        return rendering.done(f"{_PATH}?links={links}&rechts={rechts}")
    return rendering.done(_PATH)


def _shown(
    request: Request, actor: Acting, record: Session, pair: tuple[str, str] | None, fault: str
) -> Response:
    queue = review_queue(record)
    if pair and pair[0] == pair[1]:
        pair = None
    if pair is None and queue:
        pair = queue[0].left.id, queue[0].right.id
    left = right = None
    lines: list[Line] = []
    reasons: list[Reason] = []
    said: list[Said] = []
    if pair:
        left, right = (_listing(record, one) for one in pair)
        lines = [*_lines(left, right)]
        found = compare(left, right)
        reasons = [
            Reason(points=one.points, words=one.reason)
            for one in sorted(found.evidence, key=lambda one: -abs(one.points))
        ]
        said = [
            _said(record, row)
            for row in judgements.history(record, *pair)
            if judgements.is_persons(row)
        ]
    return rendering.page(
        request,
        "admin/dubletten.html",
        actor,
        422 if fault else 200,
        left=left,
        right=right,
        merged=left is not None and right is not None and left.service_id == right.service_id,
        score=compare(left, right).score if left and right else None,
        lines=lines,
        reasons=reasons,
        said=said,
        waiting=len(queue),
        latest=[_said(record, row) for row in _latest(record)],
        sources=source_titles(record),
        fault=fault,
        path=_PATH,
    )


def _lines(left: Listing, right: Listing) -> Iterator[Line]:
    for name, label in _SHOWN:
        a, b = (_words(name, getattr(one, name)) for one in (left, right))
        if a or b:
            yield Line(label=label, left=a, right=b, differs=a != b)


def _words(name: str, said: object) -> str:
    if said is None:
        return ""
    if isinstance(said, list):
        return ", ".join(value(name, one) for one in said)
    return value(name, said) if name in {"cost", "city"} else str(said)


def _latest(record: Session) -> list[JudgementRow]:
    query = (
        select(JudgementRow)
        .where(
            JudgementRow.level == Level.SERVICE,
            col(JudgementRow.undone_at).is_(None),
            col(JudgementRow.judge).not_like("rules@%"),
        )
        .order_by(col(JudgementRow.id).desc())
        .limit(_LATEST)
    )
    return list(record.exec(query))


def _said(record: Session, row: JudgementRow) -> Said:
    rows = [record.get(ListingRow, one) for one in (row.left_id, row.right_id)]
    first, second = (str(one.flat.get("title", "")) if one else "" for one in rows)
    return Said(
        left=row.left_id,
        right=row.right_id,
        titles=(first, second),
        verdict=row.verdict,
        judge=row.judge,
        at=row.judged_at,
        reason=row.reason,
        standing=row.undone_at is None,
    )


def _listing(record: Session, listing_id: str) -> Listing:
    row = record.get(ListingRow, listing_id)
    if row is None or not row.flat:
        raise not_found("Ein Eintrag", "listing", listing_id)
    return listing_of(row)
