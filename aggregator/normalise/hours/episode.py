"""Single days on which something happens in an offer that goes on: not its days, nor its end.

"Jeden Mittwoch von 15 bis 17 Uhr. Am 9. Dezember 2026 kommt der Nikolaus."
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aggregator.normalise.hours.segment import Segment
from crawlers.record import Passage, Role

# A sentence that begins with the day and goes on with its verb, as German main clauses do.
_EPISODE = re.compile(
    r"\W*(?:auch |und |schon |erst |nur )?am\s(?:\w+,?\s)?(?:(?:den|dem)\s)?\d{1,2}\.\s?"
    r"(?:\d{1,2}\.|[a-zä]{3,9}\.?)\s?(?:20\d\d)?,?\s(?:(?:um|ab|von|zwischen)\s[^,a-z]{1,9}"
    r"(?:(?:bis|und)\s[^,a-z]{1,9})?(?:uhr)?,?\s)?[a-zäöüß]{2,}(?:t|en|n)\b",
    re.IGNORECASE,
)
_RECURS = re.compile(
    r"\bjede[nrs]?\s(?:\S+\s){0,3}?(?:\w+tag|mittwoch|sonnabend|woche|monat)"
    r"|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|sonnabend|werktag)s\b"
    r"|\b(?:täglich|wöchentlich|monatlich|14-tägig)\b"
    r"|\b(?:mo|di|mi|do|fr|sa|so)\.?\s?(?:[-–]|bis)\s?(?:mo|di|mi|do|fr|sa|so)\b"
    r"|\b(?:erste|zweite|dritte|vierte|letzte)[rn]?\s\w+\sim\smonat\b",
    re.IGNORECASE,
)
# When one reaches who takes those that join, which says nothing of how often it takes place.
_OF_DESK = re.compile(
    r"\b(?:anmeld\w*|büro\w*|sekretariat|telefon\w*|tel\b|info\w*|kontakt|auskunft|rückfragen"
    r"|erreichbar|fragen)\b",
    re.IGNORECASE,
)
_READ = frozenset({Role.TEXT, Role.HOURS})


def without_episodes(segments: list[Segment], passages: Sequence[Passage]) -> list[Segment]:
    """The segments without episodes, where what they are part of was said before."""
    episodes = [one for one in segments if _EPISODE.match(one.text)]
    if not episodes:
        return segments
    begins = next(((n, at) for n, p in enumerate(passages) if (at := _recurrence(p)) >= 0), None)
    if begins is None:
        return segments
    return [one for one in segments if one not in episodes or _place(one, passages) < begins]


def _recurrence(passage: Passage) -> int:
    """Where a passage says that the offer recurs; -1 where it does not."""
    found = _RECURS.search(passage.text) if passage.role in _READ else None
    if found is None:
        return -1
    sentence = passage.text[passage.text.rfind(". ", 0, found.start()) + 1 : found.end() + 40]
    return -1 if _OF_DESK.search(sentence) else found.start()


def _place(segment: Segment, passages: Sequence[Passage]) -> tuple[int, int]:
    """Which passage a segment is part of, and where in it."""
    for number, passage in enumerate(passages):
        if passage.locator == segment.locator and (at := passage.text.find(segment.text)) >= 0:
            return number, at
    return len(passages), 0
