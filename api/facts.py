"""Facts as a reader sees them: the published value, and the words of the pages behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from aggregator.catalogue.evidence import Evidence
from aggregator.correction.aspect import UNKNOWN
from aggregator.identity import EDITORIAL
from aggregator.network import Network
from aggregator.offer import Offer
from aggregator.register import DECLARED
from api import german, links
from api.languages import GERMAN
from api.wording import Wording, message, wording

_OFFER_FACTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (message("Anbieter"), ("provider",)),
    (message("Wo"), ("street", "postcode", "city", "district")),
    (message("Wann"), ("hours_text", "hours_qualifiers", "hours_osm")),
    (message("Von"), ("valid_from",)),
    (message("Bis"), ("valid_until",)),
    (message("Telefon"), ("phones",)),
    (message("E-Mail"), ("emails",)),
    (message("Im Netz"), ("urls",)),
    (message("Kosten"), ("cost", "cost_amount")),
    (message("Anmeldung"), ("registration",)),
    (message("Kinderbetreuung"), ("childcare",)),
    (message("Für wen"), ("exclusivity", "audience")),
    (message("Sprachen"), ("languages",)),
    (message("Form"), ("formats", "modes")),
    (message("Rollstuhl"), ("wheelchair",)),
    (message("Themen"), ("topics",)),
)
_NETWORK_FACTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (message("Träger"), ("carrier",)),
    (message("Gegründet"), ("founded",)),
    (message("Beendet"), ("ended",)),
    (message("Gefördert bis"), ("funded_until",)),
    (message("Archiviert seit"), ("archived",)),
    (message("Nachfolger"), ("successor",)),
    (message("Programm"), ("programme",)),
    (message("Koordination"), ("coordinating_body",)),
    (message("Kontakt"), ("contacts",)),
    (message("Handlungsfelder"), ("fields_of_action",)),
    (message("Arbeitsgruppen"), ("working_groups",)),
    (message("Partner"), ("partners",)),
    (message("Meilensteine"), ("milestones",)),
)
_DAYS = frozenset({"valid_from", "valid_until", "founded", "ended", "funded_until", "archived"})
_MACHINE = frozenset({"hours_osm"})  # shown by its evidence only: no reader knows the syntax
_SENTENCES = frozenset({"hours_text", "cost"})
_TEXTS = frozenset({"provider", "street", "hours_text", "carrier", "programme", "partners",
    "coordinating_body", "fields_of_action", "working_groups", "milestones"})  # fmt: skip
_SAID_ONCE = ("audience", "single_parents")  # "nur für Alleinerziehende" names them already
_SAID_BY = {"hours_qualifiers": "hours_text"}  # the second field holds the words of the first


@dataclass(frozen=True, slots=True)
class Line:
    """One value in words; `href` where it leads somewhere."""

    text: str
    href: str | None = None
    quoted: bool = False
    """The words are the page's own: they stay in its language."""
    role: str = ""
    """Whose number or address it is, in the page's words; stands before it."""

    @property
    def whole(self) -> str:
        """The text with whose it is."""
        return f"{self.role}: {self.text}" if self.role else self.text


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
    listed: bool = False
    """Each line stands on its own; otherwise they are one sentence."""


def offer_facts(offer: Offer, evidence: Sequence[Evidence], say: Wording) -> list[Fact]:
    """What is known of an offer, in the order in which it is needed."""
    return _facts(_OFFER_FACTS, offer.model_dump(mode="json"), evidence, say)


def network_facts(network: Network, evidence: Sequence[Evidence], say: Wording) -> list[Fact]:
    """What is known of a network."""
    return _facts(_NETWORK_FACTS, network.model_dump(mode="json"), evidence, say)


def title_voices(offer: Offer, evidence: Sequence[Evidence], say: Wording) -> list[Voice]:
    """Where title and description come from."""
    values = offer.model_dump(mode="json")
    return _voices(("title", "description"), values, evidence, say)


