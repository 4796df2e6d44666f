"""The words of headings and labels, as German sites use them."""

from __future__ import annotations

import re
from functools import lru_cache

_LABEL = (
    r"zuständige(?:r|s)? (?:stellen?|behörden?|ämter|amt|abteilung|organisationseinheit"
    r"|fachdienst|ansprechpartner(?:in|innen)?)|zuständigkeit(?:en)?|wer ist zuständig"
    r"|an wen (?:kann|muss) ich mich wenden"
    r"|kontakt(?:daten|person(?:en)?|möglichkeiten|informationen|adresse)?"
    r"|ansprechpartner(?:in|innen)?"
    r"|ansprechpersone?n?|ihre? ansprechpartner(?:in|innen)?|adressen?|anschrift|postanschrift"
    r"|standort|öffnungszeiten|sprechzeiten|sprechstunden?|beratungszeiten|bürozeiten"
    r"|telefonzeiten|telefonische (?:sprechzeit(?:en)?|erreichbarkeit)|offene sprechstunde"
    r"|sprechzeit|erreichbarkeit|zeiten|uhrzeit|zeit|zeitraum|datum|termine?|beginn|start|ende"
    r"|turnus|rhythmus|häufigkeit|wochentage?|tage?|dauer"
    r"|wann|wo|wer|was|wie|wie oft|für wen|wofür|ort|veranstaltungsort|treffpunkt|raum"
    r"|räume|anfahrt|lage|verkehrsanbindung|öpnv|bvg|anmeldung|info und anmeldung"
    r"|information(?:en)? und anmeldung|anmeldung und information(?:en)?|infos? & anmeldung"
    r"|anmeldeschluss|kosten(?:beitrag)?|teilnahmegebühr|gebühr(?:en)?|teilnahmebeitrag"
    r"|preise?|eintritt"
    r"|beitrag|entgelt|zielgruppen?|teilnehmer(?:innen)?|alter(?: der kinder)?|altersgruppe"
    r"|(?:freie |anzahl der )?plätze|gruppengröße|hinweise?"
    r"|infos?|information(?:en)?"
    r"|weitere infos?|weitere information(?:en)?|mehr information(?:en)?|bemerkung(?:en)?"
    r"|beschreibung"
    r"|kurzbeschreibung|details|das angebot|angebot(?:e)?|unser angebot|unsere angebote|leistungen"
    r"|unsere leistungen|inhalte?|themen|schwerpunkte?|aufgaben|ziele?|methoden?|ablauf|konzept"
    r"|(?:kurs|veranstaltungs|seminar)(?:nr\.?|nummer|orte?|gebühr(?:en)?|zeit(?:en)?|tage?|dauer"
    r"|status|beginn|ende|kosten|entgelt|information(?:en)?|details)|nummer|nr\.?|dozent(?:in|en)?"
    r"|(?:noch |haben sie (?:noch )?)?fragen(?: zu[mr]? .{3,40})?"
    r"|unterrichts(?:einheiten|stunden)|ermäßigung(?:en)?|verfügbare plätze|anzahl termine"
    r"|leistungsbeschreibung|allgemeine information(?:en)?|verfahrensablauf|rechtsgrundlagen?"
    r"|rechtsbehelf|bearbeitungsdauer|kurztext|volltext|erforderliche unterlagen"
    r"|welche (?:unterlagen|gebühren|kosten|fristen) .{3,30}"
    r"|auf einen blick|das wichtigste(?: in kürze| auf einen blick)?|kurz und knapp|kurzinfos?"
    r"|steckbrief|eckdaten|(?:daten und )?fakten|geöffnet|warenannahme|annahme(?:zeiten)?"
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
    r"|veranstaltungs(?:kategorien?|tags?|schlagwörter|reihe|website|webseite)|serie|teilnahme"
    r"|betreuung während der zeit|team|wegbeschreibung"
    r"|(?:so|wie) (?:läuft|geht|funktioniert) (?:es|das)(?: ab)?|(?:das|was)"
    r" (?:erwartet (?:sie|euch|dich)|(?:sie|euch|dich) erwartet)"
    r"|wer kann (?:teilnehmen|mitmachen)|was kostet (?:es|das)"
    r"|wann und wo|wo und wann|für wen ist (?:das|unser|dieses|der|die) .{3,40}"
    r"|(?:(?:so|hier|wo|wie) )(?:finden|erreichen|findest|erreichst|findet|erreicht) (?:sie|du|ihr)"
    r" (?:zu )?uns"
    r"|sie erreichen uns|wir sind für sie da|was wir bieten|was wir tun|wir bieten|wir bieten an"
    r"|wer kann kommen|wer wir sind|über uns|nächste termine|kommende termine"
    r"|unsere termine|status|stand"
    # The same as a sentence, and in parts, as Leichte Sprache has it: "Unsere Telefon-Nummer ist:".
    r"|(?:(?:die|der|das|unsere?|ihre?) )?(?:telefon[-·]nummer|e-mail[-·]adresse|internet[-·]seite"
    r"|adresse|anschrift|öffnungs[-·]?zeiten|sprech[-·]?zeiten)(?: (?:ist|sind|lautet))?"
)
_LABEL_LINE = re.compile(
    rf"\W{{0,3}}(?:{_LABEL})(?:\s*(?:und|&|/|,|\+|u\.)\s*(?:{_LABEL})){{0,2}}\s*[:?!.]{{0,2}}",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"(?:ja|nein)[.!]?", re.IGNORECASE)
