"""How fast the search is: tantivy as it runs here beside SQLite FTS5 and PostgreSQL full text.

All hold the same made offers, which are written to a file first: making them is nobody's work.
tantivy is asked through the searcher that serves pages and API
(analysis, synonyms, filters and all). The others are asked the way their manuals advise, by the
words alone: no compounds, no synonyms, no spelling; that is less work than ours, not more. Beside
them stands the fall-back engine, which gives the answers of tantivy.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, create_engine, text

from aggregator.bench.made_offers import Maker
from aggregator.index.base import Origin, Query
from aggregator.index.directory import EngineName, LiveSearcher, open_searcher, open_writer

ENGINES = ("tantivy", "fts5", "sqlite", "postgresql")
KINDS = ("plain", "facets", "radius", "suggest")
CHANGES = 1_000

_QUESTIONS = 100
_RADIUS = 10.0
_PAGE = 20
_AT_ONCE = 2_000
_WORD = re.compile(r"\w+")


@dataclass
class Timing:
    """What one engine took. Times in milliseconds, one a question."""

    engine: str
    build_seconds: float = 0.0
    build_cpu: float = 0.0
    """Seconds of processor while building: all threads, and the processes beside this one."""
    disk_mb: float = 0.0
    memory_mb: float = 0.0
    """Peak of this process so far, and of the largest beside it."""
    apply_seconds: float | None = None
    """Until `CHANGES` changed offers are seen by a reader."""
    times: dict[str, list[float]] = field(default_factory=dict)

    def at(self, kind: str, share: float) -> float | None:
        """The time that this share of the questions stays below."""
        ordered = sorted(self.times.get(kind, ()))
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as every engine is asked it."""

    words: str
    topic: str | None
    region: str | None
    place: tuple[float, float]


def run(count: int, url: str | None, engines: Sequence[str], work: Path | None) -> Iterator[Timing]:
    """Measure one engine after the other on `count` offers, in a folder that is made in `work`.

    `url` is a PostgreSQL server's (SQLAlchemy); without one it is left out.
    """
    maker = Maker()
    asked = list(_questions(maker))
    with tempfile.TemporaryDirectory(prefix="netzlotse-bench-", dir=work) as folder:
        made = Path(folder) / "made.jsonl"
        with made.open("wb") as file:
            for offer in maker.offers(count):
                file.write(to_json(offer) + b"\n")
        yield from _each(made, maker, url, engines, asked)


def _each(
    made: Path, maker: Maker, url: str | None, engines: Sequence[str], asked: Sequence[Asked]
) -> Iterator[Timing]:
    work = made.parent
    for name in engines:
        folder = Path(tempfile.mkdtemp(prefix="netzlotse-bench-", dir=work))
        try:
            if name in {"tantivy", "fts5"}:
                yield _ours(name, maker, made, asked, folder)  # type: ignore[arg-type]
            elif name == "sqlite":
                yield _sqlite(made, asked, folder)
            elif url:
                yield _postgres(made, asked, url)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def summary(done: Timing) -> dict[str, Any]:
    """The figures of one engine by name."""
    quantiles = {
        kind: {"p50": done.at(kind, 0.5), "p95": done.at(kind, 0.95)}
        for kind in KINDS
        if kind in done.times
    }
    return {
        "engine": done.engine,
        "build_seconds": round(done.build_seconds, 1),
        "build_cpu": round(done.build_cpu, 1),
        "disk_mb": round(done.disk_mb),
        "memory_mb": round(done.memory_mb),
        "apply_seconds": done.apply_seconds,
        "ms": quantiles,
    }


def _questions(maker: Maker) -> Iterator[Asked]:
    """A quarter with a topic, a quarter with a region, a tenth with both."""
    for number in range(_QUESTIONS):
        draw = random.Random(10_000 + number)  # noqa: S311 - reproducible, not secret
        chance = draw.random()
        words, offer = maker.asked(number)
        yield Asked(
            words,
            offer["topics"][0] if chance < 0.35 else None,
            offer["region_key"] if 0.25 <= chance < 0.6 else None,
            (offer["lat"], offer["lon"]),
        )


def _ours(
    name: EngineName, maker: Maker, made: Path, asked: Sequence[Asked], folder: Path
) -> Timing:
    done = Timing({"tantivy": "tantivy", "fts5": "fts5, the fall-back"}[name])
    with _Watch(done), open_writer(folder, name) as writer:
        writer.apply(_offers(made), (), 1)
    done.disk_mb = _size(folder)
    searcher = open_searcher(folder)
    searcher.search(Query("warm"))
    _time(done, "plain", [_query(one) for one in asked], searcher.search)
    facets = ("topics", "region")
    _time(done, "facets", [_query(one, facets) for one in asked], searcher.search)
    _time(done, "radius", [_around(one) for one in asked], searcher.search)
    typed = [one.words[: 1 + at % 8] for at, one in enumerate(asked)]
    searcher.suggest("a")
    _time(done, "suggest", typed, searcher.suggest)
    done.apply_seconds = _changes(name, maker, folder, searcher)
    return done


