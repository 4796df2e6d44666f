# ruff: noqa: S608 - queries are put together from our own words
"""Every figure is computed once more, by DuckDB from the files of a release, and is the same."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from aggregator.comparison.book import TABLES, Book, behind
from aggregator.comparison.figure import Empty, Figure
from aggregator.comparison.stock import Postcode
from aggregator.comparison.table import Table
from tests.aggregator.comparison.conftest import TODAY, Comparison

_SHOWN = "status IN ('active', 'temporarily closed')"
_TODAY = f"DATE '{TODAY}'"
# Tri-state answers as SQL says them: true, false, NULL.
_ANSWERS = {
    "exclusive": "exclusivity = 'only'",
    "childcare": "childcare",
    "evening": "hours_osm = 'Tu,Th 17:00-20:30'",  # a quarter of an hour after six is no evening
    "weekend": "regexp_matches(hours_osm, '(Sa|Su) ')",
    "no_registration": "registration = 'none'",
    "free": "cost = 'free'",
    "low_threshold": "registration = 'none' AND cost = 'free'",
    "remote": "CASE WHEN len(modes) > 0 THEN list_has_any(modes, ['phone', 'online', 'outreach']) "
    "END",
    "languages": "CASE WHEN len(languages) > 0 THEN languages <> ['de'] END",
    "wheelchair": "wheelchair",
    "contact": "len(phones) + len(emails) > 0",
    "address": "street IS NOT NULL AND postcode IS NOT NULL",
    "hours": "hours_text IS NOT NULL OR hours_osm IS NOT NULL",
    "hours_understood": "hours_osm IS NOT NULL",
    "confirmed": f"coalesce(last_confirmed >= {_TODAY} - 365, false)",
    "fresh": f"last_seen >= {_TODAY} - 30",
    "new": f"first_seen >= {_TODAY} - 90",
    "ending": f"valid_until BETWEEN {_TODAY} AND {_TODAY} + 90",
    "several_sources": "len(sources) > 1",
}
_LINES = {
    "listed": "SELECT unnest(CASE WHEN len(networks) > 0 THEN networks ELSE ['ohne'] END) AS line",
    "served": "SELECT coalesce(CASE WHEN region_key = 'DE' THEN 'DE' ELSE left(region_key, 5) END, "
    "'ohne') AS line",
}


@pytest.fixture(scope="module")
def book(compared: Comparison) -> Book:
    return Book(compared.stock)


@pytest.fixture(scope="module")
def database(compared: Comparison) -> Any:
    with closing(duckdb.connect()) as database:
        folder = compared.release.folder
        for name in ("offers", "sources", "frame", "statistics"):
            database.execute(f"CREATE TABLE {name} AS FROM read_parquet('{folder / name}.parquet')")
        rows = [(c.code, c.region, c.lat, c.lon) for c in compared.stock.postcodes]
        database.execute("CREATE TABLE postcode (code TEXT, region TEXT, lat DOUBLE, lon DOUBLE)")
        database.executemany("INSERT INTO postcode VALUES (?, ?, ?, ?)", rows)
        for view, select in _LINES.items():
            database.execute(
                f"CREATE VIEW {view} AS {select}, * FROM offers WHERE {_SHOWN} "
                f"UNION ALL SELECT 'alle', * FROM offers WHERE {_SHOWN}"
            )
        yield database


def asked(database: Any, query: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Rows by their first two columns."""
    return {(row[0], row[1]): row[2:] for row in database.execute(query).fetchall()}


def told(table: Table) -> Mapping[tuple[str, str], Figure]:
    return {
        (line.head.key, column.key): cell.figure
        for line in table.lines
        for column, cell in zip(table.columns, line.cells, strict=True)
        if cell.figure is not None
    }


_BY_TOPIC = """
    SELECT line,
           unnest(['alle'] || CASE WHEN len(topics) > 0 THEN topics ELSE ['ohne'] END) AS topic,
           id, hours_osm, region_key FROM {view}
"""
_FAMILIES = """
    SELECT region_key, arg_max(families, (as_of, source)) AS families FROM statistics GROUP BY 1
"""


