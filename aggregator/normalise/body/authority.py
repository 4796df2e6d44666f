"""The town or county whose portal a site is, and what it offers there itself.

A portal also gathers what others offer, so that a record must say that an office of the town deals
with it: one applies, registers or fetches something there.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from aggregator.normalise.body.found import (
    MOST,
    SENTENCES,
    Found,
    cued,
    mentioning,
    texts,
    titles,
)
from crawlers.record import Record


class Authority(NamedTuple):
    """The kind of a town or county, and what it is called."""

    kind: str
    place: str

    @property
    def name(self) -> str:
        """As in "Stadt Nord", "Landkreis Nord"."""
        return f"{self.kind} {self.place}"


_WHOSE = re.compile(
    r"(?:^|[|»:–—-]\s|\b(?:der|des)\s)(?P<kind>(?:Landeshaupt|Hanse|Universitäts|Kreis|Wissenschafts)?stadt"
    r"|Stadt|Landkreis|Kreis|(?:Samt|Verbands|Orts)?[Gg]emeinde)(?:e?s)?\s"
    r"(?P<place>(?:(?:Bad|Sankt|St\.|Groß|Klein|Alt|Neu|Markt)\s)?[A-ZÄÖÜ][a-zäöüß][\w/-]*"
    r"(?:\s(?:an der|am|im|in der|in|bei|ob der|vor der)\s[A-ZÄÖÜ][\w-]+|\s\([A-ZÄÖÜ]\w+\))?)"
    r"(?=\s*(?:$|[|»:,–—-]))",
)
_TOWN_DESK = r"Bürgerbüro|Bürgeramt|Bürgerservice|Rathaus|Stadtverwaltung|Gemeindeverwaltung"
_COUNTY_DESK = r"Kreisverwaltung|Kreishaus|Landratsamt"
_YOUTH_DESK = (
    r"(?:Wirtschaftlichen\s)?Jugendhilfe|Wohngeldstelle|Unterhaltsvorschuss(?:kasse|stelle)|KoKi"
    r"|Elterngeldstelle|Elternbeitragsstelle|Kita-Stelle|Familienservice"
)
# Where one does what: "Den Pass bekommen Sie im Bürgerbüro", "bei der Wohngeldstelle abgeben".
_AT_DESK = cued(
    rf"\b(?:im|beim|bei\sder|bei|an\sdie|an\sdas|ans|der)\s(?P<desk>{_TOWN_DESK}|{_COUNTY_DESK}"
    rf"|{_YOUTH_DESK})\b(?!\s(?:der|des|in)?\s?[A-ZÄÖÜ])(?!-)"
)
_DONE = re.compile(
    r"\b(?:[Aa]ntr(?:ag|äge)|beantrag|bekomm|erh[aä]lt|abgeb|abhol|abzuhol|ausgestellt|einreich"
    r"|eingereicht|beurkund|[Mm]elden Sie|[Ww]enden Sie|anmelde|angemeldet|Formular)"
)
# A helper speaks of other people's offices.
_HELPER = re.compile(
    r"\b[Ww]ir\s(?:begleiten|helfen|unterstützen|beraten)|\b(?:Hilfe|Unterstützung|Begleitung)\sb"
)
# "Ein Angebot der Stadt"
_BY_ITSELF = cued(
    r"\b(?:Angebot|Service|Projekt|Einrichtung|Leistung|Dienst)\s(?:der|des|Ihrer|unserer)\s"
    r"(?:Stadt|Gemeinde|Landkreises|Kreises|Kreisverwaltung|Stadtverwaltung)\b(?!\s[A-ZÄÖÜ])"
)
# "Ferienspiele der Stadt"
_TITLED = re.compile(r"[\w-]+\s(?:der|des)\s(?:Stadt|Gemeinde|Landkreises|Kreises)")
_TOWNS = re.compile(_TOWN_DESK)
_COUNTYS = re.compile(_COUNTY_DESK)
_SAID = 0.5


@lru_cache(maxsize=256)
def authority_of(site: str) -> Authority | None:
    """Whose portal a site is, by what it is called: "Familienportal der Stadt Nord"."""
    whose = _WHOSE.search(site)
    if whose is None:
        return None
    kind = whose["kind"]
    return Authority(kind[0].upper() + kind[1:], whose["place"])


def by_itself(record: Record, authority: Authority) -> Found | None:
    """The town or county, where a record says that its own office deals with it."""
    for passage in titles(record):
        if _TITLED.fullmatch(passage.text):
            return Found(authority.name, passage, _SAID)
    others = _TOWNS if authority.kind in {"Landkreis", "Kreis"} else _COUNTYS
    lines = [passage for passage in texts(record) if not passage.shared]
    if any(_HELPER.search(passage.text) for passage in lines):
        return None
    for passage in mentioning(lines, _BY_ITSELF):
        if _BY_ITSELF.pattern.search(passage.text):
            return Found(authority.name, passage, _SAID)
    for passage in mentioning(lines, _AT_DESK):
        for sentence in SENTENCES.split(passage.text[:MOST]):
            desk = _AT_DESK.pattern.search(sentence)
            done = _DONE.search(sentence) or (desk and desk[0].startswith("der "))
            if desk and done and not others.fullmatch(desk["desk"]):
                whole = desk["desk"].endswith("verwaltung")
                name = f"{desk['desk']} {authority.place}" if whole else authority.name
                return Found(name, passage, _SAID)
    return None
