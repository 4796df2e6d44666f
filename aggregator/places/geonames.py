"""GeoNames' postcode table of Germany, cut down to what the gazetteer needs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

IMPORTED = "postcodes.tsv"
_COLUMNS = 12  # readme.txt of GeoNames' postal code files


@dataclass(frozen=True, slots=True)
class Row:
    """A postcode in a town: Kreis key of five digits, WGS 84 degrees."""

    postcode: str
    name: str
    region_key: str
    lat: float
    lon: float


def import_geonames(file: Path, target: Path) -> int:
    """Write the rows of GeoNames' `DE.txt` to the folder `target`; return how many.

    The layout is that of GeoNames' readme: tab-separated country, postcode, place, three
    administrative levels (name, code), latitude, longitude, accuracy. The third level's code is
    the Kreis key. Rows of other countries and broken rows are left out. Raises ValueError where
    no row can be used, so that a wrong file never replaces a good table. GeoNames data is
    CC BY 4.0: the attribution is kept as the table's first line.
    """
    rows = sorted({(r.postcode, r.name, r.region_key, r.lat, r.lon) for r in _geonames_rows(file)})
    if not rows:
        raise ValueError(f"{file}: holds no German postcode in GeoNames' layout")
    target.mkdir(parents=True, exist_ok=True)
    fresh = target / f"{IMPORTED}.new"
    with fresh.open("w", encoding="utf-8", newline="") as out:
        out.write("# GeoNames, https://www.geonames.org, CC BY 4.0\n")
        csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    fresh.replace(target / IMPORTED)
    return len(rows)


def read_rows(file: Path) -> Iterator[Row]:
    """Read what `import_geonames` wrote; nothing where no table was imported."""
    if not file.is_file():
        return
    with file.open(encoding="utf-8", newline="") as lines:
        for cells in csv.reader(lines, delimiter="\t"):
            if len(cells) == 5 and not cells[0].startswith("#"):
                yield Row(cells[0], cells[1], cells[2], float(cells[3]), float(cells[4]))


def _geonames_rows(file: Path) -> Iterator[Row]:
    with file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if len(cells) < _COLUMNS - 1 or cells[0] != "DE":
                continue
            postcode, name, key = cells[1], cells[2], cells[8]
            if len(postcode) != 5 or not postcode.isdigit() or len(key) != 5:
                continue
            try:
                yield Row(postcode, name, key, float(cells[9]), float(cells[10]))
            except ValueError:
                continue
