"""One real offer: what the listings of several sites add up to."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from aggregator.lifecycle import Lifecycle
from aggregator.listing import Content, Status


class Mention(BaseModel):
    """Where an offer is listed: one listing of it, and the link back to its page."""

    model_config = ConfigDict(extra="forbid")

    listing_id: str
    source: str
    network: str | None = None
    page_url: str
    title: str
    via: list[str] = Field(default_factory=list)
    """The services of other aggregators through which it came, the nearest first."""
    status: Status
    first_seen: date | None = None
    last_seen: date | None = None


class Identified(BaseModel):
    """What has an id of its own."""

    id: str


class Offer(Content, Identified):
    """The published form of an offer.

    Its content is the best statement of any listing; list fields hold what all of them state.
    `mentions` keeps every voice, the one that gave the title first. Where it stands in its life and
    the days of first and last sight and of confirmation are not stored with it (a run that finds
    nothing new must write nothing): who shows an offer adds them from its listings.
    """

    organization_id: str | None = None
    """Of its provider, by whatever name; equal for all offers of one (HSDS organization)."""
    location_id: str | None = None
    """Of its place, however the address is written (HSDS location)."""
    lifecycle: Lifecycle | None = None
    networks: list[str] = Field(default_factory=list)
    sources: list[str] = Field(default_factory=list)
    mentions: list[Mention] = Field(default_factory=list)
