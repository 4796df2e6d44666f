"""A year of simulated time: what happens to sites, and what was made of it.

Made sites live through relaunches, outages, empty pages, moved hosts, waves of 404, broken lists
and slow decay; run folders as a crawl would leave them are taken in by the real intake on a virtual
clock. What is true is known at every moment, so that every wrong withdrawal, every late one and
every missed or doubled report of a broken source is counted.

What the rules allow is reckoned here a second time, from what the site answered and not from what
the record keeps. A page that answers 404 for so long that the rule ends its offer cannot be told
from one that was taken down, though its owner means it to be there: such offers are counted apart
(`by_rule`), each must have been announced by a warning where others were gone with it, and must be
back under its own id with the first crawl that reads it again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session, col, select

from aggregator.bench.made import MadeCrawl, MadeOffer, leave
from aggregator.intake import accept, ingest
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
_RUNS, _DAYS, _ANSWERS = 3, 14, 2
"""The rule: so many crawls in a row and so many days without an offer, or so many times 404."""
_WAVE = 0.1
"""Two pages or more, and this share of a site's, that are gone at once are no proof."""
_LOOKS_AFTER = 7
"""Days for which the gate holds back a site that is well until a coordinator looks at it."""
_LINKED = 60
"""Days for which a site goes on linking a page that it took down."""
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
    runs: dict[str, int] = field(default_factory=dict)
    """Runs by what happened to the site that day, and the verdict: "outage failed"."""
    wrongly_withdrawn: int = 0
    """Offers withdrawn or ended while their site had them, against the rule; each counted once."""
    by_rule: int = 0
    """Offers whose page answered 404 for as long as the rule asks, and then came back."""
    unannounced: int = 0
    """Of these those that were gone together with others, without a warning before."""
    not_back: int = 0
    """Offers that the last crawl of a site found, and that are not shown as present."""
    removed: int = 0
    """Offers that a site really took down, long enough ago for the rule."""
    unseen: int = 0
    """Of these those that were not withdrawn within their rule."""
    ids_lost: int = 0
    """Offers that came back or moved under another id."""
    rewritten: int = 0
    """Offers under another id that moved and were rewritten between two visits: nothing that the
    rule asks for (contact *and* wording) is left to know them by."""
    breaks: int = 0
    """Times that a site broke, as its runs tell: a held back or failed one after a good one."""
    unreported: int = 0
    """Of these those without exactly one report on the same run."""
    recoveries: int = 0
    misreported: int = 0
    """Reports, of breaks or recoveries, that nothing stands behind."""
    missed: int = 0
    """Runs that met a broken site and were published as if nothing were."""
    held_back: int = 0
    """Runs of a site that was well which the gate held back: it had changed too much at once."""
    accepted_by_hand: int = 0
    """Of these those that a coordinator looked at and published."""

    @property
    def good(self) -> bool:
        """Whether all of it was as it must be."""
        return not (
            self.wrongly_withdrawn or self.unannounced or self.not_back or self.unseen
            or self.ids_lost or self.unreported or self.misreported or self.missed
        )  # fmt: skip


