"""What an adapter reads from a page: passages of it, verbatim, with what they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum


class Trust(IntEnum):
    """How a record was found; the higher wins where two records tell of one thing."""

    PAGE = 1
    """A whole page taken as one record."""
    FOUND = 2
    """A unit that repeats on a page, found by its shape and its evidence."""
    PATTERN = 3
    """A unit picked by a pattern that a person declared for this source."""
    MARKUP = 4
    """JSON-LD or microdata inside a page."""
    FEED = 5
    """An API, a calendar or a feed made for machines."""


class RecordKind(StrEnum):
    """What a record tells of."""

    OFFER = "offer"
    NETWORK = "network"
    """A page that tells of the network itself: who founded, carries and runs it."""
    HOUSE = "house"
    """What a page says once of the house in which offers are; nothing that is published itself."""


class Role(StrEnum):
    """What a passage is *known* to be, because the page's own structure says so.

    Everything else is TEXT: one visual line of the record, in reading order, to be understood by
    the normaliser. An adapter never interprets: "Tel.: 030 …" in a paragraph stays TEXT.
    """

    TITLE = "title"
    TEXT = "text"
    SECTION = "section"
    """A heading above the record that it shares with its neighbours: the site's own topic word."""
    TOPIC = "topic"
    """A category, tag or taxonomy term that the site gave to this record."""
    PROVIDER = "provider"
    OWNER = "owner"
    """The body whose site it is, as the page's frame or <title> names it."""
    SEAT = "seat"
    """Street, postcode and town that the page's frame names: where the site's owner sits."""
    DESK = "desk"
    """A telephone number or a mail that the page's frame names: how its owner is reached."""
    BESIDE = "beside"
    """A line beside the text of a page that the record does not need: it shows what the site
    repeats, and goes when its records are joined."""
    VENUE = "venue"
    ADDRESS = "address"
    STREET = "street"
    POSTCODE = "postcode"
    CITY = "city"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    PHONE = "phone"
    """A telephone value or the target of a tel: link, undecoded."""
    EMAIL = "email"
    """A mail value, the target of a mailto: link, or the obfuscated form of one, undecoded."""
    URL = "url"
    """A link out of the record, absolute."""
    HOURS = "hours"
    COST = "cost"
    AUDIENCE = "audience"
    LANGUAGE = "language"
    STARTS = "starts"
    """ISO 8601 date or date-time from markup or a calendar; with zone where stated."""
    ENDS = "ends"
    RECURRENCE = "recurrence"
    """An RFC 5545 RRULE value."""
    STATUS = "status"
    IMAGE_TEXT = "image_text"
    PLAIN = "plain"
    """A line of another page of the site, which says the same in plain words."""
    PLAIN_URL = "plain_url"
    """A link to such a page, absolute: the line says "Leichte Sprache"."""


FRAME = frozenset({Role.OWNER, Role.SEAT, Role.DESK})
"""What is known of the frame of a page itself: it stands around every record."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What stands behind a passage that is itself another aggregator's reading.

    `quote` are the words of the page that was read first, `source` is who read it there.
    """

    quote: str
    source: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the page as it stands there, white space folded, and where it stood.

    `locator` is a CSS path from the document's root for HTML, a JSON pointer (RFC 6901) for JSON,
    "VEVENT[2]/LOCATION" for iCalendar, "page 3" for PDF, "row 7/Telefon" for tables. Where a
    passage was read from another document than its record's `page_url` (an API, a list page), that
    document's URL and a space come first: see `locate`.
    """

    role: Role
    text: str
    locator: str = ""
    origin: Origin | None = None
    shared: bool = False
    """The page says it once for several records: it stands beside them."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that a page tells of, before any understanding.

    `key` names it within its source and must survive corrections of the text: the platform's own
    id ("wp:post:123"), else the UID, else the page's key with the heading as a fragment.
    `page_url` is the page it was read on; `detail_url` a page of its own that the record links to
    (an absolute URL), which `crawlers.assembly` uses to join a list with its detail pages.
    `extractor` is "<adapter>@<version>". `via` holds, for each listing behind a record that another
    aggregator publishes, the addresses of the services through which it came, the nearest first.
    """

    key: str
    page_url: str
    passages: tuple[Passage, ...]
    extractor: str
    trust: Trust
    kind: RecordKind = RecordKind.OFFER
    detail_url: str | None = None
    via: tuple[tuple[str, ...], ...] = ()

    @property
    def title(self) -> str:
        """The text of the first TITLE passage, or ""."""
        return next((p.text for p in self.passages if p.role is Role.TITLE), "")

    def texts(self, *roles: Role) -> list[str]:
        """The texts of all passages of these roles, in reading order."""
        return [p.text for p in of_roles(self.passages, *roles)]


def of_roles(passages: Iterable[Passage], *roles: Role) -> list[Passage]:
    """The passages of these roles, in reading order."""
    if len(roles) == 1:  # asked most often, and answered fastest by identity
        (role,) = roles
        return [p for p in passages if p.role is role]
    return [p for p in passages if p.role in roles]


def locate(passage: Passage, document_url: str, page_url: str) -> Passage:
    """Note in the locator that a passage stands in another document than its record's page."""
    if document_url == page_url:
        return passage
    return replace(passage, locator=located(passage.locator, document_url))


def located(locator: str, document_url: str) -> str:
    """A locator that names its document; one that does already stays as it is."""
    return locator if origin(locator) else f"{document_url} {locator}".rstrip()


def origin(locator: str) -> str:
    """The URL of the document that a locator points into; "" where it is the record's page."""
    return locator.partition(" ")[0] if locator.startswith(("http://", "https://")) else ""
