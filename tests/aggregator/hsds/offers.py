"""Offers to write as HSDS: the sample sites as a person reads them, and one with everything."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from aggregator.catalogue.evidence import Evidence
from aggregator.hsds.service import Background
from aggregator.identity import listing_id, offer_id
from aggregator.listing import Listing
from aggregator.network import Network
from aggregator.offer import Mention, Offer
from aggregator.store.tables import ChangeRow, Operation, Subject
from crawlers.samples.federation import site_ids, truth

SEEN = date(2026, 7, 20)
AT = datetime(2026, 7, 20, 6, 30, tzinfo=UTC)


def offer(**values: Any) -> Offer:
    return Offer.model_validate(
        {"id": offer_id("one"), "title": "Lotsenberatung", "last_seen": SEEN, **values}
    )


def sample_offers() -> list[Offer]:
    """Every listing of the sample sites' truth as an offer of its own."""
    made = []
    for site in site_ids():
        for number, told in enumerate(truth(site)):
            fields = {k: v for k, v in told.items() if k in Listing.model_fields}
            fields["page_url"] = f"https://{site}.example{told['page_url']}"
            listing = listing_id(site, str(number))
            mention = Mention(
                listing_id=listing,
                source=site,
                page_url=fields.pop("page_url"),
                title=told["title"],
                status="active",
            )
            made.append(
                Offer(
                    **fields,
                    id=offer_id(listing),
                    mentions=[mention],
                    sources=[site],
                    last_seen=SEEN,
                )
            )
    return made


def whole_offer() -> Offer:
    """An offer of which everything is known."""
    return offer(
        provider="Nachbarschaftshaus Süd e.V.",
        description="Hilfe bei Anträgen.",
        street="Musterstraße 12a",
        postcode="13187",
        city="Berlin",
        district="Pankow",
        region_key="11003",
        lat=52.57,
        lon=13.41,
        phones=["+493023125000", "+491713920001"],
        emails=["lotsen@sued.example", "büro@sued.example"],
        urls=["https://sued.example/angebot?id=12&x=ä", "https://süd.example/plan"],
        topics=["lotse", "existenz"],
        formats=["advice"],
        hours_text="Di 10-12 Uhr nach Vereinbarung",
        hours_osm="Tu 10:00-12:00",
        hours_qualifiers=["by_appointment"],
        cost="paid",
        cost_amount=2.5,
        registration="required",
        childcare=True,
        exclusivity="also",
        modes=["onsite", "phone"],
        languages=["de", "tr"],
        wheelchair=False,
        audience=["single_parents", "age:0-3", "age:6-"],
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 12, 31),
        first_seen=SEEN,
        last_confirmed=date(2026, 7, 1),
        networks=["pankow", "unknown", "berlin"],
        sources=["pankow"],
        mentions=[
            Mention(
                listing_id=listing_id("pankow", "1"),
                source="pankow",
                page_url="https://netz.example/was?id=1",
                title="Lotsenberatung",
                status="active",
                first_seen=SEEN,
                last_seen=SEEN,
            )
        ],
    )


def background() -> Background:
    """Two networks, a statement, and changes of every kind."""
    known = offer().id
    changes = [
        ChangeRow(seq=1, at=AT, operation=Operation.ADD, subject=Subject.OFFER, subject_id=known),
        ChangeRow(
            seq=2,
            at=AT,
            operation=Operation.MOD,
            subject=Subject.OFFER,
            subject_id=known,
            fields={"city": [None, "Berlin"], "phones": [["+493023125001"], []]},
        ),
        ChangeRow(
            seq=3,
            at=AT,
            operation=Operation.MERGE,
            subject=Subject.OFFER,
            subject_id=known,
            fields={"into": offer_id("two")},
        ),
    ]
    evidence = Evidence(
        field="phones",
        value="+493023125000",
        quote="Tel. 23 12 50 00",
        locator="main > p",
        page_url="https://netz.example/was?id=1",
        source="pankow",
        source_title="Netzwerk Pankow",
        extractor="html@1",
        reader="phone@1",
        confidence=0.9,
        first_seen=AT,
        last_seen=AT,
    )
    networks = {
        name: Network(id=name, name=f"Netzwerk {name.title()}", region="11")
        for name in ("pankow", "berlin")
    }
    return Background(networks, [evidence], changes, AT)
