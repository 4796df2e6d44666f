"""Trying a site: the real crawl of a few pages, and what it would come to, with no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from aggregator.harvest import BERLIN, Draft, Harvest, read_harvest
from aggregator.places.places import Gazetteer
from aggregator.settings import Settings
from crawlers.archive import Archive, read_page
from crawlers.failure import Failure
from crawlers.job import Job
from crawlers.page import Page
from crawlers.pattern import Pattern
from crawlers.reading import detect, read
from crawlers.source import Permission, Source, SourceError
from crawlers.spool import JOB, PageEntry, Summary, write_json
from schedules.crawling import LOG, Crawls
from schedules.hold import Hold
from schedules.proposal import expecting, first_source, proposed, region_of, with_pages
from schedules.units import pattern_of

_PAGE_SIZES = frozenset({10, 12, 20, 25, 50, 100})
"""How many entries systems put on one page of a list, where nobody chose another number."""
_LOOKED_AT = 60  # pages that tell which adapters know the site
_TRIED = 20  # pages on which a pattern is tried
_DECLARED = "a pattern is declared"


class UnreachableError(SourceError):
    """Nothing of a site could be fetched; the message is one German line with what to do."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An adapter that recognises pages of the site, why, and what came of it.

    `pages` counts those that it recognises, `records` the offers that it read.
    """

    adapter: str
    confidence: float
    reason: str
    pages: int = 0
    records: int = 0


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to look at before the site is declared; `message` is German."""

    code: Failure
    message: str
    url: str = ""


