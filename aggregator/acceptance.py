"""Which runs a person may publish although the gate held them back."""

from __future__ import annotations

from sqlmodel import Session, col, select

from aggregator.health import PUBLISHED
from aggregator.store.tables import RunRow, SourceRow, Verdict


class AcceptError(Exception):
    """A run cannot be accepted; the message says why, and what to do instead.

    `german` says it to an editor.
    """

    def __init__(self, message: str, german: str = "") -> None:
        super().__init__(message)
        self.german = german or message


def acceptable(session: Session, run_id: str, source_id: str) -> RunRow:
    """The run, where the gate held it back and nothing newer says more. Raises AcceptError."""
    run = session.get(RunRow, run_id)
    if run is None or run.source_id != source_id:
        raise AcceptError(
            f"there is no run {run_id}: `netzlotse runs` lists them",
            "Diesen Besuch gibt es nicht.",
        )
    if run.verdict in PUBLISHED:
        raise AcceptError(
            f"run {run_id} is published already", "Dieser Besuch ist schon veröffentlicht."
        )
    if run.verdict is Verdict.FAILED:
        raise AcceptError(
            f"run {run_id} failed before it found anything: run `netzlotse crawl {source_id}`",
            "Dieser Besuch kam nicht zu Ende und hat nichts gefunden.",
        )
    later = [one for one in runs_after(session, run) if one.verdict is not Verdict.FAILED]
    if later and later[-1].verdict in PUBLISHED:
        raise AcceptError(
            f"run {run_id} is history: {later[-1].id} was published after it",
            "Inzwischen ist ein späterer Besuch veröffentlicht.",
        )
    if later:
        raise AcceptError(
            f"run {later[-1].id} is newer and was held back too: accept that one",
            "Ein neuerer Besuch wurde auch zurückgehalten: bitte diesen annehmen.",
        )
    return run


def awaiting(session: Session, source_id: str) -> str | None:
    """The run of a source that `acceptable` would give; None where there is nothing to accept."""
    query = (
        select(RunRow)
        .where(RunRow.source_id == source_id, RunRow.verdict != Verdict.FAILED)
        .where(col(RunRow.id).not_like("%.replay"))
        .order_by(col(RunRow.started_at).desc())
    )
    newest = session.exec(query).first()
    return newest.id if newest and newest.verdict is Verdict.QUARANTINED else None


def runs_after(session: Session, run: RunRow) -> list[RunRow]:
    """The crawls of a source that began after a run, oldest first; replays are none."""
    entry = session.get_one(SourceRow, run.source_id)
    query = (
        select(RunRow)
        .where(RunRow.source_id == entry.id, col(RunRow.started_at) > run.started_at)
        .where(col(RunRow.id).not_like("%.replay"))
        .order_by(col(RunRow.started_at))
    )
    return list(session.exec(query))
