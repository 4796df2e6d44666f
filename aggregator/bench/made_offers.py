"""Made German offers, as many as are wanted, always the same: for measuring the search.

Titles and sentences are put together from templates and from nouns that are as rare as words are
(Zipf), places from 400 made regions with 20 postcodes each.
"""

from __future__ import annotations

import random
import re
from bisect import bisect
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from aggregator.vocabulary.topics import TOPICS

REGIONS = 400
_POSTCODES = 20
_NOUNS = 30_000

_THINGS = (
    "Schulden", "Familien", "Kinder", "Eltern", "Mütter", "Väter", "Wohnungs", "Sucht", "Trennungs",
    "Erziehungs", "Schwangeren", "Rechts", "Miet", "Arbeits", "Berufs", "Sprach", "Gesundheits",
    "Krisen", "Ferien", "Nachbarschafts", "Senioren", "Jugend", "Energie", "Sozial", "Budget",
)  # fmt: skip
_HEADS = (
    "beratung", "treff", "gruppe", "hilfe", "kurs", "betreuung", "sprechstunde", "café", "zentrum",
    "werkstatt", "begleitung", "vermittlung", "frühstück", "stelle", "telefon", "projekt",
)  # fmt: skip
_TITLES = (
    "{thing}{head}", "{thing}{head} {town}", "Offene {thing}{head}",
    "{thing}{head} für Alleinerziehende",
    "{thing}{head} und {other}{head2}", "{noun}: {thing}{head}", "{thing}{head} im {noun}haus",
)  # fmt: skip
_SENTENCES = (
    "Wir beraten {who} zu {noun}, {noun2} und {noun3}.",
    "Das Angebot richtet sich an {who} in {town} und Umgebung.",
    "Unsere {thing}{head} findet jede Woche statt und ist für {who} gedacht.",
    "Bitte bringen Sie {noun} und {noun2} zum ersten Gespräch mit.",
    "Im Mittelpunkt stehen {noun}, Austausch und gegenseitige Unterstützung.",
    "Gemeinsam suchen wir nach Wegen, wenn {noun} zur Belastung wird.",
    "Auch Fragen zu {thing}{head} und {noun} können besprochen werden.",
    "Die Teilnahme ist freiwillig, vertraulich und auf Wunsch anonym.",
    "Für {who} gibt es eine eigene {other}{head2} mit {noun}.",
    "Während des Treffens werden die Kinder von {noun2}kräften betreut.",
    "Wer {noun} braucht, kann ohne lange Wartezeit vorbeikommen.",
    "Zusätzlich bieten wir {other}{head2}, {noun} und kleine Ausflüge an.",
    "Die Räume liegen zentral und sind mit Bus und Bahn gut zu erreichen.",
    "Ein Team aus {noun}, {noun2} und Ehrenamtlichen begleitet {who}.",
)  # fmt: skip
_WHO = (
    "Alleinerziehende", "Mütter und Väter", "Eltern mit kleinen Kindern", "Schwangere", "Familien",
    "junge Erwachsene", "Frauen in Trennung", "getrennt lebende Väter",
)  # fmt: skip
_SYLLABLES = (
    "ba", "be", "bu", "da", "di", "do", "fa", "fe", "ga", "gel", "gu", "ha", "hei", "ka", "kel",
    "ko", "la", "lei", "lo", "ma", "mei", "mo", "na", "ne", "pa", "pel", "ra", "rei", "ro", "sa",
    "sel", "so", "ta", "tel", "to", "wa", "wei", "za", "zel",
)  # fmt: skip
_HOURS = tuple(
    f"{days} {start:02d}:00-{start + length:02d}:00"
    for days in ("Mo-Fr", "Mo", "Tu,Th", "We", "Fr", "Sa", "Su", "Mo-Th", "Tu", "Th[1]")
    for start in (8, 9, 10, 14, 15, 16, 17, 18)
    for length in (1, 2, 3, 4)
)


