"""The tables of the record.

Truth is in `statement`: one row a value, kept when it is superseded. `listing.flat`, `offer.flat`
and `network.flat` are what the current statements add up to, written in the same transaction so
that readers need no joins; `change` is the one ordered log that feeds the index, deltas and ETags.
All times are UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Enum,
    Float,
    Index,
    Integer,
    LargeBinary,
    TypeDecorator,
    Unicode,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


class Verdict(StrEnum):
    """What the gate thinks of a run."""

    ACCEPTED = "accepted"
    WARNED = "warned"
    """Published, but a person should look."""
    QUARANTINED = "quarantined"
    """Not published; what the last good run found stays."""
    FAILED = "failed"
    """The crawl did not come to an end; nothing can be said from it."""


class Presence(StrEnum):
    """Where a listing stands in its life, judged from accepted runs only."""

    PRESENT = "present"
    MISSING = "missing"
    """Absent from the last accepted, complete run."""
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Turn(StrEnum):
    """A source changed between well and unwell (see `aggregator.health`)."""

    BROKEN = "broken"
    RECOVERED = "recovered"


class Deed(StrEnum):
    """What a person, or a rule that can be wrong, decided."""

    ACCEPT = "accept"
    """A run that the gate held back is published."""
    CONFIRM = "confirm"
    """An offer is still correct as it stands."""
    REKEY = "rekey"
    """A new page tells of a known listing: its id stays."""
    SPLIT = "split"
    """A re-keying was wrong: the two are listings of their own."""


class Operation(StrEnum):
    """What happened to an object in the change log."""

    ADD = "ADD"
    MOD = "MOD"
    DEL = "DEL"
    MERGE = "MERGE"


class Subject(StrEnum):
    """What a statement or a change is about."""

    LISTING = "listing"
    OFFER = "offer"
    NETWORK = "network"


class CorrectionState(StrEnum):
    """Where a proposed correction stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    """It stands before what the page says."""
    REFUSED = "refused"
    REOPENED = "reopened"
    """The page says something new: an editor has to decide again."""
    SETTLED = "settled"
    """The page says the same by now, or it was taken back."""


class Work(StrEnum):
    """What the admin area orders and a machine that crawls does."""

    PROBE = "probe"
    """Look at a site that is to be declared."""
    CRAWL = "crawl"
    """Visit a declared source now."""
    ACCEPT = "accept"
    """Publish a run that the gate held back."""
    REPLAY = "replay"
    """Read a source's archive again, since what its words mean here was decided."""


class OrderState(StrEnum):
    """How far an order is."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on every database (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they are a bug of ours, never data."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every time its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_BIG = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts only INTEGER keys up itself
_DOCUMENT = JSON().with_variant(JSONB(), "postgresql")


def _document(*, nullable: bool = False) -> Any:  # noqa: ANN401 - as SQLModel's
    return Field(default_factory=dict, sa_column=Column(_DOCUMENT, nullable=nullable))


def _enum(kind: type[StrEnum], **arguments: Any) -> Any:  # noqa: ANN401 - as SQLModel's
    """A column that holds the *value* of an enum as text: a new member needs no migration."""
    values = Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
    return Field(sa_column=Column(values, nullable=False), **arguments)


def _list() -> Any:  # noqa: ANN401 - as SQLModel's
    return Field(default_factory=list, sa_column=Column(_DOCUMENT, nullable=False))


class SourceRow(SQLModel, table=True):
    """A declared source and how it fares. `declared` is the declaration as it was last loaded."""

    __tablename__ = "source"

    id: str = Field(primary_key=True)
    title: str
    region: str
    network_id: str | None = Field(default=None, foreign_key="network.id", index=True)
    declared: dict[str, Any] = _document()
    last_run_id: str | None = None
    last_accepted_run_id: str | None = None
    last_accepted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    stale_since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When the first run after the last accepted one was not published; None: all is well."""
    failures: int = 0
    """Runs in a row that were not published."""
    rights: dict[str, Any] = _document()
    """What the site was last found to say of text mining: {reserved, where, quote, checked_at}."""


