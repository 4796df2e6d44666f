"""What the listings of one offer say differently."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from aggregator.catalogue.conflicts import all_conflicts, conflicts_of, offer_conflicts
from aggregator.listing import StoredListing
from aggregator.resolve.conflict import Conflict, Kind, conflicts
from aggregator.resolve.voice import Voice
from aggregator.store.tables import ListingRow, OfferRow, Presence, SourceRow

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def _listing(source: str, **stated: Any) -> StoredListing:
    must = {"id": f"{source}-1", "source": source, "page_url": f"https://{source}.example/1"}
    return StoredListing.model_validate({"title": "Lotsenberatung", **must, **stated})


def _found(left: dict[str, Any], right: dict[str, Any]) -> list[Conflict]:
    voices = [
        Voice(_listing("district", **left), "11003", NOW, seen_at=NOW),
        Voice(_listing("land", **right), "11", NOW - timedelta(days=90), seen_at=NOW),
    ]
    found = conflicts("offer", voices)
    assert conflicts("offer", voices[::-1]) == found
    return found


@pytest.mark.parametrize(
    ("kind", "left", "right"),
    [
        (Kind.PHONE, {"phones": ["+493012345"]}, {"phones": ["+493054321"]}),
        (Kind.EMAIL, {"emails": ["a@x.example"]}, {"emails": ["b@x.example"]}),
        (Kind.HOURS, {"hours_osm": "Mo 09:00-12:00"}, {"hours_osm": "Tu 09:00-12:00"}),
        (
            Kind.ADDRESS,
            {"street": "Neue Str. 1", "postcode": "13187", "city": "Berlin"},
            {"street": "Altweg 7", "postcode": "13189", "city": "Berlin"},
        ),
        (
            Kind.ADDRESS,
            {"street": "Neue Straße 1", "postcode": "13187"},
            {"street": "Neue Str. 12", "postcode": "13187"},
        ),
        (Kind.COST, {"cost": "free"}, {"cost": "paid", "cost_amount": 5.0}),
        (Kind.COST, {"cost": "paid", "cost_amount": 7.5}, {"cost": "paid", "cost_amount": 5.0}),
        (Kind.REGISTRATION, {"registration": "required"}, {"registration": "none"}),
        (Kind.STATUS, {}, {"status": "inactive"}),
    ],
)
def test_contradiction(kind: Kind, left: dict[str, Any], right: dict[str, Any]) -> None:
    (found,) = _found(left, right)
    assert found.kind is kind
    assert (found.published.source, found.other.source) == ("district", "land")
    assert found.published.value != found.other.value
    assert found.published.stated_at - found.other.stated_at == timedelta(days=90)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"phones": ["+493012345"]}, {}),
        ({"phones": ["+493012345", "+493054321"]}, {"phones": ["+493054321"]}),
        (
            {"street": "Möwenstraße 1", "postcode": "13187"},
            {"street": "Moewenstr. 1", "postcode": "13187"},
        ),
        ({"street": "Möwenstraße 1", "postcode": "13187"}, {"street": "Möwenstr. 1"}),
        ({"hours_osm": "Mo,Tu 09:00-12:00"}, {"hours_osm": "Mo 09:00-12:00; Tu 09:00-12:00"}),
        ({"hours_osm": "Mo 09:00-12:00"}, {"hours_text": "nach Vereinbarung"}),
        ({"cost": "paid", "cost_amount": 5.0}, {"cost": "paid"}),
    ],
)
def test_no_contradiction(left: dict[str, Any], right: dict[str, Any]) -> None:
    assert not _found(left, right)


def test_conflicts_of_a_source(engine: Engine) -> None:
    """Both owners are told, a third is not; what was taken down contradicts nothing."""
    stated = {
        "district": ("offer", ["+493012345"], Presence.PRESENT),
        "land": ("offer", ["+493054321"], Presence.PRESENT),
        "gone": ("offer", ["+493099999"], Presence.WITHDRAWN),
        "third": ("other", ["+493011111"], Presence.PRESENT),
    }
    with Session(engine) as session:
        for name in ("offer", "other"):
            session.add(OfferRow(id=name, created_at=NOW, changed_at=NOW))
        for source in stated:
            session.add(SourceRow(id=source, title=source, region="11"))
        session.flush()
        for source, (offer, phones, presence) in stated.items():
            listing = _listing(source, phones=phones)
            session.add(
                ListingRow(
                    id=listing.id,
                    source_id=source,
                    key="1",
                    offer_id=offer,
                    page_url=listing.page_url,
                    presence=presence,
                    first_seen=NOW,
                    last_seen=NOW,
                    flat=listing.model_dump(mode="json"),
                )
            )
        session.flush()
        (found,) = conflicts_of(session, "land")
        assert {found.published.value, found.other.value} == {"+493012345", "+493054321"}
        assert conflicts_of(session, "district") == [found] == all_conflicts(session)
        assert offer_conflicts(session, "offer") == [found]
        assert conflicts_of(session, "third") == conflicts_of(session, "gone") == []
