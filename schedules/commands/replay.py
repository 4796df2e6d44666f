"""`netzlotse replay`: what a change of the parser would do to what is published."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from aggregator.commands.record import open_record
from aggregator.harvest import BERLIN
from aggregator.settings import load_settings
from aggregator.store.lease import LeaseLostError
from aggregator.store.tables import Verdict
from crawlers.commands.terminal import console
from crawlers.source import pick
from schedules.lock import SourceLockedError
from schedules.register import register
from schedules.replay import Replay, Replayer, workers


def replay(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of sources; all if none.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only sources crawled on or after this day."),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Publish what the gate lets pass.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes, a core each.")] = (
        os.cpu_count() or 1
    ),
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a source.")] = False,
) -> None:
    """Read the last published crawl of each source again, from the archive, by today's rules.

    Prints which listings would be added, lost or changed, field by field, and which pages could
    not be read. Nothing is fetched; nothing is changed without --apply.

    Exit code 1 where something was to be applied and was not.

    Examples:
        netzlotse replay

        netzlotse replay pankow --apply

        netzlotse replay --since 2026-11-01 --json
    """
    settings = load_settings()
    engine = open_record(settings)
    declared = register(engine, settings)
    wanted = pick(declared, ids) if ids else [one for one in declared if not one.disabled]
    start = since.replace(tzinfo=BERLIN) if since else None
    refused = False
    seen = 0
    with workers(jobs) as spread:
        replayer = Replayer(settings, engine, spread)
        for source in wanted:
            try:
                done = replayer.replay(source, since=start, apply=apply)
            except (LeaseLostError, SourceLockedError) as error:
                typer.echo(f"netzlotse: {error}", err=True)
                refused = True
                continue
            if done is None:
                continue
            seen += 1
            refused |= apply and _refused(done)
            if as_json:
                typer.echo(json.dumps(_plain(done), ensure_ascii=False))
            else:
                _show(done, apply=apply)
    if not seen and not refused:
        when = f" since {since:%Y-%m-%d}" if since else ""
        typer.echo(
            f"netzlotse: nothing to replay: no published crawl{when} of "
            f"{', '.join(ids) if ids else 'any source'}; `netzlotse runs` lists what was crawled",
            err=True,
        )
    if refused:
        raise typer.Exit(1)


def _refused(done: Replay) -> bool:
    return done.run is None or done.run.verdict not in {Verdict.ACCEPTED, Verdict.WARNED}


def _plain(done: Replay) -> dict[str, Any]:
    return {
        "source_id": done.source_id,
        "crawl_id": done.crawl_id,
        "pages": done.pages,
        **asdict(done.difference),
        "unread": [asdict(page) for page in done.unread],
        "run": done.run.model_dump(mode="json") if done.run else None,
    }


def _show(done: Replay, *, apply: bool) -> None:
    out, difference = console(), done.difference
    out.print(
        f"[bold]{done.source_id}[/]: {done.pages} pages of {done.crawl_id}, "
        f"{len(difference.added)} added, {len(difference.lost)} lost, "
        f"{len(difference.changed)} changed, {len(done.unread)} pages not read"
    )
    for page in done.unread:
        out.print(f"  ! {page.state}: {escape(page.url)} {escape(page.reason)}".rstrip())
    for item in difference.added:
        out.print(f"  + {escape(item.title)}  {escape(item.page_url)}")
    for item in difference.lost:
        out.print(f"  - {escape(item.title)}  {escape(item.page_url)}")
    for changed in difference.changed:
        out.print(f"  ~ {escape(changed.title)}  {escape(changed.page_url)}")
        for name, (before, after) in changed.fields.items():
            out.print(f"      {name}: {escape(_short(before))} -> {escape(_short(after))}")
    if done.run is not None:
        said = "; ".join(str(reason["message"]) for reason in done.run.reasons)
        out.print(f"  {done.run.verdict}: {done.run.id} {escape(said)}".rstrip())
    elif apply:
        out.print("  not applied: pages are missing in the archive; crawl the source instead")


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
