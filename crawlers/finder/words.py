"""The words of headings and labels, as German sites use them."""

from __future__ import annotations

import re
from functools import lru_cache

from crawlers.finder.stemmed import Stemmed

_LABEL = (
    r"kontakt(?:daten|person(?:en)?|möglichkeiten|informationen|adresse)?"
    r"|ansprechpartner(?:in|innen)?"
    r"|ansprechpersone?n?|ihre? ansprechpartner(?:in|innen)?|adressen?|anschrift|postanschrift"
    r"|standort|öffnungszeiten|sprechzeiten|sprechstunden?|beratungszeiten|bürozeiten"
    r"|telefonzeiten|telefonische (?:sprechzeit(?:en)?|beratung|erreichbarkeit)|offene sprechstunde"
    r"|sprechzeit|erreichbarkeit|zeiten|uhrzeit|zeit|zeitraum|datum|termine?|beginn|start|ende"
    r"|turnus|dauer|wann|wo|wer|was|wie|wie oft|für wen|wofür|ort|veranstaltungsort|treffpunkt|raum"
    r"|räume|anfahrt|lage|verkehrsanbindung|öpnv|bvg|anmeldung|info und anmeldung"
    r"|information(?:en)? und anmeldung|anmeldung und information(?:en)?|infos? & anmeldung"
    r"|anmeldeschluss|kosten(?:beitrag)?|teilnahmegebühr|gebühr(?:en)?|teilnahmebeitrag"
    r"|preise?|eintritt"
    r"|beitrag|entgelt|zielgruppen?|teilnehmer(?:innen)?|alter|altersgruppe|hinweise?"
    r"|infos?|information(?:en)?"
    r"|weitere infos?|weitere information(?:en)?|mehr information(?:en)?|bemerkung(?:en)?"
    r"|beschreibung"
    r"|kurzbeschreibung|details|das angebot|angebot(?:e)?|unser angebot|unsere angebote|leistungen"
    r"|unsere leistungen|inhalte?|themen|schwerpunkte?|aufgaben|ziele?|methoden?|ablauf|konzept"
    r"|träger|anbieter(?:in)?|veranstalter(?:in)?|leitung|kursleitung|referent(?:in)?"
    r"|einrichtung|institution"
    r"|organisation|kategorien?|rubrik|thema|handlungsfeld(?:er)?|themenfeld"
    r"|schlagwort(?:e)?|schlagwörter"
    r"|bezirk|stadtteil|kiez|region|ortsteil|plz|postleitzahl|straße|str\.|stadt|hausnummer"
    r"|tel(?:efon)?(?:nummer)?\.?|fon|fax|telefax|mobil(?:telefon)?|handy|hotline|rufnummer"
    r"|e-?mail(?:adresse|-adresse)?|mail|web(?:site|seite|adresse)?|internet(?:adresse"
    r"|seite)?|homepage|www|url|link"
    r"|links?|downloads?|dokumente|barrierefreiheit|zugänglichkeit|rollstuhlgerecht|sprachen?"
    r"|beratungssprachen?|voraussetzungen?|bitte mitbringen|mitzubringen|unterlagen|besonderheiten?"
    r"|betreuung während der zeit|team|so erreichen sie uns|hier finden sie uns"
    r"|sie erreichen uns|wir sind für sie da|was wir bieten|was wir tun|wir bieten|wir bieten an"
    r"|wer kann kommen|wer wir sind|über uns|nächste termine|kommende termine"
    r"|unsere termine|status|stand"
)
_LABEL_LINE = re.compile(
    rf"\W{{0,3}}(?:{_LABEL})(?:\s*(?:und|&|/|,|\+|u\.)\s*(?:{_LABEL})){{0,2}}\s*[:?!.]{{0,2}}",
    re.IGNORECASE,
)
_LABEL_START = re.compile(rf"\W{{0,3}}(?:{_LABEL})\s{{0,2}}:", re.IGNORECASE)

