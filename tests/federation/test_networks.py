"""What networks say of themselves is known: the sample sites, and short pages besides."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator import flat
from aggregator.normalise.context import Context
from aggregator.normalise.network import read_network
from aggregator.normalise.statement import Statement
from crawlers.assembly import assemble
from crawlers.page import Page
from crawlers.reading import read
from crawlers.record import Record, RecordKind
from crawlers.samples.federation import network, site_ids
from crawlers.source import Source
from tests.federation.conftest import Installation
from tests.federation.record import networks

HERE = Path(__file__).parent / "networks"
PAGES: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "networks.yml").read_text("utf-8"))
OTHERS: dict[str, str] = yaml.safe_load((HERE / "others.yml").read_text("utf-8"))
SAMPLES = [site for site in site_ids() if network(site) is not None]
SINGLE = ("founded", "ended", "carrier", "programme", "coordinating_body")
LISTS = ("partners", "fields_of_action", "working_groups")


@pytest.fixture(scope="module")
def known(
    harvested: tuple[Installation, dict[str, dict[str, Any]]],
) -> dict[str, dict[str, Any]]:
    """The documents of the networks that were harvested, by id."""
    return networks(harvested[0])


def test_nine_sites_tell_of_a_network() -> None:
    assert len(SAMPLES) == 9


@pytest.mark.parametrize("site", SAMPLES)
def test_a_sample_network_is_known_as_its_site_tells_it(
    known: dict[str, dict[str, Any]], site: str
) -> None:
    wanted, got = network(site) or {}, known[site]
    for field in ("ended", "carrier", "programme", "coordinating_body", "status"):
        assert got.get(field) == wanted.get(field), field
    # the page may be more precise than the truth: "im Mai 2019"
    assert got["founded"].startswith(wanted["founded"])
    for field in LISTS:
        assert _bare(got[field]) == _bare(wanted.get(field, [])), field
    assert {m["date"] for m in got["milestones"]} >= {m["date"] for m in wanted["milestones"]}
    for contact in wanted["contacts"]:
        same = [one for one in got["contacts"] if one["phone"] == contact["phone"]]
        assert len(same) == 1
        assert contact["role"] in same[0]["role"]
        assert same[0]["email"] == contact.get("email")


def _bare(groups: list[str]) -> set[str]:
    return {group.removeprefix("AG ") for group in groups}


@pytest.mark.parametrize("name", PAGES)
def test_a_short_page_about_us_tells_the_network(name: str) -> None:
    wanted, got = PAGES[name], _read(name)
    for field in SINGLE:
        assert got.get(field) == wanted.get(field), field
    for field in LISTS:
        assert got.get(field, []) == wanted.get(field, []), field
    assert [one.get("phone") for one in got.get("contacts", [])] == wanted.get("contacts", [])
    dates = {one["date"] for one in got.get("milestones", [])}
    assert dates >= set(wanted.get("milestones", [wanted["founded"]]))


@pytest.mark.parametrize("name", OTHERS)
def test_a_page_about_something_else_tells_no_network(name: str) -> None:
    records = _records(OTHERS[name].encode(), name)
    assert _statements(records, name) == []


def _read(name: str) -> dict[str, Any]:
    records = _records((HERE / f"{name}.html").read_bytes(), name)
    assert all(record.kind is RecordKind.NETWORK for record in records), "the page offers nothing"
    return flat.network_values(sorted(_statements(records, name), key=lambda s: -s.confidence))


def _records(body: bytes, name: str) -> list[Record]:
    url = f"https://{name}.example/ueber-uns"
    source = Source(id=name, title=name, region="11", network=name, start=[url])
    page = Page(url, body, datetime(2026, 11, 1, tzinfo=UTC), headers={"content-type": "text/html"})
    return assemble(read(page, source).records, source)


def _statements(records: list[Record], name: str) -> list[Statement]:
    context = Context(name, "11", date(2026, 11, 1), network=name)
    networks = [record for record in records if record.kind is RecordKind.NETWORK]
    return [s for record in networks for s in read_network(record, context).statements]
