"""Two taxonomies of our own: the fourteen topics, and the facets that decide for a parent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from aggregator.hsds.document import Document, document
from aggregator.identity import part_id
from aggregator.offer import Offer
from aggregator.vocabulary.facets import LABELS, label
from aggregator.vocabulary.topics import TOPICS

TOPIC_TAXONOMY = "topics"
FACET_TAXONOMY = "facets"
PLAIN_WORDS = "plain_words"
"""Term of what a source itself says in plain words; the attribute's `value` are its words."""
AGE = "age"
"""Audience term of all ages of children; the attribute's `value` says which."""

_VERSION = "1"
_TAXONOMIES = {
    TOPIC_TAXONOMY: (
        "netzlotse: Themen",
        "Vierzehn Handlungsfelder der Hilfe für Alleinerziehende.",
    ),
    FACET_TAXONOMY: (
        "netzlotse: Merkmale",
        "Merkmale eines Angebots, die für Alleinerziehende entscheiden.",
    ),
}
_FACETS = {
    "formats": "Form des Angebots",
    "modes": "Weg zum Angebot",
    "cost": "Kosten",
    "registration": "Anmeldung",
    "childcare": "Kinderbetreuung während des Angebots",
    "exclusivity": "Nur oder auch für Alleinerziehende",
    "audience": "Zielgruppe",
    "wheelchair": "Zugang mit Rollstuhl",
    "hours_qualifiers": "Einschränkung der Zeiten",
}


def taxonomies() -> list[Document]:
    """Both taxonomies, as HSDS `taxonomy` objects."""
    return [_taxonomy(name) for name in _TAXONOMIES]


def taxonomy_terms() -> list[Document]:
    """Every term of both taxonomies, parents before their children."""
    return [*_terms().values()]


def term(taxonomy: str, code: str) -> Document | None:
    """The term of a code; None where the taxonomy has none."""
    return _terms().get((taxonomy, code))


def attributes(offer: Offer) -> list[Document]:
    """What an offer is classified as: topics (the main one first), then facets."""
    entries = list(_entries(offer))
    return [made for entry in entries if (made := attribute("service", offer.id, *entry))]


def attribute(
    entity: str, owner: str, link_type: str, code: str, value: str | None = None
) -> Document | None:
    """The link between an object and a term; `link_type` says what the term describes."""
    known = term(TOPIC_TAXONOMY if link_type == "topic" else FACET_TAXONOMY, code)
    if known is None:
        return None
    return document(
        id=part_id("attribute", owner, link_type, code, value or ""),
        link_id=owner,
        link_entity=entity,
        link_type=link_type,
        taxonomy_term_id=known["id"],
        value=value,
        label=label(link_type, f"age:{value}") if code.endswith(f":{AGE}") else known["name"],
        taxonomy_term=known,
    )


def qualifier_terms(offer: Offer) -> list[str]:
    """The ids of the terms that qualify the times of an offer; its schedules carry them."""
    found = (term(FACET_TAXONOMY, f"hours_qualifiers:{code}") for code in offer.hours_qualifiers)
    return [one["id"] for one in found if one]


def _entries(offer: Offer) -> Iterator[tuple[str, str, str | None]]:
    for code in offer.topics:
        yield "topic", code, None
    for field in _FACETS:
        if field == "hours_qualifiers":  # they qualify the schedule
            continue
        value = getattr(offer, field)
        if value is None:
            continue
        for code in value if isinstance(value, list) else (value,):
            plain = str(code).lower() if isinstance(code, bool) else str(code)
            if plain.startswith(f"{AGE}:"):
                yield field, f"{field}:{AGE}", plain.removeprefix(f"{AGE}:")
            else:
                yield field, f"{field}:{plain}", None


@cache
def _terms() -> dict[tuple[str, str], Document]:
    made = [
        _term(TOPIC_TAXONOMY, topic.code, topic.label["de"], topic.definition["de"])
        for topic in TOPICS.values()
    ]
    for field, name in _FACETS.items():
        parent = _term(FACET_TAXONOMY, field, name, f"{name}, wie die Quelle sie angibt.")
        made.append(parent)
        made += (
            _term(FACET_TAXONOMY, code, text, f"{name}: {text}.", parent["id"])
            for code, text in _values(field)
        )
    name = "In einfachen Worten"
    told = "Was die Quelle selbst in Leichter oder einfacher Sprache sagt: ihre Worte als Wert."
    made.append(_term(FACET_TAXONOMY, PLAIN_WORDS, name, told))
    by_id = {part_id("taxonomy", name): name for name in _TAXONOMIES}
    return {(by_id[one["taxonomy_id"]], one["code"]): one for one in made}


def _values(field: str) -> Iterable[tuple[str, str]]:
    for value in LABELS[field]:
        yield f"{field}:{value}", label(field, value)
    if field == "audience":
        yield f"{field}:{AGE}", "Alter der Kinder"


def _taxonomy(name: str) -> Document:
    title, description = _TAXONOMIES[name]
    known = part_id("taxonomy", name)
    return document(
        id=known, name=title, description=description, uri=f"urn:uuid:{known}", version=_VERSION
    )


def _term(
    taxonomy: str, code: str, name: str, description: str, parent: str | None = None
) -> Document:
    detail = _taxonomy(taxonomy)
    known = part_id("taxonomy_term", taxonomy, code)
    return document(
        id=known,
        code=code,
        name=name,
        description=description,
        parent_id=parent,
        taxonomy=detail["name"],
        taxonomy_detail=detail,
        language="de",
        taxonomy_id=detail["id"],
        term_uri=f"urn:uuid:{known}",
    )