_GENERIC = re.compile(
    r"(?:(?:unsere|alle|weitere|aktuelle|neue|die|unser|hier finden sie) )?"
    r"(?:angebote?|beratungsangebote|hilfsangebote|beratung|hilfen?|hilfe (?:und"
    r"|&) beratung|treffs?|treffpunkte"
    r"|termine|veranstaltungen|veranstaltungskalender|kalender|terminkalender|adressen"
    r"|adressliste|infothek|themen"
    r"|handlungsfelder|was gibt es wo|anlaufstellen|beratungsstellen|startseite|home|willkommen"
    r"|herzlich willkommen|aktuelles|news|neuigkeiten|nachrichten|presse|archiv|blog|über uns"
    r"|wir|wir über uns|(?:unser |der )?verein|(?:das|unser) netzwerk|netzwerk|partner"
    r"|kooperationspartner(?:innen)?|links|downloads?|service|angebote? für .{3,40}"
    r"|angebote? (?:in|im) .{3,40}|(?:veranstaltungen|termine|adressen|anlaufstellen"
    r"|beratungsstellen) (?:in|im|für|von a|und) .{1,40}|angebote von a bis z|ergebnisse"
    r"|(?:adressen|termine|links|infos|angebote) (?:&|und) (?:tipps|termine|adressen|links|infos"
    r"|angebote)"
    r"|übersicht|inhalt|einträge|verzeichnis|datenbank|gruppen|kurse|kursangebote)\W*",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"(?:impressum|datenschutz\w*|cookies?.{0,40}|wir verwenden cookies.{0,40}"
    r"|privatsphäre.{0,40}|newsletter.{0,40}|folgen sie uns.*|suche"
    r"|login|anmelden|kommentare?|(?:\d+ )?kommentare?\b.*|schreibe? (?:einen"
    r"|uns einen) kommentar.*|spenden(?:konto)?|bankverbindung"
    r"|förderer|gefördert (?:von|durch).*|unsere (?:partner|förderer|sponsoren).*|sitemap|teilen.*"
    r"|navigation|menü|hauptmenü|inhaltsverzeichnis|inhalt|seitenanfang|nach oben|barrierefreiheit"
    r"|bildnachweis.*|haftung.*|urheberrecht.*|angaben gemäß .*|verantwortlich .*"
    r"|redaktion.*|webmaster"
    r"|umsetzung|gestaltung|vertreten durch.*|registereintrag.*|umsatzsteuer.*|streitschlichtung"
    r"|archiv|kategorien|schlagwörter|neueste beiträge|letzte beiträge|meta|rückblick.*|presse.*"
    r"|pressekontakt.*|.{1,60}[-–—:,|] ?(?:(?:ein|unser|kleiner|kurzer) )*(?:rückblick|rückschau"
    r"|nachlese))\W*",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:weitere|ähnliche|verwandte|andere|neueste|nächste|kommende) (?:angebote|beiträge"
    r"|artikel|veranstaltungen|themen|termine|meldungen|einträge).*"
    r"|das könnte (?:sie|dich) (?:auch )?interessieren.*|auch interessant.*"
    r"|mehr zum thema.*|passend dazu.*|teilen mit.*|beitrags-?navigation.*"
    r"|gefällt mir.*|schreibe? einen kommentar.*|siehe auch.*|zurück zur (?:übersicht"
    r"|liste).*|related.*",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"(?:weitere|ähnliche|verwandte|andere) (?:angebote|beiträge|artikel|themen|meldungen)\W*"
    r"|das könnte (?:sie|dich) (?:auch )?interessieren\W*|auch interessant\W*|passend dazu\W*",
    re.IGNORECASE,
)
_TRAILER = re.compile(
    r"(?:«|‹|←|<|»|›|→|>|\^)*\s*(?:zurück(?: zur? .{2,40})?|nach oben|zum seitenanfang"
    r"|seitenanfang|top|seite drucken|drucken|druckversion"
    r"|als pdf|weiterlesen|weiterlesen …|mehr|mehr lesen|mehr erfahren|mehr infos?"
    r"|mehr informationen|details?|zum angebot|zur detailseite|details anzeigen|weiter"
    r"|lesen sie mehr|read more|zum artikel|stand:? .{4,30}|letzte (?:änderung"
    r"|aktualisierung).{0,40}|zuletzt (?:aktualisiert|geändert).{0,40}"
    r"|alle angaben ohne gewähr|merken|teilen|auf karte anzeigen|karte anzeigen|zur karte"
    r"|in google maps öffnen|route planen|routenplaner"
    r"|in den kalender|zum kalender hinzufügen|zu kalender hinzufügen|ical exportieren"
    r"|ics herunterladen|bearbeiten|edit|angebot ansehen|details ansehen)"
    r"\s*(?:«|‹|←|<|»|›|→|>|…|\.\.\.|\^|\.)*",
    re.IGNORECASE,
)
_POLITICS = Stemmed(
    "minister|senator|bürgermeister|stadtr|abgeordnete|landr|staatssekret|fraktion|bundestag"
    "|landtag|dezernent",
    r"minister(?:in|präsident)|senator(?<!für senator)(?:in)?\b|bürgermeister"
    r"|stadtr[aä]t(?:in|e)?\b|abgeordnete|landr[aä]t(?:in)?\b|staatssekretär"
    r"|fraktion|bundestag|landtag|dezernent",
)
_REPORT = re.compile(
    r"\b(?:besuchte[n]?|zu besuch|übergab(?:en)?|überreicht[e]?n?|lobte[n]?|würdigte[n]?|dankte[n]?"
    r"|informierte[n]? sich|eröffnete[n]?|feierte[n]?|gratulierte[n]?|betonte[n]?|sagte"
    r"|erklärte|zeigte[n]? sich"
    r"|machte sich ein bild|fand statt|fanden statt|nahmen teil|war(?:en)? zu gast"
    r"|stattete|erhielt(?:en)?|traf(?:en)? sich)\b",
    re.IGNORECASE,
)


