"""Aggregators that read each other: Pankow, Berlin, the federation, in processes of their own."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.crawlers.test_crawl import OFFERS, TITLES, page
from tests.federation.conftest import Installation
from tests.federation.upstream import api_of, published
from tests.loopback import Server, serve


def node(home: Path, **starts: str) -> Installation:
    """An installation with one source a keyword."""
    folder = home / "sources"
    folder.mkdir(parents=True)
    for name, start in starts.items():
        declared = {
            "id": name,
            "title": f"Quelle {name}",
            "region": "11003",
            "start": [start],
            "expect": {"may_be_empty": True},
        }
        (folder / f"{name}.yml").write_text(json.dumps(declared), "utf-8")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("NETZLOTSE_")}
    return Installation(
        home,
        {
            **kept,
            "NETZLOTSE_DATA_DIR": str(home / "data"),
            "NETZLOTSE_SOURCES": str(folder),
            "NETZLOTSE_DOWNLOAD_DELAY": "0",
            "NETZLOTSE_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
        },
    )


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    with serve({"/angebote": page(OFFERS)}) as server:
        yield server


def entries(document: dict[str, Any], field: str) -> list[dict[str, Any]]:
    return [one for one in document["provenance"] if one["field"] == field]


def test_provenance_survives_two_hops_and_nothing_echoes(tmp_path: Path, site: Server) -> None:
    pankow = node(tmp_path / "pankow", netz=f"{site.base_url}/angebote")
    pankow.crawl("--all")
    with api_of(pankow) as pankow_api:
        berlin = node(tmp_path / "berlin", pankow=f"{pankow_api.base_url}/hsds/")
        berlin.crawl("--all")
        with api_of(berlin) as berlin_api:
            federation = node(tmp_path / "bund", berlin=f"{berlin_api.base_url}/hsds/")
            federation.crawl("--all")
            # Pankow reads Berlin, which has everything from Pankow.
            declared = (tmp_path / "berlin/sources/pankow.yml").read_text("utf-8")
            (tmp_path / "pankow/sources/berlin.yml").write_text(
                declared.replace(pankow_api.base_url, berlin_api.base_url).replace(
                    '"pankow"', '"berlin"'
                ),
                "utf-8",
            )
            echo = pankow.crawl("berlin")["berlin"]
    assert echo["counts"]["records"] == 0
    first, last = published(pankow), published(federation)
    assert sorted(one["name"] for one in last) == TITLES
    for origin in first:
        (copy,) = [one for one in last if one["name"] == origin["name"]]
        assert copy["id"] != origin["id"]
        assert {m["page_url"] for m in copy["mentions"]} == {f"{site.base_url}/angebote"}
        (mention,) = copy["mentions"]
        assert mention["via"][-1] == f"{pankow_api.base_url}/hsds/services/{origin['id']}"
        assert mention["via"][0].startswith(f"{berlin_api.base_url}/hsds/services/")
        assert copy["phones"][0]["number"] == origin["phones"][0]["number"]
        assert copy["schedules"][0]["opening_hours"] == origin["schedules"][0]["opening_hours"]
        for field in ("title", "phones", "street", "postcode", "hours_text"):
            (told,), (kept) = entries(origin, field)[:1], entries(copy, field)
            assert {one["quote"] for one in kept} == {told["quote"]}, field
            assert {one["page_url"] for one in kept} == {told["page_url"]}
            assert {one["first_source"] for one in kept} == {"Quelle netz"}


def test_a_server_without_the_full_form_is_asked_for_each_service(
    tmp_path: Path, site: Server
) -> None:
    pankow = node(tmp_path / "pankow", netz=f"{site.base_url}/angebote")
    pankow.crawl("--all")
    with api_of(pankow, full=False) as api:
        berlin = node(tmp_path / "berlin", pankow=f"{api.base_url}/hsds/")
        run = berlin.crawl("--all")["pankow"]
    assert run["counts"]["records"] == len(TITLES)
    assert all(one["phones"] and one["provenance"] for one in published(berlin))


def test_a_running_aggregator_is_a_source(tmp_path: Path, site: Server) -> None:
    """The HSDS API that `netzlotse serve` answers with, read by a crawl."""
    pankow = node(tmp_path / "pankow", netz=f"{site.base_url}/angebote")
    pankow.crawl("--all")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}"
    process = pankow.start("serve", "--port", base.rpartition(":")[2])
    try:
        await_answer(f"{base}/healthz")
        berlin = node(tmp_path / "berlin", pankow=f"{base}/hsds/")
        run = berlin.crawl("--all")["pankow"]
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert (run["verdict"], run["counts"]["records"]) == ("accepted", len(TITLES))
    for copy in published(berlin):
        assert copy["mentions"][0]["page_url"] == f"{site.base_url}/angebote"
        assert copy["mentions"][0]["via"][0].startswith(f"{base}/hsds/services/")
        assert {one["first_source"] for one in entries(copy, "phones")} == {"Quelle netz"}


def await_answer(url: str) -> None:
    for _ in range(120):
        with suppress(OSError), urlopen(url, timeout=5):
            return
        time.sleep(0.5)
    raise TimeoutError(url)
