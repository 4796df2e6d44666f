"""What is not documented does not exist: verbs, settings, declaration keys, fields, links."""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.main import get_command

import netzlotse
from aggregator.listing import Listing
from aggregator.settings import PREFIX, Settings
from api.embedding.colours import Colours
from api.embedding.found import Look
from api.embedding.snippets import Choice
from crawlers.source import Politeness, Source

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "docs"))
reference = importlib.import_module("_reference")
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


# --- the reference pages, which `make docs` writes from the code ---------------------------------


@pytest.mark.parametrize("verb", [name for name, _ in reference.verbs()])
def test_every_argument_and_option_has_a_meaning(verb: str) -> None:
    page, command = reference.pages()["cli.md"], dict(reference.verbs())[verb]
    assert f"## {verb}\n" in page
    assert (command.help or "").strip()
    for written, _, meaning in reference.parameters(command):
        assert meaning.strip(), written
        assert f"`{written}`" in page


def test_every_setting_has_a_meaning() -> None:
    page = reference.pages()["settings.md"]
    for name, info in Settings.model_fields.items():
        assert info.description, name
        assert f"`{PREFIX}{name.upper()}`" in page


@pytest.mark.parametrize(
    "model",
    [model for root in reference.DECLARATIONS for model in reference.models(root)],
    ids=lambda model: model.__name__,
)
def test_every_key_of_a_declaration_has_a_meaning(model: type[BaseModel]) -> None:
    texts = reference.meanings(model)
    for name, info in model.model_fields.items():
        assert texts.get(name) or info.description, name
        assert re.search(rf"\b{name}\b", read("docs/coordinators.md")), name


@pytest.mark.parametrize("page", ["openapi.json", "hsds.openapi.json"])
def test_every_path_and_field_of_the_apis_is_in_the_reference(page: str) -> None:
    described = json.loads(read(f"docs/{page}"))
    text = reference.pages()["api.md" if page == "openapi.json" else "hsds-api.md"]
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert f"## {method.upper()} {path}\n" in text
            assert operation["summary"]
            assert all(f"| `{one['name']}` |" in text for one in operation.get("parameters", ()))
    for schema in described["components"]["schemas"].values():
        assert all(f"| `{name}` |" in text for name in schema.get("properties", {}))


@pytest.mark.parametrize("page", sorted(reference.pages()))
def test_links_within_the_reference_lead_somewhere(page: str) -> None:
    text = reference.pages()[page]
    labels = set(re.findall(r"^\((.+)\)=$", text, re.MULTILINE))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= labels
    for target in re.findall(r"\]\((\.\./[^)#]+)\)", text):
        assert (ROOT / "docs" / "reference" / target).resolve().exists(), target


def test_every_page_is_in_the_table_of_contents() -> None:
    listed = set(re.findall(r"(?:<|^)([a-z/-]+)>?$", read("docs/index.md"), re.MULTILINE))
    there = {path.stem for path in (ROOT / "docs").glob("*.md")} - {"index"}
    assert there | {f"reference/{name.removesuffix('.md')}" for name in reference.pages()} <= listed


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_links_to_headings_lead_somewhere(document: Path) -> None:
    text = document.read_text("utf-8")
    for target, heading in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", text):
        there = (document.parent / target).read_text("utf-8") if target else text
        titles = re.findall(r"^#+ (.+)$", there, re.MULTILINE)
        slugs = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
        assert heading in slugs, f"{target}#{heading}"


def test_what_the_widget_takes_is_in_the_guide_of_site_owners() -> None:
    source, guide = read("api/embedding/angebot-suche.js"), read("docs/site-owners.md")
    lists = re.findall(r'^const (?:FILTERS|COLOURS) = "([^"]+)"', source, re.MULTILINE)
    names = {name for one in lists for name in one.split()}
    names |= set(re.findall(r'(?:get|has)Attribute\("([a-z-]+)"\)', source)) - {
        "action",
        "placeholder",
    }
    names |= set(re.findall(r'part: "([a-z]+)"', source))
    names |= set(re.findall(r"var\((--as-[a-z-]+)", source))
    assert len(names) > 40
    for name in names:
        assert f"`{name}`" in guide or f'`{name}="' in guide, name


@pytest.mark.parametrize("model", [Look, Colours, Choice], ids=lambda model: model.__name__)
def test_parameters_of_frame_and_fragment_are_in_the_guide(model: type[BaseModel]) -> None:
    guide = read("docs/site-owners.md")
    for name in set(model.model_fields) - {"kind"}:
        assert re.search(rf"`{name}\b", guide), name
