"""What values are called in German; those of offers are in the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable

from aggregator.correction.aspect import BY_KEY, Aspect
from aggregator.health import Health
from aggregator.network import NetworkStatus
from aggregator.store.tables import CorrectionState, Verdict
from aggregator.vocabulary.facets import label
from aggregator.vocabulary.regions import region_name
from aggregator.vocabulary.topics import TOPICS
from api import german

ANY_STATUS = "auch Beendetes"
NETWORK_STATUS = {
    NetworkStatus.ACTIVE: "aktiv",
    NetworkStatus.ENDED: "beendet",
    NetworkStatus.ARCHIVED: "archiviert",
    NetworkStatus.UNKNOWN: "noch nichts bekannt",
}
HEALTH = {
    Health.HEALTHY: "in Ordnung",
    Health.WARNED: "mit Hinweisen",
    Health.STALE: "veraltet",
    Health.BROKEN: "gestört",
    Health.WAITING: "noch nicht besucht",
    Health.DISABLED: "abgeschaltet",
}
VERDICTS = {
    Verdict.ACCEPTED: "angenommen",
    Verdict.WARNED: "angenommen, mit Hinweisen",
    Verdict.QUARANTINED: "zurückgehalten",
    Verdict.FAILED: "fehlgeschlagen",
}
OBJECTIONS = {
    Verdict.WARNED: "Hinweis",
    Verdict.QUARANTINED: "Grund zum Zurückhalten",
    Verdict.FAILED: "Fehlschlag",
}
CHANGES = {
    "added": "neu",
    "changed": "geändert",
    "withdrawn": "zurückgezogen",
    "merged": "zusammengeführt",
}
DEEDS = {
    "accept": "Lauf von Hand angenommen",
    "confirm": "Als richtig bestätigt",
    "rekey": "Seite umgezogen oder Titel berichtigt, Kennung bleibt",
    "split": "Wieder getrennt",
}
CHECKS = {
    "finished": "Abruf",
    "error_share": "Fehlerquote",
    "substituted": "Ersatzseiten",
    "pagination": "Listen",
    "count": "Anzahl",
    "expect": "Erwartung",
    "history": "Vergleich",
    "pattern": "Muster",
    "vanished": "Verschwundenes",
    "fill": "Gefüllte Felder",
    "shared_contact": "Geteilte Kontakte",
}
COUNTS = {
    "pages": "Seiten",
    "fetched": "neu geladen",
    "not_modified": "unverändert (304)",
    "failed": "nicht lesbar",
    "records": "Angebote gefunden",
    "added": "neu",
    "changed": "geändert",
    "unchanged": "unverändert",
    "missing": "nicht mehr gefunden",
    "withdrawn": "zurückgezogen",
    "returned": "wieder da",
    "rekeyed": "umgezogen, gleiche Kennung",
    "expired": "durch Datum beendet",
}
_DOUBTS = {
    "hours_not_understood": "Zeiten nicht verstanden",
    "phone_area_unknown": "Vorwahl unbekannt",
    "topic_unmapped": "Thema nicht zugeordnet",
    "topic_unclear": "Thema unklar",
    "hours_ambiguous": "Zeiten mehrdeutig",
    "dates_not_understood": "Datum nicht verstanden",
    "phone_not_plausible": "keine gültige Rufnummer",
    "reader_failed": "Lesefehler: bitte melden",
    "shelter_address_suppressed": "Adresse eines Schutzorts weggelassen",
    "availability": "Verfügbarkeit unklar",
    "personal_data_dropped": "Angabe einer Person weggelassen",
}
CORRECTIONS = {
    CorrectionState.OPEN: "offen",
    CorrectionState.REOPENED: "wieder offen",
    CorrectionState.ACCEPTED: "übernommen",
    CorrectionState.REFUSED: "abgelehnt",
    CorrectionState.SETTLED: "erledigt",
}
ROLES = {
    "provider": "Anbieter",
    "network": "Netzwerk",
    "visitor": "Besucherin oder Besucher",
    "": "keine Angabe",
}
FIELDS = {
    "title": "Titel", "provider": "Anbieter", "description": "Beschreibung", "street": "Straße",
    "postcode": "Postleitzahl", "city": "Ort", "district": "Ortsteil", "region_key": "Region",
    "lat": "Breite", "lon": "Länge", "phones": "Telefon", "emails": "E-Mail",
    "urls": "Adresse im Netz", "topics": "Themen", "formats": "Form", "hours_text": "Zeiten",
    "hours_osm": "Zeiten verstanden", "hours_qualifiers": "Zusätze zu Zeiten", "cost": "Kosten",
    "cost_amount": "Betrag", "registration": "Anmeldung", "childcare": "Kinderbetreuung",
    "exclusivity": "für wen", "modes": "auf welchem Weg", "languages": "Sprachen",
    "wheelchair": "Rollstuhl", "audience": "Zielgruppe", "valid_from": "Beginn",
    "valid_until": "Ende", "status": "Zustand", "last_confirmed": "bestätigt",
    "name": "Name", "carrier": "Träger", "founded": "gegründet", "ended": "beendet",
    "funded_until": "gefördert bis", "successor": "Nachfolger", "archived": "archiviert",
    "programme": "Programm", "coordinating_body": "Koordination", "partners": "Partner",
    "working_groups": "Arbeitsgruppen", "fields_of_action": "Handlungsfelder",
    "milestones": "Meilensteine", "contacts": "Kontakt",
}  # fmt: skip
RHYTHMS = {"daily": "täglich", "weekly": "wöchentlich", "monthly": "monatlich"}


def topic(code: str) -> str:
    """The German name of a topic; the code itself where it is none."""
    known = TOPICS.get(code)
    return known.label["de"] if known else code


def value(field: str, word: object) -> str:
    """What a value of an offer's field is called; the word itself where it has no other name."""
    if field == "topics":
        return topic(str(word))
    if field == "region":
        return region_name(str(word))
    return ANY_STATUS if (field, word) == ("status", "all") else label(field, word)


def doubt(code: str) -> str:
    """What a doubt is called; its code where it has no name yet."""
    return _DOUBTS.get(code, code.replace("_", " "))


def aspects(keys: Iterable[str]) -> str:
    """The names of aspects in one line."""
    return ", ".join(BY_KEY[key].label if key in BY_KEY else key for key in keys)


def told(aspect: Aspect, words: str) -> str:
    """The words of an aspect as a page shows them: the name of a choice, a German date."""
    if aspect.choices:
        return dict(aspect.choices).get(words, words)
    if not words:
        return "keine Angabe"
    return german.day(words) if aspect.kind == "date" else words
