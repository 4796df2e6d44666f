"""`netzlotse bench api`, `bench pages`, `bench scale`: how fast API and pages are there."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from aggregator.index.directory import EngineName
from api.bench import serve as serving
from api.bench.client import Rate
from api.bench.pages import NoBrowserError
from api.bench.pages import run as visit
from api.bench.scale import CoresError
from api.bench.scale import run as compare_nodes
from api.commands.folder import Home, folder_of
from crawlers.commands.terminal import console


def api(
    offers: Annotated[int, typer.Option(min=100, max=5_000_000, help="How many.")] = 100_000,
    seconds: Annotated[float, typer.Option(min=0.2, max=120, help="Of each measurement.")] = 5.0,
    connections: Annotated[int, typer.Option(min=1, max=500, help="At once.")] = 16,
    home: Home = None,
    engine: Annotated[EngineName, typer.Option(help="Of the index that is made.")] = "tantivy",
    hostile: Annotated[
        int, typer.Option(min=0, help="Hostile strings, asked one after the other.")
    ] = 2_000,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Ask an API over generated offers as fast as it answers: searches, facets, kept answers.

    Each of three rounds measures everything and a FastAPI route that does nothing, over loopback
    and from this machine's own processor; the middle round counts. Where something else runs on
    the machine, the columns of processor time ("cpu") tell more than the rates.

    Examples:
        netzlotse bench api

        netzlotse bench api --offers 2000 --engine fts5 --hostile 10000

        netzlotse bench api --offers 20000 --seconds 2 --home bench-data
    """
    with folder_of(home) as folder:
        rates = serving.run(folder, offers, engine, seconds, connections, hostile)
    base = rates["no-op"]
    if as_json:
        told = {name: _told(rate, base) for name, rate in rates.items()}
        sys.stdout.write(json.dumps(told) + "\n")
    else:
        columns = (
            "requests/s", "x no-op", "cpu ms", "x no-op", "most", "p50 ms", "p95 ms", "p99 ms",
            "slowest", "failed",
        )  # fmt: skip
        table = Table("", *columns)
        for name, rate in rates.items():
            table.add_row(
                name,
                f"{rate.per_second:.0f}",
                f"{rate.per_second / base.per_second:.3f}",
                f"{rate.cpu:.2f}",
                f"{base.cpu / rate.cpu:.3f}" if rate.cpu else "",
                f"{rate.dearest:.1f}" if rate.dearest else "",
                *(f"{ms:.1f}" for ms in (rate.p50, rate.p95, rate.p99, rate.slowest)),
                str(rate.failed),
            )
        console().print(table)
    if any(rate.failed for rate in rates.values()):
        raise typer.Exit(1)


def pages(
    offers: Annotated[int, typer.Option(min=100, max=1_000_000, help="How many.")] = 5_000,
    visits: Annotated[
        int, typer.Option(min=1, max=100, help="Of each page; the middle counts.")
    ] = 5,
) -> None:
    """Visit search pages over generated offers in Chromium, with an empty cache each time.

    First on loopback, then on a line of 400 kbit/s with 300 ms of latency and a processor slowed
    down sixfold. "paint" is the first contentful paint, which shows results; "usable" is when the
    script has run. Beside them four lines of plain text: what this machine, as busy as it is, takes
    to paint anything at all.

    Example:
        netzlotse bench pages --offers 2000 --visits 3
    """
    try:
        with folder_of(None) as folder:
            found = visit(folder, offers, visits)
    except NoBrowserError as error:
        typer.echo(f"netzlotse: {error}", err=True)
        raise typer.Exit(1) from error
    table = Table("", "paint ms", "usable ms", "HTML kB", "sent kB")
    for name, seen in found.items():
        numbers = (seen.paint, seen.usable, seen.html / 1000, seen.sent / 1000)
        table.add_row(name, *(f"{number:.0f}" for number in numbers))
    console().print(table)


def scale(
    offers: Annotated[int, typer.Option(min=100, max=5_000_000, help="How many.")] = 20_000,
    seconds: Annotated[float, typer.Option(min=0.2, max=120, help="Of each measurement.")] = 5.0,
    connections: Annotated[int, typer.Option(min=1, max=500, help="At once, a node.")] = 8,
    home: Home = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Ask one API node, then two, each on a core of its own with an index of its own.

    "capacity" adds up what each node answers a second of its own processor time: what nodes do
    that have a core each while somebody else's machine asks. "requests/s" is by the clock, and on
    a machine of two cores the client takes its part of what the nodes have.

    Examples:
        netzlotse bench scale

        netzlotse bench scale --offers 5000 --seconds 2 --json
    """
    try:
        with folder_of(home) as folder:
            paces = compare_nodes(folder, offers, seconds, connections)
    except CoresError as error:
        typer.echo(f"netzlotse: {error}", err=True)
        raise typer.Exit(1) from error
    one, two = paces[1], paces[2]
    ratios = {
        "capacity": two.capacity / one.capacity,
        "clock": two.per_second / one.per_second,
    }
    if as_json:
        told = {str(nodes): asdict(pace) for nodes, pace in paces.items()}
        sys.stdout.write(json.dumps({**told, "two_to_one": ratios}) + "\n")
    else:
        table = Table("nodes", "requests/s", "node ms", "client ms", "capacity", "failed")
        for nodes, pace in paces.items():
            numbers = (pace.per_second, pace.node_ms, pace.client_ms, pace.capacity)
            table.add_row(str(nodes), *(f"{one:.2f}" for one in numbers), str(pace.failed))
        console().print(table)
        typer.echo(
            f"two nodes: {ratios['capacity']:.2f} x one by capacity, "
            f"{ratios['clock']:.2f} x by the clock"
        )
    if one.failed or two.failed:
        raise typer.Exit(1)


def _told(rate: Rate, base: Rate) -> dict[str, float]:
    return {
        "per_second": round(rate.per_second, 1),
        "of_noop": round(rate.per_second / base.per_second, 4),
        "cpu_ms": round(rate.cpu, 3),
        "most_cpu_ms": round(rate.dearest, 1),
        "p50_ms": round(rate.p50, 2),
        "p95_ms": round(rate.p95, 2),
        "p99_ms": round(rate.p99, 2),
        "slowest_ms": round(rate.slowest, 2),
        "failed": rate.failed,
    }
