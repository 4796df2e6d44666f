"""What stands beside the text of a page that is about one offer: its contact, times and place.

Sidebars hold menus, news and the site owner's address, too. A box of one tells of the offer where
its heading names a field of a record ("Kontakt", "Wann?"), or most of its lines do, or where it is
an office's whole address with how to reach it; whatever the site says on its other pages, too,
`crawlers.boilerplate` takes away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from crawlers.finder import evidence
from crawlers.finder.evidence import CONTACT, HINTS, Sign
from crawlers.finder.flow import Flow, Line
from crawlers.finder.offices import wanted
from crawlers.finder.words import is_foreign, is_label, starts_with_label
from crawlers.keys import slug

_SUMMARY = re.compile(
    r"(?:alles )?(?:auf einen blick|(?:das )?wichtigste?s?(?: in kürze)?|in kürze"
    r"|kurz (?:und|&) knapp|kurz ?infos?|fakten|eckdaten|steckbrief|gut zu wissen|alle infos)",
    re.IGNORECASE,
)
_LONG = 700  # characters of a box; what is longer is a text of its own
_NAME = 120  # characters of the longest name of a site's owner
_REACH = Sign.PHONE | Sign.MAIL
_TERMS = Sign.COST | Sign.REGISTER


class Margin(NamedTuple):
    """The lines beside a text: those that say what it lacks, and others that may tell of it."""

    lacked: Sequence[Line]
    others: Sequence[Line]


def margin_of(flow: Flow, title: str, found: int) -> Margin:
    """What stands beside the text of a page; `found` are the signs that the text has.

    `title` is the page's: what is called so is no other's name.
    """
    names = {*flow.names, *([slug(flow.owner.name)] if flow.owner else [])} - {slug(title)}
    missing = wanted(found) | (_TERMS & ~found)
    lacked: list[Line] = []
    others: list[Line] = []
    for box in _boxes(flow.margin):
        signs = _signs(box)
        if sum(len(line.text) for line in box) > _LONG:
            continue
        if not _tells(box) or _is_owners(box, names, flow.framed):
            continue
        kept = box if not signs & CONTACT & ~missing else [n for n in box if n.signs & missing]
        if not signs & missing or signs & _REACH & ~missing:
            kept = []  # nothing new, or somebody else's telephone
        lacked += kept
        others += [line for line in box if line not in kept]
        missing &= ~_signs(kept)
    return Margin(lacked, others)


def _boxes(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of a margin, parted by its headings; lower ones below a higher are its part."""
    box: list[Line] = []
    for line in lines:
        if box and line.rank and (not box[0].rank or line.rank <= box[0].rank or _heads(line)):
            yield box
            box = []
        box.append(line)
    if box:
        yield box


def _heads(line: Line) -> bool:
    return 0 < line.rank < 7 and is_label(line.text)


def _tells(box: Sequence[Line]) -> bool:
    """True for a box that is headed by the name of a field, made of fields, or a whole address."""
    if box[0].rank and (is_label(box[0].text) or _SUMMARY.fullmatch(box[0].text.strip(" .:!"))):
        return True
    said = [line for line in box if not line.rank]
    signs = _signs(said)
    if signs & Sign.PLACE and signs & _REACH and not is_foreign(box[0].text):
        return True
    return bool(said) and 2 * sum(starts_with_label(line.text) for line in said) > len(said)


def _is_owners(box: Sequence[Line], others: AbstractSet[str], framed: set[str]) -> bool:
    """True for a box that names the site's owner, or how the page's frame says it is reached."""
    for line in box:
        if len(line.text) <= _NAME and _names(slug(line.text), others):
            return True
        numbers = [digits for text in (line.text, *line.tels) for digits in evidence.phones(text)]
        if framed.intersection([*numbers, *(mail.lower() for mail in line.mails)]):
            return True
    return False


def _names(text: str, others: AbstractSet[str]) -> bool:
    """True for a text that is one of some names or begins with it, all as slugs."""
    return any(f"{text}-".startswith(f"{name}-") for name in others)


def _signs(lines: Sequence[Line]) -> int:
    found = Sign.NONE
    for line in lines:
        found |= line.signs
    return found & ~HINTS