def _facts(
    table: Iterable[tuple[str, tuple[str, ...]]],
    values: Mapping[str, Any],
    evidence: Sequence[Evidence],
    say: Wording,
) -> list[Fact]:
    facts = []
    for label, names in table:
        lines = [
            line
            for name in names
            if name not in _MACHINE and not values.get(_SAID_BY.get(name, ""))
            for value in _each(values[name])
            if (name, value) != _SAID_ONCE or not values["exclusivity"]
            for line in (_contact(value, say) if name == "contacts" else [_line(name, value, say)])
        ]
        if names[0] == "street":
            lines = [_place(values)] if lines else []
        if lines:
            voices = _voices(names, values, evidence, say)
            listed = len(lines) > (3 if names[0] in _SENTENCES else 1)
            facts.append(Fact(say.words(label), lines, voices, listed))
    return facts


def _each(value: Any) -> list[Any]:  # noqa: ANN401 - a value of JSON
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def _line(name: str, value: Any, say: Wording) -> Line:  # noqa: ANN401
    href, said = None, name in _TEXTS
    if name == "phones":
        href, value = links.tel(str(value)), german.phone(str(value))
    elif name == "emails":
        href = links.mail(str(value))
    elif name == "urls":
        href = links.web(str(value))
    elif name == "milestones" and isinstance(value, dict):
        value = f"{say.day(value.get('date'))}: {value.get('text', '')}"
    elif name in _DAYS:
        value = say.day(str(value))
    elif value == UNKNOWN:
        value = say.words("keine Angabe")
    elif name == "cost_amount" and isinstance(value, int | float):
        value = say.words("%(amount)s Euro", amount=say.number(value))
    else:
        value = say.value(name, value)
    return Line(str(value), href, said)


def spelt(name: str, value: Any) -> str:  # noqa: ANN401 - any field's
    """One value of a field in German words."""
    return _line(name, value, wording(GERMAN)).text


def _contact(value: Mapping[str, str], say: Wording) -> list[Line]:
    """A contact's role, with each of its numbers and addresses as a line of its own."""
    role = value.get("role", "")
    found = [(name + "s", value[name]) for name in ("phone", "email") if value.get(name)]
    lines = [_line(name, words, say) for name, words in found]
    return [replace(line, role=role) for line in lines] or [Line(role, quoted=True)]


def _place(values: Mapping[str, Any]) -> Line:
    return Line(place(values), quoted=True)


def place(values: Mapping[str, Any]) -> str:
    """An address in one line: street, postcode and town, district."""
    town = " ".join(str(values[name]) for name in ("postcode", "city") if values.get(name))
    text = ", ".join(part for part in (values.get("street"), town) if part)
    district = values.get("district")
    if district and district not in text:
        text = f"{text} ({district})" if text else str(district)
    return text


def _voices(
    names: Sequence[str], values: Mapping[str, Any], evidence: Sequence[Evidence], say: Wording
) -> list[Voice]:
    voices: dict[tuple[str, str, str], Voice] = {}
    for item in evidence:
        if item.field not in names or item.field not in values:
            continue
        differs = ""
        if item.value not in _each(values[item.field]):
            lines = _contact(item.value, say) if item.field == "contacts" else ()
            differs = lines[0].whole if lines else _line(item.field, item.value, say).text
        declared = item.source == DECLARED
        where = item.source_title
        if declared:
            where = say.words("Redaktion (nach %(host)s)", host=links.host(item.reason))
        if item.source == EDITORIAL:
            where = say.words("Redaktion (geprüfte Korrektur)")
        voice = Voice(
            quote=item.quote or say.words("keine Angabe"),
            where=where,
            href=links.web(item.reason if declared else item.page_url),
            seen=item.last_seen,
            differs=differs,
        )
        voices.setdefault((voice.quote, voice.where, voice.differs), voice)
    return list(voices.values())
