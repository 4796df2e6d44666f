"""What of an offer can be corrected, and how a person's words for it are read.

They are read by the readers of pages: a corrected telephone number is as normal, and an address of
a shelter as well kept, as a crawled one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from aggregator.identity import EDITORIAL
from aggregator.listing import LIST_FIELDS
from aggregator.normalise.context import Context
from aggregator.normalise.offer import read_offer
from aggregator.normalise.person import strip_persons
from aggregator.normalise.statement import Statement
from aggregator.places.places import Gazetteer
from crawlers.record import Passage, Record, Role, Trust

EXTRACTOR = f"{EDITORIAL}@1"
UNKNOWN = ""
"""The value of a statement by which an editor takes a page's value away."""


class AspectError(ValueError):
    """Words that say nothing usable of an aspect; the message is German and says what is needed."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something that a person corrects as one; it fills one or more fields of a listing."""

    key: str
    label: str
    fields: tuple[str, ...]
    hint: str = ""
    role: Role | None = None
    """What its words are to a reader; None where they are one of `choices` or taken as they are."""
    choices: tuple[tuple[str, str], ...] = ()
    """Words that may stand there, with what they are called; "" for unknown."""
    longest: int = 300
    required: bool = False
    kind: str = "text"
    """How it is asked for: text, email, date, lines (several of them) or prose."""


ASPECTS: tuple[Aspect, ...] = (
    Aspect("title", "Titel", ("title",), required=True),
    Aspect("provider", "Anbieter", ("provider",)),
    Aspect("description", "Beschreibung", ("description",), longest=600, kind="prose"),
    Aspect(
        "address",
        "Adresse",
        ("street", "postcode", "city", "district", "region_key", "lat", "lon"),
        "Straße und Hausnummer, Postleitzahl und Ort",
        Role.ADDRESS,
    ),
    Aspect("hours", "Zeiten", ("hours_text", "hours_osm", "hours_qualifiers"),
           "zum Beispiel: dienstags 10–12 Uhr, nicht in den Ferien", Role.HOURS, kind="prose"),
    Aspect("phones", "Telefon", ("phones",), "mit Vorwahl; mehrere durch Komma getrennt",
           Role.PHONE, kind="lines"),
    Aspect("emails", "E-Mail", ("emails",), "keine Adresse einer Privatperson", Role.EMAIL,
           kind="lines"),
    Aspect("urls", "Im Netz", ("urls",), "vollständig, mit https://", Role.URL, kind="lines"),
    Aspect("cost", "Kosten", ("cost", "cost_amount"), "zum Beispiel: kostenlos, oder 5 Euro",
           Role.COST),
    Aspect("registration", "Anmeldung", ("registration",),
           choices=(("", "nicht bekannt"), ("required", "nötig"), ("none", "nicht nötig"))),
    Aspect("childcare", "Kinderbetreuung währenddessen", ("childcare",),
           choices=(("", "nicht bekannt"), ("yes", "ja"), ("no", "nein"))),
    Aspect("ended", "Letzter Tag", ("valid_from", "valid_until"),
           "nur, wenn es das Angebot nicht mehr gibt oder es bald endet", kind="date"),
)  # fmt: skip
BY_KEY: Mapping[str, Aspect] = {aspect.key: aspect for aspect in ASPECTS}

_CHOSEN: Mapping[str, str | bool] = {"yes": True, "no": False}
_SPLIT = re.compile(r"[,;\n]+")
_EURO = re.compile(r"^\d+(?:[.,]\d{1,2})?$")


def shown(aspect: Aspect, values: Mapping[str, Any], spell: Callable[[str, Any], str]) -> str:
    """What a listing or offer says of an aspect, as a person would type it.

    `spell` writes the value of a field the German way.
    """
    name = aspect.fields[0]
    if aspect.key == "address":
        town = " ".join(str(values[n]) for n in ("postcode", "city") if values.get(n))
        return ", ".join(part for part in (values.get("street"), town) if part)
    if aspect.key == "cost":
        return " ".join(spell(n, values[n]) for n in aspect.fields if values.get(n) is not None)
    if aspect.key == "ended":
        return str(values.get("valid_until") or "")
    if aspect.key == "childcare":
        return {True: "yes", False: "no"}.get(values.get(name), "")  # type: ignore[arg-type]
    value = values.get(name)
    if isinstance(value, list):
        return ", ".join(spell(name, one) for one in value)
    return "" if value is None else str(value)


