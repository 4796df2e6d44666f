"""`netzlotse topics`: the list, and SKOS in two forms that say the same."""

from __future__ import annotations

import json
import re
from typing import Any

from typer.testing import CliRunner

from aggregator.hsds.taxonomy import taxonomies, taxonomy_terms
from aggregator.vocabulary.topics import TOPICS
from netzlotse import app

SUBJECT = re.compile(r"^<(urn:uuid:[0-9a-f-]{36})> a skos:(ConceptScheme|Concept) ;$", re.MULTILINE)
LITERAL = re.compile(r'^    (?:skos|dcterms):(\w+) ("(?:[^"\\]|\\.)*")@(de|en) [;.]$', re.MULTILINE)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["topics", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def graph() -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = json.loads(run("--skos", "--format", "json-ld"))["@graph"]
    return nodes


def test_the_list_names_all_fourteen() -> None:
    listed = run()
    assert len(TOPICS) == 14
    assert all(code in listed for code in TOPICS)


def test_both_forms_hold_the_same_concepts_and_texts() -> None:
    text = run("--skos")
    assert {uri for uri, _ in SUBJECT.findall(text)} == {node["@id"] for node in graph()}
    in_turtle = sorted((name, json.loads(words), tag) for name, words, tag in LITERAL.findall(text))
    in_json = sorted(
        (name.partition(":")[2], one["@value"], one["@language"])
        for node in graph()
        for name, values in node.items()
        if isinstance(values, list)
        for one in values
        if "@value" in one
    )
    assert in_turtle == in_json


def test_every_topic_has_labels_and_definitions_in_two_languages() -> None:
    concepts = [node for node in graph() if node["@type"] == "skos:Concept"]
    assert [node["skos:notation"] for node in concepts] == list(TOPICS)
    for node in concepts:
        for name in ("skos:prefLabel", "skos:definition"):
            assert [one["@language"] for one in node[name]] == ["de", "en"]
        assert node["skos:altLabel"]
        assert node["skos:scopeNote"][0]["@value"].startswith("Rechtsgrundlagen: ")


def test_concepts_are_the_terms_of_the_hsds_taxonomy() -> None:
    terms = {term["code"]: term["term_uri"] for term in taxonomy_terms()}
    scheme, *concepts = graph()
    assert all(terms[node["skos:notation"]] == node["@id"] for node in concepts)
    assert scheme["@id"] in {known["uri"] for known in taxonomies()}
