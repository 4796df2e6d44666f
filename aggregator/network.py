"""A network of help for single parents: an object of its own, because coordinators compare them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class NetworkStatus(StrEnum):
    """Whether a network still works."""

    ACTIVE = "active"
    ENDED = "ended"
    """Its end date is past: its offers are not active."""
    ARCHIVED = "archived"
    """Over, and its site is kept as it was: nobody answers there."""
    UNKNOWN = "unknown"
    """Declared, but neither a fact nor an offer of it was read yet."""


OVER = frozenset({NetworkStatus.ENDED, NetworkStatus.ARCHIVED})
"""The offers of such a network are not active."""


class Contact(BaseModel):
    """How to reach an office: its role, never a person's name."""

    model_config = ConfigDict(extra="forbid")

    role: str
    phone: str | None = None
    """E.164."""
    email: str | None = None


class Milestone(BaseModel):
    """Something the network dates: a founding, a steering group, a resolution, an end."""

    model_config = ConfigDict(extra="forbid")

    date: str
    """ISO 8601, as precise as the text: 2019, 2017-08, 2011-04-01."""
    text: str


class Network(BaseModel):
    """What is known of a network. Dates are ISO 8601, as precise as the text states them."""

    model_config = ConfigDict(extra="forbid")

    id: str
    name: str
    region: str
    status: NetworkStatus = NetworkStatus.UNKNOWN
    carrier: str | None = None
    """The Träger that employs the coordination."""
    founded: str | None = None
    ended: str | None = None
    funded_until: str | None = None
    """When the present funding ends: a network may go on after it."""
    archived: str | None = None
    """Since when its site is only kept as it was."""
    successor: str | None = None
    """Id of the network that goes on with its work, or that one's name."""
    programme: str | None = None
    """The funding programme it came from."""
    coordinating_body: str | None = None
    partners: list[str] = Field(default_factory=list)
    working_groups: list[str] = Field(default_factory=list)
    fields_of_action: list[str] = Field(default_factory=list)
    """In the network's own words."""
    milestones: list[Milestone] = Field(default_factory=list)
    contacts: list[Contact] = Field(default_factory=list)
    sources: list[str] = Field(default_factory=list)
    """Ids of the declarations that tell of it."""