class RunRow(SQLModel, table=True):
    """One run of one source, published or not."""

    __tablename__ = "run"

    id: str = Field(primary_key=True)
    source_id: str = Field(foreign_key="source.id", index=True)
    started_at: datetime = Field(sa_type=UTCDateTime)
    finished_at: datetime = Field(sa_type=UTCDateTime)
    verdict: Verdict = _enum(Verdict)
    reasons: list[dict[str, Any]] = _list()
    """What checks of the gate objected to, each an `aggregator.gate.Finding`."""
    passed: list[dict[str, Any]] = _list()
    """What the other checks measured, likewise."""
    fill: dict[str, float] = _document()
    """Share of the listings found that have a field, by field; only fields that any has."""
    counts: dict[str, int] = _document()
    """pages, fetched, not_modified, failed, records, added, changed, unchanged, missing, …"""
    failures: list[dict[str, Any]] = _list()
    """Pages that could not be read: {url, failure, reason}; at most 200, worst first."""
    doubts: list[dict[str, Any]] = _list()
    """What was not understood: {code, quote, listing_id, page_url}; at most 200."""
    spool: str = ""
    """Folder of the hand-over, relative to the data folder."""


class PageRow(SQLModel, table=True):
    """One archived version of a page. A changed body is a new row, so that evidence stays."""

    __tablename__ = "page"
    __table_args__ = (Index("ix_page_source_url_sha", "source_id", "url", "sha256", unique=True),)

    id: int | None = Field(default=None, sa_column=Column(_BIG, primary_key=True))
    source_id: str = Field(foreign_key="source.id")
    url: str
    sha256: str
    archive: str
    offset: int = Field(sa_column=Column(BigInteger, nullable=False))
    media_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    first_seen: datetime = Field(sa_type=UTCDateTime)
    last_seen: datetime = Field(sa_type=UTCDateTime)
    accepted_run_id: str | None = Field(default=None, index=True)
    """The last published crawl that was answered with it: what replay reads again."""
    purged_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When its body was deleted because its time was over; hash and evidence stay."""


class NetworkRow(SQLModel, table=True):
    """A network; `flat` is an `aggregator.network.Network`."""

    __tablename__ = "network"

    id: str = Field(primary_key=True)
    name: str
    region: str
    flat: dict[str, Any] = _document()


class OfferRow(SQLModel, table=True):
    """One real offer: what its listings add up to. `flat` is an `aggregator.offer.Offer`."""

    __tablename__ = "offer"

    id: str = Field(primary_key=True)
    merged_into: str | None = Field(default=None, index=True)
    """The older offer that this one turned out to be; its id redirects there."""
    flat: dict[str, Any] = _document()
    digest: str = ""
    """sha256 of the canonical `flat`: unchanged digest, no change logged."""
    created_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime, index=True)


class ListingRow(SQLModel, table=True):
    """An offer as one source lists it; `flat` is an `aggregator.listing.Listing`."""

    __tablename__ = "listing"
    __table_args__ = (Index("ix_listing_source_key", "source_id", "key", unique=True),)

    id: str = Field(primary_key=True)
    source_id: str = Field(foreign_key="source.id")
    key: str
    offer_id: str = Field(foreign_key="offer.id", index=True)
    organization_part: str | None = Field(default=None, index=True)
    """The `part` that is its provider, as it names it."""
    location_part: str | None = Field(default=None, index=True)
    page_url: str
    presence: Presence = _enum(Presence, default=Presence.PRESENT)
    absences: int = 0
    """Accepted, complete runs in a row without it."""
    missing_since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    first_seen: datetime = Field(sa_type=UTCDateTime)
    last_seen: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When its document last changed; None: never since it was first seen."""
    gone: int = 0
    """Published runs in a row in which its own page answered 404 or 410."""
    gone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When the last of them was counted."""
    expires_on: date | None = Field(default=None, index=True)
    """`valid_until` of its document, which whoever writes that one need not think of."""
    confirmed_on: date | None = None
    """The day an editor last found it still correct."""
    last_run_id: str = ""
    digest: str = ""
    """sha256 of its statements' values, quotes and locators: unchanged digest, nothing to write."""
    flat: dict[str, Any] = _document()


@event.listens_for(ListingRow.flat, "set")
def _note_last_day(row: ListingRow, document: dict[str, Any], *_: object) -> None:
    until = document.get("valid_until")
    row.expires_on = date.fromisoformat(until) if until else None


