"""`netzlotse search`: ask the index."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from aggregator.index.base import Query
from aggregator.index.directory import open_searcher
from aggregator.places.places import load_gazetteer
from aggregator.settings import load_settings
from crawlers.commands.terminal import console


def search(
    query: Annotated[str, typer.Argument(help="What a parent would type.")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many hits.")] = 10,
    topic: Annotated[list[str] | None, typer.Option(help="Only these topics.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="Only these region keys.")] = None,
    network: Annotated[list[str] | None, typer.Option(help="Only these networks.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Search the published offers that can be used now.

    Examples:
        netzlotse search "Geld vom Vater kommt nicht"

        netzlotse search Schuldnerberatung --region 11 --json
    """
    settings = load_settings()
    searcher = open_searcher(settings.index_dir, load_gazetteer(settings.places_dir))
    wanted = {"topics": topic, "region": region, "networks": network}
    filters = {name: tuple(values) for name, values in wanted.items() if values}
    filters["status"] = ("active", "temporarily closed")
    hits = searcher.search(Query(text=query, filters=filters, limit=limit))
    if as_json:
        items = [{**hit.offer, "score": hit.score} for hit in hits.items]
        typer.echo(
            json.dumps({"items": items, "total": hits.total, "seq": hits.seq}, ensure_ascii=False)
        )
        return
    out = console()
    table = Table("title", "provider", "where", "when", "phone")
    for hit in hits.items:
        offer = hit.offer
        place = " ".join(filter(None, (offer.get("postcode"), offer.get("city"))))
        table.add_row(
            offer["title"],
            offer.get("provider") or "",
            ", ".join(filter(None, (offer.get("street"), place))),
            offer.get("hours_text") or "",
            ", ".join(offer.get("phones", ())),
        )
    out.print(table)
    out.print(f"{hits.total} offers found")
