"""Pages that tell of the network itself: who founded, carries and runs it."""

from __future__ import annotations

import re

from crawlers.finder import chrome
from crawlers.finder.flow import Flow
from crawlers.finder.stemmed import Stemmed
from crawlers.finder.words import is_trailer
from crawlers.record import Passage, Record, RecordKind, Role, Trust

_NETWORK = re.compile(
    r"\bnetzwerk|koordinierungsstelle|netzwerkkoordination|\b\w{4,30}netz\b|\bkoordinationsstelle",
    re.IGNORECASE,
)
_FACTS = (
    re.compile(
        r"gegründet|geründet|\bgründung|besteht seit|seit \d{4} (?:besteht|gibt es)"
        r"|ins leben gerufen|konstituiert"
        r"|(?:stelle|koordination|koordinierung)\b.{0,160}\beingerichtet"
        r"|die arbeit aufgenommen|gestartet",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bträger(?:schaft)?\b|\bträger(?:n|s|verein)\b|angesiedelt bei"
        r"|\bgetragen\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:kooperations|netzwerk)?partner(?:\*|:|_)?(?:innen)?\b|\bmitglieder\b"
        r"|\bbeteiligt\b|zusammenschluss"
        r"|akteur(?:\*|:|_)?innen|\bakteure\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"arbeitsgruppen?\b|\bag\b(?! II)|\barbeitsgemeinschaft|steuerungs(?:gruppe|gremium"
        r"|runde)|arbeitskreis|teilprojekt|fachforum|netzwerktreffen",
        re.IGNORECASE,
    ),
    re.compile(
        r"projekt endet|endete?n? (?:am|mit|im|\d)|projektende|laufzeit|gefördert (?:von|durch|aus)"
        r"|förderung durch",
        re.IGNORECASE,
    ),
    re.compile(
        r"handlungsfeld|handlungsempfehlung|themenfeld|dienstleistungskette"
        r"|lotsenfunktion|verzahnung|vernetzungsstelle",
        re.IGNORECASE,
    ),
)
_SELF = re.compile(
    r"(?:unser|das|dieses|des|im|berliner|bezirklichen?|\b\w{1,30}er) netzwerks?\b"
    r"|die koordinierungsstelle|netzwerkkoordination"
    r"|(?:^|\s)netzwerk (?:für )?(?:allein|ein)|koordinierungsstelle",
    re.IGNORECASE,
)
# A page by such a name tells of whoever runs the site, in however few words.
_US = (
    r"(?:wir )?über uns|wir(?: stellen uns vor)?|wer wir sind|das sind wir|unsere geschichte"
    r"|(?:die |unsere )?geschichte (?:des|der|von|vom) [\w -]{3,40}"
)
_OURSELVES = re.compile(_US, re.IGNORECASE)
_ABOUT_US = re.compile(
    rf"{_US}"
    r"|(?:(?:über |unser\w* |das |dies |dieses |die |den |der |wir sind )+)?"
    r"(?:netzwerk|netz|bündnis|verbund|arbeitskreis|projekt|koordinierungsstelle"
    r"|koordinationsstelle|netzwerkkoordination|\w{4,30}[- ]?netz(?:werk)?)"
    r"(?: (?:für |der )?(?:allein|ein-?eltern|getrennt)[\w-]*(?: [\w()-]+){0,4}"
    r"| [„\"»].{2,60}[“”\"«])?"
    r"|(?:unsere |die |der |zur )?(?:geschichte|entstehung|hintergr(?:und|ünde)|chronik|träger"
    r"|(?:netzwerk)?partner)(?: (?:und|&) (?:geschichte|entstehung|träger|partner))?"
    r"(?: (?:des|der|von|vom) [\w-]{3,30})?",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:das|des|dem|den|der|die|unser\w{0,2}|dieses|im|vom|zum|beim|ein|als)\s(?:[\w-]+\s){0,2}"
    r"(?:[\w-]*(?:netzwerk(?:e?s)?|netz(?:es)?|bündnis(?:ses)?|verbund(?:e?s)?|arbeitskreis(?:es)?)"
    r"|koordini?(?:erungs|ations)stelle)\b",
    re.IGNORECASE,
)
_TOLD = (
    re.compile(
        r"\bge?gründe(?:t|te)|\bgründ(?:ete|ung)|ins leben|zusammengeschlossen|zusammenschluss"
        r"|arbeit auf|gestartet|startete|entstand|hervorgegangen"
        r"|sich\b.{0,200}\bzusammen\b|seit (?:[\w.]+ ){0,2}(?:19|20)\d\d\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:projekt|rechts)?träger\b|trägerschaft|trägerverein|federführ|angesiedelt|getragen",
        re.IGNORECASE,
    ),
    re.compile(
        r"partner(?:n|innen|[*:_]innen)?\b|\bmitglieder\b|\bbeteiligt|\bdabei sind|akteur|mitmach"
        r"|\b(?:gehören|zählen)\b|\barbeiten\b.{0,200}\b(?:zusammen|mit)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"arbeitsgruppe|\bAG [A-ZÄÖÜ]|handlungsfeld|schwerpunkte|themen(?:feld|\b)|teilprojekt",
        re.IGNORECASE,
    ),
    re.compile(r"\bendete?\b|befristet|laufzeit|gefördert|programm", re.IGNORECASE),
)
"""What a page that is called "Über uns" tells, each kind in its plainest words."""
_SUBJECT = Stemmed(_NAMES := "netz|koordin|bündnis|verbund|arbeitskreis", _NAMES)
"""What all that runs such a site calls itself, in lower case: nothing else needs a closer look."""
_LIMIT = 30_000  # characters read; facts of a network come first
_ENOUGH = 350  # characters; less is a teaser
_SENTENCES = 80  # characters in which a page about its owner can state two facts