@pytest.mark.parametrize("view", ["listed", "served"])
def test_counts(book: Book, database: Any, view: str) -> None:
    wanted = asked(
        database,
        f"SELECT line, topic, count(*) FROM ({_BY_TOPIC.format(view=view)}) GROUP BY 1, 2",
    )
    figures = told(book.table(f"{view}-count"))
    assert {key: (figure.value,) for key, figure in figures.items() if figure.value} == wanted
    assert len(wanted) > 60
    for key, figure in figures.items():
        assert (key in wanted) is (figure.empty is None)


@pytest.mark.parametrize("view", ["listed", "served"])
def test_rates_and_hours(book: Book, database: Any, view: str) -> None:
    region = {
        "listed": "SELECT id AS line, region_key AS region FROM frame UNION SELECT 'alle', 'DE'",
        "served": "SELECT DISTINCT line, CASE line WHEN 'alle' THEN 'DE' ELSE line END FROM served",
    }[view]
    rows = asked(
        database,
        f"""
        WITH families AS ({_FAMILIES}), region (line, region) AS ({region}),
        hours AS (
            SELECT *, list_sum(list_transform(string_split(hours_osm, '; '), lambda part:
                len(string_split(split_part(part, ' ', 1), ',')) * (
                    date_diff('minute', CAST(split_part(split_part(part, ' ', 2), '-', 1) AS TIME),
                              CAST(split_part(split_part(part, ' ', 2), '-', 2) AS TIME)) / 60
                ))) AS hours
            FROM ({_BY_TOPIC.format(view=view)})
        )
        SELECT hours.line, topic, count(*), any_value(families), sum(hours),
               count(*) - count(hours_osm)
        FROM hours LEFT JOIN region ON region.line = hours.line
        LEFT JOIN families ON families.region_key = region.region
        GROUP BY 1, 2
        """,
    )
    rates, hours = told(book.table(f"{view}-rate")), told(book.table(f"{view}-hours"))
    assert rates.keys() == hours.keys()
    seen = 0
    for key, (number, families, amount, unknown) in rows.items():
        if families is None:
            assert rates[key].empty is hours[key].empty is Empty.NO_STATISTICS
            continue
        assert rates[key].value == pytest.approx(number * 1000 / families)
        assert (hours[key].unknown, hours[key].base) == (unknown, number)
        if unknown == number:
            assert hours[key].empty is Empty.NOT_STATED
        else:
            assert hours[key].value == pytest.approx(amount / families)
            seen += 1
    assert seen > 20


@pytest.mark.parametrize("view", ["listed", "served"])
def test_indicators(book: Book, database: Any, view: str) -> None:
    figures = told(book.table(f"indicators-{view}"))
    for key, sql in _ANSWERS.items():
        rows = database.execute(
            f"SELECT line, count(*) FILTER ({sql}), count(*) FILTER (({sql}) IS NULL), count(*) "
            f"FROM {view} GROUP BY 1"
        ).fetchall()
        for line, yes, unknown, number in rows:
            figure = figures[line, key]
            assert (figure.numerator, figure.unknown, figure.denominator) == (
                (yes, unknown, number)
            ), (line, key)
            if unknown == number:
                assert figure.empty is Empty.NOT_STATED
            else:
                assert figure.value == pytest.approx(yes / number)
    rows = database.execute(
        f"SELECT line, count(DISTINCT organization_id), median({_TODAY} - last_seen) "
        f"FROM {view} GROUP BY 1"
    ).fetchall()
    for line, providers, age in rows:
        assert (figures[line, "providers"].value or 0) == providers
        assert figures[line, "age"].value == age
    gone = database.execute(
        f"""SELECT line, count(*) FROM ({_LINES[view]}, * FROM offers WHERE NOT {_SHOWN}
            UNION ALL SELECT 'alle', * FROM offers WHERE NOT {_SHOWN})
            WHERE last_seen >= {_TODAY} - 90 GROUP BY 1"""
    ).fetchall()
    for line, number in gone:
        assert figures[line, "gone"].numerator == number
    assert len(gone) > 3


