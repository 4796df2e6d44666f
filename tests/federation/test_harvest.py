"""The main job, end to end, as an operator sees it: crawl, search, export, crawl again."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.samples.federation import Federation, site_ids, truth
from tests.federation.conftest import Installation, install
from tests.stored import stands, stored

Harvested = tuple[Installation, dict[str, dict[str, Any]]]


def test_every_site_is_published(harvested: Harvested) -> None:
    _, runs = harvested
    assert sorted(runs) == site_ids()
    assert {run["verdict"] for run in runs.values()} <= {"accepted", "warned"}


def test_what_a_person_reads_is_what_is_exported(harvested: Harvested) -> None:
    """Recall and precision of listings, matched by page and title."""
    installation, _ = harvested
    found = defaultdict(set)
    for listing in installation.listings():
        found[listing["source"]].add(listing["title"])
    wanted = {site: {row["title"] for row in truth(site)} for site in site_ids()}
    missing = [(site, title) for site in wanted for title in wanted[site] - found[site]]
    invented = [(site, title) for site in wanted for title in found[site] - wanted[site]]
    total = sum(len(titles) for titles in wanted.values())
    assert total >= 150
    assert len(missing) <= 0.03 * total, missing
    assert len(invented) <= 0.02 * total, invented


EXACT = ("phones", "emails", "postcode", "street", "cost", "registration", "childcare")


@pytest.mark.parametrize("field", EXACT)
def test_fields_say_what_the_page_says(harvested: Harvested, field: str) -> None:
    installation, _ = harvested
    read = {
        (listing["source"], urlsplit(listing["page_url"]).path, listing["title"]): listing
        for listing in installation.listings()
    }
    wrong = []
    rows = 0
    for site in site_ids():
        for row in truth(site):
            listing = read.get((site, urlsplit(row["page_url"]).path, row["title"]))
            if listing is None:
                continue
            rows += 1
            stated, got = row.get(field), listing[field]
            if (sorted(stated or []) != sorted(got)) if isinstance(got, list) else stated != got:
                wrong.append((site, row["title"], stated, got))
    assert rows >= 150
    assert len(wrong) <= 0.05 * rows, wrong


def test_nothing_withheld_is_published(harvested: Harvested) -> None:
    """Addresses of shelters, names of persons, personal mail: nowhere, evidence included."""
    installation, _ = harvested
    withheld = {
        text for site in site_ids() for row in truth(site) for text in row.get("withheld", ())
    }
    assert withheld
    published = json.dumps(installation.listings(), ensure_ascii=False)
    database = stored(installation.settings)
    for text in withheld:
        assert text not in published
        assert not stands(text, database), text


def test_a_parent_finds_help_in_her_own_words(harvested: Harvested) -> None:
    installation, _ = harvested
    assert "Schuld" in " ".join(installation.search("Schulden"))
    assert installation.search("Geld vom Vater kommt nicht")


def test_a_second_crawl_finds_nothing_new(federation: Federation, tmp_path: Path) -> None:
    installation = install(tmp_path, federation)
    installation.crawl("--all")
    before = installation.listings()
    again = installation.crawl("--all")
    counts: Counter[str] = Counter()
    for run in again.values():
        counts.update(run["counts"])
    assert (counts["added"], counts["changed"], counts["missing"]) == (0, 0, 0)
    assert counts["fetched"] == 0
    assert counts["not_modified"] > 100
    assert installation.listings() == before


def test_a_killed_crawl_leaves_no_trace_in_what_is_published(
    federation: Federation, harvested: Harvested, tmp_path: Path
) -> None:
    """SIGKILL to the whole process group half-way; the next crawl ends as an undisturbed one."""
    undisturbed, _ = harvested
    installation = install(tmp_path, federation)
    spool = installation.home / "data" / "spool"
    process = installation.start("crawl", "--all", "--jobs", "2")
    deadline = time.monotonic() + 120
    while sum(1 for _ in spool.glob("*/*/summary.json")) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert len(installation.listings()) < len(undisturbed.listings())
    installation.crawl("--all")
    assert _timeless(installation.listings()) == _timeless(undisturbed.listings())


def test_a_site_that_answers_empty_is_quarantined(tmp_path: Path) -> None:
    with Federation() as own:
        installation = install(tmp_path, own)
        installation.crawl("demo-pankow")
        before = installation.listings()
        own.sites["demo-pankow"].empty()
        run = installation.crawl("demo-pankow", expect=1)["demo-pankow"]
        assert run["verdict"] == "quarantined"
        assert {reason["check"] for reason in run["reasons"]} >= {"count"}
        assert installation.listings() == before
        assert installation.search("Schuldnerberatung")
        own.sites["demo-pankow"].restore()
        assert installation.crawl("demo-pankow")["demo-pankow"]["verdict"] == "accepted"


def test_an_offer_that_vanished_is_marked_and_comes_back_as_itself(tmp_path: Path) -> None:
    with Federation() as own:
        installation = install(tmp_path, own)
        installation.crawl("demo-muenchen")
        before = {listing["id"] for listing in installation.listings()}
        site = own.sites["demo-muenchen"]
        site.down()
        run = installation.crawl("demo-muenchen", expect=1)["demo-muenchen"]
        assert run["verdict"] == "failed"
        assert run["counts"]["missing"] == 0, "a failed run is no absence"
        site.restore()
        run = installation.crawl("demo-muenchen")["demo-muenchen"]
        assert run["counts"]["added"] == 0
        assert {listing["id"] for listing in installation.listings()} == before


@pytest.mark.postgres
def test_postgresql_publishes_the_same(
    federation: Federation, harvested: Harvested, postgres_database: str, tmp_path: Path
) -> None:
    embedded, _ = harvested
    installation = install(tmp_path, federation, postgres_database)
    installation.crawl("--all")
    assert _timeless(installation.listings()) == _timeless(embedded.listings())
    # Equally good hits stand in the order of their ids, and which listing names one is chance.
    assert sorted(installation.search("Schulden")) == sorted(embedded.search("Schulden"))


def _timeless(listings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # service_id names the listing that was seen first, and side by side the order is chance
    days = {"first_seen", "last_seen", "service_id"}
    return [{k: v for k, v in one.items() if k not in days} for one in listings]
