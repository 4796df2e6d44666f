"""`netzlotse probe`: what a site would come to, before it is declared."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from aggregator.places.places import load_gazetteer
from aggregator.settings import Settings, load_settings
from crawlers.commands.terminal import console
from crawlers.failure import Failure
from crawlers.source import Source, load_source, load_sources, pick
from schedules.findings import SHOWN, findings
from schedules.probe import Probed, Wish
from schedules.probe import probe as probe_site
from schedules.proposal import with_alternative

_FAILED = 10
_QUOTED = 100  # characters of an example
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_ROBOTS = {
    "obeyed": "vorhanden, wird befolgt",
    "absent": "keine, nichts ist untersagt",
    "unreachable": "nicht abrufbar, also darf nichts abgerufen werden",
}
_FIELDS = ("provider", "street", "postcode", "city", "phones", "emails", "hours_text", "topics")

Pages = Annotated[int, typer.Option(min=1, max=1_000, help="Pages to fetch at most.")]
Region = Annotated[
    str | None, typer.Option(help="Official key of its region; else read from its postcodes.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def probe(
    url: Annotated[
        str,
        typer.Argument(help="Where the site starts; or a declared source: its id, or its file."),
    ],
    pages: Pages = 40,
    region: Region = None,
    as_json: AsJson = False,
) -> None:
    """Crawl a few pages of a site as a run would, and show what would be published.

    Nothing is kept and no database is touched. Exit code 1 when nothing could be fetched. A source
    that is declared is tried as it is declared: so a pattern shows what it picks before any run.

    Examples:
        netzlotse probe https://netz.example/

        netzlotse probe my-sources/be/netz.yml

        netzlotse probe https://netz.example/angebote --pages 10 --json
    """
    settings = load_settings()
    if sys.stderr.isatty():
        typer.echo(f"{url}: bis zu {pages} Seiten, höflich; das dauert …", err=True)
    with tempfile.TemporaryDirectory(prefix="netzlotse-probe-") as folder:
        places = load_gazetteer(settings.places_dir)
        declared = _declared(url, settings)
        wish = Wish(url, pages, region, declared=declared)
        probed = probe_site(wish, settings, places, Path(folder))
        if as_json:
            typer.echo(json.dumps(findings(probed), ensure_ascii=False, default=str))
        else:
            show(probed)


def _declared(named: str, settings: Settings) -> Source | None:
    """The source of that id or file; None for an address. Raises SourceError where none is."""
    if named.endswith((".yml", ".yaml")) and "://" not in named:
        return load_source(Path(named))
    if _ID.fullmatch(named):
        return pick(load_sources(settings.sources), [named])[0]
    return None


def show(probed: Probed) -> None:
    """Print what was found for a coordinator."""
    out, summary = console(), probed.summary
    out.print(f"[bold]{escape(probed.source.title)}[/bold]  {escape(probed.source.start[0])}")
    for host, state in summary.robots.items():
        out.print(f"robots.txt ({escape(host)}): {_ROBOTS.get(state, state)}")
    out.print(f"Nutzungsvorbehalt: {escape(_reservation(probed))}")
    for claim in probed.claims:
        out.print(
            f"Adapter {claim.adapter} ({claim.confidence:.0%}, {claim.pages} Seiten, "
            f"{claim.records} Angebote): {escape(claim.reason)}"
        )
    out.print(f"{summary.fetched} Seiten gelesen, {summary.failed} nicht")
    for entry in probed.failures[:_FAILED]:
        cause = entry.failure or Failure.CONNECTION
        out.print(f"  {escape(entry.requested_url)}: {cause}. {cause.advice}")
    found = len(probed.harvest.offers)
    out.print(f"\n[bold]{found} Angebote[/bold], {len(probed.harvest.networks)} Netzwerktexte")
    for draft in probed.harvest.offers[:SHOWN]:
        table = Table(show_header=False, box=None, padding=(0, 2))
        for name in _FIELDS:
            if value := draft.values.get(name):
                said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
                table.add_row(name, escape(said))
        out.print(f"[bold]{escape(str(draft.values['title']))}[/bold]  {draft.record.page_url}")
        out.print(table)
    if found:
        filled = (f"{name} {share:.0%}" for name, share in probed.fill.items())
        out.print(f"Gefüllt: {', '.join(filled)}")
    for code, count in probed.doubts.items():
        out.print(
            f"Nicht verstanden: {code} ({count}), zum Beispiel „{escape(_example(probed, code))}“"
        )
    for warned in probed.warnings:
        place = f" {escape(warned.url)}" if warned.url else ""
        out.print(f"[bold]Achtung:[/bold] {escape(warned.message)}{place}")
    out.print("\nDeklaration:")
    typer.echo(with_alternative(probed.source, probed.pattern), nl=False)


def _example(probed: Probed, code: str) -> str:
    """What stood on a page where something of this code was not understood."""
    doubts = (d for draft in probed.harvest.offers for d in draft.reading.doubts)
    return next(" ".join(d.quote.split())[:_QUOTED] for d in doubts if d.code == code)


def _reservation(probed: Probed) -> str:
    said = probed.summary.reservation
    if said is None or not said.quote:
        return "keiner gefunden"
    state = "ja" if said.reserved else "ausdrücklich keiner"
    return f"{state} ({said.where}: „{said.quote}“)"
