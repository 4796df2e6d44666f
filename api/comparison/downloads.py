"""Tables and pictures of the comparison as files."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api import caching
from api.comparison.asked import Asked, asked
from api.comparison.files import csv_of, xlsx_of
from api.comparison.picture import bars, grid, png, svg
from api.problems import not_found

router = APIRouter(prefix="/vergleich")
Wanted = Annotated[Asked, Depends(asked)]
Name = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9-]+$")]
Lines = Annotated[list[str] | None, Query(max_length=20)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/tabelle/{name}.{kind}")
def table_file(
    request: Request, name: Name, kind: Literal["csv", "xlsx"], wanted: Wanted, zeile: Lines = None
) -> Response:
    """A table as CSV (a record a cell) or XLSX; `zeile` leaves only some lines."""
    table = wanted.table(name).only(zeile) if zeile else wanted.table(name)
    as_of = wanted.book.stock.as_of.isoformat()
    if kind == "csv":
        body = csv_of(table, wanted.language, as_of, wanted.edition).encode()
        return file(request, body, "text/csv; charset=utf-8", f"vergleich-{name}.csv")
    english = wanted.language == "en"
    about = [
        ("As of" if english else "Stand", as_of),
        ("Release" if english else "Ausgabe", wanted.edition or "–"),
    ]
    book = xlsx_of([table], wanted.language, about)
    return file(request, book, XLSX, f"vergleich-{name}.xlsx")


@router.get("/bild/{name}.{kind}")
def picture(
    request: Request, name: Name, kind: Literal["svg", "png"], wanted: Wanted, zeile: str = ""
) -> Response:
    """A table as a picture; `zeile` shows one line as bars."""
    table = wanted.table(name)
    drawn = bars(table, zeile, wanted.language) if zeile else grid(table, wanted.language)
    if drawn is None:
        raise not_found("Eine Zeile", "line", zeile)
    if kind == "svg":
        return file(request, svg(drawn).encode(), "image/svg+xml", f"vergleich-{name}.svg")
    return file(request, png(drawn), "image/png", f"vergleich-{name}.png")


def file(request: Request, body: bytes, media: str, name: str) -> Response:
    """A file that browsers show where they can, under a name to be saved by."""
    tag = caching.etag(body)
    shown = "inline" if media.startswith(("image/", "application/pdf")) else "attachment"
    headers = {**caching.validators(tag), "Content-Disposition": f'{shown}; filename="{name}"'}
    return caching.unchanged(request, tag) or Response(body, media_type=media, headers=headers)
