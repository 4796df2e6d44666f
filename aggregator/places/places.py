"""The gazetteer: postcode, town and street to a place, with how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from statistics import fmean
from typing import Literal

from aggregator.places import addressbook, geonames, municipalities
from aggregator.places.addressbook import AddressBook
from aggregator.places.areacode import area_code_of
from aggregator.places.geonames import Row, read_rows
from aggregator.places.municipalities import Municipality, read_municipalities
from aggregator.places.seed import LANDKREISE, District, Town, berlin, towns

BERLIN = "11000"
SURE = 0.9  # below this no region key is stated

Precision = Literal["address", "street", "postcode", "town"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in Germany.

    `region_key` is the five-digit Kreis key (Berlin: the district's, 11001-11012), None unless
    sure. `lat`, `lon` are WGS 84 degrees and exact to `precision`. `certainty` says how sure it is
    that postcode, town and region belong together. `area_code` has no leading zero. `municipality`
    is the AGS of eight digits, None where the postcode and the town's name leave more than one.
    """

    postcode: str | None
    city: str | None
    district: str | None
    region_key: str | None
    lat: float | None
    lon: float | None
    precision: Precision
    certainty: float
    area_code: str | None
    municipality: str | None = None
    decided_by: Precision = "postcode"
    """What named the region."""


@dataclass(frozen=True)
class Gazetteer:
    """Seed and imported table together. Build it with `load_gazetteer`."""

    towns: Mapping[str, Town]
    districts: Mapping[str, District]
    """Berlin's districts by name and by each of their localities, case-folded."""
    berlin: Mapping[str, tuple[District, float]]
    """Berlin postcodes: the district, and how sure it is."""
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    """The imported table by postcode."""
    municipalities: Mapping[str, tuple[Municipality, ...]] = field(default_factory=dict)
    """The imported municipalities by postcode."""
    addresses: AddressBook | None = None

    def district(self, name: str) -> District | None:
        """The Berlin district of a district's or locality's name."""
        return self.districts.get(name.casefold())

    def knows_town(self, name: str) -> bool:
        """Say whether a town of this very name exists."""
        return name.casefold() in self.towns or name.casefold() in self._names

    def has(self, postcode: str, town: str) -> bool:
        """Say whether a postcode is known to be a town's."""
        seeded = self.towns.get(town.casefold())
        if seeded is not None:
            return seeded.holds(postcode)
        return any(row.name.casefold() == town.casefold() for row in self.rows.get(postcode, ()))

    def locate(
        self,
        postcode: str | None,
        city: str | None,
        street: str | None = None,
        region: str | None = None,
    ) -> Place | None:
        """Find a place, the address first, then the street, the postcode, the town.

        None where nothing is known of it. `region` (a region key) only chooses among towns of one
        name, it never names the place.
        """
        town = self._town(postcode, city)
        rows = self._rows(postcode, city, region)
        place = _from_rows(postcode, city, rows) if rows else None
        if town is not None:
            place = self._with_town(place, town, postcode, city)
        place = self._with_municipality(place, postcode, city)
        place = self._with_address(place, street, postcode, city)
        if place is not None and place.area_code is None and place.city:
            place = replace(place, area_code=area_code_of(place.city, postcode))
        return place

    def area_code(self, region: str) -> str | None:
        """The one area code of a region (a town or a district of Berlin), if it has only one."""
        key = BERLIN if region.startswith("11") else region[:5]
        codes = {t.area_code for t in self.towns.values() if t.region_key == key}
        # A Kreis has many area codes: only a town that is a Kreis itself has one.
        return codes.pop() if len(codes) == 1 and key in self._whole_kreis else None

    @cached_property
    def _whole_kreis(self) -> frozenset[str]:
        """Kreise that are one town (kreisfreie Städte): their seed town has many postcodes."""
        return frozenset(
            t.region_key
            for t in self.towns.values()
            if t.region_key not in LANDKREISE and any(a != b for a, b in t.postcodes)
        )

    @cached_property
    def _names(self) -> Mapping[str, tuple[Row, ...]]:
        names: dict[str, list[Row]] = {}
        for rows in self.rows.values():
            for row in rows:
                names.setdefault(row.name.casefold(), []).append(row)
        return {name: tuple(found) for name, found in names.items()}

    def _town(self, postcode: str | None, city: str | None) -> Town | None:
        named = self.towns.get(city.casefold()) if city else None
        if named is not None and (postcode is None or named.holds(postcode)):
            return named
        if postcode is None:
            return None
        for town in self.towns.values():
            if town.holds(postcode) and (city is None or _same(town.name, city)):
                return town
        return None

    def _rows(self, postcode: str | None, city: str | None, region: str | None) -> tuple[Row, ...]:
        if postcode:
            return self.rows.get(postcode, ())
        rows = self._names.get(city.casefold(), ()) if city else ()
        if len({r.region_key for r in rows}) > 1 and region and region != "DE":
            rows = tuple(r for r in rows if r.region_key.startswith(region[:5]))
        return rows if len({r.region_key for r in rows}) == 1 else ()

    def _with_town(
        self, place: Place | None, town: Town, postcode: str | None, city: str | None
    ) -> Place:
        if place is None or place.lat is None:
            place = Place(
                postcode, city or town.name, None, town.region_key, town.lat, town.lon,
                "town", 0.97 if postcode else 0.9, town.area_code,
            )  # fmt: skip
        if town.region_key != BERLIN:
            same = place.area_code == town.area_code
            return place if same else replace(place, area_code=town.area_code)
        district, certainty = self.berlin.get(postcode or "", (None, 0.0))
        if district is None or certainty < SURE:
            return replace(
                place, area_code=town.area_code, region_key=None, district=None,
                certainty=certainty or 0.5,
            )  # fmt: skip
        near = district if place.precision == "town" else place
        return replace(
            place, area_code=town.area_code, region_key=district.key, district=district.name,
            certainty=certainty, lat=near.lat, lon=near.lon,
        )  # fmt: skip

    def _with_municipality(
        self, place: Place | None, postcode: str | None, city: str | None
    ) -> Place | None:
        known = self.municipalities.get(postcode or "", ())
        named = tuple(one for one in known if city and _same(one.name, city)) or known
        if len(named) != 1:
            return place
        (one,) = named
        kreis = None if one.ags.startswith(BERLIN) else one.ags[:5]
        if place is not None and kreis and place.region_key not in {None, kreis}:
            return replace(place, region_key=None, certainty=0.5)  # the two tables contradict
        if place is not None:
            return replace(place, municipality=one.ags)
        if city and not _same(one.name, city):
            return None
        return Place(postcode, one.name, None, kreis, None, None, "postcode", 0.95, None, one.ags)

    def _with_address(
        self, place: Place | None, street: str | None, postcode: str | None, city: str | None
    ) -> Place | None:
        found = self.addresses.find(street, postcode) if self.addresses else None
        if found is None or (city and not _same(found.city, city)):
            return place
        if place is None:
            place = Place(postcode, found.city, None, None, None, None, "street", 0.0, None)
        if found.region_key:
            sure = found.certainty >= SURE
            place = replace(
                place,
                region_key=found.region_key if sure else None,
                district=found.district if sure else None,
                certainty=found.certainty,
                decided_by=found.precision,
            )
        if found.lat is None or found.lon is None:
            return place
        return replace(place, lat=found.lat, lon=found.lon, precision=found.precision)


