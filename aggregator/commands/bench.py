"""`netzlotse bench`: how well and how fast things are done, on sites whose truth is known."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.table import Table

from aggregator.bench import extract as extracting
from aggregator.bench import harvest as harvesting
from aggregator.bench import normalise as normalising
from aggregator.bench import relevance as relevances
from aggregator.bench import resolve as resolving
from aggregator.bench import search as searching
from aggregator.bench import year as simulating
from aggregator.bench.extract import Benchmark
from aggregator.bench.harvest import Pace
from aggregator.bench.institutions import institutions
from aggregator.bench.labelled import LayoutError, load_labelled
from aggregator.bench.resolve import Linkage
from aggregator.bench.scoring import Count, Miss, Score
from aggregator.bench.sites import load_sites
from aggregator.index.directory import EngineName, open_searcher, open_writer
from aggregator.listing import Listing
from aggregator.places.places import load_gazetteer
from crawlers.commands.terminal import console
from crawlers.samples.federation import SITES

bench = typer.Typer(no_args_is_help=True)


@bench.callback()
def about() -> None:
    """Measure quality and speed on sites whose truth is known.

    Examples:
        netzlotse bench extract

        netzlotse bench normalise --truth my-sites
    """


Truth = Annotated[
    Path,
    typer.Option(
        "--truth",
        exists=True,
        file_okay=False,
        show_default="the sample sites",
        help="Folder of sites: <id>/www, <id>/truth.jsonl, <id>/source.yml or source.json.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Misses = Annotated[bool, typer.Option("--misses", help="List every difference.")]


@bench.command()
def extract(truth: Truth = SITES, as_json: AsJson = False, misses: Misses = False) -> None:
    """Find the listings of each site from its start URL: recall, precision, ms a page.

    Examples:
        netzlotse bench extract

        netzlotse bench extract --truth my-sites --misses
    """
    done = extracting.run(load_sites(truth), load_gazetteer())
    if as_json:
        _echo({"sites": {s.site: _site(s) for s in done.sites}, **_totals(done)}, done, misses)
        return
    out = console()
    table = Table("site", "pages", "ms/page", "true", "found", "recall", "precision", "leaks")
    for site in done.sites:
        count = site.score.records
        table.add_row(
            site.site,
            str(site.pages),
            f"{1_000 * site.seconds / max(1, site.pages):.1f}",
            str(count.right + count.missing),
            str(count.right + count.invented),
            _share(count.recall),
            _share(count.precision),
            str(len(site.leaks)),
        )
    out.print(table)
    count = done.total.records
    out.print(
        f"records: recall {_share(count.recall)}, precision {_share(count.precision)}; "
        f"{done.ms_a_page:.1f} ms/page"
    )
    out.print(_fields(done.total))
    _print_misses(done.total.misses if misses else [])


@bench.command()
def normalise(truth: Truth = SITES, as_json: AsJson = False, misses: Misses = False) -> None:
    """Read every record of each site: precision and recall a field, listings/s on one core.

    Examples:
        netzlotse bench normalise

        netzlotse bench normalise --json
    """
    gazetteer = load_gazetteer()
    done = extracting.run(load_sites(truth), gazetteer)
    work = [one for site in done.sites for one in site.work]
    valid, numbers = normalising.valid_phones(work, gazetteer)
    pace = normalising.speed(done, gazetteer)
    if as_json:
        document = _totals(done) | {"phones": {"valid": valid, "read": numbers}}
        if pace is not None:
            document["speed"] = {
                "listings": pace.listings,
                "cold": round(pace.cold),
                "warm": round(pace.warm),
            }
        _echo(document, done, misses)
        return
    out = console()
    out.print(_fields(done.total))
    hours = done.total.fields.get("hours_osm", Count())
    out.print(
        f"hours exact over 13 weeks: {_share(hours.recall)}; "
        f"telephone numbers valid: {valid} of {numbers}"
    )
    if pace is not None:
        out.print(
            f"listings/s on one core: {pace.cold:.0f} cold, {pace.warm:.0f} warm "
            f"({pace.listings} listings)"
        )
    _print_misses(done.total.misses if misses else [])


@bench.command()
def year(
    sources: Annotated[int, typer.Option(min=1, max=500, help="Made sites.")] = 100,
    days: Annotated[int, typer.Option(min=1, max=3_650, help="Simulated days.")] = 365,
    seed: Annotated[int, typer.Option(help="Another number is another year.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Let made sites live a year on a virtual clock: what was withdrawn, seen and reported.

    Exit code 1 where anything valid was withdrawn, anything removed not seen within its rule, an
    id lost, or a break not reported once within its run. A hundred sources take some minutes.

    Examples:
        netzlotse bench year

        netzlotse bench year --sources 10 --days 120 --json
    """
    done = simulating.run(sources, days, load_gazetteer(), seed)
    if as_json:
        sys.stdout.write(json.dumps({**asdict(done), "good": done.good}) + "\n")
    else:
        table = Table("what happened to the site: verdict", "runs")
        for what, times in sorted(done.runs.items()):
            table.add_row(what, str(times))
        out = console()
        out.print(table)
        for name, value in asdict(done).items():
            if name != "runs":
                out.print(f"{name.replace('_', ' ')}: {value}")
    if not done.good:
        raise typer.Exit(1)


