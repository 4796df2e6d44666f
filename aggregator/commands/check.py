"""`netzlotse check`: why the gate let a run pass, or held it back."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from sqlmodel import Session

from aggregator.catalogue.runs import RunReport, find_run
from aggregator.commands.record import open_record
from aggregator.harvest import BERLIN
from aggregator.settings import load_settings
from aggregator.store.tables import Verdict
from crawlers.commands.terminal import console

_MARKS = {"accepted": "ok", "warned": "!", "quarantined": "x", "failed": "X"}


def check(
    run: Annotated[str, typer.Argument(help="Id of a run, as `netzlotse runs --json` tells it.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Explain the verdict on a run: each check with its value, its bound and what to do.

    Exit code 0 where the run was published.

    Examples:
        netzlotse check pankow.20261128T030000000000Z

        netzlotse check pankow.20261128T030000000000Z --json
    """
    with Session(open_record(load_settings())) as session:
        report = find_run(session, run)
    if report is None:
        raise typer.BadParameter(f"there is no run {run}: `netzlotse runs` lists them")
    if as_json:
        typer.echo(report.model_dump_json())
    else:
        for line in explained(report):
            console().print(line, markup=False, highlight=False)
    if report.verdict not in {Verdict.ACCEPTED, Verdict.WARNED}:
        raise typer.Exit(1)


def explained(report: RunReport) -> list[str]:
    """The report of the gate in lines, objections first."""
    at = report.finished_at.astimezone(BERLIN)
    lines = [f"{report.source}: run of {at:%Y-%m-%d %H:%M}: {report.verdict}"]
    for finding in report.checks:
        value, bound = finding.get("value"), finding.get("bound")
        measured = f" [{_figure(value)} / {_figure(bound)}]" if value is not None else ""
        mark = _MARKS.get(str(finding.get("verdict")), "?")
        lines.append(f"{mark:>3}  {finding['check']:<15}{finding['message']}{measured}")
        lines += [f"        - {example}" for example in finding.get("examples") or ()]
        if finding.get("advice"):
            lines.append(f"        -> {finding['advice']}")
    for decision in report.decisions:
        when = decision.at.astimezone(BERLIN)
        lines.append(f"accepted by {decision.by} on {when:%Y-%m-%d %H:%M}: {decision.reason}")
    if report.verdict is Verdict.QUARANTINED:
        lines.append(f'publish it all the same: netzlotse accept {report.id} --reason "…"')
    return lines


def _figure(value: object) -> str:
    return (
        "–"
        if value is None
        else f"{value:g}"
        if isinstance(value, int | float)
        else json.dumps(value)
    )
