"""The topics as a SKOS concept scheme (W3C Recommendation, 18 August 2009)."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from aggregator.identity import part_id
from aggregator.vocabulary.topics import TOPICS, Topic

_LANGUAGES = ("de", "en")
_TITLE = {
    "de": "Handlungsfelder der Hilfe für Alleinerziehende",
    "en": "Fields of action in support for single parents",
}
_PREFIXES = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
}
# What Turtle 1.1 (2.5.1, 6.4) does not allow between quotes as it stands.
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})

SCHEME = UUID(part_id("taxonomy", "topics")).urn


def concept(code: str) -> str:
    """The URI of a topic: the `term_uri` of its HSDS taxonomy term."""
    return UUID(part_id("taxonomy_term", "topics", code)).urn


def turtle() -> str:
    """The scheme in Turtle, topics in their order."""
    lines = [f"@prefix {name}: <{uri}> ." for name, uri in _PREFIXES.items()]
    tops = ", ".join(f"<{concept(code)}>" for code in TOPICS)
    lines += ["", f"<{SCHEME}> a skos:ConceptScheme ;"]
    lines += [f"    dcterms:title {_text(_TITLE[tag], tag)} ;" for tag in _LANGUAGES]
    lines.append(f"    skos:hasTopConcept {tops} .")
    for topic in TOPICS.values():
        lines += ["", f"<{concept(topic.code)}> a skos:Concept ;"]
        lines += [f"    skos:{name} {value} ;" for name, value in _properties(topic)]
        lines.append(f"    skos:topConceptOf <{SCHEME}> .")
    return "\n".join(lines) + "\n"


def json_ld() -> str:
    """The same scheme in JSON-LD 1.1."""
    scheme = {
        "@id": SCHEME,
        "@type": "skos:ConceptScheme",
        "dcterms:title": [_literal(_TITLE[tag], tag) for tag in _LANGUAGES],
        "skos:hasTopConcept": [{"@id": concept(code)} for code in TOPICS],
    }
    graph = [scheme, *(_node(topic) for topic in TOPICS.values())]
    return json.dumps({"@context": _PREFIXES, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def _labels(topic: Topic) -> list[tuple[str, str, str]]:
    """Property, text and language; notes tell of schemes that have no URIs of their own."""
    found = [("prefLabel", topic.label[tag], tag) for tag in _LANGUAGES]
    found += [("altLabel", word, tag) for tag in _LANGUAGES for word in topic.alt.get(tag, ())]
    found += [("definition", topic.definition[tag], tag) for tag in _LANGUAGES]
    if topic.law:
        found.append(("scopeNote", f"Rechtsgrundlagen: {'; '.join(topic.law)}", "de"))
    if topic.open_eligibility:
        near = "; ".join(topic.open_eligibility)
        found.append(("note", f"Nearest terms of Open Eligibility 2.0: {near}", "en"))
    return found


def _properties(topic: Topic) -> list[tuple[str, str]]:
    texts = [(name, _text(text, tag)) for name, text, tag in _labels(topic)]
    return [("notation", f'"{topic.code}"'), *texts, ("inScheme", f"<{SCHEME}>")]


def _node(topic: Topic) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": concept(topic.code),
        "@type": "skos:Concept",
        "skos:notation": topic.code,
        "skos:inScheme": {"@id": SCHEME},
        "skos:topConceptOf": {"@id": SCHEME},
    }
    for name, text, tag in _labels(topic):
        node.setdefault(f"skos:{name}", []).append(_literal(text, tag))
    return node


def _literal(text: str, tag: str) -> dict[str, str]:
    return {"@value": text, "@language": tag}


def _text(text: str, tag: str) -> str:
    return f'"{text.translate(_ESCAPES)}"@{tag}'