def tells_of_network(title: str, text: str) -> bool:
    """True where a text states at least three kinds of facts about a network or its office.

    The kinds: founding, carrier, partners, working groups, duration, fields of action. A text that
    speaks of networks in general (a handbook) has a "we" or "the network" but hardly any of them.
    A page that is called "Über uns" or the like needs only two, and few words.
    """
    text = text[:_LIMIT]
    if not _SUBJECT.found(f"{title}\n{text}".lower()):
        return False
    name = title.strip(" .:!")
    if len(text) >= _SENTENCES and _ABOUT_US.fullmatch(name) and _OURS.search(f"{name}\n{text}"):
        return sum(bool(told.search(text)) for told in _TOLD) >= 2
    if len(text) < _ENOUGH or not _NETWORK.search(title + "\n" + text):
        return False
    facts = sum(bool(fact.search(text)) for fact in _FACTS)
    if facts < 2 or (facts == 2 and not _NETWORK.search(title)):
        return False
    return len(_SELF.findall(text)) >= (1 if facts > 2 else 2)


def names_owner(heading: str) -> bool:
    """True for the headline of what a site tells of whoever runs it: "Über uns"."""
    return _OURSELVES.fullmatch(heading.strip(" .:!")) is not None


def mentions_network(flow: Flow, title: str) -> bool:
    """True where a page names a network or its office at all: no other can tell of one."""
    return bool(flow.hints & _SUBJECT.bit) or _SUBJECT.found(title.lower())


def find_network(flow: Flow, url: str, title: str, extractor: str) -> Record | None:
    """The page as a record of the network: its title and every line of its main text."""
    if not mentions_network(flow, title) or chrome.is_legal(url, title):
        return None
    lines = [line for line in flow.lines if not line.menu and not is_trailer(line.text)]
    # What a network says of itself is prose and lists; a list of offers below it adds nothing.
    prose = "\n".join(line.text for line in lines)
    if not tells_of_network(title, prose):
        return None
    name = title or lines[0].text[:200]
    headed = next((flow.path(line.element) for line in lines if line.text == name), "")
    passages = [Passage(Role.TITLE, name, headed)]
    for line in lines:
        where = flow.path(line.element)
        role = Role.SECTION if line.rank and line.text != name else Role.TEXT
        if line.text != name:
            passages.append(Passage(role, line.text, where))
        passages += [Passage(Role.PHONE, tel, where) for tel in line.tels]
        passages += [Passage(Role.EMAIL, mail, where) for mail in line.mails]
    return Record(
        url.partition("#")[0] + "#netzwerk",
        url,
        tuple(passages),
        extractor,
        Trust.PAGE,
        RecordKind.NETWORK,
    )