def _changes(name: EngineName, maker: Maker, folder: Path, searcher: LiveSearcher) -> float:
    changed = [{**maker.offer(number), "title": "Zyxwvut"} for number in range(CHANGES)]
    started = time.perf_counter()
    with open_writer(folder, name) as writer:
        writer.apply(changed, (), 2)
        while searcher.search(Query("Zyxwvut")).total < min(CHANGES, len(changed)):
            time.sleep(0.005)
        return time.perf_counter() - started


def _query(one: Asked, facets: tuple[str, ...] = ()) -> Query:
    filters: dict[str, tuple[str, ...]] = {"status": ("active",)}
    if one.topic:
        filters["topics"] = (one.topic,)
    if one.region:
        filters["region"] = (one.region,)
    return Query(one.words, filters, facets, limit=_PAGE)


def _around(one: Asked) -> Query:
    near = Origin(*one.place, "Mitte", approximate=False)
    return Query(one.words, {"status": ("active",)}, limit=_PAGE, near=near, radius=_RADIUS)


def _sqlite(made: Path, asked: Sequence[Asked], folder: Path) -> Timing:
    """FTS5 with its own tokens and `rank`; filters are tokens, as its users advise."""
    done = Timing("SQLite FTS5")
    file = folder / "search.db"
    base = sqlite3.connect(file)
    with _Watch(done), base:
        base.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE offer (id INTEGER PRIMARY KEY, topic TEXT, region TEXT, lat REAL,"
            " lon REAL, stored TEXT);"
            "CREATE VIRTUAL TABLE text USING fts5(title, provider, body, filter,"
            " content='', tokenize='unicode61 remove_diacritics 2');"
        )
        for part in _parts(made):
            base.executemany("INSERT INTO offer VALUES (?,?,?,?,?,?)", map(_row, part))
            base.executemany(
                "INSERT INTO text(rowid, title, provider, body, filter) VALUES (?,?,?,?,?)",
                (
                    (
                        number, o["title"], o["provider"], o["description"],
                        f"t{o['topics'][0]} r{o['region_key']}",
                    )
                    for number, o in part
                ),
            )  # fmt: skip
        base.execute("INSERT INTO text(text) VALUES ('optimize')")
    done.disk_mb = _size(folder)

    def plain(one: Asked) -> object:
        match = _fts(one)
        rows = base.execute(
            "SELECT rowid FROM text WHERE text MATCH ? ORDER BY rank LIMIT ?", (match, _PAGE)
        ).fetchall()
        total = base.execute("SELECT count(*) FROM text WHERE text MATCH ?", (match,)).fetchone()
        return [_fetched(base, row) for row in rows], total

    def facets(one: Asked) -> object:
        counted = [
            base.execute(
                f"SELECT {name}, count(*) FROM text JOIN offer ON offer.id = text.rowid "  # noqa: S608
                "WHERE text MATCH ? GROUP BY 1",
                (_fts(one),),
            ).fetchall()
            for name in ("topic", "region")
        ]
        return plain(one), counted

    def radius(one: Asked) -> object:
        lat, lon = one.place
        rows = base.execute(
            "SELECT id, lat, lon FROM text JOIN offer ON offer.id = text.rowid WHERE text MATCH ?"
            " AND lat BETWEEN ? AND ? AND lon BETWEEN ? AND ? ORDER BY rank",
            (_fts(one, filters=False), lat - 0.09, lat + 0.09, lon - 0.15, lon + 0.15),
        ).fetchall()
        return [_fetched(base, row[:1]) for row in rows[:_PAGE]]

    for kind, ask in (("plain", plain), ("facets", facets), ("radius", radius)):
        _time(done, kind, asked, ask)
    base.close()
    return done


def _fetched(base: sqlite3.Connection, row: tuple[Any, ...]) -> object:
    stored = base.execute("SELECT stored FROM offer WHERE id = ?", row).fetchone()
    return json.loads(stored[0])


def _fts(one: Asked, *, filters: bool = True) -> str:
    words = [f'"{word}"' for word in _WORD.findall(one.words)]
    if filters and one.topic:
        words.append(f'filter:"t{one.topic}"')
    if filters and one.region:
        words.append(f'filter:"r{one.region}"')
    return " AND ".join(words)


