"""German streets, house numbers, postcodes and towns in text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from aggregator.normalise.cues import seen, watch
from aggregator.normalise.person import given_names
from aggregator.normalise.text import words
from aggregator.places.places import load_gazetteer

_U = "A-ZÄÖÜÉÈ"
_L = "a-zäöüßéèêáàçñ"
_WORD = rf"[{_U}][{_L}]+"
_NAME = rf"[{_U}][{_L}{_U}.'’]{{0,30}}(?:-[{_U}][{_L}.'’]{{1,30}}){{0,4}}-?"

# What a street's last word ends in, where the word alone says "street".
_SURE = (
    r"(?:straße|strasse|str\.|str|allee|gasse|chaussee|damm|ufer|promenade|weg|platz|"
    r"pl\.|ring|steig|pfad|stieg|twiete|zeile)"
)
_SURE_WORD = (
    r"(?:Straße|Strasse|Str\.|Str|Allee|Gasse|Chaussee|Damm|Ufer|Promenade|Weg|Platz|"
    r"Pl\.|Ring|Steig|Pfad|Stieg|Zeile|Twiete)"
)
# "Hanauer Landstraße", "Sülldorfer Kirchenweg": named after a place, in two words.
_NO_PLACE = (
    r"(?:Träger|Kinder|Mutter|Vater|Mütter|Väter|Männer|Leiter|Berater|Anbieter|Partner"
    r"|Veranstalter|"
    r"Zimmer|Keller|Center|Unter|Hinter|Ober|Über|Oder|Aber|Sommer|Winter|Oster|Immer|Hier|Jeder|"
    r"Einer|Unser|Euer|Der|Bürger|Mieter|Schüler|Lehrer|Vertreter|Kooperationspartner)\s"
)
_AFTER_PLACE = (
    rf"(?:(?:(?!{_NO_PLACE}){_WORD}(?<=er)|Große|Grosse|Kleine|Alte|Neue|Lange|Kurze|Obere|Untere"
    rf"|Hohe"
    r"|Breite)\s)?"
)
_ONE = rf"(?:{_AFTER_PLACE}[{_U}][{_L}{_U}.'’-]{{0,40}}{_SURE}|STRASSE)"
_TWO = (
    rf"(?:(?:{_NAME}\s){{1,4}}{_SURE_WORD}|(?:{_NAME}-){_SURE_WORD}"
    # "Geismar Landstraße": the road to a village, at the beginning or behind a comma.
    rf"|(?:(?<=,\s)|^){_WORD}\s(?:Land|Heer)str(?:aße|\.))"
)
_OF = rf"{_SURE_WORD}\s(?:des|der|am|im|vor\sdem|an\sder)\s(?:\d{{1,2}}\.\s)?{_WORD}(?:\s{_WORD})?"
# Named by where it lies: needs a postcode, a label or markup beside it.
_AT = (
    rf"(?:Am|An\s(?:der|den|dem)|Auf\s(?:der|dem|den)|Auf’m|Beim?|Bei\s(?:der|den)|"
    rf"Hinter\s(?:der|dem|den)|"
    rf"Im|In\s(?:der|den|dem)|Unter\s(?:den|der|dem)|Vor\s(?:dem|der)|Zum|Zur|Zu\sden|"
    rf"Alt|Ober|Unter|Über\sden)"
    rf"[\s-](?:{_NAME}\s){{0,2}}{_NAME}"
)
_ANY = rf"(?:{_NAME}\s){{0,3}}{_NAME}"
_NUMBER = (
    r"(?P<number>\d{1,4}(?:\s?[a-zA-Z](?![\w.]|"
    r"\s?[&+]))?(?:\s?[-–/+]\s?\d{1,4}(?:\s?[a-zA-Z](?![\w]))?|"
    r"\s?-\s?[a-z](?!\w)){0,2})"
    r"(?![\w:]|[.,]\d|\.\s?(?:Januar|Februar|März|April|Mai|Juni|Juli|August|"
    r"September|Oktober|November|Dezember)|"
    r"\s?(?:Uhr|h\b|€|Euro|%|Min|Jahre|Kinder|Personen|Teilnehm|km|m\b|Monat))"
)
_SURE_STREET = re.compile(
    rf"(?<![\w-])(?P<street>{_OF}|{_TWO}|{_ONE})\s{{0,2}}(?:Nr\.?\s)?{_NUMBER}"
)
_WEAK_STREET = re.compile(rf"(?<![\w-])(?P<street>{_AT}|{_ANY})\s(?:Nr\.?\s)?{_NUMBER}")
# Mannheim's squares ("Q 5, 22") have letters and numbers for streets.
_SQUARE = re.compile(
    r"(?<![\w-])(?P<street>[A-U]\s?[1-7]),\s?(?P<number>\d{1,2}(?:\s?-\s?\d{1,2})?[a-z]?)(?!\w)"
)
_SQUARE_NAME = re.compile(r"[A-U]\s?\d")
_STREET_WORD = re.compile(_SURE_WORD)
_CORNER = re.compile(r"(?:\bEcke|/|\bEcke der)\s?$")
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_GROUPS_ON = re.compile(r"\s?[/-]?\s?\d")  # "bei Sandra 30 88 61": a number to ring
_SURE_HINTS = watch(
    "str", "weg", "allee", "platz", "pl.", "gasse", "damm", "ufer", "chaussee", "promenade", "ring",
    "stieg", "steig", "pfad", "twiete", "zeile",
)  # fmt: skip

_NOT_A_STREET = re.compile(
    r"^(?:Park|Spiel|Arbeits|Sport|Betreuungs|Kita|Ausbildungs|Studien|Kinder|Stell|Schul|Krippen|"
    r"Hort|Praktikums|Therapie|Wohn|Heim|Pflege|Rast|Fuß)pl(?:atz|\.)|^(?:Um|Hin|Rück|"
    r"Heim|Aus|Rechts|Lebens|"
    r"Bildungs|Berufs|Hilfe)weg\b|^(?:Treff|Postfach|Pf|Telefon|Tel|Fon|Fax|Mobil|Handy|Ruf|Durchwahl|Raum|Zimmer|"
    r"Haus|Etage|Aufgang|"
    r"Eingang|Buslinie|Bus|Tram|Linie|Gruppe|Kurs|Teil|Seite|Jahrgang|Alter|Ab|Bis|Um|"
    r"Seit|Ca|Hinterhof|"
    r"Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|Mo|Di|Mi|Do|Fr|Sa|So|"
    r"Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
    r"(?!-[A-ZÄÖÜ])|"
    r"(?:^|\s)(?:Uhr|Jahre?|Monate?|Kinder|Postfach|Telefon|Tel\.?|Fon|Fax|Mobil|Handy|Montag|"
    r"Dienstag|Mittwoch|Donnerstag|"
    r"Freitag|Samstag|Sonntag|Raum|Stock|Etage|Alter\s\w+|Jahr|Preis|Zeit(?:raum)?|"
    r"Linien?|Bus|Tram|Haltestelle|\w+(?:zimmer|raum|saal|gruppe|kurs|modul|gebäude|stock))$|"
    r"^(?:Im|Am|Zum|In\s\w+)\s(?:Alter|Jahr|Preis|Monat|Wert|Zeitraum|Raum|Montag|"
    r"Dienstag|Mittwoch|Donnerstag|"
    r"Freitag|Samstag|Sonntag|Januar|Februar|März|April|Mai|Juni|Juli|August|"
    r"September|Oktober|November|Dezember|"
    r"Ferien|Haus|Erdgeschoss|Wochenende)\b"
)
# Words before a street's own name that are no part of it.
_LEAD = re.compile(
    r"^(?:(?:Ort|Wo|Adresse|Anschrift|Treffpunkt|Haus|Sitz|Besuch(?:er)?adresse|"
    r"Familienzentrum|Nachbarschaftshaus|"
    r"Stadtteilzentrum|Kita|Büro|Beratungsstelle|Veranstaltungsort|Ecke|Eingang|"
    r"Zugang|Raum)\s)+(?=\S+\s|\S*(?:straße|str\.|weg|allee|platz)$)"
)


# "im Vereinshaus Lange Wiese 9": the house before its street.
_HOUSE = re.compile(
    rf"^[{_U}][{_L}]{{2,}}(?:haus|zentrum|treff|heim|büro|stätte|herberge)\s(?=[{_U}])"
)


class Street(NamedTuple):
    """A street with its house number, and where it stands in the text."""

    value: str
    start: int
    end: int
    sure: bool


@lru_cache(maxsize=4_096)
def find_streets(text: str, *, weak: bool = False) -> tuple[Street, ...]:
    """Streets with house numbers. `weak`: also names that only their surroundings make streets."""
    found: list[Street] = []
    if _DIGIT.search(text) and seen(text) & _SURE_HINTS:
        found = [s for m in _SURE_STREET.finditer(text) if (s := _street(text, m, sure=True))]
    if weak and not found:
        for pattern in (_SQUARE, _WEAK_STREET):
            found = [s for m in pattern.finditer(text) if (s := _street(text, m, sure=False))]
            if found:
                break
    return tuple(found)


def _street(text: str, match: re.Match[str], *, sure: bool) -> Street | None:
    name = match["street"]
    start = match.start()
    if lead := _LEAD.match(name):
        start += lead.end()
        name = name[lead.end() :]
    if not sure and (house := _HOUSE.match(name)):
        start, name = start + house.end(), name[house.end() :]
    kept = _own_words(name)
    start, name = start + len(name) - len(kept), kept
    before = text[max(0, start - 8) : start]
    if _NOT_A_STREET.search(name) or _CORNER.search(before):
        return None
    if name.isupper() and len(name) > 3:
        name = name.title().replace("strasse", "straße").replace("Strasse", "Straße")
    if sure and (lies := _ON_IT.search(text, 0, start)):
        start, name = lies.start("at"), lies["at"] + name
    if before.endswith(" der "):
        name = _DECLINED.sub(r"\1e\2", name)
    number = "".join(match["number"].split()).replace("–", "-")
    if not sure and (_YEAR.match(number) or _GROUPS_ON.match(text, match.end())):
        return None
    joint = ", " if len(name) <= 3 and _SQUARE_NAME.fullmatch(name) else " "
    return Street(f"{name}{joint}{number}", start, match.end(), sure)


# "Familienhaus, Am Spreeufer 14": behind a comma a capital makes it a part of the name.
_ON_IT = re.compile(r",\s(?P<at>(?:Am|Im|Zum)\s)$")
# "in der Breiten Straße 63"
_DECLINED = re.compile(
    r"^([A-ZÄÖÜ][a-zäöüß]+)en( (?:Straße|Strasse|Str\.|Allee|Gasse|Chaussee|Promenade|Zeile))$"
)
_ADJECTIVE = re.compile(
    r"^(?:Alte|Neue|Große|Grosse|Kleine|Lange|Kurze|Obere|Untere|Hohe|Breite|Schöne|"
    r"Hintere|Vordere|"
    r"Äußere|Innere|Erste|Zweite|Alter|Neuer|Großer|Kleiner|Langer|Hoher|Breiter|Oberer|Unterer|"
    r"Sankt|St\.|Dr\.|Prof\.|Am|An|Im|Zur|Zum)$"
)


def _own_words(name: str) -> str:
    """Drop words that stand before a street of several words: "Haus Nord Berliner Allee"."""
    parts = name.split(" ")
    if len(parts) < 3 or not _STREET_WORD.fullmatch(parts[-1]) or _LIES.match(name):
        return name
    first = len(parts) - 2
    while first and (_ADJECTIVE.match(parts[first - 1]) or parts[first - 1] in given_names()):
        first -= 1
    return " ".join(parts[first:])


_LIES = re.compile(_AT)

_POSTCODE = re.compile(
    r"(?<![\d.,/+-])(?:(?:D|DE)\s?[-–]\s?|(?<=\bD)\s)?(?P<postcode>(?:0[1-9]|[1-9]\d)\d{3})"
    r"(?:\s{1,2}|,\s)(?P<rest>[A-ZÄÖÜ][^\d|;:•]{1,70})"
)
_DIGIT = re.compile(r"\d")
_FIVE_DIGITS = re.compile("[0-9]{5}")
_STOP = words(
    "Telefon Tel Telefonnummer Fax Telefax Mobil E-Mail Email Mail Mailadresse "
    "Deutschland Germany Eingang Ecke "
    "Wegbeschreibung Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Mo "
    "Di Mi Do Fr Sa So "
    "Öffnungszeiten Sprechzeiten Internet Web Website Homepage Karte Stadtplan "
    "Anfahrt Ansprechpartnerin "
    "Ansprechpartner Kontakt Uhr S-Bahn U-Bahn Bus Tram Haltestelle Raum Etage Frau "
    "Herr Dr Leitung "
    "Route Google Anmeldung Kosten Treffpunkt Der Die Das Wir Eine Ein Jeden Jeder "
    "Für Bei Beratung BVG U S "
    "Hinterhof Hinterhaus Seitenflügel Vorderhaus Aufgang Erdgeschoss"
)
_NOT_A_TOWN = words(
    "Euro Menschen Kinder Kindern Personen Alleinerziehende Alleinerziehenden "
    "Familien Haushalte Einwohner "
    "Einwohnerinnen Einwohnern Besucher Mitglieder Mitgliedern Mütter Väter Eltern "
    "Frauen Männer Teilnehmer "
    "Teilnehmende Berliner Berlinerinnen Uhr Stück Exemplare Plätze Anrufe "
    "Beratungen Quadratmeter Kilometer"
)
_FIRST = words(
    "Bad Sankt St. Markt Neu Groß Klein Königs Hann. Hansestadt Lutherstadt Hohen "
    "Alt Ober Nieder Burg Kloster Schloß Deutsch Nord Süd Castrop Ludwigs Mülheim "
    "Frankfurt"
)
_LINK = re.compile(
    r"^(?:\s(?:am|an der|an|im|in der|in|bei|ob der|ob|vor der|vorm|auf dem|auf den|auf|unter|"
    r"a\.\s?d\.|a\.|i\.\s?d\.|i\.|b\.|v\.\s?d\.|v\.)\s?(?:kalten\s)?[A-ZÄÖÜ][\wäöüß.-]+){1,2}|"
    r"^\s?/\s?[A-ZÄÖÜ][a-zäöüß.-]+|"
    r"^\s\((?:Oder|Saale|Spree|Havel|Main|Westf\.?|Ruhr|Holst(?:ein|\.)|Oldb?\.?|Oldenburg|Wümme"
    r"|Sieg|Allgäu|"
    r"Eder|Lahn|Harz|Elbe|Aller|Odenwald|Taunus|Hessen|Sachsen|Weser|Anhalt|Mark|Pfalz|Hunsrück"
    r"|Eifel|"
    r"Dithmarschen|Westerwald|Ohm|Leine|Luhe|Ems|Altmark|Unstrut|Werra|Elster|Neckar|Wendland"
    r"|Dosse|"
    r"Wied|Felda|Wohra|Niederrhein|Our|Kloster|Fulda|Efze|Rhön|Rhein|Donau|Mosel|Thüringen"
    r"|Vogtland|"
    r"Erzgebirge|Lausitz|Nordsee|Ostsee|Schwalm|Rheinland|Sauerland|Bergstraße|Steigerwald|Schlei|"
    r"Stör|Lüneburger Heide|Heide|Kreis \w+|Ilmenau|Schwarzwald|"
    r"Baden|Württ(?:emberg|\.)|Oberlausitz|Oberpfalz)\)"
)
_QUARTER = re.compile(
    r"^\s?(?:\(|-\s?|–\s?|\s|,\s(?:OT\s|Ortsteil\s)?|/\s?)\s?(?:OT\s|Ortsteil\s|"
    r"Stadtteil\s|"
    r"Bezirk\s)?(?P<name>[A-ZÄÖÜ][a-zäöüß]+(?:[\s-][A-ZÄÖÜ][a-zäöüß]+){0,2})\)?"
)
_TOKEN = re.compile(r"[A-ZÄÖÜ][\wäöüß.'-]*")
_SECOND = re.compile(r"\s([A-ZÄÖÜ][\wäöüß-]+)")
_LAST = re.compile(r"\s([A-ZÄÖÜ][a-zäöüß-]+)(?=$|[,)]|\s*$)")


class Town(NamedTuple):
    """Postcode and town as they stand in a text; `quarter` is a part of the town stated with it."""

    postcode: str
    city: str
    quarter: str | None
    start: int
    end: int


@lru_cache(maxsize=4_096)  # the address asks, and so does the description
def find_towns(text: str) -> tuple[Town, ...]:
    """Postcodes with their towns."""
    if not _FIVE_DIGITS.search(text):
        return ()
    towns = []
    for match in _POSTCODE.finditer(text):
        parsed = parse_city(match["rest"], match["postcode"])
        if parsed:
            city, quarter, used = parsed
            end = match.start("rest") + used
            city = city.title() if city.isupper() else city
            towns.append(Town(match["postcode"], city, quarter, match.start(), end))
    return tuple(towns)


def parse_city(text: str, postcode: str | None = None) -> tuple[str, str | None, int] | None:
    """Town, the part of it that is named with it, and how many characters name the town."""
    token = _TOKEN.match(text)
    if token is None or token[0] in _STOP or token[0] in _NOT_A_TOWN:
        return None
    city = token[0].rstrip(".,'-") if token[0] not in _FIRST else token[0]
    end = len(city)
    gazetteer = load_gazetteer()
    second = _SECOND.match(text, end) if token[0] in _FIRST else None
    if second and second[1] not in _STOP:
        end = second.end()
        city = text[:end]
    if link := _LINK.match(text[end:]):
        end += link.end()
        city = text[:end].strip()
    head, dash, tail = city.partition("-")
    split = dash and gazetteer.knows_town(head) and not gazetteer.knows_town(city)
    if split and (postcode is None or gazetteer.has(postcode, head)):
        quarter = _QUARTER.match(text[len(head) :]) if head == "Berlin" else None
        if quarter and gazetteer.district(quarter["name"]):
            return head, quarter["name"], len(head) + quarter.end()
        return head, tail or None, end
    if gazetteer.knows_town(city):
        quarter = _QUARTER.match(text[end:])
        name = _quarter(quarter["name"], in_brackets="(" in quarter[0]) if quarter else None
        if quarter and name and _is_quarter(city, name, quarter[0]):
            return city, name, end + quarter.end()
        return city, None, end
    second = _LAST.match(text, end)
    if second and second[1] not in _STOP and second[1] not in _NOT_A_TOWN and city not in _STOP:
        end = second.end()
        city = text[:end]
    return (city, None, end) if len(city) > 2 else None


def _quarter(name: str, *, in_brackets: bool) -> str | None:
    kept: list[str] = []
    for word in re.split(r"\s", name):
        if word in _STOP or (kept and not in_brackets and word in _NOT_A_TOWN):
            break
        kept.append(word)
    return " ".join(kept) or None


def _is_quarter(city: str, name: str, written: str) -> bool:
    if city == "Berlin":
        return load_gazetteer().district(name) is not None
    return written.startswith((" (", "(", "-", "–", ", OT", ", Ortsteil", " OT"))
