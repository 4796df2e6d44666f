"""Releases: read back by other programs, the same twice, and a delta that leads on."""

from __future__ import annotations

import csv
import gzip
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pandas as pd
import pyshacl
import pytest
import time_machine
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from sqlalchemy import Engine
from typer.testing import CliRunner

import netzlotse
from aggregator.bench.made import MadeCrawl, leave
from aggregator.identity import offer_id
from aggregator.intake import ingest
from aggregator.log import ChangeLog
from aggregator.places.places import load_gazetteer
from aggregator.register import declare
from aggregator.release import edition
from aggregator.release.delta import apply, delta
from aggregator.release.edition import Release, ReleaseError, make_release, releases
from aggregator.release.files import read_lines
from aggregator.release.metadata import Maker
from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from aggregator.store.tables import NetworkRow, OfferRow, SourceRow
from aggregator.store.transaction import publishing
from crawlers.failure import Failure
from crawlers.source import Source
from tests.aggregator.intake.conftest import MONDAY, Made, made, offer  # noqa: F401 - a fixture

MAKER = Maker("https://portal.example", "post@portal.example", "0.1.0")
TABLES = ["offers", "evidence", "sources", "frame", "statistics", "profile"]
ALL = [offer(n) for n in range(10)]
TEXT = "Offen für alle Alleinerziehenden im Bezirk, ohne Wartezeit. Wir sprechen Polnisch."
HOURS = "Jeden Tag, wenn die Sonne scheint und Herr Fuchs wach ist."


@pytest.fixture
def record(made: Made) -> Made:  # noqa: F811
    """Two sources, of which one allows its words; a third that bars the way; a bare network."""
    with publishing(made.engine) as session:
        session.add(NetworkRow(id="stilles-netz", name="Stilles Netz", region="11", flat={}))
        declare(
            [made.source, _open(), _barred()], [], ChangeLog(session, "", MONDAY), date(2026, 3, 2)
        )
    made.crawl([offer(0, ends="2099-12-24"), *ALL[1:]])
    crawl(made, _open(), offer(0, path="/x", title="Näh=kurs, „offen“; für alle", text=TEXT))
    crawl(made, _barred(), failures={"/": Failure.BLOCKED})
    return made


def _source(key: str, **more: Any) -> Source:
    return Source.model_validate(
        {
            "id": key,
            "title": key.title(),
            "region": "11003",
            "start": [f"https://{key}.example/"],
            **more,
        }
    )


def _open() -> Source:
    licence = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
    return _source("offen", licence={**licence, "attribution": "Netz Offen"}, network="offen")


def _barred() -> Source:
    return _source("zu", network="zu")


def crawl(made: Made, source: Source, *offers: Any, **crawl: Any) -> None:  # noqa: F811
    folder = leave(made.home, source, made.at, MadeCrawl(offers, **crawl))
    ingest(made.engine, source, folder, load_gazetteer(), made.at)


def release(engine: Engine, home: Path, day: str = "2026-03-10") -> Release:
    with time_machine.travel(f"{day}T12:00:00Z", tick=False):
        return make_release(engine, home, date.fromisoformat(day), MAKER)


def offers(one: Release) -> dict[str, dict[str, Any]]:
    return {row["title"]: row for row in read_lines(one.folder / "offers.jsonl.gz")}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_built_twice_it_is_the_same_byte_for_byte(record: Made, tmp_path: Path) -> None:
    one, two = (release(record.engine, tmp_path / name) for name in ("one", "two"))
    assert one.id == two.id == "2026-03-10"
    assert content(one.folder) == content(two.folder)
    assert not release(record.engine, tmp_path / "one").new  # nothing has changed since
    assert [r.id for r in releases(tmp_path / "one")] == ["2026-03-10"]
    subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=one.folder, check=True,
        capture_output=True,
    )  # fmt: skip


def test_other_programs_read_the_same_rows_in_every_format(record: Made, tmp_path: Path) -> None:
    one = release(record.engine, tmp_path)
    rows = list(read_lines(one.folder / "offers.jsonl.gz"))
    assert len(rows) == one.counts["offers"] == 11
    for name in TABLES:
        told = _parquet(one.folder / f"{name}.parquet")
        assert told == _sqlite(one.folder / "netzlotse.sqlite", name), name
        assert len(told) == one.counts[name]
    assert _parquet(one.folder / "offers.parquet") == [_plain(row) for row in rows]
    with closing(duckdb.connect()) as database:
        lines = database.read_json(str(one.folder / "offers.jsonl.gz"))
        assert len(lines.fetchall()) == 11
    frame = pd.read_csv(
        one.folder / "offers.csv", dtype={"postcode": str},
        na_values=["NOT_STATED", "NOT_UNDERSTOOD", "NOT_CRAWLED", "SUPPRESSED"],
    )  # fmt: skip
    assert list(frame["id"]) == [row["id"] for row in rows]
    assert list(frame["childcare"].isna()) == [row["childcare"] is None for row in rows]
    with gzip.open(one.folder / "offers.jsonl.gz") as file:
        assert list(pd.read_json(file, lines=True)["title"]) == [row["title"] for row in rows]


