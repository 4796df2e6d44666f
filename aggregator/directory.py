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
    offer = Offer.model_validate({**document, "id": offer_id})
    session.merge(_entry(offer))
    # No row of terms is ever held, so that none of all that the session holds need be looked at.
    session.execute(
        delete(TermRow)
        .where(col(TermRow.offer_id) == offer_id)
        .execution_options(synchronize_session=False)
    )
    if told := [{"term_id": term, "offer_id": offer_id} for term in _terms(offer)]:
        session.execute(insert(TermRow), told)


def on_sphere(lat: float, lon: float) -> tuple[float, float, float]:
    """A position (WGS 84 degrees) as a point of the unit sphere."""
    north, east = math.radians(lat), math.radians(lon)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


def _entry(offer: Offer) -> DirectoryRow:
    row = DirectoryRow(
        offer_id=offer.id,
        status=offer.status.value,
        organization_id=organization_of(offer),
        organization=fold(offer.provider) if offer.provider else "",
        link_id=link_of(offer),
        region_key=region(offer),
        postcode=offer.postcode,
    )
    if offer.lat is not None and offer.lon is not None:
        row.x, row.y, row.z = on_sphere(offer.lat, offer.lon)
    return row


def _terms(offer: Offer) -> Iterator[str]:
    found = (one["taxonomy_term_id"] for one in attributes(offer))
    yield from dict.fromkeys((*found, *qualifier_terms(offer)))
