"""Whose word counts when several sites tell of one offer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from aggregator.identity import EDITORIAL
from aggregator.listing import Status, StoredListing
from aggregator.offer import Offer
from aggregator.resolve.merging import merge
from aggregator.resolve.voice import Voice

NEW, OLD = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)


def _voice(
    source: str, region: str, at: datetime = OLD, publisher: str | None = None, **stated: Any
) -> Voice:
    listing = StoredListing.model_validate(
        {"id": source, "source": source, "page_url": f"https://{source}.example/", "title": source}
        | stated
    )
    return Voice(listing, region, at, publisher)


def _merge(*voices: Voice) -> Offer:
    offer = merge("offer", voices)
    assert merge("offer", voices[::-1]) == offer, "order of the voices must not matter"
    return offer


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(
            _voice("own", "11", publisher="Lotsen e.V.", provider="Lotsen"),
            _voice("district", "11003", NEW, publisher="Netz", provider="Lotsen"),
            id="own site of the provider",
        ),
        pytest.param(_voice("district", "11003"), _voice("land", "11", NEW), id="smaller region"),
        pytest.param(_voice("land", "11"), _voice("country", "DE", NEW), id="Land and country"),
        pytest.param(
            _voice("land", "11", region_key="11009"),
            _voice("stranger", "11003", NEW, region_key="11009"),
            id="a district's word on another district",
        ),
        pytest.param(
            _voice("confirmed", "11", last_confirmed=date(2026, 5, 1)),
            _voice("seen", "11", NEW),
            id="confirmed",
        ),
        pytest.param(_voice("newer", "11", NEW), _voice("older", "11"), id="newer"),
        pytest.param(
            _voice("live", "11"), _voice("gone", "11003", NEW, status=Status.INACTIVE), id="in use"
        ),
    ],
)
def test_better_voice(better: Voice, worse: Voice) -> None:
    offer = _merge(worse, better)
    assert offer.title == better.listing.title
    assert [one.source for one in offer.mentions] == [better.listing.source, worse.listing.source]


def test_lists_hold_all_in_the_order_of_the_voices() -> None:
    offer = _merge(
        _voice("land", "11", phones=["+493023125001", "+493023125002"], topics=["recht", "lotse"]),
        _voice("district", "11003", phones=["+493023125002"], topics=["lotse"]),
    )
    assert offer.phones == ["+493023125002", "+493023125001"]
    assert offer.topics == ["lotse", "recht"]


def test_hours_that_were_not_understood_take_no_others() -> None:
    offer = _merge(
        _voice("land", "11", hours_text="Mo 9-12", hours_osm="Mo 09:00-12:00"),
        _voice("district", "11003", hours_text="nach Laune"),
    )
    assert (offer.hours_text, offer.hours_osm) == ("nach Laune", None)


def test_place_is_never_mixed_of_two() -> None:
    offer = _merge(
        _voice("land", "11", street="Alte Straße 1", postcode="10115", district="Mitte", lat=52.5),
        _voice("district", "11003", street="Neue Straße 2", postcode="13187", city="Berlin"),
    )
    assert (offer.street, offer.postcode, offer.city) == ("Neue Straße 2", "13187", "Berlin")
    assert offer.district is None
    assert offer.lat is None


def test_gaps_of_a_place_are_filled_from_the_same_address() -> None:
    offer = _merge(
        _voice("land", "11", street="Neue Str. 2", postcode="13187", district="Pankow", lat=52.5),
        _voice("district", "11003", street="Neue Straße 2", postcode="13187", city="Berlin"),
    )
    assert (offer.street, offer.district, offer.lat) == ("Neue Straße 2", "Pankow", 52.5)


def test_an_address_beats_a_town() -> None:
    offer = _merge(
        _voice("land", "11", street="Neue Str. 2", postcode="13187"),
        _voice("district", "11003", city="Berlin"),
    )
    assert (offer.street, offer.city) == ("Neue Str. 2", None)


def test_price_goes_with_its_word() -> None:
    offer = _merge(
        _voice("land", "11", cost="paid", cost_amount=5.0), _voice("district", "11003", cost="free")
    )
    assert (offer.cost, offer.cost_amount) == ("free", None)


def test_description_is_no_teaser() -> None:
    full = "Wir beraten Alleinerziehende zu allen Fragen des Alltags und helfen bei Anträgen. " * 2
    teaser = _voice("district", "11003", description=full[:100] + " …")
    assert _merge(teaser, _voice("land", "11", description=full)).description == full
    assert _merge(teaser, _voice("land", "11", description="Beratung")).description == (
        full[:100] + " …"
    )


def test_nobody_speaks() -> None:
    with pytest.raises(ValueError, match="no listing"):
        merge("offer", [])


def test_what_editors_corrected_stands_alone() -> None:
    own = _voice("own", "11", NEW, publisher="Lotsen", provider="Lotsen", phones=["+493023125001"])
    land = _voice("land", "11", phones=["+493023125002"], emails=["post@lotsen.example"])
    corrected = replace(land, corrected=frozenset({"phones"}))
    offer = _merge(own, corrected)
    assert (offer.title, offer.phones) == ("own", ["+493023125002"])
    assert offer.emails == ["post@lotsen.example"]
    editors = _voice(EDITORIAL, "DE", title="Lotsenberatung")
    assert _merge(own, editors).title == "Lotsenberatung"