@bench.command()
def harvest(
    pages: Annotated[int, typer.Option(min=10, max=20_000, help="Pages of the made site.")] = 2_000,
    memory: Annotated[
        int | None,
        typer.Option(min=10, max=20_000, help="Only crawl so many pages and tell the peak memory."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch, archive and read a made site on loopback, beside Scrapy alone; read it again.

    Examples:
        netzlotse bench harvest

        netzlotse bench harvest --memory 20000
    """
    if memory:
        paces = {"crawl": harvesting.memory(memory)}
    else:
        paces = harvesting.run(pages, load_gazetteer())
    if as_json:
        told: dict[str, Any] = {name: _pace(pace) for name, pace in paces.items()}
        if not memory:
            told["bars"] = {name: round(x, 2) for name, x in harvesting.bars(paces).items()}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    table = Table("", "pages", "pages/s", "ms of processor/page", "peak MiB")
    for name, pace in paces.items():
        peak = f"{pace.peak_mib:.0f}" if pace.peak_mib else "–"
        table.add_row(name, str(pace.pages), f"{pace.per_second:.0f}", f"{pace.ms:.2f}", peak)
    out = console()
    out.print(table)
    for name, ratio in harvesting.bars(paces).items() if not memory else ():
        out.print(f"{name}: {ratio:.2f}")


@bench.command()
def search(
    offers: Annotated[
        list[int] | None, typer.Option(min=100, help="How many made offers; may be repeated.")
    ] = None,
    postgres: Annotated[
        str | None, typer.Option(help="SQLAlchemy URL of an empty PostgreSQL database.")
    ] = None,
    engine: Annotated[
        list[str] | None,
        typer.Option(help="tantivy, fts5, sqlite, postgresql; may be repeated. Default: all."),
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Where offers and indexes are kept meanwhile (a million take 3 GB); by default "
            "where this machine keeps temporary files.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build the index from made German offers and ask it, beside SQLite FTS5 and PostgreSQL.

    Times are milliseconds a question (50 % and 95 % stay below): the words alone, with counts of
    414 values, within ten kilometres, and what is proposed while typing.

    Examples:
        netzlotse bench search --offers 100000 --postgres postgresql+psycopg://user@/empty

        netzlotse bench search --offers 1000000 --engine tantivy --engine sqlite
    """
    names = engine or list(searching.ENGINES)
    if unknown := sorted(set(names) - set(searching.ENGINES)):
        raise typer.BadParameter(f"no such engine: {', '.join(unknown)}")
    out = console()
    told: list[dict[str, Any]] = []
    for count in offers or [100_000, 1_000_000]:
        table = Table(
            "engine", "build s", "cpu s", "disk MB", "peak MB", "1,000 changes s",
            *(f"{kind} p50 / p95" for kind in searching.KINDS),
            title=f"{count:,} offers",
        )  # fmt: skip
        for done in searching.run(count, postgres, names, work):
            table.add_row(
                done.engine,
                f"{done.build_seconds:.0f}",
                f"{done.build_cpu:.0f}",
                f"{done.disk_mb:.0f}",
                f"{done.memory_mb:.0f}",
                "–" if done.apply_seconds is None else f"{done.apply_seconds:.2f}",
                *(_quantiles(done, kind) for kind in searching.KINDS),
            )
            told.append({"offers": count, **searching.summary(done)})
        if not as_json:
            out.print(table)
    if as_json:
        sys.stdout.write(json.dumps(told) + "\n")


@bench.command()
def relevance(
    queries: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="YAML: kind, query, beginnings of right titles."
        ),
    ],
    engine: Annotated[str, typer.Option(help="tantivy or fts5.")] = "tantivy",
    misses: Misses = False,
    as_json: AsJson = False,
) -> None:
    """Ask judged lay queries of the sample federation: right among the first three, nDCG@10.

    Examples:
        netzlotse bench relevance tests/relevance/federation.yml --misses
    """
    kind: EngineName = "fts5" if engine == "fts5" else "tantivy"
    with TemporaryDirectory(prefix="netzlotse-relevance-") as folder:
        with open_writer(Path(folder), kind) as writer:
            writer.apply(relevances.sample_offers(), (), 1)
        searcher = open_searcher(Path(folder))
        answers = relevances.measure(searcher, relevances.judged_queries(queries))
    table = Table("kind", "queries", "right in the first 3", "nDCG@10")
    kinds = dict.fromkeys(one.kind for one in answers)
    groups = [(name, [one for one in answers if one.kind == name]) for name in kinds]
    rows = [(name, *relevances.score(group)) for name, group in [*groups, ("all", answers)]]
    if as_json:
        sys.stdout.write(
            json.dumps(
                {name: {"queries": n, "hit": hit, "ndcg": gain} for name, n, hit, gain in rows}
            )
            + "\n"
        )
        return
    for name, number, hit, gain in rows:
        table.add_row(name, str(number), f"{hit:.3f}", f"{gain:.3f}")
    console().print(table)
    for one in answers if misses else []:
        if not one.hit:
            sys.stdout.write(f"{one.kind}: {one.query} -> {', '.join(one.titles[:3])}\n")


def _quantiles(done: searching.Timing, kind: str) -> str:
    half, most = done.at(kind, 0.5), done.at(kind, 0.95)
    return "–" if half is None or most is None else f"{half:.1f} / {most:.1f}"


@bench.command()
def resolve(
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            exists=True,
            help="Labelled records: the Fodors-Zagat file, or a folder with the two of Febrl 4.",
            show_default="a made set of German offers",
        ),
    ] = None,
    records: Annotated[
        int, typer.Option(min=100, max=5_000_000, help="Listings of the made set.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(help="Another made set.")] = 1,
    vague: Annotated[
        bool,
        typer.Option(
            "--vague",
            help="Made set: leave out the day also of groups that differ in nothing else.",
        ),
    ] = False,
    misses: Annotated[int, typer.Option(min=0, help="Show so many wrong pairs of each kind.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Recognise offers told twice, by the rules of the product: precision, recall, speed, memory.

    Pairs that the rules leave to a person count as not merged. Seconds are of one processor.

    Exit code 1 where a file is in no known layout.

    Examples:
        netzlotse bench resolve --records 100000

        netzlotse bench resolve --data fodors_zagats.csv --misses 20
    """
    try:
        told = load_labelled(data) if data else institutions(records, seed, vague=vague)
        done = resolving.measure(told, misses)
    except LayoutError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    if as_json:
        sys.stdout.write(json.dumps(_linkage(done)) + "\n")
        return
    table = Table("", "")
    for name, figure in _linkage(done).items():
        table.add_row(name, f"{figure:.4f}" if isinstance(figure, float) else str(figure))
    console().print(table)
    for kind, pairs in (("merged, and two", done.merged), ("missed", done.missed)):
        for left, right in pairs:
            sys.stdout.write(f"{kind}:\n    {_told(left)}\n    {_told(right)}\n")


def _linkage(done: Linkage) -> dict[str, Any]:
    return {
        "records": done.records,
        "true pairs": done.true,
        "precision": round(done.precision, 4),
        "recall": round(done.recall, 4),
        "f1": round(done.f1, 4),
        "true pairs left to a person": done.queued,
        "pairs left to a person": done.questions,
        "compared": done.compared,
        **{f"seconds: {step}": round(spent, 2) for step, spent in done.seconds.items()},
        "records a second": round(done.per_second),
        "peak MiB": round(done.peak_mib),
    }


def _told(listing: Listing) -> str:
    told = listing.model_dump(exclude={"id", "page_url", "status"}, exclude_defaults=True)
    return ", ".join(f"{name}={value}" for name, value in told.items())


def _pace(pace: Pace) -> dict[str, Any]:
    return {
        "pages": pace.pages,
        "per_second": round(pace.per_second, 1),
        "ms": round(pace.ms, 3),
        "peak_mib": round(pace.peak_mib),
    }


def _fields(total: Score) -> Table:
    table = Table("field", "right", "missing", "invented", "wrong", "precision", "recall")
    for name, count in total.fields.items():
        table.add_row(
            name,
            *(str(n) for n in (count.right, count.missing, count.invented, count.wrong)),
            _share(count.precision),
            _share(count.recall),
        )
    return table


def _print_misses(misses: list[Miss]) -> None:
    for miss in sorted(misses, key=lambda m: (m.field, m.site, m.title)):
        sys.stdout.write(
            f"{miss.field}: {miss.site}: {miss.title}\n"
            f"    true      {miss.true!r}\n    published {miss.published!r}\n"
        )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _counted(count: Count) -> dict[str, Any]:
    return {
        "right": count.right,
        "missing": count.missing,
        "invented": count.invented,
        "wrong": count.wrong,
        "precision": count.precision,
        "recall": count.recall,
    }


def _site(site: extracting.SiteReading) -> dict[str, Any]:
    return {
        "pages": site.pages,
        "ms_a_page": round(1_000 * site.seconds / max(1, site.pages), 2),
        "leaks": list(site.leaks),
        **_counted(site.score.records),
    }


def _totals(done: Benchmark) -> dict[str, Any]:
    return {
        "records": _counted(done.total.records),
        "fields": {name: _counted(count) for name, count in done.total.fields.items()},
        "ms_a_page": round(done.ms_a_page, 2),
    }


def _echo(document: dict[str, Any], done: Benchmark, misses: bool) -> None:
    if misses:
        document["misses"] = [
            {"site": m.site, "title": m.title, "field": m.field, "true": m.true, "got": m.published}
            for m in done.total.misses
        ]
    sys.stdout.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")
