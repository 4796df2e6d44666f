"""The documents the project began with, as pages of a site: networks with evidence, no offers.

The texts are not part of this repository: they are read from ../shared/seeds, or from the folder
`seeds` of $NETZLOTSE_SHARED.
"""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawlers.samples.federation import Federation
from tests.federation.conftest import Installation, install
from tests.federation.record import networks, statements
from tests.loopback import Reply, Server, serve
from tests.stored import stored

_SHARED = Path(os.environ.get("NETZLOTSE_SHARED") or Path(__file__).parents[3] / "shared")
SEEDS = _SHARED / "seeds"

pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the seed documents (../shared/seeds) are not here"
)

PAGES = {
    "/pankow": "pankow-koordinierungsstelle",
    "/lichtenberg/stelle": "lichtenberg-koordinierungsstelle",
    "/lichtenberg/drucksache": "lichtenberg-drucksache-1636-vii",
    "/wuppertal": "wuppertal-alleinerziehendennetz",
    "/handbuch": "handbuch-unterstuetzungsnetzwerke",
}
SOURCES = {"pankow": "11003", "lichtenberg": "11011", "wuppertal": "05124", "handbuch": "05124"}
PERSONS = ("Biskoping", "Monika", "Katharina", "Maas-Kroemer", "Kroemer", "McAuley")


def _page(name: str) -> bytes:
    lines = (SEEDS / f"{name}.txt").read_text("utf-8").splitlines()
    body = "\n".join(f"<p>{html.escape(line)}</p>" for line in lines if line.strip())
    return f'<!DOCTYPE html><html lang="de"><meta charset="utf-8"><body>{body}'.encode()


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    """The texts as pages, a line a paragraph."""
    with serve({path: Reply(_page(name)) for path, name in PAGES.items()}) as server:
        yield server


@pytest.fixture(scope="module")
def crawled(
    federation: Federation, site: Server, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Installation, dict[str, dict[str, Any]]]:
    """An installation that crawled the pages, and its runs."""
    installation = install(tmp_path_factory.mktemp("seeds"), federation)
    folder = installation.home / "sources"
    for file in folder.rglob("*.yml"):
        file.unlink()
    for name, region in SOURCES.items():
        paths = [path for path in PAGES if path.startswith(f"/{name}")]
        declaration = {
            "id": name,
            "title": name.title(),
            "region": region,
            "network": name,
            "start": [site.base_url + path for path in paths],
            # the handbook's page tells of no network and no offer: nothing to find is no fault
            "expect": {"may_be_empty": name == "handbuch"},
        }
        (folder / f"{name}.yml").write_text(json.dumps(declaration), "utf-8")  # JSON is YAML
    return installation, installation.crawl("--all")


@pytest.fixture(scope="module")
def known(
    crawled: tuple[Installation, dict[str, dict[str, Any]]],
) -> dict[str, dict[str, Any]]:
    """The documents of the networks, by id."""
    return networks(crawled[0])


def test_every_page_is_accepted_and_none_is_an_offer(
    crawled: tuple[Installation, dict[str, dict[str, Any]]],
) -> None:
    installation, runs = crawled
    assert {run["verdict"] for run in runs.values()} <= {"accepted", "warned"}
    assert installation.listings() == []


def test_pankow(known: dict[str, dict[str, Any]]) -> None:
    network = known["pankow"]
    assert network["status"] == "active"
    assert network["name"] == "Netzwerk für Alleinerziehende Pankow"
    assert network["founded"] == "2019"
    assert network["ended"] is None
    assert network["carrier"] == "SelbstHilfeInitiative Alleinerziehender (SHIA) e.V."
    assert network["coordinating_body"] == "Koordinierungsstelle Alleinerziehende Pankow"
    assert network["working_groups"] == ["4 Arbeitsgruppen"]
    assert set(network["fields_of_action"]) == {
        "Wohnung",
        "Existenzsicherung des Alltags",
        "Kinderbetreuung",
        "Unterstützung bei der beruflichen Neuorientierung",
        "Rechtsberatung",
        "(Ergänzende) Kinderbetreuung",
        "Wohnen",
        "Finanzierung des Alltags",
        "Förderung der Erwerbstätigkeit",
    }
    assert network["partners"] == []
    assert network["contacts"] == []


