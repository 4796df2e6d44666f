"""`netzlotse topics`: the fields of action that offers are sorted by."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table
from sqlmodel import Session

from aggregator.commands.record import open_record
from aggregator.settings import load_settings
from aggregator.suggestion import SuggestionError, suggestions
from aggregator.vocabulary.skos import json_ld, turtle
from aggregator.vocabulary.topics import TOPICS
from crawlers.commands.terminal import console


class SkosForm(StrEnum):
    """How the scheme is written."""

    TURTLE = "turtle"
    JSON_LD = "json-ld"


def topics(
    skos: Annotated[bool, typer.Option("--skos", help="Write the scheme as SKOS.")] = False,
    form: Annotated[
        SkosForm, typer.Option("--format", help="How SKOS is written.")
    ] = SkosForm.TURTLE,
    suggest: Annotated[
        bool,
        typer.Option(
            "--suggest", help="What a trained model would call the offers no rule could sort."
        ),
    ] = False,
) -> None:
    """List the fourteen topics, or write them as SKOS: labels, definitions, cross-references.

    Suggestions are learned from what the record holds with certainty and are never published: map
    the site's word in its declaration, or mend the rules. They need the extra `suggest`.

    Examples:
        netzlotse topics

        netzlotse topics --skos > topics.ttl

        netzlotse topics --skos --format json-ld > topics.jsonld

        netzlotse topics --suggest
    """
    if suggest:
        _suggest()
        return
    if skos:
        typer.echo(turtle() if form is SkosForm.TURTLE else json_ld(), nl=False)
        return
    table = Table("code", "Deutsch", "English", "law")
    for topic in TOPICS.values():
        table.add_row(topic.code, topic.label["de"], topic.label["en"], ", ".join(topic.law))
    console().print(table)


def _suggest() -> None:
    try:
        with Session(open_record(load_settings())) as session:
            found = suggestions(session)
    except SuggestionError as error:
        typer.echo(f"netzlotse: {error}", err=True)
        raise typer.Exit(1) from error
    table = Table("source", "listing", "perhaps")
    for one in found:
        likely = ", ".join(f"{code} ({chance:.0%})" for code, chance in one.topics)
        table.add_row(one.source_id, one.title, likely)
    console().print(table if found else "every listing has a topic, or none is likely")
