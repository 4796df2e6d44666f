"""The files that other sites load: small, pinned, checked, loadable from anywhere."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
import zipfile
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient
from phonenumbers import is_valid_number, parse

from api import german
from api.embedding.build import LEDGER, built
from api.embedding.files import bundle
from api.embedding.releases import FILES, FOLDER, VERSION, newest, releases
from api.embedding.words import KEYS, LANGUAGES, MARK, words

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "api" / "embedding"
WIDGET = "angebot-suche.js"
_OF_SERVICES = {164, 168, 169, 700, 900}
LARGEST = 6_000  # bytes, gzipped as the server does


def test_the_widget_is_small_on_the_wire(portal: str) -> None:
    address = f"{portal}/einbetten/v{VERSION}/{WIDGET}"
    with httpx2.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
        sent = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert len(sent) <= LARGEST
    assert gzip.decompress(sent) == newest().files[WIDGET]


def test_the_published_files_are_what_the_build_makes() -> None:
    """Changed a source? Raise `releases.VERSION` and run `python -m api.embedding.build`."""
    folder = FOLDER / VERSION
    assert newest().version == VERSION
    assert {name: (folder / name).read_bytes() for name in built()} == built()


def test_numbers_stand_as_on_the_pages() -> None:
    """Area codes end where phonenumbers says; only numbers of services stay in one piece."""
    found = re.search(
        r"^const AREA = /(.+)/;$", (SOURCES / WIDGET).read_text("utf-8"), re.MULTILINE
    )
    assert found
    area = re.compile(found[1])
    compared = 0
    for prefix in (*range(15_000, 18_000, 3), *range(20_000, 100_000, 3)):
        number = f"+49{prefix}541237"[:13]
        if prefix // 100 in _OF_SERVICES or not is_valid_number(parse(number)):
            continue
        compared += 1
        assert area.sub(r"0\1 ", number) == german.phone(number)
    assert compared > 10_000


@pytest.mark.parametrize("version", sorted(r.name for r in FOLDER.iterdir()))
def test_a_published_version_is_what_its_ledger_says(version: str) -> None:
    ledger = dict(
        reversed(line.split("  ")) for line in (FOLDER / version / LEDGER).read_text().splitlines()
    )
    assert ledger == releases()[f"v{version}"].hashes
    for name, said in ledger.items():
        digest = hashlib.sha384((FOLDER / version / name).read_bytes()).digest()
        assert said == f"sha384-{base64.b64encode(digest).decode()}"


def test_pinned_never_changes_and_the_major_moves(client: TestClient) -> None:
    pinned = client.get(f"/einbetten/v{VERSION}/{WIDGET}")
    moving = client.get(f"/einbetten/{newest().major}/{WIDGET}")
    assert pinned.content == moving.content == newest().files[WIDGET]
    assert pinned.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in moving.headers["cache-control"]
    for answer in (pinned, moving):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "set-cookie" not in answer.headers
    again = client.get(pinned.url.path, headers={"If-None-Match": pinned.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", [f"v9.9.9/{WIDGET}", f"v1/{LEDGER}", "v1/..%2fbuild.py", "x/y"])
def test_nothing_else_is_there(client: TestClient, path: str) -> None:
    assert client.get(f"/einbetten/{path}").status_code == 404


def test_the_bundle_has_all_that_hosting_it_oneself_needs(client: TestClient) -> None:
    answer = client.get(f"/einbetten/v{VERSION}/angebot-suche.zip")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        found = {Path(name).name: archive.read(name) for name in archive.namelist()}
    assert {name: found[name] for name in FILES} == newest().files
    assert found["LICENSE"] == (ROOT / "LICENSE").read_bytes()
    told = found["LIESMICH.md"].decode()
    assert newest().hashes[WIDGET] in told
    assert "@" not in re.sub(r"[\w.]+@[\w.]+", "", told)
    assert newest().hashes[WIDGET] in found["integrity.txt"].decode()
    bundle.cache_clear()
    assert client.get(answer.url.path).content == answer.content  # the same bytes when made anew


def test_the_widget_writes_no_markup_and_keeps_nothing() -> None:
    source = newest().files[WIDGET].decode()
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|localStorage|"
        r"sessionStorage|indexedDB|cookie|sendBeacon|https?:",
        source,
    )


def test_every_language_has_every_word() -> None:
    for language in LANGUAGES:
        said = words(language)
        assert list(said) == list(KEYS)
        assert all(text.strip() and MARK not in text for text in said.values()), language
