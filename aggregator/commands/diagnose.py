"""`netzlotse diagnose`: what is wrong, since when, and what to do."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from aggregator.catalogue.sources import SourceState, find_source, list_sources
from aggregator.commands.record import open_record
from aggregator.harvest import BERLIN
from aggregator.health import PUBLISHED, Health
from aggregator.settings import load_settings
from crawlers.commands.terminal import console
from crawlers.source import SourceError

_BARS = "▁▂▃▄▅▆▇█"


def diagnose(
    source: Annotated[str | None, typer.Argument(help="Id of a source; all if none.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The board as JSON.")] = False,
) -> None:
    """Print the board: without an id the sources that need attention, with one all about it.

    Exit code 1 where a source needs attention.

    Examples:
        netzlotse diagnose

        netzlotse diagnose pankow --json
    """
    with Session(open_record(load_settings())) as session:
        states = [_find(session, source)] if source else list_sources(session)
    if as_json:
        told = [state.model_dump(mode="json") for state in states]
        typer.echo(json.dumps(told[0] if source else told, ensure_ascii=False, indent=1))
    elif source:
        _one(console(), states[0])
    else:
        _all(console(), states)
    if any(state.attention for state in states):
        raise typer.Exit(1)


def bars(state: SourceState) -> str:
    """The trend as a line of blocks; "x" for a run that was not published."""
    most = max((point.found for point in state.trend), default=0) or 1
    return "".join(
        _BARS[round(point.found / most * (len(_BARS) - 1))] if point.verdict in PUBLISHED else "x"
        for point in state.trend
    )


def _find(session: Session, source_id: str) -> SourceState:
    state = find_source(session, source_id)
    if state is None:
        raise SourceError(f"no source has the id {source_id!r}; `netzlotse sources` lists them")
    return state


def _all(out: Console, states: list[SourceState]) -> None:
    wrong = [state for state in states if state.attention]
    counts = ", ".join(
        f"{number} {health}" for health in Health
        if (number := sum(state.health is health for state in states))
    )  # fmt: skip
    out.print(f"{len(states)} sources: {counts or 'none'}")
    if any(state.overdue for state in states):
        out.print("visits are overdue: is `netzlotse schedule` running?")
    if not wrong:
        out.print("nothing needs attention")
        return
    table = Table("source", "health", "last good run", "trend", "failure", "what to do")
    for state in wrong:
        cause = state.causes[0] if state.causes else None
        table.add_row(
            state.id,
            state.health,
            _day(state.last_accepted_at),
            bars(state),
            (cause.failure or cause.check) if cause else "overdue",
            f"{cause.message} {cause.advice}" if cause else "",
        )
    out.print(table)


def _one(out: Console, state: SourceState) -> None:
    out.print(f"{state.id}: {state.title} ({', '.join(state.start)})")
    since = f" since {_day(state.stale_since)}, {state.failures} runs" if state.stale_since else ""
    rights = state.rights
    mining = "not checked" if rights is None else "reserved" if rights.reserved else "not reserved"
    lines = {
        "health": f"{state.health}{since}",
        "last good run": _day(state.last_accepted_at),
        "next run": f"{_moment(state.next_run)}{' (overdue)' if state.overdue else ''}",
        "trend": f"{bars(state)} {' '.join(str(point.found) for point in state.trend)}",
        "robots.txt": f"{state.forbidden} pages forbidden in the last run",
        "text mining": f"{mining}{f' ({_day(rights.checked_at)})' if rights else ''}",
        "licence": str(state.licence["name"]) if state.licence else "not stated",
        "fill": ", ".join(f"{name} {share:.0%}" for name, share in list(state.fill.items())[:12]),
    }
    for name, text in lines.items():
        out.print(f"  {name:14} {text}")
    for cause in state.causes:
        out.print(f"\n{cause.verdict}: {cause.failure or cause.check}\n  {cause.message}")
        out.print(f"  {cause.advice}\n  {cause.advice_en}")
        for example in cause.examples:
            out.print(f"    {example}")


def _day(at: datetime | None) -> str:
    if at is None:
        return "never"
    days = (datetime.now(UTC) - at).days
    return f"{at.astimezone(BERLIN):%Y-%m-%d} ({days} days ago)" if days else _moment(at)


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(BERLIN):%Y-%m-%d %H:%M}" if at else "not planned"
