"""Generated German offers of any number: the same ones each time, none of a real provider."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.identity import listing_id, offer_id
from aggregator.places.places import load_gazetteer
from aggregator.vocabulary.topics import TOPICS

SEEN = datetime(2026, 11, 1, 6, tzinfo=UTC)
_SOURCES = 400
_HEADS = (
    "beratung", "treff", "gruppe", "kurs", "hilfe", "angebot", "stelle", "cafe", "sprechstunde",
    "begleitung", "betreuung", "werkstatt", "frühstück", "berater", "netz", "vermittlung",
)  # fmt: skip
_TAILS = (
    "Schulden", "Familien", "Kinder", "Wohn", "Trennungs", "Eltern", "Mütter", "Väter", "Umgangs",
    "Unterhalts", "Spiel", "Lern", "Sprach", "Arbeits", "Ausbildungs", "Gesundheits", "Kur",
    "Energie", "Krisen", "Nachbarschafts", "Sorgerechts", "Schwangeren", "Still", "Babysitter",
)  # fmt: skip
_SYLLABLES = (
    "bal", "der", "fen", "gra", "hel", "kin", "lor", "mar", "nau", "ost", "pel", "ran", "sel",
    "tor", "ulm", "ven", "wil", "zin", "brei", "krum", "stol", "wen",
)  # fmt: skip
_SENTENCES = (
    "Wir beraten Alleinerziehende zu {a} und {b}.",
    "Das {a} findet jede Woche in {ort} statt und ist offen für alle Familien.",
    "Bei Fragen zu {a}, {b} oder {c} helfen wir vertraulich weiter.",
    "Eine Anmeldung ist erwünscht, die Teilnahme ist kostenlos.",
    "Während der {b} werden die Kinder von uns betreut.",
    "Gemeinsam finden wir einen Weg durch {a} und {c}.",
    "Mütter und Väter tauschen sich über {a} aus und lernen {b} kennen.",
    "Unser Team in {ort} begleitet Sie auch zu Ämtern und hilft beim Antrag auf {c}.",
)
_NOUN = re.compile(r"[A-ZÄÖÜ][a-zäöüß]{4,}")
_COMMON = frozenset(word for sentence in _SENTENCES for word in _NOUN.findall(sentence))
_STREETS = ("Lindenstraße", "Schulweg", "Am Markt", "Kirchplatz", "Bahnhofstraße", "Gartenweg")
_HOURS = ("Mo-Fr 09:00-12:00", "Tu,Th 14:00-18:00", "We 16:00-18:00", "Sa 10:00-13:00", None)


def offers(count: int, seed: int = 7) -> Iterator[dict[str, Any]]:
    """So many stored offer documents (`aggregator.offer.Offer`), each listed once."""
    chance = random.Random(seed)  # noqa: S311 - made data
    gazetteer = load_gazetteer()
    towns = sorted(gazetteer.towns.values(), key=lambda town: town.name)
    nouns = [_noun(chance) for _ in range(30_000)]
    topics = [*TOPICS]

    def word() -> str:
        if chance.random() < 0.4:
            return chance.choice(_TAILS) + chance.choice(_HEADS)
        return nouns[int(len(nouns) * chance.random() ** 3)]

    for number in range(count):
        town = towns[int(len(towns) * chance.random() ** 2)]
        source = f"source-{number % _SOURCES}"
        listing = listing_id(source, f"offer-{number}")
        title = f"{word()} {chance.choice(('für', 'und', 'mit'))} {word()}"
        words = " ".join(
            chance.choice(_SENTENCES).format(a=word(), b=word(), c=word(), ort=town.name)
            for _ in range(chance.randint(7, 20))
        )
        yield {
            "id": offer_id(listing),
            "title": title,
            "provider": f"{chance.choice(_TAILS)}werk {town.name}",
            "description": words,
            "street": f"{chance.choice(_STREETS)} {chance.randint(1, 180)}",
            "postcode": town.postcodes[0][0],
            "city": town.name,
            "region_key": town.region_key,
            "lat": round(town.lat + chance.uniform(-0.1, 0.1), 5),
            "lon": round(town.lon + chance.uniform(-0.1, 0.1), 5),
            "phones": [f"+4930{chance.randint(1_000_000, 9_999_999)}"],
            "topics": sorted({chance.choice(topics), chance.choice(topics)}),
            "formats": [chance.choice(("advice", "group", "course"))],
            "hours_osm": chance.choice(_HOURS),
            "cost": chance.choice(("free", "paid", None)),
            "childcare": chance.choice((True, None, None)),
            "status": "active",
            "networks": [f"network-{number % _SOURCES}"],
            "sources": [source],
            "mentions": [
                {
                    "listing_id": listing,
                    "source": source,
                    "network": f"network-{number % _SOURCES}",
                    "page_url": f"https://{source}.example/{number}",
                    "title": title,
                    "status": "active",
                }
            ],
        }


def questions(count: int, seed: int = 11) -> list[str]:
    """So many different queries of one to three words that stand together in one of the offers."""
    chance = random.Random(seed)  # noqa: S311 - made data
    found: dict[str, None] = {}
    for offer in offers(count):
        said = f"{offer['title']} {offer['description']}"
        nouns = [word for word in _NOUN.findall(said) if word not in _COMMON]
        number = chance.choices((1, 2, 3), (30, 45, 25))[0]
        found[" ".join(chance.sample(nouns, number))] = None
    return [*found]


def first_seen(number: int) -> datetime:
    """When the listing of an offer was first seen."""
    return SEEN - timedelta(days=number % 300)


def _noun(chance: random.Random) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4))).capitalize()
