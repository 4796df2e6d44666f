"""Lines by topics: how many offers there are, for how many families, for how many hours."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from aggregator.comparison.figure import Empty, Figure, count, rate
from aggregator.comparison.line import Line, View, lines
from aggregator.comparison.stock import Row, Stock
from aggregator.comparison.table import Cell, Table
from aggregator.comparison.table import Line as TableLine
from aggregator.comparison.words import head, head_of, note, title, topic_heads
from aggregator.index.opening import weekly_minutes

PER = 1_000
"""Families that a rate is for."""
EVERY, NO_TOPIC = "alle", "ohne"


class Measure(StrEnum):
    """What is compared."""

    COUNT = "count"
    RATE = "rate"
    """Offers for 1,000 single-parent families."""
    HOURS = "hours"
    """Hours a week that offers are open, for one single-parent family."""


def matrix(stock: Stock, view: View, measure: Measure, land: str | None = None) -> Table:
    """Lines of a view by topics. An offer counts in each of its topics, in "all" once."""
    columns = [*topic_heads(), head("topics", NO_TOPIC), head("topics", EVERY)]
    made = []
    for line in lines(stock, view, land):
        cells = []
        for column in columns:
            figure = _figure(stock, measure, line, column.key)
            pick = {"sicht": view.value, "zeile": line.key, "thema": column.key}
            if land:
                pick["land"] = land
            cells.append(Cell(figure, pick=pick if figure.base else None))
        made.append(TableLine(head_of(line), cells))
    name = f"{view}-{measure}"
    return Table(name, title(name), measure.value, columns, made, note(name))


def about(offer: Row, topic: str) -> bool:
    """Whether an offer belongs in a column."""
    if topic == EVERY:
        return True
    return not offer["topics"] if topic == NO_TOPIC else topic in offer["topics"]


def weekly_hours(offer: Row, today: date) -> float | None:
    """How many hours a week an offer is open; None where its times were not understood."""
    if not offer["hours_osm"]:
        return None
    minutes = weekly_minutes(offer["hours_osm"], today)
    return None if minutes is None else minutes / 60


def _figure(stock: Stock, measure: Measure, line: Line, topic: str) -> Figure:
    offers = [offer for offer in line.offers if about(offer, topic)]
    why = line.why if topic == EVERY else line.why_topic(topic)
    if topic == NO_TOPIC and line.offers:
        why = Empty.NONE_FOUND
    if measure is Measure.COUNT:
        return count(len(offers), why)
    known = stock.families(line.region)
    families = int(known["families"]) if known else None
    if measure is Measure.RATE:
        return rate([1] * len(offers), families, PER, why)
    return rate([weekly_hours(offer, stock.as_of) for offer in offers], families, 1, why)