def test_lichtenberg(known: dict[str, dict[str, Any]]) -> None:
    network = known["lichtenberg"]
    assert network["status"] == "active"
    assert network["founded"] == "2016"
    assert network["ended"] is None
    assert network["carrier"] == "Verein für ambulante Versorgung"
    assert network["coordinating_body"] == "Koordinierungsstelle Alleinerziehende Lichtenberg"
    assert network["working_groups"] == ["AG Alleinerziehende"]
    assert {
        "Agentur für Arbeit",
        "Jobcenter",
        "Gleichstellungsbeauftragte",
        "Verband alleinerziehender Mütter und Väter",
        "Selbsthilfe Initiative Alleinerziehender",
    } <= set(network["partners"])
    assert {
        "Koordinierung und Vernetzung der Angebote für Alleinerziehende",
        "Unterstützung bei Behördenfragen",
    } <= set(network["fields_of_action"])
    dates = {milestone["date"] for milestone in network["milestones"]}
    assert {"2016", "2017-08", "2019-04-01", "2019-08"} <= dates
    assert "2015-06-18" not in dates, "a line of the agenda tells nothing of the network"
    assert network["contacts"] == []


def test_wuppertal_has_ended(known: dict[str, dict[str, Any]]) -> None:
    network = known["wuppertal"]
    assert network["status"] == "ended"
    assert network["name"] == "AlleinerziehendenNetz Wuppertal"
    assert (network["founded"], network["ended"]) == ("2011-04-01", "2013-03-31")
    assert network["carrier"] == "Bergische Volkshochschule"
    assert network["programme"] == "Netzwerke wirksamer Hilfen für Alleinerziehende"
    assert network["partners"] == [
        "Jobcenter",
        "Bergische Volkshochschule",
        "Gleichstellungsstelle der Stadt Wuppertal",
        "Tageseinrichtungen für Kinder",
        "Geschäftsbereich Kinder, Jugend und Familie",
        "Alleinerziehenden Treff in Barmen und Elberfeld des skf",
        "Bildungsträger Alpha e.v",
        "Zentrum Integration und Bildung",
        "GESA",
        "Kinderschutzbund",
        "Bergische VHS",
    ]
    assert network["working_groups"] == [
        "4 Teilprojekte",
        "Facharbeitskreis: „Roter Faden für Alleinerziehende“",
    ]
    assert network["fields_of_action"] == [
        "Verbesserung der Lebens- und Erwerbsituation von Alleinerziehenden im ALG II Bezug",
        "verbesserte Vereinbarkeit von Familie und Beruf",
        "Förderung der Integration in den Arbeitsmarkt",
    ]
    assert [(one["role"], one["phone"]) for one in network["contacts"]] == [
        ("Pädagogische Leitung der Bergischen VHS Solingen", "+492122902883"),
        ("Projektmitarbeiterin Wuppertal", "+492025634037"),
    ]


def test_the_handbook_tells_of_no_network(
    crawled: tuple[Installation, dict[str, dict[str, Any]]], known: dict[str, dict[str, Any]]
) -> None:
    assert statements(crawled[0], "handbuch") == []
    assert known["handbuch"]["status"] == "unknown"


@pytest.mark.parametrize("name", ["pankow", "lichtenberg", "wuppertal"])
def test_every_fact_has_its_words_on_the_page(
    crawled: tuple[Installation, dict[str, dict[str, Any]]], name: str
) -> None:
    texts = [
        " ".join((SEEDS / f"{file}.txt").read_text("utf-8").split())
        for path, file in PAGES.items()
        if path.startswith(f"/{name}")
    ]
    told = statements(crawled[0], name)
    assert {one["field"] for one in told} >= {
        "coordinating_body" if name != "wuppertal" else "ended"
    }
    for one in told:
        assert one["quote"].strip(" […]"), one
        assert one["locator"], one
        for piece in one["quote"].split("[…]"):
            assert any(" ".join(piece.split()) in text for text in texts), one


def test_no_person_is_named_in_the_record(
    crawled: tuple[Installation, dict[str, dict[str, Any]]],
) -> None:
    everything = stored(crawled[0].settings)
    assert b"Projektmitarbeiterin" in everything
    for name in PERSONS:
        assert name.encode() not in everything, name
