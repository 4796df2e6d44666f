"""`netzlotse verify`: do record, archive and index fit together."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from aggregator.commands.record import open_record
from aggregator.index.feed import rebuild
from aggregator.settings import load_settings
from aggregator.verify import verify as check
from crawlers.commands.terminal import console


def verify(
    repair: Annotated[
        bool, typer.Option("--repair", help="Build the index anew where it does not fit.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Check archived pages behind what is published, statements, offers, listings, and the index.

    Pages that were purged because their time was over are counted, and are no fault. Exit code 1
    where anything is broken and was not repaired.

    Examples:
        netzlotse verify

        netzlotse verify --repair --json
    """
    settings = load_settings()
    engine = open_record(settings)
    report = check(engine, settings.archive, settings.index_dir)
    repaired = repair and not report.index_fits
    if repaired:
        rebuild(engine, settings.index_dir, settings.index_engine)
        report = check(engine, settings.archive, settings.index_dir)
    if as_json:
        typer.echo(json.dumps({**asdict(report), "repaired": repaired}, ensure_ascii=False))
    else:
        out = console()
        for fault in report.faults:
            out.print(f"broken {fault.part}: {fault.subject}: {fault.message}", markup=False)
        if repaired:
            out.print("the index was built anew")
        out.print(
            f"{report.statements} statements, {report.pages} pages behind what is published "
            f"({report.purged} purged), {len(report.faults)} broken"
        )
    if report.faults:
        raise typer.Exit(1)
