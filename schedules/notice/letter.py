"""What a message says: a subject, a text for people, the same as data for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from aggregator.harvest import BERLIN
from aggregator.quality import QualityReport, quality
from aggregator.store.tables import NoticeRow, SourceRow, Turn, TurnRow
from crawlers.failure import Failure


@dataclass(frozen=True, slots=True)
class Letter:
    """A message, before anyone knows how it is sent."""

    id: str
    subject: str
    text: str
    data: dict[str, Any]


def letter(session: Session, notice: NoticeRow, portal: str) -> Letter | None:
    """What a notice says; None where what it is about is no longer there. `portal` is our address.

    Only what somebody can act on: what broke, why, what to do, where to look.
    """
    source = session.get(SourceRow, notice.source_id)
    if source is None:
        return None
    if notice.kind == "report":
        today = notice.created_at.astimezone(BERLIN).date()
        report = quality(session, source.id, today)
        return _report(notice, report, portal) if report else None
    turn = session.get(TurnRow, int(notice.about.removeprefix("turn ")))
    return _turn(notice, turn, source, portal) if turn else None


def report_text(report: QualityReport, portal: str) -> str:
    """The quality report as the text of a mail to the owner of a source."""
    return "\n".join(_report_lines(report, portal))


def _turn(notice: NoticeRow, turn: TurnRow, source: SourceRow, portal: str) -> Letter:
    page = f"{portal}/quelle/{source.id}"
    at = f"{turn.at.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr"
    broken = turn.turn is Turn.BROKEN
    if broken:
        subject = f"Gestört: {source.title}"
        kept = (
            f"Sichtbar bleibt der Stand vom {source.last_accepted_at.astimezone(BERLIN):%d.%m.%Y}."
            if source.last_accepted_at
            else "Von dieser Quelle wurde noch nie etwas veröffentlicht."
        )
        lines = [
            f"Der Lauf vom {at} wurde nicht veröffentlicht.", "", turn.message, "", kept,
            "Es wird von selbst weiter versucht; diese Nachricht kommt nur einmal.", "", page,
        ]  # fmt: skip
    else:
        subject = f"Wieder in Ordnung: {source.title}"
        lines = [f"Seit {at} wird die Quelle wieder gelesen und veröffentlicht.", "", page]
    failure = Failure(turn.failure) if turn.failure in set(Failure) else None
    data = {
        "id": notice.id,
        "event": f"source.{turn.turn}",
        "source": source.id,
        "title": source.title,
        "at": turn.at.isoformat(),
        "run": turn.run_id,
        "failure": failure,
        "message": turn.message,
        "advice_en": failure.advice_en if failure else "",
        "url": page,
    }
    return Letter(notice.id, subject, "\n".join(lines), data)


def _report(notice: NoticeRow, report: QualityReport, portal: str) -> Letter:
    data = {"id": notice.id, "event": "source.report", **report.model_dump(mode="json")}
    subject = f"Ihre Seiten bei netzlotse: {report.total} Hinweise ({report.as_of:%m/%Y})"
    return Letter(notice.id, subject, report_text(report, portal), data)


def _report_lines(report: QualityReport, portal: str) -> Iterator[str]:
    yield "Guten Tag,"
    yield ""
    yield f"netzlotse liest regelmäßig die Angebote auf Ihren Seiten („{report.title}“) und"
    yield f"verweist auf sie. Zurzeit sind es {report.offers}. Dabei ist uns aufgefallen, was"
    yield "Menschen, die Hilfe suchen, in die Irre führen kann:"
    for part in report.parts:
        yield ""
        yield f"{part.title} ({part.total})"
        yield f"  {part.advice}"
        for item in part.items:
            yield f"  - {item.title or item.url}"
            if item.title:
                yield f"    {item.url}"
            if item.note:
                yield f"    {item.note}"
        if part.total > len(part.items):
            yield f"  … und {part.total - len(part.items)} weitere"
    yield ""
    yield f"Immer auf dem neuesten Stand: {portal}/quelle/{report.source}/bericht"
    yield "Stimmt etwas davon nicht, oder möchten Sie diese Nachricht nicht mehr?"
    yield "Bitte antworten Sie einfach."