_LABEL_START = re.compile(rf"\W{{0,3}}(?:{_LABEL})\s{{0,2}}:", re.IGNORECASE)

_SORT = (
    r"(?:gruppen|treffs?|treffpunkte|kurse|termine|angebote|beratung|hilfen?|veranstaltungen"
    r"|adressen|links|infos|tipps)"
)
_GENERIC = re.compile(
    r"(?:(?:unsere|alle|weitere|aktuelle|neue|nützliche|hilfreiche|wichtige|weiterführende|die|unser"
    r"|hier finden sie) )?"
    r"(?:angebote?|beratungsangebote|hilfsangebote|beratung|hilfen?|hilfe (?:und"
    r"|&) beratung|treffs?|treffpunkte"
    r"|termine|veranstaltungen|veranstaltungskalender|kalender|terminkalender|adressen"
    r"|adressliste|infothek|themen"
    r"|handlungsfelder|was gibt es wo|(?:anlauf|beratungs|hilfs)?stellen|startseite|home|willkommen"
    r"|(?:herzlich )?willkommen\b.{0,80}|aktuelles|news|neuigkeiten|nachrichten|presse|archiv"
    r"|blog|über uns"
    r"|wir|haus|das haus"
    r"|über (?:das|den|die|dieses|diesen) (?:netzwerk|wegweiser|portal|bündnis|verein|projekt)"
    r"|(?:das|unser) (?:bündnis|portal)|wir über uns"
    r"|(?:unser |der )?verein|(?:das|unser) netzwerk|netzwerk|partner"
    r"|kooperationspartner(?:innen)?|links|downloads?|service|angebote? für .{3,40}"
    r"|angebote? (?:in|im) .{3,40}|(?:veranstaltungen|termine|adressen|anlaufstellen"
    r"|beratungsstellen) (?:in|im|für|von a|und) .{1,40}|angebote von a bis z|ergebnisse"
    r"|allein-?erziehende?n? (?:in|im|am|an der) .{3,40}|(?:hilfen?|rat|tipps) für allein.{3,40}"
    rf"|{_SORT}(?:, {_SORT})? ?(?:&|und|/) ?{_SORT}"
    r"|(?:jahres|halbjahres|kurs|wochen|monats|veranstaltungs)programm\b.{0,40}"
    r"|(?:wochen|monats|jahres|stunden|termin)(?:plan|übersicht|kalender)\b.{0,40}"
    r"|programm(?: (?:für|im|vom|ab|\d|frühjahr|frühling|sommer|herbst|winter"
    r"|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)\b.{0,40})?"
    r"|(?:kurse|gruppen|seminare|workshops)(?: (?:im|ab))?"
    r" (?:\d|frühjahr|frühling|sommer|herbst|winter)\b.{0,30}"
    r"|übersicht|inhalt|einträge|verzeichnis|datenbank|kurse|kursangebote"
    r"|(?:selbsthilfe)?gruppen"
    r"(?: in gründung| im aufbau| suchen .{3,40}| (?:von )?a (?:-|–|bis) z)?)\W*",
    re.IGNORECASE,
)
_PART_OF_DAY = re.compile(
    r"(?:am )?(?:(?:vor|nach)?mittags?|morgens?|früh|abends?|ganztags)", re.IGNORECASE
)
_FOREIGN = re.compile(
    r"(?:(?:darum|worum) (?:geht e?s|geht'?s)(?: hier)?|(?:zur )?(?:einleitung|einführung)"
    r"|vorwort|zu dieser seite|(?:das )?erwartet sie (?:auf dieser seite|hier)"
    r"|impressum|datenschutz\w*|cookies?.{0,40}|wir verwenden cookies.{0,40}"
    r"|privatsphäre.{0,40}|newsletter.{0,40}|folgen sie uns.*|suche"
    r"|(?:fehlt|fehlen)\b.{0,40}\?|fehler (?:gefunden|entdeckt|melden).*"
    r"|.{3,40} nicht mehr aktuell\?"
    r"|(?:ihr |neues |ein )?(?:angebot|eintrag|änderung(?:en)?|termin) (?:melden|eintragen"
    r"|mitteilen|vorschlagen|einreichen)"
    r"|bleib(?:en sie|t|e)? (?:immer )?(?:auf dem laufenden|informiert|in (?:kontakt|verbindung)).*"
    r"|(?:jetzt |unseren? )?(?:newsletter|rundbrief|infobrief|(?:mail-?)?verteiler)\b.{0,40}"
    r"|login|anmelden|kommentare?|(?:\d+ )?kommentare?\b.*|schreibe? (?:einen"
    r"|uns einen) kommentar.*|spenden(?:konto)?|bankverbindung"
    r"|förderer|gefördert (?:von|durch).*|unsere (?:partner|förderer|sponsoren)(?!.*angebot).*"
    r"|sitemap|teilen.*"
    r"|navigation|menü|hauptmenü|inhaltsverzeichnis|inhalt|seitenanfang|nach oben|barrierefreiheit"
    r"|freigabevermerk.*|(?:fachlich(?:e)? )?(?:freigegeben|freigabe) (?:durch|am)\b.*"
    r"|bildnachweis.*|haftung.*|urheberrecht.*|angaben gemäß .*|verantwortlich .*"
    r"|redaktion.*|webmaster"
    r"|umsetzung|gestaltung|vertreten durch.*|registereintrag.*|umsatzsteuer.*|streitschlichtung"
    r"|aktuelles|news|neuigkeiten|nachrichten|kurz (?:notiert|gemeldet)"
    r"|(?:herzlich )?willkommen\b.{0,80}"
    r"|herausgeber(?:in|schaft)?"
    r"|(?:wichtige )?(?:notrufe?|(?:notruf|notfall)(?:nummern|telefone?))\b.{0,40}"
    r"|archiv|kategorien|schlagwörter|neueste beiträge|letzte beiträge|meta|rückblick.*|presse.*"
    r"|pressekontakt.*|.{1,60}[-–—:,|] ?(?:(?:ein|unser|kleiner|kurzer) )*(?:rückblick|rückschau"
    r"|nachlese))\W*",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"weitere (?:(?:anlauf|beratungs)?stellen|hilfen|hilfsangebote|notrufe)"
    r"|(?:weitere|ähnliche|verwandte|andere|neueste|nächste|kommende) (?:angebote|beiträge"
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
_CALENDAR = re.compile(
    r"(?:mo|di|mi|do|fr|sa|so|mon|diens|donners|frei|sams|sonn)(?:tag)?s?(?:abend|vormittag"
    r"|nachmittag)?s?"
    r"|mittwochs?|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november"
    r"|dezember"
    r"|jan|feb|mär|apr|jun|jul|aug|sept?|okt|nov|dez|uhr|von|bis|ab|und|am|um|der|den|ganztägig|h"
    r"|jede[nrs]?|immer|alle|tage?|wochen?|im|monat|monats|ersten?|zweiten?|dritten?|vierten?|letzten?"
    r"|werktags|täglich|in|außer|feiertags|jeweils|u|ca",
    re.IGNORECASE,
)
_EDITION = re.compile(
    r"(?:kurs|gruppe|termin|block|modul|variante|durchgang|teil) ?(?:[A-Z]|\d{1,2}|[IVX]{1,4})",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_FAQ = re.compile(
    r"faqs?|(?:häufige?|häufig gestellte|ihre|eure|oft gestellte)? ?fragen(?: (?:und|&) antworten)?"
    r"(?: \(faqs?\))?|fragen (?:rund )?(?:um|zu[mr]?) .{3,40}|q ?& ?a",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:wer|wie|was|wann|wo|warum|wieso|weshalb|wozu|welche[rsmn]?|woher|wohin|worauf|muss"
    r"|müssen|kann"
    r"|können|darf|dürfen|bin|bist|ist|sind|habe?|haben|gibt|brauche|soll|wird|werden|kostet"
    r"|bekomme"
    r"|an wen|für wen|ab wann|ich|zahlt|gilt|gelten)\b.*\?",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def is_label(text: str) -> bool:
    """True for a heading that names a facet of a record ("Öffnungszeiten:"), never a record."""
    return len(text) <= 80 and bool(_LABEL_LINE.fullmatch(text.strip()))


def is_answer(text: str) -> bool:
    """True for what answers the words before it: "Kinderbetreuung", and "ja"."""
    return _ANSWER.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def starts_with_label(text: str) -> bool:
    """True for a line that states one field: "Tel.: …"."""
    return ":" in text and _LABEL_START.match(text) is not None


@lru_cache(maxsize=4096)
def is_date(text: str) -> bool:
    """True for a line that states a day or a time and nothing else: "Fr, 12.12.2026, 19–21 Uhr"."""
    if len(text) > 70 or not any(character.isdigit() for character in text):
        return False
    words = _WORD.findall(text)
    return bool(words or text.count(".") > 1) and all(map(_CALENDAR.fullmatch, words))


@lru_cache(maxsize=4096)
def is_edition(text: str) -> bool:
    """True for what tells one time of an offer from another and names nothing: "Kurs A"."""
    return _EDITION.fullmatch(text.strip(" .:")) is not None


@lru_cache(maxsize=4096)
def is_day(text: str) -> bool:
    """True for a text of nothing but words for days and times: "Mittwoch", "Jeden Montag"."""
    if len(text) > 40:
        return False
    words = _WORD.findall(text)
    return bool(words) and all(map(_CALENDAR.fullmatch, words))


@lru_cache(maxsize=4096)
def begins_with_day(text: str) -> bool:
    """True for a text whose first word tells a time: "Jeden Montag", not "Brunch am …"."""
    first = _WORD.search(text)
    return first is not None and _CALENDAR.fullmatch(first[0]) is not None


@lru_cache(maxsize=4096)
def is_generic(text: str) -> bool:
    """True for the headline of a list or of a site, never of one offer: "Unsere Angebote"."""
    return len(text) <= 90 and bool(_GENERIC.fullmatch(text.strip()))


def is_part_of_day(text: str) -> bool:
    """True for nothing but a part of the day: "vormittags", "am Nachmittag"."""
    return _PART_OF_DAY.fullmatch(text) is not None


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


@lru_cache(maxsize=4096)
def is_question(text: str) -> bool:
    """True for a question as lists of questions and answers have them as headings."""
    return text.endswith("?") and bool(_ASKS.fullmatch(text.strip()))


@lru_cache(maxsize=4096)
def names_questions(text: str) -> bool:
    """True for the headline of a list of questions and answers."""
    return len(text) <= 70 and bool(_FAQ.fullmatch(text.strip(" .:!")))
