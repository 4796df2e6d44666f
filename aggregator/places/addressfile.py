"""A city's address list as its geoportal gives it out: CSV or TSV with a header, also gzipped."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_COLUMNS = {
    "street": ("str_name", "strname", "strasse", "straße", "strassenname", "straßenname", "street",
               "addr:street", "stn"),
    "number": ("hnr", "hsnr", "hausnummer", "hausnr", "nr", "number", "housenumber",
               "addr:housenumber"),
    "suffix": ("hnr_zusatz", "hnrzusatz", "hausnummerzusatz", "adz", "zusatz", "suffix"),
    "postcode": ("plz", "postleitzahl", "postcode", "addr:postcode", "zip", "psz"),
    "district": ("bez_name", "bezirk", "stadtbezirk", "bezname", "district"),
    "locality": ("ort_name", "ortsteil", "ortsteilname", "stadtteil", "suburb"),
    "area": ("plr_id", "plr_nr", "plr", "lor"),
    "region_key": ("region_key", "regionalschluessel", "ags"),
    "lat": ("lat", "latitude", "breitengrad"),
    "lon": ("lon", "lng", "longitude", "laengengrad", "längengrad"),
}  # fmt: skip
"""What columns are called; `area` is Berlin's Planungsraum, which starts with the Bezirk."""

_NUMBER = re.compile(r"0*(\d{1,5})(?:[.,]0+)?\s?([A-Za-z]?)")
_DELIMITERS = "\t;,|"


@dataclass(frozen=True, slots=True)
class Address:
    """One row: `number` is "12" or "12a"; what the file does not say is None."""

    street: str
    number: str
    postcode: str
    district: str | None
    locality: str | None
    area: str | None
    region_key: str | None
    lat: float | None
    lon: float | None


def read_addresses(file: Path) -> Iterator[Address]:
    """The addresses of a file; broken rows are left out.

    Raises ValueError where the header names no street, number and postcode.
    """
    with _open(file) as lines:
        head = lines.readline(10_000)
        delimiter = max(_DELIMITERS, key=head.count)
        names = [name.strip().lower() for name in next(csv.reader([head], delimiter=delimiter), [])]
        at = {
            meaning: names.index(known)
            for meaning, spellings in _COLUMNS.items()
            if (known := next((s for s in spellings if s in names), None))
        }
        if not {"street", "number", "postcode"} <= at.keys():
            raise ValueError(
                f"{file}: the header names no street, number and postcode "
                f"(found: {', '.join(names)[:200]})"
            )
        try:
            for cells in csv.reader(lines, delimiter=delimiter):
                if address := _address(cells, at):
                    yield address
        except (csv.Error, EOFError, zlib.error) as error:
            raise ValueError(f"{file}: damaged ({error})") from error


def _open(file: Path) -> io.TextIOWrapper:
    raw = file.open("rb")
    zipped = raw.peek(2)[:2] == b"\x1f\x8b"
    body = gzip.GzipFile(fileobj=raw) if zipped else raw
    return io.TextIOWrapper(body, encoding="utf-8-sig", errors="replace", newline="")


def _address(cells: list[str], at: Mapping[str, int]) -> Address | None:
    def cell(name: str) -> str | None:
        index = at.get(name)
        return (cells[index].strip() or None) if index is not None and index < len(cells) else None

    street, postcode = cell("street"), (cell("postcode") or "").removesuffix(".0")
    postcode = f"0{postcode}" if len(postcode) == 4 else postcode  # a spreadsheet took the zero
    number = _NUMBER.fullmatch(cell("number") or "")
    if not street or not number or len(postcode) != 5 or not postcode.isdigit():
        return None
    suffix = (number[2] or cell("suffix") or "").lower()
    return Address(
        street,
        number[1] + suffix,
        postcode,
        cell("district"),
        cell("locality"),
        cell("area"),
        cell("region_key"),
        _degrees(cell("lat"), 47.2, 55.1),
        _degrees(cell("lon"), 5.8, 15.1),
    )


def _degrees(text: str | None, low: float, high: float) -> float | None:
    """WGS 84 degrees inside Germany; projected metres are not degrees."""
    try:
        value = float((text or "").replace(",", "."))
    except ValueError:
        return None
    return round(value, 6) if low <= value <= high else None
