"""Where an offer takes place: location with its address, accessibility, service area."""

from __future__ import annotations

from aggregator.hsds.document import Document, document
from aggregator.identity import location_id, part_id
from aggregator.listing import Content
from aggregator.offer import Offer
from aggregator.places.places import load_gazetteer
from aggregator.vocabulary.facets import label
from aggregator.vocabulary.regions import REGIONS, region_name

_BERLIN = "Berlin"


def region(offer: Content) -> str | None:
    """The region key of an offer, as far as it is sure; of a well-known town its Kreis key."""
    if offer.region_key:
        return offer.region_key
    town = load_gazetteer().towns.get(offer.city.casefold()) if offer.city else None
    if town is None or (offer.postcode and not town.holds(offer.postcode)):
        return None
    return "11" if town.name == _BERLIN else town.region_key


def location(offer: Offer) -> Document | None:
    """The HSDS `location` of an offer; None where nothing is known of its place."""
    where = (offer.street, offer.postcode, offer.city)
    if not any(where) and offer.lat is None:
        return None
    named = location_id(*where) if any(where) else part_id("location", offer.id)
    known = offer.location_id or named
    town = " ".join(filter(None, (offer.postcode, offer.city)))
    key = region(offer)
    return document(
        id=known,
        location_type="physical",
        name=", ".join(filter(None, (offer.street, town))) or offer.district,
        description=f"Bezirk oder Ortsteil: {offer.district}" if offer.district else None,
        latitude=offer.lat,
        longitude=offer.lon,
        external_identifier=key,
        external_identifier_type="Amtlicher Regionalschlüssel (AGS-Anfang)" if key else None,
        addresses=_addresses(offer, known, key),
        accessibility=_accessibility(offer, known),
    )


def service_areas(offer: Offer) -> list[Document]:
    """The region an offer lies in; its catchment is stated by no source, and this says so."""
    key = region(offer)
    if key is None:
        return []
    return [
        document(
            id=part_id("service_area", offer.id, key),
            service_id=offer.id,
            name=region_name(key),
            description="Region, in der das Angebot liegt; das Einzugsgebiet kann größer sein.",
            region_key=key,
        )
    ]


def _addresses(offer: Offer, owner: str, key: str | None) -> list[Document]:
    """The address; an incomplete one is none (HSDS requires all parts), the name still tells it."""
    land = REGIONS.get(key[:2]) if key else None
    if not (offer.street and offer.postcode and offer.city and land):
        return []
    return [
        document(
            id=part_id("address", owner),
            location_id=owner,
            address_1=offer.street,
            city=offer.city,
            region=offer.district,
            state_province=land.name,
            postal_code=offer.postcode,
            country="DE",
            address_type="physical",
        )
    ]


def _accessibility(offer: Offer, owner: str) -> list[Document]:
    if offer.wheelchair is None:
        return []
    return [
        document(
            id=part_id("accessibility", owner, str(offer.wheelchair)),
            location_id=owner,
            description=label("wheelchair", offer.wheelchair),
        )
    ]
