"""Offers as HSDS documents: valid, complete, without null, and true to the offer."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.hsds.document import uri
from aggregator.hsds.organization import by_organization, full_organization, organization_of
from aggregator.hsds.service import Background, full_service, service, service_at_location
from aggregator.hsds.taxonomy import taxonomies, taxonomy_terms
from tests.aggregator.hsds.offers import background, offer, sample_offers, whole_offer
from tests.hsds import faults, hollow, profile_faults, undeclared

BARE = Background()


def test_every_sample_offer_is_valid_hsds() -> None:
    offers = sample_offers()
    assert len(offers) > 100
    for one in offers:
        full = full_service(one, BARE)
        assert faults("service", full) == []
        assert faults("service", service(one, BARE)) == []
        at = service_at_location(one, BARE)
        assert at is None or faults("service_at_location", at) == []
        body = full_organization([one])
        assert body is None or faults("organization", body) == []


def test_an_offer_with_everything_is_valid_and_holds_nothing_undeclared() -> None:
    full = full_service(whole_offer(), background())
    at = service_at_location(whole_offer(), background())
    assert at is not None
    assert faults("service", full) == []
    assert faults("service_at_location", at) == []
    assert undeclared("service", full) == set()
    assert profile_faults(full) == []
    for place in (full["service_at_locations"][0]["location"], at["location"]):
        assert faults("location", place) == []


@pytest.mark.parametrize("one", [offer(), whole_offer(), *sample_offers()[:40]])
def test_nothing_is_null_or_empty_and_every_id_is_a_uuid(one: Any) -> None:
    full = full_service(one, background())
    assert list(hollow(full)) == []
    assert all(UUID(known) for known in _ids(full))


def test_both_taxonomies_are_valid_and_used_by_the_attributes() -> None:
    terms = {term["id"]: term for term in taxonomy_terms()}
    for known in taxonomies():
        assert faults("taxonomy", known) == []
    for term in terms.values():
        assert faults("taxonomy_term", term) == []
        assert term.get("parent_id", term["id"]) in terms
    attributes = full_service(whole_offer(), BARE)["attributes"]
    assert {a["taxonomy_term_id"] for a in attributes} <= terms.keys()
    assert [a["taxonomy_term"]["code"] for a in attributes if a["link_type"] == "topic"] == [
        "lotse",
        "existenz",
    ]
    assert {a["value"]: a["label"] for a in attributes if "value" in a} == {
        "0-3": "Kinder 0–3 Jahre",
        "6-": "Kinder ab 6 Jahren",
    }


def test_values_stand_where_hsds_wants_them() -> None:
    full = full_service(whole_offer(), background())
    (at,) = full["service_at_locations"]
    (address,) = at["location"]["addresses"]
    assert (address["state_province"], address["country"]) == ("Berlin", "DE")
    assert at["location"]["accessibility"][0]["description"] == "nicht rollstuhlgerecht"
    assert [(p["number"], p["type"]) for p in full["phones"]] == [
        ("+493023125000", "voice"),
        ("+491713920001", "cell"),
    ]
    assert (full["cost_options"][0]["amount"], full["cost_options"][0]["currency"]) == (2.5, "EUR")
    assert full["fees_description"] == "kostenpflichtig, 2,50 Euro"
    assert full["url"] == "https://sued.example/angebot?id=12&x=%C3%A4"
    assert full["additional_urls"][0]["url"] == "https://xn--sd-xka.example/plan"
    assert [lang["name"] for lang in full["languages"]][1] == "Türkisch"
    assert [network["name"] for network in full["networks"]] == [
        "Netzwerk Pankow",
        "Netzwerk Berlin",
    ]
    assert full["program_id"] == full["networks"][0]["id"]
    assert full["assured_date"] == "2026-07-01"
    assert full["service_areas"][0]["name"] == "Pankow"
    assert full["provenance"][0]["quote"] == "Tel. 23 12 50 00"


def test_changes_become_metadata_with_both_values_as_text() -> None:
    entries = full_service(whole_offer(), background())["metadata"]
    told = [(e["last_action_type"], e["field_name"], e["previous_value"]) for e in entries]
    assert told == [
        ("create", "id", ""),
        ("update", "city", ""),
        ("update", "phones", '["+493023125001"]'),
        ("merge", "id", offer().id),
    ]


def test_the_list_form_nests_only_what_is_one() -> None:
    short = service(whole_offer(), background())
    assert not [key for key, value in short.items() if isinstance(value, list)]
    assert short["organization"]["id"] == short["organization_id"]
    assert short["program"]["id"] == short["program_id"]


@pytest.mark.parametrize(
    ("missing", "addresses"),
    [("street", 0), ("postcode", 0), ("city", 0), ("region_key", 1), ("district", 1)],
)
def test_an_incomplete_address_is_none(missing: str, addresses: int) -> None:
    """Berlin's name alone tells the Land; a street without a town tells none."""
    full = full_service(whole_offer().model_copy(update={missing: None}), BARE)
    assert len(full["service_at_locations"][0]["location"].get("addresses", [])) == addresses


def test_an_offer_without_a_place_has_no_location() -> None:
    assert "service_at_locations" not in full_service(offer(), BARE)
    assert service_at_location(offer(), BARE) is None


def test_organizations_are_told_apart_by_name_and_region() -> None:
    def body(name: str, region: str | None, city: str | None = None) -> str | None:
        return organization_of(offer(provider=name, region_key=region, city=city))

    assert body("Nachbarschaftshaus Süd e. V.", "11003") == body("Nachbarschaftshaus Sued", "11001")
    assert body("AWO", "05124") != body("AWO", "05315")
    assert body("Jugendamt", "11003") != body("Jugendamt", "11001")
    assert body("Hilfe", None, "Berlin") == body("Hilfe", "11003")
    assert body("Kinder in Not e.V.", "11") != body("Familien in Not e.V.", "11")
    assert organization_of(offer()) is None


def test_an_organization_lists_its_places_once() -> None:
    here = whole_offer()
    there = here.model_copy(update={"street": "Probeweg 3"})
    ((known, offers),) = by_organization([here, offer(), here, there]).items()
    body = full_organization(offers)
    assert body is not None
    assert body["id"] == known
    assert len(body["locations"]) == 2
    assert faults("organization", body) == []


@given(st.text(max_size=80) | st.from_regex(r"https?://[^\s]{0,40}", fullmatch=True))
@settings(max_examples=150, derandomize=True)
def test_whatever_becomes_a_uri_is_one(text: str) -> None:
    address = uri(text)
    if address is not None:
        assert faults("service", {**service(offer(), BARE), "url": address}) == []


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "http://", "netz.example", "https://[::1", ""]
)
def test_what_is_no_web_address_is_left_out(text: str) -> None:
    assert uri(text) is None
    assert "url" not in service(offer(urls=[text]), BARE)


def test_shown_days_are_dates() -> None:
    full = full_service(whole_offer(), BARE)
    assert date.fromisoformat(full["mentions"][0]["first_seen"])


def _ids(value: Any) -> list[str]:
    found: list[str] = []
    if isinstance(value, dict):
        found += [v for k, v in value.items() if k == "id" or k.endswith("_id")]
        for inner in value.values():
            found += _ids(inner)
    for inner in value if isinstance(value, list) else ():
        found += _ids(inner)
    return found
