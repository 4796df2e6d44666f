"""Where a site's owner sits and how it is reached, as the imprint or the page "Kontakt" says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from crawlers.finder import chrome
from crawlers.finder.evidence import Sign, signs
from crawlers.finder.flow import Flow, Line
from crawlers.finder.imprint import below_bodies, is_body
from crawlers.finder.owner import Owner, seats_of
from crawlers.record import Passage, Role

_LINES = 80  # of a page "Kontakt"; whoever has more of them lists a team
_BELOW = 8  # lines below an address in which telephone and mail of the house stand
_LONG = 200  # characters of a line that says no more than how somebody is reached
_ABOVE = 3  # lines above an address that say whose it is
# Whoever speaks for a body may have it at home, and be reached there.
_CARE_OF = re.compile(r"\bc\s?/\s?o\b|\b(?:vertret|vorstand|vorsitz|inhaber)", re.IGNORECASE)
_POSTCODE = re.compile(r"\b\d{5}\s")
_NAME = re.compile(
    r"(?:(?:Frau|Herrn?|Dr\.|Dipl\.-\w+\.?)\s)*[A-ZÄÖÜ][a-zäöüß-]+(?:\s[A-ZÄÖÜ][\w.-]*)?"
    r"\s[A-ZÄÖÜ][a-zäöüßA-ZÄÖÜ-]+(?:\s\(.*\))?"
)
# "Am Wall 3, 12345 Nord. Vorstand: …": what follows an address in its line.
_SENTENCE = re.compile(r"(?<=[a-zäöüß]{4})\.\s(?=[A-ZÄÖÜ])")
# Below the address, who speaks for the body stands between it and its telephone.
_PERSON = re.compile(
    r"\b(?:frau|herrn?|ansprechpartner\w*|leit(?:ung|er|erin)|mobil\w*|handy)\b", re.IGNORECASE
)


def find_seat(flow: Flow, url: str, title: str) -> Iterator[Passage]:
    """What an imprint or a page "Kontakt" says of where its owner sits and how it is reached.

    An address (`Role.SEAT`) is street, number, postcode and town on one line, as in a frame. Ways
    (`Role.DESK`) are those right below the only address, up to the first person or other body.
    """
    lines = _lines(flow, url, title)
    if not lines:
        return
    at = next((n for n, line in enumerate(lines) if signs(line.text) & Sign.PLACE), None)
    if at is None or any(_is_home(line) for line in lines[max(0, at - _ABOVE) : at + 1]):
        return
    seats = list(_seats(lines))
    for seat in seats:
        yield Passage(Role.SEAT, seat.name, flow.path(seat.element))
    if len({seat.name for seat in seats}) != 1:
        return
    near = takewhile(lambda line: not _PERSON.search(line.text), lines[at : at + 1 + _BELOW])
    for line in near:
        reached = signs(line.text) & (Sign.PHONE | Sign.MAIL) and len(line.text) <= _LONG
        if reached and not _CARE_OF.search(line.text):
            yield Passage(Role.DESK, line.text, flow.path(line.element))


def _is_home(line: Line) -> bool:
    """Whether a line says that the address below or in it may be a person's, as of small clubs."""
    before = _POSTCODE.split(line.text, maxsplit=1)[0]
    if _CARE_OF.search(before):
        return True
    return not line.rank and _NAME.fullmatch(before) is not None and not is_body(before)


def _lines(flow: Flow, url: str, title: str) -> Sequence[Line]:
    if chrome.is_contact_page(url, title):
        return [line for line in flow.lines if not line.menu][:_LINES]
    return below_bodies(flow, url, title)


def _seats(lines: Sequence[Line]) -> Iterator[Owner]:
    """The addresses of some lines, each on one or two of them."""
    above = ""
    for line in lines:
        text = _SENTENCE.sub("\n", line.text)
        yield from seats_of(f"{above}\n{text}", line.element)
        above = text.rpartition("\n")[2]