class StatementRow(SQLModel, table=True):
    """One value with its evidence.

    While `last_seen` is None it is current, and was last seen when its listing or network was; a
    value that changed keeps its row and gets its last day.
    """

    __tablename__ = "statement"
    __table_args__ = (Index("ix_statement_subject", "subject_id", "field"),)

    id: int | None = Field(default=None, sa_column=Column(_BIG, primary_key=True))
    subject: Subject = _enum(Subject)
    subject_id: str
    field: str
    position: int = 0
    """Order within a list field."""
    value: Any = Field(sa_column=Column(_DOCUMENT, nullable=False))
    quote: str
    locator: str = ""
    page_id: int | None = Field(default=None, sa_column=Column(_BIG, index=True))
    page_url: str = ""
    source_id: str = Field(index=True)
    extractor: str = ""
    """Who read the passage: "wordpress@1"."""
    reader: str = ""
    """Who understood it: "phone@1"."""
    reason: str = ""
    confidence: float = 1.0
    first_source: str = ""
    """Who read it first, where it came through another aggregator."""
    first_seen: datetime = Field(sa_type=UTCDateTime)
    last_seen: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Set when the statement is superseded; until then it is its subject's."""
    until_run_id: str | None = None


class DirectoryRow(SQLModel, table=True):
    """By what an offer is looked up; follows `offer.flat` (see `aggregator.directory`)."""

    __tablename__ = "directory"

    offer_id: str = Field(primary_key=True, foreign_key="offer.id")
    status: str
    organization_id: str | None = Field(default=None, index=True)
    organization: str = ""
    """Its name, folded."""
    link_id: str | None = Field(default=None, index=True)
    """Id of the HSDS service_at_location: the offer at its place."""
    region_key: str | None = Field(default=None, index=True)
    postcode: str | None = None
    x: float | None = None
    y: float | None = None
    z: float | None = Field(default=None, index=True)
    """Its place on the unit sphere: distances need no trigonometry, which SQLite may lack."""


class TermRow(SQLModel, table=True):
    """A term of our taxonomies that an offer is classified as."""

    __tablename__ = "offer_term"

    term_id: str = Field(primary_key=True)
    offer_id: str = Field(primary_key=True, foreign_key="offer.id", index=True)


class BlockRow(SQLModel, table=True):
    """A key that a listing shares with those it may be the same as (see `aggregator.resolve`)."""

    __tablename__ = "block"

    key: str = Field(primary_key=True)
    listing_id: str = Field(primary_key=True, foreign_key="listing.id", index=True)


class Level(StrEnum):
    """What kind of thing is the same or not."""

    SERVICE = "service"
    """An offer (Angebot); judged are listings."""
    ORGANIZATION = "organization"
    """Who offers it (Träger)."""
    LOCATION = "location"
    """Where it takes place (Standort)."""


