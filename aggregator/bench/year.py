"""A year of simulated time: what happens to sites, and what was made of it.

Made sites live through relaunches, outages, empty pages, moved hosts, waves of 404, broken lists
and slow decay; run folders as a crawl would leave them are taken in by the real intake on a virtual
clock. What is true is known at every moment, so that every wrong withdrawal, every late one and
every missed or doubled report of a broken source is counted.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session, col, select

from aggregator.bench.made import MadeCrawl, MadeOffer, leave
from aggregator.intake import ingest
from aggregator.lifecycle import WITHDRAWN_AFTER, WITHDRAWN_AFTER_RUNS
from aggregator.log import ChangeLog
from aggregator.places.places import Gazetteer
from aggregator.register import declare
from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from aggregator.store.tables import ListingRow, Presence, RunRow, Turn, TurnRow, Verdict
from aggregator.store.transaction import publishing
from crawlers.failure import Failure
from crawlers.source import Source

_BEGIN = datetime(2026, 1, 5, 4, tzinfo=UTC)
_NOUNS = (
    "Schulden", "Umgangs", "Krabbel", "Rechts", "Wohnungs", "Eltern", "Unterhalts", "Trennungs",
)  # fmt: skip
_KINDS = ("beratung", "gruppe", "treff", "kurs", "hilfe", "sprechstunde", "café", "abend")
_TEXTS = (
    "Offen für alle Alleinerziehenden im Bezirk, ohne Anmeldung und kostenlos.",
    "Wir nehmen uns Zeit, hören zu und suchen gemeinsam nach einem Weg.",
    "Mit Kinderbetreuung im Nebenraum; Tee und Obst stehen bereit.",
    "Fachkräfte antworten auf Fragen, die sich nach einer Trennung stellen.",
)


@dataclass(slots=True)
class Year:
    """What came of it; each figure names how often."""

    sources: int = 0
    days: int = 0
    runs: Counter[str] = field(default_factory=Counter)
    """Runs by what happened to the site that day, and the verdict: "outage failed"."""
    wrongly_withdrawn: int = 0
    """Offers withdrawn or ended while their site still had them."""
    removed: int = 0
    """Offers that a site really took down, long enough ago for the rule."""
    unseen: int = 0
    """Of these those that were not withdrawn within their rule."""
    ids_lost: int = 0
    """Offers that came back, moved or were corrected under another id."""
    breaks: int = 0
    """Times that a site broke, as its runs tell: a held back or failed one after a good one."""
    unreported: int = 0
    """Of these those without exactly one report on the same run."""
    recoveries: int = 0
    misreported: int = 0
    """Reports, of breaks or recoveries, that nothing stands behind."""
    missed: int = 0
    """Runs that met a broken site and were published as if nothing were."""

    @property
    def good(self) -> bool:
        """Whether all of it was as it must be."""
        return not (
            self.wrongly_withdrawn or self.unseen or self.ids_lost or self.unreported
            or self.misreported or self.missed
        )  # fmt: skip


@dataclass(slots=True)
class _Site:
    """A site, what is on it, and what is the matter with it."""

    source: Source
    chance: random.Random
    offers: dict[str, MadeOffer]
    every: int
    """Days between two crawls."""
    trouble: str = ""
    until: int = 0
    gone: dict[str, int] = field(default_factory=dict)
    """Titles of what was really taken down, with the day."""
    number: int = 0
    breaks: list[str] = field(default_factory=list)
    recoveries: list[str] = field(default_factory=list)
    ill: bool = False
    crawls: list[int] = field(default_factory=list)
    """Days of crawls that were published and complete."""

    def live(self, day: int) -> None:
        """What happens to the site on a day: work on its content, and now and then trouble."""
        chance = self.chance
        if self.trouble and day >= self.until:
            self.trouble = ""
        if not self.trouble and chance.random() < 0.012:
            self.trouble = chance.choice(_TROUBLES)
            self.until = day + chance.randint(1, 25)
            if self.trouble == "relaunch":
                self._relaunch()
        if chance.random() < 0.03 and len(self.offers) > 6:  # slow decay
            path = chance.choice(sorted(self.offers))
            self.gone[self.offers.pop(path).title] = day
        if chance.random() < 0.03:
            offer = _offer(self.source.id, self.number, chance)
            self.offers[offer.path] = offer
            self.number += 1
        if chance.random() < 0.02:
            path = chance.choice(sorted(self.offers))
            self.offers[path] = replace(self.offers[path], text=chance.choice(_TEXTS))
        if chance.random() < 0.01:
            self._move(chance.choice(sorted(self.offers)))

    def crawl(self) -> MadeCrawl:
        """What a crawl of the site meets today."""
        offers = tuple(self.offers.values())
        third = offers[: max(1, len(offers) // 3)]
        few = offers[: max(1, len(offers) // 6)]
        met = {
            "outage": MadeCrawl((), {"/": Failure.DNS}),
            "slow": MadeCrawl((), {"/": Failure.TIMEOUT}),
            "moved host": MadeCrawl((), {"/": Failure.MOVED_HOST}),
            "empty": MadeCrawl(()),
            "parked": MadeCrawl((), {"/": Failure.SOFT_404, "/x": Failure.GONE}),
            "challenge": MadeCrawl(offers, {"/pruefung": Failure.BOT_CHALLENGE}),
            "crash": MadeCrawl(offers, crashed=True),
            "half": MadeCrawl(third),
            "list breaks off": MadeCrawl(
                offers[len(few) :], {"/seite/2": Failure.SERVER_ERROR},
                following=frozenset({"/seite/2"}),
            ),
            "404 wave": MadeCrawl(
                offers[len(third) :], {one.path: Failure.GONE for one in third}
            ),
            "some 404": MadeCrawl(offers[len(few) :], {one.path: Failure.GONE for one in few}),
            "some errors": MadeCrawl(offers[1:], {offers[0].path: Failure.TIMEOUT}),
            "limit": MadeCrawl(offers[len(few) :], finish="time_limit"),
            "fields lost": MadeCrawl(tuple(replace(one, phone="") for one in offers)),
        }  # fmt: skip
        return met.get(self.trouble, MadeCrawl(offers))

    def _relaunch(self) -> None:
        """Every page moves, no word changes."""
        for number, path in enumerate(sorted(self.offers)):
            offer = self.offers.pop(path)
            moved = f"/neu{self.until}/{number}.html"
            self.offers[moved] = replace(offer, path=moved)

    def _move(self, path: str) -> None:
        offer = self.offers.pop(path)
        moved = f"{path}-{self.chance.randint(2, 9999)}"
        self.offers[moved] = replace(offer, path=moved)


_TROUBLES = (
    "outage", "slow", "moved host", "empty", "parked", "challenge", "crash", "half",
    "list breaks off", "404 wave", "some 404", "some errors", "limit", "fields lost", "relaunch",
)  # fmt: skip
_ILL = frozenset(
    {
        "outage", "slow", "moved host", "empty", "parked", "challenge", "crash", "half",
        "list breaks off", "404 wave", "fields lost",
    }
)  # fmt: skip
"""Troubles that must not be published; the others are small or change nothing."""


def run(sources: int, days: int, places: Gazetteer, seed: int = 1) -> Year:
    """Let so many sites live so many days, on a record of their own that is dropped again."""
    year = Year(sources=sources, days=days)
    with TemporaryDirectory(prefix="netzlotse-year-") as home:
        engine = connect(f"sqlite:///{home}/record.db")
        migrate(engine)
        sites = [_site(number, seed) for number in range(sources)]
        with publishing(engine) as session:
            changes = ChangeLog(session, "", _BEGIN)
            declare([site.source for site in sites], [], changes, _BEGIN.date())
        first: dict[tuple[str, str], str] = {}
        for day in range(days):
            at = _BEGIN + timedelta(days=day)
            for site in sites:
                site.live(day)
                if day % site.every:
                    continue
                folder = leave(Path(home) / "spool", site.source, at, site.crawl())
                row = ingest(engine, site.source, folder, places, at)
                _note(site, row, day, year)
            with Session(engine) as session:
                year.wrongly_withdrawn += _wrong(session, sites)
                year.ids_lost += _other_ids(session, first)
        with Session(engine) as session:
            _judge(session, sites, year)
        engine.dispose()
    return year


def _site(number: int, seed: int) -> _Site:
    chance = random.Random(f"{seed} {number}")  # noqa: S311 - to be repeated, not to be secret
    source = Source.model_validate(
        {
            "id": f"site-{number:03}",
            "title": f"Netzwerk {number}",
            "region": "11003",
            "start": [f"https://site-{number:03}.example/"],
        }
    )
    site = _Site(source, chance, {}, every=chance.choice((1, 3, 7, 7)))
    for site.number in range(chance.randint(8, 16)):
        offer = _offer(source.id, site.number, chance)
        site.offers[offer.path] = offer
    site.number += 1
    return site


def _offer(source_id: str, number: int, chance: random.Random) -> MadeOffer:
    title = f"{_NOUNS[number % 8]}{_KINDS[number // 8 % 8]} {source_id} Nr. {number}"
    phone = f"030 23{int(source_id[-3:]):03} {100 + number}"
    return MadeOffer(f"/angebote/{number}", title, phone, chance.choice(_TEXTS))


def _note(site: _Site, row: RunRow, day: int, year: Year) -> None:
    """Keep what a run says, and what it should have."""
    year.runs[f"{site.trouble or 'well'}: {row.verdict}"] += 1
    published = row.verdict in {Verdict.ACCEPTED, Verdict.WARNED}
    if published:
        year.missed += site.trouble in _ILL
        if site.ill:
            site.recoveries.append(row.id)
        if not any(reason["check"] == "finished" for reason in row.reasons):
            site.crawls.append(day)
    elif not site.ill:
        site.breaks.append(row.id)
    site.ill = not published


def _wrong(session: Session, sites: list[_Site]) -> int:
    """Offers that are withdrawn although their site has them."""
    there = {(site.source.id, one.title) for site in sites for one in site.offers.values()}
    query = select(ListingRow).where(
        col(ListingRow.presence).in_((Presence.WITHDRAWN, Presence.EXPIRED))
    )
    rows = session.exec(query)
    return sum((row.source_id, row.flat.get("title")) in there for row in rows)


def _other_ids(session: Session, first: dict[tuple[str, str], str]) -> int:
    """Offers that go by another id than the first time they were seen."""
    lost = 0
    query = select(ListingRow.source_id, ListingRow.flat, ListingRow.id).order_by(
        col(ListingRow.first_seen)
    )
    for source_id, flat, identity in session.exec(query):
        known = first.setdefault((source_id, flat["title"]), identity)
        if known != identity:
            first[source_id, flat["title"]] = identity
            lost += 1
    return lost


def _judge(session: Session, sites: list[_Site], year: Year) -> None:
    rows = {(r.source_id, r.flat["title"]): r.presence for r in session.exec(select(ListingRow))}
    turns = Counter((row.source_id, row.run_id, row.turn) for row in session.exec(select(TurnRow)))
    for site in sites:
        for title, day in site.gone.items():
            presence = rows.get((site.source.id, title))
            after = [one for one in site.crawls if one >= day]
            due = len(after) >= WITHDRAWN_AFTER_RUNS and (
                timedelta(days=after[-1] - after[0]) >= WITHDRAWN_AFTER
            )
            if presence is not None and due:
                year.removed += 1
                year.unseen += presence is not Presence.WITHDRAWN
        for run_id, turn in _expected(site):
            year.breaks += turn is Turn.BROKEN
            year.recoveries += turn is Turn.RECOVERED
            year.unreported += turns.pop((site.source.id, run_id, turn), 0) != 1
    year.misreported = sum(turns.values())


def _expected(site: _Site) -> Iterator[tuple[str, Turn]]:
    yield from ((run_id, Turn.BROKEN) for run_id in site.breaks)
    yield from ((run_id, Turn.RECOVERED) for run_id in site.recoveries)
