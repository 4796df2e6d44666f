"""`netzlotse bench load`: what a portal does under load, and beyond."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from api.bench.load import Load, run
from api.commands.folder import Home, folder_of
from crawlers.commands.terminal import console

_TOLD = 12  # moments of the memory


def load(
    minutes: Annotated[float, typer.Option(min=0.1, max=600, help="Of all phases together.")] = 10,
    offers: Annotated[int, typer.Option(min=100, max=5_000_000, help="How many.")] = 20_000,
    clients: Annotated[int, typer.Option(min=1, max=500, help="Of the closed loop.")] = 16,
    home: Home = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Ask `netzlotse serve` for what visitors ask, over generated offers, while crawls publish.

    First clients that each wait for their answer ("closed": what the server reaches), then visitors
    who do not wait for each other: half as many requests ("calm"), three times as many ("wave"),
    half as many again ("after"). Their time runs from when a request was due. One more client asks
    without end and has to be told to wait (429).

    Ends with 1 where something came that may not: a 500, a lost connection, no recovery.

    Examples:
        netzlotse bench load

        netzlotse bench load --minutes 1 --offers 2000 --json
    """
    with folder_of(home) as folder:
        seen = run(folder, offers, 60 * minutes, clients)
    if as_json:
        sys.stdout.write(json.dumps(asdict(seen)) + "\n")
    else:
        _print(seen)
    if seen.faults:
        raise typer.Exit(1)


def _print(seen: Load) -> None:
    columns = (
        "offered/s", "well/s", "p50 ms", "p99 ms", "refused p99", "MiB", "server", "client",
        "outcomes",
    )  # fmt: skip
    phases = Table("", *columns)
    for name, one in seen.phases.items():
        phases.add_row(
            name,
            *(f"{number:.0f}" for number in (one.offered, one.per_second)),
            *(f"{ms:.1f}" for ms in (one.p50, one.p99, one.refused_p99)),
            f"{one.memory:.0f}",
            *(f"{cores:.2f}" for cores in (one.server, one.client)),
            _counted(one.outcomes),
        )
    console().print(phases)
    kinds = Table("calm", "answers", "p50 ms", "p99 ms")
    for kind, (answers, p50, p99) in seen.kinds.items():
        kinds.add_row(kind, str(answers), f"{p50:.1f}", f"{p99:.1f}")
    console().print(kinds)
    step = max(1, len(seen.memory) // _TOLD)
    moments = ", ".join(f"{mib} at {second} s" for second, mib in seen.memory[::step])
    after = "not in time" if seen.recovered is None else f"{seen.recovered} s"
    for line in (
        f"all answered again after the wave: {after}",
        f"crawls: {_counted(seen.runs)}; {seen.changes} changes, {seen.lag} behind at most",
        f"the greedy client: {_counted(seen.greedy)}",
        f"MiB of the server: {moments}",
        *(f"FAULT: {fault}" for fault in seen.faults),
    ):
        typer.echo(line)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} x {name}" for name, count in sorted(counts.items()))
