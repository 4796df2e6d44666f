"""Who carries an offer, and the network that lists it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aggregator.hsds.document import Document, document
from aggregator.hsds.location import location, region
from aggregator.identity import organization_id, part_id
from aggregator.network import Network
from aggregator.offer import Offer


def organization_of(offer: Offer) -> str | None:
    """The id of the provider of an offer; None where no source names one."""
    if not offer.provider:
        return None
    return offer.organization_id or organization_id(offer.provider, region(offer))


def organization(offer: Offer) -> Document | None:
    """The HSDS `organization` of an offer, with what is known of it from this offer alone."""
    known = organization_of(offer)
    if known is None or not offer.provider:
        return None
    return document(
        id=known,
        name=offer.provider,
        description=f"{offer.provider}, Träger von Angeboten in diesem Verzeichnis.",
    )


def by_organization(offers: Iterable[Offer]) -> dict[str, list[Offer]]:
    """Offers by the id of their provider, in their order; those without one are left out."""
    found: dict[str, list[Offer]] = {}
    for offer in offers:
        if known := organization_of(offer):
            found.setdefault(known, []).append(offer)
    return found


def full_organization(offers: Sequence[Offer]) -> Document | None:
    """The organization that all these offers share, with the places where it works."""
    body = organization(offers[0]) if offers else None
    if body is None:
        return None
    places = [place for offer in offers if (place := location(offer))]
    return body | document(locations=list({place["id"]: place for place in places}.values()))


def program_of(network_id: str) -> str:
    """The id of a network as an HSDS `program`."""
    return part_id("program", network_id)


def programs(offer: Offer, networks: Mapping[str, Network]) -> list[Document]:
    """The networks that list an offer, as HSDS `program` objects; unknown ones are left out."""
    return [
        document(
            id=program_of(network.id),
            name=network.name,
            description=f"{network.name}: Netzwerk, dessen Seiten dieses Angebot nennen.",
        )
        for name in offer.networks
        if (network := networks.get(name))
    ]
