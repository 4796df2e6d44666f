"""The address book: street, number and postcode to district, region key and coordinates."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from aggregator.places.addressfile import Address
from aggregator.vocabulary.folding import fold

IMPORTED = "addresses.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS area (
    id INTEGER PRIMARY KEY, city TEXT, district TEXT, region_key TEXT,
    UNIQUE (city, district, region_key));
CREATE TABLE IF NOT EXISTS street (
    id INTEGER PRIMARY KEY, key TEXT, postcode TEXT, city TEXT, UNIQUE (key, postcode, city));
CREATE TABLE IF NOT EXISTS address (
    street INTEGER, number TEXT, area INTEGER, lat REAL, lon REAL,
    PRIMARY KEY (street, number)) WITHOUT ROWID;
"""
_FIND = """
SELECT area.city, area.district, area.region_key, count(*), avg(lat), avg(lon)
FROM street JOIN address ON address.street = street.id JOIN area ON area.id = address.area
WHERE street.key = ? AND street.postcode = ? {number}
GROUP BY area.id ORDER BY count(*) DESC
"""
_HOUSE = re.compile(
    r"(?P<street>.{2,80}?)[\s,]{1,3}"
    r"(?P<number>\d{1,4})(?![\d.])\s?(?P<letter>[a-z](?![a-z]))?"  # "17. Juni" is no number
)
_SHORT = re.compile(r"(?:str\b\.?|str\.)")
_GAPS = re.compile(r"[^a-z0-9]+")

AreaOf = Callable[[Address], tuple[str | None, str | None]]
"""The district and the region key of an address, as far as its row tells."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the book says of a house ("address") or of a street in a postcode ("street").

    `certainty` is the share of the addresses asked for that lie in this district.
    """

    city: str
    district: str | None
    region_key: str | None
    lat: float | None
    lon: float | None
    precision: Literal["address", "street"]
    certainty: float


class AddressBook:
    """An imported book, open for reading; may be asked from any thread.

    Another process that is given one opens the file for itself.
    """

    def __init__(self, file: Path) -> None:
        """Open it. Raises sqlite3.Error where it is none."""
        self._file = file
        uri = f"{file.absolute().as_uri()}?mode=ro"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[AddressBook], tuple[Path]]:
        return AddressBook, (self._file,)

    def find(self, street: str | None, postcode: str | None) -> Found | None:
        """Look up a street, with or without its house number, in a postcode."""
        if not street or not postcode:
            return None
        name, number = split_street(street)
        if number:
            rows = self._rows(name, postcode, number)
            # "12a" may be a part of what the book calls "12".
            rows = rows or self._rows(name, postcode, number.rstrip("abcdefghijklmnopqrstuvwxyz"))
            if rows:
                return _found(rows, "address")
        rows = self._rows(name, postcode, None)
        return _found(rows, "street") if rows else None

    def _rows(self, name: str, postcode: str, number: str | None) -> list[tuple[object, ...]]:
        query = _FIND.format(number="" if number is None else "AND address.number = ?")
        asked = (name, postcode) if number is None else (name, postcode, number)
        with self._lock:
            return self._connection.execute(query, asked).fetchall()


def import_addresses(addresses: Iterable[Address], city: str, area_of: AreaOf, target: Path) -> int:
    """Put a city's addresses into the book in the folder `target`; return how many it has now.

    They replace what the book knew of this city, whole or not at all. Raises ValueError for none.
    """
    target.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(target / IMPORTED)
    try:
        connection.executescript(_TABLES)
        with connection:
            _forget(connection, city)
            _fill(connection, addresses, city, area_of)
            (count,) = connection.execute(
                "SELECT count(*) FROM address JOIN street ON street.id = address.street "
                "WHERE street.city = ?",
                (city,),
            ).fetchone()
            if not count:
                raise ValueError(f"no address of {city} could be read")
        connection.execute("VACUUM")
    except sqlite3.DatabaseError as error:
        raise ValueError(f"{target / IMPORTED}: cannot be written ({error})") from error
    finally:
        connection.close()
    return int(count)


def split_street(text: str) -> tuple[str, str]:
    """The folded name of a street, and its first house number or "".

    >>> split_street("Karl-Marx-Str. 12 A-14")
    ('karlmarxstrasse', '12a')
    """
    plain = fold(text)[:200].strip(" .,")
    match = _HOUSE.match(plain)
    if match is None:
        return _key(plain), ""
    return _key(match["street"]), match["number"].lstrip("0") + (match["letter"] or "")


def _key(street: str) -> str:
    return _GAPS.sub("", _SHORT.sub("strasse", street))


def _forget(connection: sqlite3.Connection, city: str) -> None:
    connection.execute(
        "DELETE FROM address WHERE street IN (SELECT id FROM street WHERE city = ?)", (city,)
    )
    connection.execute("DELETE FROM street WHERE city = ?", (city,))
    connection.execute("DELETE FROM area WHERE city = ?", (city,))


def _fill(
    connection: sqlite3.Connection, addresses: Iterable[Address], city: str, area_of: AreaOf
) -> None:
    areas: dict[tuple[str | None, str | None], int] = {}
    streets: dict[tuple[str, str], int] = {}
    names: dict[str, str] = {}
    for address in addresses:
        key = names.get(address.street) or names.setdefault(
            address.street, _key(fold(address.street))
        )
        street = streets.get((key, address.postcode)) or streets.setdefault(
            (key, address.postcode),
            _insert(
                connection,
                "INSERT INTO street (key, postcode, city) VALUES (?, ?, ?)",
                (key, address.postcode, city),
            ),
        )
        where = area_of(address)
        area = areas.get(where) or areas.setdefault(
            where,
            _insert(
                connection,
                "INSERT INTO area (city, district, region_key) VALUES (?, ?, ?)",
                (city, *where),
            ),
        )
        connection.execute(
            "INSERT OR IGNORE INTO address VALUES (?, ?, ?, ?, ?)",
            (street, address.number, area, address.lat, address.lon),
        )


def _insert(connection: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> int:
    return connection.execute(statement, values).lastrowid or 0


def _found(rows: list[tuple[object, ...]], precision: Literal["address", "street"]) -> Found:
    counts = [int(str(row[3])) for row in rows]
    city, district, region, _, lat, lon = rows[0]
    return Found(
        city=str(city),
        district=None if district is None else str(district),
        region_key=None if region is None else str(region),
        lat=round(lat, 6) if isinstance(lat, float) else None,
        lon=round(lon, 6) if isinstance(lon, float) else None,
        precision=precision,
        certainty=round(0.999 * counts[0] / sum(counts), 3),
    )
