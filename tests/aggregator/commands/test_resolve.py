"""`netzlotse resolve`: explain, queue, judge, undo, export and import."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from aggregator.identity import offer_id
from aggregator.resolve.comparison import Judgement
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from netzlotse import app
from tests.aggregator.resolve.record import Record

NETZ, PORTAL, AMT = "netz-0", "portal-0", "amt-0"


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Record:
    """Three sites: two tell of one offer, the third of another service of the same office."""
    monkeypatch.setenv("NETZLOTSE_DATA_DIR", str(tmp_path))
    made = Record(_engine(tmp_path))
    made.run("netz", {0: 0})
    made.run("portal", {0: 1})
    made.run("amt", {0: 2, 1: 5})
    return made


def _engine(folder: Path) -> Engine:
    engine = connect(Settings(data_dir=folder).database)
    migrate(engine)
    return engine


def _resolve(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["resolve", *arguments])


def test_the_reasons_of_a_merge_are_printed(record: Record) -> None:
    done = _resolve("--explain", NETZ, "https://portal.example/0")
    assert done.exit_code == 0, done.output
    assert "published as one offer" in done.stdout
    assert "+3.0  a phone number in common" in done.stdout
    told = json.loads(_resolve("--explain", NETZ, AMT, "--json").stdout)
    assert (told["one_offer"], told["judgement"]) == (False, "different")
    assert any("titles" in one["reason"] and one["points"] < -1 for one in told["evidence"])
    assert any(key.startswith("phone:") for key in told["keys"])


def test_a_judgement_its_undo_and_who_did_it(record: Record) -> None:
    assert _resolve("--different", NETZ, PORTAL, "--by", "anna", "--why", "zwei").exit_code == 0
    assert record.state()["led on"][offer_id(PORTAL)] is None
    assert "anna: different: zwei" in _resolve("--explain", NETZ, PORTAL).stdout
    assert _resolve("--undo", PORTAL, NETZ, "--by", "bert").exit_code == 0
    assert record.state()["led on"][offer_id(PORTAL)] == offer_id(NETZ)
    assert "(bert)" in _resolve("--explain", NETZ, PORTAL).stdout
    again = _resolve("--undo", NETZ, PORTAL)
    assert (again.exit_code, "nobody has judged this pair" in again.stderr) == (1, True)


def test_the_queue_asks_once_and_never_what_was_judged(record: Record) -> None:
    asked = [json.loads(line) for line in _resolve("--queue", "--json").stdout.splitlines()]
    assert asked
    assert [one["gain"] for one in asked] == sorted((one["gain"] for one in asked), reverse=True)
    for one in asked:
        assert _resolve("--unsure", one["left"]["id"], one["right"]["id"]).exit_code == 0
    left = [json.loads(line) for line in _resolve("--queue", "--json").stdout.splitlines()]
    pairs = {frozenset((one["left"]["id"], one["right"]["id"])) for one in asked}
    assert not pairs & {frozenset((one["left"]["id"], one["right"]["id"])) for one in left}


def test_providers_and_places_are_judged_by_name(record: Record) -> None:
    record.run("amt", {2: 12})
    level = ("--level", "organization")
    names = ("Lotsen Musterstadt e.V.", "Lotsen Musterstadt Familienhilfe")
    (asked,) = [
        json.loads(line) for line in _resolve(*level, "--queue", "--json").stdout.splitlines()
    ]
    assert {asked["left"], asked["right"]} == {*names}
    told = json.loads(_resolve(*level, "--explain", *names, "--json").stdout)
    assert (told["one"], told["reason"]) == (False, "")
    done = _resolve(*level, "--same", *names, "--by", "bert", "--why", "one house")
    assert done.exit_code == 0, done.output
    assert json.loads(_resolve(*level, "--explain", *names, "--json").stdout)["one"]
    assert "bert: same: one house" in _resolve(*level, "--explain", *names).stdout
    assert "0 pairs to judge" in _resolve(*level, "--queue").stdout
    assert _resolve(*level, "--undo", *names).exit_code == 0
    assert "published as two" in _resolve(*level, "--explain", *names).stdout
    place = ("Marktplatz 1, 13187 Berlin", "Neue Gasse 9, 13189 Berlin")
    two = _resolve("--level", "location", "--same", *place)
    assert (two.exit_code, "addresses of one postcode" in two.stderr) == (1, True)
    none = _resolve(*level, "--same", names[0], "Niemand")
    assert (none.exit_code, "Niemand: no organization" in none.stderr) == (1, True)


def test_judgements_travel_as_a_file(record: Record, tmp_path: Path) -> None:
    """Into a record that knows the same sites, and into one that learns of them later."""
    record.judge(NETZ, AMT, Judgement.SAME)
    record.judge(NETZ, PORTAL, Judgement.DIFFERENT)
    record.undo()
    file = tmp_path / "judgements.jsonl"
    assert _resolve("--export", str(file)).exit_code == 0
    after = record.state()["led on"]
    record.undo()
    assert record.state()["led on"] != after
    for _ in range(2):  # the second time nothing is new
        assert _resolve("--import", str(file)).exit_code == 0
    # What was undone here stays so: the file does not know of it.
    assert record.state()["led on"] != after


def test_a_new_record_takes_judgements_before_any_crawl(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.judge(NETZ, AMT, Judgement.SAME)
    file = tmp_path / "judgements.jsonl"
    assert _resolve("--export", str(file)).exit_code == 0
    monkeypatch.setenv("NETZLOTSE_DATA_DIR", str(tmp_path / "new"))
    assert _resolve("--import", str(file)).exit_code == 0
    fresh = Record(_engine(tmp_path / "new"))
    fresh.run("amt", {0: 2})
    fresh.run("netz", {0: 0})
    assert fresh.state()["led on"] == {offer_id(AMT): None, offer_id(NETZ): offer_id(AMT)}


def _line(**changed: str) -> str:
    told = {
        "left_id": "a",
        "right_id": "b",
        "verdict": "same",
        "judge": "x",
        "judged_at": "2026-01-01T00:00:00+00:00",
    }
    return json.dumps(told | changed)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "line 1: "),
        ("[]", "line 1: "),
        ('{"left_id": "a"}', "line 1: 'right_id' is missing"),
        (_line(right_id="a"), "line 1: a: a thing is not compared with itself"),
        (_line(verdict="vielleicht"), "line 1: 'vielleicht' is not a valid Judgement"),
        (_line(judge="rules@1"), "is no person"),
        (_line(judged_at="2026-01-01T00:00:00"), "has no time zone"),
    ],
)
def test_a_bad_file_changes_nothing(record: Record, tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(line, "utf-8")
    before = record.state()
    done = _resolve("--import", str(file))
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr
    assert record.state() == before


def test_what_is_no_listing_is_named(record: Record) -> None:
    done = _resolve("--explain", NETZ, "gibt-es-nicht")
    assert done.exit_code == 1
    assert "gibt-es-nicht: no listing, offer or page of this name" in done.stderr


def test_a_full_run_finds_the_same(record: Record) -> None:
    before = record.state()
    assert _resolve("--full").exit_code == 0
    assert record.state() == before
    assert "listings are" in _resolve().stdout
