"""A query is frozen with a release: the same rows for ever, a hash, and how to cite it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from aggregator.index.directory import LiveSearcher
from aggregator.release.edition import correct_releases, make_release, releases
from aggregator.release.files import read_lines
from aggregator.release.metadata import Maker
from aggregator.settings import Settings
from aggregator.store.tables import CitationRow, OfferRow
from aggregator.suppression import Kind, Suppressions, digest
from api import citing
from api.app import create_app
from api.throttle import Throttle
from tests.api.conftest import Record, uid

MAKER = Maker("https://portal.example", "post@portal.example", "0.1.0")
HTML = {"accept": "text/html"}
API = "/api/v1/citations"


@pytest.fixture
def settings(sqlite_record: Record, tmp_path: Path) -> Settings:
    made = Settings(data_dir=tmp_path, public_url="https://portal.example")
    make_release(sqlite_record.engine, made.release_dir, date(2026, 11, 21), MAKER)
    with Session(sqlite_record.engine) as session:  # the next release says something else
        row = session.get_one(OfferRow, uid("offer-1"))
        row.flat = {**row.flat, "title": "Umbenanntes Angebot"}
        session.commit()
    make_release(sqlite_record.engine, made.release_dir, date(2026, 11, 28), MAKER)
    return made


@pytest.fixture
def client(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(citing, "_OF_ONE", Throttle(60, 3_600))
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def frozen(client: TestClient, **parameters: Any) -> dict[str, Any]:
    answer = client.post(API, json=parameters)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert client.get(answer.headers["location"]).json() == told
    return told


def rows(client: TestClient, told: dict[str, Any]) -> list[dict[str, Any]]:
    body = client.get(f"/zitat/{told['id']}/angebote.jsonl").content
    assert hashlib.sha256(body).hexdigest() == told["sha256"]
    return [json.loads(line) for line in body.splitlines()]


def test_what_is_frozen_are_the_rows_of_the_release(client: TestClient, settings: Settings) -> None:
    told = frozen(client, network=["pankow"], release="2026-11-21", sort="relevance")
    assert told["question"] == {"network": ["pankow"]}  # what is as usual is not said
    found = rows(client, told)
    folder = settings.release_dir / "2026-11-21"
    usable = {"active", "temporarily closed"}
    wanted = {
        row["id"]: row
        for row in read_lines(folder / "offers.jsonl.gz")
        if "pankow" in row["networks"] and row["status"] in usable
    }
    assert {row["id"]: row for row in found} == wanted
    assert told["rows"] == len(found) > 5
    table = client.get(f"/zitat/{told['id']}/angebote.csv").text
    assert [r["id"] for r in csv.DictReader(io.StringIO(table))] == [row["id"] for row in found]


def test_the_same_query_is_the_same_citation_and_resolves_to_the_same_for_ever(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = frozen(client, q="Umbenanntes", region=["11003", "11011"], release="2026-11-28")
    assert rows(client, told)[0]["title"] == "Umbenanntes Angebot"
    other = frozen(client, q="Umbenanntes", region=["11011", "11003"], release="2026-11-28")
    assert other == told
    assert frozen(client, q="Umbenanntes", region=["11003"])["id"] != told["id"]
    older = frozen(client, q="Umbenanntes", region=["11003", "11011"], release="2026-11-21")
    assert "Umbenanntes Angebot" not in {row["title"] for row in rows(client, older)}

    def changed(*_: object) -> None:
        raise AssertionError("searched again: another version may answer otherwise")

    monkeypatch.setattr(LiveSearcher, "search", changed)
    monkeypatch.setattr(LiveSearcher, "walk", changed)
    again = client.post(API, json={"q": "Umbenanntes", "region": ["11003", "11011"]}).json()
    assert again == told


def test_references_are_read_by_other_programs(client: TestClient) -> None:
    told = frozen(client, q="Beratung & Hilfe_100% {x}")
    entry = client.get(f"/zitat/{told['id']}/zitat.bib").text
    assert entry == told["bibtex"]
    assert re.match(r"@misc\{netzlotse-[0-9a-f]{20},\n", entry)
    assert entry.count("{") == entry.count("}")
    plain = re.sub(r"\\.", "", entry)  # every special sign is escaped
    assert not set("&%$#_^~") & set(plain.replace(told["url"], ""))
    (item,) = client.get(f"/zitat/{told['id']}/zitat.csl.json").json()
    assert item == told["csl"][0]
    assert (item["type"], item["URL"]) == ("dataset", f"https://portal.example/zitat/{told['id']}")
    assert item["issued"]["date-parts"][0][:1] == [int(told["frozen_on"][:4])]
    for part in (told["sha256"], told["version"], told["url"]):
        assert part in told["citation"]


def test_from_the_search_to_the_citation(client: TestClient) -> None:
    shown = client.get("/?q=Beratung&region=11003&near=", headers=HTML).text
    (link,) = re.findall(r'href="(/zitat\?[^"]+)"', shown)
    offered = client.get(link.replace("&amp;", "&"), headers=HTML).text
    assert "q=Beratung" in offered
    assert "region=11003" in offered
    (action,) = re.findall(r'action="(/zitat\?[^"]+)" method="post"', offered)
    done = client.post(action.replace("&amp;", "&"), follow_redirects=False)
    assert done.status_code == 303
    page = client.get(done.headers["location"], headers=HTML).text
    told = client.get(f"{API}/{done.headers['location'].rpartition('/')[2]}").json()
    assert told["question"] == {"q": ["Beratung"], "region": ["11003"]}
    assert told["sha256"] in page
    assert "@misc" in page
    assert "noindex" in offered


def test_what_was_erased_is_gone_from_the_citation_too(
    client: TestClient, settings: Settings
) -> None:
    told = frozen(client, network=["pankow"])
    before = rows(client, told)
    gone = before[0]["listings"][0]
    listed = Suppressions(bytes(32), listings=frozenset({digest(bytes(32), Kind.LISTING, gone)}))
    assert len(correct_releases(settings.release_dir, listed, date(2026, 11, 29), MAKER)) == 2
    after = client.get(f"{API}/{told['id']}").json()
    assert (after["rows"], after["erased"]) == (len(before) - 1, 1)
    assert after["version"] == "2026-11-28-r1"
    assert after["sha256"] != told["sha256"]
    assert rows(client, after) == before[1:]
    assert "gelöscht" in client.get(f"/zitat/{told['id']}", headers=HTML).text


def test_what_cannot_be_cited_is_a_problem(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get(f"{API}/{'0' * 20}").status_code == 404
    assert client.get(f"{API}/nothing").status_code == 404
    assert client.post(API, json={"release": "2026-11-22"}).status_code == 404
    assert client.post(API, json={"topic": ["nothing"]}).status_code == 422
    assert client.post(API, json={"nothing": "1"}).status_code == 422
    told = frozen(client, network=["pankow"])
    assert client.get(f"/zitat/{told['id']}/nothing.csv").status_code == 404
    monkeypatch.setattr(citing, "_OF_ONE", Throttle(1, 3_600))
    assert client.post(API, json={"q": "eins"}).status_code == 200
    refused = client.post(API, json={"q": "neu"})
    assert (refused.status_code, "retry-after" in refused.headers) == (429, True)
    assert client.post(API, json={"network": ["pankow"]}).status_code == 200  # it is there
    for one in releases(settings.release_dir):
        shutil.rmtree(one.folder)
    assert client.get(f"{API}/{told['id']}").status_code == 410
    assert client.post(API, json={"q": "neu"}).status_code == 404
    assert "Noch gibt es keine Ausgabe" in client.get("/zitat?q=x", headers=HTML).text


def test_only_ids_are_kept(client: TestClient, sqlite_record: Record) -> None:
    frozen(client, q="Beratung")
    with Session(sqlite_record.engine) as session:
        (row,) = session.exec(select(CitationRow))
    assert set(row.model_dump()) == {"id", "release", "question", "offers", "stated", "created_at"}
