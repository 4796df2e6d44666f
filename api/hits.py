"""Hits as they are shown: what the index stored while it holds, else completed from the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic_core import to_json

from aggregator.harvest import BERLIN
from aggregator.index.base import Hit
from aggregator.offer import Offer
from aggregator.published import completed
from aggregator.store.reading import Reading


def documents(reading: Reading, hits: Sequence[Hit]) -> list[bytes]:
    """The flat forms of hits as JSON, in their order."""
    today = datetime.now(BERLIN).date().isoformat()
    old = [at for at, hit in enumerate(hits) if hit.complete_until < today]
    stored = [hit.stored for hit in hits]
    if old:
        with reading.session() as record:
            offers = completed(record, [hits[at].offer for at in old])
        for at, offer in zip(old, offers, strict=True):
            stored[at] = to_json(offer)
    return stored


def offers(reading: Reading, hits: Sequence[Hit]) -> list[Offer]:
    """The offers that were found, in their order."""
    return [Offer.model_validate_json(document) for document in documents(reading, hits)]