def test_distances(book: Book, database: Any) -> None:
    rows = asked(
        database,
        f"""
        WITH topic AS (
            SELECT unnest(topics) AS topic, lat, lon FROM offers WHERE {_SHOWN} AND lat IS NOT NULL
        )
        SELECT region, topic, count(DISTINCT code) FROM postcode, topic
        WHERE 2 * 6371.0088 * asin(sqrt(
            pow(sin(radians(topic.lat - postcode.lat) / 2), 2) + cos(radians(topic.lat))
            * cos(radians(postcode.lat)) * pow(sin(radians(topic.lon - postcode.lon) / 2), 2)
        )) <= 5 GROUP BY 1, 2
        """,
    )
    figures = told(book.table("reach-5"))
    assert {key: (f.numerator,) for key, f in figures.items() if f.value} == rows
    assert rows
    assert figures["11007", "recht"].empty is Empty.NO_POSTCODES
    assert ("11", "recht") not in figures  # nobody asks how far it is from a whole Land


def test_overlap_and_languages(book: Book, database: Any) -> None:
    rows = asked(
        database,
        f"""
        WITH listed AS (SELECT id, unnest(sources) AS source FROM offers WHERE {_SHOWN})
        SELECT one.source || '+' || other.source, 'shared', count(*)
        FROM listed one JOIN listed other ON one.id = other.id AND one.source < other.source
        GROUP BY one.source, other.source
        """,
    )
    table = book.table("overlap")
    figures = told(table)
    assert {key: (f.value,) for key, f in figures.items() if key[1] == "shared"} == rows
    for line in table.lines:
        one, other = line.head.key.split("+")
        (either,) = database.execute(
            f"SELECT count(*) FROM offers WHERE {_SHOWN} AND list_has_any(sources, [?, ?])",
            [one, other],
        ).fetchone()
        assert figures[line.head.key, "jaccard"].denominator == either
    spoken = asked(
        database,
        "SELECT line, code, count(*) FROM listed, unnest(languages) AS u(code) GROUP BY 1, 2",
    )
    languages = told(book.table("languages"))
    assert {key: (f.value,) for key, f in languages.items() if f.value} == spoken


def test_development(book: Book, database: Any) -> None:
    rows = asked(
        database,
        f"""
        WITH month AS (
            SELECT least(last_day({_TODAY} - INTERVAL (n) MONTH), {_TODAY}) AS day
            FROM range(12) AS r(n)
        ), line AS ({_LINES["listed"]}, * FROM offers UNION ALL SELECT 'alle', * FROM offers)
        SELECT line, strftime(day, '%Y-%m'), count(*) FROM line, month
        WHERE first_seen <= day AND ({_SHOWN} OR last_seen >= day) GROUP BY 1, 2
        """,
    )
    figures = told(book.table("development"))
    assert {key: (f.value,) for key, f in figures.items() if f.value} == rows
    assert len(rows) > 40


def test_providers(book: Book, database: Any) -> None:
    kinds = {
        "Bezirksamt Pankow": "public", "Caritasverband Berlin": "welfare", "SHIA e.V.": "selfhelp",
        "Nachbarschaftshaus Süd e. V.": "association", "Muster GmbH": "company",
        "Lotte Kramer": "other",
    }  # fmt: skip
    database.execute("CREATE OR REPLACE TABLE kind (name TEXT, kind TEXT)")
    database.executemany("INSERT INTO kind VALUES (?, ?)", list(kinds.items()))
    rows = asked(
        database,
        "SELECT line, coalesce(kind, 'unknown'), count(*) FROM listed "
        "LEFT JOIN kind ON kind.name = provider GROUP BY 1, 2",
    )
    figures = told(book.table("providers"))
    assert {key: (f.numerator,) for key, f in figures.items() if f.numerator} == rows