class JudgementRow(SQLModel, table=True):
    """An edge between two listings, providers or places: same, different or unsure, and why.

    Rows are never changed but to end them: of the rules' because they judged anew, of a person's
    because it was undone. The latest of a person's that stands outranks the rules'. Ids are not
    bound to rows, so that decisions can be brought in before what they are about was harvested.
    """

    __tablename__ = "judgement"

    id: int | None = Field(default=None, sa_column=Column(_BIG, primary_key=True))
    level: Level = _enum(Level, default=Level.SERVICE)
    left_id: str = Field(index=True)
    right_id: str = Field(index=True)
    """The greater of the two ids."""
    verdict: str
    score: float
    reason: str
    judge: str
    """The rules with their version, or who decided."""
    judged_at: datetime = Field(sa_type=UTCDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    undone_by: str | None = None


class PartRow(SQLModel, table=True):
    """A provider or a place as some listing names it, and which one it is found to be."""

    __tablename__ = "part"

    id: str = Field(primary_key=True)
    """`organization_id` or `location_id` of the name."""
    level: Level = _enum(Level)
    block: str = Field(index=True)
    """Only parts of one block can be one: the region of a provider, the postcode of a place."""
    stated: dict[str, Any] = _document()
    """As it was named: {name} or {street, postcode, city}."""
    cluster_id: str = Field(index=True)
    """The id that it is published by: of the part that was named first."""


class ResolutionRow(SQLModel, table=True):
    """By which rules the record was resolved; others make the next publication do it anew."""

    __tablename__ = "resolution"

    rules: str = Field(primary_key=True)
    resolved_at: datetime = Field(sa_type=UTCDateTime)


class ChangeRow(SQLModel, table=True):
    """The ordered log. Numbers are given under one lock, so that none appears late."""

    __tablename__ = "change"

    seq: int | None = Field(default=None, sa_column=Column(_BIG, primary_key=True))
    at: datetime = Field(sa_type=UTCDateTime)
    operation: Operation = _enum(Operation)
    subject: Subject = _enum(Subject)
    subject_id: str = Field(index=True)
    run_id: str = ""
    fields: dict[str, Any] = _document()
    """For MOD the changed fields: {field: [before, after]}; for MERGE {"into": id}."""


class AliasRow(SQLModel, table=True):
    """A key under which a known listing is found now: its page moved, or its title was corrected.

    `id` is what the listing would be called had nobody known it. An alias that was undone stays,
    so that no rule makes it again.
    """

    __tablename__ = "alias"

    id: str = Field(primary_key=True)
    listing_id: str = Field(foreign_key="listing.id", index=True)
    source_id: str = Field(foreign_key="source.id", index=True)
    key: str
    run_id: str
    at: datetime = Field(sa_type=UTCDateTime)
    last_seen: datetime = Field(sa_type=UTCDateTime)
    """When the listing was last seen under a key before."""
    seen_at: datetime = Field(sa_type=UTCDateTime)
    """When the run that found it ended: what is stated since was read under the new key."""
    reason: str
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class DecisionRow(SQLModel, table=True):
    """Who decided what, when and why; never changed."""

    __tablename__ = "decision"

    id: int | None = Field(default=None, sa_column=Column(_BIG, primary_key=True))
    at: datetime = Field(sa_type=UTCDateTime)
    by: str
    deed: Deed = _enum(Deed)
    subject_id: str = Field(index=True)
    """The run, listing or offer it is about."""
    reason: str
    detail: dict[str, Any] = _document()


class TurnRow(SQLModel, table=True):
    """A source broke or recovered: one row a turn, whoever is to be told reads it here."""

    __tablename__ = "turn"

    id: int | None = Field(default=None, sa_column=Column(_BIG, primary_key=True))
    source_id: str = Field(foreign_key="source.id", index=True)
    run_id: str
    at: datetime = Field(sa_type=UTCDateTime)
    turn: Turn = _enum(Turn)
    failure: str = ""
    """Name of the `crawlers.failure.Failure` behind it, where one is known."""
    message: str = ""
    """What is wrong and what to do, one German line."""


class StatisticRow(SQLModel, table=True):
    """How many single-parent families live in a region: the denominator of comparisons."""

    __tablename__ = "statistic"

    region_key: str = Field(primary_key=True)
    as_of: date = Field(primary_key=True)
    """The day that the figure is true of."""
    source: str = Field(primary_key=True)
    """Who counted, as it is to be cited."""
    families: int


class CitationRow(SQLModel, table=True):
    """A query that somebody cites, frozen with a release (see `aggregator.citation`)."""

    __tablename__ = "citation"

    id: str = Field(primary_key=True)
    """Made of release and question."""
    release: str
    """Id of the release."""
    question: dict[str, Any] = _document()
    """Parameters of the search that are not as usual: {name: [values]}."""
    offers: list[str] = _list()
    """Ids of the rows that it found, in their order."""
    stated: int
    """So many of them say yes to every filter; they come first."""
    created_at: datetime = Field(sa_type=UTCDateTime)


class SuppressionRow(SQLModel, table=True):
    """What must not be published, known by its hash only (see `aggregator.suppression`)."""

    __tablename__ = "suppression"

    digest: str = Field(primary_key=True)
    """HMAC-SHA256 of kind and normalised value, under the key of the installation."""
    kind: str
    """phone, email or listing."""
    reason: str
    by: str = ""
    """Who decided; must not name the person concerned."""
    created_at: datetime = Field(sa_type=UTCDateTime)


class CorrectionRow(SQLModel, table=True):
    """What somebody proposes to correct of an offer, and what an editor made of it.

    `proposed` and `accepted` hold a person's words an aspect (see `aggregator.correction.aspect`).
    Free text and contact are there until the decision and never published.
    """

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_state_created", "state", "created_at"),)

    id: str = Field(primary_key=True)
    offer_id: str = Field(foreign_key="offer.id", index=True)
    listing_id: str = Field(foreign_key="listing.id", index=True)
    """The listing that the editors' statements are about: the best voice of the offer."""
    title: str
    """What the offer was called then."""
    proposed: dict[str, Any] = _document()
    text: str = ""
    contact: str = ""
    role: str = ""
    """What the proposer is to the offer: provider, network, visitor or "" (not said)."""
    created_at: datetime = Field(sa_type=UTCDateTime)
    state: CorrectionState = _enum(CorrectionState, default=CorrectionState.OPEN)
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    decided_by: str = ""
    reason: str = ""
    """Why it was decided so."""
    accepted: dict[str, Any] = _document()
    basis: dict[str, Any] = _document()
    """What the page said of each accepted aspect then: {aspect: {values, quotes}}."""
    settled: list[str] = _list()
    """Aspects that no longer need the editors' word."""
    again: dict[str, Any] = _document()
    """What the page says by now of aspects that are open again: {aspect: {values, quotes}}."""
    asked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def standing(self) -> list[str]:
        """The aspects in which it stands before the page."""
        return [key for key in self.accepted if key not in self.settled and key not in self.again]


class NoticeState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENDING = "sending"
    """Handed to a server that had not answered when this was written."""
    SENT = "sent"
    DROPPED = "dropped"
    """Not worth sending any more, or given up; `error` says why."""


class NoticeRow(SQLModel, table=True):
    """A message to be sent once: what about, to whom, and how far it is (see `notices`)."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_once", "about", "channel", "recipient", unique=True),
        Index("ix_notice_state_next", "state", "next_at"),
    )

    id: str = Field(primary_key=True)
    """UUIDv5 of what it is about and to whom: the same in every attempt, so that a receiver can
    tell a repetition."""
    kind: str
    """broken, recovered or report."""
    about: str
    """The turn ("turn 17") or report ("report pankow 2026-11") it tells of."""
    source_id: str = Field(foreign_key="source.id", index=True)
    channel: str
    """mail or webhook."""
    recipient: str
    created_at: datetime = Field(sa_type=UTCDateTime)
    state: NoticeState = _enum(NoticeState, default=NoticeState.WAITING)
    attempts: int = 0
    next_at: datetime = Field(sa_type=UTCDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    error: str = ""


class OrderRow(SQLModel, table=True):
    """What somebody at the desk wants done by who crawls, and what came of it."""

    __tablename__ = "desk_order"
    __table_args__ = (Index("ix_desk_order_state_id", "state", "id"),)

    id: int | None = Field(default=None, sa_column=Column(_BIG, primary_key=True))
    work: Work = _enum(Work)
    subject: str = Field(index=True)
    """The URL, source or run it is about."""
    wish: dict[str, Any] = _document()
    """How it is to be done, a key a choice."""
    by: str
    at: datetime = Field(sa_type=UTCDateTime)
    state: OrderState = _enum(OrderState, default=OrderState.WAITING)
    attempts: int = 0
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    outcome: dict[str, Any] = _document()
    message: str = ""
    """Why it failed, in German."""


class DeclarationRow(SQLModel, table=True):
    """A source that was declared at the desk: what else would be a YAML file."""

    __tablename__ = "declaration"

    source_id: str = Field(primary_key=True)
    document: dict[str, Any] = _document()
    """The keys of `crawlers.source.Source`."""
    by: str
    at: datetime = Field(sa_type=UTCDateTime)


class WordRow(SQLModel, table=True):
    """Which topic a site's own word is, as decided at the desk; before what a file says."""

    __tablename__ = "word"

    source_id: str = Field(primary_key=True, foreign_key="source.id")
    word: str = Field(primary_key=True)
    """As the site writes it."""
    code: str | None = None
    """The topic; None: it is none."""
    by: str
    at: datetime = Field(sa_type=UTCDateTime)


class UnansweredRow(SQLModel, table=True):
    """Words that several people searched for and nobody found anything by."""

    __tablename__ = "unanswered"

    words: str = Field(primary_key=True)
    first_day: date
    last_day: date
    times: int
    """How often, counted from when it was asked by enough people."""


class JobRow(SQLModel, table=True):
    """A job of the timetable, as APScheduler's SQLAlchemyJobStore keeps it."""

    __tablename__ = "schedule_job"

    id: str = Field(sa_column=Column(Unicode(191), primary_key=True))
    next_run_time: float | None = Field(default=None, sa_column=Column(Float(25), index=True))
    job_state: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class LeaseRow(SQLModel, table=True):
    """What one process of a cluster may work on alone, until when (see `aggregator.store.lease`).

    Rows stay when a lease ends, so that tokens only ever grow. SQLite has file locks instead.
    """

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    """"source pankow", "host example.org"."""
    holder: str
    """Who holds it, or held it last, in words for people."""
    token: int = Field(sa_type=BigInteger)
    """Goes up by one each time that it is taken."""
    until: datetime = Field(sa_type=UTCDateTime)
    """By the clock of the database."""
    taken_in: int = Field(default=0, sa_type=BigInteger)
    """The highest token under which a run was begun that the record has."""
