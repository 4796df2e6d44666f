"""What is to be told, to whom, and how far that is.

That a source turned is written by the transaction that publishes its run (`TurnRow`): no crash
loses it. Here each turn becomes one message for each recipient, whose id follows from what it is
about, so that it is written once however often it is looked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlmodel import Session, col, or_, select

from aggregator.harvest import BERLIN
from aggregator.quality import quality
from aggregator.settings import Settings
from aggregator.store.tables import NoticeRow, NoticeState, SourceRow, Turn, TurnRow
from schedules.notice.mail import is_address

SETTLING = timedelta(minutes=10)
"""A source that breaks and recovers within that time is nobody's business."""
LEASE = timedelta(minutes=10)
"""After that time a message that was being sent is taken up: its sender is gone."""
_OLDEST = timedelta(days=7)
"""What turned before then is told on the board only: whoever starts to listen is not flooded."""
_MOST_ATTEMPTS = 12
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=12)
_NAMESPACE = UUID("0e7a5d1c-53f5-5c8e-9a43-6e6f74696365")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where messages go: `channel` is mail or webhook."""

    channel: str
    address: str


def recipients(settings: Settings) -> list[Recipient]:
    """Who is told when a source breaks or recovers."""
    mail = [Recipient("mail", one) for one in settings.mail_to] if settings.mail_server else []
    hook = [Recipient("webhook", settings.webhook_url)] if settings.webhook_url else []
    return mail + hook


def note(session: Session, settings: Settings, now: datetime) -> None:
    """Write down every message that is due and not written down yet."""
    for recipient in recipients(settings):
        _note_turns(session, recipient, now)
    if settings.owner_reports and settings.mail_server:
        _note_reports(session, now)
    session.flush()


def claim(session: Session, now: datetime) -> NoticeRow | None:
    """The next message to send, marked as being sent; None where nothing is due."""
    query = (
        select(NoticeRow)
        .where(
            or_(
                col(NoticeRow.state) == NoticeState.WAITING,
                col(NoticeRow.state) == NoticeState.SENDING,
            ),
            col(NoticeRow.next_at) <= now,
        )
        .order_by(col(NoticeRow.created_at), col(NoticeRow.id))
        .limit(1)
    )
    row = session.exec(query).first()
    if row is not None:
        row.state, row.attempts, row.next_at = NoticeState.SENDING, row.attempts + 1, now + LEASE
    return row


def sent(row: NoticeRow, now: datetime) -> None:
    """A message was taken by its server."""
    row.state, row.sent_at, row.error = NoticeState.SENT, now, ""


def refused(row: NoticeRow, error: str, now: datetime, *, lasting: bool = False) -> None:
    """A message was not taken: try again ever more slowly, in the end not at all."""
    row.error = error[:500]
    if lasting or row.attempts >= _MOST_ATTEMPTS:
        row.state = NoticeState.DROPPED
        return
    row.state = NoticeState.WAITING
    doubled: int = 2 ** (row.attempts - 1)
    row.next_at = now + min(_LONGEST_PAUSE, _FIRST_PAUSE * doubled)


def _note_turns(session: Session, to: Recipient, now: datetime) -> None:
    turns = session.exec(
        select(TurnRow).where(col(TurnRow.at) >= now - _OLDEST).order_by(col(TurnRow.id))
    ).all()
    broken: dict[str, NoticeRow] = {}
    for place, turn in enumerate(turns):
        row = session.get(NoticeRow, _id(f"turn {turn.id}", to))
        if turn.turn is Turn.BROKEN:
            over = any(later.source_id == turn.source_id for later in turns[place + 1 :])
            if row is None and (over or now - turn.at >= SETTLING):
                row = _row(session, turn.turn, f"turn {turn.id}", turn.source_id, to, now)
            if row is not None:
                if over and row.state is NoticeState.WAITING:
                    row.state, row.error = NoticeState.DROPPED, "recovered before it was told"
                broken[turn.source_id] = row
        elif row is None:
            told = broken.get(turn.source_id)
            row = _row(session, turn.turn, f"turn {turn.id}", turn.source_id, to, now)
            if told is None or told.state is NoticeState.DROPPED:
                row.state, row.error = NoticeState.DROPPED, "nobody was told that it broke"


def _note_reports(session: Session, now: datetime) -> None:
    """On the first of a month, or as soon after it as anyone is there, for each source."""
    today = now.astimezone(BERLIN).date()
    for source in session.exec(select(SourceRow).order_by(col(SourceRow.id))):
        contact = str(source.declared.get("contact") or "")
        if source.declared.get("disabled") or not is_address(contact):
            continue
        about, to = f"report {source.id} {today:%Y-%m}", Recipient("mail", contact)
        if session.get(NoticeRow, _id(about, to)) is not None:
            continue
        report = quality(session, source.id, today)
        if report is None:
            continue
        row = _row(session, "report", about, source.id, to, now)
        if not report.total:
            row.state, row.error = NoticeState.DROPPED, "nothing to put right"


def _row(  # noqa: PLR0913, PLR0917 - what, about what, to whom, when
    session: Session, kind: str, about: str, source_id: str, to: Recipient, now: datetime
) -> NoticeRow:
    row = NoticeRow(
        id=_id(about, to),
        kind=kind,
        about=about,
        source_id=source_id,
        channel=to.channel,
        recipient=to.address,
        created_at=now,
        next_at=now,
    )
    session.add(row)
    return row


def _id(about: str, to: Recipient) -> str:
    return str(uuid5(_NAMESPACE, f"{about}\n{to.channel}\n{to.address}"))
