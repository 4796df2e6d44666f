"""`netzlotse topics`: the fields of action that offers are sorted by."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

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
) -> None:
    """List the fourteen topics, or write them as SKOS: labels, definitions, cross-references.

    Examples:
        netzlotse topics

        netzlotse topics --skos > topics.ttl

        netzlotse topics --skos --format json-ld > topics.jsonld
    """
    if skos:
        typer.echo(turtle() if form is SkosForm.TURTLE else json_ld(), nl=False)
        return
    table = Table("code", "Deutsch", "English", "law")
    for topic in TOPICS.values():
        table.add_row(topic.code, topic.label["de"], topic.label["en"], ", ".join(topic.law))
    console().print(table)
