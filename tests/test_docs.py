"""What is not documented does not exist: verbs, settings, declaration keys, fields, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

import netzlotse
from aggregator.listing import Listing
from aggregator.settings import PREFIX, Settings
from crawlers.source import Politeness, Source

ROOT = Path(__file__).parent.parent
DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("verb", sorted(get_command(netzlotse.app).commands))  # type: ignore[attr-defined]
def test_every_verb_is_in_the_readme(verb: str) -> None:
    assert f"netzlotse {verb}" in read("README.md")


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_every_setting_is_in_the_operators_guide(setting: str) -> None:
    assert f"`{PREFIX}{setting.upper()}`" in read("docs/operators.md")


@pytest.mark.parametrize("key", sorted({*Source.model_fields, *Politeness.model_fields}))
def test_every_key_of_a_declaration_is_in_the_coordinators_guide(key: str) -> None:
    assert re.search(rf"\b{key}\b", read("docs/coordinators.md"))


@pytest.mark.parametrize("key", sorted(Listing.model_fields))
def test_every_field_of_a_listing_is_in_the_data_guide(key: str) -> None:
    assert f"`{key}`" in read("docs/data.md")


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8"))
    assert [t for t in targets if not (document.parent / t).exists()] == []