@dataclass(frozen=True)
class Probed:
    """What a probe found. `source` is the declaration it leads to."""

    source: Source
    summary: Summary
    harvest: Harvest
    claims: Sequence[Claim]
    """The adapters that recognise any page or read an offer, the surest first."""
    warnings: Sequence[Warned]
    archive: Archive
    pattern: Pattern | None = None
    """With which the same records would be found, where the site is of no make that is known."""

    @property
    def failures(self) -> list[PageEntry]:
        """The pages that could not be read."""
        return [entry for entry in self.harvest.pages if entry.failure]

    @property
    def fill(self) -> dict[str, float]:
        """Per field the share of offers that have it, the fullest first."""
        filled: Counter[str] = Counter()
        for draft in self.harvest.offers:
            filled.update(k for k, value in draft.values.items() if value not in (None, [], ""))
        return {name: count / len(self.harvest.offers) for name, count in filled.most_common()}

    @property
    def doubts(self) -> Mapping[str, int]:
        """What was seen and not understood, by code, the most frequent first."""
        codes = Counter(d.code for draft in self.harvest.offers for d in draft.reading.doubts)
        return dict(codes.most_common())

    def richest(self) -> Page | None:
        """The page with the most records, HTML before anything else; the first where all tie."""
        entries = [e for e in self.harvest.pages if e.archived and not e.failure]
        best = max(entries, key=lambda e: ("html" in e.media_type, e.records), default=None)
        return read_page(self.archive, best.archived) if best and best.archived else None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be probed. `region` and `id` are found out where they are not given.

    `declared` is a source to be tried as it is declared, its pattern and all, instead of a URL;
    `permission` is what its owner allowed although the site reserves text and data mining.
    """

    url: str
    pages: int = 40
    region: str | None = None
    id: str | None = None
    declared: Source | None = None
    permission: Permission | None = None

    def source(self) -> Source:
        """What the probe runs with. Raises SourceError where the URL is none."""
        if self.declared is None:
            source = first_source(self.url, self.id, self.region, pages=self.pages)
            return source.model_copy(update={"permission": self.permission})
        return with_pages(self.declared, self.pages)


def probe(
    wish: Wish, settings: Settings, places: Gazetteer, folder: Path, held: Hold | None = None
) -> Probed:
    """Crawl a few pages of a site into `folder`, and read them as a run of it would be.

    `held` are its hosts, where others might visit them at the same time.

    Raises SourceError where the wish makes no declaration, UnreachableError where no page came.
    """
    source = wish.source()
    run, archive = folder / "run", Archive((folder / "archive").absolute())
    run.mkdir(parents=True)
    _crawl(source, settings, run, archive, held or Hold())
    harvest = _ahead(read_harvest(run, source, places))
    summary = _reached(source, harvest, run)
    pages = [e for e in harvest.pages if e.archived and not e.failure]
    start = next((p for p in _archived(pages[:1], archive)), None)
    if wish.region is None and wish.declared is None:
        region = region_of(harvest.offers, start.text if start else "", places)
        source = source.model_copy(update={"region": region})
        harvest = _ahead(read_harvest(run, source, places))
    claims = _claims(_archived(pages[:_LOOKED_AT], archive), harvest.offers)
    if wish.declared is None:
        source = proposed(source, start, len(harvest.offers))
    else:
        source = expecting(wish.declared, len(harvest.offers))
    return Probed(
        source=source,
        summary=summary,
        harvest=harvest,
        claims=claims,
        warnings=[
            *_of_run(summary, harvest.offers),
            *_truncated(source, pages, lambda entry: next(iter(_archived([entry], archive)), None)),
        ],
        archive=archive,
        pattern=_pattern(source, pages, archive) if wish.declared is None else None,
    )


def _ahead(harvest: Harvest) -> Harvest:
    """A harvest without what is over: it would not be published."""
    today = datetime.now(BERLIN).date()
    return replace(harvest, offers=tuple(d for d in harvest.offers if not d.is_over(today)))


def _pattern(source: Source, entries: Sequence[PageEntry], archive: Archive) -> Pattern | None:
    """A pattern from the pages that told of anything, tried on them and some others."""
    telling = sorted(entries, key=lambda entry: -entry.records)[:_TRIED]
    return pattern_of(source, list(_archived(telling, archive)))


def _crawl(source: Source, settings: Settings, run: Path, archive: Archive, held: Hold) -> None:
    job = Job(
        run_id=f"{source.id}.{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}",
        source=source,
        archive_dir=archive.folder,
        contact=settings.contact,
        download_delay=settings.download_delay,
        allowed_private_hosts=settings.allowed_private_hosts,
        memory=settings.crawl_memory,
        log_level=settings.log_level,
        token=held.leases[0].token if held.leases else None,
    )
    write_json(run / JOB, job.model_dump(mode="json"))
    held.rest = job.pause
    limit = source.politeness.seconds
    if Crawls().run(run, held, limit).late:
        raise UnreachableError(
            f"{source.start[0]}: nach {limit} Sekunden abgebrochen. {Failure.TIMEOUT.advice}"
        )


def _reached(source: Source, harvest: Harvest, run: Path) -> Summary:
    """How the crawl ended, where at least one page could be read."""
    url = source.start[0]
    if harvest.summary is None:
        log = (run / LOG).read_text("utf-8", "replace").strip().splitlines()
        last = f": {log[-1][:200]}" if log else ""
        raise UnreachableError(f"{url}: der Abruf ist abgestürzt{last}")
    said = harvest.summary.reservation
    if harvest.summary.finish == Failure.RESERVED and said:
        raise UnreachableError(f"{url}: {Failure.RESERVED.advice} ({said.where}: „{said.quote}“)")
    if all(entry.failure for entry in harvest.pages):
        failed = [entry for entry in harvest.pages if entry.failure]
        cause = failed[0].failure if failed else None
        name = cause or Failure.CONNECTION
        reason = f" ({failed[0].reason})" if failed and failed[0].reason else ""
        raise UnreachableError(f"{url}: {name}{reason}. {name.advice}")
    return harvest.summary


def _archived(entries: Iterable[PageEntry], archive: Archive) -> Iterable[Page]:
    return (read_page(archive, entry.archived) for entry in entries if entry.archived)


def _claims(pages: Iterable[Page], offers: Sequence[Draft]) -> list[Claim]:
    """The adapters that recognise any of the pages or read any of the offers, the surest first."""
    best: dict[str, Claim] = {}
    for page in pages:
        for adapter, claim in detect(page):
            known = best.get(adapter.name, Claim(adapter.name, 0.0, ""))
            surer = claim if claim.confidence > known.confidence else known
            best[adapter.name] = Claim(
                adapter.name, surer.confidence, surer.reason, known.pages + 1
            )
    for name, count in Counter(d.record.extractor.partition("@")[0] for d in offers).items():
        known = best.get(name, Claim(name, 1.0, _DECLARED if name == "pattern" else ""))
        best[name] = replace(known, records=count)
    return sorted(best.values(), key=lambda claim: (-claim.confidence, -claim.records))


def _of_run(summary: Summary, offers: Sequence[Draft]) -> Iterable[Warned]:
    """What the run as a whole gives to think about."""
    if not offers:
        yield Warned(
            Failure.EMPTY,
            f"{Failure.EMPTY.advice} Andere Startadresse wählen oder ein Muster (pattern) angeben.",
        )
    if summary.fetched + summary.not_modified == 1:
        why = (
            f"{summary.failed} verlinkte kamen nicht (siehe oben)"
            if summary.failed
            else "von ihr führt kein Link zu weiteren"
        )
        yield Warned(
            Failure.EMPTY,
            f"Nur eine Seite war lesbar: {why}. Ist die Startadresse richtig, oder entsteht die "
            "Seite erst durch JavaScript?",
        )
    if summary.finish == "page_limit":
        yield Warned(
            Failure.TRUNCATED,
            f"Nach {summary.pages} Seiten war Schluss (--pages); die Website hat mehr. Die "
            "Erwartungen gelten nur für diesen Teil.",
        )
    elif not summary.complete:
        yield Warned(Failure.TRUNCATED, f"Der Abruf endete vorzeitig ({summary.finish}).")


def _truncated(
    source: Source, entries: Iterable[PageEntry], fetched: Callable[[PageEntry], Page | None]
) -> Iterable[Warned]:
    """Lists that end exactly where a system ends a page, and lead to no next one."""
    for entry in entries:
        if entry.records not in _PAGE_SIZES:
            continue
        page = fetched(entry)
        # An API that tells how many pages it has was followed to its last.
        if page is None or "x-wp-totalpages" in page.headers:
            continue
        if not any(link.reason.startswith("next") for link in read(page, source).links):
            yield Warned(
                Failure.TRUNCATED,
                f"Die Liste endet nach genau {entry.records} Einträgen ohne Link zur nächsten "
                f"Seite. {Failure.TRUNCATED.advice}",
                entry.url,
            )