class Maker:
    """Makes offers; the same number always makes the same one."""

    def __init__(self) -> None:
        draw = random.Random(3)  # noqa: S311 - reproducible, not secret
        nouns = {
            "".join(draw.choices(_SYLLABLES, k=draw.choice((2, 3, 3, 4)))).capitalize() + ending
            for _ in range(3 * _NOUNS)
            for ending in (draw.choice(("ung", "er", "e", "heit", "in", "")),)
        }
        self.nouns = sorted(nouns)[:_NOUNS]
        draw.shuffle(self.nouns)
        self._weights = list(accumulate(1 / (place + 10) for place in range(len(self.nouns))))
        self.towns = [
            "".join(draw.choices(_SYLLABLES, k=3)).capitalize()
            + draw.choice(("burg", "stadt", "dorf"))
            for _ in range(REGIONS)
        ]  # fmt: skip
        self.regions = [f"{1 + number % 16:02d}{number:03d}" for number in range(REGIONS)]
        self.centres = [(draw.uniform(47.6, 54.6), draw.uniform(6.2, 14.6)) for _ in self.regions]

    def offer(self, number: int) -> dict[str, Any]:
        """One offer."""
        draw = random.Random(number)  # noqa: S311
        region = draw.randrange(REGIONS)
        filled = self._slots(draw, region)
        body = " ".join(draw.choice(_SENTENCES).format_map(self._slots(draw, region))
                        for _ in range(draw.randint(5, 16)))  # fmt: skip
        lat, lon = self.centres[region]
        corner = draw.randrange(_POSTCODES)
        return {
            "id": f"made-{number}",
            "title": draw.choice(_TITLES).format_map(filled),
            "provider": f"{filled['noun']}werk {self.towns[region]} e. V.",
            "description": body,
            "postcode": f"{10_000 + region * _POSTCODES + corner}",
            "city": self.towns[region],
            "region_key": self.regions[region],
            "lat": round(lat + (corner % 5) * 0.03 + draw.choice((0, 0.004, 0.008)), 5),
            "lon": round(lon + corner // 5 * 0.04 + draw.choice((0, 0.004, 0.008)), 5),
            "topics": [draw.choice(tuple(TOPICS))],
            "formats": ["advice"],
            "networks": [f"netz-{region}"],
            "sources": [f"netz-{region}"],
            "hours_osm": draw.choice((None, draw.choice(_HOURS))),
            "cost": draw.choice((None, "free", "paid")),
            "childcare": draw.choice((None, None, True)),
            "status": "active",
            "last_seen": f"2026-11-{draw.randint(1, 28):02d}",
        }

    def offers(self, count: int) -> Iterator[dict[str, Any]]:
        """The first so many offers."""
        return map(self.offer, range(count))

    def noun(self, draw: random.Random) -> str:
        """A noun, the commoner ones more often."""
        return self.nouns[bisect(self._weights, draw.random() * self._weights[-1])]

    def question(self, number: int) -> str:
        """What somebody may type: see `asked`."""
        return self.asked(number)[0]

    def asked(self, number: int) -> tuple[str, dict[str, Any]]:
        """One to three words of one offer's title or text, and that offer: it can be found."""
        draw = random.Random(-1 - number)  # noqa: S311
        offer = self.offer(draw.randrange(100))
        words = re.findall(r"\w{5,}", f"{offer['title']} {offer['description']}")
        count = draw.choices((1, 2, 3), (30, 45, 25))[0]
        return " ".join(draw.sample(words, count)), offer

    def _slots(self, draw: random.Random, region: int) -> Mapping[str, str]:
        return {
            "thing": draw.choice(_THINGS), "other": draw.choice(_THINGS),
            "head": draw.choice(_HEADS), "head2": draw.choice(_HEADS),
            "noun": self.noun(draw), "noun2": self.noun(draw), "noun3": self.noun(draw),
            "who": draw.choice(_WHO), "town": self.towns[region],
        }  # fmt: skip
