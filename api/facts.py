"""Facts as a reader sees them: the published value, and the words of the pages behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aggregator.catalogue.evidence import Evidence
from aggregator.correction.aspect import UNKNOWN
from aggregator.identity import EDITORIAL
from aggregator.network import Network
from aggregator.offer import Offer
from aggregator.register import DECLARED
from api import german, labels, links

_OFFER_FACTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Anbieter", ("provider",)),
    ("Wo", ("street", "postcode", "city", "district")),
    ("Wann", ("hours_text", "hours_qualifiers", "hours_osm")),
    ("Von", ("valid_from",)),
    ("Bis", ("valid_until",)),
    ("Telefon", ("phones",)),
    ("E-Mail", ("emails",)),
    ("Im Netz", ("urls",)),
    ("Kosten", ("cost", "cost_amount")),
    ("Anmeldung", ("registration",)),
    ("Kinderbetreuung", ("childcare",)),
    ("Für wen", ("exclusivity", "audience")),
    ("Sprachen", ("languages",)),
    ("Form", ("formats", "modes")),
    ("Rollstuhl", ("wheelchair",)),
    ("Themen", ("topics",)),
)
_NETWORK_FACTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Träger", ("carrier",)),
    ("Gegründet", ("founded",)),
    ("Beendet", ("ended",)),
    ("Gefördert bis", ("funded_until",)),
    ("Archiviert seit", ("archived",)),
    ("Nachfolger", ("successor",)),
    ("Programm", ("programme",)),
    ("Koordination", ("coordinating_body",)),
    ("Kontakt", ("contacts",)),
    ("Handlungsfelder", ("fields_of_action",)),
    ("Arbeitsgruppen", ("working_groups",)),
    ("Partner", ("partners",)),
    ("Meilensteine", ("milestones",)),
)
_DAYS = frozenset({"valid_from", "valid_until", "founded", "ended", "funded_until", "archived"})
_MACHINE = frozenset({"hours_osm"})  # shown by its evidence only: no reader knows the syntax
_SAID_BY = {"hours_qualifiers": "hours_text"}  # the second field holds the words of the first


@dataclass(frozen=True, slots=True)
class Line:
    """One value in words; `href` where it leads somewhere."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """What one page says."""

    quote: str
    where: str
    """The source's name."""
    href: str | None
    seen: datetime
    differs: str = ""
    """The value it states, where another one is published."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A heading, its values and their evidence."""

    label: str
    lines: Sequence[Line]
    voices: Sequence[Voice] = field(default=())


def offer_facts(offer: Offer, evidence: Sequence[Evidence]) -> list[Fact]:
    """What is known of an offer, in the order in which it is needed."""
    return _facts(_OFFER_FACTS, offer.model_dump(mode="json"), evidence)


def network_facts(network: Network, evidence: Sequence[Evidence]) -> list[Fact]:
    """What is known of a network."""
    return _facts(_NETWORK_FACTS, network.model_dump(mode="json"), evidence)


def title_fact(offer: Offer, evidence: Sequence[Evidence]) -> Fact:
    """Where title and description come from."""
    values = offer.model_dump(mode="json")
    return Fact("Beschreibung", (), _voices(("title", "description"), values, evidence))


def _facts(
    table: Iterable[tuple[str, tuple[str, ...]]],
    values: Mapping[str, Any],
    evidence: Sequence[Evidence],
) -> list[Fact]:
    facts = []
    for label, names in table:
        lines = [
            line
            for name in names
            if name not in _MACHINE and not values.get(_SAID_BY.get(name, ""))
            for value in _each(values[name])
            for line in (_contact(value) if name == "contacts" else [_line(name, value)])
        ]
        if names[0] == "street":
            lines = [_place(values)] if lines else []
        if lines:
            facts.append(Fact(label, lines, _voices(names, values, evidence)))
    return facts


def _each(value: Any) -> list[Any]:  # noqa: ANN401 - a value of JSON
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def _line(name: str, value: Any) -> Line:  # noqa: ANN401
    href = None
    if name == "phones":
        href, value = links.tel(str(value)), german.phone(str(value))
    elif name == "emails":
        href = links.mail(str(value))
    elif name == "urls":
        href = links.web(str(value))
    elif name == "milestones" and isinstance(value, dict):
        value = f"{german.day(value.get('date'))}: {value.get('text', '')}"
    elif name in _DAYS:
        value = german.day(str(value))
    elif value == UNKNOWN:
        value = "keine Angabe"
    elif name == "cost_amount" and isinstance(value, int | float):
        value = f"{german.number(value)} Euro"
    else:
        value = labels.value(name, value)
    return Line(str(value), href)


def spelt(name: str, value: Any) -> str:  # noqa: ANN401 - any field's
    """One value of a field in words."""
    return _line(name, value).text


def _contact(value: Mapping[str, str]) -> list[Line]:
    """A contact's role, with each of its numbers and addresses as a line of its own."""
    role = value.get("role", "")
    lines = [_line(name + "s", value[name]) for name in ("phone", "email") if value.get(name)]
    return [Line(f"{role}: {line.text}" if role else line.text, line.href) for line in lines] or [
        Line(role)
    ]


def _place(values: Mapping[str, Any]) -> Line:
    return Line(place(values))


def place(values: Mapping[str, Any]) -> str:
    """An address in one line: street, postcode and town, district."""
    town = " ".join(str(values[name]) for name in ("postcode", "city") if values.get(name))
    text = ", ".join(part for part in (values.get("street"), town) if part)
    district = values.get("district")
    if district and district not in text:
        text = f"{text} ({district})" if text else str(district)
    return text


def _voices(
    names: Sequence[str], values: Mapping[str, Any], evidence: Sequence[Evidence]
) -> list[Voice]:
    voices: dict[tuple[str, str, str], Voice] = {}
    for item in evidence:
        if item.field not in names or item.field not in values:
            continue
        differs = ""
        if item.value not in _each(values[item.field]):
            lines = _contact(item.value) if item.field == "contacts" else ()
            differs = lines[0].text if lines else _line(item.field, item.value).text
        declared = item.source == DECLARED
        where = f"Redaktion (nach {links.host(item.reason)})" if declared else item.source_title
        if item.source == EDITORIAL:
            where = "Redaktion (geprüfte Korrektur)"
        voice = Voice(
            quote=item.quote or "keine Angabe",
            where=where,
            href=links.web(item.reason if declared else item.page_url),
            seen=item.last_seen,
            differs=differs,
        )
        voices.setdefault((voice.quote, voice.where, voice.differs), voice)
    return list(voices.values())
