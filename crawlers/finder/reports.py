"""Reports: what somebody in office did, what the press may ask, what was celebrated. No offers.

An offer that has come to its end stays one: who looks for it is told so (`tells_end`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_

from crawlers.finder.affairs import VACANCY
from crawlers.finder.flow import Line
from crawlers.finder.stemmed import Stemmed

_POLITICS = Stemmed(
    "minister|senator|bürgermeister|stadtr|abgeordnete|landr|staatssekret|fraktion|bundestag"
    "|landtag|dezernent",
    r"minister(?:in|präsident)?\b|senator(?<!für senator)(?:in)?\b|bürgermeister"
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
    r"|bewilligte?|beschlie(?:ß|ss)t|beschloss|genehmigte?|verabschiedete?|fordert"
    r"|lobte?|würdigte?|gratulierte?|informierte? sich|macht sich ein bild)\b",
    re.IGNORECASE,
)
_INVITES = re.compile(r"anmeldung|eintritt|eingeladen|\bladen\b|sprechstunde", re.IGNORECASE)
_REVIEW = Stemmed(
    "danke|dank an|dank geht|herzlichen dank|war |waren |voller erfolg|kamen |fand |fanden |blicken"
    "|feierten|besuchten|gefeiert|teilgenommen|rückblick|stattgefunden|haben |hinter uns",
    r"danke(?:n|schön)? (?:an|für)\b|dank (?:an|geht)\b|herzlichen dank"
    r"|war(?:en)? (?:am|beim|bei|im|in|dabei|ein (?:voller|toller|großer|schöner)|gut besucht"
    r"|sehr)\b"
    r"|voller erfolg|war(?:en)? (?:restlos )?ausverkauft"
    r"|kamen (?:\w+ ){0,4}(?:gäste|besucher|familien|eltern|menschen)"
    r"|fand(?:en)? (?:[\w.]+ ){0,6}statt\b|blicken (?:\w+ ){0,5}zurück|feierten|besuchten"
    r"|haben (?:\w+ ){0,8}(?:gefeiert|besucht|teilgenommen)|rückblick"
    r"|hat (?:\w+ ){0,8}stattgefunden|liegt hinter uns",
)
_OFFER = (
    r"(?:\w*(?:angebot|kurs|projekt|treff(?:en|punkt)?|gruppe|beratung|sprechstunde|reihe|förderung"
    r"|maßnahme|caf[eé]|programm|börse|freizeit|veranstaltung|frühstück|stammtisch)[es]{0,2})"
)
_ANY = r"(?:\d[\d.]*|[^\s.!?;,]+)"  # a word, or a date with its dots
_END = r"(?:beendet|eingestellt|ausgelaufen|eingestellt worden|beendet worden)"
_ENDED = Stemmed(
    "beendet|eingestellt|ausgelaufen|nicht mehr|abgeschlossen|aufgelöst",
    rf"\b{_OFFER} (?:{_ANY} ){{0,4}}?(?:ist|sind|wurden?)"
    rf"(?: (?!nicht\b|noch\b|wird\b|kann\b){_ANY}){{0,5}} {_END}\b"
    rf"|\b(?:ist|sind|wurden?)(?: (?!nicht\b|noch\b){_ANY}){{0,3}} {_END}\b"
    rf"(?=\s*[.!;,)]|$| und\b)|\b{_OFFER} (?:leider )?{_END}\b"
    r"|(?m:^)(?:kurs|veranstaltung|anmeldung) abgeschlossen\W*(?m:$)"  # as systems of courses say
    rf"|\b{_OFFER} (?:hat sich|wurde)(?: {_ANY}){{0,4}} aufgelöst\b"
    r"|\bnicht mehr (?:statt\b|angeboten\b)|\bgibt es (?:leider |seit \S+ )?nicht mehr\b",
)
_GOES_ON = Stemmed(
    "sondern|stattdessen|jetzt|künftig|nächste|neue|start|beginn|anmeld",
    r"\bsondern\b|stattdessen|\bjetzt (?:im|in|am|bei|immer)\b|künftig"
    rf"|\bnächste[rns]? (?:{_OFFER}|start|termin|durchgang)"
    rf"|\bneuer? (?:{_OFFER}|ort|zeit|durchgang)"
    r"|(?:neu)?start(?:et)? (?:am|ab|im)\b|\bbeginnt\b|anmeldung ist\b|anmeldefrist|wieder ab\b",
)
_TO_COME = Stemmed(
    "anmeld|lad|sprechstunde|regelmäßig|wöchentlich|nächste|jede|sofort|findet|immer",
    r"anmeldung|anmelden|eingeladen|\bladen\b|sprechstunde|regelmäßig|wöchentlich|nächste[rns]?\b"
    r"|jede[nrs]? (?:\d|\w+tag|mittwoch|woche|monat)|ab sofort|findet\b(?! (?:\w+ ){0,3}nicht mehr)"
    r"|immer (?:am\b|\w+tags|mittwochs)",
)
_PRESS = Stemmed("presse", "pressekontakt|pressemitteilung|vor der presse|pressevertreter")
_NEWS = (_POLITICS, _PRESS, _REVIEW, VACANCY)
_NEWSY = reduce(or_, (pattern.bit for pattern in _NEWS))


_NEWS_PAGE = re.compile(
    r"(?:aktuelles|aktuelle (?:meldungen|nachrichten)|neues|news|neuigkeiten"
    r"|(?:neueste )?nachrichten|(?:presse|medien)?(?:meldungen|mitteilungen)"
    r"|pressemitteilung|blog|presse)"
    r"(?: (?:aus|von|vom|im|in|des|der)\b.{0,60})?",
    re.IGNORECASE,
)


def names_news(title: str) -> bool:
    """True for the headline of a page of news: "Aktuelles", "Neues aus dem Netzwerk"."""
    return _NEWS_PAGE.fullmatch(title.strip(" .:!")) is not None


def is_news(text: str) -> bool:
    """True for a report of what somebody in office did, in the past tense."""
    return _POLITICS.found(text.lower()) and bool(_REPORT.search(text))


def is_review(text: str) -> bool:
    """True for a report of what is over and invites nobody: thanks for a feast, a look back."""
    low = text.lower()
    return _REVIEW.found(low) and not _TO_COME.found(low)


def tells_end(text: str) -> bool:
    """True for a text that says that what it is about exists no more.

    A course that goes on elsewhere, on another day or with its next edition has not ended.

    >>> tells_end("Der Kurs ist beendet und wird nicht fortgesetzt.")
    True
    >>> tells_end("Der Kurs ist beendet, der nächste Kurs startet am 3. März.")
    False
    """
    low = text.lower()
    return _ENDED.found(low) and not _GOES_ON.found(low)


def ends(lines: Iterable[Line]) -> bool:
    """True for lines of which one tells that what they are about exists no more."""
    told = list(lines)
    return any(line.hints & _ENDED.bit for line in told) and tells_end(
        " ".join(line.text for line in told)
    )


def is_newsy(lines: Iterable[Line]) -> bool:
    """True where a page names somebody in office, the press, a vacancy or a feast that was.

    Where it does not, none of its parts needs a closer look.
    """
    return any(
        line.hints & pattern.bit and pattern.found(line.text.lower())
        for line in lines
        if line.hints & _NEWSY
        for pattern in _NEWS
    )


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
