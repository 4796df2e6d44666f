"""Where an address lies: district, region key, coordinates with their precision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aggregator.normalise.context import Context
from aggregator.normalise.statement import Reading, Statement, Value
from aggregator.places.areacode import area_code_of, in_zone
from aggregator.places.places import SURE, Gazetteer, Place
from crawlers.record import Record, Role

_READER = "place@1"
_DECIDED = {"address": "der Adresse in {} (Adressbuch)", "street": "der Straße in {} (Adressbuch)"}
# Germany with its islands; what lies outside is a mistake (0/0, swapped axes).
_LAT, _LON = (47.2, 55.1), (5.8, 15.1)


def place_of(address: Reading, context: Context, gazetteer: Gazetteer) -> Place | None:
    """The place that an address reading names; None where nothing is known of it."""
    postcode, city, street = (_text(address.value(f)) for f in ("postcode", "city", "street"))
    if not postcode and not city:
        return None
    place = gazetteer.locate(postcode, city, street, context.region)
    if (
        place is None
        and city
        and (code := area_code_of(city, postcode))
        and in_zone(code, postcode)
    ):
        # Not in the gazetteer, but telephones know it: nothing is said of where it lies.
        return Place(postcode, city, None, None, None, None, "town", 0.5, code)
    return place


def read_place(
    address: Reading,
    record: Record,
    place: Place | None,
    gazetteer: Gazetteer,
    shelter: bool = False,
) -> Reading:
    """State district, region key and coordinates of an address; `place` is what `place_of` found.

    The source's own region is never taken for the listing's. A shelter has no coordinates.
    """
    reading = Reading()
    stated = _text(address.value("district"))
    evidence = next(
        (s for s in address.statements if s.field in {"postcode", "city", "district"}), None
    )
    if not shelter:
        _marked_coordinates(reading, record)
    if evidence is None:
        return reading
    district = gazetteer.district(stated) if stated else None
    region = district.key if district else place.region_key if place else None
    certainty = place.certainty if place else SURE

    def state(field: str, value: Value, reason: str) -> None:
        reading.statements.append(
            Statement(field, value, evidence.quote, evidence.locator, _READER, reason, certainty)
        )

    in_berlin = place is None or place.city is None or place.city == "Berlin"
    if district and in_berlin:
        certainty = max(certainty, 0.97)
        state("region_key", district.key, f"Bezirk {district.name} steht dabei")
    elif region and certainty >= SURE and place:
        state("region_key", region, f"aus {_named(place)}")
        if place.district and not stated:
            state("district", place.district, f"aus {_named(place)}")
    if shelter or reading.value("lat") is not None or place is None or place.certainty < 0.5:
        return reading
    if place.lat is not None and place.lon is not None:
        state("lat", place.lat, f"Genauigkeit: {place.precision}")
        state("lon", place.lon, f"Genauigkeit: {place.precision}")
    return reading


def _marked_coordinates(reading: Reading, record: Record) -> None:
    lat = next(_numbers(record.texts(Role.LATITUDE)), None)
    lon = next(_numbers(record.texts(Role.LONGITUDE)), None)
    if lat is None or lon is None:
        return
    if not (_LAT[0] <= lat <= _LAT[1] and _LON[0] <= lon <= _LON[1]):
        return
    for field, value, role in (("lat", lat, Role.LATITUDE), ("lon", lon, Role.LONGITUDE)):
        passage = next(p for p in record.passages if p.role is role)
        reading.statements.append(
            Statement(field, value, passage.text, passage.locator, _READER, "Genauigkeit: address")
        )


def _numbers(texts: Iterable[str]) -> Iterator[float]:
    for text in texts:
        try:
            yield round(float(text.strip().replace(",", ".")), 6)
        except ValueError:
            continue


def _named(place: Place) -> str:
    town = " ".join(part for part in (place.postcode, place.city) if part)
    return _DECIDED.get(place.decided_by, "{}").format(town)


def _text(value: Value | None) -> str | None:
    return value if isinstance(value, str) and value else None
