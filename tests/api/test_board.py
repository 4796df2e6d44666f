"""The board: every source with its trend, its rights, what to do; the badge; the verb."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import lxml.etree
import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select
from typer.testing import CliRunner

import netzlotse
from aggregator.settings import Settings
from aggregator.store.tables import JobRow, SourceRow
from tests.api.conftest import NOW, Record


@pytest.fixture(scope="module")
def board(client: TestClient, record: Record) -> Iterator[TestClient]:
    """The record of all tests, and a schedule: one visit ahead, one long past."""
    with Session(record.engine) as session:
        for name, days in (("pankow", 4_000), ("wuppertal", -2)):
            at = (NOW + timedelta(days=days)).timestamp()
            session.merge(JobRow(id=name, next_run_time=at, job_state=b""))
        row = session.get_one(SourceRow, "pankow")
        row.rights = {"reserved": True, "where": "https://pankow.example/impressum",
                      "quote": "Text und Data Mining ist vorbehalten.",
                      "checked_at": NOW.isoformat()}  # fmt: skip
        session.add(row)
        session.commit()
    yield client
    with Session(record.engine) as session:
        for job in session.exec(select(JobRow)):
            session.delete(job)
        session.get_one(SourceRow, "pankow").rights = {}
        session.commit()


def test_the_board_as_data(board: TestClient) -> None:
    items = {item["id"]: item for item in board.get("/api/v1/sources").json()["items"]}
    pankow = items["pankow"]
    assert [point["found"] for point in pankow["trend"]] == [42, 42]
    assert pankow["causes"][0]["check"] == "shared_contact"
    assert pankow["causes"][0]["advice_en"]
    assert pankow["rights"]["reserved"] is True
    assert (pankow["attention"], pankow["overdue"]) == (True, False)
    assert items["wuppertal"]["overdue"] is True
    assert items["off"]["attention"] is False
    wanted = board.get("/api/v1/sources", params={"attention": True}).json()["items"]
    assert {item["id"] for item in wanted} == {"pankow", "lichtenberg", "broken", "wuppertal"}
    others = board.get("/api/v1/sources", params={"attention": False}).json()["items"]
    assert {item["id"] for item in others} == set(items) - {item["id"] for item in wanted}


def test_a_page_says_what_to_do_and_what_may_be_read(board: TestClient) -> None:
    page = board.get("/quelle/lichtenberg").text
    assert "Was zu tun ist" in page
    assert 'class="held"' in page  # the run that was not published is a square
    assert "42, 0 (zurückgehalten)" in page  # and words for who does not see it
    page = board.get("/quelle/pankow").text
    assert "vorbehalten" in page
    assert "Text und Data Mining ist vorbehalten." in page
    assert "überfällig" in board.get("/quelle/wuppertal").text
    filtered = board.get("/quellen", params={"nur": "auffaellig"}).text
    assert "Stadtportal" in filtered
    assert "Alter Wegweiser" not in filtered


def test_a_badge_is_a_picture_any_site_may_show(board: TestClient) -> None:
    answer = board.get("/quelle/pankow/abzeichen.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in answer.headers
    root = lxml.etree.fromstring(answer.content)
    assert root.get("aria-label") == "netzlotse: 25 Angebote, Stand 19.11.2026"
    assert not [e for e in root.iter() if e.tag.endswith(("script", "image", "style"))]
    tag = {"If-None-Match": answer.headers["etag"]}
    assert board.get("/quelle/pankow/abzeichen.svg", headers=tag).status_code == 304
    assert "noch nicht gelesen" in board.get("/quelle/wuppertal/abzeichen.svg").text
    assert board.get("/quelle/nichts/abzeichen.svg").status_code == 404


def test_diagnose_prints_the_same(
    board: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETZLOTSE_DATA_DIR", str(settings.data_dir))
    engine = board.app.state.engine  # type: ignore[attr-defined]
    monkeypatch.setattr("aggregator.commands.diagnose.open_record", lambda _: engine)
    run = CliRunner().invoke
    whole = run(netzlotse.app, ["diagnose"])
    assert whole.exit_code == 1
    assert "lichtenberg" in whole.stdout
    assert "overdue" in whole.stdout
    one = run(netzlotse.app, ["diagnose", "lichtenberg"])
    assert "x" in next(line for line in one.stdout.splitlines() if "trend" in line)
    assert "nicht mehr erkannt" in one.stdout
    told = json.loads(run(netzlotse.app, ["diagnose", "pankow", "--json"]).stdout)
    assert told["id"] == "pankow"
    assert run(netzlotse.app, ["diagnose", "nichts"]).exception is not None


def test_the_owners_report_is_a_page(board: TestClient) -> None:
    page = board.get("/quelle/pankow/bericht").text
    assert "Verweise, die ins Leere führen (1)" in page
    assert "https://pankow.example/alt" in page
    assert "„jeden zweiten Dienstag, außer wenn nicht“" in page
    assert "/intern" not in page  # what robots.txt forbids is no fault
    assert "noch nichts veröffentlicht" in board.get("/quelle/wuppertal/bericht").text
    assert board.get("/quelle/nichts/bericht").status_code == 404
