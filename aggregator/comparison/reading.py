"""Where the rows come from: the record as it stands, or a release."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlmodel import Session

from aggregator.comparison.stock import Point, Postcode, Row, Stock
from aggregator.places.places import Gazetteer
from aggregator.release.edition import Release
from aggregator.release.files import lines_of, read_lines
from aggregator.release.tables import explained, read_tables
from aggregator.vocabulary.regions import REGIONS

_READ = ("offers", "sources", "frame", "statistics", "profile")


def present(session: Session, public_url: str, gazetteer: Gazetteer, today: date) -> Stock:
    """The record as it stands; one transaction. Quotes are kept, as the portal shows them."""
    tables = read_tables(session, public_url, today, quoted=True).rows
    rows = {name: list(tables[name]) for name in _READ}
    return Stock(today, rows, None, _postcodes(gazetteer), _centres(gazetteer))


def of_release(release: Release, gazetteer: Gazetteer) -> Stock:
    """What a release says. Tables and columns that an older one does not have are empty."""
    rows = {name: list(_rows(release, name)) for name in _READ}
    issued = date.fromisoformat(release.about["issued"])
    return Stock(issued, rows, release.id, _postcodes(gazetteer), _centres(gazetteer))


def _rows(release: Release, table: str) -> Iterator[Row]:
    path = lines_of(release.folder, table)
    if path.is_file():
        for row in read_lines(path):
            yield explained(table, {**row}, {}) | row


def _postcodes(gazetteer: Gazetteer) -> list[Postcode]:
    """The imported postcodes, each once; Berlin's in the districts that they surely lie in."""
    found = []
    for code, rows in gazetteer.rows.items():
        row = rows[0]
        region = row.region_key
        if region == "11000":
            district, _ = gazetteer.berlin.get(code, (None, 0.0))
            region = district.key if district else region
        found.append(Postcode(code, region, row.lat, row.lon))
    return found


def _centres(gazetteer: Gazetteer) -> dict[str, Point]:
    """The middle of regions: of Berlin's districts, of towns, of the postcodes of a Kreis."""
    inside: dict[str, list[Point]] = {}
    for rows in gazetteer.rows.values():
        for row in rows:
            inside.setdefault(row.region_key, []).append((row.lat, row.lon))
    found = {
        key: (sum(lat for lat, _ in all_) / len(all_), sum(lon for _, lon in all_) / len(all_))
        for key, all_ in inside.items()
    }
    for town in gazetteer.towns.values():
        found.setdefault(town.region_key, (town.lat, town.lon))
        if town.region_key.endswith("000") and town.region_key[:2] in REGIONS:
            found.setdefault(town.region_key[:2], (town.lat, town.lon))
    found |= {one.key: (one.lat, one.lon) for one in gazetteer.districts.values()}
    return found
