"""An offer as the index sees it: which of its words are searched where, and what it is filtered by.

Works on the flat form (`aggregator.offer.Offer` as JSON) and reads it leniently: a key that is
missing or null has no words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from aggregator.index import opening
from aggregator.index.analysis import fold
from aggregator.index.around import cell, position, spot
from aggregator.index.base import ALWAYS_STATED, FILTERS
from aggregator.index.engine import shuffled
from aggregator.index.stored import LISTED_FOR
from aggregator.index.tree import UNKNOWN
from aggregator.vocabulary.facets import label
from aggregator.vocabulary.regions import REGIONS, ancestors, region_key
from aggregator.vocabulary.topics import TOPICS

Flat = Mapping[str, Any]

# What people type for the values of a facet.
_FACET_WORDS: Mapping[tuple[str, str], str] = {
    ("formats", "advice"): "Beratung",
    ("formats", "group"): "Gruppe Treff",
    ("formats", "course"): "Kurs",
    ("formats", "event"): "Veranstaltung",
    ("formats", "benefit"): "Leistung",
    ("formats", "information"): "Information",
    ("cost", "free"): "kostenlos kostenfrei gratis",
    ("registration", "required"): "mit Anmeldung",
    ("registration", "none"): "ohne Anmeldung",
    ("childcare", "true"): "mit Kinderbetreuung",
    ("modes", "phone"): "telefonisch Telefon",
    ("modes", "online"): "online",
    ("modes", "outreach"): "aufsuchend Hausbesuch",
    ("wheelchair", "true"): "barrierefrei rollstuhlgerecht",
    ("languages", "ar"): "Arabisch",
    ("languages", "en"): "Englisch",
    ("languages", "es"): "Spanisch",
    ("languages", "fa"): "Farsi Persisch",
    ("languages", "fr"): "Französisch",
    ("languages", "pl"): "Polnisch",
    ("languages", "ro"): "Rumänisch",
    ("languages", "ru"): "Russisch",
    ("languages", "tr"): "Türkisch",
    ("languages", "uk"): "Ukrainisch",
    ("languages", "vi"): "Vietnamesisch",
}
_FACETS_IN_WORDS = tuple(dict.fromkeys(name for name, _ in _FACET_WORDS))
_FIELD_OF = {"region": "region_key"}


@dataclass(frozen=True, slots=True)
class Searchable:
    """The words of an offer by the weight they have."""

    title: str
    keys: str
    """What it is about, who offers it, where: topics, provider, places, facets in words."""
    body: str
    similar: str
    """What a misspelt query is compared with, letter by letter."""
    sort: str
    """Orders offers by title; no two are equal."""


def searchable(offer: Flat) -> Searchable:
    """Sort the words of an offer into the fields of the index."""
    title = _text(offer, "title")
    provider = _text(offer, "provider")
    topics = [_topic_words(code) for code in _values(offer, "topics")]
    mentions = (_text(mention, "title") for mention in offer.get("mentions") or ())
    others = [name for name in dict.fromkeys(mentions) if name != title]
    keys = [*topics, provider, *_places(offer), *_facets(offer), *others]
    body = [_text(offer, name) for name in ("description", "street", "hours_text")]
    body += (label("audience", code) for code in _values(offer, "audience"))
    if not (offer.get("region_key") or offer.get("city")):
        body += (_listed_for(region) for region in _values(offer, LISTED_FOR))
    return Searchable(
        title=title,
        keys=_joined(keys),
        body=_joined(body),
        similar=_joined([title, *topics, provider, *others]),
        sort=f"{fold(title)}\x00{offer['id']}",
    )


_STATED = tuple((name, _FIELD_OF.get(name, name)) for name in FILTERS if name != "open")
"""(filter, key of the flat form)"""

ONE_VALUE = frozenset(("region", "cost"))
"""Every offer has exactly one value of these: that of a scalar field, or `UNKNOWN`."""

RAW = (*FILTERS, "slot", "hours", "spot", "cell")
"""Fields whose values are taken as they are."""


def raw_values(offer: Flat, today: date) -> Iterator[tuple[str, str]]:
    """What an offer can be filtered by: (field of RAW, value); `UNKNOWN` where it says nothing.

    Hours that name dates are read for the year from `today`.
    """
    for name, key in _STATED:
        value = offer.get(key)
        if value is None or value in ("", []):
            if name not in ALWAYS_STATED:
                yield name, UNKNOWN
        elif isinstance(value, str):
            yield name, value
        else:
            for one in dict.fromkeys(_values(offer, key)):
                yield name, one
    hours = opening.entry(offer)
    if hours is None:
        yield "open", UNKNOWN
    else:
        osm = str(offer["hours_osm"])
        yield "hours", hours
        yield from (("open", part) for part in opening.parts(osm, today))
        yield from (("slot", slot) for slot in opening.slots(osm, today))
    where = position(offer)
    if where is None:
        yield "spot", UNKNOWN
    else:
        yield "spot", spot(*where)
        yield "cell", cell(*where)


def rank(offer: Flat) -> int:
    """Orders the otherwise equal, the higher first; 32 bits.

    A short title says more exactly what is offered, and who states how to get there is of more
    use; what is still equal after that is shuffled by id, the same in every build.
    """
    length = min(15, len(_text(offer, "title").split()))
    stated = sum(
        bool(offer.get(name))
        for name in ("phones", "hours_osm", "street", "description", "cost", "registration")
    )
    return ((15 - length) * 8 + stated) << 25 | shuffled(str(offer["id"]))


def seen(offer: Flat) -> int:
    """The day it was last seen, as a proleptic ordinal; 0 where nobody told."""
    try:
        return date.fromisoformat(str(offer.get("last_seen"))[:10]).toordinal()
    except ValueError:
        return 0


def _values(offer: Flat, name: str) -> list[str]:
    value = offer.get(name)
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, list):
        return [str(entry) for entry in value if entry]
    return [str(value)]


def _text(offer: Flat, name: str) -> str:
    value = offer.get(name)
    return value if isinstance(value, str) else ""


def _joined(texts: list[str]) -> str:
    return "\n".join(filter(None, texts))


@cache
def _topic_words(code: str) -> str:
    topic = TOPICS.get(code)
    return topic.label.get("de", "") if topic else ""


@cache
def _region_names(key: str) -> str:
    known = (REGIONS.get(step) for step in (key, *ancestors(key)))
    return " ".join(region.name for region in known if region and region.parent)


def _listed_for(region: str) -> str:
    """The names of a region as it was declared; one that is no key is a name itself."""
    key = region_key(region)
    known = key in REGIONS or key.isdigit()
    return _region_names(key) if known else region


def _places(offer: Flat) -> list[str]:
    places = [_text(offer, name) for name in ("district", "city", "postcode")]
    return [*places, _region_names(_text(offer, "region_key"))]


def _facets(offer: Flat) -> Iterator[str]:
    for name in _FACETS_IN_WORDS:
        if offer.get(name):
            for value in _values(offer, name):
                yield _FACET_WORDS.get((name, value), "")
