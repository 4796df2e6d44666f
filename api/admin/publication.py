"""What a decision changes is published at once, whichever engine holds the index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from fastapi import FastAPI

from aggregator.index.feed import catch_up
from aggregator.log import ChangeLog
from aggregator.store.transaction import publishing


@contextmanager
def deciding(app: FastAPI) -> Iterator[ChangeLog]:
    """One publication: its log with the session; then the index has it. An error leaves nothing."""
    settings, engine = app.state.settings, app.state.engine
    with publishing(engine) as session:
        yield ChangeLog(session, "", datetime.now(UTC))
    catch_up(engine, settings.index_dir, settings.index_engine)
