"""What is declared, brought into the record before anything runs."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from aggregator.harvest import BERLIN
from aggregator.log import ChangeLog
from aggregator.register import declare
from aggregator.settings import Settings
from aggregator.store.tables import RunRow
from aggregator.store.transaction import publishing
from crawlers.network import load_networks
from crawlers.source import load_sources


def register(engine: Engine, settings: Settings) -> None:
    """Load all declarations and bring their rows up to date."""
    sources, folder = load_sources(settings.sources), settings.declared_networks
    networks = load_networks(folder) if folder else []
    now = datetime.now(UTC)
    with publishing(engine) as session:
        declare(sources, networks, ChangeLog(session, "", now), now.astimezone(BERLIN).date())


def last_started(engine: Engine) -> dict[str, datetime]:
    """When each source ran last, whatever came of it."""
    with Session(engine) as session:
        query = select(RunRow.source_id, func.max(col(RunRow.started_at))).group_by(
            col(RunRow.source_id)
        )
        return dict(session.exec(query).all())
