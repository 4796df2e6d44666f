"""Shelters: places whose address protects those who live there, and is never stored."""

from __future__ import annotations

import re

from aggregator.normalise.statement import Doubt, Reading, Statement
from aggregator.normalise.text import mentions
from crawlers.record import Record, Role

_SHELTER = re.compile(
    r"frauen(?:schutz)?h(?:aus|äuser)|(?:zuflucht|schutz)s?(?:wohnung|haus|häuser|"
    r"stätte|einrichtung|raum|"
    r"unterkunft|platz|plätze)|frauenschutz|frauen[- ]?(?:notunterkunft|zimmerwohnung|zuflucht)|"
    r"mädchen(?:haus|zuflucht|schutz)|zufluchtsort|anonyme (?:wohnung|unterkunft|adresse)|"
    r"schutzunterkunft",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"(?:adresse|anschrift|standort|ort)\s[^.]{0,30}(?:geheim|anonym|nicht (?:bekannt|"
    r"veröffentlicht|öffentlich)|"
    r"vertraulich)|anonyme[rn]? (?:adresse|anschrift|ort)",
    re.IGNORECASE,
)
# An office of its own: what is told there about shelters is advice, not the door of one.
_OFFICE = re.compile(
    r"beratung|vermittlung|fachstelle|koordinierung|interventions|geschäftsstelle|kontaktstelle|"
    r"infopoint|café|treff|verein|netzwerk|hotline|hilfetelefon|vortrag|spende|nachsorge|jugendamt",
    re.IGNORECASE,
)
_LIVES = re.compile(
    r"\b(?:aufnahme|aufgenommen|aufzunehmen|wohnen|einzug|einziehen|unterkunft|zimmer|"
    r"schutz und unterkunft|"
    r"wohnplätze|plätze|bieten (?:wir )?schutz|rund um die uhr|tag (?:und|\+|&) nacht)\b",
    re.IGNORECASE,
)


_ADDRESS = frozenset({"street", "postcode", "lat", "lon"})
_HINTS = ("frauenh", "schutz", "zuflucht", "mädchenhaus", "notunterkunft", "frauenzimmer")


def is_shelter(record: Record) -> bool:
    """Say whether a record tells of a place of refuge itself (Frauenhaus, Zufluchtswohnung).

    A counselling office that also finds places in shelters is an office. Where the title names a
    shelter without naming an office, it is one; where only the text does, it must also say that
    people live there or that the address is kept secret.
    """
    said = " ".join(p.text for p in record.passages).lower()
    if not mentions(said, _HINTS):
        return False
    title = record.title
    sections = " ".join(record.texts(Role.TOPIC, Role.PROVIDER))
    body = " ".join(record.texts(Role.TEXT, Role.VENUE))
    if _SHELTER.search(title):
        return not _OFFICE.search(title) or bool(_SECRET.search(body))
    if not _SHELTER.search(body) and not _SHELTER.search(sections):
        return False
    if _SECRET.search(body):
        return True
    if _OFFICE.search(title) or _OFFICE.search(body):
        return False
    # A text without a title of its own that opens with the shelter's name is about it.
    opens = _SHELTER.match(body.lstrip()) is not None
    return opens or bool(_SHELTER.search(body) and _LIVES.search(body))


def without_shelter_address(address: Reading) -> Reading:
    """The reading of a shelter's address that may be stored: town and district, nothing nearer."""
    kept = [s for s in address.statements if s.field not in _ADDRESS]
    hidden = any(s.field in _ADDRESS for s in address.statements)
    # A quote may hold the street beside the town.
    bare = [Statement(s.field, s.value, str(s.value), s.locator, s.reader, s.reason) for s in kept]
    doubts = [Doubt("shelter_address_suppressed", "", "", "street")] if hidden else []
    return Reading(bare, doubts)
