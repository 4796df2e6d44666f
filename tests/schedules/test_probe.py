"""`netzlotse probe` and `netzlotse add` against real sites, good and hostile."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import netzlotse
from aggregator.places.places import load_gazetteer
from crawlers.page import Page
from crawlers.source import SourceError, load_source, load_sources
from schedules.case import expectation
from schedules.probe import UnreachableError
from schedules.proposal import first_source, folder_of, id_of, proposed, region_of
from tests.crawlers.test_crawl import OFFERS, TITLES, page
from tests.loopback import Handler, Reply, serve

START = (
    "<html><head><title>Netz Pankow</title></head><body><main><h1>Willkommen</h1>"
    '<a href="/angebote">Unsere Angebote</a> <a href="/weg">Beratung</a></main></body></html>'
)
SITE: dict[str, Handler] = {"/": page(START), "/angebote": page(OFFERS)}


def offers(count: int, more: str = "") -> str:
    """A list of `count` offers."""
    units = "".join(
        f"<article><h2>Beratung Nummer {n}</h2><p>Hilfe im Alltag, jede Woche anders.</p>"
        f"<p>Beispielstr. {n}, 13187 Berlin<br>Telefon: 030 23125 1{n:02}</p><p>Di {8 + n % 9} Uhr"
        "</p></article>"
        for n in range(1, count + 1)
    )
    return f"<title>Angebote</title><main><h1>Angebote</h1>{units}{more}</main>"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with an empty installation, in which a probe must leave nothing."""
    for name, value in (
        ("DATA_DIR", str(tmp_path / "data")),
        ("SOURCES", str(tmp_path / "sources")),
        ("ALLOWED_PRIVATE_HOSTS", "127.0.0.1"),
        ("DOWNLOAD_DELAY", "0"),
    ):
        monkeypatch.setenv(f"NETZLOTSE_{name}", value)
    yield tmp_path
    assert not (tmp_path / "data").exists()


def run(*arguments: str) -> str:
    """Run a verb; what it printed. Raises what it raises."""
    done = CliRunner().invoke(netzlotse.app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def probe(url: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("probe", url, "--json"))
    return found


def test_a_probe_tells_what_a_run_would_publish(home: Path):
    with serve(SITE) as server:
        found = probe(f"{server.base_url}/")
    assert found["records"] == 3
    assert sorted(first["title"] for first in found["first"]) == TITLES
    assert {first["postcode"] for first in found["first"]} == {"13187", "13189", "10439"}
    assert found["fill"]["phones"] == 1.0
    assert found["robots"] == {server.base_url: "absent"}
    assert found["reservation"]["reserved"] is False
    assert [claim["adapter"] for claim in found["adapters"]] == ["html"]
    assert found["pages"] == {"fetched": 2, "failed": 1}
    (failure,) = found["failures"]
    assert failure["failure"] == "gone"
    assert "404" in failure["advice"]
    assert found["warnings"] == []
    declaration = yaml.safe_load(found["yaml"])
    assert declaration == {
        "id": "127-0-0-1",
        "title": "Netz Pankow",
        "region": "11003",
        "start": [f"{server.base_url}/"],
        "expect": {"min": 2, "max": 6},
    }


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (offers(10), [("truncated", "genau 10"), ("empty", "Nur eine Seite")]),
        (offers(10, '<a rel="next" href="/?seite=2">weiter</a>'), []),
        (
            "<title>Hallo</title><p>Hier entsteht etwas.</p>",
            [("empty", "kein Angebot"), ("empty", "Nur eine Seite")],
        ),
    ],
    ids=["ends at a page size", "leads on", "nothing found"],
)
def test_what_gives_to_think_is_said(home: Path, body: str, said: list[tuple[str, str]]):
    site = {"/": page(body), "/?seite=2": page(offers(3))}
    with serve(site) as server:
        found = probe(f"{server.base_url}/")
    messages = " ".join(warned["message"] for warned in found["warnings"])
    assert len(found["warnings"]) == len(said), messages
    assert sorted(warned["code"] for warned in found["warnings"]) == sorted(c for c, _ in said)
    for _, words in said:
        assert words in messages


