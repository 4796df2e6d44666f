"""The directory of offers in the record: by which provider, at which place, under which terms.

It holds nothing that the document of an offer does not say; whoever writes a document enters it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, delete

from aggregator.hsds.location import region
from aggregator.hsds.organization import organization_of
from aggregator.hsds.service import link_of
from aggregator.hsds.taxonomy import attributes, qualifier_terms
from aggregator.offer import Offer
from aggregator.store.tables import DirectoryRow, TermRow
from aggregator.vocabulary.folding import fold


def enter(session: Session, offer_id: str, document: Mapping[str, Any]) -> None:
    """Bring the entry of an offer up to its document. Call it wherever `offer.flat` is written."""
    enter_all(session, {offer_id: document})


def enter_all(session: Session, documents: Mapping[str, Mapping[str, Any]]) -> None:
    """Bring the entries of offers up to their documents, by id; a few hundred at a time."""
    if not documents:
        return
    offers = [Offer.model_validate({**told, "id": one}) for one, told in documents.items()]
    # No row of these is ever held, so that none of all that the session holds need be looked at.
    for table in (DirectoryRow, TermRow):
        session.execute(
            delete(table)
            .where(col(table.offer_id).in_(documents))
            .execution_options(synchronize_session=False)
        )
    terms = [{"term_id": term, "offer_id": offer.id} for offer in offers for term in _terms(offer)]
    session.execute(insert(DirectoryRow), [_entry(offer) for offer in offers])
    if terms:
        session.execute(insert(TermRow), terms)


def on_sphere(lat: float, lon: float) -> tuple[float, float, float]:
    """A position (WGS 84 degrees) as a point of the unit sphere."""
    north, east = math.radians(lat), math.radians(lon)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


def _entry(offer: Offer) -> dict[str, Any]:
    x = y = z = None
    if offer.lat is not None and offer.lon is not None:
        x, y, z = on_sphere(offer.lat, offer.lon)
    return {
        "offer_id": offer.id,
        "status": offer.status.value,
        "organization_id": organization_of(offer),
        "organization": fold(offer.provider) if offer.provider else "",
        "link_id": link_of(offer),
        "region_key": region(offer),
        "postcode": offer.postcode,
        "x": x,
        "y": y,
        "z": z,
    }


def _terms(offer: Offer) -> Iterator[str]:
    found = (one["taxonomy_term_id"] for one in attributes(offer))
    yield from dict.fromkeys((*found, *qualifier_terms(offer)))
