"""Whether an offer is open today, where its hours were understood for certain."""

from __future__ import annotations

from datetime import datetime, time

from aggregator.index.opening import entry, open_on
from aggregator.listing import Status
from aggregator.offer import Offer
from api.wording import Wording


def today(offer: Offer, now: datetime, say: Wording) -> str:
    """When an offer is open yet today, in words; "" where it is not or nobody can be sure.

    `now` is a moment in Germany (`aggregator.index.opening.berlin`).
    """
    day, at = now.date(), now.replace(tzinfo=None)
    begun = offer.valid_from is None or offer.valid_from <= day
    over = offer.valid_until is not None and offer.valid_until < day
    if offer.status is not Status.ACTIVE or not begun or over:
        return ""
    hours = entry({
        "hours_osm": offer.hours_osm,
        "hours_qualifiers": offer.hours_qualifiers,
        "region_key": offer.region_key,
    })  # fmt: skip
    for opens, closes in (open_on(hours, day) or ()) if hours else ():
        if closes <= at:
            continue
        if opens > at:
            return say.words(
                "heute von %(start)s bis %(end)s", start=say.clock(opens), end=say.clock(closes)
            )
        if closes.time() == time():
            return say.words("jetzt offen")
        return say.words("heute offen bis %(end)s", end=say.clock(closes))
    return ""
