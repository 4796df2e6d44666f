"""`/api/v1/comparison`: the tables of the comparison, each figure with what it is made of."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from aggregator.comparison.book import TABLES
from aggregator.comparison.figure import Empty
from aggregator.comparison.table import Cell, Head, Table
from api import caching
from api.comparison.asked import EDITION, LAENDER
from api.comparison.shelf import book_of
from api.comparison.writing import unit_of
from api.problems import described, not_found

router = APIRouter(prefix="/api/v1/comparison", tags=["comparison"])
Name = Annotated[str, Query(max_length=60, pattern=r"^[a-z0-9-]+$", description="Key of a table")]
Release = Annotated[
    str | None, Query(max_length=20, pattern=EDITION, description="Of a release, not the present")
]
LandKey = Annotated[
    str | None, Query(pattern=r"^\d{2}$", description="Official key of a Land: only its lines")
]
Unit = Literal["count", "share", "rate", "hours", "days", "text"]


class HeadItem(BaseModel):
    """What a line or column is called; `key` is stable."""

    key: str
    title: dict[str, str]
    """By language: "de", "en"."""


class CellItem(BaseModel):
    """One figure. `value` is null where `empty` says why."""

    column: str
    unit: Unit
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    unknown: int = 0
    """Offers that do not say what is asked."""
    base: int = 0
    """Offers looked at."""
    empty: Empty | None = None
    text: str = ""
    quote: str = ""
    page_url: str = ""
    offers: str | None = None
    """Page of the offers behind it."""


class LineItem(HeadItem):
    """One line."""

    cells: list[CellItem]


class ComparisonTable(BaseModel):
    """One table, and which others there are."""

    table: str
    title: dict[str, str]
    note: dict[str, str]
    as_of: str
    release: str | None = None
    columns: list[HeadItem]
    lines: list[LineItem]
    tables: list[str]


@router.get(
    "",
    operation_id="getComparison",
    summary="Networks or regions beside each other",
    response_model=ComparisonTable,
    responses=described(404, 406, 422, 429, 503),
)
def get_comparison(
    request: Request, table: Name = "listed-count", land: LandKey = None, release: Release = None
) -> Response:
    """One table of the comparison: lines, columns, figures with numerator and denominator."""
    if table not in TABLES:
        raise not_found("Eine Tabelle", "table", table)
    if land is not None and land not in LAENDER:
        raise not_found("Ein Land", "Land", land)
    book = book_of(request, release)
    made = book.table(table, land)
    answer = ComparisonTable(
        table=made.key,
        title=dict(made.title),
        note=dict(made.note),
        as_of=book.stock.as_of.isoformat(),
        release=release,
        columns=[HeadItem(key=c.key, title=dict(c.words)) for c in made.columns],
        lines=[
            LineItem(
                key=line.head.key,
                title=dict(line.head.words),
                cells=[
                    _cell(request, made, line.head, column, cell, release)
                    for column, cell in zip(made.columns, line.cells, strict=True)
                ],
            )
            for line in made.lines
        ],
        tables=list(TABLES),
    )
    return caching.json_answer(request, answer.model_dump_json().encode())


def _cell(  # noqa: PLR0913, PLR0917 - a cell is of a line and a column of a table
    request: Request, table: Table, row: Head, column: Head, cell: Cell, release: str | None
) -> CellItem:
    told = {}
    if cell.figure:
        figure = cell.figure
        told = {
            "value": figure.value, "numerator": figure.numerator,
            "denominator": figure.denominator, "unknown": figure.unknown, "base": figure.base,
            "empty": figure.empty,
        }  # fmt: skip
    offers = None
    if cell.pick:
        asked = {**cell.pick, **({"ausgabe": release} if release else {})}
        offers = f"{request.base_url}vergleich/angebote?{urlencode(asked)}"
    return CellItem.model_validate(
        {
            "column": column.key, "unit": unit_of(table, row, column), "text": cell.text,
            "quote": cell.quote, "page_url": cell.page, "offers": offers, **told,
        }
    )  # fmt: skip
