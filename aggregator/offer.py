"""One real offer: what the listings of several sites add up to."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from aggregator.listing import Format, Mode, Qualifier, Status, Topic


class Mention(BaseModel):
    """Where an offer is listed: one listing of it, and the link back to its page."""

    model_config = ConfigDict(extra="forbid")

    listing_id: str
    source: str
    network: str | None = None
    page_url: str
    title: str
    status: Status
    first_seen: date | None = None
    last_seen: date | None = None


class Offer(BaseModel):
    """The published form of an offer.

    Fields shared with `aggregator.listing.Listing` mean the same; each holds the best statement of
    any listing, list fields hold what all of them state. `mentions` keeps every voice, the one that
    gave the title first. The days of first and last sight are not stored with it (a run that finds
    nothing new must write nothing): who shows an offer adds them from its listings.
    """

    model_config = ConfigDict(extra="forbid")

    id: str
    title: str
    provider: str | None = None
    description: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    district: str | None = None
    region_key: str | None = None
    lat: float | None = None
    lon: float | None = None
    phones: list[str] = Field(default_factory=list)
    emails: list[str] = Field(default_factory=list)
    urls: list[str] = Field(default_factory=list)
    topics: list[Topic] = Field(default_factory=list)
    formats: list[Format] = Field(default_factory=list)
    hours_text: str | None = None
    hours_osm: str | None = None
    hours_qualifiers: list[Qualifier] = Field(default_factory=list)
    cost: str | None = None
    cost_amount: float | None = None
    registration: str | None = None
    childcare: bool | None = None
    exclusivity: str | None = None
    modes: list[Mode] = Field(default_factory=list)
    languages: list[str] = Field(default_factory=list)
    wheelchair: bool | None = None
    audience: list[str] = Field(default_factory=list)
    valid_from: date | None = None
    valid_until: date | None = None
    status: Status = Status.ACTIVE
    first_seen: date | None = None
    last_seen: date | None = None
    last_confirmed: date | None = None
    networks: list[str] = Field(default_factory=list)
    sources: list[str] = Field(default_factory=list)
    mentions: list[Mention] = Field(default_factory=list)
