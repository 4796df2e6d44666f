"""A listing with what decides whose word counts: who speaks, when, and for which region."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from aggregator.identity import EDITORIAL
from aggregator.listing import Status, StoredListing
from aggregator.resolve import naming
from aggregator.store.tables import ListingRow, SourceRow
from aggregator.vocabulary.regions import COUNTRY


@dataclass(frozen=True, slots=True)
class Voice:
    """One listing among those that tell of an offer.

    `changed_at` is when its source last stated something new, `seen_at` when it last stated all of
    this; `publisher` who runs the source; `corrected` the fields that our editors set in it.
    """

    listing: StoredListing
    source_region: str
    changed_at: datetime
    publisher: str | None = None
    seen_at: datetime | None = None
    corrected: frozenset[str] = frozenset()

    @property
    def rank(self) -> tuple[bool, bool, bool, int, int, float, str]:
        """Sorts the better voice first.

        A listing that can be used before one that cannot; our editors; the provider's own site
        before others; the source of the smaller region before the larger one (a district's network
        knows its offers better than the Land's portal), if the offer lies in it; the confirmed
        before the unconfirmed; the newer before the older.
        """
        listing = self.listing
        return (
            listing.status not in {Status.ACTIVE, Status.TEMPORARILY_CLOSED},
            listing.source != EDITORIAL,
            not self._own_site,
            -self._nearness,
            -(listing.last_confirmed or date.min).toordinal(),
            -self.changed_at.timestamp(),
            listing.id,
        )

    @property
    def _own_site(self) -> bool:
        if not self.publisher or not self.listing.provider:
            return False
        return naming.provider(self.publisher) == naming.provider(self.listing.provider)

    @property
    def _nearness(self) -> int:
        """How small the region is that the source speaks for, as digits of its official key."""
        region, offer = self.source_region, self.listing.region_key
        if region == COUNTRY or (offer and not offer.startswith(region)):
            return 0
        return len(region)


def voice_of(row: ListingRow, source: SourceRow, corrected: Iterable[str] = ()) -> Voice:
    """The voice of a stored listing."""
    return Voice(
        StoredListing.model_validate(row.flat),
        source.region,
        row.changed_at or row.first_seen,
        source.declared.get("publisher"),
        row.last_seen,
        frozenset(corrected),
    )
