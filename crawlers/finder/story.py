"""Pages that tell of the network itself: who founded, carries and runs it."""

from __future__ import annotations

import re

from crawlers.finder import chrome
from crawlers.finder.flow import Flow
from crawlers.finder.words import is_trailer
from crawlers.record import Passage, Record, RecordKind, Role, Trust

_NETWORK = re.compile(
    r"\bnetzwerk|koordinierungsstelle|netzwerkkoordination|\b\w{4,30}netz\b|\bkoordinationsstelle",
    re.IGNORECASE,
)
_FACTS = (
    re.compile(
        r"gegründet|geründet|\bgründung|besteht seit|seit \d{4} (?:besteht|gibt es)|ins leben gerufen|konstituiert"
        r"|(?:stelle|koordination|koordinierung)\b.{0,160}\beingerichtet|die arbeit aufgenommen|gestartet", re.IGNORECASE,
    ),
    re.compile(r"\bträger(?:schaft)?\b|\bträger(?:n|s|verein)\b|angesiedelt bei|\bgetragen (?:von|durch)", re.IGNORECASE),
    re.compile(
        r"\b(?:kooperations|netzwerk)?partner(?:\*|:|_)?(?:innen)?\b|\bmitglieder\b|\bbeteiligt\b|zusammenschluss"
        r"|akteur(?:\*|:|_)?innen|\bakteure\b", re.IGNORECASE,
    ),
    re.compile(
        r"arbeitsgruppen?\b|\bag\b(?! II)|\barbeitsgemeinschaft|steuerungs(?:gruppe|gremium|runde)|arbeitskreis|teilprojekt|fachforum|netzwerktreffen",
        re.IGNORECASE,
    ),
    re.compile(r"projekt endet|projektende|laufzeit|gefördert (?:von|durch|aus)|förderung durch|endete? am", re.IGNORECASE),
    re.compile(r"handlungsfeld|handlungsempfehlung|themenfeld|dienstleistungskette|lotsenfunktion|verzahnung|vernetzungsstelle", re.IGNORECASE),
)  # fmt: skip
_SELF = re.compile(
    r"(?:unser|das|dieses|des|im|berliner|bezirklichen?|\b\w{1,30}er) netzwerks?\b|die koordinierungsstelle|netzwerkkoordination"
    r"|(?:^|\s)netzwerk (?:für )?(?:allein|ein)|koordinierungsstelle", re.IGNORECASE,
)  # fmt: skip
_LIMIT = 30_000  # characters read; facts of a network come first
_ENOUGH = 350  # characters; less is a teaser


def tells_of_network(title: str, text: str) -> bool:
    """True where a text states at least three kinds of facts about a network or its office.

    The kinds: founding, carrier, partners, working groups, duration, fields of action. A text that
    speaks of networks in general (a handbook) has a "we" or "the network" but hardly any of them.
    """
    text = text[:_LIMIT]
    if len(text) < _ENOUGH or not _NETWORK.search(title + "\n" + text):
        return False
    facts = sum(bool(fact.search(text)) for fact in _FACTS)
    mentions = len(_SELF.findall(text))
    headed = bool(_NETWORK.search(title))
    return mentions >= 1 and (facts >= 3 or (facts >= 2 and headed and mentions >= 2))


def find_network(flow: Flow, url: str, title: str, extractor: str) -> Record | None:
    """The page as a record of the network: its title and every line of its main text."""
    if chrome.is_legal(url, title):
        return None
    lines = [line for line in flow.lines if not line.menu and not is_trailer(line.text)]
    # What a network says of itself is prose and lists; a list of offers below it adds nothing.
    prose = "\n".join(line.text for line in lines)
    if not tells_of_network(title, prose):
        return None
    name = title or lines[0].text[:200]
    passages = [Passage(Role.TITLE, name)]
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
