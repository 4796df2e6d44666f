"""`netzlotse worker`: do what the schedule of a cluster orders."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator.settings import SettingsError, load_settings
from schedules.runner import open_runner


def worker(
    jobs: Annotated[int, typer.Option(min=1, max=64, help="How many crawls at a time.")] = 4,
) -> None:
    """Visit the sources that `netzlotse schedule` orders, until Ctrl-C or SIGTERM (PostgreSQL).

    As many workers as you like share one record. What one has begun when it ends, or dies, another
    takes up. The index is not written here: `netzlotse follow` does that where it is read.

    Examples:
        netzlotse worker

        netzlotse worker --jobs 20
    """
    settings = load_settings()
    if settings.database.startswith("sqlite"):
        raise SettingsError(
            "NETZLOTSE_DATABASE_URL: workers share a record in PostgreSQL; with SQLite "
            "`netzlotse schedule` does all of it"
        )
    from schedules.worker import work_forever  # noqa: PLC0415 - only where there is a queue

    work_forever(open_runner(settings, indexing=False), jobs)
