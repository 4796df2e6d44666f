"""`netzlotse follow`: keep the index of a machine that answers readers up to date."""

from __future__ import annotations

import typer

from aggregator.commands.record import make_readable
from aggregator.index.directory import read_state
from aggregator.settings import load_settings
from schedules.follower import follow_forever


def follow() -> None:
    """Keep this machine's index up to date from the change log, until Ctrl-C or SIGTERM.

    For machines that only answer, beside `netzlotse serve`: whoever publishes on a machine keeps
    its index anyway. Without an index it begins with the snapshot in NETZLOTSE_STORE, where there
    is one. Reads NETZLOTSE_READ_DATABASE_URL, as `serve` does.

    Example: netzlotse follow
    """
    settings = load_settings()
    make_readable(settings)

    def ready() -> None:
        state = read_state(settings.index_dir)
        typer.echo(f"The index follows, at change {state.seq if state else 0}")

    follow_forever(settings, ready)
