"""Development over time: what was listed at the end of each of the last months."""

from __future__ import annotations

from datetime import date, timedelta

from aggregator.comparison.figure import count
from aggregator.comparison.line import ALL, View, lines
from aggregator.comparison.stock import CURRENT, Row, Stock
from aggregator.comparison.table import Cell, Head, Table
from aggregator.comparison.table import Line as TableLine
from aggregator.comparison.words import head_of, note, title

_MONTHS = 12


def development(stock: Stock, land: str | None = None) -> Table:
    """Networks by month: offers that had been seen by its end and were still seen after it.

    From first and last sight of every offer, also those that are gone: the past looks the same in
    every later release, but for duplicates that are recognised since.
    """
    ends = month_ends(stock.as_of)
    columns = [Head(f"{end:%Y-%m}", dict.fromkeys(("de", "en"), f"{end:%m/%Y}")) for end in ends]
    rows = []
    everything = [*stock.offers, *stock.past]
    for line in lines(stock, View.LISTED, land):
        if line.key == ALL and not land:
            offers = everything
        elif line.key == ALL:
            networks = {key for key, row in stock.networks.items()
                        if str(row["region_key"]).startswith(land or "")}  # fmt: skip
            offers = [o for o in everything if not networks.isdisjoint(o["networks"])]
        elif line.name:
            offers = [o for o in everything if line.key in o["networks"]]
        else:
            offers = [o for o in everything if not o["networks"]]
        cells = [Cell(count(sum(_listed(o, end) for o in offers), line.why)) for end in ends]
        rows.append(TableLine(head_of(line), cells))
    return Table("development", title("development"), "count", columns, rows, note("development"))


def month_ends(today: date) -> list[date]:
    """The last days of the eleven months before, and today."""
    found, day = [today], today
    for _ in range(_MONTHS - 1):
        day = day.replace(day=1) - timedelta(days=1)
        found.append(day)
    return found[::-1]


def _listed(offer: Row, end: date) -> bool:
    """Whether an offer stood on a page at the end of a day, as far as visits tell."""
    first, last = offer["first_seen"], offer["last_seen"]
    if not first or date.fromisoformat(first[:10]) > end:
        return False
    if offer["status"] in CURRENT:
        return True
    return bool(last) and date.fromisoformat(last[:10]) >= end