@dataclass(slots=True)
class _Away:
    """What published, complete crawls in a row were told of an offer that they did not find."""

    days: list[int] = field(default_factory=list)
    """When they did not find it, although all was read that might lead to it."""
    gone: list[int] = field(default_factory=list)
    """When its own page, and no wave of pages with it, answered 404."""
    together: bool = False
    """Whether it was ever gone in a wave; and whether the gate warned of each."""
    warned: bool = True

    @property
    def due(self) -> bool:
        """Whether the rule withdraws it."""
        long = len(self.days) >= _RUNS and self.days[-1] - self.days[0] >= _DAYS
        return long or len(self.gone) >= _ANSWERS


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
    interrupted: bool = False
    """Whether its last crawl was interrupted."""
    linked: dict[str, int] = field(default_factory=dict)
    """Paths of pages that were taken down and are linked still, with the day."""
    paths: dict[str, str] = field(default_factory=dict)
    """Where every title was found last."""
    read: dict[str, int] = field(default_factory=dict)
    """When a crawl could last read a path."""
    found: dict[str, int] = field(default_factory=dict)
    """When a published one last found a title."""
    away: dict[str, _Away] = field(default_factory=dict)
    held_back: int = 0
    """Days since the gate began to hold back a site that is well."""
    moved: set[str] = field(default_factory=set)
    """Titles whose page moved since the last published, complete crawl; likewise the next."""
    reworded: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    """Titles that were both at once at some time."""
    met: MadeCrawl = field(default_factory=MadeCrawl)

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
            if chance.random() < 0.5:  # what links to it is forgotten
                self.linked[path] = day
        if chance.random() < 0.03:
            offer = _offer(self.source.id, self.number, chance)
            self.offers[offer.path] = offer
            self.number += 1
        if chance.random() < 0.02:
            path = chance.choice(sorted(self.offers))
            self.offers[path] = replace(self.offers[path], text=chance.choice(_TEXTS))
            self.reworded.add(self.offers[path].title)
        if chance.random() < 0.01:
            self._move(chance.choice(sorted(self.offers)))
        self.linked = {path: since for path, since in self.linked.items() if day - since < _LINKED}

    def crawl(self) -> MadeCrawl:
        """What a crawl of the site meets today."""
        self.met = met = self._meet()
        if len(met.offers) > 0 and not (
            met.crashed or met.interrupted
        ):  # where lists come, dead links do
            dead = dict.fromkeys(self.linked, Failure.GONE)
            self.met = replace(met, failures={**dead, **met.failures})
        return self.met

    def _meet(self) -> MadeCrawl:
        offers = tuple(self.offers.values())
        wave = offers[: max(3, len(offers) * 2 // 5 + 1)]
        some = offers[: self.until % 3 + 1]
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
            "interrupted": MadeCrawl(offers, interrupted=True),
            "half": MadeCrawl(third),
            "list breaks off": MadeCrawl(
                offers[len(few) :], {"/seite/2": Failure.SERVER_ERROR},
                following=frozenset({"/seite/2"}),
            ),
            "404 wave": MadeCrawl(
                offers[len(wave) :], {one.path: Failure.GONE for one in wave}
            ),
            "some 404": MadeCrawl(offers[len(some) :], {one.path: Failure.GONE for one in some}),
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
            self.moved.add(offer.title)

    def _move(self, path: str) -> None:
        offer = self.offers.pop(path)
        moved = f"{path}-{self.chance.randint(2, 9999)}"
        self.offers[moved] = replace(offer, path=moved)
        self.moved.add(offer.title)

    def look(self, day: int, *, complete: bool, warned: bool) -> None:
        """Reckon what a published crawl was told of every offer, found or not."""
        found = {one.title for one in self.met.offers}
        if complete:
            self._miss(self.found.keys() - found, day, warned=warned)
        for one in self.met.offers:
            self.away.pop(one.title, None)
            self.found[one.title], self.paths[one.title] = day, one.path

    def _miss(self, absent: Collection[str], day: int, *, warned: bool) -> None:
        failures = self.met.failures
        waiting = {title for title in absent if not self._is_over(title)}
        gone = {title for title in waiting if failures.get(self.paths[title]) is Failure.GONE}
        wave = len(gone) > 1 and len(gone) >= (len(self.met.offers) + len(waiting)) * _WAVE
        lost = {path for path, why in failures.items() if why is not Failure.GONE}
        for title in waiting:
            path = self.paths[title]
            hidden = any(self.read.get(one, -1) >= self.found[title] for one in lost)
            if path in lost or (path not in failures and hidden):
                continue
            away = self.away.setdefault(title, _Away())
            away.days.append(day)
            if title not in gone:
                away.gone.clear()
            elif wave:
                away.together, away.warned = True, away.warned and warned
            else:
                away.gone.append(day)

    def _is_over(self, title: str) -> bool:
        return title in self.away and self.away[title].due


_TROUBLES = (
    "outage", "slow", "moved host", "empty", "parked", "challenge", "crash", "half",
    "list breaks off", "404 wave", "some 404", "some errors", "limit", "fields lost", "relaunch",
    "interrupted",
)  # fmt: skip
_ILL = frozenset(
    {
        "outage", "slow", "moved host", "empty", "parked", "challenge", "crash", "half",
        "list breaks off", "404 wave", "fields lost", "interrupted",
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
        wrong: set[str] = set()
        ruled: dict[str, _Away] = {}
        for day in range(days):
            at = _BEGIN + timedelta(days=day)
            for site in sites:
                site.live(day)
                if day % site.every:
                    continue
                folder = leave(Path(home) / "spool", site.source, at, site.crawl())
                row = ingest(engine, site.source, folder, places, at)
                _note(site, row, day, year)
                if site.held_back > _LOOKS_AFTER:
                    told = "die Seite ist so"
                    row = accept(engine, site.source, folder, places, at, None, "anna", told)
                    year.accepted_by_hand += 1
                    _note(site, row, day, year)
            with Session(engine) as session:
                _withdrawn(session, sites, wrong, ruled)
        year.wrongly_withdrawn, year.by_rule = len(wrong), len(ruled)
        year.unannounced = sum(one.together and not one.warned for one in ruled.values())
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
    what = f"{site.trouble or 'well'}: {row.verdict}"
    year.runs[what] = year.runs.get(what, 0) + 1
    published = row.verdict in {Verdict.ACCEPTED, Verdict.WARNED}
    if not (site.met.crashed or site.met.interrupted):
        site.read |= dict.fromkeys(
            {"/", *(o.path for o in site.met.offers)} - {*site.met.failures}, day
        )
    again, site.interrupted = site.interrupted, site.met.interrupted
    well = site.trouble not in _ILL
    year.held_back += well and not published
    site.held_back = site.held_back + site.every if well and not published else 0
    if published:
        year.missed += not well
        if site.ill:
            site.recoveries.append(row.id)
        complete = site.met.finish == "finished"
        warned = any(reason["check"] == "gone" for reason in row.reasons)
        site.look(day, complete=complete, warned=warned)
        if complete:
            site.unclear |= site.moved & site.reworded
            site.moved, site.reworded = set(), set()
    elif not site.ill and (again or not site.met.interrupted):
        site.breaks.append(row.id)
    # That netzlotse was ended once says nothing of a site.
    site.ill = not published and (site.ill or again or not site.met.interrupted)


def _withdrawn(
    session: Session, sites: list[_Site], wrong: set[str], ruled: dict[str, _Away]
) -> None:
    """Sort listings that are withdrawn although their site has them: by rule or wrongly."""
    by_id = {site.source.id: site for site in sites}
    there = {(site.source.id, one.title) for site in sites for one in site.offers.values()}
    query = select(ListingRow).where(
        col(ListingRow.presence).in_((Presence.WITHDRAWN, Presence.EXPIRED))
    )
    for row in session.exec(query):
        title = row.flat["title"]
        if (row.source_id, title) not in there or _other(session, row):
            continue
        away = by_id[row.source_id].away.get(title)
        if away is not None and away.due:
            ruled[row.id] = away
        else:
            wrong.add(row.id)


def _other(session: Session, row: ListingRow) -> bool:
    """Whether the offer lives on under another id: that is counted as one lost."""
    query = select(ListingRow).where(
        ListingRow.source_id == row.source_id, ListingRow.presence == Presence.PRESENT
    )
    return any(one.flat["title"] == row.flat["title"] for one in session.exec(query))


def _judge(session: Session, sites: list[_Site], year: Year) -> None:
    listed = list(session.exec(select(ListingRow).order_by(col(ListingRow.last_seen))))
    rows = {(row.source_id, row.flat["title"]): row.presence for row in listed}
    unclear = {(site.source.id, title) for site in sites for title in site.unclear}
    for offer, times in Counter((row.source_id, row.flat["title"]) for row in listed).items():
        if offer in unclear:
            year.rewritten += times - 1
        else:
            year.ids_lost += times - 1
    turns = Counter((row.source_id, row.run_id, row.turn) for row in session.exec(select(TurnRow)))
    for site in sites:
        for title in site.gone.keys() & site.away.keys():
            if site.away[title].due:
                year.removed += 1
                year.unseen += rows[site.source.id, title] is not Presence.WITHDRAWN
        for title in {one.title for one in site.offers.values()} & site.found.keys():
            there = title not in site.away
            year.not_back += there and rows[site.source.id, title] is not Presence.PRESENT
        for run_id, turn in _expected(site):
            year.breaks += turn is Turn.BROKEN
            year.recoveries += turn is Turn.RECOVERED
            year.unreported += turns.pop((site.source.id, run_id, turn), 0) != 1
    year.misreported = sum(turns.values())


def _expected(site: _Site) -> Iterator[tuple[str, Turn]]:
    yield from ((run_id, Turn.BROKEN) for run_id in site.breaks)
    yield from ((run_id, Turn.RECOVERED) for run_id in site.recoveries)
