"""What is not documented does not exist: verbs, settings, declaration keys, fields, links."""

from __future__ import annotations

import json
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


def test_every_answer_to_a_threat_names_a_test_that_exists() -> None:
    named = re.findall(r"`(\S+\.py)::(\w+)`", read("docs/security.md"))
    assert len(named) > 20
    assert [
        f"{file}::{test}"
        for file, test in named
        if f"\ndef {test}(" not in (ROOT / "tests" / file).read_text("utf-8")
    ] == []


def _described(what: str) -> list[str]:
    description = json.loads(read("docs/openapi.json"))
    if what == "parameter":
        operations = [m for methods in description["paths"].values() for m in methods.values()]
        return sorted({p["name"] for o in operations for p in o.get("parameters", ())} - _PATHS)
    schemas = description["components"]["schemas"].values()
    return sorted({name for schema in schemas for name in schema.get("properties", ())})


_PATHS = {"offer_id", "network_id", "source_id", "run_id", "correction_id"}


@pytest.mark.parametrize("what", ["parameter", "property"])
def test_what_the_api_takes_and_tells_is_in_the_data_guide(what: str) -> None:
    guide = read("docs/data.md")
    assert [name for name in _described(what) if f"`{name}`" not in guide] == []


def test_parameters_of_the_hsds_api_are_in_its_guide() -> None:
    description = json.loads(read("docs/hsds.openapi.json"))
    guide = read("docs/hsds.md")
    for path, methods in description["paths"].items():
        assert f"`/hsds{re.sub('{[a-z_]+}', '{id}', path)}`" in guide, path
        for parameter in methods["get"].get("parameters", ()):
            if parameter["in"] == "query":
                assert f"`{parameter['name']}`" in guide, parameter["name"]