def _postgres(made: Path, asked: Sequence[Asked], url: str) -> Timing:
    """A generated tsvector (`german`) with a GIN index, ranked by ts_rank."""
    done = Timing("PostgreSQL")
    engine = create_engine(url)
    with engine.connect() as base:
        base.execute(text("DROP TABLE IF EXISTS bench_offer"))
        base.execute(
            text(
                "CREATE UNLOGGED TABLE bench_offer (id int PRIMARY KEY, topic text, region text,"
                " lat float8, lon float8, stored text, words tsvector)"
            )
        )
        with _Watch(done):
            for part in _parts(made):
                base.execute(
                    text(
                        "INSERT INTO bench_offer VALUES (:id, :topic, :region, :lat, :lon, :stored,"
                        " setweight(to_tsvector('german', :title), 'A') ||"
                        " to_tsvector('german', :body))"
                    ),
                    [
                        {
                            **dict(zip(("id", "topic", "region", "lat", "lon", "stored"),
                                       _row(one), strict=True)),
                            "title": one[1]["title"],
                            "body": f"{one[1]['provider']} {one[1]['description']}",
                        }
                        for one in part
                    ],
                )  # fmt: skip
            base.execute(text("CREATE INDEX ON bench_offer USING gin (words)"))
            base.execute(text("CREATE INDEX ON bench_offer (topic)"))
            base.execute(text("CREATE INDEX ON bench_offer (region)"))
            base.execute(text("ANALYZE bench_offer"))
        size = base.execute(text("SELECT pg_total_relation_size('bench_offer')")).scalar_one()
        done.disk_mb = size / 1e6
        base.commit()
        for kind, ask in (
            ("plain", _asking(base)),
            ("facets", _asking(base, facets=True)),
            ("radius", _asking(base, radius=True)),
        ):
            _time(done, kind, asked, ask)
        base.execute(text("DROP TABLE bench_offer"))
        base.commit()
    engine.dispose()
    return done


def _asking(
    base: Connection, *, facets: bool = False, radius: bool = False
) -> Callable[[Asked], object]:
    def ask(one: Asked) -> object:
        where = "words @@ plainto_tsquery('german', :q)"
        values: dict[str, Any] = {"q": one.words, "n": _PAGE}
        if radius:
            lat, lon = one.place
            where += " AND lat BETWEEN :a AND :b AND lon BETWEEN :c AND :d"
            values |= {"a": lat - 0.09, "b": lat + 0.09, "c": lon - 0.15, "d": lon + 0.15}
        else:
            for name, value in (("topic", one.topic), ("region", one.region)):
                if value:
                    where += f" AND {name} = :{name}"
                    values[name] = value
        rows = base.execute(
            text(
                f"SELECT stored FROM bench_offer WHERE {where} "  # noqa: S608 - ours alone
                "ORDER BY ts_rank(words, plainto_tsquery('german', :q)) DESC LIMIT :n"
            ),
            values,
        ).fetchall()
        found: list[object] = [json.loads(row[0]) for row in rows]
        wanted = ["count(*)"]
        if facets:
            wanted += ["topic", "region"]
        for name in wanted:
            statement = f"SELECT {name} FROM bench_offer WHERE {where}"  # noqa: S608
            if name != "count(*)":
                statement = f"SELECT {name}, count(*) FROM bench_offer WHERE {where} GROUP BY 1"  # noqa: S608
            found += base.execute(text(statement), values).fetchall()
        return found

    return ask


def _offers(made: Path) -> Iterator[dict[str, Any]]:
    with made.open("rb") as file:
        yield from map(from_json, file)


def _parts(made: Path) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    numbered = enumerate(_offers(made))
    while part := list(islice(numbered, _AT_ONCE)):
        yield part


def _row(one: tuple[int, dict[str, Any]]) -> tuple[object, ...]:
    number, offer = one
    stored = json.dumps(offer, ensure_ascii=False)
    return number, offer["topics"][0], offer["region_key"], offer["lat"], offer["lon"], stored


def _time(done: Timing, kind: str, questions: Sequence[Any], ask: Callable[[Any], object]) -> None:
    for one in questions[:10]:
        ask(one)
    times: list[float] = []
    for one in questions:
        started = time.perf_counter()
        ask(one)
        times.append(1_000 * (time.perf_counter() - started))
    done.times[kind] = times


class _Watch:
    """Takes the time and the peak of memory of a block."""

    def __init__(self, done: Timing) -> None:
        self._done = done

    def __enter__(self) -> None:
        self._started, self._used = time.perf_counter(), _used()

    def __exit__(self, *_: object) -> None:
        self._done.build_seconds = time.perf_counter() - self._started
        self._done.build_cpu = _used() - self._used
        peaks = (resource.getrusage(who).ru_maxrss for who in _WHO)
        self._done.memory_mb = sum(peaks) / 1024


_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def _used() -> float:
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, _WHO))


def _size(folder: Path) -> float:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += (Path(root) / name).stat().st_size
    return total / 1e6
