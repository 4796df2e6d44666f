"""An offer as an HSDS `service` and `service_at_location`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.catalogue.evidence import Evidence
from aggregator.hsds.document import Document, document, uri
from aggregator.hsds.location import location, service_areas
from aggregator.hsds.organization import organization, organization_of, programs
from aggregator.hsds.provenance import metadata, provenance
from aggregator.hsds.schedule import schedules
from aggregator.hsds.taxonomy import PLAIN_WORDS, attribute, attributes
from aggregator.identity import part_id
from aggregator.network import Network
from aggregator.offer import Offer
from aggregator.store.tables import ChangeRow
from aggregator.vocabulary.facets import label

_MOBILE = ("+4915", "+4916", "+4917")  # Bundesnetzagentur, Nummernplan Rufnummern für Mobilfunk


@dataclass(frozen=True, slots=True)
class Background:
    """What stands behind an offer: the networks by id, its evidence, its changes."""

    networks: Mapping[str, Network] = field(default_factory=dict)
    evidence: Sequence[Evidence] = ()
    changes: Sequence[ChangeRow] = ()
    changed_at: datetime | None = None


def service(offer: Offer, background: Background) -> Document:
    """The list form: an offer's own values, its organization and its program."""
    urls = _urls(offer)
    lists = programs(offer, background.networks)
    return document(
        id=offer.id,
        organization_id=organization_of(offer),
        program_id=lists[0]["id"] if lists else None,
        name=offer.title,
        description=offer.description,
        url=urls[0] if urls else None,
        email=offer.emails[0] if offer.emails else None,
        status=offer.status,
        application_process=label("registration", offer.registration)
        if offer.registration
        else None,
        fees_description=_fees(offer),
        eligibility_description=_eligibility(offer),
        assured_date=offer.last_confirmed or offer.last_seen,
        last_modified=background.changed_at,
        organization=organization(offer),
        program=lists[0] if lists else None,
    )


def full_service(offer: Offer, background: Background) -> Document:
    """The whole offer, everything nested that belongs to it."""
    place = location(offer)
    at = [_service_at_location(offer, place)] if place else []
    return _whole(offer, background) | document(service_at_locations=at)


def link_of(offer: Offer) -> str | None:
    """The id of the service_at_location of an offer; None where nothing is known of its place."""
    place = location(offer)
    return part_id("service_at_location", offer.id, place["id"]) if place else None


def short_service_at_location(offer: Offer, background: Background) -> Document | None:
    """The list form of the link: service and location with their own values only."""
    place = location(offer)
    if place is None:
        return None
    plain = {name: value for name, value in place.items() if not isinstance(value, list)}
    link = _service_at_location(offer, place)
    return link | document(location=plain, service=service(offer, background))


def service_at_location(offer: Offer, background: Background) -> Document | None:
    """The link of an offer and its place, both nested in full; None where no place is known."""
    place = location(offer)
    if place is None:
        return None
    link = _service_at_location(offer, place)
    return link | document(service_areas=service_areas(offer), service=_whole(offer, background))


def _whole(offer: Offer, background: Background) -> Document:
    """All of a service but where it takes place."""
    return service(offer, background) | document(
        additional_urls=_additional_urls(offer),
        phones=_phones(offer),
        schedules=schedules(offer),
        service_areas=service_areas(offer),
        languages=_languages(offer),
        cost_options=_cost_options(offer),
        contacts=_contacts(offer),
        attributes=[*attributes(offer), *_plain_words(offer, background.evidence)],
        metadata=metadata(background.changes),
        networks=programs(offer, background.networks),
        mentions=_mentions(offer),
        provenance=provenance(background.evidence),
    )


def _service_at_location(offer: Offer, place: Document) -> Document:
    return document(
        id=part_id("service_at_location", offer.id, place["id"]),
        service_id=offer.id,
        location_id=place["id"],
        location=place,
    )


def _urls(offer: Offer) -> list[str]:
    return [address for url in offer.urls if (address := uri(url))]


def _additional_urls(offer: Offer) -> list[Document]:
    return [
        document(id=part_id("url", offer.id, url), url=url, service_id=offer.id, label="Website")
        for url in _urls(offer)[1:]
    ]


def _phones(offer: Offer) -> list[Document]:
    return [
        document(
            id=part_id("phone", offer.id, number),
            service_id=offer.id,
            number=number,
            type="cell" if number.startswith(_MOBILE) else "voice",
        )
        for number in offer.phones
    ]


def _contacts(offer: Offer) -> list[Document]:
    """A contact a mail address; a role, never a person."""
    return [
        document(
            id=part_id("contact", offer.id, email),
            organization_id=organization_of(offer),
            service_id=offer.id,
            title="Ansprechstelle",
            department=offer.provider,
            email=email,
        )
        for email in offer.emails
    ]


def _languages(offer: Offer) -> list[Document]:
    return [
        document(
            id=part_id("language", offer.id, code),
            service_id=offer.id,
            name=label("languages", code),
            code=code,
        )
        for code in offer.languages
    ]


def _cost_options(offer: Offer) -> list[Document]:
    if offer.cost is None:
        return []
    amount = 0 if offer.cost == "free" else offer.cost_amount
    return [
        document(
            id=part_id("cost_option", offer.id, offer.cost),
            service_id=offer.id,
            option=label("cost", offer.cost),
            amount=amount,
            currency=None if amount is None else "EUR",
        )
    ]


def _fees(offer: Offer) -> str | None:
    if offer.cost is None:
        return None
    words = label("cost", offer.cost)
    if offer.cost_amount is None:
        return words
    return f"{words}, {offer.cost_amount:.2f} Euro".replace(".", ",")


def _eligibility(offer: Offer) -> str | None:
    said = [label("exclusivity", offer.exclusivity)] if offer.exclusivity else []
    return "; ".join(said + [label("audience", code) for code in offer.audience]) or None


def _plain_words(offer: Offer, evidence: Sequence[Evidence]) -> list[Document]:
    """What sources themselves say in plain words, in theirs; the same words once."""
    told = dict.fromkeys(one.value for one in evidence if one.field == PLAIN_WORDS)
    made = (attribute("service", offer.id, PLAIN_WORDS, PLAIN_WORDS, value) for value in told)
    return [one for one in made if one]


def _mentions(offer: Offer) -> list[Document]:
    return [
        document(
            listing_id=mention.listing_id,
            source=mention.source,
            page_url=uri(mention.page_url),
            title=mention.title,
            via=mention.via,
            first_seen=mention.first_seen,
            last_seen=mention.last_seen,
        )
        for mention in offer.mentions
    ]
