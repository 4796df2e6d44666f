"""What of a page's lines tells of offers, and what of whoever runs the site."""

from __future__ import annotations

from collections.abc import Sequence

from crawlers.finder import evidence
from crawlers.finder.evidence import Sign
from crawlers.finder.flow import Flow, Line
from crawlers.finder.words import is_foreign
from crawlers.keys import slug

_NAME = 120  # characters of the longest name of a site's owner


def without_card(flow: Flow, lines: Sequence[Line], title: str) -> list[Line]:
    """Lines without what holds for the site: its owner's address, its newsletter."""
    owners = flow.names - {slug(title)}
    kept: list[Line] = []
    above = skipped = 0
    for number, line in enumerate(lines):
        if line.rank:
            above, skipped = number, 0 if line.rank <= skipped else skipped
        if line.rank and is_foreign(line.text):
            skipped = line.rank
        if not line.rank and len(line.text) <= _NAME and slug(line.text) in owners:
            skipped = 7
            if above == number - 1 and lines[above].rank > 1 and kept:
                skipped = lines[above].rank
        if not skipped:
            kept.append(line)
    return kept


def told_in(lines: Sequence[Line]) -> list[Line]:
    """Lines without those of menus."""
    return [line for line in lines if not line.menu]


def signs_of(lines: list[Line], own: set[str]) -> int:
    """The signs of lines, without those of the site owner's contact in the page's frame."""
    found = Sign.NONE
    for line in lines:
        signs = line.signs
        if own and signs & (Sign.PHONE | Sign.MAIL) and _is_own(line, own):
            signs &= ~(Sign.PHONE | Sign.MAIL)
        found |= signs
    return found


def _is_own(line: Line, own: set[str]) -> bool:
    contacts = [number for text in (line.text, *line.tels) for number in evidence.phones(text)]
    contacts += [mail.lower() for mail in line.mails]
    return bool(contacts) and all(contact in own for contact in contacts)
