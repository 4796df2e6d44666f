"""`netzlotse history`: how an offer, a listing or a network came to say what it says."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from sqlmodel import Session

from aggregator.catalogue.history import FieldHistory
from aggregator.catalogue.history import history as find
from aggregator.commands.record import open_record
from aggregator.harvest import BERLIN
from aggregator.settings import load_settings
from crawlers.commands.terminal import console


def history(
    wanted: Annotated[str, typer.Argument(help="Id of an offer, a listing or a network.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show every change, field by field: both values, when, and which words say so.

    Examples:
        netzlotse history 4f1c2f0e-…

        netzlotse history pankow --json
    """
    with Session(open_record(load_settings())) as session:
        found = find(session, wanted)
    if found is None:
        raise typer.BadParameter(f"there is no offer, listing or network {wanted}")
    if as_json:
        typer.echo(found.model_dump_json())
        return
    out = console()
    out.print(f"{found.subject} {found.id}: {found.title}", markup=False, highlight=False)
    for decision in found.decisions:
        out.print(
            f"{decision.at.astimezone(BERLIN):%Y-%m-%d %H:%M}  {decision.deed} by {decision.by}: "
            f"{decision.reason}",
            markup=False,
        )
    for step in found.steps:
        into = f" -> {step.into}" if step.into else ""
        out.print(
            f"{step.at.astimezone(BERLIN):%Y-%m-%d %H:%M}  {step.kind} {step.subject} {step.id}"
            f"{into}  {step.run or 'by hand'}",
            markup=False,
            highlight=False,
        )
        for name, field in step.fields.items():
            for line in _lines(name, field):
                out.print(line, markup=False, highlight=False)


def _lines(name: str, field: FieldHistory) -> list[str]:
    before, after = (json.dumps(one, ensure_ascii=False) for one in (field.before, field.after))
    return [
        f"      {name}: {before} -> {after}",
        *(
            f'        "{proof.quote.strip()}" {proof.page_url} ({proof.first_seen:%Y-%m-%d})'
            for proof in field.after_proofs
        ),
    ]
