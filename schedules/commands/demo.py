"""`netzlotse demo`: the whole way, from sample sites to a portal, on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session, col, func, select

from aggregator.commands.runs import table_of
from aggregator.settings import Settings, SettingsError, load_settings
from aggregator.store.tables import ListingRow, NetworkRow, OfferRow, Verdict
from api.commands.serve import listen, serve_on
from crawlers.commands.terminal import console
from crawlers.samples.federation import Federation
from schedules.commands.crawl import run_all
from schedules.desk import Desk, working
from schedules.register import load_declared
from schedules.runner import Runner, open_runner

_HOST = "127.0.0.1"
_JOBS = 2


def demo(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port of the portal.")] = 8000,
    sites: Annotated[
        int, typer.Option(min=0, max=65_000, help="First port of the sample sites; 0: any.")
    ] = 8101,
) -> None:
    """Serve the sample federation, crawl all of it for real, and open portal and API on it.

    Everything stays on this machine; what was harvested is kept in the folder `demo` of the data
    folder, so that a second demo shows what has not changed since.

    Example:
        netzlotse demo --port 8080
    """
    with listen(_HOST, port) as listener, Federation(sites) as federation:
        settings = demo_settings(load_settings())
        federation.write_sources(settings.sources)
        runner = open_runner(settings)
        typer.echo(f"{len(federation.sites)} sample sites, crawled over HTTP:")
        rows, refused = run_all(runner, load_declared(runner.engine, settings), _JOBS)
        console().print(table_of(rows))
        for line in refused:
            typer.echo(f"netzlotse: {line}", err=True)
        if not any(row.verdict in {Verdict.ACCEPTED, Verdict.WARNED} for row in rows):
            typer.echo("netzlotse: no site could be harvested; the table says why", err=True)
            raise typer.Exit(1)
        typer.echo(_told(runner))
        with working(Desk(runner, runner.run)):
            serve_on(listener, settings)


def demo_settings(settings: Settings) -> Settings:
    """The settings of a demonstration: a data folder of its own, only loopback, no waiting."""
    home = settings.data_dir / "demo"
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / ".writable").touch()
    except OSError as error:
        raise SettingsError(
            f"NETZLOTSE_DATA_DIR: {home}: {error.strerror}; name a folder that can be written"
        ) from error
    changes: dict[str, str | Path | float | tuple[str, ...] | None] = {
        "data_dir": home,
        "database_url": None,
        "sources": home / "sources",
        "networks": None,
        "download_delay": 0.0,
        "allowed_private_hosts": (_HOST,),
        "log_level": "WARNING",
    }
    return settings.model_copy(update=changes)


def _told(runner: Runner) -> str:
    with Session(runner.engine) as session:
        listings = session.exec(select(func.count()).select_from(ListingRow)).one()
        offers = session.exec(
            select(func.count()).select_from(OfferRow).where(col(OfferRow.merged_into).is_(None))
        ).one()
        networks = session.exec(select(func.count()).select_from(NetworkRow)).one()
    return f"{listings} listings of {offers} offers, {networks} networks. Ctrl-C ends."
