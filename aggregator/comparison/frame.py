"""Networks by what is known of them: profile, partners, founding, funding."""

from __future__ import annotations

from datetime import date

from aggregator.comparison.figure import Empty, Figure
from aggregator.comparison.profile import Answer, items
from aggregator.comparison.stock import Row, Stock
from aggregator.comparison.table import Cell, Head, Table
from aggregator.comparison.table import Line as TableLine
from aggregator.comparison.words import head, note, said, title


def profiles(stock: Stock, land: str | None = None, language: str = "de") -> Table:
    """Networks by items of the profile: yes, no, not stated, with the words it rests on."""
    answers = {row["id"]: row for row in stock.rows.get("profile", ())}
    columns = [Head(item.key, item.title) for item in items()]
    rows = []
    for row in _networks(stock, land):
        cells = []
        for item in items():
            told = answers.get(f"{row['id']}:{item.key}") or {}
            answer = told.get("answer") or Answer.NOT_CRAWLED.value
            words = said("answers")[answer][language]
            quote, page = told.get("quote") or "", told.get("page") or ""
            cells.append(Cell(text=words, quote=quote, page=page))
        rows.append(TableLine(_named(row), cells))
    return Table("profile", title("profile"), "text", columns, rows, note("profile"))


def funding(stock: Stock, land: str | None = None) -> Table:
    """Networks by coverage, founding, partners and the end of their funding."""
    keys = ("coverage", "founded", "partners", "milestones", "funded_until", "days_left", "ended")
    columns = [head("columns", key) for key in keys]
    rows = []
    for row in _networks(stock, land):
        silent = Empty.NOT_STATED if row["coverage"] == "crawled" else Empty.NOT_CRAWLED
        partners = len(row.get("partners") or ())
        left = _days(row.get("funded_until"), stock.as_of)
        cells = [
            Cell(text=said("coverage")[row["coverage"]]["de"]),
            _text(row.get("founded"), silent),
            Cell(Figure(partners or None, partners, empty=None if partners else silent)),
            Cell(Figure(len(row.get("milestones") or ()) or None, len(row.get("milestones") or ()),
                        empty=None if row.get("milestones") else silent)),
            _text(row.get("funded_until"), silent),
            Cell(Figure(left, left, empty=None if left is not None else silent)),
            _text(row.get("ended"), silent),
        ]  # fmt: skip
        rows.append(TableLine(_named(row), cells))
    units = {"partners": "count", "milestones": "count", "days_left": "days"}
    return Table("funding", title("funding"), "text", columns, rows, note("funding"), units)


def _networks(stock: Stock, land: str | None) -> list[Row]:
    found = [
        row
        for row in stock.rows["frame"]
        if not land or str(row["region_key"] or "").startswith(land)
    ]
    return sorted(found, key=lambda row: (row["region_key"] or "", row["name"], row["id"]))


def _named(row: Row) -> Head:
    return Head(row["id"], {"de": row["name"], "en": row["name"]})


def _text(value: object, why: Empty) -> Cell:
    return Cell(text=str(value)) if value else Cell(Figure(None, empty=why))


def _days(until: object, today: date) -> float | None:
    """Days until a day; one that is told less precisely is taken to its last day by nobody."""
    try:
        return float((date.fromisoformat(str(until)) - today).days)
    except ValueError:
        return None
