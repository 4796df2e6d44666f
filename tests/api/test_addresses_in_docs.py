"""Every address of portal and API that a document names is there, and answers as it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from aggregator.settings import Settings
from api.app import create_app
from tests.api.attacks.surface import routes
from tests.api.conftest import Record

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_SPAN = re.compile(r"`(?:(?:GET|POST|HEAD) )?(/[a-z][^`\s]*)`")
_LINK = re.compile(r"https?://(?:portal\.example|127\.0\.0\.1:8000)(/[^\s\"'`)<>\]]*)")
_TO_COME = {"/api/v2"}  # what a change that breaks readers would be called
_NAMED = re.compile(r"\{[a-z_]+\}|\bID\b|…")


def addresses(document: Path) -> set[str]:
    text = document.read_text("utf-8")
    found = {*_SPAN.findall(text), *_LINK.findall(text)}
    return {one.replace("&amp;", "&").rstrip(".,") for one in found}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("data"), admin_token="x" * 40))
    return [route.path for route in routes(app)]


def test_the_documents_name_addresses() -> None:
    assert len(set().union(*map(addresses, DOCUMENTS))) > 60


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_address_is_a_route(document: Path, paths: list[str]) -> None:
    """A path whose first part is none of ours is one of the machine, or the end of another."""
    ours = {path.split("/")[1] for path in paths} - {""}
    known = re.compile(
        "|".join(re.sub(r"\\\{\w+(?::\w+)?\\\}", ".+", re.escape(path)) for path in paths)
    )
    named = {_NAMED.sub("x", one).partition("?")[0] for one in addresses(document)}
    lost = {
        one
        for one in named
        if one.split("/")[1] in ours
        and not known.fullmatch(one)
        and not any(path.startswith(f"{one.rstrip('/')}/") for path in paths)
    }
    assert lost - _TO_COME == set()


def test_addresses_without_a_gap_answer_as_they_are_written(
    settings: Settings, record: Record
) -> None:
    client = TestClient(create_app(settings), follow_redirects=False)
    asked = {one for document in DOCUMENTS for one in addresses(document)}
    whole = {
        one for one in asked if "?" in one and not (_NAMED.search(one) or one.endswith(("?", "=")))
    }
    assert whole
    told = {one: client.get(one).status_code for one in whole}
    assert {one: status for one, status in told.items() if status not in {200, 303, 308}} == {}