def test_what_cannot_be_fetched_ends_with_one_line_that_says_why(home: Path):
    verb = [sys.executable, "-m", "netzlotse", "probe", "http://127.0.0.1:1/"]
    done = subprocess.run(verb, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert "refused" in line
    assert "Server nimmt keine Verbindung an" in line
    reserved = {"/": page(OFFERS, **{"TDM-Reservation": "1"})}
    with (
        serve(reserved) as server,
        pytest.raises(UnreachableError, match=r"permission .*tdm-reservation: 1") as told,
    ):
        run("probe", f"{server.base_url}/", "--json")
    assert "\n" not in str(told.value)


def test_hostile_words_are_printed_and_declared_as_words(home: Path):
    title = "[/bold] !!python/object: {a: [red]x[/red]"
    evil = OFFERS.replace("Angebote</title>", f"{title}</title>").replace(
        "Umgangscafé", "[link=x]Umgangscafé"
    )
    with serve({"/": page(evil), "/robots.txt": Reply(b"\xff\x00[/]")}) as server:
        out = run("probe", f"{server.base_url}/")
    assert "[link=x]Umgangscafé" in out
    declared = yaml.safe_load(out.partition("Deklaration:\n")[2])
    assert declared["title"] == title


def test_add_writes_a_declaration_and_a_case_that_replays(home: Path):
    folder = home / "sources"
    with serve(SITE) as server:
        url = f"{server.base_url}/"
        out = run("add", url, "--id", "pankow", "--json")
        with pytest.raises(SourceError, match="schon deklariert"):
            run("add", url, "--id", "pankow")
        again = run("add", url, "--id", "pankow", "--force")
    assert "Bitte prüfen" in again
    declaration = folder / "be" / "pankow.yml"
    case = folder / "be" / "pankow.case"
    files = [Path(file) for file in json.loads(out)["files"]]
    assert files == [declaration, *(case / n for n in ("page.html", "meta.json", "expected.json"))]
    source = load_source(declaration)
    assert [one.id for one in load_sources(folder)] == ["pankow"]
    assert (source.region, source.expect.min, source.expect.max) == ("11003", 2, 6)
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    assert meta["url"] == f"{server.base_url}/angebote"
    body = (case / "page.html").read_bytes()
    assert body == OFFERS.encode()
    frozen = datetime.fromisoformat(meta["fetched_at"])
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    assert sorted(offer["title"] for offer in expected["offers"]) == TITLES
    replayed = Page(meta["url"], body, frozen, headers=meta["headers"])
    assert expectation(replayed, source) == expected
    changed = Page(meta["url"], body.replace(b"Di 14", b"Mi 14"), frozen, headers=meta["headers"])
    assert expectation(changed, source) != expected


@pytest.mark.parametrize(
    ("postcodes", "region"),
    [
        (["13187", "13189"], "11003"),
        (["13187", "10827", "12043", "13585"], "11"),
        (["13187", "80331"], "DE"),
        (["99999"], "DE"),
        ([], "DE"),
    ],
)
def test_the_region_is_where_most_postcodes_lie(postcodes: list[str], region: str):
    text = " ".join(f"Beispielstr. 1, {code} Ort" for code in postcodes)
    assert region_of([], text, load_gazetteer()) == region


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.alleinerziehend-pankow.de", "alleinerziehend-pankow"),
        ("netz.example", "netz-example"),
        ("münster.de", "muenster"),
        ("", "quelle"),
    ],
)
def test_an_id_is_made_from_the_host(host: str, name: str):
    assert id_of(host) == name


def test_what_is_no_address_is_refused():
    for wrong in ("ht tp", "ftp://netz.example/"):
        with pytest.raises(SourceError, match="URL"):
            first_source(wrong, None, None, pages=1)
    assert first_source("netz.example", None, None, pages=1).start == ["https://netz.example"]
    assert (folder_of("11003"), folder_of("DE")) == ("be", "de")


