"""What an address of the comparison asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Path, Query, Request

from aggregator.comparison.book import TABLES, Book
from aggregator.comparison.table import Table
from aggregator.vocabulary.regions import REGIONS, RegionKind
from api.comparison.shelf import book_of
from api.languages import spoken
from api.problems import not_found

EDITION = r"^\d{4}-\d{2}-\d{2}(\.\d{1,4})?$"
Edition = Annotated[str, Path(max_length=20, pattern=EDITION)]
Ausgabe = Annotated[str, Query(max_length=20, pattern=rf"^$|{EDITION}")]
Land = Annotated[str, Query(max_length=2, pattern=r"^$|^\d{2}$")]
View = Literal["listed", "served"]
Measure = Literal["count", "rate", "hours"]
LAENDER: Mapping[str, str] = {
    key: region.name for key, region in REGIONS.items() if region.kind is RegionKind.LAND
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A comparison, of a Land or all of Germany, in a language."""

    book: Book
    land: str | None
    edition: str | None
    language: str

    def table(self, key: str) -> Table:
        """One of its tables. Raises Problem (404) where there is none."""
        if key not in TABLES:
            raise not_found("Eine Tabelle", "table", key)
        return self.book.table(key, self.land)

    def query(self, **more: str) -> str:
        """The query that keeps release and Land, with more; "" where there is nothing to say."""
        told = {"land": self.land or "", "ausgabe": self.edition or "", **more}
        kept = {name: value for name, value in told.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


def asked(request: Request, ausgabe: Ausgabe = "", land: Land = "") -> Asked:
    """What is asked for. Raises Problem (404) for a Land or a release that is none."""
    if land and land not in LAENDER:
        raise not_found("Ein Land", "Land", land)
    book = book_of(request, ausgabe or None)
    return Asked(book, land or None, ausgabe or None, spoken(request).code)