def folded(aspect: Aspect, text: str) -> str:
    """Words as they are kept and compared: white space folded, not longer than may be.

    Raises AspectError where they are too long, not among the choices, or no day.
    """
    text = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if aspect.kind != "prose":
        text = " ".join(text.split())
    if len(text) > aspect.longest:
        raise AspectError(f"{aspect.label}: höchstens {aspect.longest} Zeichen.")
    if aspect.required and not text:
        raise AspectError(f"{aspect.label} darf nicht leer sein.")
    if aspect.choices and text not in {word for word, _ in aspect.choices}:
        raise AspectError(f"{aspect.label}: {text[:40]!r} ist nicht vorgesehen.")
    if aspect.kind == "date" and text:
        try:
            date.fromisoformat(text)
        except ValueError as error:
            raise AspectError(
                f"{aspect.label}: ein Tag wie 2026-12-31 wird erwartet, nicht {text[:40]!r}."
            ) from error
    return text


def read(
    aspect: Aspect, text: str, known: Mapping[str, Any], context: Context, places: Gazetteer
) -> list[Statement]:
    """What a person's words state; one statement of UNKNOWN where they take a value away.

    `known` is what the listing says otherwise: a number without area code is one of its town.
    Raises AspectError where the words are not understood.
    """
    text = folded(aspect, text)
    if not text:
        return [_said(aspect.fields[0], UNKNOWN, "")]
    if aspect.key == "ended":
        return [_said("valid_until", text, text)]
    if aspect.choices:
        return [_said(aspect.fields[0], _CHOSEN.get(text, text), dict(aspect.choices)[text])]
    if aspect.role is None:
        text = strip_persons(text)
        return [_said(aspect.fields[0], text, text)]
    if aspect.role is Role.COST and _EURO.match(text):
        text = f"{text} Euro"
    found = [
        statement
        for statement in read_offer(_record(aspect, text, known), context, places).statements
        if statement.field in aspect.fields
    ]
    wanted = _parts(aspect, text)
    told = [s for s in found if s.field == aspect.fields[0]] if wanted else found
    if not told or len(told) < len(wanted):
        raise AspectError(f"{aspect.label}: „{text[:80]}“ wird nicht verstanden. {aspect.hint}")
    return [_said(s.field, s.value, s.quote or text) for s in found]


def _parts(aspect: Aspect, text: str) -> list[str]:
    if aspect.fields[0] not in LIST_FIELDS:
        return []
    return [part.strip() for part in _SPLIT.split(text) if part.strip()]


def _record(aspect: Aspect, text: str, known: Mapping[str, Any]) -> Record:
    """A page that says just this, beside title and place that are known already."""
    assert aspect.role is not None  # noqa: S101 - who asks has looked
    passages = [Passage(Role.TITLE, str(known.get("title") or "Angebot"))]
    if known.get("provider"):
        passages.append(Passage(Role.PROVIDER, str(known["provider"])))
    if aspect.key != "address":
        places: Sequence[tuple[str, Role]] = (
            ("street", Role.STREET), ("postcode", Role.POSTCODE), ("city", Role.CITY),
        )  # fmt: skip
        passages += [Passage(role, str(known[name])) for name, role in places if known.get(name)]
    passages += [Passage(aspect.role, part) for part in _parts(aspect, text) or [text]]
    return Record("correction", "", tuple(passages), EXTRACTOR, Trust.MARKUP)


def _said(field: str, value: Any, quote: str) -> Statement:  # noqa: ANN401 - any field's
    return Statement(field=field, value=value, quote=quote, reader=EXTRACTOR)
