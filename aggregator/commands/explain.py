"""`netzlotse explain`: what is read from a piece of text, and why."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from aggregator.explanation import Explanation
from aggregator.explanation import explain as explain_text
from aggregator.harvest import BERLIN
from aggregator.places.places import load_gazetteer
from aggregator.settings import load_settings
from crawlers.commands.terminal import console
from crawlers.page import Page

_MOST = 1 << 20  # bytes of a file that are read


def explain(
    text: Annotated[str, typer.Argument(help="The text, a file that holds it, or - for stdin.")],
    place: Annotated[
        str | None, typer.Option("--place", help="PLZ that the text belongs to.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object; doubts go to stderr.")
    ] = False,
) -> None:
    """Show what is read from a text: each value with the words that say it, who read it, and why.

    A line of the text is a line of the page. The first of several is taken for the title where it
    is short, no sentence, and names no phone, mail, time or label.

    Examples:
        netzlotse explain "Di 10-12 Uhr, Tel. 23 12 50 00, kostenlos" --place 13187

        netzlotse explain offer.txt --json
    """
    if place is not None and not (len(place) == 5 and place.isascii() and place.isdigit()):
        raise typer.BadParameter("a PLZ has five digits", param_hint="--place")
    today = datetime.now(BERLIN)
    gazetteer = load_gazetteer(load_settings().places_dir)
    found = explain_text(_read(text, today), gazetteer, today.date(), place)
    if as_json:
        typer.echo(json.dumps(found.document, ensure_ascii=False))
        for doubt in found.doubts:
            typer.echo(f"doubt: {doubt.code}: {doubt.quote}", err=True)
        return
    _show(found)


def _read(text: str, now: datetime) -> str:
    if text == "-":
        body = sys.stdin.buffer.read(_MOST)
    elif _names_a_file(text):
        with Path(text).open("rb") as file:
            body = file.read(_MOST)
    else:
        return text
    return Page("", body, now).text


def _names_a_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or a null byte
        return False


def _show(found: Explanation) -> None:
    out = console()
    table = Table("field", "value", "quote", "where", "reader", "why", "sure")
    for statement in found.statements:
        table.add_row(
            statement.field,
            str(statement.value),
            statement.quote,
            statement.locator,
            statement.reader,
            statement.reason,
            f"{statement.confidence:.2f}",
        )
    out.print(table, markup=False)
    for doubt in found.doubts:
        about = f" ({doubt.field})" if doubt.field else ""
        out.print(f"doubt: {doubt.code}{about}: {doubt.quote}", markup=False)
    if not found.statements:
        out.print("nothing was read from this text")
