"""`netzlotse notify`: send what waits, or see what an owner would be told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlmodel import Session

from aggregator.commands.record import open_record
from aggregator.harvest import BERLIN
from aggregator.quality import quality
from aggregator.settings import load_settings
from crawlers.source import SourceError
from schedules.notice.letter import report_text
from schedules.notice.outbox import recipients
from schedules.notice.post import deliver


def notify(
    report: Annotated[
        str | None, typer.Option("--report", help="Print the quality report of this source.")
    ] = None,
) -> None:
    """Send the messages that wait: sources that broke or recovered, monthly reports to owners.

    `netzlotse schedule` does this every minute; this verb is for those who run `crawl --due` by
    cron, and for looking at a report before any owner gets it.

    Examples:
        netzlotse notify

        netzlotse notify --report pankow
    """
    settings, now = load_settings(), datetime.now(UTC)
    engine = open_record(settings)
    if report is None:
        if not recipients(settings) and not settings.owner_reports:
            typer.echo("nobody is to be told: set NETZLOTSE_MAIL_SERVER or NETZLOTSE_WEBHOOK_URL")
            return
        typer.echo(f"{deliver(engine, settings, now)} sent")
        return
    with Session(engine) as session:
        found = quality(session, report, now.astimezone(BERLIN).date())
    if found is None:
        raise SourceError(f"nothing of a source {report!r} was ever published")
    typer.echo(report_text(found, settings.portal))