def test_a_declared_pattern_is_tried_before_any_run(home: Path):
    declaration = home / "netz.yml"
    with serve(SITE) as server:
        declared = {
            "id": "netz",
            "title": "Netz",
            "region": "11003",
            "start": [f"{server.base_url}/"],
            "pattern": {"records": "article:first-of-type", "fields": {"title": "h2"}},
        }
        declaration.write_text(yaml.safe_dump(declared), "utf-8")
        found = probe(str(declaration))
        shown = run("probe", str(declaration))
    claims = {claim["adapter"]: claim for claim in found["adapters"]}
    assert found["records"] == claims["pattern"]["records"] == 1
    assert claims["html"]["records"] == 0
    assert claims["html"]["pages"] == 2
    assert found["declaration"] == declared | {"expect": {"min": 1, "max": 2}}
    assert "Adapter pattern (100%, 0 Seiten, 1 Angebote)" in shown


CARDS = "".join(
    f"<div class='kachel k{n}'><b class='name'>Kurs {n}: Nähen</b><div>Für Eltern, Di {n} Uhr<br>"
    f"<a href='tel:+493023125{n}00'>030 23125{n}00</a></div></div>"
    for n in (1, 2, 3, 4)
)


def test_a_pattern_is_proposed_that_finds_the_same(home: Path):
    """Where nobody knows the make of a site; as it is printed, without the marks of a comment."""
    body = f"<title>Netz</title><main><h1>Angebote</h1><div>{CARDS}</div></main>"
    with serve({"/": page(body)}) as server:
        shown = run("probe", f"{server.base_url}/")
        found = probe(f"{server.base_url}/")
        assert found["pattern"] == {
            "records": "div.kachel",
            "fields": {"title": ".name", "phone": "a[href^='tel:']@href"},
        }
        run("add", f"{server.base_url}/", "--id", "netz")
        (declaration,) = (home / "sources").rglob("netz.yml")
        assert load_source(declaration).pattern is None  # it is a comment
        text = declaration.read_text("utf-8")
        head, _, pattern = text.partition("# pattern:")
        assert f"# pattern:{pattern}" in shown
        declaration.write_text(head + "pattern:" + pattern.replace("\n# ", "\n"), "utf-8")
        declared = probe(str(declaration))
    claims = {claim["adapter"]: claim["records"] for claim in declared["adapters"]}
    assert claims == {"pattern": 4, "html": 0}
    told = [[(one["title"], one["phones"]) for one in by["first"]] for by in (found, declared)]
    assert told[0] == told[1] != []
    assert declared["records"] == found["records"] == 4


def test_no_pattern_is_proposed_where_no_element_holds_a_record(home: Path):
    body = CARDS.replace("<div class='kachel k", "<hr class='k").replace("<b class='name'>", "<h3>")
    body = body.replace("</b><div>", "</h3><p>").replace("</div></div>", "</p>")
    with serve({"/": page(f"<title>Netz</title><main><h1>Angebote</h1>{body}</main>")}) as server:
        found = probe(f"{server.base_url}/")
    assert (found["records"], found["pattern"]) == (4, None)


def test_an_unknown_id_is_named_with_what_is_known(home: Path):
    (home / "sources").mkdir()
    known = {"id": "netz", "title": "Netz", "region": "11", "start": ["https://netz.example/"]}
    (home / "sources" / "netz.yml").write_text(yaml.safe_dump(known), "utf-8")
    with pytest.raises(SourceError, match="gibt-es-nicht"):
        run("probe", "gibt-es-nicht")


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Willkommen – Netz Pankow", "Netz Pankow"),
        ("Startseite | Netz Pankow", "Netz Pankow"),
        ("Netz Pankow: Startseite", "Netz Pankow"),
        ("Netz Pankow – für Alleinerziehende", "Netz Pankow – für Alleinerziehende"),
        ("Start", "Start"),
    ],
)
def test_a_site_is_called_by_its_name(said: str, title: str):
    body = f"<title>{said}</title><p>Hallo".encode()
    start = Page("https://netz.example/", body, datetime(2026, 11, 1, tzinfo=UTC))
    source = first_source("netz.example", None, None, pages=5)
    assert proposed(source, start, 0).title == title
