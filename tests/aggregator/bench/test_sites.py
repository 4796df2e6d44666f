"""Folders of sites that others wrote: served as they lie there, walked, and scored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aggregator.bench.extract import run
from aggregator.bench.sites import load_sites
from aggregator.commands.bench import bench
from aggregator.places.places import load_gazetteer
from crawlers.source import SourceError

OFFERS = "".join(
    f"<h2>{title}</h2><p>Musterstraße {number}, 13187 Berlin</p>"
    f"<p>Tel. 030 23125 00{number}</p><p>mittwochs 15-17 Uhr, kostenlos</p>"
    for number, title in enumerate(("Offener Treff", "Rechtsberatung für Mütter", "Elterncafé"), 1)
)
TRUTH = [
    {
        "page_url": "/angebote/",
        "title": title,
        "phones": [f"+49302312500{number}"],
        "hours_osm": "We 15:00-17:00",
    }
    for number, title in enumerate(("Offener Treff", "Rechtsberatung für Mütter", "Elterncafé"), 1)
]


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    """One site as an author without our tools leaves it: no site.yml, Latin-1, a named region."""
    www = tmp_path / "fremd" / "www"
    (www / "angebote").mkdir(parents=True)
    link = '<a href="https://fremd.example/angebote">Unsere Angebote für Mütter</a>'
    (www / "index.html").write_text(f"<h1>Netz</h1>{link}", "latin-1")
    (www / "angebote" / "index.html").write_text(
        f"<title>Angebote</title><body><main><h1>Angebote</h1>{OFFERS}</main></body>", "latin-1"
    )
    folder = www.parent
    (folder / "truth.jsonl").write_text("\n".join(map(json.dumps, TRUTH)), "utf-8")
    declared = {"title": "Netz", "region": "Berlin", "start": "https://fremd.example/"}
    (folder / "source.json").write_text(json.dumps(declared), "utf-8")
    return tmp_path


def test_a_foreign_site_is_read_through_a_real_server(sites: Path) -> None:
    (site,) = load_sites(sites)
    assert (site.id, site.declared["region"]) == ("fremd", "11")
    done = run([site], load_gazetteer())
    assert done.total.records.right == len(TRUTH), done.total.misses
    assert done.sites[0].pages == 2
    assert done.total.fields["phones"].recall == done.total.fields["hours_osm"].recall == 1.0


def test_the_imprint_that_no_page_of_offers_repeats_names_the_provider(sites: Path) -> None:
    folder, name = sites / "fremd", "Kinderschutzbund Ortsverband Nordheim e.V."
    index = folder / "www" / "index.html"
    index.write_text(f"{index.read_text('latin-1')}<a href='/impressum'>Impressum</a>", "latin-1")
    imprint = f"<h1>Impressum</h1><p>{name}, Markt 3, 13187 Berlin</p>"
    (folder / "www" / "impressum").mkdir()
    (folder / "www" / "impressum" / "index.html").write_text(imprint, "latin-1")
    declared = json.loads((folder / "source.json").read_text("utf-8"))
    declared["title"] = "Kinderschutzbund Nordheim"
    (folder / "source.json").write_text(json.dumps(declared), "utf-8")
    truth = [{**row, "provider": name} for row in TRUTH]
    (folder / "truth.jsonl").write_text("\n".join(map(json.dumps, truth)), "utf-8")
    done = run(load_sites(sites), load_gazetteer())
    assert done.total.fields["provider"].right == len(TRUTH), done.total.misses
    assert done.total.records.right == len(TRUTH)


def test_the_verb_prints_one_json_object(sites: Path) -> None:
    printed = CliRunner().invoke(bench, ["extract", "--truth", str(sites), "--json"])
    document = json.loads(printed.stdout)
    assert printed.exit_code == 0
    assert document["records"]["recall"] == 1.0
    assert document["sites"]["fremd"]["pages"] == 2


def test_a_folder_without_a_truth_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"truth\.jsonl"):
        load_sites(tmp_path)