def _parquet(path: Path) -> list[dict[str, Any]]:
    with closing(duckdb.connect()) as database:
        told = database.read_parquet(str(path)).order("id")
        return [_plain(dict(zip(told.columns, row, strict=True))) for row in told.fetchall()]


def _sqlite(path: Path, table: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        rows = database.execute(f'SELECT * FROM "{table}" ORDER BY id')  # noqa: S608
        return [_plain(dict(row)) for row in rows]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row whatever a format makes of lists, days and truth."""
    return {name: _plain_value(value) for name, value in row.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("["):
        return json.loads(value)
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def test_the_description_is_valid_and_so_are_the_files_it_describes(
    record: Made, tmp_path: Path
) -> None:
    one = release(record.engine, tmp_path)
    report = frictionless.validate(str(one.folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    described = json.loads((one.folder / "datapackage.json").read_text("utf-8"))
    assert [r["name"] for r in described["resources"]] == TABLES
    graph = Graph().parse(one.folder / "dcat-ap-de.jsonld", format="json-ld")
    shapes = Graph().parse(Path(__file__).parent / "shapes.ttl")
    conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, text
    hashed = {
        str(o) for o in graph.objects(predicate=URIRef("http://spdx.org/rdf/terms#checksumValue"))
    }
    assert hashed == {f.sha256 for f in one.files if Path(f.name).suffix in edition._TABLES}
    dataset = json.loads((one.folder / "schema-org.jsonld").read_text("utf-8"))
    assert (dataset["@type"], dataset["url"]) == (
        "Dataset",
        "https://portal.example/daten/2026-03-10",
    )
    cited = yaml.safe_load((one.folder / "CITATION.cff").read_text("utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert (cited["type"], cited["version"]) == ("dataset", "2026-03-10")
    assert "Netz Offen" in (one.folder / "LICENCES.md").read_text("utf-8")


def test_words_are_published_where_somebody_recorded_that_they_may(
    record: Made, tmp_path: Path
) -> None:
    told = offers(release(record.engine, tmp_path))
    free, closed = told["Näh=kurs, „offen“; für alle"], told["Umgangscafé"]
    assert free["description"].startswith("Offen für alle")
    assert closed["description"] is None
    assert closed["missing"] == ["description:SUPPRESSED"]
    assert closed["summary"] == "Umgangscafé"
    assert closed["pages"] == ["https://netz.example/angebote/1"]
    assert closed["phones"] == ["+493023125101"]
    assert told["Schuldnerberatung"]["valid_until"] == "2099-12-24"
    for path in (tmp_path / "2026-03-10").iterdir():  # in no format
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert b"Umgangscaf\xc3\xa9: offen" not in text, path


def test_why_a_field_is_empty_is_said(record: Made, tmp_path: Path) -> None:
    record.crawl([*ALL[:9], offer(9, text=f"{ALL[9].text} Öffnungszeiten: {HOURS}")])
    one = release(record.engine, tmp_path)
    with (one.folder / "offers.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["title"]: row for row in csv.DictReader(file)}
    row = rows["Umgangscafé"]
    assert (row["description"], row["hours_osm"], row["modes"]) == (
        "SUPPRESSED", "NOT_STATED", "NOT_STATED",
    )  # fmt: skip
    frame = {row["id"]: row for row in _sqlite(one.folder / "netzlotse.sqlite", "frame")}
    assert (frame["zu"]["coverage"], frame["zu"]["offers"]) == ("blocked", None)
    assert frame["zu"]["missing"] == ["offers:NOT_CRAWLED"]
    assert (frame["offen"]["coverage"], frame["offen"]["offers"]) == ("crawled", 1)
    assert frame["stilles-netz"]["coverage"] == "no_site"
    sources = {row["id"]: row for row in _sqlite(one.folder / "netzlotse.sqlite", "sources")}
    assert (sources["offen"]["licence"], sources["offen"]["verbatim"]) == ("CC BY 4.0", 1)
    assert (sources["zu"]["last_accepted"], sources["zu"]["offers"]) == (None, None)
    with (one.folder / "codebook.csv").open(encoding="utf-8", newline="") as file:
        book = list(csv.DictReader(file))
    with (one.folder / "offers.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == [r["name"] for r in book if r["table"] == "offers"]
    assert all(r["de"] and r["en"] for r in book)
    assert {r["name"] for r in book if r["type"] == "missing"} == {
        "NOT_STATED", "NOT_UNDERSTOOD", "NOT_CRAWLED", "SUPPRESSED",
    }  # fmt: skip


def test_the_frame_holds_every_known_network_and_why_it_could_not_be_read(
    record: Made, tmp_path: Path
) -> None:
    with publishing(record.engine) as session:
        log = ChangeLog(session, "", MONDAY)
        declare([_source("stumm", network="stumm"), _source("neu", network="neu"),
                 _source("aus", network="aus")], [], log, date(2026, 3, 2))  # fmt: skip
        session.flush()
        session.get_one(SourceRow, "stumm").rights = {"reserved": True, "quote": "TDM", "where": ""}
    crawl(record, _source("aus", network="aus"), failures={"/": Failure.SERVER_ERROR})
    one = release(record.engine, tmp_path)
    frame = {row["id"]: row for row in _sqlite(one.folder / "netzlotse.sqlite", "frame")}
    assert {key: row["coverage"] for key, row in frame.items()} == {
        "offen": "crawled", "zu": "blocked", "stumm": "reserved",
        "neu": "not_crawled", "aus": "failed", "stilles-netz": "no_site",
    }  # fmt: skip
    for row in frame.values():
        assert (row["offers"] is None) == (row["coverage"] != "crawled") == bool(row["missing"])


def test_words_stand_beside_values_where_they_may(record: Made, tmp_path: Path) -> None:
    one = release(record.engine, tmp_path)
    told = list(read_lines(one.folder / "evidence.jsonl.gz"))
    assert len({row["id"] for row in told}) == len(told) == one.counts["evidence"]
    offered = {row["id"]: row for row in read_lines(one.folder / "offers.jsonl.gz")}
    sources = {row["id"]: row for row in _sqlite(one.folder / "netzlotse.sqlite", "sources")}
    for row in told:
        assert row["listing"] in offered[row["offer"]]["listings"]
        free = bool(sources[row["source"]]["verbatim"])
        assert free == (row["quote"] is not None) == ("quote:SUPPRESSED" not in row["missing"])
        if row["field"] == "description":
            assert free == (row["value"] is not None)
    phones = [row for row in told if row["field"] == "phones" and row["source"] == "offen"]
    assert [(row["value"], row["quote"]) for row in phones] == [("+493023125100", "030 23125 100")]


def test_the_delta_makes_the_new_release_of_the_old_one(record: Made, tmp_path: Path) -> None:
    one = release(record.engine, tmp_path)
    assert not (one.folder / "delta.jsonl.gz").exists()
    before = content(one.folder)
    record.crawl([
        offer(0, ends="2099-12-24"), offer(1, phone="030 23125 500"), *ALL[2:8],
        offer(0, path="/neu", title="Offene Tür", phone=""),
    ])  # fmt: skip
    gone, merged, into = (offer_id(record.listing(t).id) for t in ("Kleiderkammer", "Elternkurs",
                                                                  "Rechtsberatung"))  # fmt: skip
    with publishing(record.engine) as session:  # as suppressing and resolving do
        session.get_one(OfferRow, gone).flat = {}
        session.get_one(OfferRow, merged).merged_into = into
    two = release(record.engine, tmp_path, "2026-03-18")
    operations = list(read_lines(two.folder / "delta.jsonl.gz"))
    by_id = {one["id"]: one for one in operations}
    assert {one["op"] for one in operations} == {"ADD", "MOD", "DEL", "MERGE"}
    assert by_id[gone] == {"op": "DEL", "id": gone}
    assert by_id[merged] == {"op": "MERGE", "id": merged, "into": into}
    changed = by_id[offer_id(record.listing("Umgangscafé").id)]["fields"]
    assert changed["phones"] == [["+493023125101"], ["+493023125500"]]
    old, new = (read_lines(each.folder / "offers.jsonl.gz") for each in (one, two))
    assert list(apply(old, operations)) == list(new)
    assert content(one.folder) == before  # what was released never changes
    assert json.loads((two.folder / "release.json").read_text("utf-8"))["delta_to"] == one.id


def test_the_verb_applies_a_delta_byte_for_byte(record: Made, tmp_path: Path) -> None:
    one = release(record.engine, tmp_path)
    record.crawl([offer(1, phone="030 23125 500"), *ALL[2:], offer(0, ends="2099-12-24")])
    two = release(record.engine, tmp_path, "2026-03-18")
    old, new = (each.folder / "offers.jsonl.gz" for each in (one, two))
    step, out = two.folder / "delta.jsonl.gz", tmp_path / "out.jsonl.gz"
    done = CliRunner().invoke(netzlotse.app, ["patch", str(old), str(step), str(out)])
    assert (done.exit_code, done.output) == (0, f"{out}: 11 offers\n")
    assert out.read_bytes() == new.read_bytes()
    for wrong in (new, step):  # it was applied already; it is no release
        done = CliRunner().invoke(
            netzlotse.app, ["patch", str(wrong), str(step), str(tmp_path / "no")]
        )
        assert done.exit_code == 1, done.output
        assert "cannot be applied" in done.output
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("no")]


@pytest.mark.postgres
def test_neither_database_nor_time_zone_nor_locale_nor_hash_seed_change_a_byte(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    urls = [f"sqlite:///{tmp_path / 'record.db'}", request.getfixturevalue("postgres_database")]
    for number, url in enumerate(urls):
        engine = connect(url)
        migrate(engine)
        source = _source("netz", licence={"name": "CC BY 4.0"})
        with publishing(engine) as session:
            declare([source, _barred()], [], ChangeLog(session, "", MONDAY), date(2026, 3, 2))
        one = Made(engine, tmp_path / f"spool{number}", source)
        one.crawl(ALL)
        one.crawl([offer(0, ends="2099-12-24"), *ALL[1:8]])
        engine.dispose()
    environments = [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Adak", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "2"},
    ]
    built = []
    for number, (url, environment) in enumerate(product(urls, environments)):
        home = tmp_path / f"out{number}"
        run = [sys.executable, "-c", _BUILD, url, str(home)]
        subprocess.run(run, check=True, env={**os.environ, **environment})
        built.append(content(home / "2026-03-20"))
    assert len(built[0]) > 20
    for other in built[1:]:
        assert [name for name in built[0] if built[0][name] != other.get(name)] == []


_BUILD = """
import sys
from datetime import date
from pathlib import Path
from aggregator.release.edition import make_release
from aggregator.release.metadata import Maker
from aggregator.store.engine import connect
maker = Maker("https://portal.example", "post@portal.example", "0.1.0")
make_release(connect(sys.argv[1]), Path(sys.argv[2]), date(2026, 3, 20), maker)
"""


_ROWS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.fixed_dictionaries({"title": st.text(max_size=3), "phones": st.lists(st.text(max_size=2))}),
)


@given(_ROWS, _ROWS, st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("xy")))
def test_any_delta_applied_gives_what_it_was_made_from(
    before: dict[str, Any], after: dict[str, Any], merged: dict[str, str]
) -> None:
    old, new = ([{"id": k, **rows[k]} for k in sorted(rows)] for rows in (before, after))
    assert list(apply(old, delta(old, new, merged))) == new


def test_a_second_release_of_a_day_has_a_number(record: Made, tmp_path: Path) -> None:
    release(record.engine, tmp_path)
    record.crawl([offer(1, phone="030 23125 500"), *ALL[2:], offer(0, ends="2099-12-24")])
    assert release(record.engine, tmp_path).id == "2026-03-10.2"
    assert release(record.engine, tmp_path).id == "2026-03-10.2"
    assert [one.id for one in releases(tmp_path)] == ["2026-03-10.2", "2026-03-10"]
    with pytest.raises(ReleaseError, match="clock"):
        release(record.engine, tmp_path, "2026-03-09")


def test_what_breaks_off_leaves_no_release(
    record: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(edition, "write_sums", full)
        with pytest.raises(OSError, match="No space"):
            release(record.engine, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    assert release(record.engine, tmp_path / "out").new


def test_an_empty_record_is_a_release_too(engine: Engine, tmp_path: Path) -> None:
    one = release(engine, tmp_path)
    assert one.counts == dict.fromkeys(TABLES, 0)
    assert frictionless.validate(str(one.folder / "datapackage.json")).valid
    assert _parquet(one.folder / "offers.parquet") == []


def test_the_verb_writes_into_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETZLOTSE_DATA_DIR", str(tmp_path))
    done = CliRunner().invoke(netzlotse.app, ["release"])
    assert done.exit_code == 0, done.output
    (folder,) = (tmp_path / "releases").iterdir()
    assert f"{folder}: 0 offers, 0 evidence, 0 sources, 0 frame" in done.output
    again = CliRunner().invoke(netzlotse.app, ["release"])
    assert "nothing changed since" in again.output
