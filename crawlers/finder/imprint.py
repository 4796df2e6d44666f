"""Whose site it is, as its imprint says: by law (§ 5 DDG) it names the body behind it in full."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawlers.finder import chrome
from crawlers.finder.bodies import names_body, names_house
from crawlers.finder.evidence import Sign, signs
from crawlers.finder.flow import Flow, Line
from crawlers.finder.owner import Owner, names_kind

_BODIES = 4
_LINES = 60  # of an imprint; what the law does not ask for comes behind
_BELOW = 3  # lines below a name in which its address stands
# What heads the name of the body, on a line above it or on its own.
_OWNER = re.compile(
    r"(?:angaben\s(?:gem(?:äß|\.)|nach|zu[mr])\s[^:]{0,60}?(?:\b(?:tmg|ddg|tdg)\b|gesetz(?:es)?\b)"
    r"|(?:dienste?[- ]?)?anbieter(?:in|kenn(?:zeichn)?ung)?\b"
    r"|(?:web(?:site|seiten)?-?|seiten-?)?(?:herausgeber|betreiber)(?:in)?\b"
    r"|(?:rechts)?träger(?:in|verein|schaft)?\b|(?:inhaltlich\s)?verantwortlich\w*(?:\sstelle)?\b"
    r"|impressum\b|imprint\b)\W*",
    re.IGNORECASE,
)
# What may stand between: "Verantwortlich für den Inhalt nach § 18 MStV:", "Herausgeber ist die".
_FURTHER = re.compile(
    r"(?:[a-zäöü(§&][^:]{0,100}:|[^:,.]{0,60}?\b(?:ist|sind)\b)\s*(?:(?:der|die|das)\s)?"
)
# Whoever else an imprint names, and what it says of the body beside its name and address.
_OTHERS = re.compile(
    r"\b(?:web-?\s?(?:design|agentur|entwick|master)|\w*design\b|\w*gestalt|layout|umsetz|umgesetz"
    r"|realis|programm|techni|konzept|erstell|host(?:ing|er|ed)?\b|provider|server|software|cms\b"
    r"|powered|\w*foto(?:s|graf\w*|nachweis\w*)?\b|bild(?:er|nachweis\w*|recht\w*|quelle\w*|material)?\b"
    r"|grafik|illustration|redaktion|\w*aufsicht|\w*behörde|zuständig|\w*kammer\b|\w*register|eingetragen"
    r"|registr|\w*gericht\b|finanzamt|\w*steuer|ust\b|\w*bank\b|\w*sparkasse|\w*konto\b|spende"
    r"|\w*versicher|\w*streit|schlicht|\w*verarbeit|verbraucher|haftung|urheber|copyright|datenschutz"
    r"|\w*förder(?!verein|kreis)|unterstütz|mitglied|\w*partner\b|quelle|lizenz|links?\b|vertret|vorstand"
    r"|vorsitz|geschäftsführ)",
    re.IGNORECASE,
)
# Of these, what the body says of itself between its address and its telephone.
_REPRESENTED = re.compile(
    r"vertret|vorstand|vorsitz|geschäftsführ|register|gericht|eingetragen|\bust\b", re.IGNORECASE
)
_LEVEL = r"(?:Kreis|Orts|Landes|Bezirks|Regional|Stadt|Diözesan)(?:verband|verein|gruppe)\b"
# What stands behind a name on its line: "Hafenlicht e.V., Am Wall 3".
_END = re.compile(
    rf"\s*(?:,(?!\s{_LEVEL})|[|;·•:]|\s[–-]\s(?=[A-ZÄÖÜ][\w.-]*\s\d)|\s(?=\d)"
    r"|\s(?:vertreten|ist|sind|wird)\b|(?<=[a-zäöüß]{5})\.\s"
    r"|(?<=V\.)\.?\s(?=[A-ZÄÖÜ][a-zäöü]+\s[a-zäöü]))"
)
# "Der Kinderschutzbund", and below it "Ortsverband Nord e.V."
_CHAPTER = re.compile(rf"{_LEVEL}[^,|;·•:\d]{{1,60}}")


def bodies_of(flow: Flow, url: str, title: str) -> list[Owner]:
    """The bodies that the imprint on a page names as those behind the site, in its order.

    Their names stand below a label ("Angaben gemäß § 5 DDG", "Herausgeber:"), or at its beginning
    with a legal form or an address. Whoever built, hosts, pictured or supervises the site is none
    of them, and no person is.
    """
    lines = _imprint(flow, url, title)
    return list(dict.fromkeys(body for body, _ in _bodies(lines)))[:_BODIES]


def below_bodies(flow: Flow, url: str, title: str) -> list[Line]:
    """The lines of an imprint that tell of the first body behind the site: from its name on.

    They end where another is named: who answers for the content, supervises or built the site.
    """
    lines = _imprint(flow, url, title)
    first = next((number for _, number in _bodies(lines)), len(lines))
    told = lines[first : first + 1]
    for line in lines[first + 1 :]:
        another = _OWNER.match(line.text) or _OTHERS.search(line.text)
        if another and not _REPRESENTED.search(line.text):
            break
        told.append(line)
    return told


def is_body(name: str) -> bool:
    """True for the name of a body or a house, which an imprint or a start page gives its owner."""
    return names_body(name) or names_kind(name) or names_house(name)


def _imprint(flow: Flow, url: str, title: str) -> list[Line]:
    """The lines of an imprint that may name who is behind the site; none on other pages."""
    lines = [line for line in flow.lines if not line.menu]
    if not chrome.is_imprint(url, title):
        heads = (n for n, line in enumerate(lines) if line.rank and chrome.names_imprint(line.text))
        lines = lines[next(heads, len(lines)) :]
    return lines[:_LINES]


def _bodies(lines: Sequence[Line]) -> Iterator[tuple[Owner, int]]:
    """Names of bodies, each with the number of its line."""
    owners, labelled = True, False
    for number, line in enumerate(lines):
        text = line.text
        if label := _OWNER.match(text):
            owners = labelled = True
            further = _FURTHER.match(text, label.end())
            text = text[(further or label).end() :]
        name = _END.split(text, maxsplit=1)[0].strip()
        if _OTHERS.search(line.text.removesuffix(text)) or _OTHERS.search(name):
            owners = labelled = False
        elif owners and is_body(name) and not _CHAPTER.match(name):
            below = lines[number + 1 : number + 1 + _BELOW]
            if labelled or _is_addressed(line, below) or names_body(name):
                yield Owner(_whole(name, below), line.element), number


def _is_addressed(line: Line, below: Sequence[Line]) -> bool:
    return any(signs(one.text) & Sign.PLACE for one in (line, *below))


def _whole(name: str, below: Sequence[Line]) -> str:
    """A name with the line below it that says which chapter of the association it is."""
    chapter = _CHAPTER.match(below[0].text) if below else None
    return f"{name} {chapter[0].strip()}" if chapter else name