def test_every_cell_leads_to_exactly_its_offers(book: Book) -> None:
    checked = 0
    for key in TABLES:
        for line in book.table(key).lines:
            for cell in line.cells:
                if cell.pick is None or cell.figure is None:
                    continue
                offers = behind(book.stock, cell.pick)
                wanted = cell.figure.numerator
                if key.endswith(("-rate", "-hours")):
                    wanted = cell.figure.base
                assert len(offers) == wanted, (key, cell.pick)
                checked += 1
    assert checked > 500
    assert behind(book.stock, {"sicht": "listed", "zeile": "nirgends", "thema": "recht"}) == []


def test_an_empty_cell_says_why(book: Book) -> None:
    listed = told(book.table("listed-count"))
    # Read to its end, and nothing there; never read; read, but an offer tells no topic.
    assert listed["solo", "recht"].empty is Empty.NONE_FOUND
    assert listed["still", "recht"].empty is Empty.NOT_CRAWLED
    assert listed["pankow", "schwanger"].empty is Empty.NOT_STATED
    served = told(book.table("served-count"))
    assert served["11005", "recht"].empty is Empty.NOT_CRAWLED
    assert served["11006", "recht"].empty is Empty.NONE_FOUND
    rates = told(book.table("served-rate"))
    assert rates["11007", "alle"].empty is Empty.NO_STATISTICS
    for figure in (*listed.values(), *served.values()):
        assert (figure.value is None) is (figure.empty is not None)


def test_the_whole_land_has_a_line_of_its_own(book: Book, database: Any) -> None:
    table = book.table("served-count")
    heads = {line.head.key: line.head.words["de"] for line in table.lines}
    assert heads["11"] == "Berlin: ganzes Land"
    assert heads["DE"] == "Ganz Deutschland"
    assert heads["ohne"] == "Ohne Ortsangabe"
    (number,) = database.execute(
        f"SELECT count(*) FROM offers WHERE {_SHOWN} AND region_key = '11'"
    ).fetchone()
    assert told(table)["11", "alle"].value == number
    berlin = book.table("served-count", "11")
    assert {line.head.key[:2] for line in berlin.lines} == {"11", "al"}
    assert told(berlin)["alle", "alle"].numerator == sum(
        told(table)[key, "alle"].numerator or 0 for key in heads if key.startswith("11")
    )


def test_a_land_that_is_a_town_is_one_line(compared: Comparison) -> None:
    rows = dict(compared.stock.rows)
    offer = {**compared.stock.offers[0], "region_key": "02000", "topics": ["recht"]}
    network = {**compared.stock.rows["frame"][0], "id": "hh", "region_key": "02"}
    counted = {"region_key": "02000", "as_of": "2024-12-31", "source": "Amt", "families": 1_000}
    rows |= {
        "offers": [offer],
        "frame": [network],
        "statistics": [
            counted,
            {**counted, "region_key": "02000000", "families": 7, "source": "Z"},
        ],
    }
    made = Book(replace(compared.stock, rows=rows, postcodes=[Postcode("20095", "02000", 53, 10)]))
    figures = told(made.table("served-rate"))
    assert figures["02", "recht"].value == 1.0
    assert "02000" not in {key for key, _ in figures}
    assert ("02", "recht") in told(made.table("reach-10"))


def test_what_says_no_place_may_be_anywhere_its_network_is(compared: Comparison) -> None:
    offer = {**compared.stock.offers[0], "region_key": None, "topics": ["recht"]}
    rows = {**compared.stock.rows, "offers": [{**offer, "networks": ["solo"]}]}
    served = told(Book(replace(compared.stock, rows=rows)).table("served-count"))
    assert served["11006", "recht"].empty is Empty.NOT_STATED
    assert served["11006", "wohnen"].empty is Empty.NONE_FOUND
    assert served["11003", "recht"].empty is Empty.NONE_FOUND  # another network's region