_VISIT = re.compile(
    r"\b(?:besuch(?:t|te|ten)?|zu (?:gast|besuch)|über(?:gibt|gab|reichte?t?)|(?:er)?öffnete?"
    r"|lobte?|würdigte?|gratulierte?|informierte? sich|macht sich ein bild)\b",
    re.IGNORECASE,
)
_INVITES = re.compile(r"anmeldung|eintritt|eingeladen|\bladen\b|sprechstunde", re.IGNORECASE)
_PRESS = Stemmed("presse", "pressekontakt|pressemitteilung|vor der presse|pressevertreter")


@lru_cache(maxsize=4096)
def is_label(text: str) -> bool:
    """True for a heading that names a facet of a record ("Öffnungszeiten:"), never a record."""
    return len(text) <= 80 and bool(_LABEL_LINE.fullmatch(text.strip()))


@lru_cache(maxsize=4096)
def starts_with_label(text: str) -> bool:
    """True for a line that states one field: "Tel.: …"."""
    return bool(_LABEL_START.match(text))


@lru_cache(maxsize=4096)
def is_generic(text: str) -> bool:
    """True for the headline of a list or of a site, never of one offer: "Unsere Angebote"."""
    return len(text) <= 90 and bool(_GENERIC.fullmatch(text.strip()))


@lru_cache(maxsize=4096)
def is_foreign(text: str) -> bool:
    """True for a heading of something that is no offer wherever it stands."""
    return bool(_FOREIGN.fullmatch(text.strip()))


@lru_cache(maxsize=4096)
def opens_others(text: str) -> bool:
    """True for a heading after which a page speaks of other records."""
    return len(text) <= 90 and bool(_OTHERS.fullmatch(text.strip()))


@lru_cache(maxsize=4096)
def names_related(text: str) -> bool:
    """True for a line, heading or not, that is nothing but the name of a box of other records."""
    return len(text) <= 60 and bool(_RELATED.fullmatch(text.strip()))


@lru_cache(maxsize=4096)
def is_trailer(text: str) -> bool:
    """True for a line that belongs to the page's machinery: "Weiterlesen", "Nach oben"."""
    return len(text) <= 70 and bool(_TRAILER.fullmatch(text.strip()))


def is_news(text: str) -> bool:
    """True for a report of what somebody in office did, in the past tense."""
    return _POLITICS.found(text.lower()) and bool(_REPORT.search(text))


def is_newsy(text: str) -> bool:
    """True where a text names somebody in office or the press at all."""
    low = text.lower()
    return _POLITICS.found(low) or _PRESS.found(low)


def is_press(title: str, text: str) -> bool:
    """True for a report that a contact or an hour in it makes no offer.

    It names whom the press may ask; or somebody in office stands in its headline, with a verb of
    visits there and nobody invited, or with what was done in the text.
    """
    if _PRESS.found(text.lower()):
        return True
    if not _POLITICS.found(title.lower()):
        return False
    visited = _VISIT.search(title) and not _INVITES.search(f"{title}\n{text}")
    return bool(visited or _REPORT.search(text))