def locate(
    postcode: str | None, city: str | None, street: str | None = None, region: str | None = None
) -> Place | None:
    """Find a place with the seed alone (see `Gazetteer.locate`)."""
    return load_gazetteer().locate(postcode, city, street, region)


@cache
def load_gazetteer(folder: Path | None = None) -> Gazetteer:
    """The seed, and what was imported into `folder` (NETZLOTSE_DATA_DIR/places) if anything was."""
    districts, postcodes = berlin()
    rows: dict[str, list[Row]] = {}
    for row in read_rows(folder / geonames.IMPORTED) if folder else ():
        rows.setdefault(row.postcode, []).append(row)
    book = folder / addressbook.IMPORTED if folder else None
    return Gazetteer(
        towns={t.name.casefold(): t for t in towns()},
        districts=districts,
        berlin=postcodes,
        rows={postcode: tuple(found) for postcode, found in rows.items()},
        municipalities=read_municipalities(folder / municipalities.IMPORTED) if folder else {},
        addresses=AddressBook(book) if book and book.is_file() else None,
    )


def _from_rows(postcode: str | None, city: str | None, rows: tuple[Row, ...]) -> Place:
    named = tuple(r for r in rows if city and _same(r.name, city))
    used = named or rows
    key, votes = Counter(r.region_key for r in used).most_common(1)[0]
    # A town that the postcode does not know may still be a part of one that it knows.
    certainty = votes / len(used) * (0.98 if named or city is None else 0.9)
    return Place(
        postcode=postcode,
        city=city or (used[0].name if len({r.name for r in used}) == 1 else None),
        district=None,
        region_key=key if certainty >= SURE else None,
        lat=round(fmean(r.lat for r in used), 5),
        lon=round(fmean(r.lon for r in used), 5),
        precision="postcode" if postcode else "town",
        certainty=round(certainty, 3),
        area_code=None,
    )


def _same(known: str, stated: str) -> bool:
    """Say whether two names mean one town: "Mülheim" and "Mülheim an der Ruhr" do."""
    a, b = known.casefold(), stated.casefold()
    return a == b or a.startswith((b + " ", b + "-")) or b.startswith((a + " ", a + "-"))
